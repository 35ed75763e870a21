//! Where a reported clause ends: at a semicolon, at a participle of speech, where another one speaks.

use crate::quotes::draft::Role;
use crate::quotes::view::Hit;
use chancery_lexicon::cues::{CueClass, CueKind, Frame};
use chancery_model::{Deprel, Upos, Xpos};
use std::ops::Range;

use super::Reader;

impl<'a> Reader<'a> {
    /// Where the content ends that begins at `start` and can reach to `limit`.
    pub(super) fn end(&self, hit: Hit<'a>, start: u32, limit: u32) -> u32 {
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
    pub(super) fn is_sibling(&self, hit: Hit<'a>, and: u32, limit: u32) -> bool {
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

    pub(super) fn has_fragment(&self, mut range: Range<u32>) -> bool {
        range.any(|at| self.inside(at).checked_sub(1).is_some_and(|mark| self.direct.roles[mark as usize] == Role::Fragment))
    }

    /// "said the road was open and praised the crew": a second verb of speech in the tense of the first.
    pub(super) fn is_other_act(&self, hit: Hit<'a>, and: u32, limit: u32) -> bool {
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
    pub(super) fn leaves(&self, hit: Hit<'a>, next: u32, limit: u32, start: u32) -> bool {
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
}
