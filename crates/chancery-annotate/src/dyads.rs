//! Dyads: events between two countries, counted over the whole run by period.
//!
//! # Invariants
//! - Only events that occurred or go on count, between two countries that are known.
//! - One event told by several documents on a day (same countries, type and day) counts once; documents that repeat an earlier one
//!   count nothing.
//! - Rows are sorted by source, target and period: the order of the input cannot be seen in them, but for ties in a mean.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use chancery_model::tables::rows::DyadRow;
use chancery_model::tables::{Builder, Dataset, TableError};
use chancery_model::{Actor, Collector, Country, Document, EventStatus, EventType};
use jiff::civil::Date;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::CollectorEntry;

/// `use: dyads`.
pub const ENTRY: CollectorEntry = CollectorEntry {
    name: "dyads",
    summary: "Events between two countries, by day, week, month, quarter or year",
    needs: &["events"],
    gives: &["dyads"],
    example: "{ period: month, internal: false }",
    schema: || schemars::schema_for!(DyadSettings),
    build: |settings, _| Ok(Box::new(Dyads::new(settings.read()?))),
};

/// Settings of `use: dyads`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DyadSettings {
    /// Length of a period.
    pub period: Period,
    /// Count events within one country as well.
    pub internal: bool,
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// `2023-04-14`
    Day,
    /// `2023-W15`, of the ISO calendar.
    Week,
    /// `2023-04`
    #[default]
    Month,
    /// `2023-Q2`
    Quarter,
    /// `2023`
    Year,
}

