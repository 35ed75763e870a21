//! Between the C interface and the traits: every function that the program calls.
//!
//! # Invariants
//! - No panic leaves a function: it is caught and told as an error.
//! - A document that fails takes none of its rows along and no other document.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use serde::Serialize;

use crate::abi;
use crate::build::TableBuilder;
use crate::describe::{ColumnType, Description, Kind, Layer, StageDescription, schema_of};
use crate::documents::{Batch, Document, needed_layers};
use crate::error::Error;
use crate::layers::DOCUMENTS;
use crate::stage::{Annotate, Context, Export, Ingest, NewDocument, Rows};
use crate::view::TableView;

/// A stage that a library exports.
pub struct Entry {
    description: StageDescription,
    open: fn(&str, &Context<'_>) -> Result<Stage, Error>,
}

enum Stage {
    Annotate(Box<dyn AnyAnnotate>),
    /// With whether it has come to its end: it is not asked again.
    Ingest(Mutex<(Box<dyn AnyIngest>, bool)>),
    Export(Mutex<Box<dyn AnyExport>>),
}

/// A stage that is open: what the program holds a pointer to.
pub struct Instance {
    stage: Stage,
    layers: Vec<Layer>,
    needs: Vec<String>,
}

trait AnyAnnotate: Send + Sync {
    fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error>;
}

impl<S: Annotate> AnyAnnotate for S {
    fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error> {
        Annotate::annotate(self, document, rows)
    }
}

trait AnyIngest: Send {
    fn next(&mut self) -> Option<Result<NewDocument, Error>>;
}

impl<S: Ingest> AnyIngest for S {
    fn next(&mut self) -> Option<Result<NewDocument, Error>> {
        Ingest::next(self)
    }
}

trait AnyExport: Send {
    fn begin(&mut self, folder: &Path, datasets: Vec<Layer>) -> Result<(), Error>;
    fn write(&mut self, dataset: usize, rows: &TableView<'_>) -> Result<(), Error>;
    fn checkpoint(&mut self) -> Result<Vec<(String, u64)>, Error>;
    fn finish(&mut self) -> Result<Vec<(String, u64)>, Error>;
}

impl<S: Export> AnyExport for S {
    fn begin(&mut self, folder: &Path, datasets: Vec<Layer>) -> Result<(), Error> {
        Export::begin(self, folder, datasets)
    }

    fn write(&mut self, dataset: usize, rows: &TableView<'_>) -> Result<(), Error> {
        Export::write(self, dataset, rows)
    }

    fn checkpoint(&mut self) -> Result<Vec<(String, u64)>, Error> {
        Export::checkpoint(self)
    }

    fn finish(&mut self) -> Result<Vec<(String, u64)>, Error> {
        Export::finish(self)
    }
}

/// Settings from JSON; nothing at all means none.
fn settings<T: for<'de> serde::Deserialize<'de>>(json: &str) -> Result<T, Error> {
    let value: serde_json::Value = if json.trim().is_empty() { serde_json::Value::Null } else { serde_json::from_str(json)? };
    let value = if value.is_null() { serde_json::Value::Object(serde_json::Map::new()) } else { value };
    serde_json::from_value(value).map_err(|error| Error::new(format!("settings: {error}")).code("settings"))
}

fn described<T: schemars::JsonSchema>(name: &str, kind: Kind, summary: &str) -> StageDescription {
    StageDescription {
        name: name.to_owned(),
        kind,
        summary: summary.to_owned(),
        settings: schema_of::<T>(),
        needs: Vec::new(),
        gives: Vec::new(),
        parallel: kind == Kind::Annotate,
    }
}

/// The entry of an [`Annotate`] stage.
#[must_use]
pub fn annotate<S: Annotate>() -> Entry {
    let needs = S::NEEDS.iter().map(ToString::to_string).collect();
    let description =
        StageDescription { needs, gives: S::layers(), ..described::<S::Settings>(S::NAME, Kind::Annotate, S::SUMMARY) };
    Entry { description, open: |json, context| Ok(Stage::Annotate(Box::new(S::new(settings(json)?, context)?))) }
}

/// The entry of an [`Ingest`] stage.
#[must_use]
pub fn ingest<S: Ingest>() -> Entry {
    let description = described::<S::Settings>(S::NAME, Kind::Ingest, S::SUMMARY);
    Entry {
        description,
        open: |json, context| Ok(Stage::Ingest(Mutex::new((Box::new(S::new(settings(json)?, context)?), false)))),
    }
}

/// The entry of an [`Export`] stage.
#[must_use]
pub fn export<S: Export>() -> Entry {
    let description = described::<S::Settings>(S::NAME, Kind::Export, S::SUMMARY);
    Entry { description, open: |json, context| Ok(Stage::Export(Mutex::new(Box::new(S::new(settings(json)?, context)?)))) }
}

impl Entry {
    /// What the stage says of itself.
    #[must_use]
    pub fn description(&self) -> &StageDescription {
        &self.description
    }

