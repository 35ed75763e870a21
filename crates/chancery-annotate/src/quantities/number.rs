//! Reads a number with its currency, scale, range and unit off the tokens.

use chancery_lexicon::measures::{Place, UnitOf};
use chancery_lexicon::number_words::{Number, NumberWord, parse_digits};
use chancery_lexicon::{Measures, NumberWords};
use chancery_model::{Document, Upos};

/// The tokens of one sentence.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub doc: &'a Document,
    pub measures: &'a Measures,
    pub numbers: &'a NumberWords,
    /// First token of the sentence.
    pub start: usize,
    /// One past its last.
    pub end: usize,
}

/// A number as it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    /// First token, the currency's symbol included.
    pub first: usize,
    /// First token of the number.
    pub number: usize,
    /// One past the last token of number and scale.
    pub number_end: usize,
    /// One past the unit.
    pub end: usize,
    pub value: f64,
    pub value_to: Option<f64>,
    pub unit: Option<UnitOf>,
    /// "dozens", "thousands".
    pub vague: bool,
    /// "3-1", "10-15": two numbers with nothing but a dash between them.
    pub dashed: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn form(&self, at: usize) -> &'a str {
        self.doc.tokens.span[at].slice(&self.doc.text)
    }

    pub(super) fn form_at(&self, at: usize) -> Option<&'a str> {
        (at < self.end).then(|| self.form(at))
    }

    pub(super) fn any_of(&self, at: usize, words: &[&str]) -> bool {
        self.form_at(at).is_some_and(|form| words.iter().any(|word| form.eq_ignore_ascii_case(word)))
    }

    pub(super) fn before_is(&self, at: usize, words: &[&str]) -> bool {
        at > self.start && self.any_of(at - 1, words)
    }

    pub(super) fn upos(&self, at: usize) -> Upos {
        if at < self.end { self.doc.tokens.upos[at] } else { Upos::Unknown }
    }

    /// Whether no blank stands between a token and the one before it.
    pub(super) fn touches(&self, at: usize) -> bool {
        at > self.start && at < self.end && self.doc.tokens.span[at - 1].end == self.doc.tokens.span[at].start
    }

    /// Whether a number can begin with this token: most words of a text end here.
    pub(super) fn may_begin(&self, at: usize) -> bool {
        let form = self.form(at);
        match form.as_bytes() {
            [] => false,
            [first, ..] if first.is_ascii_digit() => true,
            [b'.', digit, ..] => digit.is_ascii_digit(),
            [b'a' | b'A'] | [b'a' | b'A', b'n'] => true,
            [.., b'$'] => true,
            [first, ..] if first.is_ascii_alphabetic() => {
                let code = form.len() <= 3 && first.is_ascii_uppercase() && self.begins_with_digit(at + 1);
                code || self.numbers.get(form).is_some()
            }
            // Symbols of currencies are beyond ASCII; so are the letters of other scripts, which the table does not know.
            [first, ..] => *first >= 0x80 && self.begins_with_digit(at + 1),
        }
    }

    fn begins_with_digit(&self, at: usize) -> bool {
        self.form_at(at).is_some_and(|form| form.as_bytes()[0].is_ascii_digit())
    }

    /// The number that begins with this token, with all that belongs to it.
    pub(super) fn amount(&self, at: usize) -> Option<Amount> {
        let (money, number_at) = match self.symbol(at) {
            Some(code) => (Some(code), at + 1),
            None => (None, at),
        };
        let number = self.number(number_at)?;
        let (number, scaled) = self.short_scale(number, money.is_some());
        let mut amount = Amount {
            first: at,
            number: number_at,
            number_end: number.end,
            end: number.end,
            value: number.value,
            value_to: None,
            unit: money.map(|code| UnitOf::Money(code, Place::Before)),
            vague: number.vague,
            dashed: false,
        };
        // "two-thirds of Yemenis"
        let hyphen = usize::from(self.form_at(amount.end) == Some("-"));
        let share = self.form_at(amount.end + hyphen).and_then(|form| self.numbers.get(form));
        if let (Some(NumberWord::Fraction(part)), None, false) = (share, money, number.digits) {
            amount.end += hyphen + 1;
            amount.number_end = amount.end;
            amount.value *= part;
            amount.unit = Some(UnitOf::Measure("fraction"));
            return Some(amount);
        }
        self.range(&mut amount, money, scaled);
        self.unit(&mut amount, money);
        if amount.unit.is_none() && matches!(self.form_at(amount.end), Some("-" | "–")) {
            // "a 5-km march", "a 10-percent rise"
            let mut hyphened = amount;
            hyphened.end += 1;
            self.unit(&mut hyphened, money);
            if hyphened.unit.is_some() {
                amount = hyphened;
            }
        }
        Some(amount)
    }

    /// A currency's symbol or code before a number in digits.
    fn symbol(&self, at: usize) -> Option<&'static str> {
        if !self.begins_with_digit(at + 1) {
            return None;
        }
        let (end, unit) = self.measures.unit(at, at + 1, |index| self.form(index))?;
        match unit {
            UnitOf::Money(code, Place::Before | Place::Both) if end == at + 1 => Some(code),
            UnitOf::Money(code, Place::Code) if self.form(at).bytes().all(|byte| byte.is_ascii_uppercase()) => Some(code),
            _ => None,
        }
    }

    fn number(&self, at: usize) -> Option<Number> {
        if at >= self.end {
            return None;
        }
        let number = self.numbers.read(at, self.end, |index| self.form(index))?;
        // "several", "a few": no number is told. "Dozens", "thousands" tell its size.
        let told = !number.vague || matches!(self.numbers.get(self.form(at)), Some(NumberWord::VagueScale(_)));
        told.then_some(number)
    }

    /// "5bn", "£3m", "10k": a scale in letters.
    fn short_scale(&self, number: Number, money: bool) -> (Number, f64) {
        let same = (number, 1.0);
        let Some(form) = self.form_at(number.end) else { return same };
        let Some(NumberWord::Short(scale)) = self.numbers.get(form) else { return same };
        if !number.digits {
            return same;
        }
        let sure = form.len() >= 2 && !form.eq_ignore_ascii_case("b");
        let touches = self.touches(number.end);
        // "5m people" are millions, "5m deep" is a depth.
        let counted = matches!(self.upos(number.end + 1), Upos::Noun | Upos::Propn)
            || self.measures.unit(number.end + 1, self.end, |index| self.form(index)).is_some();
        if !(sure || touches && (money || counted)) {
            return same;
        }
        (Number { end: number.end + 1, value: number.value * scale, ..number }, scale)
    }

    /// "10 to 15", "$5-10 million", "between 10 and 15", "two or three".
    fn range(&self, amount: &mut Amount, money: Option<&'static str>, scaled: f64) {
        let joint = amount.end;
        let dash = matches!(self.form_at(joint), Some("-" | "–" | "—"));
        let to = self.any_of(joint, &["to"]) || (self.any_of(joint, &["and"]) && self.before_is(amount.first, &["between"]));
        let or = self.any_of(joint, &["or"]);
        if !(dash || to || or) {
            return;
        }
        let second_at = joint + 1 + usize::from(self.symbol(joint + 1).is_some());
        let Some(second) = self.number(second_at) else { return };
        let (second, second_scale) = self.short_scale(second, money.is_some());
        let digits = self.begins_with_digit(amount.number) == self.begins_with_digit(second_at);
        // The scale of the second is that of both: "$5-10 million".
        let scale = if second_scale != 1.0 {
            second_scale
        } else {
            match parse_digits(self.form(second_at)) {
                Some(raw) if raw > 0.0 => second.value / raw,
                _ => 1.0,
            }
        };
        let bare = scaled == 1.0 && amount.number_end == amount.number + 1 && self.begins_with_digit(amount.number);
        let value = if bare && scale > 1.0 && amount.value * scale < second.value { amount.value * scale } else { amount.value };
        let close = second.value - value == 1.0;
        if !digits || second.value <= value || (or && !close) {
            // "3-1" is a score: the dash marks both numbers as none of ours
            amount.dashed = dash && digits;
            return;
        }
        amount.dashed = dash;
        amount.value = value;
        amount.value_to = Some(second.value);
        amount.number_end = second.end;
        amount.end = second.end;
    }

    /// The unit after the number.
    fn unit(&self, amount: &mut Amount, money: Option<&'static str>) {
        let Some((end, unit)) = self.measures.unit(amount.end, self.end, |index| self.form(index)) else { return };
        let form = self.form(amount.end);
        let fits = match unit {
            UnitOf::Money(_, Place::Before) => false,
            UnitOf::Money(_, Place::Code) => form.bytes().all(|byte| byte.is_ascii_uppercase()),
            // "South Korea won": the verb
            UnitOf::Money("KRW", _) if form.eq_ignore_ascii_case("won") => {
                amount.value >= 100.0 && self.upos(amount.end) != Upos::Aux
            }
            UnitOf::Money(..) => true,
            UnitOf::Measure(_) => true,
        };
        if !fits {
            return;
        }
        if let (UnitOf::Money("GBP", Place::After), true) = (unit, end == amount.end + 1) {
            // "500 pounds of explosives" are weighed, "500 million pounds" counted.
            let weighed = amount.value < 100_000.0 && (self.any_of(end, &["of"]) && self.upos(end + 1) == Upos::Noun);
            if weighed {
                amount.unit = Some(UnitOf::Measure("lb"));
                amount.end = end;
                return;
            }
        }
        if money.is_some() && matches!(unit, UnitOf::Measure(_)) {
            return;
        }
        if money.is_none() {
            amount.unit = Some(unit);
        }
        amount.end = end;
    }
}
