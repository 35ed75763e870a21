//! Where paragraphs, sentences and tokens begin and end: rules over bytes, with the words that they need in `data/*.tsv`.
//!
//! Every step is one pass from left to right, so time is linear in the text whatever it holds.
//!
//! # Invariants
//! - Spans lie on `char` boundaries, are sorted, and do not overlap; together the tokens cover everything that is neither space nor
//!   control character.
//! - A token never crosses a sentence's end, a sentence never crosses a paragraph's.

mod classes;
pub(crate) mod dateline;
mod lexicon;
mod paragraphs;
mod sentences;
mod tokens;

pub(crate) use lexicon::Rules;

use chancery_model::{Sentence, Span, Tokens};

/// Fills paragraphs, sentences and the spans of tokens; all else in the columns is left unknown.
pub(crate) fn split(
    text: &str,
    rules: &Rules,
    paragraphs: &mut Vec<Span>,
    sentences: &mut Vec<Sentence>,
    tokens: &mut Tokens,
    spans: &mut Vec<tokens::Piece>,
) {
    paragraphs::split(text, paragraphs);
    for (number, paragraph) in paragraphs.iter().enumerate() {
        spans.clear();
        tokens::split(text, *paragraph, rules, spans);
        sentences::split(text, spans, rules, number as u32, tokens, sentences);
    }
}

pub(crate) use tokens::Piece;
