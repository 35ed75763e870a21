//! What the words around a name say of the place: what holds it, and what kind it is.

use chancery_lexicon::gazetteer::{Kind, NameIx, Toponym, ToponymIx};
use chancery_lexicon::place_words::Tells;
use chancery_model::{Country, Document, TokenIx, Upos};

use super::Know;
use super::spots::Spot;

/// What holds a place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Holder {
    /// A country.
    Country(Country),
    /// A division or county: by the number of the division and its country.
    Division(u32, Option<Country>),
}

impl Holder {
    /// What a country, division or county holds; `None` for a place of another kind.
    pub(super) fn of(place: &Toponym<'_>) -> Option<Self> {
        match place.kind {
            Kind::Country => place.country.map(Holder::Country),
            Kind::Division | Kind::County if place.division > 0 => Some(Holder::Division(place.division, place.country)),
            _ => None,
        }
    }

    /// Whether it holds a place (and is not that place).
    pub(super) fn holds(self, place: &Toponym<'_>) -> bool {
        match self {
            Holder::Country(country) => place.country == Some(country) && place.kind != Kind::Country,
            Holder::Division(division, _) => place.division == division && place.kind != Kind::Division,
        }
    }
}

/// What was read around a spot.
#[derive(Default, Clone, Copy)]
pub(super) struct Evidence {
    /// "Paris, Texas": the name's own holder, or the one of two that fits the best known candidate.
    pub after_comma: Option<Holder>,
    /// "Lebanon's Tripoli", "the Syrian city of", "Paris in Texas".
    pub nearby: Option<Holder>,
    /// "the city of", "Kharkiv region".
    pub kind: Option<Kind>,
    /// A list's neighbour: "Georgia, Armenia and Azerbaijan". The index of its spot.
    pub peers: [Option<u32>; 2],
}

/// Words read back at most.
const BACK_MAX: u32 = 6;

