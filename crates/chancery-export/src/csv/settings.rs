//! What the YAML may say to `use: csv`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: csv`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsvSettings {
    /// Folder that the files go to, relative to the pipeline file.
    pub to: PathBuf,
    /// Only these datasets. Without it, all that the stages give but `tokens`.
    pub datasets: Vec<String>,
    /// These datasets too (`tokens`).
    pub also: Vec<String>,
    /// Columns to leave out: `text` for the documents' texts, `quotes.cue` for a column of another dataset.
    pub omit: Vec<String>,
    /// Put `'` before text cells that a spreadsheet would run as a formula. It changes the data: only for files that go to a
    /// spreadsheet.
    pub escape_formulas: bool,
}

impl Default for CsvSettings {
    fn default() -> Self {
        Self { to: "out".into(), datasets: Vec::new(), also: Vec::new(), omit: Vec::new(), escape_formulas: false }
    }
}
