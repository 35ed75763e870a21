//! What comes back from a stage: each row is checked against its document, a bad one rejects that document and no other.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow_select::take::take;
use chancery_model::tables::{ColumnKind, CustomLayer};
use chancery_model::{CustomRows, Document, Reject};

use super::Expected;
use super::import::Imported;

/// The code of data that is not as declared.
pub const BAD_DATA: &str = "bad_data";

/// Why a call failed as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A stable word: `panic`, `failed`, `bad_data`, `crashed`, `timeout`.
    pub code: String,
    /// What happened, in a sentence.
    pub message: String,
}

impl Failure {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    /// Data that is not as declared.
    pub fn bad_data(message: impl Into<String>) -> Self {
        Self::new(BAD_DATA, message)
    }

    /// As the reject of a document.
    pub fn reject(self, stage: &str) -> Reject {
        Reject::new(stage, self.code, self.message)
    }
}

/// A document that the stage itself rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub document: u32,
    pub code: String,
    pub message: String,
}

/// What a call gives: a table for each layer, `doc` first, and the documents that the stage rejects.
#[derive(Debug)]
pub struct Answer {
    pub tables: Vec<Imported>,
    pub rejects: Vec<Told>,
}

/// Checks an answer and adds its rows to the documents; one result a document.
///
/// # Errors
/// What is wrong with no document in particular.
pub fn settle(
    stage: &str,
    answer: &Answer,
    layers: &[(u32, CustomLayer, Expected)],
    documents: &mut [Document],
) -> Result<Vec<Result<(), Reject>>, Failure> {
    let mut results: Vec<Result<(), Reject>> = documents.iter().map(|_| Ok(())).collect();
    for told in &answer.rejects {
        let Some(result) = results.get_mut(told.document as usize) else {
            return Err(Failure::bad_data(format!("it rejects document {} of {}", told.document, documents.len())));
        };
        let code = if told.code.is_empty() { "failed".to_owned() } else { told.code.chars().take(60).collect() };
        if result.is_ok() {
            *result = Err(Reject::new(stage, code, told.message.clone()));
        }
    }
    if answer.tables.len() != layers.len() {
        return Err(Failure::bad_data(format!("it gives {} layers of {}", answer.tables.len(), layers.len())));
    }
    let mut settled = Vec::with_capacity(layers.len());
    for (table, (_, layer, _)) in answer.tables.iter().zip(layers) {
        settled.push(check(stage, table, layer, documents, &mut results)?);
    }
    for ((rows, ranges), (number, _, _)) in settled.into_iter().zip(layers) {
        for (document, range) in ranges {
            if results[document].is_ok() {
                documents[document].custom.push(CustomRows { layer: *number, rows: rows.slice(range.start, range.len()) });
            }
        }
    }
    Ok(results)
}

type Settled = (RecordBatch, Vec<(usize, std::ops::Range<usize>)>);

/// The rows of a layer by document, start and end, with the range of each document; rows that are wrong reject their document.
fn check(
    stage: &str,
    table: &Imported,
    layer: &CustomLayer,
    documents: &[Document],
    results: &mut [Result<(), Reject>],
) -> Result<Settled, Failure> {
    let bad = |message: String| Failure::bad_data(format!("layer `{}`: {message}", layer.name));
    let docs = table.columns[0].as_primitive::<UInt32Type>();
    if docs.null_count() > 0 {
        return Err(bad("a row has no `doc`".to_owned()));
    }
    if let Some(doc) = docs.values().iter().find(|doc| **doc as usize >= documents.len()) {
        return Err(bad(format!("a row is of document {doc}, of {} that were given", documents.len())));
    }
    let columns = &table.columns[1..];
    let mut spans = None;
    if layer.has_spans() {
        let column = |name: &str| layer.columns.iter().position(|column| column.name == name).map(|at| &columns[at]);
        if let (Some(start), Some(end)) = (column("start"), column("end")) {
            spans = Some((start.as_primitive::<UInt32Type>(), end.as_primitive::<UInt32Type>()));
        }
    }
    for row in 0..table.rows {
        let number = docs.value(row) as usize;
        if results[number].is_err() {
            continue;
        }
        let fault = fault_of(row, layer, columns).or_else(|| {
            let (starts, ends) = spans?;
            fault_of_span(&documents[number].text, starts.value(row), ends.value(row))
        });
        if let Some(message) = fault {
            let message = format!("layer `{}`, row {row} of the batch: {message}", layer.name);
            results[number] = Err(Reject::new(stage, BAD_DATA, message));
        }
    }
    let key = |row: u32| {
        let row = row as usize;
        let span = spans.map_or((0, 0), |(starts, ends)| (starts.value(row), ends.value(row)));
        (docs.value(row), span)
    };
    let mut order: Vec<u32> = (0..table.rows as u32).filter(|row| results[docs.value(*row as usize) as usize].is_ok()).collect();
    let in_order = order.len() == table.rows && order.is_sorted_by_key(|row| key(*row));
    order.sort_by_key(|row| key(*row));
    let columns: Vec<ArrayRef> = if in_order {
        columns.to_vec()
    } else {
        let picked = UInt32Array::from(order.clone());
        let picked = columns.iter().map(|column| take(column, &picked, None)).collect::<Result<_, _>>();
        picked.map_err(|error| bad(error.to_string()))?
    };
    let mut ranges: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    for (at, row) in order.iter().enumerate() {
        let document = docs.value(*row as usize) as usize;
        match ranges.last_mut() {
            Some((last, range)) if *last == document => range.end = at + 1,
            _ => ranges.push((document, at..at + 1)),
        }
    }
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(order.len()));
    let rows = RecordBatch::try_new_with_options(Arc::clone(&layer.schema), columns, &options);
    Ok((rows.map_err(|error| bad(error.to_string()))?, ranges))
}

/// What is wrong with a row by itself.
fn fault_of(row: usize, layer: &CustomLayer, columns: &[ArrayRef]) -> Option<String> {
    layer.columns.iter().zip(columns).find_map(|(column, values)| {
        let needed = column.required || (layer.has_spans() && matches!(column.name.as_str(), "start" | "end"));
        if values.is_null(row) {
            return needed.then(|| format!("`{}` is empty, and every row must have it", column.name));
        }
        match column.kind {
            ColumnKind::Number => {
                let number = values.as_primitive::<Float64Type>().value(row);
                (!number.is_finite()).then(|| format!("`{}` is {number}", column.name))
            }
            ColumnKind::Text if !column.allowed.is_empty() => {
                let text = values.as_string::<i32>().value(row);
                let allowed = column.allowed.iter().any(|allowed| allowed == text);
                let shown: String = text.chars().take(60).collect();
                (!allowed).then(|| format!("`{}` is `{shown}`, which is not among {}", column.name, column.allowed.join(", ")))
            }
            _ => None,
        }
    })
}

fn fault_of_span(text: &str, start: u32, end: u32) -> Option<String> {
    if start > end {
        return Some(format!("the span {start}..{end} ends before it begins"));
    }
    if end as usize > text.len() {
        return Some(format!("the span {start}..{end} lies outside the text of {} bytes", text.len()));
    }
    let cut = [start, end].into_iter().find(|at| !text.is_char_boundary(*at as usize))?;
    Some(format!("the span {start}..{end} cuts a character at byte {cut}; spans count bytes"))
}
