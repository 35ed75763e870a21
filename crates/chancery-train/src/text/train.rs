//! The training loop: which keys are learned, in which order sentences come, and what is changed in them on the way.

use super::data::{self, Classes, Forms, Sentence};
use super::maths::Random;
use super::net::{Batch, Config, Losses, Net, State};
use anyhow::{Result, ensure};
use chancery_model::{Deprel, Upos};
use chancery_text::conllu::Treebank;
use chancery_text::model::features::keys;
use chancery_text::model::tree::{TreeScratch, decode};
use rustc_hash::{FxHashMap, FxHashSet};

/// How to train. The defaults are those of the model that ships.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Seed of all random numbers.
    pub seed: u64,
    /// How often the training files are gone through.
    pub epochs: usize,
    /// Tokens that make a batch.
    pub batch_tokens: usize,
    /// The optimiser's highest rate; it falls to nothing in a straight line.
    pub rate: f32,
    /// Width of embeddings and layers.
    pub width: usize,
    /// Width of the vectors that heads are scored with.
    pub arc: usize,
    /// Width of the hidden layer that relations are scored with.
    pub label: usize,
    /// For each layer, whether its gates see both neighbours whole.
    pub windows: Vec<bool>,
    /// Share of the embeddings' values that are dropped.
    pub drop_input: f32,
    /// Share of the layers' values that are dropped.
    pub drop_layer: f32,
    /// Share of the hidden layers' values that are dropped.
    pub drop_hidden: f32,
    /// Whether sentences are changed on the way.
    pub augment: bool,
    /// Epochs between two reports on the development files.
    pub report_every: usize,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            seed: 20_250_101,
            epochs: 20,
            batch_tokens: 500,
            rate: 3e-3,
            width: 128,
            arc: 64,
            label: 96,
            windows: vec![true, false, false],
            drop_input: 0.15,
            drop_layer: 0.15,
            drop_hidden: 0.15,
            augment: true,
            report_every: 5,
        }
    }
}

/// Keys that are learned, and each form's rows.
#[derive(Debug, Default, Clone)]
pub struct Vocabulary {
    /// Hashes of the keys, in the order of their rows.
    pub keys: Vec<u64>,
    row_of: FxHashMap<u64, u32>,
    /// For each form number its rows, and how many of them name the word.
    rows: Vec<(Vec<u32>, usize)>,
    counts: Vec<u32>,
}

impl Vocabulary {
    /// Learns keys that occur often enough: words twice, affixes and shapes in two different forms.
    pub fn count(sentences: &[Sentence], forms: &Forms) -> Vocabulary {
        let mut form_counts = vec![0u32; forms.texts.len()];
        for form in sentences.iter().flat_map(|sentence| &sentence.forms) {
            form_counts[*form as usize] += 1;
        }
        let mut words: FxHashMap<u64, u32> = FxHashMap::default();
        let mut parts: FxHashMap<u64, u32> = FxHashMap::default();
        let mut order: Vec<u64> = Vec::new();
        let mut listed: FxHashSet<u64> = FxHashSet::default();
        for (form, count) in form_counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let found = keys(&forms.texts[form]);
            for (at, key) in found.all().iter().enumerate() {
                if at < found.words() {
                    *words.entry(*key).or_default() += count;
                } else {
                    *parts.entry(*key).or_default() += 1;
                }
                if listed.insert(*key) {
                    order.push(*key);
                }
            }
        }
        let keys: Vec<u64> = order
            .into_iter()
            .filter(|key| words.get(key).is_some_and(|count| *count >= 2) || parts.get(key).is_some_and(|count| *count >= 2))
            .collect();
        let row_of = keys.iter().enumerate().map(|(row, key)| (*key, row as u32)).collect();
        let mut vocabulary = Vocabulary { keys, row_of, rows: Vec::new(), counts: form_counts };
        vocabulary.extend(forms);
        vocabulary
    }

    /// Looks up the rows of forms that have come up since.
    pub fn extend(&mut self, forms: &Forms) {
        for text in &forms.texts[self.rows.len()..] {
            let found = keys(text);
            let mut rows = Vec::new();
            let mut words = 0;
            for (at, key) in found.all().iter().enumerate() {
                if let Some(row) = self.row_of.get(key) {
                    rows.push(*row);
                    words += usize::from(at < found.words());
                }
            }
            self.rows.push((rows, words));
        }
        self.counts.resize(self.rows.len(), 0);
    }
}

