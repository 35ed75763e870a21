//! Resolves what was read against publication, the date in focus and the tense of the clause.
//!
//! # Invariants
//! - Nothing is resolved against a later expression but a year or month that a range shares ("between May and July 2021").
//! - Without a day of publication what needs one keeps a value with `X` and has no interval.

use std::fmt::Write;

use chancery_lexicon::time_words::{Season, Unit, Which};
use chancery_model::{DateAnchor, DateIx, DateType, Document};
use jiff::civil::Date;

use super::calendar::{Grain, Point, date, feast, grain_of, plus_days, weekday_of, write_year};
use super::spec::{Base, Beyond, Clock, Found, From, Spec, YearOf};
use super::tense::{Tense, tense};

/// What an expression means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved {
    pub r#type: DateType,
    pub value: String,
    pub interval: Option<(Date, Date)>,
    pub anchor: DateAnchor,
}

/// A history looks back this many days to a month without a year; further back lies the next year's.
const LONGEST_LOOK_BACK: i64 = 240;

/// The date that the text goes on from.
#[derive(Debug, Clone, Copy)]
struct Focus {
    point: Point,
    /// Its days as its modifier narrows them.
    days: (Date, Date),
    ix: DateIx,
    sentence: usize,
    paragraph: u32,
    explicit: bool,
    /// It opens its sentence: "In 2014 …".
    leads: bool,
}

/// How days and months written with two numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
    Open,
}

pub(super) struct Resolver<'a> {
    pub doc: &'a Document,
    pub published: Option<Date>,
    /// A history: dates lean on one another, and so do "last year" and "Tuesday", not on the day of publication.
    pub history: bool,
    pub order: Order,
    focus: Option<Focus>,
    /// Where the story is: the focus but for years that are only glanced at ("as in 1614", "declassified in 2005").
    steady: Option<Focus>,
    /// A year far from the story that was told last: told twice, the story has moved there.
    glanced: Option<i32>,
    sentence: usize,
}

type Meaning = (Option<Point>, String, DateAnchor);

impl<'a> Resolver<'a> {
    pub(super) fn new(doc: &'a Document, history: bool, order: Order) -> Self {
        Self { doc, published: doc.published(), history, order, focus: None, steady: None, glanced: None, sentence: 0 }
    }

