//! Words in marks within a sentence: called it "…", said that the army was "…".
//!
//! They are quotations where somebody is said to have used them: inside reported speech, or under a verb that describes.

use chancery_lexicon::cues::{CueClass, CueKind, Frame};
use chancery_model::{Deprel, QuoteKind, Span, Upos, Xpos};

use super::direct::{Direct, cue_span, subject_of};
use super::draft::{Draft, Role, Who};
use super::marks::Marked;
use super::view::{Hit, View};

/// How far before its words a describing verb may stand.
const FARTHEST: u32 = 24;

/// Adds the fragments to the drafts, and parts a reported clause from a long quotation that only trails it.
pub(super) fn add(view: View<'_>, marks: &[Marked], direct: &Direct, drafts: &mut Vec<Draft>) {
    let mut reported: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].kind != QuoteKind::Direct).collect();
    reported.sort_by_key(|at| (drafts[*at].span.start, std::cmp::Reverse(drafts[*at].span.end)));
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for (mark, role) in marks.iter().zip(&direct.roles) {
        if *role != Role::Fragment {
            continue;
        }
        while next < reported.len() && drafts[reported[next]].span.start <= mark.outer.start {
            open.push(reported[next]);
            next += 1;
        }
        open.retain(|at| drafts[*at].span.end >= mark.inner.end);
        let holder = open.iter().rev().copied().find(|at| drafts[*at].span.start <= mark.outer.start);
        if let Some(holder) = holder {
            let words = words_in(view, mark.inner);
            let ends = drafts[holder].span.end <= mark.outer.end;
            if ends && trails(view, *mark, drafts[holder].span) {
                let end = view.doc.text[..mark.outer.start as usize].trim_end_matches([' ', ',', ':', '—', '–']).len() as u32;
                drafts[holder].span.end = end.max(drafts[holder].span.start);
                drafts[holder].kind = QuoteKind::Indirect;
            } else if words < 2 {
                continue;
            }
            // A describing verb inside the clause is nearer than the clause's own cue.
            let nearer = describing(view, direct, *mark).filter(|hit| {
                hit.cue.kind == CueKind::Verb
                    && hit.cue.frame.is(Frame::MARK)
                    && drafts[holder].span.contains(view.span(hit.first))
            });
            let mut held = Draft { span: mark.inner, kind: QuoteKind::Direct, ..drafts[holder].clone() };
            if let Some(hit) = nearer
                && let Some(who) = subject_of(view, hit, view.tokens_in(drafts[holder].span))
            {
                held.who = Who::Phrase(who);
                held.cue = Some(cue_span(view, hit));
            }
            drafts.push(held);
        } else if let Some(hit) = describing(view, direct, *mark) {
            let sentence = view.doc.sentence_at(mark.outer.start).map_or(0..view.len(), |ix| {
                let tokens = view.doc.sentences[ix.ix()].tokens;
                tokens.start.0..tokens.end.0
            });
            let who = match hit.cue.kind {
                CueKind::Phrase => {
                    view.head_from(hit.last + 1, sentence.end).map(|head| view.phrase(head, hit.last + 1..sentence.end))
                }
                _ => subject_of(view, hit, sentence),
            };
            let who = who.map_or(Who::Nobody, Who::Phrase);
            drafts.push(Draft {
                span: mark.inner,
                kind: QuoteKind::Direct,
                cue: Some(cue_span(view, hit)),
                who,
                addressee: view.addressee(hit),
                thought: false,
            });
        }
    }
    drafts.retain(|draft| !draft.span.is_empty());
}

fn words_in(view: View<'_>, span: Span) -> usize {
    view.tokens_in(span).filter(|token| !view.is_punct(*token)).count()
}

/// Whether the clause stands without its last, quoted part, which is the longer one: "will visit “seeking new partners …”".
fn trails(view: View<'_>, mark: Marked, span: Span) -> bool {
    if mark.inner.len() < mark.outer.start.saturating_sub(span.start) * 9 / 10 {
        return false;
    }
    let inner = view.tokens_in(mark.inner);
    let before = view.tokens_in(Span::new(span.start, mark.outer.start));
    let Some(first) = inner.clone().find(|token| !view.is_punct(*token)) else { return false };
    let Some(last) = before.clone().rev().find(|token| !view.is_punct(*token)) else { return false };
    let adjunct = view.xpos(first) == Xpos::Vbg || matches!(view.upos(first), Upos::Sconj) || view.xpos(first) == Xpos::Wdt;
    let complete = !matches!(view.upos(last), Upos::Aux | Upos::Det | Upos::Adp | Upos::Part | Upos::Cconj);
    adjunct && complete && view.has_finite(before)
}

/// The verb that describes with these words.
fn describing<'a>(view: View<'a>, direct: &Direct, mark: Marked) -> Option<Hit<'a>> {
    let own = view.tokens_in(mark.outer);
    let level = |token: u32| direct.inside.get(token as usize).copied().unwrap_or(0);
    let inside = level(own.start);
    let outside = |token: u32| level(token) != inside;
    let sentence = view.doc.sentence_at(mark.outer.start)?;
    let floor = view.doc.sentences[sentence.ix()].tokens.start.0.max(own.start.saturating_sub(FARTHEST));
    // The parse first: what the words hang on.
    let head = own.clone().find(|token| !view.is_punct(*token) && view.head(*token).is_none_or(|head| !own.contains(&head)));
    if let Some(head) = head {
        for above in view.above(head).take(4) {
            if let Some(hit) = view.hit(above).filter(|hit| outside(above) && hit.cue.kind == CueKind::Verb && fits(view, *hit))
                && hit.first < own.start
            {
                return Some(hit);
            }
            if matches!(view.rel(above), Deprel::AclRelcl) {
                break;
            }
        }
    }
    for at in (floor..own.start).rev() {
        if !outside(at) || view.form(at) == ";" {
            break;
        }
        if let Some(hit) = view.hit(at) {
            match hit.cue.kind {
                CueKind::Verb if fits(view, hit) => return Some(hit),
                CueKind::Phrase if hit.cue.frame.is(Frame::BY) && hit.cue.words.len() > 1 => return Some(hit),
                _ => {}
            }
        }
    }
    None
}

fn fits(view: View<'_>, hit: Hit<'_>) -> bool {
    let describes = hit.cue.frame.is(Frame::MARK);
    let that = hit.last + 1 < view.len() && (hit.last + 1..(hit.last + 10).min(view.len())).any(|at| view.is(at, "that"));
    let says = hit.cue.frame.any(Frame::THAT) && hit.cue.frame.is(Frame::QUOTE) && (that || hit.cue.class != CueClass::Thought);
    let named = view.xpos(hit.first) == Xpos::Vbn
        && !view.children(hit.first).any(|child| matches!(view.rel(child), Deprel::Aux | Deprel::OblAgent))
        && matches!(view.rel(hit.first), Deprel::Acl | Deprel::Amod)
        && view
            .doc
            .sentence_of(chancery_model::TokenIx(hit.first))
            .is_some_and(|sentence| view.doc.sentences[sentence.ix()].tokens.iter().any(|at| view.is_finite(at.0)));
    (describes || says) && !named
}
