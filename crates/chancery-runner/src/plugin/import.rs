//! Tables that come from outside: checked in full, then copied, so that nothing of the other side's memory stays in use.
//!
//! # Invariants
//! - What leaves this module is owned, of the declared types, UTF-8, and as long as it says.
//! - Everything that the Arrow C Data Interface lets a reader check is checked before memory is read. It does not say how long
//!   a buffer is: a library that lies about that can only be kept away by `isolate: true`.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, StringArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use chancery_model::tables::ColumnKind;
use chancery_plugin::abi::{ArrowArray, ArrowSchema, Table};

/// Most rows that a table may have: a batch of documents has some thousands.
const MOST_ROWS: i64 = 1 << 24;
/// Most bytes of text in a column.
const MOST_BYTES: i64 = 1 << 30;
/// Longest name or format.
const LONGEST_NAME: usize = 1024;

/// A table that was copied: its columns in the order asked for.
#[derive(Debug)]
pub struct Imported {
    pub rows: usize,
    pub columns: Vec<ArrayRef>,
}

impl Imported {
    /// No rows.
    pub fn none(expected: &super::Expected) -> Self {
        Imported { rows: 0, columns: expected.columns.iter().map(|(_, kind)| nulls_of(*kind, 0)).collect() }
    }
}

/// Copies a table with exactly these columns, in any order; one that is absent is null throughout.
///
/// # Errors
/// What is wrong with the table.
///
/// # Safety
/// The pointers in the table are null or point to live memory, as the Arrow C Data Interface has it.
pub unsafe fn import(table: &Table, expected: &[(&str, ColumnKind)]) -> Result<Imported, String> {
    let (schema, array) = (&table.schema, &table.array);
    if array.release.is_none() {
        return Ok(Imported { rows: 0, columns: expected.iter().map(|(_, kind)| nulls_of(*kind, 0)).collect() });
    }
    if schema.release.is_none() {
        return Err("the table has rows but no schema".to_owned());
    }
    // SAFETY: as this function's.
    let format = unsafe { name(schema.format) }?;
    if format != "+s" {
        return Err(format!("the table is no struct array but `{format}`"));
    }
    if !(0..=MOST_ROWS).contains(&array.length) {
        return Err(format!("the table says that it has {} rows; at most {MOST_ROWS} are taken", array.length));
    }
    if array.offset < 0 || array.offset > MOST_ROWS {
        return Err(format!("the table's offset is {}", array.offset));
    }
    if array.n_children != schema.n_children || !(0..=1000).contains(&array.n_children) {
        return Err(format!("the table has {} columns, its schema {}", array.n_children, schema.n_children));
    }
    if array.n_buffers != 1 {
        return Err(format!("a struct array has 1 buffer, this one {}", array.n_buffers));
    }
    if array.null_count > 0 {
        return Err("rows of the table are null as a whole".to_owned());
    }
    let count = array.n_children as usize;
    if count > 0 && (array.children.is_null() || schema.children.is_null()) {
        return Err("the table's columns are a null pointer".to_owned());
    }
    let rows = array.length as usize;
    let mut columns: Vec<Option<ArrayRef>> = vec![None; expected.len()];
    for at in 0..count {
        // SAFETY: both structures say that they have so many children; null pointers are caught.
        let (schema, child) = unsafe { ((*schema.children.add(at)).as_ref(), (*array.children.add(at)).as_ref()) };
        let (Some(schema), Some(child)) = (schema, child) else { return Err(format!("column {at} is a null pointer")) };
        // SAFETY: as this function's.
        let name = unsafe { name(schema.name) }?;
        let Some(place) = expected.iter().position(|(own, _)| *own == name) else {
            return Err(format!("column `{name}` is not declared"));
        };
        if columns[place].is_some() {
            return Err(format!("column `{name}` is there twice"));
        }
        // SAFETY: as this function's.
        let column = unsafe { column(schema, child, array.offset, rows, expected[place].1) };
        columns[place] = Some(column.map_err(|message| format!("column `{name}`: {message}"))?);
    }
    let columns = columns.into_iter().zip(expected).map(|(column, (_, kind))| column.unwrap_or_else(|| nulls_of(*kind, rows)));
    Ok(Imported { rows, columns: columns.collect() })
}

fn nulls_of(kind: ColumnKind, rows: usize) -> ArrayRef {
    arrow_array::new_null_array(&kind.arrow(), rows)
}

