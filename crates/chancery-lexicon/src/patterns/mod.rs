//! Event patterns: which words tell an event, and where its two sides stand. `data/events/README.md` is their guide.
//!
//! # Invariants
//! - A pattern has an id of its own, a definition, a frame with a lemma and an example; a file that lacks one does not load.
//! - Nothing here looks at a sentence: the matcher of the `events` stage does.

mod classes;
mod lexicon;
mod read;
mod slots;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chancery_model::{EventStatus, EventType};
use rustc_hash::FxHashMap;

pub use classes::{ClassId, WordClasses};
pub use lexicon::{Embedding, EventLexicon};
pub use slots::{PREPOSITIONS, Slot, Step};

use crate::LexiconError;
use crate::table::Table;

include!(concat!(env!("OUT_DIR"), "/event_files.rs"));

/// One pattern: an event type and mode with the words that tell it.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its id, the `rule` of the events that it gives.
    pub id: Arc<str>,
    /// What the event is.
    pub code: EventCode,
    /// PLOVER contexts, joined with `|`.
    pub contexts: Arc<str>,
    /// What the pattern is for, in a sentence.
    pub definition: String,
    /// What the event is when it is only planned.
    pub planned: Option<EventCode>,
    /// What the event is when it is negated.
    pub negated: Option<EventCode>,
    /// The words that tell it.
    pub frames: Vec<Frame>,
    /// Sentences with the rows that they must give.
    pub examples: Vec<Example>,
    /// The file that it is from.
    pub file: Arc<str>,
    /// Its line there.
    pub line: usize,
}

/// Type, mode and CAMEO code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCode {
    /// PLOVER type.
    pub r#type: EventType,
    /// PLOVER mode; empty without one.
    pub mode: Arc<str>,
    /// CAMEO code.
    pub cameo: Arc<str>,
}

/// What kind of word a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// A verb.
    Verb,
    /// A noun.
    Noun,
    /// An adjective as predicate.
    Adjective,
}

/// Words of one kind, and where the two sides stand beside them.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Verb, noun or adjective.
    pub kind: FrameKind,
    /// The words.
    pub lemmas: Vec<Trigger>,
    /// Where the doer stands: the first slot that holds an actor.
    pub source: Vec<Slot>,
    /// Where the other side stands.
    pub target: Vec<Slot>,
    /// Verbs of which the noun may be the object, besides the general ones.
    pub light: Vec<Box<str>>,
    /// What must hold, and what must not.
    pub conditions: Vec<Condition>,
    /// Both sides do it to each other.
    pub symmetrical: bool,
    /// Sides without which there is no event.
    pub needs: Needs,
    /// (noun) Fires without a light verb too.
    pub bare: bool,
}

/// A trigger: its head word and the words that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The word that is looked up: the verb, or the last word of a noun.
    pub head: Box<str>,
    /// The others, in their order.
    pub others: Vec<Box<str>>,
    /// Another spelling of the trigger before it: a word with a hyphen in its parts, as the tokens may have it.
    pub respelled: bool,
}

/// Sides without which there is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Needs {
    /// The source, or the target of a passive that names no doer.
    #[default]
    Usual,
    /// The source.
    Source,
    /// The target.
    Target,
    /// Both.
    Both,
    /// Either.
    Any,
}

/// A condition on a frame.
#[derive(Debug, Clone)]
pub struct Condition {
    /// `unless`: it must not hold.
    pub unless: bool,
    /// What it is about.
    pub on: On,
    /// Any of these is enough.
    pub tests: Vec<Test>,
}

/// What a condition is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// The actor found as source.
    Source,
    /// The actor found as target.
    Target,
    /// The words that modify the trigger.
    Trigger,
    /// What stands in a slot.
    Slot(Slot),
}

/// One test of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The head word is in the class.
    Class(ClassId),
    /// The actor is of that kind.
    Actor(ActorClass),
    /// The head word is this one (with the words before it).
    Word(Trigger),
    /// A clause stands there.
    Clause,
    /// Nothing stands there.
    Nothing,
}

