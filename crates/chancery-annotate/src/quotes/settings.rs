//! What the YAML may say to `use: quotes`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: quotes`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuoteSettings {
    /// Record reported clauses as well as text in quotation marks.
    pub indirect: bool,
    /// Record what has no speaker too ("it was said that …").
    pub unattributed: bool,
    /// Longest quotation in characters; anything longer is taken for an unbalanced mark.
    pub longest_chars: u32,
    /// Files with further cues, in the columns of the built-in table; they win over it.
    pub lexicons: Vec<PathBuf>,
}

impl Default for QuoteSettings {
    fn default() -> Self {
        Self { indirect: true, unattributed: false, longest_chars: 6000, lexicons: Vec::new() }
    }
}
