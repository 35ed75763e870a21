//! Batches as Arrow IPC streams: a line of JSON that says how long each table is, then the tables.
//!
//! To the child: `{"kind": "batch", "tables": [{"name": "documents", "bytes": 1234}, …]}`.
//! Back: `{"kind": "rows", "tables": […], "rejects": [{"document": 0, "code": "…", "message": "…"}]}`, a table for each layer
//! that has rows, or `{"kind": "failed", "code": "…", "message": "…"}`. Spans count bytes.

use std::io::Cursor;
use std::panic::catch_unwind;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use arrow_select::concat::concat_batches;
use chancery_model::Document;
use serde_json::{Value, json};

use super::super::Expected;
use super::super::annotator::Backend;
use super::super::answer::{Answer, Failure, Told};
use super::super::import::Imported;
use super::super::library::checked;
use super::process::{Message, Pool};

/// Bad data that a child tells of itself: of its library's, while the child is sound and may go on.
const BAD_ROWS: &str = "bad_rows";

/// A child that speaks Arrow.
pub struct Arrow {
    pub pool: Pool,
    /// Names of the needed layers.
    pub needs: Vec<String>,
}

impl Backend for Arrow {
    fn annotate(&self, _: &[Document], tables: Vec<RecordBatch>, layers: &[Expected]) -> Result<Answer, Failure> {
        let names = std::iter::once("documents").chain(self.needs.iter().map(String::as_str));
        let bytes = message("batch", names.zip(&tables), json!({})).map_err(|error| Failure::new("failed", error.to_string()))?;
        let answered = self.pool.with(|child, time_out| {
            child.send(bytes);
            child.receive(time_out).and_then(|message| answer(&message, layers))
        });
        answered.map_err(|failure| if failure.code == BAD_ROWS { Failure::bad_data(failure.message) } else { failure })
    }
}

/// A message with tables.
pub fn message<'t>(
    kind: &str,
    tables: impl Iterator<Item = (&'t str, &'t RecordBatch)>,
    mut line: Value,
) -> Result<Vec<u8>, ArrowError> {
    let mut announced = Vec::new();
    let mut payload = Vec::new();
    for (name, table) in tables {
        let before = payload.len();
        let mut writer = StreamWriter::try_new(&mut payload, &table.schema())?;
        writer.write(table)?;
        writer.finish()?;
        drop(writer);
        announced.push(json!({ "name": name, "bytes": payload.len() - before }));
    }
    line["kind"] = kind.into();
    line["tables"] = announced.into();
    let mut bytes = format!("{line}\n").into_bytes();
    bytes.append(&mut payload);
    Ok(bytes)
}

/// A table from an Arrow IPC stream, whatever its bytes are.
pub fn table(bytes: Vec<u8>) -> Result<RecordBatch, String> {
    let read = catch_unwind(|| -> Result<RecordBatch, ArrowError> {
        let reader = StreamReader::try_new(Cursor::new(bytes), None)?;
        let schema = reader.schema();
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        concat_batches(&schema, &batches)
    });
    match read {
        Ok(Ok(table)) => Ok(table),
        Ok(Err(error)) => Err(format!("it is no Arrow IPC stream: {error}")),
        Err(_) => Err("it is no Arrow IPC stream".to_owned()),
    }
}

/// What a child answers.
fn answer(message: &Message, layers: &[Expected]) -> Result<Answer, Failure> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match message.line.get("kind").and_then(Value::as_str) {
        Some("rows") => {}
        Some("failed") => {
            let code = text(&message.line, "code");
            let code = if code.is_empty() { "failed".to_owned() } else { code };
            let code = if code == "bad_data" { BAD_ROWS.to_owned() } else { code };
            return Err(Failure { code, message: text(&message.line, "message") });
        }
        _ => return Err(Failure::bad_data("its answer is neither `rows` nor `failed`")),
    }
    if let Some((name, _)) = message.tables.iter().find(|(name, _)| !layers.iter().any(|layer| layer.name == *name)) {
        return Err(Failure::bad_data(format!("it gives a layer `{name}`, which it does not declare")));
    }
    let mut tables: Vec<Imported> = Vec::with_capacity(layers.len());
    for layer in layers {
        let mut given = message.tables.iter().filter(|(name, _)| *name == layer.name);
        let bad = |message: String| Failure::bad_data(format!("layer `{}`: {message}", layer.name));
        match (given.next(), given.next()) {
            (Some((_, bytes)), None) => {
                let table = table(bytes.clone()).map_err(bad)?;
                tables.push(checked(&table, layer).map_err(|failure| bad(failure.message))?);
            }
            (None, _) => tables.push(Imported::none(layer)),
            (Some(_), Some(_)) => return Err(bad("it is given twice".to_owned())),
        }
    }
    let rejects = message.line.get("rejects").and_then(Value::as_array).into_iter().flatten();
    let rejects = rejects.map(|told| Told {
        document: told.get("document").and_then(Value::as_u64).map_or(u32::MAX, |number| number.try_into().unwrap_or(u32::MAX)),
        code: text(told, "code"),
        message: text(told, "message"),
    });
    Ok(Answer { rejects: rejects.collect(), tables })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Float64Array, StringArray, UInt32Array};
    use chancery_model::tables::ColumnKind;

    use super::*;

    fn stream() -> (Vec<u8>, Expected) {
        let table = RecordBatch::try_from_iter([
            ("doc", Arc::new(UInt32Array::from(vec![0, 0, 1])) as _),
            ("label", Arc::new(StringArray::from(vec![Some("é"), None, Some("long enough")])) as _),
            ("weight", Arc::new(Float64Array::from(vec![0.5, 1.0, -2.0])) as _),
        ])
        .unwrap();
        let bytes = message("rows", std::iter::once(("marks", &table)), json!({})).unwrap();
        let line = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let columns = [("doc", ColumnKind::Integer), ("label", ColumnKind::Text), ("weight", ColumnKind::Number)];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        (bytes[line + 1..].to_vec(), Expected { name: "marks".to_owned(), columns })
    }

    #[test]
    fn a_table_survives_the_way() {
        let (bytes, expected) = stream();
        let imported = checked(&table(bytes).unwrap(), &expected).unwrap();
        assert_eq!(imported.rows, 3);
        assert_eq!(imported.columns[1].null_count(), 1);
    }

    /// Whatever a child sends is taken or refused; nothing panics, and nothing is read that was not sent.
    #[test]
    fn damaged_streams_are_refused_or_harmless() {
        let (whole, expected) = stream();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        std::panic::set_hook(Box::new(|_| {}));
        let mut taken = 0;
        for _ in 0..3000 {
            let mut bytes = whole.clone();
            match random(3) {
                0 => bytes.truncate(random(whole.len())),
                1 => (0..=random(4)).for_each(|_| bytes[random(whole.len())] ^= 1 << random(8)),
                _ => (0..=random(3)).for_each(|_| {
                    let at = random(whole.len() - 4);
                    bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, [0x7f, 0xff, 0][random(3)]]);
                }),
            }
            if let Ok(table) = table(bytes) {
                taken += usize::from(checked(&table, &expected).is_ok());
            }
        }
        drop(std::panic::take_hook());
        assert!(taken > 0, "some damage does no harm");
    }
}
