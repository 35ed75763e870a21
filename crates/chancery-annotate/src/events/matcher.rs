//! From triggers to candidates: which pattern fits a word best, with its sides and its status.

use std::ops::Range;

use chancery_lexicon::patterns::{EventCode, EventLexicon, Frame, FrameKind, Needs, Pattern, Slot, Step, Support, TriggerRef};
use chancery_model::{Actor, Deprel, EventStatus, MentionKind, Upos, Xpos};

use super::slots::{Site, actors_in, clause_under, go_with, holds, stand_before};
use crate::syntax::View;
use crate::syntax::{Statuses, under};
use crate::syntax::{actors_at, is_known, is_place};

/// A pattern that fits a word.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Which trigger of which frame.
    pub leads: TriggerRef,
    /// The word, and the verb that carries it.
    pub site: Site,
    /// First and last token of the trigger's words.
    pub words: (u32, u32),
    /// Type, mode and code, which composition may change.
    pub code: EventCode,
    /// Who does it.
    pub source: Vec<Actor>,
    /// To whom.
    pub target: Vec<Actor>,
    /// Whether it took place.
    pub status: EventStatus,
    /// The verb of the clause that tells it, or the noun itself.
    pub clause: u32,
    /// Both sides do it.
    pub symmetrical: bool,
    /// Whether the sides that it needs are there.
    pub whole: bool,
    /// How well it fits.
    pub score: i32,
    /// Another event has taken it in.
    pub absorbed: bool,
}

/// Why a pattern did not fit: what `--why` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// The word has another tag or place in the sentence.
    Tag(Upos),
    /// The other words of the trigger are not there.
    Words,
    /// The word is part of a name.
    Name,
    /// The noun is said to have been there before: "existing agreements".
    Standing,
    /// A condition does not hold: its number.
    Condition(usize),
}

/// The verb that carries a noun, and what it does with it.
#[derive(Debug, Clone, Copy)]
struct Carrier {
    verb: u32,
    effect: Support,
}

pub(super) struct Matcher<'a> {
    pub view: View<'a>,
    pub lexicon: &'a EventLexicon,
}

