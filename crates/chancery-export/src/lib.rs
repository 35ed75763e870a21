//! Writers: tables to files.
//!
//! # Invariants
//! - Writers know datasets and Arrow batches, never record types: a new layer touches no writer.
//! - The same rows give the same bytes.

pub mod csv;
pub mod datapackage;
mod entry;
pub mod records;
mod selection;

pub use entry::{Entry, Target};
pub use selection::Selection;

/// Every built-in writer, sorted by name. What is not in this list does not exist.
pub const SINKS: &[Entry] = &[csv::ENTRY, records::petrarch::ENTRY, records::plover::ENTRY];

/// The entry with that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    SINKS.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sink_builds_from_its_own_example() {
        for entry in SINKS {
            let settings = chancery_settings::Settings::from_yaml(entry.example).unwrap();
            let built = (entry.build)(&settings);
            assert!(built.is_ok(), "{}: {:?}", entry.name, built.err());
        }
        assert!(SINKS.is_sorted_by(|a, b| a.name < b.name), "sorted, no duplicates");
    }
}
