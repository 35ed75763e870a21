//! Annotates single texts with some stages, without a pipeline file: for tests, evaluations and the command line's
//! `parse` and `code`.

use std::path::Path;

use chancery_model::{Annotator, Document, Metadata, PublishedFrom};
use chancery_settings::Settings;
use jiff::civil::Date;

use crate::{Context, find};

/// Some stages, built once with their default settings.
pub struct Harness {
    stages: Vec<(&'static str, Box<dyn Annotator>)>,
    /// What they were built with.
    pub context: Context,
}

impl Harness {
    /// Builds the stages of these names, in this order.
    ///
    /// # Panics
    /// Where a name is not known or a stage does not build from empty settings: a fault of the caller.
    #[must_use]
    pub fn new(names: &[&str]) -> Self {
        let context = Context::builtin(Path::new(".")).expect("the embedded model decodes: a test decodes it");
        let stages = names.iter().map(|name| {
            let entry = find(name).unwrap_or_else(|| panic!("there is no stage `{name}`"));
            let settings = Settings::from_yaml("{}").expect("an empty mapping is YAML");
            let stage = (entry.build)(&settings, &context).unwrap_or_else(|faults| panic!("`{name}`: {faults:?}"));
            (entry.name, stage)
        });
        Self { stages: stages.collect(), context }
    }

    /// A document of this text that nothing has annotated yet.
    #[must_use]
    pub fn document(&self, text: &str, published: Option<Date>) -> Document {
        Document {
            id: "doc".into(),
            text: text.to_owned(),
            meta: Metadata { published: published.map(|date| (date, PublishedFrom::Metadata)), ..Metadata::default() },
            ..Document::default()
        }
    }

    /// Runs the stages over a document.
    ///
    /// # Panics
    /// Where a stage rejects it: texts given here are meant to pass.
    pub fn run(&self, document: &mut Document) {
        for (name, stage) in &self.stages {
            stage.annotate(document).unwrap_or_else(|reject| panic!("`{name}`: {reject}"));
            debug_assert!(document.layers_are_sorted(), "`{name}` left a layer unsorted");
        }
    }

    /// The document of a text, annotated.
    #[must_use]
    pub fn annotate(&self, text: &str, published: Option<Date>) -> Document {
        let mut document = self.document(text, published);
        self.run(&mut document);
        document
    }
}
