//! Verb dictionaries in PETRARCH2's format as a source of event patterns.
//!
//! What the format says and patterns can say is compiled; what they cannot is reported with its line and the reason, and the rest of the
//! file is used all the same. Patterns of this source carry no examples: the format has none.
//!
//! # Invariants
//! - Ids are `petrarch.` and the line, so that an event's `rule` leads back to the dictionary.
//! - The linear patterns of TABARI and the first PETRARCH share the shape of a line but not its meaning: such a file is refused whole.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::LexiconError;
use crate::event_types::PloverTable;
use crate::patterns::{
    ClassId, Condition, EventCode, Frame, FrameKind, Needs, On, PREPOSITIONS, Pattern, Patterns, Slot, Step, Test, Trigger,
};

/// What a file gave.
#[derive(Debug, Default)]
pub struct Report {
    /// How many patterns were made.
    pub patterns: usize,
    /// What could not be expressed, each with its line.
    pub left_out: Vec<LexiconError>,
}

/// Words beside a verb that change its meaning without being a noun or a preposition's phrase.
const PARTICLES: &[&str] = &[
    "ablaze", "afire", "apart", "aside", "away", "back", "down", "forth", "forward", "off", "on", "out", "over", "through",
    "together", "up",
];

/// Reads a dictionary and adds its patterns.
///
/// # Errors
/// A file that is no dictionary of PETRARCH2's verbs at all.
pub fn add(file: &str, text: &str, patterns: &mut Patterns) -> Result<Report, Vec<LexiconError>> {
    let mut reader = Reader {
        file,
        shared: file.into(),
        codes: PloverTable::shipped(),
        synsets: FxHashMap::default(),
        block: Block::default(),
        made: Vec::new(),
        report: Report::default(),
    };
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.split(['#', ';']).next().unwrap_or_default().trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("<!--"))
        .collect();
    let linear = lines
        .iter()
        .filter(|(_, line)| is_pattern(line))
        .filter(|(_, line)| line.split_whitespace().any(|word| matches!(word, "$" | "+" | "%" | "^")))
        .count();
    let all = lines.iter().filter(|(_, line)| is_pattern(line)).count();
    if all == 0 || linear * 10 > all {
        let message = "this is no verb dictionary of PETRARCH2: its patterns have `*` for the verb and no `$`, `+`, `%` or `^`";
        return Err(vec![LexiconError::new(file, 1, message)]);
    }
    reader.read_synsets(&lines, patterns);
    for (line, row) in lines {
        reader.line(line, row);
    }
    reader.close();
    let report = Report { patterns: reader.made.len(), left_out: reader.report.left_out };
    patterns.extend(reader.made)?;
    Ok(report)
}

fn is_pattern(line: &str) -> bool {
    line.starts_with('-') && !line.starts_with("---")
}

struct Reader<'a> {
    file: &'a str,
    shared: Arc<str>,
    codes: &'static PloverTable,
    synsets: FxHashMap<String, ClassId>,
    block: Block,
    made: Vec<Pattern>,
    report: Report,
}

/// Verbs that share patterns.
#[derive(Default)]
struct Block {
    line: usize,
    code: String,
    verbs: Vec<(usize, String, String)>,
    patterns: Vec<(usize, String)>,
}

impl<'a> Reader<'a> {
    fn leave_out(&mut self, line: usize, reason: impl Into<String>) {
        self.report.left_out.push(LexiconError::new(self.file, line, reason));
    }

    /// Synonym sets become word classes of their own.
    fn read_synsets(&mut self, lines: &[(usize, &str)], patterns: &mut Patterns) {
        let mut open: Option<(String, Vec<String>)> = None;
        for (_, row) in lines.iter().copied().chain([(0, "---")]) {
            match (row.strip_prefix('&'), row.strip_prefix('+'), &mut open) {
                (_, Some(word), Some((_, words))) => words.push(plain(word)),
                (name, _, _) => {
                    if let Some((name, words)) = open.take() {
                        let class = patterns.classes.insert(&format!("petrarch:{name}"), words.iter().map(String::as_str));
                        self.synsets.insert(name, class);
                    }
                    open = name.map(|name| (name.trim_end_matches('_').to_owned(), Vec::new()));
                }
            }
        }
    }

    fn line(&mut self, line: usize, row: &str) {
        if row.starts_with('&') || row.starts_with('+') && self.block.verbs.is_empty() && self.block.line == 0 {
            return;
        }
        if row.starts_with('~') {
            self.leave_out(line, "a transform changes one event into another after coding; composition does that here by itself");
        } else if let Some(rest) = row.strip_prefix("---") {
            self.close();
            let name = rest.split(['[', '-']).next().unwrap_or_default().trim();
            self.block = Block { line, code: code_of(rest).unwrap_or_default(), ..Block::default() };
            // The block's name is its first verb where no line gives one.
            self.block.verbs.push((line, lemma(name), String::new()));
        } else if is_pattern(row) {
            self.block.patterns.push((line, row.to_owned()));
        } else if self.block.line > 0 {
            let words = row.split(['{', '[']).next().unwrap_or_default().trim();
            if !words.is_empty() {
                self.block.verbs.push((line, lemma(words), code_of(row).unwrap_or_default()));
            }
        }
    }

