//! A stage without the program: texts in, rows out, through the same C functions that the program calls.
//!
//! ```ignore
//! let run = TestRun::<Shouts>::new(json!({ "least": 3 })).text("They said NO NEVER AGAIN.").run();
//! assert_eq!(run.rows("shouts")[0]["text"], "NO NEVER AGAIN");
//! ```

use std::ffi::{CStr, c_char, c_void};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::abi::{self, Table};
use crate::build::TableBuilder;
use crate::day::Day;
use crate::describe::{ColumnType, Layer};
use crate::documents::needed_layers;
use crate::error::Error;
use crate::glue;
use crate::layers::{DOCUMENTS, find};
use crate::stage::{Annotate, Context, Export, Ingest, NewDocument};
use crate::view::{Cell, TableView};

/// Runs an annotating stage on texts.
pub struct TestRun<S> {
    settings: Value,
    base: PathBuf,
    documents: Vec<TestDocument>,
    stage: PhantomData<S>,
}

/// A text with what is known about it and its layers.
#[derive(Debug, Clone, Default)]
pub struct TestDocument {
    document: NewDocument,
    layers: Vec<(String, Vec<Value>)>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct TestOutput {
    layers: Vec<(String, Vec<Map<String, Value>>)>,
    /// Documents that were rejected: number, code, message.
    pub rejects: Vec<(usize, String, String)>,
}

impl TestDocument {
    /// A text. `sentences` and `tokens` are cut by white space and punctuation, roughly: real ones can be given.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let document = NewDocument { id: String::new(), text: text.to_owned(), ..NewDocument::default() };
        Self { document, layers: Vec::new() }
    }

    /// The same published on a day, `2023-04-14`.
    #[must_use]
    pub fn published(mut self, day: &str) -> Self {
        self.document.published = Day::parse(day);
        self
    }

    /// The same with other metadata.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut NewDocument)) -> Self {
        change(&mut self.document);
        self
    }

    /// The same with the rows of a layer, a list of JSON objects.
    #[must_use]
    pub fn layer(mut self, name: &str, rows: Value) -> Self {
        self.layers.push((name.to_owned(), rows.as_array().cloned().unwrap_or_default()));
        self
    }

    fn rows(&self, layer: &str) -> Vec<Value> {
        if let Some((_, rows)) = self.layers.iter().find(|(name, _)| name == layer) {
            return rows.clone();
        }
        let sentences = rough::sentences(&self.document.text);
        match layer {
            "sentences" => sentences.iter().map(|(start, end)| json!({ "start": start, "end": end, "paragraph": 0 })).collect(),
            "tokens" => rough::tokens(&self.document.text, &sentences),
            _ => Vec::new(),
        }
    }
}

impl<S: Annotate> TestRun<S> {
    /// A run with settings.
    #[must_use]
    pub fn new(settings: Value) -> Self {
        Self { settings, base: PathBuf::from("."), documents: Vec::new(), stage: PhantomData }
    }

    /// The same in a folder: what paths in the settings are relative to.
    #[must_use]
    pub fn base(mut self, base: impl Into<PathBuf>) -> Self {
        self.base = base.into();
        self
    }

