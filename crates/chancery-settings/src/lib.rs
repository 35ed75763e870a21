//! YAML that keeps its positions, and settings read from it.
//!
//! The only module of the program that knows which YAML library is behind it: a file is parsed once into a [`Node`]
//! tree in which every key and value remembers its bytes; whoever knows what a part means takes it off the tree or reads it as a
//! serde type. A fault points at the bytes that caused it, and all faults of a file are shown together.
//!
//! # Invariants
//! - No I/O: callers read files.
//! - A key that nobody knows is always a fault, with the closest known name.

mod fault;
mod node;
mod read;

pub use fault::{Fault, Faults, closest};
pub use node::{Entry, Node, Value};
pub use read::{ReadError, Settings};
