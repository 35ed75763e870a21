//! Themes: what a document is about, by a taxonomy of words and phrases with weights that users can read and replace.
//!
//! # Invariants
//! - The score follows from the rows alone: the sum over the terms found of `weight × (1 + ln count)`.
//! - Time grows with the text, not with the taxonomy: one walk over the words, through one trie.

mod matcher;
mod taxonomy;

use std::path::PathBuf;

use chancery_plugin::prelude::*;

use matcher::Matcher;
use taxonomy::Taxonomy;

/// Settings of the stage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Which taxonomy: `world` or `energy`, which are built in, or the path of a YAML file relative to the pipeline file.
    pub taxonomy: String,
    /// Lowest score of a theme that is kept.
    pub at_least: f64,
    /// Most themes a document.
    pub most: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { taxonomy: "world".to_owned(), at_least: 5.0, most: 8 }
    }
}

/// What each document is about, by a taxonomy of words with weights; the strongest theme first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Theme<'a> {
    /// Id of the theme in the taxonomy.
    pub theme: &'a str,
    /// Sum over the terms found of weight × (1 + ln count).
    pub score: f64,
    /// How often terms of the theme were found.
    pub matches: u32,
    /// The terms found, as the taxonomy writes them, the heaviest first.
    pub terms: Vec<&'a str>,
}

impl Row for Theme<'_> {
    const LAYER: &'static str = "themes";
}

/// The stage.
pub struct Themes {
    taxonomy: Taxonomy,
    matcher: Matcher,
    settings: Settings,
}

impl Annotate for Themes {
    const NAME: &'static str = "themes";
    const SUMMARY: &'static str = "What a document is about, by a taxonomy of words with weights";
    type Settings = Settings;

    fn layers() -> Vec<Layer> {
        vec![Layer::of::<Theme<'static>>()]
    }

    fn new(settings: Settings, context: &Context<'_>) -> Result<Self, Error> {
        let taxonomy = match taxonomy::built_in(&settings.taxonomy) {
            Some(text) => Taxonomy::parse(text)?,
            None => {
                let path: PathBuf = context.base.join(&settings.taxonomy);
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    let built_in = taxonomy::BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                    Error::new(format!("the taxonomy {}: {error} (built in are {built_in})", path.display()))
                })?;
                Taxonomy::parse(&text).map_err(|error| Error::new(format!("the taxonomy {}: {error}", path.display())))?
            }
        };
        let matcher = Matcher::new(&taxonomy);
        Ok(Self { taxonomy, matcher, settings })
    }

    fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error> {
        self.find(document.text()).iter().try_for_each(|row| rows.push(row))
    }
}

impl Themes {
    /// The themes of a text, the strongest first.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Theme<'_>> {
        let counts = self.matcher.count(text);
        let mut found: Vec<Theme<'_>> = Vec::new();
        for (theme, range) in &self.taxonomy.themes {
            let terms = range.clone().filter(|at| counts[*at] > 0);
            let mut row = Theme { theme, score: 0.0, matches: 0, terms: Vec::new() };
            let mut seen: Vec<usize> = terms.collect();
            seen.sort_by(|a, b| self.weighed(*b, &counts).total_cmp(&self.weighed(*a, &counts)).then(a.cmp(b)));
            for term in seen {
                row.score += self.weighed(term, &counts);
                row.matches += counts[term];
                row.terms.push(&self.taxonomy.terms[term].text);
            }
            if row.score >= self.settings.at_least {
                row.score = (row.score * 1000.0).round() / 1000.0;
                found.push(row);
            }
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.theme.cmp(b.theme)));
        found.truncate(self.settings.most);
        found
    }

    fn weighed(&self, term: usize, counts: &[u32]) -> f64 {
        self.taxonomy.terms[term].weight * (1.0 + f64::from(counts[term]).ln())
    }
}

chancery_plugin::export!(Themes);

#[cfg(test)]
mod tests;
