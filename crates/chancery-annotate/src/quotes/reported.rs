//! Reported speech: the clause under a verb or noun of speech, around a parenthesis, or beside "according to".
//!
//! The parse proposes a complement; the order of words then settles where it begins and ends, because a parser errs most on long
//! attachments while news closes its clauses with a comma, a participle of speech or the sentence.

use std::ops::Range;

use chancery_lexicon::cues::{CueClass, CueKind, Frame, WordClass};
use chancery_model::{Deprel, QuoteKind, Span, Upos, Xpos};

use super::direct::{Direct, cue_span, subject_of};
use super::draft::{Draft, Role, Who};
use super::marks::Marked;
use super::speaker::Phrase;
use super::view::{Hit, View};

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

    /// Where the content ends that begins at `start` and can reach to `limit`.
    fn end(&self, hit: Hit<'a>, start: u32, limit: u32) -> u32 {
        let view = self.view;
        let own = self.inside(hit.first);
        let mut at = start + 1;
        while at < limit {
            if self.inside(at) != own && self.inside(at) != self.inside(start) {
                at += 1;
                continue;
            }
            let form = view.form(at);
            match form {
                ";" => {
                    let goes_on = at + 1 < limit && (view.is(at + 1, "that") || at + 2 < limit && view.is(at + 2, "that"));
                    if !goes_on {
                        return at;
                    }
                }
                ":" if at + 1 < limit && self.inside(at + 1) > own => return at,
                "," | "–" | "—" if self.leaves(hit, at + 1, limit, start) => return at,
                "and" | "but"
                    if at + 1 < limit
                        && view.is(at + 1, "that")
                        && view.upos(at + 1) != Upos::Det
                        && self.has_fragment(start..at) =>
                {
                    return if view.is_comma(at - 1) { at - 1 } else { at };
                }
                "and" | "but" | "or" if self.is_sibling(hit, at, limit) || self.is_other_act(hit, at, limit) => {
                    return if view.is_comma(at - 1) { at - 1 } else { at };
                }
                _ => {}
            }
            at += 1;
        }
        limit
    }

    /// Whether "and" joins another predicate of the cue's own subject: "said it was late and praised the crew".
    fn is_sibling(&self, hit: Hit<'a>, and: u32, limit: u32) -> bool {
        let view = self.view;
        let Some(next) = view.head(and).filter(|next| *next > and && *next < limit && view.rel(*next) == Deprel::Conj) else {
            return false;
        };
        let Some(first) = view.head(next) else { return false };
        // A clause with a subject of its own is said as well, unless a comma parts it.
        let subject = view
            .children(next)
            .any(|child| matches!(view.rel(child), Deprel::Nsubj | Deprel::NsubjPass) && child > and && child < next);
        if subject && !view.is_comma(and - 1) {
            return false;
        }
        first == hit.first || first < hit.first && view.above(hit.first).any(|above| above == first)
    }

    fn has_fragment(&self, mut range: Range<u32>) -> bool {
        range.any(|at| self.inside(at).checked_sub(1).is_some_and(|mark| self.direct.roles[mark as usize] == Role::Fragment))
    }

    /// "said the road was open and praised the crew": a second verb of speech in the tense of the first.
    fn is_other_act(&self, hit: Hit<'a>, and: u32, limit: u32) -> bool {
        let view = self.view;
        if !matches!(view.xpos(hit.first), Xpos::Vbd | Xpos::Vbz) {
            return false;
        }
        let mut at = and + 1;
        let mut commas = 0;
        while at < limit && at < and + 6 {
            if view.is_comma(at) {
                commas += 1;
            } else if view.upos(at) == Upos::Verb {
                let same = view.xpos(at) == view.xpos(hit.first)
                    || view.xpos(hit.first) == Xpos::Vbd
                        && view.xpos(at) == Xpos::Vbn
                        && !view.children(at).any(|child| matches!(view.rel(child), Deprel::Aux | Deprel::AuxPass));
                return same
                    && view.cues.verb(view.look(at)).is_some_and(|cue| {
                        let that = at + 1 < limit && view.is(at + 1, "that");
                        (that || cue.class != CueClass::Thought)
                            && cue.frame.any(Frame::QUOTE.and(Frame::MARK).and(Frame::WHOM).and(Frame::THAT))
                    });
            } else if view.upos(at) != Upos::Adv && commas % 2 == 0 {
                return false;
            }
            at += 1;
        }
        false
    }

    /// Whether what follows a comma is no longer what is said.
    fn leaves(&self, hit: Hit<'a>, next: u32, limit: u32, start: u32) -> bool {
        let view = self.view;
        if next >= limit {
            return false;
        }
        // ", adding that …", ", saying it …": said by the same speaker, in a clause of its own.
        let participle = (next..(next + 3).min(limit)).find(|at| view.xpos(*at) == Xpos::Vbg);
        if let Some(participle) = participle
            && view.hit(participle).is_some_and(|found| {
                found.cue.kind == CueKind::Verb && found.cue.frame.any(Frame::THAT.and(Frame::QUOTE).and(Frame::MARK))
            })
        {
            return true;
        }
        if let Some(found) = view.hit(next).filter(|found| found.cue.kind == CueKind::Phrase && found.first != hit.first) {
            return found.cue.frame.any(Frame::BY.and(Frame::POSS)) && found.cue.words.len() > 1;
        }
        // ", and Pakistan said …", ", but the official was more guarded, saying …": another one speaks.
        if view.is_one_of(next, &["and", "but", "while", "whereas", "although", "though", "as", "yet"]) {
            if self.is_sibling(hit, next, limit) {
                return true;
            }
            let end = (next + 30).min(limit);
            let speech = (next + 1..end).find(|at| {
                view.hit(*at).is_some_and(|found| {
                    found.cue.kind == CueKind::Verb
                        && found.cue.class != CueClass::Thought
                        && found.cue.frame.any(Frame::BARE.and(Frame::QUOTE).and(Frame::MARK))
                        && matches!(view.xpos(*at), Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbg)
                })
            });
            if let Some(speech) = speech {
                let stop = (next + 1..speech).any(|at| view.form(at) == ";" || view.is(at, "that"));
                let subject = view.subject(speech).or_else(|| view.subject_before(speech, next + 1));
                return !stop && subject.is_some_and(|subject| subject > next);
            }
            return false;
        }
        // A relative clause longer than the clause that it explains is the reporter's.
        if view.is_one_of(next, &["where", "in", "amid", "after", "despite", "during"])
            && limit - next > 8
            && view.has_finite(start..next - 1)
        {
            let end = (next..limit).find(|at| view.form(*at) == ";").unwrap_or(limit);
            let span = |range: Range<u32>| view.span_of(range).len();
            return span(next..end) > span(start..next - 1);
        }
        false
    }

    /// "…, the minister said, …": a cue set off by commas, with its subject.
    fn parenthesis(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<(Range<u32>, Option<Phrase>)> {
        let view = self.view;
        let verb = hit.first;
        if !hit.cue.frame.any(Frame::THAT.and(Frame::BARE))
            || !matches!(view.xpos(verb), Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbn)
        {
            return None;
        }
        if view.is_passive(verb) || view.rel(verb) == Deprel::AclRelcl {
            return None;
        }
        let own = self.inside(verb);
        let sets_off = |at: u32| view.is_comma(at) || view.is_dash(at);
        // ", said the minister": the verb right after the comma.
        let mut aux = verb;
        while aux > bounds.start && matches!(view.upos(aux - 1), Upos::Aux | Upos::Adv) {
            aux -= 1;
        }
        let inverted = aux > bounds.start
            && sets_off(aux - 1)
            && self.follows(hit).is_some()
            && hit.cue.frame.is(Frame::QUOTE)
            && self.has_main_verb(bounds.start..aux - 1);
        let (start, who) = if inverted {
            let head = self.follows(hit)?;
            (aux, view.phrase(head, hit.last + 1..bounds.end))
        } else {
            let parsed = view.subject(verb).filter(|head| *head < verb && bounds.contains(head));
            let local = (bounds.start..aux).rev().take(14).find(|at| sets_off(*at)).filter(|comma| {
                let segment = comma + 1..aux;
                !segment.is_empty() && !view.has_finite(segment.clone()) && segment.into_iter().any(|at| view.is_nominal(at))
            });
            // The noun phrase between the comma and the verb, unless it only explains the subject before it.
            let local = local
                .and_then(|comma| {
                    view.head_from(if view.is_one_of(comma + 1, &["as", "so"]) { comma + 2 } else { comma + 1 }, aux)
                })
                .filter(|head| !matches!(view.rel(*head), Deprel::Appos | Deprel::Obl | Deprel::Conj) || parsed.is_none());
            let head = local.or(parsed).or_else(|| view.subject_before(verb, bounds.start))?;
            let nearest = (bounds.start..head).rev().find(|at| sets_off(*at)).filter(|_| local.is_some());
            let mut start = nearest.map_or_else(|| view.left(head).max(bounds.start), |comma| comma + 1);
            // Back to the comma that sets it off, with "as" or "so".
            if let Some(comma) = (start..head).rev().find(|at| sets_off(*at) && !(self.is_apposition(*at, head))) {
                start = comma + 1;
            }
            (start, view.phrase(head, start..verb))
        };
        let start = if start > bounds.start && view.is_one_of(start - 1, &["as", "so"]) { start - 1 } else { start };
        if start <= bounds.start || !sets_off(start - 1) || self.inside(start - 1) != own {
            return None;
        }
        let left = self.before(bounds.start, start - 1);
        // The end of the parenthesis.
        let mut end = hit.last + 1;
        if inverted {
            end = who.range.end.max(end);
        }
        let mut commas = 0;
        while end < bounds.end {
            if view.is_stop(end) || view.form(end) == ";" || view.is(end, ":") {
                break;
            }
            if sets_off(end) {
                // "said X, who runs Y, …" and "said X, a farmer, …" go on.
                let goes_on = inverted && commas == 0 && end + 1 < bounds.end && {
                    let next = end + 1;
                    matches!(view.xpos(next), Xpos::Wp | Xpos::Wdt | Xpos::Dt | Xpos::Cd)
                        || view.is_one_of(next, &["head", "director", "president", "chief"])
                };
                if !goes_on {
                    break;
                }
                commas += 1;
                end += 1;
                continue;
            }
            let open = inverted || commas > 0;
            if !open {
                if view.is_finite(end) || view.is(end, "that") || self.is_question_word(end) {
                    return None;
                }
                // An object or a subject right after the verb is a complement.
                if end == hit.last + 1
                    && matches!(
                        view.upos(end),
                        Upos::Noun | Upos::Propn | Upos::Pron | Upos::Det | Upos::Adj | Upos::Verb | Upos::Num
                    )
                    && !matches!(view.rel(end), Deprel::OblTmod | Deprel::OblUnmarked | Deprel::OblNpmod)
                    && !hit.cue.frame.is(Frame::WHOM)
                    && !self.is_day(end)
                {
                    return None;
                }
            }
            end += 1;
        }
        let right = if end < bounds.end && sets_off(end) { end + 1..self.end(hit, end + 1, bounds.end) } else { end..end };
        let right = if right.len() > 1 && view.has_finite(right.clone()) { right } else { end..end };
        let has_left = left.len() > 1 && (view.has_finite(left.clone()) || right.is_empty());
        let participle = left.start < left.end
            && (matches!(view.xpos(left.start), Xpos::Vbg | Xpos::Vbn)
                || view.upos(left.start) == Upos::Adp && !view.has_finite(left.clone()));
        let bare = right.is_empty() && (participle || !view.has_finite(left.clone()) && end != hit.last + 1 && !inverted);
        if bare || right.is_empty() && !has_left {
            return None;
        }
        // A clause before the cue that stands by itself is what was said, whatever trails after.
        let subordinate = view.upos(left.start) == Upos::Sconj
            || view.is_one_of(
                left.start,
                &["if", "when", "while", "although", "though", "as", "because", "once", "after", "before"],
            );
        let longer_left = !subordinate || view.span_of(left.clone()).len() >= view.span_of(right.clone()).len();
        // "It was, his spokesman said, the first time": the words before the cue are no clause yet.
        let dangling = !right.is_empty()
            && left.end > left.start
            && (matches!(view.upos(left.end - 1), Upos::Aux | Upos::Adp | Upos::Det | Upos::Part)
                || view.is(right.start, "that"));
        // "Writing last month, the consul said, …" reports what follows.
        let adverbial = !view.has_finite(left.clone());
        let content = if right.is_empty() || (longer_left && has_left && !adverbial && !dangling) { left } else { right };
        Some((content, Some(who)))
    }

    /// The subject after an inverted verb; the parser may take it for its object: ", said a spokeswoman".
    fn follows(&self, hit: Hit<'a>) -> Option<u32> {
        let view = self.view;
        let person = |head: u32| view.class(head, WordClass::PERSON) || view.mention(head).is_some();
        let found = view.children(hit.first).find(|child| {
            *child > hit.last
                && (view.rel(*child) == Deprel::Nsubj
                    || view.rel(*child) == Deprel::Obj
                        && !hit.cue.frame.is(Frame::WHOM)
                        && person(*child)
                        && view.upos(*child) != Upos::Pron)
                && !view.has_finite(hit.last + 1..*child)
        });
        // A parser may hang the subject on what follows it: ", said an official close to the talks".
        let next = hit.last + 1;
        found.or_else(|| {
            let unheard = !view.children(hit.first).any(|child| matches!(view.rel(child), Deprel::Nsubj | Deprel::Ccomp));
            let opens = next < view.len() && matches!(view.upos(next), Upos::Det | Upos::Propn | Upos::Num);
            (unheard && opens && !hit.cue.frame.is(Frame::WHOM))
                .then(|| (next..(next + 6).min(view.len())).take_while(|at| !view.is_punct(*at)).find(|at| person(*at)))
                .flatten()
        })
    }

    /// Whether a range has a finite verb outside relative clauses: "an aide, who asked not to be named," has none.
    fn has_main_verb(&self, range: Range<u32>) -> bool {
        let view = self.view;
        let mut relative = false;
        for at in range {
            if matches!(view.xpos(at), Xpos::Wp | Xpos::Wdt | Xpos::WpPoss) {
                relative = true;
            } else if view.is_comma(at) {
                relative = false;
            } else if view.is_finite(at) && !relative {
                return true;
            }
        }
        false
    }

    fn is_day(&self, token: u32) -> bool {
        self.view.is_one_of(
            token,
            &[
                "Monday",
                "Tuesday",
                "Wednesday",
                "Thursday",
                "Friday",
                "Saturday",
                "Sunday",
                "yesterday",
                "today",
                "last",
                "this",
                "late",
                "early",
                "earlier",
                "later",
            ],
        )
    }

    /// Whether a comma inside a subject sets off an apposition: "the minister, Ann Roe, said".
    fn is_apposition(&self, comma: u32, head: u32) -> bool {
        let view = self.view;
        comma > 0
            && comma < head
            && view.children(head).any(|child| {
                child < comma && view.rel(child) != Deprel::Punct && view.is_nominal(child) && view.rel(child) == Deprel::Appos
            })
    }

    /// The clause that ends at `end`: back to a semicolon.
    fn before(&self, floor: u32, end: u32) -> Range<u32> {
        let view = self.view;
        let start = (floor..end).rev().find(|at| matches!(view.form(*at), ";" | ":")).map_or(floor, |at| at + 1);
        start..end
    }

    fn noun(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
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
    fn noun_clause_end(&self, noun: u32, start: u32, limit: u32) -> u32 {
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
    fn before_matrix(&self, noun: u32, start: u32, limit: u32) -> Option<u32> {
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
    fn answer(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
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
    fn owner(&self, noun: u32, bounds: Range<u32>) -> Option<Phrase> {
        self.owned_by(noun, bounds).filter(|phrase| !matches!(self.view.xpos(phrase.head), Xpos::Wp | Xpos::Wdt))
    }

    fn owned_by(&self, noun: u32, bounds: Range<u32>) -> Option<Phrase> {
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
    fn phrase(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<Draft> {
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
    fn past_apposition(&self, comma: u32, limit: u32) -> u32 {
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
    fn begins_clause(&self, token: u32, floor: u32) -> bool {
        token > floor && (matches!(self.view.form(token - 1), ";" | ":" | "—" | "–") || self.view.upos(token - 1) == Upos::Cconj)
            || token == floor + 1 && self.view.upos(floor) == Upos::Cconj
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
