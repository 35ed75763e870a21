//! Who speaks: from a cue to the words that name its subject, and from these to a mention and its entity.

use std::ops::Range;

use chancery_lexicon::cues::{Frame, WordClass};
use chancery_model::{Deprel, EntityIx, EntityType, MentionKind, MentionType, Span, Upos, Xpos};

use super::view::{Hit, View};

/// How far a subject is looked for by the order of words alone.
const FARTHEST: u32 = 40;

/// The words that name a speaker: their head, and the range that they were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub head: u32,
    pub range: Range<u32>,
}

/// A speaker as a quotation records it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Speaker {
    pub span: Option<Span>,
    pub entity: Option<EntityIx>,
    pub name: String,
    pub anonymous: bool,
}

impl<'a> View<'a> {
    /// The subject of a verb in the parse, through co-ordination, control and relative clauses.
    pub(super) fn subject(self, verb: u32) -> Option<u32> {
        let mut here = verb;
        for _ in 0..8 {
            // Of two before the verb the nearer one: a parser makes a dateline a subject too.
            let is_subject = |child: &u32| {
                matches!(self.rel(*child), Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter)
                    && *child != verb
                    && !self.is_dateline(*child)
                    && (self.children(*child).any(|which| matches!(self.xpos(which), Xpos::Wdt | Xpos::Wp))
                        || !self
                            .children(*child)
                            .any(|case| self.rel(case) == Deprel::Case && self.upos(case) == Upos::Adp && case < *child))
            };
            let before = self.children(here).filter(|child| is_subject(child) && *child < here).last();
            // … unless commas set the nearer one off: "ambassadors, among them those of Malta, said".
            let before = before.map(|nearer| {
                let (left, right) = (self.left(nearer), self.right(nearer));
                let set_off =
                    left > 0 && self.is_comma(left - 1) && right + 1 < here && (right..here).any(|at| self.is_comma(at));
                let first = self.children(here).find(|child| is_subject(child) && *child < here);
                if set_off { first.unwrap_or(nearer) } else { nearer }
            });
            let subject = before.or_else(|| self.children(here).find(|child| is_subject(child)));
            if let Some(subject) = subject {
                if matches!(self.xpos(subject), Xpos::Wp | Xpos::Wdt) || (self.is(subject, "that") && self.is_relative(here)) {
                    return self.antecedent(here);
                }
                if self.rel(subject) == Deprel::NsubjPass && here == verb {
                    return None;
                }
                return Some(subject);
            }
            let head = self.head(here)?;
            match self.rel(here) {
                Deprel::Acl | Deprel::AclRelcl if self.is_nominal(head) => return Some(head),
                Deprel::Xcomp => {
                    let told = self.hit(head).is_some_and(|hit| hit.cue.frame.any(Frame::WHOM));
                    let object = self.children(head).find(|child| matches!(self.rel(*child), Deprel::Obj | Deprel::Iobj));
                    if let (true, Some(object)) = (told, object) {
                        return Some(object);
                    }
                    here = head;
                }
                // "vetoed a text that demanded peace, saying …": after a comma the participle belongs to the main verb.
                Deprel::Advcl
                    if self.rel(head) == Deprel::AclRelcl
                        && self.xpos(here) == Xpos::Vbg
                        && here > 0
                        && self.is_comma(here - 1) =>
                {
                    here = self.above(head).find(|above| self.upos(*above) == Upos::Verb).unwrap_or(head);
                }
                Deprel::Conj | Deprel::Advcl | Deprel::Acl | Deprel::Parataxis | Deprel::Dep | Deprel::AdvclRelcl => {
                    here = head;
                }
                Deprel::Ccomp if matches!(self.xpos(here), Xpos::Vbg | Xpos::Vb) => here = head,
                _ => return None,
            }
        }
        None
    }

    /// "LISBON — The minister said": a place in capitals before a dash is no subject.
    fn is_dateline(self, token: u32) -> bool {
        let form = self.form(token);
        form.len() > 2
            && form.chars().all(|letter| !letter.is_lowercase())
            && (token + 1..(token + 8).min(self.len())).any(|at| self.is_dash(at))
            && (token.saturating_sub(4)..token).all(|at| self.form(at).chars().all(|letter| !letter.is_lowercase()))
    }

    fn is_relative(self, verb: u32) -> bool {
        self.rel(verb) == Deprel::AclRelcl
    }

