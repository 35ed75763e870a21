//! Why a stage cannot go on: with a document, or at all.

use std::fmt;

/// What went wrong: a word that is counted in `run.json`, and a sentence for people.
///
/// Any error turns into one by `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// A stable word: `failed` unless [`Error::code`] says otherwise.
    pub code: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Of an [`crate::Ingest`]: the file of the record that cannot be read.
    pub uri: String,
    /// Of an [`crate::Ingest`]: the record's number or key.
    pub record: String,
}

impl Error {
    /// An error with these words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: "failed".to_owned(), message: message.into(), uri: String::new(), record: String::new() }
    }

    /// The same under another code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    /// The same about a record of a file.
    #[must_use]
    pub fn at(mut self, uri: impl Into<String>, record: impl Into<String>) -> Self {
        self.uri = uri.into();
        self.record = record.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        Error::new(message)
    }
}
