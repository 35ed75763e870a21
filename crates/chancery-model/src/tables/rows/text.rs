//! Documents, sentences and tokens.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Id, Rendering};
use crate::tables::{Day, Shown, known};
use crate::{Deprel, Feats, PublishedFrom, TokenIx, Upos, Xpos};

/// The documents of the run, one row each, with all that is known about them and their text.
#[derive(Serialize, JsonSchema)]
pub struct DocumentRow<'a> {
    /// The document's own id where its metadata has one, otherwise 16 hexadecimal digits of the BLAKE3 hash of its text.
    pub doc_id: &'a str,
    /// The source file, relative to the pipeline file.
    pub uri: &'a str,
    /// The record's number or key inside the file; empty where the file is one document.
    pub record: Option<&'a str>,
    /// Headline.
    pub title: Option<&'a str>,
    /// Author or authors as the source gives them.
    pub byline: Option<&'a str>,
    /// Publisher.
    pub publisher: Option<&'a str>,
    /// Day of publication.
    pub published: Option<Day>,
    /// How the day of publication is known: from metadata, from the text's own dateline or markup, or by the pipeline's default.
    pub published_from: Option<PublishedFrom>,
    /// Where it was published.
    pub url: Option<&'a str>,
    /// Language of the text, ISO 639-1.
    pub language: Option<&'a str>,
    /// Confidence in the language, 0 to 1.
    pub language_confidence: Option<f64>,
    /// Length of the text.
    #[schemars(extend("unit" = "code points"))]
    pub characters: u32,
    /// Number of sentences.
    pub sentences: u32,
    /// Number of tokens.
    pub tokens: u32,
    /// The first document with the same or nearly the same text.
    pub duplicate_of: Option<&'a str>,
    /// Share of the text that is the same, 0 to 1.
    pub duplicate_similarity: Option<f64>,
    /// The text, line ends normalised; offsets of all datasets count its code points.
    pub text: &'a str,
}

/// A number with the few digits that it deserves: `0.97`, not `0.9700000286102295`.
pub(super) fn rounded(value: f32, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (f64::from(value) * scale).round() / scale
}

impl<'a> DocumentRow<'a> {
    pub(crate) fn of(r: &Rendering<'a>) -> Self {
        let document = r.document;
        let meta = &document.meta;
        Self {
            doc_id: &document.id,
            uri: &document.uri,
            record: known(&document.record),
            title: known(&meta.title),
            byline: known(&meta.byline),
            publisher: known(&meta.publisher),
            published: meta.published.map(|(date, _)| Day(date)),
            published_from: meta.published.map(|(_, from)| from),
            url: known(&meta.url),
            language: document.language.map(|language| language.code).or(known(&meta.language)),
            language_confidence: document.language.map(|language| rounded(language.confidence, 3)),
            characters: r.offsets.total(),
            sentences: document.sentences.len() as u32,
            tokens: document.tokens.len() as u32,
            duplicate_of: document.duplicate.as_ref().map(|duplicate| duplicate.doc_id.as_str()),
            duplicate_similarity: document.duplicate.as_ref().map(|duplicate| rounded(duplicate.similarity, 3)),
            text: &document.text,
        }
    }
}

/// The sentences of each document.
#[derive(Serialize, JsonSchema)]
pub struct SentenceRow<'a> {
    /// Id of the sentence.
    pub sentence_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// Number of the paragraph in the document, from 1.
    pub paragraph: u32,
    /// First code point of the sentence in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The sentence.
    pub text: &'a str,
}

impl<'a> SentenceRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.sentences.iter().enumerate().map(|(index, sentence)| {
            let (start, end) = r.offsets.span(sentence.span);
            Self {
                sentence_id: r.id('s', index),
                doc_id: &r.document.id,
                paragraph: sentence.paragraph + 1,
                start,
                end,
                text: r.document.slice(sentence.span),
            }
        })
    }
}

/// The tokens with their analysis in Universal Dependencies v2, as CoNLL-U has it.
#[derive(Serialize, JsonSchema)]
pub struct TokenRow<'a> {
    /// Id of the token.
    pub token_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Id<'a>,
    /// Number of the token in its sentence, from 1.
    pub index: u32,
    /// First code point of the token in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The form.
    pub text: &'a str,
    /// The lemma.
    pub lemma: Option<&'a str>,
    /// Universal part-of-speech tag.
    pub upos: Option<Shown<Upos>>,
    /// Penn Treebank tag.
    pub xpos: Option<Shown<Xpos>>,
    /// Morphological features, `|`-separated.
    pub feats: Option<Shown<Feats>>,
    /// `index` of the head in the same sentence, 0 for the root.
    pub head: Option<u32>,
    /// Relation to the head.
    pub deprel: Option<Shown<Deprel>>,
}

impl<'a> TokenRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        let document = r.document;
        let tokens = &document.tokens;
        document.sentences.iter().enumerate().flat_map(move |(number, sentence)| {
            let first = sentence.tokens.start;
            sentence.tokens.iter().map(move |token| {
                let (start, end) = r.offsets.span(tokens.span[token.ix()]);
                let (upos, xpos) = (tokens.upos[token.ix()], tokens.xpos[token.ix()]);
                let (feats, deprel) = (tokens.feats[token.ix()], tokens.deprel[token.ix()]);
                let index = |token: TokenIx| token.0 - first.0 + 1;
                Self {
                    token_id: r.id('t', token.ix()),
                    doc_id: &document.id,
                    sentence_id: r.id('s', number),
                    index: index(token),
                    start,
                    end,
                    text: document.form(token),
                    lemma: known(document.lemma(token)),
                    upos: (upos != Upos::Unknown).then_some(Shown(upos)),
                    xpos: (xpos != Xpos::Unknown).then_some(Shown(xpos)),
                    feats: (feats != Feats::NONE).then_some(Shown(feats)),
                    head: (deprel != Deprel::Unknown).then(|| tokens.head_of(token).map_or(0, index)),
                    deprel: (deprel != Deprel::Unknown).then_some(Shown(deprel)),
                }
            })
        })
    }
}
