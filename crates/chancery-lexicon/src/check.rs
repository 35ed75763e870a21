//! `chancery lexicon check` and `chancery lexicon look`: what is wrong in users' files, and what a name would match.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::atoms::hash_name;
use crate::names::{Sense, SenseKind};
use crate::sectors::{SUPRANATIONAL, known};
use crate::user::{Extra, FIRST_SOURCE};
use crate::{Gazetteer, Knowledge, LexiconError, World, organizations, people};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can, but an entry does not do what it seems to.
    Warning,
    /// Worth knowing.
    Note,
}

/// One finding in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is found.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{severity}: {}, line {}: {}", self.file, self.line, self.message)
    }
}

/// What a name would match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What it is: `country`, `person` …
    pub kind: &'static str,
    /// The id or code of the entry.
    pub id: String,
    /// Its full name.
    pub name: String,
    /// Actor code, as of now.
    pub code: String,
    /// The file that it comes from.
    pub file: String,
    /// Its line there.
    pub line: usize,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<14} {:<28} {:<36} {:<12} {}:{}", self.kind, self.id, self.name, self.code, self.file, self.line)
    }
}

/// Checks users' lexicon files (name and text of each): entries that cannot be read, that stand twice, that contradict one another or
/// take the place of a built-in entry, and codes that mean nothing.
#[must_use]
pub fn check(files: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut extra = Extra::default();
    for (file, text) in files {
        if let Err(LexiconError { file, line, message }) = extra.read(file, text) {
            findings.push(Finding { severity: Severity::Error, file, line, message });
        }
    }
    let world = Knowledge::builtin().world();
    let file_of = |number: u16| extra.sources.get(usize::from(number.saturating_sub(FIRST_SOURCE))).cloned().unwrap_or_default();
    let mut push = |severity, (number, line): (u16, u32), message: String| {
        findings.push(Finding { severity, file: file_of(number), line: line as usize, message });
    };
    let mut ids: BTreeMap<&str, (u16, u32)> = BTreeMap::new();
    let mut names: BTreeMap<u64, (&str, (u16, u32), &str)> = BTreeMap::new();
    for body in &extra.organizations {
        if let Some(first) = ids.insert(&body.id, body.origin) {
            push(Severity::Warning, body.origin, format!("`{}` stands in line {} too; this one counts", body.id, first.1));
        } else if world.organization(&body.id).is_some() {
            push(Severity::Note, body.origin, format!("`{}` takes the place of a built-in entry", body.id));
        }
        if let Some(wrong) = unknown_code(&world, &body.code) {
            push(Severity::Warning, body.origin, wrong);
        }
        for name in std::iter::once(&body.name).chain(&body.aliases).chain(&body.acronyms) {
            if let Some((id, at, code)) = names.insert(hash_name(name), (&body.id, body.origin, &body.code))
                && id != body.id
            {
                let clash = if code == body.code { "two entries" } else { "two entries with different codes" };
                push(
                    Severity::Warning,
                    body.origin,
                    format!("`{name}` belongs to {clash}: `{id}` in line {} and `{}`", at.1, body.id),
                );
            }
        }
    }
    for person in &extra.people {
        let origin = person.terms.first().map_or((FIRST_SOURCE, 1), |term| term.origin);
        for term in &person.terms {
            if let Some(wrong) = unknown_code(&world, &term.code) {
                push(Severity::Warning, term.origin, wrong);
            }
        }
        for (at, term) in person.terms.iter().enumerate() {
            let overlaps = person.terms[..at].iter().any(|other| {
                let starts = |a: &crate::people::Term, b: &crate::people::Term| match (a.period.to, b.period.from) {
                    (Some(to), Some(from)) => to < from,
                    _ => false,
                };
                other.code != term.code && term.role == other.role && !starts(other, term) && !starts(term, other)
            });
            if overlaps {
                push(Severity::Warning, origin, format!("`{}` has two codes on the same days", person.id));
                break;
            }
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line, a.severity, &a.message).cmp(&(&b.file, b.line, b.severity, &b.message)));
    findings.dedup();
    findings
}

/// What is wrong with an actor code, in words.
fn unknown_code(world: &World, code: &str) -> Option<String> {
    if code.is_empty() || code == "---" {
        return None;
    }
    let (head, rest) = code.split_at_checked(3)?;
    let country = chancery_model::Country::parse(head).is_some_and(|code| world.countries.get(code).is_some())
        || world.countries.rows.iter().any(|row| row.cameo == head)
        || SUPRANATIONAL.contains(&head);
    if !country && !known(head) {
        return Some(format!("`{code}` begins with neither a country nor a sector that is known"));
    }
    (!known(rest)).then(|| format!("`{rest}` in `{code}` is no sector of PLOVER"))
}