/// Kinds of actor that conditions know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorClass {
    /// Any actor.
    Actor,
    /// A country.
    Country,
    /// A person.
    Person,
    /// An organization.
    Organization,
    /// Several people or states.
    Group,
    /// A place.
    Place,
    /// A country, its government, military, police or courts.
    State,
    /// Military, police or rebels.
    Armed,
    /// Rebels and the like.
    Rebel,
    /// Civilians.
    Civilian,
    /// Journalists and media.
    Journalist,
    /// Another country than the source's.
    Foreign,
}

impl ActorClass {
    /// Every class, by the name that patterns use.
    pub const ALL: &'static [(&'static str, ActorClass)] = &[
        ("ACTOR", ActorClass::Actor),
        ("ARMED", ActorClass::Armed),
        ("CIVILIAN", ActorClass::Civilian),
        ("COUNTRY", ActorClass::Country),
        ("FOREIGN", ActorClass::Foreign),
        ("GROUP", ActorClass::Group),
        ("JOURNALIST", ActorClass::Journalist),
        ("ORGANIZATION", ActorClass::Organization),
        ("PERSON", ActorClass::Person),
        ("PLACE", ActorClass::Place),
        ("REBEL", ActorClass::Rebel),
        ("STATE", ActorClass::State),
    ];
}

/// An example: a text and the rows that its pattern must give for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// The rows; none for `nothing`.
    pub gives: Vec<Expected>,
    /// Its line in the file.
    pub line: usize,
}

/// A row that an example must give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// A country, or the beginning of an actor code; empty for an unknown side.
    pub source: String,
    /// The same of the target.
    pub target: String,
    /// Status.
    pub status: EventStatus,
}

/// Where a trigger leads: pattern, frame, lemma of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TriggerRef {
    /// Number of the pattern.
    pub pattern: u32,
    /// Number of its frame.
    pub frame: u16,
    /// Number of the frame's lemma.
    pub lemma: u16,
}

/// Patterns with the index by which a matcher finds them.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    /// The patterns, in the order of their files.
    pub all: Vec<Pattern>,
    /// The word classes of their conditions.
    pub classes: WordClasses,
    index: FxHashMap<Box<str>, Vec<TriggerRef>>,
}

impl Patterns {
    /// The patterns that ship.
    ///
    /// # Errors
    /// Everything that is wrong in their files.
    pub fn built_in() -> Result<Self, Vec<LexiconError>> {
        let classes = WordClasses::read(WORD_CLASS_FILES).map_err(|error| vec![error])?;
        let mut patterns = Patterns { classes, ..Patterns::default() };
        let mut errors = Vec::new();
        for (name, text) in EVENT_FILES {
            errors.extend(patterns.add(name, text).err().into_iter().flatten());
        }
        if errors.is_empty() { Ok(patterns) } else { Err(errors) }
    }

