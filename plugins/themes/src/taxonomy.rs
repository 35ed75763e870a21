//! The taxonomy: themes with their terms, read from YAML.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use chancery_plugin::Error;
use serde::Deserialize;

/// The taxonomies that come with the plugin.
pub const BUILT_IN: &[(&str, &str)] =
    &[("world", include_str!("../taxonomies/world.yaml")), ("energy", include_str!("../taxonomies/energy.yaml"))];

/// The text of a built-in taxonomy.
pub fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// Themes and all their terms in one list.
#[derive(Debug)]
pub struct Taxonomy {
    /// Each theme with its terms' numbers.
    pub themes: Vec<(String, Range<usize>)>,
    /// All terms.
    pub terms: Vec<Term>,
}

/// A word or phrase that tells a theme.
#[derive(Debug)]
pub struct Term {
    /// As the taxonomy writes it.
    pub text: String,
    /// How much it tells.
    pub weight: f64,
    /// Its theme.
    pub theme: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeEntry {
    theme: String,
    #[expect(dead_code, reason = "for readers of the file; every theme must have it")]
    about: String,
    terms: BTreeMap<String, f64>,
}

impl Taxonomy {
    /// Reads a taxonomy. A bad entry is an error, never skipped.
    ///
    /// # Errors
    /// Broken YAML, a theme named twice, a term without words, a weight that is not above 0.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        let entries: Vec<ThemeEntry> = serde_yaml::from_str(yaml).map_err(|error| Error::new(error.to_string()))?;
        let mut taxonomy = Taxonomy { themes: Vec::new(), terms: Vec::new() };
        let mut names = HashSet::new();
        for entry in entries {
            let ThemeEntry { theme, terms, .. } = entry;
            if theme.is_empty() || !names.insert(theme.clone()) {
                return Err(Error::new(format!("the theme `{theme}` is there twice, or has no name")));
            }
            let (number, first) = (taxonomy.themes.len(), taxonomy.terms.len());
            for (text, weight) in terms {
                if !text.chars().any(char::is_alphanumeric) {
                    return Err(Error::new(format!("theme `{theme}`: the term `{text}` has no word")));
                }
                if !(weight > 0.0 && weight.is_finite()) {
                    return Err(Error::new(format!("theme `{theme}`: the weight of `{text}` is {weight}, not above 0")));
                }
                taxonomy.terms.push(Term { text, weight, theme: number });
            }
            if taxonomy.terms.len() == first {
                return Err(Error::new(format!("the theme `{theme}` has no terms")));
            }
            taxonomy.themes.push((theme, first..taxonomy.terms.len()));
        }
        Ok(taxonomy)
    }
}
