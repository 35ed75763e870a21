//! Role nouns: titles before names, appositions beside them, and descriptions that stand for people by themselves.

use chancery_lexicon::World;
use chancery_lexicon::names::SenseKind;
use chancery_lexicon::roles::RoleKind;
use chancery_model::{Document, MentionKind, MentionType, PersonStatus, Span, TokenRange, Upos};

use super::draft::{Draft, Office};
use super::names::What;
use super::scan::Scan;

/// What the phrase around a role noun holds.
struct Phrase {
    /// First token, with its article.
    start: usize,
    /// First token after its article or possessive pronoun.
    bare: usize,
    /// First token of the role's own words (deputy …).
    role: usize,
    /// One past its last token.
    end: usize,
    office: Office,
    definite: bool,
    indefinite: bool,
    /// A person's name that owns it: "Kishida's spokesman".
    owner: Option<usize>,
}

/// Finds the phrases of role nouns; adds to the drafts of names, and makes drafts of descriptions.
pub fn describe(doc: &Document, scan: &Scan, world: &World, drafts: &mut Vec<Draft>, keep: bool) {
    let count = doc.tokens.len();
    // The draft that covers each token, plus one. Names only: descriptions come after.
    let mut name_of = vec![0u32; count];
    for (at, draft) in drafts.iter().enumerate() {
        for token in draft.tokens.range() {
            if name_of[token] == 0 {
                name_of[token] = at as u32 + 1;
            }
        }
    }
    let names = drafts.len();
    let reader = Reader { doc, scan, world, name_of };
    let mut sentence = 0;
    let mut covered = 0;
    for hit in &scan.roles {
        let start = hit.tokens.start.ix();
        while sentence + 1 < doc.sentences.len() && doc.sentences[sentence].tokens.end.ix() <= start {
            sentence += 1;
        }
        let range = doc.sentences[sentence].tokens.range();
        if start < covered || !reader.is_role(hit.tokens, drafts) {
            continue;
        }
        let Some(sense) = hit.found.senses().find(|sense| matches!(sense.kind, SenseKind::Role | SenseKind::RolePlural)) else {
            continue;
        };
        let row = &world.roles[sense.row as usize];
        let plural = sense.kind == SenseKind::RolePlural || hit.sense(SenseKind::RolePlural).is_some();
        let mut phrase = reader.phrase(hit.tokens, &range, drafts);
        phrase.office.row = sense.row + 1;
        let next = reader.name_at(hit.tokens.end.ix(), &range);
        // "Prime Minister X"
        if let Some(person) = next.filter(|at| is_person(&drafts[*at]) && phrase.end == hit.tokens.end.ix()) {
            covered = drafts[person].tokens.end.ix();
            let from = if row.kind == RoleKind::Title && row.sector.is_empty() { phrase.role } else { phrase.bare };
            // A nationality keeps its own mention; the phrase of the person holds it.
            reader.add_office(&mut drafts[person], &phrase, plural);
            drafts[person].widen(doc, from as u32);
            // "Presidents X and Y"
            if plural {
                let at = drafts[person].tokens.end.ix();
                if range.contains(&at)
                    && reader.text(at) == "and"
                    && let Some(second) = reader.name_at(at + 1, &range).filter(|at| is_person(&drafts[*at]))
                {
                    reader.add_office(&mut drafts[second], &phrase, true);
                }
            }
            continue;
        }
        if row.kind == RoleKind::Title && !row.title
            || row.name.ends_with('.')
            || row.sector.is_empty() && row.kind == RoleKind::Title
        {
            continue;
        }
        let body = row.kind == RoleKind::Group;
        let same = if plural { None } else { reader.apposed(&phrase, &range, drafts, body) };
        if let Some(person) = same.filter(|at| is_person(&drafts[*at])) {
            reader.add_office(&mut drafts[person], &phrase, false);
        }
        if !keep {
            continue;
        }
        let mut draft = reader.draft(&phrase, hit.tokens, plural, row.kind);
        draft.same_as = same;
        if row.kind == RoleKind::Group && (draft.same_as.is_none()) && reader.is_government(hit.tokens) {
            draft.r#type = MentionType::Country;
            draft.office.country = draft.office.country.or_else(|| phrase.owner.and_then(|at| drafts[at].office.country));
        }
        covered = phrase.end.max(hit.tokens.end.ix());
        if draft.same_as.is_none() {
            draft.country = draft.office.country;
        }
        // Who owns a government ("the Kishida government") tells its country when people are resolved.
        if let (Some(owner), MentionType::Country) = (phrase.owner, draft.r#type) {
            draft.office.body = Some(owner);
        }
        drafts.push(draft);
    }
    debug_assert!(drafts.len() >= names);
}

