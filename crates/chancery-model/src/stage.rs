//! The traits of stages, and what they say of a document that they cannot process.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::Document;

/// Why a document, or a record that never became one, could not be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The stage that gave up (`files`, `entities`, `plugin:themes`).
    pub stage: String,
    /// A stable word for the reason (`encoding`, `panic`, `duplicate_id`): what `run.json` counts.
    pub code: Cow<'static, str>,
    /// What is wrong, in a sentence, with the way out where there is one.
    pub message: String,
    /// The beginning of what was wrong, where it can be shown.
    pub excerpt: String,
}

impl Reject {
    /// A reject without an excerpt.
    pub fn new(stage: impl Into<String>, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { stage: stage.into(), code: code.into(), message: message.into(), excerpt: String::new() }
    }

    /// The same with the beginning of the offending text (at most 120 characters of it).
    #[must_use]
    pub fn with_excerpt(mut self, text: &str) -> Self {
        self.excerpt = text.chars().take(120).collect();
        self
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.stage, self.message, self.code)
    }
}

impl std::error::Error for Reject {}

/// A stage that reads layers of a document and writes others.
///
/// It works on one document at a time, borrows shared knowledge, keeps no state between documents and cannot see
/// the thread count: the same document in, the same layers out.
pub trait Annotator: Send + Sync {
    /// Adds its layers to the document.
    ///
    /// # Errors
    /// A [`Reject`] takes this document, and no other, out of the run.
    fn annotate(&self, document: &mut Document) -> Result<(), Reject>;

    /// Does so for a batch; one result a document. Stages whose every call costs (plugins, commands) override it.
    ///
    /// A panic of [`Annotator::annotate`] is caught here and rejects the document that caused it.
    fn annotate_batch(&self, name: &str, documents: &mut [Document]) -> Vec<Result<(), Reject>> {
        documents
            .iter_mut()
            .map(|document| {
                catch_unwind(AssertUnwindSafe(|| self.annotate(document)))
                    .unwrap_or_else(|panic| Err(Reject::new(name, "panic", panic_message(panic.as_ref()))))
            })
            .collect()
    }
}

/// What needs the run's order: it sees the documents one by one in input order, on the writer's side.
///
/// It may set what earlier documents decide about a later one (`duplicate_of`), and may give datasets of its own when the
/// run ends. Its memory must not grow with the texts.
#[cfg(feature = "tables")]
pub trait Collector: Send {
    /// Sees the next document.
    fn fold(&mut self, document: &mut Document);

    /// The datasets that it gives, which are known before the run begins.
    fn datasets(&self) -> Vec<crate::tables::Dataset> {
        Vec::new()
    }

    /// The rows of these datasets, in the same order, when the last document has been seen.
    ///
    /// # Errors
    /// A fault of the program: rows and columns that disagree.
    fn finish(&mut self) -> Result<Vec<arrow_array::RecordBatch>, crate::tables::TableError> {
        Ok(Vec::new())
    }
}

/// The words of a caught panic.
#[must_use]
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .map_or_else(|| "the stage panicked".to_owned(), |words| format!("the stage panicked: {words}"))
}

/// What a source gives: bytes that a worker will parse, a document, or why there is none.
pub enum Raw {
    /// Bytes of one document, read but not yet parsed.
    Unparsed {
        /// The source file, relative to the pipeline file.
        uri: Arc<str>,
        /// The record's number or key inside the file; empty where the file is one document.
        record: String,
        /// The bytes.
        bytes: Vec<u8>,
        /// What reads them.
        parser: Arc<dyn Parser>,
    },
    /// A document.
    Ready(Box<Document>),
    /// What could not even be read.
    Rejected {
        /// The source file, relative to the pipeline file.
        uri: Arc<str>,
        /// The record's number or key inside the file.
        record: String,
        /// Why.
        reject: Reject,
    },
    /// A file has been read to its end.
    File {
        /// The file, relative to the pipeline file.
        uri: Arc<str>,
        /// Its size in bytes.
        bytes: u64,
        /// BLAKE3 hash of its bytes, in hexadecimal digits.
        blake3: String,
    },
}

