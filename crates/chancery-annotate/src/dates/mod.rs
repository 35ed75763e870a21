//! Dates: expressions of time in TIMEX3's types and values, each with the days that it means.
//!
//! Each token is classified once; a grammar of plain functions reads expressions off the classes; then they are resolved in text
//! order against the day of publication, the date in focus and the tense of the clause. Histories, in which dates lean on one
//! another, are told from news by their own dates.
//!
//! # Invariants
//! - Dates are sorted by span and do not overlap.
//! - `from` and `to` are both there or both empty; lengths, recurrence and references at large have neither.
//! - Without a day of publication what needs one keeps its value with `X`.
//!
//! # Not here
//! Ages and amounts: `quantities` reads numbers. Which date an event has: `events` decides.

mod calendar;
mod clock;
mod company;
mod deictic;
pub mod evaluation;
mod grammar;
mod ranges;
mod relative;
mod resolve;
mod settings;
mod spec;
mod tense;
mod words;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::sync::Arc;

use chancery_lexicon::time_words::TimeWord;
use chancery_lexicon::{NumberWords, TimeWords};
use chancery_model::{Annotator, DateExpr, DateIx, Document, Reject, SentenceIx};

use crate::{Context, Entry};
use grammar::Reader;
use resolve::{Order, Resolver};
pub use settings::{DateSettings, NumericOrder, TextKind};
use spec::{Base, Found, From, YearOf};
use words::{Num, Tok};

/// `use: dates`.
pub const ENTRY: Entry = Entry {
    name: "dates",
    summary: "Dates, times, durations and sets in TIMEX3 values, each with the days that it means",
    needs: &["sentences", "tokens"],
    uses: &["mentions"],
    gives: &["dates"],
    example: "{ durations: true, references: true, order: auto, kind: auto }",
    schema: || schemars::schema_for!(DateSettings),
    build: |settings, context: &Context| {
        let settings = settings.read::<DateSettings>()?;
        Ok(Box::new(Dates { settings, times: context.knowledge.times(), numbers: context.knowledge.numbers() }))
    },
};

/// So many dates far from publication make a history, where they outnumber words like "yesterday" by so much.
const HISTORY_DATES: usize = 8;
const HISTORY_SHARE: usize = 4;

struct Dates {
    settings: DateSettings,
    times: Arc<TimeWords>,
    numbers: Arc<NumberWords>,
}

#[derive(Default)]
struct Scratch {
    toks: Vec<Tok>,
    found: Vec<(Found, usize)>,
    sentence: Vec<Found>,
}

thread_local! {
    /// One set of buffers a thread, reused from document to document.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Annotator for Dates {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        document.dates = SCRATCH.with_borrow_mut(|scratch| self.find(document, scratch));
        debug_assert!(document.dates.is_sorted_by_key(|date| date.span.start));
        Ok(())
    }
}

impl Dates {
    fn find(&self, doc: &Document, scratch: &mut Scratch) -> Vec<DateExpr> {
        let Scratch { toks, found, sentence: read } = scratch;
        words::classify(doc, &self.times, &self.numbers, toks);
        found.clear();
        let mut reader = Reader {
            doc,
            toks,
            times: &self.times,
            numbers: &self.numbers,
            start: 0,
            end: 0,
            antiquity: is_antiquity(toks),
            around: year_around(doc, toks),
            people: 0,
        };
        reader.people = self.people(doc, reader);
        for (number, sentence) in doc.sentences.iter().enumerate() {
            let tokens = sentence.tokens.range();
            (reader.start, reader.end) = (tokens.start, tokens.end.min(toks.len()));
            read.clear();
            read_sentence(&reader, read);
            reader.share_years(read);
            reader.share_days(read);
            found.extend(read.drain(..).map(|found| (found, number)));
        }
        found.retain(|(found, _)| self.is_wanted(found));
        let history = match self.settings.kind {
            TextKind::News => false,
            TextKind::History => true,
            TextKind::Auto => is_history(doc, found),
        };
        let mut resolver = Resolver::new(doc, history, self.order(found));
        let mut dates: Vec<DateExpr> = Vec::with_capacity(found.len());
        for (found, sentence) in found.iter() {
            let resolved = resolver.resolve(found, *sentence, DateIx::at(dates.len()));
            let span = doc.tokens.span[found.first].join(doc.tokens.span[found.end - 1]);
            dates.push(DateExpr {
                span,
                sentence: SentenceIx::at(*sentence),
                r#type: resolved.r#type,
                value: resolved.value,
                modifier: found.spec.modifier,
                from: resolved.interval.map(|(from, _)| from),
                to: resolved.interval.map(|(_, to)| to),
                anchor: resolved.anchor,
            });
        }
        dates
    }

    fn is_wanted(&self, found: &Found) -> bool {
        match found.spec.base {
            Base::Duration { .. } | Base::Span(_) | Base::Every { .. } | Base::EveryWeekday(_) | Base::EveryMonth(_) => {
                self.settings.durations
            }
            Base::EverySeason(_) | Base::EveryPart | Base::Often(_) => self.settings.durations,
            Base::Reference(_) => self.settings.references,
            _ => true,
        }
    }

