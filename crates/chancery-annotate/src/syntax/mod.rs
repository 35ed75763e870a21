//! What several stages ask of a parsed document: its tree, and the actors that stand at a token.
//!
//! # Invariants
//! - Reads layers, writes none; knows nothing of events or agreements.
//! - Every walk along heads or children is bounded: a broken parse costs a wrong answer, never time.

mod actors;
mod status;
mod tree;

pub(crate) use actors::{MentionIndex, actors_at, is_known, is_of, is_place};
pub(crate) use status::{Statuses, under};
pub(crate) use tree::{Tree, View};
