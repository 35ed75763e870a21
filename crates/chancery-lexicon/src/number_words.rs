//! Numbers in digits and words: "2,500", "twenty-five", "two hundred and fifty thousand", "half a million".

use rustc_hash::FxHashMap;

use crate::table::{LexiconError, Table};

/// How a word makes numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the data file explains the kinds")]
pub enum NumberWord {
    Unit(f64),
    Teen(f64),
    Ten(f64),
    Hundred,
    Dozen,
    Scale(f64),
    Short(f64),
    Ordinal(u32),
    Fraction(f64),
    Vague(f64),
    VagueScale(f64),
}

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// One past its last token.
    pub end: usize,
    /// The number; for vague ones the least that is meant.
    pub value: f64,
    /// "several", "thousands": the number is not told.
    pub vague: bool,
    /// Written in digits.
    pub digits: bool,
}

/// The words of `number_words.tsv`.
#[derive(Debug)]
pub struct NumberWords {
    words: FxHashMap<&'static str, NumberWord>,
    lengths: [u32; 256],
}

/// No number has more tokens; longer ones are cut.
const LONGEST: usize = 14;

impl NumberWords {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(include_str!("../data/number_words.tsv")).expect("`built_in_rows_are_good` parses these bytes")
    }

    /// What a word is, in any case.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<NumberWord> {
        let first = word.as_bytes().first()?.to_ascii_lowercase();
        if self.lengths[first as usize] & 1u32.checked_shl(word.len() as u32)? == 0 {
            return None;
        }
        let mut buffer = [0u8; 24];
        let bytes = buffer.get_mut(..word.len())?;
        bytes.copy_from_slice(word.as_bytes());
        bytes.make_ascii_lowercase();
        self.words.get(std::str::from_utf8(bytes).ok()?).copied()
    }

    /// Reads the number that begins with token `at`; tokens are asked for by index, below `end`.
    pub fn read<'t>(&self, at: usize, end: usize, form: impl Fn(usize) -> &'t str) -> Option<Number> {
        let end = end.min(at + LONGEST);
        let word = |index: usize| (index < end).then(|| form(index));
        let first = word(at)?;
        if let Some(value) = parse_digits(first) {
            return Some(self.scaled(Number { end: at + 1, value, vague: false, digits: true }, &word));
        }
        if first.eq_ignore_ascii_case("a") || first.eq_ignore_ascii_case("an") {
            return match self.get(word(at + 1)?)? {
                NumberWord::Hundred | NumberWord::Scale(_) | NumberWord::Dozen => self.words_from(at + 1, Some(1.0), &word),
                NumberWord::Vague(value) => Some(self.vague(at + 2, value, &word)),
                _ => None,
            };
        }
        match self.get(first)? {
            NumberWord::Fraction(value) => {
                // "half a million"
                let article = word(at + 1).is_some_and(|next| next.eq_ignore_ascii_case("a"));
                match self.get(word(at + 2)?)? {
                    NumberWord::Scale(scale) if article => {
                        Some(Number { end: at + 3, value: value * scale, vague: false, digits: false })
                    }
                    _ => None,
                }
            }
            NumberWord::Vague(value) => Some(self.vague(at + 1, value, &word)),
            NumberWord::VagueScale(scale) => {
                // "hundreds of thousands"
                let of = word(at + 1).is_some_and(|next| next.eq_ignore_ascii_case("of"));
                match word(at + 2).and_then(|next| self.get(next)) {
                    Some(NumberWord::VagueScale(more)) if of => {
                        Some(Number { end: at + 3, value: scale * more, vague: true, digits: false })
                    }
                    _ => Some(Number { end: at + 1, value: scale, vague: true, digits: false }),
                }
            }
            NumberWord::Ordinal(_) | NumberWord::Short(_) => None,
            _ => self.words_from(at, None, &word),
        }
    }

    /// "several", "a few", with "hundred" or "dozen" after it; "of" after "couple".
    fn vague<'t>(&self, mut at: usize, value: f64, word: &impl Fn(usize) -> Option<&'t str>) -> Number {
        let mut value = value;
        if word(at).is_some_and(|next| next.eq_ignore_ascii_case("of")) && value == 2.0 {
            at += 1;
        }
        while let Some(scale) = word(at).and_then(|next| self.get(next)) {
            match scale {
                NumberWord::Hundred => value *= 100.0,
                NumberWord::Dozen => value *= 12.0,
                NumberWord::Scale(scale) => value *= scale,
                _ => break,
            }
            at += 1;
        }
        Number { end: at, value, vague: true, digits: false }
    }

    /// Digits with scales after them: "2.5 million", "300 thousand".
    fn scaled<'t>(&self, mut number: Number, word: &impl Fn(usize) -> Option<&'t str>) -> Number {
        while let Some(NumberWord::Scale(scale)) = word(number.end).and_then(|next| self.get(next)) {
            number.value *= scale;
            number.end += 1;
        }
        if let Some((end, half)) = self.half(number.end, word) {
            number = Number { end, value: number.value + half, ..number };
        }
        number
    }

    /// "and a half".
    fn half<'t>(&self, at: usize, word: &impl Fn(usize) -> Option<&'t str>) -> Option<(usize, f64)> {
        let joined = word(at)? == "-";
        let at = at + usize::from(joined);
        (word(at)? == "and").then_some(())?;
        let at = at + 1 + usize::from(joined);
        (word(at)? == "a").then_some(())?;
        let at = at + 1 + usize::from(joined);
        match self.get(word(at)?)? {
            NumberWord::Fraction(value) => Some((at + 1, value)),
            _ => None,
        }
    }

    fn words_from<'t>(&self, mut at: usize, start: Option<f64>, word: &impl Fn(usize) -> Option<&'t str>) -> Option<Number> {
        let (mut total, mut current, mut scale_left) = (0.0, start, f64::INFINITY);
        let mut end = None;
        // The place of the last word inside its group: a ten takes a unit, a hundred takes tens.
        let mut room = 1000.0;
        while let Some(form) = word(at) {
            let skip = usize::from(end.is_some() && (form == "-" || form == "and"));
            let hyphen = skip == 1 && form == "-";
            let Some(kind) = word(at + skip).and_then(|form| self.get(form)) else { break };
            match kind {
                NumberWord::Unit(value) if room >= 10.0 => {
                    current = Some(current.unwrap_or(0.0) + value);
                    room = 1.0;
                }
                NumberWord::Teen(value) if room >= 100.0 && !hyphen => {
                    current = Some(current.unwrap_or(0.0) + value);
                    room = 1.0;
                }
                NumberWord::Ten(value) if room >= 100.0 && !hyphen => {
                    current = Some(current.unwrap_or(0.0) + value);
                    room = 10.0;
                }
                NumberWord::Hundred if skip == 0 && current.is_none_or(|value| value < 100.0) => {
                    current = Some(current.unwrap_or(1.0) * 100.0);
                    room = 100.0;
                }
                NumberWord::Dozen if skip == 0 => {
                    current = Some(current.unwrap_or(1.0) * 12.0);
                    room = 1.0;
                }
                NumberWord::Scale(scale) if skip == 0 && scale < scale_left && (current.is_some() || total > 0.0) => {
                    total += current.take().unwrap_or(1.0) * scale;
                    scale_left = scale;
                    room = 1000.0;
                }
                _ => break,
            }
            at += skip + 1;
            end = Some(at);
        }
        let end = end?;
        let number = Number { end, value: total + current.unwrap_or(0.0), vague: false, digits: false };
        Some(self.half(end, word).map_or(number, |(end, half)| Number { end, value: number.value + half, ..number }))
    }

    fn parse(text: &'static str) -> Result<Self, LexiconError> {
        let mut read = Self { words: FxHashMap::default(), lengths: [0; 256] };
        for row in Table::open("number_words.tsv", text, ["word", "kind", "value"])? {
            let (line, [word, kind, value]) = row?;
            let bad = |message: &str| LexiconError::new("number_words.tsv", line, message);
            let number: f64 = value.parse().map_err(|_| bad("the value is a number"))?;
            let kind = match kind {
                "unit" => NumberWord::Unit(number),
                "teen" => NumberWord::Teen(number),
                "ten" => NumberWord::Ten(number),
                "hundred" => NumberWord::Hundred,
                "dozen" => NumberWord::Dozen,
                "scale" => NumberWord::Scale(number),
                "short" => NumberWord::Short(number),
                "ordinal" => NumberWord::Ordinal(number as u32),
                "fraction" => NumberWord::Fraction(number),
                "vague" => NumberWord::Vague(number),
                "vague_scale" => NumberWord::VagueScale(number),
                _ => return Err(bad("this kind of number word is not known")),
            };
            let Some(first) = word.bytes().next().filter(|_| word.len() < 24) else {
                return Err(bad("a word has 1 to 23 bytes"));
            };
            read.lengths[first as usize] |= 1 << word.len();
            if read.words.insert(word, kind).is_some() {
                return Err(bad("this word is here twice"));
            }
        }
        Ok(read)
    }
}

