//! Rows as they are written: a struct's fields become cells of columns, columns become Arrow arrays.

use std::ffi::{CString, c_void};

use serde::Serialize;

use crate::abi::{ArrowArray, ArrowSchema, Table};
use crate::cell::{CellError, cell};
use crate::day::Day;
use crate::describe::{ColumnType, Layer};
use crate::error::Error;

/// A table in the making.
pub struct TableBuilder {
    /// The document of each row, where rows belong to documents.
    doc: Option<Vec<u32>>,
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

/// A column in the making.
pub(crate) struct ColumnBuilder {
    name: String,
    /// One byte a row.
    valid: Vec<u8>,
    nulls: usize,
    values: Values,
}

enum Values {
    Text { offsets: Vec<i32>, bytes: Vec<u8> },
    Integer(Vec<u32>),
    Number(Vec<f64>),
    Boolean(Vec<u8>),
    Date(Vec<i32>),
}

impl ColumnBuilder {
    fn new(name: &str, kind: ColumnType) -> Self {
        let values = match kind {
            ColumnType::Text => Values::Text { offsets: vec![0], bytes: Vec::new() },
            ColumnType::Integer => Values::Integer(Vec::new()),
            ColumnType::Number => Values::Number(Vec::new()),
            ColumnType::Boolean => Values::Boolean(Vec::new()),
            ColumnType::Date => Values::Date(Vec::new()),
        };
        Self { name: name.to_owned(), valid: Vec::new(), nulls: 0, values }
    }

    pub(crate) fn null(&mut self) {
        match &mut self.values {
            Values::Text { offsets, bytes } => offsets.push(bytes.len() as i32),
            Values::Integer(values) => values.push(0),
            Values::Number(values) => values.push(0.0),
            Values::Boolean(values) => values.push(0),
            Values::Date(values) => values.push(0),
        }
        self.valid.push(0);
        self.nulls += 1;
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<(), CellError> {
        match &mut self.values {
            Values::Text { offsets, bytes } => {
                let end = i32::try_from(bytes.len() + text.len());
                let end = end.map_err(|_| CellError("a column holds at most 2 GiB of text in a batch".to_owned()))?;
                bytes.extend_from_slice(text.as_bytes());
                offsets.push(end);
            }
            Values::Date(values) => match Day::parse(text) {
                Some(day) => values.push(day.0),
                None => return Err(CellError(format!("`{text}` is no day like 2023-04-14"))),
            },
            _ => return Err(CellError(format!("a text where {} is declared", self.kind().as_str()))),
        }
        self.valid.push(1);
        Ok(())
    }

    pub(crate) fn integer(&mut self, number: i128) -> Result<(), CellError> {
        match &mut self.values {
            Values::Integer(values) => match u32::try_from(number) {
                Ok(number) => values.push(number),
                Err(_) => return Err(CellError(format!("{number} does not fit: whole numbers are 0 to 4,294,967,295"))),
            },
            Values::Number(values) => values.push(number as f64),
            Values::Text { .. } => return self.text(&number.to_string()),
            _ => return Err(CellError(format!("a number where {} is declared", self.kind().as_str()))),
        }
        self.valid.push(1);
        Ok(())
    }

    pub(crate) fn number(&mut self, number: f64) -> Result<(), CellError> {
        match &mut self.values {
            Values::Number(values) => values.push(number),
            _ => return Err(CellError(format!("a number with a point where {} is declared", self.kind().as_str()))),
        }
        self.valid.push(1);
        Ok(())
    }

    pub(crate) fn boolean(&mut self, truth: bool) -> Result<(), CellError> {
        match &mut self.values {
            Values::Boolean(values) => values.push(u8::from(truth)),
            _ => return Err(CellError(format!("true or false where {} is declared", self.kind().as_str()))),
        }
        self.valid.push(1);
        Ok(())
    }

    const fn kind(&self) -> ColumnType {
        match self.values {
            Values::Text { .. } => ColumnType::Text,
            Values::Integer(_) => ColumnType::Integer,
            Values::Number(_) => ColumnType::Number,
            Values::Boolean(_) => ColumnType::Boolean,
            Values::Date(_) => ColumnType::Date,
        }
    }

    /// Cells so far.
    fn len(&self) -> usize {
        self.valid.len()
    }

    fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Text { offsets, bytes } => {
                offsets.truncate(rows + 1);
                bytes.truncate(offsets.last().map_or(0, |end| *end as usize));
            }
            Values::Integer(values) => values.truncate(rows),
            Values::Number(values) => values.truncate(rows),
            Values::Boolean(values) => values.truncate(rows),
            Values::Date(values) => values.truncate(rows),
        }
        self.nulls -= self.valid[rows.min(self.valid.len())..].iter().filter(|valid| **valid == 0).count();
        self.valid.truncate(rows);
    }

