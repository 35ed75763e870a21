//! Reads patterns from YAML. Every fault names its line, and all faults of a file are told at once.

use std::sync::Arc;

use chancery_model::{EventStatus, EventType};
use chancery_settings::{Entry, Node, Value, closest};

use super::{
    ActorClass, Condition, EventCode, Example, Expected, Frame, FrameKind, Needs, On, Pattern, Slot, Step, Test, Trigger,
    WordClasses,
};
use crate::LexiconError;
use crate::event_types::PloverTable;

const PATTERN_KEYS: &[&str] = &[
    "id",
    "type",
    "mode",
    "contexts",
    "cameo",
    "definition",
    "verb",
    "noun",
    "adjective",
    "symmetrical",
    "needs",
    "planned",
    "negated",
    "examples",
];
const FRAME_KEYS: &[&str] = &["lemma", "source", "target", "light", "where", "unless", "symmetrical", "needs", "bare"];

/// The patterns of a file.
pub(super) fn patterns(file: &str, text: &str, classes: &WordClasses) -> Result<Vec<Pattern>, Vec<LexiconError>> {
    let mut reader = Reader { file, text, classes, codes: PloverTable::shipped(), errors: Vec::new() };
    let node = match Node::parse(text) {
        Ok(node) => node,
        Err(fault) => {
            let line = reader.line(fault.at.start);
            return Err(vec![LexiconError::new(file, line, fault.message)]);
        }
    };
    let shared: Arc<str> = file.into();
    let mut patterns = Vec::new();
    match &node.value {
        Value::List(entries) => {
            for entry in entries {
                patterns.extend(reader.pattern(entry, &shared));
            }
        }
        Value::Null => {}
        _ => reader.fault(&node, "a file of patterns is a list: each begins with `- id:`"),
    }
    if reader.errors.is_empty() { Ok(patterns) } else { Err(reader.errors) }
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    classes: &'a WordClasses,
    codes: &'static PloverTable,
    errors: Vec<LexiconError>,
}

