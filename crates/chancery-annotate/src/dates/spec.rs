//! What an expression of time says, before anything is resolved.

use chancery_lexicon::time_words::{Holiday, Season, Unit, Which};

/// An expression as it was read: its tokens and what it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub first: usize,
    pub end: usize,
    pub spec: Spec,
}

/// What it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spec {
    pub base: Base,
    /// TIMEX3's modifier.
    pub modifier: &'static str,
    /// "later that month": the part of it before or after the day in focus.
    pub beyond: Option<Beyond>,
    /// Part of the day (`MO`, `NI` …).
    pub part: Option<&'static str>,
    pub clock: Option<Clock>,
    /// A mere modifier of a noun ("a 2019 agreement"): not what the text goes on from.
    pub weak: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    Earlier,
    Later,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub hour: u8,
    /// `None` where only the hour is told.
    pub minute: Option<u8>,
    pub utc: bool,
}

/// Which year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearOf {
    Unsaid,
    Is(i32),
    /// Years from that of publication.
    Published(i32),
    /// Years from that in focus.
    Focus(i32),
}

/// Against what an expression is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// The day of publication, in histories the date in focus.
    Now,
    /// Always the day of publication.
    Published,
    /// The date in focus.
    Focus,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Base {
    Year(YearOf),
    Fiscal(YearOf),
    /// First year, BC.
    Decade(i32, bool),
    /// "the nineties": which century is left open.
    DecadeName(u8),
    /// "the 20th", BC.
    Century(u8, bool),
    Quarter(u8, YearOf),
    Half(u8, YearOf),
    Season(Season, YearOf),
    Month(u8, YearOf),
    Day {
        month: u8,
        day: u8,
        year: YearOf,
    },
    /// "the 24th": in the month in focus.
    DayOnly(u8),
    /// A whole date in digits.
    Exact {
        year: i32,
        month: u8,
        day: u8,
    },
    /// 14/04/2023 where either may be the day; years of two digits are whole already.
    Numeric {
        first: u8,
        second: u8,
        year: i32,
    },
    Holiday(Holiday, YearOf),
    Weekday(u8, Option<Which>),
    /// "the weekend": by tense.
    Weekend,
    /// "last May".
    MonthWhich(u8, Which),
    SeasonWhich(Season, Which),
    /// "this week", "the following day".
    Shift {
        unit: Unit,
        by: i32,
        from: From,
    },
    /// "two weeks ago"; `None` for "weeks ago". Negative is before.
    Away {
        unit: Unit,
        count: Option<f64>,
        sign: i8,
        from: From,
    },
    /// "the first week of May": the n-th (-1 = last) stretch of the unit within what follows.
    Within {
        unit: Unit,
        nth: i8,
        month: u8,
        year: YearOf,
    },
    Duration {
        count: Option<f64>,
        unit: Unit,
    },
    Span(&'static str),
    /// "every two weeks".
    Every {
        count: f64,
        unit: Unit,
    },
    EveryWeekday(u8),
    EveryMonth(u8),
    EverySeason(Season),
    /// "every morning".
    EveryPart,
    Often(&'static str),
    Reference(&'static str),
    /// Only a part of the day or a clock: of the date beside it.
    Time,
}

impl Spec {
    pub(super) fn new(base: Base) -> Self {
        Self { base, modifier: "", beyond: None, part: None, clock: None, weak: false }
    }

    pub(super) fn edged(mut self, modifier: &'static str) -> Self {
        if self.modifier.is_empty() {
            self.modifier = modifier;
        }
        self
    }

    /// Whether it names a day, so that a part of the day or a clock may follow.
    pub(super) fn is_day(&self) -> bool {
        matches!(
            self.base,
            Base::Day { .. }
                | Base::DayOnly(_)
                | Base::Exact { .. }
                | Base::Numeric { .. }
                | Base::Weekday(..)
                | Base::Holiday(..)
                | Base::Shift { unit: Unit::Day, .. }
        )
    }
}
