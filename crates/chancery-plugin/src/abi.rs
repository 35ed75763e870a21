//! The C interface, version 1: what `include/chancery_plugin.h` says, in Rust.
//!
//! A library exports one symbol, [`SYMBOL`], of the type [`EntryPoint`]. It returns a table of functions. Documents and
//! layers cross as tables in the Arrow C Data Interface.
//!
//! # Invariants
//! - Every structure begins with its size (the two of Arrow excepted): within version 1 fields are only ever added at the end.
//! - Who allocates releases: tables that the host passes stay the host's, tables that a plugin fills are released by the
//!   host through the `release` that the plugin put there.
//! - Strings are UTF-8 and end with a zero byte.

use std::ffi::{c_char, c_void};

/// Version of the interface.
pub const VERSION: u32 = 1;

/// The symbol that a library exports.
pub const SYMBOL: &str = "chancery_plugin_v1";

/// The type of that symbol. A null pointer means that the plugin cannot work.
pub type EntryPoint = unsafe extern "C" fn() -> *const Plugin;

/// What a function returns when all is well.
pub const OK: i32 = 0;
/// What [`Plugin::next`] returns when there are no more documents.
pub const END: i32 = 1;
/// What a function returns when it failed: the message says why.
pub const FAILED: i32 = -1;
/// What a function returns when it caught a panic.
pub const PANICKED: i32 = -2;

/// Log level: an error.
pub const LOG_ERROR: i32 = 1;
/// Log level: a warning.
pub const LOG_WARN: i32 = 2;
/// Log level: worth knowing.
pub const LOG_INFO: i32 = 3;
/// Log level: for whoever looks for a fault.
pub const LOG_DEBUG: i32 = 4;

/// `ArrowSchema` of the Arrow C Data Interface.
#[repr(C)]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Arrow's own")]
pub struct ArrowSchema {
    pub format: *const c_char,
    pub name: *const c_char,
    pub metadata: *const c_char,
    pub flags: i64,
    pub n_children: i64,
    pub children: *mut *mut ArrowSchema,
    pub dictionary: *mut ArrowSchema,
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub private_data: *mut c_void,
}

/// `ArrowArray` of the Arrow C Data Interface.
#[repr(C)]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Arrow's own")]
pub struct ArrowArray {
    pub length: i64,
    pub null_count: i64,
    pub offset: i64,
    pub n_buffers: i64,
    pub n_children: i64,
    pub buffers: *mut *const c_void,
    pub children: *mut *mut ArrowArray,
    pub dictionary: *mut ArrowArray,
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub private_data: *mut c_void,
}

/// A table: a struct array, one child a column. All zero (not released, never filled) means a table without rows.
#[repr(C)]
#[derive(Debug)]
pub struct Table {
    /// Types and names of its columns.
    pub schema: ArrowSchema,
    /// Its rows.
    pub array: ArrowArray,
}

