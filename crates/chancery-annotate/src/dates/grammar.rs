//! The grammar: which tokens make an expression of time, and what it says.
//!
//! Plain functions over classified tokens: each takes the index at which its part would begin and gives one past its end. No
//! function looks further than a dozen tokens ahead, so the whole is linear.

use chancery_lexicon::number_words::Number;
use chancery_lexicon::time_words::{TimeWord, Which};
use chancery_lexicon::{NumberWords, TimeWords};
use chancery_model::{Deprel, Document, TokenIx, Upos, Xpos};

use super::spec::{Base, Clock, Found, Spec, YearOf};
use super::words::{Num, Tok};

/// One past the end, and what was read.
pub(super) type Read<T> = Option<(usize, T)>;

/// The tokens of one sentence.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub doc: &'a Document,
    pub toks: &'a [Tok],
    pub times: &'a TimeWords,
    pub numbers: &'a NumberWords,
    /// First token of the sentence.
    pub start: usize,
    /// One past its last.
    pub end: usize,
    /// Whether the document tells of years BC, so that "in 477" is a year.
    pub antiquity: bool,
    /// The year that the document is about, for years of two digits.
    pub around: i32,
    /// Months that are people's names in this document (bit 1 to 12).
    pub people: u16,
}

impl<'a> Reader<'a> {
    /// The expression that begins with this token.
    pub(super) fn expression(&self, at: usize) -> Option<Found> {
        let (end, spec) = self.modified(at)?;
        let (end, spec) = self.with_time(end, spec);
        Some(Found { first: at, end, spec })
    }

    /// An expression with what may stand before it: "the", "about", "the end of", "early".
    fn modified(&self, at: usize) -> Read<Spec> {
        let found = self.edge(at).or_else(|| self.counted(at)).or_else(|| self.calendar(at)).or_else(|| self.relative(at));
        if found.is_some() {
            return found;
        }
        match self.word(at) {
            Some(TimeWord::Approx(modifier)) => {
                let (end, spec) = self.calendar(at + 1).or_else(|| self.article(at + 1).and_then(|at| self.calendar(at)))?;
                // "over Christmas", "under Monday's plan": prepositions of other things
                let fits = modifier == "APPROX" && !matches!(spec.base, Base::Time) && self.form(at) != "some";
                fits.then(|| (end, spec.edged(modifier)))
            }
            _ => {
                let after = self.article(at)?;
                let (end, spec) = self.after_the(after)?;
                Some((end, spec))
            }
        }
    }

    /// What may stand after "the" and takes it along.
    fn after_the(&self, at: usize) -> Read<Spec> {
        if let Some(found) = self.year_with_word(at) {
            return Some(found);
        }
        if let Some(found) = self.edge(at) {
            return Some(found);
        }
        let (end, spec) = self.calendar(at).or_else(|| self.relative(at))?;
        // "the 2019 agreement", "the Monday meeting", "the May summit", "the Christmas tree": the article is the noun's.
        let own = match spec.base {
            Base::Decade(..) | Base::DecadeName(_) | Base::Century(..) | Base::Quarter(..) | Base::Half(..) => true,
            Base::Within { .. } | Base::DayOnly(_) | Base::Time => true,
            // "the summer", but "the" of "the summer offensive" is the noun's
            Base::Season(_, year) => year != YearOf::Unsaid || self.ends_phrase(end),
            Base::Day { .. } => matches!(self.toks[at].num, Num::Ordinal(_) | Num::Digits(..)),
            Base::Month(..) => self.lower(at, "month"),
            Base::Shift { .. } | Base::Weekend => true,
            Base::Reference(_) => matches!(self.word(at), Some(TimeWord::Which(_))),
            Base::MonthWhich(..) | Base::SeasonWhich(..) | Base::Weekday(_, Some(_)) => true,
            Base::Duration { .. } => true,
            _ => false,
        };
        own.then_some((end, spec))
    }

    /// "the year 1944", "the month of May" (after the article).
    fn year_with_word(&self, at: usize) -> Read<Spec> {
        if self.lower(at, "year") || self.lower(at, "years") {
            let (end, year) = self.year_number(at + 1)?;
            return Some((end, Spec::new(Base::Year(YearOf::Is(year)))));
        }
        if self.lower(at, "month") && self.lower(at + 1, "of") {
            let (end, spec) = self.calendar(at + 2)?;
            return matches!(spec.base, Base::Month(..)).then_some((end, spec));
        }
        None
    }

