//! Measures the stage against sentences with gold events: what `cargo xtask eval events` prints.

use std::collections::BTreeMap;
use std::fmt::Write;

use chancery_lexicon::patterns::Expected;
use chancery_model::{Document, EventType};
use chancery_settings::{Node, Value};

use super::examples::{matches, row};

/// A sentence with the events that a careful reader finds in it.
#[derive(Debug, Clone)]
pub struct GoldSentence {
    /// Its file and number.
    pub place: String,
    /// The text.
    pub text: String,
    /// The events: types that are accepted, and the row.
    pub events: Vec<GoldEvent>,
}

/// An event of a gold sentence.
#[derive(Debug, Clone)]
pub struct GoldEvent {
    /// Types that are accepted.
    pub types: Vec<EventType>,
    /// Source, target and status.
    pub row: Expected,
    /// Whether it must be found; one that need not be is only not wrong.
    pub must: bool,
}

/// Reads gold sentences: a list of `text: …` with `events: [TYPE SOURCE > TARGET status, …]`. Several types are joined with `|`,
/// an event in brackets (`(TYPE … )`) need not be found, `<>` is an event in each direction.
///
/// # Errors
/// What is wrong, with its number in the list.
pub fn read_gold(file: &str, text: &str) -> Result<Vec<GoldSentence>, String> {
    let node = Node::parse(text).map_err(|fault| format!("{file}: {}", fault.message))?;
    let Value::List(items) = &node.value else { return Err(format!("{file}: a list of sentences is wanted")) };
    let mut sentences = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let place = format!("{file}#{}", number + 1);
        let text = match item.get("text").map(|node| &node.value) {
            Some(Value::Text(text)) => text.clone(),
            _ => return Err(format!("{place}: `text` is missing")),
        };
        let mut events = Vec::new();
        let listed = match item.get("events").map(|node| &node.value) {
            Some(Value::List(list)) => list.as_slice(),
            None | Some(Value::Null) => &[],
            Some(_) => return Err(format!("{place}: `events` is a list")),
        };
        for event in listed {
            let line = match &event.value {
                Value::Text(line) => line.trim().to_owned(),
                Value::Map(_) => {
                    one_line(event).ok_or_else(|| format!("{place}: an event has type, source, target and status"))?
                }
                _ => return Err(format!("{place}: an event is a text or a mapping")),
            };
            let line = line.as_str();
            let (line, must) = match line.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                Some(inner) => (inner.trim(), false),
                None => (line, true),
            };
            let (types, rest) = line.split_once(' ').ok_or_else(|| format!("{place}: `{line}` has no sides"))?;
            let types = types
                .split('|')
                .map(|name| {
                    let name = name.split('/').next().unwrap_or(name);
                    EventType::parse(name).ok_or_else(|| format!("{place}: `{name}` is no type"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            for row in Expected::parse(rest).map_err(|message| format!("{place}: {message}"))? {
                events.push(GoldEvent { types: types.clone(), row, must });
            }
        }
        sentences.push(GoldSentence { place, text, events });
    }
    Ok(sentences)
}

/// `{ type: ACCUSE, source: CAN, target: CHN, status: occurred }` as one line; `both: true` is an event in each direction.
fn one_line(event: &Node) -> Option<String> {
    let text = |key: &str| match event.get(key).map(|node| &node.value) {
        Some(Value::Text(text)) => Some(text.trim().to_owned()),
        Some(Value::List(list)) => {
            let names: Vec<&str> = list
                .iter()
                .filter_map(|item| if let Value::Text(name) = &item.value { Some(name.as_str()) } else { None })
                .collect();
            Some(names.join("|"))
        }
        _ => None,
    };
    let side = |key: &str| text(key).filter(|code| !code.is_empty()).unwrap_or_else(|| "-".to_owned());
    let flag = |key: &str| event.get(key).is_some_and(|node| node.value == Value::Bool(true));
    let optional = event.get("must").is_some_and(|node| node.value == Value::Bool(false));
    let arrow = if flag("both") { "<>" } else { ">" };
    let line = format!("{} {} {arrow} {} {}", text("type")?, side("source"), side("target"), text("status")?);
    Some(if optional { format!("({line})") } else { line })
}

/// How well the stage did.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Events that must be found.
    pub gold: usize,
    /// Of these, found.
    pub found: usize,
    /// Rows given.
    pub rows: usize,
    /// Of these, right.
    pub right: usize,
    /// Of the events that must be found, those whose pair and status were found, by gold type and the type given (`-` for none).
    pub confusion: BTreeMap<(String, String), usize>,
    /// What went wrong, sentence by sentence.
    pub faults: Vec<String>,
}

impl Score {
    /// Precision, recall and F1 on type, source, target and status.
    #[must_use]
    pub fn f1(&self) -> (f64, f64, f64) {
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let (precision, recall) = (share(self.right, self.rows), share(self.found, self.gold));
        (precision, recall, if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) })
    }

    /// The figures and the confusion table as text; `show` adds every fault.
    #[must_use]
    pub fn report(&self, show: bool) -> String {
        let (precision, recall, f1) = self.f1();
        let mut out = String::new();
        let _ = writeln!(
            out,
            "events  P {precision:.3}  R {recall:.3}  F1 {f1:.3}   found {} of {}; {} of {} rows right",
            self.found, self.gold, self.right, self.rows
        );
        let mut by_type: BTreeMap<&str, (usize, usize, Vec<String>)> = BTreeMap::new();
        for ((gold, given), count) in &self.confusion {
            let entry = by_type.entry(gold).or_default();
            entry.0 += count;
            if gold == given {
                entry.1 += count;
            } else {
                entry.2.push(format!("{given} {count}"));
            }
        }
        for (name, (all, right, others)) in by_type {
            let _ = writeln!(out, "  {name:10} {right:4} of {all:4}   {}", others.join(", "));
        }
        if show {
            for fault in &self.faults {
                let _ = writeln!(out, "{fault}");
            }
        }
        out
    }
}