impl ArrowSchema {
    /// The schema that was never filled.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            format: std::ptr::null(),
            name: std::ptr::null(),
            metadata: std::ptr::null(),
            flags: 0,
            n_children: 0,
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl ArrowArray {
    /// The array that was never filled.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: std::ptr::null_mut(),
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl Table {
    /// The table that was never filled.
    #[must_use]
    pub const fn empty() -> Self {
        Self { schema: ArrowSchema::empty(), array: ArrowArray::empty() }
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if let Some(release) = self.array.release.take() {
            // SAFETY: whoever filled the array put the function there; it is called once, as `release` is taken. The function
            // expects to find itself in place.
            unsafe {
                self.array.release = Some(release);
                release(&mut self.array);
            }
            self.array.release = None;
        }
        if let Some(release) = self.schema.release.take() {
            // SAFETY: as above.
            unsafe {
                self.schema.release = Some(release);
                release(&mut self.schema);
            }
            self.schema.release = None;
        }
    }
}

/// What the program offers a plugin. It stays valid until the process ends.
#[repr(C)]
pub struct Host {
    /// Its size.
    pub struct_size: u32,
    /// [`VERSION`] of the program.
    pub abi_version: u32,
    /// To be handed back to the functions.
    pub context: *mut c_void,
    /// Writes into the program's log. Any thread may call it.
    pub log: Option<unsafe extern "C" fn(context: *mut c_void, level: i32, message: *const c_char)>,
    /// Version of the program: `0.1.0`.
    pub version: *const c_char,
    /// The folder of the pipeline file: what paths in settings are relative to.
    pub base: *const c_char,
}

/// Where a function says why it failed.
#[repr(C)]
pub struct Error {
    /// Its size.
    pub struct_size: u32,
    /// Bytes that fit into `message`, the closing zero byte included.
    pub capacity: u32,
    /// The message: UTF-8, closed with a zero byte.
    pub message: *mut c_char,
}

/// The documents of a batch and the layers that the stage needs.
#[repr(C)]
pub struct Input {
    /// Its size.
    pub struct_size: u32,
    /// Number of tables: `documents`, then one for each layer that the stage needs, in the order in which it names them.
    pub tables: u32,
    /// The tables; they stay the host's.
    pub table: *const Table,
}

/// What a stage gives back.
#[repr(C)]
pub struct Output {
    /// Its size.
    pub struct_size: u32,
    /// Number of tables: one for each layer that the stage gives, in the order in which it declares them.
    pub tables: u32,
    /// The tables, all zero; the plugin fills those that have rows.
    pub table: *mut Table,
    /// To be handed back to `reject`.
    pub context: *mut c_void,
    /// Rejects one document of the batch: its row in `documents`, a word for the reason (null for `failed`), and a sentence.
    pub reject: Option<unsafe extern "C" fn(context: *mut c_void, document: u32, code: *const c_char, message: *const c_char)>,
}

/// Where a writer reports its files.
#[repr(C)]
pub struct Report {
    /// Its size.
    pub struct_size: u32,
    /// Unused; zero.
    pub reserved: u32,
    /// To be handed back to `file`.
    pub context: *mut c_void,
    /// Tells a file in the working folder and how many bytes of it are whole.
    pub file: Option<unsafe extern "C" fn(context: *mut c_void, name: *const c_char, bytes: u64)>,
}

/// A plugin: a table of functions. What it points to stays valid until the process ends.
///
/// A function that no stage of the plugin needs may be null. `open`, `close` and `annotate` may be called from several threads at
/// once, also for the same instance, unless the stage declares `"parallel": false`.
#[repr(C)]
pub struct Plugin {
    /// [`VERSION`].
    pub abi_version: u32,
    /// Its size.
    pub struct_size: u32,
    /// JSON: name, version and stages. See [`crate::describe::Description`].
    pub description: *const c_char,
    /// Makes an instance of a stage, with settings as JSON.
    pub open: Option<
        unsafe extern "C" fn(
            host: *const Host,
            stage: *const c_char,
            settings: *const c_char,
            instance: *mut *mut c_void,
            error: *mut Error,
        ) -> i32,
    >,
    /// Ends an instance.
    pub close: Option<unsafe extern "C" fn(instance: *mut c_void)>,
    /// `annotate`: gives layers of a batch of documents.
    pub annotate:
        Option<unsafe extern "C" fn(instance: *mut c_void, input: *const Input, output: *mut Output, error: *mut Error) -> i32>,
    /// `ingest`: the next documents, one table; [`END`] when there are none.
    pub next: Option<unsafe extern "C" fn(instance: *mut c_void, output: *mut Output, error: *mut Error) -> i32>,
    /// `export`: begins, in a working folder, with the datasets as JSON.
    pub begin: Option<
        unsafe extern "C" fn(instance: *mut c_void, folder: *const c_char, datasets: *const c_char, error: *mut Error) -> i32,
    >,
    /// `export`: rows of the dataset with that number.
    pub write: Option<unsafe extern "C" fn(instance: *mut c_void, dataset: u32, rows: *const Table, error: *mut Error) -> i32>,
    /// `export`: makes what was written durable, and reports the files.
    pub checkpoint: Option<unsafe extern "C" fn(instance: *mut c_void, report: *mut Report, error: *mut Error) -> i32>,
    /// `export`: writes what comes last, closes and reports the files.
    pub finish: Option<unsafe extern "C" fn(instance: *mut c_void, report: *mut Report, error: *mut Error) -> i32>,
}

// SAFETY: the table is never written to after it is made, and what it points to is constant.
unsafe impl Sync for Plugin {}
// SAFETY: as above.
unsafe impl Send for Plugin {}

/// The size of a structure of this module, as its first field has it.
#[must_use]
pub const fn size_of<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}
