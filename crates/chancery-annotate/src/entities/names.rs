//! Names: what the lexicons know, what structure shows (titles, corporate forms, heads of treaties) and what the model marks are
//! candidates; the best set of them that do not overlap is taken, sentence by sentence.

use std::collections::BTreeMap;

use chancery_lexicon::World;
use chancery_lexicon::atoms::Shape;
use chancery_lexicon::name_words::WordClass;
use chancery_lexicon::names::SenseKind;
use chancery_lexicon::roles::RoleKind;
use chancery_lexicon::words::{FormKind, NameWord};
use chancery_model::{Document, Sentence, Span, TokenRange, Upos};
use rustc_hash::{FxHashMap, FxHashSet};

use super::scan::{Hit, Scan};
use super::tagger::{Label, Marked};

/// What a name is a name of; numbers are rows of the lexicons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A country.
    Country(u32),
    /// A country's adjective or people.
    Nationality(u32),
    /// A capital: the city, or the government; the number is the country's.
    Capital(u32),
    /// A seat of government.
    Seat(u32),
    /// A region.
    Region(u32),
    /// A region's adjective.
    RegionAdjective(u32),
    /// An organization of the lexicon.
    Organization(u32),
    /// A ministry by pattern.
    Ministry(u32),
    /// A person of the lexicon.
    Person(u32),
    /// A place of the gazetteer.
    Place(u32),
    /// A person whom no lexicon knows.
    NewPerson,
    /// A body that no lexicon knows.
    NewOrganization(Option<FormKind>),
    /// A place that no lexicon knows.
    NewPlace,
    /// A treaty, plan or text.
    Agreement,
    /// A treaty that the lexicon of organizations has.
    AgreementBody(u32),
    /// Nothing that acts: an event, a work.
    Nothing,
}

/// A name in the text.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// Its tokens.
    pub tokens: TokenRange,
    /// Its bytes.
    pub span: Span,
    /// What it names.
    pub what: What,
    score: i32,
}

/// Where the names of a document come from.
pub struct Finder<'a, 'w> {
    doc: &'a Document,
    scan: &'a Scan<'w>,
    world: &'w World,
    /// Countries that the document names beyond doubt, and how often.
    countries: BTreeMap<u32, u32>,
    /// Organizations that it names in full.
    bodies: FxHashSet<u32>,
    /// Number of the role hit that covers each token, plus one.
    role_of: Vec<u32>,
    /// Number of the lexicon hit that begins at each token, plus one.
    hit_at: Vec<u32>,
    longest: usize,
}

impl<'a, 'w> Finder<'a, 'w> {
    /// Looks over the whole document once, for what names beyond doubt say of those in doubt.
    pub fn new(doc: &'a Document, scan: &'a Scan<'w>, world: &'w World, longest: usize) -> Self {
        let mut countries = BTreeMap::new();
        let mut bodies = FxHashSet::default();
        for hit in &scan.names {
            let (mut country, mut many) = (None, false);
            for sense in hit.found.senses() {
                match sense.kind {
                    SenseKind::Country
                    | SenseKind::CountryShort
                    | SenseKind::Adjective
                    | SenseKind::Demonym
                    | SenseKind::Capital => {
                        many |= country.is_some_and(|row| row != sense.row);
                        country = Some(sense.row);
                    }
                    SenseKind::Place | SenseKind::Person => {}
                    SenseKind::Organization => {
                        bodies.insert(sense.row);
                    }
                    _ => many = true,
                }
            }
            if let (Some(row), false) = (country, many) {
                *countries.entry(row).or_insert(0) += 1;
            }
        }
        let mut role_of = vec![0; doc.tokens.len()];
        for (at, hit) in scan.roles.iter().enumerate() {
            role_of[hit.tokens.range()].fill(at as u32 + 1);
        }
        let mut hit_at = vec![0; doc.tokens.len()];
        for (at, hit) in scan.names.iter().enumerate().rev() {
            hit_at[hit.tokens.start.ix()] = at as u32 + 1;
        }
        Self { doc, scan, world, countries, bodies, role_of, hit_at, longest }
    }

