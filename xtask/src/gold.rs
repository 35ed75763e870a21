//! What a careful reader records from an article (`gold/*.toml`), and how well rows of the datasets agree with it.
//!
//! Recall counts the records that must be found (`must`, true by default); precision counts rows that match any record. Entities,
//! places and dates that only repeat a name of the gold, and rows of kinds that the gold does not list, are not wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use miette::{IntoDiagnostic, Result, WrapErr};
use toml::{Table, Value};

/// A row of a dataset, by column.
pub type Row = BTreeMap<String, String>;

/// The gold records of one article.
pub struct Gold {
    /// The article, relative to the project.
    pub article: String,
    /// Its day of publication.
    pub published: String,
    records: Table,
}

/// How many gold records were found, and how many rows are right.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub found: usize,
    pub musts: usize,
    pub right: usize,
    pub rows: usize,
}

impl Score {
    pub fn add(&mut self, other: Score) {
        self.found += other.found;
        self.musts += other.musts;
        self.right += other.right;
        self.rows += other.rows;
    }

    /// Precision, recall, F1.
    pub fn figures(&self) -> (f64, f64, f64) {
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let (precision, recall) = (share(self.right, self.rows), share(self.found, self.musts));
        (precision, recall, 2.0 * precision * recall / (precision + recall).max(1e-9))
    }
}

/// The datasets that gold files have records of: the key in the file, the dataset.
pub const KINDS: &[(&str, &str)] = &[
    ("entity", "entities"),
    ("quote", "quotes"),
    ("date", "dates"),
    ("place", "places"),
    ("event", "events"),
    ("agreement", "agreements"),
    ("quantity", "quantities"),
];

