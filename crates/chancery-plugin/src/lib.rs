//! Write stages for Chancery as plugins.
//!
//! A plugin is a shared library with one C symbol; this crate hides all of that. Implement [`Annotate`], [`Ingest`] or
//! [`Export`], hand the types to [`export!`], build a `cdylib`, name it in a pipeline:
//!
//! ```no_run
//! use chancery_plugin::prelude::*;
//!
//! /// Words in capital letters.
//! #[derive(Serialize, JsonSchema)]
//! struct Shout {
//!     /// First byte of the word.
//!     start: u32,
//!     /// One past its last byte.
//!     end: u32,
//! }
//!
//! impl Row for Shout {
//!     const LAYER: &'static str = "shouts";
//! }
//!
//! struct Shouts;
//!
//! impl Annotate for Shouts {
//!     const NAME: &'static str = "shouts";
//!     const SUMMARY: &'static str = "Finds words in capital letters";
//!     type Settings = NoSettings;
//!
//!     fn layers() -> Vec<Layer> {
//!         vec![Layer::of::<Shout>()]
//!     }
//!
//!     fn new(_: NoSettings, _: &Context<'_>) -> Result<Self, Error> {
//!         Ok(Shouts)
//!     }
//!
//!     fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error> {
//!         let mut start = 0;
//!         for word in document.text().split_inclusive(' ') {
//!             let letters = word.trim_end();
//!             if letters.len() > 2 && letters.chars().all(char::is_uppercase) {
//!                 rows.push(&Shout { start, end: start + letters.len() as u32 })?;
//!             }
//!             start += word.len() as u32;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! chancery_plugin::export!(Shouts);
//! # fn main() {}
//! ```
//!
//! # Invariants
//! - Nothing of Rust's ABI crosses: plugin and program may come from different compilers.
//! - It depends on nothing of the program, so that plugins build fast and by themselves.
//! - `unsafe` stands in `abi`, `view`, `build`, `glue`, `log` and `testing`, each block with its reason.

pub mod abi;
#[doc(hidden)]
pub mod build;
mod cell;
mod day;
pub mod describe;
mod documents;
mod error;
pub mod glue;
pub mod layers;
pub mod log;
mod record;
mod stage;
pub mod testing;
mod view;

pub use day::Day;
pub use describe::Layer;
pub use documents::{
    Agreement, DateExpr, Document, Entity, Event, Mention, Place, Quantity, Quote, Sentence, Span, Tokens, needed_layers,
};
pub use error::Error;
pub use stage::{Annotate, Context, Export, Ingest, NewDocument, NoSettings, Row, Rows};
pub use view::{Cell, TableView};

/// `chancery_plugin.h`: the interface for plugins in C and other languages.
pub const HEADER: &str = include_str!("../include/chancery_plugin.h");

/// All that most plugins need.
pub mod prelude {
    pub use crate::{
        Annotate, Cell, Context, Day, Document, Error, Export, Ingest, Layer, NewDocument, NoSettings, Row, Rows, Span, TableView,
    };
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};
}

/// The library behind `#[derive(JsonSchema)]`.
pub use schemars;
/// The library behind `#[derive(Serialize, Deserialize)]`.
pub use serde;
/// The JSON library of the SDK, for rows and settings in tests.
pub use serde_json;
