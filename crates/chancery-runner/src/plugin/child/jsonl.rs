//! Documents as JSON, a line each: for scripts.
//!
//! To the child: `{"document": 0, "id": "…", "text": "…", …, "sentences": [{"start": 0, "end": 12, …}]}`. Back, in any order, one line a
//! document: `{"document": 0, "layers": {"moods": [{"start": 0, "end": 4, "mood": "glad"}]}}`, or
//! `{"document": 0, "error": "…", "code": "…"}`. Spans count characters, as `text[start:end]` does in Python.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use chancery_model::Document;
use chancery_model::tables::Offsets;
use chancery_plugin::Day;
use chancery_plugin::build::TableBuilder;
use chancery_plugin::describe::Layer;
use serde_json::{Map, Value};

use super::super::Expected;
use super::super::annotator::Backend;
use super::super::answer::{Answer, Failure, Told};
use super::super::library::imported;
use super::process::Pool;

/// A child that speaks JSON Lines.
pub struct Jsonl {
    pub pool: Pool,
    /// Names of the needed layers.
    pub needs: Vec<String>,
    /// The layers that it gives.
    pub gives: Vec<Layer>,
}

impl Backend for Jsonl {
    fn annotate(&self, documents: &[Document], tables: Vec<RecordBatch>, layers: &[Expected]) -> Result<Answer, Failure> {
        let lines = self.lines(documents, &tables);
        self.pool.with(|child, time_out| {
            child.send(lines);
            let mut builders: Vec<TableBuilder> = self.gives.iter().map(TableBuilder::layer).collect();
            let mut rejects = Vec::new();
            let mut answered = vec![false; documents.len()];
            for _ in 0..documents.len() {
                let line = child.receive(time_out)?.line;
                let number = line.get("document").and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
                let number = number.filter(|number| answered.get(*number) == Some(&false));
                let number = number.ok_or_else(|| Failure::bad_data("an answer is of no document that waits for one"))?;
                answered[number] = true;
                if let Err(told) = self.take(&line, number as u32, &documents[number].text, &mut builders) {
                    rejects.push(told);
                }
            }
            let tables = builders.into_iter().zip(layers).map(|(builder, layer)| imported(builder.finish(), layer));
            Ok(Answer { tables: tables.collect::<Result<_, _>>()?, rejects })
        })
    }
}

impl Jsonl {
    /// A line for each document.
    fn lines(&self, documents: &[Document], tables: &[RecordBatch]) -> Vec<u8> {
        let mut lines = Vec::new();
        let mut at = vec![0usize; tables.len()];
        for (number, document) in documents.iter().enumerate() {
            let offsets = Offsets::new(&document.text);
            let mut line = Map::new();
            line.insert("document".into(), number.into());
            line.extend(row(&tables[0], number, None));
            for ((name, table), at) in self.needs.iter().zip(&tables[1..]).zip(&mut at) {
                let docs = table.column(0).as_primitive::<UInt32Type>();
                let mut rows = Vec::new();
                while *at < table.num_rows() && docs.value(*at) as usize == number {
                    rows.push(Value::Object(row(table, *at, Some(&offsets))));
                    *at += 1;
                }
                line.insert(name.clone(), rows.into());
            }
            // Writing JSON of plain values into memory does not fail.
            drop(serde_json::to_writer(&mut lines, &line));
            lines.push(b'\n');
        }
        lines
    }

    /// The rows of an answer; a document whose answer is wrong is rejected.
    fn take(&self, line: &Value, number: u32, text: &str, builders: &mut [TableBuilder]) -> Result<(), Told> {
        let words = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if line.get("error").is_some_and(|error| !error.is_null()) {
            return Err(Told { document: number, code: words("code"), message: words("error") });
        }
        let before: Vec<usize> = builders.iter().map(TableBuilder::len).collect();
        let bad = |message: String| Told { document: number, code: "bad_data".to_owned(), message };
        let result = self.rows(line, number, text, builders).map_err(bad);
        if result.is_err() {
            builders.iter_mut().zip(before).for_each(|(builder, before)| builder.truncate(before));
        }
        result
    }

    fn rows(&self, line: &Value, number: u32, text: &str, builders: &mut [TableBuilder]) -> Result<(), String> {
        let Some(layers) = line.get("layers").filter(|layers| !layers.is_null()) else { return Ok(()) };
        let layers = layers.as_object().ok_or("`layers` is no object")?;
        let mut bytes = Bytes { text, starts: None };
        for (name, rows) in layers {
            let at = self.gives.iter().position(|layer| layer.name == *name);
            let at = at.ok_or_else(|| format!("it gives a layer `{name}`, which it does not declare"))?;
            let spans = self.gives[at].has_spans();
            for row in rows.as_array().ok_or_else(|| format!("layer `{name}`: its rows are no list"))? {
                let mut row = row.as_object().ok_or_else(|| format!("layer `{name}`: a row is no object"))?.clone();
                if spans {
                    for key in ["start", "end"] {
                        let Some(value) = row.get_mut(key) else { continue };
                        let count = value.as_u64().ok_or_else(|| format!("layer `{name}`: `{key}` is {value}"))?;
                        let byte =
                            bytes.of(count).ok_or_else(|| format!("layer `{name}`: `{key}` {count} lies outside the text"))?;
                        *value = byte.into();
                    }
                }
                builders[at].push(number, &row).map_err(|error| format!("layer `{name}`: {error}"))?;
            }
        }
        Ok(())
    }
}

/// From characters to bytes.
struct Bytes<'t> {
    text: &'t str,
    /// The byte at which each character begins, made when it is first asked for.
    starts: Option<Vec<u32>>,
}

impl Bytes<'_> {
    fn of(&mut self, character: u64) -> Option<u32> {
        let at = usize::try_from(character).ok()?;
        if at == 0 {
            return Some(0);
        }
        let text = self.text;
        let starts = self.starts.get_or_insert_with(|| {
            text.char_indices().map(|(byte, _)| byte as u32).chain(std::iter::once(text.len() as u32)).collect()
        });
        starts.get(at).copied()
    }
}

/// A row as JSON. With offsets, places in the text count characters.
fn row(table: &RecordBatch, row: usize, offsets: Option<&Offsets<'_>>) -> Map<String, Value> {
    let schema = table.schema();
    let fields = schema.fields().iter().zip(table.columns()).filter(|(field, _)| offsets.is_none() || field.name() != "doc");
    fields
        .map(|(field, column)| {
            let name = field.name();
            let place = matches!(name.as_str(), "start" | "end") || name.ends_with("_start") || name.ends_with("_end");
            let value = match (offsets, cell(column, row)) {
                (Some(offsets), Value::Number(number)) if place => {
                    number.as_u64().map_or(Value::Null, |byte| offsets.of(byte.try_into().unwrap_or(u32::MAX)).into())
                }
                (_, value) => value,
            };
            (name.clone(), value)
        })
        .collect()
}

fn cell(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(row)).to_string().into(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn characters_become_bytes() {
        let mut bytes = Bytes { text: "aé🏳z", starts: None };
        let found: Vec<_> = (0..6).map(|at| bytes.of(at)).collect();
        assert_eq!(found, [Some(0), Some(1), Some(3), Some(7), Some(8), None]);
    }
}