    fn finish(self) -> (CString, ColumnType, ArrowArray) {
        let kind = self.kind();
        let length = self.valid.len();
        let validity = (self.nulls > 0).then(|| Buffer::Bytes(pack(&self.valid)));
        let mut buffers = vec![validity.unwrap_or(Buffer::None)];
        match self.values {
            Values::Text { offsets, bytes } => buffers.extend([Buffer::Signed(offsets), Buffer::Bytes(bytes)]),
            Values::Integer(values) => buffers.push(Buffer::Whole(values)),
            Values::Number(values) => buffers.push(Buffer::Numbers(values)),
            Values::Boolean(values) => buffers.push(Buffer::Bytes(pack(&values))),
            Values::Date(values) => buffers.push(Buffer::Signed(values)),
        }
        (c_string(&self.name), kind, array(length, self.nulls, buffers, Vec::new()))
    }
}

impl TableBuilder {
    /// A table of the layer's rows, each with its document.
    #[must_use]
    pub fn layer(layer: &Layer) -> Self {
        Self { doc: Some(Vec::new()), ..Self::plain(layer.columns.iter().map(|column| (column.name.as_str(), column.kind))) }
    }

    /// A table of these columns alone.
    #[must_use]
    pub fn plain<'c>(columns: impl IntoIterator<Item = (&'c str, ColumnType)>) -> Self {
        Self { doc: None, columns: columns.into_iter().map(|(name, kind)| ColumnBuilder::new(name, kind)).collect(), rows: 0 }
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Rows so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Adds a row of a document: a struct whose fields are the columns, in any order.
    ///
    /// # Errors
    /// A value that does not fit its column; the row is left out.
    pub fn push<Row: Serialize>(&mut self, document: u32, row: &Row) -> Result<(), Error> {
        if let Err(CellError(message)) = row.serialize(RowSerializer { columns: &mut self.columns, rows: self.rows }) {
            let rows = self.rows;
            self.columns.iter_mut().for_each(|column| column.truncate(rows));
            return Err(Error::new(message).code("bad_row"));
        }
        if let Some(doc) = &mut self.doc {
            doc.push(document);
        }
        self.rows += 1;
        Ok(())
    }

    /// Forgets the rows after the first so many.
    pub fn truncate(&mut self, rows: usize) {
        if rows >= self.rows {
            return;
        }
        self.columns.iter_mut().for_each(|column| column.truncate(rows));
        if let Some(doc) = &mut self.doc {
            doc.truncate(rows);
        }
        self.rows = rows;
    }

    /// The table, owned by whoever holds it.
    #[must_use]
    pub fn finish(self) -> Table {
        let rows = self.rows;
        let mut names = Vec::with_capacity(self.columns.len() + 1);
        let mut children = Vec::with_capacity(self.columns.len() + 1);
        if let Some(doc) = self.doc {
            names.push((c_string("doc"), ColumnType::Integer, false));
            children.push(array(rows, 0, vec![Buffer::None, Buffer::Whole(doc)], Vec::new()));
        }
        for column in self.columns {
            let nullable = column.nulls > 0;
            let (name, kind, child) = column.finish();
            names.push((name, kind, nullable));
            children.push(child);
        }
        Table { schema: schema(names), array: array(rows, 0, vec![Buffer::None], children) }
    }
}

