//! What the program knows of the world: lexicons kept as data files under `data/`, and their loaders.
//!
//! # Invariants
//! - Knowledge is in the data files; this crate only reads them. A bad row is an error that names its file and line.
//! - Parts are read when first asked for, once, and shared from then on.

pub mod agreements;
pub mod atoms;
pub mod check;
pub mod countries;
pub mod cues;
pub mod event_types;
pub mod gazetteer;
mod knowledge;
pub mod measures;
pub mod ministries;
pub mod name_words;
pub mod names;
pub mod number_words;
pub mod organizations;
pub mod patterns;
pub mod people;
pub mod period;
pub mod petrarch;
pub mod petrarch_verbs;
pub mod place_words;
pub mod regions;
pub mod roles;
pub mod seats;
pub mod sectors;
pub mod table;
pub mod time_words;
pub mod user;
pub mod words;
pub mod world;

pub use check::{Finding, Looked, Severity, check, look};
pub use cues::Cues;
pub use gazetteer::Gazetteer;
pub use knowledge::Knowledge;
pub use measures::Measures;
pub use number_words::NumberWords;
pub use patterns::Patterns;
pub use place_words::PlaceWords;
pub use table::{LexiconError, Table};
pub use time_words::TimeWords;
pub use world::World;

/// A text of a lexicon: borrowed from what ships, owned where it comes from a user's file.
pub type Text = std::borrow::Cow<'static, str>;

/// How a table's cells are kept.
pub type Keep<'a> = fn(&'a str) -> Text;

/// The items of a list cell.
fn texts<'a>(cell: &'a str, keep: Keep<'a>) -> Vec<Text> {
    table::list(cell).map(keep).collect()
}

/// A name as an id: lower-case ASCII, words joined with `-`.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        match atoms::plain(letter) {
            Some(plain) => out.push_str(plain),
            None if letter.is_alphanumeric() => out.extend(letter.to_lowercase()),
            None if matches!(letter, '.' | '\'' | '\u{2019}' | '\u{2018}') => {}
            None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            None => {}
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_plain() {
        assert_eq!(super::slug("Recep Tayyip Erdoğan"), "recep-tayyip-erdogan");
        assert_eq!(super::slug("U.S. People’s Party (left)"), "us-peoples-party-left");
    }
}
