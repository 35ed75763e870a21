//! The program's log, for plugins: `chancery_plugin::warn!("{path} has no rows")`.

use std::ffi::{CString, c_char, c_void};
use std::sync::OnceLock;

use crate::abi::{Host, LOG_DEBUG, LOG_ERROR, LOG_INFO, LOG_WARN};

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something is not as it should be.
    Warn,
    /// Worth knowing.
    Info,
    /// For whoever looks for a fault.
    Debug,
}

struct Sink {
    context: *mut c_void,
    log: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
}

// SAFETY: the interface says that any thread may call `log` with the context, until the process ends.
unsafe impl Send for Sink {}
// SAFETY: as above.
unsafe impl Sync for Sink {}

static SINK: OnceLock<Sink> = OnceLock::new();

pub(crate) fn connect(host: &Host) {
    if let Some(log) = host.log {
        SINK.get_or_init(|| Sink { context: host.context, log });
    }
}

/// Writes a line into the program's log; to stderr where there is no program (in tests).
pub fn write(level: Level, message: &str) {
    let Some(sink) = SINK.get() else {
        eprintln!("{level:?}: {message}");
        return;
    };
    let number = match level {
        Level::Error => LOG_ERROR,
        Level::Warn => LOG_WARN,
        Level::Info => LOG_INFO,
        Level::Debug => LOG_DEBUG,
    };
    let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
    // SAFETY: context and function belong together and stay valid, as the interface says.
    unsafe { (sink.log)(sink.context, number, message.as_ptr()) };
}

/// Logs an error: `error!("cannot read {path}")`.
#[macro_export]
macro_rules! error { ($($part:tt)+) => { $crate::log::write($crate::log::Level::Error, &::std::format!($($part)+)) } }
/// Logs a warning.
#[macro_export]
macro_rules! warn { ($($part:tt)+) => { $crate::log::write($crate::log::Level::Warn, &::std::format!($($part)+)) } }
/// Logs what is worth knowing.
#[macro_export]
macro_rules! info { ($($part:tt)+) => { $crate::log::write($crate::log::Level::Info, &::std::format!($($part)+)) } }
/// Logs for whoever looks for a fault.
#[macro_export]
macro_rules! debug { ($($part:tt)+) => { $crate::log::write($crate::log::Level::Debug, &::std::format!($($part)+)) } }
