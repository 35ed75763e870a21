//! Units beside numbers: currencies, measures, and the words that say how near a number is.

use rustc_hash::FxHashMap;

use crate::table::{LexiconError, Table};

/// Where a currency's word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before the number: a symbol.
    Before,
    /// Before or after it: a symbol.
    Both,
    /// Before or after it, in capitals: an ISO code.
    Code,
    /// After it: a name.
    After,
}

/// A unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitOf {
    /// A currency, by its ISO 4217 code.
    Money(&'static str, Place),
    /// A measure, by its symbol; `percent`.
    Measure(&'static str),
}

/// The words of `currencies.tsv`, `measures.tsv` and `quantity_modifiers.tsv`.
#[derive(Debug)]
pub struct Measures {
    units: FxHashMap<&'static str, UnitOf>,
    modifiers: FxHashMap<&'static str, &'static str>,
}

/// No phrase of the tables has more bytes or words.
const LONGEST: usize = 32;
const MOST_WORDS: usize = 4;

impl Measures {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(
            include_str!("../data/currencies.tsv"),
            include_str!("../data/measures.tsv"),
            include_str!("../data/quantity_modifiers.tsv"),
        )
        .expect("`built_in_rows_are_good` parses these bytes")
    }

    /// The unit that begins with token `at`, the longest one, and one past its last token.
    #[must_use]
    pub fn unit<'t>(&self, at: usize, end: usize, form: impl Fn(usize) -> &'t str) -> Option<(usize, UnitOf)> {
        let mut best = None;
        phrases(at, end, form, |stop, phrase| {
            if let Some(unit) = self.units.get(phrase) {
                best = Some((stop, *unit));
            }
        });
        best
    }

    /// The modifier whose phrase ends just before token `end`, the longest one, and its first token (not before `start`).
    #[must_use]
    pub fn modifier<'t>(&self, start: usize, end: usize, form: impl Fn(usize) -> &'t str) -> Option<(usize, &'static str)> {
        let first = start.max(end.saturating_sub(MOST_WORDS));
        (first..end).find_map(|at| {
            let mut found = None;
            phrases(at, end, &form, |stop, phrase| {
                if stop == end {
                    found = self.modifiers.get(phrase).map(|modifier| (at, *modifier));
                }
            });
            found
        })
    }

    fn parse(currencies: &'static str, measures: &'static str, modifiers: &'static str) -> Result<Self, LexiconError> {
        let mut read = Self { units: FxHashMap::default(), modifiers: FxHashMap::default() };
        for row in Table::open("currencies.tsv", currencies, ["word", "code", "place"])? {
            let (line, [word, code, place]) = row?;
            let bad = |message: &str| LexiconError::new("currencies.tsv", line, message);
            let place = match place {
                "before" => Place::Before,
                "both" => Place::Both,
                "code" => Place::Code,
                "after" => Place::After,
                _ => return Err(bad("the place is before, both, code or after")),
            };
            if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(bad("a code has three capital letters"));
            }
            if word.len() > LONGEST || read.units.insert(word, UnitOf::Money(code, place)).is_some() {
                return Err(bad("this word is too long, or here twice"));
            }
        }
        for row in Table::open("measures.tsv", measures, ["word", "unit"])? {
            let (line, [word, unit]) = row?;
            if word.len() > LONGEST || unit.is_empty() || read.units.insert(word, UnitOf::Measure(unit)).is_some() {
                return Err(LexiconError::new("measures.tsv", line, "this word is too long, without a unit, or here twice"));
            }
        }
        for row in Table::open("quantity_modifiers.tsv", modifiers, ["phrase", "modifier"])? {
            let (line, [phrase, modifier]) = row?;
            if phrase.len() > LONGEST || modifier.is_empty() || read.modifiers.insert(phrase, modifier).is_some() {
                return Err(LexiconError::new("quantity_modifiers.tsv", line, "this phrase is too long, empty, or here twice"));
            }
        }
        Ok(read)
    }
}

/// Gives each run of tokens from `at`, in lower case, to `look`, with one past its last token.
fn phrases<'t>(at: usize, end: usize, form: impl Fn(usize) -> &'t str, mut look: impl FnMut(usize, &str)) {
    let mut buffer = [0u8; LONGEST];
    let mut length = 0;
    for stop in at..end.min(at + MOST_WORDS) {
        let word = form(stop);
        let from = if stop == at {
            0
        } else {
            let Some(blank) = buffer.get_mut(length) else { return };
            *blank = b' ';
            length + 1
        };
        let Some(place) = buffer.get_mut(from..from + word.len()) else { return };
        place.copy_from_slice(word.as_bytes());
        place.make_ascii_lowercase();
        length = from + word.len();
        if let Ok(phrase) = std::str::from_utf8(&buffer[..length]) {
            look(stop + 1, phrase);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let measures = Measures::built_in();
        let unit = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            measures.unit(0, words.len(), |at| words[at])
        };
        assert_eq!(unit("per cent of"), Some((2, UnitOf::Measure("percent"))));
        assert_eq!(unit("Canadian dollars"), Some((2, UnitOf::Money("CAD", Place::After))));
        assert_eq!(unit("barrels per day"), Some((3, UnitOf::Measure("bbl/day"))));
        assert_eq!(unit("barrels per person"), Some((1, UnitOf::Measure("bbl"))));
        assert_eq!(unit("people"), None);
    }

    #[test]
    fn modifiers_end_before_the_number() {
        let measures = Measures::built_in();
        let modifier = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            measures.modifier(0, words.len(), |at| words[at])
        };
        assert_eq!(modifier("killed no fewer than"), Some((1, "at least")));
        assert_eq!(modifier("More than"), Some((0, "more than")));
        assert_eq!(modifier("more"), None);
    }
}