/// Takes a struct apart into cells.
struct RowSerializer<'b> {
    columns: &'b mut [ColumnBuilder],
    rows: usize,
}

/// The same while its fields come one by one, mostly in the columns' order.
pub(crate) struct Fields<'b> {
    columns: &'b mut [ColumnBuilder],
    rows: usize,
    next: usize,
}

impl Fields<'_> {
    pub(crate) fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), CellError> {
        let expected = self.columns.get(self.next).is_some_and(|column| column.name == key);
        let at = if expected { Some(self.next) } else { self.columns.iter().position(|column| column.name == key) };
        let at = at.ok_or_else(|| CellError(format!("the layer declares no column `{key}`")))?;
        self.next = at + 1;
        cell(&mut self.columns[at], value).map_err(|CellError(message)| CellError(format!("column `{key}`: {message}")))
    }

    pub(crate) fn end(self) -> Result<(), CellError> {
        for column in self.columns {
            if column.len() == self.rows {
                column.null();
            }
            if column.len() != self.rows + 1 {
                return Err(CellError(format!("column `{}` has two values in one row", column.name)));
            }
        }
        Ok(())
    }
}

mod row_serializer {
    use serde::ser::{Impossible, Serialize, SerializeMap, SerializeStruct, Serializer};

    use super::{CellError, Fields, RowSerializer};

    macro_rules! no_row {
        ($($method:ident($($type:ty),*);)+) => { $(
            fn $method(self, $(_: $type),*) -> Result<(), CellError> {
                Err(CellError("a row is a struct with named fields".to_owned()))
            }
        )+ };
    }

    fn no_row<T>() -> Result<T, CellError> {
        Err(CellError("a row is a struct with named fields".to_owned()))
    }

    impl<'b> Serializer for RowSerializer<'b> {
        type Ok = ();
        type Error = CellError;
        type SerializeSeq = Impossible<(), CellError>;
        type SerializeTuple = Impossible<(), CellError>;
        type SerializeTupleStruct = Impossible<(), CellError>;
        type SerializeTupleVariant = Impossible<(), CellError>;
        type SerializeMap = Keyed<'b>;
        type SerializeStruct = Fields<'b>;
        type SerializeStructVariant = Impossible<(), CellError>;

        no_row! {
            serialize_bool(bool); serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_i64(i64); serialize_u8(u8);
            serialize_u16(u16); serialize_u32(u32); serialize_u64(u64); serialize_f32(f32); serialize_f64(f64); serialize_char(char);
            serialize_str(&str); serialize_bytes(&[u8]); serialize_none(); serialize_unit(); serialize_unit_struct(&'static str);
            serialize_unit_variant(&'static str, u32, &'static str);
        }

        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CellError> {
            value.serialize(self)
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
            no_row()
        }

        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, CellError> {
            no_row()
        }

        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, CellError> {
            no_row()
        }

        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, CellError> {
            no_row()
        }

        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, CellError> {
            no_row()
        }

        fn serialize_map(self, _: Option<usize>) -> Result<Keyed<'b>, CellError> {
            Ok(Keyed { fields: Fields { columns: self.columns, rows: self.rows, next: 0 }, key: String::new() })
        }

        fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'b>, CellError> {
            Ok(Fields { columns: self.columns, rows: self.rows, next: 0 })
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, CellError> {
            no_row()
        }
    }

    impl SerializeStruct for Fields<'_> {
        type Ok = ();
        type Error = CellError;

        fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), CellError> {
            self.field(key, value)
        }

        fn end(self) -> Result<(), CellError> {
            Fields::end(self)
        }
    }

    /// A row as a map: JSON values, `serde(flatten)`.
    pub struct Keyed<'b> {
        fields: Fields<'b>,
        key: String,
    }

    impl SerializeMap for Keyed<'_> {
        type Ok = ();
        type Error = CellError;

        fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CellError> {
            self.key = crate::cell::text_of(key)?;
            Ok(())
        }

        fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CellError> {
            let key = std::mem::take(&mut self.key);
            self.fields.field(&key, value)
        }

        fn end(self) -> Result<(), CellError> {
            self.fields.end()
        }
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0u8; bytes.len().div_ceil(8)];
    for (at, byte) in bytes.iter().enumerate() {
        packed[at / 8] |= (byte & 1) << (at % 8);
    }
    packed
}

