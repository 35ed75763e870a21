//! Events inside events: "agreed to send tanks", "threatened sanctions", "demanded that Israel withdraw".

use chancery_lexicon::patterns::Step;
use chancery_model::{Deprel, EventType};

use super::matcher::{Candidate, Matcher};
use super::slots::clause_under;

/// How far a chain of infinitives is followed: "agreed to begin to withdraw".
const LONGEST_CHAIN: usize = 4;

/// Joins the candidates of a sentence, given in the order of their trigger words.
pub(super) fn compose(matcher: &Matcher<'_>, candidates: &mut [Candidate]) {
    for outer in 0..candidates.len() {
        let mut r#type = candidates[outer].code.r#type;
        if !takes_in(r#type) {
            continue;
        }
        let Some((inner, clausal)) = inner_of(matcher, candidates, outer) else { continue };
        let (pattern, frame) = matcher.frame(candidates[outer].leads);
        let told_alone = !candidates[inner].source.is_empty() && candidates[inner].whole;
        match r#type {
            // "criticised Beijing for detaining two men" takes the act for granted; an allegation does not.
            EventType::Accuse if !(clausal && &*pattern.code.mode == "allege") => continue,
            EventType::Support => {
                if !clausal && !told_alone {
                    candidates[inner].absorbed = true;
                }
                continue;
            }
            _ => {}
        }
        // A promise of harm is a threat: "vowed to strike".
        let inner_type = candidates[inner].code.r#type;
        if r#type == EventType::Agree && !candidates[outer].symmetrical && is_harm(inner_type) {
            r#type = EventType::Threaten;
            candidates[outer].code.r#type = r#type;
        }
        if let Some(row) = matcher.lexicon.composition(r#type, &candidates[inner].code)
            && !frame.conditions.iter().any(|condition| !condition.unless)
        {
            let code = &mut candidates[outer].code;
            if !row.mode.is_empty() {
                code.mode = row.mode.clone();
            }
            // Appeals and demands have the same order of codes under two roots.
            code.cameo = match row.cameo.strip_prefix("02") {
                Some(rest) if code.cameo.starts_with("10") => format!("10{rest}").into(),
                _ => row.cameo.clone(),
            };
        }
        if candidates[outer].target.is_empty() {
            let from = &candidates[inner];
            let mut found = match r#type {
                EventType::Request if !from.source.is_empty() => from.source.clone(),
                _ => from.target.clone(),
            };
            found.retain(|actor| !candidates[outer].source.iter().any(|source| source.entity == actor.entity));
            // The other side of what is agreed is no party of the agreement.
            candidates[outer].symmetrical &= found.is_empty();
            candidates[outer].target = found;
        }
        if clausal || !told_alone || matches!(r#type, EventType::Threaten | EventType::Request) {
            candidates[inner].absorbed = true;
        }
        candidates[outer].site.joined = true;
        let found = &candidates[outer];
        let whole = matcher.is_whole(pattern, frame, found.site, &found.source, &found.target);
        candidates[outer].whole = whole;
    }
}

/// Types whose verbs take a clause or noun that tells another event.
pub(super) fn takes_in(r#type: EventType) -> bool {
    matches!(
        r#type,
        EventType::Agree | EventType::Request | EventType::Reject | EventType::Threaten | EventType::Accuse | EventType::Support
    )
}

fn is_harm(r#type: EventType) -> bool {
    matches!(r#type, EventType::Assault | EventType::Coerce | EventType::Sanction | EventType::Protest | EventType::Mobilize)
}

/// The candidate inside: in the clause that depends on the outer word, or in its object.
fn inner_of(matcher: &Matcher<'_>, candidates: &[Candidate], outer: usize) -> Option<(usize, bool)> {
    let view = matcher.view;
    let at = candidates[outer].site.head;
    let verb = candidates[outer].site.light.unwrap_or(at);
    let find = |token: u32| candidates.iter().position(|candidate| candidate.site.head == token);
    for from in [at, verb] {
        for step in [Step::Xcomp, Step::Ccomp, Step::Advcl] {
            let Some(mut clause) = clause_under(view, from, &step) else { continue };
            if step == Step::Advcl && !view.marks(clause).any(|mark| matches!(mark, "of" | "for" | "on" | "to")) {
                continue;
            }
            for _ in 0..LONGEST_CHAIN {
                if let Some(inner) = find(clause).filter(|inner| *inner != outer) {
                    return Some((inner, true));
                }
                let noun = view
                    .children(clause)
                    .filter(|child| matches!(view.rel(*child), Deprel::Obj | Deprel::Obl | Deprel::NsubjPass))
                    .find_map(find);
                if let Some(inner) = noun.filter(|inner| *inner != outer) {
                    return Some((inner, true));
                }
                match clause_under(view, clause, &Step::Xcomp) {
                    Some(next) => clause = next,
                    None => break,
                }
            }
        }
    }
    let nouns = [at, verb]
        .into_iter()
        .flat_map(|from| view.children(from))
        .filter(|child| *child != at && matches!(view.rel(*child), Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::NsubjPass));
    for noun in nouns {
        for one in view.coordinated(noun).take(4) {
            if let Some(inner) =
                find(one).filter(|inner| *inner != outer && candidates[*inner].site.light.is_none_or(|light| light == verb))
            {
                return Some((inner, false));
            }
        }
    }
    None
}