/// A name: at most so many bytes, UTF-8.
unsafe fn name<'a>(pointer: *const c_char) -> Result<&'a str, String> {
    if pointer.is_null() {
        return Ok("");
    }
    for length in 0..=LONGEST_NAME {
        // SAFETY: a C string ends with a zero byte, and none was met so far.
        if unsafe { *pointer.add(length) } == 0 {
            // SAFETY: these bytes were just read.
            let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) };
            return std::str::from_utf8(bytes).map_err(|_| "a name is not UTF-8".to_owned());
        }
    }
    Err(format!("a name is longer than {LONGEST_NAME} bytes"))
}

/// Copies values out of a buffer that may be unaligned.
unsafe fn copied<T: Copy + Default>(buffer: *const c_void, skip: usize, count: usize) -> Vec<T> {
    let mut values = vec![T::default(); count];
    // SAFETY: the caller vouches for the buffer's length; bytes are copied, so that alignment does not matter.
    unsafe {
        let from = buffer.cast::<u8>().add(skip * size_of::<T>());
        std::ptr::copy_nonoverlapping(from, values.as_mut_ptr().cast::<u8>(), count * size_of::<T>());
    }
    values
}

unsafe fn bits(buffer: *const c_void, offset: usize, count: usize) -> BooleanBuffer {
    // SAFETY: as the caller's.
    let bytes: Vec<u8> = unsafe { copied(buffer, 0, (offset + count).div_ceil(8)) };
    BooleanBuffer::new(Buffer::from_vec(bytes), offset, count)
}

unsafe fn column(
    schema: &ArrowSchema,
    array: &ArrowArray,
    before: i64,
    rows: usize,
    kind: ColumnKind,
) -> Result<ArrayRef, String> {
    // SAFETY: as the caller's.
    let format = unsafe { name(schema.format) }?;
    if !schema.dictionary.is_null() || !array.dictionary.is_null() {
        return Err("dictionaries are not taken: give plain values".to_owned());
    }
    if array.offset < 0 || array.offset > MOST_ROWS {
        return Err(format!("its offset is {}", array.offset));
    }
    if array.length < before + rows as i64 || array.length > 2 * MOST_ROWS {
        return Err(format!("it has {} values for {} rows", array.length, before + rows as i64));
    }
    let wanted = match format {
        "u" | "U" => 3,
        _ => 2,
    };
    if array.n_buffers != wanted || array.buffers.is_null() {
        return Err(format!("type `{format}` has {wanted} buffers, this one {}", array.n_buffers));
    }
    // SAFETY: there are so many buffers.
    let buffer = |at: usize| unsafe { *array.buffers.add(at) };
    let offset = (array.offset + before) as usize;
    if rows == 0 {
        return match accepted(format, kind) {
            true => Ok(nulls_of(kind, 0)),
            false => Err(format!("its type is `{format}`, declared is {}", shown(kind))),
        };
    }
    let nulls = match (array.null_count, buffer(0).is_null()) {
        (0, _) | (-1, true) => None,
        (count, true) if count > 0 => return Err(format!("{count} nulls are told, but there is no validity bitmap")),
        (count, _) if count < -1 => return Err(format!("its number of nulls is {count}")),
        // SAFETY: the bitmap has a bit for each value.
        _ => Some(NullBuffer::new(unsafe { bits(buffer(0), offset, rows) })),
    };
    if buffer(1).is_null() {
        return Err("its values are a null pointer".to_owned());
    }
    let is_null = |row: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
    macro_rules! whole {
        ($type:ty) => {{
            // SAFETY: the buffer has so many values.
            let values: Vec<$type> = unsafe { copied(buffer(1), offset, rows) };
            if kind == ColumnKind::Number {
                let values: Vec<f64> = values.into_iter().map(|value| value as f64).collect();
                Arc::new(Float64Array::try_new(values.into(), nulls).map_err(|error| error.to_string())?) as ArrayRef
            } else {
                let mut fitting = Vec::with_capacity(rows);
                for (row, value) in values.into_iter().enumerate() {
                    match u32::try_from(value) {
                        Ok(value) => fitting.push(value),
                        Err(_) if is_null(row) => fitting.push(0),
                        Err(_) => return Err(format!("{value} does not fit: whole numbers are 0 to 4294967295")),
                    }
                }
                Arc::new(UInt32Array::try_new(fitting.into(), nulls).map_err(|error| error.to_string())?) as ArrayRef
            }
        }};
    }
    if !accepted(format, kind) {
        return Err(format!("its type is `{format}`, declared is {}", shown(kind)));
    }
    let array: ArrayRef = match format {
        "u" => {
            // SAFETY: text of so many rows has one offset more.
            let offsets: Vec<i32> = unsafe { copied(buffer(1), offset, rows + 1) };
            let offsets: Vec<i64> = offsets.into_iter().map(i64::from).collect();
            // SAFETY: the offsets say how long the text is.
            unsafe { text(&offsets, buffer(2), nulls) }?
        }
        "U" => {
            // SAFETY: as above.
            let offsets: Vec<i64> = unsafe { copied(buffer(1), offset, rows + 1) };
            // SAFETY: as above.
            unsafe { text(&offsets, buffer(2), nulls) }?
        }
        "I" => whole!(u32),
        "i" => whole!(i32),
        "L" => whole!(u64),
        "l" => whole!(i64),
        "S" => whole!(u16),
        "s" => whole!(i16),
        "C" => whole!(u8),
        "c" => whole!(i8),
        "g" => {
            // SAFETY: the buffer has so many values.
            let values: Vec<f64> = unsafe { copied(buffer(1), offset, rows) };
            Arc::new(Float64Array::try_new(values.into(), nulls).map_err(|error| error.to_string())?)
        }
        "f" => {
            // SAFETY: the buffer has so many values.
            let values: Vec<f32> = unsafe { copied(buffer(1), offset, rows) };
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            Arc::new(Float64Array::try_new(values.into(), nulls).map_err(|error| error.to_string())?)
        }
        // SAFETY: the buffer has a bit for each value.
        "b" => Arc::new(BooleanArray::new(unsafe { bits(buffer(1), offset, rows) }, nulls)),
        _ => {
            // SAFETY: the buffer has so many values.
            let values: Vec<i32> = unsafe { copied(buffer(1), offset, rows) };
            Arc::new(Date32Array::try_new(values.into(), nulls).map_err(|error| error.to_string())?)
        }
    };
    Ok(array)
}

