//! Who and what the text names or describes, and what of it is the same: the `mentions` and `entities` layers.
//!
//! Names are found by lexicons, by structure and by a trained model (`names`); capitals are told from governments (`metonymy`); role
//! nouns are titles, appositions or descriptions (`describe`); then all of them are resolved within the document (`resolve`), and
//! pronouns last (`pronouns`).
//!
//! # Invariants
//! - Mentions are sorted by start, then end; entities by their first mention; every entity has one.
//! - Time is linear in the text but for the resolution of people, which looks back a bounded number of mentions.
//!
//! # Not here
//! Coordinates: `places` gives them to every geographic name. Treaties' parties: `agreements`.

pub mod describe;
pub mod draft;
mod metonymy;
pub mod names;
mod pronouns;
mod resolve;
pub mod scan;
mod settings;
pub mod tagger;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use chancery_lexicon::World;
use chancery_lexicon::names::SenseKind;
use chancery_lexicon::user::Extra;
use chancery_model::{
    Annotator, Document, Entity, EntityIx, Mention, MentionIx, MentionKind, MentionType, Reject, Span, TokenRange,
};
use chancery_settings::Fault;

use crate::Entry;
use draft::Draft;
use names::{Finder, Name, What};
use scan::Scan;
use settings::EntitySettings;
use tagger::Tagger;

/// `use: entities`.
pub const ENTRY: Entry = Entry {
    name: "entities",
    summary: "People, organizations, countries and places by name, role or pronoun, and what of it is the same",
    needs: &["sentences", "tokens"],
    uses: &[],
    gives: &["mentions", "entities"],
    example: "{ descriptions: true, metonyms: true }",
    schema: || schemars::schema_for!(EntitySettings),
    build: |settings, context| {
        let read = settings.read::<EntitySettings>()?;
        let world = if read.lexicons.is_empty() {
            context.knowledge.world()
        } else {
            let mut extra = Extra::default();
            let mut faults = Vec::new();
            for file in &read.lexicons {
                let path = context.base.join(file);
                let result = std::fs::read_to_string(&path).map_err(|error| error.to_string());
                let result = result.and_then(|text| extra.read(file, &text).map_err(|error| error.to_string()));
                if let Err(message) = result {
                    faults.push(Fault::new("entities::lexicon", settings.at("lexicons"), format!("`{file}`: {message}")));
                }
            }
            if !faults.is_empty() {
                return Err(faults);
            }
            Arc::new(World::with(extra, context.knowledge.gazetteer()))
        };
        Ok(Box::new(Entities { settings: read, world, tagger: tagger() }))
    },
};

/// The model, decoded once.
fn tagger() -> Arc<Tagger> {
    static TAGGER: OnceLock<Arc<Tagger>> = OnceLock::new();
    TAGGER.get_or_init(|| Arc::new(Tagger::built_in())).clone()
}

/// The stage.
pub struct Entities {
    settings: EntitySettings,
    world: Arc<World>,
    tagger: Arc<Tagger>,
}

impl Entities {
    /// The stage with these lexicons and its default settings, for evaluations.
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self { settings: EntitySettings::default(), world, tagger: tagger() }
    }

    /// The names of a document, before anything is resolved.
    #[must_use]
    pub fn names(&self, doc: &Document) -> Vec<Name> {
        let scan = Scan::of(doc, &self.world);
        let marked = self.tagger.mark(doc, &scan);
        Finder::new(doc, &scan, &self.world, self.settings.longest_tokens as usize).find(&marked)
    }
}

impl Annotator for Entities {
    fn annotate(&self, doc: &mut Document) -> Result<(), Reject> {
        let world = &*self.world;
        let scan = Scan::of(doc, world);
        let marked = self.tagger.mark(doc, &scan);
        let finder = Finder::new(doc, &scan, world, self.settings.longest_tokens as usize);
        let main = finder.main_country();
        let names = finder.find(&marked);
        let mut drafts = self.name_drafts(doc, &names);
        brackets(doc, &mut drafts);
        owners(doc, &scan, &mut drafts);
        describe::describe(doc, &scan, world, &mut drafts, self.settings.descriptions);
        sort(&mut drafts);
        let mut resolved = resolve::resolve(doc, world, &mut drafts, main);
        if self.settings.pronouns {
            pronouns::add(doc, &mut drafts, &mut resolved);
        }
        write(doc, drafts, resolved);
        Ok(())
    }
}

