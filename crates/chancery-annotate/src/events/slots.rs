//! Slots and conditions: what stands where beside a trigger.

use chancery_lexicon::patterns::{Condition, On, Slot, Step, Test, Trigger, WordClasses};
use chancery_model::{Actor, Deprel, EntityType, Upos};

use crate::syntax::View;
use crate::syntax::{actors_at, is_of, is_place};

/// A trigger at work: its word, and the light verb that carries it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// The trigger's head word.
    pub head: u32,
    /// Whether that is a verb (or a predicate adjective), with a subject of its own.
    pub verbal: bool,
    /// The verb that carries a noun.
    pub light: Option<u32>,
    /// An event inside was found and joined with it.
    pub joined: bool,
}

impl Site {
    fn verbal_passive(self, view: View<'_>) -> bool {
        view.is_passive(self.light.unwrap_or(self.head))
    }
}

/// Adds the tokens that stand in a slot.
pub(super) fn tokens_in(view: View<'_>, site: Site, slot: &Slot, out: &mut Vec<u32>) {
    let (last, way) = match slot.steps.split_last() {
        Some(parts) => parts,
        None => return,
    };
    let mut here = site;
    for step in way {
        let mut found = Vec::new();
        step_from(view, here, step, true, &mut found);
        let Some(&next) = found.first() else { return };
        here = Site { head: next, verbal: view.is_verb(next), light: None, joined: false };
    }
    step_from(view, here, last, !way.is_empty(), out);
}

fn step_from(view: View<'_>, site: Site, step: &Step, on_the_way: bool, out: &mut Vec<u32>) {
    let at = site.head;
    match step {
        Step::Nsubj => {
            let verb = site.light.or(site.verbal.then_some(at));
            out.extend(verb.and_then(|verb| view.logical_subject(verb)));
        }
        Step::Obj if site.verbal => out.extend(view.logical_object(at)),
        Step::Obj => {}
        Step::Iobj => out.extend(site.light.or(site.verbal.then_some(at)).and_then(|verb| view.indirect_object(verb))),
        Step::Poss => out.extend(view.child(at, &[Deprel::NmodPoss]).map(|owner| view.antecedent(owner))),
        Step::Adj => {
            let before = view.children(at).filter(|child| {
                *child < at
                    && matches!(
                        view.rel(*child),
                        Deprel::Amod | Deprel::Compound | Deprel::NmodDesc | Deprel::Nmod | Deprel::NmodUnmarked | Deprel::Flat
                    )
                    && view.mentions.covering(*child).is_some()
            });
            out.extend(before);
        }
        Step::Between => {
            for preposition in ["between", "among"] {
                out.extend(view.with_preposition(at, preposition));
                if let Some(verb) = site.light {
                    out.extend(view.with_preposition(verb, preposition));
                }
            }
        }
        Step::Xcomp | Step::Ccomp | Step::Advcl => {
            let Some(clause) = clause_under(view, at, step) else { return };
            if on_the_way {
                out.push(clause);
            } else if let Some(subject) =
                view.logical_subject(clause).or_else(|| view.is_passive(clause).then(|| view.surface_subject(clause)).flatten())
                && !(site.verbal && view.surface_subject(at) == Some(subject))
            {
                out.push(subject);
            }
        }
        Step::Prep(word) => {
            prepositional(view, at, word, out);
            if let Some(verb) = site.light {
                prepositional(view, verb, word, out);
            } else if site.verbal && out.is_empty() {
                // The parse often hangs the verb's phrase on its object: "imposed sanctions on Belarus".
                if let Some(object) = view.child(at, &[Deprel::Obj]) {
                    out.extend(
                        view.with_preposition(object, word_of(word))
                            .filter(|token| !matches!(word.as_ref(), "of") || *token > object),
                    );
                }
            }
        }
    }
}

/// The same word, borrowed for as long as the text of the slots is.
fn word_of(word: &str) -> &'static str {
    chancery_lexicon::patterns::PREPOSITIONS.binary_search(&word).map_or("", |at| chancery_lexicon::patterns::PREPOSITIONS[at])
}

