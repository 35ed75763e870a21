//! MinHash signatures: a sketch of a text's runs of words, from which the share that two texts have in common is estimated.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Words in a run.
const RUN: usize = 4;
/// Values in a signature: the estimate's error is about 1/√64.
const VALUES: usize = 64;
/// Values in a band: texts that share 80 % meet in one of 16 bands of 4 with a probability above 0.999.
const BAND: usize = 4;

/// A text's sketch.
pub struct Signature([u32; VALUES]);

impl Signature {
    /// The sketch of a text; `None` for one of fewer words than a run has.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<u64> = text.split_whitespace().map(hash).collect();
        let mut values = [u32::MAX; VALUES];
        for run in words.windows(RUN) {
            let mut hasher = FxHasher::default();
            run.iter().for_each(|word| hasher.write_u64(*word));
            let mut state = hasher.finish();
            for value in &mut values {
                // One generator step a value stands for one more hash function (splitmix64, Steele et al. 2014).
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                *value = (*value).min((mixed >> 32) as u32);
            }
        }
        (words.len() >= RUN).then_some(Self(values))
    }

    /// The keys under which texts like this one meet.
    pub fn bands(&self) -> impl Iterator<Item = u64> {
        self.0.chunks(BAND).enumerate().map(|(number, band)| {
            let mut hasher = FxHasher::default();
            hasher.write_usize(number);
            band.iter().for_each(|value| hasher.write_u32(*value));
            hasher.finish()
        })
    }

    /// The estimated share of runs that two texts have in common (Jaccard), 0 to 1.
    pub fn similarity(&self, other: &Self) -> f32 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f32 / VALUES as f32
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).for_each(|c| hasher.write_u32(c as u32));
    hasher.finish()
}