/// Everything that training yields.
pub struct Trained {
    pub(super) net: Net,
    pub(super) vocabulary: Vocabulary,
    pub(super) classes: Classes,
}

/// Right answers over a treebank, from gold tokens.
#[derive(Debug, Default, Clone, Copy)]
pub struct Scores {
    pub tokens: usize,
    pub upos: usize,
    pub xpos: usize,
    pub feats: usize,
    pub uas: usize,
    pub las: usize,
    pub las_subtypes: usize,
}

impl std::fmt::Display for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |count: usize| 100.0 * count as f64 / self.tokens.max(1) as f64;
        write!(
            f,
            "UPOS {:.2} XPOS {:.2} feats {:.2} UAS {:.2} LAS {:.2} (with subtypes {:.2})",
            share(self.upos),
            share(self.xpos),
            share(self.feats),
            share(self.uas),
            share(self.las),
            share(self.las_subtypes)
        )
    }
}

/// Trains on `train`; `dev` is only watched.
///
/// # Errors
/// Where there is nothing to learn from.
pub fn train(train: &[(String, Treebank)], dev: &[(String, Treebank)], recipe: &Recipe) -> Result<Trained> {
    let classes = Classes::count(train);
    ensure!(!classes.tags.is_empty(), "the training files hold no tags");
    let mut forms = Forms::default();
    let train_set: Vec<Sentence> = train.iter().flat_map(|(_, bank)| data::sentences(bank, &classes, &mut forms)).collect();
    let mut vocabulary = Vocabulary::count(&train_set, &forms);
    let dev_set: Vec<Sentence> = dev.iter().flat_map(|(_, bank)| data::sentences(bank, &classes, &mut forms)).collect();
    let mut random = Random::new(recipe.seed);
    let config = Config {
        width: recipe.width,
        windows: recipe.windows.clone(),
        arc: recipe.arc,
        label: recipe.label,
        tags: classes.tags.len().next_multiple_of(16),
        feats: classes.feats.len().next_multiple_of(16),
        relations: data::relation_count().next_multiple_of(16),
        drop_input: recipe.drop_input,
        drop_layer: recipe.drop_layer,
        drop_hidden: recipe.drop_hidden,
    };
    let mut net = Net::new(config, vocabulary.keys.len(), &mut random);
    let augment = Augment::new(&mut forms, &classes);
    vocabulary.extend(&forms);
    let tokens_in_all: usize = train_set.iter().map(Sentence::len).sum();
    let steps_in_all = recipe.epochs * tokens_in_all.div_ceil(recipe.batch_tokens);
    eprintln!(
        "{} sentences, {tokens_in_all} tokens, {} keys, {} tags, {} bundles of features, {steps_in_all} steps",
        train_set.len(),
        vocabulary.keys.len(),
        classes.tags.len(),
        classes.feats.len()
    );
    let mut state = State::default();
    let mut step = 0usize;
    let clock = std::time::Instant::now();
    for epoch in 0..recipe.epochs {
        let mut losses = Losses::default();
        for group in groups(&train_set, recipe.batch_tokens, &mut random) {
            let mut batch = Batch { key_starts: vec![0], starts: vec![0], ..Batch::default() };
            for at in group {
                let changed;
                let mut sentence = &train_set[at];
                if recipe.augment
                    && let Some(other) = augment.apply(sentence, &mut forms, &mut random)
                {
                    changed = other;
                    sentence = &changed;
                    vocabulary.extend(&forms);
                }
                push(&mut batch, sentence, &vocabulary, Some(&mut random));
            }
            net.learn(&batch, &mut state, &mut random, &mut losses);
            let warm = (step as f32 / 200.0).min(1.0);
            let left = 1.0 - step as f32 / steps_in_all.max(1) as f32;
            net.step(recipe.rate * warm * left.max(0.005), batch.tokens());
            step += 1;
        }
        let mean = |sum: f64| sum / losses.tokens.max(1) as f64;
        eprintln!(
            "epoch {:2} after {:4.0} s: losses tag {:.3} feats {:.3} arc {:.3} label {:.3}",
            epoch + 1,
            clock.elapsed().as_secs_f32(),
            mean(losses.tag),
            mean(losses.feat),
            mean(losses.arc),
            mean(losses.label)
        );
        if (epoch + 1) % recipe.report_every == 0 || epoch + 1 == recipe.epochs {
            eprintln!("  dev: {}", evaluate(&net, &dev_set, &vocabulary, &classes));
        }
    }
    Ok(Trained { net, vocabulary, classes })
}

