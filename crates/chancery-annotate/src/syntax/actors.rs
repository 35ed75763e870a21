//! From a token to the actors that stand there: names, descriptions, pronouns, the owners of things.

use chancery_lexicon::patterns::ActorClass;
use chancery_model::{Actor, Deprel, Document, Entity, EntityIx, EntityType, MentionKind, MentionType, TokenIx, Upos, Xpos};

use super::View;

/// Which mention stands at a token.
#[derive(Debug, Default)]
pub(crate) struct MentionIndex {
    /// By head token: number of the mention plus one.
    head: Vec<u32>,
    /// By any token: the longest mention that covers it, plus one.
    cover: Vec<u32>,
}

impl MentionIndex {
    /// Fills the index for a document.
    pub(crate) fn build(&mut self, doc: &Document) {
        for column in [&mut self.head, &mut self.cover] {
            column.clear();
            column.resize(doc.tokens.len(), 0);
        }
        for (number, mention) in doc.mentions.iter().enumerate() {
            let Some(entity) = mention.entity else { continue };
            if !can_act(doc.entity(entity)) {
                continue;
            }
            let longer = |old: u32| old == 0 || doc.mentions[old as usize - 1].tokens.len() < mention.tokens.len();
            if let Some(slot) = self.head.get_mut(mention.head_token.ix())
                && longer(*slot)
            {
                *slot = number as u32 + 1;
            }
            for token in mention.tokens.iter() {
                if let Some(slot) = self.cover.get_mut(token.ix())
                    && longer(*slot)
                {
                    *slot = number as u32 + 1;
                }
            }
        }
    }

    /// The mention whose head the token is.
    pub(crate) fn at_head(&self, token: u32) -> Option<u32> {
        self.head.get(token as usize).copied()?.checked_sub(1)
    }

    /// The longest mention that covers the token.
    pub(crate) fn covering(&self, token: u32) -> Option<u32> {
        self.cover.get(token as usize).copied()?.checked_sub(1)
    }

    /// Whether an actor stands at the token or right below it.
    pub(crate) fn near(&self, view: View<'_>, token: u32) -> bool {
        self.covering(token).is_some() || view.children(token).any(|child| self.covering(child).is_some())
    }
}

/// Whether an entity can be a side of an event at all.
fn can_act(entity: &Entity) -> bool {
    match entity.r#type {
        EntityType::Person | EntityType::Organization | EntityType::Country | EntityType::Group => true,
        EntityType::Place => entity.country.is_some(),
        EntityType::Agreement => false,
    }
}

/// Prepositions that join a thing to its owner.
const OWNING: [&str; 3] = ["of", "by", "from"];

/// Adds the actors that stand at a token and what is co-ordinated with it.
pub(crate) fn actors_at(view: View<'_>, token: u32, strict: bool, out: &mut Vec<Actor>) {
    let before = out.len();
    for one in view.coordinated(token).take(12) {
        // "Putin's spokesman and …" is co-ordination of the owned; a clause is none.
        if one != token && view.is_verb(one) {
            continue;
        }
        single(view, one, strict, 0, out);
    }
    // Co-ordination that the parse hung deeper ("Russia, Iran and China" as a chain of three).
    if out.len() > before {
        for one in view.coordinated(token).skip(1).take(12) {
            for further in view.coordinated(one).skip(1).take(12) {
                if !view.is_verb(further) {
                    single(view, further, strict, 0, out);
                }
            }
        }
    }
}

/// Adds the actor that stands at one token.
fn single(view: View<'_>, token: u32, strict: bool, depth: u32, out: &mut Vec<Actor>) {
    if depth > 3 {
        return;
    }
    if let Some(mention) = view.mentions.at_head(token).or_else(|| covering_name(view, token)) {
        let mention = &view.doc.mentions[mention as usize];
        if let Some(entity) = mention.entity {
            push(view.doc, entity, mention.span, out);
            return;
        }
    }
    match view.upos(token) {
        Upos::Pron => {
            let antecedent = view.antecedent(token);
            if antecedent != token {
                return single(view, antecedent, strict, depth + 1, out);
            }
            if let Some(speaker) = first_person(view, token) {
                push(view.doc, speaker, view.doc.tokens.span[token as usize], out);
                return;
            }
        }
        Upos::Verb | Upos::Aux | Upos::Adv | Upos::Adp => return,
        _ => {}
    }
    if strict {
        return;
    }
    let before = out.len();
    // The owner: "Canada's decision", "the Russian invasion", "the port, Odesa", "the army of Mali", "dozens of troops".
    for relations in
        [&[Deprel::NmodPoss][..], &[Deprel::Amod, Deprel::Compound, Deprel::NmodDesc, Deprel::Flat], &[Deprel::Appos]]
    {
        for child in view.children(token).filter(|child| relations.contains(&view.rel(*child))) {
            if relations[0] == Deprel::Amod && view.mentions.covering(child).is_none() {
                continue;
            }
            for one in view.coordinated(child).take(8) {
                single(view, one, relations[0] == Deprel::Amod, depth + 1, out);
            }
            if out.len() > before {
                return;
            }
        }
    }
    for preposition in OWNING {
        for child in view.with_preposition(token, preposition) {
            for one in view.coordinated(child).take(8) {
                single(view, one, false, depth + 1, out);
            }
            if out.len() > before {
                return;
            }
        }
    }
}

