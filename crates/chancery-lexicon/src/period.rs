//! Dates of the lexicons: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and the periods between two of them.

use jiff::civil::Date;

/// A stretch of days, open where nothing is said; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Period {
    /// Reads the two cells of a row.
    ///
    /// # Errors
    /// A cell that is no date, in words.
    pub fn parse(from: &str, to: &str) -> Result<Self, String> {
        let period = Self { from: bound(from, false)?, to: bound(to, true)? };
        match (period.from, period.to) {
            (Some(first), Some(last)) if first > last => Err(format!("`{from}` is after `{to}`")),
            _ => Ok(period),
        }
    }

    /// Whether the day lies in it. Without a day, only an open end counts: what holds now.
    #[must_use]
    pub fn holds(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self.to.is_none(),
        }
    }

    /// Whether it ended before the day.
    #[must_use]
    pub fn is_over(&self, day: Option<Date>) -> bool {
        match (self.to, day) {
            (Some(to), Some(day)) => to < day,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether it begins after the day.
    #[must_use]
    pub fn is_ahead(&self, day: Option<Date>) -> bool {
        matches!((self.from, day), (Some(from), Some(day)) if from > day)
    }
}

/// The first (or last) day that a date of a lexicon covers; `None` for an empty cell.
///
/// # Errors
/// What is no date, in words.
pub fn bound(cell: &str, last: bool) -> Result<Option<Date>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("`{cell}` is no date (YYYY, YYYY-MM or YYYY-MM-DD)");
    let mut parts = cell.split('-');
    let year = parts.next().and_then(|part| part.parse::<i16>().ok()).ok_or_else(wrong)?;
    let month = parts.next().map(|part| part.parse::<i8>().map_err(|_| wrong())).transpose()?;
    let day = parts.next().map(|part| part.parse::<i8>().map_err(|_| wrong())).transpose()?;
    if parts.next().is_some() {
        return Err(wrong());
    }
    let first = Date::new(year, month.unwrap_or(if last { 12 } else { 1 }), day.unwrap_or(1)).map_err(|_| wrong())?;
    Ok(Some(if last && day.is_none() { first.last_of_month() } else { first }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_year_or_month_covers_all_its_days() {
        assert_eq!(bound("1994", false), Ok(Some(date(1994, 1, 1))));
        assert_eq!(bound("1994", true), Ok(Some(date(1994, 12, 31))));
        assert_eq!(bound("2024-02", true), Ok(Some(date(2024, 2, 29))));
        assert!(bound("spring", true).is_err());
        assert!(Period::parse("2001", "2000").is_err());
    }
}
