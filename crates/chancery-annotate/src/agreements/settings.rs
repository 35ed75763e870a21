//! What the YAML may say to `use: agreements`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: agreements`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementSettings {
    /// Record agreements that are described ("a security pact between …") as well as those with a name.
    pub described: bool,
    /// Tables of agreements on top of the built-in one, in the same columns.
    pub lexicons: Vec<String>,
}

impl Default for AgreementSettings {
    fn default() -> Self {
        Self { described: true, lexicons: Vec::new() }
    }
}
