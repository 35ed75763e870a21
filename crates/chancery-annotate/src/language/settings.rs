//! What the YAML may say to `use: language`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: language`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageSettings {
    /// Parse each sentence. Without the parse, events and reported speech cannot be told.
    pub parse: bool,
    /// How many characters of the text decide on its language.
    pub sample_chars: u32,
}

impl Default for LanguageSettings {
    fn default() -> Self {
        Self { parse: true, sample_chars: 1000 }
    }
}
