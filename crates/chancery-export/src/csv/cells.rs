//! From Arrow columns to CSV bytes.

use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use chancery_model::tables::Dataset;
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use jiff::ToSpan;
use jiff::civil::{Date, date};

fn writer(bytes: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).quote_style(QuoteStyle::Necessary).from_writer(bytes)
}

fn done(writer: Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// The header line of a dataset.
pub fn header(dataset: &Dataset) -> io::Result<Vec<u8>> {
    let mut writer = writer(Vec::new());
    writer.write_record(dataset.columns.iter().map(|column| &column.name))?;
    done(writer)
}

/// The lines of a batch, of these columns.
pub fn encode(batch: &RecordBatch, columns: &[usize], escape: bool) -> io::Result<Vec<u8>> {
    let mut cells = columns.iter().map(|at| Cells::of(batch.column(*at).as_ref(), escape)).collect::<io::Result<Vec<_>>>()?;
    let mut writer = writer(Vec::with_capacity(batch.get_array_memory_size()));
    for row in 0..batch.num_rows() {
        for column in &mut cells {
            writer.write_field(column.at(row))?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    done(writer)
}

/// A column, and a buffer for what it writes of a cell.
struct Cells<'a> {
    column: &'a dyn Array,
    kind: Kind,
    buffer: String,
    last_day: (i32, Date),
}

#[derive(Clone, Copy)]
enum Kind {
    Text { escape: bool },
    Unsigned,
    Signed,
    Float,
    Boolean,
    Day,
}

/// The day that Arrow counts from.
const EPOCH: Date = date(1970, 1, 1);

impl<'a> Cells<'a> {
    fn of(column: &'a dyn Array, escape: bool) -> io::Result<Self> {
        let kind = match column.data_type() {
            DataType::Utf8 => Kind::Text { escape },
            DataType::UInt32 => Kind::Unsigned,
            DataType::Int64 => Kind::Signed,
            DataType::Float64 => Kind::Float,
            DataType::Boolean => Kind::Boolean,
            DataType::Date32 => Kind::Day,
            other => return Err(io::Error::other(format!("a column of type {other} cannot be written as CSV"))),
        };
        Ok(Self { column, kind, buffer: String::new(), last_day: (0, EPOCH) })
    }

    fn at(&mut self, row: usize) -> &[u8] {
        if self.column.is_null(row) {
            return b"";
        }
        self.buffer.clear();
        match self.kind {
            Kind::Text { escape } => {
                let text = self.column.as_string::<i32>().value(row);
                if !(escape && text.starts_with(['=', '+', '-', '@', '\t', '\r'])) {
                    return text.as_bytes();
                }
                self.buffer.push('\'');
                self.buffer.push_str(text);
            }
            Kind::Unsigned => {
                self.buffer.push_str(itoa::Buffer::new().format(self.column.as_primitive::<UInt32Type>().value(row)))
            }
            Kind::Signed => self.buffer.push_str(itoa::Buffer::new().format(self.column.as_primitive::<Int64Type>().value(row))),
            Kind::Float => self.show(self.column.as_primitive::<Float64Type>().value(row)),
            Kind::Boolean => self.buffer.push_str(if self.column.as_boolean().value(row) { "true" } else { "false" }),
            Kind::Day => {
                let days = self.column.as_primitive::<Date32Type>().value(row);
                if self.last_day.0 != days {
                    self.last_day = (days, EPOCH.checked_add(days.days()).unwrap_or(EPOCH));
                }
                self.show(self.last_day.1);
            }
        }
        self.buffer.as_bytes()
    }

    fn show(&mut self, value: impl std::fmt::Display) {
        use std::fmt::Write;
        write!(self.buffer, "{value}").expect("a String takes whatever is written to it");
    }
}
