//! Sentences, tokens, lemmas, tags and dependency parses of English, with the weights in the binary.
//!
//! ```
//! use chancery_text::{Level, Pipeline, Scratch};
//!
//! let pipeline = Pipeline::english()?;
//! let analysis = pipeline.analyze("Japan's prime minister met U.S. officials on Friday. They didn't agree.");
//! assert_eq!(analysis.sentences.len(), 2);
//! let forms: Vec<&str> = analysis.tokens.span.iter().map(|span| span.slice("Japan's prime minister")).take(2).collect();
//! assert_eq!(forms, ["Japan", "'s"]);
//!
//! // Many texts: keep the buffers, and stop where you need no more.
//! let (mut scratch, mut again) = (Scratch::default(), analysis);
//! pipeline.analyze_into("Talks go on.", Level::Tags, &mut scratch, &mut again);
//! assert_eq!(again.tokens.len(), 4);
//! # Ok::<(), chancery_text::ModelError>(())
//! ```
//!
//! # Invariants
//! - Never fails on any text; time is linear in its length; every span lies on `char` boundaries.
//! - The same text gives the same analysis on every machine and in any order: nothing learned from one text touches the next.
//! - Usable without the rest of Chancery; knows nothing of documents, stages or files.

mod annotate;
mod boundaries;
pub mod conllu;
pub mod model;

use annotate::AnnotateScratch;
use boundaries::{Piece, Rules};
use chancery_model::{Sentence, SentenceIx, Span, Tokens};
use model::Model;

/// The model that ships, compressed.
static ENGLISH: &[u8] = include_bytes!("../model/english.bin");

/// How far an analysis goes; each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Paragraphs, sentences and tokens.
    Tokens,
    /// Tags, features and lemmas too.
    Tags,
    /// Heads and relations too.
    #[default]
    Parse,
}

/// A text's paragraphs, sentences and tokens. Reused from text to text it allocates nothing once it has grown.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// Paragraphs, white space trimmed, in order.
    pub paragraphs: Vec<Span>,
    /// Sentences in order; together they hold all tokens.
    pub sentences: Vec<Sentence>,
    /// The tokens, in columns.
    pub tokens: Tokens,
    /// Sentences too long to be parsed at once; their pieces hang together by `parataxis`.
    pub in_pieces: Vec<SentenceIx>,
}

impl Analysis {
    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        self.paragraphs.clear();
        self.sentences.clear();
        self.tokens.clear();
        self.in_pieces.clear();
    }
}

/// Buffers that an analysis needs on the way; one a thread, reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    pieces: Vec<Piece>,
    annotate: AnnotateScratch,
}

/// The embedded model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The bytes are not a model of this version.
    #[error("the language model's bytes are damaged or of another version: {0}")]
    Damaged(&'static str),
    /// The bytes cannot be decompressed.
    #[error("the language model's bytes cannot be decompressed")]
    Compressed(#[from] std::io::Error),
}

/// Everything needed to analyse English. Immutable: share it between threads.
#[derive(Debug)]
pub struct Pipeline {
    rules: Rules,
    model: Model,
}

impl Pipeline {
    /// The pipeline with the model that ships; decodes it, so make it once and share it.
    ///
    /// # Errors
    /// Where the embedded model is damaged.
    pub fn english() -> Result<Pipeline, ModelError> {
        Pipeline::from_model(ENGLISH)
    }

    /// The pipeline with another model: the bytes that the trainer wrote.
    ///
    /// # Errors
    /// Where the bytes are not a model of this version.
    pub fn from_model(compressed: &[u8]) -> Result<Pipeline, ModelError> {
        Ok(Pipeline { rules: Rules::built_in(), model: Model::decode(compressed)? })
    }

    /// Analyses a text in full.
    #[must_use]
    pub fn analyze(&self, text: &str) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyze_into(text, Level::Parse, &mut Scratch::default(), &mut analysis);
        analysis
    }

    /// Analyses a text up to a level into buffers that are reused. What `analysis` held is gone.
    ///
    /// Texts beyond `u32::MAX` bytes are cut there: spans could not say where their ends are.
    pub fn analyze_into(&self, text: &str, level: Level, scratch: &mut Scratch, analysis: &mut Analysis) {
        let text = within_limit(text);
        analysis.clear();
        boundaries::split(
            text,
            &self.rules,
            &mut analysis.paragraphs,
            &mut analysis.sentences,
            &mut analysis.tokens,
            &mut scratch.pieces,
        );
        self.annotate(text, level, scratch, analysis);
    }

    /// Fills tags, lemmas and the parse of an analysis whose sentences and token spans stand (read from CoNLL-U, say).
    pub fn annotate(&self, text: &str, level: Level, scratch: &mut Scratch, analysis: &mut Analysis) {
        annotate::annotate(&self.model, text, level, &mut scratch.annotate, analysis);
    }
}

/// The text, or as much of it as spans can point into.
fn within_limit(text: &str) -> &str {
    let limit = u32::MAX as usize - 1;
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
