//! Settings of `use: entities`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: entities`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EntitySettings {
    /// Further lexicons, relative to the pipeline file: entries in YAML, tables in the columns of the built-in ones, or PETRARCH
    /// actor and agent dictionaries.
    pub lexicons: Vec<String>,
    /// Record role noun phrases too ("a senior Canadian diplomat").
    pub descriptions: bool,
    /// Record pronouns whose antecedent is clear.
    pub pronouns: bool,
    /// Let a capital or seat of government stand for its state where the words around it say so.
    pub metonyms: bool,
    /// Longest name, in tokens; what is longer is no name.
    pub longest_tokens: u32,
}

impl Default for EntitySettings {
    fn default() -> Self {
        Self { lexicons: Vec::new(), descriptions: true, pronouns: true, metonyms: true, longest_tokens: 24 }
    }
}
