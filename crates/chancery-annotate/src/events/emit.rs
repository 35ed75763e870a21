//! From candidates to the dataset's records: pairs of sides, span, date, place, quotation.

use std::ops::Range;
use std::sync::Arc;

use chancery_lexicon::event_types::{PloverTable, Quads, Scales};
use chancery_lexicon::patterns::EventCode;
use chancery_model::{
    Actor, DateIx, DateType, Deprel, Document, Entity, EntityIx, EntityType, Event, EventStatus, PlaceIx, QuoteIx, SentenceIx,
    Span, Upos,
};
use jiff::civil::Date;

use super::matcher::{Candidate, Matcher};
use crate::syntax::View;

/// What the settings decide about a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables {
    pub quads: Quads,
    pub scales: Scales,
}

/// The time of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct When {
    pub date: Option<DateIx>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// The expression of time in the event's own clause.
pub(super) fn when(view: View<'_>, candidate: &Candidate, sentence: SentenceIx) -> When {
    let doc = view.doc;
    let first = doc.dates.partition_point(|date| date.sentence < sentence);
    let mut best: Option<(u32, DateIx)> = None;
    for (number, date) in doc.dates.iter().enumerate().skip(first).take_while(|(_, date)| date.sentence == sentence) {
        if !matches!(date.r#type, DateType::Date | DateType::Time) || date.from.is_none() {
            continue;
        }
        let Some(token) = doc.token_at(date.span.start) else { continue };
        let Some(distance) = distance(view, top_of(view, token.0, date.span), candidate) else { continue };
        if best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, DateIx::at(number)));
        }
    }
    match best {
        Some((_, number)) => {
            let date = &doc.dates[number.ix()];
            When { date: Some(number), from: date.from, to: date.to }
        }
        None => When::default(),
    }
}

/// The token of an expression that hangs outside of it.
fn top_of(view: View<'_>, first: u32, span: Span) -> u32 {
    let mut here = first;
    for _ in 0..6 {
        match view.head(here) {
            Some(head) if span.contains(view.doc.tokens.span[head as usize]) => here = head,
            _ => break,
        }
    }
    here
}

/// How far up from a token the event's word or verb is, if no other clause lies between.
fn distance(view: View<'_>, token: u32, candidate: &Candidate) -> Option<u32> {
    let mut here = token;
    for step in 0..12 {
        if here == candidate.site.head {
            return Some(step);
        }
        if here == candidate.clause {
            return Some(step + 1);
        }
        // "a 2019 agreement signed by …": the noun that a participle hangs on dates it too.
        if view.rel(candidate.clause) == Deprel::Acl && view.head(candidate.clause) == Some(here) && step <= 2 {
            return Some(step + 2);
        }
        let relation = view.rel(here);
        let head = view.head(here)?;
        // Up from an infinitive or a participle the time may still be the event's, from a clause of its own it is not.
        if view.is_verb(here) && !matches!(relation, Deprel::Xcomp | Deprel::Aux | Deprel::AuxPass | Deprel::Cop) {
            return None;
        }
        // "agreed to meet next week": the week is that of the meeting, not of the agreement.
        if view.is_verb(here) && relation == Deprel::Xcomp && super::compose::takes_in(candidate.code.r#type) {
            return None;
        }
        here = head;
    }
    None
}

/// The first place in the clause that says where.
fn place(view: View<'_>, candidate: &Candidate, sentence: SentenceIx) -> Option<PlaceIx> {
    let doc = view.doc;
    let first = doc.places.partition_point(|place| place.sentence < sentence);
    let here = doc.places.iter().enumerate().skip(first).take_while(|(_, place)| place.sentence == sentence);
    let mut found = here.filter_map(|(number, place)| {
        let token = doc.token_at(place.span.start)?.0;
        let top = top_of(view, token, place.span);
        let local = view.children(top).any(|child| {
            view.rel(child) == Deprel::Case
                && matches!(
                    view.lemma(child),
                    "in" | "at" | "near" | "outside" | "off" | "across" | "inside" | "over" | "around" | "to" | "into" | "on"
                )
        });
        let said = local || candidate.target.iter().any(|target| target.span.contains(place.span));
        (said && distance(view, top, candidate).is_some()).then_some(PlaceIx::at(number))
    });
    found.next()
}

/// The innermost quotation around the trigger.
fn quote(view: View<'_>, trigger: Span) -> Option<QuoteIx> {
    let quotes = view.doc.quotes.iter().enumerate();
    quotes
        .filter(|(_, quote)| quote.span.contains(trigger))
        .min_by_key(|(_, quote)| quote.span.len())
        .map(|(number, _)| QuoteIx::at(number))
}