impl Reader<'_> {
    fn line(&self, byte: usize) -> usize {
        self.text.as_bytes()[..byte.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn fault(&mut self, node: &Node, message: impl Into<String>) {
        let line = self.line(node.at.start);
        self.errors.push(LexiconError::new(self.file, line, message));
    }

    fn pattern(&mut self, node: &Node, file: &Arc<str>) -> Option<Pattern> {
        let before = self.errors.len();
        let Value::Map(entries) = &node.value else {
            self.fault(node, "a pattern is a mapping with an id, a type and so on");
            return None;
        };
        self.known_keys(entries, PATTERN_KEYS);
        let id = self.required_text(node, "id").unwrap_or_default();
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            self.fault(node, format!("the id `{id}` may hold letters, digits, `.`, `-` and `_` only"));
        }
        let code = self.code(node, None);
        let contexts = self.texts(node.get("contexts"));
        for context in &contexts {
            if !self.codes.has_context(context) {
                self.fault(node.get("contexts").unwrap_or(node), format!("`{context}` is not one of PLOVER's contexts"));
            }
        }
        let definition = self.required_text(node, "definition").unwrap_or_default();
        let planned = node.get("planned").and_then(|inner| self.code(inner, code.as_ref()));
        let negated = node.get("negated").and_then(|inner| self.code(inner, code.as_ref()));
        let symmetrical = self.flag(node, "symmetrical").unwrap_or(false);
        let needs = self.needs(node);
        let mut frames = Vec::new();
        for (key, kind) in [("verb", FrameKind::Verb), ("noun", FrameKind::Noun), ("adjective", FrameKind::Adjective)] {
            let Some(found) = node.get(key) else { continue };
            let list = if let Value::List(list) = &found.value { list.as_slice() } else { std::slice::from_ref(found) };
            for item in list {
                frames.extend(self.frame(item, kind, symmetrical, needs));
            }
        }
        if frames.is_empty() && self.errors.len() == before {
            self.fault(node, format!("`{id}` needs a frame: verb, noun or adjective"));
        }
        let examples = self.examples(node);
        if examples.is_empty() && self.errors.len() == before {
            self.fault(node, format!("`{id}` has no example"));
        } else if self.errors.len() == before && examples.iter().all(|example| example.gives.is_empty()) {
            self.fault(node, format!("`{id}` has no example in which it fires"));
        }
        let line = self.line(node.at.start);
        if self.errors.len() > before {
            return None;
        }
        let contexts = contexts.join("|").into();
        Some(Pattern {
            id: id.into(),
            code: code?,
            contexts,
            definition,
            planned,
            negated,
            frames,
            examples,
            file: file.clone(),
            line,
        })
    }

    fn code(&mut self, node: &Node, outer: Option<&EventCode>) -> Option<EventCode> {
        let r#type = match (node.get("type"), outer) {
            (None, Some(outer)) => outer.r#type,
            _ => {
                let name = self.required_text(node, "type")?;
                let Some(r#type) = EventType::parse(&name) else {
                    self.fault(node.get("type").unwrap_or(node), format!("`{name}` is not one of PLOVER's sixteen types"));
                    return None;
                };
                r#type
            }
        };
        let mode = node.get("mode").and_then(|mode| self.text(mode)).unwrap_or_default();
        if !mode.is_empty() && !self.codes.has_mode(r#type, &mode) {
            self.fault(node.get("mode").unwrap_or(node), format!("{type} has no mode `{mode}`"));
        }
        let cameo = match (node.get("cameo"), outer) {
            (None, Some(outer)) => outer.cameo.to_string(),
            (Some(Node { value: Value::Int(_), .. }), _) => {
                self.fault(node, "a CAMEO code stands in quotes: \"042\"");
                return None;
            }
            _ => self.required_text(node, "cameo")?,
        };
        if !self.codes.has_cameo(&cameo) {
            self.fault(node.get("cameo").unwrap_or(node), format!("`{cameo}` is not one of CAMEO's codes"));
        }
        Some(EventCode { r#type, mode: mode.into(), cameo: cameo.into() })
    }

    fn frame(&mut self, node: &Node, kind: FrameKind, symmetrical: bool, needs: Needs) -> Option<Frame> {
        let Value::Map(entries) = &node.value else {
            self.fault(node, "a frame is a mapping: { lemma: [...], target: obj }");
            return None;
        };
        self.known_keys(entries, FRAME_KEYS);
        let words = self.texts(node.get("lemma"));
        if words.is_empty() {
            self.fault(node, "a frame needs a lemma");
        }
        for word in &words {
            if *word != word.to_lowercase() && kind == FrameKind::Verb {
                self.fault(node.get("lemma").unwrap_or(node), format!("lemmas are lower case: `{}`", word.to_lowercase()));
            }
        }
        let lemmas = words.iter().flat_map(|word| Trigger::spellings(kind, &word.to_lowercase())).collect();
        let default_source: &[&str] = if kind == FrameKind::Noun { &["poss", "adj", "by", "of"] } else { &["nsubj"] };
        let default_target: &[&str] = if kind == FrameKind::Verb { &["obj"] } else { &[] };
        let source = self.slots(node.get("source"), default_source);
        let target = self.slots(node.get("target"), default_target);
        let mut conditions = Vec::new();
        for (key, unless) in [("where", false), ("unless", true)] {
            let Some(found) = node.get(key) else { continue };
            let Value::Map(entries) = &found.value else {
                self.fault(found, format!("`{key}` is a mapping: {{ obj: weapon }}"));
                continue;
            };
            for entry in entries {
                conditions.extend(self.condition(entry, unless));
            }
        }
        let light = self.texts(node.get("light")).into_iter().map(Into::into).collect();
        Some(Frame {
            kind,
            lemmas,
            source,
            target,
            light,
            conditions,
            symmetrical: self.flag(node, "symmetrical").unwrap_or(symmetrical),
            needs: if node.get("needs").is_some() { self.needs(node) } else { needs },
            bare: self.flag(node, "bare").unwrap_or(true),
        })
    }

    fn slots(&mut self, node: Option<&Node>, default: &[&str]) -> Vec<Slot> {
        let Some(node) = node else { return default.iter().filter_map(|name| Slot::parse(name).ok()).collect() };
        let mut slots = Vec::new();
        for name in self.texts(Some(node)) {
            match Slot::parse(&name) {
                Ok(slot) => slots.push(slot),
                Err(message) => self.fault(node, message),
            }
        }
        slots
    }

    fn condition(&mut self, entry: &Entry, unless: bool) -> Option<Condition> {
        let on = match entry.key.as_str() {
            "source" => On::Source,
            "target" => On::Target,
            "trigger" => On::Trigger,
            slot => match Slot::parse(slot) {
                Ok(slot) => On::Slot(slot),
                Err(message) => {
                    self.fault(&entry.node, message);
                    return None;
                }
            },
        };
        let mut tests = Vec::new();
        for name in self.texts(Some(&entry.node)) {
            let test = if let Some(word) = name.strip_prefix('=') {
                Some(Test::Word(Trigger::of(FrameKind::Noun, &word.to_lowercase())))
            } else if name == "CLAUSE" {
                Some(Test::Clause)
            } else if name == "NOTHING" {
                Some(Test::Nothing)
            } else if let Some((_, class)) = ActorClass::ALL.iter().find(|(known, _)| *known == name) {
                Some(Test::Actor(*class))
            } else {
                self.classes.find(&name).map(Test::Class)
            };
            let Some(test) = test else {
                let near = closest(&name, self.classes.names()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                self.fault(&entry.node, format!("there is no word class `{name}` (a word itself is `={name}`){near}"));
                continue;
            };
            tests.push(test);
        }
        (!tests.is_empty()).then_some(Condition { unless, on, tests })
    }

    fn needs(&mut self, node: &Node) -> Needs {
        match node.get("needs").and_then(|found| self.text(found)).as_deref() {
            None => Needs::Usual,
            Some("source") => Needs::Source,
            Some("target") => Needs::Target,
            Some("both") => Needs::Both,
            Some("any") => Needs::Any,
            Some(_) => {
                self.fault(node.get("needs").unwrap_or(node), "`needs` is source, target, both or any");
                Needs::Usual
            }
        }
    }

    fn examples(&mut self, node: &Node) -> Vec<Example> {
        let Some(found) = node.get("examples") else { return Vec::new() };
        let Value::List(list) = &found.value else {
            self.fault(found, "`examples` is a list");
            return Vec::new();
        };
        let mut examples = Vec::new();
        for item in list {
            let pair = match &item.value {
                Value::Text(text) => text.rsplit_once("=>").map(|(text, gives)| (text.trim().to_owned(), gives.to_owned())),
                _ => item.get("text").and_then(|text| self.text(text)).zip(item.get("gives").and_then(|gives| self.text(gives))),
            };
            let Some((text, gives)) = pair else {
                self.fault(item, "an example is `TEXT => CAN > CHN occurred` or { text: …, gives: … }");
                continue;
            };
            match Expected::parse(&gives) {
                Ok(gives) => examples.push(Example { text, gives, line: self.line(item.at.start) }),
                Err(message) => self.fault(item, message),
            }
        }
        examples
    }

    fn known_keys(&mut self, entries: &[Entry], known: &'static [&'static str]) {
        for entry in entries {
            if !known.contains(&entry.key.as_str()) {
                let near =
                    closest(&entry.key, known.iter().copied()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                let line = self.line(entry.key_at.start);
                self.errors.push(LexiconError::new(self.file, line, format!("unknown key `{}`{near}", entry.key)));
            }
        }
    }

    fn required_text(&mut self, node: &Node, key: &str) -> Option<String> {
        let Some(found) = node.get(key) else {
            self.fault(node, format!("the key `{key}` is missing"));
            return None;
        };
        self.text(found)
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.trim().to_owned()),
            // YAML reads `on`, `off`, `no` and `yes` as booleans in some places; say so instead of guessing.
            _ => {
                self.fault(node, format!("a text is wanted here, not {} (quote it)", node.kind()));
                None
            }
        }
    }

    fn texts(&mut self, node: Option<&Node>) -> Vec<String> {
        match node {
            None => Vec::new(),
            Some(Node { value: Value::List(list), .. }) => list.iter().filter_map(|item| self.text(item)).collect(),
            Some(one) => self.text(one).into_iter().collect(),
        }
    }

    fn flag(&mut self, node: &Node, key: &str) -> Option<bool> {
        let found = node.get(key)?;
        if let Value::Bool(flag) = found.value {
            return Some(flag);
        }
        self.fault(found, format!("`{key}` is true or false"));
        None
    }
}