    fn antecedent(self, verb: u32) -> Option<u32> {
        std::iter::once(verb)
            .chain(self.above(verb))
            .find(|token| matches!(self.rel(*token), Deprel::AclRelcl | Deprel::Acl))
            .and_then(|token| self.head(token))
    }

    /// The subject that the order of words suggests: the noun phrase right before the verb.
    pub(super) fn subject_before(self, verb: u32, from: u32) -> Option<u32> {
        let mut at = verb;
        let mut comma = false;
        let lowest = from.max(verb.saturating_sub(FARTHEST));
        while at > lowest {
            at -= 1;
            match self.upos(at) {
                Upos::Aux | Upos::Adv | Upos::Part => {}
                Upos::Noun | Upos::Propn | Upos::Pron => {
                    // "An aide, who asked not to be named, said".
                    let clause = (lowest..at).rev().find(|at| self.is_comma(*at) || self.is_stop(*at));
                    let clause = clause.and_then(|_| {
                        (lowest + 1..at)
                            .rev()
                            .find(|at| matches!(self.xpos(*at), Xpos::Wp | Xpos::Wdt | Xpos::WpPoss) && self.is_comma(*at - 1))
                    });
                    if let Some(who) = clause.filter(|who| comma && *who >= lowest + 2 && self.is_nominal(*who - 2)) {
                        return Some(self.top_noun(who - 2, from..verb));
                    }
                    // "The union, the port's largest, said": what two commas set off explains the noun before them.
                    let first = (lowest..at)
                        .rev()
                        .take_while(|at| !self.is_finite(*at) && !self.is_stop(*at))
                        .find(|at| self.is_comma(*at));
                    if let Some(first) = first.filter(|first| {
                        comma && *first > lowest && (self.is_nominal(first - 1) || self.mention(first - 1).is_some())
                    }) {
                        return Some(self.top_noun(first - 1, from..verb));
                    }
                    return Some(self.top_noun(at, from..verb));
                }
                Upos::Num if self.is_one_of(at, &["one", "two", "three"]) => return Some(at),
                _ if self.is_punct(at) && !self.is_stop(at) && self.form(at) != ";" => comma |= self.is_comma(at),
                _ => return None,
            }
        }
        None
    }

    /// The noun that a subject between two commas only explains: "The European Union, the destination of most of it, said".
    pub(super) fn before_apposition(self, head: u32, verb: u32, from: u32) -> u32 {
        if head >= verb || !(head..verb).any(|at| self.is_comma(at)) || self.has_finite(head..verb.saturating_sub(1)) {
            return head;
        }
        let lowest = from.max(head.saturating_sub(10));
        let Some(comma) =
            (lowest..head).rev().take_while(|at| !self.is_finite(*at) && !self.is_stop(*at)).find(|at| self.is_comma(*at))
        else {
            return head;
        };
        if comma <= lowest || !self.is_nominal(comma - 1) || self.person(head).is_some() {
            return head;
        }
        let noun = self.top_noun(comma - 1, from..verb);
        // "On Monday, the minister, a former judge, said": what a preposition governs is no subject.
        let governed =
            self.children(noun).any(|case| self.rel(case) == Deprel::Case && case < noun && self.upos(case) == Upos::Adp);
        let start = (from..noun)
            .rev()
            .take_while(|at| self.is_nominal(*at) || matches!(self.upos(*at), Upos::Det | Upos::Adj | Upos::Num))
            .last()
            .unwrap_or(noun);
        let after = start > from && self.upos(start - 1) == Upos::Adp;
        let aside = matches!(
            self.rel(noun),
            Deprel::Obl
                | Deprel::OblTmod
                | Deprel::OblUnmarked
                | Deprel::OblNpmod
                | Deprel::Obj
                | Deprel::Iobj
                | Deprel::NmodTmod
                | Deprel::NmodUnmarked
        );
        if governed || after || aside || self.upos(noun) == Upos::Pron { head } else { noun }
    }

    /// The noun that a noun belongs to, within a range: "officials" from "Lomé" in "officials in Lomé".
    pub(super) fn top_noun(self, token: u32, within: Range<u32>) -> u32 {
        let mut here = token;
        for above in self.above(token) {
            let part = matches!(
                self.rel(here),
                Deprel::Nmod
                    | Deprel::NmodPoss
                    | Deprel::Compound
                    | Deprel::Flat
                    | Deprel::Appos
                    | Deprel::Conj
                    | Deprel::Amod
                    | Deprel::Det
                    | Deprel::Nummod
                    | Deprel::NmodDesc
                    | Deprel::Case
                    | Deprel::NmodUnmarked
                    | Deprel::NmodTmod
                    | Deprel::List
            );
            let between = above.min(here)..above.max(here);
            let parted = between.clone().any(|at| self.is_dash(at))
                || self.rel(here) != Deprel::Appos && between.into_iter().any(|at| self.is_comma(at));
            if !part || parted || !within.contains(&above) || !(self.is_nominal(above) || self.upos(above) == Upos::Adj) {
                break;
            }
            here = above;
        }
        here
    }