    /// Opens the stage.
    ///
    /// # Errors
    /// What the stage says.
    pub fn open(&self, settings: &str, context: &Context<'_>) -> Result<Instance, Error> {
        let needs = needed_layers(&self.description.needs).into_iter().map(|(name, _)| name).collect();
        Ok(Instance { stage: (self.open)(settings, context)?, layers: self.description.gives.clone(), needs })
    }
}

struct Exported {
    entries: Vec<Entry>,
    plugin: abi::Plugin,
    _description: CString,
}

static EXPORTED: OnceLock<Exported> = OnceLock::new();

/// The table of functions for these stages; what [`crate::export!`] calls. Null where describing a stage panics.
#[must_use]
pub fn table(name: &str, version: &str, summary: &str, entries: fn() -> Vec<Entry>) -> *const abi::Plugin {
    let exported = catch_unwind(|| {
        EXPORTED.get_or_init(|| {
            let entries = entries();
            let stages = entries.iter().map(|entry| entry.description.clone()).collect();
            let description =
                Description { name: name.to_owned(), version: version.to_owned(), summary: summary.to_owned(), stages };
            let json = serde_json::to_string(&description).unwrap_or_default();
            let json = CString::new(json).unwrap_or_default();
            let plugin = abi::Plugin {
                abi_version: abi::VERSION,
                struct_size: abi::size_of::<abi::Plugin>(),
                description: json.as_ptr(),
                open: Some(open),
                close: Some(close),
                annotate: Some(call_annotate),
                next: Some(call_next),
                begin: Some(call_begin),
                write: Some(call_write),
                checkpoint: Some(call_checkpoint),
                finish: Some(call_finish),
            };
            Exported { entries, plugin, _description: json }
        })
    });
    exported.map_or(std::ptr::null(), |exported| &raw const exported.plugin)
}

thread_local! {
    /// Where the last panic of this thread happened.
    static PANICKED_AT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A library has its own copy of the standard library, and so its own hook: it keeps the place for the message and prints
/// nothing, as the program tells the error itself.
fn keep_places_of_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let at = info.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
            // A thread that is ending has no such memory any more; then the place is lost.
            drop(PANICKED_AT.try_with(|place| place.replace(at)));
        }));
    });
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let words = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    let at = PANICKED_AT.try_with(RefCell::take).unwrap_or_default();
    Error::new(format!("panicked: {}{at}", words.as_deref().unwrap_or("without a message"))).code("panic")
}

/// Calls, catches panics, tells errors.
fn guard(error: *mut abi::Error, call: impl FnOnce() -> Result<i32, Error>) -> i32 {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(code)) => code,
        Ok(Err(failed)) => {
            tell(error, &failed);
            abi::FAILED
        }
        Err(panic) => {
            tell(error, &panicked(panic.as_ref()));
            abi::PANICKED
        }
    }
}

