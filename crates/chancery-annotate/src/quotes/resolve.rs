//! From drafts to records: fragments, speakers, order.

use std::cmp::Reverse;

use chancery_model::{EntityIx, EntityType, Quote, QuoteKind, SentenceIx, Span, Upos, Xpos};

use super::direct::Direct;
use super::draft::{Draft, Who};
use super::fragments;
use super::marks::Marked;
use super::speaker::{Phrase, Speaker};
use super::view::View;

/// Makes records of drafts: sorted, nested or disjoint, each with its speaker.
pub(super) fn resolve(
    view: View<'_>,
    marks: &[Marked],
    direct: &Direct,
    mut drafts: Vec<Draft>,
    unattributed: bool,
) -> Vec<Quote> {
    fragments::add(view, marks, direct, &mut drafts);
    let drafts = settle(drafts);
    let mut speakers: Vec<Option<Speaker>> = vec![None; drafts.len()];
    let mut last: Option<Speaker> = None;
    // Direct speech that is still open: inside it "I" is its speaker.
    let mut open: Vec<usize> = Vec::new();
    // Unnamed people whom the text names beside their description.
    let mut aliases: Vec<(EntityIx, Speaker)> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        while open.last().is_some_and(|outer| drafts[*outer].span.end <= draft.span.start) {
            open.pop();
        }
        let outer = open.iter().rev().find(|outer| drafts[**outer].kind == QuoteKind::Direct).copied();
        let speaker = match &draft.who {
            Who::Phrase(phrase) => {
                let outer = outer.and_then(|outer| speakers[outer].clone());
                let speaker = named(view, phrase, draft.span, &drafts[at.saturating_sub(8)..at], last.as_ref(), outer.as_ref());
                Some(same_person(view, phrase, speaker, &mut aliases))
            }
            Who::Last(token) => {
                acting_before(view, &drafts, at, *token).or_else(|| last.clone().map(|speaker| Speaker { span: None, ..speaker }))
            }
            Who::Label(span) => Some(label(view, *span)),
            Who::Nobody => None,
        };
        if let Some(speaker) = &speaker
            && outer.is_none()
        {
            last = Some(speaker.clone());
        }
        speakers[at] = speaker;
        open.push(at);
    }
    // A quotation that opens the text belongs to whoever speaks next, in words of his own.
    let mut end = 0;
    let first = (0..drafts.len()).find_map(|at| {
        let top = drafts[at].span.start >= end;
        end = end.max(drafts[at].span.end);
        speakers[at].clone().filter(|_| top && drafts[at].kind == QuoteKind::Direct)
    });
    for (draft, speaker) in drafts.iter().zip(&mut speakers) {
        if speaker.is_none() && matches!(draft.who, Who::Last(_)) {
            *speaker = first.clone().map(|speaker| Speaker { span: None, ..speaker });
        }
    }
    let records = drafts.into_iter().zip(speakers);
    records
        .filter(|(_, speaker)| unattributed || speaker.is_some())
        .map(|(draft, speaker)| record(view, &draft, speaker))
        .collect()
}

fn record(view: View<'_>, draft: &Draft, speaker: Option<Speaker>) -> Quote {
    let known = speaker.is_some();
    let speaker = speaker.unwrap_or_default();
    Quote {
        span: draft.span,
        sentence: view.doc.sentence_at(draft.span.start).unwrap_or(SentenceIx(0)),
        kind: draft.kind,
        cue: draft.cue,
        speaker: speaker.span,
        speaker_entity: speaker.entity,
        speaker_name: speaker.name,
        anonymous: speaker.anonymous || !known,
        addressee: draft.addressee.and_then(|head| view.mention(head)).and_then(|mention| mention.entity),
    }
}

/// Sorts, and drops what repeats or crosses another: direct speech stands, a reported clause gives way.
fn settle(mut drafts: Vec<Draft>) -> Vec<Draft> {
    let rank = |draft: &Draft| (draft.kind != QuoteKind::Direct, draft.cue.is_none());
    drafts.sort_by_key(|draft| (draft.span.start, Reverse(draft.span.end), rank(draft)));
    drafts.dedup_by(|later, earlier| later.span == earlier.span);
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut open: Vec<usize> = Vec::new();
    for mut draft in drafts {
        while open.last().is_some_and(|outer| kept[*outer].span.end <= draft.span.start) {
            open.pop();
        }
        if let Some(outer) = open.last().copied()
            && kept[outer].span.end < draft.span.end
        {
            if draft.kind != QuoteKind::Direct {
                draft.span.end = kept[outer].span.end;
            } else if kept[outer].kind != QuoteKind::Direct {
                kept[outer].span.end = draft.span.start;
                open.pop();
            } else {
                continue;
            }
        }
        // Two clauses that differ by a word are one.
        let same = open.last().is_some_and(|outer| {
            let outer = kept[*outer].span;
            kept[*open.last().unwrap_or(&0)].kind != QuoteKind::Direct
                && draft.kind != QuoteKind::Direct
                && outer.len() - draft.span.len().min(outer.len()) < 6
        });
        let thought = draft.thought && open.last().is_some_and(|outer| kept[*outer].kind != QuoteKind::Direct);
        if same || thought || draft.span.is_empty() {
            continue;
        }
        open.push(kept.len());
        kept.push(draft);
    }
    kept.retain(|draft| !draft.span.is_empty());
    kept.sort_by_key(|draft| (draft.span.start, draft.span.end));
    kept
}

