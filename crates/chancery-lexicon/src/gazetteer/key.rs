//! Names reduced to what spelling variants share: the key that names are looked up by.
//!
//! Case, diacritics, apostrophes and full stops go; hyphens and slashes become blanks; "St.", "Mt." and "Ft." are written out.
//! "Saint-Étienne" and "St. Etienne" have one key, "saint etienne".

use crate::atoms;

/// Longest key in bytes; longer names are cut and so can only match names that share all of it.
const KEY_BYTES_MAX: usize = 96;

/// The key of a name, on the stack.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; KEY_BYTES_MAX],
    len: usize,
    /// Where the word that is being written begins.
    word: usize,
    /// Words that are complete.
    words: u8,
}

impl Default for Key {
    fn default() -> Self {
        Self { bytes: [0; KEY_BYTES_MAX], len: 0, word: 0, words: 0 }
    }
}

impl Key {
    /// The key of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut key = Self::default();
        key.push(name);
        key.close();
        key
    }

    /// Empties it.
    pub fn clear(&mut self) {
        (self.len, self.word, self.words) = (0, 0, 0);
    }

    /// Appends text. What stands before a blank or at a [`Key::close`] counts as a word.
    pub fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                'a'..='z' | '0'..='9' => self.byte(c as u8),
                'A'..='Z' => self.byte(c as u8 | 0x20),
                ' ' | '-' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\t' | '\n' => self.close(),
                '&' => {
                    self.close();
                    self.letters("and");
                    self.close();
                }
                _ => match atoms::plain(c) {
                    Some(plain) => self.letters(plain),
                    // Other letters stand for themselves, so that a user's names in other scripts can match.
                    None if c.is_alphanumeric() => {
                        let mut buffer = [0; 4];
                        self.letters(c.encode_utf8(&mut buffer));
                    }
                    None => {}
                },
            }
        }
    }

    /// Ends a word.
    pub fn close(&mut self) {
        if self.len == self.word {
            return;
        }
        let full: &[u8] = match &self.bytes[self.word..self.len] {
            b"st" | b"ste" => b"saint",
            b"mt" => b"mount",
            b"ft" => b"fort",
            b"el" => b"al",
            _ => b"",
        };
        if !full.is_empty() {
            self.len = self.word;
            for &byte in full {
                self.byte(byte);
            }
        }
        self.words = self.words.saturating_add(1);
        self.byte(b' ');
        self.word = self.len;
    }

    /// The bytes of the complete words, blanks between them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.word.saturating_sub(1).min(self.len)]
    }

    /// How many words are complete.
    #[must_use]
    pub const fn words(&self) -> u8 {
        self.words
    }

    fn byte(&mut self, byte: u8) {
        if self.len < KEY_BYTES_MAX {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    fn letters(&mut self, text: &str) {
        for byte in text.bytes() {
            self.byte(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        String::from_utf8(Key::of(name).bytes().to_vec()).unwrap()
    }

    #[test]
    fn spelling_variants_share_a_key() {
        assert_eq!(key("Saint-Étienne"), "saint etienne");
        assert_eq!(key("St. Etienne"), "saint etienne");
        assert_eq!(key("Mt. Fuji"), "mount fuji");
        assert_eq!(key("Ma'arrat al-Nu’man"), "maarrat al numan");
        assert_eq!(key("El-Arish"), key("al Arish"));
        assert_eq!(key("ŁÓDŹ"), "lodz");
        assert_eq!(key("Đà Nẵng"), "da nang");
        assert_eq!(key("Washington, D.C."), "washington dc");
        assert_eq!(key("Åland"), "aland");
        assert_eq!(key("Großräschen"), "grossraschen");
        assert_eq!(key("  "), "");
    }

    #[test]
    fn long_and_strange_names_are_cut_not_refused() {
        assert_eq!(key(&"x".repeat(1000)).len(), 95);
        assert_eq!(key("東京"), "東京");
        let _ = key(&"é-".repeat(500));
    }
}
