//! Which mentions are of the same entity, and what is known of each entity: country, role, organization, actor code.
//!
//! Names come first, in the order of the text: full names make entities, short ones join them. Then descriptions: an apposition is its
//! name's, "the official" the last one who was called so, anything else a new unnamed person. The text's own words come before the
//! lexicons', and the lexicons' offices are those of the document's day.

use std::collections::BTreeMap;

use chancery_lexicon::World;
use chancery_lexicon::atoms::{Atom, Atoms, hash_name};
use chancery_lexicon::people::Term;
use chancery_lexicon::words::NameWord;
use chancery_model::{Country, Document, EntityKey, EntityType, MentionKind, MentionType, PersonStatus};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::draft::Draft;
use super::names::{What, is_family_first};

/// An entity in the making.
#[derive(Debug, Clone)]
pub struct Build {
    /// Its key.
    pub key: EntityKey,
    /// The fullest name so far.
    pub name: String,
    /// What it is.
    pub r#type: EntityType,
    /// Its country.
    pub country: Option<Country>,
    /// Actor code.
    pub code: String,
    /// Role.
    pub role: String,
    /// Row of the role in the lexicon, plus one.
    pub role_row: u32,
    /// Whether it is held.
    pub status: Option<PersonStatus>,
    /// Organization acted for.
    pub organization: String,
    /// Row in the lexicon of people.
    pub person: Option<u32>,
    /// Whether it is of several.
    pub plural: bool,
    /// Grammatical gender, where the name tells: `m`, `f`.
    pub gender: Option<char>,
    atoms: Vec<u64>,
    words: Vec<u64>,
}

/// Entities, and the entity of each draft.
pub struct Resolved {
    /// Entities, in the order in which they were met.
    pub entities: Vec<Build>,
    /// The entity of each draft.
    pub of: Vec<Option<u32>>,
}

/// Resolves the drafts, which must be sorted by where they stand. `main` is the country that the document is most about.
pub fn resolve(doc: &Document, world: &World, drafts: &mut [Draft], main: Option<u32>) -> Resolved {
    let mut resolver = Resolver {
        doc,
        world,
        day: doc.published(),
        main,
        entities: Vec::new(),
        by_key: FxHashMap::default(),
        acronyms: FxHashMap::default(),
        anonymous: 0,
    };
    let mut of = vec![None; drafts.len()];
    // Full names of people first: a short one may come before the full one ("Kishida … Fumio Kishida").
    let full: Vec<(usize, Vec<u64>)> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| super::describe::is_person(draft))
        .map(|(at, draft)| (at, resolver.name_atoms(draft)))
        .filter(|(at, atoms)| atoms.len() > 1 || matches!(drafts[*at].what, What::Person(_)))
        .collect();
    for (at, atoms) in full {
        of[at] = Some(resolver.full_person(&drafts[at], atoms));
    }
    for at in 0..drafts.len() {
        if drafts[at].kind == MentionKind::Name && of[at].is_none() {
            of[at] = resolver.name(at, drafts, &of);
        }
    }
    // What the words around names say, now that bodies and countries have entities.
    for at in 0..drafts.len() {
        if super::describe::is_person(&drafts[at])
            && let Some(entity) = of[at]
        {
            resolver.office(entity, &drafts[at], drafts, &of);
        }
    }
    resolver.homes(drafts, &of);
    for entity in 0..resolver.entities.len() {
        resolver.complete(entity);
    }
    for at in 0..drafts.len() {
        if drafts[at].kind == MentionKind::Description {
            of[at] = resolver.description(at, drafts, &of);
        }
    }
    Resolved { entities: resolver.entities, of }
}

/// How many mentions or entities are looked back at, so that a list of a million names takes no square of that.
const LOOK_BACK: usize = 1000;

struct Resolver<'a> {
    doc: &'a Document,
    world: &'a World,
    day: Option<Date>,
    main: Option<u32>,
    entities: Vec<Build>,
    by_key: FxHashMap<EntityKey, u32>,
    acronyms: FxHashMap<u64, u32>,
    anonymous: u32,
}

