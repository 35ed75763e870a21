//! Sentences: what a paragraph is cut into, and the tokens of each.

use crate::{Span, TokenRange};

/// A sentence of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, without the white space around it.
    pub span: Span,
    /// Its tokens.
    pub tokens: TokenRange,
    /// The number of its paragraph, from 0.
    pub paragraph: u32,
}
