//! The grammar of what is told by its distance, length or recurrence.

use chancery_lexicon::time_words::{TimeWord, Unit, Which};
use chancery_model::{Upos, Xpos};

use super::grammar::{Read, Reader};
use super::spec::{Base, Beyond, From, Spec};
use super::words::Num;

/// Prepositions after which a bare length stands: "for years", "within a week".
const LENGTH_AFTER: &[&str] = &[
    "for",
    "in",
    "within",
    "over",
    "after",
    "during",
    "through",
    "throughout",
    "than",
    "about",
    "least",
    "last",
    "lasted",
    "lasts",
    "lasting",
    "took",
    "take",
    "takes",
    "taking",
    "spent",
    "spend",
    "spending",
    "another",
    "nearly",
    "almost",
    "around",
    "under",
    "only",
    "just",
    "approximately",
    "of",
    "to",
    "up",
    "every",
    "entire",
    "whole",
    "waited",
    "roughly",
    "and",
];

impl Reader<'_> {
    /// "late last year", "early in May", "the end of 2023", "mid-June", "later that month", "year-end".
    pub(super) fn edge(&self, at: usize) -> Read<Spec> {
        match self.word(at)? {
            TimeWord::Edge(modifier) => self.edge_word(at, modifier),
            TimeWord::EdgeNoun(modifier) => self.edge_noun(at, modifier),
            TimeWord::EdgeAdjective(modifier) => self.edge_part(at, modifier),
            TimeWord::EdgeLater(modifier) => self.edge_later(at, modifier),
            TimeWord::Unit(unit @ (Unit::Year | Unit::Month | Unit::Week | Unit::Day | Unit::Decade)) => {
                let joined = matches!(self.form_at(at + 1), Some("-" | "'s" | "’s"));
                let end = joined && self.lower(at + 2, "end") && !self.toks[at].time?.plural && !self.toks[at].mid;
                end.then(|| (at + 3, Spec::new(Base::Shift { unit, by: 0, from: From::Now }).edged("END")))
            }
            TimeWord::Which(Which::This) if self.lower(at + 1, "year") && self.form_at(at + 2) == Some("-") => None,
            _ => None,
        }
    }

    fn edge_word(&self, at: usize, modifier: &'static str) -> Read<Spec> {
        let mut next = at + 1;
        next += usize::from(self.form_at(next) == Some("-"));
        let preposition = next == at + 1 && self.any_of(next, &["in", "on"]);
        next += usize::from(preposition);
        if let Some(found) = self.target(next) {
            // "late May said": the late Mr May; "in early 2003" has no such reading
            return Some((found.0, found.1.edged(modifier)));
        }
        // "early morning", "late afternoon", "the early morning hours"
        if let Some(TimeWord::Part(part)) = self.word(next) {
            let spec = Spec { part: Some(part), ..Spec::new(Base::Time) };
            let hours = usize::from(self.lower(next + 1, "hours"));
            let end = next + 1 + hours;
            let company =
                hours == 1 || preposition || self.lower(end, "of") || self.in_phrase(at) || self.any_of(end, &["on", "in"]);
            return (company && !self.toks[next].time?.plural).then(|| (end, spec.edged(modifier)));
        }
        if preposition {
            return self.whole_of(next, modifier);
        }
        None
    }

    /// What an edge can be of.
    fn target(&self, at: usize) -> Read<Spec> {
        if let Some((end, spec)) = self.calendar(at).or_else(|| self.relative_after_article(at)) {
            let fits = !matches!(
                spec.base,
                Base::Duration { .. } | Base::Reference(_) | Base::Every { .. } | Base::Often(_) | Base::Span(_) | Base::Time
            );
            return fits.then_some((end, spec));
        }
        let after = self.article(at)?;
        let (end, spec) = self.calendar(after).or_else(|| self.relative(after))?;
        let fits = !matches!(
            spec.base,
            Base::Duration { .. } | Base::Reference(_) | Base::Every { .. } | Base::Often(_) | Base::Span(_) | Base::Time
        );
        fits.then_some((end, spec))
    }

    /// "the year", "the month": the one in focus.
    fn whole_of(&self, at: usize, modifier: &'static str) -> Read<Spec> {
        let after = self.article(at)?;
        let Some(TimeWord::Unit(unit)) = self.word(after) else { return None };
        if self.toks[after].time?.plural || unit < Unit::Day {
            return None;
        }
        Some((after + 1, Spec::new(Base::Shift { unit, by: 0, from: From::Now }).edged(modifier)))
    }

    /// "end of 2023", "beginning of the year", "end-March".
    fn edge_noun(&self, at: usize, modifier: &'static str) -> Read<Spec> {
        if self.form_at(at + 1) == Some("-") {
            let (end, spec) = self.calendar(at + 2)?;
            let fits = matches!(spec.base, Base::Month(..) | Base::Year(_)) && self.lower(at, "end");
            return fits.then(|| (end, spec.edged(modifier)));
        }
        if !self.lower(at + 1, "of") {
            return None;
        }
        if let Some((end, spec)) = self.target(at + 2) {
            let fits = !matches!(spec.base, Base::Holiday(..));
            return fits.then(|| (end, spec.edged(modifier)));
        }
        self.whole_of(at + 2, modifier)
    }

    /// "latter part of the year", "final days of May", "second half of June" stands with the ordinals.
    fn edge_part(&self, at: usize, modifier: &'static str) -> Read<Spec> {
        if !self.any_of(at + 1, &["part", "half", "portion", "stages", "days", "weeks", "months", "years", "hours"])
            || !self.lower(at + 2, "of")
        {
            return None;
        }
        let half = self.lower(at + 1, "half");
        let part = |spec: Spec| match spec.base {
            Base::Year(year) if half => Spec::new(Base::Half(if modifier == "START" { 1 } else { 2 }, year)),
            _ => spec.edged(modifier),
        };
        self.target(at + 3).map(|(end, spec)| (end, part(spec))).or_else(|| self.whole_of(at + 3, modifier))
    }

    /// "later that month", "earlier this week", "later in the year", "later on Tuesday".
    fn edge_later(&self, at: usize, modifier: &'static str) -> Read<Spec> {
        let beyond = if modifier == "END" { Beyond::Later } else { Beyond::Earlier };
        let preposition = usize::from(self.any_of(at + 1, &["in", "on"]));
        let next = at + 1 + preposition;
        let found = match self.relative(next).or_else(|| self.article(next).and_then(|next| self.relative(next))) {
            Some((end, spec))
                if matches!(spec.base, Base::Shift { .. } | Base::MonthWhich(..) | Base::SeasonWhich(..) | Base::Weekday(..)) =>
            {
                Some((end, spec))
            }
            _ => None,
        };
        let found = found.or_else(|| {
            let (end, spec) = self.calendar(next)?;
            let dated =
                matches!(spec.base, Base::Month(..) | Base::Year(_) | Base::Weekday(..) | Base::Day { .. } | Base::Season(..));
            (preposition == 1 && dated).then_some((end, spec))
        });
        let (end, mut spec) = found.or_else(|| (preposition == 1).then(|| self.whole_of(next, "")).flatten())?;
        spec.beyond = Some(beyond);
        Some((end, spec))
    }

    /// Lengths and distances: "two weeks ago", "more than three years", "two-year", "for decades", "a month later".
    pub(super) fn counted(&self, at: usize) -> Read<Spec> {
        let (next, modifier) = self.comparative(at);
        if next > at {
            // "at least", "more than" need a number of units
            let (end, spec) = self.length(next, true)?;
            return matches!(spec.base, Base::Duration { .. } | Base::Away { .. }).then(|| (end, spec.edged(modifier)));
        }
        self.length(at, false)
    }

    /// "more than", "at least", "about" …: one past it, and TIMEX3's modifier.
    fn comparative(&self, at: usize) -> (usize, &'static str) {
        let than = self.lower(at + 1, "than");
        match self.form_at(at) {
            Some(form) if than && form.eq_ignore_ascii_case("more") => (at + 2, "MORE_THAN"),
            Some(form) if than && (form.eq_ignore_ascii_case("less") || form.eq_ignore_ascii_case("fewer")) => {
                (at + 2, "LESS_THAN")
            }
            Some(form) if form.eq_ignore_ascii_case("at") && self.lower(at + 1, "least") => (at + 2, "EQUAL_OR_MORE"),
            Some(form) if form.eq_ignore_ascii_case("at") && self.lower(at + 1, "most") => (at + 2, "EQUAL_OR_LESS"),
            Some(form) if form.eq_ignore_ascii_case("up") && self.lower(at + 1, "to") => (at + 2, "EQUAL_OR_LESS"),
            Some(form)
                if form.eq_ignore_ascii_case("just")
                    || form.eq_ignore_ascii_case("well")
                    || form.eq_ignore_ascii_case("only") =>
            {
                match self.word(at + 1) {
                    Some(TimeWord::Approx(modifier)) => (at + 2, modifier),
                    _ => (at, ""),
                }
            }
            _ => match self.word(at) {
                Some(TimeWord::Approx(modifier)) => (at + 1, modifier),
                _ => (at, ""),
            },
        }
    }

    fn length(&self, at: usize, compared: bool) -> Read<Spec> {
        let tok = self.tok(at)?;
        // "yearlong", "half-century"
        if let Some(TimeWord::Span(value)) = tok.word() {
            return Some((at + 1, Spec::new(Base::Span(value))));
        }
        // "two years", "several months", "a few days", "a hundred days"
        if let Some(number) = self.number(at) {
            let plain = !(number.digits && matches!(tok.num, Num::Clock(..)));
            let count = (!number.vague).then_some(number.value);
            return plain.then(|| self.units(at, number.end, count, compared)).flatten();
        }
        if let TimeWord::Unit(unit) = tok.word().unwrap_or(TimeWord::Ago) {
            return self.bare_unit(at, unit, compared);
        }
        if self.lower(at, "a") || self.lower(at, "an") || self.lower(at, "one") {
            return self.one_unit(at, compared);
        }
        if self.lower(at, "half") {
            // "half an hour", "half a century"
            let next = at + 1 + usize::from(self.any_of(at + 1, &["a", "an"]));
            let TimeWord::Unit(unit) = self.word(next)? else { return None };
            return (next > at + 1).then(|| self.after_length(next + 1, Some(0.5), unit));
        }
        if self.any_of(at, &["many", "most", "some"]) {
            let TimeWord::Unit(unit) = self.word(at + 1)? else { return None };
            return (self.toks[at + 1].time?.plural && self.lower(at, "many")).then(|| self.after_length(at + 2, None, unit));
        }
        None
    }

    /// What follows a number: a unit, perhaps after an adjective or a hyphen.
    fn units(&self, at: usize, next: usize, count: Option<f64>, compared: bool) -> Read<Spec> {
        let mut next = next;
        let hyphen = self.form_at(next) == Some("-");
        next += usize::from(hyphen);
        let adjective = self.word(next).is_none()
            && (self.upos(next) == Upos::Adj || self.any_of(next, &["more", "full", "consecutive", "straight", "long"]));
        if !hyphen && adjective && matches!(self.word(next + 1), Some(TimeWord::Unit(_))) {
            next += 1;
        }
        // "10 to 15 years", "two or three days": the first number counts
        if !hyphen || self.toks.get(next).is_some_and(|tok| matches!(tok.num, Num::Digits(..))) {
            let joined = hyphen || self.any_of(next, &["to", "or", "–", "—"]);
            let second = next + usize::from(!hyphen);
            if joined
                && let Some(number) = self.number(second)
                && let Some(TimeWord::Unit(unit)) = self.word(number.end + usize::from(self.form_at(number.end) == Some("-")))
            {
                let end = number.end + usize::from(self.form_at(number.end) == Some("-"));
                return self.fits_number(at, end, unit).then(|| self.after_length(end + 1, count, unit));
            }
        }
        let entry = self.tok(next)?.time?;
        let TimeWord::Unit(unit) = entry.word else { return None };
        if !self.fits_number(at, next, unit) {
            return None;
        }
        // "one day they will": no length, unless a preposition stands before it
        let one = count == Some(1.0) && !hyphen && !self.toks[at].num.eq(&Num::Digits(1, 1));
        if one
            && !compared
            && !self.before_is(at, LENGTH_AFTER)
            && matches!(unit, Unit::Day | Unit::Weekend)
            && !self.is_distance(next + 1)
        {
            return None;
        }
        // "five-day" is one length; "1990 years" none
        if count.is_some_and(|count| count > 5_000.0) {
            return None;
        }
        let _ = compared;
        Some(self.after_length(next + 1, count, unit))
    }

    /// "hr" needs digits; "quarters" are also fractions; "0 days".
    fn fits_number(&self, at: usize, unit_at: usize, unit: Unit) -> bool {
        let digits = matches!(self.toks[at].num, Num::Digits(..) | Num::Other | Num::Clock(..));
        let short = self.form(unit_at).len() <= 4
            && matches!(unit, Unit::Hour | Unit::Minute | Unit::Second | Unit::Year)
            && self.any_of(unit_at, &["hr", "hr.", "min", "hrs", "hrs.", "mins", "mins.", "yr", "yr.", "yrs", "yrs.", "secs"]);
        (!short || digits)
            && (unit != Unit::Quarter || self.is_distance(unit_at + 1) || self.before_is(unit_at, &["straight", "consecutive"]))
    }

    /// "years", "decades" alone.
    fn bare_unit(&self, at: usize, unit: Unit, compared: bool) -> Read<Spec> {
        let entry = self.toks[at].time?;
        if !entry.plural {
            // "the year-earlier period"
            if self.form_at(at + 1) == Some("-") && self.any_of(at + 2, &["ago", "earlier"]) && unit >= Unit::Day {
                return Some((at + 3, Spec::new(Base::Away { unit, count: Some(1.0), sign: -1, from: From::Published })));
            }
            // "year-long", "month-old", "week-long"
            let long = self.form_at(at + 1) == Some("-") && self.any_of(at + 2, &["long", "old"]) && !self.before_is(at, &["-"]);
            return long.then(|| (at + 3, Spec::new(Base::Duration { count: Some(1.0), unit })));
        }
        if self.form_at(at + 1) == Some("-") && self.any_of(at + 2, &["long", "old"]) {
            return Some((at + 3, Spec::new(Base::Duration { count: None, unit })));
        }
        let company = compared
            || self.is_distance(at + 1)
            || (self
                .before_is(at, &["for", "in", "within", "after", "took", "take", "takes", "lasted", "spent", "than", "over"])
                && unit >= Unit::Hour);
        (company && unit != Unit::Quarter).then(|| self.after_length(at + 1, None, unit))
    }

    /// "a year", "an hour": a distance, a length after its preposition, or a rate.
    fn one_unit(&self, at: usize, compared: bool) -> Read<Spec> {
        let mut next = at + 1;
        let mut count = 1.0;
        if self.lower(next, "half") || self.lower(next, "quarter") {
            // "a half century", "a quarter of a century"
            count = if self.lower(next, "half") { 0.5 } else { 0.25 };
            next += 1;
            if self.lower(next, "of") {
                next += 1 + usize::from(self.any_of(next + 1, &["a", "an"]));
            }
            next += usize::from(self.form_at(next) == Some("-"));
        } else if self.any_of(next, &["full", "whole", "further", "long"]) {
            next += 1;
        }
        let entry = self.tok(next)?.time?;
        let TimeWord::Unit(unit) = entry.word else { return None };
        if entry.plural {
            return None;
        }
        if count == 1.0 {
            if self.form_at(next + 1) == Some("-") {
                // "a year-long": the article is not the length's
                return None;
            }
            if self.lower(next + 1, "and") && self.lower(next + 2, "a") && self.lower(next + 3, "half") {
                return Some(self.after_length(next + 4, Some(1.5), unit));
            }
            // "100 barrels a day": a rate
            let counted = at > self.start
                && next == at + 1
                && !compared
                && (matches!(self.upos(at - 1), Upos::Noun | Upos::Num | Upos::Sym)
                    || matches!(self.word(at - 1), Some(TimeWord::Times)))
                && !self.is_distance(next + 1)
                && unit >= Unit::Hour
                && !self.before_is(at, LENGTH_AFTER);
            if counted {
                return Some((next + 1, Spec::new(Base::Every { count: 1.0, unit })));
            }
            let company = compared || self.is_distance(next + 1) || self.before_is(at, LENGTH_AFTER);
            let noun =
                self.upos(next + 1) == Upos::Noun || (self.upos(next + 1) == Upos::Adj && self.upos(next + 2) == Upos::Noun);
            // "in a day of violence", "for a day that": still a day; "of a century" is not
            if !company
                || noun
                || unit == Unit::Quarter
                || (self.before_is(at, &["of", "to", "and"]) && !compared && !self.is_distance(next + 1))
            {
                return None;
            }
        }
        Some(self.after_length(next + 1, Some(count), unit))
    }

    /// Whether a word of distance stands here: "ago", "later", "before" where nothing follows that it governs.
    fn is_distance(&self, at: usize) -> bool {
        match self.word(at) {
            Some(TimeWord::Ago | TimeWord::EdgeLater(_)) => true,
            Some(TimeWord::Which(Which::Previous)) => false,
            _ => {
                (self.any_of(at, &["before", "after", "afterwards", "afterward", "hence", "previously", "beforehand", "prior"])
                    && (self.any_of(at, &["afterwards", "afterward", "hence", "previously", "beforehand"]) || !self.governs(at)))
                    || (self.lower(at, "from") && self.any_of(at + 1, &["now", "today"]))
            }
        }
    }

    /// Whether a preposition or conjunction has something to govern after it.
    fn governs(&self, at: usize) -> bool {
        let next = at + 1;
        if self.lower(next, "to") || self.lower(next, "the") {
            return true;
        }
        if self.xpos(next) == Xpos::Vbg {
            return true;
        }
        !matches!(self.upos(next), Upos::Punct | Upos::Unknown | Upos::Cconj | Upos::Verb | Upos::Aux)
    }

    /// A length, and the distance that it is with "ago", "later", "before".
    fn after_length(&self, at: usize, count: Option<f64>, unit: Unit) -> (usize, Spec) {
        let away = |sign, from| Spec::new(Base::Away { unit, count, sign, from });
        match self.word(at) {
            Some(TimeWord::Ago) => return (at + 1, away(-1, From::Published)),
            Some(TimeWord::EdgeLater(edge)) => {
                // "two days earlier than planned", "later this year"
                let sign = if edge == "END" { 1 } else { -1 };
                return (at + 1, away(sign, From::Focus));
            }
            _ => {}
        }
        if self.is_distance(at) {
            if self.lower(at, "from") {
                return (at + 2, away(1, From::Published));
            }
            let before = self.any_of(at, &["before", "previously", "beforehand", "prior"]);
            return (
                at + 1,
                away(if before { -1 } else { 1 }, if self.lower(at, "hence") { From::Published } else { From::Focus }),
            );
        }
        // "42-year-old", "42 years old", "26 years of age"
        let hyphen = usize::from(self.form_at(at) == Some("-"));
        let end = if self.any_of(at + hyphen, &["old", "long"]) {
            at + hyphen + 1
        } else if self.lower(at, "of") && self.lower(at + 1, "age") {
            at + 2
        } else {
            at
        };
        (end, Spec::new(Base::Duration { count, unit }))
    }

    /// Whether an expression that begins here is introduced by a preposition (the article apart).
    pub(super) fn in_phrase(&self, at: usize) -> bool {
        let at = if self.before_is(at, &["the"]) { at - 1 } else { at };
        self.before_is(
            at,
            &[
                "in",
                "at",
                "by",
                "during",
                "on",
                "since",
                "until",
                "from",
                "throughout",
                "through",
                "before",
                "after",
                "into",
                "of",
            ],
        )
    }

    /// The same as [`Reader::relative`], with "the" before it or not.
    pub(super) fn relative_after_article(&self, at: usize) -> Read<Spec> {
        match self.article(at) {
            Some(after) => self.relative(after),
            None => self.relative(at),
        }
    }
}
