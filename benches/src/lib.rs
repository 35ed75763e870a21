//! What the benches share: the plain-text samples, annotated as far as a stage needs.

use std::path::Path;

use chancery_annotate::harness::Harness;
use chancery_model::Document;

/// The samples' texts with their names; plain texts in UTF-8 only.
///
/// # Panics
/// Where the samples are not beside this crate.
#[must_use]
pub fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/wire");
    let mut texts: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the samples are beside this crate")
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path()).ok()?)))
        .filter(|(name, _)| name.ends_with(".txt"))
        .collect();
    texts.sort();
    texts
}

/// The samples with the layers that the stages of these names give.
#[must_use]
pub fn documents(stages: &[&str]) -> Vec<Document> {
    let harness = Harness::new(stages);
    texts().iter().map(|(_, text)| harness.annotate(text, Some(published()))).collect()
}

/// The day on which the samples are taken to be published.
fn published() -> chancery_model::Date {
    chancery_model::Date::constant(2023, 4, 14)
}
