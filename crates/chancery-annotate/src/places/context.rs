//! What a document names around a spot, and over all.
//!
//! What stands in the same paragraph says most of a name, what stands further off little: a round-up of the day's news goes from Bolivia to
//! Ohio in a line.

use chancery_lexicon::gazetteer::{Kind, NameIx, Toponym, ToponymIx};
use chancery_model::{Country, Document, MentionType, TokenIx};
use rustc_hash::FxHashMap;

use super::Know;
use super::resolve::{Choice, kilometres};
use super::spots::Spot;

const COUNTRY_NAMED: f32 = 0.75;
const DIVISION_NAMED: f32 = 0.95;
/// Logarithms beyond which more of the same says no more.
const COUNTRY_MOST: f32 = 2.3;
const DIVISION_MOST: f32 = 3.0;
const NEAR_MOST: f32 = 1.6;
/// Share of what the whole document names.
const OVERALL: f32 = 0.2;
/// Weight of a nationality beside a place's.
const NATIONALITY: f32 = 0.7;
/// Items looked at before and after a spot.
const WINDOW: (usize, usize) = (14, 10);
/// Times that one place counts over all, so that one name repeated does not outvote all others.
const REPEATS_MAX: u32 = 4;

/// Something named that lies somewhere.
struct Item {
    token: u32,
    paragraph: u32,
    name: Option<NameIx>,
    place: Option<ToponymIx>,
    country: Option<Country>,
    weight: f32,
}

/// Everything that a document names, in text order.
pub(super) struct Context {
    items: Vec<Item>,
    countries: Vec<(Country, f32)>,
    divisions: FxHashMap<u32, f32>,
    /// How often each place counts in these sums.
    times: FxHashMap<ToponymIx, u32>,
}

/// What is named around one spot.
#[derive(Default)]
pub(super) struct Around {
    countries: Vec<(Country, f32)>,
    divisions: Vec<(u32, f32)>,
    places: Vec<(ToponymIx, f32)>,
    own: Option<(ToponymIx, f32)>,
}

impl Context {
    /// What the document names, given what its spots mean so far.
    pub(super) fn of(document: &Document, know: &Know, spots: &[Spot<'_>], choices: &[Choice]) -> Self {
        let mut context = Self {
            items: nationalities(document, know),
            countries: Vec::new(),
            divisions: FxHashMap::default(),
            times: FxHashMap::default(),
        };
        for at in 0..context.items.len() {
            if let Some(country) = context.items[at].country {
                add(&mut context.countries, country, NATIONALITY);
            }
        }
        for (spot, choice) in spots.iter().zip(choices) {
            let Some(ix) = choice.place else { continue };
            let place = know.gazetteer.get(ix);
            let weight = if spot.dateline { 1.5 } else { 1.0 };
            let times = context.times.entry(ix).or_default();
            *times += 1;
            if *times <= REPEATS_MAX {
                if let Some(country) = place.country {
                    add(&mut context.countries, country, weight);
                }
                if place.division > 0 {
                    *context.divisions.entry(place.division).or_default() += weight;
                }
            }
            context.items.push(Item {
                token: spot.tokens.start.0,
                paragraph: document.sentences[spot.sentence.ix()].paragraph,
                name: spot.name,
                place: Some(ix),
                country: place.country,
                weight,
            });
        }
        context.items.sort_by_key(|item| item.token);
        context
    }

    /// Fills in what is named around a spot, its own name apart.
    pub(super) fn around(&self, document: &Document, know: &Know, spot: &Spot<'_>, choice: &Choice, around: &mut Around) {
        around.countries.clear();
        around.divisions.clear();
        around.places.clear();
        around.own = choice.place.map(|ix| (ix, self.times.get(&ix).copied().unwrap_or(0).min(REPEATS_MAX) as f32));
        let here = self.items.partition_point(|item| item.token < spot.tokens.start.0);
        let paragraph = document.sentences[spot.sentence.ix()].paragraph;
        let window = &self.items[here.saturating_sub(WINDOW.0)..(here + WINDOW.1).min(self.items.len())];
        for item in window.iter().filter(|item| item.name.is_none() || item.name != spot.name) {
            let weight = item.weight
                * match item.paragraph.abs_diff(paragraph) {
                    0 => 1.0,
                    1 => 0.45,
                    2 | 3 => 0.3,
                    _ => 0.2,
                };
            if let Some(ix) = item.place {
                // Named again it is no second witness, but the nearer of the two counts.
                match around.places.iter_mut().find(|(known, _)| *known == ix) {
                    Some((_, known)) => {
                        let more = weight - *known;
                        if more <= 0.0 {
                            continue;
                        }
                        *known = weight;
                        around.count(know, ix, more);
                    }
                    None => {
                        around.places.push((ix, weight));
                        around.count(know, ix, weight);
                    }
                }
            } else if let Some(country) = item.country {
                add(&mut around.countries, country, weight);
            }
        }
    }

    /// What speaks for a candidate, on the scale of priors.
    pub(super) fn score(&self, know: &Know, around: &Around, candidate: ToponymIx, place: &Toponym<'_>) -> f32 {
        let own = around.own.map(|(ix, times)| (know.gazetteer.get(ix), times));
        let grown = |near: f32, all: f32, own: f32, most: f32| (1.0 + near + OVERALL * (all - own).max(0.0)).log2().min(most);
        let mut score = 0.0;
        if let Some(country) = place.country {
            let own = own.as_ref().filter(|(own, _)| own.country == Some(country)).map_or(0.0, |(_, times)| *times);
            score += COUNTRY_NAMED * grown(sum(&around.countries, country), sum(&self.countries, country), own, COUNTRY_MOST);
        }
        if place.division > 0 {
            let own = own.as_ref().filter(|(own, _)| own.division == place.division).map_or(0.0, |(_, times)| *times);
            let all = self.divisions.get(&place.division).copied().unwrap_or(0.0);
            score += DIVISION_NAMED * grown(sum(&around.divisions, place.division), all, own, DIVISION_MOST);
        }
        score + around.near(know, candidate, place)
    }
}

impl Around {
    fn count(&mut self, know: &Know, ix: ToponymIx, weight: f32) {
        let place = know.gazetteer.get(ix);
        if let Some(country) = place.country {
            add(&mut self.countries, country, weight);
        }
        if place.division > 0 {
            add(&mut self.divisions, place.division, weight);
        }
    }

