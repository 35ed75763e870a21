//! JSON Lines: an object a line.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use chancery_model::{Document, Parser, PublishedFrom, Raw, Reject};
use serde_json::{Map, Value};

use super::{Options, Records};
use crate::decode::normalise;
use crate::metadata::{NAMES, Part, set};

pub fn records(records: Records, options: Arc<Options>) -> Box<dyn Iterator<Item = Raw> + Send> {
    let longest = options.max_document_bytes;
    Box::new(Lines {
        uri: records.uri,
        bytes: BufReader::with_capacity(1 << 16, records.bytes),
        number: 0,
        longest,
        parser: Arc::new(Object(options)),
    })
}

struct Lines {
    uri: Arc<str>,
    bytes: BufReader<Box<dyn std::io::Read + Send>>,
    number: u64,
    longest: usize,
    parser: Arc<dyn Parser>,
}

impl Iterator for Lines {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        loop {
            let mut line = Vec::new();
            let rejected =
                |number: u64, reject: Reject| Raw::Rejected { uri: Arc::clone(&self.uri), record: number.to_string(), reject };
            match read_line(&mut self.bytes, &mut line, self.longest) {
                Err(error) => {
                    // The file cannot be read further: what was read stands, and the iterator ends after this.
                    self.bytes = BufReader::new(Box::new(std::io::empty()));
                    let reject = Reject::new("files", "unreadable", format!("reading stopped: {error}"));
                    return Some(rejected(self.number + 1, reject));
                }
                Ok(Line::End) => return None,
                Ok(Line::TooLong) => {
                    self.number += 1;
                    let message = format!("the line is longer than max_document_bytes ({})", self.longest);
                    let reject = Reject::new("files", "too_large", message).with_excerpt(&String::from_utf8_lossy(&line));
                    return Some(rejected(self.number, reject));
                }
                Ok(Line::Read) => {
                    self.number += 1;
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    let (uri, parser) = (Arc::clone(&self.uri), Arc::clone(&self.parser));
                    return Some(Raw::Unparsed { uri, record: self.number.to_string(), bytes: line, parser });
                }
            }
        }
    }
}

enum Line {
    Read,
    TooLong,
    End,
}

/// Reads a line of at most `longest` bytes; of a longer one the first bytes, and the rest is skipped.
fn read_line(bytes: &mut impl BufRead, line: &mut Vec<u8>, longest: usize) -> std::io::Result<Line> {
    let mut too_long = false;
    loop {
        let chunk = bytes.fill_buf()?;
        if chunk.is_empty() {
            return Ok(if too_long {
                Line::TooLong
            } else if line.is_empty() {
                Line::End
            } else {
                Line::Read
            });
        }
        let (part, end) = memchr::memchr(b'\n', chunk).map_or((chunk, false), |at| (&chunk[..at], true));
        too_long = too_long || line.len() + part.len() > longest;
        if !too_long {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end);
        bytes.consume(used);
        if end {
            return Ok(if too_long {
                Line::TooLong
            } else {
                line.push(b'\n');
                Line::Read
            });
        }
    }
}

struct Object(Arc<Options>);

impl Object {
    /// The value of a part: the key that the pipeline names, else the most telling known one that is there.
    fn value<'a>(&self, object: &'a Map<String, Value>, part: Part) -> Option<&'a Value> {
        if let Some(key) = self.0.columns.get(&part) {
            return key.split('.').try_fold(None::<&Value>, |at, step| {
                Some(Some(match at {
                    None => object.get(step)?,
                    Some(value) => value.get(step)?,
                }))
            })?;
        }
        let names = NAMES.iter().find(|(known, _)| *known == part).map(|(_, names)| *names)?;
        let keyed = |name: &&str| {
            object.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null()).map(|(_, value)| value)
        };
        names.iter().find_map(keyed)
    }
}

impl Parser for Object {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
        let bad = |code: &'static str, message: String| Reject::new("files", code, message).with_excerpt(&shown());
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
            let encoding = std::str::from_utf8(&bytes).is_err();
            bad(if encoding { "encoding" } else { "json" }, format!("the line is no JSON: {error}"))
        })?;
        let Value::Object(object) = value else { return Err(bad("json", "the line is no JSON object".to_owned())) };
        let text = match self.value(&object, Part::Text) {
            Some(Value::String(text)) => normalise(text.clone()),
            Some(_) => return Err(bad("text", "the text is no string".to_owned())),
            None => {
                let keys = object.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                return Err(bad("text", format!("no text among the keys {keys}; name it with `columns: {{ text: KEY }}`")));
            }
        };
        let mut document = Document { uri: Arc::clone(uri), record: record.to_owned(), text, ..Document::default() };
        for (part, _) in NAMES {
            if let Some(value) = self.value(&object, *part) {
                set(&mut document.meta, *part, &text_of(value), PublishedFrom::Metadata);
            }
        }
        Ok(document)
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text_of).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
        Value::Object(object) => object.get("name").or_else(|| object.get("title")).map(text_of).unwrap_or_default(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, longest: usize) -> Vec<Result<Document, Reject>> {
        let options = Arc::new(Options { max_document_bytes: longest, ..Options::default() });
        let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        records(Records { uri: "a.jsonl".into(), bytes }, options)
            .map(|raw| match raw {
                Raw::Unparsed { uri, record, bytes, parser } => parser.parse(&uri, &record, bytes),
                Raw::Rejected { reject, .. } => Err(reject),
                _ => unreachable!("lines give no other kind"),
            })
            .collect()
    }

    #[test]
    fn records_are_read_and_a_broken_one_harms_no_other() {
        let long = format!("{{\"text\": \"{}\"}}", "x".repeat(300));
        let text = format!(
            "{{\"id\": 7, \"headline\": \"H\", \"body\": \"One.\\r\\nTwo.\", \"author\": [\"A\", \"B\"]}}\n{{broken\n\n[1]\n{{\"mood\": 1}}\n{long}\n{{\"text\": \"Last.\"}}"
        );
        let found = read(&text, 200);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.meta.id.as_str(), first.text.as_str(), first.meta.byline.as_str()), ("7", "One.\nTwo.", "A, B"));
        let codes: Vec<_> = found.iter().map(|one| one.as_ref().err().map(|reject| reject.code.to_string())).collect();
        assert_eq!(codes, [None, Some("json".into()), Some("json".into()), Some("text".into()), Some("too_large".into()), None]);
        assert_eq!(found[5].as_ref().unwrap().record, "7");
    }
}
