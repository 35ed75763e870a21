//! The sequence model of names: an averaged perceptron over hashed features, trained on openly licensed corpora.
//!
//! Deterministic: the order of the sentences comes from a fixed seed, all sums are integers.

mod data;
pub mod eval;

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use chancery_annotate::entities::scan::Scan;
use chancery_annotate::entities::tagger::{self, LABELS, Label, ROW, ROWS, Rows, Tagger};
use chancery_lexicon::World;
use chancery_text::{Analysis, Level, Pipeline, Scratch};

pub use data::{Sample, read};

/// Passes over the training data.
const EPOCHS: usize = 14;
/// Rows met fewer times than this keep no weight: they only fit noise.
const RAREST: u32 = 2;

/// The files of a data folder that names are learned from.
#[must_use]
pub fn training_files(data: &Path) -> Vec<PathBuf> {
    let mut files = vec![data.join("uner/train_ewt_a.iob2"), data.join("wikigold/wikigold.conll.txt")];
    for genre in ["news", "interview", "bio", "voyage", "academic", "speech", "textbook", "vlog", "court"] {
        files.push(data.join(format!("ud/train/gum_{genre}.conllu")));
    }
    files
}

/// Tags a corpus document as the pipeline would, keeping its tokens.
fn tag(samples: &mut [Sample], pipeline: &Pipeline) {
    let mut scratch = Scratch::default();
    for sample in samples {
        let mut analysis = Analysis {
            sentences: sample.doc.sentences.clone(),
            tokens: std::mem::take(&mut sample.doc.tokens),
            ..Analysis::default()
        };
        pipeline.annotate(&sample.doc.text, Level::Tags, &mut scratch, &mut analysis);
        sample.doc.tokens = analysis.tokens;
    }
}

/// A stretch of tokens that may hold names.
struct Stretch {
    rows: Vec<Rows>,
    gold: Vec<Label>,
}

fn stretches(samples: &[Sample], world: &World) -> Vec<Stretch> {
    let mut out = Vec::new();
    for sample in samples {
        let scan = Scan::of(&sample.doc, world);
        let facts = tagger::facts(&sample.doc, &scan);
        for sentence in &sample.doc.sentences {
            let range = sentence.tokens.range();
            let mut here = Stretch { rows: Vec::new(), gold: Vec::new() };
            for at in range.clone() {
                match tagger::rows(&facts, sentence, at) {
                    Some(rows) => {
                        let mut label = sample.labels[at];
                        let before = here.gold.last().copied().unwrap_or(Label::Out);
                        if !label.may_follow(before) {
                            // The name began on a token that is never looked at: it begins here.
                            label = match label {
                                Label::InPerson => Label::BeginPerson,
                                Label::InOrganization => Label::BeginOrganization,
                                _ => Label::BeginPlace,
                            };
                        }
                        here.rows.push(rows);
                        here.gold.push(label);
                    }
                    None if !here.rows.is_empty() => {
                        out.push(std::mem::replace(&mut here, Stretch { rows: Vec::new(), gold: Vec::new() }))
                    }
                    None => {}
                }
            }
            if !here.rows.is_empty() {
                out.push(here);
            }
        }
    }
    out
}

/// Trains a model on the files of a data folder and gives its bytes.
///
/// # Errors
/// A file that cannot be read.
pub fn train(data: &Path) -> Result<Vec<u8>> {
    let world = World::built_in();
    let pipeline = Pipeline::english()?;
    let mut samples = Vec::new();
    for file in training_files(data) {
        samples.extend(read(&file)?);
    }
    ensure!(!samples.is_empty(), "no training data");
    tag(&mut samples, &pipeline);
    let mut stretches = stretches(&samples, &world);
    let mut seen = vec![0u32; ROWS];
    for row in stretches.iter().flat_map(|stretch| stretch.rows.iter().flatten()) {
        seen[*row as usize] += 1;
    }
    let mut learner = Learner::new();
    let mut order = Order(0x5eed);
    for epoch in 0..EPOCHS {
        order.shuffle(&mut stretches);
        let mut wrong = 0;
        for stretch in &stretches {
            wrong += learner.learn(stretch, &seen);
        }
        eprintln!("epoch {epoch}: {wrong} tokens wrong");
    }
    Ok(learner.finish())
}

struct Learner {
    weights: Vec<[i32; ROW]>,
    sums: Vec<[i64; ROW]>,
    transitions: [[i32; ROW]; LABELS],
    transition_sums: [[i64; ROW]; LABELS],
    step: i64,
    scores: Vec<[i32; ROW]>,
    back: Vec<[u8; ROW]>,
    labels: Vec<Label>,
}

