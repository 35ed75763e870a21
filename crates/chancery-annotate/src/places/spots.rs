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

/// Countries whose towns are commonly called by surnames.
const NAMED_AFTER_PEOPLE: [&str; 8] = ["AUS", "CAN", "GBR", "IRL", "JAM", "NZL", "USA", "ZAF"];
/// Longest name in tokens.
const TOKENS_MAX: usize = 8;

/// All spots of a document, in text order; two never overlap.
pub(super) fn collect<'k>(document: &Document, know: &'k Know, unmentioned: bool) -> Vec<Spot<'k>> {
    let mut spots: Vec<Spot<'k>> = document
        .mentions
        .iter()
        .filter(|mention| mention.kind == MentionKind::Name)
        .filter(|mention| matches!(mention.r#type, MentionType::Place | MentionType::Country))
        .flat_map(|mention| of_mention(document, know, mention))
        .collect();
    if unmentioned {
        find_unmentioned(document, know, &mut spots);
    }
    spots.sort_by_key(|spot| (spot.span.start, spot.span.end));
    spots.dedup_by(|later, earlier| earlier.span.overlaps(later.span));
    spots
}

/// The names of places that a mention holds: one, or several where it took a list for one name ("Geelong and Ballarat").
fn of_mention<'k>(document: &Document, know: &'k Know, mention: &Mention) -> Vec<Spot<'k>> {
    let TokenRange { start: TokenIx(start), end: TokenIx(end) } = mention.tokens;
    let joint = |at: &u32| matches!(document.form(TokenIx(*at)), "and" | "or" | "&");
    if !(start..end).any(|at| joint(&at))
        || longest(document, know, start, end).is_some_and(|found| start + found.tokens as u32 == end)
    {
        return of_name(document, know, mention, start, end).into_iter().collect();
    }
    let mut spots = Vec::new();
    let mut from = start;
    for at in (start..end).filter(joint).chain([end]) {
        if from < at {
            spots.extend(of_name(document, know, mention, from, at).filter(|spot| spot.name.is_some()));
        }
        from = at + 1;
    }
    if spots.is_empty() {
        spots.extend(of_name(document, know, mention, start, end));
    }
    spots
}

/// The name of place in some tokens of a mention.
fn of_name<'k>(document: &Document, know: &'k Know, mention: &Mention, mut start: u32, mut end: u32) -> Option<Spot<'k>> {
    let form = |at: u32| document.form(TokenIx(at));
    // "The Hague" has its article in its name, "the Hebrides" has not.
    let articled = longest(document, know, start, end).is_some_and(|found| found.tokens > 1);
    while start < end && !articled && form(start).eq_ignore_ascii_case("the") {
        start += 1;
    }
    if end > start && matches!(form(end - 1), "'s" | "\u{2019}s" | "'" | "\u{2019}") {
        end -= 1;
    }
    if start == end {
        return None;
    }
    let state = (mention.r#type == MentionType::Country)
        .then(|| mention.entity.and_then(|entity| document.entities.get(entity.ix())).and_then(|entity| entity.country))
        .flatten();
    // "the Venezuelan city of Valencia"
    let named_after_of = (start + 1..end).find(|&at| form(at) == "of" && know.words.kind(form(at - 1), true).is_some());
    if let Some(of) =
        named_after_of.filter(|of| of + 1 < end && longest(document, know, start, end).is_none_or(|found| found.tokens == 1))
    {
        start = of + 1;
    }
    let mut known = Known::default();
    let whole = |from: u32, to: u32| longest(document, know, from, to).filter(|found| from + found.tokens as u32 == to);
    if let Some(found) = whole(start, end) {
        known.name = Some(found.name);
    } else if let Some((found, to)) = longest(document, know, start, end).map(|found| (found, start + found.tokens as u32)) {
        // "Hiroshima Prefecture", or "Kitimat, B.C." in one mention.
        if let Some((kind, code)) = know.words.kind(form(to), false).filter(|_| to + 1 == end) {
            known = Known {
                name: Some(found.name).filter(|name| lies_at(know, *name, kind, code)),
                kind: Some(kind),
                feature: Some(code),
            };
        } else if form(to) == "," {
            (known.name, end) = (Some(found.name), to);
        }
    } else if end - start == 1 && start > 0 && form(start - 1) == "," {
        // "Mobile, Ala."
        known.name = know.gazetteer.abbreviation(form(start));
    }
    if known.name.is_none() {
        // "northern Gaza", "Mount Zzyx", "the Gulf of Zzyx": what is known of it stands at its end.
        if know.words.get(form(start)).is_some_and(|word| word.tells == Tells::Direction) {
            known.name = (start + 1..end).find_map(|from| whole(from, end)).map(|found| found.name);
        }
        let told = know.words.kind(form(start), true).or_else(|| know.words.kind(form(end - 1), false));
        if let (Some((kind, code)), true, None) = (told, end - start > 1, known.kind) {
            (known.kind, known.feature) = (Some(kind), Some(code));
        }
        // A seat of government ("the Kremlin") or "the Kishida government" stands for a state and is no name of place.
        if known.name.is_none() && state.is_some() {
            return None;
        }
    }
    // "in March", "the August heat": a month or another word that is seldom a place's name.
    if end - start == 1 && know.words.is_common(form(start)) {
        let held =
            known.name.filter(|_| document.tokens.span.get(end as usize).is_some_and(|next| next.slice(&document.text) == ","));
        held.and_then(|name| super::evidence::container_at(document, know, end + 1, name))?;
    }
    if let Some((to, shorter, kind, code)) = trimmed(document, know, start, end) {
        end = to;
        known = Known { name: Some(shorter), kind: Some(kind), feature: Some(code) };
    }
    // "Thanks, Kim", "the death of Garcia": a name that people bear is a small town's only where the words around it speak of places.
    if mention.r#type == MentionType::Place && state.is_none() && end - start == 1 && know.is_of_people(form(start)) {
        let small = known.name.is_none_or(|name| know.gazetteer.get(know.gazetteer.candidates(name)[0]).prior < 5.0);
        let held = || {
            known.name.is_some_and(|name| {
                form_at(document, end) == "," && super::evidence::container_at(document, know, end + 1, name).is_some()
            })
        };
        if small
            && !Around::of(document, know, mention.sentence, start, end).speaks_of_place(document, know)
            && !held()
            && !is_dateline(document, start, end)
        {
            return None;
        }
    }
    // What stands for a state is itself or its capital: "the White House" is no town in Tennessee.
    if state.is_some() {
        let candidates = known.name.map(|name| know.gazetteer.candidates(name)).unwrap_or_default();
        let seat = |place: &Toponym<'_>| place.kind == Kind::Country || &**place.feature == "P.PPLC" || place.prior >= 5.3;
        candidates.iter().map(|place| know.gazetteer.get(*place)).find(|place| seat(place) && place.country == state)?;
    }
    let span = document.tokens.span[start as usize].join(document.tokens.span[end as usize - 1]);
    // "the lakeside port": a name of place has a capital somewhere.
    if !document.slice(span).chars().any(char::is_uppercase) {
        return None;
    }
    Some(Spot {
        span,
        tokens: TokenRange::new(start, end),
        sentence: mention.sentence,
        name: known.name,
        mentioned: true,
        entity: mention.entity,
        state,
        kind: known.kind,
        feature: known.feature,
        dateline: is_dateline(document, start, end),
    })
}

