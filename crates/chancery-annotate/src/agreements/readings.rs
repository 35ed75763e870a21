//! What a text says of an agreement: its parties, where it stands, its dates.

use chancery_lexicon::agreements::AgreementWords;
use chancery_lexicon::patterns::EventLexicon;
use chancery_model::{Actor, AgreementKind, AgreementStatus, DateType, Deprel, EntityType, EventStatus, Upos, Xpos};
use jiff::civil::Date;

use super::sightings::Sighting;
use crate::syntax::{Statuses, View, actors_at};

/// How far up from an agreement the words are looked at that govern it.
const GOVERNORS: usize = 4;

/// Codes of the parties that the words around the agreement name.
pub(super) fn parties(view: View<'_>, words: &AgreementWords, sighting: &Sighting) -> Vec<String> {
    let head = sighting.head;
    let mut actors: Vec<Actor> = Vec::new();
    for token in sighting.tokens.0..=sighting.tokens.1 {
        for child in view.children(token) {
            if matches!(view.rel(child), Deprel::NmodPoss | Deprel::Amod | Deprel::Compound | Deprel::NmodDesc)
                && view.mentions.covering(child).is_some()
            {
                actors_at(view, child, true, &mut actors);
            }
        }
    }
    for preposition in ["between", "with", "among", "by"] {
        for token in view.with_preposition(head, preposition) {
            actors_at(view, token, false, &mut actors);
        }
    }
    // "an agreement signed by A and B"
    for child in view.children(head).filter(|child| matches!(view.rel(*child), Deprel::Acl | Deprel::AclRelcl)) {
        if words.status(view.lemma(child)).is_some() {
            if let Some(doer) = view.logical_subject(child).filter(|doer| *doer != head) {
                actors_at(view, doer, false, &mut actors);
            }
            for preposition in ["with", "between"] {
                for token in view.with_preposition(child, preposition) {
                    actors_at(view, token, false, &mut actors);
                }
            }
        }
    }
    let owned = view.child(head, &[Deprel::NmodPoss]);
    let own_pronoun = owned.is_some_and(|owner| view.upos(owner) == Upos::Pron);
    let settled = if sighting.kind == AgreementKind::Strategy { !actors.is_empty() } else { actors.len() > 1 };
    if !settled || own_pronoun {
        // "A and B agreed to work toward a pact": who governs it, as far as words of agreements reach.
        for governor in governors(view, head) {
            if words.status(view.lemma(governor)).is_none() {
                continue;
            }
            if let Some(doer) = view.logical_subject(governor) {
                actors_at(view, doer, false, &mut actors);
            }
            for token in view.with_preposition(governor, "with") {
                actors_at(view, token, false, &mut actors);
            }
        }
    }
    let mut codes: Vec<String> = Vec::new();
    for actor in actors {
        let entity = view.doc.entity(actor.entity);
        if entity.r#type == EntityType::Place {
            continue;
        }
        let code = entity.country.map_or_else(|| entity.code.clone(), |country| country.as_str().to_owned());
        if !code.is_empty() && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// The words above the agreement, nearest first, as long as they lead to a verb of its clause.
fn governors(view: View<'_>, head: u32) -> impl Iterator<Item = u32> + '_ {
    let mut here = head;
    std::iter::from_fn(move || {
        let relation = view.rel(here);
        let fits = matches!(
            relation,
            Deprel::Obj
                | Deprel::Obl
                | Deprel::Nmod
                | Deprel::NsubjPass
                | Deprel::Nsubj
                | Deprel::Xcomp
                | Deprel::Conj
                | Deprel::Acl
                | Deprel::Advcl
                | Deprel::Ccomp
        );
        if !fits {
            return None;
        }
        here = view.head(here)?;
        Some(here)
    })
    .take(GOVERNORS)
}

/// Where the words say that the agreement stands.
pub(super) fn status(
    view: View<'_>,
    words: &AgreementWords,
    lexicon: &EventLexicon,
    sighting: &Sighting,
) -> Option<AgreementStatus> {
    let head = sighting.head;
    let statuses = Statuses { view, lexicon };
    let participle = view.children(head).find_map(|child| {
        let participle = view.rel(child) == Deprel::Acl && view.xpos(child) == Xpos::Vbn || view.rel(child) == Deprel::AclRelcl;
        participle.then(|| words.status(view.lemma(child)).map(|status| weighed(status, statuses.of_verb(child)))).flatten()
    });
    if participle.is_some() {
        return participle.map(|status| of_kind(status, sighting.kind));
    }
    for governor in governors(view, head) {
        let lemma = view.lemma(governor);
        if view.is_verb(governor) {
            if matches!(lemma, "enter" | "come" | "take" | "go")
                && view.rel(head) == Deprel::Nsubj
                && view.children(governor).any(|child| matches!(view.lemma(child), "force" | "effect"))
            {
                return Some(weighed(AgreementStatus::InForce, statuses.of_verb(governor)));
            }
            if let Some(status) = words.status(lemma) {
                return Some(of_kind(weighed(status, statuses.of_verb(governor)), sighting.kind));
            }
            if !matches!(view.rel(governor), Deprel::Xcomp) {
                return None;
            }
        } else if let Some(status) = words.status(lemma) {
            return Some(of_kind(status, sighting.kind));
        }
    }
    None
}

/// A step that has not been taken is a proposal; a refusal of it a rejection.
fn weighed(status: AgreementStatus, event: EventStatus) -> AgreementStatus {
    use AgreementStatus as S;
    match (status, event) {
        (S::Proposed | S::Negotiation | S::Rejected | S::InForce, _) | (_, EventStatus::Occurred | EventStatus::Ongoing) => {
            status
        }
        (S::Signed | S::Ratified, EventStatus::Planned) => S::Agreed,
        (S::Ratified, EventStatus::Negated) => S::Signed,
        (S::Withdrawn | S::Suspended, _) => S::InForce,
        (S::Signed | S::Agreed, EventStatus::Negated) => S::Rejected,
        _ => S::Proposed,
    }
}

/// A strategy is published where an agreement would be agreed.
fn of_kind(status: AgreementStatus, kind: AgreementKind) -> AgreementStatus {
    match (status, kind) {
        (AgreementStatus::Agreed | AgreementStatus::Signed, AgreementKind::Strategy) => AgreementStatus::Published,
        _ => status,
    }
}

/// The date that the phrase itself or the participle on it gives: "a 2019 agreement", "signed in May 2022".
pub(super) fn date(view: View<'_>, sighting: &Sighting) -> Option<(Date, Date)> {
    let doc = view.doc;
    let sentence = doc.sentence_of(chancery_model::TokenIx(sighting.head))?;
    let first = doc.dates.partition_point(|date| date.sentence < sentence);
    let here = doc.dates[first..].iter().take_while(|date| date.sentence == sentence);
    for date in here.filter(|date| date.r#type == DateType::Date) {
        let (Some(from), Some(to)) = (date.from, date.to) else { continue };
        if date.span.overlaps(sighting.span) {
            return Some((from, to));
        }
        let Some(token) = doc.token_at(date.span.start) else { continue };
        let mut at = token.0;
        for _ in 0..5 {
            let Some(head) = view.head(at) else { break };
            if head == sighting.head {
                return Some((from, to));
            }
            let passes = !view.is_verb(head) || view.head(head) == Some(sighting.head);
            if !passes {
                break;
            }
            at = head;
        }
    }
    None
}
