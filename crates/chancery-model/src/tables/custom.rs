//! Layers that plugins and commands add: declared columns, rendered like any other dataset.

use std::sync::Arc;

use arrow_array::builder::{StringBuilder, UInt32Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema};
use arrow_select::concat::concat_batches;

use super::rows::Rendering;
use super::{Column, ColumnKind, Dataset, RecordId};
use crate::Span;

/// A layer with declared columns. With the columns `start` and `end` (bytes) its rows are spans of the text.
#[derive(Debug, Clone)]
pub struct CustomLayer {
    /// Its name: also the dataset's.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Its columns, without those that the program adds (`doc_id`, and for spans the row's id and `text`).
    pub columns: Vec<Column>,
    /// The columns' Arrow schema as the stage gives rows.
    pub schema: Arc<Schema>,
}

impl CustomLayer {
    /// A layer of these columns. The Arrow schema follows from them.
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>, columns: Vec<Column>) -> Self {
        let (name, description) = (name.into(), description.into());
        let plain = Dataset {
            name: name.clone(),
            description: description.clone(),
            columns: columns.clone(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
        };
        Self { name, description, columns, schema: plain.arrow_schema() }
    }

    /// Whether its rows are spans of the text.
    #[must_use]
    pub fn has_spans(&self) -> bool {
        let is = |name: &str| self.columns.iter().any(|column| column.name == name && column.kind == ColumnKind::Integer);
        is("start") && is("end")
    }

    /// Its dataset: `doc_id` first; for spans also the row's id (the layer's first letter upper case, as no built-in layer
    /// has it), and `text` after `end`.
    #[must_use]
    pub fn dataset(&self) -> Dataset {
        let column = |name: &str, description: &str| Column {
            name: name.to_owned(),
            kind: ColumnKind::Text,
            description: description.to_owned(),
            unit: None,
            allowed: Vec::new(),
            required: true,
        };
        let mut columns = Vec::new();
        let mut primary_key = Vec::new();
        if self.has_spans() {
            columns.push(column("record_id", "Id of the row."));
            primary_key.push("record_id".to_owned());
        }
        columns.push(column("doc_id", "The document."));
        for own in &self.columns {
            columns.push(own.clone());
            if self.has_spans() && own.name == "end" {
                columns.push(column("text", "The words of the span."));
            }
        }
        let dataset = Dataset {
            name: self.name.clone(),
            description: self.description.clone(),
            columns,
            primary_key,
            foreign_keys: Vec::new(),
        };
        dataset.refers("doc_id", "documents", "doc_id")
    }

    /// The rows that the documents have of it.
    pub(super) fn render(&self, number: u32, renderings: &[Rendering<'_>]) -> Result<RecordBatch, ArrowError> {
        let parts: Vec<(&Rendering<'_>, &RecordBatch)> = renderings
            .iter()
            .flat_map(|rendering| rendering.document.custom.iter().map(move |rows| (rendering, rows)))
            .filter(|(_, rows)| rows.layer == number)
            .map(|(rendering, rows)| (rendering, &rows.rows))
            .collect();
        let rows = concat_batches(&self.schema, parts.iter().map(|(_, rows)| *rows))?;
        let mut doc_ids = StringBuilder::new();
        let mut added = Spans::default();
        for (rendering, part) in &parts {
            for _ in 0..part.num_rows() {
                doc_ids.append_value(&rendering.document.id);
            }
            if self.has_spans() {
                added.push(rendering, part, self.letter());
            }
        }
        let mut columns: Vec<ArrayRef> = Vec::new();
        if self.has_spans() {
            columns.push(Arc::new(added.ids.finish()));
        }
        columns.push(Arc::new(doc_ids.finish()));
        for (at, own) in self.columns.iter().enumerate() {
            match own.name.as_str() {
                "start" if self.has_spans() => columns.push(Arc::new(added.starts.finish())),
                "end" if self.has_spans() => {
                    columns.push(Arc::new(added.ends.finish()));
                    columns.push(Arc::new(added.texts.finish()));
                }
                _ => columns.push(Arc::clone(rows.column(at))),
            }
        }
        RecordBatch::try_new(self.dataset().arrow_schema(), columns)
    }

    fn letter(&self) -> char {
        self.name.chars().next().map_or('X', |letter| letter.to_ascii_uppercase())
    }
}

/// The columns that are computed for rows with spans.
#[derive(Default)]
struct Spans {
    ids: StringBuilder,
    starts: UInt32Builder,
    ends: UInt32Builder,
    texts: StringBuilder,
}

impl Spans {
    fn push(&mut self, rendering: &Rendering<'_>, part: &RecordBatch, letter: char) {
        let column = |name| part.column_by_name(name).filter(|column| *column.data_type() == DataType::UInt32);
        let (Some(starts), Some(ends)) = (column("start"), column("end")) else { return };
        let (starts, ends) = (starts.as_primitive::<UInt32Type>(), ends.as_primitive::<UInt32Type>());
        for row in 0..part.num_rows() {
            let span = Span::new(starts.value(row), ends.value(row));
            let id = RecordId { doc: &rendering.document.id, letter, index: row as u32 };
            self.ids.append_value(id.to_string());
            self.starts.append_value(rendering.offsets.of(span.start));
            self.ends.append_value(rendering.offsets.of(span.end));
            self.texts.append_value(rendering.document.text.get(span.range()).unwrap_or_default());
        }
    }
}
