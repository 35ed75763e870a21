//! What looks like an event and is none: sport, titles of works, history.

use std::ops::Range;

use chancery_lexicon::patterns::{ActorClass, ClassId, WordClasses};
use chancery_model::{Document, EventType, TokenIx, Upos};

use super::matcher::Candidate;
use crate::syntax::{View, is_of};

/// Whether the sentence is about sport: a word of its class, or a score ("2–1") beside a verb of winning.
pub(super) fn is_sport(view: View<'_>, classes: &WordClasses, sport: Option<ClassId>, sentence: &Range<u32>) -> bool {
    let Some(sport) = sport else { return false };
    let mut words = 0;
    for token in sentence.clone() {
        let known = classes
            .of(view.lemma(token))
            .iter()
            .any(|(class, before)| *class == sport && super::slots::stand_before(view, token, before));
        words += u32::from(known);
        if view.upos(token) == Upos::Num && is_score(view, token, sentence.end) {
            words += 1;
        }
    }
    words > 0
}

/// "2-1", "2–1", in one token or in three.
fn is_score(view: View<'_>, token: u32, end: u32) -> bool {
    let small = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let form = view.form(token);
    if let Some((home, away)) = form.split_once(['-', '–']) {
        return small(home) && small(away) && home.len() + away.len() <= 3;
    }
    small(form)
        && token + 2 < end
        && matches!(view.form(token + 1), "-" | "–")
        && small(view.form(token + 2))
        && form.len() + view.form(token + 2).len() <= 3
}

/// Types that sport's words only seem to tell.
pub(super) fn sport_may_tell(r#type: EventType) -> bool {
    matches!(
        r#type,
        EventType::Coerce | EventType::Protest | EventType::Agree | EventType::Sanction | EventType::Accuse | EventType::Aid
    )
}

/// Whether one side are journalists, who go, ask and are talked to for their trade.
pub(super) fn is_reporter(doc: &Document, candidate: &Candidate) -> bool {
    let trade = matches!(candidate.code.r#type, EventType::Consult | EventType::Request | EventType::Cooperate);
    let journalist = |actor: &chancery_model::Actor| is_of(doc, *actor, ActorClass::Journalist, None);
    let all = |side: &[chancery_model::Actor]| !side.is_empty() && side.iter().all(journalist);
    trade && (all(&candidate.source) || all(&candidate.target))
}

/// Whether a token stands in the title of a work: between quotation marks, nearly every word with a capital, and no clause's end.
pub(super) fn is_in_title(view: View<'_>, token: u32, sentence: &Range<u32>) -> bool {
    const LONGEST: u32 = 10;
    let opens = |token: u32| matches!(view.form(token), "\"" | "“" | "‘" | "``" | "«");
    let closes = |token: u32| matches!(view.form(token), "\"" | "”" | "’" | "''" | "»");
    let Some(open) = (sentence.start..token).rev().take(LONGEST as usize).find(|at| opens(*at)) else { return false };
    let Some(close) = (token + 1..sentence.end).take(LONGEST as usize).find(|at| closes(*at)) else { return false };
    let words = (open + 1..close).filter(|at| view.upos(*at) != Upos::Punct);
    let (mut all, mut capitals) = (0, 0);
    for word in words {
        let small = matches!(view.upos(word), Upos::Adp | Upos::Det | Upos::Cconj | Upos::Part | Upos::Sconj);
        if !small {
            all += 1;
            capitals += u32::from(view.form(word).chars().next().is_some_and(char::is_uppercase));
        }
    }
    let ended = matches!(view.form(close - 1), "," | "." | "!" | "?");
    all >= 2 && capitals == all && !ended
}

/// Whether the day is so long before the document's that the event is history.
pub(super) fn is_history(doc: &Document, last_day: Option<jiff::civil::Date>, years: u16) -> bool {
    let (Some(day), Some(published)) = (last_day, doc.published()) else { return false };
    years > 0 && i32::from(day.year()) + i32::from(years) < i32::from(published.year())
}

/// The tokens of a sentence as numbers.
pub(super) fn tokens_of(doc: &Document, number: usize) -> Range<u32> {
    let tokens = doc.sentences[number].tokens;
    let TokenIx(start) = tokens.start;
    start..tokens.end.0
}