    /// The head of the noun phrase that begins at a token and ends before `end`.
    pub(super) fn head_from(self, start: u32, end: u32) -> Option<u32> {
        // Not past a comma or a verb: what follows belongs to something else.
        let stop = (start..end).find(|at| self.is_comma(*at) || self.is_finite(*at) || self.is_stop(*at)).unwrap_or(end);
        if start >= stop {
            return None;
        }
        let inside = |token: u32| token >= start && token < stop;
        let mut here = start;
        for above in self.above(start) {
            if !inside(above) || (self.is_nominal(here) && !self.is_nominal(above)) {
                break;
            }
            here = above;
        }
        if self.is_nominal(here) {
            // "a Treasury official": the last noun of the run is the head, whatever the parse has.
            while here + 1 < stop && matches!(self.upos(here + 1), Upos::Noun | Upos::Propn) && self.upos(here) != Upos::Pron {
                here += 1;
            }
            return Some(here);
        }
        let alone = ["another", "others", "many", "some", "both", "several", "one", "each", "most"];
        if self.upos(start) == Upos::Num || (self.is_one_of(start, &alone) && !(start + 1 < stop && self.is_nominal(start + 1))) {
            return Some(start);
        }
        let first = (start..stop).find(|at| self.is_nominal(*at))?;
        // "a farmer near Mandouri": the last noun of the first run of nouns.
        let mut last = first;
        while last + 1 < stop && (self.is_nominal(last + 1) || self.xpos(last + 1) == Xpos::Pos) {
            last += 1;
        }
        Some(if self.xpos(last) == Xpos::Pos { first } else { last })
    }

    /// The words of a noun phrase: what hangs on its head, without relative clauses and what a comma sets off.
    pub(super) fn phrase(self, head: u32, within: Range<u32>) -> Phrase {
        let left = self.left(head).max(within.start).min(head);
        let right = self.right(head).min(within.end.saturating_sub(1)).max(head);
        let mut start = head;
        while start > left && !self.is_punct(start - 1) && !self.is_finite(start - 1) && self.upos(start - 1) != Upos::Cconj {
            start -= 1;
        }
        // "Japanese and Canadian sources", "Canada and Japan": keep what is joined.
        if start > left && self.upos(start - 1) == Upos::Cconj && left + 1 < start {
            let joined = (left..start).all(|at| !self.is_finite(at) && !self.is_stop(at));
            if joined {
                start = left;
            }
        }
        while start < head && (self.is_punct(start) || matches!(self.rel(start), Deprel::Case | Deprel::Mark | Deprel::Cc)) {
            start += 1;
        }
        let mut end = head + 1;
        while end <= right {
            let clause = self.is_punct(end) && !self.is_hyphen_inside(end)
                || matches!(self.upos(end), Upos::Verb | Upos::Aux)
                || matches!(self.xpos(end), Xpos::Wp | Xpos::Wdt | Xpos::To | Xpos::WpPoss);
            if clause {
                break;
            }
            end += 1;
        }
        while end > head + 1
            && (matches!(self.upos(end - 1), Upos::Adp | Upos::Cconj | Upos::Det | Upos::Adv) || self.xpos(end - 1) == Xpos::Pos)
        {
            end -= 1;
        }
        Phrase { head, range: start..end }
    }

    fn is_hyphen_inside(self, token: u32) -> bool {
        self.form(token) == "-"
    }

    /// The addressee's head: the object of a verb that takes one, or what follows "to".
    pub(super) fn addressee(self, hit: Hit<'a>) -> Option<u32> {
        let verb = hit.first;
        let object = |rels: &[Deprel]| self.children(verb).find(|child| *child > verb && rels.contains(&self.rel(*child)));
        if self.is_passive(verb) {
            let subject = self.child(verb, Deprel::NsubjPass)?;
            return hit.cue.frame.any(Frame::WHOM).then_some(subject);
        }
        if hit.cue.frame.any(Frame::WHOM) {
            return object(&[Deprel::Iobj]).or_else(|| object(&[Deprel::Obj])).filter(|token| self.is_nominal(*token)).or_else(
                || {
                    self.children(verb).find(|child| {
                        self.rel(*child) == Deprel::Obl
                            && self.children(*child).any(|case| self.is_one_of(case, &["to", "on", "upon"]))
                    })
                },
            );
        }
        self.children(verb).find(|child| {
            *child > verb
                && self.rel(*child) == Deprel::Obl
                && self.children(*child).any(|case| self.rel(case) == Deprel::Case && self.is(case, "to"))
        })
    }

