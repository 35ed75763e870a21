//! Agreements: treaties, pacts, strategies, each once a document, with its parties and where it stands.
//!
//! Names come from the lexicon, then from capitals ("the National Security Strategy"); what has no name is recorded where it is
//! one agreement with known parties ("a 2019 agreement signed by …"). "The pact" takes up the last one of its kind.
//!
//! # Invariants
//! - Agreements are sorted by span; one row an agreement and document, at its first mention.
//! - A described agreement has at least two parties, a strategy one: without them nobody could tell which it is.
//!
//! # Not here
//! That somebody signed it is an event: `events` tells that.

mod readings;
mod settings;
mod sightings;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chancery_lexicon::agreements::Agreements;
use chancery_lexicon::patterns::EventLexicon;
use chancery_model::{Agreement, AgreementKind, AgreementStatus, Annotator, Document, EntityIx, MentionType, Reject, SentenceIx};
use jiff::civil::Date;

use crate::syntax::{MentionIndex, Tree, View};
use crate::{Context, Entry};
pub use settings::AgreementSettings;
use sightings::{Sighting, What};

/// `use: agreements`.
pub const ENTRY: Entry = Entry {
    name: "agreements",
    summary: "Treaties, pacts, strategies: parties, kind, status and dates",
    needs: &["sentences", "tokens", "mentions"],
    uses: &["dates"],
    gives: &["agreements"],
    example: "{ described: true }",
    schema: || schemars::schema_for!(AgreementSettings),
    build: |settings, context: &Context| {
        let read = settings.read::<AgreementSettings>()?;
        let mut known = context.knowledge.agreements();
        for name in &read.lexicons {
            let fault =
                |message: String| vec![chancery_settings::Fault::new("agreements::lexicons", settings.at("lexicons"), message)];
            let path = context.base.join(name);
            let text =
                std::fs::read_to_string(&path).map_err(|error| fault(format!("cannot read {}: {error}", path.display())))?;
            let own = chancery_lexicon::agreements::read(name, &text).map_err(|error| fault(error.to_string()))?;
            let mut all = known.named.clone();
            all.retain(|old| !own.iter().any(|new| new.id == old.id));
            all.extend(own);
            known = Arc::new(Agreements::new(all, known.words.clone()).map_err(|error| fault(error.to_string()))?);
        }
        Ok(Box::new(Finder { settings: read, known, events: context.knowledge.events() }))
    },
};

struct Finder {
    settings: AgreementSettings,
    known: Arc<Agreements>,
    events: Arc<EventLexicon>,
}

/// What is known so far of one agreement of the document.
struct Record {
    first: Sighting,
    name: String,
    parties: Vec<String>,
    status: Option<AgreementStatus>,
    dates: Option<(Date, Date)>,
}

impl Annotator for Finder {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        let mut mentions = MentionIndex::default();
        mentions.build(document);
        let mut tree = Tree::default();
        tree.build(document, &mentions);
        let view = View { doc: document, tree: &tree, mentions: &mentions };
        let parsed = document.is_parsed();
        let mut records: Vec<Record> = Vec::new();
        for sighting in sightings::find(view, &self.known, self.settings.described && parsed) {
            self.take(view, sighting, parsed, &mut records);
        }
        let mut agreements: Vec<Agreement> = records.into_iter().filter_map(|record| self.row(document, record)).collect();
        agreements.sort_by_key(|row| (row.span.start, row.span.end));
        document.agreements = agreements;
        Ok(())
    }
}

