//! What a worker does with a batch: parse, annotate, render, encode. Stateless: any worker gives the same for the same batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use arrow_array::RecordBatch;
use chancery_model::tables::{Dataset, Renderer, TableError};
use chancery_model::{Document, Encoded, Encoder, Piece, Raw, Reject, panic_message};

use super::batch::Batch;
use super::{RunError, StageClock};
use crate::plan::Stage;

/// Something that could not be processed, and where it is from.
pub struct Rejected {
    pub uri: Arc<str>,
    pub record: String,
    pub reject: Reject,
}

/// A file that has been read to its end.
pub struct FileRead {
    pub uri: Arc<str>,
    pub bytes: u64,
    pub blake3: String,
}

/// A batch that is done: documents, their rows, their rows encoded for each sink.
pub struct Done {
    pub number: u64,
    pub documents: Vec<Document>,
    pub rejects: Vec<Rejected>,
    pub files: Vec<FileRead>,
    pub bytes: u64,
    pub rendered: Result<Rendered, RunError>,
}

/// The rows of documents, and their rows encoded for each sink.
pub struct Rendered {
    /// Rows of each dataset, for the count.
    pub rows: Vec<(usize, usize)>,
    pub encoded: Vec<Encoded>,
}

/// What all workers share.
pub struct Worker {
    stages: Vec<Stage>,
    renderer: Renderer,
    datasets: Vec<Dataset>,
    encoders: Vec<Arc<dyn Encoder>>,
    pub clocks: Vec<StageClock>,
}

/// Numbers of the clocks before those of the stages.
const PARSE: usize = 0;
const WRITE: usize = 1;
const FIRST_STAGE: usize = 2;

impl Worker {
    pub fn new(stages: Vec<Stage>, renderer: Renderer, datasets: Vec<Dataset>, encoders: Vec<Arc<dyn Encoder>>) -> Self {
        let names = ["read", "write"].into_iter().chain(stages.iter().map(|stage| stage.name.as_str()));
        let clocks = names.map(StageClock::new).collect();
        Self { stages, renderer, datasets, encoders, clocks }
    }

    pub fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    /// Does a batch.
    pub fn work(&self, batch: Batch) -> Done {
        let (mut documents, mut rejects, mut files, mut bytes) = (Vec::with_capacity(batch.raw.len()), Vec::new(), Vec::new(), 0);
        let began = Instant::now();
        for raw in batch.raw {
            bytes += raw.size() as u64;
            match raw {
                Raw::Ready(document) => documents.push(*document),
                Raw::Rejected { uri, record, reject } => rejects.push(Rejected { uri, record, reject }),
                Raw::File { uri, bytes, blake3 } => files.push(FileRead { uri, bytes, blake3 }),
                Raw::Unparsed { uri, record, bytes, parser } => {
                    let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse(&uri, &record, bytes)))
                        .unwrap_or_else(|panic| Err(Reject::new("read", "panic", panic_message(panic.as_ref()))));
                    match parsed {
                        Ok(document) => documents.push(document),
                        Err(reject) => rejects.push(Rejected { uri, record, reject }),
                    }
                }
            }
        }
        self.clocks[PARSE].add(began.elapsed(), documents.len());
        self.annotate(&mut documents, &mut rejects);
        let began = Instant::now();
        let rendered = self.render(&documents);
        self.clocks[WRITE].add(began.elapsed(), documents.len());
        Done { number: batch.number, documents, rejects, files, bytes, rendered }
    }

    /// Runs the stages. Built-in ones go document by document, so that a document's layers stay in the processor's cache; a stage
    /// whose every call costs gets all documents at once.
    fn annotate(&self, documents: &mut Vec<Document>, rejects: &mut Vec<Rejected>) {
        let mut first = 0;
        while first < self.stages.len() {
            if self.stages[first].in_batches {
                self.stage(first, documents, rejects);
                first += 1;
                continue;
            }
            let last = first + self.stages[first..].iter().take_while(|stage| !stage.in_batches).count();
            documents.retain_mut(|document| {
                for number in first..last {
                    let (began, stage) = (Instant::now(), &self.stages[number]);
                    let result = stage.annotator.annotate_batch(&stage.name, std::slice::from_mut(document));
                    self.clocks[FIRST_STAGE + number].add(began.elapsed(), 1);
                    debug_assert!(document.layers_are_sorted(), "`{}` left a layer unsorted", stage.name);
                    if let Some(Err(reject)) = result.into_iter().next() {
                        rejects.push(Rejected { uri: Arc::clone(&document.uri), record: document.record.clone(), reject });
                        return false;
                    }
                }
                true
            });
            first = last;
        }
    }

    fn stage(&self, number: usize, documents: &mut Vec<Document>, rejects: &mut Vec<Rejected>) {
        let (began, stage) = (Instant::now(), &self.stages[number]);
        let mut results = stage.annotator.annotate_batch(&stage.name, documents).into_iter();
        self.clocks[FIRST_STAGE + number].add(began.elapsed(), documents.len());
        documents.retain(|document| match results.next() {
            Some(Err(reject)) => {
                rejects.push(Rejected { uri: Arc::clone(&document.uri), record: document.record.clone(), reject });
                false
            }
            _ => true,
        });
    }

    /// Renders documents and encodes their rows for each sink.
    pub fn render(&self, documents: &[Document]) -> Result<Rendered, RunError> {
        let batches = catch_unwind(AssertUnwindSafe(|| self.renderer.render(documents)))
            .unwrap_or_else(|panic| Err(TableError { dataset: "all".into(), message: panic_message(panic.as_ref()) }))?;
        let tables: Vec<(usize, RecordBatch)> = batches.into_iter().enumerate().collect();
        self.encode(&tables, documents)
    }

    /// Encodes rows for each sink.
    pub fn encode(&self, tables: &[(usize, RecordBatch)], documents: &[Document]) -> Result<Rendered, RunError> {
        let piece = Piece { datasets: &self.datasets, tables, documents };
        let encoded = self.encoders.iter().map(|encoder| encoder.encode(&piece)).collect::<std::io::Result<Vec<_>>>();
        let rows = tables.iter().map(|(number, batch)| (*number, batch.num_rows())).collect();
        Ok(Rendered { rows, encoded: encoded.map_err(RunError::io("rows cannot be encoded"))? })
    }
}