    /// Compiles the block that has been read.
    fn close(&mut self) {
        let block = std::mem::take(&mut self.block);
        let mut verbs = block.verbs;
        verbs.sort_by(|a, b| a.1.cmp(&b.1).then(b.2.cmp(&a.2)));
        verbs.dedup_by(|later, earlier| later.1 == earlier.1);
        verbs.retain(|(_, verb, _)| !verb.is_empty());
        if verbs.is_empty() {
            return;
        }
        let all: Vec<Trigger> = verbs.iter().map(|(_, verb, _)| Trigger::of(FrameKind::Verb, verb)).collect();
        // Patterns without a code say where the verb's own code does not hold.
        let mut shields = Vec::new();
        for (line, row) in &block.patterns {
            let Some((shape, code)) = row.trim_start_matches('-').rsplit_once('[') else {
                self.leave_out(*line, "a pattern ends with a code in brackets");
                continue;
            };
            let code = code.trim_end_matches(']').trim();
            let Some(conditions) = self.conditions(*line, shape) else { continue };
            if code == "---" {
                if let [(others, one)] = &[(&conditions.others, &conditions.all)]
                    && others.is_empty()
                    && one.len() == 1
                {
                    shields.push(Condition { unless: true, ..one[0].clone() });
                } else {
                    self.leave_out(*line, "a pattern without a code can only name one word that must not stand there");
                }
                continue;
            }
            let lemmas = all
                .iter()
                .map(|verb| Trigger { others: verb.others.iter().chain(&conditions.others).cloned().collect(), ..verb.clone() })
                .collect();
            self.make(*line, code, lemmas, conditions.all);
        }
        for (line, verb, own) in verbs {
            let code = if own.is_empty() { &block.code } else { &own };
            if !code.is_empty() && code != "---" {
                self.make(line, code, vec![Trigger::of(FrameKind::Verb, &verb)], shields.clone());
            }
        }
    }

