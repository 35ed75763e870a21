//! People who hold or held office, with the dates of each office (`data/leaders_*.tsv`).

use chancery_model::Country;
use jiff::civil::Date;

use crate::period::{Period, bound};
use crate::table::{LexiconError, Table, list};
use crate::{Keep, Text};

/// One office of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The country acted for.
    pub country: Option<Country>,
    /// Role, lower case, without the country.
    pub role: Text,
    /// Id of the organization acted for.
    pub organization: Text,
    /// Actor code while in it.
    pub code: Text,
    /// When.
    pub period: Period,
    /// Number of its file among the sources, and its line.
    pub origin: (u16, u32),
}

/// A person whom the lexicon knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Lower-case id, unique: `person/` before it makes the entity's.
    pub id: Text,
    /// Fullest usual name.
    pub name: Text,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Offices, in the file's order.
    pub terms: Vec<Term>,
    /// Day of death.
    pub died: Option<Date>,
}

impl Person {
    /// The office held on a day; else the one that ended last before it, else the last of all.
    #[must_use]
    pub fn term_at(&self, day: Option<Date>) -> Option<&Term> {
        self.terms
            .iter()
            .rev()
            .find(|term| term.period.holds(day))
            .or_else(|| self.terms.iter().filter(|term| term.period.is_over(day)).max_by_key(|term| term.period.to))
            .or(self.terms.last())
    }

    /// Whether the person died on or before the day.
    #[must_use]
    pub fn is_dead(&self, day: Option<Date>) -> bool {
        self.died.is_some_and(|died| day.is_none_or(|day| died <= day))
    }
}

const COLUMNS: [&str; 10] = ["id", "name", "aliases", "country", "role", "organization", "code", "from", "to", "died"];

/// The tables that ship: file name and text. Of offices held at the same time the later file's is the person's, so that a head of
/// government who is a minister as well stays head of government.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("leaders_historic.tsv", include_str!("../data/leaders_historic.tsv")),
    ("leaders_other.tsv", include_str!("../data/leaders_other.tsv")),
    ("leaders_ministers.tsv", include_str!("../data/leaders_ministers.tsv")),
    ("leaders_state.tsv", include_str!("../data/leaders_state.tsv")),
];

/// The number of the first of them among the sources.
pub const FIRST_SOURCE: u16 = 100;

/// All people that ship, one entry an id, over all files.
#[must_use]
pub fn built_in() -> Vec<Person> {
    let mut people = Vec::with_capacity(4096);
    let mut seen = rustc_hash::FxHashMap::default();
    for (number, (file, text)) in BUILT_IN.iter().enumerate() {
        parse(file, FIRST_SOURCE + number as u16, text, Text::Borrowed, &mut people, &mut seen)
            .expect("`built_in_rows_are_good` parses these bytes");
    }
    people
}

/// Reads a table onto `people`; rows of an id that is there add an office. `seen` maps ids to places in `people`.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(
    file: &'a str,
    number: u16,
    text: &'a str,
    keep: Keep<'a>,
    people: &mut Vec<Person>,
    seen: &mut rustc_hash::FxHashMap<Text, u32>,
) -> Result<(), LexiconError> {
    for row in Table::open(file, text, COLUMNS)? {
        let (line, [id, name, aliases, country, role, organization, code, from, to, died]) = row?;
        let wrong = |message: String| LexiconError::new(file, line, message);
        if id.is_empty() || name.is_empty() {
            return Err(wrong("a person needs an id and a name".to_owned()));
        }
        let country = match country.split('|').next().unwrap_or_default() {
            "" => None,
            cell => Some(Country::parse(cell).ok_or_else(|| wrong(format!("`{cell}` is no country code")))?),
        };
        let term = Term {
            country,
            role: keep(role),
            organization: keep(organization),
            code: keep(code),
            period: Period::parse(from, to).map_err(wrong)?,
            origin: (number, line as u32),
        };
        let died = bound(died, true).map_err(wrong)?;
        let at = *seen.entry(keep(id)).or_insert_with(|| {
            people.push(Person { id: keep(id), name: keep(name), aliases: Vec::new(), terms: Vec::new(), died: None });
            people.len() as u32 - 1
        });
        let person = &mut people[at as usize];
        for alias in list(aliases).chain((name != person.name).then_some(name)) {
            if !person.aliases.iter().any(|known| known == alias) {
                person.aliases.push(keep(alias));
            }
        }
        person.died = person.died.or(died);
        person.terms.push(term);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        for person in built_in() {
            assert!(!person.terms.is_empty(), "{}", person.id);
        }
    }

    #[test]
    fn the_office_is_that_of_the_day() {
        let text = format!(
            "{}\nrudolf\tRudolf Rassendyll\t\tCZE\tforeign minister\t\tCZEGOV\t2010\t2012\t\nrudolf\tRudolf Rassendyll\tRudi\tCZE\tpresident\t\tCZEGOV\t2013\t2018-03\t2021\n",
            COLUMNS.join("\t")
        );
        let (mut people, mut seen) = (Vec::new(), rustc_hash::FxHashMap::default());
        parse("x.tsv", 0, &text, |cell| Text::Owned(cell.to_owned()), &mut people, &mut seen).unwrap();
        assert_eq!(people.len(), 1);
        let role = |day| people[0].term_at(day).map(|term| term.role.clone()).unwrap();
        assert_eq!(role(Some(date(2011, 5, 1))), "foreign minister");
        assert_eq!(role(Some(date(2018, 3, 31))), "president");
        assert_eq!(role(Some(date(2020, 1, 1))), "president");
        assert!(people[0].is_dead(Some(date(2022, 1, 1))) && !people[0].is_dead(Some(date(2020, 1, 1))));
    }
}
