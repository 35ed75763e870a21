//! Words that introduce speech and thought, and the small word classes that tell quotations from other marked words.
//!
//! # Invariants
//! - A row without an example does not load; the stage that reads the table runs every example.
//! - Later tables win: a user's row replaces the built-in one of the same lemma and kind.

use rustc_hash::FxHashMap;

use crate::table::{LexiconError, Table, list};

/// The cues that ship.
pub const CUES: &str = include_str!("../data/cues.tsv");
/// The word classes that ship.
pub const WORDS: &str = include_str!("../data/quote_words.tsv");

/// What part of speech a cue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CueKind {
    /// A verb, perhaps with a particle.
    Verb,
    /// A noun.
    Noun,
    /// A preposition and what belongs to it.
    Phrase,
}

/// How a cue presents what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CueClass {
    /// Without comment: say, write.
    Neutral,
    /// As a fact or with weight: insist, point out.
    Assertive,
    /// As something to be done: urge, demand.
    Directive,
    /// As untrue or refused: deny.
    Denial,
    /// As praise or blame: denounce, hail.
    Evaluation,
    /// As thought or felt: believe, fear.
    Thought,
}

/// What a cue can introduce; values combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frame(u32);

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $bit:literal;)+) => {
        impl Frame {
            $($(#[$doc])* pub const $name: Frame = Frame(1 << $bit);)+
            /// Their names in tables.
            const NAMES: &'static [(&'static str, Frame)] = &[$(($text, Frame::$name)),+];
        }
    };
}

frames! {
    /// Direct speech.
    QUOTE = "q", 0;
    /// A clause with "that", or set off.
    THAT = "that", 1;
    /// A clause that may follow at once.
    BARE = "bare", 2;
    /// An indirect question.
    WH = "wh", 3;
    /// An infinitive.
    TO = "to", 4;
    /// A gerund.
    GERUND = "ger", 5;
    /// A noun phrase.
    NP = "np", 6;
    /// A noun phrase after "for".
    FOR = "for", 7;
    /// A noun phrase after "on".
    ON = "on", 8;
    /// A noun phrase after "of".
    OF = "of", 9;
    /// A noun phrase after "against".
    AGAINST = "against", 10;
    /// Its object is the addressee.
    WHOM = "whom", 11;
    /// Words in quotation marks as a description.
    MARK = "mark", 12;
    /// A passive with an infinitive.
    RAISE = "raise", 13;
    /// "Is seen by … as".
    SEEN = "seen", 14;
    /// What stands after a colon.
    COLON = "colon", 15;
    /// The speaker follows the phrase.
    BY = "by", 16;
    /// The speaker is the possessor inside the phrase.
    POSS = "poss", 17;
}

impl Frame {
    /// Whether it has all of `other`.
    #[must_use]
    pub const fn is(self, other: Frame) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it has any of `other`.
    #[must_use]
    pub const fn any(self, other: Frame) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Frame) -> Frame {
        Frame(self.0 | other.0)
    }

    fn parse(cell: &str) -> Result<Frame, &str> {
        let mut frame = Frame::default();
        for name in list(cell) {
            let known = Self::NAMES.iter().find(|(known, _)| *known == name).ok_or(name)?;
            frame = frame.and(known.1);
        }
        Ok(frame)
    }
}

/// A cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Its words; the first one of a verb is a lemma.
    pub words: Box<[Box<str>]>,
    /// What it is.
    pub kind: CueKind,
    /// How it presents what is said.
    pub class: CueClass,
    /// What it can introduce.
    pub frame: Frame,
    /// A text that must give one quotation with it.
    pub example: Box<str>,
}

/// What a word is to the reader of quotations; values combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordClass(u16);

impl WordClass {
    /// A word that begins with an apostrophe (`'em`).
    pub const ELISION: WordClass = WordClass(1);
    /// What a title in marks follows: a book, a film.
    pub const TITLED: WordClass = WordClass(2);
    /// A document that speaks.
    pub const DOCUMENT: WordClass = WordClass(4);
    /// A body that speaks.
    pub const BODY: WordClass = WordClass(8);
    /// A verb that takes a cue noun as its object: make a claim.
    pub const LIGHT: WordClass = WordClass(16);
    /// A word that heads a question or an answer in a transcript.
    pub const LABEL: WordClass = WordClass(32);
    /// A word before a mark that names a word, not speech.
    pub const WORDY: WordClass = WordClass(64);
    /// A document's part that is not a speaker's label before a colon.
    pub const HEADING: WordClass = WordClass(128);
    /// A person by role or kind, for phrases that no mention covers.
    pub const PERSON: WordClass = WordClass(256);

