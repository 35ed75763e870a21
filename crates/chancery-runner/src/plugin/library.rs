//! A library that is loaded, and the calls into it.
//!
//! # Invariants
//! - A library is never unloaded: its threads, its thread-local memory and arrays that it gave may outlive any stage.
//! - What it returns leaves this module only as copies that [`super::import`] has checked.

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, to_ffi};
use arrow_array::{Array, RecordBatch, StructArray};
use chancery_plugin::abi;
use chancery_plugin::describe::Description;

use super::answer::{Answer, Failure, Told};
use super::import::import;
use super::{Expected, LoadError};

/// Bytes of an error message.
const MESSAGE_BYTES: usize = 4096;
/// Longest description.
const LONGEST_DESCRIPTION: usize = 4 << 20;

/// A library that is loaded.
pub struct Library {
    table: abi::Plugin,
    /// What it says of itself.
    pub description: Description,
}

impl Library {
    /// Loads a library and checks its table.
    pub fn load(path: &Path) -> Result<Arc<Self>, LoadError> {
        // SAFETY: loading runs the library's initialisers; the pipeline names it, and that is what naming a plugin means.
        let library = unsafe { libloading::Library::new(path) }.map_err(|error| LoadError::Unloadable(chain(&error)))?;
        // Never unloaded, see above.
        let library: &'static libloading::Library = Box::leak(Box::new(library));
        // SAFETY: the symbol has the type that its name promises.
        let entry = unsafe { library.get::<abi::EntryPoint>(abi::SYMBOL) };
        let Ok(entry) = entry else {
            // SAFETY: only whether it is there is asked.
            let other =
                (0..100).find(|version| unsafe { library.get::<*const c_void>(format!("chancery_plugin_v{version}")) }.is_ok());
            return Err(other.map_or(LoadError::NoSymbol, |version| LoadError::Version { found: version, here: abi::VERSION }));
        };
        // SAFETY: the function takes nothing.
        let table = unsafe { entry() };
        if table.is_null() || table.align_offset(align_of::<abi::Plugin>()) != 0 {
            return Err(LoadError::Refused("its table of functions is a null pointer".to_owned()));
        }
        // SAFETY: every version begins with these two numbers.
        let (version, size) = unsafe { ((*table).abi_version, (*table).struct_size) };
        if version != abi::VERSION {
            return Err(LoadError::Version { found: version, here: abi::VERSION });
        }
        if size < abi::size_of::<abi::Plugin>() {
            let message =
                format!("its table of functions has {size} bytes, version {version} has {}", abi::size_of::<abi::Plugin>());
            return Err(LoadError::Refused(message));
        }
        // SAFETY: the table is at least as long as ours, and constant.
        let table = unsafe { std::ptr::read(table) };
        // SAFETY: the interface says that it is a C string.
        let description = unsafe { described(table.description) }.map_err(LoadError::Description)?;
        Ok(Arc::new(Self { table, description }))
    }

    /// Makes an instance of a stage.
    pub fn open(self: &Arc<Self>, stage: &str, settings: &str, base: &Path, parallel: bool) -> Result<Instance, String> {
        let open = self.table.open.ok_or("the library has no function `open`")?;
        let host = Host::new(stage, base);
        let c_string = |text: &str| CString::new(text).map_err(|_| "a zero byte in the settings".to_owned());
        let (name, settings) = (c_string(stage)?, c_string(settings)?);
        let mut pointer = std::ptr::null_mut();
        called(|error| {
            // SAFETY: all pointers are valid through the call, the host's for good.
            unsafe { open(&raw const host.abi, name.as_ptr(), settings.as_ptr(), &raw mut pointer, error) }
        })
        .map_err(|failure| failure.message)?;
        Ok(Instance { library: Arc::clone(self), pointer, alone: (!parallel).then(|| Mutex::new(())) })
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

unsafe fn described(pointer: *const c_char) -> Result<Description, String> {
    if pointer.is_null() {
        return Err("there is none".to_owned());
    }
    // SAFETY: a C string ends with a zero byte; no byte after it is read.
    let length = (0..LONGEST_DESCRIPTION).find(|at| unsafe { *pointer.add(*at) } == 0);
    let length = length.ok_or("it does not end")?;
    // SAFETY: these bytes were just read.
    let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) };
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// What the program offers a stage. Lives as long as the process.
struct Host {
    abi: abi::Host,
}

impl Host {
    fn new(stage: &str, base: &Path) -> &'static Host {
        let leak = |text: String| -> &'static CStr { Box::leak(CString::new(text).unwrap_or_default().into_boxed_c_str()) };
        // Absolute where that is possible: a child may run elsewhere.
        let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
        let name: &'static str = Box::leak(stage.to_owned().into_boxed_str());
        let name: &'static &'static str = Box::leak(Box::new(name));
        let abi = abi::Host {
            struct_size: abi::size_of::<abi::Host>(),
            abi_version: abi::VERSION,
            context: std::ptr::from_ref(name).cast_mut().cast(),
            log: Some(log),
            version: leak(env!("CARGO_PKG_VERSION").to_owned()).as_ptr(),
            base: leak(base.to_string_lossy().into_owned()).as_ptr(),
        };
        Box::leak(Box::new(Host { abi }))
    }
}

