//! The formats that documents come in. A new one is one file here and one line in the list.

mod csv;
mod html;
mod jsonl;
mod markdown;
mod plain;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use chancery_model::{Document, Parser, Raw, Reject};
use encoding_rs::Encoding;

pub use markdown::fill as fill_from_yaml;

use crate::metadata::{Defaults, Part};

/// What readers of formats are made with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The encoding that the pipeline declares.
    pub encoding: Option<&'static Encoding>,
    /// Which column or key gives which part, where the pipeline says so.
    pub columns: BTreeMap<Part, String>,
    /// What the pipeline says of documents that do not say it themselves.
    pub defaults: Defaults,
    /// Documents of more bytes than this are rejected.
    pub max_document_bytes: usize,
}

/// How a format's files are read.
pub enum Reading {
    /// A file is one document.
    Whole(fn(Arc<Options>) -> Arc<dyn Parser>),
    /// A file holds records, read one after the other.
    Records(fn(Records, Arc<Options>) -> Box<dyn Iterator<Item = Raw> + Send>),
}

/// A file of records on its way.
pub struct Records {
    /// The file, relative to the pipeline file.
    pub uri: Arc<str>,
    /// Its bytes, transcoded to UTF-8.
    pub bytes: Box<dyn Read + Send>,
}

/// A format.
pub struct FormatEntry {
    /// What `format:` calls it.
    pub name: &'static str,
    /// The endings of files' names, without the dot.
    pub endings: &'static [&'static str],
    /// How its files are read.
    pub reading: Reading,
}

/// Every format, sorted by name. What is not in this list cannot be read.
pub const FORMATS: &[FormatEntry] = &[
    FormatEntry { name: "csv", endings: &["csv", "tsv"], reading: Reading::Records(csv::records) },
    FormatEntry { name: "html", endings: &["html", "htm", "xhtml"], reading: Reading::Whole(html::parser) },
    FormatEntry { name: "jsonl", endings: &["jsonl", "ndjson"], reading: Reading::Records(jsonl::records) },
    FormatEntry { name: "markdown", endings: &["md", "markdown"], reading: Reading::Whole(markdown::parser) },
    FormatEntry { name: "text", endings: &["txt", "text"], reading: Reading::Whole(plain::parser) },
];

/// The format of a file by the ending of its name.
pub fn by_ending(name: &str) -> Option<&'static FormatEntry> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()))
}

/// Puts the last hand to a document: defaults, id, and the reject of one without text.
pub fn finish(mut document: Document, options: &Options) -> Result<Document, Reject> {
    if document.text.trim().is_empty() {
        return Err(Reject::new("files", "empty", "there is no text in it"));
    }
    options.defaults.fill(&mut document.meta);
    document.id = if document.meta.id.is_empty() {
        blake3::hash(document.text.as_bytes()).to_hex()[..16].to_owned()
    } else {
        document.meta.id.clone()
    };
    Ok(document)
}
