//! Where a text may name a place.

use chancery_lexicon::gazetteer::{Kind, NameIx, NameMatch, Toponym};
use chancery_lexicon::place_words::Tells;
use chancery_model::{
    Country, Document, EntityIx, Mention, MentionKind, MentionType, SentenceIx, Span, TokenIx, TokenRange, Upos,
};

use super::Know;

/// A stretch of text that may name a place.
pub(super) struct Spot<'k> {
    /// The name, without article.
    pub span: Span,
    /// Its tokens.
    pub tokens: TokenRange,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// What the gazetteer calls so.
    pub name: Option<NameIx>,
    /// Whether a mention says that it is a place or a country.
    pub mentioned: bool,
    /// The mention's entity.
    pub entity: Option<EntityIx>,
    /// The state that the mention names or stands for.
    pub state: Option<Country>,
    /// The kind that a word of the name itself tells ("Hiroshima Prefecture").
    pub kind: Option<Kind>,
    /// The feature that goes with it.
    pub feature: Option<&'k str>,
    /// Whether it opens a dateline: "TRIPOLI, Lebanon (AP) -".
    pub dateline: bool,
}

/// Longest name in tokens.
const TOKENS_MAX: usize = 8;

/// All spots of a document, in text order; two never overlap.
pub(super) fn collect<'k>(document: &Document, know: &'k Know, unmentioned: bool) -> Vec<Spot<'k>> {
    let mut spots: Vec<Spot<'k>> = document
        .mentions
        .iter()
        .filter(|mention| mention.kind == MentionKind::Name)
        .filter(|mention| matches!(mention.r#type, MentionType::Place | MentionType::Country))
        .filter_map(|mention| of_mention(document, know, mention))
        .collect();
    if unmentioned {
        find_unmentioned(document, know, &mut spots);
    }
    spots.sort_by_key(|spot| (spot.span.start, spot.span.end));
    spots.dedup_by(|later, earlier| earlier.span.overlaps(later.span));
    spots
}

/// The name of place that a mention holds.
fn of_mention<'k>(document: &Document, know: &'k Know, mention: &Mention) -> Option<Spot<'k>> {
    let TokenRange { start: TokenIx(mut start), end: TokenIx(mut end) } = mention.tokens;
    // "The Hague" has its article in its name, "the Hebrides" has not.
    let articled = longest(document, know, start, end).is_some_and(|found| found.tokens > 1);
    while start < end && !articled && document.form(TokenIx(start)).eq_ignore_ascii_case("the") {
        start += 1;
    }
    if end > start && matches!(document.form(TokenIx(end - 1)), "'s" | "\u{2019}s" | "'" | "\u{2019}") {
        end -= 1;
    }
    if start == end {
        return None;
    }
    let state = (mention.r#type == MentionType::Country)
        .then(|| mention.entity.and_then(|entity| document.entities.get(entity.ix())).and_then(|entity| entity.country))
        .flatten();
    let (mut kind, mut feature, mut name) = (None, None, None);
    let whole = |from: u32, to: u32| longest(document, know, from, to).filter(|found| from + found.tokens as u32 == to);
    if let Some(found) = whole(start, end) {
        name = Some(found.name);
    } else if let Some((found, to)) = longest(document, know, start, end).map(|found| (found, start + found.tokens as u32)) {
        // "Hiroshima Prefecture", or "Kitimat, B.C." in one mention.
        let rest = document.form(TokenIx(to));
        if let Some((told, code)) = know.words.kind(rest, false).filter(|_| to + 1 == end) {
            (name, kind, feature) = (Some(found.name), Some(told), Some(code));
        } else if rest == "," {
            (name, end) = (Some(found.name), to);
        }
    }
    if name.is_none() {
        // "northern Gaza", "Mount Zzyx", "the Gulf of Zzyx": what is known of it stands at its end.
        name = (start + 1..end)
            .find_map(|from| whole(from, end))
            .map(|found| found.name)
            .filter(|_| matches!(know.words.get(document.form(TokenIx(start))).map(|word| word.tells), Some(Tells::Direction)));
        let told = know
            .words
            .kind(document.form(TokenIx(start)), true)
            .or_else(|| know.words.kind(document.form(TokenIx(end - 1)), false));
        if let (Some((told, code)), true) = (told, end - start > 1) {
            (kind, feature) = (Some(told), Some(code));
        }
        // A seat of government ("the Kremlin") or "the Kishida government" stands for a state and is no name of place.
        if name.is_none() && state.is_some() {
            return None;
        }
    }
    // "in March", "the August heat": a month or another word that is seldom a place's name.
    if end - start == 1 && know.words.is_common(document.form(TokenIx(start))) {
        let held = name.filter(|_| document.tokens.span.get(end as usize).is_some_and(|next| next.slice(&document.text) == ","));
        held.and_then(|name| super::evidence::container_at(document, know, end + 1, name))?;
    }
    if let Some((to, shorter, told, code)) = trimmed(document, know, start, end) {
        (end, name, kind, feature) = (to, Some(shorter), Some(told), Some(code));
    }
    // What stands for a state is itself or its capital: "the White House" is no town in Tennessee.
    if state.is_some() {
        let candidates = name.map(|name| know.gazetteer.candidates(name)).unwrap_or_default();
        let seat = |place: &Toponym<'_>| place.kind == Kind::Country || &**place.feature == "P.PPLC" || place.prior >= 5.3;
        candidates.iter().map(|place| know.gazetteer.get(*place)).find(|place| seat(place) && place.country == state)?;
    }
    let span = document.tokens.span[start as usize].join(document.tokens.span[end as usize - 1]);
    Some(Spot {
        span,
        tokens: TokenRange::new(start, end),
        sentence: mention.sentence,
        name,
        mentioned: true,
        entity: mention.entity,
        state,
        kind,
        feature,
        dateline: is_dateline(document, start, end),
    })
}