    /// Adds the patterns of a file. One with the id of an earlier one replaces it, if that is from another file.
    ///
    /// # Errors
    /// Everything that is wrong in the file; nothing of it is added then.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), Vec<LexiconError>> {
        let new = read::patterns(file, text, &self.classes)?;
        self.extend(new)
    }

    /// Adds patterns that another reader made (PETRARCH's verbs).
    ///
    /// # Errors
    /// Two with the same id in one file.
    pub fn extend(&mut self, new: Vec<Pattern>) -> Result<(), Vec<LexiconError>> {
        let mut known: FxHashMap<Arc<str>, usize> = self.all.iter().enumerate().map(|(at, old)| (old.id.clone(), at)).collect();
        let mut errors = Vec::new();
        for pattern in new {
            match known.get(&pattern.id) {
                Some(&at) if self.all[at].file == pattern.file => errors.push(LexiconError::new(
                    &pattern.file,
                    pattern.line,
                    format!("`{}` is the id of the pattern in line {} too", pattern.id, self.all[at].line),
                )),
                Some(&at) => self.all[at] = pattern,
                None => {
                    known.insert(pattern.id.clone(), self.all.len());
                    self.all.push(pattern);
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        self.index.clear();
        for (number, pattern) in self.all.iter().enumerate() {
            for (frame, entry) in pattern.frames.iter().enumerate() {
                for (lemma, trigger) in entry.lemmas.iter().enumerate() {
                    let leads = TriggerRef { pattern: number as u32, frame: frame as u16, lemma: lemma as u16 };
                    self.index.entry(trigger.head.clone()).or_default().push(leads);
                }
            }
        }
        Ok(())
    }

    /// The triggers whose head word is this lemma, or its singular where the lemma is a plural ("talks").
    #[must_use]
    pub fn triggers(&self, lemma: &str) -> &[TriggerRef] {
        let singular = || lemma.strip_suffix('s').and_then(|singular| self.index.get(singular));
        self.index.get(lemma).or_else(singular).map_or(&[], Vec::as_slice)
    }

    /// How many lemmas with a frame there are: what "so many patterns" means.
    #[must_use]
    pub fn count(&self) -> usize {
        let lemmas = self.all.iter().flat_map(|pattern| &pattern.frames).flat_map(|frame| &frame.lemmas);
        lemmas.filter(|trigger| !trigger.respelled).count()
    }

    /// How many different trigger lemmas there are.
    #[must_use]
    pub fn lemma_count(&self) -> usize {
        let triggers = self.all.iter().flat_map(|pattern| &pattern.frames).flat_map(|frame| &frame.lemmas);
        triggers
            .filter(|trigger| !trigger.respelled)
            .map(|trigger| (&trigger.head, &trigger.others))
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    }
}

/// What a general verb does with a noun that tells an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Its subject does it: "held talks".
    Does,
    /// Its subject does it later: "plans a visit".
    Plans,
    /// Its subject does not do it: "cancelled a trip".
    Cancels,
    /// Its subject is on the receiving side: "faces sanctions", "came under attack".
    Undergoes,
    /// Its subject only speaks of it and is no party: "discussed the visit".
    Blocks,
    /// Its subject does away with it, which is another event or none: "lifted sanctions".
    Ends,
}

/// Reads the verbs that carry nouns.
///
/// # Errors
/// A row with an unknown effect.
pub fn support_verbs(file: &str, text: &str) -> Result<Vec<(Trigger, Support)>, LexiconError> {
    let mut rows = Vec::new();
    for row in Table::open(file, text, ["lemma", "effect"])? {
        let (line, [lemma, effect]) = row?;
        let effect = match effect {
            "does" => Support::Does,
            "plans" => Support::Plans,
            "cancels" => Support::Cancels,
            "undergoes" => Support::Undergoes,
            "blocks" => Support::Blocks,
            "ends" => Support::Ends,
            _ => return Err(LexiconError::new(file, line, "effect must be does, plans, cancels, undergoes, blocks or ends")),
        };
        rows.push((Trigger::of(FrameKind::Verb, lemma), effect));
    }
    Ok(rows)
}

impl Trigger {
    /// The trigger that the words make: a verb's first word is its head, a noun's last.
    #[must_use]
    pub fn of(kind: FrameKind, words: &str) -> Self {
        let mut words: Vec<Box<str>> = words.split_whitespace().map(Into::into).collect();
        let head = match kind {
            FrameKind::Verb => (!words.is_empty()).then(|| words.remove(0)),
            FrameKind::Noun | FrameKind::Adjective => words.pop(),
        };
        Self { head: head.unwrap_or_default(), others: words, respelled: false }
    }

    /// The trigger and, where its head has a hyphen, the same in parts: tokens keep "co-operation" whole and part "cease-fire".
    #[must_use]
    pub fn spellings(kind: FrameKind, words: &str) -> Vec<Self> {
        let whole = Self::of(kind, words);
        if !words.contains('-') {
            return vec![whole];
        }
        let parts = Self { respelled: true, ..Self::of(kind, &words.replace('-', " ")) };
        vec![whole, parts]
    }
}
