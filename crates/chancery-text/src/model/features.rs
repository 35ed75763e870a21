//! What the model sees of a token: keys for its form, its affixes and its shape. All of it is a function of the form alone.

/// The most keys that a form can have.
pub const KEYS_MAX: usize = 16;

/// The keys of a form; the first [`Keys::words`] say which word it is, the others what it looks like.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    keys: [u64; KEYS_MAX],
    length: u8,
    words: u8,
}

impl Keys {
    /// All keys.
    #[must_use]
    pub fn all(&self) -> &[u64] {
        &self.keys[..self.length as usize]
    }

    /// How many of them name the word itself.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words as usize
    }

    fn push(&mut self, kind: u8, bytes: &[u8]) {
        self.keys[self.length as usize] = hash(kind, bytes);
        self.length += 1;
    }
}

/// Longest form that is looked at; the rest of a longer one is ignored.
const FORM_BYTES_MAX: usize = 64;

/// The keys of a form.
#[must_use]
pub fn keys(form: &str) -> Keys {
    let mut out = Keys { keys: [0; KEYS_MAX], length: 0, words: 0 };
    let mut end = form.len().min(FORM_BYTES_MAX);
    while !form.is_char_boundary(end) {
        end -= 1;
    }
    let form = &form[..end];
    // Lower case, marks of quotation and digits made alike; where each character begins.
    let mut lower = [0u8; 2 * FORM_BYTES_MAX + 8];
    let mut starts = [0u8; FORM_BYTES_MAX + 1];
    let (mut length, mut chars) = (0usize, 0usize);
    let (mut uppers, mut lowers, mut digits, mut others, mut first_upper) = (0u32, 0u32, 0u32, 0u32, false);
    let mut shape = [0u8; 12];
    let mut shape_length = 0usize;
    for c in form.chars() {
        let (plain, class) = match c {
            'a'..='z' => (c, b'x'),
            'A'..='Z' => (c.to_ascii_lowercase(), b'X'),
            '0'..='9' => ('0', b'd'),
            '’' | '‘' | '`' | '′' => ('\'', b'\''),
            '“' | '”' | '„' | '«' | '»' => ('"', b'"'),
            '–' | '—' | '−' | '‐' | '‑' | '―' => ('-', b'-'),
            '…' => ('.', b'.'),
            _ if c.is_ascii() => (c, c as u8),
            _ if c.is_uppercase() => (c.to_lowercase().next().unwrap_or(c), b'X'),
            _ if c.is_alphabetic() => (c, b'x'),
            _ if c.is_numeric() => (c, b'd'),
            _ => (c, b'~'),
        };
        match class {
            b'X' => {
                first_upper |= chars == 0;
                uppers += 1;
            }
            b'x' => lowers += 1,
            b'd' => digits += 1,
            _ => others += 1,
        }
        starts[chars] = length as u8;
        chars += 1;
        length += plain.encode_utf8(&mut lower[length..]).len();
        if shape_length < shape.len() && (shape_length == 0 || shape[shape_length - 1] != class) {
            shape[shape_length] = class;
            shape_length += 1;
        }
    }
    starts[chars] = length as u8;
    let lower = &lower[..length];
    out.push(0, lower);
    if lower != form.as_bytes() {
        out.push(1, form.as_bytes());
    }
    out.words = out.length;
    for n in 1..=3 {
        if chars > n {
            out.push(1 + n as u8, &lower[..starts[n] as usize]);
        }
    }
    for n in 1..=4 {
        if chars > n {
            out.push(4 + n as u8, &lower[starts[chars - n] as usize..]);
        }
    }
    out.push(9, &shape[..shape_length]);
    let case = match (uppers, lowers) {
        (0, 0) => 0,
        (0, _) => 1,
        (1, 0) => 2,
        (_, 0) => 3,
        (1, _) if first_upper => 4,
        _ => 5,
    };
    out.push(10, &[case, chars.min(12) as u8, u8::from(digits > 0), u8::from(others > 0)]);
    // What comes before the suffix of an inflected form: `announc` of `announced`, `announcing`.
    for (n, ending) in [(2usize, &b"ed"[..]), (3, b"ing"), (2, b"es"), (1, b"s")] {
        if chars > n + 3 && lower.ends_with(ending) {
            out.push(11, &lower[..length - ending.len()]);
            break;
        }
    }
    out
}

/// A hash that is the same everywhere and for ever: models hold its values.
#[must_use]
pub fn hash(kind: u8, bytes: &[u8]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ (u64::from(kind) << 56) ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        state = mix(state ^ u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
    }
    let mut last = [0u8; 8];
    let rest = chunks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    mix(mix(state ^ u64::from_le_bytes(last)))
}

fn mix(state: u64) -> u64 {
    let wide = u128::from(state) * 0xd6e8_feb8_6659_fd93_u128;
    (wide as u64) ^ ((wide >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_differ_in_marks_only_share_their_first_key() {
        assert_eq!(keys("n’t").all()[0], keys("n't").all()[0]);
        assert_eq!(keys("Tokyo").all()[0], keys("tokyo").all()[0]);
        assert_ne!(keys("Tokyo").all()[1], keys("tokyo").all()[1]);
        assert_eq!(keys("2019").all()[0], keys("1876").all()[0]);
    }

    #[test]
    fn long_and_odd_forms_have_keys_too() {
        for form in ["", "a", "é", "ẞİ", "😀😀", &"x".repeat(500), &"İ".repeat(100), &"語".repeat(60)] {
            let keys = keys(form);
            assert!(!keys.all().is_empty() && keys.words() <= 2, "{form}");
        }
    }
}