    /// Days, months, years, decades, centuries, seasons, quarters, weekdays, feasts: what the calendar names.
    pub(super) fn calendar(&self, at: usize) -> Read<Spec> {
        let tok = self.tok(at)?;
        if tok.is_nothing() {
            return self.named_quarter(at).or_else(|| self.holiday(at));
        }
        let found = match tok.word() {
            Some(TimeWord::Month(month)) => self.month_first(at, month),
            Some(TimeWord::Weekday(day)) => self.weekday_first(at, day),
            Some(TimeWord::Season(_)) => self.season(at),
            Some(TimeWord::Decade(tens)) => self.decade_name(at, tens),
            Some(TimeWord::Fiscal) => self.fiscal(at),
            Some(TimeWord::Era(false)) => {
                // "AD 79"
                let Num::Digits(year, 1..=4) = self.tok(at + 1)?.num else { return None };
                Some((at + 2, Spec::new(Base::Year(YearOf::Is(year as i32)))))
            }
            Some(TimeWord::Clock(hour)) => self.named_clock(at, hour),
            _ => None,
        };
        if found.is_some() {
            return found.map(|(end, spec)| (end, self.mid(at, spec)));
        }
        let found = match tok.num {
            Num::Digits(value, length) => self.digits(at, value, length),
            Num::Ordinal(value) => self.ordinal(at, value),
            Num::Decade(first, open) => self.decade(at, first, open),
            Num::ShortYear(year) => Some((at + 1, Spec::new(Base::Year(YearOf::Is(self.full_year(year)))))),
            Num::Clock(hour, minute) => self.clock(at, hour, minute),
            Num::Other => self.numeric(at),
            Num::Word => self.clock_in_words(at),
            Num::No => None,
        };
        found.map(|(end, spec)| (end, self.mid(at, spec))).or_else(|| self.holiday(at))
    }

    fn mid(&self, at: usize, spec: Spec) -> Spec {
        if self.toks[at].mid { spec.edged("MID") } else { spec }
    }

    /// "May 3", "May 3, 2021", "May 2021", "May of that year", "May".
    fn month_first(&self, at: usize, month: u8) -> Read<Spec> {
        let entry = self.toks[at].time?;
        if !self.toks[at].mid && self.is_other_word(at) {
            return None;
        }
        let next = at + 1 + usize::from(self.lower(at + 1, "the"));
        let stop = usize::from(self.form_at(next) == Some(".") && entry.short);
        if let Some(day) = self.day_number(next + stop).filter(|_| !self.is_counted(next + stop)) {
            let after = next + stop + 1;
            let (end, year) = self.year_after(after).unwrap_or((after, YearOf::Unsaid));
            return Some((end, Spec::new(Base::Day { month, day, year })));
        }
        if let Some((end, year)) = self.year_after(at + 1) {
            return Some((end, Spec::new(Base::Month(month, year))));
        }
        // A month alone: abbreviations that are words need a number, doubtful ones the right company.
        if entry.short || (self.is_doubtful_month(at, entry.doubtful, month)) {
            return None;
        }
        Some((at + 1, Spec::new(Base::Month(month, YearOf::Unsaid))))
    }

    /// "14 April 2023", "14 April", and years, days and clocks in digits.
    fn digits(&self, at: usize, value: u32, length: u8) -> Read<Spec> {
        if length <= 2
            && (1..=31).contains(&value)
            && let Some(found) = self.day_month(at, value as u8)
        {
            return Some(found);
        }
        if length == 4 && self.form_at(at + 1).is_some_and(|next| matches!(next, "GMT" | "UTC" | "hrs" | "hours")) {
            let (hour, minute) = (value / 100, value % 100);
            if hour <= 24 && minute < 60 {
                let utc = matches!(self.word(at + 1), Some(TimeWord::Zone(true)));
                return Some((at + 2, clock_spec(hour as u8, Some(minute as u8), utc)));
            }
        }
        if length <= 2
            && value <= 24
            && let Some(found) = self.hour(at, value as u8, None, at + 1)
        {
            return Some(found);
        }
        let (end, year) = self.year_number(at)?;
        // "their 1982 summer offensive"
        if let (Some(TimeWord::Season(season)), 4) = (self.word(end), length)
            && !self.toks[end].time.is_some_and(|entry| entry.plural)
            && self.is_year(at, value, length)
            && !self.is_capital(end)
        {
            return Some((end + 1, Spec::new(Base::Season(season, YearOf::Is(year)))));
        }
        // A decade or a stretch of years is read elsewhere; here the number must be a year by its company.
        let era = end > at + 1;
        if !era && !self.is_year(at, value, length) {
            return None;
        }
        let mut spec = Spec::new(Base::Year(YearOf::Is(year)));
        spec.weak = self.modifies_noun(at);
        Some((end, spec))
    }

