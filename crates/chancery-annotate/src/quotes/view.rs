//! A document as the rules of this stage read it: its parse as lists and edges, its words as cues, its mentions by token.
//!
//! # Invariants
//! - Built in one pass over the tokens; no question costs more than the height of a tree, which is bounded.
//! - Tokens are plain numbers here; ranges are half-open.

use std::ops::Range;

use chancery_lexicon::Cues;
use chancery_lexicon::cues::{Cue, CueKind, Frame, Lookup, WordClass};
use chancery_model::{Deprel, Document, Mention, MentionKind, Span, TokenIx, Tokens, Upos, Xpos};

/// No token, no mention.
const NONE: u32 = u32::MAX;
/// Chains of heads longer than this are a broken parse.
const LONGEST_CHAIN: usize = 16;
/// How far the parts of a cue of several words may lie apart.
const WIDEST_CUE: u32 = 9;

/// Buffers behind a view, one set a thread.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    first: Vec<u32>,
    next: Vec<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
    waiting: Vec<u32>,
    ready: Vec<u32>,
    look: Vec<Lookup>,
    mention: Vec<u32>,
    name: Vec<u32>,
}

/// A cue in the text: its words are at `first..=last`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    pub cue: &'a Cue,
    pub first: u32,
    pub last: u32,
}

/// What the rules look at.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub doc: &'a Document,
    pub cues: &'a Cues,
    buffers: &'a Buffers,
}

impl Buffers {
    /// Fills the buffers for a document.
    pub(super) fn build(&mut self, doc: &Document, cues: &Cues) {
        let tokens = &doc.tokens;
        let count = tokens.len();
        self.look.clear();
        self.look.extend(tokens.lemmas.iter().map(|(_, lemma)| look_up(cues, lemma)));
        for list in [&mut self.first, &mut self.next, &mut self.mention, &mut self.name] {
            list.clear();
            list.resize(count, NONE);
        }
        self.left.clear();
        self.left.extend(0..count as u32);
        self.right.clear();
        self.right.extend(0..count as u32);
        self.waiting.clear();
        self.waiting.resize(count, 0);
        for token in (0..count).rev() {
            let head = tokens.head[token];
            if head != Tokens::ROOT && (head as usize) < count {
                self.next[token] = self.first[head as usize];
                self.first[head as usize] = token as u32;
                self.waiting[head as usize] += 1;
            }
        }
        // Leaves first: each token hands its edges up once all below it are known. A cycle is never reached.
        self.ready.clear();
        self.ready.extend((0..count as u32).filter(|token| self.waiting[*token as usize] == 0));
        while let Some(token) = self.ready.pop() {
            let token = token as usize;
            let head = tokens.head[token];
            if head == Tokens::ROOT || head as usize >= count {
                continue;
            }
            let head = head as usize;
            self.left[head] = self.left[head].min(self.left[token]);
            self.right[head] = self.right[head].max(self.right[token]);
            self.waiting[head] -= 1;
            if self.waiting[head] == 0 {
                self.ready.push(head as u32);
            }
        }
        for (number, mention) in doc.mentions.iter().enumerate() {
            let slot = mention.head_token.ix();
            if slot >= count {
                continue;
            }
            if mention.kind == MentionKind::Name {
                // Any word of a name leads to it; a name inside a longer one yields.
                let range = mention.tokens.range();
                for token in range.start..range.end.min(count).min(range.start + 16) {
                    let known = self.name[token];
                    let inside = mention.head.contains(tokens.span[token]);
                    if inside && (known == NONE || doc.mentions[known as usize].span.len() < mention.span.len()) {
                        self.name[token] = number as u32;
                    }
                }
            }
            // Of two with the same head the longer one says more.
            let known = self.mention[slot];
            if known == NONE || doc.mentions[known as usize].span.len() < mention.span.len() {
                self.mention[slot] = number as u32;
            }
        }
    }
}

/// What a lemma can be; a past tense that was taken for a noun is its own lemma, so its stem is tried too.
fn look_up(cues: &Cues, lemma: &str) -> Lookup {
    let known = cues.look_up(lemma);
    if !known.is_nothing() || !lemma.is_ascii() {
        return known;
    }
    // A lemmatizer that does not know a verb drops one letter too many or too few: "inton", "murmure".
    let longer = format!("{lemma}e");
    let stems = [lemma.strip_suffix("ed"), lemma.strip_suffix('d'), lemma.strip_suffix('e'), Some(longer.as_str())];
    let verbs = stems.into_iter().flatten().filter(|stem| stem.len() > 2).map(|stem| cues.look_up(stem));
    verbs.into_iter().find(|stem| cues.verb(*stem).is_some()).map_or(known, Lookup::only_verb)
}

impl<'a> View<'a> {
    pub(super) fn new(doc: &'a Document, cues: &'a Cues, buffers: &'a Buffers) -> Self {
        Self { doc, cues, buffers }
    }

