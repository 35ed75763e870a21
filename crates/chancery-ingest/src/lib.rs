//! Readers: where documents come from, and the formats that they are in.
//!
//! # Invariants
//! - Text is UTF-8 with `\n` line ends, and nothing else about it is changed.
//! - What cannot be read becomes a reject that names the file and the record; the next one is read all the same.
//! - Memory is one document at a time: files of records are streamed.

mod decode;
mod entry;
pub mod files;
mod formats;
mod metadata;

pub use entry::{Context, Entry};
pub use formats::{FORMATS, FormatEntry};
pub use metadata::{Defaults, parse_date};

/// Every built-in reader, sorted by name. What is not in this list does not exist.
pub const SOURCES: &[Entry] = &[files::ENTRY];

/// The entry with that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    SOURCES.iter().find(|entry| entry.name == name)
}
