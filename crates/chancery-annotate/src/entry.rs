//! What a stage says of itself, and what it is built with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_lexicon::Knowledge;
use chancery_model::{Annotator, Collector};
use chancery_settings::{Fault, Settings};
use chancery_text::Pipeline;

/// What a stage is built with.
#[derive(Clone)]
pub struct Context {
    /// The built-in lexicons.
    pub knowledge: Arc<Knowledge>,
    /// The language core with its model.
    pub text: Arc<Pipeline>,
    /// The folder of the pipeline file: settings that name files are relative to it.
    pub base: PathBuf,
}

impl Context {
    /// The built-in knowledge and models, for a pipeline file in `base`.
    ///
    /// # Errors
    /// Only where the embedded model does not decode: a broken build.
    pub fn builtin(base: &Path) -> Result<Self, chancery_text::ModelError> {
        Ok(Self { knowledge: Arc::new(Knowledge::builtin()), text: Arc::new(Pipeline::english()?), base: base.to_owned() })
    }
}

/// A built-in annotator.
pub struct Entry {
    /// What a pipeline calls it: `use: quotes`.
    pub name: &'static str,
    /// One line for `chancery stages`.
    pub summary: &'static str,
    /// Layers that must be there before it.
    pub needs: &'static [&'static str],
    /// Layers that it makes use of where they are there.
    pub uses: &'static [&'static str],
    /// Layers that it adds.
    pub gives: &'static [&'static str],
    /// Settings as an example in YAML; a test builds it.
    pub example: &'static str,
    /// JSON schema of its settings.
    pub schema: fn() -> schemars::Schema,
    /// Builds it.
    pub build: fn(&Settings, &Context) -> Result<Box<dyn Annotator>, Vec<Fault>>,
}

/// A built-in collector: a stage that sees the documents in the run's order.
pub struct CollectorEntry {
    /// What a pipeline calls it: `use: duplicates`.
    pub name: &'static str,
    /// One line for `chancery stages`.
    pub summary: &'static str,
    /// Layers that must be there before it.
    pub needs: &'static [&'static str],
    /// Datasets that it gives.
    pub gives: &'static [&'static str],
    /// Settings as an example in YAML; a test builds it.
    pub example: &'static str,
    /// JSON schema of its settings.
    pub schema: fn() -> schemars::Schema,
    /// Builds it.
    pub build: fn(&Settings, &Context) -> Result<Box<dyn Collector>, Vec<Fault>>,
}
