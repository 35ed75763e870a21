//! The model: what it sees of a form, the network, and how scores become trees. Public for the trainer, which shares these parts.

pub mod bytes;
pub mod features;
pub mod lemma;
pub mod linear;
pub mod maths;
pub mod network;
pub mod tree;

use crate::ModelError;
use bytes::{Reader, Writer};
use lemma::{LemmaParts, Lemmatizer};
use network::{Network, Parts};

/// What a model file begins with once decompressed; the last byte is the version.
const MAGIC: u64 = u64::from_le_bytes(*b"chantxt\x02");
/// Decompressed models are smaller; a longer one is damaged.
const BYTES_MAX: u64 = 64 << 20;

/// Network and lemmas, ready for use.
#[derive(Debug)]
pub struct Model {
    /// Tags and trees.
    pub network: Network,
    /// Lemmas.
    pub lemmatizer: Lemmatizer,
}

impl Model {
    /// Decompresses and lays out a model file.
    ///
    /// # Errors
    /// Where the bytes are not a model of this version.
    pub fn decode(compressed: &[u8]) -> Result<Model, ModelError> {
        use std::io::Read as _;
        let mut plain = Vec::new();
        zstd::stream::read::Decoder::new(compressed)?.take(BYTES_MAX).read_to_end(&mut plain)?;
        let mut from = Reader::new(&plain);
        if from.u64()? != MAGIC {
            return Err(ModelError::Damaged("the first bytes"));
        }
        let parts = Parts::read(&mut from)?;
        let lemmas = LemmaParts::read(&mut from)?;
        if !from.is_empty() {
            return Err(ModelError::Damaged("too long"));
        }
        Ok(Model { network: Network::new(&parts), lemmatizer: Lemmatizer::new(&lemmas) })
    }

    /// The plain bytes of a model file: what the trainer compresses.
    #[must_use]
    pub fn encode(parts: &Parts, lemmas: &LemmaParts) -> Vec<u8> {
        let mut out = Writer::default();
        out.u64(MAGIC);
        parts.write(&mut out);
        lemmas.write(&mut out);
        out.bytes
    }
}
