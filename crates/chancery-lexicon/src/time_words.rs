//! Words of which expressions of time are made, and feast days.

use rustc_hash::FxHashMap;

use crate::table::{LexiconError, Table, list};

/// A unit of time, from the shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    /// Its letters in a TIMEX3 duration, and whether they stand after the `T` of times.
    #[must_use]
    pub const fn letters(self) -> (&'static str, bool) {
        match self {
            Unit::Second => ("S", true),
            Unit::Minute => ("M", true),
            Unit::Hour => ("H", true),
            Unit::Day => ("D", false),
            Unit::Weekend => ("WE", false),
            Unit::Week | Unit::Fortnight => ("W", false),
            Unit::Month => ("M", false),
            Unit::Quarter => ("Q", false),
            Unit::Year => ("Y", false),
            Unit::Decade => ("DE", false),
            Unit::Century => ("CE", false),
            Unit::Millennium => ("ML", false),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "weekend" => Unit::Weekend,
            "week" => Unit::Week,
            "fortnight" => Unit::Fortnight,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            "millennium" => Unit::Millennium,
            _ => return None,
        })
    }
}

/// Which one of several: "last", "this", "next".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the words")]
pub enum Which {
    Last,
    Past,
    Previous,
    Next,
    Following,
    Coming,
    This,
    Current,
    That,
    Same,
}

