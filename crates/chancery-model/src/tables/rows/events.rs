//! Events and agreements.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::rounded;
use super::{Entity, Id, Rendering};
use crate::tables::{Day, known};
use crate::{AgreementKind, AgreementStatus, EventStatus, EventType};

/// Who did what to whom: one row for each pair of source and target.
#[derive(Serialize, JsonSchema)]
pub struct EventRow<'a> {
    /// Id of the event.
    pub event_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the clause that says so.
    pub start: u32,
    /// One past the clause's last code point.
    pub end: u32,
    /// The clause.
    pub text: &'a str,
    /// The words that tell the event.
    pub trigger: &'a str,
    /// First code point of the trigger.
    pub trigger_start: u32,
    /// One past the trigger's last code point.
    pub trigger_end: u32,
    /// PLOVER type.
    pub r#type: EventType,
    /// PLOVER mode.
    pub mode: Option<&'a str>,
    /// PLOVER contexts, joined with `|`.
    pub contexts: Option<&'a str>,
    /// The closest CAMEO code.
    pub cameo: Option<&'a str>,
    /// 1 verbal co-operation, 2 material co-operation, 3 verbal conflict, 4 material conflict.
    pub quad: u32,
    /// Goldstein scale by CAMEO code, −10 to 10.
    pub goldstein: Option<f64>,
    /// PLOVER's own score of the type or mode.
    pub intensity: Option<f64>,
    /// Who did it.
    pub source_id: Option<Entity<'a>>,
    /// Actor code of the source.
    pub source_code: Option<&'a str>,
    /// Country of the source, ISO 3166-1 alpha-3.
    pub source_country: Option<&'a str>,
    /// The words that name the source.
    pub source_text: Option<&'a str>,
    /// To whom it was done.
    pub target_id: Option<Entity<'a>>,
    /// Actor code of the target.
    pub target_code: Option<&'a str>,
    /// Country of the target, ISO 3166-1 alpha-3.
    pub target_country: Option<&'a str>,
    /// The words that name the target.
    pub target_text: Option<&'a str>,
    /// Whether it took place.
    pub status: EventStatus,
    /// First day on which it took or is to take place.
    pub from: Option<Day>,
    /// Last such day.
    pub to: Option<Day>,
    /// The expression of time that dates it.
    pub date_id: Option<Id<'a>>,
    /// Where it took place.
    pub place_id: Option<Id<'a>>,
    /// The quotation inside which it is claimed; empty for what the document itself asserts.
    pub quote_id: Option<Id<'a>>,
    /// Id of the lexicon entry that fired.
    pub rule: &'a str,
}

impl<'a> EventRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        let document = r.document;
        document.events.iter().enumerate().map(move |(index, event)| {
            let (start, end) = r.offsets.span(event.span);
            let (trigger_start, trigger_end) = r.offsets.span(event.trigger);
            let source = event.source.map(|actor| document.entity(actor.entity));
            let target = event.target.map(|actor| document.entity(actor.entity));
            Self {
                event_id: r.id('e', index),
                doc_id: &document.id,
                sentence_id: r.sentence(event.sentence),
                start,
                end,
                text: document.slice(event.span),
                trigger: document.slice(event.trigger),
                trigger_start,
                trigger_end,
                r#type: event.r#type,
                mode: known(&event.mode),
                contexts: known(&event.contexts),
                cameo: known(&event.cameo),
                quad: u32::from(event.quad),
                goldstein: event.goldstein.map(|value| rounded(value, 2)),
                intensity: event.intensity.map(|value| rounded(value, 2)),
                source_id: r.entity(event.source.map(|actor| actor.entity)),
                source_code: source.and_then(|entity| known(&entity.code)),
                source_country: source.and_then(|entity| entity.country.as_ref()).map(|country| country.as_str()),
                source_text: event.source.map(|actor| document.slice(actor.span)),
                target_id: r.entity(event.target.map(|actor| actor.entity)),
                target_code: target.and_then(|entity| known(&entity.code)),
                target_country: target.and_then(|entity| entity.country.as_ref()).map(|country| country.as_str()),
                target_text: event.target.map(|actor| document.slice(actor.span)),
                status: event.status,
                from: event.from.map(Day),
                to: event.to.map(Day),
                date_id: event.date.map(|date| r.id('d', date.ix())),
                place_id: event.place.map(|place| r.id('l', place.ix())),
                quote_id: event.quote.map(|quote| r.id('q', quote.ix())),
                rule: &event.rule,
            }
        })
    }
}

/// Treaties, pacts, strategies and memberships, one row an agreement and document.
#[derive(Serialize, JsonSchema)]
pub struct AgreementRow<'a> {
    /// Id of the agreement.
    pub agreement_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence of its first mention.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of its first mention.
    pub start: u32,
    /// One past that mention's last code point.
    pub end: u32,
    /// Its first mention.
    pub text: &'a str,
    /// Its fullest name, or the describing phrase.
    pub name: &'a str,
    /// Kind of agreement.
    pub kind: AgreementKind,
    /// Country or organization codes of the parties, joined with `|`.
    pub parties: Option<&'a str>,
    /// Where it stands.
    pub status: Option<AgreementStatus>,
    /// First day of its life, as far as known.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// Its entity.
    pub entity_id: Option<Entity<'a>>,
}

impl<'a> AgreementRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.agreements.iter().enumerate().map(|(index, agreement)| {
            let (start, end) = r.offsets.span(agreement.span);
            Self {
                agreement_id: r.id('g', index),
                doc_id: &r.document.id,
                sentence_id: r.sentence(agreement.sentence),
                start,
                end,
                text: r.document.slice(agreement.span),
                name: &agreement.name,
                kind: agreement.kind,
                parties: known(&agreement.parties),
                status: agreement.status,
                from: agreement.from.map(Day),
                to: agreement.to.map(Day),
                entity_id: r.entity(agreement.entity),
            }
        })
    }
}
