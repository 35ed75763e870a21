//! The plan: what a pipeline file says, checked as a whole.
//!
//! First shape, then meaning: the file is parsed into a tree that keeps its positions; `use`, `plugin`, `optional` and
//! `with` are taken off each stage, the rest is its settings. Every fault is collected; they are told together.

mod check;
mod read;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_export::Target;
use chancery_model::tables::{CustomLayer, Renderer};
use chancery_model::{Annotator, Collector, Source};
use chancery_settings::Faults;

pub use settings::{OnError, RunSettings, Threads};

/// A pipeline that can run.
pub struct Plan {
    /// Its name.
    pub name: String,
    /// The folder of the pipeline file.
    pub base: PathBuf,
    /// How it is to run.
    pub run: RunSettings,
    /// The stages, in order, for people to read.
    pub steps: Vec<Step>,
    /// What was said but cannot be done, and is no fault: optional plugins that are not there.
    pub notices: Vec<String>,
    /// The pipeline as it was resolved, for `run.json`.
    pub resolved: serde_json::Value,
    /// Where documents come from.
    pub(crate) sources: Vec<Box<dyn Source>>,
    /// What annotates them.
    pub(crate) annotators: Vec<Stage>,
    /// What sees them in order.
    pub(crate) collectors: Vec<Box<dyn Collector>>,
    /// Where rows go.
    pub(crate) targets: Vec<Target>,
    /// Layers that plugins add.
    pub(crate) custom: Vec<CustomLayer>,
}

/// An annotator in its place.
pub(crate) struct Stage {
    pub name: String,
    pub annotator: Box<dyn Annotator>,
    /// Whether a call costs so much that whole batches are handed over.
    pub in_batches: bool,
}

/// What kind of stage a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// Gives documents.
    Ingest,
    /// Adds layers.
    Annotate,
    /// Writes datasets.
    Export,
}

impl StepKind {
    /// The section of the pipeline file that it stands in.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            StepKind::Ingest => "ingest",
            StepKind::Annotate => "annotate",
            StepKind::Export => "export",
        }
    }
}

/// A stage of the plan, for people to read.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its kind.
    pub kind: StepKind,
    /// What the pipeline calls it.
    pub name: String,
    /// Version and hash of a plugin.
    pub plugin: Option<PluginFile>,
    /// Layers that it needs.
    pub needs: Vec<String>,
    /// Layers that it gives.
    pub gives: Vec<String>,
    /// One line about it.
    pub summary: String,
}

/// The library that a stage is from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PluginFile {
    /// The file, relative to the pipeline file.
    pub path: String,
    /// The plugin's own version.
    pub version: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A pipeline that cannot run.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PlanError {
    /// The file cannot be read.
    #[error("the pipeline file `{path}` cannot be read: {error}")]
    #[diagnostic(code(plan::unreadable), help("name the file: `chancery run pipeline.yaml`"))]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// An override (`--set`) cannot be applied.
    #[error("`--set {given}`: {message}")]
    #[diagnostic(
        code(plan::set),
        help("write it like `--set run.threads=2`; numbers pick entries of lists: `annotate.0.parse=false`")
    )]
    Set {
        /// What was given.
        given: String,
        /// What is wrong with it.
        message: String,
    },
    /// The file has faults.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Faults(#[from] Faults),
    /// The embedded model is damaged.
    #[error(transparent)]
    #[diagnostic(code(plan::model), help("the program file is damaged: install it again"))]
    Model(#[from] chancery_text::ModelError),
}

impl Plan {
    /// Reads a pipeline file, applies overrides (`run.threads=2`) and checks all of it.
    ///
    /// # Errors
    /// The file cannot be read, or has faults: all of them, each with its place.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Plan, PlanError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| PlanError::Unreadable { path: shown.clone(), error })?;
        let base = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Plan::parse(&shown, &text, base, overrides)
    }

    /// The same for a text that is already read; `base` is what its paths are relative to.
    ///
    /// # Errors
    /// The text has faults: all of them, each with its place.
    pub fn parse(shown: &str, text: &str, base: &Path, overrides: &[String]) -> Result<Plan, PlanError> {
        read::read(shown, text, base, overrides)
    }

    /// What renders documents for this plan's writers.
    pub(crate) fn renderer(&self) -> Renderer {
        let given: Vec<&str> = self.steps.iter().flat_map(|step| step.gives.iter().map(String::as_str)).collect();
        let wanted = |name: &str| self.targets.iter().any(|target| target.selection.wants(name));
        let there = |name: &str| name == "documents" || given.contains(&name);
        Renderer::new(|rows| there(rows.name) && wanted(rows.name), self.custom.clone())
    }

    /// The number of worker threads.
    #[must_use]
    pub fn threads(&self) -> usize {
        match self.run.threads {
            Threads::Fixed(count) => count.get(),
            Threads::Auto => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }
}

/// The layers that are there before any stage.
pub(crate) const READER_LAYERS: &[&str] = &["documents"];

/// What stages are built with.
pub(crate) struct Surroundings {
    pub ingest: chancery_ingest::Context,
    pub annotate: chancery_annotate::Context,
    pub base: Arc<Path>,
}
