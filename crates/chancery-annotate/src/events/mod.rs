//! Events: who did what to whom.
//!
//! The words of a document are looked up once a lemma; where a pattern's trigger stands, the parse tells its two sides, conditions
//! are checked, and the words above tell whether it took place. Events inside events ("agreed to send") are joined, what only looks
//! like an event (sport, titles, history) is dropped, and each pair of source and target becomes a row.
//!
//! # Invariants
//! - No event without an actor of whom a country or a code is known.
//! - Events are sorted by span; one sentence tells a type between two sides once.
//! - Without a parse there are no events.
//!
//! # Not here
//! Who "the minister" is: `entities` has settled that. What the patterns are: `chancery_lexicon::patterns`.

mod code;
mod compose;
mod emit;
pub mod eval;
mod examples;
mod guards;
mod matcher;
mod settings;
mod slots;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::sync::Arc;

use chancery_lexicon::event_types::{Quads, Scales};
use chancery_lexicon::patterns::{ClassId, EventLexicon, TriggerRef};
use chancery_lexicon::petrarch_verbs;
use chancery_model::{Annotator, Document, Event, EventStatus, Reject, SentenceIx};
use chancery_settings::Fault;

use crate::syntax::{MentionIndex, Tree, View};
use crate::{Context, Entry};
pub use code::explain;
use emit::Tables;
pub use examples::{Failure, check_examples};
use matcher::{Candidate, Matcher};
pub use settings::EventSettings;
use settings::{GoldsteinTable, QuadTable, StatusName};

/// `use: events`.
pub const ENTRY: Entry = Entry {
    name: "events",
    summary: "Who did what to whom, in PLOVER's types with CAMEO codes",
    needs: &["sentences", "tokens", "mentions"],
    uses: &["quotes", "dates", "places"],
    gives: &["events"],
    example: "{ quads: manual, goldstein: gdelt, history_years: 20 }",
    schema: || schemars::schema_for!(EventSettings),
    build: |settings, context: &Context| {
        let read = settings.read::<EventSettings>()?;
        let faults = |message: String| vec![Fault::new("events::lexicons", settings.at("lexicons"), message)];
        let stage = Events::new(read, context.knowledge.events(), &context.base).map_err(faults)?;
        Ok(Box::new(stage))
    },
};

/// The stage.
pub struct Events {
    settings: EventSettings,
    lexicon: Arc<EventLexicon>,
    sport: Option<ClassId>,
}

#[derive(Default)]
struct Scratch {
    tree: Tree,
    mentions: MentionIndex,
    /// By lemma number: whether some pattern's trigger has it.
    triggers: Vec<bool>,
    candidates: Vec<Candidate>,
}

