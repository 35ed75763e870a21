//! Reads the corpora of named entities: IOB columns, and the entities in the MISC column of UD's GUM.

use std::path::Path;

use anyhow::{Context, Result};
use chancery_annotate::entities::tagger::Label;
use chancery_model::{Document, Sentence, Span, TokenRange};

/// A document of a corpus, with the label of each token.
pub struct Sample {
    /// Tokens and sentences, as the corpus has them.
    pub doc: Document,
    /// Labels, one a token.
    pub labels: Vec<Label>,
}

#[derive(Default)]
struct Builder {
    samples: Vec<Sample>,
    doc: Document,
    labels: Vec<Label>,
    sentence: usize,
}

impl Builder {
    fn token(&mut self, form: &str, label: Label) {
        if !self.doc.text.is_empty() {
            self.doc.text.push(' ');
        }
        let start = self.doc.text.len();
        self.doc.text.push_str(form);
        self.doc.tokens.push(Span::of(start..self.doc.text.len()));
        self.labels.push(label);
    }

    fn end_sentence(&mut self) {
        let end = self.doc.tokens.len();
        if end > self.sentence {
            let span = self.doc.tokens.span[self.sentence].join(self.doc.tokens.span[end - 1]);
            let tokens = TokenRange::new(self.sentence as u32, end as u32);
            self.doc.sentences.push(Sentence { span, tokens, paragraph: 0 });
            self.sentence = end;
        }
    }

    fn end_document(&mut self) {
        self.end_sentence();
        if !self.labels.is_empty() {
            self.samples.push(Sample { doc: std::mem::take(&mut self.doc), labels: std::mem::take(&mut self.labels) });
        }
        self.sentence = 0;
    }
}

/// Reads a file: `*.conllu` (GUM's entities), `*.iob2` (UNER) or `*.conll*` (WikiGold, re3d), by its name.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path) -> Result<Vec<Sample>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(match path.extension().and_then(|extension| extension.to_str()) {
        Some("conllu") => gum(&text),
        _ => columns(&text),
    })
}

/// `PER`, `Person`, `LOC` … as the label that begins such a name.
fn kind(name: &str) -> Option<(Label, Label)> {
    Some(match name {
        "PER" | "Person" | "person" => (Label::BeginPerson, Label::InPerson),
        "ORG" | "Organisation" | "organization" => (Label::BeginOrganization, Label::InOrganization),
        "LOC" | "Location" | "place" => (Label::BeginPlace, Label::InPlace),
        _ => return None,
    })
}

/// IOB1 or IOB2 in the columns of UNER (number, form, tag), WikiGold (form tag) or re3d (form, tag).
fn columns(text: &str) -> Vec<Sample> {
    let mut builder = Builder::default();
    let mut before = String::new();
    for line in text.lines() {
        if line.starts_with("# newdoc") || line.starts_with("-DOCSTART-") {
            builder.end_document();
            before.clear();
            continue;
        }
        if line.trim().is_empty() {
            builder.end_sentence();
            before.clear();
            continue;
        }
        if line.starts_with("# ") {
            continue;
        }
        let cells: Vec<&str> = line.split(['\t', ' ']).collect();
        let (form, tag) = match cells[..] {
            [number, form, tag, ..] if number.bytes().all(|byte| byte.is_ascii_digit()) => (form, tag),
            [form, tag] => (form, tag),
            _ => continue,
        };
        let (prefix, name) = tag.split_once('-').unwrap_or(("O", ""));
        let label = match kind(name) {
            Some((begin, inside)) => {
                if prefix == "B" || before != name {
                    begin
                } else {
                    inside
                }
            }
            None => Label::Out,
        };
        before.clear();
        before.push_str(name);
        builder.token(form, label);
    }
    builder.end_document();
    builder.samples
}

struct Open {
    group: String,
    kind: Option<(Label, Label)>,
    heads: Vec<usize>,
    start: usize,
}

/// GUM: the mentions whose head is a proper noun, cut down to their names.
fn gum(text: &str) -> Vec<Sample> {
    let mut builder = Builder::default();
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let finish = |rows: &mut Vec<(String, String, String)>, builder: &mut Builder| {
        let labels = gum_labels(rows);
        for ((form, _, _), label) in rows.drain(..).zip(labels) {
            builder.token(&form, label);
        }
        builder.end_sentence();
    };
    for line in text.lines() {
        if line.starts_with("# newdoc") {
            finish(&mut rows, &mut builder);
            builder.end_document();
        } else if line.is_empty() {
            finish(&mut rows, &mut builder);
        } else if !line.starts_with('#') {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells.len() == 10 && cells[0].bytes().all(|byte| byte.is_ascii_digit()) {
                rows.push((cells[1].to_owned(), cells[3].to_owned(), cells[9].to_owned()));
            }
        }
    }
    finish(&mut rows, &mut builder);
    builder.end_document();
    builder.samples
}