impl Expected {
    /// Reads `CAN > CHN occurred; CAN <> JPN planned` or `nothing`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Vec<Expected>, String> {
        let mut rows = Vec::new();
        if text.trim() == "nothing" {
            return Ok(rows);
        }
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let words: Vec<&str> = part.split_whitespace().collect();
            let &[source, arrow, target, status] = words.as_slice() else {
                return Err(format!("`{part}` must be like `CAN > CHN occurred`, or `nothing`"));
            };
            let status = EventStatus::parse(status).ok_or_else(|| format!("`{status}` is no status"))?;
            let side = |code: &str| if code == "-" { String::new() } else { code.to_owned() };
            if [source, target].iter().any(|code| *code != "-" && !code.bytes().all(|byte| byte.is_ascii_uppercase())) {
                return Err(format!("`{part}`: sides are codes in capitals, or `-`"));
            }
            match arrow {
                ">" => rows.push(Expected { source: side(source), target: side(target), status }),
                "<>" => {
                    rows.push(Expected { source: side(source), target: side(target), status });
                    rows.push(Expected { source: side(target), target: side(source), status });
                }
                _ => return Err(format!("`{part}`: between the sides stands `>` or `<>`")),
            }
        }
        if rows.is_empty() { Err("nothing stands after `=>`".to_owned()) } else { Ok(rows) }
    }
}

impl Slot {
    /// Whether its first step is this one.
    #[must_use]
    pub fn starts_with(&self, step: &Step) -> bool {
        self.steps.first() == Some(step)
    }
}
