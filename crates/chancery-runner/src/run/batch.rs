//! Batches: consecutive documents of about so many bytes, never one split.

use chancery_model::{Raw, Source};

use super::Sources;

/// Most documents in a batch, however small they are: a batch is also what is written at a time.
const MOST_DOCUMENTS: usize = 512;

/// Consecutive documents, read but not parsed.
pub struct Batch {
    /// Its number, from 0.
    pub number: u64,
    /// The documents.
    pub raw: Vec<Raw>,
}

/// Reads sources one after the other into batches.
pub struct Batches {
    sources: Sources,
    bytes: usize,
    number: u64,
}

impl Batches {
    pub fn new(sources: Vec<Box<dyn Source>>, bytes: usize) -> Self {
        Self { sources: sources.into(), bytes, number: 0 }
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let (mut raw, mut size) = (Vec::new(), 0);
        while let Some(source) = self.sources.front_mut() {
            let Some(one) = source.next() else {
                self.sources.pop_front();
                continue;
            };
            size += one.size();
            raw.push(one);
            if size >= self.bytes || raw.len() >= MOST_DOCUMENTS {
                break;
            }
        }
        if raw.is_empty() {
            return None;
        }
        self.number += 1;
        Some(Batch { number: self.number - 1, raw })
    }
}