    /// The same with one more text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.document(TestDocument::new(text))
    }

    /// The same with one more document.
    #[must_use]
    pub fn document(mut self, mut document: TestDocument) -> Self {
        if document.document.id.is_empty() {
            document.document.id = format!("test-{}", self.documents.len() + 1);
        }
        self.documents.push(document);
        self
    }

    /// Runs the stage.
    ///
    /// # Errors
    /// The stage cannot be built, or fails as a whole.
    pub fn try_run(&self) -> Result<TestOutput, Error> {
        let entry = glue::annotate::<S>();
        let description = entry.description().clone();
        let instance = open(&entry, &self.settings, &self.base)?;
        let mut tables = vec![documents(&self.documents)?];
        for (layer, wanted) in needed_layers(&description.needs) {
            tables.push(self.layer_table(&layer, &wanted)?);
        }
        let input = abi::Input { struct_size: abi::size_of::<abi::Input>(), tables: tables.len() as u32, table: tables.as_ptr() };
        let mut given: Vec<Table> = description.gives.iter().map(|_| Table::empty()).collect();
        let mut rejects: Vec<(usize, String, String)> = Vec::new();
        let mut output = abi::Output {
            struct_size: abi::size_of::<abi::Output>(),
            tables: given.len() as u32,
            table: given.as_mut_ptr(),
            context: (&raw mut rejects).cast(),
            reject: Some(keep_reject),
        };
        // SAFETY: all structures are valid and outlive the call.
        called(|error| unsafe { glue::call_annotate(instance.0, &raw const input, &raw mut output, error) })?;
        let mut layers = Vec::new();
        for (layer, table) in description.gives.iter().zip(&given) {
            // SAFETY: the SDK's own builders made the table.
            let view = unsafe { TableView::read(table) }.map_err(Error::new)?;
            let rows = (0..view.len()).map(|row| self.row(&view, row, layer)).collect();
            layers.push((layer.name.clone(), rows));
        }
        Ok(TestOutput { layers, rejects })
    }

    /// Runs the stage.
    ///
    /// # Panics
    /// The stage cannot be built, or fails as a whole.
    #[must_use]
    pub fn run(&self) -> TestOutput {
        match self.try_run() {
            Ok(output) => output,
            Err(error) => panic!("the stage failed: {error}"),
        }
    }

    fn layer_table(&self, layer: &str, wanted: &[String]) -> Result<Table, Error> {
        let known = find(layer).map(|known| known.columns.iter().map(|(name, kind)| (*name, *kind)).collect::<Vec<_>>());
        let columns = known.unwrap_or_else(|| self.guess(layer));
        let columns: Vec<_> = columns
            .into_iter()
            .filter(|(name, _)| wanted.is_empty() || matches!(*name, "start" | "end") || wanted.iter().any(|one| one == name))
            .map(|(name, kind)| crate::describe::Column {
                name: name.to_owned(),
                kind,
                description: String::new(),
                unit: None,
                allowed: Vec::new(),
                required: false,
            })
            .collect();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let mut table = TableBuilder::layer(&Layer { name: layer.to_owned(), description: String::new(), columns });
        for (number, document) in self.documents.iter().enumerate() {
            for row in document.rows(layer) {
                let fields = row.as_object().cloned().unwrap_or_default();
                let fields: Map<String, Value> = fields.into_iter().filter(|(name, _)| names.contains(name)).collect();
                table.push(number as u32, &fields)?;
            }
        }
        Ok(table.finish())
    }

    /// The columns of another plugin's layer, from the values that the test gives.
    fn guess(&self, layer: &str) -> Vec<(&str, ColumnType)> {
        let mut columns: Vec<(&str, ColumnType)> = Vec::new();
        let rows = self.documents.iter().flat_map(|one| one.layers.iter()).filter(|(name, _)| name == layer);
        for (name, value) in rows.flat_map(|(_, rows)| rows).filter_map(Value::as_object).flatten() {
            let kind = match value {
                Value::Bool(_) => ColumnType::Boolean,
                Value::Number(number) if number.is_u64() => ColumnType::Integer,
                Value::Number(_) => ColumnType::Number,
                _ => ColumnType::Text,
            };
            if !columns.iter().any(|(own, _)| own == name) {
                columns.push((name, kind));
            }
        }
        columns
    }

    /// A row with the number of its document, and for spans with its text. A span outside the text fails the test.
    fn row(&self, view: &TableView<'_>, row: usize, layer: &Layer) -> Map<String, Value> {
        let mut fields = json_row(view, row);
        if layer.has_spans() {
            let number = |name: &str| fields.get(name).and_then(Value::as_u64).unwrap_or(u64::MAX) as usize;
            let text = &self.documents[number("doc")].document.text;
            let span = number("start")..number("end");
            let words = text.get(span.clone());
            let words = words.unwrap_or_else(|| panic!("layer `{}`: {span:?} is no span of characters of the text", layer.name));
            fields.entry("text").or_insert_with(|| words.into());
        }
        fields
    }
}

