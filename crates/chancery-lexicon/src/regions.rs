//! Regions of the world and blocs of countries (`data/regions.tsv`).

use chancery_model::Country;

use crate::table::{LexiconError, Table, list};
use crate::{Keep, Text, texts};

/// A region.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Its name, unique.
    pub name: Text,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Words for what belongs to it.
    pub adjectives: Vec<Text>,
    /// Kind: `continent`, `subregion`, `territory`, `disputed` …
    pub kind: Text,
    /// A point near its middle, in degrees north and east.
    pub position: Option<(f32, f32)>,
    /// Its states, or the state that it belongs to.
    pub members: Vec<Country>,
    /// Its line.
    pub line: usize,
}

/// What ships.
#[must_use]
pub fn built_in() -> Vec<Region> {
    parse("regions.tsv", include_str!("../data/regions.tsv"), Text::Borrowed)
        .expect("`built_in_rows_are_good` parses these bytes")
}

/// Reads a table.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(file: &'a str, text: &'a str, keep: Keep<'a>) -> Result<Vec<Region>, LexiconError> {
    Table::open(file, text, ["name", "aliases", "adjectives", "kind", "latitude", "longitude", "members"])?
        .map(|row| {
            let (line, [name, aliases, adjectives, kind, latitude, longitude, members]) = row?;
            let wrong = |message: String| LexiconError::new(file, line, message);
            let degrees = |cell: &str| cell.parse::<f32>().map_err(|_| wrong(format!("`{cell}` is no number of degrees")));
            let position = if latitude.is_empty() { None } else { Some((degrees(latitude)?, degrees(longitude)?)) };
            let members = list(members)
                .map(|cell| Country::parse(cell).ok_or_else(|| wrong(format!("member `{cell}` is no country code"))))
                .collect::<Result<_, _>>()?;
            Ok(Region {
                name: keep(name),
                aliases: texts(aliases, keep),
                adjectives: texts(adjectives, keep),
                kind: keep(kind),
                position,
                members,
                line,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn built_in_rows_are_good() {
        let regions = super::built_in();
        assert!(regions.iter().any(|region| region.name == "Middle East" && region.position.is_some()));
    }
}
