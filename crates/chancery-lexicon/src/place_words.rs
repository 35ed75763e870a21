//! Words beside a name that tell the kind of place, and words that are names of places but seldom meant so.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::gazetteer::Kind;
use crate::table::{LexiconError, Table};

/// What a word beside a name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// The kind of place that is named.
    Kind(Kind),
    /// That a place may be named next: "in Paris".
    Locative,
    /// A part of the place that is named next: "northern Syria".
    Direction,
}

/// A word that stands beside names of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceWord {
    /// What it tells.
    pub tells: Tells,
    /// GeoNames class and code of a place of which no more is known.
    pub feature: Box<str>,
    /// It may stand before the name ("the city of Paris", "Lake Chad").
    pub before: bool,
    /// It may stand after the name ("Donetsk region").
    pub after: bool,
}

/// The words of `place_words.tsv` and `place_common_words.tsv`.
#[derive(Debug, Default)]
pub struct PlaceWords {
    words: FxHashMap<Box<str>, PlaceWord>,
    common: FxHashSet<Box<str>>,
}

impl PlaceWords {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        let words = parse_words("place_words.tsv", include_str!("../data/place_words.tsv"));
        let common = parse_common("place_common_words.tsv", include_str!("../data/place_common_words.tsv"));
        Self {
            words: words.expect("`built_in_rows_are_good` parses these bytes"),
            common: common.expect("`built_in_rows_are_good` parses these bytes"),
        }
    }

    /// The kind of place that a word tells, where it may stand before (else after) the name.
    #[must_use]
    pub fn kind(&self, word: &str, before: bool) -> Option<(Kind, &str)> {
        let found = self.get(word)?;
        match found.tells {
            Tells::Kind(kind) if before && found.before || !before && found.after => Some((kind, &found.feature)),
            _ => None,
        }
    }

    /// What a word tells, in whatever case it stands.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&PlaceWord> {
        lower(word, |word| self.words.get(word))
    }

    /// Whether a word is a name that is seldom meant as one.
    #[must_use]
    pub fn is_common(&self, word: &str) -> bool {
        lower(word, |word| self.common.get(word)).is_some()
    }
}

/// Looks a word up in lower case, without an allocation; words too long for the table are not in it.
fn lower<'a, T>(word: &str, look: impl FnOnce(&str) -> Option<&'a T>) -> Option<&'a T> {
    let mut buffer = [0u8; 24];
    let bytes = buffer.get_mut(..word.len())?;
    bytes.copy_from_slice(word.as_bytes());
    bytes.make_ascii_lowercase();
    std::str::from_utf8(bytes).ok().and_then(look)
}

fn parse_words(file: &str, text: &str) -> Result<FxHashMap<Box<str>, PlaceWord>, LexiconError> {
    let mut words = FxHashMap::default();
    for row in Table::open(file, text, ["word", "kind", "feature", "where"])? {
        let (line, [word, kind, feature, place]) = row?;
        let bad = |message: String| LexiconError::new(file, line, message);
        let tells = match kind {
            "locative" => Tells::Locative,
            "direction" => Tells::Direction,
            "settlement" => Tells::Kind(Kind::Settlement),
            "division" => Tells::Kind(Kind::Division),
            "county" => Tells::Kind(Kind::County),
            "country" => Tells::Kind(Kind::Country),
            "region" => Tells::Kind(Kind::Region),
            "water" => Tells::Kind(Kind::Water),
            "land" => Tells::Kind(Kind::Land),
            "site" => Tells::Kind(Kind::Site),
            other => return Err(bad(format!("`{other}` is no kind of place"))),
        };
        let (before, after) = match place {
            "before" => (true, false),
            "after" => (false, true),
            "both" => (true, true),
            other => return Err(bad(format!("where must be before, after or both, not `{other}`"))),
        };
        let row = PlaceWord { tells, feature: feature.into(), before, after };
        if words.insert(word.into(), row).is_some() {
            return Err(bad(format!("`{word}` is there twice")));
        }
    }
    Ok(words)
}

fn parse_common(file: &str, text: &str) -> Result<FxHashSet<Box<str>>, LexiconError> {
    let mut words = FxHashSet::default();
    for row in Table::open(file, text, ["word"])? {
        let (line, [word]) = row?;
        if word != word.to_lowercase() || !words.insert(word.into()) {
            return Err(LexiconError::new(file, line, format!("`{word}` must be in lower case, and there once")));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let words = PlaceWords::built_in();
        assert_eq!(words.get("Province").map(|word| word.tells), Some(Tells::Kind(Kind::Division)));
        assert_eq!(words.get("northern").map(|word| word.tells), Some(Tells::Direction));
        assert!(words.is_common("March") && !words.is_common("Paris"));
        assert_eq!(words.get(&"x".repeat(100)), None);
    }

    #[test]
    fn a_bad_row_names_its_line() {
        let error = parse_words("w.tsv", "word\tkind\tfeature\twhere\ncity\ttown\tP.PPL\tboth\n").unwrap_err();
        assert_eq!(error.to_string(), "w.tsv, line 2: `town` is no kind of place");
    }
}
