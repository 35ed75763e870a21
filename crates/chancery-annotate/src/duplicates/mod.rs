//! Documents with the text of an earlier one: wire copy that several papers print.
//!
//! Always tells the same text (white space and case apart); with `near` also nearly the same one, by MinHash over runs of
//! words (Broder 1997), looked up by bands so that each document is compared with few.
//!
//! # Invariants
//! - The first document with a text stays the one that all later ones point to.
//! - Memory a document: 24 bytes, and about 350 more with `near`.

mod minhash;
mod settings;

use std::collections::hash_map::Entry as Slot;
use std::hash::Hasher;

use chancery_model::{Collector, Document, DuplicateOf};
use rustc_hash::{FxHashMap, FxHasher};

use crate::CollectorEntry;
use minhash::Signature;
use settings::DuplicateSettings;

/// `use: duplicates`.
pub const ENTRY: CollectorEntry = CollectorEntry {
    name: "duplicates",
    summary: "Documents that repeat the text of an earlier one",
    needs: &["documents"],
    gives: &[],
    example: "{ near: 0.8 }",
    schema: || schemars::schema_for!(DuplicateSettings),
    build: |settings, _| Ok(Box::new(Duplicates::new(settings.read()?))),
};

/// Ids of the documents so far in one string: a `String` each would cost more than the id.
#[derive(Default)]
struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    fn push(&mut self, id: &str) -> u32 {
        self.text.push_str(id);
        self.ends.push(self.text.len());
        (self.ends.len() - 1) as u32
    }

    fn get(&self, number: u32) -> &str {
        let end = self.ends[number as usize];
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start..end]
    }
}

struct Duplicates {
    settings: DuplicateSettings,
    ids: Ids,
    exact: FxHashMap<u64, u32>,
    bands: FxHashMap<u64, Vec<u32>>,
    signatures: FxHashMap<u32, Signature>,
}

impl Duplicates {
    fn new(settings: DuplicateSettings) -> Self {
        Self {
            settings,
            ids: Ids::default(),
            exact: FxHashMap::default(),
            bands: FxHashMap::default(),
            signatures: FxHashMap::default(),
        }
    }

    /// The earlier document that shares most with this one, if it shares enough; else this one is kept to compare with.
    fn nearest(&mut self, text: &str, number: u32) -> Option<(u32, f32)> {
        let wanted = self.settings.near?;
        let signature = Signature::of(text)?;
        let mut best = None;
        for band in signature.bands() {
            for earlier in self.bands.get(&band).into_iter().flatten() {
                let alike = self.signatures[earlier].similarity(&signature);
                if alike >= wanted && best.is_none_or(|(other, most)| alike > most || (alike == most && *earlier < other)) {
                    best = Some((*earlier, alike));
                }
            }
        }
        if best.is_none() {
            for band in signature.bands() {
                self.bands.entry(band).or_default().push(number);
            }
            self.signatures.insert(number, signature);
        }
        best
    }
}

impl Collector for Duplicates {
    fn fold(&mut self, document: &mut Document) {
        let mut hasher = FxHasher::default();
        for word in document.text.split_whitespace() {
            hasher.write(word.to_lowercase().as_bytes());
            hasher.write_u8(b' ');
        }
        let hash = hasher.finish();
        let number = self.ids.ends.len() as u32;
        let found = match self.exact.entry(hash) {
            Slot::Occupied(first) => Some((*first.get(), 1.0)),
            Slot::Vacant(slot) => {
                slot.insert(number);
                self.ids.push(&document.id);
                self.nearest(&document.text, number)
            }
        };
        document.duplicate = found.map(|(first, similarity)| DuplicateOf { doc_id: self.ids.get(first).to_owned(), similarity });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(near: Option<f32>, texts: &[&str]) -> Vec<Option<(String, f32)>> {
        let mut duplicates = Duplicates::new(DuplicateSettings { near });
        let fold = |(number, text): (usize, &&str)| {
            let mut document = Document { id: format!("d{number}"), text: (*text).to_owned(), ..Document::default() };
            duplicates.fold(&mut document);
            document.duplicate.map(|duplicate| (duplicate.doc_id, duplicate.similarity))
        };
        texts.iter().enumerate().map(fold).collect()
    }

    #[test]
    fn the_same_words_are_the_same_text() {
        let found = told(None, &["Talks  failed.", "Other.", "talks failed.\n"]);
        assert_eq!(found, [None, None, Some(("d0".into(), 1.0))]);
    }

    #[test]
    fn nearly_the_same_text_is_told_when_asked_for() {
        let words = |skip: usize| {
            (0..200).filter(|n| *n != skip).map(|n| format!("word{}", n * 7919 % 1000)).collect::<Vec<_>>().join(" ")
        };
        let (first, second) = (words(500), words(100));
        let other = (0..200).map(|n| format!("else{n}")).collect::<Vec<_>>().join(" ");
        let found = told(Some(0.8), &[&first, &other, &second]);
        assert_eq!(found[1], None);
        assert!(found[2].as_ref().is_some_and(|(id, alike)| id == "d0" && *alike > 0.8), "{found:?}");
        assert_eq!(told(None, &[&first, &second])[1], None);
    }
}