impl TestOutput {
    /// The rows of a layer, as JSON objects; `doc` is the document's number.
    ///
    /// # Panics
    /// The stage declares no such layer.
    #[must_use]
    pub fn rows(&self, layer: &str) -> &[Map<String, Value>] {
        let found = self.layers.iter().find(|(name, _)| name == layer);
        found.map_or_else(|| panic!("the stage declares no layer `{layer}`"), |(_, rows)| rows)
    }
}

/// The documents that an ingesting stage gives, and its errors as messages.
///
/// # Errors
/// The stage cannot be built, or fails as a whole.
pub fn ingest<S: Ingest>(settings: &Value, base: &Path) -> Result<Vec<Result<Map<String, Value>, String>>, Error> {
    let instance = open(&glue::ingest::<S>(), settings, base)?;
    let mut documents = Vec::new();
    loop {
        let mut given = Table::empty();
        let mut output = abi::Output {
            struct_size: abi::size_of::<abi::Output>(),
            tables: 1,
            table: &raw mut given,
            context: std::ptr::null_mut(),
            reject: None,
        };
        // SAFETY: all structures are valid and outlive the call.
        if called(|error| unsafe { glue::call_next(instance.0, &raw mut output, error) })? == abi::END {
            return Ok(documents);
        }
        // SAFETY: the SDK's own builders made the table.
        let view = unsafe { TableView::read(&given) }.map_err(Error::new)?;
        for row in 0..view.len() {
            match view.cell(row, "error") {
                Cell::Text(message) => documents.push(Err(message.to_owned())),
                _ => documents.push(Ok(json_row(&view, row))),
            }
        }
    }
}

/// Runs an exporting stage over datasets with their rows (JSON objects), into a folder; gives the files that it reports.
///
/// # Errors
/// What the stage says.
pub fn export<S: Export>(settings: &Value, folder: &Path, datasets: &[(Layer, Vec<Value>)]) -> Result<Vec<(String, u64)>, Error> {
    let instance = open(&glue::export::<S>(), settings, folder)?;
    let layers: Vec<&Layer> = datasets.iter().map(|(layer, _)| layer).collect();
    let c_string = |text: String| std::ffi::CString::new(text).map_err(Error::from);
    let (folder, json) = (c_string(folder.display().to_string())?, c_string(serde_json::to_string(&layers)?)?);
    // SAFETY: all structures are valid and outlive the calls.
    called(|error| unsafe { glue::call_begin(instance.0, folder.as_ptr(), json.as_ptr(), error) })?;
    for (number, (layer, rows)) in datasets.iter().enumerate() {
        let columns = layer.columns.iter().map(|column| (column.name.as_str(), column.kind));
        let mut table = TableBuilder::plain(columns);
        rows.iter().try_for_each(|row| table.push(0, row))?;
        let table = table.finish();
        // SAFETY: as above.
        called(|error| unsafe { glue::call_write(instance.0, number as u32, &raw const table, error) })?;
    }
    let mut files: Vec<(String, u64)> = Vec::new();
    let mut report = abi::Report {
        struct_size: abi::size_of::<abi::Report>(),
        reserved: 0,
        context: (&raw mut files).cast(),
        file: Some(keep_file),
    };
    // SAFETY: as above.
    called(|error| unsafe { glue::call_checkpoint(instance.0, &raw mut report, error) })?;
    files.clear();
    report.context = (&raw mut files).cast();
    // SAFETY: as above.
    called(|error| unsafe { glue::call_finish(instance.0, &raw mut report, error) })?;
    Ok(files)
}

struct Open(*mut c_void);

impl Drop for Open {
    fn drop(&mut self) {
        // SAFETY: the pointer is from `into_raw` and closed once.
        unsafe { glue::close(self.0) };
    }
}