    /// "14 April 2023", "14th of April", from the day.
    fn day_month(&self, at: usize, day: u8) -> Read<Spec> {
        let mut next = at + 1;
        while self.lower(next, "of") || self.lower(next, "-") || self.lower(next, "day") {
            next += 1;
            if next > at + 2 {
                break;
            }
        }
        let entry = self.tok(next)?.time?;
        let TimeWord::Month(month) = entry.word else { return None };
        let after = next + 1 + usize::from(entry.short && self.form_at(next + 1) == Some(".") && self.year_token(next + 2));
        let after_hyphen = after + usize::from(self.form_at(after) == Some("-") && next == at + 2);
        let (end, year) = self.year_after(after_hyphen).unwrap_or((after, YearOf::Unsaid));
        Some((end, Spec::new(Base::Day { month, day, year })))
    }

    /// "14th (of) April", "20th century", "first quarter (of 2023)", "the 14th".
    fn ordinal(&self, at: usize, value: u32) -> Read<Spec> {
        let digits = self.form(at).as_bytes()[0].is_ascii_digit();
        if (1..=31).contains(&value)
            && let Some(found) = self.day_month(at, value as u8)
        {
            return Some(found);
        }
        let next = at + 1 + usize::from(self.lower(at + 1, "-"));
        if self.lower(next, "century") || self.lower(next, "centuries") || (self.lower(next, "c.") && digits) {
            if !(1..=40).contains(&value) {
                return None;
            }
            let era = match self.word(next + 1) {
                Some(TimeWord::Era(bc)) => Some(bc),
                _ => None,
            };
            return Some((next + 1 + usize::from(era.is_some()), Spec::new(Base::Century(value as u8, era == Some(true)))));
        }
        // "twenty-first century" is read as a number word before; "the 19th and 20th centuries"
        if digits
            && self.lower(at + 1, "and")
            && matches!(self.tok(at + 2)?.num, Num::Ordinal(_))
            && self.lower(at + 3, "centuries")
        {
            return Some((at + 1, Spec::new(Base::Century(value as u8, false))));
        }
        if self.lower(next, "quarter") && (1..=4).contains(&value) {
            let (end, year) = self.year_of(next + 1);
            let sure = year != YearOf::Unsaid || self.before_is(at, &["the", "in", "for", "fiscal", "this", "during", "of"]);
            return (sure || next > at + 1).then(|| (end, Spec::new(Base::Quarter(value as u8, year))));
        }
        if self.lower(next, "half") && (1..=2).contains(&value) && self.lower(next + 1, "of") {
            let (end, spec) = self.calendar(next + 2).or_else(|| self.relative_after_article(next + 2))?;
            return Some((end, half_of(spec, value as u8)?));
        }
        if let Some(found) = self.within(at, value as i8) {
            return Some(found);
        }
        // "on the 24th": nothing but a day of the month in focus.
        let bare = digits
            && (1..=31).contains(&value)
            && at > self.start
            && self.lower(at - 1, "the")
            && (at >= 2 && self.before_is(at - 1, &["on", "by", "until", "till", "since", "from", "to", "and"]))
            && self.tok(at + 1).is_none_or(|_| self.ends_phrase(at + 1));
        bare.then(|| (at + 1, Spec::new(Base::DayOnly(value as u8))))
    }

    /// "first week of May": from the ordinal.
    pub(super) fn within(&self, at: usize, nth: i8) -> Read<Spec> {
        let Some(TimeWord::Unit(unit)) = self.word(at + 1) else { return None };
        if !self.lower(at + 2, "of") || self.toks[at + 1].time?.plural {
            return None;
        }
        let (end, spec) = self.calendar(at + 3)?;
        let Base::Month(month, year) = spec.base else { return None };
        Some((end, Spec::new(Base::Within { unit, nth, month, year })))
    }

