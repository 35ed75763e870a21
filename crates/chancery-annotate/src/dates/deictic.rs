//! The grammar of words that point: "yesterday", "last month", "that day", "every Monday", "now".

use chancery_lexicon::time_words::{TimeWord, Unit, Which};
use chancery_model::Upos;

use super::grammar::{Read, Reader};
use super::spec::{Base, From, Spec, YearOf};
use super::words::Num;

impl Reader<'_> {
    /// What begins with a word that points.
    pub(super) fn relative(&self, at: usize) -> Read<Spec> {
        match self.word(at)? {
            TimeWord::Today(days) => {
                let spec = Spec::new(Base::Shift { unit: Unit::Day, by: i32::from(days), from: From::Published });
                Some((at + 1, spec))
            }
            TimeWord::Tonight => {
                let today = Spec::new(Base::Shift { unit: Unit::Day, by: 0, from: From::Published });
                Some((at + 1, Spec { part: Some("NI"), ..today }))
            }
            TimeWord::Which(which) => self.which_one(at, which),
            TimeWord::Reference(value) => self.reference(at, value),
            TimeWord::Often(value) => self.often(at, value),
            TimeWord::Every => self.every(at),
            TimeWord::Per => {
                let TimeWord::Unit(unit) = self.word(at + 1)? else { return None };
                Some((at + 2, Spec::new(Base::Every { count: 1.0, unit })))
            }
            TimeWord::Times => {
                let article = self.any_of(at + 1, &["a", "an", "per", "each", "every"]);
                let TimeWord::Unit(unit) = self.word(at + 2)? else { return None };
                article.then(|| (at + 3, Spec::new(Base::Every { count: 1.0, unit })))
            }
            TimeWord::Weekday(day) if self.toks[at].time?.plural => {
                let fits = self.before_is(at, &["on", "of", "and"]) || at == self.start;
                fits.then(|| (at + 1, Spec::new(Base::EveryWeekday(day))))
            }
            TimeWord::Part(part) => self.part(at, part),
            TimeWord::Unit(unit) => self.day_beside(at, unit),
            _ => None,
        }
    }

    /// "last year", "this May", "the next two weeks", "that day", "last night", "the past".
    fn which_one(&self, at: usize, which: Which) -> Read<Spec> {
        if which == Which::Last && self.upos(at) == Upos::Verb {
            return None;
        }
        let the = self.before_is(at, &["the"]);
        let mut which = which;
        let mut next = at + 1;
        // "that same day", "this past week", "this very month", "this coming Monday"
        while let Some(more) = self.which(next) {
            if !matches!(
                more,
                Which::Same | Which::Past | Which::Coming | Which::Last | Which::Next | Which::Following | Which::Previous
            ) {
                return None;
            }
            which = if more == Which::Same && which == Which::That { Which::That } else { more };
            next += 1;
            if next > at + 2 {
                return None;
            }
        }
        next += usize::from(self.lower(next, "very"));
        if let Some(found) = self.at_large(at, next, which, the) {
            return Some(found);
        }
        let tok = self.tok(next)?;
        // "the past two years", "the next few months", "the first six months" stands with the ordinals
        if !matches!(which, Which::Same | Which::Current)
            && let Some(number) = self.number(next)
        {
            let mut unit_at = number.end;
            if self.upos(unit_at) == Upos::Adj && self.word(unit_at).is_none() {
                unit_at += 1;
            }
            let TimeWord::Unit(unit) = self.word(unit_at + usize::from(self.form_at(unit_at) == Some("-")))? else {
                return None;
            };
            let count = (!number.vague).then_some(number.value);
            let end = unit_at + 1 + usize::from(self.form_at(unit_at) == Some("-"));
            return Some((end, Spec::new(Base::Duration { count, unit })));
        }
        let entry = tok.time?;
        match entry.word {
            TimeWord::Unit(unit) if entry.plural => {
                let these_days = which == Which::This && unit == Unit::Day;
                if these_days {
                    return Some((next + 1, Spec::new(Base::Reference("PRESENT_REF"))));
                }
                let fits = !matches!(which, Which::This | Which::That | Which::Same | Which::Current);
                fits.then(|| (next + 1, Spec::new(Base::Duration { count: None, unit })))
            }
            TimeWord::Unit(unit) => self.which_unit(at, next, which, unit, the),
            TimeWord::Month(month) => {
                let complement = which == Which::That && self.upos(at) != Upos::Det;
                if complement || self.is_other_word(next) || entry.short || self.day_number(next + 1).is_some() {
                    return None;
                }
                Some((next + 1, Spec::new(Base::MonthWhich(month, which))))
            }
            TimeWord::Weekday(day) => {
                let complement = which == Which::That && self.upos(at) != Upos::Det;
                (!complement && !entry.plural && !entry.short).then(|| (next + 1, Spec::new(Base::Weekday(day, Some(which)))))
            }
            TimeWord::Season(season) => {
                let verb = self.upos(next) == Upos::Verb
                    || (entry.doubtful && !self.ends_phrase(next + 1) && self.upos(next + 1) != Upos::Noun);
                if verb || entry.plural {
                    return None;
                }
                let (end, year) = self.year_of(next + 1);
                if let (YearOf::Is(_), end) = (year, end) {
                    return Some((end, Spec::new(Base::Season(season, year))));
                }
                Some((next + 1, Spec::new(Base::SeasonWhich(season, which))))
            }
            TimeWord::Part(part) if !entry.plural => {
                let (by, from) = match which {
                    Which::Last => (if part == "NI" || part == "EV" { -1 } else { 0 }, From::Published),
                    Which::This | Which::Current => (0, From::Now),
                    Which::Next | Which::Following | Which::Coming => (1, From::Focus),
                    Which::Previous => (-1, From::Focus),
                    Which::That | Which::Same => (0, From::Focus),
                    Which::Past => return None,
                };
                Some((next + 1, Spec { part: Some(part), ..Spec::new(Base::Shift { unit: Unit::Day, by, from }) }))
            }
            TimeWord::Fiscal => {
                let year = next + 1;
                (self.lower(year, "year")).then(|| (year + 1, Spec::new(Base::Fiscal(YearOf::Published(by_of(which))))))
            }
            _ => None,
        }
        .or_else(|| self.which_feast(next, which))
    }

    /// "in the past", "at that time", "during this period".
    fn at_large(&self, at: usize, next: usize, which: Which, the: bool) -> Read<Spec> {
        let reference = |value, end| Some((end, Spec::new(Base::Reference(value))));
        let company = ["in", "at", "during", "by", "throughout", "from", "around", "until", "since", "of", "over"];
        if the && next == at + 1 {
            let prepositional = at - 1 > self.start && self.before_is(at - 1, &company);
            return match which {
                Which::Past if prepositional && self.ends_phrase(next) => reference("PAST_REF", next),
                Which::Current if self.lower(at, "present") && prepositional && self.ends_phrase(next) => {
                    reference("PRESENT_REF", next)
                }
                _ => None,
            };
        }
        if self.lower(at, "present") {
            let day = self.form_at(next) == Some("-") && self.lower(next + 1, "day");
            if day {
                return reference("PRESENT_REF", next + 2);
            }
            return (self.before_is(at, &["at"]) && self.ends_phrase(next))
                .then_some((next, Spec::new(Base::Reference("PRESENT_REF"))));
        }
        let vague = self.any_of(next, &["time", "period"]) && next == at + 1;
        if !vague || !self.before_is(at, &company) || !self.ends_phrase(next + 1) {
            return None;
        }
        match which {
            Which::This => reference("PRESENT_REF", next + 1),
            Which::That => reference("PAST_REF", next + 1),
            _ => None,
        }
    }

    fn which_feast(&self, at: usize, which: Which) -> Read<Spec> {
        let (end, spec) = self.holiday(at)?;
        let Base::Holiday(holiday, YearOf::Unsaid) = spec.base else { return None };
        let year = match which {
            Which::Last | Which::Past => YearOf::Published(-1),
            Which::Next | Which::Coming => YearOf::Published(1),
            Which::Previous => YearOf::Focus(-1),
            Which::Following => YearOf::Focus(1),
            _ => YearOf::Unsaid,
        };
        Some((end, Spec::new(Base::Holiday(holiday, year))))
    }

    fn which_unit(&self, at: usize, next: usize, which: Which, unit: Unit, the: bool) -> Read<Spec> {
        let shift = |by, from| Some((next + 1, Spec::new(Base::Shift { unit, by, from })));
        let whole = Some((next + 1, Spec::new(Base::Duration { count: Some(1.0), unit })));
        let hyphenated = self.form_at(next + 1) == Some("-");
        if hyphenated && !matches!(self.form_at(next + 2), Some("end")) {
            return None;
        }
        match which {
            Which::Last if the => {
                // "the last week of October"
                self.within(next - 1, -1).or(whole)
            }
            Which::Last => shift(-1, From::Now),
            // "past year" without an article is the preposition: "past midnight", "past month"
            Which::Past => (the || self.before_is(at, &["this"]) || next > at + 1)
                .then_some(())
                .and_then(|()| if unit == Unit::Weekend || self.lower(at, "this") { shift(-1, From::Now) } else { whole }),
            Which::Next if the && unit >= Unit::Decade => whole,
            Which::Next => shift(1, if the || unit == Unit::Day { From::Focus } else { From::Now }),
            Which::Following => shift(1, From::Focus),
            Which::Coming => shift(1, From::Published),
            Which::Previous => shift(-1, From::Focus),
            Which::This | Which::Current => {
                // "this time", "this minute", "this second": no stretch of the calendar
                (unit >= Unit::Day).then_some(()).and_then(|()| shift(0, From::Now))
            }
            Which::That | Which::Same => (unit >= Unit::Day).then_some(()).and_then(|()| shift(0, From::Focus)),
        }
    }

    /// "now", "recently"; "recent years", "present-day".
    fn reference(&self, at: usize, value: &'static str) -> Read<Spec> {
        let form = self.form(at);
        // "Now" opens a clause more often than it dates it only in speech; news means the present.
        if form.eq_ignore_ascii_case("recent") {
            let years = matches!(self.word(at + 1), Some(TimeWord::Unit(_))) && self.toks[at + 1].time?.plural;
            return Some((at + 1 + usize::from(years), Spec::new(Base::Reference(value))));
        }
        let that = form.eq_ignore_ascii_case("now") && self.lower(at + 1, "that");
        (!that).then(|| (at + 1, Spec::new(Base::Reference(value))))
    }

    /// "daily", "annual": not inside a name.
    fn often(&self, at: usize, value: &'static str) -> Read<Spec> {
        let named = self.is_capital(at)
            && (at > self.start || self.is_capital(at + 1))
            && (self.is_capital(at + 1) || (at > self.start && self.is_capital(at - 1)));
        (!named).then(|| (at + 1, Spec::new(Base::Often(value))))
    }

    /// "every Monday", "each year", "every two weeks", "every other day", "every morning".
    fn every(&self, at: usize) -> Read<Spec> {
        let other = self.lower(at + 1, "other") || self.lower(at + 1, "second");
        let skip = usize::from(other || self.lower(at + 1, "single"));
        let next = at + 1 + skip;
        let count = if other { 2.0 } else { 1.0 };
        let entry = self.tok(next)?.time;
        match entry.map(|entry| entry.word) {
            Some(TimeWord::Unit(unit)) if !entry?.plural => Some((next + 1, Spec::new(Base::Every { count, unit }))),
            Some(TimeWord::Weekday(day)) => Some((next + 1, Spec::new(Base::EveryWeekday(day)))),
            Some(TimeWord::Month(month)) if !entry?.short => Some((next + 1, Spec::new(Base::EveryMonth(month)))),
            Some(TimeWord::Season(season)) => Some((next + 1, Spec::new(Base::EverySeason(season)))),
            Some(TimeWord::Part(part)) => Some((next + 1, Spec { part: Some(part), ..Spec::new(Base::EveryPart) })),
            _ => {
                let number = self.number(next).filter(|number| !number.vague)?;
                let TimeWord::Unit(unit) = self.word(number.end)? else { return None };
                Some((number.end + 1, Spec::new(Base::Every { count: number.value, unit })))
            }
        }
    }

    /// "the night of 12 May", "in the morning", "at night", "dawn on Tuesday".
    fn part(&self, at: usize, part: &'static str) -> Read<Spec> {
        let entry = self.toks[at].time?;
        let spec = Spec { part: Some(part), ..Spec::new(Base::Time) };
        if entry.plural {
            return None;
        }
        let dated = (self.lower(at + 1, "of") || self.lower(at + 1, "on"))
            && (self.calendar(at + 2).is_some_and(|(_, day)| day.is_day())
                || self.article(at + 2).and_then(|after| self.calendar(after)).is_some_and(|(_, day)| day.is_day()));
        let night = part == "NI" && self.before_is(at, &["at", "by"]);
        let the = self.before_is(at, &["the"])
            && at - 1 > self.start
            && self.before_is(at - 1, &["in", "during", "throughout", "into", "for"])
            && self.ends_phrase(at + 1)
            && !self.lower(at + 1, "of");
        let midday = part == "MI" && self.before_is(at, &["at", "by", "around", "until"]);
        (dated || night || the || midday).then_some((at + 1, spec))
    }

    /// "(the) day before", "(the) day after tomorrow", "(the) year before": the article stands before it.
    fn day_beside(&self, at: usize, unit: Unit) -> Read<Spec> {
        let prepositional = at >= self.start + 2 && self.before_is(at - 1, &["at", "over", "during", "on", "for", "of"]);
        if unit == Unit::Weekend && prepositional && self.before_is(at, &["the"]) && self.ends_phrase(at + 1) {
            return Some((at + 1, Spec::new(Base::Weekend)));
        }
        if self.toks[at].time?.plural || !self.before_is(at, &["the"]) || unit < Unit::Day {
            return None;
        }
        let before = self.any_of(at + 1, &["before", "prior"]);
        let after = self.any_of(at + 1, &["after", "following"]);
        if !before && !after {
            return None;
        }
        let by = if before { -1 } else { 1 };
        if let Some(TimeWord::Today(days)) = self.word(at + 2) {
            return Some((at + 3, Spec::new(Base::Shift { unit, by: by + i32::from(days), from: From::Published })));
        }
        let open = self.tok(at + 2).is_none_or(|tok| tok.num == Num::No)
            && matches!(self.upos(at + 2), Upos::Punct | Upos::Unknown | Upos::Cconj | Upos::Aux | Upos::Verb);
        open.then(|| (at + 2, Spec::new(Base::Shift { unit, by, from: From::Focus })))
    }
}

fn by_of(which: Which) -> i32 {
    match which {
        Which::Last | Which::Past | Which::Previous => -1,
        Which::Next | Which::Following | Which::Coming => 1,
        Which::This | Which::Current | Which::That | Which::Same => 0,
    }
}