    const NAMES: &'static [(&'static str, WordClass)] = &[
        ("elision", Self::ELISION),
        ("titled", Self::TITLED),
        ("document", Self::DOCUMENT),
        ("body", Self::BODY),
        ("light", Self::LIGHT),
        ("label", Self::LABEL),
        ("wordy", Self::WORDY),
        ("heading", Self::HEADING),
        ("person", Self::PERSON),
    ];

    /// Whether it has any of `other`.
    #[must_use]
    pub const fn any(self, other: WordClass) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a lemma can be: as a verb, as a noun, as the first word of longer cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lookup {
    /// Number of the one-word verb, plus one; 0 for none.
    verb: u16,
    /// Number of the noun, plus one.
    noun: u16,
    /// Number of the list of longer cues that begin with it, plus one.
    longer: u16,
    /// Other classes.
    pub class: WordClass,
}

impl Lookup {
    /// Whether it is no cue and in no class.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// The same as a verb only.
    #[must_use]
    pub fn only_verb(self) -> Self {
        Self { verb: self.verb, ..Self::default() }
    }
}

/// Every cue, by its first word.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    rows: Vec<Cue>,
    longer: Vec<Vec<u16>>,
    by_word: FxHashMap<Box<str>, Lookup>,
}

impl Cues {
    /// What ships.
    ///
    /// # Errors
    /// The first bad row: impossible, as a test reads the tables.
    pub fn built_in() -> Result<Self, LexiconError> {
        let mut cues = Self::default();
        cues.add("cues.tsv", CUES)?;
        cues.add_words("quote_words.tsv", WORDS)?;
        Ok(cues)
    }