impl<'a> Matcher<'a> {
    pub(super) fn statuses(&self) -> Statuses<'a> {
        Statuses { view: self.view, lexicon: self.lexicon }
    }

    pub(super) fn frame(&self, leads: TriggerRef) -> (&'a Pattern, &'a Frame) {
        let pattern = &self.lexicon.patterns.all[leads.pattern as usize];
        (pattern, &pattern.frames[leads.frame as usize])
    }

    /// The best candidate at a token among the triggers of its lemma.
    pub(super) fn best(&self, token: u32, triggers: &[TriggerRef], sentence: &Range<u32>) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for leads in triggers {
            if let Ok(found) = self.candidate(token, *leads, sentence)
                && best.as_ref().is_none_or(|known| found.score > known.score)
            {
                best = Some(found);
            }
        }
        best
    }

    /// One trigger at a token.
    pub(super) fn candidate(&self, token: u32, leads: TriggerRef, sentence: &Range<u32>) -> Result<Candidate, Miss> {
        let view = self.view;
        let (pattern, frame) = self.frame(leads);
        let trigger = &frame.lemmas[leads.lemma as usize];
        if !self.has_the_form(token, frame.kind) {
            return Err(Miss::Tag(view.upos(token)));
        }
        let words_there = match frame.kind {
            FrameKind::Verb => go_with(view, token, &trigger.others),
            _ => stand_before(view, token, &trigger.others),
        };
        if !words_there {
            return Err(Miss::Words);
        }
        if frame.kind == FrameKind::Noun && self.is_in_a_name(token) {
            return Err(Miss::Name);
        }
        if frame.kind == FrameKind::Noun && self.is_standing(token) {
            return Err(Miss::Standing);
        }
        let carrier = if frame.kind == FrameKind::Noun { self.carrier(token, frame) } else { None };
        if carrier.is_some_and(|carrier| carrier.effect == Support::Ends)
            || (frame.kind == FrameKind::Noun && carrier.is_none() && !frame.bare)
        {
            return Err(Miss::Words);
        }
        let light = carrier.filter(|carrier| carrier.effect != Support::Blocks);
        let site =
            Site { head: token, verbal: frame.kind != FrameKind::Noun, light: light.map(|carrier| carrier.verb), joined: false };
        let (source, mut target) = self.sides(site, frame, light, sentence);
        if target.is_empty() && frame.kind == FrameKind::Verb && &*pattern.code.mode == "visit" {
            self.host(token, &source, &mut target);
        }
        if let Some(failed) = frame
            .conditions
            .iter()
            .position(|condition| !holds(view, &self.lexicon.patterns.classes, site, condition, &source, &target))
        {
            return Err(Miss::Condition(failed));
        }
        let statuses = self.statuses();
        let status = match (frame.kind, light) {
            (FrameKind::Verb | FrameKind::Adjective, _) => statuses.of_verb(token),
            (FrameKind::Noun, None) => statuses.of_noun(token),
            (FrameKind::Noun, Some(carrier)) => self.carried_status(token, carrier, &statuses),
        };
        let clause = light.map_or(token, |carrier| carrier.verb);
        let symmetrical = frame.symmetrical;
        let mut words = (token, token);
        if let Some(carrier) = light
            && carrier.verb.abs_diff(token) <= 8
        {
            words = (token.min(carrier.verb), token.max(carrier.verb));
        }
        let whole = self.is_whole(pattern, frame, site, &source, &target);
        let conditions = frame.conditions.iter().filter(|condition| !condition.unless).count() as i32;
        let score = 10 * trigger.others.len() as i32
            + 3 * conditions
            + 4 * i32::from(!source.is_empty())
            + 4 * i32::from(!target.is_empty())
            + 20 * i32::from(whole)
            + 2 * i32::from(light.is_some());
        Ok(Candidate {
            leads,
            site,
            words,
            code: pattern.code.clone(),
            source,
            target,
            status,
            clause,
            symmetrical,
            whole,
            score,
            absorbed: false,
        })
    }

    /// "Canada and Japan announced that a Japanese mission will visit": where it goes is the other one that announces it.
    fn host(&self, verb: u32, source: &[Actor], target: &mut Vec<Actor>) {
        let view = self.view;
        if view.rel(verb) != Deprel::Ccomp || source.is_empty() {
            return;
        }
        let Some(subject) = view.head(verb).and_then(|above| view.surface_subject(above)) else { return };
        let mut speakers = Vec::new();
        actors_at(view, subject, false, &mut speakers);
        let country = |actor: &Actor| view.doc.entity(actor.entity).country;
        let (own, others): (Vec<Actor>, Vec<Actor>) = speakers
            .into_iter()
            .partition(|actor| source.iter().any(|one| country(one).is_some() && country(one) == country(actor)));
        if !own.is_empty() && others.len() == 1 {
            target.extend(others);
        }
    }

    fn has_the_form(&self, token: u32, kind: FrameKind) -> bool {
        let view = self.view;
        let (tag, relation) = (view.upos(token), view.rel(token));
        match kind {
            FrameKind::Verb => {
                let mistagged = tag == Upos::Noun
                    && view.child(token, &[Deprel::Aux]).is_some()
                    && view.child(token, &[Deprel::Nsubj]).is_some();
                (tag == Upos::Verb || mistagged)
                    && !matches!(
                        relation,
                        Deprel::Amod | Deprel::Compound | Deprel::Case | Deprel::Mark | Deprel::Cc | Deprel::Advmod
                    )
            }
            // A noun before a noun is no event: "protest leader", "attack helicopter".
            FrameKind::Noun => tag == Upos::Noun && !matches!(relation, Deprel::Compound | Deprel::Amod),
            FrameKind::Adjective => {
                tag == Upos::Adj
                    && (view.child(token, &[Deprel::Cop, Deprel::Nsubj]).is_some()
                        || matches!(relation, Deprel::Xcomp | Deprel::Acl | Deprel::Advcl))
            }
        }
    }

    fn is_in_a_name(&self, token: u32) -> bool {
        let Some(mention) = self.view.mentions.covering(token) else { return false };
        let mention = &self.view.doc.mentions[mention as usize];
        mention.kind == MentionKind::Name && mention.tokens.len() > 1
    }

    /// What exists already is a state, not an event.
    fn is_standing(&self, noun: u32) -> bool {
        let view = self.view;
        view.children(noun).any(|child| {
            child < noun
                && matches!(
                    view.form(child).to_ascii_lowercase().as_str(),
                    "existing"
                        | "longstanding"
                        | "long-standing"
                        | "decades-old"
                        | "centuries-old"
                        | "historic"
                        | "traditional"
                        | "historical"
                )
        })
    }

    /// The verb that carries a noun: whose object it is, on which it hangs by a preposition, or whose participle modifies it.
    fn carrier(&self, noun: u32, frame: &Frame) -> Option<Carrier> {
        let view = self.view;
        let mut top = noun;
        if view.rel(noun) == Deprel::Conj
            && let Some(first) = view.head(noun)
            && !view.is_verb(first)
        {
            top = first;
        }
        let try_verb =
            |verb: u32, preposition: Option<&str>| self.carries(verb, preposition, frame).map(|effect| Carrier { verb, effect });
        if let Some(head) = view.head(top) {
            let case = view.child(top, &[Deprel::Case]).map(|case| view.lemma(case));
            let found = match view.rel(top) {
                Deprel::Obj if view.is_verb(head) => try_verb(head, None),
                Deprel::NsubjPass => try_verb(head, None),
                Deprel::Nsubj if view.is_verb(head) && view.is_passive(head) => try_verb(head, None),
                Deprel::Obl | Deprel::Xcomp if view.is_verb(head) => case.and_then(|case| try_verb(head, Some(case))),
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
        view.children(top)
            .filter(|child| match view.rel(*child) {
                Deprel::Acl => {
                    view.xpos(*child) == Xpos::Vbn
                        || (view.xpos(*child) == Xpos::Vbg && view.child(*child, &[Deprel::AuxPass, Deprel::Aux]).is_some())
                }
                Deprel::AclRelcl => view.logical_object(*child) == Some(top),
                _ => false,
            })
            .find_map(|verb| try_verb(verb, None))
    }

    /// What a verb does with a noun of the frame, if it carries such nouns.
    fn carries(&self, verb: u32, preposition: Option<&str>, frame: &Frame) -> Option<Support> {
        let view = self.view;
        let lemma = view.lemma(verb);
        for light in &frame.light {
            let mut words = light.split(' ');
            if words.next() == Some(lemma) {
                let rest: Vec<Box<str>> = words.map(Into::into).collect();
                if go_with(view, verb, &rest) && preposition.is_none_or(|case| rest.iter().any(|word| **word == *case)) {
                    // What the verb makes of any noun ("plans a visit") holds for this one too.
                    let general = self.lexicon.support(lemma).iter().find(|(trigger, _)| trigger.others == rest);
                    return Some(match general {
                        Some((_, effect @ (Support::Plans | Support::Cancels))) => *effect,
                        _ => Support::Does,
                    });
                }
            }
        }
        let rows = self.lexicon.support(lemma);
        let fitting = rows.iter().filter(|(trigger, _)| {
            preposition.is_none_or(|case| trigger.others.iter().any(|word| **word == *case))
                && go_with(view, verb, &trigger.others)
        });
        fitting.max_by_key(|(trigger, _)| trigger.others.len()).map(|(_, effect)| *effect)
    }

    fn carried_status(&self, noun: u32, carrier: Carrier, statuses: &Statuses<'_>) -> EventStatus {
        use chancery_lexicon::patterns::Embedding;
        let verb = statuses.of_verb(carrier.verb);
        let status = match carrier.effect {
            Support::Plans => under(Embedding::Planned, verb),
            Support::Cancels => under(Embedding::Negated, verb),
            _ => verb,
        };
        if statuses.is_none(noun) && !statuses.is_negated(carrier.verb) {
            return under(Embedding::Negated, status);
        }
        match statuses.of_noun_words(noun) {
            Some(words) if status == EventStatus::Occurred && carrier.effect == Support::Does => words,
            _ => status,
        }
    }

    /// The actors of the two sides.
    fn sides(&self, site: Site, frame: &Frame, carrier: Option<Carrier>, sentence: &Range<u32>) -> (Vec<Actor>, Vec<Actor>) {
        let view = self.view;
        let (mut source, mut target) = (Vec::new(), Vec::new());
        let subject = Slot { steps: vec![Step::Nsubj], strict: false };
        match carrier {
            Some(Carrier { effect: Support::Undergoes, .. }) => {
                actors_in(view, site, &subject, true, &[], &mut target);
                for slot in frame.source.iter().filter(|slot| !slot.starts_with(&Step::Nsubj)) {
                    if source.is_empty() {
                        actors_in(view, site, slot, false, &target, &mut source);
                    }
                }
                if source.is_empty() {
                    let from = Slot { steps: vec![Step::Prep("from".into())], strict: false };
                    actors_in(view, site, &from, false, &target, &mut source);
                }
                return (source, target);
            }
            Some(_) => {
                // The noun's own owner comes before the verb's subject ("announced Japan's visit"), a nationality after it.
                let (near, far): (Vec<&Slot>, Vec<&Slot>) = frame.source.iter().partition(|slot| !slot.starts_with(&Step::Adj));
                let order = near.into_iter().chain(std::iter::once(&subject)).chain(far);
                for slot in order {
                    if source.is_empty() && !self.is_targets(slot, frame) {
                        actors_in(view, site, slot, false, &[], &mut source);
                    }
                }
            }
            None => {
                for slot in &frame.source {
                    if source.is_empty() {
                        actors_in(view, site, slot, false, &[], &mut source);
                    }
                }
            }
        }
        if source.is_empty() && frame.kind == FrameKind::Verb && frame.source.iter().any(|slot| slot.starts_with(&Step::Nsubj)) {
            self.nearest_before(site.head, sentence, &mut source);
        }
        self.targets(site, frame, &source, &mut target);
        if target.is_empty() && site.verbal && !source.is_empty() {
            // "Seoul said Tokyo had waited and praised Tokyo": nobody praises himself, so the subject is that of the verb above.
            let mut own = Vec::new();
            self.targets(site, frame, &[], &mut own);
            let itself = !own.is_empty() && own.iter().all(|actor| source.iter().any(|other| other.entity == actor.entity));
            if itself && let Some(above) = self.subject_above(site.head) {
                let mut other = Vec::new();
                actors_at(view, above, false, &mut other);
                other.retain(|actor| !is_place(view.doc, *actor) && !own.iter().any(|known| known.entity == actor.entity));
                if !other.is_empty() {
                    return (other, own);
                }
            }
        }
        (source, target)
    }

    fn targets(&self, site: Site, frame: &Frame, source: &[Actor], target: &mut Vec<Actor>) {
        for slot in &frame.target {
            if target.is_empty() {
                actors_in(self.view, site, slot, true, source, target);
            }
        }
    }

    /// The subject of the verb of saying above a verb that the parse co-ordinated with what is said.
    fn subject_above(&self, verb: u32) -> Option<u32> {
        let view = self.view;
        let mut here = verb;
        let mut joined = false;
        for _ in 0..4 {
            let head = view.head(here)?;
            match view.rel(here) {
                Deprel::Conj => joined = true,
                Deprel::Ccomp | Deprel::Parataxis if joined => return view.surface_subject(head),
                Deprel::Xcomp => {}
                _ => return None,
            }
            here = head;
        }
        None
    }

    /// Whether a slot of the source is one of the target's as well ("of" in "the invasion of Kuwait" under a light verb).
    fn is_targets(&self, slot: &Slot, frame: &Frame) -> bool {
        frame.target.contains(slot)
    }

    /// Where the parse gives a finite verb no subject: the name right before it.
    fn nearest_before(&self, verb: u32, sentence: &Range<u32>, out: &mut Vec<Actor>) {
        let view = self.view;
        let finite = matches!(view.xpos(verb), Xpos::Vbd | Xpos::Vbz | Xpos::Vbp);
        if !finite
            || view.is_passive(verb)
            || view.child(verb, &[Deprel::Nsubj, Deprel::NsubjPass, Deprel::Csubj, Deprel::Expl]).is_some()
        {
            return;
        }
        if view.surface_subject(verb).is_some() {
            return;
        }
        for back in (sentence.start..verb).rev().take(10) {
            if view.is_verb(back) || matches!(view.upos(back), Upos::Sconj | Upos::Cconj) {
                return;
            }
            if view.mentions.at_head(back).is_some() {
                let free =
                    !view.children(back).any(|child| view.rel(child) == Deprel::Case) && view.rel(back) != Deprel::NmodPoss;
                if free {
                    actors_at(view, back, true, out);
                    out.retain(|actor| !is_place(view.doc, *actor));
                }
                return;
            }
        }
    }

    /// Whether the sides are there without which the frame tells no event.
    pub(super) fn is_whole(&self, pattern: &Pattern, frame: &Frame, site: Site, source: &[Actor], target: &[Actor]) -> bool {
        use chancery_model::EventType as T;
        let doc = self.view.doc;
        let (has_source, has_target) = (!source.is_empty(), !target.is_empty());
        if !source.iter().chain(target).any(|actor| is_known(doc, *actor)) {
            return false;
        }
        let symmetrical = has_source && (has_target || source.len() > 1);
        match frame.needs {
            Needs::Source => has_source,
            Needs::Target => has_target,
            Needs::Both if frame.symmetrical => symmetrical,
            Needs::Both => has_source && has_target,
            Needs::Any => has_source || has_target,
            // "France agreed" alone tells nothing; what it agreed to does (see `compose`).
            Needs::Usual if frame.symmetrical => {
                let to_do = || site.joined || clause_under(self.view, site.head, &Step::Xcomp).is_some();
                symmetrical || (has_source && pattern.code.r#type == T::Agree && to_do())
            }
            Needs::Usual if frame.kind == FrameKind::Noun && site.light.is_none() && !frame.target.is_empty() => {
                has_source && has_target
            }
            Needs::Usual => {
                let told_without_doer = site.verbal && self.view.is_passive(site.head) && has_target;
                has_source || told_without_doer
            }
        }
    }
}