impl Learner {
    fn new() -> Self {
        Self {
            weights: vec![[0; ROW]; ROWS],
            sums: vec![[0; ROW]; ROWS],
            transitions: [[0; ROW]; LABELS],
            transition_sums: [[0; ROW]; LABELS],
            step: 0,
            scores: Vec::new(),
            back: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// Learns from a stretch; gives how many of its tokens were wrong.
    fn learn(&mut self, stretch: &Stretch, seen: &[u32]) -> usize {
        self.step += 1;
        self.scores.clear();
        for rows in &stretch.rows {
            let mut sum = [0; ROW];
            for row in rows {
                for (cell, weight) in sum.iter_mut().zip(&self.weights[*row as usize]) {
                    *cell += weight;
                }
            }
            self.scores.push(sum);
        }
        let mut labels = std::mem::take(&mut self.labels);
        tagger::viterbi(&self.scores, &self.transitions, &mut self.back, &mut labels);
        let wrong = labels.iter().zip(&stretch.gold).filter(|(guess, gold)| guess != gold).count();
        if wrong > 0 {
            let (mut guess_before, mut gold_before) = (Label::Out, Label::Out);
            for (at, rows) in stretch.rows.iter().enumerate() {
                let (guess, gold) = (labels[at], stretch.gold[at]);
                if guess != gold {
                    for row in rows.iter().filter(|row| seen[**row as usize] >= RAREST) {
                        self.bump(*row as usize, gold, 1);
                        self.bump(*row as usize, guess, -1);
                    }
                }
                if (guess_before, guess) != (gold_before, gold) {
                    self.bump_transition(gold_before, gold, 1);
                    self.bump_transition(guess_before, guess, -1);
                }
                (guess_before, gold_before) = (guess, gold);
            }
        }
        self.labels = labels;
        wrong
    }

    fn bump(&mut self, row: usize, label: Label, by: i32) {
        self.weights[row][label as usize] += by;
        self.sums[row][label as usize] += i64::from(by) * self.step;
    }

    fn bump_transition(&mut self, before: Label, label: Label, by: i32) {
        self.transitions[before as usize][label as usize] += by;
        self.transition_sums[before as usize][label as usize] += i64::from(by) * self.step;
    }

    /// The averaged weights as little-endian 16-bit numbers.
    fn finish(&self) -> Vec<u8> {
        let average = |weight: i32, sum: i64| {
            let scaled = (i64::from(weight) * (self.step + 1) - sum) * 64 / (self.step + 1);
            scaled.clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
        };
        let mut bytes = Vec::with_capacity((LABELS + ROWS) * ROW * 2);
        let rows = self.transitions.iter().zip(&self.transition_sums).chain(self.weights.iter().zip(&self.sums));
        for (weights, sums) in rows {
            for (weight, sum) in weights.iter().zip(sums) {
                bytes.extend(average(*weight, *sum).to_le_bytes());
            }
        }
        bytes
    }
}

/// A small generator of random numbers with a fixed seed.
struct Order(u64);

impl Order {
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            items.swap(at, ((self.0 >> 33) as usize) % (at + 1));
        }
    }
}

/// Precision, recall and F1 of the names of a file, as the model alone marks them.
///
/// # Errors
/// A file that cannot be read.
pub fn evaluate_model(bytes: &[u8], file: &Path) -> Result<Score> {
    let world = World::built_in();
    let pipeline = Pipeline::english()?;
    let mut samples = read(file)?;
    tag(&mut samples, &pipeline);
    let tagger = Tagger::decode(bytes);
    ensure!(tagger.is_some(), "the model has another size");
    let mut score = Score::default();
    if let Some(tagger) = tagger {
        for sample in &samples {
            let scan = Scan::of(&sample.doc, &world);
            let found: Vec<(u32, u32, Label)> =
                tagger.mark(&sample.doc, &scan).into_iter().map(|name| (name.start, name.end, name.label)).collect();
            score.add(&spans(&sample.labels), &found);
        }
    }
    Ok(score)
}

/// The names that labels mark.
#[must_use]
pub fn spans(labels: &[Label]) -> Vec<(u32, u32, Label)> {
    let mut out: Vec<(u32, u32, Label)> = Vec::new();
    let mut before = Label::Out;
    for (at, label) in labels.iter().enumerate() {
        if label.begins() {
            out.push((at as u32, at as u32 + 1, *label));
        } else if *label != Label::Out
            && before != Label::Out
            && let Some(last) = out.last_mut()
        {
            last.1 = at as u32 + 1;
        }
        before = *label;
    }
    out
}

/// What a comparison counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// Right.
    pub right: usize,
    /// In the gold.
    pub gold: usize,
    /// Found.
    pub found: usize,
}

impl Score {
    /// Counts a document.
    pub fn add(&mut self, gold: &[(u32, u32, Label)], found: &[(u32, u32, Label)]) {
        self.gold += gold.len();
        self.found += found.len();
        self.right += found.iter().filter(|name| gold.contains(name)).count();
    }

    /// Precision.
    #[must_use]
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    /// Recall.
    #[must_use]
    pub fn recall(&self) -> f64 {
        self.right as f64 / self.gold.max(1) as f64
    }

    /// F1.
    #[must_use]
    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.gold + self.found).max(1) as f64
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "P {:.3} R {:.3} F1 {:.3} ({} gold, {} found)",
            self.precision(),
            self.recall(),
            self.f1(),
            self.gold,
            self.found
        )
    }
}
