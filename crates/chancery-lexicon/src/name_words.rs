//! Words that shape names without being names: joints, particles, heads of treaties (`data/name_words.tsv`).

use rustc_hash::FxHashMap;

use crate::atoms::hash_name;
use crate::table::{LexiconError, Table};

/// The classes of such a word; values combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordClass(u16);

macro_rules! classes {
    ($($(#[$doc:meta])+ $name:ident $bit:literal $text:literal;)+) => {
        impl WordClass {
            $($(#[$doc])+ pub const $name: WordClass = WordClass(1 << $bit);)+

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

classes! {
    /// Heads the name of a treaty, plan or text.
    AGREEMENT 0 "agreement";
    /// Ends the name of an event or work.
    EVENT 1 "event";
    /// Joins parts of a person's name.
    PARTICLE 2 "particle";
    /// Joins parts of a body's name.
    JOINT 3 "joint";
    /// Has a capital, yet is no name.
    PLAIN 4 "plain";
    /// Ends the name of a geographic feature.
    PLACE_HEAD 5 "place-head";
    /// A preposition of place.
    LOCATIVE 6 "locative";
    /// A word of going somewhere.
    MOTION 7 "motion";
    /// A preposition beside which a capital is a government.
    GOVERNMENT 8 "government";
    /// What a city has and a government has not.
    SITE 9 "site";
}

impl WordClass {
    /// Both.
    #[must_use]
    pub const fn or(self, other: WordClass) -> WordClass {
        WordClass(self.0 | other.0)
    }

    /// Whether it is of that class.
    #[must_use]
    pub const fn is(self, class: WordClass) -> bool {
        self.0 & class.0 != 0
    }
}

/// The words by the hash of their folded form.
#[derive(Debug, Default)]
pub struct NameShapers(FxHashMap<u64, WordClass>);

impl NameShapers {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse("name_words.tsv", include_str!("../data/name_words.tsv"))
            .expect("`built_in_rows_are_good` parses these bytes")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The first bad row.
    pub fn parse(file: &str, text: &str) -> Result<Self, LexiconError> {
        let mut words: FxHashMap<u64, WordClass> = FxHashMap::default();
        for row in Table::open(file, text, ["word", "class"])? {
            let (line, [word, class]) = row?;
            let class = WordClass::parse(class)
                .ok_or_else(|| LexiconError::new(file, line, format!("`{class}` is no class of words")))?;
            let known = words.entry(hash_name(word)).or_default();
            known.0 |= class.0;
        }
        Ok(Self(words))
    }

    /// The classes of the word with this hash.
    #[must_use]
    pub fn get(&self, hash: u64) -> WordClass {
        self.0.get(&hash).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let words = NameShapers::built_in();
        assert!(words.get(hash_name("Treaty")).is(WordClass::AGREEMENT));
        assert!(words.get(hash_name("de")).is(WordClass::PARTICLE) && words.get(hash_name("de")).is(WordClass::JOINT));
    }
}
