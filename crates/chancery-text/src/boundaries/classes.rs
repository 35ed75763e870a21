//! What a byte, or a character beyond ASCII, can be for the rules.

/// Bits of [`CLASS`]: what a byte is.
pub const SPACE: u8 = 1;
pub const LETTER: u8 = 2;
pub const DIGIT: u8 = 4;
pub const PUNCT: u8 = 8;
pub const HIGH: u8 = 16;
pub const UPPER: u8 = 32;

/// The class of every byte; control characters count as space.
pub static CLASS: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut byte = 0usize;
    while byte < 256 {
        let c = byte as u8;
        table[byte] = if c <= b' ' || c == 0x7f {
            SPACE
        } else if c.is_ascii_uppercase() {
            LETTER | UPPER
        } else if c.is_ascii_lowercase() {
            LETTER
        } else if c.is_ascii_digit() {
            DIGIT
        } else if c < 0x80 {
            PUNCT
        } else {
            HIGH
        };
        byte += 1;
    }
    table
};

/// What a character is for the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// White space or control.
    Space,
    /// Part of a word: letters, marks, joiners.
    Letter,
    /// A digit of any script.
    Digit,
    /// An opening mark of quotation, or a closing one, or an apostrophe.
    Quote,
    /// A dash or hyphen beyond ASCII.
    Dash,
    /// A sentence's end in another script, or `…`.
    Stop,
    /// Any other punctuation or symbol: a token of its own.
    Symbol,
}

/// Decodes the character that starts at `at` (which must be a boundary) and its length in bytes.
#[inline]
pub fn char_at(text: &str, at: usize) -> (char, usize) {
    match text[at..].chars().next() {
        Some(c) => (c, c.len_utf8()),
        None => (' ', 1),
    }
}

/// Whether a character beyond ASCII is white space or a control character (both count as space).
#[inline]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The kind of any character.
pub fn kind(c: char) -> Kind {
    if c.is_ascii() {
        let class = CLASS[c as usize];
        return if class & SPACE != 0 {
            Kind::Space
        } else if class & LETTER != 0 {
            Kind::Letter
        } else if class & DIGIT != 0 {
            Kind::Digit
        } else {
            match c {
                '"' | '\'' | '`' => Kind::Quote,
                '-' => Kind::Dash,
                '.' | '!' | '?' => Kind::Stop,
                _ => Kind::Symbol,
            }
        };
    }
    match c {
        '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '\u{300c}'..='\u{300f}' | '\u{2032}' | '\u{2033}' => Kind::Quote,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Kind::Dash,
        '…' | '。' | '！' | '？' | '．' | '؟' | '।' => Kind::Stop,
        // Joiners, marks of direction and the soft hyphen sit inside words.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => Kind::Letter,
        // Combining marks.
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => Kind::Letter,
        _ if is_space(c) => Kind::Space,
        _ if c.is_alphabetic() => Kind::Letter,
        _ if c.is_numeric() => Kind::Digit,
        // Vowel signs and other marks of scripts that `is_alphabetic` leaves out (Devanagari, Thai, Arabic and so on).
        '\u{0591}'..='\u{05c7}'
        | '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{065f}'
        | '\u{0900}'..='\u{0dff}'
        | '\u{0e00}'..='\u{0eff}' => Kind::Letter,
        _ => Kind::Symbol,
    }
}
