//! The annotators: one folder a stage, and the list of them.
//!
//! # Invariants
//! - No stage imports another: what they share is a layer of the document, or a helper on a lower floor.
//! - The same document in, the same layers out; nothing here sees a thread, a clock or a file (but for the
//!   lexicons that a pipeline names, read when a stage is built).

pub mod agreements;
pub mod dates;
pub mod duplicates;
pub mod dyads;
pub mod entities;
mod entry;
pub mod events;
pub mod harness;
pub mod language;
pub mod places;
pub mod quantities;
pub mod quotes;
mod syntax;

pub use entry::{CollectorEntry, Context, Entry};

/// Every built-in annotator, sorted by name. What is not in this list does not exist.
pub const ANNOTATORS: &[Entry] = &[
    agreements::ENTRY,
    dates::ENTRY,
    entities::ENTRY,
    events::ENTRY,
    language::ENTRY,
    places::ENTRY,
    quantities::ENTRY,
    quotes::ENTRY,
];

/// Every built-in collector, sorted by name.
pub const COLLECTORS: &[CollectorEntry] = &[duplicates::ENTRY, dyads::ENTRY];

/// The annotator with that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    ANNOTATORS.iter().find(|entry| entry.name == name)
}

/// The collector with that name.
#[must_use]
pub fn find_collector(name: &str) -> Option<&'static CollectorEntry> {
    COLLECTORS.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_annotator_builds_from_its_own_example() {
        let context = Context::builtin(Path::new(".")).unwrap();
        for entry in ANNOTATORS {
            let settings = chancery_settings::Settings::from_yaml(entry.example).unwrap();
            let built = (entry.build)(&settings, &context);
            assert!(built.is_ok(), "{}: {:?}", entry.name, built.err());
            assert!(!entry.gives.is_empty(), "`{}` gives no layer", entry.name);
        }
        for entry in COLLECTORS {
            let settings = chancery_settings::Settings::from_yaml(entry.example).unwrap();
            let built = (entry.build)(&settings, &context);
            assert!(built.is_ok(), "{}: {:?}", entry.name, built.err());
        }
        assert!(COLLECTORS.is_sorted_by(|a, b| a.name < b.name), "sorted, no duplicates");
        assert!(ANNOTATORS.is_sorted_by(|a, b| a.name < b.name), "sorted, no duplicates");
    }
}