impl Entities {
    fn name_drafts(&self, doc: &Document, names: &[Name]) -> Vec<Draft> {
        names
            .iter()
            .map(|name| {
                let mut what = name.what;
                let r#type = match what {
                    What::Country(_) => MentionType::Country,
                    What::Nationality(_) | What::RegionAdjective(_) => MentionType::Nationality,
                    What::Capital(_) | What::Seat(_) => {
                        if self.settings.metonyms && self.stands_for_state(doc, name) {
                            MentionType::Country
                        } else {
                            MentionType::Place
                        }
                    }
                    What::Region(_) | What::Place(_) | What::NewPlace => MentionType::Place,
                    What::Organization(_) | What::Ministry(_) | What::NewOrganization(_) => MentionType::Organization,
                    What::Person(_) | What::NewPerson => MentionType::Person,
                    What::Agreement | What::AgreementBody(_) => MentionType::Agreement,
                    What::Nothing => MentionType::Group,
                };
                if r#type == MentionType::Nationality && matches!(what, What::Nationality(_)) && doc.slice(name.span).is_empty() {
                    what = What::Nothing;
                }
                Draft::new(doc, name.tokens, name.span, MentionKind::Name, r#type, what)
            })
            .collect()
    }

    /// Whether a capital or seat stands for its state here. A seat ("the Kremlin") does unless one is in it.
    fn stands_for_state(&self, doc: &Document, name: &Name) -> bool {
        match name.what {
            What::Seat(_) => {
                let before = name.tokens.start.ix().checked_sub(1).map(|at| doc.tokens.span[at].slice(&doc.text));
                let before = match before {
                    Some("the" | "The") => name.tokens.start.ix().checked_sub(2).map(|at| doc.tokens.span[at].slice(&doc.text)),
                    other => other,
                };
                !before.is_some_and(|word| {
                    matches!(word, "in" | "at" | "near" | "outside" | "inside" | "around" | "In" | "At" | "Near" | "Outside")
                })
            }
            _ => metonymy::is_government(doc, &self.world, name.tokens),
        }
    }
}

