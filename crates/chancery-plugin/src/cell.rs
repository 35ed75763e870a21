//! One value of a row as a cell of a column.

use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeTuple, Serializer};

use crate::build::ColumnBuilder;

/// Why a value does not fit its column.
#[derive(Debug)]
pub struct CellError(pub String);

impl std::fmt::Display for CellError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CellError {}

impl serde::ser::Error for CellError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Puts a value into a column.
pub(crate) fn cell<T: Serialize + ?Sized>(column: &mut ColumnBuilder, value: &T) -> Result<(), CellError> {
    value.serialize(CellSerializer(column))
}

/// A value as text: for keys, and for the parts of a list.
pub(crate) fn text_of<T: Serialize + ?Sized>(value: &T) -> Result<String, CellError> {
    match serde_json::to_value(value).map_err(|error| CellError(error.to_string()))? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Null => Ok(String::new()),
        other @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_)) => Ok(other.to_string()),
        _ => Err(no_cell_error()),
    }
}

fn no_cell_error() -> CellError {
    CellError("a cell is a text, a number, true or false, a day, or a list of such".to_owned())
}

struct CellSerializer<'c>(&'c mut ColumnBuilder);

macro_rules! integers {
    ($($method:ident: $type:ty),+) => { $(
        fn $method(self, value: $type) -> Result<(), CellError> {
            self.0.integer(i128::from(value))
        }
    )+ };
}

impl<'c> Serializer for CellSerializer<'c> {
    type Ok = ();
    type Error = CellError;
    type SerializeSeq = Joined<'c>;
    type SerializeTuple = Joined<'c>;
    type SerializeTupleStruct = Impossible<(), CellError>;
    type SerializeTupleVariant = Impossible<(), CellError>;
    type SerializeMap = Impossible<(), CellError>;
    type SerializeStruct = Impossible<(), CellError>;
    type SerializeStructVariant = Impossible<(), CellError>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_bool(self, truth: bool) -> Result<(), CellError> {
        self.0.boolean(truth)
    }

    fn serialize_f32(self, number: f32) -> Result<(), CellError> {
        // By way of its shortest form: 0.1, not 0.10000000149.
        self.0.number(number.to_string().parse().unwrap_or(f64::from(number)))
    }

    fn serialize_f64(self, number: f64) -> Result<(), CellError> {
        self.0.number(number)
    }

    fn serialize_char(self, character: char) -> Result<(), CellError> {
        self.0.text(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), CellError> {
        self.0.text(text)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), CellError> {
        Err(no_cell_error())
    }

    fn serialize_none(self) -> Result<(), CellError> {
        self.0.null();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CellError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CellError> {
        self.0.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CellError> {
        Err(no_cell_error())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), CellError> {
        self.0.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), CellError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), CellError> {
        Err(no_cell_error())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Joined<'c>, CellError> {
        Ok(Joined { column: self.0, text: String::new(), parts: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Joined<'c>, CellError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, CellError> {
        Err(no_cell_error())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, CellError> {
        Err(no_cell_error())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, CellError> {
        Err(no_cell_error())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, CellError> {
        Err(no_cell_error())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, CellError> {
        Err(no_cell_error())
    }
}

/// A list, joined with `|` as the datasets' contract has it.
struct Joined<'c> {
    column: &'c mut ColumnBuilder,
    text: String,
    parts: usize,
}

impl SerializeSeq for Joined<'_> {
    type Ok = ();
    type Error = CellError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CellError> {
        if self.parts > 0 {
            self.text.push('|');
        }
        self.parts += 1;
        self.text.push_str(&text_of(value)?);
        Ok(())
    }

    fn end(self) -> Result<(), CellError> {
        if self.parts == 0 {
            self.column.null();
            return Ok(());
        }
        self.column.text(&self.text)
    }
}

impl SerializeTuple for Joined<'_> {
    type Ok = ();
    type Error = CellError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CellError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), CellError> {
        SerializeSeq::end(self)
    }
}