fn prepositional(view: View<'_>, at: u32, word: &str, out: &mut Vec<u32>) {
    let word = word_of(word);
    out.extend(view.with_preposition(at, word).map(|token| view.antecedent(token)));
    if !out.is_empty() {
        return;
    }
    // A participle between: "sanctions imposed on Iran", "an attack aimed at Israel".
    for child in view.children(at).filter(|child| view.rel(*child) == Deprel::Acl && !view.is_infinitive(*child)) {
        out.extend(view.with_preposition(child, word).map(|token| view.antecedent(token)));
    }
    // A preposition left behind: "a country that Japan wants to work with".
    if out.is_empty() && view.is_verb(at) {
        let stranded = view.children(at).any(|child| {
            view.lemma(child) == word
                && matches!(view.upos(child), Upos::Adp)
                && !view.children(child).any(|_| true)
                && matches!(view.rel(child), Deprel::Obl | Deprel::Advmod | Deprel::CompoundPrt | Deprel::Case | Deprel::Dep)
        });
        if stranded {
            let mut here = at;
            for _ in 0..6 {
                if view.rel(here) == Deprel::AclRelcl {
                    out.extend(view.head(here));
                    return;
                }
                match view.head(here) {
                    Some(head) if view.is_verb(here) => here = head,
                    _ => return,
                }
            }
        }
    }
}

/// The clause that depends on a verb; what the parse calls an infinitive's relation varies.
pub(super) fn clause_under(view: View<'_>, verb: u32, step: &Step) -> Option<u32> {
    let mut children = view.children(verb).filter(|child| *child > verb);
    match step {
        Step::Xcomp => children
            .find(|child| match view.rel(*child) {
                Deprel::Xcomp => true,
                Deprel::Ccomp | Deprel::Advcl | Deprel::Acl => view.is_infinitive(*child),
                _ => false,
            })
            .or_else(|| {
                // "refused for three years to speak": an infinitive that the parse hung on a phrase between.
                let between = view
                    .children(verb)
                    .filter(|child| matches!(view.rel(*child), Deprel::Obl | Deprel::OblTmod | Deprel::OblUnmarked));
                between
                    .flat_map(|noun| view.children(noun))
                    .find(|child| view.rel(*child) == Deprel::Acl && view.is_infinitive(*child))
            }),
        Step::Ccomp => children.find(|child| matches!(view.rel(*child), Deprel::Ccomp)),
        _ => children.find(|child| matches!(view.rel(*child), Deprel::Advcl | Deprel::Acl)).or_else(|| {
            // "accused China of hacking": the parse hangs the gerund on whatever stands before it.
            let before = view.children(verb).filter(|child| {
                matches!(view.rel(*child), Deprel::Obj | Deprel::Iobj | Deprel::Obl | Deprel::OblAgent | Deprel::NsubjPass)
            });
            before.flat_map(|noun| view.children(noun)).find(|child| {
                matches!(view.rel(*child), Deprel::Acl | Deprel::Advcl)
                    && view.marks(*child).any(|mark| matches!(mark, "of" | "for" | "from" | "over" | "about"))
            })
        }),
    }
}

/// The actors in a slot, none of them in `taken`.
pub(super) fn actors_in(view: View<'_>, site: Site, slot: &Slot, places: bool, taken: &[Actor], out: &mut Vec<Actor>) {
    let mut tokens = Vec::new();
    tokens_in(view, site, slot, &mut tokens);
    for token in tokens {
        actors_at(view, token, slot.strict, out);
    }
    if out.is_empty()
        && !slot.strict
        && site.verbal
        && matches!(slot.steps.as_slice(), [Step::Obj])
        && !view.is_passive(site.head)
    {
        // The owner of the object, hung on the verb: "investigated crimes by Russia".
        for preposition in ["by", "of"] {
            for token in view.with_preposition(site.head, preposition) {
                actors_at(view, token, false, out);
            }
        }
    }
    // A capital that does something is its government, wherever the entities left it a place.
    let places = places || matches!(slot.steps.as_slice(), [Step::Nsubj]) && !site.verbal_passive(view);
    out.retain(|actor| (places || !is_place(view.doc, *actor)) && !taken.iter().any(|other| other.entity == actor.entity));
}

/// Whether a condition holds at a site.
pub(super) fn holds(
    view: View<'_>,
    classes: &WordClasses,
    site: Site,
    condition: &Condition,
    source: &[Actor],
    target: &[Actor],
) -> bool {
    let any = match &condition.on {
        On::Source => actor_test(view, condition, source, source),
        // A country is armed where it acts; as what is done to, it is a land.
        On::Target => actor_test(view, condition, target, source) && !only_lands(view, condition, target),
        On::Trigger => view
            .children(site.head)
            .filter(|child| *child < site.head)
            .any(|child| condition.tests.iter().any(|test| word_test(view, classes, child, test))),
        On::Slot(slot) => slot_test(view, classes, site, condition, slot, source),
    };
    any != condition.unless
}