unsafe extern "C" fn log(context: *mut c_void, level: i32, message: *const c_char) {
    if context.is_null() || message.is_null() {
        return;
    }
    // SAFETY: the context is the leaked name of the stage, the message a C string.
    let (stage, message) = unsafe { (*context.cast::<&'static str>(), CStr::from_ptr(message).to_string_lossy()) };
    log_line(stage, level, &message);
}

/// Writes a plugin's line into the log.
pub fn log_line(stage: &str, level: i32, message: &str) {
    match level {
        i32::MIN..=abi::LOG_ERROR => tracing::error!(plugin = stage, "{message}"),
        abi::LOG_WARN => tracing::warn!(plugin = stage, "{message}"),
        abi::LOG_INFO => tracing::info!(plugin = stage, "{message}"),
        _ => tracing::debug!(plugin = stage, "{message}"),
    }
}

/// Calls a function and turns what it returns into a result.
fn called(call: impl FnOnce(*mut abi::Error) -> i32) -> Result<i32, Failure> {
    let mut message = [0u8; MESSAGE_BYTES];
    let mut error = abi::Error {
        struct_size: abi::size_of::<abi::Error>(),
        capacity: MESSAGE_BYTES as u32,
        message: message.as_mut_ptr().cast(),
    };
    let code = call(&raw mut error);
    if code >= 0 {
        return Ok(code);
    }
    message[MESSAGE_BYTES - 1] = 0;
    let words = CStr::from_bytes_until_nul(&message).map(|words| words.to_string_lossy().into_owned()).unwrap_or_default();
    let words = if words.is_empty() { format!("failed with code {code} and without a message") } else { words };
    Err(Failure::new(if code == abi::PANICKED { "panic" } else { "failed" }, words))
}

/// An instance of a stage.
pub struct Instance {
    library: Arc<Library>,
    pointer: *mut c_void,
    /// Held through each call where the stage does not bear several at once.
    alone: Option<Mutex<()>>,
}

// SAFETY: the interface says that instances may move between threads.
unsafe impl Send for Instance {}
// SAFETY: calls at the same time are what the interface allows, or the lock keeps them apart.
unsafe impl Sync for Instance {}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(close) = self.library.table.close {
            // SAFETY: opened once, closed once; the library stays loaded.
            unsafe { close(self.pointer) };
        }
    }
}

/// A table for the library; what Arrow and the interface call it has the same shape.
fn exported(batch: &RecordBatch) -> Result<abi::Table, Failure> {
    const {
        assert!(size_of::<FFI_ArrowArray>() == size_of::<abi::ArrowArray>());
        assert!(size_of::<FFI_ArrowSchema>() == size_of::<abi::ArrowSchema>());
    }
    let rows = StructArray::from(batch.clone());
    let (array, schema) = to_ffi(&rows.to_data()).map_err(|error| Failure::new("failed", error.to_string()))?;
    // SAFETY: both are `ArrowArray` and `ArrowSchema` of the C Data Interface, field for field; ownership moves along.
    unsafe {
        Ok(abi::Table {
            array: std::mem::transmute::<FFI_ArrowArray, abi::ArrowArray>(array),
            schema: std::mem::transmute::<FFI_ArrowSchema, abi::ArrowSchema>(schema),
        })
    }
}

/// A table as the interface has it, checked and copied by the same rules as a library's.
pub fn checked(batch: &RecordBatch, expected: &Expected) -> Result<super::import::Imported, Failure> {
    let table = exported(batch)?;
    // SAFETY: Arrow made the table.
    unsafe { import(&table, &expected.columns()) }.map_err(Failure::bad_data)
}

/// A table that the SDK's builder made of a child's rows, by the same rules.
pub fn imported(table: abi::Table, expected: &Expected) -> Result<super::import::Imported, Failure> {
    // SAFETY: the builder made the table.
    unsafe { import(&table, &expected.columns()) }.map_err(Failure::bad_data)
}

unsafe extern "C" fn keep_reject(context: *mut c_void, document: u32, code: *const c_char, message: *const c_char) {
    let text = |pointer: *const c_char| {
        if pointer.is_null() {
            return String::new();
        }
        // SAFETY: the interface says that it is a C string.
        unsafe { CStr::from_ptr(pointer) }.to_string_lossy().chars().take(2000).collect::<String>()
    };
    // SAFETY: the context is the list that `annotate` passes.
    if let Some(told) = unsafe { context.cast::<Vec<Told>>().as_mut() }
        && told.len() < 1 << 16
    {
        told.push(Told { document, code: text(code), message: text(message) });
    }
}

