//! Stages that answer from a child process: commands in any language, and libraries that are kept apart.
//!
//! Each worker has a child of its own. The program writes to its standard input and reads from its standard output:
//! first a line of JSON from each side (the handshake), then batches. What the child writes to standard error goes to the log.
//!
//! # Invariants
//! - A child that ends, hangs or babbles is killed, and a new one is started for the next call.
//! - Nothing that a child says makes the program set aside memory that the child has not sent.

mod arrow;
mod command;
mod isolated;
mod jsonl;
mod process;

pub use command::{CommandSettings, command};
pub use isolated::{Isolation, isolated, program, serve};
