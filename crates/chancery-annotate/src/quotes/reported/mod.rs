//! Reported speech: the clause under a verb or noun of speech, around a parenthesis, or beside "according to".
//!
//! The parse proposes a complement; the order of words then settles where it begins and ends, because a parser errs most on long
//! attachments while news closes its clauses with a comma, a participle of speech or the sentence.

mod ends;
mod nouns;
mod parenthesis;

use std::ops::Range;

use chancery_lexicon::cues::{CueClass, CueKind, Frame};
use chancery_model::{Deprel, QuoteKind, Span, Upos, Xpos};

use crate::quotes::direct::{Direct, cue_span, subject_of};
use crate::quotes::draft::{Draft, Role, Who};
use crate::quotes::marks::Marked;
use crate::quotes::speaker::Phrase;
use crate::quotes::view::{Hit, View};

/// What follows a cue at most before its clause begins: an addressee, a day, a place.
const GAP: u32 = 14;

/// Reads a document for reported speech.
pub(super) struct Reader<'a> {
    pub view: View<'a>,
    pub marks: &'a [Marked],
    pub direct: &'a Direct,
    /// Spans of cues that direct speech has used.
    pub used: &'a [Span],
}

impl<'a> Reader<'a> {
    /// Adds what is reported.
    pub(super) fn find(&self, drafts: &mut Vec<Draft>) {
        let view = self.view;
        for number in 0..view.doc.sentences.len() {
            let tokens = view.doc.sentences[number].tokens;
            // Who spoke last in the sentence, at which level of marks.
            let mut last: Option<(u32, Who, Span)> = None;
            for token in tokens.start.0..tokens.end.0 {
                let Some(hit) = view.hit(token) else { continue };
                let bounds = self.bounds(token, tokens.start.0..tokens.end.0);
                let draft = match hit.cue.kind {
                    CueKind::Verb => self.verb(hit, bounds),
                    CueKind::Noun => self.noun(hit, bounds),
                    CueKind::Phrase => self.phrase(hit, bounds),
                };
                let Some(mut draft) = draft else { continue };
                if hit.cue.kind == CueKind::Verb && draft.kind != QuoteKind::Direct {
                    let level = self.inside(token);
                    // "said that two had been flown out, adding that …": the same speaker, wherever the parse hangs the participle.
                    let goes_on = view.xpos(token) == Xpos::Vbg
                        && token > tokens.start.0
                        && (view.is_comma(token - 1) || view.is_one_of(token - 1, &["before", "while", "but", "and", "also"]));
                    // A subject outside what was said before speaks for itself.
                    let inner = |said: Span| match &draft.who {
                        Who::Phrase(phrase) => said.contains(view.span(phrase.head)),
                        _ => true,
                    };
                    match &last {
                        Some((known, who, said)) if goes_on && *known == level && inner(*said) => draft.who = who.clone(),
                        _ => {}
                    }
                    if view.is_finite(token) || last.is_none() {
                        last = Some((level, draft.who.clone(), draft.span));
                    }
                }
                drafts.push(draft);
            }
        }
    }

    fn inside(&self, token: u32) -> u32 {
        self.direct.inside[token as usize]
    }

    /// Whether a token stands in speech that a cue outside it does not reach into.
    fn is_foreign(&self, token: u32, own: u32) -> bool {
        let inside = self.inside(token);
        inside != own && inside > 0 && self.direct.roles[inside as usize - 1] == Role::Speech
    }

    /// The tokens that a cue can govern: its sentence, as far as speech in marks leaves it.
    fn bounds(&self, token: u32, sentence: Range<u32>) -> Range<u32> {
        let own = self.inside(token);
        let mut range = sentence;
        if let Some(mark) = own.checked_sub(1) {
            let inner = self.view.tokens_in(self.marks[mark as usize].inner);
            range = range.start.max(inner.start)..range.end.min(inner.end).max(range.start.max(inner.start));
        }
        let start = (range.start..token).rev().find(|at| self.is_foreign(*at, own)).map_or(range.start, |at| at + 1);
        let end = (token..range.end).find(|at| self.is_foreign(*at, own)).unwrap_or(range.end);
        start..end
    }

