//! Records as tables: the datasets' contract, and how layers become rows of it.
//!
//! # Invariants
//! - Writers know [`Dataset`]s and Arrow batches, never record types: a new layer touches no writer.
//! - `start` and `end` are code points; rows are by document, then start, then end.

mod cell;
mod column;
mod custom;
mod offsets;
mod render;
pub mod rows;

pub use cell::{Day, RecordId, Shown, known};
pub use column::{Column, ColumnKind, Dataset, ForeignKey};
pub use custom::CustomLayer;
pub use offsets::Offsets;
pub use render::{Builder, DOCUMENT_DATASETS, Renderer, RowsOf, TableError};
