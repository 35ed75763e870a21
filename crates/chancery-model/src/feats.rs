//! Morphological features of Universal Dependencies, packed into 64 bits.
//!
//! # Invariants
//! - [`Feats::to_string`](std::fmt::Display) writes the features sorted by name as CoNLL-U asks, `_` where there are none.
//! - Parsing what was written gives the same bits.

use std::fmt;

/// One feature's place in the bits: its name, its first bit, and its values (number 0 is "absent").
struct Field {
    name: &'static str,
    shift: u32,
    bits: u32,
    values: &'static [&'static str],
}

macro_rules! fields {
    ($($constant:ident $name:literal $shift:literal $bits:literal [$($value:literal),+];)+) => {
        const FIELDS: &[Field] = &[$(Field { name: $name, shift: $shift, bits: $bits, values: &[$($value),+] }),+];

        /// The features, by name; what [`Feats::get`] takes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the names are the standard's own")]
        pub enum Feature { $($constant),+ }
    };
}

// Sorted by name without regard to case, as CoNLL-U asks; the shifts follow one another.
fields! {
    Abbr "Abbr" 0 1 ["Yes"];
    Case "Case" 1 2 ["Acc", "Gen", "Nom"];
    Definite "Definite" 3 2 ["Def", "Ind"];
    Degree "Degree" 5 2 ["Cmp", "Pos", "Sup"];
    ExtPos "ExtPos" 7 4 ["ADJ", "ADP", "ADV", "CCONJ", "DET", "INTJ", "NOUN", "PRON", "PROPN", "SCONJ", "VERB", "X"];
    Foreign "Foreign" 11 1 ["Yes"];
    Gender "Gender" 12 3 ["Fem", "Fem,Masc", "Masc", "Neut"];
    Mood "Mood" 15 2 ["Imp", "Ind", "Sub"];
    Number "Number" 17 2 ["Plur", "Ptan", "Sing"];
    NumForm "NumForm" 19 3 ["Combi", "Digit", "Roman", "Word"];
    NumType "NumType" 22 3 ["Card", "Frac", "Mult", "Ord"];
    Person "Person" 25 2 ["1", "2", "3"];
    Polarity "Polarity" 27 2 ["Neg", "Pos"];
    Poss "Poss" 29 1 ["Yes"];
    PronType "PronType" 30 4 ["Art", "Dem", "Emp", "Exc", "Ind", "Int", "Neg", "Prs", "Rcp", "Rel", "Tot"];
    Reflex "Reflex" 34 1 ["Yes"];
    Style "Style" 35 3 ["Arch", "Coll", "Expr", "Form", "Slng", "Vrnc"];
    Tense "Tense" 38 2 ["Past", "Pres"];
    Typo "Typo" 40 1 ["Yes"];
    VerbForm "VerbForm" 41 3 ["Fin", "Ger", "Inf", "Part"];
    Voice "Voice" 44 2 ["Act", "Pass"];
}

/// A bundle of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Feats(pub u64);

impl Feats {
    /// No features.
    pub const NONE: Feats = Feats(0);

    /// The feature's value as the standard writes it; `None` where absent.
    #[must_use]
    pub fn get(self, feature: Feature) -> Option<&'static str> {
        let field = &FIELDS[feature as usize];
        match (self.0 >> field.shift) & ((1 << field.bits) - 1) {
            0 => None,
            number => field.values.get(number as usize - 1).copied(),
        }
    }

    /// Whether the feature has this value.
    #[must_use]
    pub fn is(self, feature: Feature, value: &str) -> bool {
        self.get(feature) == Some(value)
    }

    /// The bundle with one feature set; unchanged where the feature has no such value.
    #[must_use]
    pub fn with(self, feature: Feature, value: &str) -> Feats {
        self.put(&FIELDS[feature as usize], value).unwrap_or(self)
    }

    fn put(self, field: &Field, value: &str) -> Option<Feats> {
        let number = field.values.iter().position(|known| *known == value)? as u64 + 1;
        let mask = ((1u64 << field.bits) - 1) << field.shift;
        Some(Feats((self.0 & !mask) | (number << field.shift)))
    }

    /// Reads CoNLL-U's notation (`Mood=Ind|Tense=Past`, `_`). What the set does not know is left out.
    #[must_use]
    pub fn parse(text: &str) -> Feats {
        text.split('|').fold(Feats::NONE, |feats, pair| {
            let Some((name, value)) = pair.split_once('=') else { return feats };
            FIELDS.iter().find(|field| field.name == name).and_then(|field| feats.put(field, value)).unwrap_or(feats)
        })
    }
}

impl fmt::Display for Feats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Feats::NONE {
            return f.write_str("_");
        }
        let mut first = true;
        for field in FIELDS {
            let number = (self.0 >> field.shift) & ((1 << field.bits) - 1);
            if let Some(value) = number.checked_sub(1).and_then(|at| field.values.get(at as usize)) {
                write!(f, "{}{}={}", if first { "" } else { "|" }, field.name, value)?;
                first = false;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_overlap_and_hold_their_values() {
        let mut next = 0;
        for field in FIELDS {
            assert_eq!(field.shift, next, "{}", field.name);
            assert!(field.values.len() < (1 << field.bits), "{}", field.name);
            next += field.bits;
        }
        assert!(FIELDS.is_sorted_by_key(|field| field.name.to_lowercase()));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "_",
            "Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin",
            "Abbr=Yes|Number=Plur",
            "Tense=Past|VerbForm=Part|Voice=Pass",
        ] {
            assert_eq!(Feats::parse(text).to_string(), text);
        }
        assert!(Feats::parse("Tense=Past").is(Feature::Tense, "Past"));
    }
}