fn accepted(format: &str, kind: ColumnKind) -> bool {
    let whole = matches!(format, "I" | "i" | "L" | "l" | "S" | "s" | "C" | "c");
    match kind {
        ColumnKind::Text => matches!(format, "u" | "U"),
        ColumnKind::Integer => whole,
        ColumnKind::Number => whole || matches!(format, "g" | "f"),
        ColumnKind::Boolean => format == "b",
        ColumnKind::Date => format == "tdD",
    }
}

fn shown(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text (`u` or `U`)",
        ColumnKind::Integer => "whole numbers (`I`, or another integer type)",
        ColumnKind::Number => "numbers (`g`, or another numeric type)",
        ColumnKind::Boolean => "booleans (`b`)",
        ColumnKind::Date => "days (`tdD`)",
    }
}

/// Text between offsets: sorted, not too long, UTF-8, and cut on characters.
unsafe fn text(offsets: &[i64], bytes: *const c_void, nulls: Option<NullBuffer>) -> Result<ArrayRef, String> {
    let (first, last) = (offsets.first().copied().unwrap_or(0), offsets.last().copied().unwrap_or(0));
    if first < 0 || !offsets.is_sorted() {
        return Err("its offsets go backwards".to_owned());
    }
    if last - first > MOST_BYTES {
        return Err(format!("its text is {} bytes long; at most {MOST_BYTES} are taken", last - first));
    }
    if last > first && bytes.is_null() {
        return Err("its text is a null pointer".to_owned());
    }
    // SAFETY: the offsets say how long the text is.
    let bytes: Vec<u8> =
        if last > first { unsafe { copied(bytes, first as usize, (last - first) as usize) } } else { Vec::new() };
    let from_start: Vec<i32> = offsets.iter().map(|offset| (offset - first) as i32).collect();
    let whole = std::str::from_utf8(&bytes).map_err(|error| format!("its text is not UTF-8 at byte {}", error.valid_up_to()))?;
    if let Some(cut) = from_start.iter().find(|offset| !whole.is_char_boundary(**offset as usize)) {
        return Err(format!("a text is cut inside a character, at byte {cut}"));
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(from_start));
    let array = StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls).map_err(|error| error.to_string())?;
    Ok(Arc::new(array))
}