/// A number in digits: `12`, `1,234,567`, `3.5`, `.5`; nothing else.
#[must_use]
pub fn parse_digits(form: &str) -> Option<f64> {
    let bytes = form.as_bytes();
    if bytes.len() > 18 || !(bytes.first()?.is_ascii_digit() || (bytes[0] == b'.' && bytes.len() > 1)) {
        return None;
    }
    let (whole, fraction) = form.split_once('.').unwrap_or((form, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || form.ends_with('.') {
        return None;
    }
    let mut value = 0.0;
    for (index, group) in whole.split(',').enumerate() {
        let right = group.bytes().all(|byte| byte.is_ascii_digit())
            && if index == 0 { !group.is_empty() || whole.is_empty() } else { group.len() == 3 || group.len() == 2 };
        if !right {
            return None;
        }
        for digit in group.bytes() {
            value = value * 10.0 + f64::from(digit - b'0');
        }
    }
    if whole.contains(',') && whole.rsplit(',').next().is_none_or(|group| group.len() != 3) {
        return None;
    }
    let digits = fraction.bytes().fold(0.0, |sum, digit| sum * 10.0 + f64::from(digit - b'0'));
    Some(value + digits / 10f64.powi(fraction.len() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, usize, bool)> {
        let words = NumberWords::built_in();
        let spaced = text.replace('-', " - ");
        let forms: Vec<&str> = spaced.split_ascii_whitespace().collect();
        words.read(0, forms.len(), |at| forms[at]).map(|number| (number.value, forms.len() - number.end, number.vague))
    }

    #[test]
    fn built_in_rows_are_good() {
        assert_eq!(NumberWords::built_in().get("Twelve"), Some(NumberWord::Teen(12.0)));
    }

    #[test]
    fn numbers_are_read_to_their_end() {
        for (text, value, left) in [
            ("2,500", 2500.0, 0),
            ("1,25", 1.0, 9),
            ("3.5 million people", 3.5e6, 1),
            ("twenty-five", 25.0, 0),
            ("two hundred and fifty thousand troops", 250_000.0, 1),
            ("a hundred days", 100.0, 1),
            ("half a million", 500_000.0, 0),
            ("two and a half years", 2.5, 1),
            ("one-and-a-half years", 1.5, 1),
            ("two and three", 2.0, 2),
            ("three million two hundred thousand", 3_200_000.0, 0),
            ("12,34,567", 1_234_567.0, 0),
        ] {
            if text == "1,25" {
                assert_eq!(read(text), None);
            } else {
                assert_eq!(read(text), Some((value, left, false)), "{text}");
            }
        }
        assert_eq!(read("several hundred men"), Some((300.0, 1, true)));
        assert_eq!(read("hundreds of thousands"), Some((100_000.0, 0, true)));
        assert_eq!(read("a couple of weeks"), Some((2.0, 1, true)));
        assert_eq!(read("second"), None);
    }
}
