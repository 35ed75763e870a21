//! What a writer says of itself, and what building it gives.

use std::path::PathBuf;

use chancery_model::Sink;
use chancery_settings::{Fault, Settings};

use crate::Selection;

/// A writer that is built, and what the runner must know of it.
pub struct Target {
    /// The writer.
    pub sink: Box<dyn Sink>,
    /// The folder that its files go to, as the settings say it.
    pub to: PathBuf,
    /// Which datasets it writes.
    pub selection: Selection,
}

/// A built-in writer.
pub struct Entry {
    /// What a pipeline calls it: `use: csv`.
    pub name: &'static str,
    /// One line for `chancery stages`.
    pub summary: &'static str,
    /// Settings as an example in YAML; a test builds it.
    pub example: &'static str,
    /// JSON schema of its settings.
    pub schema: fn() -> schemars::Schema,
    /// Builds it.
    pub build: fn(&Settings) -> Result<Target, Vec<Fault>>,
}