    /// The lexicon's name that begins at a token.
    fn hit_from(&self, token: usize) -> Option<&Hit<'w>> {
        let at = self.hit_at.get(token)?.checked_sub(1)?;
        self.scan.names.get(at as usize)
    }

    /// The country that the document speaks of most, where one stands out.
    pub fn main_country(&self) -> Option<u32> {
        self.countries.iter().max_by_key(|(row, count)| (**count, u32::MAX - **row)).map(|(row, _)| *row)
    }

    /// All names, in order.
    pub fn find(&self, marked: &[Marked]) -> Vec<Name> {
        let mut names = Vec::with_capacity(self.scan.names.len() + marked.len());
        let mut candidates: Vec<Name> = Vec::new();
        let (mut next_hit, mut next_mark) = (0, 0);
        for sentence in &self.doc.sentences {
            candidates.clear();
            let end = sentence.tokens.end.0;
            while next_hit < self.scan.names.len() && self.scan.names[next_hit].tokens.start.0 < end {
                let hit = self.scan.names[next_hit];
                candidates.extend(self.lexicon_name(&hit));
                next_hit += 1;
            }
            let first_mark = next_mark;
            while next_mark < marked.len() && marked[next_mark].start < end {
                candidates.extend(self.marked_name(&marked[next_mark]));
                next_mark += 1;
            }
            self.by_structure(sentence, &marked[first_mark..next_mark], &mut candidates);
            choose(&mut candidates, sentence, &mut names);
        }
        self.short_names(&mut names);
        names
    }

    fn name(&self, start: usize, end: usize, what: What, score: i32) -> Name {
        let span = self.doc.tokens.span[start].join(self.doc.tokens.span[end - 1]);
        Name { tokens: TokenRange::new(start as u32, end as u32), span, what, score }
    }

    /// A name that the model marks, without titles and words that are no part of one; nothing where no name is left.
    fn marked_name(&self, mark: &Marked) -> Option<Name> {
        let (mut start, mut end) = (mark.start as usize, mark.end as usize);
        let person = mark.label == Label::BeginPerson;
        let bare = |at: usize| {
            let class = self.class(at);
            class.is(WordClass::PLAIN)
                || class.is(WordClass::JOINT) && !self.scan.shape(at).is_capital()
                || !self.scan.shape(at).any(Shape::LETTER)
                || self.role_of[at] > 0
                    && self.scan.words[at] == NameWord::default()
                    && (person || !self.scan.shape(at).is_capital())
        };
        // Two people joined, or a role inside: the name is what comes after.
        if person
            && let Some(last) = (start..end).rev().find(|at| {
                matches!(self.text(*at), "and" | "&" | ",")
                    || self.role_of[*at] > 0 && self.scan.words[*at] == NameWord::default()
            })
            && last + 1 < end
        {
            start = last + 1;
        }
        while start < end && bare(start) {
            start += 1;
        }
        while start < end && bare(end - 1) {
            end -= 1;
        }
        if start == end {
            return None;
        }
        // A nationality before a person's name is not part of it.
        if person
            && let Some(hit) = self.hit_from(start)
            && hit.tokens.end.ix() < end
            && match self.read(hit) {
                Some(What::Nationality(_) | What::Country(_)) => !self.scan.words[start].any(NameWord::GIVEN),
                Some(What::Capital(_) | What::Place(_)) => {
                    end - hit.tokens.end.ix() > 1 && self.scan.words[hit.tokens.end.ix()].is(NameWord::GIVEN)
                }
                _ => false,
            }
        {
            start = hit.tokens.end.ix();
        }
        while start < end && bare(start) {
            start += 1;
        }
        if start == end {
            return None;
        }
        if person {
            // In edited text a person's name is the whole run of words with capitals.
            let joins = |at: usize| {
                let shape = self.scan.shape(at);
                shape.is_capital()
                    && shape.any(Shape::SMALL)
                    && self.doc.tokens.upos[at] == Upos::Propn
                    && self.role_of[at] == 0
                    && self.hit_at[at] == 0
                    && self.form_at(at).is_none()
                    && !self.class(at).is(WordClass::PLAIN)
                    && !self.class(at).is(WordClass::PLACE_HEAD)
            };
            let sentence = self.doc.sentence_of(mark_token(start)).map(|ix| self.doc.sentences[ix.ix()].tokens.range());
            let bounds = sentence.unwrap_or(start..end);
            while end < bounds.end && end - start < 5 && joins(end) {
                end += 1;
            }
            while start > bounds.start && end - start < 5 && joins(start - 1) {
                start -= 1;
            }
            end = self.hyphenated(end);
        }
        let single = end - start == 1;
        let shouted = (start..end).all(|at| self.scan.shape(at).is_acronym() || !self.scan.shape(at).any(Shape::LETTER));
        if shouted && self.doc.slice(self.doc.tokens.span[start]).len() > 3 && self.scan.shouts(self.doc, start) {
            return None;
        }
        // The first word of a sentence is a person's name only where something else says so.
        let first =
            self.doc.sentence_of(mark_token(start)).is_some_and(|ix| self.doc.sentences[ix.ix()].tokens.start.ix() == start);
        if person && single && first {
            let known = self.scan.words[start].any(NameWord::GIVEN) || self.scan.words[start].any(NameWord::SURNAME);
            let leader = self.scan.token_atoms(start).last().is_some_and(|atom| !self.world.people_called(atom.hash).is_empty());
            if !known && !leader || self.doc.tokens.upos[start] != Upos::Propn {
                return None;
            }
        }
        let atoms = self.scan.token_atoms(start);
        let acronym = single && atoms.first().is_some_and(|atom| atom.shape.is_acronym());
        let what = match mark.label {
            Label::BeginPerson if acronym => return None,
            Label::BeginPerson if !single && self.form_at(end - 1).is_some_and(|kind| kind != FormKind::Company) => {
                What::NewOrganization(self.form_in(start, end))
            }
            Label::BeginPerson => What::NewPerson,
            // A single common word with a capital is no body: "the Strategy", "the Committee".
            Label::BeginOrganization if single && !acronym && self.form_at(start).is_some() => return None,
            Label::BeginOrganization => What::NewOrganization(self.form_in(start, end)),
            _ => What::NewPlace,
        };
        Some(self.name(start, end, what, 20 * (end - start) as i32 + 3))
    }

    /// The reading of a name of the lexicons, and how far it can be trusted.
    fn lexicon_name(&self, hit: &Hit) -> Option<Name> {
        let count = hit.tokens.len() as i32;
        let several = hit.found.atoms > 1;
        let what = self.read(hit)?;
        // A state's body by acronym alone (SVP, IS) needs its state, or its full name, in the document.
        if let What::Organization(row) = what
            && !several
            && hit.sense(SenseKind::Acronym).is_some()
            && hit.sense(SenseKind::Organization).is_none()
            && !self.is_at_home(row)
        {
            return None;
        }
        let score = match what {
            What::Person(_) => {
                if several {
                    42 * count
                } else {
                    24
                }
            }
            What::Organization(_) | What::AgreementBody(_) => {
                if several {
                    40 * count
                } else {
                    27
                }
            }
            What::Ministry(_) => 34 * count,
            _ if several && !matches!(what, What::Place(_)) => 38 * count,
            What::Country(_) | What::Seat(_) | What::Region(_) => 29 * count,
            What::Nationality(_) | What::RegionAdjective(_) | What::Capital(_) => 26 * count,
            What::Place(row) => {
                if several {
                    33 * count
                } else {
                    self.place_score(hit, row)
                }
            }
            _ => 0,
        };
        (score > 0).then_some(Name { tokens: hit.tokens, span: hit.span, what, score })
    }

    /// Which of its senses a name has here.
    fn read(&self, hit: &Hit) -> Option<What> {
        let mut person = None;
        let mut body: Option<u32> = None;
        let mut exact_body: Option<u32> = None;
        let (mut country, mut nationality, mut capital, mut seat, mut region, mut region_adjective, mut ministry, mut place) =
            (None::<u32>, None::<u32>, None::<u32>, None, None, None, None, None);
        for sense in hit.found.senses() {
            let row = sense.row;
            match sense.kind {
                SenseKind::Person => person = person.or(Some(row)),
                SenseKind::Organization => {
                    let better = exact_body.is_none_or(|before| self.body_weight(row) > self.body_weight(before));
                    exact_body = if better { Some(row) } else { exact_body };
                }
                SenseKind::Acronym => {
                    let better = body.is_none_or(|before| self.body_weight(row) > self.body_weight(before));
                    body = if better { Some(row) } else { body };
                }
                SenseKind::Country | SenseKind::CountryShort => country = Some(self.more_likely(country, row)),
                SenseKind::Adjective | SenseKind::Demonym => nationality = Some(self.more_likely(nationality, row)),
                SenseKind::Capital => capital = Some(self.more_likely(capital, row)),
                SenseKind::Seat => seat = Some(row),
                SenseKind::Region => region = Some(row),
                SenseKind::RegionAdjective => region_adjective = Some(row),
                SenseKind::Ministry => ministry = ministry.or(Some(row)),
                SenseKind::Place => place = place.or(Some(row)),
                SenseKind::Agreement => return Some(What::Agreement),
                SenseKind::Role | SenseKind::RolePlural => {}
            }
        }
        let several = hit.found.atoms > 1;
        if let (Some(row), true) = (person, several) {
            return Some(What::Person(row));
        }
        if let (Some(row), true) = (exact_body, several) {
            return Some(self.body(row));
        }
        if let (Some(row), Some(_)) = (country, place)
            && self.is_division_here(hit, row)
        {
            return place.map(What::Place);
        }
        let locative = self.after_locative(hit);
        country
            .map(What::Country)
            .or(nationality.map(What::Nationality))
            .or(seat.filter(|_| !locative || place.is_none()).map(What::Seat))
            .or(capital.map(What::Capital))
            .or(region.map(What::Region))
            .or(if locative && place.is_some() { place.map(What::Place) } else { None })
            .or(exact_body.map(|row| self.body(row)))
            .or(body.map(|row| self.body(row)))
            .or(ministry.map(What::Ministry))
            .or(region_adjective.map(What::RegionAdjective))
            .or(person.map(What::Person))
            .or(place.map(What::Place))
    }

    /// An organization, or the treaty that its name says it is: "… Agreement for …", "… Framework".
    fn body(&self, row: u32) -> What {
        let body = &self.world.organizations[row as usize];
        let treaty = matches!(&*body.kind, "igo" | "grouping" | "alliance" | "treaty")
            && body.name.split(' ').any(|word| {
                matches!(
                    word,
                    "Agreement"
                        | "Treaty"
                        | "Pact"
                        | "Accord"
                        | "Accords"
                        | "Convention"
                        | "Protocol"
                        | "Framework"
                        | "Compact"
                        | "Charter"
                )
            })
            && !body.name.contains("Organization");
        if treaty { What::AgreementBody(row) } else { What::Organization(row) }
    }

    /// Whether the document names a body in full, or its state; always for a body of several states.
    fn is_at_home(&self, row: u32) -> bool {
        let Some(code) = self.world.organizations[row as usize].country else { return true };
        self.bodies.contains(&row) || self.world.countries.index(code).is_some_and(|home| self.countries.contains_key(&home))
    }

    /// How much the document speaks for one of several bodies of an acronym.
    fn body_weight(&self, row: u32) -> u32 {
        let body = &self.world.organizations[row as usize];
        let named = u32::from(self.bodies.contains(&row)) * 100;
        let country = body.country.and_then(|code| self.world.countries.index(code));
        let home = country.and_then(|row| self.countries.get(&row)).copied().unwrap_or(0).min(20) * 2;
        // Without any sign, a body of the whole world is likelier than one of a state that is not spoken of.
        named + home + if body.country.is_none() { 3 } else { 0 }
    }

    /// Of two countries that share a name, the one that the document names otherwise too; else the first.
    fn more_likely(&self, before: Option<u32>, row: u32) -> u32 {
        let count = |row: u32| self.countries.get(&row).copied().unwrap_or(0);
        let gone = |row: u32| self.world.countries.rows[row as usize].period.is_over(self.doc.published());
        match before {
            Some(before) if (count(before), gone(row)) >= (count(row), gone(before)) || gone(row) => before,
            _ => row,
        }
    }

    /// Whether a name that a country shares with a division of another (Georgia) is the division: the document speaks of the other
    /// country, and not of this one's neighbours.
    fn is_division_here(&self, hit: &Hit, country: u32) -> bool {
        let places = hit.sense(SenseKind::Place).map(|sense| self.world.place_names[sense.row as usize]);
        let Some(name) = places else { return false };
        let division = self.world.gazetteer.candidates(name).iter().map(|place| self.world.gazetteer.get(*place)).find(|place| {
            place.kind == chancery_lexicon::gazetteer::Kind::Division
                && place.country.is_some_and(|code| self.world.countries.index(code) != Some(country))
        });
        let Some(home) = division.and_then(|place| place.country).and_then(|code| self.world.countries.index(code)) else {
            return false;
        };
        let count = |row: u32| self.countries.get(&row).copied().unwrap_or(0);
        let own = count(country);
        // "Atlanta, Georgia" and "Sen. X of Georgia" beside many American names; a text on the Caucasus has its own.
        count(home) > own + 1
            && (self.after_comma_place(hit) || !self.countries.keys().any(|row| self.is_neighbour(*row, country)))
            || self.after_comma_place(hit) && own == 0
    }

    fn is_neighbour(&self, row: u32, of: u32) -> bool {
        row != of && self.world.countries.rows[row as usize].continent == self.world.countries.rows[of as usize].continent
    }

    /// Whether the name stands after a place and a comma: "Atlanta, Georgia".
    fn after_comma_place(&self, hit: &Hit) -> bool {
        let start = hit.tokens.start.ix();
        start >= 2
            && self.text(start - 1) == ","
            && self
                .hit_from(start - 2)
                .is_some_and(|before| before.sense(SenseKind::Place).is_some() && before.sense(SenseKind::Capital).is_none())
    }

    fn after_locative(&self, hit: &Hit) -> bool {
        let start = hit.tokens.start.ix();
        start > 0 && self.class(start - 1).is(WordClass::LOCATIVE)
    }

    /// How far a single word that is a place of the gazetteer is that place.
    fn place_score(&self, hit: &Hit, row: u32) -> i32 {
        let token = hit.tokens.start.ix();
        let upos = self.doc.tokens.upos[token];
        if !matches!(upos, Upos::Propn | Upos::Unknown | Upos::X) {
            return 0;
        }
        let word = self.scan.words[token];
        let name = self.world.place_names[row as usize];
        let best = self.world.gazetteer.candidates(name).first().map(|place| self.world.gazetteer.get(*place));
        let known = best.map_or(0.0, |place| place.prior);
        let before = token.checked_sub(1).map(|at| self.text(at));
        let led = before.is_some_and(|text| {
            matches!(
                text,
                "in" | "near"
                    | "at"
                    | "from"
                    | "to"
                    | "outside"
                    | "around"
                    | "across"
                    | "throughout"
                    | "of"
                    | "In"
                    | "Near"
                    | "At"
                    | "From"
            )
        });
        let contained = self.text_or(token + 1) == ","
            && self
                .hit_from(token + 2)
                .is_some_and(|next| next.sense(SenseKind::Country).is_some() || next.sense(SenseKind::Place).is_some());
        let mut score = 8 + (known * 2.2) as i32 + i32::from(known >= 6.0) * 2;
        score += i32::from(led) * 8 + i32::from(contained) * 8;
        // A small town's name that people bear too is a person's, unless something leads to the town.
        if (word.any(NameWord::GIVEN) || word.any(NameWord::SURNAME)) && known < 5.5 {
            if !led && !contained {
                return 0;
            }
            score -= 8;
        }
        // A neighbour with a capital makes it part of something longer, unless that has been found as such.
        let beside =
            |at: usize| self.scan.shape(at).is_capital() && self.doc.tokens.upos[at] == Upos::Propn && self.role_of[at] == 0;
        if !led && !contained && (token > 0 && beside(token - 1) || token + 1 < self.doc.tokens.len() && beside(token + 1)) {
            score -= 6;
        }
        score.clamp(0, 30)
    }

    /// "Kitimat, B.C.", "Austin, TX": the short form of a division after a place.
    fn division(&self, at: usize, range: &std::ops::Range<usize>) -> Option<Name> {
        let contained = at >= range.start + 2
            && self.text(at - 1) == ","
            && self.hit_at[at] == 0
            && self.scan.shape(at).is_capital()
            && self.text(at).len() <= 6
            && self.doc.tokens.upos[at] != Upos::Pron;
        // The place ends before the comma; it begins at most four tokens earlier.
        let place = contained
            && (1..=4).filter_map(|back| (at - 1).checked_sub(back)).any(|start| {
                self.hit_from(start).is_some_and(|hit| hit.tokens.end.ix() == at - 1 && hit.sense(SenseKind::Place).is_some())
            });
        (place && self.world.gazetteer.containers(self.text(at)).next().is_some())
            .then(|| self.name(at, at + 1, What::NewPlace, 30))
    }

    /// Names by their structure.
    fn by_structure(&self, sentence: &Sentence, marked: &[Marked], out: &mut Vec<Name>) {
        let range = sentence.tokens.range();
        let mut at = range.start;
        while at < range.end {
            if !self.is_capital(at, sentence) {
                at += 1;
                continue;
            }
            out.extend(self.division(at, &range));
            let end = self.run_end(at, &range);
            self.run(at, end, &range, marked, out);
            at = end;
        }
    }

    /// A run of words with capitals and what joins them.
    fn run(&self, start: usize, end: usize, range: &std::ops::Range<usize>, marked: &[Marked], out: &mut Vec<Name>) {
        // A person right after a role: the role's hit ends where the name begins.
        let mut at = start;
        while at < end {
            let role = if at > range.start { self.role_of[at - 1] } else { 0 };
            let is_after_role = role > 0 && self.role_of[at] != role && self.scan.roles[role as usize - 1].tokens.end.ix() == at;
            if is_after_role && let Some(name) = self.after_role(role as usize - 1, at, end, marked) {
                out.push(name);
                at = name.tokens.end.ix();
                continue;
            }
            at += 1;
        }
        self.forms(start, end, out);
        self.agreement(start, end, out);
        self.given_names(start, end, out);
        self.feature(start, end, out);
    }

    /// "President X", "security expert X Y".
    fn after_role(&self, role: usize, at: usize, end: usize, marked: &[Marked]) -> Option<Name> {
        let hit = &self.scan.roles[role];
        let sense = hit.sense(SenseKind::Role)?;
        let row = &self.world.roles[sense.row as usize];
        let written = self.scan.shape(hit.tokens.start.ix()).is_capital();
        let last = hit.tokens.end.ix() - 1;
        if self.doc.tokens.upos[last] == Upos::Adj && !self.text(last).ends_with('.') {
            return None;
        }
        // "Coast Guard Minister X": the name begins after the last role.
        if self.role_of[at] > 0 && self.scan.words[at] == NameWord::default() {
            return None;
        }
        let to = self.person_end(at, end);
        if to == at {
            return None;
        }
        let sure =
            row.title && row.kind != RoleKind::Group && (written || matches!(row.kind, RoleKind::Title | RoleKind::Office));
        let count = to - at;
        let given = self.scan.words[at].is(NameWord::GIVEN);
        let model = marked
            .binary_search_by_key(&(at as u32), |mark| mark.start)
            .is_ok_and(|mark| marked[mark].label == Label::BeginPerson);
        // "Abu Dhabi": the title is part of a name itself.
        if self.hit_from(hit.tokens.start.ix()).is_some_and(|name| name.tokens.end.ix() > at) {
            return None;
        }
        if count == 1 && (self.form_at(at).is_some() || self.scan.shape(at).is_acronym() && !self.scan.shouts(self.doc, at)) {
            return None;
        }
        let tail = self.class(to - 1);
        if tail.is(WordClass::AGREEMENT) || tail.is(WordClass::EVENT) || tail.is(WordClass::PLACE_HEAD) && count > 1 {
            return None;
        }
        let other = self.hit_from(at).is_some_and(|name| {
            name.tokens.end.ix() >= to && !matches!(self.read(name), Some(What::Person(_) | What::Place(_)) | None)
        });
        if other || self.form_in(at, end).is_some_and(|_| self.form_in(at, to).is_some()) {
            return None;
        }
        let score = if sure || given || model {
            36
        } else if count > 1 && row.title {
            22
        } else {
            return None;
        };
        Some(self.name(at, to, What::NewPerson, score * count as i32))
    }

    /// Where a name goes on behind a hyphen: "Po-han".
    fn hyphenated(&self, end: usize) -> usize {
        let touching = |at: usize| self.doc.tokens.span[at - 1].end == self.doc.tokens.span[at].start;
        if end > 0
            && end + 1 < self.doc.tokens.len()
            && matches!(self.text(end), "-" | "‑")
            && touching(end)
            && touching(end + 1)
            && self.scan.shape(end + 1).any(Shape::LETTER)
            && self.text(end + 1).len() <= 8
            && !matches!(self.text(end + 1), "led" | "based" | "backed" | "born" | "era" | "style" | "linked" | "elect")
        {
            end + 2
        } else {
            end
        }
    }

    /// Where a person's name that begins here may end.
    fn person_end(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        let mut last = start;
        while at < end && at - start < 6 {
            let shape = self.scan.shape(at);
            let text = self.text(at);
            if shape.is_capital() && shape.any(Shape::LETTER) && !self.class(at).is(WordClass::PLAIN) {
                if at > start && self.role_of[at] > 0 && self.scan.words[at] == NameWord::default() {
                    break;
                }
                at += 1;
                last = at;
            } else if (text == "-" || self.class(at).is(WordClass::PARTICLE)) && at > start
                || self.class(at).is(WordClass::PARTICLE)
            {
                at += 1;
            } else {
                break;
            }
        }
        if last > start { self.hyphenated(last) } else { last }
    }

    /// "X University", "Bank of X", "X Holdings Ltd".
    fn forms(&self, start: usize, end: usize, out: &mut Vec<Name>) {
        for at in start..end {
            let Some(kind) = self.form_at(at).filter(|_| !self.class(at).is(WordClass::PLACE_HEAD)) else { continue };
            let mut from = at;
            while from > start && self.is_part(from - 1) {
                from -= 1;
            }
            // A nationality before a plain body, a country before it, belong to the state, not to the name; a role before it, to no name.
            while from < at
                && (self.role_of[from] > 0
                    && self.doc.tokens.upos[from] != Upos::Adj
                    && self.role_of[from] != self.role_of[at]
                    && self.form_at(from).is_none())
            {
                from += 1;
            }
            if matches!(kind, FormKind::Government | FormKind::Military)
                && let Some(hit) = self.hit_from(from)
                && hit.tokens.end.ix() < at
                && matches!(self.read(hit), Some(What::Nationality(_) | What::Country(_)))
            {
                from = hit.tokens.end.ix();
            }
            let mut to = at + 1;
            while to < end && self.form_at(to).is_some() {
                to += 1;
            }
            if matches!(self.text_or(to), "of" | "for" | "de" | "del" | "des") && to < end {
                to = self.of_end(to, end);
            } else if kind == FormKind::Company && to < end && self.text(to) == "&" {
                to = (to + 2).min(end);
            }
            let others = (from..to).filter(|at| self.form_at(*at).is_none() && self.scan.shape(*at).is_capital()).count();
            let count = to - from;
            if others > 0 && count > 1 && count <= self.longest {
                let strong = matches!(
                    kind,
                    FormKind::University | FormKind::Bank | FormKind::Court | FormKind::Party | FormKind::Government
                ) || count > 2
                    || self.is_suffix(at);
                out.push(self.name(from, to, What::NewOrganization(Some(kind)), if strong { 33 } else { 24 } * count as i32));
            }
        }
    }

    /// The end of "of X and Y".
    fn of_end(&self, joint: usize, end: usize) -> usize {
        let mut at = joint;
        let mut last = joint;
        while at < end {
            if self.class(at).is(WordClass::PLAIN) {
                break;
            }
            if self.scan.shape(at).is_capital() {
                at += 1;
                last = at;
            } else if self.class(at).is(WordClass::JOINT) {
                // "the Ministry of Trade and Japan": an "and" before a name of its own begins something else.
                if matches!(self.text(at), "and" | "&") && self.hit_from(at + 1).is_some() {
                    break;
                }
                at += 1;
            } else {
                break;
            }
        }
        last
    }

    /// "X Treaty", "Agreement for X".
    fn agreement(&self, start: usize, end: usize, out: &mut Vec<Name>) {
        for at in start..end {
            if !self.class(at).is(WordClass::AGREEMENT) || !self.scan.shape(at).is_capital() {
                continue;
            }
            let mut from = at;
            while from > start
                && (self.is_part(from - 1)
                    || (matches!(self.text(from - 1), "and" | "-" | "on" | "of" | "for" | "the")
                        && from - 1 > start
                        && self.is_part(from - 2)))
            {
                from -= 1;
            }
            while from < at && self.role_of[from] > 0 && self.doc.tokens.upos[from] != Upos::Adj {
                from += 1;
            }
            let mut to = at + 1;
            if matches!(self.text_or(to), "for" | "on" | "of" | "between" | "against" | "to") && to < end {
                to = self.of_end(to, end).max(at + 1);
            }
            if to - from > 1 && to - from <= self.longest {
                out.push(self.name(from, to, What::Agreement, 34 * (to - from) as i32));
            }
        }
        // Events and works take the words that would else be taken for a body or a place.
        for at in start + 1..end {
            if self.class(at).is(WordClass::EVENT) && self.scan.shape(at).is_capital() {
                let mut from = at;
                while from > start && self.is_part(from - 1) {
                    from -= 1;
                }
                if from < at && self.hit_from(from).is_none_or(|name| name.tokens.end.ix() <= at) {
                    let mut to = at + 1;
                    while to < end && self.is_part(to) {
                        to += 1;
                    }
                    out.push(self.name(from, to, What::Nothing, 21 * (to - from) as i32));
                }
            }
        }
    }

    /// "Maria Lopez": a given name and what follows it.
    fn given_names(&self, start: usize, end: usize, out: &mut Vec<Name>) {
        let mut at = start;
        while at < end {
            let word = self.scan.words[at];
            if word.is(NameWord::GIVEN) && !self.is_ordinary(at, start) {
                let to = self.person_end(at, end);
                let count = to - at;
                let last = self.scan.words.get(to.wrapping_sub(1)).copied().unwrap_or_default();
                if (2..=5).contains(&count) && self.form_in(at, to).is_none() && !self.class(to - 1).is(WordClass::PLACE_HEAD) {
                    let sure = !word.is(NameWord::COMMON) || last.any(NameWord::SURNAME) || last.any(NameWord::GIVEN);
                    out.push(self.name(at, to, What::NewPerson, if sure { 28 } else { 19 } * count as i32));
                    at = to;
                    continue;
                }
            }
            at += 1;
        }
    }

    /// "X River", "Mount X".
    fn feature(&self, start: usize, end: usize, out: &mut Vec<Name>) {
        for at in start..end {
            if !self.class(at).is(WordClass::PLACE_HEAD) || !self.scan.shape(at).is_capital() {
                continue;
            }
            let mut from = at;
            while from > start && self.is_part(from - 1) && self.role_of[from - 1] == 0 {
                from -= 1;
            }
            // "Museum of Flight"
            let mut to = at + 1;
            if self.text_or(to) == "of" && to + 1 < end && self.scan.shape(to + 1).is_capital() {
                to = self.of_end(to, end);
            }
            if (from < at || to > at + 1) && to - from <= 6 {
                out.push(self.name(from, to, What::NewPlace, 30 * (to - from) as i32));
            }
        }
    }

    /// Whether a word that begins its sentence may be an ordinary one.
    fn is_ordinary(&self, at: usize, start: usize) -> bool {
        at == start
            && self.scan.words[at].is(NameWord::COMMON)
            && !matches!(self.doc.tokens.upos[at], Upos::Propn | Upos::Unknown)
    }

    /// The end of a run of capitals and joints.
    fn run_end(&self, start: usize, range: &std::ops::Range<usize>) -> usize {
        let mut at = start + 1;
        let mut last = at;
        while at < range.end && at - start < 40 {
            if self.scan.shape(at).is_capital() {
                at += 1;
                last = at;
            } else if (self.class(at).is(WordClass::JOINT)
                || self.class(at).is(WordClass::PARTICLE)
                || matches!(self.text(at), "-" | "–" | "&"))
                && at - last < 3
            {
                at += 1;
            } else {
                break;
            }
        }
        last
    }

    /// Whether a token has a capital that may be a name's.
    fn is_capital(&self, at: usize, sentence: &Sentence) -> bool {
        if !self.scan.shape(at).is_capital() {
            return false;
        }
        if at == sentence.tokens.start.ix() {
            return !matches!(
                self.doc.tokens.upos[at],
                Upos::Det | Upos::Adp | Upos::Pron | Upos::Sconj | Upos::Cconj | Upos::Adv | Upos::Aux | Upos::Intj
            );
        }
        true
    }

    /// Whether a token is a part of a longer name: a word with a capital that is not one of its own.
    fn is_part(&self, at: usize) -> bool {
        let shape = self.scan.shape(at);
        if self.text(at) == "-" || self.text(at) == "&" {
            return at > 0 && self.scan.shape(at - 1).is_capital();
        }
        shape.is_capital()
            && !self.class(at).is(WordClass::PLAIN)
            && !matches!(self.doc.tokens.upos[at], Upos::Det | Upos::Adp | Upos::Pron | Upos::Sconj | Upos::Cconj)
    }

    fn form_at(&self, at: usize) -> Option<FormKind> {
        let atoms = self.scan.token_atoms(at);
        let [atom] = atoms else { return None };
        if !atom.shape.is_capital() {
            return None;
        }
        // Two or three capitals are a form only after a name: AG, SA, plc.
        if atom.shape.is_acronym() && atom.end - atom.start <= 3 && (at == 0 || !self.scan.shape(at - 1).is_capital()) {
            return None;
        }
        self.world.words.form(atom.hash)
    }

    fn is_suffix(&self, at: usize) -> bool {
        self.scan.words[at].any(NameWord::COMPANY)
    }

    fn form_in(&self, start: usize, end: usize) -> Option<FormKind> {
        (start..end).rev().find_map(|at| self.form_at(at))
    }

    fn class(&self, at: usize) -> WordClass {
        match self.scan.token_atoms(at) {
            [atom] => self.world.shapers.get(atom.hash),
            _ => WordClass::default(),
        }
    }

    fn text(&self, at: usize) -> &'a str {
        self.doc.tokens.span[at].slice(&self.doc.text)
    }

    fn text_or(&self, at: usize) -> &'a str {
        self.doc.tokens.span.get(at).map_or("", |span| span.slice(&self.doc.text))
    }

    /// Adds the short forms of people whom the document names in full, where nothing else was found.
    fn short_names(&self, names: &mut Vec<Name>) {
        let mut surnames: FxHashMap<u64, What> = FxHashMap::default();
        for name in names.iter() {
            if matches!(name.what, What::NewPerson | What::Person(_)) {
                let atoms = &self.scan.atoms
                    [self.scan.first[name.tokens.start.ix()] as usize..self.scan.first[name.tokens.end.ix()] as usize];
                if let (Some(first), Some(last)) = (atoms.first(), atoms.last())
                    && atoms.len() > 1
                {
                    surnames.insert(last.hash, What::NewPerson);
                    if let What::Person(row) = name.what
                        && is_family_first(self.world, row)
                    {
                        surnames.insert(first.hash, What::NewPerson);
                    }
                }
            }
        }
        if surnames.is_empty() {
            return;
        }
        // A place of one word that is also someone's surname here is that someone.
        for name in names.iter_mut() {
            if name.tokens.len() == 1
                && matches!(name.what, What::Place(_) | What::NewPlace | What::NewOrganization(_))
                && let [atom] = self.scan.token_atoms(name.tokens.start.ix())
                && surnames.contains_key(&atom.hash)
                && !(name.tokens.start.ix() > 0 && self.class(name.tokens.start.ix() - 1).is(WordClass::LOCATIVE))
            {
                name.what = What::NewPerson;
            }
        }
        let mut extra = Vec::new();
        let mut next = 0;
        for at in 0..self.doc.tokens.len() {
            while next < names.len() && names[next].tokens.end.ix() <= at {
                next += 1;
            }
            if next < names.len() && names[next].tokens.start.ix() <= at {
                continue;
            }
            if let [.., atom] = self.scan.token_atoms(at)
                && atom.shape.is_capital()
                && surnames.contains_key(&atom.hash)
                && matches!(self.doc.tokens.upos[at], Upos::Propn | Upos::Unknown | Upos::Noun | Upos::X)
            {
                extra.push(self.name(at, at + 1, What::NewPerson, 0));
            }
        }
        names.append(&mut extra);
        names.sort_by_key(|name| (name.span.start, name.span.end));
    }
}

