//! What the rules hand on: a quotation whose speaker is still words, not yet a person.

use chancery_model::{QuoteKind, Span};

use super::speaker::Phrase;

/// Who speaks, as far as a rule can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// These words say.
    Phrase(Phrase),
    /// Whoever spoke last, unless the sentence before has a person act: the token where the quotation's own sentence begins.
    Last(u32),
    /// The label before the colon.
    Label(Span),
    /// Nobody is named.
    Nobody,
}

/// A quotation in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub span: Span,
    pub kind: QuoteKind,
    pub cue: Option<Span>,
    pub who: Who,
    /// Head token of the addressee.
    pub addressee: Option<u32>,
    /// Whether it is thought or felt rather than said.
    pub thought: bool,
}

/// What marked words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A name, a title, a word: no quotation.
    Nothing,
    /// An utterance set off from its sentence.
    Speech,
    /// Words of somebody within a sentence.
    Fragment,
}
