//! Stretches of the calendar: their first and last day, and how TIMEX3 writes them.
//!
//! # Invariants
//! - A point's `from` is never after its `to`; both are whole stretches of its grain.
//! - Arithmetic beyond jiff's years (9999 BC to AD 9999) gives nothing, never a panic.

use std::fmt::Write;

use chancery_lexicon::time_words::{HolidayRule, Season, Unit};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// How long a stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    Day,
    Weekend,
    Week,
    Month,
    Season,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub grain: Grain,
    pub from: Date,
    pub to: Date,
}

/// The day, where the calendar has it.
pub(super) fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day some days later (or earlier).
pub(super) fn plus_days(day: Date, days: i64) -> Option<Date> {
    if days.abs() > 4_000_000 {
        return None;
    }
    day.checked_add(days.days()).ok()
}

/// The day some months later; the last of the month where it has no such day.
pub(super) fn plus_months(day: Date, months: i64) -> Option<Date> {
    if months.abs() > 200_000 {
        return None;
    }
    day.checked_add(months.months()).ok()
}

/// Monday is 1.
pub(super) fn weekday_of(day: Date) -> i64 {
    i64::from(day.weekday().to_monday_one_offset())
}

impl Point {
    pub(super) fn day(day: Date) -> Self {
        Self { grain: Grain::Day, from: day, to: day }
    }

    pub(super) fn week(day: Date) -> Option<Self> {
        let from = plus_days(day, 1 - weekday_of(day))?;
        Some(Self { grain: Grain::Week, from, to: plus_days(from, 6)? })
    }

    pub(super) fn weekend(day: Date) -> Option<Self> {
        let from = plus_days(day, 6 - weekday_of(day))?;
        Some(Self { grain: Grain::Weekend, from, to: plus_days(from, 1)? })
    }

    /// `months` months from the first of a month.
    fn months(grain: Grain, year: i32, month: i32, months: i64) -> Option<Self> {
        let from = date(year, month, 1)?;
        let to = plus_days(plus_months(from, months)?, -1)?;
        Some(Self { grain, from, to })
    }

    pub(super) fn month(year: i32, month: i32) -> Option<Self> {
        Self::months(Grain::Month, year, month, 1)
    }

    pub(super) fn quarter(year: i32, quarter: i32) -> Option<Self> {
        Self::months(Grain::Quarter, year, quarter * 3 - 2, 3)
    }

    pub(super) fn half(year: i32, half: i32) -> Option<Self> {
        Self::months(Grain::Half, year, half * 6 - 5, 6)
    }

    /// A season by the meteorologists' months of the northern half; winter begins in the year that names it.
    pub(super) fn season(year: i32, season: Season) -> Option<Self> {
        let month = match season {
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 12,
        };
        Self::months(Grain::Season, year, month, 3)
    }

    pub(super) fn year(year: i32) -> Option<Self> {
        Self::years(Grain::Year, year, year)
    }

    pub(super) fn years(grain: Grain, first: i32, last: i32) -> Option<Self> {
        Some(Self { grain, from: date(first, 1, 1)?, to: date(last, 12, 31)? })
    }

    /// A century by its number ("the 20th"), as usage counts it: 1900 to 1999.
    pub(super) fn century(ordinal: i32, bc: bool) -> Option<Self> {
        if bc {
            return Self::years(Grain::Century, 1 - ordinal * 100, -(ordinal - 1) * 100);
        }
        Self::years(Grain::Century, (ordinal - 1) * 100, ordinal * 100 - 1)
    }

    /// The decade that begins with this year; BC years count downwards, so that the 480s are 489 to 480 BC.
    pub(super) fn decade(first: i32, bc: bool) -> Option<Self> {
        if bc {
            return Self::years(Grain::Decade, 1 - first - 9, 1 - first);
        }
        Self::years(Grain::Decade, first, first + 9)
    }

