//! Mentions in the making.

use chancery_model::{Document, MentionKind, MentionType, PersonStatus, SentenceIx, Span, TokenIx, TokenRange, Tokens};

use super::names::What;

/// What the words around a person say of him or her.
#[derive(Debug, Clone, Default)]
pub struct Office {
    /// Role, lower case, without the country.
    pub role: String,
    /// Row of the role in the lexicon, plus one; 0 where none.
    pub row: u32,
    /// The country's row.
    pub country: Option<u32>,
    /// The draft that names the body acted for.
    pub body: Option<usize>,
    /// Whether it is held.
    pub status: Option<PersonStatus>,
}

/// A mention before its entity is known.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The whole phrase.
    pub span: Span,
    /// The name alone, or the head noun.
    pub head: Span,
    /// Tokens of the phrase.
    pub tokens: TokenRange,
    /// Tokens of the name alone, or of the role's words.
    pub core: TokenRange,
    /// How it refers.
    pub kind: MentionKind,
    /// What it is of.
    pub r#type: MentionType,
    /// What a name is a name of.
    pub what: What,
    /// What is said of it.
    pub office: Office,
    /// The draft (a name) that this description is of.
    pub same_as: Option<usize>,
    /// Whether it is of several.
    pub plural: bool,
    /// Whether it has a definite article, or a demonstrative.
    pub definite: bool,
    /// A country's row that the words beside it tie it to.
    pub country: Option<u32>,
}

impl Draft {
    /// A draft of these tokens, all of them its core.
    pub fn new(doc: &Document, tokens: TokenRange, span: Span, kind: MentionKind, r#type: MentionType, what: What) -> Self {
        let _ = doc;
        Self {
            span,
            head: span,
            tokens,
            core: tokens,
            kind,
            r#type,
            what,
            office: Office::default(),
            same_as: None,
            plural: false,
            definite: false,
            country: None,
        }
    }

    /// The token that the rest of the core hangs on: the one whose head lies outside; else its last.
    pub fn head_token(&self, tokens: &Tokens) -> TokenIx {
        let range = self.core;
        range
            .iter()
            .find(|token| tokens.head_of(*token).is_some_and(|head| !range.holds(head)))
            .or_else(|| {
                range.iter().find(|token| {
                    tokens.head[token.ix()] == Tokens::ROOT && tokens.deprel[token.ix()] == chancery_model::Deprel::Root
                })
            })
            .unwrap_or(TokenIx(range.end.0.saturating_sub(1).max(range.start.0)))
    }

    /// The sentence that it stands in.
    pub fn sentence(&self, doc: &Document) -> SentenceIx {
        doc.sentence_of(self.tokens.start).unwrap_or_default()
    }

    /// Widens the phrase to the left.
    pub fn widen(&mut self, doc: &Document, start: u32) {
        if start < self.tokens.start.0 {
            self.span = self.span.join(doc.tokens.span[start as usize]);
            self.tokens.start = TokenIx(start);
        }
    }
}
