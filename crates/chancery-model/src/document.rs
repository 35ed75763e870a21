//! A document: its text, what is known about it, and the layers that stages have added.
//!
//! # Invariants
//! - The text never changes after a reader has made the document; spans of all layers refer to it.
//! - Every layer is sorted by start, then by end (see [`Document::layers_are_sorted`]).

use std::sync::Arc;

use jiff::civil::Date;

use crate::layers::{Agreement, DateExpr, Entity, Event, Mention, Place, Quantity, Quote};
use crate::{EntityIx, Lemmas, Sentence, SentenceIx, Span, TokenIx, Tokens};

/// Where a document's date of publication is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "tables", derive(serde::Serialize, schemars::JsonSchema), serde(rename_all = "lowercase"))]
pub enum PublishedFrom {
    /// The document's own metadata: a sidecar, front matter, a column.
    #[default]
    Metadata,
    /// The text itself: its dateline or its markup.
    Content,
    /// The pipeline's `defaults`.
    Default,
}

/// What is known about a document besides its text. Strings are empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// The document's own id.
    pub id: String,
    /// Headline.
    pub title: String,
    /// Who wrote it, as the source says.
    pub byline: String,
    /// Who published it.
    pub publisher: String,
    /// When it was published, and how that is known.
    pub published: Option<(Date, PublishedFrom)>,
    /// Where it was published.
    pub url: String,
    /// Language as the source declares it (BCP 47).
    pub language: String,
}

/// The language that a text was found to be in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// The earlier document that this one repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateOf {
    /// Its id.
    pub doc_id: String,
    /// Share of the text that is the same, 0 to 1.
    pub similarity: f32,
}

/// Rows that a plugin or command added to a document, in the layer's declared columns.
#[cfg(feature = "tables")]
#[derive(Debug, Clone)]
pub struct CustomRows {
    /// Number of the layer in the plan's list of custom layers.
    pub layer: u32,
    /// The rows; spans (`start`, `end`) in bytes, already validated.
    pub rows: arrow_array::RecordBatch,
}

/// One article: id, metadata, text and layers.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Its id in the run: its own, or 16 hexadecimal digits of the text's BLAKE3 hash.
    pub id: String,
    /// The source file, relative to the pipeline file.
    pub uri: Arc<str>,
    /// The record's number or key inside the file; empty where the file is one document.
    pub record: String,
    /// What is known about it.
    pub meta: Metadata,
    /// The text, line ends normalised to `\n`.
    pub text: String,
    /// The language found.
    pub language: Option<Language>,
    /// The earlier document that it repeats.
    pub duplicate: Option<DuplicateOf>,
    /// Paragraphs, without the white space around them.
    pub paragraphs: Vec<Span>,
    /// Sentences.
    pub sentences: Vec<Sentence>,
    /// Tokens.
    pub tokens: Tokens,
    /// Each time that someone or something is named or described.
    pub mentions: Vec<Mention>,
    /// Whom the mentions are of.
    pub entities: Vec<Entity>,
    /// Quoted and reported speech.
    pub quotes: Vec<Quote>,
    /// Expressions of time.
    pub dates: Vec<DateExpr>,
    /// Geographic names.
    pub places: Vec<Place>,
    /// Who did what to whom.
    pub events: Vec<Event>,
    /// Treaties, pacts, strategies.
    pub agreements: Vec<Agreement>,
    /// Numbers with their units.
    pub quantities: Vec<Quantity>,
    /// Layers that plugins and commands added.
    #[cfg(feature = "tables")]
    pub custom: Vec<CustomRows>,
}

impl Document {
    /// The text under a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The form of a token.
    #[must_use]
    pub fn form(&self, token: TokenIx) -> &str {
        self.slice(self.tokens.span[token.ix()])
    }

    /// The lemma of a token (empty while lemmas are not known).
    #[must_use]
    pub fn lemma(&self, token: TokenIx) -> &str {
        self.tokens.lemma_of(token)
    }

    /// The lemmas of the document.
    #[must_use]
    pub fn lemmas(&self) -> &Lemmas {
        &self.tokens.lemmas
    }

    /// The day of publication.
    #[must_use]
    pub fn published(&self) -> Option<Date> {
        self.meta.published.map(|(date, _)| date)
    }

    /// The sentence that holds the byte, or the last one that begins before it.
    #[must_use]
    pub fn sentence_at(&self, byte: u32) -> Option<SentenceIx> {
        let after = self.sentences.partition_point(|sentence| sentence.span.start <= byte);
        after.checked_sub(1).map(SentenceIx::at)
    }

    /// The first token that ends after the byte.
    #[must_use]
    pub fn token_at(&self, byte: u32) -> Option<TokenIx> {
        let at = self.tokens.span.partition_point(|span| span.end <= byte);
        (at < self.tokens.len()).then(|| TokenIx::at(at))
    }

    /// The sentence that a token belongs to.
    #[must_use]
    pub fn sentence_of(&self, token: TokenIx) -> Option<SentenceIx> {
        let after = self.sentences.partition_point(|sentence| sentence.tokens.start.0 <= token.0);
        after.checked_sub(1).map(SentenceIx::at)
    }

    /// The entity with that index.
    #[must_use]
    pub fn entity(&self, entity: EntityIx) -> &Entity {
        &self.entities[entity.ix()]
    }

    /// Whether the parse is there (it is not for a text in a language that no model reads).
    #[must_use]
    pub fn is_parsed(&self) -> bool {
        self.tokens.deprel.first().is_some_and(|relation| *relation != crate::Deprel::Unknown)
    }

    /// Whether each layer is sorted by start, then end, and each span lies on `char` boundaries of the text.
    ///
    /// What the datasets' contract rests on; the runner asserts it in debug builds and the tests on every sample.
    #[must_use]
    pub fn layers_are_sorted(&self) -> bool {
        sorted(&self.text, self.sentences.iter().map(|row| row.span))
            && sorted(&self.text, self.tokens.span.iter().copied())
            && sorted(&self.text, self.mentions.iter().map(|row| row.span))
            && sorted(&self.text, self.quotes.iter().map(|row| row.span))
            && sorted(&self.text, self.dates.iter().map(|row| row.span))
            && sorted(&self.text, self.places.iter().map(|row| row.span))
            && sorted(&self.text, self.events.iter().map(|row| row.span))
            && sorted(&self.text, self.agreements.iter().map(|row| row.span))
            && sorted(&self.text, self.quantities.iter().map(|row| row.span))
    }
}

/// Whether the spans lie on `char` boundaries of the text and follow one another by start, then end.
fn sorted(text: &str, mut spans: impl Iterator<Item = Span>) -> bool {
    let mut last = Span::default();
    spans.all(|span| {
        let follows = (last.start, last.end) <= (span.start, span.end);
        last = span;
        follows && text.get(span.range()).is_some()
    })
}
