//! Event records in the layouts of the field: PETRARCH's tab-separated lines and PLOVER's JSON Lines.
//!
//! These writers see events with their actors, not tables: both layouts fold rows together that the datasets keep apart.
//!
//! # Invariants
//! - One file, one record a line, in the documents' order; nothing that depends on the machine or the run.

mod lines;
pub mod petrarch;
pub mod plover;

use chancery_model::{Actor, Document, Entity, Event};

/// The entity of a side.
fn entity(document: &Document, side: Option<Actor>) -> Option<&Entity> {
    side.map(|actor| document.entity(actor.entity))
}

/// The code of a side: the actor code, else the country.
fn code(document: &Document, side: Option<Actor>) -> Option<&str> {
    let entity = entity(document, side)?;
    if entity.code.is_empty() { entity.country.as_ref().map(|country| country.as_str()) } else { Some(&entity.code) }
}

/// The number of an event's sentence in its document, from 1.
fn sentence_number(event: &Event) -> u32 {
    event.sentence.0 + 1
}

/// Text on one line, without tabs.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chancery_model::{
        Country, EntityIx, EntityKey, EntityType, EventStatus, EventType, MentionIx, Metadata, PublishedFrom, Sentence,
        SentenceIx, Span, TokenRange,
    };

    use super::*;

    /// A document in which two countries meet and one of them visits the other.
    pub(super) fn document() -> Document {
        let text = "Japan and Canada met.\tJapan will visit Canada.";
        let country = |code: &str, name: &str| Entity {
            key: EntityKey::Named(format!("country/{code}")),
            name: name.into(),
            r#type: EntityType::Country,
            country: Country::parse(code),
            code: code.into(),
            role: String::new(),
            status: None,
            organization: String::new(),
            wikidata: String::new(),
            members: Vec::new(),
            mentions: 1,
            first: MentionIx(0),
        };
        let actor = |number, start, end| Some(Actor { entity: EntityIx(number), span: Span::new(start, end) });
        let event = |source, target, mode: &str, status, sentence| Event {
            span: if sentence == 0 { Span::new(0, 20) } else { Span::new(22, 45) },
            sentence: SentenceIx(sentence),
            trigger: if sentence == 0 { Span::new(17, 20) } else { Span::new(33, 38) },
            r#type: EventType::Consult,
            mode: mode.into(),
            contexts: "diplomatic|economic".into(),
            cameo: "040".into(),
            quad: 1,
            goldstein: Some(1.0),
            intensity: Some(2.5),
            source,
            target,
            status,
            from: Some(jiff::civil::date(2023, 4, 14)),
            to: Some(jiff::civil::date(2023, 4, 14)),
            date: None,
            place: None,
            quote: None,
            rule: "consult.meet".into(),
        };
        let (japan, canada) = (actor(0, 0, 5), actor(1, 10, 16));
        Document {
            id: "d".into(),
            text: text.into(),
            meta: Metadata {
                url: "https://example.org/1".into(),
                publisher: "Example".into(),
                published: Some((jiff::civil::date(2023, 4, 14), PublishedFrom::Metadata)),
                ..Metadata::default()
            },
            sentences: vec![
                Sentence { span: Span::new(0, 21), tokens: TokenRange::default(), paragraph: 0 },
                Sentence { span: Span::new(22, 46), tokens: TokenRange::default(), paragraph: 0 },
            ],
            entities: vec![country("JPN", "Japan"), country("CAN", "Canada")],
            events: vec![
                event(japan, canada, "", EventStatus::Occurred, 0),
                event(canada, japan, "", EventStatus::Occurred, 0),
                event(japan, canada, "visit", EventStatus::Planned, 1),
            ],
            ..Document::default()
        }
    }
}