    /// Resolves the expression that becomes row `ix`; expressions must come in text order.
    pub(super) fn resolve(&mut self, found: &Found, sentence: usize, ix: DateIx) -> Resolved {
        self.sentence = sentence;
        let spec = &found.spec;
        let timed = spec.part.is_some() || spec.clock.is_some();
        let (point, value, anchor) = match self.base(found) {
            Ok(meaning) => meaning,
            Err((r#type, value)) => {
                return Resolved { r#type, value, interval: None, anchor: DateAnchor::None };
            }
        };
        let mut interval = point.map(|point| point.narrowed(spec.modifier));
        if let (Some(beyond), Some(point)) = (spec.beyond, point) {
            interval = Some(self.beyond(beyond, point));
        }
        if let (Some((from, to)), Some(day), "END") = (interval, self.published, spec.modifier) {
            // "by the end of the year", said in November: what is left of it
            if !self.history && from < day && day < to && tense_at(self.doc, found) == Tense::Future {
                interval = Some((day, to));
            }
        }
        let value = if timed { with_time(value, spec.part, spec.clock) } else { value };
        let r#type = if timed { DateType::Time } else { DateType::Date };
        if let (Some(point), Some(days), false) = (point, interval, spec.weak) {
            self.go_on(
                found,
                Focus {
                    point,
                    days,
                    ix,
                    sentence,
                    paragraph: self.paragraph(sentence),
                    explicit: has_year(&spec.base),
                    leads: self.opens(found.first),
                },
                anchor,
            );
        }
        Resolved { r#type, value, interval, anchor }
    }

    fn paragraph(&self, sentence: usize) -> u32 {
        self.doc.sentences.get(sentence).map_or(0, |row| row.paragraph)
    }

    /// Moves the focus to what was just resolved, and the story with it unless the text only glances there.
    fn go_on(&mut self, found: &Found, focus: Focus, anchor: DateAnchor) {
        if self.history && anchor == DateAnchor::Published {
            return;
        }
        self.focus = Some(focus);
        let Some(steady) = self.steady else {
            self.steady = Some(focus);
            return;
        };
        if focus.point.grain >= Grain::Decade {
            return;
        }
        let bare = focus.point.grain == Grain::Year;
        let before = found.first.checked_sub(1).map_or("", |before| self.doc.tokens.span[before].slice(&self.doc.text));
        let aside = ["until", "till", "to", "through", "-", "–", "than", "as", "since", "("];
        if bare && aside.iter().any(|word| before.eq_ignore_ascii_case(word)) {
            return;
        }
        let (year, now) = (focus.point.year_of(), steady.point.year_of());
        if bare && year == now {
            // The month that the story has reached tells more than its year said once more.
            return;
        }
        let opens = self.sentence.checked_sub(1).is_none_or(|before| self.paragraph(before) != focus.paragraph);
        // A year alone moves the story where it opens a sentence or is told again; a month or day of a near year always does.
        let near = (now - 1..=now + 2).contains(&year) && (!bare || focus.leads);
        let again = self.glanced.is_some_and(|glanced| (glanced - 1..=glanced + 1).contains(&year));
        if near || opens || again || !self.history {
            self.steady = Some(focus);
            self.glanced = None;
        } else {
            self.glanced = Some(year);
        }
    }

    /// The point that a base means, its value and anchor; or, where it is no point, type and value.
    fn base(&self, found: &Found) -> Result<Meaning, (DateType, String)> {
        let spec = &found.spec;
        let dated = |point: Option<Point>, anchor| match point {
            Some(point) => Ok((Some(point), point.value(), anchor)),
            None => Ok((None, "XXXX".to_owned(), DateAnchor::None)),
        };
        match spec.base {
            Base::Year(year) => {
                let (year, anchor) = self.year(year, found);
                match year {
                    Some(year) => dated(Point::year(year), anchor),
                    None => Ok((None, "XXXX".into(), DateAnchor::None)),
                }
            }
            Base::Fiscal(year) => {
                let (year, anchor) = self.year(year, found);
                let mut value = "FY".to_owned();
                match year {
                    Some(year) => write_year(&mut value, year),
                    None => value.push_str("XXXX"),
                }
                Ok((None, value, anchor))
            }
            Base::Decade(first, bc) => dated(Point::decade(first, bc), DateAnchor::None),
            Base::DecadeName(tens) => {
                // The latest such decade that has begun; before the twenties it is the last century's.
                let now = self.published.map_or(2000, |day| i32::from(day.year()));
                let century = now.div_euclid(100) * 100;
                let first =
                    if century + i32::from(tens) <= now { century + i32::from(tens) } else { century - 100 + i32::from(tens) };
                let first = match self.focus {
                    Some(focus) if self.history => focus.point.year_of().div_euclid(100) * 100 + i32::from(tens),
                    _ => first,
                };
                dated(Point::decade(first, false), DateAnchor::None)
            }
            Base::Century(ordinal, bc) => dated(Point::century(i32::from(ordinal), bc), DateAnchor::None),
            Base::Exact { year, month, day } => dated(date(year, month.into(), day.into()).map(Point::day), DateAnchor::None),
            Base::Numeric { first, second, year } => dated(self.numeric(first, second, year).map(Point::day), DateAnchor::None),
            Base::Quarter(quarter, year) => {
                self.of_year(found, year, &format!("Q{quarter}"), |year| Point::quarter(year, quarter.into()))
            }
            Base::Half(half, year) => self.of_year(found, year, &format!("H{half}"), |year| Point::half(year, half.into())),
            Base::Season(season, year) => self.of_year(found, year, letters(season), |year| Point::season(year, season)),
            Base::Month(month, year) => {
                self.of_year(found, year, &format!("{month:02}"), |year| Point::month(year, month.into()))
            }
            Base::Day { month, day, year } => self.of_year(found, year, &format!("{month:02}-{day:02}"), |year| {
                // "February 29" fits some years only; a day that no year has is none
                date(year, month.into(), day.into()).map(Point::day)
            }),
            Base::Holiday(holiday, year) => self.of_year(found, year, "XX-XX", |year| feast(holiday.rule, year).map(Point::day)),
            Base::Within { unit, nth, month, year } => {
                self.of_year(found, year, &format!("{month:02}-XX"), |year| within(unit, nth, Point::month(year, month.into())?))
            }
            Base::DayOnly(day) => {
                let near = self.focus.map(|focus| (focus.point, DateAnchor::Date(focus.ix)));
                let near = near.filter(|(point, _)| point.grain <= Grain::Month || self.history);
                let near = near.or_else(|| self.published.map(|day| (Point::day(day), DateAnchor::Published)));
                match near {
                    Some((point, anchor)) => match date(point.year_of(), point.month_of(), day.into()) {
                        Some(day) => dated(Some(Point::day(day)), anchor),
                        None => Ok((None, format!("XXXX-XX-{day:02}"), DateAnchor::None)),
                    },
                    None => Ok((None, format!("XXXX-XX-{day:02}"), DateAnchor::None)),
                }
            }
            Base::Weekday(day, which) => self.weekday(found, day, which),
            Base::Weekend => match self.published.filter(|_| !self.history) {
                Some(today) => {
                    let this = Point::weekend(today);
                    let ahead = matches!(tense_at(self.doc, found), Tense::Future | Tense::Present);
                    // From Monday to Friday the week's own weekend lies ahead.
                    let point = if ahead || weekday_of(today) > 5 { this } else { plus_days(today, -7).and_then(Point::weekend) };
                    dated(point, DateAnchor::Published)
                }
                None => Ok((None, "XXXX-WXX-WE".to_owned(), DateAnchor::None)),
            },
            Base::MonthWhich(month, which) => {
                self.which(which, Unit::Year, &format!("{month:02}"), |year| Point::month(year, month.into()))
            }
            Base::SeasonWhich(season, which) => {
                self.which(which, Unit::Year, letters(season), |year| Point::season(year, season))
            }
            Base::Shift { unit, by, from } => self.shift(unit, by, from, spec),
            Base::Away { unit, count, sign, from } => self.away(unit, count, sign, from),
            Base::Duration { count, unit } => Err((DateType::Duration, duration(count, unit))),
            Base::Span(value) => Err((DateType::Duration, value.to_owned())),
            Base::Every { count, unit } => Err((DateType::Set, duration(Some(count), unit))),
            Base::EveryWeekday(day) => Err((DateType::Set, format!("XXXX-WXX-{day}"))),
            Base::EveryMonth(month) => Err((DateType::Set, format!("XXXX-{month:02}"))),
            Base::EverySeason(season) => Err((DateType::Set, format!("XXXX-{}", letters(season)))),
            Base::EveryPart => Err((DateType::Set, format!("XXXX-XX-XXT{}", spec.part.unwrap_or("DT")))),
            Base::Often(value) => Err((DateType::Set, value.to_owned())),
            Base::Reference(value) => Err((DateType::Date, value.to_owned())),
            Base::Time => Ok(self.time_alone(spec.clock.is_some())),
        }
    }

    /// A part of the day or a clock alone: of the day in focus, where that stands near.
    fn time_alone(&self, clock: bool) -> Meaning {
        let near =
            self.focus.filter(|focus| focus.point.grain == Grain::Day && (self.history || focus.sentence + 1 >= self.sentence));
        match (near, self.published) {
            (Some(focus), _) => (Some(focus.point), focus.point.value(), DateAnchor::Date(focus.ix)),
            // A briefing's clock times are of its day.
            (None, Some(day)) if clock && !self.history => {
                let point = Point::day(day);
                (Some(point), point.value(), DateAnchor::Published)
            }
            _ => (None, "XXXX-XX-XX".into(), DateAnchor::None),
        }
    }

    /// The year, told or by context, of an expression that may lack it.
    fn year(&self, year: YearOf, found: &Found) -> (Option<i32>, DateAnchor) {
        match year {
            YearOf::Is(year) => (Some(year), DateAnchor::None),
            YearOf::Published(by) => match self.now(From::Now) {
                Some((day, anchor)) => (Some(i32::from(day.from.year()) + by), anchor),
                None => (None, DateAnchor::None),
            },
            YearOf::Focus(by) => match self.now(From::Focus) {
                Some((point, anchor)) => (Some(point.year_of() + by), anchor),
                None => (None, DateAnchor::None),
            },
            YearOf::Unsaid => {
                let _ = found;
                (None, DateAnchor::None)
            }
        }
    }

    /// A stretch that recurs each year, in its year: told, or the one that context and tense mean.
    fn of_year(
        &self,
        found: &Found,
        year: YearOf,
        tail: &str,
        make: impl Fn(i32) -> Option<Point>,
    ) -> Result<Meaning, (DateType, String)> {
        let unknown = || Ok((None, format!("XXXX-{tail}"), DateAnchor::None));
        let (told, anchor) = self.year(year, found);
        if let Some(year) = told {
            return match make(year) {
                Some(point) => Ok((Some(point), point.value(), anchor)),
                None => unknown(),
            };
        }
        if year != YearOf::Unsaid {
            return unknown();
        }
        let near = self.by_focus(found).and_then(|focus| Some((self.near_focus(focus, &make)?, DateAnchor::Date(focus.ix))));
        let chosen = near.or_else(|| {
            let day = self.published?;
            Some((nearest(day, tense_at(self.doc, found), &make)?, DateAnchor::Published))
        });
        match chosen {
            Some((point, anchor)) => Ok((Some(point), point.value(), anchor)),
            None => unknown(),
        }
    }

    /// The focus, where an expression without a year leans on it rather than on publication.
    fn by_focus(&self, found: &Found) -> Option<Focus> {
        let focus = self.focus?;
        let Some(published) = self.published else { return self.steady };
        if self.history {
            return self.steady;
        }
        // In news: a past date that the paragraph's narrative has told ("In March 2014 … In September …"), in a clause about the past.
        let past = i32::from(published.year()) > focus.point.year_of();
        let same = focus.sentence == self.sentence;
        let opens = self.opens(found.first);
        let near = focus.explicit && focus.paragraph == self.paragraph(self.sentence) && focus.sentence + 2 >= self.sentence;
        let told = focus.point.grain <= Grain::Month || (focus.leads && focus.point.grain == Grain::Year);
        (past && near && told && (opens || same && focus.leads) && tense_at(self.doc, found) == Tense::Past).then_some(focus)
    }

    /// Whether a token is among the first of its sentence.
    fn opens(&self, token: usize) -> bool {
        self.doc.sentences.get(self.sentence).is_some_and(|row| token <= row.tokens.start.ix() + 2)
    }

    /// The stretch in the year in focus; in the next one where the text has passed it by months.
    fn near_focus(&self, focus: Focus, make: &impl Fn(i32) -> Option<Point>) -> Option<Point> {
        let year = focus.point.year_of();
        let point = make(year).or_else(|| make(year + 1))?;
        if focus.point.grain <= Grain::Month {
            // Stories go forward: a month long past is next year's. News looks back less than histories do.
            let behind = i64::from((focus.point.from - point.to).get_days());
            let longest = if self.history || self.published.is_none() { LONGEST_LOOK_BACK } else { 0 };
            if behind > longest {
                return make(year + 1).filter(|next| self.published.is_none_or(|day| next.from <= day)).or(Some(point));
            }
        }
        Some(point)
    }

    fn weekday(&self, found: &Found, day: u8, which: Option<Which>) -> Result<Meaning, (DateType, String)> {
        let unknown = || Ok((None, format!("XXXX-WXX-{day}"), DateAnchor::None));
        let by_focus = matches!(which, Some(Which::Previous | Which::Following | Which::That | Which::Same)) || self.history;
        let near = if by_focus { self.focus.filter(|focus| focus.point.grain <= Grain::Week) } else { None };
        let (today, anchor) = match (near, self.published) {
            (Some(focus), _) => (focus.point.from, DateAnchor::Date(focus.ix)),
            (None, Some(published)) if !self.history => (published, DateAnchor::Published),
            _ => return unknown(),
        };
        let offset = i64::from(day) - weekday_of(today);
        // Days to the one before (or today), and to the one after (or today).
        let (back, ahead) = (if offset > 0 { offset - 7 } else { offset }, if offset < 0 { offset + 7 } else { offset });
        let days = match which {
            Some(Which::Last | Which::Past | Which::Previous) => {
                if back == 0 {
                    -7
                } else {
                    back
                }
            }
            Some(Which::Next | Which::Following) => {
                if ahead == 0 {
                    7
                } else {
                    ahead
                }
            }
            Some(Which::This | Which::Coming | Which::Current) => ahead,
            Some(Which::That | Which::Same) => back,
            None if self.history => ahead,
            None => match tense_at(self.doc, found) {
                Tense::Future | Tense::Present => ahead,
                Tense::Past | Tense::Unknown => back,
            },
        };
        match plus_days(today, days) {
            Some(day) => {
                let point = Point::day(day);
                Ok((Some(point), point.value(), anchor))
            }
            None => unknown(),
        }
    }

    /// "last May", "next summer", "that spring".
    fn which(
        &self,
        which: Which,
        _unit: Unit,
        tail: &str,
        make: impl Fn(i32) -> Option<Point>,
    ) -> Result<Meaning, (DateType, String)> {
        let from = match which {
            Which::Previous | Which::Following | Which::That | Which::Same => From::Focus,
            _ => From::Now,
        };
        let Some((now, anchor)) = self.now(from) else { return Ok((None, format!("XXXX-{tail}"), DateAnchor::None)) };
        let year = now.year_of();
        let around = [year - 1, year, year + 1].map(&make);
        let chosen = match which {
            Which::Last | Which::Past | Which::Previous => around.into_iter().flatten().rfind(|point| point.to < now.from),
            Which::Next | Which::Following | Which::Coming => around.into_iter().flatten().find(|point| point.from > now.from),
            Which::That | Which::Same => around[1],
            // "this winter" in January is the one that began the year before
            Which::This | Which::Current => around[0].filter(|point| point.to >= now.from).or(around[1]),
        };
        match chosen {
            Some(point) => Ok((Some(point), point.value(), anchor)),
            None => Ok((None, format!("XXXX-{tail}"), DateAnchor::None)),
        }
    }

    /// What relative expressions count from.
    fn now(&self, from: From) -> Option<(Point, DateAnchor)> {
        let focus = self.focus.map(|focus| (focus.point, DateAnchor::Date(focus.ix)));
        let published = self.published.map(|day| (Point::day(day), DateAnchor::Published));
        match from {
            From::Published => published,
            From::Now if self.history => focus.or(published),
            From::Now => published,
            From::Focus => focus.or(published),
        }
    }

    fn shift(&self, unit: Unit, by: i32, from: From, spec: &Spec) -> Result<Meaning, (DateType, String)> {
        // "the end of the year", "the next month": of the date in focus where that is as fine as the unit
        let Some((now, anchor)) = self.now(from) else { return Ok((None, open(unit), DateAnchor::None)) };
        let _ = spec;
        if from == From::Focus && now.grain > grain_of(unit) {
            // "that day" after a mere year or month: somewhere inside it
            let value = inside(&now, unit);
            let days = if by == 0 { now } else { now.shifted(unit, f64::from(by)).unwrap_or(now) };
            return Ok((Some(Point { grain: now.grain, ..days }), value, anchor));
        }
        let start = Point::around(unit, now.from).and_then(|point| point.shifted(unit, f64::from(by)));
        match start {
            Some(point) => Ok((Some(point), point.value(), anchor)),
            None => Ok((None, open(unit), DateAnchor::None)),
        }
    }

    /// "two weeks ago", "a month later".
    fn away(&self, unit: Unit, count: Option<f64>, sign: i8, from: From) -> Result<Meaning, (DateType, String)> {
        let Some(count) = count else {
            return Err((DateType::Date, if sign < 0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned()));
        };
        let Some((now, anchor)) = self.now(from) else { return Ok((None, open(unit), DateAnchor::None)) };
        let by = count * f64::from(sign);
        if now.grain > grain_of(unit) {
            let narrowed = match (from, self.focus) {
                (From::Published, _) | (_, None) => (now.from, now.to),
                (_, Some(focus)) => focus.days,
            };
            let days = Point { from: narrowed.0, to: narrowed.1, ..now }.shifted(unit, by);
            return Ok(match days {
                Some(days) => (Some(days), inside(&days, unit), anchor),
                None => (None, open(unit), DateAnchor::None),
            });
        }
        // Weeks are counted in days; longer units name the month, the year.
        let day_based = matches!(unit, Unit::Week | Unit::Fortnight) && now.grain == Grain::Day && from == From::Focus;
        let point = if day_based {
            super::calendar::shift(now.from, unit, by).map(Point::day)
        } else if count.fract() != 0.0 && unit >= Unit::Year {
            now.shifted(Unit::Month, by * if unit == Unit::Year { 12.0 } else { 120.0 })
        } else {
            now.shifted(unit, by)
        };
        Ok(match point {
            Some(point) => (Some(point), point.value(), anchor),
            None => (None, open(unit), DateAnchor::None),
        })
    }

    /// "earlier this week": up to the day that the text is at; "later": from it.
    fn beyond(&self, beyond: Beyond, point: Point) -> (Date, Date) {
        let whole = (point.from, point.to);
        let at = match self.focus {
            Some(focus) if self.history || self.published.is_none_or(|day| day < point.from || day > point.to) => focus.days,
            _ => match self.published {
                Some(day) => (day, day),
                None => return whole,
            },
        };
        match beyond {
            Beyond::Earlier if (point.from..=point.to).contains(&at.0) => (point.from, at.0),
            Beyond::Later if (point.from..=point.to).contains(&at.1) => (at.1, point.to),
            _ => whole,
        }
    }

    /// 3/4/2023: by what the document's other dates show, else the reading nearest to publication, else day first.
    fn numeric(&self, first: u8, second: u8, year: i32) -> Option<Date> {
        let day_first = date(year, second.into(), first.into());
        let month_first = date(year, first.into(), second.into());
        match (day_first, month_first) {
            (Some(day_first), Some(month_first)) => Some(match self.order {
                Order::DayFirst => day_first,
                Order::MonthFirst => month_first,
                Order::Open => match self.published {
                    Some(published) => {
                        let far = |day: Date| (day - published).get_days().abs();
                        if far(month_first) < far(day_first) { month_first } else { day_first }
                    }
                    None => day_first,
                },
            }),
            (one, other) => one.or(other),
        }
    }
}

fn tense_at(doc: &Document, found: &Found) -> Tense {
    // "since Monday", "until May" decide by themselves.
    if let Some(before) = found.first.checked_sub(1) {
        let form = doc.tokens.span[before].slice(&doc.text);
        if form.eq_ignore_ascii_case("since") {
            return Tense::Past;
        }
        let told = tense(doc, found.first, found.end);
        if (form.eq_ignore_ascii_case("until") || form.eq_ignore_ascii_case("by")) && told != Tense::Past {
            return Tense::Future;
        }
        return told;
    }
    tense(doc, found.first, found.end)
}

/// The stretch nearest to a day that the tense allows.
fn nearest(day: Date, tense: Tense, make: &impl Fn(i32) -> Option<Point>) -> Option<Point> {
    let year = i32::from(day.year());
    let mut around = [year - 1, year, year + 1].map(make).into_iter().flatten();
    match tense {
        Tense::Future => around.find(|point| point.to >= day),
        Tense::Past | Tense::Unknown => around.rfind(|point| point.from <= day),
        // "takes place in May", "in January rebels attack": the nearest, and of two the one to come
        Tense::Present => around.min_by_key(|point| match (point.from > day, point.to < day) {
            (true, _) => (2 * (point.from - day).get_days()).max(0),
            (_, true) => 2 * (day - point.to).get_days() + 1,
            _ => 0,
        }),
    }
}

/// Whether an expression tells its year by itself.
fn has_year(base: &Base) -> bool {
    match base {
        Base::Year(year)
        | Base::Quarter(_, year)
        | Base::Half(_, year)
        | Base::Season(_, year)
        | Base::Month(_, year)
        | Base::Holiday(_, year)
        | Base::Day { year, .. }
        | Base::Within { year, .. } => *year != YearOf::Unsaid,
        Base::Exact { .. } | Base::Numeric { .. } => true,
        _ => false,
    }
}

fn letters(season: Season) -> &'static str {
    match season {
        Season::Spring => "SP",
        Season::Summer => "SU",
        Season::Autumn => "FA",
        Season::Winter => "WI",
    }
}

/// The n-th stretch of a unit in a month.
fn within(unit: Unit, nth: i8, month: Point) -> Option<Point> {
    let days = match unit {
        Unit::Week => 7,
        Unit::Day => 1,
        Unit::Weekend => {
            let first = plus_days(month.from, (6 - weekday_of(month.from)).rem_euclid(7))?;
            return if nth < 0 {
                Point::weekend(plus_days(month.to, -1)?)
            } else {
                Point::weekend(plus_days(first, 7 * (i64::from(nth) - 1))?)
            };
        }
        _ => return None,
    };
    let from = if nth < 0 { plus_days(month.to, 1 - days)? } else { plus_days(month.from, days * (i64::from(nth) - 1))? };
    if from < month.from || from > month.to {
        return None;
    }
    if days == 1 {
        return Some(Point::day(from));
    }
    Some(Point { grain: Grain::Week, from, to: plus_days(from, days - 1)?.min(month.to) })
}

/// `P2Y`, `PT36H`, `PXM`.
fn duration(count: Option<f64>, unit: Unit) -> String {
    let (letters, time) = unit.letters();
    let mut out = if time { "PT".to_owned() } else { "P".to_owned() };
    match count {
        Some(count) => {
            let count = if unit == Unit::Fortnight { count * 2.0 } else { count };
            let _ = write!(out, "{count}");
        }
        None => out.push('X'),
    }
    out.push_str(letters);
    out
}

/// A value of that unit of which nothing is known.
fn open(unit: Unit) -> String {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => "XXXX-XX-XX",
        Unit::Weekend => "XXXX-WXX-WE",
        Unit::Week | Unit::Fortnight => "XXXX-WXX",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Year => "XXXX",
        Unit::Decade => "XXX",
        Unit::Century => "XX",
        Unit::Millennium => "X",
    }
    .to_owned()
}

/// Some stretch of that unit inside a longer one: `1944-06-XX`.
fn inside(point: &Point, unit: Unit) -> String {
    let mut value = String::new();
    let same_year = point.from.year() == point.to.year();
    if point.grain >= Grain::Decade || !same_year {
        return if point.grain >= Grain::Decade { open(unit) } else { "XXXX-XX".to_owned() };
    }
    write_year(&mut value, point.year_of());
    match unit {
        Unit::Week | Unit::Fortnight => value.push_str("-WXX"),
        Unit::Year => {}
        _ => {
            if point.grain <= Grain::Month {
                let _ = write!(value, "-{:02}", point.from.month());
            } else {
                value.push_str("-XX");
            }
            if unit <= Unit::Day {
                value.push_str("-XX");
            }
        }
    }
    value
}

/// `2023-04-14T14:30`, `2023-04-14TNI`.
fn with_time(mut value: String, part: Option<&'static str>, clock: Option<Clock>) -> String {
    match (clock, part) {
        (Some(clock), _) => {
            let _ = write!(value, "T{:02}", clock.hour);
            let _ = write!(value, ":{:02}", clock.minute.unwrap_or(0));
            if clock.utc {
                value.push('Z');
            }
        }
        (None, Some(part)) => {
            value.push('T');
            value.push_str(part);
        }
        (None, None) => {}
    }
    value
}
