//! Figures of a pipeline over treebanks: from gold tokens, and from raw text.

use anyhow::Result;
use chancery_model::{Deprel, Tokens};
use chancery_text::conllu::Treebank;
use chancery_text::{Analysis, Level, Pipeline, Scratch};

/// Counts of right answers. Shares are of gold tokens; sentences and tokens from raw text have F1.
#[derive(Debug, Default, Clone, Copy)]
pub struct TextScores {
    /// Gold tokens.
    pub tokens: usize,
    /// Right universal tags.
    pub upos: usize,
    /// Right treebank tags.
    pub xpos: usize,
    /// Right bundles of features.
    pub feats: usize,
    /// Right lemmas (one that gold leaves out is right).
    pub lemmas: usize,
    /// Right heads.
    pub uas: usize,
    /// Right heads and universal relations, as the shared tasks count.
    pub las: usize,
    /// Right heads and relations with their subtypes.
    pub las_subtypes: usize,
    /// Sentences: gold, found, right.
    pub sentences: [usize; 3],
    /// Tokens from raw text: gold, found, right.
    pub raw_tokens: [usize; 3],
}

impl TextScores {
    /// Adds another's counts.
    pub fn add(&mut self, other: &TextScores) {
        let sum =
            |mine: &mut [usize; 3], theirs: [usize; 3]| mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        self.tokens += other.tokens;
        self.upos += other.upos;
        self.xpos += other.xpos;
        self.feats += other.feats;
        self.lemmas += other.lemmas;
        self.uas += other.uas;
        self.las += other.las;
        self.las_subtypes += other.las_subtypes;
        sum(&mut self.sentences, other.sentences);
        sum(&mut self.raw_tokens, other.raw_tokens);
    }

    /// Name and value of each figure, in per cent.
    #[must_use]
    pub fn figures(&self) -> Vec<(&'static str, f64)> {
        let share = |count: usize| 100.0 * count as f64 / self.tokens.max(1) as f64;
        let f1 = |[gold, found, right]: [usize; 3]| 200.0 * right as f64 / (gold + found).max(1) as f64;
        vec![
            ("upos", share(self.upos)),
            ("xpos", share(self.xpos)),
            ("feats", share(self.feats)),
            ("lemmas", share(self.lemmas)),
            ("uas", share(self.uas)),
            ("las", share(self.las)),
            ("las_subtypes", share(self.las_subtypes)),
            ("sentences_f1", f1(self.sentences)),
            ("tokens_f1", f1(self.raw_tokens)),
        ]
    }
}

/// A pipeline's figures over one treebank.
#[must_use]
pub fn evaluate(pipeline: &Pipeline, bank: &Treebank) -> TextScores {
    let mut scratch = Scratch::default();
    let mut scores = TextScores::default();
    let gold = &bank.analysis;
    let mut found = gold.clone();
    pipeline.annotate(&bank.text, Level::Parse, &mut scratch, &mut found);
    let (a, b) = (&gold.tokens, &found.tokens);
    scores.tokens = a.len();
    for at in 0..a.len() {
        scores.upos += usize::from(a.upos[at] == b.upos[at]);
        scores.xpos += usize::from(a.xpos[at] == b.xpos[at]);
        scores.feats += usize::from(a.feats[at] == b.feats[at]);
        let lemma = a.lemmas.get(a.lemma[at]);
        scores.lemmas += usize::from(lemma.is_empty() || lemma == b.lemmas.get(b.lemma[at]));
        if a.head[at] == b.head[at] {
            scores.uas += 1;
            scores.las += usize::from(a.deprel[at].universal() == b.deprel[at].universal());
            scores.las_subtypes += usize::from(a.deprel[at] == b.deprel[at]);
        }
    }
    let mut raw = Analysis::default();
    pipeline.analyze_into(&bank.text, Level::Tokens, &mut scratch, &mut raw);
    scores.sentences = overlap(&ends(gold), &ends(&raw));
    scores.raw_tokens = overlap(&spans(&gold.tokens), &spans(&raw.tokens));
    scores
}

