//! Tables as they are read: columns borrowed from Arrow arrays, without a copy.

use std::ffi::{CStr, c_void};

use crate::abi::{ArrowArray, ArrowSchema, Table};
use crate::day::Day;

/// A table that is read: rows and named columns.
#[derive(Debug, Clone)]
pub struct TableView<'a> {
    rows: usize,
    columns: Vec<(&'a str, Column<'a>)>,
}

/// A column that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    /// The validity bitmap; absent where no row is null.
    valid: Option<Bits<'a>>,
    data: Data<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Data<'a> {
    Text { offsets: &'a [i32], bytes: &'a [u8] },
    Integer(&'a [u32]),
    Number(&'a [f64]),
    Boolean(Bits<'a>),
    Date(&'a [i32]),
}

#[derive(Debug, Clone, Copy)]
struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl Bits<'_> {
    fn get(self, at: usize) -> bool {
        let at = at + self.offset;
        self.bytes[at / 8] >> (at % 8) & 1 == 1
    }
}

/// What a table holds at one row and column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'a str),
    /// A whole number.
    Integer(u32),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Day),
}

impl<'a> Column<'a> {
    #[inline]
    fn is_valid(&self, row: usize) -> bool {
        self.valid.is_none_or(|bits| bits.get(row))
    }

    /// The cell at a row below the table's length.
    pub(crate) fn cell(&self, row: usize) -> Cell<'a> {
        if !self.is_valid(row) {
            return Cell::Null;
        }
        match self.data {
            Data::Text { .. } => Cell::Text(self.text(row)),
            Data::Integer(values) => Cell::Integer(values[row]),
            Data::Number(values) => Cell::Number(values[row]),
            Data::Boolean(bits) => Cell::Boolean(bits.get(row)),
            Data::Date(values) => Cell::Date(Day(values[row])),
        }
    }

    /// The text at a row; empty where it is null or no text.
    #[inline]
    pub(crate) fn text(&self, row: usize) -> &'a str {
        match self.data {
            Data::Text { offsets, bytes } if self.is_valid(row) => {
                let bytes = &bytes[offsets[row] as usize..offsets[row + 1] as usize];
                // SAFETY: `read` is called on tables whose maker vouches for their UTF-8, as its contract says.
                unsafe { std::str::from_utf8_unchecked(bytes) }
            }
            _ => "",
        }
    }

    /// The whole number at a row; `None` where it is null or none.
    #[inline]
    pub(crate) fn integer(&self, row: usize) -> Option<u32> {
        match self.data {
            Data::Integer(values) if self.is_valid(row) => Some(values[row]),
            _ => None,
        }
    }

    /// The whole numbers, where there are such.
    pub(crate) fn integers(&self) -> Option<&'a [u32]> {
        match self.data {
            Data::Integer(values) => Some(values),
            _ => None,
        }
    }
}

impl<'a> TableView<'a> {
    /// The table without rows and columns.
    pub(crate) fn empty() -> Self {
        Self { rows: 0, columns: Vec::new() }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// The cells of a row, in the columns' order.
    ///
    /// # Panics
    /// Where there is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell<'a>> {
        assert!(row < self.rows, "row {row} of a table of {}", self.rows);
        self.columns.iter().map(move |(_, column)| column.cell(row))
    }

    /// The cell at a row and a named column; null where there is no such column.
    ///
    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Cell<'a> {
        assert!(row < self.rows, "row {row} of a table of {}", self.rows);
        self.column(column).map_or(Cell::Null, |column| column.cell(row))
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<Column<'a>> {
        self.columns.iter().find(|(own, _)| *own == name).map(|(_, column)| *column)
    }

    /// All columns.
    pub(crate) fn columns(&self) -> &[(&'a str, Column<'a>)] {
        &self.columns
    }

    /// Reads a table. One that was never filled has no rows.
    ///
    /// # Errors
    /// A type that this version does not know.
    ///
    /// # Safety
    /// The table is as the Arrow C Data Interface wants it, its texts are UTF-8, and it outlives `'a`.
    pub(crate) unsafe fn read(table: &'a Table) -> Result<Self, String> {
        // SAFETY: as this function's.
        unsafe { Self::of(&table.schema, &table.array) }
    }

    unsafe fn of(schema: &'a ArrowSchema, array: &'a ArrowArray) -> Result<Self, String> {
        if array.release.is_none() || schema.release.is_none() {
            return Ok(Self::empty());
        }
        let rows = array.length as usize;
        let mut columns = Vec::with_capacity(array.n_children as usize);
        for at in 0..array.n_children.min(schema.n_children) as usize {
            // SAFETY: both structures say that they have so many children.
            let (schema, child) = unsafe { (&**schema.children.add(at), &**array.children.add(at)) };
            // SAFETY: the name is a C string, as the interface says.
            let name = unsafe { text_of(schema.name) };
            // SAFETY: as this function's; a struct's children have its offset on top of their own.
            let column = unsafe { Self::child(schema, child, array.offset as usize, rows) };
            columns
                .push((name, column.map_err(|format| format!("column `{name}` has the type `{format}`, which is not known"))?));
        }
        Ok(Self { rows, columns })
    }

    unsafe fn child(schema: &'a ArrowSchema, array: &'a ArrowArray, before: usize, rows: usize) -> Result<Column<'a>, &'a str> {
        let offset = before + array.offset as usize;
        // SAFETY: the interface says that there are so many buffers.
        let buffer = |at: usize| unsafe { if at < array.n_buffers as usize { *array.buffers.add(at) } else { std::ptr::null() } };
        // SAFETY (all below): buffers are as long as length and offset ask for.
        let bits = |at: usize| Bits { bytes: unsafe { slice(buffer(at), 0, (offset + rows).div_ceil(8)) }, offset };
        let valid = (array.null_count != 0 && !buffer(0).is_null()).then(|| bits(0));
        // SAFETY: the format is a C string.
        let format = unsafe { text_of(schema.format) };
        let data = unsafe {
            match format {
                "u" => {
                    let offsets: &[i32] = slice(buffer(1), offset, rows + 1);
                    let end = offsets.last().map_or(0, |end| *end as usize);
                    Data::Text { offsets, bytes: slice(buffer(2), 0, end) }
                }
                "I" => Data::Integer(slice(buffer(1), offset, rows)),
                "g" => Data::Number(slice(buffer(1), offset, rows)),
                "b" => Data::Boolean(bits(1)),
                "tdD" => Data::Date(slice(buffer(1), offset, rows)),
                other => return Err(other),
            }
        };
        Ok(Column { valid, data })
    }
}

unsafe fn text_of<'a>(text: *const std::ffi::c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    // SAFETY: the caller vouches for a C string.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or_default()
}

unsafe fn slice<'a, T>(buffer: *const c_void, skip: usize, length: usize) -> &'a [T] {
    if buffer.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: the caller vouches for the length; Arrow aligns its buffers.
    unsafe { std::slice::from_raw_parts(buffer.cast::<T>().add(skip), length) }
}
