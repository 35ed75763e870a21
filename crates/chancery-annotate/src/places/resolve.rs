//! Tells namesakes apart.
//!
//! The score of a candidate is on the scale of the decimal logarithm of inhabitants: its prior, what the words beside the name say,
//! what the document names besides (its country, its division, places near it), and what other uses of the name are said to be.

use chancery_lexicon::gazetteer::{Kind, NameIx, Toponym, ToponymIx};
use chancery_model::{Country, Document, MentionType};
use rustc_hash::FxHashMap;

use super::Know;
use super::evidence::{Evidence, Holder};
use super::spots::Spot;

/// What a spot was found to mean.
#[derive(Clone, Copy, Default)]
pub(super) struct Choice {
    /// The place; `None` where the gazetteer has none of that name.
    pub place: Option<ToponymIx>,
    /// 0 to 1.
    pub confidence: f32,
}

// Weights, in powers of ten of inhabitants. They were set on sentences written for this project, so that one clear word beside a
// name outweighs any difference in size, and that a town's namesake on another continent needs several words of its own country.
const AFTER_COMMA: f32 = 8.0;
const NEARBY: f32 = 5.0;
const OTHER_USE: f32 = 0.75;
const KIND_AGREES: f32 = 2.2;
const KIND_DIFFERS: f32 = -1.5;
const STATE_AGREES: f32 = 6.0;
const STATE_NAMED: f32 = 0.3;
const COUNTRY_NAMED: f32 = 0.75;
const DIVISION_NAMED: f32 = 0.95;
/// Logarithms beyond which more of the same says no more.
const COUNTRY_MOST: f32 = 2.3;
const DIVISION_MOST: f32 = 3.0;
const PEER_AGREES: f32 = 1.2;
const NEAR_MOST: f32 = 1.6;

/// Candidates looked at for a name: the best known, and those that explicit words ask for are among them for all real names.
const CANDIDATES_MAX: usize = 64;
/// Namesakes closer than this are one place to a reader.
const ONE_PLACE_KM: f32 = 80.0;
/// Distinct holders kept of a name.
const HOLDERS_MAX: usize = 8;
/// Places already placed that a candidate's distance is taken to.
const ANCHORS_MAX: usize = 24;

/// How often the document names a country or something in it, and likewise divisions.
#[derive(Default)]
struct Named {
    countries: Vec<(Country, f32)>,
    divisions: FxHashMap<u32, f32>,
}

impl Named {
    fn add_country(&mut self, country: Country, weight: f32) {
        match self.countries.iter_mut().find(|(known, _)| *known == country) {
            Some((_, sum)) => *sum += weight,
            None => self.countries.push((country, weight)),
        }
    }

    fn add(&mut self, place: &Toponym<'_>, weight: f32) {
        if let Some(country) = place.country {
            self.add_country(country, weight);
        }
        if place.division > 0 {
            *self.divisions.entry(place.division).or_default() += weight;
        }
    }

    /// What speaks for a candidate, less what it put there itself.
    fn score(&self, place: &Toponym<'_>, own: Option<&Toponym<'_>>) -> f32 {
        let grown = |sum: f32, own: bool, most: f32| (1.0 + (sum - f32::from(u8::from(own))).max(0.0)).log2().min(most);
        let own_country = own.and_then(|own| own.country);
        let country = place
            .country
            .and_then(|country| self.countries.iter().find(|(known, _)| *known == country))
            .map_or(0.0, |(known, sum)| grown(*sum, own_country == Some(*known), COUNTRY_MOST));
        let own_division = own.map_or(0, |own| own.division);
        let division = self
            .divisions
            .get(&place.division)
            .filter(|_| place.division > 0)
            .map_or(0.0, |sum| grown(*sum, own_division == place.division, DIVISION_MOST));
        COUNTRY_NAMED * country + DIVISION_NAMED * division
    }
}