/// Reads the words around a spot.
pub(super) fn around(document: &Document, know: &Know, spots: &[Spot<'_>], at: usize) -> Evidence {
    let spot = &spots[at];
    let mut evidence = Evidence { kind: spot.kind, ..Evidence::default() };
    let Some(name) = spot.name else { return evidence };
    let end = spot.tokens.end.0;
    let sentence = document.sentences[spot.sentence.ix()].tokens;
    let form = |at: u32| if sentence.holds(TokenIx(at)) { document.form(TokenIx(at)) } else { "" };
    match form(end) {
        "," | "(" => {
            // "Springfield, Greene County, Missouri": the state tells more than the county, whose namesakes are many.
            let outer = spots
                .get(at + 1)
                .filter(|next| next.tokens.start.0 == end + 1 && form(next.tokens.end.0) == ",")
                .filter(|next| next.name.is_some_and(|name| is_county(know, name)))
                .and_then(|next| container_at(document, know, next.tokens.end.0 + 1, name));
            evidence.after_comma = outer.or_else(|| container_at(document, know, end + 1, name));
        }
        word if word.eq_ignore_ascii_case("in") => {
            let mut next = end + 1;
            while matches!(know.words.get(form(next)).map(|word| word.tells), Some(Tells::Direction))
                || form(next).eq_ignore_ascii_case("the")
            {
                next += 1;
            }
            evidence.nearby = container_at(document, know, next, name);
        }
        word => {
            if let Some((kind, _)) = know.words.kind(word, false) {
                evidence.kind = Some(kind);
            }
        }
    }
    read_back(document, know, spots, at, &mut evidence);
    evidence.peers = peers(document, spots, at);
    evidence
}

/// Whether a name is above all a county's.
fn is_county(know: &Know, name: NameIx) -> bool {
    know.gazetteer.candidates(name).first().is_some_and(|place| know.gazetteer.get(*place).kind == Kind::County)
}

/// The country, division or county named at a token that holds some place of that name.
pub(super) fn container_at(document: &Document, know: &Know, at: u32, name: NameIx) -> Option<Holder> {
    let form = document.tokens.span.get(at as usize)?.slice(&document.text);
    if !form.starts_with(char::is_uppercase) {
        return None;
    }
    let gazetteer = &know.gazetteer;
    let fits = |place: ToponymIx| {
        let holder = Holder::of(&gazetteer.get(place))?;
        gazetteer.candidates(name).iter().any(|candidate| holder.holds(&gazetteer.get(*candidate))).then_some(holder)
    };
    let long = gazetteer.longest(&document.text, &document.tokens.span, at as usize, 6);
    let full = long.and_then(|found| gazetteer.candidates(found.name).iter().find_map(|place| fits(*place)));
    full.or_else(|| gazetteer.containers(form).find_map(fits)).or_else(|| {
        // "U.S.", "UK": countries by their short forms.
        let holder = Holder::Country(know.peoples.get(form)?);
        let short = !form.chars().any(char::is_lowercase);
        (short && gazetteer.candidates(name).iter().any(|candidate| holder.holds(&gazetteer.get(*candidate)))).then_some(holder)
    })
}

/// "Lebanon's Tripoli", "the Syrian border town of Azaz", "the state of Georgia".
fn read_back(document: &Document, know: &Know, spots: &[Spot<'_>], at: usize, evidence: &mut Evidence) {
    let spot = &spots[at];
    let sentence = document.sentences[spot.sentence.ix()].tokens;
    let first = spot.tokens.start.0;
    let stop = sentence.start.0.max(first.saturating_sub(BACK_MAX));
    let (mut back, mut of, mut place_word, mut owner) = (first, false, false, false);
    while back > stop {
        let form = document.form(TokenIx(back - 1));
        if let Some(holder) = (place_word || owner).then(|| holder_ending_at(document, know, &spots[..at], back)).flatten() {
            evidence.nearby = evidence.nearby.or(Some(holder));
            return;
        }
        match form {
            "of" if !of && !place_word => of = true,
            "'s" | "\u{2019}s" | "'" | "\u{2019}" => owner = true,
            "," if place_word => return,
            "," => {}
            _ => match know.words.get(form).map(|word| (word.tells, word.before)) {
                Some((Tells::Kind(kind), true)) if of || back == first || place_word => {
                    // "the capital of Libya" is not Libya, "the capital, Tripoli" is Tripoli.
                    if of && ["capital", "outskirts"].iter().any(|word| form.eq_ignore_ascii_case(word)) {
                        return;
                    }
                    if !place_word && back + 2 > first {
                        evidence.kind = evidence.kind.or(Some(kind));
                    }
                    place_word = true;
                }
                Some((Tells::Direction, _)) => {}
                _ if matches!(document.tokens.upos[back as usize - 1], Upos::Adj | Upos::Noun | Upos::Det | Upos::Num)
                    && !form.starts_with(char::is_uppercase)
                    && (place_word || owner) => {}
                _ => return,
            },
        }
        back -= 1;
    }
}

/// The country or division that the words before a token end in naming: "Syrian", "South Korean", "Lebanon", "Texas".
fn holder_ending_at(document: &Document, know: &Know, spots: &[Spot<'_>], end: u32) -> Option<Holder> {
    let last = document.tokens.span[end as usize - 1];
    if !last.slice(&document.text).starts_with(char::is_uppercase) {
        return None;
    }
    if let Some(spot) = spots.last().filter(|spot| spot.tokens.end.0 == end) {
        let candidates = spot.name.map(|name| know.gazetteer.candidates(name))?;
        return spot
            .state
            .map(Holder::Country)
            .or_else(|| candidates.iter().find_map(|place| Holder::of(&know.gazetteer.get(*place))));
    }
    let two = end.checked_sub(2).map(|at| document.tokens.span[at as usize].join(last));
    two.filter(|span| !span.slice(&document.text).contains('\n'))
        .and_then(|span| know.peoples.get(span.slice(&document.text)))
        .or_else(|| know.peoples.get(last.slice(&document.text)))
        .map(Holder::Country)
}

/// The spots beside it in a list.
fn peers(document: &Document, spots: &[Spot<'_>], at: usize) -> [Option<u32>; 2] {
    let joined = |left: &Spot<'_>, right: &Spot<'_>| {
        let between = left.tokens.end.0..right.tokens.start.0;
        left.sentence == right.sentence
            && (1..=3).contains(&between.len())
            && between.clone().all(|at| matches!(document.form(TokenIx(at)), "," | "and" | "or" | "&" | "the"))
    };
    let before = at.checked_sub(1).filter(|&before| joined(&spots[before], &spots[at]));
    let after = spots.get(at + 1).filter(|next| joined(&spots[at], next)).map(|_| at + 1);
    [before.map(|at| at as u32), after.map(|at| at as u32)]
}