thread_local! {
    /// One set of buffers a thread, reused from document to document.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Events {
    /// The stage with these settings; files that they name are relative to `base`.
    ///
    /// # Errors
    /// What is wrong with a lexicon that the settings name.
    pub fn new(settings: EventSettings, lexicon: Arc<EventLexicon>, base: &std::path::Path) -> Result<Self, String> {
        let mut lexicon = lexicon;
        for name in &settings.lexicons {
            let path = base.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let own = &mut Arc::make_mut(&mut lexicon).patterns;
            let read = match path.extension().is_some_and(|extension| extension == "txt") {
                true => petrarch_verbs::add(name, &text, own).map(drop),
                false => own.add(name, &text),
            };
            read.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        }
        let sport = lexicon.patterns.classes.find("sport");
        Ok(Self { settings, lexicon, sport })
    }

    /// The lexicon that it works with.
    #[must_use]
    pub fn lexicon(&self) -> &EventLexicon {
        &self.lexicon
    }

    fn find(&self, doc: &Document, scratch: &mut Scratch) -> Vec<Event> {
        let Scratch { tree, mentions, triggers, candidates } = scratch;
        mentions.build(doc);
        tree.build(doc, mentions);
        triggers.clear();
        triggers.extend(doc.lemmas().iter().map(|(_, lemma)| !self.lexicon.patterns.triggers(lemma).is_empty()));
        let view = View { doc, tree, mentions };
        let matcher = Matcher { view, lexicon: &self.lexicon };
        let mut events = Vec::new();
        for number in 0..doc.sentences.len() {
            let sentence = guards::tokens_of(doc, number);
            candidates.clear();
            for token in sentence.clone() {
                let lemma = doc.tokens.lemma[token as usize];
                if triggers[lemma.ix()] {
                    let leads: &[TriggerRef] = self.lexicon.patterns.triggers(doc.lemmas().get(lemma));
                    candidates.extend(matcher.best(token, leads, &sentence));
                }
            }
            if candidates.is_empty() {
                continue;
            }
            drop_doubles(&matcher, candidates);
            compose::compose(&matcher, candidates);
            share_sides(&matcher, candidates);
            let sport = guards::is_sport(view, &self.lexicon.patterns.classes, self.sport, &sentence);
            let first = events.len();
            for candidate in candidates.iter().filter(|candidate| candidate.whole && !candidate.absorbed) {
                if sport && !guards::sport_may_tell(candidate.code.r#type) {
                    continue;
                }
                if guards::is_reporter(doc, candidate) || guards::is_in_title(view, candidate.site.head, &sentence) {
                    continue;
                }
                let when = emit::when(view, candidate, SentenceIx::at(number));
                if guards::is_history(doc, when.to, self.settings.history_years) {
                    continue;
                }
                emit::rows(&matcher, candidate, when, SentenceIx::at(number), &sentence, self.tables(), &mut events);
            }
            events.truncate(first + self.settings.longest_rows as usize);
        }
        events.retain(|event| self.keeps(event.status));
        events.sort_by_key(|event| (event.span.start, event.span.end));
        events
    }

    fn tables(&self) -> Tables {
        Tables {
            quads: match self.settings.quads {
                QuadTable::Manual => Quads::Manual,
                QuadTable::Readme => Quads::Readme,
            },
            scales: match self.settings.goldstein {
                GoldsteinTable::Gdelt => Scales::Gdelt,
                GoldsteinTable::Phoenix => Scales::Phoenix,
            },
        }
    }

    fn keeps(&self, status: EventStatus) -> bool {
        let name = match status {
            EventStatus::Occurred => StatusName::Occurred,
            EventStatus::Ongoing => StatusName::Ongoing,
            EventStatus::Planned => StatusName::Planned,
            EventStatus::Hypothetical => StatusName::Hypothetical,
            EventStatus::Negated => StatusName::Negated,
        };
        self.settings.statuses.contains(&name)
    }
}

/// Where a verb and the noun that it carries are both triggers, one of the two tells the event: the verb if its pattern names the noun.
fn drop_doubles(matcher: &Matcher<'_>, candidates: &mut Vec<Candidate>) {
    for noun in 0..candidates.len() {
        let Some(light) = candidates[noun].site.light else { continue };
        let Some(verb) = candidates.iter().position(|candidate| candidate.site.head == light && candidate.site.verbal) else {
            continue;
        };
        let (_, frame) = matcher.frame(candidates[verb].leads);
        let trigger = &frame.lemmas[candidates[verb].leads.lemma as usize];
        let names_noun = frame.conditions.iter().any(|condition| !condition.unless)
            || trigger.others.iter().any(|word| **word == *matcher.view.lemma(candidates[noun].site.head));
        // Verbs that take another event in ("announced", "threatened") are joined with it later.
        let takes_in = compose::takes_in(candidates[verb].code.r#type);
        if names_noun && candidates[verb].whole {
            candidates[noun].absorbed = true;
        } else if candidates[noun].whole && !takes_in {
            candidates[verb].absorbed = true;
        }
    }
    candidates.retain(|candidate| !candidate.absorbed);
}

/// "A and B agreed on a pact; negotiations begin soon": a noun for what both sides do, without sides of its own, has those of the last
/// such event of the sentence.
fn share_sides(matcher: &Matcher<'_>, candidates: &mut [Candidate]) {
    for later in 1..candidates.len() {
        let (before, rest) = candidates.split_at_mut(later);
        let candidate = &mut rest[0];
        if !candidate.symmetrical
            || candidate.site.verbal
            || candidate.absorbed
            || !candidate.source.is_empty()
            || !candidate.target.is_empty()
        {
            continue;
        }
        let pair = before.iter().rev().find(|earlier| earlier.symmetrical && earlier.whole && !earlier.absorbed);
        if let Some(earlier) = pair.filter(|earlier| earlier.source.len() + earlier.target.len() == 2) {
            candidate.source.clone_from(&earlier.source);
            candidate.target.clone_from(&earlier.target);
            let (pattern, frame) = matcher.frame(candidate.leads);
            candidate.whole = matcher.is_whole(pattern, frame, candidate.site, &candidate.source, &candidate.target);
        }
    }
}

impl Annotator for Events {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        if !document.is_parsed() {
            document.events.clear();
            return Ok(());
        }
        document.events = SCRATCH.with_borrow_mut(|scratch| self.find(document, scratch));
        Ok(())
    }
}