/// The labels of a sentence of GUM: form, tag and MISC of each token.
fn gum_labels(rows: &[(String, String, String)]) -> Vec<Label> {
    let mut labels = vec![Label::Out; rows.len()];
    let mut open: Vec<Open> = Vec::new();
    let mut closed: Vec<(Open, usize)> = Vec::new();
    for (at, (_, _, misc)) in rows.iter().enumerate() {
        let Some(value) = misc.split('|').find_map(|item| item.strip_prefix("Entity=")) else { continue };
        let mut rest = value;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('(') {
                let end = after.find(['(', ')']).unwrap_or(after.len());
                let body = &after[..end];
                let mut parts = body.splitn(8, '-');
                let group = parts.next().unwrap_or_default().to_owned();
                let name = parts.next().unwrap_or_default();
                let heads = parts.nth(3).unwrap_or_default();
                let heads =
                    heads.split(',').filter_map(|number| number.parse::<usize>().ok()).map(|number| at + number - 1).collect();
                open.push(Open { group, kind: kind(name), heads, start: at });
                rest = &after[end..];
                if let Some(after) = rest.strip_prefix(')') {
                    closed.extend(open.pop().map(|mention| (mention, at)));
                    rest = after;
                }
            } else {
                let end = rest.find(')').map_or(rest.len(), |end| end);
                let group = &rest[..end];
                if let Some(found) = open.iter().rposition(|mention| mention.group == group) {
                    closed.push((open.remove(found), at));
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
        }
    }
    // Outer mentions first, so that a name within a name does not cut it.
    closed.sort_by_key(|(mention, end)| (mention.start, usize::MAX - end));
    for (mention, end) in closed {
        let Some((begin, inside)) = mention.kind else { continue };
        let Some((from, to)) = name_of(rows, &mention, end) else { continue };
        if labels[from..to].iter().any(|label| *label != Label::Out) {
            continue;
        }
        labels[from] = begin;
        labels[from + 1..to].fill(inside);
    }
    labels
}

/// The name within a mention: the proper nouns around its head, with what joins them.
fn name_of(rows: &[(String, String, String)], mention: &Open, end: usize) -> Option<(usize, usize)> {
    let head = *mention.heads.first()?;
    let proper = |at: usize| rows.get(at).is_some_and(|row| row.1 == "PROPN");
    let part = |at: usize| {
        proper(at)
            || rows.get(at).is_some_and(|row| {
                matches!(&*row.1, "ADJ" | "NOUN" | "NUM" | "X" | "VERB") && row.0.chars().next().is_some_and(char::is_uppercase)
            })
    };
    let head = if proper(head) { head } else { *mention.heads.iter().find(|at| proper(**at))? };
    let joint = |at: usize| {
        rows.get(at)
            .is_some_and(|row| matches!(&*row.0, "of" | "and" | "&" | "the" | "for" | "-" | "–" | "de" | "van" | "al" | "bin"))
    };
    let (mut from, mut to) = (head, head + 1);
    while from > mention.start {
        let mut at = from - 1;
        while at > mention.start && joint(at) {
            at -= 1;
        }
        if !part(at) {
            break;
        }
        from = at;
    }
    while to <= end {
        let mut at = to;
        while at <= end && joint(at) {
            at += 1;
        }
        if at > end || !part(at) {
            break;
        }
        to = at + 1;
    }
    if mention.kind.is_some_and(|(begin, _)| begin == Label::BeginPerson) {
        let title = |at: usize| TITLES.contains(&rows[at].0.trim_end_matches('.').to_lowercase().as_str());
        if let Some(last) = (from..to).rev().find(|at| title(*at)) {
            from = last + 1;
        }
        // "Director of the Centre": a description.
        if from >= to || joint(from) {
            return None;
        }
    }
    Some((from, to))
}

/// Titles that GUM counts to a person's name and other corpora do not.
const TITLES: &[&str] = &[
    "administrator",
    "admiral",
    "ambassador",
    "attorney",
    "author",
    "bishop",
    "brother",
    "captain",
    "ceo",
    "chair",
    "chairman",
    "chancellor",
    "chef",
    "chief",
    "coach",
    "colonel",
    "commander",
    "commissioner",
    "congressman",
    "councillor",
    "dean",
    "democrat",
    "deputy",
    "detective",
    "director",
    "dr",
    "editor",
    "emperor",
    "executive",
    "father",
    "founder",
    "gen",
    "general",
    "governor",
    "head",
    "inspector",
    "judge",
    "justice",
    "king",
    "lady",
    "leader",
    "lieutenant",
    "lord",
    "major",
    "manager",
    "mayor",
    "member",
    "minister",
    "miss",
    "mr",
    "mrs",
    "ms",
    "officer",
    "pope",
    "premier",
    "president",
    "prime",
    "prince",
    "princess",
    "prof",
    "professor",
    "queen",
    "rep",
    "representative",
    "republican",
    "saint",
    "secretary",
    "sen",
    "senator",
    "sergeant",
    "sheriff",
    "sir",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "treasurer",
    "vice",
];