/// Whether a draft is a person's name.
pub fn is_person(draft: &Draft) -> bool {
    draft.kind == MentionKind::Name && draft.r#type == MentionType::Person
}

struct Reader<'a, 'w> {
    doc: &'a Document,
    scan: &'a Scan<'w>,
    world: &'w World,
    name_of: Vec<u32>,
}

impl Reader<'_, '_> {
    fn text(&self, at: usize) -> &str {
        self.doc.tokens.span[at].slice(&self.doc.text)
    }

    fn upos(&self, at: usize) -> Upos {
        self.doc.tokens.upos[at]
    }

    /// The draft of a name that covers a token.
    fn name_over(&self, at: usize) -> Option<usize> {
        self.name_of.get(at).and_then(|number| number.checked_sub(1)).map(|number| number as usize)
    }

    /// The draft of a name that begins at a token (an opening bracket or quotation mark does not count).
    fn name_at(&self, at: usize, range: &std::ops::Range<usize>) -> Option<usize> {
        if !range.contains(&at) || at > 0 && self.name_of[at] == self.name_of[at - 1] {
            return None;
        }
        self.name_over(at)
    }

    /// Whether the words are a role here, not part of a name or a verb.
    fn is_role(&self, tokens: TokenRange, drafts: &[Draft]) -> bool {
        let last = tokens.end.ix() - 1;
        if tokens.range().any(|at| self.name_over(at).is_some_and(|name| !is_nationality(&drafts[name]))) {
            return false;
        }
        let title = self.text(last).ends_with('.');
        match self.upos(last) {
            Upos::Noun | Upos::Propn | Upos::Unknown | Upos::X => true,
            Upos::Adj => tokens.len() > 1 || title,
            Upos::Verb | Upos::Aux => tokens.len() > 1 && self.scan.shape(last).is_capital(),
            _ => title,
        }
    }

    /// "government", "administration", "cabinet", "regime".
    fn is_government(&self, tokens: TokenRange) -> bool {
        matches!(
            &*self.text(tokens.end.ix() - 1).to_ascii_lowercase(),
            "government" | "administration" | "regime" | "cabinet" | "authorities"
        )
    }

