//! What decides whether a word is an expression of time: its company.

use chancery_lexicon::time_words::TimeWord;
use chancery_model::{Upos, Xpos};

use super::grammar::{Read, Reader};
use super::spec::{Base, YearOf};
use super::words::Num;

/// Prepositions and the like after which a number of four digits is a year.
const YEAR_AFTER: &[&str] = &[
    "in",
    "since",
    "by",
    "until",
    "till",
    "til",
    "from",
    "before",
    "after",
    "during",
    "between",
    "circa",
    "c.",
    "ca.",
    "through",
    "throughout",
    "around",
    "late",
    "early",
    "mid",
    "year",
    "years",
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "of",
    "to",
    "and",
    "or",
    "the",
    "a",
    "an",
    "fiscal",
    "post",
    "pre",
    "into",
    "for",
    "as",
];
/// After these a number names something else.
const NUMBERED: &[&str] = &[
    "resolution",
    "article",
    "flight",
    "no",
    "no.",
    "number",
    "route",
    "page",
    "room",
    "section",
    "model",
    "channel",
    "boeing",
    "airbus",
    "highway",
    "unit",
    "paragraph",
    "law",
    "act",
    "chapter",
    "p.",
    "pp.",
    "about",
    "nearly",
    "some",
    "approximately",
    "than",
    "over",
    "almost",
    "$",
    "£",
    "€",
    "us$",
    "#",
    "least",
    "roughly",
    "another",
    "around",
    "up",
    "most",
    "regiment",
    "division",
    "battalion",
    "hill",
    "pub.",
    "vol.",
    "isbn",
];
/// Words after which a month stands alone as a month.
const MONTH_AFTER: &[&str] = &[
    "in",
    "of",
    "since",
    "until",
    "till",
    "from",
    "during",
    "before",
    "after",
    "last",
    "next",
    "this",
    "early",
    "late",
    "mid",
    "between",
    "through",
    "throughout",
    "previous",
    "following",
    "every",
    "each",
    "beginning",
    "ending",
    "around",
    "to",
    "by",
    "for",
    "and",
    "or",
    "-",
    "–",
    "—",
    "that",
    "same",
    "about",
    "on",
    "the",
    "until",
    "(",
    "past",
    "coming",
    "into",
];
/// Of these, those that also stand before people.
const BEFORE_PEOPLE: &[&str] =
    &["to", "by", "for", "and", "or", "from", "after", "before", "of", "that", "about", "between", "on", "the", "(", "around"];

