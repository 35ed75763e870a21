//! `use: petrarch_tsv`: a line an event in the layout of PETRARCH's event files, for programs that read those.
//!
//! The old coder wrote its optional columns only where they had something to say, so that positions shifted from line to line; here
//! all thirteen are always there. Events of one document with the same day, sides and code are one line, with all their sentences.

use std::io::Write;
use std::path::PathBuf;

use chancery_model::{Document, Event, EventStatus};
use chancery_settings::Settings;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::lines::LinesSink;
use super::{code, one_line, sentence_number};
use crate::{Entry, Selection, Target};

/// `use: petrarch_tsv`.
pub const ENTRY: Entry = Entry {
    name: "petrarch_tsv",
    summary: "Events as tab-separated lines in PETRARCH's layout",
    example: "{ to: out/, unknown_sides: false, header: false }",
    schema: || schemars::schema_for!(PetrarchSettings),
    build: |raw: &Settings| {
        let settings = raw.read::<PetrarchSettings>()?;
        let header = if settings.header { format!("{}\n", COLUMNS.join("\t")) } else { String::new() };
        let unknown = settings.unknown_sides;
        let lines = Box::new(move |document: &Document, out: &mut Vec<u8>| lines(document, unknown, out));
        let sink = Box::new(LinesSink::new("events.petrarch.tsv", header, lines));
        Ok(Target { sink, to: settings.to, selection: Selection { only: vec!["events".to_owned()], ..Selection::default() } })
    },
};

/// The columns, in their order.
const COLUMNS: [&str; 13] = [
    "date",
    "source",
    "target",
    "event",
    "issues",
    "sentence_ids",
    "url",
    "publisher",
    "source_text",
    "target_text",
    "event_text",
    "source_root",
    "target_root",
];

/// What stands where nothing is known.
const ABSENT: &str = "---";

/// Settings of `use: petrarch_tsv`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PetrarchSettings {
    /// The folder, relative to the pipeline file.
    to: PathBuf,
    /// Write events of which one side is not known too, with `---` for it.
    unknown_sides: bool,
    /// Begin with a line of column names; the original has none.
    header: bool,
}

impl Default for PetrarchSettings {
    fn default() -> Self {
        Self { to: PathBuf::from("out/"), unknown_sides: false, header: false }
    }
}

fn lines(document: &Document, unknown_sides: bool, out: &mut Vec<u8>) {
    let mut done = vec![false; document.events.len()];
    for (number, event) in document.events.iter().enumerate() {
        if done[number] || !matches!(event.status, EventStatus::Occurred | EventStatus::Ongoing) {
            continue;
        }
        let (source, target) = (code(document, event.source), code(document, event.target));
        let Some(day) = day(document, event) else { continue };
        if !unknown_sides && (source.is_none() || target.is_none()) {
            continue;
        }
        let mut sentences = Vec::new();
        for (later, other) in document.events.iter().enumerate().skip(number) {
            let same = other.cameo == event.cameo
                && code(document, other.source) == source
                && code(document, other.target) == target
                && self::day(document, other) == Some(day)
                && matches!(other.status, EventStatus::Occurred | EventStatus::Ongoing);
            if same {
                done[later] = true;
                sentences.push(format!("{}_{}", document.id, sentence_number(other)));
            }
        }
        sentences.dedup();
        let text = |span: Option<chancery_model::Span>| span.map_or(ABSENT.to_owned(), |span| one_line(document.slice(span)));
        let root = |code: Option<&str>| code.and_then(|code| code.get(..3)).unwrap_or(ABSENT).to_owned();
        let or_absent = |text: &str| if text.is_empty() { ABSENT.to_owned() } else { one_line(text) };
        let cells = [
            format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()),
            source.unwrap_or(ABSENT).to_owned(),
            target.unwrap_or(ABSENT).to_owned(),
            event.cameo.to_string(),
            String::new(),
            sentences.join(";"),
            or_absent(&document.meta.url),
            or_absent(&document.meta.publisher),
            text(event.source.map(|side| side.span)),
            text(event.target.map(|side| side.span)),
            text(Some(event.span)),
            root(source),
            root(target),
        ];
        // Writing into memory does not fail.
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
}

fn day(document: &Document, event: &Event) -> Option<Date> {
    event.from.or_else(|| document.published())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::tests::document;

    #[test]
    fn a_line_an_event_with_its_day_sides_and_code() {
        let mut out = Vec::new();
        lines(&document(), false, &mut out);
        let text = String::from_utf8(out).unwrap();
        let first =
            "20230414\tJPN\tCAN\t040\t\td_1\thttps://example.org/1\tExample\tJapan\tCanada\tJapan and Canada met\tJPN\tCAN";
        assert_eq!(text.lines().next(), Some(first));
        assert_eq!(text.lines().count(), 2, "what is only planned is no event of PETRARCH's");
    }

    #[test]
    fn the_same_event_in_two_sentences_is_one_line() {
        let mut twice = document();
        let mut again = twice.events[0].clone();
        again.sentence = chancery_model::SentenceIx(1);
        twice.events.push(again);
        let mut out = Vec::new();
        lines(&twice, false, &mut out);
        assert!(String::from_utf8(out).unwrap().starts_with("20230414\tJPN\tCAN\t040\t\td_1;d_2\t"));
    }
}
