//! The trained part: a linear sequence model that marks names of people, organizations and places.
//!
//! Each token near a capital is described by some thirty features (its letters, its neighbours', what the lexicons say of them); each
//! feature is a row of weights, found by its hash; the best sequence of labels is found by dynamic programming.
//! What the lexicons and the rules do not settle is left to it.
//!
//! # Invariants
//! - Integer arithmetic only: the same labels on every machine.
//! - No allocation per token; time linear in the tokens.

use chancery_lexicon::atoms::Shape;
use chancery_lexicon::names::SenseKind;
use chancery_model::{Document, Sentence};

use super::scan::Scan;

/// Labels, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are those of the IOB2 scheme")]
pub enum Label {
    Out,
    BeginPerson,
    InPerson,
    BeginOrganization,
    InOrganization,
    BeginPlace,
    InPlace,
}

/// How many labels; rows are one wider so that they fill a register.
pub const LABELS: usize = 7;
/// Weights in a row.
pub const ROW: usize = 8;
/// Rows of weights: a power of two.
pub const ROWS: usize = 1 << 17;
/// Features of a token.
pub const FEATURES: usize = 44;

/// The features of a token: numbers of rows.
pub type Rows = [u32; FEATURES];

/// The model that ships.
static MODEL: &[u8] = include_bytes!("../../model/names.bin");

/// A trained model.
pub struct Tagger {
    weights: Vec<i16>,
    /// From a label (row) to a label.
    transitions: [[i32; ROW]; LABELS],
}

/// What the features of a token are made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fact {
    form: u64,
    prefix: u32,
    suffix2: u32,
    suffix3: u32,
    shape: u8,
    word: u16,
    lex: u16,
    upos: u8,
    initial: bool,
    active: bool,
}

/// What stands for a role noun among what the lexicons say.
const ROLE: u16 = 1 << 12;

/// A name that the model marks, in tokens of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// First token.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The label that it begins with.
    pub label: Label,
}

impl Label {
    /// All, in the order of their numbers.
    pub const ALL: [Label; LABELS] = [
        Label::Out,
        Label::BeginPerson,
        Label::InPerson,
        Label::BeginOrganization,
        Label::InOrganization,
        Label::BeginPlace,
        Label::InPlace,
    ];

    /// Whether this label may follow `before`.
    #[must_use]
    pub const fn may_follow(self, before: Label) -> bool {
        match self {
            Label::InPerson => matches!(before, Label::BeginPerson | Label::InPerson),
            Label::InOrganization => matches!(before, Label::BeginOrganization | Label::InOrganization),
            Label::InPlace => matches!(before, Label::BeginPlace | Label::InPlace),
            _ => true,
        }
    }

    /// Whether a name begins with it.
    #[must_use]
    pub const fn begins(self) -> bool {
        matches!(self, Label::BeginPerson | Label::BeginOrganization | Label::BeginPlace)
    }
}

/// Describes the tokens of a document.
#[must_use]
pub fn facts(doc: &Document, scan: &Scan) -> Vec<Fact> {
    let count = doc.tokens.len();
    let mut facts = vec![Fact::default(); count];
    for (token, fact) in facts.iter_mut().enumerate() {
        let text = doc.tokens.span[token].slice(&doc.text);
        let atoms = scan.token_atoms(token);
        let mut bits = 0u8;
        for atom in atoms {
            fact.form = fact.form.rotate_left(7) ^ atom.hash;
        }
        if let Some(atom) = atoms.first() {
            let shape = atom.shape;
            bits = u8::from(shape.is_capital())
                | u8::from(shape.any(Shape::SMALL)) << 1
                | u8::from(shape.any(Shape::CAPITALS)) << 2
                | u8::from(shape.any(Shape::DIGIT)) << 3
                | u8::from(shape.any(Shape::MARK)) << 4
                | u8::from(atoms.len() > 1) << 5
                | u8::from(text.ends_with('.')) << 6
                | u8::from(text.len() == 1 || (text.len() == 2 && text.ends_with('.'))) << 7;
        } else {
            fact.form = text.bytes().fold(7, |hash, byte| hash.wrapping_mul(131) ^ u64::from(byte));
        }
        fact.shape = bits;
        fact.word = scan.words[token].bits();
        fact.upos = doc.tokens.upos[token] as u8;
        let letters = text.as_bytes();
        let small = |byte: &u8| u32::from(byte.to_ascii_lowercase());
        fact.prefix = letters.iter().take(3).fold(0, |hash, byte| hash << 8 | small(byte));
        fact.suffix2 = letters.iter().rev().take(2).fold(0, |hash, byte| hash << 8 | small(byte));
        fact.suffix3 = letters.iter().rev().take(3).fold(0, |hash, byte| hash << 8 | small(byte));
    }
    for hit in &scan.names {
        let mut kinds = 0u16;
        for sense in hit.found.senses() {
            kinds |= match sense.kind {
                SenseKind::Adjective | SenseKind::Demonym | SenseKind::RegionAdjective => 1,
                SenseKind::Place => 2,
                SenseKind::Region | SenseKind::Seat => 4,
                SenseKind::Country | SenseKind::CountryShort | SenseKind::Capital => 8,
                SenseKind::Acronym => 16,
                SenseKind::Organization | SenseKind::Ministry => 32,
                SenseKind::Person => 64,
                SenseKind::Agreement => 128,
                SenseKind::Role | SenseKind::RolePlural => 0,
            };
        }
        let length = hit.tokens.len().min(3) as u16;
        for (at, token) in hit.tokens.range().enumerate() {
            facts[token].lex = kinds | u16::from(at > 0) << 8 | length << 9;
        }
    }
    for hit in &scan.roles {
        for token in hit.tokens.range() {
            if facts[token].lex == 0 {
                facts[token].lex = ROLE;
            }
        }
    }
    for sentence in &doc.sentences {
        let range = sentence.tokens.range();
        if let Some(fact) = facts.get_mut(range.start) {
            fact.initial = true;
        }
        let capital = |at: usize, facts: &[Fact]| range.contains(&at) && facts[at].shape & 1 != 0;
        for at in range.clone() {
            let before = (at > 0 && capital(at - 1, &facts)) || (at > 1 && capital(at - 2, &facts));
            let after = capital(at + 1, &facts) || capital(at + 2, &facts);
            // Addresses of pages and mailboxes are no names.
            let text = doc.tokens.span[at].slice(&doc.text);
            if text.len() > 8 && (text.contains("://") || text.contains('@') || text.starts_with("www.")) {
                continue;
            }
            facts[at].active = facts[at].shape & 1 != 0 || (facts[at].lex != 0 && facts[at].lex != ROLE) || (before && after);
        }
    }
    facts
}