    fn verb(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
        let view = self.view;
        let verb = hit.first;
        if hit.last >= bounds.end || matches!(view.rel(verb), Deprel::Amod | Deprel::Compound | Deprel::Case | Deprel::Mark) {
            return None;
        }
        if self.is_unreal(hit, bounds.clone()) {
            return None;
        }
        let content =
            self.parenthesis(hit, bounds.clone()).or_else(|| self.complement(hit, bounds.clone()).map(|content| (content, None)));
        let (content, who) = content?;
        let who = match who {
            Some(who) => Some(who),
            None => self.speaker(hit, bounds.clone()),
        };
        self.draft(hit, content, who, bounds)
    }

    /// Whether nobody is said to have said it: a mere possibility, or a thought that is wished for.
    fn is_unreal(&self, hit: Hit<'a>, bounds: Range<u32>) -> bool {
        let view = self.view;
        // "as called for in the treaty": a participle that nobody is the subject of.
        let verb = hit.first;
        let bare = view.xpos(verb) == Xpos::Vbn
            && matches!(view.rel(verb), Deprel::Acl | Deprel::Advcl | Deprel::Amod | Deprel::Nmod | Deprel::Obl)
            && !view.children(verb).any(|child| matches!(view.rel(child), Deprel::Aux | Deprel::OblAgent | Deprel::Nsubj));
        // Where the sentence has no other verb the tagger took its only one for a participle.
        // A sentence whose root is a noun has no other.
        let rootless = view.head(verb).is_some_and(|noun| {
            view.head(noun).is_none() && noun < verb && view.is_nominal(noun) && !view.has_finite(bounds.start..verb)
        });
        if bare && !rootless && bounds.into_iter().any(|at| at != verb && view.is_finite(at)) {
            return true;
        }
        let modal = |form: &str| {
            ["might", "could", "should", "may", "can", "must", "ca"].iter().any(|word| form.eq_ignore_ascii_case(word))
        };
        let supposed = view.children(hit.first).any(|child| view.rel(child) == Deprel::Aux && modal(view.form(child)));
        let generic =
            view.subject(hit.first).is_some_and(|subject| view.is_one_of(subject, &["you", "nobody", "none", "nothing"]));
        supposed || generic && hit.cue.class == CueClass::Thought
    }

