//! What a number stands with: the noun that it counts, what it is a quantity of, and whether it is one at all.

use chancery_model::{Deprel, Document, MentionKind, Span, TokenIx, Upos};

use super::number::{Amount, Reader};

/// After these a number names something.
const NUMBERED: &[&str] = &[
    "resolution",
    "article",
    "section",
    "chapter",
    "no",
    "no.",
    "nos.",
    "number",
    "flight",
    "route",
    "page",
    "pages",
    "p.",
    "pp.",
    "room",
    "phase",
    "version",
    "level",
    "grade",
    "class",
    "type",
    "model",
    "line",
    "rule",
    "law",
    "item",
    "goal",
    "step",
    "act",
    "part",
    "volume",
    "vol.",
    "channel",
    "highway",
    "paragraph",
    "gate",
    "lot",
    "tier",
    "annex",
    "protocol",
    "directive",
    "regulation",
    "#",
    "№",
    "ms",
    "zone",
    "sector",
    "block",
    "pillar",
    "apartment",
    "suite",
    "box",
    "figure",
    "table",
    "appendix",
    "clause",
    "platform",
    "runway",
    "season",
];
/// A phrase is no longer than this many tokens.
const LONGEST_PHRASE: usize = 6;
/// Counted nouns stand no further after their number.
const FURTHEST_NOUN: usize = 8;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The noun's token.
    Noun(usize),
    /// Nothing that is said: a subject or object by itself.
    Alone,
    /// It is no quantity.
    Nothing,
}