/// A name for Arrow: a zero byte cannot stand in a C string, and no name of ours has one.
fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "")).unwrap_or_default()
}

/// The memory behind an array, kept until its release.
enum Buffer {
    None,
    Bytes(Vec<u8>),
    Signed(Vec<i32>),
    Whole(Vec<u32>),
    Numbers(Vec<f64>),
}

impl Buffer {
    fn pointer(&self) -> *const c_void {
        match self {
            Buffer::None => std::ptr::null(),
            Buffer::Bytes(bytes) => bytes.as_ptr().cast(),
            Buffer::Signed(values) => values.as_ptr().cast(),
            Buffer::Whole(values) => values.as_ptr().cast(),
            Buffer::Numbers(values) => values.as_ptr().cast(),
        }
    }
}

struct ArrayMemory {
    buffers: Vec<Buffer>,
    pointers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
}

fn array(length: usize, nulls: usize, buffers: Vec<Buffer>, children: Vec<ArrowArray>) -> ArrowArray {
    let pointers = buffers.iter().map(Buffer::pointer).collect();
    let children = children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
    let memory = Box::into_raw(Box::new(ArrayMemory { buffers, pointers, children }));
    // SAFETY: the box was just leaked and nobody else knows it.
    let kept = unsafe { &mut *memory };
    ArrowArray {
        length: length as i64,
        null_count: nulls as i64,
        offset: 0,
        n_buffers: kept.buffers.len() as i64,
        n_children: kept.children.len() as i64,
        buffers: kept.pointers.as_mut_ptr(),
        children: if kept.children.is_empty() { std::ptr::null_mut() } else { kept.children.as_mut_ptr() },
        dictionary: std::ptr::null_mut(),
        release: Some(release_array),
        private_data: memory.cast(),
    }
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: Arrow calls this once, with the structure that `array` filled (moved, perhaps, but whole).
    unsafe {
        let array = &mut *array;
        let memory = Box::from_raw(array.private_data.cast::<ArrayMemory>());
        for child in &memory.children {
            let mut child = Box::from_raw(*child);
            // A child that was moved out has no `release` any more.
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
        array.release = None;
        array.private_data = std::ptr::null_mut();
    }
}

struct SchemaMemory {
    name: CString,
    format: CString,
    children: Vec<*mut ArrowSchema>,
}

/// Columns may be null (2 in Arrow's flags).
const NULLABLE: i64 = 2;

fn schema(columns: Vec<(CString, ColumnType, bool)>) -> ArrowSchema {
    let children = columns.into_iter().map(|(name, kind, nullable)| {
        let flags = if nullable { NULLABLE } else { 0 };
        Box::into_raw(Box::new(one_schema(name, c_string(kind.format()), flags, Vec::new())))
    });
    one_schema(CString::default(), c_string("+s"), 0, children.collect())
}

fn one_schema(name: CString, format: CString, flags: i64, children: Vec<*mut ArrowSchema>) -> ArrowSchema {
    let memory = Box::into_raw(Box::new(SchemaMemory { name, format, children }));
    // SAFETY: the box was just leaked and nobody else knows it.
    let kept = unsafe { &mut *memory };
    ArrowSchema {
        format: kept.format.as_ptr(),
        name: kept.name.as_ptr(),
        metadata: std::ptr::null(),
        flags,
        n_children: kept.children.len() as i64,
        children: if kept.children.is_empty() { std::ptr::null_mut() } else { kept.children.as_mut_ptr() },
        dictionary: std::ptr::null_mut(),
        release: Some(release_schema),
        private_data: memory.cast(),
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: as for `release_array`.
    unsafe {
        let schema = &mut *schema;
        let memory = Box::from_raw(schema.private_data.cast::<SchemaMemory>());
        for child in &memory.children {
            let mut child = Box::from_raw(*child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
        schema.release = None;
        schema.private_data = std::ptr::null_mut();
    }
}