/// Writes a message where the program wants it, cut on a character.
fn tell(error: *mut abi::Error, told: &Error) {
    // SAFETY: the program passes null or a structure with room for `capacity` bytes.
    unsafe {
        let Some(error) = error.as_mut() else { return };
        if error.message.is_null() || error.capacity == 0 {
            return;
        }
        let message = told.message.replace('\0', " ");
        let mut length = message.len().min(error.capacity as usize - 1);
        while !message.is_char_boundary(length) {
            length -= 1;
        }
        std::ptr::copy_nonoverlapping(message.as_ptr(), error.message.cast::<u8>(), length);
        *error.message.add(length) = 0;
    }
}

/// A C string of the program's.
///
/// # Safety
/// Null, or a C string that outlives `'a`.
unsafe fn text<'a>(pointer: *const c_char) -> &'a str {
    if pointer.is_null() {
        return "";
    }
    // SAFETY: as this function's.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or_default()
}

unsafe extern "C" fn open(
    host: *const abi::Host,
    stage: *const c_char,
    settings: *const c_char,
    instance: *mut *mut c_void,
    error: *mut abi::Error,
) -> i32 {
    keep_places_of_panics();
    guard(error, || {
        // SAFETY: the program passes valid pointers, as the interface says.
        let (host, stage, settings) = unsafe { (host.as_ref(), text(stage), text(settings)) };
        let host = host.ok_or_else(|| Error::new("no host was passed"))?;
        if host.abi_version != abi::VERSION || host.struct_size < abi::size_of::<abi::Host>() {
            return Err(Error::new(format!("the program speaks version {} of the interface", host.abi_version)));
        }
        crate::log::connect(host);
        let exported = EXPORTED.get().ok_or_else(|| Error::new("the library was not asked for its table first"))?;
        let entry = exported.entries.iter().find(|entry| entry.description.name == stage);
        let entry = entry.ok_or_else(|| Error::new(format!("there is no stage `{stage}` in this library")))?;
        // SAFETY: as above.
        let (base, version) = unsafe { (text(host.base), text(host.version)) };
        let opened = entry.open(settings, &Context { base: Path::new(base), version })?;
        // SAFETY: the program passes a place for one pointer.
        unsafe { *instance = opened.into_raw() };
        Ok(abi::OK)
    })
}

impl Instance {
    /// The pointer that the program holds.
    pub(crate) fn into_raw(self) -> *mut c_void {
        Box::into_raw(Box::new(self)).cast()
    }

    /// # Safety
    /// A pointer from [`Instance::into_raw`] that was not closed.
    unsafe fn of<'a>(instance: *mut c_void) -> Result<&'a Instance, Error> {
        // SAFETY: as this function's.
        unsafe { instance.cast::<Instance>().as_ref() }.ok_or_else(|| Error::new("no instance was passed"))
    }
}

pub(crate) unsafe extern "C" fn close(instance: *mut c_void) {
    if !instance.is_null() {
        // SAFETY: the program closes an instance once.
        let closing = AssertUnwindSafe(|| drop(unsafe { Box::from_raw(instance.cast::<Instance>()) }));
        drop(catch_unwind(closing));
    }
}

pub(crate) unsafe extern "C" fn call_annotate(
    instance: *mut c_void,
    input: *const abi::Input,
    output: *mut abi::Output,
    error: *mut abi::Error,
) -> i32 {
    guard(error, || {
        // SAFETY: the program passes an open instance and valid structures.
        let (instance, input, output) = unsafe { (Instance::of(instance)?, input.as_ref(), output.as_mut()) };
        let (Some(input), Some(output)) = (input, output) else { return Err(Error::new("no input or output was passed")) };
        let Stage::Annotate(stage) = &instance.stage else { return Err(Error::new("the stage does not annotate")) };
        // SAFETY: the program's tables are as Arrow wants them and stay for the call.
        let batch = unsafe { Batch::read(input, &instance.needs)? };
        let mut tables: Vec<TableBuilder> = instance.layers.iter().map(TableBuilder::layer).collect();
        let mut before = vec![0; tables.len()];
        for at in 0..batch.len() {
            tables.iter().zip(&mut before).for_each(|(table, before)| *before = table.len());
            let document = batch.document(at);
            let mut rows = Rows { layers: &instance.layers, tables: &mut tables, document: at as u32 };
            let result = catch_unwind(AssertUnwindSafe(|| stage.annotate(&document, &mut rows)))
                .unwrap_or_else(|panic| Err(panicked(panic.as_ref())));
            if let Err(failed) = result {
                tables.iter_mut().zip(&before).for_each(|(table, before)| table.truncate(*before));
                reject(output, at as u32, &failed);
            }
        }
        give(output, tables)?;
        Ok(abi::OK)
    })
}

