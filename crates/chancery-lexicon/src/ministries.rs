//! Names of government bodies by pattern: "Ministry of X", "X Ministry" (`data/ministries.tsv`).

use crate::table::{LexiconError, Table, list};
use crate::{Keep, Text, texts};

/// A field that states have a ministry for.
#[derive(Debug, Clone, PartialEq)]
pub struct Ministry {
    /// Key, unique: `foreign-affairs`.
    pub key: Text,
    /// Nouns for the body: Ministry, Department.
    pub heads: Vec<Text>,
    /// Wordings of the field, the fullest first.
    pub fields: Vec<Text>,
    /// Sectors of the actor code.
    pub sector: Text,
    /// Titles of who leads it.
    pub roles: Vec<Text>,
    /// Its line.
    pub line: usize,
}

impl Ministry {
    /// Every name that the pattern yields.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.heads.iter().flat_map(move |head| {
            self.fields.iter().flat_map(move |field| {
                [
                    format!("{head} of {field}"),
                    format!("{head} of the {field}"),
                    format!("{head} for {field}"),
                    format!("{field} {head}"),
                ]
            })
        })
    }

    /// Its usual full name.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.heads.first(), self.fields.first()) {
            (Some(head), Some(field)) => format!("{head} of {field}"),
            _ => self.key.to_string(),
        }
    }
}

/// The table that ships.
pub const BUILT_IN: &str = include_str!("../data/ministries.tsv");

/// What ships.
#[must_use]
pub fn built_in() -> Vec<Ministry> {
    parse("ministries.tsv", BUILT_IN, Text::Borrowed).expect("`built_in_rows_are_good` parses these bytes")
}

/// Reads a table.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(file: &'a str, text: &'a str, keep: Keep<'a>) -> Result<Vec<Ministry>, LexiconError> {
    Table::open(file, text, ["key", "heads", "fields", "sector", "role"])?
        .map(|row| {
            let (line, [key, heads, fields, sector, role]) = row?;
            if list(heads).next().is_none() || list(fields).next().is_none() {
                return Err(LexiconError::new(file, line, "a ministry needs heads and fields"));
            }
            if !crate::sectors::known(sector) {
                return Err(LexiconError::new(file, line, format!("`{sector}` is no sector")));
            }
            Ok(Ministry {
                key: keep(key),
                heads: texts(heads, keep),
                fields: texts(fields, keep),
                sector: keep(sector),
                roles: texts(role, keep),
                line,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let _ = built_in();
    }

    #[test]
    fn names_are_made_in_all_orders() {
        let rows =
            parse("x.tsv", "key\theads\tfields\tsector\trole\nfinance\tMinistry\tFinance\tGOV\t\n", Text::Borrowed).unwrap();
        let names: Vec<_> = rows[0].names().collect();
        assert_eq!(names, ["Ministry of Finance", "Ministry of the Finance", "Ministry for Finance", "Finance Ministry"]);
    }
}