/// An acronym in brackets after a full name is that name's: "Foreign Press Center Japan (FPCJ)".
fn brackets(doc: &Document, drafts: &mut Vec<Draft>) {
    let mut unseen = Vec::new();
    for (at, before) in drafts.iter().enumerate() {
        // The acronym that no lexicon and no model knows: what stands in the brackets is no name of its own yet.
        let open = before.tokens.end.ix();
        let is = |token: usize, form: &str| doc.tokens.span.get(token).is_some_and(|span| span.slice(&doc.text) == form);
        let free = drafts.get(at + 1).is_none_or(|next| next.tokens.start.ix() > open + 1);
        if free
            && is(open, "(")
            && is(open + 2, ")")
            && resolve::acronym_of(doc.slice(before.head)).is_some_and(|acronym| is(open + 1, &acronym))
        {
            let tokens = TokenRange::new(open as u32 + 1, open as u32 + 2);
            unseen.push(Draft::new(doc, tokens, doc.tokens.span[open + 1], MentionKind::Name, before.r#type, before.what));
        }
    }
    if !unseen.is_empty() {
        drafts.append(&mut unseen);
        sort(drafts);
    }
    for at in 1..drafts.len() {
        let (before, here) = (&drafts[at - 1], &drafts[at]);
        let open = before.tokens.end.ix();
        if here.tokens.start.ix() == open + 1
            && here.tokens.len() == 1
            && doc.tokens.span[open].slice(&doc.text) == "("
            && matches!(
                before.what,
                What::NewOrganization(_) | What::NewPlace | What::NewPerson | What::Organization(_) | What::Agreement
            )
            && resolve::acronym_of(doc.slice(before.head)).is_some_and(|acronym| acronym == doc.slice(here.head))
        {
            let (what, r#type) = match before.what {
                What::NewPlace | What::NewPerson => (What::NewOrganization(None), MentionType::Organization),
                other => (other, before.r#type),
            };
            for draft in &mut drafts[at - 1..=at] {
                (draft.what, draft.r#type) = (what, r#type);
            }
        }
    }
}

/// Ties bodies to the country that the words before them name: "Japan's Foreign Ministry", "the German company X", "Tokyo's X University".
fn owners(doc: &Document, scan: &Scan, drafts: &mut [Draft]) {
    for at in 0..drafts.len() {
        if !matches!(drafts[at].what, What::Ministry(_) | What::NewOrganization(_)) {
            continue;
        }
        let tokens = drafts[at].tokens;
        let country = |what: What| match what {
            What::Country(row) | What::Nationality(row) | What::Capital(row) => Some(row),
            _ => None,
        };
        let near = at.checked_sub(1).and_then(|before| {
            let before = &drafts[before];
            let gap = tokens.start.ix().checked_sub(before.tokens.end.ix())?;
            let joined = gap == 0
                || gap <= 3 && doc.tokens.span[before.tokens.end.ix()].slice(&doc.text).trim_start_matches(['\'', '’']) == "s"
                || gap <= 2
                    && (before.tokens.end.ix()..tokens.start.ix())
                        .all(|token| matches!(doc.tokens.upos[token], chancery_model::Upos::Noun | chancery_model::Upos::Adj));
            if joined { country(before.what) } else { None }
        });
        // "the Ministry of Defence of Ukraine", "X University in Japan"
        let after = drafts.get(at + 1).and_then(|after| {
            let gap = after.tokens.start.ix().checked_sub(tokens.end.ix())?;
            let word = doc.tokens.span[tokens.end.ix()].slice(&doc.text);
            if gap == 1 && matches!(word, "of" | "in") { country(after.what) } else { None }
        });
        // "U.S. Embassy": the name itself says it.
        let first = scan.names.partition_point(|hit| hit.tokens.start < tokens.start);
        let own = scan.names[first..].iter().take_while(|hit| hit.tokens.end <= tokens.end).find_map(|hit| {
            hit.found.senses().find(|sense| {
                matches!(sense.kind, SenseKind::Country | SenseKind::CountryShort | SenseKind::Adjective | SenseKind::Capital)
            })
        });
        drafts[at].country = near.or(after).or(own.map(|sense| sense.row));
    }
    // "X of the Y Institute", "X from Y": who someone speaks for.
    for at in 1..drafts.len() {
        let (person, body) = (at - 1, at);
        if !describe::is_person(&drafts[person])
            || drafts[body].r#type != MentionType::Organization
            || drafts[body].kind != MentionKind::Name
        {
            continue;
        }
        let between = drafts[person].tokens.end.ix()..drafts[body].tokens.start.ix();
        let mut words = between.clone().map(|token| doc.tokens.span[token].slice(&doc.text));
        let joined = (1..=2).contains(&between.len())
            && words.next().is_some_and(|word| matches!(word, "of" | "at" | "from" | "with"))
            && words.next().is_none_or(|word| word == "the");
        if joined {
            drafts[person].office.body = drafts[person].office.body.or(Some(body));
        }
    }
    // "X, who studies law at Y": the body of the clause about someone.
    for person in 0..drafts.len() {
        let end = drafts[person].tokens.end.ix();
        let word = |at: usize| doc.tokens.span.get(at).map_or("", |span| span.slice(&doc.text));
        if !describe::is_person(&drafts[person])
            || drafts[person].office.body.is_some()
            || word(end) != ","
            || word(end + 1) != "who"
        {
            continue;
        }
        let close = (end + 2..(end + 24).min(doc.tokens.len()))
            .find(|at| matches!(word(*at), "," | "." | ";" | "\"" | "”"))
            .unwrap_or(end + 24);
        let body = (person + 1..drafts.len()).take_while(|at| drafts[*at].tokens.end.ix() <= close).find(|at| {
            let start = drafts[*at].tokens.start.ix();
            let before = if word(start - 1) == "the" { start.saturating_sub(2) } else { start - 1 };
            drafts[*at].r#type == MentionType::Organization
                && (matches!(word(before), "at" | "for" | "with" | "heads" | "leads" | "runs" | "chairs" | "founded" | "of")
                    || drafts[*at].country.is_some())
        });
        drafts[person].office.body = body;
    }
}

fn sort(drafts: &mut Vec<Draft>) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|at| (drafts[*at].span.start, drafts[*at].span.end, *at));
    let mut place = vec![0; drafts.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    for draft in drafts.iter_mut() {
        draft.same_as = draft.same_as.map(|at| place[at]);
        draft.office.body = draft.office.body.map(|at| place[at]);
    }
    let mut sorted = Vec::with_capacity(drafts.len());
    let mut old: Vec<Option<Draft>> = std::mem::take(drafts).into_iter().map(Some).collect();
    for at in order {
        sorted.extend(old[at].take());
    }
    *drafts = sorted;
}

/// Writes the layers: mentions by place, entities by their first mention.
fn write(doc: &mut Document, drafts: Vec<Draft>, resolved: resolve::Resolved) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|at| (drafts[*at].span.start, drafts[*at].span.end, *at));
    let mut number: Vec<Option<u32>> = vec![None; resolved.entities.len()];
    let mut entities: Vec<Entity> = Vec::new();
    let mut mentions = Vec::with_capacity(drafts.len());
    let mut last: Option<(Span, Option<u32>)> = None;
    for at in order {
        let draft = &drafts[at];
        let entity = resolved.of[at];
        // Two rules may find the same words for the same entity.
        if last == Some((draft.span, entity)) {
            continue;
        }
        last = Some((draft.span, entity));
        let entity = entity.map(|entity| {
            let build = &resolved.entities[entity as usize];
            let ix = *number[entity as usize].get_or_insert_with(|| {
                entities.push(Entity {
                    key: build.key.clone(),
                    name: build.name.clone(),
                    r#type: build.r#type,
                    country: build.country,
                    code: build.code.clone(),
                    role: build.role.clone(),
                    status: build.status,
                    organization: build.organization.clone(),
                    wikidata: String::new(),
                    members: Vec::new(),
                    mentions: 0,
                    first: MentionIx::at(mentions.len()),
                });
                entities.len() as u32 - 1
            });
            entities[ix as usize].mentions += 1;
            EntityIx(ix)
        });
        mentions.push(Mention {
            span: draft.span,
            head: draft.head,
            tokens: TokenRange::new(draft.tokens.start.0, draft.tokens.end.0),
            head_token: draft.head_token(&doc.tokens),
            sentence: draft.sentence(doc),
            kind: draft.kind,
            r#type: draft.r#type,
            entity,
        });
    }
    // Unnamed people are numbered in the order of the text.
    let mut count = 0;
    for entity in &mut entities {
        if let chancery_model::EntityKey::Anonymous(number) = &mut entity.key {
            count += 1;
            *number = count;
        }
    }
    doc.mentions = mentions;
    doc.entities = entities;
}
