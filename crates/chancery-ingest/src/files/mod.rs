//! `use: files`: documents from files and folders, in the formats of this crate.
//!
//! # Invariants
//! - Files are read in the order of the settings' paths, within each by name; no file twice.
//! - Every file that a path names is read, or told of: a reject for one that cannot be read or has no reader, a
//!   notice in the log for hidden ones.

mod find;
mod settings;

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_model::{Document, Parser, Raw, Reject, Source};
use chancery_settings::{Fault, Settings, Value, closest};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::formats::{FORMATS, FormatEntry, Options, Reading, Records, by_ending, fill_from_yaml, finish};
use crate::{Context, Entry, decode};
use find::Found;
use settings::FilesSettings;

/// `use: files`.
pub const ENTRY: Entry = Entry {
    name: "files",
    summary: "Documents from files: text, Markdown, HTML, JSON Lines, CSV",
    example: "{ paths: [\".\"], exclude: [\"**/*.meta.yaml\"], defaults: { published: 2023-04-14 } }",
    schema: || schemars::schema_for!(FilesSettings),
    build,
};

/// The ending of a file beside another that holds its metadata: `name.meta.yaml` for `name.txt`.
const SIDECAR: &str = ".meta.yaml";
/// How much of a file of records decides on its encoding.
const SNIFFED_BYTES: usize = 64 * 1024;

