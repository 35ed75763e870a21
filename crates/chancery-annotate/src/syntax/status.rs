//! Whether an event took place: tense, modality, negation, conditions, questions, and the words above it.

use chancery_lexicon::patterns::{Embedding, EventLexicon};
use chancery_model::{Deprel, EventStatus, Upos, Xpos};

use super::View;

/// Governors are asked at most this far up: longer chains are a broken parse.
const DEEPEST: u32 = 8;

/// Nouns stand as subject of these where they take place, go on or end.
const OCCURRING: &[&str] = &[
    "be",
    "begin",
    "break",
    "collapse",
    "come",
    "continue",
    "end",
    "erupt",
    "fail",
    "follow",
    "go",
    "happen",
    "hold",
    "kill",
    "last",
    "leave",
    "occur",
    "open",
    "proceed",
    "resume",
    "start",
    "succeed",
    "take",
    "drag",
    "conclude",
    "schedule",
    "expect",
    "plan",
    "set",
    "intensify",
    "spread",
];

pub(crate) struct Statuses<'a> {
    pub view: View<'a>,
    pub lexicon: &'a EventLexicon,
}

impl Statuses<'_> {
    /// Of a verb, or of an adjective as predicate.
    pub(crate) fn of_verb(&self, verb: u32) -> EventStatus {
        self.verb(verb, 0)
    }

    fn verb(&self, verb: u32, depth: u32) -> EventStatus {
        let view = self.view;
        if depth > DEEPEST {
            return EventStatus::Occurred;
        }
        let own = self.own(verb);
        let negated = self.is_negated(verb);
        let status = self.with_governor(verb, own, depth);
        self.question(verb, if negated { negate(status) } else { status }, view)
    }

    /// A question in the main clause tells of nothing that took place.
    fn question(&self, verb: u32, status: EventStatus, view: View<'_>) -> EventStatus {
        let main = matches!(view.rel(verb), Deprel::Root)
            || (view.rel(verb) == Deprel::Conj && view.head(verb).is_some_and(|head| view.rel(head) == Deprel::Root));
        if !main || !matches!(status, EventStatus::Occurred | EventStatus::Ongoing | EventStatus::Planned) {
            return status;
        }
        let asks = view
            .children(verb)
            .any(|child| view.rel(child) == Deprel::Punct && child > verb && view.form(child).starts_with('?'));
        // "Why did X attack Y?" takes the attack for granted.
        let presupposes = view.children(verb).any(|child| matches!(view.lemma(child), "why" | "when" | "how"));
        if asks && !presupposes { EventStatus::Hypothetical } else { status }
    }

    /// What the verb's own form and auxiliaries say.
    fn own(&self, verb: u32) -> Option<EventStatus> {
        let view = self.view;
        let (mut be, mut have, mut modal) = (None, false, None);
        for child in view.children(verb).filter(|child| matches!(view.rel(*child), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)) {
            match view.lemma(child) {
                "will" | "shall" | "'ll" | "wo" => modal = Some(EventStatus::Planned),
                "would" | "'d" if view.xpos(child) == Xpos::Md => modal = Some(self.would(verb)),
                "may" | "might" | "could" | "can" | "should" | "must" | "ought" | "need" => {
                    modal = Some(EventStatus::Hypothetical)
                }
                _ if view.xpos(child) == Xpos::Md => {
                    modal = Some(match view.form(child).to_ascii_lowercase().as_str() {
                        "will" | "'ll" | "’ll" | "wo" | "shall" => EventStatus::Planned,
                        "would" | "'d" | "’d" => self.would(verb),
                        _ => EventStatus::Hypothetical,
                    });
                }
                "be" if view.rel(child) == Deprel::Aux => be = Some(view.xpos(child)),
                "have" => have = true,
                _ => {}
            }
        }
        if modal.is_some() {
            return modal;
        }
        if view.is_infinitive(verb) {
            // "is to visit"
            return be.map(|_| EventStatus::Planned);
        }
        match view.xpos(verb) {
            Xpos::Vbg => match be {
                Some(Xpos::Vbz | Xpos::Vbp) => Some(EventStatus::Ongoing),
                Some(Xpos::Vbn) if have => Some(EventStatus::Ongoing),
                Some(_) => Some(EventStatus::Occurred),
                None => None,
            },
            Xpos::Vbn if be.is_none() && !have && view.child(verb, &[Deprel::AuxPass, Deprel::NsubjPass]).is_none() => None,
            // A bare verb: mandative ("demanded that Israel withdraw"), imperative, or the second of co-ordinated ones.
            Xpos::Vb if !have && !view.children(verb).any(|child| view.rel(child) == Deprel::Aux) => None,
            _ => Some(EventStatus::Occurred),
        }
    }

    /// `would` is the past's future after a verb of saying in the past, a condition elsewhere.
    fn would(&self, verb: u32) -> EventStatus {
        let view = self.view;
        let reported = matches!(view.rel(verb), Deprel::Ccomp | Deprel::Parataxis | Deprel::Conj)
            && view.head(verb).is_some_and(|head| matches!(view.xpos(head), Xpos::Vbd | Xpos::Vbn));
        let conditional =
            view.children(verb).any(|child| view.rel(child) == Deprel::Advcl && view.marks(child).any(|mark| mark == "if"));
        if reported && !conditional { EventStatus::Planned } else { EventStatus::Hypothetical }
    }

    /// What the words above make of it.
    fn with_governor(&self, verb: u32, own: Option<EventStatus>, depth: u32) -> EventStatus {
        let view = self.view;
        let relation = view.rel(verb);
        let marks = |wanted: &[&str]| view.marks(verb).any(|mark| wanted.contains(&mark));
        if marks(&["if", "whether", "unless", "lest", "should"]) && !matches!(own, Some(EventStatus::Negated)) {
            return EventStatus::Hypothetical;
        }
        if marks(&["without"]) {
            return EventStatus::Negated;
        }
        let Some(head) = view.head(verb) else { return own.unwrap_or(self.bare(verb)) };
        match relation {
            Deprel::Xcomp | Deprel::Csubj if view.is_verb(head) || view.is_infinitive(verb) => {
                let above = self.governor(head, depth);
                let effect = self.effect(head, verb);
                under(effect, above)
            }
            Deprel::Ccomp | Deprel::Parataxis => {
                let effect = self.lexicon.embedding(view.lemma(head));
                if relation == Deprel::Parataxis || view.form(verb).is_empty() {
                    return own.unwrap_or(EventStatus::Occurred);
                }
                let own = own.unwrap_or(EventStatus::Hypothetical);
                match effect {
                    Some(Embedding::Negated) => negate(own),
                    Some(Embedding::Hypothetical) if own == EventStatus::Occurred || own == EventStatus::Ongoing => {
                        EventStatus::Hypothetical
                    }
                    Some(Embedding::Planned) if own == EventStatus::Occurred && view.xpos(verb) == Xpos::Vb => {
                        EventStatus::Planned
                    }
                    _ if self.is_negated(head) && !matches!(own, EventStatus::Negated) => EventStatus::Hypothetical,
                    _ => own,
                }
            }
            Deprel::Conj => {
                let bare = own.is_none();
                let conditional = view.marks(head).any(|mark| matches!(mark, "if" | "unless" | "whether"));
                if bare || conditional {
                    let above = self.verb(head, depth + 1);
                    // A negation belongs to the first verb alone where the second is finite; here it is not.
                    return above;
                }
                own.unwrap_or(EventStatus::Occurred)
            }
            Deprel::Advcl | Deprel::Acl | Deprel::Obl | Deprel::Nmod => {
                if let Some(own) = own {
                    let later = marks(&["before", "until", "once", "when"]) && matches!(view.xpos(verb), Xpos::Vbz | Xpos::Vbp);
                    if later
                        && view.is_verb(head)
                        && matches!(self.verb(head, depth + 1), EventStatus::Planned | EventStatus::Hypothetical)
                    {
                        return EventStatus::Planned;
                    }
                    return own;
                }
                let effect = self.lexicon.embedding(view.lemma(head));
                if view.is_infinitive(verb) {
                    return match effect {
                        Some(effect) => under(effect, self.governor(head, depth)),
                        // Purpose: "sent an envoy to negotiate".
                        None => EventStatus::Planned,
                    };
                }
                if marks(&["from"]) && effect == Some(Embedding::Negated) {
                    return under(Embedding::Negated, self.governor(head, depth));
                }
                if marks(&["of", "about", "on"]) && effect.is_some() && effect != Some(Embedding::Fact) {
                    return under(effect.unwrap_or(Embedding::Fact), self.governor(head, depth));
                }
                match relation {
                    // "ordered them to leave, accusing Tehran" is as real as the order.
                    Deprel::Advcl
                        if view.rel(head) == Deprel::Xcomp
                            && view.child(verb, &[Deprel::Punct]).is_some_and(|comma| comma < verb) =>
                    {
                        EventStatus::Occurred
                    }
                    Deprel::Advcl if view.is_verb(head) => match self.verb(head, depth + 1) {
                        status @ (EventStatus::Planned | EventStatus::Hypothetical) => status,
                        _ => EventStatus::Occurred,
                    },
                    _ => EventStatus::Occurred,
                }
            }
            _ => own.unwrap_or(EventStatus::Occurred),
        }
    }

    /// A bare main verb is an order or a broken parse.
    fn bare(&self, verb: u32) -> EventStatus {
        if self.view.xpos(verb) == Xpos::Vb && self.view.child(verb, &[Deprel::Nsubj]).is_none() {
            EventStatus::Hypothetical
        } else {
            EventStatus::Occurred
        }
    }

    fn governor(&self, head: u32, depth: u32) -> EventStatus {
        let view = self.view;
        if view.is_verb(head) || view.upos(head) == Upos::Adj { self.verb(head, depth + 1) } else { EventStatus::Occurred }
    }

    /// What a governor makes of an infinitive or participle under it.
    fn effect(&self, head: u32, verb: u32) -> Embedding {
        let view = self.view;
        let lemma = view.lemma(head);
        if lemma == "go" && view.xpos(head) == Xpos::Vbg && view.is_infinitive(verb) {
            return Embedding::Planned;
        }
        if lemma == "be" && view.is_infinitive(verb) {
            return Embedding::Planned;
        }
        if lemma == "have" && view.is_infinitive(verb) {
            return Embedding::Hypothetical;
        }
        match self.lexicon.embedding(lemma) {
            Some(effect) => effect,
            None if view.upos(head) == Upos::Adj => Embedding::Planned,
            None if view.upos(head) == Upos::Noun => Embedding::Planned,
            None => Embedding::Fact,
        }
    }

    /// A negation on the verb, on its subject or on its object.
    pub(crate) fn is_negated(&self, verb: u32) -> bool {
        let view = self.view;
        view.children(verb).any(|child| match view.rel(child) {
            Deprel::Advmod => {
                matches!(view.lemma(child), "not" | "n't" | "never" | "nt" | "n’t" | "hardly" | "neither" | "nowhere")
                    || is_not(view.form(child))
                    || (view.lemma(child) == "long" && view.children(child).any(|no| view.lemma(no) == "no"))
            }
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj => self.is_none(child),
            Deprel::Cc => view.lemma(child) == "nor",
            _ => false,
        })
    }

    /// "no country", "nobody", "none of them".
    pub(crate) fn is_none(&self, noun: u32) -> bool {
        let view = self.view;
        matches!(view.lemma(noun), "nobody" | "none" | "nothing" | "neither")
            || view.children(noun).any(|child| view.rel(child) == Deprel::Det && matches!(view.lemma(child), "no" | "neither"))
    }

    /// Of a noun that tells an event and that no light verb carries.
    pub(crate) fn of_noun(&self, noun: u32) -> EventStatus {
        let view = self.view;
        let noun = self.counting(noun);
        if self.is_none(noun) {
            return EventStatus::Negated;
        }
        if let Some(status) = self.of_noun_words(noun) {
            return status;
        }
        let Some(head) = view.head(noun) else { return EventStatus::Occurred };
        let relation = view.rel(noun);
        if relation == Deprel::Conj && !view.is_verb(head) {
            return self.of_noun_once(head);
        }
        match relation {
            Deprel::Nsubj | Deprel::NsubjPass if OCCURRING.contains(&view.lemma(head)) => self.clausal(head),
            // "a meeting is planned", "talks are expected to begin"
            Deprel::Nsubj | Deprel::NsubjPass => match self.lexicon.embedding(view.lemma(head)) {
                Some(effect) if view.is_passive(head) || view.upos(head) == Upos::Adj => under(effect, self.clausal(head)),
                _ => EventStatus::Occurred,
            },
            Deprel::Nmod | Deprel::Obl | Deprel::Obj => {
                let effect = self.lexicon.embedding(view.lemma(head));
                match effect {
                    Some(effect @ (Embedding::Hypothetical | Embedding::Negated | Embedding::Planned | Embedding::Asked)) => {
                        under(effect, if view.is_verb(head) { self.clausal(head) } else { EventStatus::Occurred })
                    }
                    _ => EventStatus::Occurred,
                }
            }
            _ => EventStatus::Occurred,
        }
    }

    /// The noun that counts this one: "a round of talks" begins where the talks do.
    fn counting(&self, noun: u32) -> u32 {
        let view = self.view;
        let classes = &self.lexicon.patterns.classes;
        if view.rel(noun) == Deprel::Nmod
            && let Some(head) = view.head(noun)
            && view.children(noun).any(|child| view.rel(child) == Deprel::Case && view.lemma(child) == "of")
            && classes.find("quantity").is_some_and(|quantity| {
                classes.of(view.lemma(head)).iter().any(|(class, before)| *class == quantity && before.is_empty())
            })
        {
            return head;
        }
        noun
    }

    /// What the words before a noun say: "planned", "alleged", "ahead of".
    pub(crate) fn of_noun_words(&self, noun: u32) -> Option<EventStatus> {
        let view = self.view;
        for child in view.children(noun).filter(|child| *child < noun) {
            match view.rel(child) {
                Deprel::Amod | Deprel::Compound => {
                    let effect = self.lexicon.embedding(view.lemma(child)).or_else(|| self.lexicon.embedding(view.form(child)));
                    match effect {
                        Some(Embedding::Planned) => return Some(EventStatus::Planned),
                        Some(Embedding::Hypothetical | Embedding::Asked) => return Some(EventStatus::Hypothetical),
                        Some(Embedding::Negated) => return Some(EventStatus::Negated),
                        _ => {}
                    }
                }
                Deprel::Det if view.lemma(child) == "any" => return Some(EventStatus::Hypothetical),
                Deprel::Case | Deprel::Advmod => match view.lemma(child) {
                    "without" => return Some(EventStatus::Negated),
                    "ahead" | "pending" => return Some(EventStatus::Planned),
                    "of" if view.children(child).any(|more| view.lemma(more) == "ahead") => return Some(EventStatus::Planned),
                    _ => {}
                },
                _ => {}
            }
        }
        None
    }

    fn of_noun_once(&self, noun: u32) -> EventStatus {
        if self.is_none(noun) { EventStatus::Negated } else { EventStatus::Occurred }
    }

    /// The status of a verb of which the event's noun is the subject, an infinitive under it included ("is expected to begin").
    fn clausal(&self, verb: u32) -> EventStatus {
        let status = self.verb(verb, 0);
        let inner =
            self.view.children(verb).find(|child| self.view.rel(*child) == Deprel::Xcomp && self.view.is_infinitive(*child));
        inner.map_or(status, |inner| self.verb(inner, 0))
    }
}

fn is_not(form: &str) -> bool {
    form.eq_ignore_ascii_case("not") || form.ends_with("n't") || form.ends_with("n’t")
}

fn negate(status: EventStatus) -> EventStatus {
    match status {
        EventStatus::Hypothetical => EventStatus::Hypothetical,
        EventStatus::Negated => EventStatus::Occurred,
        _ => EventStatus::Negated,
    }
}

/// What a governor of some status and effect makes of what is under it.
pub(crate) fn under(effect: Embedding, above: EventStatus) -> EventStatus {
    match (effect, above) {
        (Embedding::Fact, above) => above,
        (Embedding::Planned, EventStatus::Occurred | EventStatus::Ongoing) => EventStatus::Planned,
        (Embedding::Hypothetical | Embedding::Asked, EventStatus::Occurred | EventStatus::Ongoing | EventStatus::Planned) => {
            EventStatus::Hypothetical
        }
        (Embedding::Negated, EventStatus::Occurred | EventStatus::Ongoing) => EventStatus::Negated,
        (Embedding::Negated, _) => EventStatus::Hypothetical,
        (_, above) => above,
    }
}