fn open(entry: &glue::Entry, settings: &Value, base: &Path) -> Result<Open, Error> {
    let context = Context { base, version: env!("CARGO_PKG_VERSION") };
    Ok(Open(entry.open(&settings.to_string(), &context)?.into_raw()))
}

fn called(call: impl FnOnce(*mut abi::Error) -> i32) -> Result<i32, Error> {
    let mut message = vec![0u8; 4096];
    let mut error = abi::Error {
        struct_size: abi::size_of::<abi::Error>(),
        capacity: message.len() as u32,
        message: message.as_mut_ptr().cast(),
    };
    let code = call(&raw mut error);
    if code >= 0 {
        return Ok(code);
    }
    let words = CStr::from_bytes_until_nul(&message).map(|words| words.to_string_lossy().into_owned());
    Err(Error::new(words.unwrap_or_default()))
}

unsafe extern "C" fn keep_reject(context: *mut c_void, document: u32, code: *const c_char, message: *const c_char) {
    // SAFETY: the context is the vector that `try_run` passes, the strings are C strings.
    unsafe {
        let text = |pointer: *const c_char| CStr::from_ptr(pointer).to_string_lossy().into_owned();
        if let Some(rejects) = context.cast::<Vec<(usize, String, String)>>().as_mut() {
            rejects.push((document as usize, text(code), text(message)));
        }
    }
}

unsafe extern "C" fn keep_file(context: *mut c_void, name: *const c_char, bytes: u64) {
    // SAFETY: the context is the vector that `export` passes, the name is a C string.
    unsafe {
        if let Some(files) = context.cast::<Vec<(String, u64)>>().as_mut() {
            files.push((CStr::from_ptr(name).to_string_lossy().into_owned(), bytes));
        }
    }
}

fn documents(documents: &[TestDocument]) -> Result<Table, Error> {
    let mut table = TableBuilder::plain(DOCUMENTS.columns.iter().copied());
    documents.iter().try_for_each(|one| table.push(0, &one.document))?;
    Ok(table.finish())
}

fn json_row(view: &TableView<'_>, row: usize) -> Map<String, Value> {
    let cells = view.names().zip(view.row(row)).map(|(name, cell)| {
        let value = match cell {
            Cell::Null => Value::Null,
            Cell::Text(text) => text.into(),
            Cell::Integer(number) => number.into(),
            Cell::Number(number) => number.into(),
            Cell::Boolean(truth) => truth.into(),
            Cell::Date(day) => day.to_string().into(),
        };
        (name.to_owned(), value)
    });
    cells.collect()
}

/// Sentences and tokens as a test needs them when it gives none.
mod rough {
    use serde_json::{Value, json};

    pub fn sentences(text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut start = 0;
        let mut push = |start: usize, end: usize| {
            let words = text[start..end].trim();
            if !words.is_empty() {
                let first = start + text[start..end].find(words).unwrap_or(0);
                found.push((first, first + words.len()));
            }
        };
        for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '\n')) {
            let end = at + mark.len_utf8();
            if text[end..].chars().next().is_none_or(char::is_whitespace) {
                push(start, end);
                start = end;
            }
        }
        push(start, text.len());
        found
    }

    pub fn tokens(text: &str, sentences: &[(usize, usize)]) -> Vec<Value> {
        let mut found = Vec::new();
        for (number, (start, end)) in sentences.iter().enumerate() {
            let mut word: Option<usize> = None;
            let mut push = |start: usize, end: usize| {
                found.push(json!({ "start": start, "end": end, "sentence": number, "lemma": text[start..end].to_lowercase() }));
            };
            for (at, c) in text[*start..*end].char_indices().map(|(at, c)| (at + start, c)) {
                if c.is_alphanumeric() {
                    word.get_or_insert(at);
                    continue;
                }
                if let Some(from) = word.take() {
                    push(from, at);
                }
                if !c.is_whitespace() {
                    push(at, at + c.len_utf8());
                }
            }
            if let Some(from) = word {
                push(from, *end);
            }
        }
        found
    }
}
