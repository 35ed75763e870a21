//! A plugin's annotating stage, whoever answers: a library in this process, or a child.
//!
//! # Invariants
//! - A batch that fails is tried again document by document: the one that fails then is the guilty one. So is a document whose rows are
//!   wrong in a batch.
//! - Documents that are not guilty get the same rows as in a batch without the guilty one.

use arrow_array::RecordBatch;
use chancery_model::tables::CustomLayer;
use chancery_model::{Annotator, Document, Reject};

use super::answer::{Answer, BAD_DATA, Failure, settle};
use super::input::{Need, tables};
use super::{Expected, library};

/// Most bytes of text in a call: what Arrow's 32-bit offsets bear many times over, and a child's pipe in good time.
const MOST_BYTES: usize = 16 << 20;
/// Longest text that a call can carry.
const LONGEST_TEXT: usize = 1 << 30;

/// Who answers.
pub trait Backend: Send + Sync {
    /// Gives the layers of a batch: `tables` are `documents`, then the needed layers.
    fn annotate(&self, documents: &[Document], tables: Vec<RecordBatch>, layers: &[Expected]) -> Result<Answer, Failure>;
}

/// A library in this process.
pub struct Native(pub library::Instance);

impl Backend for Native {
    fn annotate(&self, _: &[Document], tables: Vec<RecordBatch>, layers: &[Expected]) -> Result<Answer, Failure> {
        self.0.annotate(&tables, layers)
    }
}

/// The stage as the run sees it.
pub struct PluginAnnotator {
    /// Its name in `rejects`: `plugin:themes`.
    pub name: String,
    pub needs: Vec<Need>,
    /// The layers that it gives, with their numbers in the plan.
    pub layers: Vec<(u32, CustomLayer, Expected)>,
    pub expected: Vec<Expected>,
    pub backend: Box<dyn Backend>,
}

impl PluginAnnotator {
    pub fn new(name: &str, needs: Vec<Need>, first_layer: u32, layers: &[CustomLayer], backend: Box<dyn Backend>) -> Self {
        let layers: Vec<_> = layers
            .iter()
            .enumerate()
            .map(|(at, layer)| (first_layer + at as u32, layer.clone(), Expected::layer(layer)))
            .collect();
        let expected = layers.iter().map(|(_, _, expected)| expected.clone()).collect();
        Self { name: format!("plugin:{name}"), needs, layers, expected, backend }
    }

    fn call(&self, documents: &mut [Document]) -> Result<Vec<Result<(), Reject>>, Failure> {
        let tables = tables(&self.needs, documents).map_err(|error| Failure::new("failed", error.to_string()))?;
        let answer = self.backend.annotate(documents, tables, &self.expected)?;
        settle(&self.name, &answer, &self.layers, documents)
    }

    /// A batch, then its documents one by one where it fails.
    fn chunk(&self, documents: &mut [Document], results: &mut Vec<Result<(), Reject>>) {
        match self.call(documents) {
            Ok(settled) => {
                let first = results.len();
                results.extend(settled);
                if documents.len() == 1 {
                    return;
                }
                // Rows that are wrong in a batch may be another document's doing: alone each answers for itself.
                for (at, document) in documents.iter_mut().enumerate() {
                    if matches!(&results[first + at], Err(reject) if reject.code == BAD_DATA) {
                        let mut alone = Vec::with_capacity(1);
                        self.chunk(std::slice::from_mut(document), &mut alone);
                        results[first + at] = alone.pop().unwrap_or(Ok(()));
                    }
                }
            }
            Err(failure) if documents.len() == 1 => results.push(Err(failure.reject(&self.name))),
            Err(_) => {
                for document in documents {
                    self.chunk(std::slice::from_mut(document), results);
                }
            }
        }
    }
}

impl Annotator for PluginAnnotator {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        self.annotate_batch(&self.name, std::slice::from_mut(document)).pop().unwrap_or(Ok(()))
    }

    fn annotate_batch(&self, _: &str, documents: &mut [Document]) -> Vec<Result<(), Reject>> {
        let mut results = Vec::with_capacity(documents.len());
        let mut rest = documents;
        while !rest.is_empty() {
            if rest[0].text.len() > LONGEST_TEXT {
                let message = format!("the text has {} bytes; plugins take at most {LONGEST_TEXT}", rest[0].text.len());
                results.push(Err(Reject::new(&self.name, "too_long", message)));
                rest = &mut rest[1..];
                continue;
            }
            let mut bytes = 0;
            let fitting = rest.iter().take_while(|document| {
                bytes += document.text.len();
                bytes <= MOST_BYTES
            });
            let count = fitting.count().max(1);
            let (chunk, after) = rest.split_at_mut(count);
            self.chunk(chunk, &mut results);
            rest = after;
        }
        results
    }
}
