//! Documents, layers, records and their schemas: the ground floor that every other crate stands on.
//!
//! # Invariants
//! - No I/O, no threads, no knowledge of any language.
//! - Inside, spans are byte ranges on `char` boundaries; code-point offsets exist in tables only.

mod feats;
mod span;
mod tokens;
mod upos;

pub use feats::{Feats, Feature};
pub use span::{DateIx, EntityIx, LemmaIx, MentionIx, PlaceIx, QuoteIx, SentenceIx, Span, TokenIx, TokenRange};
pub use tokens::{Lemmas, Tokens};
pub use upos::{Deprel, Upos, Xpos};
