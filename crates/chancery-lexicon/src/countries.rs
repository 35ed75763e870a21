//! Countries: codes, names, nationalities, capitals (`data/countries.tsv`).

use chancery_model::Country;
use rustc_hash::FxHashMap;

use crate::period::Period;
use crate::table::{LexiconError, Table, list};
use crate::{Keep, Text, texts};

/// A country.
#[derive(Debug, Clone, PartialEq)]
pub struct CountryRow {
    /// ISO 3166-1 alpha-3.
    pub code: Country,
    /// ISO 3166-1 alpha-2.
    pub iso2: Text,
    /// CAMEO's code, where it is another.
    pub cameo: Text,
    /// Correlates of War abbreviation.
    pub cow: Text,
    /// Usual English name.
    pub name: Text,
    /// Full official name.
    pub official: Text,
    /// Abbreviations.
    pub short: Vec<Text>,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Adjectives; one that ends in `-` is a combining form.
    pub adjectives: Vec<Text>,
    /// Nouns for its people.
    pub demonyms: Vec<Text>,
    /// Capital, then other seats of government.
    pub capitals: Vec<Text>,
    /// Continent.
    pub continent: Text,
    /// Its life, where it is new or gone.
    pub period: Period,
    /// The line in its file.
    pub line: usize,
}

/// All countries, sorted by code.
#[derive(Debug, Clone, Default)]
pub struct Countries {
    /// The rows.
    pub rows: Vec<CountryRow>,
    by_code: FxHashMap<Country, u32>,
}

/// The columns of `countries.tsv`, for all who read it.
pub(crate) const COLUMNS: [&str; 14] = [
    "iso3",
    "iso2",
    "cameo",
    "cow",
    "name",
    "official",
    "short",
    "aliases",
    "adjectives",
    "demonyms",
    "capital",
    "continent",
    "from",
    "to",
];

impl Countries {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse("countries.tsv", include_str!("../data/countries.tsv"), Text::Borrowed)
            .expect("`built_in_rows_are_good` parses these bytes")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The first bad row.
    pub fn parse<'a>(file: &'a str, text: &'a str, keep: Keep<'a>) -> Result<Self, LexiconError> {
        let mut rows = Vec::new();
        for row in Table::open(file, text, COLUMNS)? {
            let (line, cells) = row?;
            let [iso3, iso2, cameo, cow, name, official, short, aliases, adjectives, demonyms, capital, continent, from, to] =
                cells;
            let wrong = |message: String| LexiconError::new(file, line, message);
            let code = Country::parse(iso3).ok_or_else(|| wrong(format!("`{iso3}` is no country code (three capitals)")))?;
            if name.is_empty() {
                return Err(wrong(format!("{iso3} has no name")));
            }
            rows.push(CountryRow {
                code,
                iso2: keep(iso2),
                cameo: keep(cameo),
                cow: keep(cow),
                name: keep(name),
                official: keep(official),
                short: texts(short, keep),
                aliases: texts(aliases, keep),
                adjectives: texts(adjectives, keep),
                demonyms: texts(demonyms, keep),
                capitals: list(capital).map(keep).collect(),
                continent: keep(continent),
                period: Period::parse(from, to).map_err(wrong)?,
                line,
            });
        }
        Ok(Self::from_rows(rows))
    }

    /// A table of these rows; a later row of the same code stands for the earlier one.
    #[must_use]
    pub fn from_rows(rows: Vec<CountryRow>) -> Self {
        let by_code = rows.iter().enumerate().map(|(at, row)| (row.code, at as u32)).collect();
        Self { rows, by_code }
    }

    /// The country of a code.
    #[must_use]
    pub fn get(&self, code: Country) -> Option<&CountryRow> {
        self.by_code.get(&code).map(|at| &self.rows[*at as usize])
    }

    /// The number of a country's row.
    #[must_use]
    pub fn index(&self, code: Country) -> Option<u32> {
        self.by_code.get(&code).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let countries = Countries::built_in();
        assert!(countries.rows.len() > 250);
        assert!(countries.rows.is_sorted_by(|a, b| a.code < b.code), "sorted, no duplicates");
        let japan = countries.get(Country::parse("JPN").unwrap()).unwrap();
        assert_eq!((&*japan.name, &*japan.capitals[0]), ("Japan", "Tokyo"));
    }

    #[test]
    fn a_bad_code_names_its_line() {
        let text = format!("{}\njpn\tJP\t\t\tJapan\n", COLUMNS.join("\t"));
        let error = Countries::parse("mine.tsv", &text, |cell| Text::Owned(cell.to_owned())).unwrap_err();
        assert_eq!(error.to_string(), "mine.tsv, line 2: `jpn` is no country code (three capitals)");
    }
}
