//! From documents to one Arrow batch a dataset.

use std::sync::OnceLock;

use arrow_array::RecordBatch;
use arrow_schema::FieldRef;
use serde::Serialize;

use super::rows::{
    AgreementRow, DateRow, DocumentRow, EntityRow, EventRow, MentionRow, PlaceRow, QuantityRow, QuoteRow, Rendering, SentenceRow,
    TokenRow,
};
use super::{CustomLayer, Dataset};
use crate::Document;

/// A batch that could not be built: a row type and its schema disagree, a fault of the program and not of the data.
#[derive(Debug, thiserror::Error)]
#[error("dataset `{dataset}`: {message}")]
pub struct TableError {
    /// The dataset.
    pub dataset: String,
    /// What went wrong.
    pub message: String,
}

/// Builds the batch of one dataset from rows.
pub struct Builder {
    dataset: String,
    rows: serde_arrow::ArrayBuilder,
}

impl Builder {
    /// A builder of a dataset's rows.
    ///
    /// # Errors
    /// A column type that the builder does not know; the tests build every dataset.
    pub fn new(dataset: &Dataset) -> Result<Self, TableError> {
        Self::of(&dataset.name, &dataset.fields())
    }

    fn of(name: &str, fields: &[FieldRef]) -> Result<Self, TableError> {
        let rows = serde_arrow::ArrayBuilder::from_arrow(fields).map_err(|error| table_error(name, error))?;
        Ok(Self { dataset: name.to_owned(), rows })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A row that does not fit the columns.
    pub fn push<Row: Serialize>(&mut self, row: &Row) -> Result<(), TableError> {
        self.rows.push(row).map_err(|error| table_error(&self.dataset, error))
    }

    /// The rows so far as a batch; the builder is empty afterwards.
    ///
    /// # Errors
    /// Columns that do not fit together.
    pub fn finish(&mut self) -> Result<RecordBatch, TableError> {
        self.rows.to_record_batch().map_err(|error| table_error(&self.dataset, error))
    }
}

fn table_error(dataset: &str, error: impl std::fmt::Display) -> TableError {
    TableError { dataset: dataset.to_owned(), message: error.to_string() }
}

/// A dataset that is rendered from documents: its layer, its description, its rows.
pub struct RowsOf {
    /// The dataset's name, which is also its layer's.
    pub name: &'static str,
    /// Whether it is written without being asked for.
    pub by_default: bool,
    /// Its description.
    pub describe: fn() -> Dataset,
    push: fn(&Rendering<'_>, &mut Builder) -> Result<(), TableError>,
}

impl RowsOf {
    /// The dataset's description, made once.
    #[must_use]
    pub fn dataset(&self) -> Dataset {
        (self.describe)()
    }
}

macro_rules! rows_of {
    ($name:literal, $row:ident, $by_default:literal, |$dataset:ident| $keys:expr) => {
        RowsOf {
            name: $name,
            by_default: $by_default,
            describe: || {
                let $dataset = Dataset::of::<$row<'static>>($name);
                $keys
            },
            push: |rendering, builder| $row::all(rendering).try_for_each(|row| builder.push(&row)),
        }
    };
}

/// Every dataset whose rows come from documents, in the order of the contract.
pub const DOCUMENT_DATASETS: &[RowsOf] = &[
    RowsOf {
        name: "documents",
        by_default: true,
        describe: || Dataset::of::<DocumentRow<'static>>("documents").key(&["doc_id"]),
        push: |rendering, builder| builder.push(&DocumentRow::of(rendering)),
    },
    rows_of!("sentences", SentenceRow, true, |d| d.key(&["sentence_id"]).refers("doc_id", "documents", "doc_id")),
    rows_of!("tokens", TokenRow, false, |d| {
        d.key(&["token_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("mentions", MentionRow, true, |d| {
        d.key(&["mention_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("entities", EntityRow, true, |d| d.key(&["doc_id", "entity_id"]).refers("doc_id", "documents", "doc_id")),
    rows_of!("quotes", QuoteRow, true, |d| {
        d.key(&["quote_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("dates", DateRow, true, |d| {
        d.key(&["date_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("places", PlaceRow, true, |d| {
        d.key(&["place_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("events", EventRow, true, |d| {
        d.key(&["event_id"])
            .refers("doc_id", "documents", "doc_id")
            .refers("sentence_id", "sentences", "sentence_id")
            .refers("date_id", "dates", "date_id")
            .refers("place_id", "places", "place_id")
            .refers("quote_id", "quotes", "quote_id")
    }),
    rows_of!("agreements", AgreementRow, true, |d| {
        d.key(&["agreement_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
    rows_of!("quantities", QuantityRow, true, |d| {
        d.key(&["quantity_id"]).refers("doc_id", "documents", "doc_id").refers("sentence_id", "sentences", "sentence_id")
    }),
];

/// Renders documents into the datasets of a plan. Shared by all workers.
pub struct Renderer {
    built_in: Vec<(&'static RowsOf, Dataset, Vec<FieldRef>)>,
    custom: Vec<CustomLayer>,
    datasets: OnceLock<Vec<Dataset>>,
}

impl Renderer {
    /// A renderer of the built-in datasets that `wanted` picks by name, then of the custom layers, which
    /// [`crate::CustomRows::layer`] numbers.
    #[must_use]
    pub fn new(wanted: impl Fn(&RowsOf) -> bool, custom: Vec<CustomLayer>) -> Self {
        let picked = DOCUMENT_DATASETS.iter().filter(|rows| wanted(rows));
        let built_in = picked
            .map(|rows| {
                let dataset = rows.dataset();
                let fields = dataset.fields();
                (rows, dataset, fields)
            })
            .collect();
        Self { built_in, custom, datasets: OnceLock::new() }
    }

    /// The datasets, in the order in which [`Renderer::render`] gives their batches.
    pub fn datasets(&self) -> &[Dataset] {
        self.datasets.get_or_init(|| {
            let built_in = self.built_in.iter().map(|(_, dataset, _)| dataset.clone());
            built_in.chain(self.custom.iter().map(CustomLayer::dataset)).collect()
        })
    }

    /// One batch a dataset over these documents, in their order.
    ///
    /// # Errors
    /// A fault of the program: rows and columns that disagree.
    pub fn render(&self, documents: &[Document]) -> Result<Vec<RecordBatch>, TableError> {
        let renderings: Vec<Rendering<'_>> = documents.iter().map(Rendering::new).collect();
        let mut batches = Vec::with_capacity(self.built_in.len() + self.custom.len());
        for (rows, dataset, fields) in &self.built_in {
            let mut builder = Builder::of(&dataset.name, fields)?;
            renderings.iter().try_for_each(|rendering| (rows.push)(rendering, &mut builder))?;
            batches.push(builder.finish()?);
        }
        for (number, layer) in self.custom.iter().enumerate() {
            batches.push(layer.render(number as u32, &renderings).map_err(|error| table_error(&layer.name, error))?);
        }
        Ok(batches)
    }
}
