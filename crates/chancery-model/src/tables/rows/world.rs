//! Expressions of time, places, quantities.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::rounded;
use super::{Entity, Id, Rendering};
use crate::tables::{Day, RecordId, Shown, known};
use crate::{DateAnchor, DateType};

/// Every expression of time, as TIMEX3 has it, with the days that it stands for.
#[derive(Serialize, JsonSchema)]
pub struct DateRow<'a> {
    /// Id of the expression.
    pub date_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the expression in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The expression.
    pub text: &'a str,
    /// TIMEX3 type.
    pub r#type: DateType,
    /// TIMEX3 value: `2022-10`, `P1Y`, `XXXX-WXX-1`.
    pub value: Option<&'a str>,
    /// TIMEX3 modifier: `START`, `MID`, `END`, `APPROX`, ….
    pub r#mod: Option<&'a str>,
    /// First day of the interval.
    pub from: Option<Day>,
    /// Last day of the interval.
    pub to: Option<Day>,
    /// What a relative expression was resolved against: `published` or `dates:` and the id of another expression.
    pub anchor: Option<Shown<Anchor<'a>>>,
}

/// An anchor as the dataset writes it.
#[derive(Debug, Clone, Copy)]
pub enum Anchor<'a> {
    /// The day of publication.
    Published,
    /// Another expression.
    Date(RecordId<'a>),
}

impl std::fmt::Display for Anchor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Anchor::Published => f.write_str("published"),
            Anchor::Date(id) => write!(f, "dates:{id}"),
        }
    }
}

impl<'a> DateRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.dates.iter().enumerate().map(|(index, date)| {
            let (start, end) = r.offsets.span(date.span);
            Self {
                date_id: r.id('d', index),
                doc_id: &r.document.id,
                sentence_id: r.sentence(date.sentence),
                start,
                end,
                text: r.document.slice(date.span),
                r#type: date.r#type,
                value: known(&date.value),
                r#mod: known(date.modifier),
                from: date.from.map(Day),
                to: date.to.map(Day),
                anchor: match date.anchor {
                    DateAnchor::None => None,
                    DateAnchor::Published => Some(Shown(Anchor::Published)),
                    DateAnchor::Date(other) => {
                        Some(Shown(Anchor::Date(RecordId { doc: &r.document.id, letter: 'd', index: other.0 })))
                    }
                },
            }
        })
    }
}

/// Every geographic name, with where it is.
#[derive(Serialize, JsonSchema)]
pub struct PlaceRow<'a> {
    /// Id of the place.
    pub place_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the name in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The name as the text has it.
    pub text: &'a str,
    /// The gazetteer's name.
    pub name: Option<&'a str>,
    /// GeoNames feature class and code.
    pub feature: Option<&'a str>,
    /// Country, ISO 3166-1 alpha-3.
    pub country: Option<&'a str>,
    /// First-level division.
    pub admin1: Option<&'a str>,
    /// Latitude, WGS 84.
    #[schemars(extend("unit" = "decimal degrees"))]
    pub latitude: Option<f64>,
    /// Longitude, WGS 84.
    #[schemars(extend("unit" = "decimal degrees"))]
    pub longitude: Option<f64>,
    /// Number in GeoNames.
    pub geonames_id: Option<u32>,
    /// Its entity.
    pub entity_id: Option<Entity<'a>>,
    /// Confidence in the choice among places of that name, 0 to 1.
    pub confidence: f64,
}

impl<'a> PlaceRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.places.iter().enumerate().map(|(index, place)| {
            let (start, end) = r.offsets.span(place.span);
            Self {
                place_id: r.id('l', index),
                doc_id: &r.document.id,
                sentence_id: r.sentence(place.sentence),
                start,
                end,
                text: r.document.slice(place.span),
                name: known(&place.name),
                feature: known(&place.feature),
                country: place.country.as_ref().map(|country| country.as_str()),
                admin1: known(&place.admin1),
                latitude: place.position.map(|(latitude, _)| rounded(latitude, 5)),
                longitude: place.position.map(|(_, longitude)| rounded(longitude, 5)),
                geonames_id: (place.geonames_id != 0).then_some(place.geonames_id),
                entity_id: r.entity(place.entity),
                confidence: rounded(place.confidence, 2),
            }
        })
    }
}

/// Numbers with their units: money, shares, measures, counts.
#[derive(Serialize, JsonSchema)]
pub struct QuantityRow<'a> {
    /// Id of the quantity.
    pub quantity_id: Id<'a>,
    /// The document.
    pub doc_id: &'a str,
    /// The sentence.
    pub sentence_id: Option<Id<'a>>,
    /// First code point of the quantity in the document's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// The words.
    pub text: &'a str,
    /// The number, or the lower end of a range.
    pub value: f64,
    /// Upper end of a range.
    pub value_to: Option<f64>,
    /// ISO 4217 code for money, `percent`, an SI or customary unit, or the noun that is counted.
    pub unit: Option<&'a str>,
    /// What it is a quantity of.
    pub of: Option<&'a str>,
    /// `about`, `at least`, `more than`, ….
    pub modifier: Option<&'a str>,
}

impl<'a> QuantityRow<'a> {
    pub(crate) fn all(r: &Rendering<'a>) -> impl Iterator<Item = Self> {
        r.document.quantities.iter().enumerate().map(|(index, quantity)| {
            let (start, end) = r.offsets.span(quantity.span);
            Self {
                quantity_id: r.id('n', index),
                doc_id: &r.document.id,
                sentence_id: r.sentence(quantity.sentence),
                start,
                end,
                text: r.document.slice(quantity.span),
                value: quantity.value,
                value_to: quantity.value_to,
                unit: known(&quantity.unit),
                of: known(&quantity.of),
                modifier: known(quantity.modifier),
            }
        })
    }
}