    /// The months that are people's names in this document, a bit each.
    fn people(&self, doc: &Document, mut reader: Reader<'_>) -> u16 {
        let mut people = 0;
        for sentence in &doc.sentences {
            let tokens = sentence.tokens.range();
            (reader.start, reader.end) = (tokens.start, tokens.end.min(reader.toks.len()));
            for at in reader.start..reader.end {
                if reader.toks[at].time.is_some_and(|entry| entry.doubtful) {
                    people |= reader.month_person(at).map_or(0, |month| 1 << month);
                }
            }
        }
        people
    }

    /// How the document writes days and months in digits, as far as it shows.
    fn order(&self, found: &[(Found, usize)]) -> Order {
        match self.settings.order {
            NumericOrder::DayFirst => return Order::DayFirst,
            NumericOrder::MonthFirst => return Order::MonthFirst,
            NumericOrder::Auto => {}
        }
        let shown = found.iter().find_map(|(found, _)| match found.spec.base {
            Base::Numeric { first: 13.., .. } => Some(Order::DayFirst),
            Base::Numeric { second: 13.., .. } => Some(Order::MonthFirst),
            _ => None,
        });
        shown.unwrap_or(Order::Open)
    }
}

/// Reads the expressions of one sentence.
fn read_sentence(reader: &Reader<'_>, found: &mut Vec<Found>) {
    let mut at = reader.start;
    while at < reader.end {
        let leaning = found.last().filter(|last| last.end + 1 == at).and_then(|last| reader.after_joint(last));
        let next = leaning
            .or_else(|| reader.day_of_range(at))
            .or_else(|| if reader.may_begin(at) { reader.expression(at) } else { None });
        match next {
            Some(expression) if expression.end > at => {
                at = expression.end;
                found.push(expression);
            }
            _ => at += 1,
        }
    }
}

impl Reader<'_> {
    /// Whether an expression can begin with this token: most words of a text end here.
    fn may_begin(&self, at: usize) -> bool {
        let tok = &self.toks[at];
        if !tok.is_nothing() {
            return true;
        }
        let form = self.form(at);
        match form.as_bytes() {
            // The first letters of the articles, "a" and what compares, and of feasts and quarters by name.
            [b't' | b'T', b'h' | b'H', b'e' | b'E'] => {
                self.toks.get(at + 1).is_some_and(|next| !next.is_nothing()) || self.lower(at + 1, "year")
            }
            [b'a' | b'A'] | [b'a' | b'A', b'n' | b't'] | [b'u' | b'U', b'p'] => true,
            [first, ..] if first.is_ascii_uppercase() => true,
            _ => matches!(form, "more" | "less" | "fewer" | "just" | "well" | "only" | "many" | "half" | "one"),
        }
    }
}

/// Whether a document tells of years BC.
fn is_antiquity(toks: &[Tok]) -> bool {
    toks.windows(2)
        .any(|pair| matches!(pair[0].num, Num::Digits(..) | Num::Decade(..)) && pair[1].word() == Some(TimeWord::Era(true)))
}

/// The year that a document is about: that of publication, or the middle one of those that a text about another time tells.
fn year_around(doc: &Document, toks: &[Tok]) -> i32 {
    const NOW: i32 = 2026;
    const FEW: usize = 8;
    const FAR: i32 = 40;
    let published = doc.published().map_or(NOW, |day| i32::from(day.year()));
    let mut years: Vec<i32> = toks
        .iter()
        .filter_map(|tok| match tok.num {
            Num::Digits(year @ 1000..=2100, 4) => Some(year as i32),
            _ => None,
        })
        .collect();
    if years.len() < FEW {
        return published;
    }
    let middle = years.len() / 2;
    let (_, median, _) = years.select_nth_unstable(middle);
    if published - *median > FAR { *median } else { published }
}

/// Whether dates lean on one another: no day of publication, or many dates far from it and few words like "yesterday".
fn is_history(doc: &Document, found: &[(Found, usize)]) -> bool {
    let now = doc.published().map_or(i32::MAX / 2, |day| i32::from(day.year()));
    let (mut far, mut deictic) = (0, 0);
    for (found, _) in found {
        match found.spec.base {
            Base::Year(YearOf::Is(year))
            | Base::Month(_, YearOf::Is(year))
            | Base::Day { year: YearOf::Is(year), .. }
            | Base::Season(_, YearOf::Is(year))
            | Base::Exact { year, .. }
            | Base::Decade(year, false)
                if (now - year).abs() > 1 =>
            {
                far += 1;
            }
            Base::Weekday(..)
            | Base::Shift { from: From::Now | From::Published, .. }
            | Base::Away { from: From::Published, .. } => {
                deictic += 1;
            }
            Base::MonthWhich(..) | Base::SeasonWhich(..) => deictic += 1,
            _ => {}
        }
    }
    far >= HISTORY_DATES && far >= HISTORY_SHARE * deictic
}