    fn phrase(&self, role: TokenRange, range: &std::ops::Range<usize>, drafts: &[Draft]) -> Phrase {
        let first = role.start.ix();
        let mut phrase = Phrase {
            start: first,
            bare: first,
            role: first,
            end: role.end.ix(),
            office: Office::default(),
            definite: false,
            indefinite: false,
            owner: None,
        };
        let mut at = first;
        let mut own = true; // still among the role's own words: deputy, vice, chief
        while at > range.start && first - at < 12 {
            let before = at - 1;
            if let Some(name) = self.name_over(before) {
                let draft = &drafts[name];
                match draft.what {
                    What::Country(row) | What::Nationality(row) | What::Capital(row) => {
                        phrase.office.country = phrase.office.country.or(Some(row));
                    }
                    What::Seat(row) => {
                        let code = self.world.seats[row as usize].country;
                        phrase.office.country = phrase.office.country.or(self.world.countries.index(code));
                        phrase.office.body = phrase.office.body.or(Some(name));
                    }
                    What::Organization(_) | What::Ministry(_) | What::NewOrganization(_) => {
                        phrase.office.body = phrase.office.body.or(Some(name));
                        phrase.office.country = phrase.office.country.or(draft.country);
                    }
                    What::Person(_) | What::NewPerson => {
                        if at == first || matches!(self.text(at), "'s" | "’s" | "'" | "’") {
                            phrase.owner = Some(name);
                        } else {
                            break;
                        }
                    }
                    What::Agreement | What::AgreementBody(_) | What::Nothing => break,
                    What::Region(_) | What::RegionAdjective(_) | What::Place(_) | What::NewPlace => {}
                }
                own = false;
                at = draft.tokens.start.ix().max(range.start);
                phrase.bare = at;
                phrase.start = at;
                continue;
            }
            let text = self.text(before);
            match self.upos(before) {
                Upos::Det => {
                    let small = text.to_ascii_lowercase();
                    phrase.definite = matches!(&*small, "the" | "that" | "this" | "these" | "those");
                    phrase.indefinite = matches!(&*small, "a" | "an" | "another" | "some" | "one");
                    phrase.start = before;
                    phrase.bare = at;
                    return self.after(phrase, range, drafts);
                }
                Upos::Pron if self.doc.tokens.xpos[before] == chancery_model::Xpos::PrpPoss => {
                    phrase.definite = true;
                    phrase.start = before;
                    phrase.bare = at;
                    return self.after(phrase, range, drafts);
                }
                Upos::Part if matches!(text, "'s" | "’s" | "'" | "’") && before > range.start => {
                    if self.name_over(before - 1).is_none() && self.upos(before - 1) != Upos::Noun {
                        break;
                    }
                    own = false;
                    at = before;
                    continue;
                }
                Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::X => {
                    let small = text.to_ascii_lowercase();
                    if let Some(status) = status_of(&small) {
                        phrase.office.status = Some(status);
                        own = false;
                    } else if own && RANKS.contains(&&*small) {
                        phrase.role = before;
                    } else {
                        own = false;
                    }
                    at = before;
                    phrase.bare = at;
                    phrase.start = at;
                }
                Upos::Adv if at < first => {
                    at = before;
                    phrase.bare = at;
                    phrase.start = at;
                }
                Upos::Verb if status_of(&text.to_ascii_lowercase()).is_some() => {
                    phrase.office.status = status_of(&text.to_ascii_lowercase());
                    own = false;
                    at = before;
                    phrase.bare = at;
                    phrase.start = at;
                }
                Upos::Cconj
                    if at < first
                        && before > range.start
                        && self.name_over(before - 1).is_some_and(|name| is_nationality(&drafts[name])) =>
                {
                    at = before;
                }
                Upos::Punct if text == "-" && before > range.start => {
                    // "ex-minister", "vice-president"
                    let small = self.text(before - 1).to_ascii_lowercase();
                    if small == "ex" || small == "then" {
                        phrase.office.status = Some(PersonStatus::Former);
                    } else if own && RANKS.contains(&&*small) {
                        phrase.role = before - 1;
                    }
                    at = before - 1;
                    phrase.bare = at;
                    phrase.start = at;
                }
                _ => break,
            }
        }
        self.after(phrase, range, drafts)
    }

    /// What follows the noun: "-elect", "of the ministry", "familiar with the matter".
    fn after(&self, mut phrase: Phrase, range: &std::ops::Range<usize>, drafts: &[Draft]) -> Phrase {
        let at = phrase.end;
        if at + 1 < range.end && self.text(at) == "-" && self.text(at + 1).eq_ignore_ascii_case("elect")
            || at < range.end && self.text(at).eq_ignore_ascii_case("elect")
        {
            phrase.office.status = Some(PersonStatus::Elect);
            phrase.end = if self.text(at) == "-" { at + 2 } else { at + 1 };
        }
        for _ in 0..2 {
            let at = phrase.end;
            if at + 1 >= range.end {
                break;
            }
            let word = self.text(at);
            let mut from = at + 1;
            match word {
                "of" | "for" | "at" | "to" | "from" | "with" | "in" => {}
                "familiar" | "close" | "briefed" | "acquainted" | "aware"
                    if at + 2 < range.end && self.upos(at + 1) == Upos::Adp =>
                {
                    from = at + 2
                }
                _ => break,
            }
            let Some((end, name)) = self.noun_phrase(from, range) else { break };
            if name.is_none() && matches!(word, "with" | "in" | "from" | "to") {
                break;
            }
            if let Some(name) = name {
                let draft = &drafts[name];
                match draft.what {
                    What::Country(row) | What::Nationality(row) | What::Capital(row) if !matches!(word, "to" | "in") => {
                        phrase.office.country = phrase.office.country.or(Some(row));
                    }
                    What::Organization(_) | What::Ministry(_) | What::NewOrganization(_)
                        if !matches!(word, "to" | "from" | "in") =>
                    {
                        phrase.office.body = phrase.office.body.or(Some(name));
                    }
                    What::Person(_) | What::NewPerson => break,
                    What::Place(_) | What::NewPlace | What::Region(_) | What::Country(_) | What::Capital(_) if word == "in" => {
                        break;
                    }
                    _ => {}
                }
            }
            phrase.end = end;
        }
        phrase
    }

