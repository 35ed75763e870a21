//! Measures the stage on histories whose expressions of time are marked with TIMEX2 in the text.

use std::path::Path;

use chancery_model::DateType;
use jiff::civil::Date;

use crate::harness::Harness;

/// What was found of what is marked.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Expressions marked.
    pub marked: usize,
    /// Expressions found.
    pub found: usize,
    /// Found with exactly the marked span.
    pub strict: usize,
    /// Found with a span that overlaps.
    pub relaxed: usize,
    /// Of those that overlap: with the marked value.
    pub value: usize,
}

impl Figures {
    /// F1 of exact spans.
    #[must_use]
    pub fn strict_f1(&self) -> f64 {
        f1(self.strict, self.found, self.marked)
    }

    /// F1 of overlapping spans.
    #[must_use]
    pub fn relaxed_f1(&self) -> f64 {
        f1(self.relaxed, self.found, self.marked)
    }

    /// Share of overlapping spans whose value is right.
    #[must_use]
    pub fn value_accuracy(&self) -> f64 {
        self.value as f64 / self.relaxed.max(1) as f64
    }

    /// F1 of overlapping spans with the right value.
    #[must_use]
    pub fn value_f1(&self) -> f64 {
        f1(self.value, self.found, self.marked)
    }
}

fn f1(right: usize, found: usize, marked: usize) -> f64 {
    2.0 * right as f64 / (found + marked).max(1) as f64
}

/// A marked expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Bytes of the plain text.
    pub start: usize,
    /// One past them.
    pub end: usize,
    /// Its value; empty where none is given.
    pub value: String,
}

/// A text with its marks.
#[derive(Debug, Default)]
pub struct Marked {
    /// The plain text.
    pub text: String,
    /// Day of publication.
    pub published: Option<Date>,
    /// The marks, outermost only, in text order.
    pub marks: Vec<Mark>,
}

/// Reads a text with TIMEX2 marks in it.
#[must_use]
pub fn read(source: &str) -> Marked {
    let mut marked = Marked::default();
    if let Some((_, rest)) = source.split_once("<DATETIME>") {
        let inside = rest.split("</TIMEX2>").next().unwrap_or_default();
        let stamp = inside.rsplit('>').next().unwrap_or_default();
        marked.published = stamp.get(..10).and_then(|day| day.parse().ok());
    }
    let Some((_, body)) = source.split_once("<TEXT>") else { return marked };
    let mut rest = body.split("</TEXT>").next().unwrap_or_default();
    let mut open: Vec<Mark> = Vec::new();
    while let Some(at) = rest.find('<') {
        marked.text.push_str(&unescape(&rest[..at]));
        let Some(close) = rest[at..].find('>') else { break };
        let tag = &rest[at + 1..at + close];
        if let Some(attributes) = tag.strip_prefix("TIMEX2") {
            let value = attributes.split_once("val=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
            open.push(Mark { start: marked.text.len(), end: 0, value: value.to_owned() });
        } else if tag.starts_with("/TIMEX2")
            && let Some(mut mark) = open.pop()
        {
            mark.end = marked.text.len();
            // Blanks inside a mark are slips of the annotators.
            let kept = marked.text[mark.start..mark.end].trim_end().len();
            mark.end = mark.start + kept;
            marked.marks.push(mark);
        }
        rest = &rest[at + close + 1..];
    }
    marked.text.push_str(&unescape(rest));
    marked.marks.sort_by_key(|mark| (mark.start, mark.end));
    marked
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Measures the stage on all `*.key.xml` of a folder; each difference goes to `differ` (file, what is marked, what was found).
///
/// # Errors
/// Where the folder or a file cannot be read.
pub fn measure(folder: &Path, harness: &Harness, mut differ: impl FnMut(&str, &str, &str)) -> std::io::Result<Figures> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".key.xml"));
    paths.sort();
    let mut figures = Figures::default();
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let marked = read(&String::from_utf8_lossy(&bytes));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let document = harness.annotate(&marked.text, marked.published);
        compare(&mut figures, &marked, &document, |mark, found| differ(&name, mark, found));
    }
    Ok(figures)
}

fn compare(figures: &mut Figures, marked: &Marked, document: &chancery_model::Document, mut differ: impl FnMut(&str, &str)) {
    let dates = &document.dates;
    let mut taken = vec![false; dates.len()];
    figures.marked += marked.marks.len();
    figures.found += dates.len();
    let context = |start: usize, end: usize| {
        let from = (0..=start.saturating_sub(40)).rev().find(|at| document.text.is_char_boundary(*at)).unwrap_or(0);
        let to = (end + 25..).find(|at| *at >= document.text.len() || document.text.is_char_boundary(*at)).unwrap_or(end);
        let text = &document.text;
        format!("{}[{}]{}", &text[from..start], &text[start..end], &text[end..to.min(text.len())]).replace('\n', " ")
    };
    for mark in &marked.marks {
        let exact = dates.iter().position(|date| date.span.range() == (mark.start..mark.end));
        let overlapping = || {
            (0..dates.len()).find(|at| {
                let span = dates[*at].span;
                !taken[*at] && (span.start as usize) < mark.end && mark.start < span.end as usize
            })
        };
        let Some(at) = exact.filter(|at| !taken[*at]).or_else(overlapping) else {
            differ(&format!("missed {} {}", mark.value, context(mark.start, mark.end)), "");
            continue;
        };
        taken[at] = true;
        figures.relaxed += 1;
        let date = &dates[at];
        figures.strict += usize::from(date.span.range() == (mark.start..mark.end));
        let right = same_value(&mark.value, date.r#type, &date.value);
        figures.value += usize::from(right);
        if !right || date.span.range() != (mark.start..mark.end) {
            let what = if right { "span" } else { "value" };
            differ(
                &format!("{what} {} {}", mark.value, context(mark.start, mark.end)),
                &format!("{} {}", date.value, document.slice(date.span)),
            );
        }
    }
    for (date, _) in dates.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        differ("extra", &format!("{} {}", date.value, context(date.span.start as usize, date.span.end as usize)));
    }
}

/// Whether a TIMEX2 value and ours say the same: parts left open at the end count as absent.
fn same_value(marked: &str, r#type: DateType, ours: &str) -> bool {
    let plain = |value: &str| {
        let mut value = value.to_owned();
        while let Some(shorter) = value.strip_suffix("-XX").or_else(|| value.strip_suffix("-WXX")) {
            value = shorter.to_owned();
        }
        value
    };
    let recurring = |period: &str| match period {
        "P1D" => "XXXX-XX-XX",
        "P1W" => "XXXX-WXX",
        "P1M" => "XXXX-XX",
        "P1Y" => "XXXX",
        _ => "",
    };
    plain(marked) == plain(ours) || (r#type == DateType::Set && plain(recurring(ours)) == plain(marked) && !marked.is_empty())
}
