//! Treebanks as the trainer sees them: forms by number, tags and features as classes, trees.

use anyhow::{Context as _, Result, ensure};
use chancery_model::{Deprel, Feats, Tokens, Upos, Xpos};
use chancery_text::conllu::{Treebank, read};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// A class that was too rare to learn.
pub const NO_CLASS: u16 = u16::MAX;

/// Forms by number, each once.
#[derive(Debug, Default, Clone)]
pub struct Forms {
    pub texts: Vec<String>,
    numbers: FxHashMap<String, u32>,
}

impl Forms {
    pub fn number(&mut self, form: &str) -> u32 {
        if let Some(number) = self.numbers.get(form) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(form.to_owned());
        self.numbers.insert(form.to_owned(), number);
        number
    }
}

/// A sentence to learn from.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    pub forms: Vec<u32>,
    /// 0 is the root, 1 the first token.
    pub heads: Vec<u16>,
    pub relations: Vec<u8>,
    pub tags: Vec<u16>,
    pub feats: Vec<u16>,
}

impl Sentence {
    pub fn len(&self) -> usize {
        self.forms.len()
    }
}

/// The classes that the model tells apart.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    pub tags: Vec<(Upos, Xpos)>,
    pub feats: Vec<Feats>,
    /// For each pair of tags the bundles of features seen with it, the commonest first.
    pub feats_of_tag: Vec<Vec<u16>>,
}

impl Classes {
    /// Rarest pair of tags that is learned.
    const TAGS_MIN: usize = 3;
    /// Rarest bundle of features that is learned.
    const FEATS_MIN: usize = 3;

    pub fn count(banks: &[(String, Treebank)]) -> Classes {
        let mut tags: FxHashMap<(Upos, Xpos), usize> = FxHashMap::default();
        let mut feats: FxHashMap<Feats, usize> = FxHashMap::default();
        for (_, bank) in banks {
            let tokens = &bank.analysis.tokens;
            for at in 0..tokens.len() {
                *tags.entry((tokens.upos[at], tokens.xpos[at])).or_default() += 1;
                *feats.entry(tokens.feats[at]).or_default() += 1;
            }
        }
        let mut classes =
            Classes { tags: frequent(&tags, Self::TAGS_MIN), feats: frequent(&feats, Self::FEATS_MIN), ..Classes::default() };
        let mut seen: FxHashMap<(u16, u16), usize> = FxHashMap::default();
        for (_, bank) in banks {
            let tokens = &bank.analysis.tokens;
            for at in 0..tokens.len() {
                let pair = (classes.tag(tokens.upos[at], tokens.xpos[at]), classes.feat(tokens.feats[at]));
                if pair.0 != NO_CLASS && pair.1 != NO_CLASS {
                    *seen.entry(pair).or_default() += 1;
                }
            }
        }
        for tag in 0..classes.tags.len() {
            let mut list: Vec<(usize, u16)> =
                (0..classes.feats.len() as u16).filter_map(|feat| Some((*seen.get(&(tag as u16, feat))?, feat))).collect();
            list.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            // The rarest in a hundred thousand ways cost more time than they bring right answers.
            let total: usize = list.iter().map(|(count, _)| count).sum();
            let least = (total / 400).clamp(2, 40);
            classes.feats_of_tag.push(list.iter().filter(|(count, _)| *count >= least).map(|(_, feat)| *feat).collect());
        }
        classes
    }

    pub fn tag(&self, upos: Upos, xpos: Xpos) -> u16 {
        self.tags.iter().position(|pair| *pair == (upos, xpos)).map_or(NO_CLASS, |at| at as u16)
    }

    pub fn feat(&self, feats: Feats) -> u16 {
        self.feats.iter().position(|known| *known == feats).map_or(NO_CLASS, |at| at as u16)
    }
}

fn frequent<T: Copy + Ord + std::hash::Hash>(counts: &FxHashMap<T, usize>, least: usize) -> Vec<T> {
    let mut list: Vec<(T, usize)> =
        counts.iter().map(|(item, count)| (*item, *count)).filter(|(_, count)| *count >= least).collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    list.into_iter().map(|(item, _)| item).collect()
}

/// Reads every `.conllu` file of a folder, in the order of their names.
///
/// # Errors
/// Where the folder or a file cannot be read, or there is none.
pub fn read_folder(folder: &Path) -> Result<Vec<(String, Treebank)>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "conllu"))
        .collect();
    paths.sort();
    ensure!(!paths.is_empty(), "no .conllu file in {}", folder.display());
    paths
        .into_iter()
        .map(|path| {
            let source = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            Ok((name, read(&source)))
        })
        .collect()
}

/// The sentences of a treebank; relations that are not known are left to [`Deprel::Unknown`].
pub fn sentences(bank: &Treebank, classes: &Classes, forms: &mut Forms) -> Vec<Sentence> {
    let tokens = &bank.analysis.tokens;
    let tag_of: FxHashMap<(Upos, Xpos), u16> = classes.tags.iter().enumerate().map(|(at, pair)| (*pair, at as u16)).collect();
    let feat_of: FxHashMap<Feats, u16> = classes.feats.iter().enumerate().map(|(at, feats)| (*feats, at as u16)).collect();
    bank.analysis
        .sentences
        .iter()
        .map(|sentence| {
            let range = sentence.tokens.range();
            let mut out = Sentence::default();
            for at in range.clone() {
                out.forms.push(forms.number(tokens.span[at].slice(&bank.text)));
                out.heads.push(match tokens.head[at] {
                    Tokens::ROOT => 0,
                    head => (head as usize - range.start + 1) as u16,
                });
                out.relations.push(tokens.deprel[at] as u8);
                out.tags.push(tag_of.get(&(tokens.upos[at], tokens.xpos[at])).copied().unwrap_or(NO_CLASS));
                out.feats.push(feat_of.get(&tokens.feats[at]).copied().unwrap_or(NO_CLASS));
            }
            out
        })
        .collect()
}

/// How many relations there are, the unknown one included.
pub fn relation_count() -> usize {
    Deprel::ALL.len() + 1
}