    /// The stretch of that unit that holds the day.
    pub(super) fn around(unit: Unit, day: Date) -> Option<Self> {
        let (year, month) = (i32::from(day.year()), i32::from(day.month()));
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Some(Self::day(day)),
            Unit::Weekend => Self::weekend(day),
            Unit::Week | Unit::Fortnight => Self::week(day),
            Unit::Month => Self::month(year, month),
            Unit::Quarter => Self::quarter(year, (month + 2) / 3),
            Unit::Year => Self::year(year),
            Unit::Decade => Self::decade(year.div_euclid(10) * 10, false),
            Unit::Century => Self::years(Grain::Century, year.div_euclid(100) * 100, year.div_euclid(100) * 100 + 99),
            Unit::Millennium => Self::years(Grain::Millennium, year.div_euclid(1000) * 1000, year.div_euclid(1000) * 1000 + 999),
        }
    }

    pub(super) fn year_of(&self) -> i32 {
        i32::from(self.from.year())
    }

    pub(super) fn month_of(&self) -> i32 {
        i32::from(self.from.month())
    }

    /// How TIMEX3 writes it.
    pub(super) fn value(&self) -> String {
        let mut out = String::with_capacity(12);
        let year = self.year_of();
        match self.grain {
            Grain::Week | Grain::Weekend => {
                let week = self.from.iso_week_date();
                write_year(&mut out, i32::from(week.year()));
                let _ = write!(out, "-W{:02}", week.week());
                if self.grain == Grain::Weekend {
                    out.push_str("-WE");
                }
            }
            Grain::Decade | Grain::Century | Grain::Millennium => {
                let digits = match self.grain {
                    Grain::Decade => 3,
                    Grain::Century => 2,
                    _ => 1,
                };
                let last = i32::from(self.to.year());
                // The year nearest to our era names it: 480 for the 480s BC.
                write_year(&mut out, if year <= 0 { last } else { year });
                out.truncate(digits + if year <= 0 { 2 } else { 0 });
            }
            Grain::Day | Grain::Month => {
                write_year(&mut out, year);
                let _ = write!(out, "-{:02}", self.from.month());
                if self.grain == Grain::Day {
                    let _ = write!(out, "-{:02}", self.from.day());
                }
            }
            Grain::Season => {
                write_year(&mut out, year);
                out.push_str(match self.from.month() {
                    3 => "-SP",
                    6 => "-SU",
                    9 => "-FA",
                    _ => "-WI",
                });
            }
            Grain::Quarter => {
                write_year(&mut out, year);
                let _ = write!(out, "-Q{}", (self.from.month() + 2) / 3);
            }
            Grain::Half => {
                write_year(&mut out, year);
                out.push_str(if self.from.month() == 1 { "-H1" } else { "-H2" });
            }
            Grain::Year => write_year(&mut out, year),
        }
        out
    }

    /// The days that a modifier leaves of it: the first and last quarter of a year, the first third of a month.
    pub(super) fn narrowed(&self, modifier: &str) -> (Date, Date) {
        let whole = (self.from, self.to);
        let (year, month) = (self.year_of(), self.month_of());
        let part = match (self.grain, modifier) {
            (Grain::Year, "START") => date(year, 1, 1).zip(date(year, 3, 31)),
            (Grain::Year, "MID") => date(year, 5, 1).zip(date(year, 8, 31)),
            (Grain::Year, "END") => date(year, 10, 1).zip(date(year, 12, 31)),
            (Grain::Month, "START") => date(year, month, 1).zip(date(year, month, 10)),
            (Grain::Month, "MID") => date(year, month, 11).zip(date(year, month, 20)),
            (Grain::Month, "END") => date(year, month, 21).map(|day| (day, self.to)),
            (Grain::Week, "START") => plus_days(self.from, 1).map(|day| (self.from, day)),
            (Grain::Week, "MID") => plus_days(self.from, 1).zip(plus_days(self.from, 3)),
            (Grain::Week, "END") => plus_days(self.from, 3).map(|day| (day, self.to)),
            (Grain::Decade, _) => self.years_of(modifier, 3, 6),
            (Grain::Century, _) => self.years_of(modifier, 33, 66),
            (Grain::Day | Grain::Weekend, _) => None,
            (_, "START" | "MID" | "END") => self.third(modifier),
            _ => None,
        };
        part.unwrap_or(whole)
    }

    /// The first years of a decade or century, up to the `first`; those up to the `second`; the rest.
    fn years_of(&self, modifier: &str, first: i32, second: i32) -> Option<(Date, Date)> {
        let (start, end) = (i32::from(self.from.year()), i32::from(self.to.year()));
        match modifier {
            "START" => Some((self.from, date(start + first, 12, 31)?)),
            "MID" => Some((date(start + first + 1, 1, 1)?, date(start + second, 12, 31)?)),
            "END" => Some((date(start + second + 1, 1, 1)?, date(end, 12, 31)?)),
            _ => None,
        }
    }

    /// The first, middle or last third.
    fn third(&self, modifier: &str) -> Option<(Date, Date)> {
        let days = i64::from((self.to - self.from).get_days());
        let (first, second) = (plus_days(self.from, days / 3)?, plus_days(self.from, days * 2 / 3)?);
        Some(match modifier {
            "START" => (self.from, first),
            "MID" => (plus_days(first, 1)?, second),
            _ => (plus_days(second, 1)?, self.to),
        })
    }

    /// The stretch `by` units on: that of the unit's grain where the point is as fine, else the shifted days.
    pub(super) fn shifted(&self, unit: Unit, by: f64) -> Option<Point> {
        let (from, to) = (shift(self.from, unit, by)?, shift(self.to, unit, by)?);
        let grain = grain_of(unit);
        if self.grain <= grain { Point::around(unit, from) } else { Some(Point { grain: self.grain, from, to }) }
    }
}

