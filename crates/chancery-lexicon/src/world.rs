//! All that is known of countries, bodies and people, with the index of their names.

use std::sync::Arc;

use chancery_model::Country;
use rustc_hash::FxHashMap;

use crate::Text;
use crate::atoms::Atoms;
use crate::countries::Countries;
use crate::gazetteer::{Gazetteer, Kind, NameIx};
use crate::ministries::{self, Ministry};
use crate::name_words::NameShapers;
use crate::names::{NameIndex, NameIndexBuilder, SenseKind};
use crate::organizations::{self, Organization};
use crate::people::{self, Person};
use crate::regions::{self, Region};
use crate::roles::{self, Role, RoleKind};
use crate::seats::{self, Seat};
use crate::user::Extra;
use crate::words::NameWords;

/// The world's actors, and their names compiled for look-up.
#[derive(Debug)]
pub struct World {
    /// Countries.
    pub countries: Countries,
    /// Seats of government.
    pub seats: Vec<Seat>,
    /// Regions.
    pub regions: Vec<Region>,
    /// Organizations and armed groups.
    pub organizations: Vec<Organization>,
    /// Government bodies by pattern.
    pub ministries: Vec<Ministry>,
    /// People.
    pub people: Vec<Person>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Words of names.
    pub words: Arc<NameWords>,
    /// Words that shape names.
    pub shapers: NameShapers,
    /// Index of names.
    pub names: NameIndex,
    /// Index of role nouns (they are met in small letters too, so they have an index of their own).
    pub role_names: NameIndex,
    /// Files that users' entries come from; the first has the number [`crate::user::FIRST_SOURCE`].
    pub sources: Vec<String>,
    /// Places.
    pub gazetteer: Arc<Gazetteer>,
    /// The names of places in the index: what the row of a [`SenseKind::Place`] numbers.
    pub place_names: Vec<NameIx>,
    country_names: Vec<(Text, Country, (u16, u32))>,
    by_surname: FxHashMap<u64, Vec<u32>>,
    by_organization: FxHashMap<Box<str>, u32>,
}

impl World {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::with(Extra::default(), Arc::new(Gazetteer::builtin()))
    }

    /// What ships, with users' own entries on top: one with the id (or code) of a built-in entry takes its place.
    #[must_use]
    pub fn with(extra: Extra, gazetteer: Arc<Gazetteer>) -> Self {
        let mut countries = Countries::built_in();
        if !extra.countries.is_empty() {
            let mut rows = countries.rows;
            for row in extra.countries {
                match rows.iter_mut().find(|known| known.code == row.code) {
                    Some(known) => *known = row,
                    None => rows.push(row),
                }
            }
            countries = Countries::from_rows(rows);
        }
        let mut organizations = organizations::built_in();
        override_by(&mut organizations, extra.organizations, |row| &row.id);
        let mut people = people::built_in();
        override_by(&mut people, extra.people, |row| &row.id);
        let mut seats = seats::built_in();
        override_by(&mut seats, extra.seats, |row| &row.name);
        let mut regions = regions::built_in();
        override_by(&mut regions, extra.regions, |row| &row.name);
        let mut roles = roles::built_in();
        override_by(&mut roles, extra.roles, |row| &row.name);
        let ministries = ministries::built_in();
        add_plain_ministries(&mut roles, &ministries);
        let mut world = World {
            countries,
            seats,
            regions,
            organizations,
            ministries,
            people,
            roles,
            words: Arc::new(NameWords::built_in()),
            shapers: NameShapers::built_in(),
            names: NameIndex::default(),
            role_names: NameIndex::default(),
            gazetteer,
            place_names: Vec::new(),
            sources: extra.sources,
            country_names: extra.country_names,
            by_surname: FxHashMap::default(),
            by_organization: FxHashMap::default(),
        };
        // Countries have their own rows; their names in the gazetteer would only repeat them.
        world.place_names = world
            .gazetteer
            .names()
            .filter(|(_, _, places)| places.first().is_some_and(|place| world.gazetteer.get(*place).kind != Kind::Country))
            .map(|(name, _, _)| name)
            .collect();
        world.names = world.index_names();
        world.role_names = world.index_roles();
        world.by_surname = world.index_surnames();
        world.by_organization =
            world.organizations.iter().enumerate().map(|(at, row)| (Box::from(&*row.id), at as u32)).collect();
        world
    }

    fn index_names(&self) -> NameIndex {
        let mut index = NameIndexBuilder::with_capacity(120_000);
        for (row, country) in self.countries.rows.iter().enumerate() {
            let row = row as u32;
            for name in [&country.name, &country.official].into_iter().chain(&country.aliases) {
                index.add(without_article(name), SenseKind::Country, row);
            }
            for form in &country.short {
                index.add_exact(form, SenseKind::CountryShort, row);
            }
            for word in &country.adjectives {
                if is_acronym(word) {
                    continue; // "the UAE ambassador" is the country's abbreviation, found as that
                }
                index.add(word.trim_end_matches('-'), SenseKind::Adjective, row);
            }
            for word in &country.demonyms {
                index.add(word, SenseKind::Demonym, row);
            }
            for name in &country.capitals {
                index.add(name, SenseKind::Capital, row);
            }
        }
        for (name, country, _) in &self.country_names {
            if let Some(row) = self.countries.index(*country) {
                index.add(name, SenseKind::Country, row);
            }
        }
        for (row, seat) in self.seats.iter().enumerate() {
            index.add(without_article(&seat.name), SenseKind::Seat, row as u32);
        }
        for (row, region) in self.regions.iter().enumerate() {
            for name in std::iter::once(&region.name).chain(&region.aliases) {
                index.add(without_article(name), SenseKind::Region, row as u32);
            }
            for word in &region.adjectives {
                index.add(word.trim_end_matches('-'), SenseKind::RegionAdjective, row as u32);
            }
        }
        for (row, body) in self.organizations.iter().enumerate() {
            for name in std::iter::once(&body.name).chain(&body.aliases) {
                if is_acronym(name) {
                    index.add_exact(name, SenseKind::Acronym, row as u32);
                } else {
                    index.add(without_article(name), SenseKind::Organization, row as u32);
                }
            }
            for form in &body.acronyms {
                index.add_exact(form, SenseKind::Acronym, row as u32);
            }
        }
        for (row, ministry) in self.ministries.iter().enumerate() {
            for name in ministry.names() {
                index.add(&name, SenseKind::Ministry, row as u32);
            }
        }
        for (row, person) in self.people.iter().enumerate() {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                if is_acronym(name) {
                    index.add_exact(name, SenseKind::Person, row as u32);
                } else {
                    index.add(name, SenseKind::Person, row as u32);
                }
            }
        }
        for (row, name) in self.place_names.iter().enumerate() {
            index.add(self.gazetteer.spelling(*name), SenseKind::Place, row as u32);
        }
        index.build()
    }

    fn index_roles(&self) -> NameIndex {
        let mut index = NameIndexBuilder::with_capacity(self.roles.len() * 2);
        for (row, role) in self.roles.iter().enumerate() {
            index.add(&role.name, SenseKind::Role, row as u32);
            if !role.plural.is_empty() && role.plural != role.name {
                index.add(&role.plural, SenseKind::RolePlural, row as u32);
            }
        }
        index.build()
    }

    fn index_surnames(&self) -> FxHashMap<u64, Vec<u32>> {
        let mut by_surname: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (row, person) in self.people.iter().enumerate() {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                for hash in surname_hashes(name) {
                    let list = by_surname.entry(hash).or_default();
                    if list.last() != Some(&(row as u32)) {
                        list.push(row as u32);
                    }
                }
            }
        }
        by_surname
    }

    /// The people one of whose names begins or ends with the atom of this hash.
    #[must_use]
    pub fn people_called(&self, atom: u64) -> &[u32] {
        self.by_surname.get(&atom).map_or(&[], Vec::as_slice)
    }

    /// The organization of an id.
    #[must_use]
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.by_organization.get(id).map(|row| &self.organizations[*row as usize])
    }
}

