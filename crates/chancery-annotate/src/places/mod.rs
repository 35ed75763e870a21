//! Places: each geographic name with the place that it means, its position and how sure that is.
//!
//! Spots are collected first ([`spots`]): mentions of places and countries, and names that no mention covers but that stand as a
//! place does. Then the words around each are read for what they say of it ([`evidence`]): "Paris, Texas", "Lebanon's Tripoli",
//! "the Syrian city of", "Kharkiv region". Last, namesakes are told apart ([`resolve`]): by these words, by the countries,
//! divisions and towns named near it in the document ([`context`]), and by how well known a place is.
//!
//! # Invariants
//! - One name has one meaning in a document, unless the words beside one of its uses say otherwise.
//! - A named place that the gazetteer lacks has a row without position; nothing is guessed but its feature, from a word of its name.
//!
//! # Not here
//! Whether "Tokyo" is the city or its government: `entities` has settled that; a place is recorded either way.

mod context;
mod evidence;
mod resolve;
mod settings;
mod spots;

use std::sync::Arc;

use chancery_lexicon::gazetteer::{GazetteerBuilder, Key};
use chancery_lexicon::words::{NameWord, NameWords};
use chancery_lexicon::{Gazetteer, PlaceWords, atoms};
use chancery_model::{Annotator, Country, Document, Place, Reject};
use chancery_settings::Fault;
use rustc_hash::FxHashMap;

use crate::{Context, Entry};
use settings::PlaceSettings;

/// `use: places`.
pub const ENTRY: Entry = Entry {
    name: "places",
    summary: "Geographic names with the place that each means, its position and confidence",
    needs: &["sentences", "tokens"],
    uses: &["mentions", "entities"],
    gives: &["places"],
    example: "{ unmentioned: true, least_confidence: 0.0 }",
    schema: || schemars::schema_for!(PlaceSettings),
    build: |settings, context: &Context| {
        let at = settings.at("gazetteers");
        let settings = settings.read::<PlaceSettings>()?;
        let gazetteer = if settings.gazetteers.is_empty() {
            context.knowledge.gazetteer()
        } else {
            let mut builder = GazetteerBuilder::builtin();
            let mut faults = Vec::new();
            for path in &settings.gazetteers {
                if let Err(error) = builder.add_file(&context.base.join(path)) {
                    faults.push(Fault::new("places::gazetteer", at.clone(), error.to_string()));
                }
            }
            if !faults.is_empty() {
                return Err(faults);
            }
            Arc::new(builder.finish())
        };
        let (peoples, people) = (Peoples::of(context), Arc::clone(&context.knowledge.world().words));
        Ok(Box::new(Places { settings, know: Know { gazetteer, words: PlaceWords::built_in(), peoples, people } }))
    },
};

struct Places {
    settings: PlaceSettings,
    know: Know,
}

/// What the rules look things up in.
struct Know {
    gazetteer: Arc<Gazetteer>,
    words: PlaceWords,
    peoples: Peoples,
    people: Arc<NameWords>,
}

impl Know {
    /// Whether a word is a given or family name.
    fn is_of_people(&self, word: &str) -> bool {
        self.people.get(atoms::hash_name(word)).any(NameWord::GIVEN.and(NameWord::SURNAME))
    }
}

/// Adjectives and nouns for a country's people, by their keys: "Lebanese", "South Korean".
struct Peoples(FxHashMap<Box<[u8]>, Country>);

impl Peoples {
    fn of(context: &Context) -> Self {
        let world = context.knowledge.world();
        let mut map = FxHashMap::default();
        for row in world.countries.rows.iter().filter(|row| row.period.to.is_none()) {
            for word in row.adjectives.iter().chain(&row.demonyms).chain(&row.short).filter(|word| !word.ends_with('-')) {
                // The first country of an adjective that two share ("Congolese") is as good as the other.
                map.entry(Box::from(Key::of(word).bytes())).or_insert(row.code);
            }
        }
        Self(map)
    }

    fn get(&self, words: &str) -> Option<Country> {
        self.0.get(Key::of(words).bytes()).copied()
    }
}

impl Annotator for Places {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        let spots = spots::collect(document, &self.know, self.settings.unmentioned);
        let evidence: Vec<_> = (0..spots.len()).map(|at| evidence::around(document, &self.know, &spots, at)).collect();
        let choices = resolve::choose(document, &self.know, &spots, &evidence);
        let mut names: FxHashMap<u32, Arc<str>> = FxHashMap::default();
        document.places = spots
            .iter()
            .zip(&choices)
            .filter(|(spot, choice)| {
                choice.confidence >= self.settings.least_confidence && (spot.mentioned || choice.place.is_some())
            })
            .map(|(spot, choice)| {
                let row = blank(spot, choice.confidence);
                let unknown = || Place {
                    name: Arc::from(document.slice(spot.span)),
                    feature: Arc::from(spot.feature.unwrap_or("")),
                    ..row.clone()
                };
                choice.place.map_or_else(unknown, |ix| {
                    let place = self.know.gazetteer.get(ix);
                    // A division's own name is not its division; a country has none.
                    let admin1 = if &**place.admin1 == place.name && place.feature.starts_with("A.") {
                        Arc::default()
                    } else {
                        Arc::clone(place.admin1)
                    };
                    Place {
                        name: names.entry(ix.ix() as u32).or_insert_with(|| Arc::from(place.name)).clone(),
                        feature: Arc::clone(place.feature),
                        country: place.country,
                        admin1,
                        position: Some(place.position),
                        geonames_id: place.geonames_id,
                        ..row.clone()
                    }
                })
            })
            .collect();
        Ok(())
    }
}

/// A row of which only the place in the text is known.
fn blank(spot: &spots::Spot<'_>, confidence: f32) -> Place {
    Place {
        span: spot.span,
        sentence: spot.sentence,
        name: Arc::default(),
        feature: Arc::default(),
        country: None,
        admin1: Arc::default(),
        position: None,
        geonames_id: 0,
        entity: spot.entity,
        confidence,
    }
}

#[cfg(test)]
mod tests;