    /// What is near a candidate among the places named around it.
    fn near(&self, know: &Know, candidate: ToponymIx, place: &Toponym<'_>) -> f32 {
        if place.kind == Kind::Country {
            return 0.0;
        }
        let closeness = |(ix, weight): &(ToponymIx, f32)| {
            let other = know.gazetteer.get(*ix);
            // The middle of a country, a region or a sea is near nothing in particular.
            if *ix == candidate || matches!(other.kind, Kind::Country | Kind::Region | Kind::Water) {
                return 0.0;
            }
            weight
                * match kilometres(other.position, place.position) {
                    close if close < 60.0 => 0.6,
                    near if near < 200.0 => 0.35,
                    far if far < 700.0 => 0.12,
                    _ => 0.0,
                }
        };
        self.places.iter().map(closeness).sum::<f32>().min(NEAR_MOST)
    }
}

/// Nationalities: by mention, or where nothing has found mentions, read off the tokens.
fn nationalities(document: &Document, know: &Know) -> Vec<Item> {
    let item = |token: u32, country: Country| {
        let sentence = document.sentence_of(TokenIx(token))?;
        let paragraph = document.sentences[sentence.ix()].paragraph;
        Some(Item { token, paragraph, name: None, place: None, country: Some(country), weight: NATIONALITY })
    };
    if document.mentions.is_empty() {
        let tokens = document.tokens.span.iter().enumerate();
        return tokens
            .filter(|(_, span)| document.text.as_bytes()[span.start as usize].is_ascii_uppercase())
            .filter_map(|(at, span)| item(at as u32, know.peoples.get(span.slice(&document.text))?))
            .collect();
    }
    let of_nation = document.mentions.iter().filter(|mention| mention.r#type == MentionType::Nationality);
    of_nation
        .filter_map(|mention| {
            let entity = document.entities.get(mention.entity?.ix())?;
            item(mention.tokens.start.0, entity.country?)
        })
        .collect()
}

fn add<K: PartialEq>(sums: &mut Vec<(K, f32)>, key: K, weight: f32) {
    match sums.iter_mut().find(|(known, _)| *known == key) {
        Some((_, sum)) => *sum += weight,
        None => sums.push((key, weight)),
    }
}

fn sum<K: PartialEq>(sums: &[(K, f32)], key: K) -> f32 {
    sums.iter().find(|(known, _)| *known == key).map_or(0.0, |(_, sum)| *sum)
}