/// A season.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// What a word is in expressions of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeWord {
    /// A month, 1 to 12.
    Month(u8),
    /// A day of the week, 1 for Monday.
    Weekday(u8),
    /// A unit of time.
    Unit(Unit),
    /// A season.
    Season(Season),
    /// A part of the day, by its TIMEX3 letters.
    Part(&'static str),
    /// A time of day by name: the hour.
    Clock(u8),
    /// A day by its distance from today.
    Today(i8),
    /// The night of today.
    Tonight,
    /// a.m. (false), p.m. (true).
    Meridiem(bool),
    /// "o'clock".
    OClock,
    /// A time zone, and whether it is UTC.
    Zone(bool),
    /// Which one is meant.
    Which(Which),
    /// "early", "mid", "late": the TIMEX3 modifier.
    Edge(&'static str),
    /// "the end (of)".
    EdgeNoun(&'static str),
    /// "the latter (part of)".
    EdgeAdjective(&'static str),
    /// "later", "earlier".
    EdgeLater(&'static str),
    /// "ago".
    Ago,
    /// "about", "nearly": the TIMEX3 modifier.
    Approx(&'static str),
    /// The present, past or future at large: the TIMEX3 value.
    Reference(&'static str),
    /// Recurrence in one word: the period.
    Often(&'static str),
    /// "every", "each".
    Every,
    /// "per".
    Per,
    /// "once", "twice".
    Times,
    /// BC (true), AD.
    Era(bool),
    /// "fiscal".
    Fiscal,
    /// A length in one word: the TIMEX3 duration.
    Span(&'static str),
    /// A decade by name: its first year in the century.
    Decade(u8),
}

/// A word and how it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeEntry {
    /// What it is.
    pub word: TimeWord,
    /// Also another word: its company decides.
    pub doubtful: bool,
    /// An abbreviation that is also a word or a name.
    pub short: bool,
    /// A plural.
    pub plural: bool,
    capital: bool,
    upper: bool,
}

/// How a feast's day is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayRule {
    /// Month and day.
    Day(i8, i8),
    /// Days after Easter Sunday.
    Easter(i32),
    /// Month, weekday (1 = Monday), which one (-1 = the last).
    Weekday(i8, i8, i8),
}

/// A feast or memorial day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// How its day is found.
    pub rule: HolidayRule,
    /// The year, where the name means the day of one year.
    pub year: Option<i16>,
}

/// The words of `time_words.tsv` and the days of `holidays.tsv`.
#[derive(Debug)]
pub struct TimeWords {
    words: FxHashMap<&'static str, TimeEntry>,
    /// By the letters of a name up to its first blank: the names, longest first.
    holidays: FxHashMap<&'static str, Vec<(&'static str, Holiday)>>,
    /// By a word's first byte, in lower case: the lengths that occur, a bit each. Most words of a text end here.
    lengths: [u32; 256],
}

/// No word of the table is longer.
const LONGEST: usize = 24;

impl TimeWords {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(include_str!("../data/time_words.tsv"), include_str!("../data/holidays.tsv"))
            .expect("`built_in_rows_are_good` parses these bytes")
    }

    /// What a word is, in the case in which it stands.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<TimeEntry> {
        let first = *word.as_bytes().first()?;
        if self.lengths[first.to_ascii_lowercase() as usize] & (1u32.checked_shl(word.len() as u32)?) == 0 {
            return None;
        }
        let mut buffer = [0u8; LONGEST];
        let bytes = buffer.get_mut(..word.len())?;
        bytes.copy_from_slice(word.as_bytes());
        bytes.make_ascii_lowercase();
        let entry = *self.words.get(std::str::from_utf8(bytes).ok()?)?;
        let fits = (!entry.capital || first.is_ascii_uppercase())
            && (!entry.upper || !word.bytes().any(|byte| byte.is_ascii_lowercase()));
        fits.then_some(entry)
    }

    /// The feast day whose name begins a text, with the bytes that it takes; `first` is the text up to its first blank.
    #[must_use]
    pub fn holiday(&self, first: &str, text: &str) -> Option<(usize, Holiday)> {
        let names = self.holidays.get(first)?;
        names.iter().find_map(|(name, holiday)| text.starts_with(name).then_some((name.len(), *holiday)))
    }

    fn parse(words: &'static str, holidays: &'static str) -> Result<Self, LexiconError> {
        let mut read = Self { words: FxHashMap::default(), holidays: FxHashMap::default(), lengths: [0; 256] };
        for row in Table::open("time_words.tsv", words, ["word", "class", "value", "when"])? {
            let (line, [word, class, value, when]) = row?;
            let bad = |message: String| LexiconError::new("time_words.tsv", line, message);
            let found = class_of(class, value).ok_or_else(|| bad(format!("`{class}` with `{value}` is no class of words")))?;
            let mut entry = TimeEntry { word: found, doubtful: false, short: false, plural: false, capital: false, upper: false };
            for flag in when.split_ascii_whitespace() {
                match flag {
                    "doubtful" => entry.doubtful = true,
                    "short" => entry.short = true,
                    "plural" => entry.plural = true,
                    "capital" => entry.capital = true,
                    "upper" => entry.upper = true,
                    _ => return Err(bad(format!("`{flag}` is not known"))),
                }
            }
            let Some(first) = word.bytes().next().filter(|_| word.len() < LONGEST) else {
                return Err(bad("a word has 1 to 23 bytes".into()));
            };
            read.lengths[first as usize] |= 1 << word.len();
            if read.words.insert(word, entry).is_some() {
                return Err(bad(format!("`{word}` is here twice")));
            }
        }
        for row in Table::open("holidays.tsv", holidays, ["names", "rule", "value", "year"])? {
            let (line, [names, rule, value, year]) = row?;
            let bad = |message: &str| LexiconError::new("holidays.tsv", line, message);
            let rule = rule_of(rule, value).ok_or_else(|| bad("the rule is `day`, `easter` or `weekday`, with its value"))?;
            let year = match year {
                "" => None,
                year => Some(year.parse().map_err(|_| bad("the year is a number"))?),
            };
            for name in list(names) {
                let first = name.split(' ').next().unwrap_or(name);
                read.holidays.entry(first).or_default().push((name, Holiday { rule, year }));
            }
        }
        for names in read.holidays.values_mut() {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Ok(read)
    }
}

fn class_of(class: &str, value: &'static str) -> Option<TimeWord> {
    Some(match class {
        "month" => TimeWord::Month(value.parse().ok().filter(|month| (1..=12).contains(month))?),
        "weekday" => TimeWord::Weekday(value.parse().ok().filter(|day| (1..=7).contains(day))?),
        "unit" => TimeWord::Unit(Unit::parse(value)?),
        "season" => TimeWord::Season(match value {
            "SP" => Season::Spring,
            "SU" => Season::Summer,
            "FA" => Season::Autumn,
            "WI" => Season::Winter,
            _ => return None,
        }),
        "part" => TimeWord::Part(value),
        "clock" => TimeWord::Clock(value.split(':').next()?.parse().ok()?),
        "today" => TimeWord::Today(value.parse().ok()?),
        "tonight" => TimeWord::Tonight,
        "meridiem" => TimeWord::Meridiem(value == "pm"),
        "oclock" => TimeWord::OClock,
        "zone" => TimeWord::Zone(value == "Z"),
        "direction" => TimeWord::Which(match value {
            "last" => Which::Last,
            "past" => Which::Past,
            "previous" => Which::Previous,
            "next" => Which::Next,
            "following" => Which::Following,
            "coming" => Which::Coming,
            "this" => Which::This,
            "current" => Which::Current,
            "that" => Which::That,
            "same" => Which::Same,
            _ => return None,
        }),
        "edge" => TimeWord::Edge(value),
        "edge_noun" => TimeWord::EdgeNoun(value),
        "edge_adjective" => TimeWord::EdgeAdjective(value),
        "edge_later" => TimeWord::EdgeLater(value),
        "ago" => TimeWord::Ago,
        "approx" => TimeWord::Approx(value),
        "reference" => TimeWord::Reference(value),
        "often" => TimeWord::Often(value),
        "every" => TimeWord::Every,
        "per" => TimeWord::Per,
        "times" => TimeWord::Times,
        "era" => TimeWord::Era(value == "BC"),
        "fiscal" => TimeWord::Fiscal,
        "span" => TimeWord::Span(value),
        "decade" => TimeWord::Decade(value.parse().ok()?),
        _ => return None,
    })
}

fn rule_of(rule: &str, value: &str) -> Option<HolidayRule> {
    match rule {
        "easter" => value.parse().ok().map(HolidayRule::Easter),
        "day" => {
            let (month, day) = value.split_once('-')?;
            Some(HolidayRule::Day(month.parse().ok()?, day.parse().ok()?))
        }
        "weekday" => {
            let (month, rest) = value.split_once('-')?;
            let (weekday, which) = rest.split_once('-')?;
            Some(HolidayRule::Weekday(month.parse().ok()?, weekday.parse().ok()?, which.parse().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let words = TimeWords::built_in();
        assert_eq!(words.get("October").map(|entry| entry.word), Some(TimeWord::Month(10)));
        assert!(words.get("may").is_none() && words.get("May").is_some_and(|entry| entry.doubtful));
        assert!(words.get("ad").is_none() && words.get("AD").is_some());
        assert!(words.get("").is_none() && words.get("Überraschungsangriffsplan").is_none());
    }

    #[test]
    fn feasts_are_found_by_their_longest_name() {
        let words = TimeWords::built_in();
        let (length, holiday) = words.holiday("Christmas", "Christmas Eve, 1944").unwrap();
        assert_eq!((length, holiday.rule), (13, HolidayRule::Day(12, 24)));
    }
}