/// "the foreign ministry" in small letters is a description of a body, found as role nouns are.
fn add_plain_ministries(roles: &mut Vec<Role>, ministries: &[Ministry]) {
    for ministry in ministries {
        for head in ministry.heads.iter().filter(|head| matches!(&***head, "Ministry" | "Department")) {
            for field in &ministry.fields {
                let name = format!("{field} {head}").to_lowercase();
                let stem = name.trim_end_matches('y').len();
                let plural = if name.ends_with('y') { format!("{}ies", &name[..stem]) } else { format!("{name}s") };
                roles.push(Role {
                    name: Text::Owned(name),
                    plural: Text::Owned(plural),
                    sector: Text::Owned(ministry.sector.to_string()),
                    kind: RoleKind::Group,
                    title: false,
                    line: ministry.line,
                });
            }
        }
    }
}

/// Hashes of the atoms by which a name may be shortened: its last, and its first (the family's in Chinese and Korean names).
fn surname_hashes(name: &str) -> impl Iterator<Item = u64> {
    let (mut first, mut last, mut count) = (None, None, 0);
    for atom in Atoms::of(name) {
        first = first.or(Some(atom.hash));
        last = Some(atom.hash);
        count += 1;
    }
    let first = if count > 1 { first } else { None };
    last.into_iter().chain(first)
}

/// Whether a name is an acronym: at least two letters, no small one but a plural's.
fn is_acronym(name: &str) -> bool {
    let mut letters = 0;
    for letter in name.chars() {
        if letter.is_lowercase() || letter == ' ' {
            return false;
        }
        letters += usize::from(letter.is_uppercase());
    }
    (2..=6).contains(&letters)
}

/// A name without its article, which texts leave out or write small.
fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name)
}

fn override_by<T>(rows: &mut Vec<T>, extra: Vec<T>, key: impl Fn(&T) -> &str) {
    if extra.is_empty() {
        return;
    }
    let known: FxHashMap<String, usize> = rows.iter().enumerate().map(|(at, row)| (key(row).to_owned(), at)).collect();
    for row in extra {
        match known.get(key(&row)) {
            Some(at) => rows[*at] = row,
            None => rows.push(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_kinds_are_found() {
        let world = World::built_in();
        let kinds = |name: &str| world.names.senses(name).iter().map(|sense| sense.kind).collect::<Vec<_>>();
        assert!(kinds("Japan").contains(&SenseKind::Country));
        assert!(kinds("tokyo").contains(&SenseKind::Capital));
        assert!(kinds("Kremlin").contains(&SenseKind::Seat));
        assert!(kinds("Middle East").contains(&SenseKind::Region));
        assert!(kinds("African Union").contains(&SenseKind::Organization));
        assert!(!world.role_names.senses("prime minister").is_empty());
    }
}
