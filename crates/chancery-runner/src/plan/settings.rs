//! What the YAML may say under `run:`.

use std::num::NonZero;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

/// How a pipeline is to run.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunSettings {
    /// Worker threads: `auto` (one a core) or a number. The datasets do not depend on it.
    pub threads: Threads,
    /// What to do with a document that fails: `reject` it and go on, or `stop`.
    pub on_error: OnError,
    /// Bytes of documents that a worker takes at a time. Memory grows with it.
    pub batch_bytes: u32,
    /// Documents of more bytes than this are rejected.
    pub max_document_bytes: u32,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { threads: Threads::Auto, on_error: OnError::Reject, batch_bytes: 256 * 1024, max_document_bytes: 32 * 1024 * 1024 }
    }
}

/// What to do with a document that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// Write it to `rejects` and go on.
    Reject,
    /// Write it to `rejects` and stop.
    Stop,
}

/// How many worker threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// One a core.
    Auto,
    /// So many.
    Fixed(NonZero<usize>),
}

impl<'de> Deserialize<'de> for Threads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Threads;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("`auto` or a number of threads from 1")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Threads, E> {
                let count = usize::try_from(number).ok().and_then(NonZero::new);
                count.map(Threads::Fixed).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(number), &self))
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Threads, E> {
                if word == "auto" { Ok(Threads::Auto) } else { Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)) }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Threads {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Threads".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "const": "auto" }, { "type": "integer", "minimum": 1 }] })
    }
}