fn build(raw: &Settings, context: &Context) -> Result<Box<dyn Source>, Vec<Fault>> {
    let settings = raw.read::<FilesSettings>()?;
    let mut faults = Vec::new();
    let mut fault = |key: &str, number: Option<usize>, message: String| {
        let node = key.split('.').try_fold(raw.node(), |node, part| node.get(part));
        let at = match (node.map(|node| &node.value), number) {
            (Some(Value::List(list)), Some(number)) if number < list.len() => list[number].at.clone(),
            _ => node.map_or_else(|| raw.at(key), |node| node.at.clone()),
        };
        faults.push(Fault::new("files::settings", at, message));
    };
    let format = settings.format.as_deref().and_then(|name| {
        let found = FORMATS.iter().find(|format| format.name == name);
        if found.is_none() {
            let hint = closest(name, FORMATS.iter().map(|format| format.name))
                .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            fault("format", None, format!("there is no format `{name}`{hint}"));
        }
        found
    });
    let encoding = settings
        .encoding
        .as_deref()
        .and_then(|label| decode::label(label).map_err(|message| fault("encoding", None, message)).ok());
    let defaults = &settings.defaults;
    if let Some(date) = defaults.published.as_deref().filter(|date| crate::parse_date(date).is_none()) {
        fault("defaults.published", None, format!("`published: {date}` is no date; write it like 2023-04-14"));
    }
    let mut exclude = Vec::new();
    for (number, text) in settings.exclude.iter().enumerate() {
        match find::pattern(text) {
            Ok(pattern) => exclude.push(pattern),
            Err(message) => fault("exclude", Some(number), format!("`{text}` is no pattern: {message}")),
        }
    }
    if settings.paths.is_empty() {
        fault("paths", None, "there are no `paths` to read".to_owned());
    }
    let (mut files, mut unreadable, mut seen) = (VecDeque::new(), VecDeque::new(), BTreeSet::new());
    for (number, path) in settings.paths.iter().enumerate() {
        match find::list(&context.base, path) {
            Err(message) => fault("paths", Some(number), message),
            Ok(listing) => {
                if listing.hidden > 0 {
                    tracing::info!(path, hidden = listing.hidden, "hidden files are left out");
                }
                let wanted =
                    |file: &Found| !file.uri.ends_with(SIDECAR) && !exclude.iter().any(|pattern| pattern.is_match(&*file.uri));
                let (before, listed) = (files.len(), !listing.files.is_empty());
                files.extend(listing.files.into_iter().filter(wanted).filter(|file| seen.insert(file.uri.clone())));
                if files.len() == before && listing.unreadable.is_empty() && !listed {
                    fault("paths", Some(number), format!("`{path}` names no file"));
                }
                unreadable.extend(listing.unreadable);
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let options = Arc::new(Options {
        encoding,
        columns: settings.columns,
        defaults: settings.defaults,
        max_document_bytes: context.max_document_bytes,
    });
    Ok(Box::new(Files {
        base: context.base.clone(),
        total: files.iter().map(|file| file.bytes).sum(),
        files,
        unreadable,
        format,
        options,
        open: None,
    }))
}

/// A file of records that is being read.
struct Open {
    uri: Arc<str>,
    records: Box<dyn Iterator<Item = Raw> + Send>,
    read: Arc<Mutex<Counted>>,
    wrap: Arc<Options>,
}

/// What has been read of a file.
#[derive(Default)]
struct Counted {
    bytes: u64,
    hash: blake3::Hasher,
}

struct Files {
    base: PathBuf,
    total: u64,
    files: VecDeque<Found>,
    unreadable: VecDeque<(String, String)>,
    format: Option<&'static FormatEntry>,
    options: Arc<Options>,
    open: Option<Open>,
}

impl Source for Files {
    fn total_bytes(&self) -> Option<u64> {
        Some(self.total)
    }

    fn next(&mut self) -> Option<Raw> {
        if let Some((path, message)) = self.unreadable.pop_front() {
            return Some(reject(&path.into(), "unreadable", message));
        }
        if let Some(open) = &mut self.open {
            if let Some(raw) = open.records.next() {
                return Some(finishing(raw, &open.wrap));
            }
            let raw = told(&open.uri, &open.read.lock().unwrap_or_else(PoisonError::into_inner));
            self.open = None;
            return Some(raw);
        }
        let file = self.files.pop_front()?;
        let uri: Arc<str> = file.uri.into();
        let Some(format) = self.format.or_else(|| by_ending(&uri)) else {
            let endings = FORMATS.iter().flat_map(|format| format.endings).copied().collect::<Vec<_>>().join(", ");
            return Some(reject(
                &uri,
                "format",
                format!("no reader for a name like this (known endings: {endings}); set `format:` or `exclude:` it"),
            ));
        };
        match &format.reading {
            Reading::Whole(parser) => Some(self.whole(&uri, file.bytes, parser(Arc::clone(&self.options)))),
            Reading::Records(records) => match self.records(&uri) {
                Err(error) => Some(reject(&uri, "unreadable", error.to_string())),
                Ok((bytes, read)) => {
                    let records = records(Records { uri: Arc::clone(&uri), bytes }, Arc::clone(&self.options));
                    self.open = Some(Open { uri, records, read, wrap: Arc::clone(&self.options) });
                    self.next()
                }
            },
        }
    }
}

fn reject(uri: &Arc<str>, code: &'static str, message: String) -> Raw {
    Raw::Rejected { uri: Arc::clone(uri), record: String::new(), reject: Reject::new("files", code, message) }
}

fn told(uri: &Arc<str>, read: &Counted) -> Raw {
    Raw::File { uri: Arc::clone(uri), bytes: read.bytes, blake3: read.hash.finalize().to_hex().to_string() }
}

impl Files {
    /// Reads a file that is one document.
    fn whole(&mut self, uri: &Arc<str>, size: u64, parser: Arc<dyn Parser>) -> Raw {
        let path = self.base.join(&**uri);
        if size > self.options.max_document_bytes as u64 {
            let message =
                format!("the file has {size} bytes, more than max_document_bytes ({})", self.options.max_document_bytes);
            return reject(uri, "too_large", message);
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => return reject(uri, "unreadable", error.to_string()),
        };
        let sidecar = match self.sidecar(uri) {
            Ok(sidecar) => sidecar,
            Err(message) => return reject(uri, "metadata", message),
        };
        let mut read = Counted { bytes: bytes.len() as u64, ..Counted::default() };
        read.hash.update(&bytes);
        let raw = Raw::Unparsed {
            uri: Arc::clone(uri),
            record: String::new(),
            bytes,
            parser: Arc::new(Finishing { parser, sidecar, options: Arc::clone(&self.options) }),
        };
        self.open = Some(Open {
            uri: Arc::clone(uri),
            records: Box::new(std::iter::empty()),
            read: Arc::new(Mutex::new(read)),
            wrap: Arc::clone(&self.options),
        });
        raw
    }

    /// The metadata beside a file, where there is any.
    fn sidecar(&self, uri: &str) -> Result<Option<String>, String> {
        let stem = uri.rsplit_once('.').map_or(uri, |(stem, _)| stem);
        let path = self.base.join(format!("{stem}{SIDECAR}"));
        match std::fs::read_to_string(&path) {
            Ok(yaml) => Ok(Some(yaml)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{stem}{SIDECAR}: {error}")),
        }
    }

    /// Opens a file of records: its bytes as UTF-8, and the count of what has been read.
    fn records(&self, uri: &str) -> std::io::Result<(Box<dyn Read + Send>, Arc<Mutex<Counted>>)> {
        let read = Arc::new(Mutex::new(Counted::default()));
        let mut file = Counting { file: File::open(self.base.join(uri))?, read: Arc::clone(&read) };
        let mut start = Vec::with_capacity(SNIFFED_BYTES);
        (&mut file).take(SNIFFED_BYTES as u64).read_to_end(&mut start)?;
        let encoding = self.options.encoding.or_else(|| decode::sniff(&start));
        let bytes = Cursor::new(start).chain(file);
        let bytes = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(true)
            .build(bytes);
        Ok((Box::new(bytes), read))
    }
}

/// Counts and hashes what is read of a file.
struct Counting {
    file: File,
    read: Arc<Mutex<Counted>>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.bytes += count as u64;
        read.hash.update(&buffer[..count]);
        Ok(count)
    }
}

/// A format's parser, and what comes after it: the sidecar's word, the defaults, the id.
struct Finishing {
    parser: Arc<dyn Parser>,
    sidecar: Option<String>,
    options: Arc<Options>,
}

impl Parser for Finishing {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let mut document = self.parser.parse(uri, record, bytes)?;
        if let Some(yaml) = &self.sidecar {
            fill_from_yaml(&mut document.meta, yaml)?;
        }
        finish(document, &self.options)
    }
}

fn finishing(raw: Raw, options: &Arc<Options>) -> Raw {
    match raw {
        Raw::Unparsed { uri, record, bytes, parser } => {
            let parser = Arc::new(Finishing { parser, sidecar: None, options: Arc::clone(options) });
            Raw::Unparsed { uri, record, bytes, parser }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(folder: &Path, yaml: &str) -> Vec<Result<Document, (String, Reject)>> {
        let context = Context { base: folder.to_owned(), max_document_bytes: 1000 };
        let mut source = build(&Settings::from_yaml(yaml).unwrap(), &context).unwrap_or_else(|faults| panic!("{faults:?}"));
        let mut found = Vec::new();
        while let Some(raw) = source.next() {
            match raw {
                Raw::Unparsed { uri, record, bytes, parser } => {
                    found.push(parser.parse(&uri, &record, bytes).map_err(|reject| (uri.to_string(), reject)));
                }
                Raw::Rejected { uri, reject, .. } => found.push(Err((uri.to_string(), reject))),
                Raw::File { blake3, .. } => assert_eq!(blake3.len(), 64),
                Raw::Ready(_) => panic!("files are parsed by workers"),
            }
        }
        found
    }

    #[test]
    fn sidecars_and_defaults_fill_what_a_text_does_not_say() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "One.\r\nTwo.").unwrap();
        std::fs::write(folder.path().join("a.meta.yaml"), "title: A\nid: first\npublished: 2020-01-02\n").unwrap();
        std::fs::write(folder.path().join("b.txt"), "Three.").unwrap();
        let found = read(folder.path(), "{ paths: [\"*.txt\"], defaults: { published: 2023-04-14, publisher: P } }");
        let (a, b) = (found[0].as_ref().unwrap(), found[1].as_ref().unwrap());
        assert_eq!((a.id.as_str(), a.meta.title.as_str(), a.text.as_str()), ("first", "A", "One.\nTwo."));
        assert_eq!(a.published().map(|date| date.to_string()), Some("2020-01-02".into()));
        assert_eq!((b.id.len(), b.meta.publisher.as_str()), (16, "P"));
        assert_eq!(b.published().map(|date| date.to_string()), Some("2023-04-14".into()));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in
            [("a.txt", b"".as_slice()), ("b.pdf", b"%PDF"), ("c.txt", b"\0\x01"), ("d.txt", &[b'x'; 2000]), ("e.txt", b"Good.")]
        {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        std::fs::write(folder.path().join("e.meta.yaml"), "title: [").unwrap();
        let codes: Vec<_> = read(folder.path(), "{ paths: [\".\"] }").into_iter().map(|one| one.unwrap_err().1.code).collect();
        assert_eq!(codes, ["empty", "format", "binary", "too_large", "metadata"]);
    }

    #[test]
    fn a_table_in_another_encoding_is_transcoded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("a.csv"),
            b"text,title\n\"Caf\xe9 \x93no\x94, he said in the city of M\xfcnchen.\",T\n",
        )
        .unwrap();
        let found = read(folder.path(), "{ paths: [a.csv] }");
        assert_eq!(found[0].as_ref().unwrap().text, "Café “no”, he said in the city of München.");
    }

    #[test]
    fn every_fault_of_the_settings_is_told_at_its_place() {
        let yaml = "paths: [nowhere.txt, \"[\"]\nformat: htlm\nencoding: klingon\ndefaults: { published: soon }\n";
        let context = Context { base: ".".into(), max_document_bytes: 1000 };
        let faults = build(&Settings::from_yaml(yaml).unwrap(), &context).map(|_| ()).unwrap_err();
        let words: Vec<_> = faults.iter().map(|fault| yaml[fault.at.clone()].to_owned()).collect();
        assert_eq!(words, ["htlm", "klingon", "soon", "nowhere.txt", "\"[\""]);
        assert!(faults[0].message.contains("`html`"));
    }
}
