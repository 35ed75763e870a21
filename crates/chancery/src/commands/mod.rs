//! One file a command.

pub mod code;
pub mod lexicon;
pub mod parse;
pub mod plan;
pub mod plugin;
pub mod run;
pub mod shell;
pub mod stages;