/// The clause that says so, without punctuation at its ends.
fn clause(view: View<'_>, candidate: &Candidate, sentence: &Range<u32>) -> Span {
    let (mut first, mut last) = view.extent(candidate.clause);
    first = first.min(candidate.words.0).max(sentence.start);
    last = last.max(candidate.words.1).min(sentence.end.saturating_sub(1));
    while first < last && matches!(view.upos(first), Upos::Punct | Upos::Cconj) {
        first += 1;
    }
    while last > first && view.upos(last) == Upos::Punct {
        last -= 1;
    }
    view.doc.tokens.span[first as usize].join(view.doc.tokens.span[last as usize])
}

/// Pairs of source and target. A place stands for its country where the document knows that country as an actor.
fn pairs(doc: &Document, candidate: &Candidate) -> Vec<(Option<Actor>, Option<Actor>)> {
    let mut rows = Vec::new();
    let (source, target) = (as_countries(doc, &candidate.source), as_countries(doc, &candidate.target));
    let (source, target) = (&source, &target);
    match (source.is_empty(), target.is_empty()) {
        (true, true) => {}
        (false, true) if candidate.symmetrical && source.len() > 1 => {
            for one in source {
                rows.extend(source.iter().filter(|other| other.entity != one.entity).map(|other| (Some(*one), Some(*other))));
            }
        }
        (false, true) => rows.extend(source.iter().map(|one| (Some(*one), None))),
        (true, false) => rows.extend(target.iter().map(|one| (None, Some(*one)))),
        (false, false) => {
            for one in source {
                for other in target.iter().filter(|other| other.entity != one.entity) {
                    rows.push((Some(*one), Some(*other)));
                    if candidate.symmetrical {
                        rows.push((Some(*other), Some(*one)));
                    }
                }
            }
        }
    }
    rows
}

fn as_countries(doc: &Document, actors: &[Actor]) -> Vec<Actor> {
    let country = |actor: &Actor| {
        let place = doc.entity(actor.entity);
        let of_place = (place.r#type == EntityType::Place).then_some(place.country).flatten()?;
        let known = |entity: &Entity| entity.r#type == EntityType::Country && entity.country == Some(of_place);
        doc.entities.iter().position(known).map(EntityIx::at)
    };
    let mut out: Vec<Actor> = Vec::with_capacity(actors.len());
    for actor in actors {
        let entity = country(actor).unwrap_or(actor.entity);
        if !out.iter().any(|known| known.entity == entity) {
            out.push(Actor { entity, ..*actor });
        }
    }
    out
}

/// Adds the rows of a candidate.
pub(super) fn rows(
    matcher: &Matcher<'_>,
    candidate: &Candidate,
    when: When,
    number: SentenceIx,
    sentence: &Range<u32>,
    tables: Tables,
    out: &mut Vec<Event>,
) {
    let view = matcher.view;
    let (pattern, _) = matcher.frame(candidate.leads);
    let mut status = candidate.status;
    let published = view.doc.published();
    if let (Some(from), Some(published)) = (when.from, published)
        && from > published
        && matches!(status, EventStatus::Occurred | EventStatus::Ongoing)
    {
        status = EventStatus::Planned;
    }
    let code: &EventCode = match (status, &pattern.planned, &pattern.negated) {
        (EventStatus::Planned, Some(other), _) | (EventStatus::Negated, _, Some(other)) => other,
        _ => &candidate.code,
    };
    let spans = &view.doc.tokens.span;
    let trigger = spans[candidate.words.0 as usize].join(spans[candidate.words.1 as usize]);
    // The other side belongs to the clause even where the parse hung it elsewhere.
    let bounds = view.doc.sentences[number.ix()].span;
    let targets = candidate.target.iter().filter(|actor| bounds.contains(actor.span));
    let span = targets.fold(clause(view, candidate, sentence).join(trigger), |span, actor| span.join(actor.span));
    let (from, to) = match (when.from, status) {
        (Some(_), _) => (when.from, when.to),
        (None, EventStatus::Occurred | EventStatus::Ongoing | EventStatus::Negated) => (published, published),
        _ => (None, None),
    };
    let codes = PloverTable::shipped();
    let event = Event {
        span,
        sentence: number,
        trigger,
        r#type: code.r#type,
        mode: code.mode.clone(),
        contexts: pattern.contexts.clone(),
        cameo: code.cameo.clone(),
        quad: codes.quad(code.r#type, tables.quads),
        goldstein: codes.goldstein(&code.cameo, tables.scales),
        intensity: codes.intensity(code.r#type, &code.mode),
        source: None,
        target: None,
        status,
        from,
        to,
        date: when.date,
        place: place(view, candidate, number),
        quote: quote(view, trigger),
        rule: Arc::clone(&pattern.id),
    };
    for (source, target) in pairs(view.doc, candidate) {
        let known = out.iter().rev().take_while(|row| row.sentence == number).any(|row| {
            row.r#type == event.r#type
                && row.source.map(|side| side.entity) == source.map(|side| side.entity)
                && row.target.map(|side| side.entity) == target.map(|side| side.entity)
        });
        if !known {
            out.push(Event { source, target, ..event.clone() });
        }
    }
}