    /// "1990s", "the '90s", "480s BC".
    fn decade(&self, at: usize, first: u16, open: bool) -> Read<Spec> {
        if open {
            return Some((at + 1, Spec::new(Base::DecadeName(first as u8))));
        }
        let bc = self.word(at + 1) == Some(TimeWord::Era(true));
        if first < 1000 && !bc {
            return None;
        }
        Some((at + 1 + usize::from(bc), Spec::new(Base::Decade(i32::from(first), bc))))
    }

    /// "the nineties", "the nineteen-nineties".
    fn decade_name(&self, at: usize, tens: u8) -> Read<Spec> {
        let company = at > self.start
            && (self.before_is(at, &["the"]) || matches!(self.word(at - 1), Some(TimeWord::Edge(_))) || self.lower(at - 1, "-"));
        company.then(|| (at + 1, Spec::new(Base::DecadeName(tens))))
    }

    /// "fiscal 2023", "fiscal year 2023", "FY2023" stands with the quarters.
    fn fiscal(&self, at: usize) -> Read<Spec> {
        let next = at + 1 + usize::from(self.lower(at + 1, "year"));
        if let Some((end, year)) = self.year_number(next) {
            return Some((end, Spec::new(Base::Fiscal(YearOf::Is(year)))));
        }
        None
    }

    /// "summer", "summer 2022", "the summer of that year".
    fn season(&self, at: usize) -> Read<Spec> {
        let entry = self.toks[at].time?;
        let TimeWord::Season(season) = entry.word else { return None };
        let (end, year) = self.year_of(at + 1);
        if year != YearOf::Unsaid {
            return Some((end, Spec::new(Base::Season(season, year))));
        }
        if entry.plural || matches!(self.upos(at), Upos::Verb | Upos::Aux) {
            return None;
        }
        let company =
            ["in", "by", "during", "until", "since", "through", "throughout", "before", "after", "over", "from", "for", "of"];
        let the = at > self.start && self.lower(at - 1, "the");
        let before = if the { at - 1 } else { at };
        let prepositional = before > self.start && self.before_is(before, &company);
        // "the summer offensive", "a spring campaign"; but "the Winter Olympics", "Prague Spring" are names
        let capital = self.is_capital(at) && at > self.start;
        if capital && (self.is_capital(at + 1) || (self.is_capital(at - 1) && self.toks[at - 1].is_nothing())) {
            return None;
        }
        let determined = at > self.start && matches!(self.upos(at - 1), Upos::Det | Upos::Adj | Upos::Pron | Upos::Num);
        let modifies = self.upos(at + 1) == Upos::Noun && self.head(at).is_some_and(|head| head > at);
        if modifies && (!entry.doubtful || (determined && self.upos(at) == Upos::Noun)) {
            return Some((at + 1, Spec::new(Base::Season(season, YearOf::Unsaid))));
        }
        let edged =
            at > self.start && matches!(self.word(at - 1), Some(TimeWord::Edge(_) | TimeWord::Which(_) | TimeWord::EdgeNoun(_)));
        // "the fall of Kabul", "the spring in his step"
        let other = entry.doubtful && (self.lower(at + 1, "of") || self.lower(at + 1, "from") || !(self.ends_phrase(at + 1)));
        let other = other
            || (entry.doubtful && !prepositional && !edged)
            || (entry.doubtful && !the && !edged && self.before_is(at, &["of", "for", "from", "after"]));
        if other || !(prepositional || edged || the || self.toks[at].mid) {
            return None;
        }
        Some((at + 1, Spec::new(Base::Season(season, YearOf::Unsaid))))
    }

    /// "Q1 2023", "H1", "FY2023".
    fn named_quarter(&self, at: usize) -> Read<Spec> {
        let form = self.form_at(at)?;
        let bytes = form.as_bytes();
        match bytes {
            [b'Q', number @ b'1'..=b'4'] => {
                let (end, year) = self.year_of(at + 1);
                Some((end, Spec::new(Base::Quarter(number - b'0', year))))
            }
            [b'H', number @ b'1'..=b'2'] => {
                let (end, year) = self.year_of(at + 1);
                (year != YearOf::Unsaid).then(|| (end, Spec::new(Base::Half(number - b'0', year))))
            }
            [b'F', b'Y', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) && matches!(rest.len(), 2 | 4) => {
                let year: i32 = form[2..].parse().ok()?;
                let year = if year < 100 { self.full_year(year as u8) } else { year };
                Some((at + 1, Spec::new(Base::Fiscal(YearOf::Is(year)))))
            }
            _ => None,
        }
    }