/// The rows of a token's features; `None` for a token that is never part of a name.
#[must_use]
pub fn rows(facts: &[Fact], sentence: &Sentence, at: usize) -> Option<Rows> {
    let here = facts[at];
    if !here.active {
        return None;
    }
    let range = sentence.tokens.range();
    let none = Fact { shape: 0xee, upos: 31, ..Fact::default() };
    let get = |offset: isize| {
        let at = at as isize + offset;
        if at >= range.start as isize && (at as usize) < range.end { facts[at as usize] } else { none }
    };
    let (before2, before, after, after2) = (get(-2), get(-1), get(1), get(2));
    let mut rows = [0u32; FEATURES];
    let mut count = 0;
    let mut put = |value: u64| {
        let mixed = (value ^ (count as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        rows[count] = ((mixed ^ (mixed >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 47) as u32;
        count += 1;
    };
    let pair = |a: u64, b: u64| a.rotate_left(17) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let small = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    let lexes = |fact: &Fact| u32::from(fact.lex) | u32::from(fact.word) << 16;
    put(1);
    put(here.form);
    put(before.form);
    put(after.form);
    put(before2.form);
    put(after2.form);
    put(pair(before.form, here.form));
    put(pair(here.form, after.form));
    put(u64::from(here.prefix));
    put(u64::from(here.suffix2));
    put(u64::from(here.suffix3));
    put(u64::from(before.suffix3));
    put(u64::from(after.suffix3));
    put(small(u32::from(here.shape), u32::from(here.initial)));
    put(small(u32::from(before.shape), u32::from(here.shape)));
    put(small(u32::from(here.shape), u32::from(after.shape)));
    put(small(u32::from(before.shape) << 8 | u32::from(here.shape), u32::from(after.shape)));
    put(small(u32::from(before2.shape) << 8 | u32::from(before.shape), u32::from(here.shape)));
    put(small(u32::from(after2.shape) << 8 | u32::from(after.shape), u32::from(here.shape)));
    put(u64::from(here.lex));
    put(small(u32::from(here.lex), u32::from(here.initial)));
    put(u64::from(here.word));
    put(small(lexes(&here), u32::from(here.shape)));
    put(small(lexes(&before), lexes(&here)));
    put(small(lexes(&here), lexes(&after)));
    put(small(u32::from(before.lex) << 16 | u32::from(here.lex), u32::from(after.lex)));
    put(small(u32::from(before.word) << 16 | u32::from(here.word), u32::from(after.word)));
    put(small(lexes(&before2), lexes(&here)));
    put(small(lexes(&after2), lexes(&here)));
    put(pair(before.form, u64::from(here.shape)));
    put(pair(after.form, u64::from(here.shape)));
    put(pair(before.form, u64::from(lexes(&here))));
    put(pair(after.form, u64::from(lexes(&here))));
    put(small(here.suffix3, u32::from(after.shape)));
    put(small(here.suffix3, u32::from(before.shape)));
    put(pair(u64::from(here.shape), pair(before.form, after.form)));
    put(small(u32::from(here.upos), u32::from(here.shape)));
    put(small(u32::from(before.upos), u32::from(here.upos)));
    put(small(u32::from(here.upos), u32::from(after.upos)));
    put(small(u32::from(before.upos) << 8 | u32::from(here.upos), u32::from(after.upos)));
    put(small(u32::from(before2.upos) << 8 | u32::from(before.upos), u32::from(here.upos)));
    put(small(u32::from(after2.upos) << 8 | u32::from(after.upos), u32::from(here.upos)));
    put(small(u32::from(here.upos), lexes(&here)));
    put(pair(before2.form, before.form));
    Some(rows)
}

/// The best sequence of labels for some tokens, given each one's scores and the scores of transitions.
///
/// `scores` holds a row of [`ROW`] a token; `back` is scratch.
pub fn viterbi(scores: &[[i32; ROW]], transitions: &[[i32; ROW]; LABELS], back: &mut Vec<[u8; ROW]>, labels: &mut Vec<Label>) {
    labels.clear();
    back.clear();
    if scores.is_empty() {
        return;
    }
    const NEVER: i32 = i32::MIN / 4;
    let mut best = [NEVER; LABELS];
    for label in 0..LABELS {
        if Label::ALL[label].may_follow(Label::Out) {
            best[label] = scores[0][label] + transitions[0][label];
        }
    }
    back.push([0; ROW]);
    for row in &scores[1..] {
        let mut next = [NEVER; LABELS];
        let mut from = [0u8; ROW];
        for label in 0..LABELS {
            for before in 0..LABELS {
                if Label::ALL[label].may_follow(Label::ALL[before]) {
                    let score = best[before] + transitions[before][label];
                    if score > next[label] {
                        (next[label], from[label]) = (score, before as u8);
                    }
                }
            }
            next[label] += row[label];
        }
        best = next;
        back.push(from);
    }
    let mut last = (0..LABELS).rev().max_by_key(|label| best[*label]).unwrap_or(0);
    labels.resize(scores.len(), Label::Out);
    for at in (0..scores.len()).rev() {
        labels[at] = Label::ALL[last];
        last = usize::from(back[at][last]);
    }
}

impl Tagger {
    /// The model that ships.
    ///
    /// # Panics
    /// Never: a test decodes the same bytes.
    #[must_use]
    pub fn built_in() -> Self {
        Self::decode(MODEL).expect("`the_model_decodes` decodes these bytes")
    }

    /// Reads a model: transitions, then rows, as little-endian 16-bit numbers.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != (LABELS * ROW + ROWS * ROW) * 2 {
            return None;
        }
        let mut numbers = bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        let mut transitions = [[0; ROW]; LABELS];
        for cell in transitions.iter_mut().flatten() {
            *cell = i32::from(numbers.next()?);
        }
        Some(Self { weights: numbers.collect(), transitions })
    }

    /// Marks the names of a document.
    #[must_use]
    pub fn mark(&self, doc: &Document, scan: &Scan) -> Vec<Marked> {
        let facts = facts(doc, scan);
        let mut marked = Vec::new();
        let (mut scores, mut back, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for sentence in &doc.sentences {
            let range = sentence.tokens.range();
            let mut at = range.start;
            while at < range.end {
                scores.clear();
                let start = at;
                while at < range.end
                    && let Some(rows) = rows(&facts, sentence, at)
                {
                    scores.push(self.score(&rows));
                    at += 1;
                }
                if scores.is_empty() {
                    at += 1;
                    continue;
                }
                viterbi(&scores, &self.transitions, &mut back, &mut labels);
                let mut here = 0;
                while here < labels.len() {
                    let label = labels[here];
                    let begin = here;
                    here += 1;
                    if label.begins() {
                        while here < labels.len() && labels[here] != Label::Out && !labels[here].begins() {
                            here += 1;
                        }
                        marked.push(Marked { start: (start + begin) as u32, end: (start + here) as u32, label });
                    }
                }
            }
        }
        marked
    }

    fn score(&self, rows: &Rows) -> [i32; ROW] {
        let mut sum = [0i32; ROW];
        for row in rows {
            let at = *row as usize * ROW;
            for (cell, weight) in sum.iter_mut().zip(&self.weights[at..at + ROW]) {
                *cell += i32::from(*weight);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_decodes() {
        assert!(Tagger::decode(MODEL).is_some());
        assert!(MODEL.len() < 4 << 20);
    }

    #[test]
    fn a_name_goes_on_only_in_its_own_kind() {
        let mut scores = vec![[0; ROW]; 2];
        scores[0][Label::BeginPerson as usize] = 5;
        scores[1][Label::InPlace as usize] = 9;
        scores[1][Label::InPerson as usize] = 3;
        let (mut back, mut labels) = (Vec::new(), Vec::new());
        viterbi(&scores, &[[0; ROW]; LABELS], &mut back, &mut labels);
        // Two separate starts would be worth 9 only where a place had begun before.
        assert!(labels == [Label::BeginPerson, Label::InPerson] || labels == [Label::BeginPlace, Label::InPlace]);
        assert!(labels[1].may_follow(labels[0]));
    }
}