    /// Who a phrase names.
    pub(super) fn speaker(self, phrase: &Phrase) -> Speaker {
        let Phrase { head, range } = phrase;
        if let Some(speaker) = self.named_within(*head, range.clone()) {
            return speaker;
        }
        if let Some(mut speaker) = self.speaker_of_mention(*head) {
            // A description goes on where its mention ends: "members | of the recognized government".
            let span = self.span_of(range.clone());
            if speaker.anonymous && speaker.span.is_some_and(|mention| span.contains(mention)) {
                speaker.span = Some(span);
            }
            return speaker;
        }
        // A name beside the head ("the secretary, Dorcas Oluoch", "Senator Gana") stands for the whole.
        let beside = self.children(*head).filter(|child| {
            matches!(self.rel(*child), Deprel::Appos | Deprel::Flat | Deprel::Compound)
                && *child > *head
                && self.upos(*child) == Upos::Propn
        });
        for child in beside {
            if let Some(speaker) = self.speaker_of_mention(child)
                && !speaker.anonymous
                && speaker.entity.is_some_and(|entity| self.doc.entity(entity).r#type == EntityType::Person)
            {
                return speaker;
            }
        }
        self.speaker_of_words(*head, range.clone())
    }

    fn speaker_of_mention(self, head: u32) -> Option<Speaker> {
        let mention = self.mention(head)?;
        if mention.r#type == MentionType::Nationality && self.upos(head) == Upos::Adj {
            return None;
        }
        let number = mention.entity?;
        let entity = self.doc.entity(number);
        if mention.kind != MentionKind::Pronoun
            && let Some(named) = self.named_beside(head, entity.is_anonymous())
        {
            return Some(named);
        }
        Some(Speaker {
            span: Some(mention.span),
            entity: Some(number),
            name: entity.name.clone(),
            anonymous: entity.is_anonymous() && self.is_people(head)
                || entity.r#type == EntityType::Group && self.is_people(head),
        })
    }

