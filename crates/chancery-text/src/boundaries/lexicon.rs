//! The word lists behind the rules, read once from `data/*.tsv`.

use rustc_hash::{FxHashMap, FxHashSet};

/// What follows an abbreviation, and so whether its stop can end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbbreviationKind {
    /// A name follows (`Mr.`).
    Title,
    /// A number follows (`No.`), else it is a word with a stop.
    Reference,
    /// Anything else.
    Other,
}

/// One abbreviation.
#[derive(Debug, Clone, Copy)]
pub struct Abbreviation {
    pub kind: AbbreviationKind,
    /// Whether it can be a sentence's last word.
    pub ends: bool,
}

/// The lists that the rules look words up in.
#[derive(Debug)]
pub struct Rules {
    abbreviations: FxHashMap<&'static str, Abbreviation>,
    contractions: FxHashMap<&'static str, &'static [u8]>,
    prefixes: FxHashSet<&'static str>,
    units: FxHashSet<&'static str>,
    openers: FxHashSet<&'static str>,
    /// Bit `l` of entry `b`: some contraction of length `l` begins with the byte `b`; most words fail here and are not looked up.
    contraction_shapes: [u16; 256],
}

/// The longest contraction, in bytes.
const CONTRACTION_BYTES_MAX: usize = 15;

impl Rules {
    /// Reads the lists that ship. Rows that are not understood are left out; a test sees that there are none.
    pub fn built_in() -> Rules {
        let mut abbreviations = FxHashMap::default();
        for (form, rest) in rows(include_str!("../../data/abbreviations.tsv")) {
            let Some((kind, ends)) = rest.split_once('\t') else { continue };
            let kind = match kind {
                "title" => AbbreviationKind::Title,
                "reference" => AbbreviationKind::Reference,
                _ => AbbreviationKind::Other,
            };
            abbreviations.insert(form, Abbreviation { kind, ends: ends == "yes" });
        }
        let mut contractions: FxHashMap<&'static str, &'static [u8]> = FxHashMap::default();
        let mut contraction_shapes = [0u16; 256];
        for (form, cuts) in rows(include_str!("../../data/contractions.tsv")) {
            if form.len() > CONTRACTION_BYTES_MAX {
                continue;
            }
            let cuts: Vec<u8> = cuts.split(' ').filter_map(|cut| cut.parse().ok()).collect();
            // Leaked once a process: the list is as long as the file, and outlives everything.
            contractions.insert(form, Box::leak(cuts.into_boxed_slice()));
            let first = form.as_bytes()[0];
            contraction_shapes[first as usize] |= 1 << form.len();
            contraction_shapes[first.to_ascii_uppercase() as usize] |= 1 << form.len();
        }
        let set = |table: &'static str| rows(table).map(|(form, _)| form).collect::<FxHashSet<_>>();
        Rules {
            abbreviations,
            contractions,
            prefixes: set(include_str!("../../data/hyphenated.tsv")),
            units: set(include_str!("../../data/units.tsv")),
            openers: set(include_str!("../../data/openers.tsv")),
            contraction_shapes,
        }
    }

    /// The abbreviation with this form (without its stop), if it is one.
    pub fn abbreviation(&self, form: &str) -> Option<Abbreviation> {
        if form.len() > 8 || form.is_empty() {
            return None;
        }
        if let Some(found) = self.abbreviations.get(form) {
            return Some(*found);
        }
        // Capitals ("MR. SMITH") and sentence-initial forms of the lower-case ones ("Cf.").
        let mut buffer = [0u8; 8];
        let bytes = form.as_bytes();
        if !bytes[0].is_ascii_uppercase() {
            return None;
        }
        let buffer = &mut buffer[..bytes.len()];
        buffer.copy_from_slice(bytes);
        if bytes.len() > 1 && bytes[1..].iter().all(u8::is_ascii_uppercase) {
            buffer[1..].make_ascii_lowercase();
            // "NO." and "CO." and "GA." in capitals are words or codes more often than not.
            let found = std::str::from_utf8(buffer).ok().and_then(|form| self.abbreviations.get(form))?;
            return matches!(found.kind, AbbreviationKind::Title).then_some(*found);
        }
        buffer.make_ascii_lowercase();
        std::str::from_utf8(buffer).ok().and_then(|form| self.abbreviations.get(form)).copied().filter(|_| bytes.len() > 1)
    }

    /// The lengths of the parts of a word that is written as one but is several tokens.
    #[inline]
    pub fn contraction(&self, form: &[u8]) -> Option<&'static [u8]> {
        let length = form.len();
        if length > CONTRACTION_BYTES_MAX || self.contraction_shapes[form[0] as usize] & (1 << length) == 0 {
            return None;
        }
        let mut buffer = [0u8; CONTRACTION_BYTES_MAX];
        let buffer = &mut buffer[..length];
        buffer.copy_from_slice(form);
        buffer.make_ascii_lowercase();
        std::str::from_utf8(buffer).ok().and_then(|form| self.contractions.get(form)).copied()
    }

    /// Whether what follows this first part's hyphen stays in the same token.
    pub fn keeps_hyphen(&self, prefix: &str) -> bool {
        let mut buffer = [0u8; 8];
        let Some(buffer) = buffer.get_mut(..prefix.len()) else { return false };
        buffer.copy_from_slice(prefix.as_bytes());
        buffer.make_ascii_lowercase();
        std::str::from_utf8(buffer).is_ok_and(|prefix| self.prefixes.contains(prefix))
    }

    /// Whether this is a unit that may be written against its number.
    pub fn is_unit(&self, form: &str) -> bool {
        form.len() <= 8 && self.units.contains(form)
    }

    /// Whether this capitalised word usually opens a sentence.
    pub fn opens_sentence(&self, form: &str) -> bool {
        form.len() <= 12 && self.openers.contains(form)
    }
}

/// The rows below the comments and the header: first column, and the rest.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|line| line.split_once('\t').unwrap_or((line, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_lists_is_understood() {
        for (form, rest) in rows(include_str!("../../data/abbreviations.tsv")) {
            let (kind, ends) = rest.split_once('\t').expect("three columns");
            assert!(
                ["title", "reference", "company", "month", "day", "place", "unit", "latin", "other"].contains(&kind),
                "{form}: {kind}"
            );
            assert!(["yes", "no"].contains(&ends), "{form}: {ends}");
            assert!(form.len() <= 8, "{form}");
        }
        for (form, cuts) in rows(include_str!("../../data/contractions.tsv")) {
            let sum: usize = cuts.split(' ').map(|cut| cut.parse::<usize>().expect("a number")).sum();
            assert_eq!(sum, form.len(), "{form}");
            assert!(form.len() <= CONTRACTION_BYTES_MAX && form.is_ascii(), "{form}");
        }
    }

    #[test]
    fn abbreviations_are_found_in_titles_and_capitals() {
        let rules = Rules::built_in();
        for form in ["Mr", "MR", "Gen", "etc", "Etc", "Sept"] {
            assert!(rules.abbreviation(form).is_some(), "{form}");
        }
        for form in ["NO", "mr", "house", "V"] {
            assert!(rules.abbreviation(form).is_none(), "{form}");
        }
    }
}