    pub(super) fn len(self) -> u32 {
        self.doc.tokens.len() as u32
    }

    pub(super) fn span(self, token: u32) -> Span {
        self.doc.tokens.span[token as usize]
    }

    pub(super) fn form(self, token: u32) -> &'a str {
        self.span(token).slice(&self.doc.text)
    }

    pub(super) fn lemma(self, token: u32) -> &'a str {
        self.doc.lemma(TokenIx(token))
    }

    pub(super) fn upos(self, token: u32) -> Upos {
        self.doc.tokens.upos[token as usize]
    }

    pub(super) fn xpos(self, token: u32) -> Xpos {
        self.doc.tokens.xpos[token as usize]
    }

    pub(super) fn rel(self, token: u32) -> Deprel {
        self.doc.tokens.deprel[token as usize]
    }

    pub(super) fn head(self, token: u32) -> Option<u32> {
        let head = self.doc.tokens.head[token as usize];
        (head != Tokens::ROOT && head < self.len()).then_some(head)
    }

    /// First and last token of what hangs on it.
    pub(super) fn left(self, token: u32) -> u32 {
        self.buffers.left[token as usize]
    }

    pub(super) fn right(self, token: u32) -> u32 {
        self.buffers.right[token as usize]
    }

    pub(super) fn children(self, token: u32) -> impl Iterator<Item = u32> + 'a {
        let buffers = self.buffers;
        let mut here = buffers.first[token as usize];
        std::iter::from_fn(move || {
            let now = here;
            (now != NONE).then(|| {
                here = buffers.next[now as usize];
                now
            })
        })
    }

    pub(super) fn child(self, token: u32, rel: Deprel) -> Option<u32> {
        self.children(token).find(|child| self.rel(*child) == rel)
    }

    /// The heads above a token, nearest first, as many as a sound tree has.
    pub(super) fn above(self, token: u32) -> impl Iterator<Item = u32> + 'a {
        let mut here = token;
        (0..LONGEST_CHAIN).map_while(move |_| {
            here = self.head(here)?;
            Some(here)
        })
    }

    pub(super) fn look(self, token: u32) -> Lookup {
        let lemma = self.doc.tokens.lemma[token as usize];
        self.buffers.look[lemma.ix()]
    }

    pub(super) fn class(self, token: u32, class: WordClass) -> bool {
        self.look(token).class.any(class)
    }

    /// The longest mention whose head token it is, else the name that it is a word of.
    pub(super) fn mention(self, token: u32) -> Option<&'a Mention> {
        let number = self.buffers.mention[token as usize];
        if number != NONE {
            return Some(&self.doc.mentions[number as usize]);
        }
        let number = self.buffers.name[token as usize];
        (number != NONE).then(|| &self.doc.mentions[number as usize])
    }

    pub(super) fn is(self, token: u32, form: &str) -> bool {
        self.form(token).eq_ignore_ascii_case(form)
    }

    pub(super) fn is_one_of(self, token: u32, forms: &[&str]) -> bool {
        forms.iter().any(|form| self.is(token, form))
    }

    pub(super) fn is_punct(self, token: u32) -> bool {
        self.upos(token) == Upos::Punct || !self.form(token).chars().any(char::is_alphanumeric)
    }

    pub(super) fn is_nominal(self, token: u32) -> bool {
        matches!(self.upos(token), Upos::Noun | Upos::Propn | Upos::Pron)
    }

    /// Whether the clause around a finite verb can have it as predicate: not a bare infinitive or participle.
    pub(super) fn is_finite(self, token: u32) -> bool {
        matches!(self.xpos(token), Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md)
    }

    /// Whether the range holds a finite verb.
    pub(super) fn has_finite(self, mut range: Range<u32>) -> bool {
        range.any(|token| self.is_finite(token))
    }

    /// Whether it ends a sentence.
    pub(super) fn is_stop(self, token: u32) -> bool {
        matches!(self.form(token), "." | "?" | "!" | "…" | "..." | "?!" | "!!")
    }

    pub(super) fn is_comma(self, token: u32) -> bool {
        self.form(token) == ","
    }

    /// Whether a dash parts clauses: not the hyphen of a compound, nor a range.
    pub(super) fn is_dash(self, token: u32) -> bool {
        match self.form(token) {
            "—" | "--" | "―" => true,
            "–" | "-" => self.doc.text[..self.span(token).start as usize].ends_with([' ', '\u{a0}', '”', '"', '’']),
            _ => false,
        }
    }

    /// The tokens of a span.
    pub(super) fn tokens_in(self, span: Span) -> Range<u32> {
        let spans = &self.doc.tokens.span;
        let start = spans.partition_point(|token| token.start < span.start) as u32;
        let end = spans.partition_point(|token| token.end <= span.end) as u32;
        start..end.max(start)
    }

    /// The text from the first token to before the last one of a range.
    pub(super) fn span_of(self, range: Range<u32>) -> Span {
        if range.is_empty() {
            return Span::default();
        }
        self.span(range.start).join(self.span(range.end - 1))
    }

    /// Whether a verb is in the passive.
    pub(super) fn is_passive(self, verb: u32) -> bool {
        let own = |verb: u32| self.children(verb).any(|child| matches!(self.rel(child), Deprel::AuxPass | Deprel::NsubjPass));
        if own(verb) {
            return true;
        }
        // "was found and invited to …": the auxiliary of the first serves the second.
        let joined = self.xpos(verb) == Xpos::Vbn
            && self.rel(verb) == Deprel::Conj
            && !self.children(verb).any(|child| matches!(self.rel(child), Deprel::Aux | Deprel::Nsubj));
        joined && self.head(verb).is_some_and(own)
    }

    /// The cue that begins at a token, the longest one.
    pub(super) fn hit(self, token: u32) -> Option<Hit<'a>> {
        let look = self.look(token);
        if look.is_nothing() {
            return None;
        }
        for cue in self.cues.longer(look) {
            if let Some(last) = self.match_longer(cue, token) {
                return Some(Hit { cue, first: token, last });
            }
        }
        let cue = match self.upos(token) {
            Upos::Verb | Upos::Aux => self.cues.verb(look),
            Upos::Noun | Upos::Propn | Upos::Adj => match self.cues.noun(look) {
                Some(noun) if !self.is_misread_verb(token) => Some(noun),
                _ if self.is_misread_verb(token) => self.cues.verb(look),
                _ => None,
            },
            _ => None,
        }?;
        Some(Hit { cue, first: token, last: token })
    }

    /// The verb that a token can be, whatever its tag: beside marks the pattern is surer than the tag.
    pub(super) fn verb_hit(self, token: u32) -> Option<Hit<'a>> {
        if let Some(hit) = self.hit(token).filter(|hit| hit.cue.kind == CueKind::Verb) {
            return Some(hit);
        }
        let cue = self.cues.verb(self.look(token))?;
        Some(Hit { cue, first: token, last: token })
    }

    /// Whether a noun by its tag is a verb by its place: "states that", "denies that".
    fn is_misread_verb(self, token: u32) -> bool {
        let form = self.form(token);
        if form.starts_with(char::is_uppercase) || token == 0 {
            return false;
        }
        let inflected = form.ends_with('s') || form.ends_with("ed");
        let next = token + 1;
        let clause = next < self.len() && self.is(next, "that") && self.upos(next) != Upos::Det;
        let root = self.head(token).is_none()
            && self.children(token).any(|child| matches!(self.rel(child), Deprel::Nsubj | Deprel::Ccomp));
        let noun_before = matches!(self.upos(token - 1), Upos::Noun | Upos::Propn | Upos::Pron);
        (clause && noun_before && inflected) || root
    }

    fn match_longer(self, cue: &Cue, token: u32) -> Option<u32> {
        match cue.kind {
            CueKind::Verb => {
                let verb = matches!(self.upos(token), Upos::Verb | Upos::Aux);
                let misread = self.xpos(token) == Xpos::Nns
                    && token > 0
                    && !matches!(self.upos(token - 1), Upos::Det | Upos::Adj | Upos::Num)
                    && self.xpos(token - 1) != Xpos::PrpPoss;
                if !verb && !misread {
                    return None;
                }
                let mut last = token;
                for word in &cue.words[1..] {
                    last = self.next_word(cue, word, last)?;
                }
                Some(last)
            }
            CueKind::Phrase if cue.frame.is(Frame::POSS) => {
                // "by his account", "in the bank's view".
                let noun = &cue.words[1];
                let end = (token + WIDEST_CUE).min(self.len());
                let mut possessor = false;
                for at in token + 1..end {
                    if possessor && (self.lemma(at) == &**noun || self.is(at, noun)) {
                        return Some(at);
                    }
                    if matches!(self.xpos(at), Xpos::PrpPoss | Xpos::Pos) {
                        possessor = true;
                    } else if !matches!(self.upos(at), Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn) {
                        return None;
                    }
                }
                None
            }
            CueKind::Phrase => {
                let words = cue.words.len() as u32;
                if token + words >= self.len() {
                    return None;
                }
                let same = cue.words.iter().zip(token..).all(|(word, at)| self.is(at, word));
                same.then_some(token + words - 1)
            }
            CueKind::Noun => None,
        }
    }

    /// The next word of a verb of several words, after `from`.
    fn next_word(self, cue: &Cue, word: &str, from: u32) -> Option<u32> {
        let far = cue.frame.any(Frame::MARK) || matches!(word, "clear" | "know" | "as");
        let widest = if far { WIDEST_CUE } else { 1 };
        let end = (from + 1 + widest).min(self.len());
        for at in from + 1..end {
            if self.is(at, word) {
                return Some(at);
            }
            if (self.is_punct(at) && !self.is_comma(at)) || self.upos(at) == Upos::Verb {
                return None;
            }
        }
        None
    }
}
