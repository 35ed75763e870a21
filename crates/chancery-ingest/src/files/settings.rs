//! What the YAML may say to `use: files`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::metadata::{Defaults, Part};

/// Settings of `use: files`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilesSettings {
    /// Files, folders or patterns (`articles/**/*.html`), relative to the pipeline file. Hidden files are left out.
    pub paths: Vec<String>,
    /// Patterns of files to leave out.
    pub exclude: Vec<String>,
    /// Format of all these files, where the endings of their names do not say it: csv, html, jsonl, markdown or text.
    pub format: Option<String>,
    /// Encoding of all these files, where they are not UTF-8 and do not say so themselves (a label of the WHATWG Encoding Standard).
    pub encoding: Option<String>,
    /// Which column or key gives which part of a document, where its name does not say it.
    pub columns: BTreeMap<Part, String>,
    /// What to assume of documents that do not say it themselves.
    pub defaults: Defaults,
}