/// A name that covers the token where the parse took another of its words for the head.
fn covering_name(view: View<'_>, token: u32) -> Option<u32> {
    let number = view.mentions.covering(token)?;
    let mention = &view.doc.mentions[number as usize];
    let top = view.head(token).is_none_or(|head| !mention.tokens.holds(TokenIx(head)));
    (top && (mention.kind == MentionKind::Name || mention.r#type == MentionType::Group)).then_some(number)
}

/// Whom `I`, `we`, `us` inside a quotation stand for: its speaker.
fn first_person(view: View<'_>, token: u32) -> Option<EntityIx> {
    if !matches!(view.xpos(token), Xpos::Prp | Xpos::PrpPoss) || !matches!(view.lemma(token), "I" | "we" | "i" | "our" | "my") {
        return None;
    }
    let at = view.doc.tokens.span[token as usize];
    let quote = view.doc.quotes.iter().filter(|quote| quote.span.contains(at)).min_by_key(|quote| quote.span.len())?;
    quote.speaker_entity.filter(|speaker| can_act(view.doc.entity(*speaker)))
}

/// Adds an entity, or the members of a group that names them.
fn push(doc: &Document, entity: EntityIx, span: chancery_model::Span, out: &mut Vec<Actor>) {
    let found = doc.entity(entity);
    if found.r#type == EntityType::Group && !found.members.is_empty() {
        for member in &found.members {
            if !out.iter().any(|known| known.entity == *member) {
                out.push(Actor { entity: *member, span });
            }
        }
        return;
    }
    if !out.iter().any(|known| known.entity == entity) {
        out.push(Actor { entity, span });
    }
}

/// Whether an actor is only a place, which can suffer an event but not do one.
pub(crate) fn is_place(doc: &Document, actor: Actor) -> bool {
    doc.entity(actor.entity).r#type == EntityType::Place
}

/// Whether anything is known of the actor that a dataset can use.
pub(crate) fn is_known(doc: &Document, actor: Actor) -> bool {
    let entity = doc.entity(actor.entity);
    entity.country.is_some() || (!entity.is_anonymous() && !entity.code.is_empty())
}

/// Whether an actor is of a kind that a condition names; `other` is the source where the question is about the target.
pub(crate) fn is_of(doc: &Document, actor: Actor, class: ActorClass, other: Option<Actor>) -> bool {
    let entity = doc.entity(actor.entity);
    let sectors = |wanted: &[&str]| {
        let code = entity.code.as_str();
        let rest = code.get(3..).unwrap_or_default();
        wanted.iter().any(|sector| rest.as_bytes().chunks(3).any(|part| part == sector.as_bytes()) || code == *sector)
    };
    match class {
        ActorClass::Actor => true,
        ActorClass::Country => entity.r#type == EntityType::Country,
        ActorClass::Person => entity.r#type == EntityType::Person,
        ActorClass::Organization => entity.r#type == EntityType::Organization,
        ActorClass::Group => entity.r#type == EntityType::Group,
        ActorClass::Place => entity.r#type == EntityType::Place,
        ActorClass::State => entity.r#type == EntityType::Country || sectors(&["GOV", "MIL", "COP", "JUD", "LEG", "SPY"]),
        ActorClass::Armed => sectors(&["MIL", "COP", "REB", "UAF", "PRM", "SPY"]) || entity.r#type == EntityType::Country,
        ActorClass::Rebel => sectors(&["REB", "UAF", "PRM"]),
        ActorClass::Civilian => sectors(&["CVL", "REF", "EDU", "LAB", "MED", "AGR"]),
        ActorClass::Journalist => sectors(&["JRN"]),
        ActorClass::Foreign => {
            let home = other.and_then(|other| doc.entity(other.entity).country);
            entity.country.is_some() && entity.country != home
        }
    }
}