    /// "Tuesday", "Tuesday, 14 April", "Tuesday the 14th".
    fn weekday_first(&self, at: usize, day: u8) -> Read<Spec> {
        let entry = self.toks[at].time?;
        if entry.plural {
            return None;
        }
        let mut next = at + 1;
        next += usize::from(entry.short && self.lower(next, "."));
        for skip in [0, 1, 2] {
            if skip > 0 {
                let joined = matches!(self.form_at(next + skip - 1), Some("," | "the" | "on" | "("));
                if !joined || self.form_at(next + skip - 1) == Some("(") {
                    break;
                }
            }
            let Some(tok) = self.tok(next + skip) else { break };
            let dated = match (tok.word(), tok.num) {
                (Some(TimeWord::Month(month)), _) => self.month_first(next + skip, month),
                (_, Num::Digits(value @ 1..=31, 1..=2) | Num::Ordinal(value @ 1..=31)) => {
                    self.day_month(next + skip, value as u8).or_else(|| {
                        let digits = self.form(next + skip).as_bytes()[0].is_ascii_digit();
                        let plain =
                            skip > 0 && digits && matches!(tok.num, Num::Ordinal(_)) && self.lower(next + skip - 1, "the");
                        plain.then(|| (next + skip + 1, Spec::new(Base::DayOnly(value as u8))))
                    })
                }
                (_, Num::Other) => self.numeric(next + skip),
                _ => None,
            };
            if let Some((end, spec)) = dated.filter(|(_, spec)| spec.is_day()) {
                return Some((end, spec));
            }
        }
        if entry.short {
            return None;
        }
        // "Monday Magazine", "Sunday Times", "Black Friday": part of a name
        let named = self.is_capital(at + 1)
            && self.tok(at + 1).is_some_and(Tok::is_nothing)
            && self.upos(at + 1) == Upos::Propn
            && self.deprel(at) != Deprel::OblUnmarked
            && self.deprel(at) != Deprel::OblTmod
            && self.head(at) == Some(at + 1);
        let bloody = at > self.start
            && self.is_capital(at - 1)
            && self.head(at - 1) == Some(at)
            && self.upos(at - 1) == Upos::Adj
            && self.tok(at - 1).is_some_and(Tok::is_nothing)
            && at - 1 > self.start;
        (!named && !bloody).then(|| (next.min(at + 1), Spec::new(Base::Weekday(day, None))))
    }

    /// "Christmas", "Christmas Day 1944", "Easter Sunday".
    pub(super) fn holiday(&self, at: usize) -> Read<Spec> {
        let form = self.form_at(at)?;
        let span = self.doc.tokens.span[at];
        let digits = form.as_bytes()[0].is_ascii_digit();
        if !(form.as_bytes()[0].is_ascii_uppercase() || digits) {
            return None;
        }
        let rest = &self.doc.text[span.start as usize..];
        let first = rest.split([' ', '\n']).next()?;
        let first = first.trim_end_matches([',', '.', ';', ':', ')', '?', '!', '"', '”']);
        // The names are kept by their letters up to the first blank, the possessive mark included.
        let (length, holiday) = self.times.holiday(first, rest).or_else(|| self.times.holiday(form, rest))?;
        let stop = span.start as usize + length;
        let mut end = at + 1;
        while end < self.end && self.doc.tokens.span[end].start < stop as u32 {
            end += 1;
        }
        if self.doc.tokens.span[end - 1].end as usize != stop {
            return None;
        }
        if let Some(year) = holiday.year {
            return Some((end, Spec::new(Base::Holiday(holiday, YearOf::Is(i32::from(year))))));
        }
        let (end, year) = self.year_of(end);
        let island = self.form_at(end).is_some_and(|next| matches!(next, "Island" | "Islands" | "Accords"));
        (!island).then(|| (end, Spec::new(Base::Holiday(holiday, year))))
    }

    // What stands around a token.