fn actor_test(view: View<'_>, condition: &Condition, actors: &[Actor], source: &[Actor]) -> bool {
    condition.tests.iter().any(|test| match test {
        Test::Actor(class) => actors.iter().any(|actor| is_of(view.doc, *actor, *class, source.first().copied())),
        Test::Nothing => actors.is_empty(),
        _ => false,
    })
}

/// Whether the condition asks for armed people and all that is there are countries.
fn only_lands(view: View<'_>, condition: &Condition, target: &[Actor]) -> bool {
    use chancery_lexicon::patterns::ActorClass;
    let names = |class: ActorClass| condition.tests.contains(&Test::Actor(class));
    let lands = |actor: &Actor| matches!(view.doc.entity(actor.entity).r#type, EntityType::Country | EntityType::Place);
    let takes_lands = [ActorClass::Actor, ActorClass::Country, ActorClass::Place, ActorClass::State, ActorClass::Foreign]
        .into_iter()
        .any(names);
    names(ActorClass::Armed) && !takes_lands && target.iter().all(lands)
}

fn slot_test(view: View<'_>, classes: &WordClasses, site: Site, condition: &Condition, slot: &Slot, source: &[Actor]) -> bool {
    let clausal = matches!(slot.steps.last(), Some(Step::Xcomp | Step::Ccomp | Step::Advcl));
    if clausal && condition.tests.contains(&Test::Clause) {
        let step = slot.steps.last().unwrap_or(&Step::Xcomp);
        if slot.steps.len() == 1 && clause_under(view, site.head, step).is_some() {
            return true;
        }
    }
    let mut tokens = Vec::new();
    if clausal && slot.steps.len() == 1 {
        tokens.extend(slot.steps.last().and_then(|step| clause_under(view, site.head, step)));
    } else {
        tokens_in(view, site, slot, &mut tokens);
    }
    if tokens.is_empty() {
        return condition.tests.contains(&Test::Nothing);
    }
    for token in tokens {
        for one in view.coordinated(token).take(8) {
            for test in &condition.tests {
                let right = match test {
                    Test::Actor(class) => {
                        let mut actors = Vec::new();
                        actors_at(view, one, slot.strict, &mut actors);
                        actors.iter().any(|actor| is_of(view.doc, *actor, *class, source.first().copied()))
                    }
                    Test::Clause => view.is_verb(one),
                    Test::Nothing => false,
                    Test::Class(_) | Test::Word(_) => noun_test(view, classes, one, test),
                };
                if right {
                    return true;
                }
            }
        }
    }
    false
}

/// The word itself, or what it counts: "dozens of tanks".
fn noun_test(view: View<'_>, classes: &WordClasses, token: u32, test: &Test) -> bool {
    if word_test(view, classes, token, test) {
        return true;
    }
    let counts = classes
        .find("quantity")
        .is_some_and(|class| classes.of(view.lemma(token)).iter().any(|(of, before)| *of == class && before.is_empty()));
    counts
        && view
            .with_preposition(token, "of")
            .any(|counted| view.coordinated(counted).any(|one| word_test(view, classes, one, test)))
}

fn word_test(view: View<'_>, classes: &WordClasses, token: u32, test: &Test) -> bool {
    let lemma = view.lemma(token);
    match test {
        Test::Class(class) => classes.of(lemma).iter().any(|(of, before)| of == class && stand_before(view, token, before)),
        Test::Word(Trigger { head, others, .. }) => **head == *lemma && stand_before(view, token, others),
        _ => false,
    }
}

/// Whether the words stand before the token, as its modifiers or right there (hyphens between them left out).
pub(super) fn stand_before(view: View<'_>, token: u32, words: &[Box<str>]) -> bool {
    words.iter().all(|word| {
        let is = |at: u32| *view.lemma(at) == **word || view.form(at).eq_ignore_ascii_case(word);
        view.children(token).any(|child| child < token && is(child))
            || (1..=2 * words.len() as u32).any(|back| token >= back && is(token - back))
    })
}

/// Whether the other words of a verb's trigger depend on it.
pub(super) fn go_with(view: View<'_>, verb: u32, words: &[Box<str>]) -> bool {
    words.iter().all(|word| {
        view.children(verb).any(|child| {
            *view.lemma(child) == **word
                || view.form(child).eq_ignore_ascii_case(word)
                || view.children(child).any(|case| view.rel(case) == Deprel::Case && *view.lemma(case) == **word)
        }) || (1..=words.len() as u32).any(|on| {
            let next = verb + on;
            (next as usize) < view.doc.tokens.len()
                && view.form(next).eq_ignore_ascii_case(word)
                && view.doc.sentence_of(chancery_model::TokenIx(next)) == view.doc.sentence_of(chancery_model::TokenIx(verb))
        })
    })
}