impl Period {
    /// The period that a day lies in.
    #[must_use]
    pub fn of(self, day: Date) -> String {
        match self {
            Period::Day => day.to_string(),
            Period::Week => {
                let week = day.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Period::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Period::Quarter => format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
            Period::Year => format!("{:04}", day.year()),
        }
    }
}

#[derive(Default)]
struct Cell {
    quads: [u32; 4],
    goldstein: f64,
    scored: u32,
    documents: u32,
    quotes: u32,
}

type Pair = (Country, Country);

/// The collector.
#[derive(Default)]
pub struct Dyads {
    settings: DyadSettings,
    seen: FxHashSet<(Pair, EventType, Date)>,
    cells: BTreeMap<(Pair, String), Cell>,
}

impl Dyads {
    /// An empty one.
    #[must_use]
    pub fn new(settings: DyadSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// The rows so far, sorted.
    #[must_use]
    pub fn rows(&self) -> Vec<DyadRow> {
        let row = |(((source, target), period), cell): (&(Pair, String), &Cell)| DyadRow {
            source_country: source.as_str().to_owned(),
            target_country: target.as_str().to_owned(),
            period: period.clone(),
            quad1: cell.quads[0],
            quad2: cell.quads[1],
            quad3: cell.quads[2],
            quad4: cell.quads[3],
            events: cell.quads.iter().sum(),
            goldstein_mean: (cell.scored > 0).then(|| (cell.goldstein / f64::from(cell.scored) * 1000.0).round() / 1000.0),
            documents: cell.documents,
            quotes: cell.quotes,
        };
        self.cells.iter().map(row).collect()
    }

    fn country(document: &Document, side: Option<Actor>) -> Option<Country> {
        side.and_then(|actor| document.entity(actor.entity).country)
    }
}

impl Collector for Dyads {
    fn fold(&mut self, document: &mut Document) {
        if document.duplicate.is_some() {
            return;
        }
        let mut told: Vec<(Pair, String)> = Vec::new();
        for event in &document.events {
            if !matches!(event.status, EventStatus::Occurred | EventStatus::Ongoing) {
                continue;
            }
            let (Some(source), Some(target)) = (Self::country(document, event.source), Self::country(document, event.target))
            else {
                continue;
            };
            let Some(day) = event.from.or_else(|| document.published()) else { continue };
            if source == target && !self.settings.internal {
                continue;
            }
            let key = ((source, target), self.settings.period.of(day));
            let first = self.seen.insert((key.0, event.r#type, day));
            let cell = self.cells.entry(key.clone()).or_default();
            if first {
                if let Some(count) = usize::from(event.quad).checked_sub(1).and_then(|quad| cell.quads.get_mut(quad)) {
                    *count += 1;
                }
                if let Some(score) = event.goldstein {
                    cell.goldstein += f64::from(score);
                    cell.scored += 1;
                }
                cell.quotes += u32::from(event.quote.is_some());
            }
            if !told.contains(&key) {
                cell.documents += 1;
                told.push(key);
            }
        }
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![Dataset::of::<DyadRow>("dyads").key(&["source_country", "target_country", "period"])]
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, TableError> {
        let mut batch = Builder::new(&self.datasets()[0])?;
        for row in self.rows() {
            batch.push(&row)?;
        }
        Ok(vec![batch.finish()?])
    }
}

#[cfg(test)]
mod tests {
    use chancery_model::{Entity, EntityIx, EntityKey, EntityType, Event, MentionIx, SentenceIx, Span};
    use jiff::civil::date;

    use super::*;

    fn country(code: &str) -> Entity {
        Entity {
            key: EntityKey::Named(format!("country/{code}")),
            name: code.to_owned(),
            r#type: EntityType::Country,
            country: Country::parse(code),
            code: code.to_owned(),
            role: String::new(),
            status: None,
            organization: String::new(),
            wikidata: String::new(),
            members: Vec::new(),
            mentions: 1,
            first: MentionIx(0),
        }
    }

    fn document(day: Date, r#type: EventType, quad: u8, status: EventStatus) -> Document {
        let side = |number| Some(Actor { entity: EntityIx(number), span: Span::default() });
        let event = Event {
            span: Span::default(),
            sentence: SentenceIx(0),
            trigger: Span::default(),
            r#type,
            mode: "".into(),
            contexts: "".into(),
            cameo: "".into(),
            quad,
            goldstein: Some(-2.0),
            intensity: None,
            source: side(0),
            target: side(1),
            status,
            from: Some(day),
            to: Some(day),
            date: None,
            place: None,
            quote: None,
            rule: "".into(),
        };
        Document { entities: vec![country("JPN"), country("CHN")], events: vec![event], ..Document::default() }
    }

    fn fold(period: Period, documents: &mut [Document]) -> Vec<String> {
        let mut dyads = Dyads::new(DyadSettings { period, internal: false });
        documents.iter_mut().for_each(|document| dyads.fold(document));
        assert_eq!(dyads.finish().unwrap()[0].num_rows(), dyads.rows().len());
        let show = |row: DyadRow| {
            format!("{}>{} {} {} of {} documents", row.source_country, row.target_country, row.period, row.events, row.documents)
        };
        dyads.rows().into_iter().map(show).collect()
    }

    #[test]
    fn one_event_in_two_documents_counts_once() {
        let told = document(date(2023, 4, 14), EventType::Accuse, 3, EventStatus::Occurred);
        let later = document(date(2023, 5, 1), EventType::Accuse, 3, EventStatus::Ongoing);
        let rows = fold(Period::Month, &mut [told.clone(), told, later]);
        assert_eq!(rows, ["JPN>CHN 2023-04 1 of 2 documents", "JPN>CHN 2023-05 1 of 1 documents"]);
    }

    #[test]
    fn what_did_not_happen_and_what_repeats_a_document_does_not_count() {
        let planned = document(date(2023, 4, 14), EventType::Consult, 1, EventStatus::Planned);
        let mut repeated = document(date(2023, 4, 14), EventType::Consult, 1, EventStatus::Occurred);
        repeated.duplicate = Some(chancery_model::DuplicateOf { doc_id: "a".to_owned(), similarity: 1.0 });
        assert_eq!(fold(Period::Month, &mut [planned, repeated]), [""; 0]);
    }

    #[test]
    fn periods_are_named_by_the_calendar() {
        let day = date(2021, 1, 3);
        let names = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year].map(|period| period.of(day));
        assert_eq!(names, ["2021-01-03", "2020-W53", "2021-01", "2021-Q1", "2021"]);
    }
}
