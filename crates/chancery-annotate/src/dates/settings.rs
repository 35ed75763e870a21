//! What the YAML may say to `use: dates`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `use: dates`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DateSettings {
    /// Record lengths of time ("two years") and recurrence ("every Monday") as well as dates and times.
    pub durations: bool,
    /// Record references to the present, past and future at large ("now", "recently").
    pub references: bool,
    /// How 03/04/2023 is read where nothing in the text or its day of publication tells.
    pub order: NumericOrder,
    /// What dates without a year lean on: `auto` tells histories from news by their dates.
    pub kind: TextKind,
}

/// How dates in digits are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumericOrder {
    /// By the other dates of the text, then by the day of publication.
    Auto,
    /// 03/04 is 3 April.
    DayFirst,
    /// 03/04 is March 4.
    MonthFirst,
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// Told by the text's own dates.
    Auto,
    /// Relative dates count from the day of publication.
    News,
    /// Relative dates count from the last date in focus.
    History,
}

impl Default for DateSettings {
    fn default() -> Self {
        Self { durations: true, references: true, order: NumericOrder::Auto, kind: TextKind::Auto }
    }
}