/// Where sentences and tokens from raw text differ from gold: a line each, `kind`, whether gold has the boundary, and the text around.
#[must_use]
pub fn boundary_errors(pipeline: &Pipeline, bank: &Treebank) -> Vec<String> {
    let mut raw = Analysis::default();
    pipeline.analyze_into(&bank.text, Level::Tokens, &mut Scratch::default(), &mut raw);
    let around = |at: u32| {
        let at = at as usize;
        let text = &bank.text;
        let from = (0..=at.saturating_sub(40)).rev().find(|from| text.is_char_boundary(*from)).unwrap_or(0);
        let to = (at + 30..text.len()).find(|to| text.is_char_boundary(*to)).unwrap_or(text.len());
        format!("{}|{}", &text[from..at], &text[at..to]).replace('\n', "¶")
    };
    let mut lines = Vec::new();
    let sentence_ends =
        |analysis: &Analysis| analysis.sentences.iter().map(|one| one.span.end).collect::<std::collections::BTreeSet<_>>();
    let token_ends =
        |analysis: &Analysis| analysis.tokens.span.iter().map(|one| one.end).collect::<std::collections::BTreeSet<_>>();
    for (kind, gold, found) in [
        ("sentence", sentence_ends(&bank.analysis), sentence_ends(&raw)),
        ("token", token_ends(&bank.analysis), token_ends(&raw)),
    ] {
        lines.extend(gold.difference(&found).map(|at| format!("{kind} missed  {}", around(*at))));
        lines.extend(found.difference(&gold).map(|at| format!("{kind} made up {}", around(*at))));
    }
    lines
}

/// The wrong answers that are made most: gold relation and found one, with counts.
#[must_use]
pub fn confusions(pipeline: &Pipeline, banks: &[(String, Treebank)]) -> Vec<(Deprel, Deprel, bool, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    let mut scratch = Scratch::default();
    for (_, bank) in banks {
        let mut found = bank.analysis.clone();
        pipeline.annotate(&bank.text, Level::Parse, &mut scratch, &mut found);
        let (a, b) = (&bank.analysis.tokens, &found.tokens);
        for at in 0..a.len() {
            let same_head = a.head[at] == b.head[at];
            if !same_head || a.deprel[at] != b.deprel[at] {
                *counts.entry((a.deprel[at], b.deprel[at], same_head)).or_insert(0usize) += 1;
            }
        }
    }
    let mut list: Vec<_> = counts.into_iter().map(|((gold, found, same), count)| (gold, found, same, count)).collect();
    list.sort_by_key(|row| std::cmp::Reverse(row.3));
    list
}

fn spans(tokens: &Tokens) -> Vec<(u32, u32)> {
    tokens.span.iter().map(|span| (span.start, span.end)).collect()
}

fn ends(analysis: &Analysis) -> Vec<(u32, u32)> {
    analysis.sentences.iter().map(|sentence| (sentence.span.start, sentence.span.end)).collect()
}

/// How many there are on each side, and on both; each side is sorted.
fn overlap(gold: &[(u32, u32)], found: &[(u32, u32)]) -> [usize; 3] {
    let set: std::collections::BTreeSet<_> = gold.iter().collect();
    [gold.len(), found.len(), found.iter().filter(|span| set.contains(span)).count()]
}

/// Figures over every treebank of a folder: one a file, then all together.
///
/// # Errors
/// Where the folder cannot be read.
pub fn eval_text(pipeline: &Pipeline, folder: &std::path::Path) -> Result<Vec<(String, TextScores)>> {
    let mut rows = Vec::new();
    let mut all = TextScores::default();
    for (name, bank) in super::read_folder(folder)? {
        let scores = evaluate(pipeline, &bank);
        all.add(&scores);
        rows.push((name, scores));
    }
    rows.push(("all".to_owned(), all));
    Ok(rows)
}