impl Resolver<'_> {
    /// The atoms of a draft's name.
    fn name_atoms(&self, draft: &Draft) -> Vec<u64> {
        Atoms::of(self.doc.slice(draft.head))
            .filter(|atom| !atom.shape.any(chancery_lexicon::atoms::Shape::MARK))
            .map(|atom| atom.hash)
            .collect()
    }

    fn add(&mut self, key: EntityKey, name: String, r#type: EntityType) -> u32 {
        if let Some(known) = self.by_key.get(&key) {
            return *known;
        }
        let at = self.entities.len() as u32;
        self.by_key.insert(key.clone(), at);
        self.entities.push(Build {
            key,
            name,
            r#type,
            country: None,
            code: String::new(),
            role: String::new(),
            role_row: 0,
            status: None,
            organization: String::new(),
            person: None,
            plural: false,
            gender: None,
            atoms: Vec::new(),
            words: Vec::new(),
        });
        at
    }

    /// The entity made last that fits, among as many as are looked back at.
    fn recent(&self, fits: impl Fn(&Build) -> bool) -> Option<usize> {
        let first = self.entities.len().saturating_sub(LOOK_BACK);
        self.entities[first..].iter().rposition(fits).map(|at| first + at)
    }

    /// The entity of a person's full name.
    fn full_person(&mut self, draft: &Draft, atoms: Vec<u64>) -> u32 {
        let text = tidy(self.doc.slice(draft.head));
        if let What::Person(row) = draft.what {
            return self.known_person(row, Some(&text), atoms);
        }
        // The same name with or without middle parts: first and last agree, or one is the beginning or end of the other.
        let same = self
            .entities
            .iter()
            .position(|entity| entity.r#type == EntityType::Person && entity.atoms.len() > 1 && same_name(&entity.atoms, &atoms));
        if let Some(same) = same {
            if atoms.len() > self.entities[same].atoms.len() {
                self.entities[same].atoms = atoms;
                self.entities[same].name = text;
            }
            return same as u32;
        }
        let gender = atoms.first().and_then(|first| gender_of(self.world.words.get(*first)));
        let at = self.add(EntityKey::Named(format!("person/{}", chancery_lexicon::slug(&text))), text, EntityType::Person);
        self.entities[at as usize].atoms = atoms;
        self.entities[at as usize].gender = gender;
        at
    }

    /// The entity of a person of the lexicon.
    fn known_person(&mut self, row: u32, text: Option<&str>, atoms: Vec<u64>) -> u32 {
        let person = &self.world.people[row as usize];
        let key = EntityKey::Named(format!("person/{}", person.id));
        let at = self.add(key, person.name.to_string(), EntityType::Person);
        let entity = &mut self.entities[at as usize];
        entity.person = Some(row);
        if entity.atoms.is_empty() {
            entity.atoms = if atoms.len() > 1 { atoms } else { Atoms::of(&person.name).map(|atom| atom.hash).collect() };
            entity.gender = entity.atoms.first().and_then(|first| gender_of(self.world.words.get(*first)));
        }
        let _ = text;
        at
    }

    /// The entity of any other name.
    fn name(&mut self, at: usize, drafts: &[Draft], of: &[Option<u32>]) -> Option<u32> {
        let draft = &drafts[at];
        match draft.what {
            What::Country(row) | What::Nationality(row) => Some(self.country(row)),
            What::Capital(row) if draft.r#type == MentionType::Country => Some(self.country(row)),
            What::Seat(row) if draft.r#type == MentionType::Country => {
                let code = self.world.seats[row as usize].country;
                self.world.countries.index(code).map(|row| self.country(row))
            }
            What::Seat(row) => {
                let name = self.world.seats[row as usize].name.to_string();
                let at = self.add(EntityKey::Named(format!("place/{}", chancery_lexicon::slug(&name))), name, EntityType::Place);
                self.entities[at as usize].country = Some(self.world.seats[row as usize].country);
                Some(at)
            }
            What::Capital(row) => {
                let name = tidy(self.doc.slice(draft.head));
                let at = self.place(name);
                self.entities[at as usize].country = Some(self.world.countries.rows[row as usize].code);
                Some(at)
            }
            What::Region(row) | What::RegionAdjective(row) => {
                let region = &self.world.regions[row as usize];
                let name = region.name.to_string();
                let country = if region.members.len() == 1 { region.members.first().copied() } else { None };
                let at = self.place(name);
                self.entities[at as usize].country = country;
                Some(at)
            }
            What::Place(row) => {
                let name = self.world.place_names[row as usize];
                let best = self.world.gazetteer.candidates(name).first().map(|place| self.world.gazetteer.get(*place));
                let (text, country) =
                    best.map_or((tidy(self.doc.slice(draft.head)), None), |place| (place.name.to_owned(), place.country));
                let at = self.place(text);
                self.entities[at as usize].country = country;
                Some(at)
            }
            What::NewPlace => Some(self.place(tidy(self.doc.slice(draft.head)))),
            What::Organization(row) => Some(self.organization(row, self.doc.slice(draft.head))),
            What::AgreementBody(row) => {
                let body = &self.world.organizations[row as usize];
                let name = tidy(self.doc.slice(draft.head));
                let at = self.add(EntityKey::Named(format!("agreement/{}", body.id)), name.clone(), EntityType::Agreement);
                if name.len() > self.entities[at as usize].name.len() {
                    self.entities[at as usize].name = name;
                }
                Some(at)
            }
            What::Ministry(row) => Some(self.ministry(row, draft, drafts)),
            What::NewOrganization(form) => Some(self.new_organization(draft, form, drafts, of)),
            What::Agreement => {
                let name = tidy(self.doc.slice(draft.head));
                Some(self.add(
                    EntityKey::Named(format!("agreement/{}", chancery_lexicon::slug(&name))),
                    name,
                    EntityType::Agreement,
                ))
            }
            What::Person(row) => Some(self.known_person(row, None, Vec::new())),
            What::NewPerson => Some(self.short_person(at, drafts, of)),
            What::Nothing => None,
        }
    }

    fn country(&mut self, row: u32) -> u32 {
        let country = &self.world.countries.rows[row as usize];
        let at = self.add(
            EntityKey::Named(format!("country/{}", country.code.as_str())),
            country.name.to_string(),
            EntityType::Country,
        );
        let entity = &mut self.entities[at as usize];
        entity.country = Some(country.code);
        entity.code = country.code.as_str().to_owned();
        at
    }

    fn place(&mut self, name: String) -> u32 {
        self.add(EntityKey::Named(format!("place/{}", chancery_lexicon::slug(&name))), name, EntityType::Place)
    }

    /// The entity of a body of the lexicon: it is called as the text calls it at its fullest, so that a reader finds the words again;
    /// an abbreviation with full stops is spelt out.
    fn organization(&mut self, row: u32, text: &str) -> u32 {
        let body = &self.world.organizations[row as usize];
        let text = text.strip_prefix("the ").unwrap_or(text);
        let plain = text.starts_with(char::is_lowercase);
        let name = if plain || text.contains('.') && !text.contains(' ') { &*body.name } else { text };
        let at = self.add(EntityKey::Named(format!("org/{}", body.id)), tidy(name), EntityType::Organization);
        let entity = &mut self.entities[at as usize];
        if name.len() > entity.name.len() {
            entity.name = tidy(name);
        }
        if entity.atoms.is_empty() && body.name.contains(' ') {
            entity.atoms = Atoms::of(body.name.strip_prefix("The ").unwrap_or(&body.name)).map(|atom| atom.hash).collect();
        }
        entity.country = body.country;
        entity.code = body.code.to_string();
        at
    }

    fn ministry(&mut self, row: u32, draft: &Draft, drafts: &[Draft]) -> u32 {
        let ministry = &self.world.ministries[row as usize];
        let country = draft.country.or_else(|| {
            // The last one of this field that had a country is meant; else the country that the text is about.
            let before = drafts.partition_point(|other| other.span.start < draft.span.start);
            drafts[..before].iter().rev().take(LOOK_BACK).filter(|other| other.what == draft.what).find_map(|other| other.country)
        });
        let country = country.map(|row| self.world.countries.rows[row as usize].code);
        let text = tidy(self.doc.slice(draft.head));
        let home = country.map_or_else(String::new, |code| format!("-{}", code.as_str().to_ascii_lowercase()));
        let at =
            self.add(EntityKey::Named(format!("org/{}-ministry{home}", ministry.key)), text.clone(), EntityType::Organization);
        let entity = &mut self.entities[at as usize];
        if text.len() > entity.name.len() {
            entity.name = text;
        }
        entity.country = country;
        entity.code = format!("{}{}", country.as_ref().map_or("", Country::as_str), ministry.sector);
        at
    }

    fn new_organization(
        &mut self,
        draft: &Draft,
        form: Option<chancery_lexicon::words::FormKind>,
        drafts: &[Draft],
        of: &[Option<u32>],
    ) -> u32 {
        let text = tidy(self.doc.slice(draft.head));
        let hash = hash_name(&text);
        let _ = (drafts, of);
        if let Some(known) = self.acronyms.get(&hash) {
            return *known;
        }
        // A name within a longer one that stands before it: "Acme Holdings Ltd … Acme".
        let atoms = self.name_atoms(draft);
        if let Some(longer) = self.recent(|entity| {
            entity.r#type == EntityType::Organization
                && !entity.atoms.is_empty()
                && atoms.len() < entity.atoms.len()
                && entity.atoms.starts_with(&atoms)
        }) {
            return longer as u32;
        }
        let at =
            self.add(EntityKey::Named(format!("org/{}", chancery_lexicon::slug(&text))), text.clone(), EntityType::Organization);
        let country = draft.country.map(|row| self.world.countries.rows[row as usize].code);
        let entity = &mut self.entities[at as usize];
        entity.atoms = atoms;
        entity.country = entity.country.or(country);
        let home = entity.country.map_or_else(String::new, |code| code.as_str().to_owned());
        let sector = form.map_or("", chancery_lexicon::words::FormKind::sector);
        entity.code = if home.is_empty() && sector == "BUS" { "MNC".to_owned() } else { format!("{home}{sector}") };
        self.acronyms.insert(hash, at);
        if let Some(acronym) = acronym_of(&text) {
            self.acronyms.entry(hash_name(&acronym)).or_insert(at);
        }
        at
    }

    /// The entity of a short name: the person of the document who has it, else the one in office whom the lexicon knows.
    fn short_person(&mut self, at: usize, drafts: &[Draft], of: &[Option<u32>]) -> u32 {
        let draft = &drafts[at];
        let atoms = self.name_atoms(draft);
        let text = tidy(self.doc.slice(draft.head));
        if let Some(last) = atoms.last() {
            let fits = |entity: &Build| {
                entity.r#type == EntityType::Person
                    && entity.atoms.len() > 1
                    && (entity.atoms.last() == Some(last)
                        || entity.person.is_some_and(|row| is_family_first(self.world, row))
                            && entity.atoms.first() == Some(last)
                        || self.goes_by_first(draft) && entity.atoms.first() == Some(last))
            };
            // The one named last before here; else the first after.
            let before =
                (0..at).rev().take(LOOK_BACK).filter_map(|other| of[other]).find(|entity| fits(&self.entities[*entity as usize]));
            let after = || {
                (at..drafts.len())
                    .take(LOOK_BACK)
                    .filter_map(|other| of[other])
                    .find(|entity| fits(&self.entities[*entity as usize]))
            };
            let any = || self.recent(fits).map(|at| at as u32);
            if let Some(found) = before.or_else(after).or_else(any) {
                return found;
            }
            let mut first = self.entities.iter().enumerate().rev().take(LOOK_BACK).filter(|(_, entity)| {
                entity.r#type == EntityType::Person && entity.atoms.len() > 1 && entity.atoms.first() == Some(last)
            });
            if let (Some((found, _)), None) = (first.next(), first.next()) {
                return found as u32;
            }
            if let Some(row) = self.in_office(*last, draft) {
                return self.known_person(row, None, Vec::new());
            }
        }
        let gender = atoms.first().and_then(|first| gender_of(self.world.words.get(*first)));
        let at = self.add(EntityKey::Named(format!("person/{}", chancery_lexicon::slug(&text))), text, EntityType::Person);
        let entity = &mut self.entities[at as usize];
        if entity.atoms.is_empty() {
            entity.atoms = atoms;
            entity.gender = gender;
        }
        at
    }

    /// Royalty, clergy and sheikhs go by their first names.
    fn goes_by_first(&self, draft: &Draft) -> bool {
        matches!(&*draft.office.role, role if ["prince", "princess", "king", "queen", "pope", "sheikh", "emir", "sultan", "emperor", "crown prince", "sister", "brother", "father"].iter().any(|word| role.ends_with(word)))
    }

    /// The person of the lexicon whom a bare surname means on the document's day, if one stands out.
    fn in_office(&self, surname: u64, draft: &Draft) -> Option<u32> {
        let role = &*draft.office.role;
        let country = draft.office.country.map(|row| self.world.countries.rows[row as usize].code);
        let mut best: Option<(i32, u32)> = None;
        let mut tied = false;
        for row in self.world.people_called(surname) {
            let person = &self.world.people[*row as usize];
            let weight = person.terms.iter().map(|term| self.weight(term, role, country)).max().unwrap_or(0);
            if weight <= 0 {
                continue;
            }
            match best {
                Some((known, _)) if known > weight => {}
                Some((known, _)) if known == weight => tied = true,
                _ => {
                    best = Some((weight, *row));
                    tied = false;
                }
            }
        }
        let (weight, row) = best?;
        // A bare surname without any role must be that of someone at the top.
        let enough = if role.is_empty() && country.is_none() { 6 } else { 3 };
        (weight >= enough && !tied).then_some(row)
    }

    fn weight(&self, term: &Term, role: &str, country: Option<Country>) -> i32 {
        if let (Some(country), Some(home)) = (country, term.country)
            && country != home
        {
            return 0;
        }
        let fits =
            !role.is_empty() && (role.ends_with(&*term.role) || term.role.ends_with(role) || same_office(role, &term.role));
        if !role.is_empty() && !fits && !term.role.is_empty() {
            return 0;
        }
        let top = match &*term.role {
            "president" | "prime minister" | "chancellor" | "king" | "queen" | "emperor" | "pope" | "supreme leader"
            | "crown prince" => 5,
            "foreign minister" | "secretary of state" | "secretary-general" | "vice president" | "defence minister"
            | "defense secretary" => 3,
            _ => 1,
        };
        let held = if term.period.holds(self.day) {
            4
        } else if term.period.is_over(self.day) {
            match (term.period.to, self.day) {
                (Some(to), Some(day)) if (day.year() - to.year()) < 4 => 1,
                _ if fits => 0,
                _ => -4,
            }
        } else {
            -6
        };
        let spoken = term.country.and_then(|code| self.world.countries.index(code)).is_some_and(|row| Some(row) == self.main);
        top + held + i32::from(fits) * 2 + i32::from(spoken)
    }

    /// Takes over what the words around a name say.
    fn office(&mut self, at: u32, draft: &Draft, drafts: &[Draft], of: &[Option<u32>]) {
        let office = &draft.office;
        let body = office.body.and_then(|body| of.get(body).copied().flatten()).map(|body| self.entities[body as usize].clone());
        let country = office.country.map(|row| self.world.countries.rows[row as usize].code);
        let _ = drafts;
        let entity = &mut self.entities[at as usize];
        if entity.role.is_empty() && !office.role.is_empty() {
            entity.role.clone_from(&office.role);
            entity.role_row = office.row;
            entity.status = entity.status.or(office.status).or(Some(PersonStatus::Current));
        }
        if matches!(office.status, Some(PersonStatus::Late | PersonStatus::Former | PersonStatus::Elect | PersonStatus::Acting))
            && matches!(entity.status, None | Some(PersonStatus::Current))
        {
            entity.status = office.status;
        }
        if let Some(body) = body
            && body.r#type == EntityType::Organization
        {
            if entity.organization.is_empty() {
                entity.organization.clone_from(&body.name);
            }
            if entity.country.is_none() {
                entity.country = country.or(body.country);
            }
            if entity.code.is_empty() && entity.country.is_none() {
                entity.code = body.code;
            }
        }
        entity.country = entity.country.or(country);
    }

    /// Ministries and office holders whose country nothing beside them tells are of the country that is spoken of.
    fn homes(&mut self, drafts: &[Draft], of: &[Option<u32>]) {
        for at in 0..drafts.len() {
            let Some(entity) = of[at] else { continue };
            let known = &self.entities[entity as usize];
            if known.country.is_some() || known.person.is_some() {
                continue;
            }
            let official =
                |sector: &str| ["GOV", "MIL", "COP", "JUD", "LEG", "SPY", "PTY"].iter().any(|known| sector.starts_with(known));
            let wanting = match drafts[at].what {
                What::Ministry(_) => true,
                What::NewOrganization(Some(form)) => {
                    official(form.sector()) || known.name.starts_with("National ") || known.name.starts_with("Federal ")
                }
                What::NewPerson => {
                    known.organization.is_empty()
                        && known.role_row.checked_sub(1).is_some_and(|row| official(&self.world.roles[row as usize].sector))
                }
                _ => false,
            };
            if wanting && let Some(row) = self.nearest_country(at, drafts, of, 0) {
                let code = self.world.countries.rows[row as usize].code;
                let entity = &mut self.entities[entity as usize];
                entity.country = Some(code);
                if entity.r#type == EntityType::Organization && chancery_lexicon::sectors::known(&entity.code) {
                    entity.code = format!("{}{}", code.as_str(), entity.code);
                }
            }
        }
        // Who speaks for such a body is of its country.
        for at in 0..drafts.len() {
            if super::describe::is_person(&drafts[at])
                && let (Some(person), Some(body)) =
                    (of[at], drafts[at].office.body.and_then(|body| of.get(body).copied().flatten()))
                && self.entities[person as usize].country.is_none()
                && self.entities[body as usize].r#type == EntityType::Organization
            {
                self.entities[person as usize].country = self.entities[body as usize].country;
            }
        }
    }

    /// Completes a person from the lexicons, and makes the actor code.
    fn complete(&mut self, at: usize) {
        if self.entities[at].r#type != EntityType::Person {
            return;
        }
        // A full name of the lexicon that the document gives to someone of another country is a namesake.
        let term = self.entities[at].person.and_then(|row| {
            let person = &self.world.people[row as usize];
            let entity = &self.entities[at];
            let role = &*entity.role;
            let fitting = person.terms.iter().rev().find(|term| {
                !role.is_empty()
                    && (role.ends_with(&*term.role) || same_office(role, &term.role))
                    && !term.period.is_ahead(self.day)
            });
            fitting
                .or_else(|| person.term_at(self.day))
                .map(|term| (term.clone(), person.is_dead(self.day), person.died.is_some()))
        });
        let day = self.day;
        let organization =
            term.as_ref().and_then(|(term, ..)| self.world.organization(&term.organization)).map(|body| body.name.to_string());
        let entity = &mut self.entities[at];
        let mut code = String::new();
        if let Some((term, dead, _)) = term {
            let same_country = entity.country.is_none() || term.country.is_none() || entity.country == term.country;
            entity.country = entity.country.or(term.country);
            if entity.role.is_empty() {
                entity.role = term.role.to_string();
                entity.status = entity.status.or(if dead {
                    Some(PersonStatus::Late)
                } else if term.period.is_over(day) {
                    Some(PersonStatus::Former)
                } else if term.period.is_ahead(day) {
                    None
                } else {
                    Some(PersonStatus::Current)
                });
                if term.period.is_ahead(day) {
                    entity.role.clear();
                }
            }
            if entity.organization.is_empty()
                && let Some(name) = organization
            {
                entity.organization = name;
            }
            if same_country && (term.period.holds(day) || day.is_none()) {
                code = term.code.to_string();
            }
        }
        if code.is_empty() {
            let sector = entity.role_row.checked_sub(1).map_or("", |row| &*self.world.roles[row as usize].sector);
            let home = entity.country.map_or_else(String::new, |code| code.as_str().to_owned());
            if !home.is_empty() || entity.code.is_empty() {
                code = format!("{home}{sector}");
            } else {
                code.clone_from(&entity.code);
            }
        }
        // Who has left office is of the elite, not of the government.
        if matches!(entity.status, Some(PersonStatus::Former | PersonStatus::Late)) && code.ends_with("GOV") {
            code.truncate(code.len() - 3);
            code.push_str("ELI");
        }
        entity.code = code;
    }

    /// The entity of a description.
    fn description(&mut self, at: usize, drafts: &mut [Draft], of: &[Option<u32>]) -> Option<u32> {
        let draft = drafts[at].clone();
        if let Some(same) = draft.same_as {
            // "X, a Japanese conglomerate": a body without a country gets one.
            if let (Some(entity), Some(row)) = (of[same], draft.office.country) {
                let code = self.world.countries.rows[row as usize].code;
                let entity = &mut self.entities[entity as usize];
                if entity.r#type == EntityType::Organization && entity.country.is_none() {
                    entity.country = Some(code);
                    if entity.code.is_empty() || entity.code == "MNC" || chancery_lexicon::sectors::known(&entity.code) {
                        let sector = if entity.code == "MNC" { "BUS" } else { &*entity.code };
                        entity.code = format!("{}{sector}", code.as_str());
                    }
                }
            }
            return of[same];
        }
        let country = draft.office.country;
        if draft.r#type == MentionType::Country {
            let owner = draft.office.body.and_then(|body| of[body]).and_then(|entity| self.entities[entity as usize].country);
            let row = country
                .or_else(|| owner.and_then(|code| self.world.countries.index(code)))
                .or_else(|| self.nearest_country(at, drafts, of, 2));
            if let Some(row) = row {
                return Some(self.country(row));
            }
            drafts[at].r#type = MentionType::Group;
        }
        let words = self.content_words(&draft);
        let role = self.world.roles.get(draft.office.row.wrapping_sub(1) as usize);
        let code = country.map(|row| self.world.countries.rows[row as usize].code);
        let body = draft.office.body.and_then(|body| of[body]).map(|entity| self.entities[entity as usize].clone());
        if (draft.definite || draft.plural)
            && let Some(known) = self.described(at, &draft, of, &words, code)
        {
            return Some(known);
        }
        self.anonymous += 1;
        let name = self.bare_text(&draft);
        let r#type = if draft.r#type == MentionType::Person { EntityType::Person } else { EntityType::Group };
        let new = self.add(EntityKey::Anonymous(self.anonymous), name, r#type);
        let home = code.or_else(|| body.as_ref().and_then(|body| body.country));
        let sector = role.map_or("", |role| &*role.sector);
        let entity = &mut self.entities[new as usize];
        entity.country = home;
        entity.role.clone_from(&draft.office.role);
        entity.role_row = draft.office.row;
        entity.status = draft.office.status;
        entity.plural = draft.plural || r#type == EntityType::Group;
        entity.words = words;
        entity.code = match (&home, &body) {
            (Some(home), _) => format!("{}{sector}", home.as_str()),
            (None, Some(body)) if !body.code.is_empty() => body.code.clone(),
            _ => sector.to_owned(),
        };
        if let Some(body) = body
            && body.r#type == EntityType::Organization
        {
            entity.organization = body.name;
        }
        Some(new)
    }

    /// The one whom a definite description repeats: the last before it of the same role whose words agree.
    fn described(&self, at: usize, draft: &Draft, of: &[Option<u32>], words: &[u64], code: Option<Country>) -> Option<u32> {
        let role = draft.office.role.rsplit(' ').next().unwrap_or_default();
        let mut best: Option<(usize, u32)> = None;
        for other in (0..at).rev().take(200) {
            let Some(entity) = of[other] else { continue };
            let known = &self.entities[entity as usize];
            let (is_person, is_group) = (known.r#type == EntityType::Person, known.r#type == EntityType::Group);
            let fits = if draft.r#type == MentionType::Person { is_person && !known.plural } else { is_group };
            if !fits {
                continue;
            }
            if code.is_some() && known.country.is_some() && known.country != code {
                continue;
            }
            let known_role = known.role.rsplit(' ').next().unwrap_or_default();
            if known_role != role || role.is_empty() {
                continue;
            }
            let named = matches!(known.key, EntityKey::Named(_));
            // "the prime minister" is not the late one.
            if named
                && matches!(known.status, Some(PersonStatus::Late | PersonStatus::Former))
                && draft.office.status != known.status
            {
                continue;
            }
            let shared = words.iter().filter(|word| known.words.contains(word)).count();
            // A description with words of its own that the earlier one lacks is of someone else, unless it is a name's.
            let own = words.len() - shared;
            if own > 0 && (!named || draft.plural) {
                continue;
            }
            if draft.r#type != MentionType::Person && !draft.definite && own + usize::from(words.len() != known.words.len()) > 0 {
                continue;
            }
            let better = best.is_none_or(|(count, _)| shared > count);
            if better {
                best = Some((shared, entity));
            }
        }
        best.map(|(_, entity)| entity)
    }

    /// The words of a description that tell it from others: not articles, not the noun itself.
    fn content_words(&self, draft: &Draft) -> Vec<u64> {
        let start = draft.tokens.start.ix();
        let tokens = &self.doc.tokens;
        let mut words: Vec<u64> = (start..draft.core.end.ix())
            .filter(|at| {
                matches!(
                    tokens.upos[*at],
                    chancery_model::Upos::Adj
                        | chancery_model::Upos::Noun
                        | chancery_model::Upos::Propn
                        | chancery_model::Upos::X
                )
            })
            .flat_map(|at| Atoms::of(tokens.span[at].slice(&self.doc.text)).map(|atom: Atom| atom.hash))
            .collect();
        words.sort_unstable();
        words.dedup();
        let noun = hash_name(draft.office.role.rsplit(' ').next().unwrap_or_default());
        words.retain(|word| *word != noun);
        words
    }

    /// A description without its article.
    fn bare_text(&self, draft: &Draft) -> String {
        let tokens = &self.doc.tokens;
        let mut start = draft.tokens.start.ix();
        while start + 1 < draft.tokens.end.ix()
            && matches!(tokens.upos[start], chancery_model::Upos::Det | chancery_model::Upos::Pron)
        {
            start += 1;
        }
        let span = tokens.span[start].join(tokens.span[draft.tokens.end.ix() - 1]);
        tidy(self.doc.slice(span))
    }

    /// The country of the place that a dateline at the top of the text names.
    fn dateline(&self, drafts: &[Draft], of: &[Option<u32>]) -> Option<u32> {
        let word = |at: usize| self.doc.tokens.span.get(at).map_or("", |span| span.slice(&self.doc.text));
        let at = drafts.iter().take(30).position(|draft| {
            let sentence = self.doc.sentences.get(draft.sentence(self.doc).ix());
            draft.kind == MentionKind::Name
                && draft.r#type == MentionType::Place
                && sentence.is_some_and(|sentence| sentence.tokens.start == draft.tokens.start)
                && matches!(word(draft.tokens.end.ix()), "," | "—" | "–" | "-" | "--" | "(" | ":")
        })?;
        let country = of[at].and_then(|entity| self.entities[entity as usize].country)?;
        self.world.countries.index(country)
    }

    /// The country whose government "the government" is: the one that is named most, above all in its own paragraph, if it has so many
    /// fifths of all that is named.
    fn nearest_country(&self, at: usize, drafts: &[Draft], of: &[Option<u32>], fifths: u32) -> Option<u32> {
        let here = drafts[at].sentence(self.doc);
        let paragraph = self.doc.sentences.get(here.ix()).map(|sentence| sentence.paragraph);
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let federal = drafts[at].office.role.contains("federal")
            || self.doc.slice(drafts[at].span).to_ascii_lowercase().contains("federal");
        for other in at.saturating_sub(LOOK_BACK)..drafts.len().min(at + LOOK_BACK) {
            if let (MentionType::Country | MentionType::Nationality, Some(entity)) = (drafts[other].r#type, of[other])
                && let Some(row) = self.entities[entity as usize].country.and_then(|code| self.world.countries.index(code))
            {
                let near =
                    self.doc.sentences.get(drafts[other].sentence(self.doc).ix()).map(|sentence| sentence.paragraph) == paragraph;
                if federal && !FEDERAL.contains(&self.world.countries.rows[row as usize].code.as_str()) {
                    continue;
                }
                *counts.entry(row).or_insert(0) += if near && other < at { 4 } else { 1 };
            }
        }
        // Where a report comes from is whose officials it need not name.
        if let Some(row) = self.dateline(drafts, of).filter(|_| !federal) {
            *counts.entry(row).or_insert(0) += 8;
        }
        let total: u32 = counts.values().sum();
        let (row, count) = counts.into_iter().max_by_key(|(row, count)| (*count, u32::MAX - *row))?;
        (count * 5 >= total * fifths).then_some(row)
    }
}

