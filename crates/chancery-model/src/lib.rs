//! Documents, layers, records and their schemas: the ground floor that every other crate stands on.
//!
//! # Invariants
//! - No I/O, no threads, no knowledge of any language.
//! - Inside, spans are byte ranges on `char` boundaries; code-point offsets exist in tables only.

mod document;
mod feats;
mod layers;
mod sentence;
mod span;
mod stage;
#[cfg(feature = "tables")]
pub mod tables;
mod tokens;
mod upos;

#[cfg(feature = "tables")]
pub use document::CustomRows;
pub use document::{Document, DuplicateOf, Language, Metadata, PublishedFrom};
pub use feats::{Feats, Feature};
pub use jiff::civil::Date;
pub use layers::{
    Actor, Agreement, AgreementKind, AgreementStatus, Country, DateAnchor, DateExpr, DateType, Entity, EntityKey, EntityType,
    Event, EventStatus, EventType, Mention, MentionKind, MentionType, PersonStatus, Place, Quantity, Quote, QuoteKind,
};
pub use sentence::Sentence;
pub use span::{DateIx, EntityIx, LemmaIx, MentionIx, PlaceIx, QuoteIx, SentenceIx, Span, TokenIx, TokenRange};
pub use stage::{Annotator, Parser, Raw, Reject, Source, panic_message};
#[cfg(feature = "tables")]
pub use stage::{Collector, Encoded, Encoder, Piece, Sink};
pub use tokens::{Lemmas, Tokens};
pub use upos::{Deprel, Upos, Xpos};