    /// Adds a table of cues (`lemma kind class frame example`).
    ///
    /// # Errors
    /// The first bad row.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, ["lemma", "kind", "class", "frame", "example"])? {
            let (line, [lemma, kind, class, frame, example]) = row?;
            let wrong = |message: String| LexiconError::new(file, line, message);
            let kind = match kind {
                "verb" => CueKind::Verb,
                "noun" => CueKind::Noun,
                "phrase" => CueKind::Phrase,
                _ => return Err(wrong("kind must be verb, noun or phrase".into())),
            };
            let class = match class {
                "neutral" => CueClass::Neutral,
                "assertive" => CueClass::Assertive,
                "directive" => CueClass::Directive,
                "denial" => CueClass::Denial,
                "evaluation" => CueClass::Evaluation,
                "thought" => CueClass::Thought,
                _ => return Err(wrong("class must be neutral, assertive, directive, denial, evaluation or thought".into())),
            };
            let frame = Frame::parse(frame).map_err(|name| wrong(format!("`{name}` is no frame")))?;
            if frame == Frame::default() {
                return Err(wrong("a cue needs a frame".into()));
            }
            if example.is_empty() {
                return Err(wrong(format!("`{lemma}` has no example")));
            }
            let words: Box<[Box<str>]> = lemma.split_ascii_whitespace().map(Box::from).collect();
            if words.is_empty() {
                return Err(wrong("a cue needs a lemma".into()));
            }
            self.put(Cue { words, kind, class, frame, example: example.into() });
        }
        Ok(())
    }

    fn put(&mut self, cue: Cue) {
        let number = match self.rows.iter().position(|known| known.kind == cue.kind && known.words == cue.words) {
            Some(known) => {
                self.rows[known] = cue;
                return;
            }
            None => self.rows.len() as u16,
        };
        let lookup = self.by_word.entry(cue.words[0].clone()).or_default();
        match (cue.kind, cue.words.len()) {
            (CueKind::Verb, 1) => lookup.verb = number + 1,
            (CueKind::Noun, 1) => lookup.noun = number + 1,
            _ => {
                if lookup.longer == 0 {
                    self.longer.push(Vec::new());
                    lookup.longer = self.longer.len() as u16;
                }
                let list = lookup.longer;
                // A participle that begins a phrase has a verb's lemma: "according" is found as "accord".
                if cue.kind == CueKind::Phrase
                    && let Some(stem) = cue.words[0].strip_suffix("ing")
                {
                    self.by_word.entry(stem.into()).or_default().longer = list;
                }
                let rows = &self.rows;
                let longer = &mut self.longer[list as usize - 1];
                // The longest first, so that the first match is the best.
                let at = longer.partition_point(|other| rows[*other as usize].words.len() >= cue.words.len());
                longer.insert(at, number);
            }
        }
        self.rows.push(cue);
    }

    /// Adds a table of word classes (`class words`, the words joined with `|`).
    ///
    /// # Errors
    /// The first bad row.
    pub fn add_words(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, ["class", "words"])? {
            let (line, [class, words]) = row?;
            let known = WordClass::NAMES.iter().find(|(name, _)| *name == class);
            let (_, class) = known.ok_or_else(|| LexiconError::new(file, line, format!("`{class}` is no class")))?;
            for word in list(words) {
                let lookup = self.by_word.entry(word.into()).or_default();
                lookup.class = WordClass(lookup.class.0 | class.0);
            }
        }
        Ok(())
    }

    /// What a lemma can be.
    #[must_use]
    pub fn look_up(&self, lemma: &str) -> Lookup {
        self.by_word.get(lemma).copied().unwrap_or_default()
    }

    /// The one-word verb.
    #[must_use]
    pub fn verb(&self, lookup: Lookup) -> Option<&Cue> {
        lookup.verb.checked_sub(1).map(|row| &self.rows[row as usize])
    }

    /// The noun.
    #[must_use]
    pub fn noun(&self, lookup: Lookup) -> Option<&Cue> {
        lookup.noun.checked_sub(1).map(|row| &self.rows[row as usize])
    }

    /// Cues of several words (and phrases of one) that begin with it, the longest first.
    pub fn longer(&self, lookup: Lookup) -> impl Iterator<Item = &Cue> {
        let list = lookup.longer.checked_sub(1).map(|list| self.longer[list as usize].as_slice()).unwrap_or_default();
        list.iter().map(|row| &self.rows[*row as usize])
    }

    /// Every cue.
    #[must_use]
    pub fn rows(&self) -> &[Cue] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let cues = Cues::built_in().unwrap();
        assert!(cues.rows().len() >= 400, "{} cues", cues.rows().len());
        let sorted = cues.rows().is_sorted_by(|a, b| (a.kind, a.words.join(" ")) < (b.kind, b.words.join(" ")));
        assert!(sorted, "by kind and lemma, no duplicates");
    }

    #[test]
    fn longer_cues_come_longest_first() {
        let cues = Cues::built_in().unwrap();
        let lengths: Vec<_> = cues.longer(cues.look_up("in")).map(|cue| cue.words.len()).collect();
        assert!(lengths.len() > 2 && lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
        assert!(cues.verb(cues.look_up("say")).is_some_and(|cue| cue.frame.is(Frame::QUOTE.and(Frame::BARE))));
    }

    #[test]
    fn a_bad_row_names_its_line() {
        let mut cues = Cues::default();
        let error = cues.add("x.tsv", "lemma\tkind\tclass\tframe\texample\nsay\tverb\tneutral\tq|what\tx\n").unwrap_err();
        assert_eq!(error.to_string(), "x.tsv, line 2: `what` is no frame");
        let error = cues.add("x.tsv", "lemma\tkind\tclass\tframe\texample\nsay\tverb\tneutral\tq\n").unwrap_err();
        assert_eq!(error.to_string(), "x.tsv, line 2: `say` has no example");
    }

    #[test]
    fn a_users_row_replaces_the_built_in_one() {
        let mut cues = Cues::built_in().unwrap();
        let before = cues.rows().len();
        cues.add("my.tsv", "lemma\tkind\tclass\tframe\texample\nsay\tverb\tthought\tq\t“No,” he said.\n").unwrap();
        assert_eq!(cues.rows().len(), before);
        assert_eq!(cues.verb(cues.look_up("say")).unwrap().class, CueClass::Thought);
    }
}
