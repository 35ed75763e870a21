//! What the program knows of the world: lexicons kept as data files under `data/`, and their loaders.
//!
//! # Invariants
//! - Knowledge is in the data files; this crate only reads them. A bad row is an error that names its file and line.
//! - Parts are read when first asked for, once, and shared from then on.

pub mod event_types;
mod knowledge;
pub mod patterns;
pub mod table;

pub use knowledge::Knowledge;
pub use patterns::Patterns;
pub use table::{LexiconError, Table};