    /// The noun phrase that begins at a token: where it ends, and the last name in it.
    fn noun_phrase(&self, start: usize, range: &std::ops::Range<usize>) -> Option<(usize, Option<usize>)> {
        let mut at = start;
        let mut name = None;
        let mut noun = false;
        while at < range.end && at - start < 14 {
            if let Some(found) = self.name_over(at) {
                name = Some(found);
                noun = true;
                while at < range.end && self.name_over(at) == Some(found) {
                    at += 1;
                }
                continue;
            }
            match self.upos(at) {
                Upos::Noun | Upos::Propn | Upos::X => noun = true,
                Upos::Det if at == start => {}
                Upos::Pron if at == start && self.doc.tokens.xpos[at] == chancery_model::Xpos::PrpPoss => {}
                Upos::Adj | Upos::Num if !noun || self.upos(at) == Upos::Adj => {}
                Upos::Part if matches!(self.text(at), "'s" | "’s" | "'" | "’") && noun => noun = false,
                Upos::Punct if self.text(at) == "-" => {}
                _ => break,
            }
            at += 1;
        }
        noun.then_some((at, name))
    }

    /// The person whose name stands in apposition to the phrase.
    fn apposed(&self, phrase: &Phrase, range: &std::ops::Range<usize>, drafts: &[Draft], body: bool) -> Option<usize> {
        let fits = |name: &usize| {
            if body {
                matches!(drafts[*name].what, What::Organization(_) | What::NewOrganization(_))
            } else {
                is_person(&drafts[*name])
            }
        };
        // "X, the Y of Z" and "X, 42, a Y"
        let mut before = phrase.start;
        if before > range.start && self.text(before - 1) == "," {
            before -= 1;
            if before >= range.start + 2 && self.upos(before - 1) == Upos::Num && self.text(before - 2) == "," {
                before -= 2;
            }
            if before > range.start
                && let Some(name) = self.name_over(before - 1).filter(fits)
                && drafts[name].tokens.end.ix() == before
            {
                return Some(name);
            }
        }
        // "the Y of Z, X,"
        let end = phrase.end;
        if end + 1 < range.end
            && self.text(end) == ","
            && let Some(name) = self.name_at(end + 1, range).filter(fits)
        {
            let after = drafts[name].tokens.end.ix();
            let closes = after >= range.end
                || matches!(self.text(after), "," | "." | ")" | ";" | ":")
                || matches!(self.upos(after), Upos::Verb | Upos::Aux);
            if closes && (!phrase.indefinite || drafts[name].tokens.len() > 1) {
                return Some(name);
            }
        }
        // "X is the Y of Z", "X, who was Y"
        let mut at = phrase.start;
        if at > range.start
            && self.upos(at - 1) == Upos::Aux
            && self.doc.tokens.lemma_of(chancery_model::TokenIx::at(at - 1)) == "be"
        {
            at -= 1;
            let status = matches!(&*self.text(at).to_ascii_lowercase(), "is" | "was" | "are" | "'s" | "’s");
            if at > range.start
                && status
                && let Some(name) = self.name_over(at - 1).filter(fits)
            {
                return Some(name);
            }
        }
        None
    }