fn reject(output: &abi::Output, document: u32, failed: &Error) {
    let c_string = |text: &str| CString::new(text.replace('\0', " ")).unwrap_or_default();
    let (code, message) = (c_string(&failed.code), c_string(&failed.message));
    if let Some(reject) = output.reject {
        // SAFETY: context and function belong together; the strings live through the call.
        unsafe { reject(output.context, document, code.as_ptr(), message.as_ptr()) };
    }
}

/// Moves tables to where the program wants them.
fn give(output: &mut abi::Output, tables: Vec<TableBuilder>) -> Result<(), Error> {
    if output.tables as usize != tables.len() || (output.table.is_null() && !tables.is_empty()) {
        return Err(Error::new(format!("the program asked for {} tables of {}", output.tables, tables.len())));
    }
    for (at, table) in tables.into_iter().enumerate() {
        if !table.is_empty() {
            // SAFETY: there are so many tables; they are empty and may be overwritten.
            unsafe { output.table.add(at).write(table.finish()) };
        }
    }
    Ok(())
}

/// Bytes of text in a batch of new documents, and documents in it: about what the program reads at a time.
const BATCH_BYTES: usize = 256 * 1024;
const BATCH_DOCUMENTS: usize = 256;

/// The columns of new documents: those that stages see, then code and message of one that cannot be read.
pub(crate) fn new_document_columns() -> impl Iterator<Item = (&'static str, ColumnType)> {
    DOCUMENTS.columns.iter().copied().chain([("code", ColumnType::Text), ("error", ColumnType::Text)])
}

pub(crate) unsafe extern "C" fn call_next(instance: *mut c_void, output: *mut abi::Output, error: *mut abi::Error) -> i32 {
    #[derive(Serialize)]
    struct Unread<'a> {
        uri: &'a str,
        record: &'a str,
        code: &'a str,
        error: &'a str,
    }
    guard(error, || {
        // SAFETY: the program passes an open instance and a valid structure.
        let (instance, output) = unsafe { (Instance::of(instance)?, output.as_mut()) };
        let output = output.ok_or_else(|| Error::new("no output was passed"))?;
        let Stage::Ingest(stage) = &instance.stage else { return Err(Error::new("the stage does not ingest")) };
        let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
        let (stage, ended) = &mut *stage;
        let mut table = TableBuilder::plain(new_document_columns());
        let mut bytes = 0;
        while !*ended && bytes < BATCH_BYTES && table.len() < BATCH_DOCUMENTS {
            match stage.next() {
                None => {
                    *ended = true;
                }
                Some(Ok(document)) => {
                    bytes += document.text.len();
                    table.push(0, &document)?;
                }
                Some(Err(failed)) => {
                    let unread = Unread { uri: &failed.uri, record: &failed.record, code: &failed.code, error: &failed.message };
                    table.push(0, &unread)?;
                }
            }
        }
        let rows = table.len();
        give(output, vec![table])?;
        Ok(if *ended && rows == 0 { abi::END } else { abi::OK })
    })
}