    /// The person whom a phrase names at its end or right after its comma: "Crown counsel Robert Lee", "a woman in the crowd, Jelena Ćosić".
    fn named_within(self, head: u32, range: Range<u32>) -> Option<Speaker> {
        if matches!(self.xpos(head), Xpos::Prp | Xpos::PrpPoss) || self.person(head).is_some() {
            return None;
        }
        let described = self.mention(head).is_none_or(|mention| {
            mention.entity.is_none_or(|number| {
                let entity = self.doc.entity(number);
                entity.is_anonymous() || entity.r#type == EntityType::Person
            }) || range.len() > 1
        });
        if !described {
            return None;
        }
        // Inside the phrase: its last words, with nothing that makes them another's ("spokesman for X", "X's lawyer").
        let mut first = head;
        while first > range.start
            && self.upos(head) == Upos::Propn
            && (self.upos(first - 1) == Upos::Propn || self.form(first - 1) == "-")
        {
            first -= 1;
        }
        let last =
            (head..range.end).find(|at| matches!(self.upos(*at), Upos::Adp) || self.xpos(*at) == Xpos::Pos).unwrap_or(range.end);
        for token in (first..last).rev().filter(|token| *token != head) {
            if let Some(speaker) = self.person(token) {
                return Some(speaker);
            }
        }
        // "Congresswoman Ann Roe", where no mention covers the name.
        let described =
            self.mention(head).and_then(|mention| mention.entity).is_none_or(|number| self.doc.entity(number).is_anonymous());
        let titled = self.class(head, WordClass::PERSON)
            || self.mention(head).is_some_and(|mention| mention.r#type == MentionType::Person);
        let run = (head + 1..range.end).take_while(|at| self.upos(*at) == Upos::Propn || self.form(*at) == "-").last();
        if let Some(last) = run.filter(|_| {
            described && titled && self.form(head).starts_with(char::is_uppercase) && self.upos(head + 1) == Upos::Propn
        }) {
            let span = self.span_of(head + 1..last + 1);
            let entity = self.mention(head).and_then(|mention| mention.entity);
            return Some(Speaker { span: Some(span), entity, name: span.slice(&self.doc.text).to_owned(), anonymous: false });
        }
        // After its comma.
        let comma = range.end;
        if comma + 1 < self.len() && self.is_comma(comma) {
            let unnamed =
                self.mention(head).and_then(|mention| mention.entity).is_none_or(|number| self.doc.entity(number).is_anonymous());
            let end = (comma + 6).min(self.len());
            let is_name = |token: u32| {
                matches!(self.upos(token), Upos::Propn | Upos::X) && self.form(token).starts_with(char::is_uppercase)
            };
            let stop = (comma + 1..end).find(|token| !is_name(*token) && self.form(*token) != "-").unwrap_or(end);
            for token in comma + 1..stop {
                if let Some(speaker) = self.person(token).filter(|_| unnamed) {
                    return Some(speaker);
                }
            }
            // A name that no mention covers, set off by a second comma.
            let person = self.class(head, WordClass::PERSON)
                || self.mention(head).is_some_and(|mention| mention.r#type == MentionType::Person);
            if unnamed
                && person
                && self.xpos(head) != Xpos::Nns
                && stop >= comma + 3
                && stop < self.len()
                && (self.is_comma(stop) || self.is_stop(stop))
                && is_name(comma + 1)
            {
                let span = self.span_of(comma + 1..stop);
                let covered = (comma + 1..stop)
                    .any(|token| self.mention(token).is_some_and(|mention| mention.r#type != MentionType::Person));
                if !covered {
                    let entity = self.mention(head).and_then(|mention| mention.entity);
                    return Some(Speaker {
                        span: Some(span),
                        entity,
                        name: span.slice(&self.doc.text).to_owned(),
                        anonymous: false,
                    });
                }
            }
        }
        None
    }

    /// The named person whose mention has this head.
    fn person(self, token: u32) -> Option<Speaker> {
        let mention = self.mention(token)?;
        let number = mention.entity?;
        let entity = self.doc.entity(number);
        let named = mention.kind == MentionKind::Name && entity.r#type == EntityType::Person && !entity.is_anonymous();
        named.then(|| Speaker { span: Some(mention.span), entity: Some(number), name: entity.name.clone(), anonymous: false })
    }

    /// The named person in apposition to an unnamed one.
    fn named_beside(self, head: u32, anonymous: bool) -> Option<Speaker> {
        if !anonymous {
            return None;
        }
        let child = self.children(head).find(|child| self.rel(*child) == Deprel::Appos && self.upos(*child) == Upos::Propn)?;
        let mention = self.mention(child)?;
        let number = mention.entity?;
        let entity = self.doc.entity(number);
        (entity.r#type == EntityType::Person && !entity.is_anonymous()).then(|| Speaker {
            span: Some(mention.span),
            entity: Some(number),
            name: entity.name.clone(),
            anonymous: false,
        })
    }

    /// Whether a noun means people, who are unnamed then, rather than bodies or texts.
    fn is_people(self, head: u32) -> bool {
        // Of bodies in the plural ("relief agencies") none is named.
        let body = self.class(head, WordClass::BODY) && self.xpos(head) != Xpos::Nns;
        self.upos(head) != Upos::Propn && !body && !self.class(head, WordClass::DOCUMENT)
    }

    /// A speaker that no mention covers: the words themselves.
    fn speaker_of_words(self, head: u32, range: Range<u32>) -> Speaker {
        let span = self.span_of(range.clone());
        let mut start = range.start;
        if start + 1 < range.end && (self.upos(start) == Upos::Det || self.is_one_of(start, &["the", "a", "an"])) {
            start += 1;
        }
        // The name is who it is; where he stands ("a volunteer at the bridge") stays in the span.
        let place = (head + 1..range.end).find(|at| {
            self.upos(*at) == Upos::Adp
                && (self.upos(head) == Upos::Propn && self.is(*at, "of")
                    || self.is_one_of(
                        *at,
                        &["at", "in", "on", "near", "with", "by", "after", "before", "during", "across", "outside"],
                    ))
        });
        let end = place.filter(|_| !self.class(head, WordClass::DOCUMENT)).unwrap_or(range.end);
        let name = self.span_of(start..end.max(start + 1)).slice(&self.doc.text).to_owned();
        Speaker { span: Some(span), entity: None, name, anonymous: self.is_people(head) }
    }
}