/// States with a federal government.
const FEDERAL: &[&str] = &[
    "ARE", "ARG", "AUS", "AUT", "BEL", "BIH", "BRA", "CAN", "CHE", "COM", "DEU", "ETH", "FSM", "IND", "IRQ", "KNA", "MEX", "MYS",
    "NGA", "NPL", "PAK", "RUS", "SDN", "SOM", "SSD", "USA", "VEN",
];

/// Whether two lists of atoms are forms of one full name.
fn same_name(known: &[u64], new: &[u64]) -> bool {
    let (short, long) = if known.len() < new.len() { (known, new) } else { (new, known) };
    short.len() > 1
        && (short == long
            || long.ends_with(short)
            || long.starts_with(short)
            || short.first() == long.first() && short.last() == long.last())
}

fn gender_of(word: NameWord) -> Option<char> {
    match (word.is(NameWord::FEMALE), word.is(NameWord::MALE)) {
        (true, false) => Some('f'),
        (false, true) => Some('m'),
        _ => None,
    }
}

/// Roles that are the same office in other words.
fn same_office(a: &str, b: &str) -> bool {
    const SAME: &[&[&str]] = &[
        &["premier", "prime minister", "pm", "chancellor", "taoiseach", "head of government"],
        &[
            "foreign minister",
            "foreign secretary",
            "secretary of state",
            "minister of foreign affairs",
            "external affairs minister",
            "foreign affairs minister",
            "minister for foreign affairs",
        ],
        &[
            "defence minister",
            "defense minister",
            "defence secretary",
            "defense secretary",
            "defense chief",
            "defence chief",
            "minister of defence",
            "secretary of defense",
        ],
        &["finance minister", "treasury secretary", "chancellor of the exchequer", "minister of finance"],
        &["secretary-general", "secretary general", "chief", "head"],
    ];
    a == b || SAME.iter().any(|group| group.iter().any(|word| a.ends_with(word)) && group.iter().any(|word| b.ends_with(word)))
}

/// A name on one line, without a full stop that only ends a sentence.
fn tidy(text: &str) -> String {
    if text.contains(['\n', '\t', '\r']) || text.contains("  ") {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text.to_owned()
}

/// The acronym that the capitals of a name make: `FPCJ` of "Foreign Press Center Japan".
pub fn acronym_of(name: &str) -> Option<String> {
    let letters: String =
        name.split([' ', '-']).filter_map(|word| word.chars().next()).filter(|letter| letter.is_uppercase()).collect();
    (letters.chars().count() >= 3).then_some(letters)
}
