//! Settings: the rest of a stage's mapping, read as a serde type, each fault at its bytes.

use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor};

use crate::{Entry, Fault, Node, Value, closest};

/// The settings of one stage: a mapping whose faults belong to the file that it came from.
#[derive(Debug, Clone)]
pub struct Settings {
    node: Node,
    at: Range<usize>,
}

/// A value that cannot be what its reader expects.
#[derive(Debug)]
pub struct ReadError {
    message: String,
    unknown: Option<(String, &'static [&'static str])>,
    at: Option<Range<usize>>,
}

impl Settings {
    /// The settings that a node holds; `at` is where a fault goes that concerns them all (a missing field).
    #[must_use]
    pub fn new(node: Node, at: Range<usize>) -> Self {
        Self { node, at }
    }

    /// Settings from a YAML text, for examples and tests.
    ///
    /// # Errors
    /// Broken YAML.
    pub fn from_yaml(text: &str) -> Result<Self, Fault> {
        let node = Node::parse(text)?;
        let at = node.at.clone();
        Ok(Self::new(node, at))
    }

    /// The tree itself.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where the value of a key stands, to point at it; the whole where there is none.
    #[must_use]
    pub fn at(&self, key: &str) -> Range<usize> {
        self.node.get(key).map_or(self.at.clone(), |node| node.at.clone())
    }

    /// Reads the settings as a type.
    ///
    /// # Errors
    /// Every key that the type does not know, and the first value that is not what the type expects.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Fault>> {
        let mut node = self.node.clone();
        let mut faults = Vec::new();
        if node.value == Value::Null {
            node.value = Value::Map(Vec::new());
        }
        loop {
            match T::deserialize(&node) {
                Ok(value) if faults.is_empty() => return Ok(value),
                Ok(_) => return Err(faults),
                Err(error) => {
                    let at = error.at.clone().filter(|at| !at.is_empty()).unwrap_or_else(|| self.at.clone());
                    let Some((key, known)) = error.unknown else {
                        faults.push(Fault::new("settings::value", at, error.message));
                        return Err(faults);
                    };
                    faults.push(unknown_key(&key, known, at.clone()));
                    if !remove(&mut node, &key, &at) {
                        return Err(faults);
                    }
                }
            }
        }
    }
}

/// The fault of a key that nobody knows.
fn unknown_key(key: &str, known: &[&str], at: Range<usize>) -> Fault {
    let help = match closest(key, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there are no settings here".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    Fault::new("settings::unknown", at, format!("there is no setting `{key}`")).label("not known").help(help)
}

/// Takes the entry with that key at those bytes off the tree, however deep it stands.
fn remove(node: &mut Node, key: &str, at: &Range<usize>) -> bool {
    match &mut node.value {
        Value::Map(entries) => {
            let before = entries.len();
            entries.retain(|entry| !(entry.key == key && (entry.key_at == *at || entry.key_at.is_empty())));
            entries.len() < before || entries.iter_mut().any(|entry| remove(&mut entry.node, key, at))
        }
        Value::List(list) => list.iter_mut().any(|node| remove(node, key, at)),
        _ => false,
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), unknown: None, at: None }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self { message: format!("there is no setting `{field}`"), unknown: Some((field.to_owned(), expected)), at: None }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let help = closest(variant, expected.iter().copied())
            .map_or_else(|| format!("one of: {}", expected.join(", ")), |name| format!("did you mean `{name}`?"));
        Self::custom(format!("`{variant}` is not known here; {help}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("the setting `{field}` is missing"))
    }
}

impl ReadError {
    /// The innermost place wins: an error that already has one keeps it.
    fn or_at(mut self, at: &Range<usize>) -> Self {
        self.at.get_or_insert_with(|| at.clone());
        self
    }
}

impl<'de> Deserializer<'de> for &Node {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(value) => visitor.visit_str(value),
            Value::List(list) => visitor.visit_seq(Items(list.iter())),
            Value::Map(entries) => visitor.visit_map(Pairs { rest: entries.iter(), now: None }),
        }
        .map_err(|error| error.or_at(&self.at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
        .map_err(|error| error.or_at(&self.at))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self).map_err(|error| error.or_at(&self.at))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match &self.value {
            Value::Text(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            Value::Map(entries) if entries.len() == 1 => visitor.visit_enum(Variant(&entries[0])),
            _ => Err(de::Error::custom(format!("expected a name, found {}", self.kind()))),
        }
        .map_err(|error: ReadError| error.or_at(&self.at))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Items<'a>(std::slice::Iter<'a, Node>);

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

struct Pairs<'a> {
    rest: std::slice::Iter<'a, Entry>,
    now: Option<&'a Entry>,
}

impl<'de> de::MapAccess<'de> for Pairs<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        self.now = self.rest.next();
        let Some(entry) = self.now else { return Ok(None) };
        seed.deserialize(entry.key.as_str().into_deserializer()).map(Some).map_err(|error: ReadError| error.or_at(&entry.key_at))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let entry = self.now.ok_or_else(|| de::Error::custom("a value without its key"))?;
        seed.deserialize(&entry.node).map_err(|error: ReadError| {
            // A type mismatch says which setting it is about; an unknown key deeper down has its own place.
            let named = error.unknown.is_some() || error.message.contains('`');
            let message = if named { error.message.clone() } else { format!("`{}`: {}", entry.key, error.message) };
            ReadError { message, ..error }.or_at(&entry.node.at)
        })
    }
}

struct Variant<'a>(&'a Entry);

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = ReadError;
    type Variant = &'a Node;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, &'a Node), ReadError> {
        let name: de::value::StrDeserializer<'_, ReadError> = self.0.key.as_str().into_deserializer();
        Ok((seed.deserialize(name).map_err(|error| error.or_at(&self.0.key_at))?, &self.0.node))
    }
}

impl<'de> VariantAccess<'de> for &Node {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        de::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Fast,
        Slow,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Sample {
        depth: u32,
        names: Vec<String>,
        mode: Mode,
    }

    impl Default for Sample {
        fn default() -> Self {
            Self { depth: 1, names: Vec::new(), mode: Mode::Fast }
        }
    }

    fn faults(text: &str) -> Vec<(String, String)> {
        let settings = Settings::from_yaml(text).unwrap();
        let list = settings.read::<Sample>().unwrap_err();
        list.into_iter().map(|fault| (text[fault.at.clone()].to_owned(), fault.message)).collect()
    }

    #[test]
    fn defaults_fill_what_is_not_said() {
        let read: Sample = Settings::from_yaml("names: [a, b]").unwrap().read().unwrap();
        assert_eq!(read, Sample { depth: 1, names: vec!["a".into(), "b".into()], mode: Mode::Fast });
    }

    #[test]
    fn every_unknown_key_is_told_at_its_place() {
        let found = faults("deptj: 3\nnames: []\nmood: fast\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, "deptj");
        assert_eq!(found[1].0, "mood");
    }

    #[test]
    fn a_wrong_value_is_told_at_its_place() {
        assert_eq!(faults("depth: deep\n")[0].0, "deep");
        assert_eq!(faults("mode: fats\n")[0], ("fats".into(), "`fats` is not known here; did you mean `fast`?".into()));
        assert!(faults("names: [a, [b]]\n")[0].1.contains("names"), "{:?}", faults("names: [a, [b]]\n"));
    }
}
