//! Cues set off by commas inside or after what they report: "…, the minister said, …".

use crate::quotes::speaker::Phrase;
use crate::quotes::view::Hit;
use chancery_lexicon::cues::{Frame, WordClass};
use chancery_model::{Deprel, Upos, Xpos};
use std::ops::Range;

use super::Reader;

impl<'a> Reader<'a> {
    /// "…, the minister said, …": a cue set off by commas, with its subject.
    pub(super) fn parenthesis(&self, hit: Hit<'a>, bounds: Range<u32>) -> Option<(Range<u32>, Option<Phrase>)> {
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
    pub(super) fn follows(&self, hit: Hit<'a>) -> Option<u32> {
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
    pub(super) fn has_main_verb(&self, range: Range<u32>) -> bool {
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

    pub(super) fn is_day(&self, token: u32) -> bool {
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
    pub(super) fn is_apposition(&self, comma: u32, head: u32) -> bool {
        let view = self.view;
        comma > 0
            && comma < head
            && view.children(head).any(|child| {
                child < comma && view.rel(child) != Deprel::Punct && view.is_nominal(child) && view.rel(child) == Deprel::Appos
            })
    }

    /// The clause that ends at `end`: back to a semicolon.
    pub(super) fn before(&self, floor: u32, end: u32) -> Range<u32> {
        let view = self.view;
        let start = (floor..end).rev().find(|at| matches!(view.form(*at), ";" | ":")).map_or(floor, |at| at + 1);
        start..end
    }
}
