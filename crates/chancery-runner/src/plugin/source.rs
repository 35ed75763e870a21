//! A plugin's ingesting stage.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, ArrayRef};
use chancery_model::tables::ColumnKind;
use chancery_model::{Document, Metadata, PublishedFrom, Raw, Reject, Source};
use chancery_plugin::Day;
use chancery_plugin::describe::ColumnType;
use chancery_plugin::layers::DOCUMENTS;

use super::Expected;
use super::import::Imported;
use super::library::Instance;

/// Batches without a document after which a stage counts as stuck.
const MOST_EMPTY: usize = 1000;

/// Reads a plugin's documents.
pub struct PluginSource {
    name: String,
    instance: Option<Instance>,
    expected: Expected,
    ready: VecDeque<Raw>,
}

/// The columns of new documents.
fn expected() -> Expected {
    let kind = |kind| match kind {
        ColumnType::Text => ColumnKind::Text,
        ColumnType::Integer => ColumnKind::Integer,
        ColumnType::Number => ColumnKind::Number,
        ColumnType::Boolean => ColumnKind::Boolean,
        ColumnType::Date => ColumnKind::Date,
    };
    let own = DOCUMENTS.columns.iter().map(|(name, of)| ((*name).to_owned(), kind(*of)));
    let added = ["code", "error"].map(|name| (name.to_owned(), ColumnKind::Text));
    Expected { name: "documents".to_owned(), columns: own.chain(added).collect() }
}

impl PluginSource {
    pub fn new(name: &str, instance: Instance) -> Self {
        Self { name: format!("plugin:{name}"), instance: Some(instance), expected: expected(), ready: VecDeque::new() }
    }

    fn failed(&mut self, code: &str, message: String) {
        // What comes after a failure cannot be told from what comes again: the source ends here.
        self.instance = None;
        let reject = Reject::new(&self.name, code.to_owned(), message);
        self.ready.push_back(Raw::Rejected { uri: self.name.as_str().into(), record: String::new(), reject });
    }

    fn fill(&mut self) {
        for _ in 0..MOST_EMPTY {
            let Some(instance) = &self.instance else { return };
            match instance.next(&self.expected) {
                Ok(None) => self.instance = None,
                Ok(Some(table)) => {
                    (0..table.rows).for_each(|row| self.ready.push_back(raw(&self.name, &self.expected, &table, row)))
                }
                Err(failure) => self.failed(&failure.code, failure.message),
            }
            if !self.ready.is_empty() {
                return;
            }
        }
        self.failed("failed", format!("it gave {MOST_EMPTY} batches without a document"));
    }
}

impl Source for PluginSource {
    fn next(&mut self) -> Option<Raw> {
        if self.ready.is_empty() {
            self.fill();
        }
        self.ready.pop_front()
    }
}

fn raw(stage: &str, expected: &Expected, table: &Imported, row: usize) -> Raw {
    let column = |name: &str| expected.columns.iter().position(|(own, _)| own == name).map(|at| &table.columns[at]);
    let text = |name: &str| column(name).map_or("", |array| cell(array, row));
    let given = text("uri");
    let uri: Arc<str> = if given.is_empty() { stage.into() } else { given.into() };
    let record = text("record").to_owned();
    if column("error").is_some_and(|array| array.is_valid(row)) {
        let code = if text("code").is_empty() { "failed" } else { text("code") };
        return Raw::Rejected { uri, record, reject: Reject::new(stage, code.to_owned(), text("error")) };
    }
    let published = column("published").filter(|array| array.is_valid(row)).and_then(|array| {
        let (year, month, day) = Day(array.as_primitive::<Date32Type>().value(row)).parts();
        jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    });
    let meta = Metadata {
        id: text("id").to_owned(),
        title: text("title").to_owned(),
        byline: text("byline").to_owned(),
        publisher: text("publisher").to_owned(),
        published: published.map(|date| (date, PublishedFrom::Metadata)),
        url: text("url").to_owned(),
        language: text("language").to_owned(),
    };
    let text = normalised(text("text"));
    if text.len() > u32::MAX as usize {
        return Raw::Rejected { uri, record, reject: Reject::new(stage, "too_long", "the text is longer than 4 GiB") };
    }
    let id = if meta.id.is_empty() { blake3::hash(text.as_bytes()).to_hex()[..16].to_owned() } else { meta.id.clone() };
    Raw::Ready(Box::new(Document { id, uri, record, meta, text, ..Document::default() }))
}

fn cell(array: &ArrayRef, row: usize) -> &str {
    if array.is_null(row) { "" } else { array.as_string::<i32>().value(row) }
}

/// Line ends as `\n`, as every reader gives them.
fn normalised(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}
