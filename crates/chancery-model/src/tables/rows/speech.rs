//! Quotations.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Entity, Id, Rendering};
use crate::QuoteKind;
use crate::tables::known;

/// Who said what: direct and reported speech with its speaker.
#[derive(Serialize, JsonSchema)]
pub struct QuoteRow<'a> {
    /// Id of the quotation.
    pub quote_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence in which it begins.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the content in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The content alone: without marks, cue or speaker.
    pub text: &'a str,
    /// How the words are given: in quotation marks, as a reported clause, or as a reported clause with words of it in quotation marks.
    pub kind: QuoteKind,
    /// The words that introduce it.
    pub cue: Option<&'a str>,
    /// First code point of the cue.
    pub cue_start: Option<u32>,
    /// One past the cue's last code point.
    pub cue_end: Option<u32>,
    /// The words that name the speaker here.
    pub speaker_text: Option<&'a str>,
    /// First code point of these words.
    pub speaker_start: Option<u32>,
    /// One past their last code point.
    pub speaker_end: Option<u32>,
    /// Who that is.
    pub speaker_id: Option<Entity<'a>>,
    /// The resolved name, or the fullest description of an unnamed speaker.
    pub speaker_name: Option<&'a str>,
    /// Country of the speaker, ISO 3166-1 alpha-3.
    pub speaker_country: Option<&'a str>,
    /// Actor code of the speaker.
    pub speaker_code: Option<&'a str>,
    /// Role of the speaker.
    pub speaker_role: Option<&'a str>,
    /// Whether the speaker is left unnamed.
    pub anonymous: bool,
    /// To whom it was said.
    pub addressee_id: Option<Entity<'a>>,
}

impl<'a> QuoteRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        let document = r.document;
        document.quotes.iter().enumerate().map(move |(index, quote)| {
            let (start, end) = r.offsets.span(quote.span);
            let cue = quote.cue.map(|span| r.offsets.span(span));
            let speaker = quote.speaker.map(|span| r.offsets.span(span));
            let entity = quote.speaker_entity.map(|entity| document.entity(entity));
            Self {
                quote_id: r.id('q', index),
                doc_id: &document.id,
                sentence_id: r.sentence(quote.sentence),
                start,
                end,
                text: document.slice(quote.span),
                kind: quote.kind,
                cue: quote.cue.map(|span| document.slice(span)),
                cue_start: cue.map(|(start, _)| start),
                cue_end: cue.map(|(_, end)| end),
                speaker_text: quote.speaker.map(|span| document.slice(span)),
                speaker_start: speaker.map(|(start, _)| start),
                speaker_end: speaker.map(|(_, end)| end),
                speaker_id: r.entity(quote.speaker_entity),
                speaker_name: known(&quote.speaker_name),
                speaker_country: entity.and_then(|entity| entity.country.as_ref()).map(|country| country.as_str()),
                speaker_code: entity.and_then(|entity| known(&entity.code)),
                speaker_role: entity.and_then(|entity| known(&entity.role)),
                anonymous: quote.anonymous,
                addressee_id: r.entity(quote.addressee),
            }
        })
    }
}
