//! What the YAML may say to `use: places`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: places`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceSettings {
    /// Further places: tables in the columns of the built-in `places.tsv`, or GeoNames dumps (`allCountries.txt`, `cities500.txt`, `JP.txt`).
    /// Paths are relative to the pipeline file.
    pub gazetteers: Vec<PathBuf>,
    /// Also look for places that no mention covers (after prepositions, in datelines, before a division's name).
    pub unmentioned: bool,
    /// Leave out places that are less sure than this, 0 to 1.
    pub least_confidence: f32,
}

impl Default for PlaceSettings {
    fn default() -> Self {
        Self { gazetteers: Vec::new(), unmentioned: true, least_confidence: 0.0 }
    }
}
