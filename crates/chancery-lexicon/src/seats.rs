//! Words that stand for a state's government: palaces, streets, parliaments (`data/seats.tsv`).

use chancery_model::Country;

use crate::table::{LexiconError, Table};
use crate::{Keep, Text};

/// A seat of government.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    /// As written.
    pub name: Text,
    /// The state.
    pub country: Country,
    /// PLOVER sector of what it stands for.
    pub sector: Text,
    /// The city where it lies.
    pub place: Text,
    /// Its line.
    pub line: usize,
}

/// What ships.
#[must_use]
pub fn built_in() -> Vec<Seat> {
    parse("seats.tsv", include_str!("../data/seats.tsv"), Text::Borrowed).expect("`built_in_rows_are_good` parses these bytes")
}

/// Reads a table.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(file: &'a str, text: &'a str, keep: Keep<'a>) -> Result<Vec<Seat>, LexiconError> {
    Table::open(file, text, ["name", "iso3", "sector", "place"])?
        .map(|row| {
            let (line, [name, iso3, sector, place]) = row?;
            let wrong = |message: String| LexiconError::new(file, line, message);
            let country = Country::parse(iso3).ok_or_else(|| wrong(format!("`{iso3}` is no country code")))?;
            if !sector.is_empty() && !crate::sectors::known(sector) {
                return Err(wrong(format!("`{sector}` is no sector")));
            }
            Ok(Seat { name: keep(name), country, sector: keep(sector), place: keep(place), line })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn built_in_rows_are_good() {
        let seats = super::built_in();
        assert!(seats.len() > 100);
        assert!(seats.iter().any(|seat| seat.name == "Kremlin" && seat.country.as_str() == "RUS"));
    }
}
