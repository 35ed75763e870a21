//! Pronouns whose antecedent is clear.
//!
//! "he" and "she" are of the person named last who may be meant, subjects first; "they" of the unnamed person or group that spoke
//! last; "it" of the state or body that is the subject before it. Where two are equally near, nothing is said.

use chancery_model::{Deprel, Document, EntityType, MentionKind, MentionType, TokenIx, TokenRange, Upos, Xpos};

use super::draft::Draft;
use super::names::What;
use super::resolve::Resolved;

/// How many sentences back an antecedent may stand.
const REACH: u32 = 2;

/// Adds pronouns to the drafts (sorted by start), with their entities.
pub fn add(doc: &Document, drafts: &mut Vec<Draft>, resolved: &mut Resolved) {
    let tokens = &doc.tokens;
    let mut found: Vec<(Draft, u32)> = Vec::new();
    let mut before = 0;
    for (number, sentence) in doc.sentences.iter().enumerate() {
        for token in sentence.tokens.iter() {
            let at = token.ix();
            if tokens.upos[at] != Upos::Pron || !matches!(tokens.xpos[at], Xpos::Prp | Xpos::PrpPoss | Xpos::Unknown) {
                continue;
            }
            let word = Word::of(doc.form(token));
            let Some(word) = word else { continue };
            while before < drafts.len() && drafts[before].span.start < tokens.span[at].start {
                before += 1;
            }
            let antecedent = antecedent(doc, &drafts[..before], resolved, &found, number as u32, at, word);
            if let Some(entity) = antecedent {
                let range = TokenRange::new(token.0, token.0 + 1);
                let r#type = match resolved.entities[entity as usize].r#type {
                    EntityType::Person => MentionType::Person,
                    EntityType::Organization => MentionType::Organization,
                    EntityType::Country => MentionType::Country,
                    EntityType::Place => MentionType::Place,
                    EntityType::Agreement => MentionType::Agreement,
                    EntityType::Group => MentionType::Group,
                };
                let draft = Draft::new(doc, range, tokens.span[at], MentionKind::Pronoun, r#type, What::Nothing);
                found.push((draft, entity));
            }
        }
    }
    for (draft, entity) in found {
        drafts.push(draft);
        resolved.of.push(Some(entity));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    He,
    She,
    They,
    It,
}

impl Word {
    fn of(text: &str) -> Option<Self> {
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(&["he", "him", "his", "himself"]) {
            Some(Self::He)
        } else if is(&["she", "her", "hers", "herself"]) {
            Some(Self::She)
        } else if is(&["they", "them", "their", "theirs", "themselves"]) {
            Some(Self::They)
        } else if is(&["it", "its", "itself"]) {
            Some(Self::It)
        } else {
            None
        }
    }
}

fn antecedent(
    doc: &Document,
    before: &[Draft],
    resolved: &Resolved,
    pronouns: &[(Draft, u32)],
    sentence: u32,
    at: usize,
    word: Word,
) -> Option<u32> {
    // The same pronoun in the same sentence goes on meaning the same.
    if let Some((last, entity)) = pronouns.last()
        && Word::of(doc.slice(last.span)) == Some(word)
        && last.sentence(doc).0 == sentence
    {
        return Some(*entity);
    }
    if word == Word::It && matches!(doc.tokens.deprel[at], Deprel::Expl) {
        return None;
    }
    let subject = |draft: &Draft| {
        let head = draft.head_token(&doc.tokens);
        matches!(doc.tokens.deprel[head.ix()], Deprel::Nsubj | Deprel::NsubjPass | Deprel::NsubjOuter)
    };
    let mut best: Option<(i32, u32)> = None;
    let mut tied = false;
    for (back, draft) in before.iter().enumerate().rev().take(60) {
        let distance = sentence.saturating_sub(draft.sentence(doc).0);
        if distance > REACH {
            break;
        }
        let Some(entity) = resolved.of[back] else { continue };
        let known = &resolved.entities[entity as usize];
        let fits = match word {
            Word::He => known.r#type == EntityType::Person && !known.plural && known.gender != Some('f'),
            Word::She => known.r#type == EntityType::Person && !known.plural && known.gender != Some('m'),
            Word::They => known.plural || matches!(known.key, chancery_model::EntityKey::Anonymous(_)),
            Word::It => {
                matches!(known.r#type, EntityType::Country | EntityType::Organization)
                    && draft.r#type != MentionType::Nationality
                    && draft.kind != MentionKind::Pronoun
            }
        };
        if !fits {
            continue;
        }
        let mut score = 20 - 6 * distance as i32 + if subject(draft) { 5 } else { 0 };
        // A sure gender counts for more than an open one.
        if matches!((word, known.gender), (Word::He, Some('m')) | (Word::She, Some('f'))) {
            score += 2;
        }
        if word == Word::It && !subject(draft) {
            score -= 12;
        }
        match best {
            Some((_, same)) if same == entity => {}
            Some((known, _)) if known > score => {}
            Some((known, _)) if known == score => tied = true,
            _ => {
                best = Some((score, entity));
                tied = false;
            }
        }
    }
    let (score, entity) = best?;
    let _ = TokenIx::at(at);
    (score >= 8 && (!tied || matches!(word, Word::He | Word::She))).then_some(entity)
}
