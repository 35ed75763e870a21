//! A row of a table as a serde deserializer: columns are fields.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::view::{Cell, TableView};

/// A row.
pub struct Record<'t, 'a> {
    table: &'t TableView<'a>,
    row: usize,
}

impl<'t, 'a> Record<'t, 'a> {
    pub(crate) fn new(table: &'t TableView<'a>, row: usize) -> Self {
        Self { table, row }
    }
}

/// Why a row is not what its reader expects.
#[derive(Debug)]
pub struct RecordError(String);

impl std::fmt::Display for RecordError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RecordError {}

impl de::Error for RecordError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'de> Deserializer<'de> for Record<'_, 'de> {
    type Error = RecordError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RecordError> {
        visitor.visit_map(Fields { record: self, at: 0 })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Fields<'t, 'de> {
    record: Record<'t, 'de>,
    at: usize,
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = RecordError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, RecordError> {
        let Some((name, _)) = self.record.table.columns().get(self.at) else { return Ok(None) };
        let name: StrDeserializer<'_, RecordError> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, RecordError> {
        let (name, column) = &self.record.table.columns()[self.at];
        self.at += 1;
        seed.deserialize(Value(column.cell(self.record.row))).map_err(|error| RecordError(format!("column `{name}`: {error}")))
    }
}

struct Value<'de>(Cell<'de>);

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = RecordError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RecordError> {
        match self.0 {
            Cell::Null => visitor.visit_none(),
            Cell::Text(text) => visitor.visit_borrowed_str(text),
            Cell::Integer(number) => visitor.visit_u32(number),
            Cell::Number(number) => visitor.visit_f64(number),
            Cell::Boolean(truth) => visitor.visit_bool(truth),
            Cell::Date(day) => visitor.visit_string(day.to_string()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RecordError> {
        match self.0 {
            Cell::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, RecordError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RecordError> {
        match self.0 {
            Cell::Text(text) => {
                let text: StrDeserializer<'_, RecordError> = text.into_deserializer();
                visitor.visit_enum(text)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