/// What the words of a name tell.
#[derive(Default)]
struct Known<'k> {
    name: Option<NameIx>,
    kind: Option<Kind>,
    feature: Option<&'k str>,
}

/// Whether a place called by a town's name and a word ("Goma airport", "Manchester Road") may be placed where the town is: what has one of
/// its kind by that name, or lies in or by the town that it is called after. Roads, squares, rivers and hills need not.
fn lies_at(know: &Know, name: NameIx, kind: Kind, feature: &str) -> bool {
    let ordinary = matches!(kind, Kind::Settlement | Kind::Division | Kind::County | Kind::Country | Kind::Region);
    let near = matches!(feature, "S.AIRP" | "S.AIRF" | "S.AIRB" | "S.PRT" | "S.PRN" | "S.HSP" | "S.STDM" | "L.MILB" | "L.RES");
    ordinary || near || know.gazetteer.candidates(name).iter().any(|place| know.gazetteer.get(*place).kind == kind)
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
            let to = if is_doubtful(document, know, mention) { &mut doubtful_to } else { &mut covered_to };
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
        let Some(found) = longest(document, know, from, to as u32).or_else(|| abbreviation(document, know, from, last_end))
        else {
            continue;
        };
        let end = from + found.tokens as u32;
        while document.sentences.get(sentence + 1).is_some_and(|next| next.tokens.start.0 <= from) {
            sentence += 1;
        }
        let Some(within) = document.sentences.get(sentence).filter(|within| within.tokens.holds(TokenIx(from))) else { continue };
        let (mut end, mut name) = (end.min(within.tokens.end.0), found.name);
        if let Some((to, shorter, ..)) = trimmed(document, know, from, end) {
            (end, name) = (to, shorter);
        }
        let held = abbreviation(document, know, from, last_end).is_some();
        if !held && !stands_as_place(document, know, from, end, name, last_end, span.start < doubtful_to) {
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

/// The division that a token stands for where it follows a place and a comma: "Mobile, Ala.".
fn abbreviation(document: &Document, know: &Know, at: u32, after: u32) -> Option<NameMatch> {
    let follows = after > 0 && after + 1 == at && document.form(TokenIx(after)) == ",";
    let name = follows.then(|| know.gazetteer.abbreviation(document.form(TokenIx(at)))).flatten()?;
    Some(NameMatch { name, tokens: 1 })
}

/// Whether a mention is of one word that is no name of people, or of which no more is known than the word. It may as well be a
/// place's name: "fighters seized Goma".
fn is_doubtful(document: &Document, know: &Know, mention: &Mention) -> bool {
    if mention.tokens.len() != 1 || !matches!(mention.r#type, MentionType::Person | MentionType::Organization) {
        return false;
    }
    let word = document.slice(mention.span);
    mention.entity.and_then(|entity| document.entities.get(entity.ix())).is_some_and(|entity| {
        let unknown = entity.country.is_none() && entity.role.is_empty() && entity.organization.is_empty();
        entity.name == word && (unknown || mention.r#type == MentionType::Person && !know.is_of_people(word))
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
    let around = Around { before, after, sentence, back: None, of_kind: false }.read(document, know);
    let Around { back, of_kind, .. } = around;
    let earlier = back.and_then(|at| at.checked_sub(1)).and_then(within);
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
    // "Yemen's Hodeidah"
    let owned = before == Some(listed_after) && matches!(form(before), "'s" | "\u{2019}s" | "'" | "\u{2019}");
    let told =
        of_kind || listed || owned || know.words.get(form(back)).is_some() || know.words.kind(form(after), false).is_some();
    let best = know.gazetteer.get(know.gazetteer.candidates(name)[0]);
    // "U.N.", "MIT", "NB": an acronym is no town, and a division only with its full stops ("N.B.").
    let text = document.tokens.span[from as usize].join(document.tokens.span[end as usize - 1]).slice(&document.text);
    let acronym = text.len() <= 4 && !listed && !text.chars().any(char::is_lowercase);
    if acronym && (best.kind == Kind::Settlement || best.kind == Kind::Division && !text.contains('.')) {
        return false;
    }
    let people = doubtful && know.is_of_people(form(Some(from)));
    let unlikely = people && !form(before).eq_ignore_ascii_case("the") && best.kind != Kind::Country;
    if !told && (unlikely || !(from..end).any(proper)) {
        return false;
    }
    // Taken for a person, but nobody is known to be called so, and a place of some size is. Towns of English-speaking countries bear
    // the names of people so often that this says little of them.
    let english = best.country.is_some_and(|country| NAMED_AFTER_PEOPLE.contains(&country.as_str()));
    if doubtful && !people && best.prior >= if english { 5.9 } else { 4.5 } {
        return true;
    }
    match best.kind {
        Kind::Country => !people || told || form(back) == "of",
        Kind::Settlement if end - from > 1 => best.prior >= 4.7 || told,
        Kind::Settlement => {
            (best.prior >= 6.0 && !people) || (told && best.prior >= 3.5) || (form(back) == "of" && best.prior >= 5.6)
        }
        Kind::Division | Kind::County => end - from > 1 || best.prior >= 6.0 || told,
        Kind::Site => end - from > 1 || told,
        // "the Nile", "the status of Essequibo"
        Kind::Region | Kind::Water | Kind::Land => {
            end - from > 1 || told || best.prior >= 7.0 || form(before).eq_ignore_ascii_case("the") || form(back) == "of"
        }
    }
}

/// What stands before and after a name.
struct Around {
    sentence: TokenRange,
    before: Option<u32>,
    after: Option<u32>,
    /// The word before article and direction: "in" of "in the northern Donbas".
    back: Option<u32>,
    /// It is "of" after a kind of place: "the city of".
    of_kind: bool,
}

impl Around {
    fn of(document: &Document, know: &Know, sentence: SentenceIx, from: u32, end: u32) -> Self {
        let sentence = document.sentences.get(sentence.ix()).map_or(TokenRange::new(from, end), |sentence| sentence.tokens);
        let within = |at: u32| sentence.holds(TokenIx(at)).then_some(at);
        let around =
            Self { sentence, before: from.checked_sub(1).and_then(within), after: within(end), back: None, of_kind: false };
        around.read(document, know)
    }

    fn read(mut self, document: &Document, know: &Know) -> Self {
        let earlier = |at: Option<u32>| at.and_then(|at| at.checked_sub(1)).filter(|at| self.sentence.holds(TokenIx(*at)));
        let form = |at: Option<u32>| at.map_or("", |at| document.form(TokenIx(at)));
        let mut back = self.before;
        while form(back).eq_ignore_ascii_case("the")
            || matches!(know.words.get(form(back)).map(|word| word.tells), Some(Tells::Direction))
        {
            back = earlier(back);
        }
        self.of_kind = form(back) == "of" && know.words.kind(form(earlier(back)), true).is_some();
        self.back = back;
        self
    }

    fn speaks_of_place(&self, document: &Document, know: &Know) -> bool {
        let form = |at: Option<u32>| at.map_or("", |at| document.form(TokenIx(at)));
        self.of_kind || know.words.get(form(self.back)).is_some() || know.words.kind(form(self.after), false).is_some()
    }
}

/// The form of a token; empty beyond the last.
fn form_at(document: &Document, at: u32) -> &str {
    document.tokens.span.get(at as usize).map_or("", |span| span.slice(&document.text))
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