/// Runs the sentences through `annotate` and compares.
pub fn score(sentences: &[GoldSentence], mut annotate: impl FnMut(&str) -> Document) -> Score {
    let mut score = Score::default();
    for sentence in sentences {
        let doc = annotate(&sentence.text);
        let mut taken = vec![false; doc.events.len()];
        let mut missed = Vec::new();
        for must in [true, false] {
            for gold in sentence.events.iter().filter(|gold| gold.must == must) {
                let hit = doc.events.iter().enumerate().position(|(number, event)| {
                    !taken[number] && gold.types.contains(&event.r#type) && matches(&doc, event, &gold.row)
                });
                if let Some(number) = hit {
                    taken[number] = true;
                    score.right += 1;
                }
                if !must {
                    continue;
                }
                score.gold += 1;
                let gold_type = gold.types[0].to_string();
                let given = match hit {
                    Some(_) => {
                        score.found += 1;
                        gold_type.clone()
                    }
                    None => {
                        missed.push(gold);
                        let other = doc.events.iter().find(|event| matches(&doc, event, &gold.row));
                        let sides_only = doc.events.iter().find(|event| {
                            gold.types.contains(&event.r#type)
                                && matches(&doc, event, &Expected { status: event.status, ..gold.row.clone() })
                        });
                        match (other, sides_only) {
                            (Some(event), _) => event.r#type.to_string(),
                            (None, Some(event)) => format!("{gold_type} but {}", event.status),
                            (None, None) => "-".to_owned(),
                        }
                    }
                };
                *score.confusion.entry((gold_type, given)).or_default() += 1;
            }
        }
        score.rows += doc.events.len();
        let extra: Vec<String> = doc
            .events
            .iter()
            .zip(&taken)
            .filter(|(_, taken)| !**taken)
            .map(|(event, _)| format!("{} {} ({})", event.r#type, row(&doc, event), event.rule))
            .collect();
        if !missed.is_empty() || !extra.is_empty() {
            let missed: Vec<String> = missed
                .iter()
                .map(|gold| format!("{} {}>{} {}", gold.types[0], gold.row.source, gold.row.target, gold.row.status))
                .collect();
            score.faults.push(format!(
                "{} {}\n    missed: {}\n    unexpected: {}",
                sentence.place,
                sentence.text,
                missed.join("; "),
                extra.join("; ")
            ));
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_is_read_and_nothing_found_scores_nothing() {
        let text = "- text: France and Peru met.\n  events: [CONSULT FRA <> PER occurred, {type: AGREE, source: FRA, target: PER, status: planned, must: false}]\n- text: Nothing.\n";
        let gold = read_gold("x.yaml", text).unwrap();
        assert_eq!(gold.iter().map(|sentence| sentence.events.len()).collect::<Vec<_>>(), [3, 0]);
        let score = score(&gold, |_| Document::default());
        assert_eq!((score.gold, score.found, score.rows), (2, 0, 0));
        assert!(score.report(true).contains("missed: CONSULT FRA>PER occurred"));
        assert!(read_gold("x.yaml", "- text: x\n  events: [MEET FRA > PER occurred]\n").is_err());
    }
}
