//! Trains and evaluates the models that ship.
//!
//! # Invariants
//! - The same data, seed and source give the same bytes: nothing depends on time, threads or addresses.

pub mod names;
pub mod text;
