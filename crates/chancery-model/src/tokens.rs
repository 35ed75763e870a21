//! Tokens as columns (a struct of arrays), and their lemmas.
//!
//! # Invariants
//! - All columns have the same length; spans are sorted and do not overlap.
//! - `head` is an index into the same document, in the same sentence, or [`Tokens::ROOT`].
//! - Columns that nothing has filled yet hold their "unknown" value; a lemma that is not known is the form's own.

use crate::{Deprel, Feats, LemmaIx, Span, TokenIx, Upos, Xpos};

/// The tokens of a document, one entry a token in each column.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Where each token stands in the text.
    pub span: Vec<Span>,
    /// Its lemma.
    pub lemma: Vec<LemmaIx>,
    /// Its universal tag.
    pub upos: Vec<Upos>,
    /// Its treebank tag.
    pub xpos: Vec<Xpos>,
    /// Its morphological features.
    pub feats: Vec<Feats>,
    /// Its head in the dependency tree: a token of the document, or [`Tokens::ROOT`].
    pub head: Vec<u32>,
    /// Its relation to the head.
    pub deprel: Vec<Deprel>,
    /// The lemmas that occur in the document, each once.
    pub lemmas: Lemmas,
}

impl Tokens {
    /// The head of a root (and of every token while nothing is parsed).
    pub const ROOT: u32 = u32::MAX;

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.span.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.span.is_empty()
    }

    /// Adds a token of which only the place is known.
    pub fn push(&mut self, span: Span) {
        self.span.push(span);
        self.lemma.push(LemmaIx(0));
        self.upos.push(Upos::Unknown);
        self.xpos.push(Xpos::Unknown);
        self.feats.push(Feats::NONE);
        self.head.push(Self::ROOT);
        self.deprel.push(Deprel::Unknown);
    }

    /// Empties all columns and keeps their memory.
    pub fn clear(&mut self) {
        self.span.clear();
        self.lemma.clear();
        self.upos.clear();
        self.xpos.clear();
        self.feats.clear();
        self.head.clear();
        self.deprel.clear();
        self.lemmas.clear();
    }

    /// The head of a token; `None` for a root.
    #[must_use]
    pub fn head_of(&self, token: TokenIx) -> Option<TokenIx> {
        match self.head[token.ix()] {
            Self::ROOT => None,
            head => Some(TokenIx(head)),
        }
    }

    /// The token's lemma (empty while lemmas are not known).
    #[must_use]
    pub fn lemma_of(&self, token: TokenIx) -> &str {
        self.lemmas.get(self.lemma[token.ix()])
    }
}

/// The distinct lemmas of a document in one string. Number 0 is the empty lemma: "not known".
///
/// A stage that looks for certain lemmas asks its table once for each distinct lemma, then compares numbers.
#[derive(Debug, Clone)]
pub struct Lemmas {
    text: String,
    ends: Vec<u32>,
}

impl Default for Lemmas {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0] }
    }
}

impl Lemmas {
    /// Adds a lemma without looking whether it is there; callers keep the look-up (it is theirs to reuse).
    pub fn push(&mut self, lemma: &str) -> LemmaIx {
        self.text.push_str(lemma);
        self.ends.push(self.text.len() as u32);
        LemmaIx::at(self.ends.len() - 1)
    }

    /// The lemma with that number.
    #[must_use]
    pub fn get(&self, lemma: LemmaIx) -> &str {
        let end = self.ends[lemma.ix()] as usize;
        let start = lemma.ix().checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..end]
    }

    /// How many there are, the empty one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none but the empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.len() <= 1
    }

    /// Every lemma with its number, the empty one first.
    pub fn iter(&self) -> impl Iterator<Item = (LemmaIx, &str)> {
        (0..self.ends.len()).map(|at| (LemmaIx::at(at), self.get(LemmaIx::at(at))))
    }

    /// Forgets all but the empty one and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.truncate(1);
    }
}
