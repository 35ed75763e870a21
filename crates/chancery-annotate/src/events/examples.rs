//! Runs the examples of patterns: each must give the rows that it names, from its own pattern.

use chancery_lexicon::patterns::{EventLexicon, Example, Expected, Pattern};
use chancery_model::{Actor, Document, Event};

/// An example that gave something else than it says.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Where it stands: `data/events/x.yaml:12`.
    pub place: String,
    /// The pattern.
    pub pattern: String,
    /// The text.
    pub text: String,
    /// The rows that it must give.
    pub wanted: Vec<String>,
    /// The rows that all patterns gave, each with its rule.
    pub found: Vec<String>,
}

/// Runs the examples of the patterns that `wanted` picks; `annotate` makes a document with events of a text.
///
/// Gives the number of examples and those that failed.
pub fn check_examples(
    lexicon: &EventLexicon,
    wanted: impl Fn(&Pattern) -> bool,
    mut annotate: impl FnMut(&str) -> Document,
) -> (usize, Vec<Failure>) {
    let (mut count, mut failures) = (0, Vec::new());
    for pattern in lexicon.patterns.all.iter().filter(|pattern| wanted(pattern)) {
        for example in &pattern.examples {
            count += 1;
            let doc = annotate(&example.text);
            if !is_right(&doc, pattern, example) {
                failures.push(Failure {
                    place: format!("{}:{}", pattern.file, example.line),
                    pattern: pattern.id.to_string(),
                    text: example.text.clone(),
                    wanted: example.gives.iter().map(shown).collect(),
                    found: doc.events.iter().map(|event| format!("{} ({})", row(&doc, event), event.rule)).collect(),
                });
            }
        }
    }
    (count, failures)
}

fn is_right(doc: &Document, pattern: &Pattern, example: &Example) -> bool {
    let found: Vec<&Event> = doc.events.iter().filter(|event| event.rule == pattern.id).collect();
    let fits = |expected: &Expected| found.iter().any(|event| matches(doc, event, expected));
    found.len() == example.gives.len() && example.gives.iter().all(fits)
}

/// Whether an event is the row that is expected: sides by the beginning of their codes, and status.
#[must_use]
pub fn matches(doc: &Document, event: &Event, expected: &Expected) -> bool {
    event.status == expected.status
        && side_fits(doc, event.source, &expected.source)
        && side_fits(doc, event.target, &expected.target)
}

fn side_fits(doc: &Document, side: Option<Actor>, code: &str) -> bool {
    let Some(actor) = side else { return code.is_empty() };
    let entity = doc.entity(actor.entity);
    // A side of whom no country is known counts as an unknown one: "the prisoners".
    match code {
        "" => entity.country.is_none(),
        code => entity.country.is_some_and(|country| country.as_str() == code) || entity.code.starts_with(code),
    }
}

fn shown(expected: &Expected) -> String {
    let side = |code: &str| if code.is_empty() { "-".to_owned() } else { code.to_owned() };
    format!("{} > {} {}", side(&expected.source), side(&expected.target), expected.status)
}

/// An event as examples write rows.
#[must_use]
pub fn row(doc: &Document, event: &Event) -> String {
    let side = |side: Option<Actor>| {
        let entity = side.map(|actor| doc.entity(actor.entity));
        let code = entity.map_or(String::new(), |entity| {
            entity.country.map_or_else(|| entity.code.clone(), |country| country.as_str().to_owned())
        });
        if code.is_empty() { "-".to_owned() } else { code }
    };
    format!("{} > {} {}", side(event.source), side(event.target), event.status)
}