    fn speaker(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Phrase> {
        let unknown = |head: u32| matches!(self.view.xpos(head), Xpos::Wp | Xpos::Wdt | Xpos::Ex);
        subject_of(self.view, hit, bounds).filter(|phrase| !unknown(phrase.head))
    }

    /// The clause, infinitive or noun phrase that a verb governs.
    fn complement(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Range<u32>> {
        let view = self.view;
        let verb = hit.first;
        let frame = hit.cue.frame;
        let passive = view.is_passive(verb);
        // What a relative clause or a participle governs ends with it.
        let reach = if view.head(verb).is_none() { bounds.end } else { (view.right(verb) + 1).clamp(hit.last + 1, bounds.end) };
        let reach = if reach < bounds.end && (reach..bounds.end).all(|at| view.is_punct(at)) { bounds.end } else { reach };
        if frame.is(Frame::MARK) && !frame.any(Frame::THAT.and(Frame::NP)) {
            return None;
        }
        if frame.any(Frame::THAT.and(Frame::WH)) {
            if let Some(start) = self.that(hit, bounds.end) {
                let end = self.end(hit, start, self.clause_end(start, reach, bounds.end));
                return (end > start).then_some(start..end);
            }
            let clause = view.children(verb).find(|child| {
                *child > hit.last
                    && *child < bounds.end
                    && view.rel(*child) == Deprel::Ccomp
                    && view.left(*child) > hit.last
                    && self.inside(*child) == self.inside(verb)
            });
            if let Some(clause) = clause {
                let start = self.clause_start(hit, clause);
                let question = self.is_question_word(start);
                let gap = (hit.last + 1..start).all(|at| self.may_stand_between(hit, at));
                let what = view.is(start, "what") && frame.is(Frame::BARE);
                let infinite = view.is(start, "to") && !frame.is(Frame::TO);
                // Without "that" only a verb of speech proper is followed by what was said: "the front held" is no claim.
                let speaks = frame.is(Frame::BARE) || frame.is(Frame::THAT.and(Frame::QUOTE));
                let fits = if question || infinite { frame.is(Frame::WH) && !what && !infinite } else { speaks };
                if fits && gap && !(passive && !question && !view.has_finite(start..view.right(clause) + 1)) {
                    let end = self.end(hit, start, self.clause_end(start, reach, bounds.end));
                    return Some(start..end);
                }
            }
            if frame.is(Frame::WH)
                && let Some(start) = (hit.last + 1..(hit.last + 1 + GAP).min(bounds.end))
                    .take_while(|at| !view.has_finite(*at..*at + 1) && !view.is_punct(*at))
                    .find(|at| view.is_one_of(*at, &["whether", "if", "why", "how"]))
            {
                return Some(start..self.end(hit, start, self.clause_end(start, reach, bounds.end)));
            }
            if frame.is(Frame::BARE)
                && !passive
                && let Some(start) = self.bare(hit, bounds.end)
            {
                return Some(start..self.end(hit, start, reach.max(self.clause_end(start, reach, bounds.end))));
            }
        }
        if frame.is(Frame::RAISE)
            && passive
            && let Some(clause) = view.children(verb).find(|child| view.rel(*child) == Deprel::Xcomp && *child > hit.last)
        {
            let start = view.left(clause).max(hit.last + 1);
            let start = (start..=clause).find(|at| view.is(*at, "to")).unwrap_or(start);
            return Some(start..self.end(hit, start, reach));
        }
        if frame.is(Frame::SEEN) && passive {
            let start = (hit.last + 1..(hit.last + 10).min(bounds.end)).find(|at| view.is(*at, "as"))? + 1;
            return Some(start..self.end(hit, start, reach));
        }
        if frame.is(Frame::TO)
            && !(passive && frame.is(Frame::RAISE))
            && let Some(start) = self.infinitive(hit, bounds.end)
        {
            return Some(start..self.end(hit, start, self.clause_end(start, reach, bounds.end)));
        }
        if frame.is(Frame::GERUND) && hit.last + 1 < bounds.end && view.xpos(hit.last + 1) == Xpos::Vbg {
            let start = hit.last + 1;
            return Some(start..self.end(hit, start, reach));
        }
        if frame.is(Frame::NP) && !passive {
            return self.noun_phrase(hit, bounds.end);
        }
        None
    }

    /// Where a clause without "that" begins: right after the verb, its addressee and its adjuncts, whatever the parse makes of its subject.
    fn clause_start(&self, hit: Hit<'a>, clause: u32) -> u32 {
        let view = self.view;
        let left = view.left(clause);
        if hit.cue.frame.is(Frame::WHOM) {
            return left;
        }
        let mut start = hit.last + 1;
        while start < left {
            let adjunct = view.children(hit.first).find(|child| {
                *child >= start
                    && view.left(*child) <= start
                    && *child < clause
                    && (matches!(
                        view.rel(*child),
                        Deprel::Advmod | Deprel::Punct | Deprel::OblTmod | Deprel::OblUnmarked | Deprel::Nsubj
                    ) || view.rel(*child) == Deprel::Obl && view.upos(start) == Upos::Adp)
            });
            let Some(adjunct) = adjunct else { break };
            start = view.right(adjunct) + 1;
        }
        start.min(left)
    }

    /// A clause that is longer than the parse gave its governor: the reach then ends where the clause does.
    fn clause_end(&self, start: u32, reach: u32, limit: u32) -> u32 {
        let view = self.view;
        if reach <= start + 1 {
            return limit;
        }
        // "welcomes the plan but others are not so keen": the parse hung the second clause elsewhere.
        if reach < limit && view.upos(reach) == Upos::Cconj && !view.is_comma(reach - 1) {
            let next = view.head(reach).filter(|next| *next > reach && *next < limit);
            let subject = next.is_some_and(|next| {
                view.children(next).any(|child| view.rel(child) == Deprel::Nsubj && child > reach && child < next)
            });
            if subject {
                return limit;
            }
        }
        reach
    }

    fn is_question_word(&self, token: u32) -> bool {
        self.view.is_one_of(token, &["whether", "if", "why", "how", "what", "who", "when", "where", "which", "whom", "whose"])
    }

    fn may_stand_between(&self, hit: Hit<'a>, token: u32) -> bool {
        let view = self.view;
        !view.is_finite(token)
            && !view.is_stop(token)
            && view.form(token) != ";"
            && (hit.cue.frame.is(Frame::WHOM) || !view.is(token, ":"))
    }

    /// Where the clause begins after "that", which may follow an addressee, a day or a place.
    fn that(&self, hit: Hit<'a>, limit: u32) -> Option<u32> {
        let view = self.view;
        let end = (hit.last + 1 + GAP).min(limit);
        let mut at = hit.last + 1;
        // "told everyone who would listen that": verbs of a relative clause may stand between.
        let mut relative = false;
        while at < end {
            if view.is(at, "that") && at + 1 < limit {
                let pronoun = matches!(view.rel(at), Deprel::Nsubj | Deprel::Obj)
                    || view.rel(at) == Deprel::Det && at == hit.last + 1 && !view.has_finite(at + 1..limit);
                let demonstrative = view.rel(at) == Deprel::Det && view.upos(at) == Upos::Det;
                let wdt = at > hit.last + 1
                    && view.xpos(at) == Xpos::Wdt
                    && view.is_nominal(at - 1)
                    && !hit.cue.frame.is(Frame::WHOM)
                    && at + 1 < limit
                    && view.is_finite(at + 1);
                if wdt || demonstrative || pronoun && at > hit.last + 1 && view.is_finite(at + 1) && !self.is_own(hit, at) {
                    return None;
                }
                return Some(at + 1);
            }
            relative |= view.xpos(at) == Xpos::Wp;
            let told = view.upos(at) == Upos::Verb && view.hit(at).is_some_and(|found| found.cue.frame.is(Frame::THAT));
            let infinitive = view.is(at, "to") && at + 1 < limit && view.xpos(at + 1) == Xpos::Vb;
            let stop = view.is_finite(at) && !relative || told || infinitive;
            if stop || view.is_stop(at) || view.is(at, ":") || view.form(at) == ";" {
                return None;
            }
            at += 1;
        }
        None
    }

    fn is_own(&self, hit: Hit<'a>, that: u32) -> bool {
        self.view.above(that).take(4).any(|above| above == hit.first)
    }

    /// Where a clause begins that follows its verb at once.
    fn bare(&self, hit: Hit<'a>, limit: u32) -> Option<u32> {
        let view = self.view;
        let start = hit.last + 1;
        if start >= limit || view.is_punct(start) && self.inside(start) == self.inside(hit.first) {
            return None;
        }
        let opens = matches!(view.upos(start), Upos::Pron | Upos::Det | Upos::Propn | Upos::Noun | Upos::Adj | Upos::Num)
            || view.xpos(start) == Xpos::Ex
            || view.is_punct(start);
        if !opens {
            return None;
        }
        let end = (start + 1..limit)
            .find(|at| view.is_stop(*at) || view.is_comma(*at) || view.form(*at) == ";" || view.is(*at, ":"))
            .unwrap_or(limit);
        let verb = (start + 1..end).find(|at| view.is_finite(*at) && view.upos(*at - 1) != Upos::Cconj)?;
        if (start + 1..verb).any(|at| view.is_finite(at)) {
            return None;
        }
        // "said the minister who resigned": a relative clause is no complement.
        let relative = (start + 1..verb).any(|at| matches!(view.xpos(at), Xpos::Wp | Xpos::Wdt));
        let inverted = view.children(hit.first).any(|child| view.rel(child) == Deprel::Nsubj && child > hit.last);
        (!relative && !inverted).then_some(start)
    }

    /// Where an infinitive begins, perhaps after the one who is to act.
    fn infinitive(&self, hit: Hit<'a>, limit: u32) -> Option<u32> {
        let view = self.view;
        // "asked not to be named", "begged to differ": nobody is asked to do it.
        let alone = hit.last + 1 < limit && view.is_one_of(hit.last + 1, &["to", "not"]);
        if alone && hit.cue.class == CueClass::Directive && hit.cue.frame.is(Frame::WHOM) {
            return None;
        }
        let far = hit.cue.frame.is(Frame::WHOM) || view.addressee(hit).is_some();
        let end = (hit.last + 1 + if far { GAP } else { 3 }).min(limit);
        let mut at = hit.last + 1;
        while at < end {
            if view.is(at, "to") && at + 1 < limit {
                let verb = (at + 1..(at + 3).min(limit)).find(|next| view.xpos(*next) == Xpos::Vb);
                if verb.is_some() {
                    let negated = at > hit.last + 1 && view.is_one_of(at - 1, &["not", "never"]);
                    return Some(if negated { at - 1 } else { at });
                }
            }
            if view.is_finite(at) || view.is_stop(at) || view.is(at, ":") || view.form(at) == ";" || view.is_comma(at) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// The noun phrase that is demanded, denied or called for.
    fn noun_phrase(&self, hit: Hit<'a>, limit: u32) -> Option<Range<u32>> {
        let view = self.view;
        let mut start = hit.last + 1;
        if start >= limit || view.is_punct(start) && self.inside(start) == self.inside(hit.first) {
            return None;
        }
        let head = view
            .children(hit.first)
            .chain(view.children(hit.last))
            .find(|child| {
                *child > hit.last
                    && *child < limit
                    && matches!(view.rel(*child), Deprel::Obj | Deprel::Obl | Deprel::Nmod)
                    && view.left(*child) <= start + 1
            })
            .or_else(|| view.head_from(start, limit))?;
        if !view.is_nominal(head) || view.upos(head) == Upos::Pron {
            return None;
        }
        if hit.cue.words.len() == 1 && view.is_one_of(start, &["of", "on", "for", "to"]) {
            return None;
        }
        if view.upos(start) == Upos::Adp && hit.cue.words.len() == 1 {
            start += 1;
        }
        let mut end = (view.right(head) + 1).clamp(head + 1, limit);
        if let Some(comma) = (head + 1..end).find(|at| view.is_comma(*at) && self.inside(*at) == self.inside(hit.first)) {
            end = comma;
        }
        // "a tax on land": what follows without a comma or a verb belongs to it.
        if end < limit
            && view.upos(end) == Upos::Adp
            && view.is_one_of(end, &["of", "on", "for", "to", "with", "between", "against", "from", "in"])
        {
            let day = end + 1 < limit && self.is_day(end + 1);
            let stop = (end..limit).find(|at| view.is_punct(*at)).unwrap_or(limit);
            if !day && !view.has_finite(end..stop) {
                end = stop;
            }
        }
        let end = self.end(hit, start, end);
        // A whole clause is what comes with a misread tag.
        (end > start).then_some(start..end)
    }

    /// Trims a content and tells its kind.
    fn draft(&self, hit: Hit<'a>, content: Range<u32>, who: Option<Phrase>, bounds: Range<u32>) -> Option<Draft> {
        let view = self.view;
        let Range { mut start, mut end } = content;
        end = end.min(bounds.end);
        while start < end
            && (view.is(start, "that") && view.rel(start) == Deprel::Mark
                || view.is_punct(start) && self.opens_nothing(start, end))
        {
            start += 1;
        }
        while end > start && view.is_punct(end - 1) && !self.closes_something(end - 1, start) {
            end -= 1;
        }
        while end > start && (view.upos(end - 1) == Upos::Cconj) {
            end -= 1;
            while end > start && view.is_comma(end - 1) {
                end -= 1;
            }
        }
        if start >= end || (start..end).all(|at| view.is_punct(at)) {
            return None;
        }
        if (start..=end - 1).contains(&hit.first) {
            return None;
        }
        let span = view.span_of(start..end);
        let marked = self.marked_in(span);
        // Words in marks that are the whole content are direct speech already.
        if marked.is_some_and(|mark| mark.outer.contains(span) || span.len() <= mark.outer.len() + 1) {
            return None;
        }
        let kind = if marked.is_some() { QuoteKind::Mixed } else { QuoteKind::Indirect };
        let who = who.map_or(Who::Nobody, Who::Phrase);
        Some(Draft {
            span,
            kind,
            cue: Some(cue_span(view, hit)),
            who,
            addressee: view.addressee(hit).filter(|to| !(start..end).contains(to)),
            thought: hit.cue.class == CueClass::Thought,
        })
    }

    /// The first marked words that a span holds.
    fn marked_in(&self, span: Span) -> Option<Marked> {
        let from = self.marks.partition_point(|mark| mark.outer.start < span.start);
        let first = from.saturating_sub(1);
        self.marks[first..]
            .iter()
            .zip(&self.direct.roles[first..])
            .take_while(|(mark, _)| mark.outer.start < span.end)
            .find(|(mark, role)| **role != Role::Nothing && (span.contains(mark.outer) || mark.outer.contains(span)))
            .map(|(mark, _)| *mark)
    }

    fn opens_nothing(&self, token: u32, _end: u32) -> bool {
        let here = self.view.span(token).start;
        self.marks.binary_search_by_key(&here, |mark| mark.outer.start).is_err()
    }

    /// Whether a mark closes what was opened inside the content.
    fn closes_something(&self, token: u32, start: u32) -> bool {
        let view = self.view;
        let inside = self.inside(token);
        if let Some(mark) = inside.checked_sub(1) {
            let mark = self.marks[mark as usize];
            return mark.outer.start >= view.span(start).start && mark.outer.end == view.span(token).end;
        }
        matches!(view.form(token), ")" | "%" | "]") || view.form(token).contains(['$', '€', '%'])
    }
}