impl Reader<'_> {
    /// Whether the number is a part of a name or numbers a thing.
    pub(super) fn is_name(&self, amount: &Amount) -> bool {
        if amount.unit.is_some() {
            return false;
        }
        let at = amount.first;
        if self.before_is(at, NUMBERED) || (at > self.start && self.touches(at) && self.before_is(at, &["-", "/", "#"])) {
            return true;
        }
        // "1." at the head of a list
        if at == self.start && matches!(self.form_at(amount.end), Some("." | ")")) {
            return true;
        }
        let capital = |at: usize| self.form_at(at).is_some_and(|form| form.chars().next().is_some_and(char::is_uppercase));
        let word = self.form(amount.number).as_bytes()[0].is_ascii_alphabetic();
        // "Five Eyes", "the Seven Sisters"; "Three Russian soldiers" begins a sentence
        if word && at > self.start && capital(at) && capital(amount.number_end) {
            return true;
        }
        self.in_name(self.doc.tokens.span[amount.number])
    }

    /// Whether a name covers the number and more.
    fn in_name(&self, span: Span) -> bool {
        let mentions = &self.doc.mentions;
        let after = mentions.partition_point(|mention| mention.span.start <= span.start);
        mentions[after.saturating_sub(4)..after]
            .iter()
            .any(|mention| mention.kind == MentionKind::Name && mention.head.contains(span) && mention.head != span)
    }

    /// What the number counts.
    pub(super) fn counted(&self, amount: &Amount) -> Counted {
        if self.doc.is_parsed() { self.counted_by_parse(amount) } else { self.counted_by_place(amount) }
    }

    /// Whether only words that belong to the counted noun stand between it and its number: "14 South African soldiers".
    pub(super) fn is_phrase(&self, from: usize, noun: usize) -> bool {
        (from..noun).all(|token| {
            matches!(self.upos(token), Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
                || self.form(token) == "-"
                || self.doc.tokens.deprel[token] == Deprel::Amod
        })
    }

    fn counted_by_parse(&self, amount: &Amount) -> Counted {
        let tokens = &self.doc.tokens;
        let inside = |token: usize| (amount.first..amount.number_end).contains(&token);
        // The token of the number whose head is outside it.
        let top = (amount.number..amount.number_end)
            .find(|token| tokens.head_of(TokenIx::at(*token)).is_none_or(|head| !inside(head.ix())))
            .unwrap_or(amount.number);
        let one = amount.value == 1.0 && amount.value_to.is_none();
        let of = self.any_of(amount.number_end, &["of"]);
        if let Some(head) = tokens.head_of(TokenIx::at(top)).map(TokenIx::ix) {
            let relation = tokens.deprel[top];
            let noun = tokens.upos[head] == Upos::Noun || (!one && matches!(tokens.upos[head], Upos::Propn | Upos::X));
            let counts = matches!(relation, Deprel::Nummod | Deprel::Compound | Deprel::Amod | Deprel::Det);
            if noun && counts && head >= amount.number_end && head < amount.number_end + FURTHEST_NOUN {
                return Counted::Noun(head);
            }
            // "Boeing 737": the noun before it
            if counts && head < amount.first {
                return Counted::Nothing;
            }
            if of
                && !one
                && self.is_bare_relation(relation)
                && let Some(noun) = self.of_noun(amount.number_end)
            {
                return Counted::Noun(noun);
            }
            let year = self.is_year_like(amount);
            let small = amount.value <= 2.0 && amount.value_to.is_none();
            let verb = matches!(tokens.upos[head], Upos::Verb | Upos::Aux);
            if !small && !year && !amount.dashed && self.is_bare_relation(relation) && (verb || amount.value >= 1000.0) {
                return Counted::Alone;
            }
        }
        // The parse may miss a plain "12 people".
        match self.counted_by_place(amount) {
            Counted::Noun(noun) if self.upos(noun) == Upos::Noun && !one => Counted::Noun(noun),
            _ => Counted::Nothing,
        }
    }

    fn is_bare_relation(&self, relation: Deprel) -> bool {
        matches!(
            relation,
            Deprel::Obj
                | Deprel::Nsubj
                | Deprel::NsubjPass
                | Deprel::Obl
                | Deprel::Conj
                | Deprel::Root
                | Deprel::OblUnmarked
                | Deprel::Nmod
        )
    }

    fn is_year_like(&self, amount: &Amount) -> bool {
        let form = self.form(amount.number);
        form.len() == 4 && !form.contains([',', '.']) && (1500.0..2200.0).contains(&amount.value)
    }

    /// Without a parse: a plural that follows, with at most two words between.
    fn counted_by_place(&self, amount: &Amount) -> Counted {
        if self.is_year_like(amount) || amount.dashed && amount.value_to.is_none() {
            return Counted::Nothing;
        }
        for at in amount.number_end..(amount.number_end + 3).min(self.end) {
            let form = self.form(at);
            if !form.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') || form == "-" {
                break;
            }
            if self.any_of(
                at,
                &["of", "in", "to", "and", "or", "the", "is", "was", "has", "as", "at", "by", "per", "a", "more", "who", "this"],
            ) {
                break;
            }
            let plural = form.len() > 3 && form.ends_with('s') && !form.ends_with("ss") && !form.ends_with("us");
            if plural || self.any_of(at, &["people", "men", "women", "children", "police"]) {
                return Counted::Noun(at);
            }
        }
        Counted::Nothing
    }

    /// "dozens of people", "one of three documents": the noun after "of".
    fn of_noun(&self, of: usize) -> Option<usize> {
        let span = self.noun_phrase(of + 1)?;
        Some(span.1)
    }

    /// First and last token of the noun phrase that begins here, its articles and quantifiers left out.
    fn noun_phrase(&self, at: usize) -> Option<(usize, usize)> {
        let mut first = at;
        while matches!(self.upos(first), Upos::Det | Upos::Num)
            || (self.upos(first) == Upos::Pron && self.any_of(first, &["its", "their", "his", "her", "our", "whose"]))
        {
            first += 1;
        }
        let mut last = None;
        for token in first..(first + LONGEST_PHRASE).min(self.end) {
            match self.upos(token) {
                Upos::Noun | Upos::Propn => last = Some(token),
                Upos::Adj | Upos::Num => {}
                Upos::Punct if self.form(token) == "-" => {}
                Upos::Verb if self.doc.tokens.deprel[token] == Deprel::Amod => {}
                _ => break,
            }
        }
        Some((first, last?))
    }

    /// What it is a quantity of: "of" and its noun phrase, "in aid" after money, or the noun that the amount modifies.
    pub(super) fn of(&self, amount: &Amount, end: usize, counted: bool) -> String {
        let doc: &Document = self.doc;
        let slice = |(first, last): (usize, usize)| doc.slice(doc.tokens.span[first].join(doc.tokens.span[last])).to_owned();
        let money = matches!(amount.unit, Some(chancery_lexicon::measures::UnitOf::Money(..)));
        if self.any_of(end, &["of"])
            || (money && self.any_of(end, &["in"]) && self.upos(end + 1) != Upos::Propn && self.upos(end + 1) != Upos::Num)
        {
            return self.noun_phrase(end + 1).map(slice).unwrap_or_default();
        }
        if counted || !doc.is_parsed() {
            return String::new();
        }
        // "a $5 billion loan": the head of the phrase, to the right
        let outside = (amount.first..end).rev().find_map(|token| {
            let head = doc.tokens.head_of(TokenIx::at(token))?.ix();
            let modifies = matches!(
                doc.tokens.deprel[token],
                Deprel::Nummod | Deprel::Compound | Deprel::Nmod | Deprel::NmodUnmarked | Deprel::Amod
            );
            (head >= end && head < end + FURTHEST_NOUN && modifies && doc.tokens.upos[head] == Upos::Noun).then_some(head)
        });
        match outside {
            Some(head) => slice(
                (end..=head)
                    .find(|token| matches!(self.upos(*token), Upos::Noun | Upos::Propn | Upos::Adj))
                    .map_or((head, head), |first| (first, head)),
            ),
            None => String::new(),
        }
    }
}