/// Sentences of like length together, as many as make a batch; the batches in random order.
fn groups(sentences: &[Sentence], batch_tokens: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    random.shuffle(&mut order);
    let mut groups = Vec::new();
    let mut open = Vec::new();
    let mut size = 0;
    for at in order {
        open.push(at);
        size += sentences[at].len();
        if size >= batch_tokens {
            groups.push(std::mem::take(&mut open));
            size = 0;
        }
    }
    if !open.is_empty() {
        groups.push(open);
    }
    groups
}

/// Appends a sentence; in training, words are hidden now and then, rare ones more often.
fn push(batch: &mut Batch, sentence: &Sentence, vocabulary: &Vocabulary, mut random: Option<&mut Random>) {
    for form in &sentence.forms {
        let (rows, words) = &vocabulary.rows[*form as usize];
        let mut from = 0;
        if let Some(random) = random.as_deref_mut() {
            let count = vocabulary.counts[*form as usize] as f32;
            if random.chance(0.03 + 0.5 / (1.0 + count)) {
                from = *words;
            }
        }
        batch.keys.extend_from_slice(&rows[from..]);
        batch.key_starts.push(batch.keys.len() as u32);
    }
    batch.heads.extend_from_slice(&sentence.heads);
    batch.relations.extend_from_slice(&sentence.relations);
    batch.tags.extend_from_slice(&sentence.tags);
    batch.feats.extend_from_slice(&sentence.feats);
    batch.starts.push(batch.key_starts.len() - 1);
}

/// The scores of a network in full precision.
pub fn evaluate(net: &Net, sentences: &[Sentence], vocabulary: &Vocabulary, classes: &Classes) -> Scores {
    let mut scores = Scores::default();
    let mut state = State::default();
    let mut scratch = TreeScratch::default();
    for group in sentences.chunks(32) {
        let mut batch = Batch { key_starts: vec![0], starts: vec![0], ..Batch::default() };
        for sentence in group {
            push(&mut batch, sentence, vocabulary, None);
        }
        net.forward(&batch, &mut state, None);
        let mut heads = vec![0u16; batch.tokens()];
        for (at, bounds) in batch.starts.windows(2).enumerate() {
            let columns = (bounds[1] - bounds[0] + 1).next_multiple_of(16);
            decode(&state.arc_scores[at], columns, &mut heads[bounds[0]..bounds[1]], &mut scratch);
        }
        net.label(&batch, &heads, &mut state, None);
        for (token, head) in heads.iter().copied().enumerate().take(batch.tokens()) {
            scores.tokens += 1;
            let tag = best(&state.tag_scores[token * net.config.tags..][..classes.tags.len()], 0..classes.tags.len());
            if let Some((upos, xpos)) = classes.tags.get(batch.tags[token] as usize) {
                scores.upos += usize::from(classes.tags[tag].0 == *upos);
                scores.xpos += usize::from(classes.tags[tag].1 == *xpos);
            }
            let allowed = classes.feats_of_tag[tag].iter().map(|feat| *feat as usize);
            let feat = best(&state.feat_scores[token * net.config.feats..][..classes.feats.len()], allowed);
            scores.feats += usize::from(feat == batch.feats[token] as usize);
            let all = &state.label_scores[token * net.config.relations..][..data::relation_count()];
            let root = Deprel::Root as usize;
            let relation = if head == 0 { root } else { best(all, (1..data::relation_count()).filter(|at| *at != root)) };
            if head == batch.heads[token] {
                scores.uas += 1;
                let gold = batch.relations[token];
                scores.las_subtypes += usize::from(relation == gold as usize);
                let (found, gold) = (Deprel::from_index(relation as u8), Deprel::from_index(gold));
                scores.las += usize::from(found.universal() == gold.universal());
            }
        }
    }
    scores
}