fn mark_token(at: usize) -> chancery_model::TokenIx {
    chancery_model::TokenIx::at(at)
}

/// Whether the family's name comes first in a person's name: Chinese, Korean.
pub fn is_family_first(world: &World, person: u32) -> bool {
    world.people[person as usize]
        .terms
        .iter()
        .filter_map(|term| term.country)
        .any(|country| matches!(country.as_str(), "CHN" | "KOR" | "PRK" | "TWN" | "HKG" | "MAC" | "SGP"))
}

/// The best set of candidates that do not overlap, onto `out`; of equals, the one that came first.
fn choose(candidates: &mut [Name], sentence: &Sentence, out: &mut Vec<Name>) {
    if candidates.is_empty() {
        return;
    }
    let start = sentence.tokens.start.0;
    let count = sentence.tokens.len();
    candidates.sort_by_key(|name| name.tokens.end.0);
    // Two names may share a token ("Franco-German" unsplit), so bytes decide overlap: those are chained by hand below.
    let mut best = vec![0i32; count + 1];
    let mut taken = vec![u32::MAX; count + 1];
    let mut next = 0;
    for end in 1..=count {
        best[end] = best[end - 1];
        while next < candidates.len() && (candidates[next].tokens.end.0 - start) as usize == end {
            let name = &candidates[next];
            let from = (name.tokens.start.0 - start) as usize;
            let score = best[from] + name.score;
            if score > best[end] {
                (best[end], taken[end]) = (score, next as u32);
            }
            next += 1;
        }
    }
    let first = out.len();
    let mut end = count;
    while end > 0 {
        match taken[end] {
            u32::MAX => end -= 1,
            at => {
                let name = candidates[at as usize];
                // Other names in the same tokens: the halves of a compound.
                out.extend(
                    candidates.iter().filter(|other| {
                        other.tokens == name.tokens && !other.span.overlaps(name.span) && other.tokens.len() == 1
                    }),
                );
                out.push(name);
                end = (name.tokens.start.0 - start) as usize;
            }
        }
    }
    out[first..].sort_by_key(|name| (name.span.start, name.span.end));
    let mut at = first;
    while at < out.len() {
        if out[at].what == What::Nothing {
            out.remove(at);
        } else {
            at += 1;
        }
    }
}
