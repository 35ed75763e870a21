//! Tokens as the grammar sees them: each one classified once.

use chancery_lexicon::number_words::NumberWord;
use chancery_lexicon::time_words::{TimeEntry, TimeWord};
use chancery_lexicon::{NumberWords, TimeWords};
use chancery_model::Document;

/// What a token is as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Num {
    No,
    /// Up to five digits and how many.
    Digits(u32, u8),
    /// "14th", "first".
    Ordinal(u32),
    /// "1990s": its first year; `true` where the century is not told ('90s).
    Decade(u16, bool),
    /// "'08".
    ShortYear(u8),
    /// "14:30", "2.30".
    Clock(u8, u8),
    /// Another token that begins with a digit: numeric dates, decimals, large numbers.
    Other,
    /// A word that begins a number.
    Word,
}

/// A classified token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tok {
    pub time: Option<TimeEntry>,
    pub num: Num,
    /// "mid-1990s" in one token.
    pub mid: bool,
}

impl Tok {
    pub(super) const NOTHING: Tok = Tok { time: None, num: Num::No, mid: false };

    pub(super) fn word(&self) -> Option<TimeWord> {
        self.time.map(|entry| entry.word)
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.time.is_none() && self.num == Num::No
    }
}

/// Classifies all tokens of a document.
pub(super) fn classify(doc: &Document, times: &TimeWords, numbers: &NumberWords, toks: &mut Vec<Tok>) {
    toks.clear();
    toks.extend(doc.tokens.span.iter().map(|span| token(span.slice(&doc.text), times, numbers)));
}

fn token(form: &str, times: &TimeWords, numbers: &NumberWords) -> Tok {
    let bytes = form.as_bytes();
    let Some(first) = bytes.first() else { return Tok::NOTHING };
    if first.is_ascii_digit() {
        return Tok { num: digits(form), ..Tok::NOTHING };
    }
    if first.is_ascii_alphabetic() {
        if let Some(time) = times.get(form) {
            let num = if matches!(time.word, TimeWord::EdgeNoun(_)) { Num::No } else { number(form, numbers) };
            return Tok { time: Some(time), num, mid: false };
        }
        let num = number(form, numbers);
        if num == Num::No && bytes.len() > 4 && bytes[3] == b'-' && bytes[..3].eq_ignore_ascii_case(b"mid") {
            let rest = token(&form[4..], times, numbers);
            return Tok { mid: !rest.is_nothing(), ..rest };
        }
        return Tok { num, ..Tok::NOTHING };
    }
    // '08, ’90s
    if let Some(rest) = form.strip_prefix(['\'', '’', '‘']) {
        let bytes = rest.as_bytes();
        if bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_digit) {
            let value = (bytes[0] - b'0') * 10 + bytes[1] - b'0';
            return match &rest[2..] {
                "" => Tok { num: Num::ShortYear(value), ..Tok::NOTHING },
                "s" if value.is_multiple_of(10) => Tok { num: Num::Decade(u16::from(value), true), ..Tok::NOTHING },
                _ => Tok::NOTHING,
            };
        }
        return Tok { time: times.get(form), ..Tok::NOTHING };
    }
    Tok::NOTHING
}

fn number(form: &str, numbers: &NumberWords) -> Num {
    match numbers.get(form) {
        None | Some(NumberWord::Short(_)) => Num::No,
        Some(NumberWord::Ordinal(value)) => Num::Ordinal(value),
        Some(_) => Num::Word,
    }
}

/// The shape of a token that begins with a digit.
fn digits(form: &str) -> Num {
    let bytes = form.as_bytes();
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count > 5 {
        return Num::Other;
    }
    let value = bytes[..count].iter().fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let rest = &form[count..];
    match rest {
        "" => Num::Digits(value, count as u8),
        "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH" if count <= 3 => Num::Ordinal(value),
        "s" | "'s" | "’s" if (count == 4 || count == 3) && value % 10 == 0 => Num::Decade(value as u16, false),
        "s" if count == 2 && value % 10 == 0 => Num::Decade(value as u16, true),
        _ => {
            let mark = rest.as_bytes()[0];
            let after = &rest.as_bytes()[1..];
            let minute = after.len() == 2 && after.iter().all(u8::is_ascii_digit);
            if minute && (mark == b':' || mark == b'.') && count <= 2 && value < 25 {
                let minute = (after[0] - b'0') * 10 + after[1] - b'0';
                if minute < 60 {
                    return Num::Clock(value as u8, minute);
                }
            }
            // "14:30:05"
            if mark == b':' && after.len() == 5 && after[2] == b':' && count <= 2 && value < 25 {
                let minute = (after[0].wrapping_sub(b'0')).wrapping_mul(10).wrapping_add(after[1].wrapping_sub(b'0'));
                if minute < 60 {
                    return Num::Clock(value as u8, minute);
                }
            }
            Num::Other
        }
    }
}
