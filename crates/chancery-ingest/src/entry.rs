//! What a reader says of itself, and what it is built with.

use std::path::PathBuf;

use chancery_model::Source;
use chancery_settings::{Fault, Settings};

/// What a reader is built with.
#[derive(Debug, Clone)]
pub struct Context {
    /// The folder of the pipeline file: settings that name files are relative to it.
    pub base: PathBuf,
    /// Documents of more bytes than this are rejected.
    pub max_document_bytes: usize,
}

/// A built-in reader.
pub struct Entry {
    /// What a pipeline calls it: `use: files`.
    pub name: &'static str,
    /// One line for `chancery stages`.
    pub summary: &'static str,
    /// Settings as an example in YAML; a test builds it.
    pub example: &'static str,
    /// JSON schema of its settings.
    pub schema: fn() -> schemars::Schema,
    /// Builds it.
    pub build: fn(&Settings, &Context) -> Result<Box<dyn Source>, Vec<Fault>>,
}
