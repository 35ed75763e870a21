//! From bytes to code points, in one pass over a text.
//!
//! # Invariants
//! - Inside the program spans are bytes; the datasets count Unicode code points, as Python does. This is the only bridge.

use crate::Span;

/// Bytes per block of the index: one cache line.
const BLOCK: usize = 64;

/// The code points before each block of a text. An ASCII text needs none.
pub struct Offsets<'a> {
    text: &'a [u8],
    before: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        if text.is_ascii() {
            return Self { text: bytes, before: Vec::new() };
        }
        let mut before = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut count = 0;
        for block in bytes.chunks(BLOCK) {
            before.push(count);
            count += starts(block);
        }
        before.push(count);
        Self { text: bytes, before }
    }

    /// The number of code points before a byte, which must be a `char` boundary.
    #[must_use]
    pub fn of(&self, byte: u32) -> u32 {
        if self.before.is_empty() {
            return byte;
        }
        let block = byte as usize / BLOCK;
        let within = &self.text[(block * BLOCK).min(self.text.len())..(byte as usize).min(self.text.len())];
        self.before[block.min(self.before.len() - 1)] + starts(within)
    }

    /// A span in code points.
    #[must_use]
    pub fn span(&self, span: Span) -> (u32, u32) {
        (self.of(span.start), self.of(span.end))
    }

    /// All code points of the text.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.of(self.text.len() as u32)
    }
}

/// How many code points begin in these bytes (all but continuation bytes).
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from((*byte as i8) >= -0x40)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_counting(text in "(\\PC|[a-z \n]){0,300}") {
            let offsets = Offsets::new(&text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(offsets.of(byte as u32), count as u32);
            }
            prop_assert_eq!(offsets.total(), text.chars().count() as u32);
        }
    }
}
