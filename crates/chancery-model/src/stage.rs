//! The traits of stages, and what they say of a document that they cannot process.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
