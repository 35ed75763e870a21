//! Times of day and dates in digits.

use chancery_lexicon::time_words::TimeWord;

use super::grammar::{Read, Reader, clock_spec};
use super::spec::{Base, Spec};
use super::words::Num;

impl Reader<'_> {
    /// "14:30", "2.30 p.m. GMT".
    pub(super) fn clock(&self, at: usize, hour: u8, minute: u8) -> Read<Spec> {
        if let Some(found) = self.hour(at, hour, Some(minute), at + 1) {
            return Some(found);
        }
        // A decimal is no time; a score ("won 3:1") has one digit after its colon and is none either.
        if self.form(at).contains('.') || (hour < 10 && self.form(at).len() == 3) {
            return None;
        }
        let (end, utc) = self.zone(at + 1);
        Some((end, clock_spec(hour, Some(minute), utc)))
    }

    /// An hour with "a.m.", "p.m." or "o'clock" at `next`.
    pub(super) fn hour(&self, at: usize, hour: u8, minute: Option<u8>, next: usize) -> Read<Spec> {
        let _ = at;
        match self.word(next)? {
            TimeWord::Meridiem(afternoon) if (1..=12).contains(&hour) => {
                let hour = hour % 12 + if afternoon { 12 } else { 0 };
                let (end, utc) = self.zone(next + 1);
                Some((end, clock_spec(hour, minute, utc)))
            }
            TimeWord::OClock if hour <= 24 => {
                let part = match (self.lower(next + 1, "in"), self.lower(next + 2, "the"), self.word(next + 3)) {
                    (true, true, Some(TimeWord::Part(part))) => Some(part),
                    _ => None,
                };
                let later = matches!(part, Some("AF" | "EV" | "NI")) && (1..12).contains(&hour);
                let hour = if later { hour + 12 } else { hour };
                let end = if part.is_some() { next + 4 } else { next + 1 };
                Some((end, clock_spec(hour, minute, false)))
            }
            _ => None,
        }
    }

    /// "five o'clock", "seven p.m.".
    pub(super) fn clock_in_words(&self, at: usize) -> Read<Spec> {
        if !matches!(self.word(at + 1), Some(TimeWord::OClock | TimeWord::Meridiem(_))) {
            return None;
        }
        let number = self.number(at).filter(|number| number.end == at + 1 && number.value <= 12.0)?;
        self.hour(at, number.value as u8, None, at + 1)
    }

    /// "noon", "midnight".
    pub(super) fn named_clock(&self, at: usize, hour: u8) -> Read<Spec> {
        let (end, utc) = self.zone(at + 1);
        Some((end, clock_spec(hour, Some(0), utc)))
    }

    /// A clock, and nothing else.
    pub(super) fn time_of_day(&self, at: usize) -> Read<Spec> {
        match self.tok(at)?.num {
            Num::Clock(hour, minute) => self.clock(at, hour, minute),
            Num::Digits(value, 1..=2) if value <= 24 => self.hour(at, value as u8, None, at + 1),
            _ => None,
        }
    }

    fn zone(&self, at: usize) -> (usize, bool) {
        match self.word(at) {
            Some(TimeWord::Zone(utc)) => (at + 1, utc),
            _ => (at, false),
        }
    }

    /// "2023-04-14", "14/04/2023", "14.4.2023", "2023-04-14T12:00".
    pub(super) fn numeric(&self, at: usize) -> Read<Spec> {
        let form = self.form(at);
        let bytes = form.as_bytes();
        if bytes.len() < 6 || bytes.len() > 26 {
            return None;
        }
        let mark = *bytes.iter().find(|byte| !byte.is_ascii_digit())?;
        if !matches!(mark, b'-' | b'/' | b'.') {
            return None;
        }
        let mut parts = [(0u32, 0usize); 3];
        let mut count = 0;
        let mut rest = bytes;
        loop {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 || length > 4 || count == 3 {
                return None;
            }
            parts[count] = (rest[..length].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')), length);
            count += 1;
            rest = &rest[length..];
            match rest.first() {
                Some(byte) if *byte == mark && count < 3 => rest = &rest[1..],
                _ => break,
            }
        }
        if count != 3 {
            return None;
        }
        let timed = rest.first() == Some(&b'T');
        if !rest.is_empty() && !timed {
            return None;
        }
        let [(first, first_length), (second, _), (third, third_length)] = parts;
        let spec = if first_length == 4 {
            let fits = (1..=12).contains(&second) && (1..=31).contains(&third);
            fits.then(|| Spec::new(Base::Exact { year: first as i32, month: second as u8, day: third as u8 }))?
        } else {
            if third_length == 3 || (third_length < 4 && (mark == b'.' || third_length != 2)) || third == 0 && third_length == 4 {
                return None;
            }
            let year = if third_length == 2 { self.full_year(third as u8) } else { third as i32 };
            let one = (1..=12).contains(&first) && (1..=31).contains(&second);
            let other = (1..=31).contains(&first) && (1..=12).contains(&second);
            (one || other).then(|| Spec::new(Base::Numeric { first: first as u8, second: second as u8, year }))?
        };
        if timed {
            return Some(self.iso_clock(at, &form[form.len() - rest.len() + 1..], spec));
        }
        Some((at + 1, spec))
    }

    /// The clock after the `T` of an ISO date; it may go on in the tokens after it.
    fn iso_clock(&self, at: usize, hour: &str, mut spec: Spec) -> (usize, Spec) {
        let span = self.doc.tokens.span[at];
        let rest = &self.doc.text.as_bytes()[span.end as usize - hour.len()..];
        let length = rest
            .iter()
            .take(16)
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'+' | b'-'))
            .count();
        let two = |from: usize| -> Option<u8> {
            let digits = rest.get(from..from + 2)?;
            digits.iter().all(u8::is_ascii_digit).then(|| (digits[0] - b'0') * 10 + digits[1] - b'0')
        };
        let stop = span.end as usize - hour.len() + length;
        let mut end = at + 1;
        while end < self.end && self.doc.tokens.span[end].end as usize <= stop && end < at + 9 {
            end += 1;
        }
        if let Some(hour) = two(0).filter(|hour| *hour < 25) {
            let minute = (rest.get(2) == Some(&b':')).then(|| two(3)).flatten().filter(|minute| *minute < 60);
            let utc = rest[..length.min(rest.len())].contains(&b'Z');
            spec.clock = Some(super::spec::Clock { hour, minute, utc });
        }
        (end, spec)
    }
}
