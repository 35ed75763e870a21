//! Ranges and lists that share a month or a year: "3–5 May 2021", "May 3 and 5", "between May and July 2021", "2007–08".

use super::grammar::Reader;
use super::spec::{Base, Found, Spec, YearOf};
use super::words::Num;

/// What joins the ends of a range, or the last of a list.
const JOINTS: &[&str] = &["-", "–", "—", "to", "and", "or", "until", "till", "through", "/", "&"];

impl Reader<'_> {
    /// "3" of "3–5 May", "from 3 to 5 May 2021": a day that the expression after the joint completes.
    pub(super) fn day_of_range(&self, at: usize) -> Option<Found> {
        let day = self.day_number(at)?;
        if !self.any_of(at + 1, JOINTS) {
            return None;
        }
        let other = at + 2 + usize::from(self.lower(at + 2, "the"));
        self.day_number(other)?;
        let (_, spec) = self.calendar(other)?;
        let Base::Day { month, year, day: last } = spec.base else { return None };
        (day < last).then(|| Found { first: at, end: at + 1, spec: Spec::new(Base::Day { month, day, year }) })
    }

    /// What stands after the joint of an expression and leans on it: "5" of "May 3–5", "08" of "2007–08".
    pub(super) fn after_joint(&self, found: &Found) -> Option<Found> {
        let at = found.end + 1;
        if !self.any_of(found.end, JOINTS) || found.spec.part.is_some() || found.spec.clock.is_some() {
            return None;
        }
        let tight = matches!(self.form_at(found.end), Some("-" | "–" | "—" | "/"));
        let num = self.tok(at)?.num;
        match (found.spec.base, num) {
            (Base::Year(YearOf::Is(year)), Num::Digits(short, 2)) if tight && year > 1000 => {
                let last = year.div_euclid(100) * 100 + short as i32;
                let spec = Spec::new(Base::Year(YearOf::Is(last)));
                (last > year && found.end == found.first + 1).then_some(Found { first: at, end: at + 1, spec })
            }
            (Base::Year(YearOf::Is(year)), Num::Digits(last, 4)) if (year..year + 300).contains(&(last as i32)) => {
                let spec = Spec::new(Base::Year(YearOf::Is(last as i32)));
                (tight || self.lower(found.end, "to") || self.ends_phrase(at + 1)).then_some(Found {
                    first: at,
                    end: at + 1,
                    spec,
                })
            }
            (Base::Day { month, day, year: _ }, Num::Digits(last @ 1..=31, _) | Num::Ordinal(last @ 1..=31))
                if last > u32::from(day) && (tight || self.lower(found.end, "to") || self.lower(found.end, "and")) =>
            {
                // Only the order "May 3–5" leaves the month to the first.
                let month_first = !matches!(self.toks[found.first].num, Num::Digits(..) | Num::Ordinal(_));
                if !month_first
                    || self.calendar(at).is_some_and(|(_, spec)| matches!(spec.base, Base::Day { .. }))
                    || self.is_counted(at)
                    || self.is_range_of_else(at)
                {
                    return None;
                }
                let (end, year) = self.year_after(at + 1).unwrap_or((at + 1, YearOf::Unsaid));
                Some(Found { first: at, end, spec: Spec::new(Base::Day { month, day: last as u8, year }) })
            }
            _ => None,
        }
    }

    /// "May 3 and 5 others": the number counts what follows.
    fn is_range_of_else(&self, at: usize) -> bool {
        !self.ends_phrase(at + 1) || matches!(self.toks.get(at + 1).map(|tok| tok.num), Some(Num::Digits(..)))
    }

    /// Gives a time of day the day that follows it: "at 11 a.m. on 11 November".
    pub(super) fn share_days(&self, found: &mut [Found]) {
        for at in 1..found.len() {
            let (before, after) = found.split_at_mut(at);
            let (before, after) = (&mut before[at - 1], &after[0]);
            let joined = (before.end..after.first).len() <= 2
                && (before.end..after.first).all(|token| self.any_of(token, &["on", ",", "of", "("]));
            if before.spec.base == Base::Time && joined && after.spec.is_day() {
                before.spec.base = after.spec.base;
            }
        }
    }

    /// Gives each expression without a year the year of the one that it is joined to from before.
    pub(super) fn share_years(&self, found: &mut [Found]) {
        for at in (1..found.len()).rev() {
            let (before, after) = found.split_at_mut(at);
            let (before, after) = (&mut before[at - 1], &after[0]);
            let gap = after.first.saturating_sub(before.end);
            let joined = (1..=3).contains(&gap)
                && (before.end..after.first).any(|token| self.any_of(token, JOINTS) || self.form(token) == ",")
                && (before.end..after.first).all(|token| {
                    self.any_of(token, JOINTS)
                        || self.any_of(token, &[",", "the", "in", "of", "early", "late", "between", "from"])
                });
            if !joined {
                continue;
            }
            let Some((year, last)) = told(&after.spec.base) else { continue };
            match &mut before.spec.base {
                Base::Month(month, open @ YearOf::Unsaid) | Base::Day { month, year: open @ YearOf::Unsaid, .. } => {
                    // "from November to January 2021" begins in the year before
                    *open = if *month > last { earlier(year) } else { year };
                }
                Base::Season(_, open @ YearOf::Unsaid)
                | Base::Quarter(_, open @ YearOf::Unsaid)
                | Base::Half(_, open @ YearOf::Unsaid) => *open = year,
                // "480 and 479 BC"
                Base::Year(YearOf::Is(first)) => {
                    if let YearOf::Is(second) = year
                        && second <= 0
                        && *first > 1 - second
                        && *first < 1000
                    {
                        *first = 1 - *first;
                    }
                }
                _ => {}
            }
        }
    }
}

fn earlier(year: YearOf) -> YearOf {
    match year {
        YearOf::Is(year) => YearOf::Is(year - 1),
        other => other,
    }
}

/// The year that an expression tells and its month (12 where it has none).
fn told(base: &Base) -> Option<(YearOf, u8)> {
    match *base {
        Base::Month(month, year) | Base::Day { month, year, .. } if year != YearOf::Unsaid => Some((year, month)),
        Base::Season(_, year) | Base::Quarter(_, year) | Base::Half(_, year) if year != YearOf::Unsaid => Some((year, 12)),
        Base::Year(year @ YearOf::Is(value)) if value <= 0 => Some((year, 12)),
        _ => None,
    }
}