    fn draft(&self, phrase: &Phrase, role: TokenRange, plural: bool, kind: RoleKind) -> Draft {
        let span = self.doc.tokens.span[phrase.start].join(self.doc.tokens.span[phrase.end - 1]);
        let tokens = TokenRange::new(phrase.start as u32, phrase.end as u32);
        let group = plural || kind == RoleKind::Group;
        let r#type = if group { MentionType::Group } else { MentionType::Person };
        let mut draft = Draft::new(self.doc, tokens, span, MentionKind::Description, r#type, What::NewPerson);
        draft.core = role;
        draft.head = self.doc.tokens.span[role.start.ix()].join(self.doc.tokens.span[role.end.ix() - 1]);
        draft.office = phrase.office.clone();
        draft.office.role = self.role_text(phrase);
        draft.plural = plural;
        draft.definite = phrase.definite;
        draft
    }

    fn add_office(&self, draft: &mut Draft, phrase: &Phrase, plural: bool) {
        let known = !draft.office.role.is_empty();
        let row = &self.world.roles[phrase.office.row as usize - 1];
        // "Mr.", "Dr.": a form of address, no role.
        let address = row.kind == RoleKind::Title && row.sector.is_empty();
        draft.office.country = draft.office.country.or(phrase.office.country);
        draft.office.body = draft.office.body.or(phrase.office.body);
        draft.office.status = draft.office.status.or(phrase.office.status);
        if !known && !address {
            draft.office.role = if plural { row.name.to_string() } else { self.role_text(phrase) };
            draft.office.row = phrase.office.row;
        }
    }

    /// The role's words, lower case: from its rank ("deputy") to its noun.
    fn role_text(&self, phrase: &Phrase) -> String {
        let row = phrase.office.row;
        let noun_end = self.noun_end(phrase);
        let span: Span = self.doc.tokens.span[phrase.role].join(self.doc.tokens.span[noun_end.max(phrase.role + 1) - 1]);
        let _ = row;
        let mut text = span.slice(&self.doc.text).to_lowercase();
        // Words that run over a line end in the text are one role.
        if text.contains(['\n', '\t']) {
            text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        text
    }

    /// One past the role's noun: the phrase's end without what follows the noun.
    fn noun_end(&self, phrase: &Phrase) -> usize {
        let mut at = phrase.role;
        while at < phrase.end {
            if matches!(self.text(at), "for" | "at" | "to" | "from" | "with" | "in" | "familiar" | "close" | "briefed" | ",") {
                break;
            }
            if self.text(at) == "of" && !self.is_role_of(phrase, at) {
                break;
            }
            at += 1;
        }
        at
    }

    /// Whether "of" belongs to the role's own words: "secretary of state", "minister of finance".
    fn is_role_of(&self, phrase: &Phrase, at: usize) -> bool {
        self.scan
            .roles
            .binary_search_by(|hit| {
                if hit.tokens.end.ix() <= at {
                    std::cmp::Ordering::Less
                } else if hit.tokens.start.ix() > at {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
            .is_ok_and(|hit| self.scan.roles[hit].tokens.start.ix() >= phrase.role)
    }
}

fn is_nationality(draft: &Draft) -> bool {
    matches!(draft.what, What::Nationality(_) | What::Country(_) | What::RegionAdjective(_) | What::Region(_))
}

/// Words before a role that belong to it.
const RANKS: &[&str] = &[
    "deputy",
    "vice",
    "assistant",
    "associate",
    "chief",
    "first",
    "second",
    "special",
    "permanent",
    "honorary",
    "lead",
    "junior",
    "co",
    "under",
    "principal",
    "executive",
    "managing",
    "general",
    "high",
    "senior-most",
    "supreme",
];

/// What a word before a role says of whether it is held.
fn status_of(word: &str) -> Option<PersonStatus> {
    Some(match word {
        "former" | "ex" | "erstwhile" | "then" | "one-time" | "onetime" | "ousted" | "deposed" | "retired" | "sacked"
        | "fired" => PersonStatus::Former,
        "late" | "slain" | "assassinated" | "deceased" => PersonStatus::Late,
        "acting" | "interim" | "caretaker" | "transitional" => PersonStatus::Acting,
        "elect" | "incoming" | "designate" | "president-elect" => PersonStatus::Elect,
        "current" | "incumbent" | "sitting" => PersonStatus::Current,
        _ => return None,
    })
}