    fn make(&mut self, line: usize, code: &str, lemmas: Vec<Trigger>, conditions: Vec<Condition>) {
        let (code, second) = code.split_once(':').map_or((code, None), |(first, second)| (first, Some(second)));
        let symmetrical = second == Some(code);
        if code.is_empty() || code == "---" {
            self.leave_out(line, "a code for the passive or for the other direction alone has no form here");
            return;
        }
        if second.is_some() && !symmetrical {
            self.leave_out(line, format!("of the two linked events only the first, {code}, is kept"));
        }
        let Some(row) = self.codes.cameo(code) else {
            self.leave_out(line, format!("`{code}` is not one of CAMEO's codes"));
            return;
        };
        let Some(r#type) = row.plover else {
            self.leave_out(line, format!("{code} ({}) has no type in PLOVER", row.name));
            return;
        };
        let target = ["obj", "iobj", "to", "with", "against", "on", "at", "from", "for", "in", "of"];
        let frame = Frame {
            kind: FrameKind::Verb,
            lemmas,
            source: vec![Slot { steps: vec![Step::Nsubj], strict: false }],
            target: target.iter().filter_map(|name| Slot::parse(name).ok()).collect(),
            light: Vec::new(),
            conditions,
            symmetrical,
            needs: Needs::Both,
            bare: true,
        };
        self.made.push(Pattern {
            id: format!("petrarch.{line}").into(),
            code: EventCode { r#type, mode: "".into(), cameo: row.code.clone() },
            contexts: "".into(),
            definition: row.name.clone(),
            planned: None,
            negated: None,
            frames: vec![frame],
            examples: Vec::new(),
            file: self.shared.clone(),
            line,
        });
    }

    /// What stands before and after the verb, as conditions and further words of the trigger.
    fn conditions(&mut self, line: usize, shape: &str) -> Option<Conditions> {
        let Some((before, after)) = shape.split_once('*') else {
            self.leave_out(line, "a pattern has one `*` where the verb stands");
            return None;
        };
        let mut found = Conditions::default();
        for (side, step) in [(before, Step::Nsubj), (after, Step::Obj)] {
            for part in parts(side) {
                let slot = Slot { steps: vec![step.clone()], strict: false };
                match part {
                    Part::Phrase(inner) => {
                        let mut words = inner.split_whitespace();
                        let preposition = words.next().unwrap_or_default().to_lowercase();
                        let rest: Vec<&str> = words.collect();
                        if PREPOSITIONS.binary_search(&preposition.as_str()).is_err() {
                            self.leave_out(line, format!("`({inner})` begins with no preposition that slots know"));
                            return None;
                        }
                        let slot = Slot { steps: vec![Step::Prep(preposition.into())], strict: false };
                        let condition = if rest.is_empty() {
                            Condition { unless: true, on: On::Slot(slot), tests: vec![Test::Nothing] }
                        } else {
                            let words = rest.join(" ").replace(['{', '}'], " ");
                            Condition { unless: false, on: On::Slot(slot), tests: vec![self.word(line, &words)?] }
                        };
                        found.all.push(condition);
                    }
                    Part::Word(word) => {
                        let lower = plain(word);
                        if step == Step::Obj && PARTICLES.binary_search(&lower.as_str()).is_ok() {
                            found.others.push(lower.into());
                            continue;
                        }
                        let test = self.word(line, word)?;
                        found.all.push(Condition { unless: false, on: On::Slot(slot), tests: vec![test] });
                    }
                }
            }
        }
        Some(found)
    }

    /// A word, several of which the last is the head, or a synonym set.
    fn word(&mut self, line: usize, words: &str) -> Option<Test> {
        let mut parts: Vec<&str> = words.split_whitespace().collect();
        let head = parts.last().copied().unwrap_or_default();
        if let Some(name) = head.strip_prefix('&') {
            let Some(class) = self.synsets.get(name.trim_end_matches('_')) else {
                self.leave_out(line, format!("there is no synonym set `&{name}`"));
                return None;
            };
            return Some(Test::Class(*class));
        }
        // A set as modifier cannot be told apart here: the head alone is asked for.
        parts.retain(|part| !part.starts_with('&'));
        Some(Test::Word(Trigger::of(FrameKind::Noun, &plain(&parts.join(" ")))))
    }
}

#[derive(Default)]
struct Conditions {
    all: Vec<Condition>,
    others: Vec<Box<str>>,
}

enum Part<'a> {
    /// A word, a set, or words in braces.
    Word(&'a str),
    /// A phrase in parentheses.
    Phrase(&'a str),
}

fn parts(side: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = side.trim();
    while !rest.is_empty() {
        let (open, close) = if rest.starts_with('(') { ('(', ')') } else { ('{', '}') };
        if let Some(inner) = rest.strip_prefix(open) {
            let end = inner.find(close).unwrap_or(inner.len());
            let part = inner[..end].trim();
            found.push(if open == '(' { Part::Phrase(part) } else { Part::Word(part) });
            rest = inner.get(end + 1..).unwrap_or_default().trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            found.push(Part::Word(&rest[..end]));
            rest = rest[end..].trim_start();
        }
    }
    found
}

/// Lower case, blanks for `_`.
fn plain(words: &str) -> String {
    words.trim().trim_end_matches('_').replace('_', " ").to_lowercase()
}

/// The verb that a line names, its `+` marks (which word is inflected) left out.
fn lemma(words: &str) -> String {
    plain(words).replace('+', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn code_of(row: &str) -> Option<String> {
    let (_, rest) = row.split_once('[')?;
    rest.split_once(']').map(|(code, _)| code.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "&GRAIN\n+WHEAT\n+RYE_\n\n--- CART [070] ---\nCART {CARTED CARTS CARTING}\n+HAUL_OFF\n- * &GRAIN (TO {FRONTIER TOWN}) [073]\n\
                         - * OFF [172]\n- * GOSSIP [---]\n- * TALK [042:043]\n- * SMILE [010]\n~ a (b . CART) SAY = a b 112\n";

    #[test]
    fn what_can_be_said_is_compiled_and_the_rest_reported() {
        let mut patterns = Patterns::default();
        let report = add("v.txt", SMALL, &mut patterns).unwrap();
        let reasons: Vec<String> = report.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(reasons.len(), 3, "{reasons:?}");
        assert!(reasons[0].starts_with("v.txt, line 13: a transform"), "{reasons:?}");
        let grain = patterns.all.iter().find(|pattern| &*pattern.id == "petrarch.8").unwrap();
        assert_eq!((&*grain.code.cameo, grain.frames[0].conditions.len()), ("073", 2));
        assert!(patterns.triggers("haul").iter().any(|leads| patterns.all[leads.pattern as usize].frames[0].lemmas[leads.lemma as usize].others == ["off".into()]));
        let own = patterns.all.iter().find(|pattern| &*pattern.id == "petrarch.6" || &*pattern.id == "petrarch.5").unwrap();
        assert!(own.frames[0].conditions[0].unless, "gossip shields the verb's own code");
    }

    #[test]
    fn linear_patterns_are_refused() {
        let error = add("v.txt", "--- A [010] ---\n- $ * + [111]\n", &mut Patterns::default()).unwrap_err();
        assert!(error[0].to_string().contains("PETRARCH2"), "{error:?}");
    }

    #[test]
    fn the_dictionary_of_the_field_loads_where_it_is_at_hand() {
        let Ok(folder) = std::env::var("CHANCERY_DATA") else { return };
        let path = std::path::Path::new(&folder).join("petrarch/CAMEO.2.0.txt");
        let Ok(bytes) = std::fs::read(path) else { return };
        let mut patterns = Patterns::default();
        let report = add("CAMEO.2.0.txt", &String::from_utf8_lossy(&bytes), &mut patterns).unwrap();
        assert!(
            report.patterns > 3000 && report.left_out.len() < report.patterns,
            "{} {}",
            report.patterns,
            report.left_out.len()
        );
    }
}