/// What a name would match, with users' files on top of the built-in lexicons.
///
/// # Errors
/// The first bad entry of a file.
pub fn look(name: &str, files: &[(String, String)]) -> Result<Vec<Looked>, LexiconError> {
    let mut extra = Extra::default();
    for (file, text) in files {
        extra.read(file, text)?;
    }
    let world = World::with(extra, Arc::new(Gazetteer::builtin()));
    let mut found: Vec<Looked> = world.names.senses(name).iter().map(|sense| looked(&world, *sense)).collect();
    found.extend(world.role_names.senses(name).iter().map(|sense| looked(&world, *sense)));
    Ok(found)
}

fn looked(world: &World, sense: Sense) -> Looked {
    let row = sense.row as usize;
    let entry = |kind, id: &str, name: &str, code: &str, file: &str, line: usize| Looked {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        code: code.to_owned(),
        file: file.to_owned(),
        line,
    };
    match sense.kind {
        SenseKind::Country | SenseKind::CountryShort | SenseKind::Adjective | SenseKind::Demonym | SenseKind::Capital => {
            let country = &world.countries.rows[row];
            let kind = match sense.kind {
                SenseKind::Adjective => "adjective",
                SenseKind::Demonym => "people",
                SenseKind::Capital => "capital",
                _ => "country",
            };
            entry(kind, country.code.as_str(), &country.name, country.code.as_str(), "countries.tsv", country.line)
        }
        SenseKind::Seat => {
            let seat = &world.seats[row];
            let code = format!("{}{}", seat.country.as_str(), seat.sector);
            entry("seat", seat.country.as_str(), &seat.name, &code, "seats.tsv", seat.line)
        }
        SenseKind::Region | SenseKind::RegionAdjective => {
            let region = &world.regions[row];
            entry("region", &crate::slug(&region.name), &region.name, "", "regions.tsv", region.line)
        }
        SenseKind::Organization | SenseKind::Acronym => {
            let body = &world.organizations[row];
            entry("organization", &body.id, &body.name, &body.code, &file_name(world, body.origin.0), body.origin.1 as usize)
        }
        SenseKind::Ministry => {
            let ministry = &world.ministries[row];
            entry("ministry", &ministry.key, &ministry.name(), &ministry.sector, "ministries.tsv", ministry.line)
        }
        SenseKind::Person => {
            let person = &world.people[row];
            let term = person.term_at(None);
            let origin = term.map_or((0, 0), |term| term.origin);
            let code = term.map_or("", |term| &*term.code);
            entry("person", &person.id, &person.name, code, &file_name(world, origin.0), origin.1 as usize)
        }
        SenseKind::Place => {
            let places = world.gazetteer.candidates(world.place_names[row]);
            let name = places.first().map_or("", |place| world.gazetteer.get(*place).name);
            entry("place", &crate::slug(name), name, "", "places.tsv", 0)
        }
        SenseKind::Agreement => entry("agreement", "", "", "", "agreements.tsv", 0),
        SenseKind::Role | SenseKind::RolePlural => {
            let role = &world.roles[row];
            entry("role", &role.name, &role.name, &role.sector, "roles.tsv", role.line)
        }
    }
}

/// The file of a source's number.
fn file_name(world: &World, number: u16) -> String {
    let at = usize::from(number);
    if number >= FIRST_SOURCE {
        world.sources.get(at - usize::from(FIRST_SOURCE)).cloned().unwrap_or_default()
    } else if number >= people::FIRST_SOURCE {
        people::BUILT_IN.get(at - usize::from(people::FIRST_SOURCE)).map_or("", |(file, _)| file).to_owned()
    } else {
        organizations::BUILT_IN.get(at).map_or("", |(file, _)| file).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), text.to_owned())]
    }

    #[test]
    fn clashes_and_unknown_codes_are_found_with_their_lines() {
        let text = "- {name: Red Brigade, id: red, code: RURXYZ}\n- {name: Red Brigade, id: reds, code: FRAREB}\n";
        let found: Vec<String> = check(&file("mine.yaml", text)).iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|line| line.contains("line 1") && line.contains("neither a country nor a sector")), "{found:?}");
        assert!(
            found.iter().any(|line| line.contains("line 2") && line.contains("two entries with different codes")),
            "{found:?}"
        );
    }

    #[test]
    fn a_broken_file_is_an_error() {
        assert_eq!(check(&file("mine.tsv", "a\tb\n"))[0].severity, Severity::Error);
    }

    #[test]
    fn a_name_is_looked_up_with_its_file_and_line() {
        let found = look("Zenda Guards", &file("mine.txt", "ZENDA_GUARDS [CZEMIL]\n")).unwrap();
        assert_eq!((&*found[0].file, found[0].line, &*found[0].code), ("mine.txt", 1, "CZEMIL"));
        let japan = look("Japan", &[]).unwrap();
        assert!(japan.iter().any(|entry| entry.kind == "country" && entry.id == "JPN" && entry.line > 1));
    }
}
