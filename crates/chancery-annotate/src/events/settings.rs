//! What the YAML may say to `use: events`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: events`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventSettings {
    /// Files of patterns on top of the built-in ones: YAML as in the lexicon's own files, or verb dictionaries in
    /// PETRARCH2's format (`.txt`). A pattern with the id of a built-in one replaces it.
    pub lexicons: Vec<String>,
    /// Which table gives the quad class where PLOVER contradicts itself: `manual` (sanctions are material conflict) or
    /// `readme` (they are verbal conflict).
    pub quads: QuadTable,
    /// Which table gives the Goldstein score of a CAMEO code: `gdelt` or `phoenix`.
    pub goldstein: GoldsteinTable,
    /// Statuses that are kept; all of them by default.
    pub statuses: Vec<StatusName>,
    /// An event that its own clause dates this many years before the document is history, and left out.
    pub history_years: u16,
    /// Most events of one sentence: more are a list or a broken parse.
    pub longest_rows: u16,
}

/// The tables of quad classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum QuadTable {
    /// PLOVER's manual.
    Manual,
    /// PLOVER's README.
    Readme,
}

/// The tables of Goldstein scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GoldsteinTable {
    /// GDELT's.
    Gdelt,
    /// Phoenix's.
    Phoenix,
}

/// A status, as the dataset writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatusName {
    Occurred,
    Ongoing,
    Planned,
    Hypothetical,
    Negated,
}

impl Default for EventSettings {
    fn default() -> Self {
        Self {
            lexicons: Vec::new(),
            quads: QuadTable::Manual,
            goldstein: GoldsteinTable::Gdelt,
            statuses: vec![
                StatusName::Occurred,
                StatusName::Ongoing,
                StatusName::Planned,
                StatusName::Hypothetical,
                StatusName::Negated,
            ],
            history_years: 20,
            longest_rows: 40,
        }
    }
}
