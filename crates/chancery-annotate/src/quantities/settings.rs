//! What the YAML may say to `use: quantities`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: quantities`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuantitySettings {
    /// Record counted nouns ("three documents") as well as money, measures and per cent.
    pub counts: bool,
    /// Record numbers that stand alone as subject or object ("killed 12").
    pub bare: bool,
    /// ISO 4217 code that "$" and "dollars" mean where no country stands with them.
    pub dollar: String,
}

impl Default for QuantitySettings {
    fn default() -> Self {
        Self { counts: true, bare: true, dollar: "USD".to_owned() }
    }
}