fn best(scores: &[f32], among: impl Iterator<Item = usize>) -> usize {
    let mut best = 0;
    let mut most = f32::NEG_INFINITY;
    for at in among {
        if scores[at] > most {
            most = scores[at];
            best = at;
        }
    }
    best
}

/// Changes that make treebank sentences look like what news has: capitals throughout, no final stop, other marks of quotation.
struct Augment {
    stop: u32,
    punctuation: Vec<bool>,
    swaps: FxHashMap<u32, u32>,
}

impl Augment {
    fn new(forms: &mut Forms, classes: &Classes) -> Augment {
        let stop = forms.number(".");
        let mut swaps = FxHashMap::default();
        for (from, to) in [
            ("n't", "n’t"),
            ("'s", "’s"),
            ("'re", "’re"),
            ("'ve", "’ve"),
            ("'ll", "’ll"),
            ("'m", "’m"),
            ("'d", "’d"),
            ("'", "’"),
            ("N'T", "N’T"),
            ("'S", "’S"),
            ("--", "—"),
            ("...", "…"),
        ] {
            let (from, to) = (forms.number(from), forms.number(to));
            swaps.insert(from, to);
            swaps.insert(to, from);
        }
        let punctuation = classes.tags.iter().map(|(upos, _)| *upos == Upos::Punct).collect();
        Augment { stop, punctuation, swaps }
    }

    fn apply(&self, sentence: &Sentence, forms: &mut Forms, random: &mut Random) -> Option<Sentence> {
        let draw = random.unit();
        let mut out = sentence.clone();
        if draw < 0.03 {
            // A headline in capitals, without its stop.
            for form in &mut out.forms {
                let upper = forms.texts[*form as usize].to_uppercase();
                *form = forms.number(&upper);
            }
            self.drop_stop(&mut out);
            return Some(out);
        }
        if draw < 0.04 {
            for form in &mut out.forms {
                let lower = forms.texts[*form as usize].to_lowercase();
                *form = forms.number(&lower);
            }
            return Some(out);
        }
        if draw < 0.06 {
            // A headline with capitals on every longer word.
            for form in &mut out.forms {
                let text = &forms.texts[*form as usize];
                let mut chars = text.chars();
                if let Some(first) = chars.next().filter(|first| first.is_lowercase() && text.len() > 3) {
                    let title = first.to_uppercase().chain(chars).collect::<String>();
                    *form = forms.number(&title);
                }
            }
            self.drop_stop(&mut out);
            return Some(out);
        }
        if draw < 0.10 {
            return self.drop_stop(&mut out).then_some(out);
        }
        if draw < 0.30 {
            let mut changed = false;
            let mut open = false;
            for form in &mut out.forms {
                if let Some(other) = self.swaps.get(form) {
                    *form = *other;
                    changed = true;
                } else if forms.texts[*form as usize] == "\"" {
                    open = !open;
                    *form = forms.number(if open { "“" } else { "”" });
                    changed = true;
                } else if matches!(forms.texts[*form as usize].as_str(), "“" | "”" | "``" | "''") {
                    *form = forms.number("\"");
                    changed = true;
                }
            }
            return changed.then_some(out);
        }
        None
    }

    /// Takes a final stop away where nothing hangs from it.
    fn drop_stop(&self, sentence: &mut Sentence) -> bool {
        let last = sentence.len();
        let is_stop = last > 2
            && sentence.forms[last - 1] == self.stop
            && self.punctuation.get(sentence.tags[last - 1] as usize).copied().unwrap_or(false)
            && !sentence.heads.contains(&(last as u16))
            && sentence.heads[last - 1] != 0;
        if is_stop {
            sentence.forms.pop();
            sentence.heads.pop();
            sentence.relations.pop();
            sentence.tags.pop();
            sentence.feats.pop();
        }
        is_stop
    }
}
