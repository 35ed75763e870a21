//! Tables of documents, a record each: commas, semicolons or tabs, found by the header.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use chancery_model::{Document, Parser, PublishedFrom, Raw, Reject};
use csv::{ByteRecord, ReaderBuilder};

use super::{Options, Records};
use crate::decode::normalise;
use crate::metadata::{NAMES, Part, part_named, set};

pub fn records(records: Records, options: Arc<Options>) -> Box<dyn Iterator<Item = Raw> + Send> {
    let mut bytes = BufReader::with_capacity(1 << 16, records.bytes);
    let delimiter = bytes.fill_buf().map_or(b',', delimiter);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let uri = records.uri;
    let stop = |reject: Reject| -> Box<dyn Iterator<Item = Raw> + Send> {
        Box::new(std::iter::once(Raw::Rejected { uri: Arc::clone(&uri), record: String::new(), reject }))
    };
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return stop(Reject::new("files", "csv", format!("the header cannot be read: {error}"))),
    };
    let columns = match Columns::of(&header, &options) {
        Ok(columns) => columns,
        Err(reject) => return stop(reject),
    };
    let parser: Arc<dyn Parser> = Arc::new(RowParser { columns });
    let width = header.len();
    let mut number = 0u64;
    let mut record = ByteRecord::new();
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let rejected = |number: u64, reject| Some(Raw::Rejected { uri: Arc::clone(&uri), record: number.to_string(), reject });
        match reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Err(error) => {
                ended = true;
                rejected(number + 1, Reject::new("files", "unreadable", format!("reading stopped: {error}")))
            }
            Ok(true) => {
                number += 1;
                let excerpt = String::from_utf8_lossy(&record.as_slice()[..record.as_slice().len().min(400)]).into_owned();
                if record.len() != width {
                    let message = format!(
                        "the record has {} fields where the header has {width}; a quotation mark may be missing",
                        record.len()
                    );
                    return rejected(number, Reject::new("files", "csv", message).with_excerpt(&excerpt));
                }
                if record.as_slice().len() > options.max_document_bytes {
                    let message = format!("the record is longer than max_document_bytes ({})", options.max_document_bytes);
                    return rejected(number, Reject::new("files", "too_large", message).with_excerpt(&excerpt));
                }
                Some(Raw::Unparsed {
                    uri: Arc::clone(&uri),
                    record: number.to_string(),
                    bytes: pack(&record),
                    parser: Arc::clone(&parser),
                })
            }
        }
    }))
}

/// The mark that separates most of the header's fields.
fn delimiter(start: &[u8]) -> u8 {
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |mark: u8| memchr::memchr_iter(mark, header).count();
    // The last of equals wins, so that a header of one field is read with commas.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// A record as bytes on their way to a worker: each field after its length.
fn pack(record: &ByteRecord) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(record.as_slice().len() + record.len() * 4);
    for field in record {
        bytes.extend_from_slice(&(field.len() as u32).to_le_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

fn unpack(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (field, rest) = rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()));
        fields.push(field);
        bytes = rest;
    }
    fields
}

/// Which column gives which part.
struct Columns(Vec<(Part, usize)>);

impl Columns {
    fn of(header: &ByteRecord, options: &Options) -> Result<Self, Reject> {
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().trim_start_matches('\u{feff}').to_owned()).collect();
        let listed = || names.join(", ");
        let mut found = Vec::new();
        for (part, known) in NAMES {
            let position = match options.columns.get(part) {
                Some(wanted) => Some(names.iter().position(|name| name == wanted).ok_or_else(|| {
                    Reject::new("files", "csv", format!("there is no column `{wanted}`; the header has {}", listed()))
                })?),
                None => known.iter().find_map(|known| {
                    names.iter().position(|name| {
                        part_named(name) == Some(*part) && name.to_ascii_lowercase().replace([' ', '-'], "_") == *known
                    })
                }),
            };
            found.extend(position.map(|position| (*part, position)));
        }
        if !found.iter().any(|(part, _)| *part == Part::Text) {
            let message = format!("no column of the text among {}; name it with `columns: {{ text: NAME }}`", listed());
            return Err(Reject::new("files", "text", message));
        }
        Ok(Self(found))
    }
}

struct RowParser {
    columns: Columns,
}

impl Parser for RowParser {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let fields = unpack(&bytes);
        let mut document = Document { uri: Arc::clone(uri), record: record.to_owned(), ..Document::default() };
        for (part, position) in &self.columns.0 {
            let field = fields.get(*position).copied().unwrap_or_default();
            let text = std::str::from_utf8(field).map_err(|_| {
                Reject::new("files", "encoding", "the record is not UTF-8; set `encoding:` to the right one")
                    .with_excerpt(&String::from_utf8_lossy(field))
            })?;
            match part {
                Part::Text => document.text = normalise(text.to_owned()),
                part => set(&mut document.meta, *part, text, PublishedFrom::Metadata),
            }
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, options: Options) -> Vec<Result<Document, Reject>> {
        let options = Arc::new(Options { max_document_bytes: 1000, ..options });
        let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        records(Records { uri: "a.csv".into(), bytes }, options)
            .map(|raw| match raw {
                Raw::Unparsed { uri, record, bytes, parser } => parser.parse(&uri, &record, bytes),
                Raw::Rejected { reject, .. } => Err(reject),
                _ => unreachable!("records give no other kind"),
            })
            .collect()
    }

    #[test]
    fn columns_find_themselves_and_a_broken_record_harms_no_other() {
        let found = read("Headline;Body;Date\nH;\"One.\nTwo; three.\";14.04.2023\nonly one field\n;Last.;\n", Options::default());
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.text.as_str(), first.meta.title.as_str()), ("One.\nTwo; three.", "H"));
        assert!(first.meta.published.is_some());
        assert_eq!(found[1].as_ref().unwrap_err().code, "csv");
        assert_eq!(found[2].as_ref().unwrap().text, "Last.");
    }

    #[test]
    fn columns_are_named_by_the_pipeline() {
        let options = Options { columns: [(Part::Text, "story_en".to_owned())].into(), ..Options::default() };
        assert_eq!(read("text,story_en\nA.,B.\n", options).remove(0).unwrap().text, "B.");
        let options = Options { columns: [(Part::Text, "nowhere".to_owned())].into(), ..Options::default() };
        assert!(read("text\nA.\n", options).remove(0).unwrap_err().message.contains("nowhere"));
    }
}
