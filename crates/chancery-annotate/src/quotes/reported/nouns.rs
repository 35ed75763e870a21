//! Nouns that report ("the claim that …") and phrases that do ("according to …", "in his view").

use crate::quotes::draft::Draft;
use crate::quotes::speaker::Phrase;
use crate::quotes::view::Hit;
use chancery_lexicon::cues::{Frame, WordClass};
use chancery_model::{Deprel, Upos, Xpos};
use std::ops::Range;

use super::Reader;

impl<'a> Reader<'a> {
    pub(super) fn noun(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
        let view = self.view;
        let noun = hit.first;
        let next = noun + 1;
        if next + 1 >= bounds.end {
            return None;
        }
        if let Some(draft) = self.answer(hit, bounds.clone()) {
            return Some(draft);
        }
        let mut start = None;
        if hit.cue.frame.is(Frame::THAT) {
            // "the acknowledgement from the army that", "the claim that".
            let mut at = next;
            while at < bounds.end.min(next + 8) {
                if view.is(at, "that") {
                    let relative = view.xpos(at) == Xpos::Wdt && at + 1 < bounds.end && view.is_finite(at + 1);
                    start = (!relative).then_some(at + 1);
                    break;
                }
                if view.is_punct(at) || view.is_finite(at) {
                    break;
                }
                at += 1;
            }
        }
        if start.is_none() && hit.cue.frame.is(Frame::TO) && view.is(next, "to") && next + 1 < bounds.end {
            let verb = (next + 1..(next + 3).min(bounds.end)).any(|at| view.xpos(at) == Xpos::Vb);
            start = verb.then_some(next);
        }
        if start.is_none() && hit.cue.frame.is(Frame::FOR) && view.is(next, "for") && view.xpos(next + 1) != Xpos::Vbg {
            let who = self.owner(noun, bounds.clone())?;
            let stop = (next + 1..bounds.end)
                .find(|at| view.is_punct(*at) || view.is_finite(*at) || view.upos(*at) == Upos::Cconj)
                .unwrap_or(bounds.end);
            let named = (next + 1..stop).any(|at| matches!(view.upos(at), Upos::Noun | Upos::Propn));
            return named.then(|| self.draft(hit, next + 1..stop, Some(who), bounds)).flatten();
        }
        // "its position is that …"
        if start.is_none()
            && hit.cue.frame.is(Frame::THAT)
            && view.lemma(next) == "be"
            && view.is(next + 1, "that")
            && view.upos(next + 1) != Upos::Det
        {
            let who = self.owner(noun, bounds.clone())?;
            return self.draft(hit, next + 2..self.end(hit, next + 2, bounds.end), Some(who), bounds);
        }
        let start = start?;
        let who = self.owner(noun, bounds.clone())?;
        let end = self.noun_clause_end(noun, start, bounds.end);
        self.draft(hit, start..self.end(hit, start, end), Some(who), bounds)
    }

    /// Where a clause under a noun ends: with what hangs on the noun, or before the verb that the noun is the subject of.
    pub(super) fn noun_clause_end(&self, noun: u32, start: u32, limit: u32) -> u32 {
        let view = self.view;
        if let Some(end) = self.before_matrix(noun, start, limit) {
            return end;
        }
        let right = (view.right(noun) + 1).clamp(start + 1, limit);
        if !view.has_finite(start..right) && !view.is(start, "to") {
            return limit;
        }
        right
    }

