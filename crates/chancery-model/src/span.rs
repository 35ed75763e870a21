//! Spans and typed indices: bytes, tokens and code points are never all `usize`.

use std::ops::Range;

/// A half-open range of bytes in a document's text, on `char` boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The span of a `usize` range, which must lie within a text of at most `u32::MAX` bytes (readers reject longer ones).
    #[must_use]
    pub fn of(range: Range<usize>) -> Self {
        debug_assert!(range.end <= u32::MAX as usize);
        Self { start: range.start as u32, end: range.end as u32 }
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside it.
    #[must_use]
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the byte `at` lies inside it.
    #[must_use]
    pub const fn holds(self, at: u32) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range of `usize`, to slice a text with.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text under it.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        &text[self.range()]
    }
}

macro_rules! index_type {
    ($(#[$doc:meta] $name:ident;)+) => { $(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(pub u32);

        impl $name {
            /// The index for a vector of that layer.
            #[must_use]
            pub const fn ix(self) -> usize {
                self.0 as usize
            }

            /// The index of the `at`-th record.
            #[must_use]
            pub fn at(at: usize) -> Self {
                Self(at as u32)
            }
        }
    )+ };
}

index_type! {
    /// A token of the document (index into the columns of [`crate::Tokens`]).
    TokenIx;
    /// A sentence of the document.
    SentenceIx;
    /// A mention of the document.
    MentionIx;
    /// An entity of the document.
    EntityIx;
    /// A quotation of the document.
    QuoteIx;
    /// An expression of time of the document.
    DateIx;
    /// A place of the document.
    PlaceIx;
    /// A lemma of the document (index into [`crate::Lemmas`]).
    LemmaIx;
}

/// A half-open range of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TokenRange {
    /// First token.
    pub start: TokenIx,
    /// One past the last token.
    pub end: TokenIx,
}

impl TokenRange {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start: TokenIx(start), end: TokenIx(end) }
    }

    /// As a range of `usize`, to slice columns with.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start.0 as usize..self.end.0 as usize
    }

    /// The tokens in it, in text order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = TokenIx> + ExactSizeIterator {
        (self.start.0..self.end.0.max(self.start.0)).map(TokenIx)
    }

    /// How many tokens it holds.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.0.saturating_sub(self.start.0) as usize
    }

    /// Whether it holds no token.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end.0 <= self.start.0
    }

    /// Whether the token lies inside it.
    #[must_use]
    pub const fn holds(self, token: TokenIx) -> bool {
        self.start.0 <= token.0 && token.0 < self.end.0
    }
}