impl Finder {
    /// Adds what a sighting tells to the record that it belongs to.
    fn take(&self, view: View<'_>, sighting: Sighting, parsed: bool, records: &mut Vec<Record>) {
        let words = &self.known.words;
        let (parties, status, dates) = if parsed {
            (
                readings::parties(view, words, &sighting),
                readings::status(view, words, &self.events, &sighting),
                readings::date(view, &sighting),
            )
        } else {
            (Vec::new(), None, None)
        };
        let name = match sighting.what {
            What::Listed(number) => self.known.named[number].name.to_string(),
            _ => sighting.span.slice(&view.doc.text).replace('\n', " "),
        };
        let known = records.iter_mut().rev().find(|record| match (sighting.what, record.first.what) {
            (What::Listed(new), What::Listed(old)) => new == old,
            (What::Titled, What::Titled) => {
                let same = record.name.eq_ignore_ascii_case(&name);
                let apart = !parties.is_empty()
                    && !record.parties.is_empty()
                    && !parties.iter().any(|party| record.parties.contains(party));
                same && !apart
            }
            (What::Again, _) => {
                let last_word = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_lowercase();
                record.first.kind == sighting.kind || last_word(&record.name) == last_word(&name)
            }
            (What::Described, What::Described) => {
                let same_parties = !parties.is_empty() && parties.iter().all(|party| record.parties.contains(party));
                record.first.kind == sighting.kind
                    && (record.name.eq_ignore_ascii_case(&name) && (parties.is_empty() || same_parties))
            }
            _ => false,
        });
        match known {
            Some(record) => {
                if record.status.is_none() {
                    record.status = status;
                }
                if record.dates.is_none() {
                    record.dates = dates;
                }
                for party in parties {
                    if record.parties.len() < 2 && !record.parties.contains(&party) {
                        record.parties.push(party);
                    }
                }
            }
            None => records.push(Record { first: sighting, name, parties, status, dates }),
        }
    }

    fn row(&self, doc: &Document, record: Record) -> Option<Agreement> {
        let Record { first, name, parties, status, dates } = record;
        let published = doc.published();
        let (mut from, mut to) = (dates.map(|(from, _)| from), None);
        let (parties, default) = match first.what {
            What::Listed(number) => {
                let row = &self.known.named[number];
                (from, to) = (row.from, row.to);
                let parties = if row.parties.is_empty() { parties.join("|") } else { row.parties.to_string() };
                (parties, default_of(row.kind, row.from, row.to, published))
            }
            What::Titled => (
                parties.join("|"),
                if first.kind == AgreementKind::Strategy { AgreementStatus::Published } else { AgreementStatus::InForce },
            ),
            What::Described | What::Again => {
                let least = if first.kind == AgreementKind::Strategy { 1 } else { 2 };
                if parties.len() < least {
                    return None;
                }
                let default = match first.kind {
                    AgreementKind::Strategy => AgreementStatus::Published,
                    _ if dates.is_some() => AgreementStatus::Signed,
                    _ => AgreementStatus::Agreed,
                };
                (parties.join("|"), default)
            }
        };
        Some(Agreement {
            span: first.span,
            sentence: doc.sentence_at(first.span.start).unwrap_or(SentenceIx(0)),
            name,
            kind: first.kind,
            parties,
            status: Some(status.unwrap_or(default)),
            from,
            to,
            entity: entity_of(doc, &first),
        })
    }
}

/// Where a listed agreement stands on the day of publication, if the text says nothing else.
fn default_of(kind: AgreementKind, from: Option<Date>, to: Option<Date>, published: Option<Date>) -> AgreementStatus {
    if matches!(kind, AgreementKind::Strategy) {
        return AgreementStatus::Published;
    }
    match (from, to, published) {
        (None, ..) => AgreementStatus::Agreed,
        (Some(_), Some(to), Some(day)) if to < day => AgreementStatus::Withdrawn,
        (Some(from), _, Some(day)) if from > day => AgreementStatus::Negotiation,
        _ => AgreementStatus::InForce,
    }
}

fn entity_of(doc: &Document, sighting: &Sighting) -> Option<EntityIx> {
    let mention =
        doc.mentions.iter().find(|mention| mention.r#type == MentionType::Agreement && mention.span.overlaps(sighting.span));
    mention.and_then(|mention| mention.entity)
}
