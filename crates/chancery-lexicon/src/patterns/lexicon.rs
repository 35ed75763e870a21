//! All that the `events` stage knows: patterns, the verbs that carry nouns, the words that embed events, compositions.

use chancery_model::EventType;
use rustc_hash::FxHashMap;

use super::{EventCode, Patterns, Support, Trigger, support_verbs};
use crate::LexiconError;
use crate::event_types::{Composition, compositions};
use crate::table::Table;

/// What a word makes of the event under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedding {
    /// It is as real as the word itself: "began to withdraw".
    Fact,
    /// "agreed to withdraw".
    Planned,
    /// "wants to withdraw".
    Hypothetical,
    /// "refused to withdraw".
    Negated,
    /// Hypothetical as an infinitive ("told them to withdraw"), a plain report as a clause ("told them that it withdrew").
    Asked,
}

/// The lexicons of the `events` stage.
#[derive(Debug, Clone, Default)]
pub struct EventLexicon {
    /// The patterns.
    pub patterns: Patterns,
    support: FxHashMap<Box<str>, Vec<(Trigger, Support)>>,
    embedding: FxHashMap<Box<str>, Embedding>,
    compositions: Vec<Composition>,
}

impl EventLexicon {
    /// What ships.
    ///
    /// # Errors
    /// Everything that is wrong in the files.
    pub fn built_in() -> Result<Self, Vec<LexiconError>> {
        let one = |error| vec![error];
        let mut support: FxHashMap<Box<str>, Vec<(Trigger, Support)>> = FxHashMap::default();
        let rows =
            support_verbs("data/events/support_verbs.tsv", include_str!("../../data/events/support_verbs.tsv")).map_err(one)?;
        for (trigger, effect) in rows {
            support.entry(trigger.head.clone()).or_default().push((trigger, effect));
        }
        Ok(Self {
            patterns: Patterns::built_in()?,
            support,
            embedding: embeddings("data/events/embedding.tsv", include_str!("../../data/events/embedding.tsv")).map_err(one)?,
            compositions: compositions("data/events/compose.tsv", include_str!("../../data/events/compose.tsv")).map_err(one)?,
        })
    }

    /// What the verb does with a noun that tells an event, by the words that go with it.
    #[must_use]
    pub fn support(&self, verb: &str) -> &[(Trigger, Support)] {
        self.support.get(verb).map_or(&[], Vec::as_slice)
    }

    /// What the word makes of the event under it.
    #[must_use]
    pub fn embedding(&self, word: &str) -> Option<Embedding> {
        self.embedding.get(word).copied()
    }

    /// What a type outside makes of an event inside.
    #[must_use]
    pub fn composition(&self, outer: EventType, inner: &EventCode) -> Option<&Composition> {
        let mut rows = self.compositions.iter().filter(|row| row.outer == outer && row.inner == inner.r#type);
        let of_mode = rows.clone().find(|row| !row.inner_mode.is_empty() && *row.inner_mode == *inner.mode);
        of_mode.or_else(|| rows.find(|row| row.inner_mode.is_empty()))
    }
}

fn embeddings(file: &str, text: &str) -> Result<FxHashMap<Box<str>, Embedding>, LexiconError> {
    let mut rows = FxHashMap::default();
    for row in Table::open(file, text, ["lemma", "effect"])? {
        let (line, [lemma, effect]) = row?;
        let effect = match effect {
            "fact" => Embedding::Fact,
            "planned" => Embedding::Planned,
            "hypothetical" => Embedding::Hypothetical,
            "negated" => Embedding::Negated,
            "asked" => Embedding::Asked,
            _ => return Err(LexiconError::new(file, line, "effect must be fact, planned, hypothetical, negated or asked")),
        };
        if rows.insert(lemma.into(), effect).is_some() {
            return Err(LexiconError::new(file, line, format!("`{lemma}` is there twice")));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_tables_are_good() {
        let lexicon = EventLexicon::built_in().unwrap();
        assert_eq!(lexicon.embedding("refuse"), Some(Embedding::Negated));
        assert!(
            lexicon.support("carry").iter().any(|(trigger, effect)| trigger.others == ["out".into()] && *effect == Support::Does)
        );
        let inner = EventCode { r#type: EventType::Assault, mode: "aerial".into(), cameo: "195".into() };
        assert_eq!(lexicon.composition(EventType::Threaten, &inner).map(|row| &*row.cameo), Some("138"));
    }
}