/// Calls an exporting stage.
///
/// # Safety
/// The instance is open or null.
unsafe fn exporting<T>(instance: *mut c_void, call: impl FnOnce(&mut dyn AnyExport) -> Result<T, Error>) -> Result<T, Error> {
    // SAFETY: as this function's.
    let instance = unsafe { Instance::of(instance)? };
    let Stage::Export(stage) = &instance.stage else { return Err(Error::new("the stage does not export")) };
    call(stage.lock().unwrap_or_else(PoisonError::into_inner).as_mut())
}

pub(crate) unsafe extern "C" fn call_begin(
    instance: *mut c_void,
    folder: *const c_char,
    datasets: *const c_char,
    error: *mut abi::Error,
) -> i32 {
    guard(error, || {
        // SAFETY: the program passes C strings.
        let (folder, datasets) = unsafe { (text(folder), text(datasets)) };
        let datasets: Vec<Layer> = serde_json::from_str(datasets)?;
        // SAFETY: the program passes an open instance.
        unsafe { exporting(instance, |stage| stage.begin(Path::new(folder), datasets))? };
        Ok(abi::OK)
    })
}

pub(crate) unsafe extern "C" fn call_write(
    instance: *mut c_void,
    dataset: u32,
    rows: *const abi::Table,
    error: *mut abi::Error,
) -> i32 {
    guard(error, || {
        // SAFETY: the program passes a valid table that stays for the call.
        let table = unsafe { rows.as_ref() }.ok_or_else(|| Error::new("no rows were passed"))?;
        // SAFETY: as above.
        let view = unsafe { TableView::read(table) }.map_err(Error::new)?;
        // SAFETY: the program passes an open instance.
        unsafe { exporting(instance, |stage| stage.write(dataset as usize, &view))? };
        Ok(abi::OK)
    })
}

/// Reports files.
///
/// # Safety
/// Null or a valid structure.
unsafe fn report(report: *mut abi::Report, files: &[(String, u64)]) {
    // SAFETY: as this function's.
    let Some(report) = (unsafe { report.as_ref() }) else { return };
    let Some(file) = report.file else { return };
    for (name, bytes) in files {
        let name = CString::new(name.replace('\0', "")).unwrap_or_default();
        // SAFETY: context and function belong together; the name lives through the call.
        unsafe { file(report.context, name.as_ptr(), *bytes) };
    }
}

pub(crate) unsafe extern "C" fn call_checkpoint(instance: *mut c_void, files: *mut abi::Report, error: *mut abi::Error) -> i32 {
    guard(error, || {
        // SAFETY: the program passes an open instance and a valid structure.
        unsafe { report(files, &exporting(instance, |stage| stage.checkpoint())?) };
        Ok(abi::OK)
    })
}

pub(crate) unsafe extern "C" fn call_finish(instance: *mut c_void, files: *mut abi::Report, error: *mut abi::Error) -> i32 {
    guard(error, || {
        // SAFETY: the program passes an open instance and a valid structure.
        unsafe { report(files, &exporting(instance, |stage| stage.finish())?) };
        Ok(abi::OK)
    })
}

/// Makes a library a plugin: `export!(MyStage)`, `export!(One, Two)`, or with other kinds
/// `export!(annotate: [One, Two], ingest: [Feed], export: [Sheet])`.
///
/// The library needs `crate-type = ["cdylib"]` in its `Cargo.toml` (and `"rlib"` for tests).
#[macro_export]
macro_rules! export {
    ($($kind:ident : [$($stage:ty),+ $(,)?]),+ $(,)?) => {
        /// The plugin's entry point.
        #[unsafe(no_mangle)]
        pub extern "C" fn chancery_plugin_v1() -> *const $crate::abi::Plugin {
            $crate::glue::table(
                ::std::env!("CARGO_PKG_NAME"),
                ::std::env!("CARGO_PKG_VERSION"),
                ::std::env!("CARGO_PKG_DESCRIPTION"),
                || ::std::vec![$($($crate::glue::$kind::<$stage>()),+),+],
            )
        }
    };
    ($($stage:ty),+ $(,)?) => { $crate::export! { annotate: [$($stage),+] } };
}
