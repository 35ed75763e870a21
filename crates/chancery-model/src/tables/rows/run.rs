//! What is known of the run as a whole: rejects and dyads.

use schemars::JsonSchema;
use serde::Serialize;

use crate::Reject;
use crate::tables::known;

/// What could not be processed, and why; nothing is dropped silently.
#[derive(Serialize, JsonSchema)]
pub struct RejectRow<'a> {
    /// The source file, relative to the pipeline file.
    pub uri: &'a str,
    /// The record's number or key inside the file.
    pub record: Option<&'a str>,
    /// The stage that gave up.
    pub stage: &'a str,
    /// A stable word for the reason.
    pub code: &'a str,
    /// What is wrong, with the way out where there is one.
    pub message: &'a str,
    /// The beginning of what was wrong.
    pub excerpt: Option<&'a str>,
}

impl<'a> RejectRow<'a> {
    /// The row of a reject.
    #[must_use]
    pub fn of(uri: &'a str, record: &'a str, reject: &'a Reject) -> Self {
        Self {
            uri,
            record: known(record),
            stage: &reject.stage,
            code: &reject.code,
            message: &reject.message,
            excerpt: known(&reject.excerpt),
        }
    }
}

/// Events between two countries in a period, counted over the whole run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DyadRow {
    /// Country of the source, ISO 3166-1 alpha-3.
    pub source_country: String,
    /// Country of the target, ISO 3166-1 alpha-3.
    pub target_country: String,
    /// The period: `2023-04-14`, `2023-W15`, `2023-04`, `2023-Q2` or `2023`.
    pub period: String,
    /// Events of verbal co-operation.
    pub quad1: u32,
    /// Events of material co-operation.
    pub quad2: u32,
    /// Events of verbal conflict.
    pub quad3: u32,
    /// Events of material conflict.
    pub quad4: u32,
    /// All events.
    pub events: u32,
    /// Mean of their Goldstein values.
    pub goldstein_mean: Option<f64>,
    /// Documents that tell them.
    pub documents: u32,
    /// Events among them that are told inside quotations.
    pub quotes: u32,
}