/// The meaning of each spot.
pub(super) fn choose(document: &Document, know: &Know, spots: &[Spot<'_>], evidence: &[Evidence]) -> Vec<Choice> {
    let mut choices = vec![Choice::default(); spots.len()];
    let mut named = outside_names(document, know);
    let holders = holders(spots, evidence);
    let none = Vec::new();
    let background = Named { countries: named.countries.clone(), divisions: FxHashMap::default() };
    // What needs no context goes first and gives it; then all, with the context of the others, twice.
    for (at, spot) in spots.iter().enumerate() {
        if let Some(place) = sure(know, spot, &evidence[at]) {
            choices[at].place = Some(place);
        }
    }
    count(know, spots, &choices, &mut named);
    for _ in 0..2 {
        let anchors = anchors(know, spots, &choices);
        let mut next = choices.clone();
        for at in 0..spots.len() {
            let holders = spots[at].name.and_then(|name| holders.get(&name)).unwrap_or(&none);
            let context = Seen { choices: &choices, named: &named, anchors: &anchors, holders };
            next[at] = decide(know, spots, evidence, &context, at);
        }
        choices = next;
        named = Named { countries: background.countries.clone(), divisions: FxHashMap::default() };
        count(know, spots, &choices, &mut named);
    }
    choices
}

/// Countries that the document names otherwise than as a spot: by nationality, or by the host of its address.
fn outside_names(document: &Document, know: &Know) -> Named {
    let mut named = Named::default();
    for mention in &document.mentions {
        let entity = mention.entity.and_then(|entity| document.entities.get(entity.ix()));
        if let (MentionType::Nationality, Some(country)) = (mention.r#type, entity.and_then(|entity| entity.country)) {
            named.add_country(country, 0.7);
        }
    }
    if document.mentions.is_empty() {
        // Without mentions the adjectives are read off the tokens.
        for span in &document.tokens.span {
            let form = span.slice(&document.text);
            if form.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
                && let Some(country) = know.peoples.get(form)
            {
                named.add_country(country, 0.7);
            }
        }
    }
    named
}

/// Adds what the choices so far name; each name counts at most four times, so that one name repeated does not outvote all others.
fn count(know: &Know, spots: &[Spot<'_>], choices: &[Choice], named: &mut Named) {
    let mut times: FxHashMap<ToponymIx, u32> = FxHashMap::default();
    for (spot, place) in spots.iter().zip(choices).filter_map(|(spot, choice)| choice.place.map(|place| (spot, place))) {
        let seen = times.entry(place).or_default();
        *seen += 1;
        if *seen <= 4 {
            named.add(&know.gazetteer.get(place), if spot.dateline { 1.5 } else { 1.0 });
        }
    }
}

/// The meaning of a spot that needs no context: the words beside it, a name that is only one place's, or one far ahead of its namesakes.
fn sure(know: &Know, spot: &Spot<'_>, evidence: &Evidence) -> Option<ToponymIx> {
    let candidates = know.gazetteer.candidates(spot.name?);
    let get = |place: &ToponymIx| know.gazetteer.get(*place);
    if let Some(holder) = evidence.after_comma.or(evidence.nearby) {
        return candidates.iter().copied().find(|place| holder.holds(&get(place)));
    }
    if let Some(state) = spot.state.filter(|_| candidates.len() == 1 || get(&candidates[0]).kind != Kind::Country) {
        return candidates.iter().copied().find(|place| get(place).country == Some(state));
    }
    if evidence.kind.is_some() {
        return None;
    }
    let first = get(candidates.first()?);
    let far_ahead = candidates.get(1).is_none_or(|second| first.prior - get(second).prior >= 2.0 && first.prior >= 6.5);
    far_ahead.then(|| candidates[0])
}

/// Positions of what is placed, each once.
fn anchors(know: &Know, spots: &[Spot<'_>], choices: &[Choice]) -> Vec<(ToponymIx, (f32, f32))> {
    let mut anchors: Vec<(ToponymIx, (f32, f32))> = Vec::new();
    for place in spots.iter().zip(choices).filter_map(|(_, choice)| choice.place) {
        let toponym = know.gazetteer.get(place);
        // The middle of a large country or a sea is near nothing in particular.
        let small = matches!(toponym.kind, Kind::Settlement | Kind::County | Kind::Site | Kind::Division | Kind::Land);
        if small && anchors.len() < ANCHORS_MAX && !anchors.iter().any(|(known, _)| *known == place) {
            anchors.push((place, toponym.position));
        }
    }
    anchors
}

/// What a decision is taken on, besides the words beside the name.
struct Seen<'a> {
    choices: &'a [Choice],
    named: &'a Named,
    anchors: &'a [(ToponymIx, (f32, f32))],
    /// Of this name.
    holders: &'a [(Holder, f32)],
}

fn decide(know: &Know, spots: &[Spot<'_>], evidence: &[Evidence], seen: &Seen<'_>, at: usize) -> Choice {
    let (spot, &Seen { choices, named, anchors, holders }) = (&spots[at], seen);
    let Some(name) = spot.name else {
        return Choice { place: None, confidence: if spot.kind.is_some() { 0.5 } else { 0.3 } };
    };
    let gazetteer = &know.gazetteer;
    let candidates = gazetteer.candidates(name);
    let own = choices[at].place.map(|place| gazetteer.get(place));
    // That "Lebanon" is the country was told by its name alone; that "Tokyo" stands for Japan, by the words around it.
    let country_name = candidates.iter().any(|place| gazetteer.get(*place).kind == Kind::Country);
    let mut scores = [0.0f32; CANDIDATES_MAX];
    let mut best = 0;
    let count = candidates.len().min(CANDIDATES_MAX);
    for (slot, &candidate) in candidates.iter().enumerate().take(count) {
        let place = gazetteer.get(candidate);
        let mut score =
            place.prior + beside(&evidence[at], &place) + named.score(&place, own.as_ref()) + near(anchors, candidate, &place);
        score += spot
            .state
            .filter(|state| place.country == Some(*state))
            .map_or(0.0, |_| if country_name { STATE_NAMED } else { STATE_AGREES });
        score += other_uses(holders, &evidence[at], &place);
        for peer in evidence[at].peers.into_iter().flatten().filter_map(|peer| choices[peer as usize].place) {
            score += if gazetteer.get(peer).kind == place.kind { PEER_AGREES } else { 0.0 };
        }
        scores[slot] = score;
        if score > scores[best] {
            best = slot;
        }
    }
    // A city and the district around it are two rows and one place.
    let winner = gazetteer.get(candidates[best]);
    let other =
        |place: &Toponym<'_>| place.country != winner.country || kilometres(place.position, winner.position) > ONE_PLACE_KM;
    let rivals: f32 = (candidates.iter().zip(&scores[..count]))
        .filter(|(place, _)| other(&gazetteer.get(**place)))
        .map(|(_, score)| (1.4 * (score - scores[best])).exp())
        .sum();
    let geographic = if spot.mentioned { 0.98 } else { 0.85 };
    Choice { place: Some(candidates[best]), confidence: geographic / (1.0 + rivals) }
}

/// What the words beside a name say of a candidate.
fn beside(evidence: &Evidence, place: &Toponym<'_>) -> f32 {
    let held = |holder: Option<Holder>, weight: f32| holder.map_or(0.0, |holder| if holder.holds(place) { weight } else { 0.0 });
    let kind = evidence.kind.map_or(0.0, |kind| if agree(kind, place) { KIND_AGREES } else { KIND_DIFFERS });
    held(evidence.after_comma, AFTER_COMMA) + held(evidence.nearby, NEARBY) + kind
}

/// Whether a candidate is of the kind that a word tells. "Region" and "district" are used of divisions at every level.
fn agree(kind: Kind, place: &Toponym<'_>) -> bool {
    match kind {
        Kind::Division => matches!(place.kind, Kind::Division | Kind::Region),
        Kind::County => matches!(place.kind, Kind::County | Kind::Division),
        Kind::Region => matches!(place.kind, Kind::Region | Kind::Division | Kind::Land),
        other => place.kind == other,
    }
}

/// What explicit words hold each name, over all its uses.
fn holders(spots: &[Spot<'_>], evidence: &[Evidence]) -> FxHashMap<NameIx, Vec<(Holder, f32)>> {
    let mut holders: FxHashMap<NameIx, Vec<(Holder, f32)>> = FxHashMap::default();
    for (spot, evidence) in spots.iter().zip(evidence) {
        let said = [(evidence.after_comma, AFTER_COMMA), (evidence.nearby, NEARBY)];
        for (holder, weight) in said.into_iter().filter_map(|(holder, weight)| Some((holder?, weight))) {
            let Some(name) = spot.name else { continue };
            let known = holders.entry(name).or_default();
            if known.len() < HOLDERS_MAX && !known.iter().any(|(other, least)| *other == holder && *least >= weight) {
                known.push((holder, weight));
            }
        }
    }
    holders
}

/// What they say of a candidate. A use that has words of its own is told by them.
fn other_uses(holders: &[(Holder, f32)], evidence: &Evidence, place: &Toponym<'_>) -> f32 {
    if evidence.after_comma.is_some() {
        return 0.0;
    }
    holders.iter().filter(|(holder, _)| holder.holds(place)).map(|(_, weight)| OTHER_USE * weight).fold(0.0, f32::max)
}

/// What is near a candidate among the places already placed.
fn near(anchors: &[(ToponymIx, (f32, f32))], candidate: ToponymIx, place: &Toponym<'_>) -> f32 {
    if place.kind == Kind::Country {
        return 0.0;
    }
    let sum: f32 = anchors
        .iter()
        .filter(|(anchor, _)| *anchor != candidate)
        .map(|(_, position)| match kilometres(*position, place.position) {
            close if close < 60.0 => 0.6,
            near if near < 200.0 => 0.35,
            far if far < 700.0 => 0.12,
            _ => 0.0,
        })
        .sum();
    sum.min(NEAR_MOST)
}

/// Distance on the sphere.
fn kilometres(a: (f32, f32), b: (f32, f32)) -> f32 {
    let (p, q) = (a.0.to_radians(), b.0.to_radians());
    let (dp, dl) = ((q - p) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let half = dp.sin().powi(2) + p.cos() * q.cos() * dl.sin().powi(2);
    2.0 * 6371.0 * half.min(1.0).sqrt().asin()
}
