//! Markdown with YAML front matter: the marks are taken off, what they mark stays.

use std::sync::Arc;

use chancery_model::{Document, Metadata, Parser, PublishedFrom, Reject};
use chancery_settings::{Node, Value};
use pulldown_cmark::{Event, Options as Dialect, Parser as Markdown, Tag, TagEnd};

use super::Options;
use crate::decode::decode;
use crate::metadata::{part_named, set};

pub fn parser(options: Arc<Options>) -> Arc<dyn Parser> {
    Arc::new(FrontMatter(options))
}

struct FrontMatter(Arc<Options>);

impl Parser for FrontMatter {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let source = decode(bytes, self.0.encoding)?;
        let mut meta = Metadata::default();
        let body = match split(&source) {
            Some((front, body)) => {
                fill(&mut meta, front)?;
                body
            }
            None => source.as_str(),
        };
        let (heading, text) = plain(body);
        if meta.title.is_empty() {
            meta.title = heading;
        }
        Ok(Document { uri: Arc::clone(uri), record: record.to_owned(), meta, text, ..Document::default() })
    }
}

/// The front matter and the rest, where the text begins with a line `---` and a later one ends it.
fn split(source: &str) -> Option<(&str, &str)> {
    let rest = source.strip_prefix("---\n")?;
    let end = rest.find("\n---\n").map(|at| (at + 1, at + 5)).or_else(|| rest.starts_with("---\n").then_some((0, 4)))?;
    Some((&rest[..end.0], &rest[end.1..]))
}

/// Sets what a YAML mapping says (front matter, a sidecar file).
pub fn fill(meta: &mut Metadata, yaml: &str) -> Result<(), Reject> {
    let bad = |message: String| Reject::new("files", "metadata", message).with_excerpt(yaml);
    let node = Node::parse(yaml).map_err(|fault| bad(format!("the metadata: {fault}")))?;
    let entries = match node.value {
        Value::Map(entries) => entries,
        Value::Null => return Ok(()),
        _ => return Err(bad("the metadata is no YAML mapping like `title: …`".to_owned())),
    };
    for entry in entries {
        let Some(part) = part_named(&entry.key) else { continue };
        set(meta, part, &shown(&entry.node), PublishedFrom::Metadata);
    }
    Ok(())
}

fn shown(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::List(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Map(_) => String::new(),
    }
}

/// The first heading of the first level, and the text with its blocks as paragraphs.
fn plain(body: &str) -> (String, String) {
    let mut text = String::with_capacity(body.len());
    let (mut title, mut in_title, mut skipped) = (String::new(), false, 0u32);
    let dialect = Dialect::ENABLE_TABLES | Dialect::ENABLE_STRIKETHROUGH;
    for event in Markdown::new_ext(body, dialect) {
        match event {
            Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, .. }) if title.is_empty() && text.is_empty() => {
                in_title = true
            }
            Event::End(TagEnd::Heading(_)) if in_title => in_title = false,
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => skipped = skipped.saturating_sub(1),
            Event::Start(Tag::Item) => text.push_str("- "),
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => line(&mut text, 1),
            Event::End(TagEnd::TableCell) => text.push('\t'),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::List(_) | TagEnd::Table | TagEnd::BlockQuote(_)) => {
                line(&mut text, 2)
            }
            Event::Text(words) | Event::Code(words) if in_title => title.push_str(&words),
            Event::Text(words) | Event::Code(words) if skipped == 0 => text.push_str(&words),
            Event::SoftBreak if skipped == 0 => text.push(if in_title { ' ' } else { '\n' }),
            Event::HardBreak if skipped == 0 => text.push('\n'),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    (title, text)
}

/// Ends the text with so many line ends, no more.
fn line(text: &mut String, count: usize) {
    text.truncate(text.trim_end_matches(['\n', '\t', ' ']).len());
    if !text.is_empty() {
        text.extend(std::iter::repeat_n('\n', count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Document, Reject> {
        FrontMatter(Arc::default()).parse(&"a.md".into(), "", source.as_bytes().to_vec())
    }

    #[test]
    fn front_matter_is_metadata_and_marks_are_taken_off() {
        let document = read("---\ntitle: Grain\ndate: 2023-04-14\nauthors: [Ann Oe, Bo Li]\n---\n# Grain\n\nThe *minister* said [so](x).\n\n- one\n- two\n\n> No.\n").unwrap();
        assert_eq!(document.meta.title, "Grain");
        assert_eq!(document.meta.byline, "Ann Oe, Bo Li");
        assert_eq!(document.meta.published.map(|(date, _)| date.to_string()), Some("2023-04-14".into()));
        assert_eq!(document.text, "The minister said so.\n\n- one\n- two\n\nNo.");
    }

    #[test]
    fn broken_front_matter_is_a_reject() {
        let reject = read("---\ntitle: [a\n---\nText.\n").unwrap_err();
        assert_eq!(reject.code, "metadata");
    }
}