impl Gold {
    /// Reads a gold file.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).into_diagnostic().wrap_err_with(|| format!("{shown} cannot be read"))?;
        let records: Table = text.parse().into_diagnostic().wrap_err_with(|| format!("{shown} is no TOML"))?;
        let word = |key: &str| records.get(key).and_then(Value::as_str).map(str::to_owned);
        let article = word("article").ok_or_else(|| miette::miette!("{shown}: `article` names no file"))?;
        Ok(Self { article, published: word("published").unwrap_or_default(), records })
    }

    /// The records under a key.
    pub fn records(&self, key: &str) -> &[Value] {
        self.records.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Compares the rows of a dataset, about this article only, with the records. `missed` hears of what was not found, `loose` of
    /// rows that match nothing.
    pub fn score(&self, key: &str, article: &Article, rows: &[Row], mut told: impl FnMut(String)) -> Score {
        let gold = self.records(key);
        let names: BTreeSet<String> = self.records("entity").iter().flat_map(names_of).collect();
        let toponyms: BTreeSet<String> = self.records("place").iter().filter_map(|g| g.get("text")?.as_str()).map(fold).collect();
        let same = |g: &Value, row: &Row| matches(key, g, row, article);
        let mut taken = vec![false; rows.len()];
        let mut score = Score { rows: rows.len(), ..Score::default() };
        for must in [true, false] {
            for record in gold.iter().filter(|record| is_must(record) == must) {
                let hit = (0..rows.len()).find(|at| !taken[*at] && same(record, &rows[*at]));
                score.musts += usize::from(must);
                match hit {
                    Some(at) => {
                        taken[at] = true;
                        score.found += usize::from(must);
                    }
                    None if must => told(format!("missed: {record}")),
                    None => {}
                }
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let passes = taken[at] || gold.iter().any(|record| same(record, row)) || is_no_matter(key, row, &names, &toponyms);
            score.right += usize::from(passes);
            if !passes {
                let shown = [
                    "name",
                    "kind",
                    "type",
                    "status",
                    "source_country",
                    "target_country",
                    "speaker_name",
                    "value",
                    "from",
                    "to",
                    "parties",
                    "text",
                ];
                let cells = shown
                    .iter()
                    .filter_map(|column| Some(format!("{column}={}", row.get(*column).filter(|cell| !cell.is_empty())?)));
                told(format!("unexpected: {}", cells.collect::<Vec<_>>().join(" ")));
            }
        }
        score
    }
}

/// An article's text as it was exported, with the places of its lines.
pub struct Article {
    text: Vec<char>,
    lines: Vec<(usize, usize)>,
}

impl Article {
    /// Finds the lines of the source in the exported text.
    pub fn new(source: &str, exported: &str) -> Result<Self> {
        let text: Vec<char> = exported.chars().collect();
        let (mut lines, mut at) = (Vec::new(), 0);
        for line in source.lines() {
            let wanted: Vec<char> = line.trim().chars().collect();
            let found = if wanted.is_empty() {
                Some(at)
            } else {
                (at..=text.len().saturating_sub(wanted.len())).find(|at| text[*at..].starts_with(&wanted))
            };
            let start = found.ok_or_else(|| miette::miette!("the exported text lacks the line: {line}"))?;
            at = start + wanted.len();
            lines.push((start, at));
        }
        Ok(Self { text, lines })
    }

    /// Where a record's words stand.
    fn span(&self, record: &Value) -> Option<(usize, usize)> {
        let line = record.get("line")?.as_integer()? as usize;
        let words: Vec<char> = record.get("text")?.as_str()?.chars().collect();
        let (start, end) = *self.lines.get(line.checked_sub(1)?)?;
        let found = (start..=end.checked_sub(words.len())?).find(|at| self.text[*at..].starts_with(&words))?;
        Some((found, found + words.len()))
    }

    fn line_of(&self, start: usize) -> i64 {
        self.lines.iter().position(|(from, to)| *from <= start && start <= *to).map_or(0, |at| at as i64 + 1)
    }

    /// Whether a row's offsets give its text.
    pub fn holds(&self, row: &Row) -> bool {
        let Some((start, end)) = spanned(row) else { return true };
        self.text
            .get(start..end)
            .is_some_and(|words| words.iter().copied().eq(row.get("text").map_or("", String::as_str).chars()))
    }
}

fn is_must(record: &Value) -> bool {
    record.get("must").and_then(Value::as_bool).unwrap_or(true)
}

/// A name without article and case.
fn fold(name: &str) -> String {
    let lower = name.replace('\u{2019}', "'").trim().to_lowercase();
    let bare = ["the ", "a ", "an "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower);
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words<'a>(record: &'a Value, key: &str) -> Vec<&'a str> {
    match record.get(key) {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn names_of(record: &Value) -> Vec<String> {
    ["name", "alias"].iter().flat_map(|key| words(record, key)).map(fold).collect()
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn number(row: &Row, column: &str) -> Option<f64> {
    cell(row, column).parse().ok()
}

fn spanned(row: &Row) -> Option<(usize, usize)> {
    Some((cell(row, "start").parse().ok()?, cell(row, "end").parse().ok()?))
}

/// Intersection over union of two spans.
fn overlap(a: (usize, usize), b: (usize, usize)) -> f64 {
    let both = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    both as f64 / (a.1.max(b.1) - a.0.min(b.0)).max(1) as f64
}

fn shares(article: &Article, record: &Value, row: &Row, least: f64) -> bool {
    article.span(record).zip(spanned(row)).is_some_and(|(gold, found)| overlap(gold, found) >= least)
}

/// Whether the row's days agree with what the record allows.
fn days(record: &Value, row: &Row) -> bool {
    let (from, to) = (cell(row, "from"), cell(row, "to"));
    let bound = |key: &str| record.get(key).and_then(Value::as_str);
    match (bound("from").zip(bound("to")), bound("from_min").zip(bound("to_max"))) {
        (Some((first, last)), _) => from == first && to == last,
        (_, Some((first, last))) => !from.is_empty() && !to.is_empty() && first <= from && from <= to && to <= last,
        _ => true,
    }
}

fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (p, q) = (a.0.to_radians(), b.0.to_radians());
    let half = ((q - p) / 2.0).sin().powi(2) + p.cos() * q.cos() * ((b.1 - a.1).to_radians() / 2.0).sin().powi(2);
    2.0 * 6371.0 * half.sqrt().min(1.0).asin()
}

/// Whether a row is what a record says.
fn matches(key: &str, record: &Value, row: &Row, article: &Article) -> bool {
    let says = |key: &str, column: &str| words(record, key).is_empty() || words(record, key).contains(&cell(row, column));
    match key {
        "entity" => {
            let holds = |key: &str| words(record, key).iter().all(|word| fold(cell(row, key)).contains(&fold(word)));
            names_of(record).contains(&fold(cell(row, "name")))
                && says("type", "type")
                && says("country", "country")
                && says("status", "status")
                && holds("role")
                && holds("organization")
        }
        "quote" => {
            let direct = record.get("kind").and_then(Value::as_str) == Some("direct");
            let kinds: &[&str] = if direct { &["direct", "mixed"] } else { &["indirect", "mixed"] };
            kinds.contains(&cell(row, "kind")) && shares(article, record, row, 0.6) && speaker(record, row)
        }
        "date" => {
            let duration = record.get("duration").and_then(Value::as_str);
            shares(article, record, row, 0.3) && duration.map_or_else(|| days(record, row), |value| cell(row, "value") == value)
        }
        "place" => {
            let at = |key: &str| record.get(key).and_then(|value| value.as_float().or(value.as_integer().map(|n| n as f64)));
            let (Some(lat), Some(lon), Some(km)) = (at("lat"), at("lon"), at("km")) else { return false };
            let found = number(row, "latitude").zip(number(row, "longitude"));
            shares(article, record, row, 0.5)
                && says("country", "country")
                && found.is_some_and(|found| kilometres((lat, lon), found) <= km)
        }
        "event" => {
            let both = record.get("both").and_then(Value::as_bool).unwrap_or(false);
            let wanted = ["source", "target"].map(|key| record.get(key).and_then(Value::as_str).unwrap_or_default());
            let pair = [cell(row, "source_country"), cell(row, "target_country")];
            let line = record.get("line").and_then(Value::as_integer);
            spanned(row).map(|(start, _)| article.line_of(start)) == line
                && says("types", "type")
                && says("status", "status")
                && (pair == wanted || (both && [pair[1], pair[0]] == wanted))
                && days(record, row)
        }
        "agreement" => {
            let name = fold(cell(row, "name"));
            let parties: BTreeSet<&str> = cell(row, "parties").split('|').filter_map(|code| code.get(..3)).collect();
            !name.is_empty()
                && words(record, "name").iter().map(|one| fold(one)).any(|one| name.contains(&one) || one.contains(&name))
                && says("kind", "kind")
                && says("status", "status")
                && words(record, "parties").iter().all(|party| parties.contains(party))
        }
        _ => {
            let value = record.get("value").and_then(|value| value.as_float().or(value.as_integer().map(|n| n as f64)));
            let percent = record.get("unit").and_then(Value::as_str) == Some("percent");
            shares(article, record, row, 0.2)
                && value.zip(number(row, "value")).is_some_and(|(a, b)| (a - b).abs() < 1e-9)
                && (!percent || cell(row, "unit") == "percent")
        }
    }
}

fn speaker(record: &Value, row: &Row) -> bool {
    let wanted: Vec<String> = words(record, "speaker").iter().map(|name| fold(name)).collect();
    let named = ["speaker_name", "speaker_text"]
        .iter()
        .map(|column| fold(cell(row, column)))
        .filter(|name| !name.is_empty())
        .any(|name| wanted.iter().any(|one| name == *one || name.ends_with(one) || one.ends_with(&name)));
    let anonymous = record.get("anonymous").and_then(Value::as_bool);
    named
        && anonymous.is_none_or(|truth| cell(row, "anonymous") == truth.to_string())
        && record.get("country").and_then(Value::as_str).is_none_or(|country| cell(row, "speaker_country") == country)
}

/// Rows that are not wrong although no record has them.
fn is_no_matter(key: &str, row: &Row, names: &BTreeSet<String>, toponyms: &BTreeSet<String>) -> bool {
    match key {
        "entity" => ["place", "agreement", "group"].contains(&cell(row, "type")) || cell(row, "entity_id").starts_with("anon/"),
        "date" => ["DURATION", "SET"].contains(&cell(row, "type")) || cell(row, "value").ends_with("_REF"),
        "place" => {
            toponyms.contains(&fold(cell(row, "text")))
                || names.contains(&fold(cell(row, "name")))
                || ["A.", "L.", "H."].iter().any(|class| cell(row, "feature").starts_with(class))
        }
        "event" => cell(row, "source_country").is_empty() && cell(row, "target_country").is_empty(),
        "quantity" => true,
        _ => false,
    }
}