    pub(super) fn tok(&self, at: usize) -> Option<&'a Tok> {
        (at < self.end).then(|| &self.toks[at])
    }

    pub(super) fn word(&self, at: usize) -> Option<TimeWord> {
        self.tok(at)?.word()
    }

    pub(super) fn form(&self, at: usize) -> &'a str {
        self.doc.tokens.span[at].slice(&self.doc.text)
    }

    pub(super) fn form_at(&self, at: usize) -> Option<&'a str> {
        (at < self.end).then(|| self.form(at))
    }

    /// Whether the token is this word, in any case.
    pub(super) fn lower(&self, at: usize, word: &str) -> bool {
        self.form_at(at).is_some_and(|form| form.eq_ignore_ascii_case(word))
    }

    pub(super) fn any_of(&self, at: usize, words: &[&str]) -> bool {
        self.form_at(at).is_some_and(|form| words.iter().any(|word| form.eq_ignore_ascii_case(word)))
    }

    /// Whether the token before is one of these words.
    pub(super) fn before_is(&self, at: usize, words: &[&str]) -> bool {
        at > self.start && self.any_of(at - 1, words)
    }

    /// One past "the".
    pub(super) fn article(&self, at: usize) -> Option<usize> {
        self.lower(at, "the").then_some(at + 1)
    }

    /// The year that two digits mean: the latest that is not far beyond the document's own time.
    pub(super) fn full_year(&self, short: u8) -> i32 {
        let latest = self.around + 10;
        latest - (latest - i32::from(short)).rem_euclid(100)
    }

    pub(super) fn upos(&self, at: usize) -> Upos {
        if at < self.end { self.doc.tokens.upos[at] } else { Upos::Unknown }
    }

    pub(super) fn xpos(&self, at: usize) -> Xpos {
        if at < self.end { self.doc.tokens.xpos[at] } else { Xpos::Unknown }
    }

    pub(super) fn deprel(&self, at: usize) -> Deprel {
        if at < self.end { self.doc.tokens.deprel[at] } else { Deprel::Unknown }
    }

    pub(super) fn head(&self, at: usize) -> Option<usize> {
        if at >= self.end {
            return None;
        }
        self.doc.tokens.head_of(TokenIx::at(at)).map(TokenIx::ix)
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.form_at(at).is_some_and(|form| form.chars().next().is_some_and(char::is_uppercase))
    }

    /// Whether what stands here cannot go on a noun phrase: punctuation, a verb, a preposition, the sentence's end.
    pub(super) fn ends_phrase(&self, at: usize) -> bool {
        match self.upos(at) {
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num => false,
            Upos::Unknown => self.form_at(at).is_none_or(|form| !form.as_bytes()[0].is_ascii_alphanumeric()),
            _ => true,
        }
    }

    pub(super) fn number(&self, at: usize) -> Option<Number> {
        self.numbers.read(at, self.end, |index| self.form(index))
    }

    pub(super) fn which(&self, at: usize) -> Option<Which> {
        match self.word(at) {
            Some(TimeWord::Which(which)) => Some(which),
            _ => None,
        }
    }

    /// Joins a clock or a part of the day to the day beside it.
    fn with_time(&self, end: usize, mut spec: Spec) -> (usize, Spec) {
        if spec.is_day() && spec.part.is_none() && spec.clock.is_none() {
            let next =
                end + usize::from(self.lower(end, ",") && matches!(self.tok(end + 1).map(|tok| tok.num), Some(Num::Clock(..))));
            match self.word(end) {
                Some(TimeWord::Part(part)) if !self.toks[end].time.is_some_and(|entry| entry.plural || part == "DT") => {
                    spec.part = Some(part);
                    return (end + 1, spec);
                }
                _ => {}
            }
            if let Some((end, time)) = self.time_of_day(next) {
                spec.clock = time.clock;
                return (end, spec);
            }
            return (end, spec);
        }
        if matches!(spec.base, Base::Time) {
            // "9 a.m. Friday", "the morning of 14 April"
            let comma = usize::from(self.lower(end, ",") && spec.clock.is_some());
            let of = usize::from(self.lower(end, "of"));
            if let Some((after, day)) = self.modified(end + comma.max(of)).filter(|(_, day)| day.is_day() && day.clock.is_none())
                && (day.part.is_none() || spec.part.is_none())
            {
                let (part, clock) = (spec.part.or(day.part), spec.clock);
                return (after, Spec { part, clock, modifier: spec.modifier, ..day });
            }
        }
        (end, spec)
    }
}

/// "2.5", "half of": the half that a calendar's stretch has.
fn half_of(spec: Spec, half: u8) -> Option<Spec> {
    Some(match spec.base {
        Base::Year(year) => Spec { base: Base::Half(half, year), weak: false, ..spec },
        _ => spec.edged(if half == 1 { "START" } else { "END" }),
    })
}

pub(super) fn clock_spec(hour: u8, minute: Option<u8>, utc: bool) -> Spec {
    Spec { clock: Some(Clock { hour, minute, utc }), ..Spec::new(Base::Time) }
}