    /// Where the verb begins that a noun with its clause is the subject of: "the claim that it sank | could not be checked".
    ///
    /// Parsers take that verb into the clause; but two finite verbs in a row with nothing to join them are of two clauses.
    pub(super) fn before_matrix(&self, noun: u32, start: u32, limit: u32) -> Option<u32> {
        let view = self.view;
        let floor = view
            .doc
            .sentence_of(chancery_model::TokenIx(noun))
            .map_or(noun, |sentence| view.doc.sentences[sentence.ix()].tokens.start.0);
        if view.has_finite(floor..noun) || view.upos(noun) == Upos::Verb && view.xpos(noun) != Xpos::Vbg {
            return None;
        }
        let is_verb = |at: u32| view.is_finite(at) || view.xpos(at) == Xpos::Vbn;
        let mut at = start;
        if view.is(start, "to") {
            at = start + 2;
        } else {
            while at < limit && !is_verb(at) && view.xpos(at) != Xpos::Vb {
                at += 1;
            }
            // The whole of the first verb: "could not be checked", "had sunk", "was lawful".
            let mut auxiliary = at < limit && view.upos(at) == Upos::Aux;
            at += 1;
            while at < limit {
                let participle = auxiliary && is_verb(at) && view.upos(at) == Upos::Verb;
                if auxiliary && view.xpos(at) == Xpos::Vbn && view.upos(at) == Upos::Aux {
                    at += 1;
                    continue;
                }
                let goes_on = participle
                    || matches!(view.xpos(at), Xpos::Vb | Xpos::Vbg)
                    || matches!(view.upos(at), Upos::Adv | Upos::Part | Upos::Adj) && view.xpos(at) != Xpos::Vbn;
                if !goes_on {
                    break;
                }
                auxiliary &= !participle && view.upos(at) != Upos::Adj;
                at += 1;
            }
        }
        while at < limit {
            if view.is_punct(at)
                || matches!(view.upos(at), Upos::Cconj | Upos::Sconj)
                || matches!(view.xpos(at), Xpos::Wp | Xpos::Wdt | Xpos::Wrb)
            {
                return None;
            }
            if is_verb(at) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// "The commission's answer: nothing obliges …": what a noun announces.
    pub(super) fn answer(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
        let view = self.view;
        if !hit.cue.frame.is(Frame::COLON) {
            return None;
        }
        let colon = hit.last + 1;
        if !view.is(colon, ":") || colon + 2 >= bounds.end || self.inside(colon + 1) != self.inside(hit.first) {
            return None;
        }
        let who = self.owner(hit.first, bounds.clone())?;
        let end = self.end(hit, colon + 1, bounds.end);
        view.has_finite(colon + 1..end).then(|| self.draft(hit, colon + 1..end, Some(who), bounds)).flatten()
    }

    /// Whose claim it is: the possessor, who it is by or from, or the subject of the verb that it is made with.
    pub(super) fn owner(&self, noun: u32, bounds: Range<u32>) -> Option<Phrase> {
        self.owned_by(noun, bounds).filter(|phrase| !matches!(self.view.xpos(phrase.head), Xpos::Wp | Xpos::Wdt))
    }

    pub(super) fn owned_by(&self, noun: u32, bounds: Range<u32>) -> Option<Phrase> {
        let view = self.view;
        if let Some(possessor) = view.child(noun, Deprel::NmodPoss).filter(|head| bounds.contains(head)) {
            return Some(view.phrase(possessor, bounds.start..noun));
        }
        let by = view.children(noun).find(|child| {
            *child > noun
                && view.rel(*child) == Deprel::Nmod
                && view.children(*child).any(|case| view.is_one_of(case, &["by", "from", "of", "among"]))
        });
        if let Some(by) = by.filter(|by| bounds.contains(by)) {
            return Some(view.phrase(by, noun + 1..bounds.end));
        }
        // "the claim was repeated by three agencies"
        if view.rel(noun) == Deprel::NsubjPass
            && let Some(verb) = view.head(noun).filter(|verb| view.class(*verb, WordClass::LIGHT))
        {
            let agent = view.children(verb).find(|child| {
                view.rel(*child) == Deprel::OblAgent
                    || view.rel(*child) == Deprel::Obl && view.children(*child).any(|case| view.is(case, "by"))
            })?;
            return Some(view.phrase(agent, bounds));
        }
        let verb = view.head(noun).filter(|_| matches!(view.rel(noun), Deprel::Obj | Deprel::Obl))?;
        if !view.class(verb, WordClass::LIGHT) && !view.is(verb, "was") && view.hit(verb).is_none() {
            return None;
        }
        let from = view.children(verb).find(|child| {
            matches!(view.rel(*child), Deprel::Obl) && *child > noun && view.children(*child).any(|case| view.is(case, "from"))
        });
        let subject = from.or_else(|| view.subject(verb)).or_else(|| view.subject_before(verb, bounds.start))?;
        Some(view.phrase(subject, bounds))
    }

    /// "According to X, …", "…, in his view".
    pub(super) fn phrase(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
        let view = self.view;
        let own = self.inside(hit.first);
        if self.used.binary_search(&view.span_of(hit.first..hit.last + 1)).is_ok() {
            return None;
        }
        let begins = hit.first == bounds.start || !view.is_comma(hit.first - 1) && self.begins_clause(hit.first, bounds.start);
        let alone = hit.cue.words.len() == 1;
        if alone && !(view.form(hit.first).starts_with(char::is_uppercase) && begins) {
            // "per" is a preposition of rates everywhere else.
            return None;
        }
        let who;
        let after;
        if hit.cue.frame.is(Frame::BY) {
            let head = view.head_from(hit.last + 1, bounds.end)?;
            let phrase = view.phrase(head, hit.last + 1..bounds.end);
            // The comma that ends the phrase, which an apposition or a relative clause can delay.
            let right = view.right(head).min(bounds.end - 1);
            let comma =
                (phrase.range.end..bounds.end).find(|at| (view.is_comma(*at) || view.is_dash(*at)) && self.inside(*at) == own);
            after = match comma {
                Some(comma) if begins && comma < right && !view.has_finite(right + 1..bounds.end) => comma,
                Some(comma) if begins && comma < right => {
                    (comma..bounds.end).find(|at| view.is_comma(*at) && *at >= right).unwrap_or(comma)
                }
                Some(comma) if begins => self.past_apposition(comma, bounds.end),
                Some(comma) => comma,
                None => bounds.end,
            };
            who = Some(phrase);
        } else {
            let head = (hit.first..hit.last).rev().find(|at| view.xpos(*at) == Xpos::PrpPoss || view.is_nominal(*at))?;
            let head = if view.xpos(head) == Xpos::PrpPoss { head } else { view.top_noun(head, hit.first + 1..hit.last) };
            let head = if head == hit.last { view.child(hit.last, Deprel::NmodPoss)? } else { head };
            who = Some(view.phrase(head, hit.first + 1..hit.last));
            after = hit.last + 1;
        }
        let right = if after < bounds.end && (view.is_comma(after) || view.is_dash(after)) {
            after + 1..self.end(hit, after + 1, bounds.end)
        } else {
            after..after
        };
        if begins {
            let content = if right.is_empty() && hit.cue.frame.is(Frame::POSS) { after..bounds.end } else { right };
            return self.draft(hit, content, who, bounds);
        }
        let end = if view.is_comma(hit.first - 1) || view.is_dash(hit.first - 1) { hit.first - 1 } else { hit.first };
        let left = self.before(bounds.start, end);
        let left_finite = view.has_finite(left.clone());
        let longer = view.span_of(left.clone()).len() >= view.span_of(right.clone()).len();
        let relative = right.start < right.end && matches!(view.xpos(right.start), Xpos::Wp | Xpos::Wdt);
        let own_clause = right.start < right.end && view.upos(right.start) == Upos::Cconj;
        let resumes = right.start < right.end && (view.is_finite(right.start) || view.upos(right.start) == Upos::Aux);
        let dangling = left.end > left.start && matches!(view.upos(left.end - 1), Upos::Aux | Upos::Adp | Upos::Det);
        if dangling && right.len() < 2 {
            return None;
        }
        let whole = left_finite && !dangling && (longer || relative || own_clause || !resumes && !view.has_finite(right.clone()));
        let content = if whole || right.len() < 2 { left } else { right };
        self.draft(hit, content, who, bounds)
    }

    /// The comma that ends an apposition that begins at a comma: "in the opinion of X, a professor at Y, this may …".
    pub(super) fn past_apposition(&self, comma: u32, limit: u32) -> u32 {
        let view = self.view;
        let begins = comma + 1 < limit
            && (matches!(view.upos(comma + 1), Upos::Det) && view.is_one_of(comma + 1, &["a", "an", "the"])
                || matches!(view.xpos(comma + 1), Xpos::Wp | Xpos::Wdt | Xpos::Vbn));
        let next = (comma + 1..limit).find(|at| view.is_comma(*at));
        match next {
            Some(next)
                if begins
                    && view.has_finite(next + 1..limit)
                    && (!view.has_finite(comma + 1..next) || matches!(view.xpos(comma + 1), Xpos::Wp | Xpos::Wdt)) =>
            {
                next
            }
            _ => comma,
        }
    }

    /// Whether a clause begins at a token in the middle of its sentence: after a semicolon, "and", "but".
    pub(super) fn begins_clause(&self, token: u32, floor: u32) -> bool {
        token > floor && (matches!(self.view.form(token - 1), ";" | ":" | "—" | "–") || self.view.upos(token - 1) == Upos::Cconj)
            || token == floor + 1 && self.view.upos(floor) == Upos::Cconj
    }
}
