//! The rows of the datasets, as the contract names them. Doc comments are the columns' descriptions.

mod actors;
mod events;
mod run;
mod speech;
mod text;
mod world;

pub use actors::{EntityRow, MentionRow};
pub use events::{AgreementRow, EventRow};
pub use run::{DyadRow, RejectRow};
pub use speech::QuoteRow;
pub use text::{DocumentRow, SentenceRow, TokenRow};
pub use world::{DateRow, PlaceRow, QuantityRow};

use super::{Offsets, RecordId, Shown};
use crate::{Document, EntityIx, EntityKey, SentenceIx};

/// A document on its way to rows.
pub struct Rendering<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its code points.
    pub offsets: Offsets<'a>,
}

impl<'a> Rendering<'a> {
    /// Reads the text once to count its code points.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document, offsets: Offsets::new(&document.text) }
    }

    fn id(&self, letter: char, index: usize) -> Shown<RecordId<'a>> {
        Shown(RecordId { doc: &self.document.id, letter, index: index as u32 })
    }

    fn sentence(&self, sentence: SentenceIx) -> Option<Shown<RecordId<'a>>> {
        (sentence.ix() < self.document.sentences.len()).then(|| self.id('s', sentence.ix()))
    }

    fn entity(&self, entity: Option<EntityIx>) -> Option<Shown<EntityId<'a>>> {
        entity.map(|entity| Shown(EntityId { doc: &self.document.id, key: &self.document.entities[entity.ix()].key }))
    }
}

/// An entity's id as the datasets write it.
#[derive(Debug, Clone, Copy)]
pub struct EntityId<'a> {
    doc: &'a str,
    key: &'a EntityKey,
}

impl std::fmt::Display for EntityId<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.key {
            EntityKey::Named(id) => f.write_str(id),
            EntityKey::Anonymous(number) => write!(f, "anon/{}/{number}", self.doc),
        }
    }
}

type Id<'a> = Shown<RecordId<'a>>;
type Entity<'a> = Shown<EntityId<'a>>;