/// "Darfur region", "New York state": a small word that tells the kind is not of the name where the rest is a name by itself.
fn trimmed<'k>(document: &Document, know: &'k Know, start: u32, end: u32) -> Option<(u32, NameIx, Kind, &'k str)> {
    let last = document.form(TokenIx(end.checked_sub(1)?));
    let (kind, feature) = know.words.kind(last, false).filter(|_| last.starts_with(char::is_lowercase))?;
    let rest = longest(document, know, start, end - 1).filter(|found| start + found.tokens as u32 == end - 1)?;
    Some((end - 1, rest.name, kind, feature))
}

/// The longest name of the gazetteer from one token on, before another.
fn longest(document: &Document, know: &Know, from: u32, to: u32) -> Option<NameMatch> {
    know.gazetteer.longest(&document.text, &document.tokens.span[..to as usize], from as usize, TOKENS_MAX)
}

/// Names that no mention covers and that stand as a place does.
fn find_unmentioned<'k>(document: &Document, know: &'k Know, spots: &mut Vec<Spot<'k>>) {
    let tokens = &document.tokens;
    let mut names = document.mentions.iter().filter(|mention| mention.kind == MentionKind::Name).peekable();
    let (mut covered_to, mut doubtful_to) = (0, 0);
    let (mut sentence, mut at, mut last_end) = (0, 0, 0);
    while at < tokens.len() {
        let span = tokens.span[at];
        while let Some(mention) = names.next_if(|mention| mention.span.start <= span.start) {
            let to = if is_doubtful(document, mention) { &mut doubtful_to } else { &mut covered_to };
            *to = mention.span.end.max(*to);
            if matches!(mention.r#type, MentionType::Place | MentionType::Country) {
                last_end = mention.tokens.end.0;
            }
        }
        at += 1;
        let first = document.text.as_bytes()[span.start as usize];
        let capital = first.is_ascii_uppercase() || (first >= 0x80 && span.slice(&document.text).starts_with(char::is_uppercase));
        if span.start < covered_to || !capital {
            continue;
        }
        let from = at as u32 - 1;
        let to =
            names.peek().map_or(tokens.len(), |next| tokens.span.partition_point(|span| span.end <= next.span.start).max(at));
        let Some(found) = longest(document, know, from, to as u32) else { continue };
        let end = from + found.tokens as u32;
        while document.sentences.get(sentence + 1).is_some_and(|next| next.tokens.start.0 <= from) {
            sentence += 1;
        }
        let Some(within) = document.sentences.get(sentence).filter(|within| within.tokens.holds(TokenIx(from))) else { continue };
        let (mut end, mut name) = (end.min(within.tokens.end.0), found.name);
        if let Some((to, shorter, ..)) = trimmed(document, know, from, end) {
            (end, name) = (to, shorter);
        }
        if !stands_as_place(document, know, from, end, name, last_end, span.start < doubtful_to) {
            continue;
        }
        spots.push(Spot {
            span: span.join(tokens.span[end as usize - 1]),
            tokens: TokenRange::new(from, end),
            sentence: SentenceIx::at(sentence),
            name: Some(name),
            mentioned: false,
            entity: None,
            state: None,
            kind: None,
            feature: None,
            dateline: is_dateline(document, from, end),
        });
        at = end as usize;
        last_end = end;
    }
}

