//! The traits that an author implements: one a kind of stage.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::build::TableBuilder;
use crate::day::Day;
use crate::describe::Layer;
use crate::documents::Document;
use crate::error::Error;
use crate::view::TableView;

/// What a stage is built in.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The folder of the pipeline file: what paths in settings are relative to.
    pub base: &'a Path,
    /// Version of the program.
    pub version: &'a str,
}

/// Settings of a stage that has none.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

/// A row of a layer: a flat struct. Its doc comments become the descriptions of the dataset and its columns.
pub trait Row: Serialize + JsonSchema {
    /// The layer that such rows are of: also the dataset's name.
    const LAYER: &'static str;
}

/// A stage that reads a document and gives rows.
///
/// It works on one document at a time and keeps nothing between documents: several threads call it at once.
pub trait Annotate: Send + Sync + Sized + 'static {
    /// What a pipeline calls it.
    const NAME: &'static str;
    /// One line about it.
    const SUMMARY: &'static str;
    /// The layers that it needs: `sentences`, or single columns of one, `tokens.lemma`.
    const NEEDS: &'static [&'static str] = &[];
    /// What the pipeline may say under `with:`.
    type Settings: for<'de> Deserialize<'de> + JsonSchema;

    /// The layers that it gives: `vec![Layer::of::<MyRow>()]`.
    fn layers() -> Vec<Layer>;

    /// Makes a stage.
    ///
    /// # Errors
    /// Settings that cannot work.
    fn new(settings: Self::Settings, context: &Context<'_>) -> Result<Self, Error>;

    /// Gives the rows of a document.
    ///
    /// # Errors
    /// Rejects this document, and no other.
    fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error>;
}

/// Takes the rows that a stage gives for a document.
pub struct Rows<'r> {
    pub(crate) layers: &'r [Layer],
    pub(crate) tables: &'r mut [TableBuilder],
    pub(crate) document: u32,
}

impl Rows<'_> {
    /// Adds a row to its layer.
    ///
    /// # Errors
    /// The stage does not give that layer, or a value does not fit its column.
    pub fn push<R: Row>(&mut self, row: &R) -> Result<(), Error> {
        self.push_to(R::LAYER, row)
    }

    /// Adds a row to a layer by name; the row may be a `serde_json` object.
    ///
    /// # Errors
    /// As for [`Rows::push`].
    pub fn push_to<R: Serialize>(&mut self, layer: &str, row: &R) -> Result<(), Error> {
        let at = self.layers.iter().position(|own| own.name == layer);
        let at = at.ok_or_else(|| Error::new(format!("the stage does not declare the layer `{layer}`")))?;
        self.tables[at].push(self.document, row)
    }
}

/// A document that an [`Ingest`] stage gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NewDocument {
    /// Where it is from: a file, an address.
    pub uri: String,
    /// The record's number or key in there.
    pub record: String,
    /// Its own id, unique in the run; empty to have one made from its text.
    pub id: String,
    /// Headline.
    pub title: String,
    /// Who wrote it.
    pub byline: String,
    /// Who published it.
    pub publisher: String,
    /// Day of publication.
    pub published: Option<Day>,
    /// Where it was published.
    pub url: String,
    /// Language, BCP 47.
    pub language: String,
    /// The text.
    pub text: String,
}

/// A stage that gives documents, always in the same order.
pub trait Ingest: Send + Sized + 'static {
    /// What a pipeline calls it.
    const NAME: &'static str;
    /// One line about it.
    const SUMMARY: &'static str;
    /// What the pipeline may say under `with:`.
    type Settings: for<'de> Deserialize<'de> + JsonSchema;

    /// Makes a stage.
    ///
    /// # Errors
    /// Settings that cannot work.
    fn new(settings: Self::Settings, context: &Context<'_>) -> Result<Self, Error>;

    /// The next document, `None` at the end. An error becomes a reject ([`Error::at`] says of what), and the next document is
    /// asked for.
    fn next(&mut self) -> Option<Result<NewDocument, Error>>;
}

/// A stage that writes datasets.
pub trait Export: Send + Sized + 'static {
    /// What a pipeline calls it.
    const NAME: &'static str;
    /// One line about it.
    const SUMMARY: &'static str;
    /// What the pipeline may say under `with:`.
    type Settings: for<'de> Deserialize<'de> + JsonSchema;

    /// Makes a stage.
    ///
    /// # Errors
    /// Settings that cannot work.
    fn new(settings: Self::Settings, context: &Context<'_>) -> Result<Self, Error>;

    /// Opens its files in the working folder.
    ///
    /// # Errors
    /// Stops the run.
    fn begin(&mut self, folder: &Path, datasets: Vec<Layer>) -> Result<(), Error>;

    /// Writes rows of the dataset with that number. Called in the order of the input.
    ///
    /// # Errors
    /// Stops the run.
    fn write(&mut self, dataset: usize, rows: &TableView<'_>) -> Result<(), Error>;

    /// Makes what was written durable, and tells each file with its length.
    ///
    /// # Errors
    /// Stops the run.
    fn checkpoint(&mut self) -> Result<Vec<(String, u64)>, Error>;

    /// Writes what comes last, closes the files and tells each with its length.
    ///
    /// # Errors
    /// Stops the run.
    fn finish(&mut self) -> Result<Vec<(String, u64)>, Error>;
}
