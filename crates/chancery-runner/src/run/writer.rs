//! The ordered side: ids, collectors, sinks, counts.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::time::Instant;

use chancery_model::tables::rows::RejectRow;
use chancery_model::tables::{Builder, Dataset};
use chancery_model::{Collector, Document, Reject};
use rustc_hash::{FxHashMap, FxHasher};

use super::manifest::{Counts, Summary};
use super::output::Output;
use super::work::{Done, Rejected, Rendered, Worker};
use super::{Outcome, Progress, RunError};
use crate::Plan;
use crate::plan::OnError;

/// The dataset of what could not be processed.
pub fn rejects() -> Dataset {
    Dataset::of::<RejectRow<'static>>("rejects")
}

/// What sees everything in input order, on one thread.
pub struct Writer<'a> {
    worker: &'a Worker,
    output: Output,
    collectors: Vec<Box<dyn Collector>>,
    on_error: OnError,
    /// Hashes of the ids so far, and how often each was made from a text.
    ids: FxHashMap<u64, u32>,
    counts: Counts,
    total_bytes: Option<u64>,
}

impl<'a> Writer<'a> {
    pub fn new(
        worker: &'a Worker,
        output: Output,
        collectors: Vec<Box<dyn Collector>>,
        on_error: OnError,
        total_bytes: Option<u64>,
    ) -> Self {
        let counts =
            Counts { rows: worker.datasets().iter().map(|dataset| (dataset.name.clone(), 0)).collect(), ..Counts::default() };
        Self { worker, output, collectors, on_error, ids: FxHashMap::default(), counts, total_bytes }
    }

    pub fn has_rejects(&self) -> bool {
        !self.counts.rejects.is_empty()
    }

    pub fn progress(&self) -> Progress<'_> {
        let slowest = self.worker.clocks.iter().max_by_key(|clock| clock.nanoseconds.load(std::sync::atomic::Ordering::Relaxed));
        Progress {
            documents: self.counts.documents,
            rejects: self.counts.rejects.values().sum(),
            bytes: self.counts.bytes,
            total_bytes: self.total_bytes,
            slowest: slowest.map(|clock| clock.name.as_str()),
        }
    }

    /// Writes a batch; tells whether the run is to stop.
    pub fn write(&mut self, mut done: Done) -> Result<bool, RunError> {
        let changed = self.settle_ids(&mut done.documents, &mut done.rejects);
        let mut refolded = false;
        for document in &mut done.documents {
            let before = document.duplicate.clone();
            self.collectors.iter_mut().for_each(|collector| collector.fold(document));
            refolded = refolded || document.duplicate != before;
            self.counts.tokens += document.tokens.len() as u64;
            self.counts.text_bytes += document.text.len() as u64;
        }
        // What the order decides about a document is rare: only then are its rows made anew.
        let rendered = if changed || refolded { self.worker.render(&done.documents)? } else { done.rendered? };
        self.counts.documents += done.documents.len() as u64;
        self.counts.bytes += done.bytes;
        self.append(rendered)?;
        for file in &done.files {
            self.output.input(&file.uri, file.bytes, &file.blake3)?;
        }
        let stop = !done.rejects.is_empty() && self.on_error == OnError::Stop;
        self.reject(&done.rejects)?;
        Ok(stop)
    }

    /// Makes ids unique: the second document with an id of its own is rejected, the second one with the same text is numbered. Tells
    /// whether anything changed.
    fn settle_ids(&mut self, documents: &mut Vec<Document>, rejects: &mut Vec<Rejected>) -> bool {
        let mut changed = false;
        documents.retain_mut(|document| {
            let seen = self.ids.entry(hash(&document.id)).or_insert(0);
            *seen += 1;
            if *seen == 1 {
                return true;
            }
            changed = true;
            if document.meta.id.is_empty() {
                document.id = format!("{}-{seen}", document.id);
                return true;
            }
            let message = format!("an earlier document has the id `{}`; ids must be unique in a run", document.id);
            let reject = Reject::new("read", "duplicate_id", message).with_excerpt(&document.text);
            rejects.push(Rejected { uri: document.uri.clone(), record: document.record.clone(), reject });
            false
        });
        changed
    }

    fn append(&mut self, rendered: Rendered) -> Result<(), RunError> {
        for (number, rows) in rendered.rows {
            self.counts.rows[number].1 += rows as u64;
        }
        self.output.write(rendered.encoded)
    }

    fn reject(&mut self, rejects: &[Rejected]) -> Result<(), RunError> {
        if rejects.is_empty() {
            return Ok(());
        }
        let number = self.worker.datasets().len() - 1;
        let mut builder = Builder::new(&self.worker.datasets()[number])?;
        for rejected in rejects {
            builder.push(&RejectRow::of(&rejected.uri, &rejected.record, &rejected.reject))?;
            *self.counts.rejects.entry(rejected.reject.code.to_string()).or_insert(0) += 1;
        }
        let rendered = self.worker.encode(&[(number, builder.finish()?)], &[])?;
        self.append(rendered)
    }

    /// Writes what comes last, moves the output into place and tells how it was.
    pub fn finish(mut self, plan: &Plan, outcome: Outcome, began: Instant, threads: usize) -> Result<Summary, RunError> {
        if outcome == Outcome::Stopped {
            self.output.abandon();
            return Ok(Summary::new(plan, outcome, self.counts, &self.worker.clocks, began, threads, Vec::new()));
        }
        let mut number = self.worker.datasets().len() - 1 - self.collectors.iter().map(|one| one.datasets().len()).sum::<usize>();
        for mut collector in std::mem::take(&mut self.collectors) {
            for batch in collector.finish()? {
                let rendered = self.worker.encode(&[(number, batch)], &[])?;
                self.append(rendered)?;
                number += 1;
            }
        }
        let folders = self.output.folders();
        let summary = Summary::new(plan, outcome, self.counts, &self.worker.clocks, began, threads, folders);
        self.output.finish(&summary)?;
        Ok(summary)
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Rejects by their code.
pub type RejectCounts = BTreeMap<String, u64>;