/// The named person that an unnamed one was said to be: "the leader of the opposition, Pavel Duminica, …", then "he".
fn same_person(view: View<'_>, phrase: &Phrase, speaker: Speaker, aliases: &mut Vec<(EntityIx, Speaker)>) -> Speaker {
    let described = view.mention(phrase.head).and_then(|mention| mention.entity);
    if let Some(described) = described.filter(|entity| speaker.entity != Some(*entity) && view.doc.entity(*entity).is_anonymous())
        && !speaker.anonymous
        && aliases.len() < 64
    {
        aliases.push((described, speaker.clone()));
    }
    let known = aliases.iter().rev().find(|(entity, _)| speaker.entity == Some(*entity));
    match known {
        Some((_, known)) => Speaker { span: speaker.span, ..known.clone() },
        None => speaker,
    }
}

/// Who a phrase names; a pronoun that nothing resolves is whoever spoke last.
fn named(
    view: View<'_>,
    phrase: &Phrase,
    own: Span,
    drafts: &[Draft],
    last: Option<&Speaker>,
    outer: Option<&Speaker>,
) -> Speaker {
    let head = phrase.head;
    let personal = view.upos(head) == Upos::Pron && matches!(view.xpos(head), Xpos::Prp | Xpos::PrpPoss);
    if personal
        && view.is_one_of(head, &["i", "we", "my", "our", "me", "us"])
        && let Some(outer) = outer
    {
        return Speaker { span: Some(view.span(head)), ..outer.clone() };
    }
    let speaker = view.speaker(phrase);
    // A pronoun does not stand for somebody whom only the quotation itself names, or another speaker's words.
    let own = speaker.entity.is_some_and(|entity| {
        let first = view.doc.entity(entity).first;
        view.doc.mentions.get(first.ix()).is_some_and(|mention| {
            own.contains(mention.span)
                || last.is_some_and(|last| last.entity != Some(entity))
                    && drafts.iter().any(|draft| draft.kind == QuoteKind::Direct && draft.span.contains(mention.span))
        })
    });
    if personal
        && (speaker.entity.is_none() || own)
        && let Some(last) = last
    {
        let person = last.anonymous
            || last.entity.is_some_and(|entity| view.doc.entity(entity).r#type == EntityType::Person)
            || last.entity.is_none();
        let fits = view.is_one_of(head, &["they", "their", "it", "its"]) || person;
        if fits {
            return Speaker { span: Some(view.span(head)), ..last.clone() };
        }
    }
    speaker
}

/// The person whose act the sentence before tells: "The minister laughed. “…”"
fn acting_before(view: View<'_>, drafts: &[Draft], at: usize, token: u32) -> Option<Speaker> {
    let doc = view.doc;
    let own = doc.sentence_of(chancery_model::TokenIx(token))?;
    let before = own.ix().checked_sub(1)?;
    let sentence = doc.sentences[before];
    // The last sentence of the paragraph before will do where the quotation opens its own.
    if sentence.paragraph + 1 < doc.sentences[own.ix()].paragraph {
        return None;
    }
    let quoted = at.checked_sub(1).is_some_and(|last| drafts[last].span.overlaps(sentence.span))
        || drafts[at.saturating_sub(4)..at].iter().any(|draft| draft.span.overlaps(sentence.span));
    if quoted {
        return None;
    }
    let root = sentence.tokens.iter().map(|token| token.0).find(|token| view.head(*token).is_none())?;
    let subject = view.subject(root)?;
    let mention = view.mention(subject)?;
    let entity = mention.entity?;
    if doc.entity(entity).r#type != EntityType::Person {
        return None;
    }
    let phrase = view.phrase(subject, sentence.tokens.start.0..sentence.tokens.end.0);
    Some(Speaker { span: None, ..view.speaker(&phrase) })
}

/// The speaker that a label names.
fn label(view: View<'_>, span: Span) -> Speaker {
    let tokens = view.tokens_in(span);
    for token in tokens.clone().rev() {
        if let Some(mention) = view.mention(token)
            && let Some(number) = mention.entity
        {
            let entity = view.doc.entity(number);
            return Speaker {
                span: Some(span),
                entity: Some(number),
                name: entity.name.clone(),
                anonymous: entity.is_anonymous(),
            };
        }
    }
    Speaker { span: Some(span), entity: None, name: span.slice(&view.doc.text).to_owned(), anonymous: false }
}