/// Whether a mention is of one word, and all that is known of the person or body is that word. It may as well be a place's name: "fighters
/// seized Goma".
fn is_doubtful(document: &Document, mention: &Mention) -> bool {
    mention.tokens.len() == 1
        && matches!(mention.r#type, MentionType::Person | MentionType::Organization)
        && mention.entity.and_then(|entity| document.entities.get(entity.ix())).is_some_and(|entity| {
            entity.name == document.slice(mention.span)
                && entity.country.is_none()
                && entity.role.is_empty()
                && entity.organization.is_empty()
        })
}

/// Whether a name that no mention covers is likely that of a place.
///
/// `listed_after` is where the last place named before it ends: "Goma, Bukavu and Uvira". What was taken for a person of one name
/// (`doubtful`) needs words beside it that speak of a place.
fn stands_as_place(
    document: &Document,
    know: &Know,
    from: u32,
    end: u32,
    name: NameIx,
    listed_after: u32,
    doubtful: bool,
) -> bool {
    let upos = |at: u32| document.tokens.upos[at as usize];
    let capital = |at: u32| document.form(TokenIx(at)).starts_with(char::is_uppercase);
    let proper = |at: u32| capital(at) && matches!(upos(at), Upos::Propn | Upos::Unknown);
    let sentence =
        document.sentence_of(TokenIx(from)).map_or(TokenRange::new(from, end), |ix| document.sentences[ix.ix()].tokens);
    let within = |at: u32| sentence.holds(TokenIx(at)).then_some(at);
    let (before, after) = (from.checked_sub(1).and_then(within), within(end));
    let form = |at: Option<u32>| at.map_or("", |at| document.form(TokenIx(at)));
    if is_dateline(document, from, end) {
        return true;
    }
    // Part of a longer name: "Paris Hilton", "Michael Jordan", "the Jordan Times". A capital at the start of a sentence says nothing.
    let named_on = after.is_some_and(proper) && know.words.kind(form(after), false).is_none();
    let named_before = before.is_some_and(|at| proper(at) && (at > sentence.start.0 || upos(at) == Upos::Propn));
    if named_on || (named_before && know.words.get(form(before)).is_none()) {
        return false;
    }
    // "in the Donbas", "of northern Syria": what stands before article and direction counts.
    let mut back = before;
    while form(back).eq_ignore_ascii_case("the")
        || matches!(know.words.get(form(back)).map(|word| word.tells), Some(Tells::Direction))
    {
        back = back.and_then(|at| at.checked_sub(1)).and_then(within);
    }
    let earlier = back.and_then(|at| at.checked_sub(1)).and_then(within);
    let of_kind = form(back) == "of" && know.words.kind(form(earlier), true).is_some();
    if form(back) == "of" && !of_kind && earlier.is_some_and(|at| capital(at) && at > sentence.start.0) {
        return false;
    }
    if form(after) == "," && super::evidence::container_at(document, know, end + 1, name).is_some() {
        return true;
    }
    if end - from == 1 && know.words.is_common(form(Some(from))) {
        return false;
    }
    let listed = listed_after < from
        && from - listed_after <= 2
        && listed_after > 0
        && (listed_after..from).all(|at| matches!(document.form(TokenIx(at)), "," | "and" | "or" | "/"));
    let told = of_kind || listed || know.words.get(form(back)).is_some() || know.words.kind(form(after), false).is_some();
    if !told && (doubtful && !form(before).eq_ignore_ascii_case("the") || !(from..end).any(proper)) {
        return false;
    }
    let best = know.gazetteer.get(know.gazetteer.candidates(name)[0]);
    // "U.N.", "MIT": an acronym is no town, however near a preposition.
    let text = document.tokens.span[from as usize].join(document.tokens.span[end as usize - 1]).slice(&document.text);
    if best.kind == Kind::Settlement && text.len() <= 4 && !listed && !text.chars().any(char::is_lowercase) {
        return false;
    }
    match best.kind {
        Kind::Country => true,
        Kind::Settlement if end - from > 1 => best.prior >= 4.7 || told,
        Kind::Settlement => {
            (best.prior >= 6.0 && !doubtful) || (told && best.prior >= 3.5) || (form(back) == "of" && best.prior >= 5.6)
        }
        Kind::Division | Kind::County => end - from > 1 || best.prior >= 6.0 || told,
        Kind::Site => end - from > 1 || told,
        // "the Nile", "the status of Essequibo"
        Kind::Region | Kind::Water | Kind::Land => {
            end - from > 1 || told || best.prior >= 7.0 || form(before).eq_ignore_ascii_case("the") || form(back) == "of"
        }
    }
}

/// Whether a name opens a paragraph as a dateline does: "TRIPOLI, Lebanon (AP) —", "Paris – The minister".
fn is_dateline(document: &Document, from: u32, end: u32) -> bool {
    let Some(sentence) = document.sentence_of(TokenIx(from)).map(|ix| document.sentences[ix.ix()]) else { return false };
    if sentence.tokens.start.0 != from || sentence.paragraph > 2 {
        return false;
    }
    let upper = (from..end).all(|at| !document.form(TokenIx(at)).chars().any(char::is_lowercase));
    let limit = sentence.tokens.end.0.min(end + 16);
    let mark = (end..limit).find(|&at| matches!(document.form(TokenIx(at)), "-" | "--" | "\u{2013}" | "\u{2014}"));
    let next = if end < limit { document.form(TokenIx(end)) } else { "" };
    mark.is_some_and(|mark| mark == end || next == "(" || upper && matches!(next, "," | "/"))
}