/// A day some units later; parts of units are whole units of the next shorter kind.
pub(super) fn shift(day: Date, unit: Unit, by: f64) -> Option<Date> {
    if !by.is_finite() || by.abs() > 20_000.0 {
        return None;
    }
    let months = |each: f64| plus_months(day, (by * each).round() as i64);
    match unit {
        Unit::Second | Unit::Minute => Some(day),
        Unit::Hour => plus_days(day, (by / 24.0).trunc() as i64),
        Unit::Day => plus_days(day, by.round() as i64),
        Unit::Week | Unit::Weekend => plus_days(day, (by * 7.0).round() as i64),
        Unit::Fortnight => plus_days(day, (by * 14.0).round() as i64),
        Unit::Month if by.fract() != 0.0 => plus_days(day, (by * 30.44).round() as i64),
        Unit::Month => months(1.0),
        Unit::Quarter => months(3.0),
        Unit::Year => months(12.0),
        Unit::Decade => months(120.0),
        Unit::Century => months(1200.0),
        Unit::Millennium => months(12_000.0),
    }
}

/// How long a stretch of that unit is.
pub(super) fn grain_of(unit: Unit) -> Grain {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Grain::Day,
        Unit::Weekend => Grain::Weekend,
        Unit::Week | Unit::Fortnight => Grain::Week,
        Unit::Month => Grain::Month,
        Unit::Quarter => Grain::Quarter,
        Unit::Year => Grain::Year,
        Unit::Decade => Grain::Decade,
        Unit::Century => Grain::Century,
        Unit::Millennium => Grain::Millennium,
    }
}

/// `1939`, `BC0490`.
pub(super) fn write_year(out: &mut String, year: i32) {
    let _ = if year <= 0 { write!(out, "BC{:04}", 1 - year) } else { write!(out, "{year:04}") };
}

/// The feast's day in a year.
pub(super) fn feast(rule: HolidayRule, year: i32) -> Option<Date> {
    match rule {
        HolidayRule::Day(month, day) => date(year, i32::from(month), i32::from(day)),
        HolidayRule::Easter(days) => plus_days(easter(year)?, i64::from(days)),
        HolidayRule::Weekday(month, weekday, which) => {
            let first = date(year, i32::from(month), 1)?;
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            first.nth_weekday_of_month(which, weekday).ok()
        }
    }
}

/// Easter Sunday of the western churches (the anonymous Gregorian algorithm).
fn easter(year: i32) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    date(year, sum / 31, sum % 31 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_timex() {
        assert_eq!(Point::century(20, false).unwrap().value(), "19");
        assert_eq!(Point::century(5, true).unwrap().value(), "BC04");
        assert_eq!(Point::decade(1990, false).unwrap().value(), "199");
        assert_eq!(Point::decade(480, true).unwrap().value(), "BC048");
        assert_eq!(Point::year(1 - 490).unwrap().value(), "BC0490");
        assert_eq!(Point::season(2021, Season::Winter).unwrap().to, date(2022, 2, 28).unwrap());
        assert_eq!(Point::week(date(2023, 4, 14).unwrap()).unwrap().value(), "2023-W15");
    }

    #[test]
    fn feasts_fall_on_their_days() {
        assert_eq!(feast(HolidayRule::Easter(0), 2023), date(2023, 4, 9));
        assert_eq!(feast(HolidayRule::Easter(-2), 2024), date(2024, 3, 29));
        assert_eq!(feast(HolidayRule::Weekday(11, 4, 4), 2023), date(2023, 11, 23));
        assert_eq!(feast(HolidayRule::Weekday(5, 1, -1), 2023), date(2023, 5, 29));
    }

    #[test]
    fn shifts_stay_in_the_calendar() {
        let day = Point::day(date(2023, 1, 31).unwrap());
        assert_eq!(day.shifted(Unit::Month, 1.0).unwrap().value(), "2023-02");
        assert_eq!(Point::year(2022).unwrap().shifted(Unit::Day, 3.0).unwrap().from, date(2022, 1, 4).unwrap());
        assert!(day.shifted(Unit::Millennium, 19_999.0).is_none());
        assert!(plus_days(day.from, i64::MAX).is_none());
    }
}