unsafe extern "C" fn keep_file(context: *mut c_void, name: *const c_char, bytes: u64) {
    if name.is_null() {
        return;
    }
    // SAFETY: the context is the list that `files` passes, the name a C string.
    unsafe {
        if let Some(files) = context.cast::<Vec<(String, u64)>>().as_mut() {
            files.push((CStr::from_ptr(name).to_string_lossy().into_owned(), bytes));
        }
    }
}

impl Instance {
    fn lock(&self) -> Option<MutexGuard<'_, ()>> {
        self.alone.as_ref().map(|alone| alone.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the layers of a batch: `documents`, then the needed layers.
    pub fn annotate(&self, tables: &[RecordBatch], layers: &[Expected]) -> Result<Answer, Failure> {
        let annotate =
            self.library.table.annotate.ok_or_else(|| Failure::new("failed", "the library has no function `annotate`"))?;
        let tables = tables.iter().map(exported).collect::<Result<Vec<_>, _>>()?;
        let input = abi::Input { struct_size: abi::size_of::<abi::Input>(), tables: tables.len() as u32, table: tables.as_ptr() };
        let mut given: Vec<abi::Table> = layers.iter().map(|_| abi::Table::empty()).collect();
        let mut rejects: Vec<Told> = Vec::new();
        let mut output = abi::Output {
            struct_size: abi::size_of::<abi::Output>(),
            tables: given.len() as u32,
            table: given.as_mut_ptr(),
            context: (&raw mut rejects).cast(),
            reject: Some(keep_reject),
        };
        {
            let _alone = self.lock();
            // SAFETY: the instance is open, all structures are valid through the call.
            called(|error| unsafe { annotate(self.pointer, &raw const input, &raw mut output, error) })?;
        }
        let tables = given.iter().zip(layers).map(|(table, expected)| {
            // SAFETY: the library vouches for its pointers; what can be checked is.
            let imported = unsafe { import(table, &expected.columns()) };
            imported.map_err(|message| Failure::bad_data(format!("layer `{}`: {message}", expected.name)))
        });
        Ok(Answer { tables: tables.collect::<Result<_, _>>()?, rejects })
    }

    /// The next documents of an ingesting stage; `None` at the end.
    pub fn next(&self, expected: &Expected) -> Result<Option<super::import::Imported>, Failure> {
        let next = self.library.table.next.ok_or_else(|| Failure::new("failed", "the library has no function `next`"))?;
        let mut given = abi::Table::empty();
        let mut output = abi::Output {
            struct_size: abi::size_of::<abi::Output>(),
            tables: 1,
            table: &raw mut given,
            context: std::ptr::null_mut(),
            reject: None,
        };
        let _alone = self.lock();
        // SAFETY: as for `annotate`.
        if called(|error| unsafe { next(self.pointer, &raw mut output, error) })? == abi::END {
            return Ok(None);
        }
        // SAFETY: as for `annotate`.
        unsafe { import(&given, &expected.columns()) }.map(Some).map_err(Failure::bad_data)
    }

    /// Begins an exporting stage.
    pub fn begin(&self, folder: &Path, datasets: &str) -> Result<(), Failure> {
        let begin = self.library.table.begin.ok_or_else(|| Failure::new("failed", "the library has no function `begin`"))?;
        let c_string = |text: &str| CString::new(text).map_err(|_| Failure::new("failed", "a zero byte in the folder's name"));
        let (folder, datasets) = (c_string(&folder.to_string_lossy())?, c_string(datasets)?);
        let _alone = self.lock();
        // SAFETY: the instance is open, the strings live through the call.
        called(|error| unsafe { begin(self.pointer, folder.as_ptr(), datasets.as_ptr(), error) }).map(drop)
    }

    /// Writes rows of a dataset.
    pub fn write(&self, dataset: usize, rows: &RecordBatch) -> Result<(), Failure> {
        let write = self.library.table.write.ok_or_else(|| Failure::new("failed", "the library has no function `write`"))?;
        let table = exported(rows)?;
        let _alone = self.lock();
        // SAFETY: the instance is open, the table lives through the call.
        called(|error| unsafe { write(self.pointer, dataset as u32, &raw const table, error) }).map(drop)
    }

    /// Makes what was written durable, or finishes; gives the files.
    pub fn files(&self, last: bool) -> Result<Vec<(String, u64)>, Failure> {
        let table = &self.library.table;
        let call = if last { table.finish } else { table.checkpoint };
        let call = call.ok_or_else(|| Failure::new("failed", "the library lacks `checkpoint` or `finish`"))?;
        let mut files: Vec<(String, u64)> = Vec::new();
        let mut report = abi::Report {
            struct_size: abi::size_of::<abi::Report>(),
            reserved: 0,
            context: (&raw mut files).cast(),
            file: Some(keep_file),
        };
        let _alone = self.lock();
        // SAFETY: the instance is open, the report lives through the call.
        called(|error| unsafe { call(self.pointer, &raw mut report, error) })?;
        Ok(files)
    }
}
