//! A YAML tree in which every key and value remembers its bytes.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

use crate::Fault;

/// A value with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// The bytes where it stands; empty for one that no file gave.
    pub at: Range<usize>,
}

/// A key of a mapping, and what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub key_at: Range<usize>,
    /// The value.
    pub node: Node,
}

/// What a YAML value is.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are YAML's own")]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

impl Node {
    /// Parses a file. An empty one is [`Value::Null`].
    ///
    /// # Errors
    /// Broken YAML, with the place where the parser gave up.
    pub fn parse(text: &str) -> Result<Node, Fault> {
        serde_yaml::from_str::<Option<Node>>(text).map(|node| node.unwrap_or_else(Node::null)).map_err(|error| {
            let at = error.location().map_or(0, |place| offset_of(text, place.line() as usize, place.column() as usize));
            let message = error.without_snippet().to_string();
            let message = message.split(" at line ").next().unwrap_or_default().trim().to_owned();
            Fault::new("yaml::syntax", at..at, format!("this is not YAML: {message}"))
        })
    }

    /// The value that is not there.
    #[must_use]
    pub fn null() -> Node {
        Node { value: Value::Null, at: 0..0 }
    }

    /// A mapping's entry by key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node),
            _ => None,
        }
    }

    /// Takes an entry off a mapping.
    pub fn take(&mut self, key: &str) -> Option<Entry> {
        match &mut self.value {
            Value::Map(entries) => entries.iter().position(|entry| entry.key == key).map(|position| entries.remove(position)),
            _ => None,
        }
    }

    /// Sets `a.b.c` to a value, making mappings on the way; numbers pick list entries.
    ///
    /// # Errors
    /// The part of the path that is neither a key nor an entry of the list.
    pub fn set(&mut self, path: &str, new: Node) -> Result<(), String> {
        let mut here = self;
        for part in path.split('.') {
            if here.value == Value::Null {
                here.value = Value::Map(Vec::new());
            }
            here = match &mut here.value {
                Value::List(list) => {
                    let count = list.len();
                    let number = part.parse::<usize>().ok();
                    number
                        .and_then(|number| list.get_mut(number))
                        .ok_or_else(|| format!("`{part}` in `{path}` is no number below {count}"))?
                }
                Value::Map(entries) => {
                    let position = entries.iter().position(|entry| entry.key == part).unwrap_or_else(|| {
                        entries.push(Entry { key: part.to_owned(), key_at: 0..0, node: Node::null() });
                        entries.len() - 1
                    });
                    &mut entries[position].node
                }
                _ => return Err(format!("`{part}` in `{path}`: what stands before it is no mapping")),
            };
        }
        *here = new;
        Ok(())
    }

    /// What it is, for a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// The byte of a place given as line and column (in characters), both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

fn bytes(location: &serde_yaml::Location) -> Range<usize> {
    let span = location.span();
    match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(length)) => start as usize..(start + length) as usize,
        _ => 0..0,
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Node { at: bytes(&spanned.referenced), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = access.next_element()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Spanned<String>>()? {
            let node = access.next_value()?;
            entries.push(Entry { key_at: bytes(&key.referenced), key: key.value, node });
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_know_their_bytes() {
        let text = "name: seeds\nrun:\n  threads: 2\n  list: [a, \"é b\", 3]\n";
        let node = Node::parse(text).unwrap();
        let run = node.get("run").unwrap();
        assert_eq!(&text[run.get("threads").unwrap().at.clone()], "2");
        let Value::List(list) = &run.get("list").unwrap().value else { panic!() };
        assert_eq!(&text[list[1].at.clone()], "\"é b\"");
        assert_eq!(list[2].value, Value::Int(3));
        let Value::Map(entries) = &node.value else { panic!() };
        assert_eq!(&text[entries[1].key_at.clone()], "run");
    }

    #[test]
    fn broken_yaml_names_its_place() {
        let fault = Node::parse("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(fault.at.start >= 5, "{fault:?}");
        assert!(fault.message.starts_with("this is not YAML"), "{fault:?}");
    }

    #[test]
    fn a_path_sets_what_it_names() {
        let mut node = Node::parse("run: {threads: 2}\nlist: [{a: 1}]\n").unwrap();
        node.set("run.threads", Node { value: Value::Int(8), at: 0..0 }).unwrap();
        node.set("list.0.a", Node { value: Value::Int(9), at: 0..0 }).unwrap();
        assert_eq!(node.get("run").unwrap().get("threads").unwrap().value, Value::Int(8));
        assert!(node.set("list.7.a", Node::null()).unwrap_err().contains('7'));
    }
}
