//! What the YAML may say to `use: duplicates`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: duplicates`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DuplicateSettings {
    /// Share of runs of words from which a text counts as nearly the same, 0 to 1 (0.8 is a good one). Without it, only the
    /// same text counts. Costs about 350 bytes of memory a document.
    pub near: Option<f32>,
}