impl Raw {
    /// About how many bytes it holds: what batches are measured by.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Raw::Unparsed { bytes, .. } => bytes.len(),
            Raw::Ready(document) => document.text.len(),
            Raw::Rejected { .. } | Raw::File { .. } => 64,
        }
    }
}

/// Turns the bytes of one record into a document. Shared by all workers.
pub trait Parser: Send + Sync {
    /// Parses.
    ///
    /// # Errors
    /// A [`Reject`] says why the bytes are no document.
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject>;
}

/// Where documents come from. Read by one thread, in an order that never changes for the same input.
pub trait Source: Send {
    /// The next document, or what could not be read; `None` at the end. One that fails to read goes on with the next.
    fn next(&mut self) -> Option<Raw>;

    /// Bytes in all, where that is known before reading: for the progress bar.
    fn total_bytes(&self) -> Option<u64> {
        None
    }
}

/// Some consecutive documents of the run with their rows.
#[cfg(feature = "tables")]
pub struct Piece<'a> {
    /// The datasets of the run.
    pub datasets: &'a [crate::tables::Dataset],
    /// Rows, each with the number of its dataset in that list. Not every dataset has some.
    pub tables: &'a [(usize, arrow_array::RecordBatch)],
    /// The documents that the rows are from; none for rows of the run as a whole.
    pub documents: &'a [Document],
}

/// What an encoder has made of a piece; only its sink knows what the parts mean.
#[cfg(feature = "tables")]
#[derive(Debug, Default)]
pub struct Encoded {
    /// Bytes to be written, each with the number of the dataset.
    pub bytes: Vec<(usize, Vec<u8>)>,
    /// Rows to be written by the sink itself, each with the number of the dataset.
    pub rows: Vec<(usize, arrow_array::RecordBatch)>,
}

/// The half of a sink that workers share: it turns rows into what the ordered half only has to append.
#[cfg(feature = "tables")]
pub trait Encoder: Send + Sync {
    /// Encodes a piece.
    ///
    /// # Errors
    /// What cannot be encoded stops the run: rows and format disagree, a fault of the program.
    fn encode(&self, piece: &Piece<'_>) -> std::io::Result<Encoded>;
}

/// The half of a sink that sees everything in order, on one thread.
///
/// It writes into a working folder that the runner moves into place when all sinks have finished.
#[cfg(feature = "tables")]
pub trait Sink: Send {
    /// The half that workers share. Asked for once, after [`Sink::begin`].
    fn encoder(&self) -> Arc<dyn Encoder>;

    /// Opens its files in the working folder. Called once, before anything else.
    ///
    /// # Errors
    /// What the file system says.
    fn begin(&mut self, folder: &std::path::Path, datasets: &[crate::tables::Dataset]) -> std::io::Result<()>;

    /// Appends a piece. Called in input order.
    ///
    /// # Errors
    /// What the file system says.
    fn write(&mut self, encoded: Encoded) -> std::io::Result<()>;

    /// Makes what was written durable and tells how far that is: what a resumed run would cut the files to.
    ///
    /// # Errors
    /// What the file system says.
    fn checkpoint(&mut self) -> std::io::Result<Vec<(String, u64)>>;

    /// Writes what comes last and closes the files; gives their names in the working folder.
    ///
    /// # Errors
    /// What the file system says.
    fn finish(self: Box<Self>) -> std::io::Result<Vec<String>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fragile;

    impl Annotator for Fragile {
        fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
            match document.text.as_str() {
                "panic" => panic!("at {}", document.id),
                "reject" => Err(Reject::new("fragile", "no", "not this one")),
                _ => Ok(()),
            }
        }
    }

    #[test]
    fn a_panic_rejects_its_document_and_no_other() {
        let document = |text: &str| Document { id: "d7".into(), text: text.into(), ..Document::default() };
        let results =
            Fragile.annotate_batch("fragile", &mut [document("fine"), document("panic"), document("reject"), document("fine")]);
        let codes: Vec<_> = results.iter().map(|result| result.as_ref().err().map(|reject| reject.code.as_ref())).collect();
        assert_eq!(codes, [None, Some("panic"), Some("no"), None]);
        assert!(results[1].as_ref().is_err_and(|reject| reject.message.contains("at d7")));
    }
}