impl Reader<'_> {
    /// Whether a month's word is a verb or part of a person's name here.
    pub(super) fn is_other_word(&self, at: usize) -> bool {
        let Some(entry) = self.toks[at].time else { return true };
        if !entry.doubtful {
            return false;
        }
        if self.upos(at) == Upos::Aux || (self.upos(at) == Upos::Verb && self.xpos(at) != Xpos::Nnp) {
            return self.day_number(at + 1).is_none();
        }
        // "Theresa May", "Mrs May": a name that began before
        at > self.start
            && self.is_capital(at - 1)
            && self.toks[at - 1].is_nothing()
            && self.upos(at - 1) == Upos::Propn
            && self.day_number(at + 1).is_none()
            && !self.year_token(at + 1)
            && !matches!(self.form(at - 1), "In" | "Since" | "By" | "On" | "Until" | "From" | "During" | "Of" | "For")
    }

    /// Whether a month that is also a name or a word stands without the company that makes it a month.
    pub(super) fn is_doubtful_month(&self, at: usize, doubtful: bool, month: u8) -> bool {
        if !doubtful || self.toks[at].mid {
            return false;
        }
        let person = self.people & (1 << month) != 0;
        // "April Jones", "March Madness" after no preposition
        let name_follows = self.is_capital(at + 1) && self.toks.get(at + 1).is_some_and(|tok| tok.is_nothing());
        let before = at > self.start && self.any_of(at - 1, MONTH_AFTER);
        if before {
            let may_be_person = person && self.any_of(at - 1, BEFORE_PEOPLE);
            return may_be_person || (name_follows && self.any_of(at - 1, BEFORE_PEOPLE) && self.upos(at + 1) == Upos::Propn);
        }
        if person || name_follows {
            return true;
        }
        // "May's government"
        if self.form_at(at + 1).is_some_and(|next| matches!(next, "'s" | "’s")) {
            return month != 4 && month != 6;
        }
        // "the controversial May election": a noun follows; or the tagger takes it for a name and a verb does not follow.
        let noun_follows = self.upos(at + 1) == Upos::Noun;
        let determined = at > self.start && matches!(self.upos(at - 1), Upos::Det | Upos::Adj | Upos::Num);
        !(noun_follows && (determined || at == self.start || month == 4 || month == 6))
            && !(matches!(month, 4 | 6) && self.upos(at) == Upos::Propn && !matches!(self.upos(at + 1), Upos::Verb))
    }

    /// The day of the month that stands here.
    pub(super) fn day_number(&self, at: usize) -> Option<u8> {
        match self.tok(at)?.num {
            Num::Digits(value @ 1..=31, 1..=2) => Some(value as u8),
            Num::Ordinal(value @ 1..=31) => Some(value as u8),
            _ => None,
        }
    }

    /// Whether the number counts what follows: "May 10 people", "in March 15 per cent", "May 3 p.m.".
    pub(super) fn is_counted(&self, at: usize) -> bool {
        if !matches!(self.toks[at].num, Num::Digits(..)) {
            return false;
        }
        let next = at + 1;
        self.form_at(next).is_some_and(|form| matches!(form, "%" | "per" | "percent"))
            || (self.xpos(next) == Xpos::Nns
                && self.head(at) == Some(next)
                && !self.before_is(at, &["early", "late"])
                && self.is_number_of(at, next))
            || matches!(self.word(next), Some(TimeWord::Meridiem(_)))
    }

    fn is_number_of(&self, at: usize, noun: usize) -> bool {
        self.doc.tokens.deprel[at] == chancery_model::Deprel::Nummod && !self.lower(noun, "hours")
    }

    /// Whether a token of four digits (or a short year) stands here.
    pub(super) fn year_token(&self, at: usize) -> bool {
        matches!(self.tok(at).map(|tok| tok.num), Some(Num::Digits(1000..=2999, 4) | Num::ShortYear(_)))
    }

    /// "1944", "260 BC", "79 AD".
    pub(super) fn year_number(&self, at: usize) -> Read<i32> {
        let tok = self.tok(at)?;
        match tok.num {
            Num::Digits(value, length) if length <= 4 => {
                if let Some(TimeWord::Era(bc)) = self.word(at + 1) {
                    // "2 AD" in a list of ads, "12 ad": the era is in capitals, a year is not 0
                    return (value > 0).then_some((at + 2, if bc { 1 - value as i32 } else { value as i32 }));
                }
                // "480–479 BC": the era stands with the second
                let shared = matches!(self.form_at(at + 1), Some("-" | "–" | "—" | "/" | "to" | "and" | "or" | "until"))
                    && matches!(self.tok(at + 2).map(|tok| tok.num), Some(Num::Digits(_, 1..=4)))
                    && self.word(at + 3) == Some(TimeWord::Era(true));
                if shared && value > 0 {
                    return Some((at + 1, 1 - value as i32));
                }
                if length == 4 && (1000..=2999).contains(&value) {
                    return Some((at + 1, value as i32));
                }
                if self.antiquity
                    && (2..=3).contains(&length)
                    && value > 31
                    && self.before_is(at, &["in", "by", "of", "until", "since"])
                    && self.ends_phrase(at + 1)
                {
                    return Some((at + 1, 1 - value as i32));
                }
                None
            }
            Num::ShortYear(value) => Some((at + 1, self.full_year(value))),
            _ => None,
        }
    }

    /// A year after a month or a day, with the comma or "of" between: ", 2021", " '08", "of that year", "last year".
    pub(super) fn year_after(&self, at: usize) -> Read<YearOf> {
        let comma = usize::from(self.lower(at, ","));
        if let Some((end, year)) = self.year_number(at + comma) {
            // "on May 3, 2,000 people" is another token; "On May 3, 1944 people" is not written
            let spoken = comma == 0 || !self.is_quantity(at + 1);
            if spoken {
                return Some((end, YearOf::Is(year)));
            }
        }
        if comma == 1 {
            return None;
        }
        let (end, year) = self.year_of(at);
        (year != YearOf::Unsaid).then_some((end, year))
    }

    /// A year with or without "of": "2021", "of 2021", "of that year", "next year", "of the following year".
    pub(super) fn year_of(&self, at: usize) -> (usize, YearOf) {
        let none = (at, YearOf::Unsaid);
        let of = usize::from(self.lower(at, "of"));
        let comma = usize::from(of == 0 && self.lower(at, ","));
        if let Some((end, year)) = self.year_number(at + of.max(comma)) {
            let counted = self.is_quantity(at + of.max(comma)) || (comma == 1 && !self.ends_phrase(end));
            return if counted && of == 0 { none } else { (end, YearOf::Is(year)) };
        }
        if let Some((end, spec)) = self.calendar_fiscal(at + of) {
            return (end, spec);
        }
        match self.relative_after_article(at + of) {
            Some((end, spec)) => match spec.base {
                Base::Shift { unit: chancery_lexicon::time_words::Unit::Year, by, from } if spec.modifier.is_empty() => {
                    let year = if from == super::spec::From::Focus { YearOf::Focus(by) } else { YearOf::Published(by) };
                    (end, year)
                }
                _ => none,
            },
            None => none,
        }
    }

    fn calendar_fiscal(&self, at: usize) -> Read<YearOf> {
        (self.word(at) == Some(TimeWord::Fiscal)).then_some(())?;
        let next = at + 1 + usize::from(self.lower(at + 1, "year"));
        let (end, year) = self.year_number(next)?;
        Some((end, YearOf::Is(year)))
    }

    /// Whether a number of four digits counts what follows.
    fn is_quantity(&self, at: usize) -> bool {
        let next = at + 1;
        self.xpos(next) == Xpos::Nns
            && self.head(at) == Some(next)
            && self.doc.tokens.deprel[at] == chancery_model::Deprel::Nummod
    }

    /// Whether a bare number is a year.
    pub(super) fn is_year(&self, at: usize, value: u32, length: u8) -> bool {
        if self.toks[at].mid {
            return true;
        }
        if length < 4 {
            return self.antiquity;
        }
        let modern = (1700..=2100).contains(&value);
        if !(1000..=2200).contains(&value) || (at > self.start && self.any_of(at - 1, NUMBERED)) {
            // "about 1900", "around 1500": a year where nothing is counted
            let around = modern && self.before_is(at, &["around", "about", "circa"]) && self.ends_phrase(at + 1);
            return around && !self.is_quantity(at);
        }
        // "2000 %", "1999 km": a unit follows
        if self
            .form_at(at + 1)
            .is_some_and(|next| matches!(next, "%" | "°" | "per" | "percent" | "km" | "m" | "meters" | "metres" | "miles"))
        {
            return false;
        }
        let plural = self.xpos(at + 1) == Xpos::Nns || (self.upos(at + 1) == Upos::Adj && self.xpos(at + 2) == Xpos::Nns);
        let recent = (1900..=2100).contains(&value);
        let range = matches!(self.form_at(at + 1), Some("-" | "–" | "—"))
            && matches!(self.tok(at + 2).map(|tok| tok.num), Some(Num::Digits(last, 4)) if (value..value + 200).contains(&last));
        if at == self.start {
            return modern && (!plural || range);
        }
        if range && modern {
            return true;
        }
        if self.any_of(at - 1, YEAR_AFTER) {
            if recent {
                return true;
            }
            if self.any_of(at - 1, &["the", "a", "an"]) {
                // "the 1614 rules", not "the 1500 soldiers"
                return value >= 1500 && (!plural || !value.is_multiple_of(100));
            }
            // "of 1500 men", "for 1200 troops" count; "of 1648", "in 1066" do not
            let counting = self.any_of(at - 1, &["of", "to", "and", "or", "by", "from", "after", "for", "as", "into"]);
            return !(counting && plural) && (modern || self.ends_phrase(at + 1));
        }
        let bracket = matches!(self.form(at - 1), "(" | "[" | "-" | "–" | "—" | "/" | "," | ";" | ":" | "|");
        if bracket {
            return modern && !plural;
        }
        if self.toks[at - 1].time.is_some() {
            return modern;
        }
        // "Tokyo 2020", "the controversial 2019 vote", "its 2006 highs"
        recent && (!plural || matches!(self.upos(at - 1), Upos::Det | Upos::Pron | Upos::Adj))
    }

    /// "a 2019 agreement": the number modifies the noun after it.
    pub(super) fn modifies_noun(&self, at: usize) -> bool {
        matches!(self.upos(at + 1), Upos::Noun | Upos::Propn | Upos::Adj) && self.head(at).is_some_and(|head| head > at)
    }

    /// The months that are people in this document: "Theresa May", "Mrs May", "April Jones".
    pub(super) fn month_person(&self, at: usize) -> Option<u8> {
        let entry = self.toks[at].time?;
        let TimeWord::Month(month) = entry.word else { return None };
        if !entry.doubtful || at == self.start || self.day_number(at + 1).is_some() || self.year_token(at + 1) {
            return None;
        }
        let before = self.form(at - 1);
        let titled = matches!(
            before,
            "Mrs" | "Mrs." | "Ms" | "Ms." | "Mr" | "Mr." | "Minister" | "President" | "Lady" | "Theresa" | "Dr" | "Dr." | "Sir"
        );
        let name = self.is_capital(at - 1)
            && self.toks[at - 1].is_nothing()
            && self.upos(at - 1) == Upos::Propn
            && at - 1 > self.start
            && self.head(at) == Some(at - 1);
        (titled || name).then_some(month)
    }
}
