//! Mentions and entities.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Entity, Id, Rendering};
use crate::tables::{Shown, known};
use crate::{EntityIx, EntityType, MentionKind, MentionType, PersonStatus};

/// Each time a text names or describes someone or something.
#[derive(Serialize, JsonSchema)]
pub struct MentionRow<'a> {
    /// Id of the mention.
    pub mention_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the phrase in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The phrase.
    pub text: &'a str,
    /// First code point of its head: the name without its title, or the head noun.
    pub head_start: u32,
    /// One past the head's last code point.
    pub head_end: u32,
    /// How it refers: by name, by a describing phrase, by a pronoun.
    pub kind: MentionKind,
    /// What it is of.
    pub r#type: MentionType,
    /// Whom it refers to, where that is known.
    pub entity_id: Option<Entity<'a>>,
}

impl<'a> MentionRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.mentions.iter().enumerate().map(|(index, mention)| {
            let (start, end) = r.offsets.span(mention.span);
            let (head_start, head_end) = r.offsets.span(mention.head);
            Self {
                mention_id: r.id('m', index),
                doc_id: &r.document.id,
                sentence_id: r.sentence(mention.sentence),
                start,
                end,
                text: r.document.slice(mention.span),
                head_start,
                head_end,
                kind: mention.kind,
                r#type: mention.r#type,
                entity_id: r.entity(mention.entity),
            }
        })
    }
}

/// The people, organizations, countries and places of each document, once each.
#[derive(Serialize, JsonSchema)]
pub struct EntityRow<'a> {
    /// The document.
    pub doc_id: &'a str,
    /// Id of the entity: the same in every document for one that has a name (`country/JPN`, `person/ken-jimbo`), the document's
    /// own for an unnamed person.
    pub entity_id: Entity<'a>,
    /// The fullest name, or the describing phrase.
    pub name: &'a str,
    /// What it is.
    pub r#type: EntityType,
    /// ISO 3166-1 alpha-3 code (`XKX` for Kosovo) of the country that it is, belongs to or acts for.
    pub country: Option<&'a str>,
    /// Actor code: country, then PLOVER sectors.
    pub code: Option<&'a str>,
    /// Role as the text gives it, without the country, lower case.
    pub role: Option<&'a str>,
    /// Whether the role is held.
    pub status: Option<PersonStatus>,
    /// Organization that a person acts for.
    pub organization: Option<&'a str>,
    /// Wikidata item.
    pub wikidata: Option<&'a str>,
    /// Number of mentions in the document.
    pub mentions: u32,
    /// First code point of the first mention.
    pub first_start: u32,
}

impl<'a> EntityRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        let document = r.document;
        let mut order: Vec<usize> = (0..document.entities.len()).collect();
        let first = |at: usize| document.mentions.get(document.entities[at].first.ix()).map_or(0, |mention| mention.span.start);
        order.sort_by_key(|at| (first(*at), *at));
        order.into_iter().map(move |at| {
            let entity = &document.entities[at];
            Self {
                doc_id: &document.id,
                entity_id: r
                    .entity(Some(EntityIx::at(at)))
                    .unwrap_or(Shown(super::EntityId { doc: &document.id, key: &entity.key })),
                name: &entity.name,
                r#type: entity.r#type,
                country: entity.country.as_ref().map(|country| country.as_str()),
                code: known(&entity.code),
                role: known(&entity.role),
                status: entity.status,
                organization: known(&entity.organization),
                wikidata: known(&entity.wikidata),
                mentions: entity.mentions,
                first_start: r.offsets.of(first(at)),
            }
        })
    }
}
