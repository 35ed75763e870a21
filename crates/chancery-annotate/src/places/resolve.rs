//! Tells namesakes apart.
//!
//! The score of a candidate is on the scale of the decimal logarithm of inhabitants: its prior, what the words beside the name say,
//! what the document names besides (its country, its division, places near it), and what other uses of the name are said to be.

use chancery_lexicon::gazetteer::{Kind, NameIx, Toponym, ToponymIx};
use chancery_model::Document;
use rustc_hash::FxHashMap;

use super::Know;
use super::context::{Around, Context};
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
const PEER_AGREES: f32 = 1.2;

/// Candidates looked at for a name: the best known, and those that explicit words ask for are among them for all real names.
const CANDIDATES_MAX: usize = 64;
/// Namesakes closer than this are one place to a reader.
const ONE_PLACE_KM: f32 = 80.0;
/// Distinct holders kept of a name.
const HOLDERS_MAX: usize = 8;

/// The meaning of each spot.
pub(super) fn choose(document: &Document, know: &Know, spots: &[Spot<'_>], evidence: &[Evidence]) -> Vec<Choice> {
    let mut choices = vec![Choice::default(); spots.len()];
    let holders = holders(spots, evidence);
    // What needs no context goes first and gives it; then all, with the context of the others, twice.
    for (at, spot) in spots.iter().enumerate() {
        choices[at].place = sure(know, spot, &evidence[at]);
    }
    let mut around = Around::default();
    for _ in 0..2 {
        let context = Context::of(document, know, spots, &choices);
        let mut next = choices.clone();
        for (at, spot) in spots.iter().enumerate() {
            context.around(document, know, spot, &choices[at], &mut around);
            let holders = spot.name.and_then(|name| holders.get(&name)).map_or(&[] as &[_], Vec::as_slice);
            let seen = Seen { choices: &choices, context: &context, around: &around, holders };
            next[at] = decide(know, spots, evidence, &seen, at);
        }
        choices = next;
    }
    agree_on_names(spots, evidence, &mut choices);
    choices
}

/// Uses of a name that no words tell apart mean one place: the one that most speaks for over all of them.
fn agree_on_names(spots: &[Spot<'_>], evidence: &[Evidence], choices: &mut [Choice]) {
    let plain = |at: usize| {
        let evidence = &evidence[at];
        spots[at].name.filter(|_| evidence.after_comma.is_none() && evidence.nearby.is_none() && evidence.kind.is_none())
    };
    let mut votes: FxHashMap<NameIx, Vec<(ToponymIx, f32, f32)>> = FxHashMap::default();
    for (at, choice) in choices.iter().enumerate() {
        let (Some(name), Some(place)) = (plain(at), choice.place) else { continue };
        let votes = votes.entry(name).or_default();
        match votes.iter_mut().find(|(known, ..)| *known == place) {
            Some((_, sum, most)) => (*sum, *most) = (*sum + choice.confidence, most.max(choice.confidence)),
            None => votes.push((place, choice.confidence, choice.confidence)),
        }
    }
    for (at, choice) in choices.iter_mut().enumerate() {
        let Some(votes) = plain(at).and_then(|name| votes.get(&name)).filter(|votes| votes.len() > 1) else { continue };
        let winner = votes.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((place, _, most)) = winner.filter(|(place, ..)| Some(*place) != choice.place) {
            *choice = Choice { place: Some(*place), confidence: most / 2.0 };
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

/// What a decision is taken on, besides the words beside the name.
struct Seen<'a> {
    choices: &'a [Choice],
    context: &'a Context,
    around: &'a Around,
    /// Of this name.
    holders: &'a [(Holder, f32)],
}

fn decide(know: &Know, spots: &[Spot<'_>], evidence: &[Evidence], seen: &Seen<'_>, at: usize) -> Choice {
    let (spot, &Seen { choices, context, around, holders }) = (&spots[at], seen);
    let Some(name) = spot.name else {
        return Choice { place: None, confidence: if spot.kind.is_some() { 0.5 } else { 0.3 } };
    };
    let gazetteer = &know.gazetteer;
    let candidates = gazetteer.candidates(name);
    // That "Lebanon" is the country was told by its name alone; that "Tokyo" stands for Japan, by the words around it.
    let country_name = candidates.iter().any(|place| gazetteer.get(*place).kind == Kind::Country);
    let mut scores = [0.0f32; CANDIDATES_MAX];
    let mut best = 0;
    let count = candidates.len().min(CANDIDATES_MAX);
    for (slot, &candidate) in candidates.iter().enumerate().take(count) {
        let place = gazetteer.get(candidate);
        let mut score = place.prior + beside(&evidence[at], &place) + context.score(know, around, candidate, &place);
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

/// Distance on the sphere.
pub(super) fn kilometres(a: (f32, f32), b: (f32, f32)) -> f32 {
    let (p, q) = (a.0.to_radians(), b.0.to_radians());
    let (dp, dl) = ((q - p) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let half = dp.sin().powi(2) + p.cos() * q.cos() * dl.sin().powi(2);
    2.0 * 6371.0 * half.min(1.0).sqrt().asin()
}
