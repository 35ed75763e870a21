//! Treaties, accords, resolutions and strategies that news names.

use aho_corasick::{AhoCorasick, MatchKind};
use chancery_model::{AgreementKind, AgreementStatus};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::LexiconError;
use crate::table::{Table, list};

/// A named agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedAgreement {
    /// Its id.
    pub id: Box<str>,
    /// Its full name.
    pub name: Box<str>,
    /// Acronyms and other names.
    pub others: Vec<Box<str>>,
    /// Kind.
    pub kind: AgreementKind,
    /// Codes of the parties, joined with `|`; empty where they are many or not told by the name.
    pub parties: Box<str>,
    /// First day in force, or of signature.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// Those that ship.
///
/// # Errors
/// The first bad row.
pub fn built_in() -> Result<Vec<NamedAgreement>, LexiconError> {
    read("data/agreements.tsv", include_str!("../data/agreements.tsv"))
}

/// Reads a table of agreements.
///
/// # Errors
/// The first bad row, with its line.
pub fn read(file: &str, text: &str) -> Result<Vec<NamedAgreement>, LexiconError> {
    let mut rows: Vec<NamedAgreement> = Vec::new();
    for row in Table::open(file, text, ["id", "name", "acronyms", "aliases", "kind", "parties", "from", "to"])? {
        let (line, [id, name, acronyms, aliases, kind, parties, from, to]) = row?;
        let bad = |what: String| LexiconError::new(file, line, what);
        let day = |cell: &str| match cell {
            "" => Ok(None),
            cell => cell.parse::<Date>().map(Some).map_err(|_| bad(format!("`{cell}` is no day, YYYY-MM-DD"))),
        };
        let kind = AgreementKind::parse(kind).ok_or_else(|| bad(format!("`{kind}` is no kind of agreement")))?;
        if rows.last().is_some_and(|last| *last.id >= *id) {
            return Err(bad(format!("`{id}`: rows are sorted by id, each there once")));
        }
        if let Some(party) = list(parties).find(|party| party.len() != 3 || !party.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(bad(format!("`{party}` is no code of a party")));
        }
        rows.push(NamedAgreement {
            id: id.into(),
            name: name.into(),
            others: list(acronyms).chain(list(aliases)).map(Into::into).collect(),
            kind,
            parties: parties.into(),
            from: day(from)?,
            to: day(to)?,
        });
    }
    Ok(rows)
}

/// All that the `agreements` stage knows, with the index of the names.
#[derive(Debug, Clone)]
pub struct Agreements {
    /// The named ones.
    pub named: Vec<NamedAgreement>,
    /// The words that describe others.
    pub words: AgreementWords,
    names: AhoCorasick,
    /// For each name of the automaton: the agreement, and whether case counts.
    leads: Vec<(u32, bool)>,
}

impl Agreements {
    /// What ships.
    ///
    /// # Errors
    /// The first bad row.
    pub fn built_in() -> Result<Self, LexiconError> {
        Self::new(built_in()?, AgreementWords::built_in()?)
    }

    /// Puts lexicons together.
    ///
    /// # Errors
    /// Names too many for the automaton.
    pub fn new(named: Vec<NamedAgreement>, words: AgreementWords) -> Result<Self, LexiconError> {
        let (mut patterns, mut leads) = (Vec::new(), Vec::new());
        for (number, row) in named.iter().enumerate() {
            for name in row.others.iter().chain([&row.name]) {
                for variant in variants(name) {
                    leads.push((number as u32, name.chars().next().is_some_and(char::is_uppercase)));
                    patterns.push(variant);
                }
            }
        }
        let names = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(patterns)
            .map_err(|error| LexiconError::new("data/agreements.tsv", 1, error.to_string()))?;
        Ok(Self { named, words, names, leads })
    }

    /// The names in a text, from left to right: the agreement and the bytes of the name.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> + 'a {
        self.names.find_iter(text).filter_map(|found| {
            let (number, cased) = self.leads[found.pattern().as_usize()];
            let here = found.range();
            let apart = |letter: Option<char>| !letter.is_some_and(|letter| letter.is_alphanumeric());
            let whole = apart(text[..here.start].chars().next_back()) && apart(text[here.end..].chars().next());
            let words = &text[here.clone()];
            let acronym = words.len() <= 9 && !words.contains(' ');
            let shaped = match (cased, acronym) {
                (false, _) => true,
                // "START" is a treaty, "Start" a word.
                (true, true) => self.named[number as usize].spells(words),
                (true, false) => words.chars().next().is_some_and(char::is_uppercase),
            };
            (whole && shaped).then_some((number as usize, here))
        })
    }
}

impl NamedAgreement {
    /// Whether it has exactly that name.
    fn spells(&self, words: &str) -> bool {
        *self.name == *words || self.others.iter().any(|name| **name == *words)
    }
}

/// A name with the apostrophes and dashes that texts write.
fn variants(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    for (plain, typeset) in [("'", "’"), ("-", "–"), ("U.S.", "US"), ("U.N.", "UN"), ("U.N.", "United Nations")] {
        if name.contains(plain) {
            all.push(name.replace(plain, typeset));
        }
    }
    all
}

/// A noun that names or describes an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreementNoun {
    /// Kind.
    pub kind: AgreementKind,
    /// A word of a field ("trade", "security") must stand before it.
    pub modified: bool,
}

/// Words by which agreements are known that no list names.
#[derive(Debug, Clone, Default)]
pub struct AgreementWords {
    heads: FxHashMap<Box<str>, AgreementNoun>,
    titles: FxHashMap<Box<str>, AgreementKind>,
    verbs: FxHashMap<Box<str>, AgreementStatus>,
    fields: FxHashSet<Box<str>>,
}

impl AgreementWords {
    /// Those that ship.
    ///
    /// # Errors
    /// The first bad row.
    pub fn built_in() -> Result<Self, LexiconError> {
        Self::read("data/agreement_words.tsv", include_str!("../data/agreement_words.tsv"))
    }

    /// Reads a table of words.
    ///
    /// # Errors
    /// The first bad row, with its line.
    pub fn read(file: &str, text: &str) -> Result<Self, LexiconError> {
        let mut words = Self::default();
        for row in Table::open(file, text, ["word", "part", "value", "described"])? {
            let (line, [word, part, value, described]) = row?;
            let bad = |what: String| LexiconError::new(file, line, what);
            let kind = || AgreementKind::parse(value).ok_or_else(|| bad(format!("`{value}` is no kind of agreement")));
            match part {
                "head" => {
                    let modified = match described {
                        "yes" => false,
                        "modified" => true,
                        _ => return Err(bad("described must be yes or modified for a head".to_owned())),
                    };
                    words.heads.insert(word.into(), AgreementNoun { kind: kind()?, modified });
                }
                "title" => {
                    words.titles.insert(word.into(), kind()?);
                }
                "verb" => {
                    let status = AgreementStatus::parse(value).ok_or_else(|| bad(format!("`{value}` is no status")))?;
                    words.verbs.insert(word.into(), status);
                }
                "field" => {
                    words.fields.insert(word.into());
                }
                _ => return Err(bad("part must be head, title, verb or field".to_owned())),
            }
        }
        Ok(words)
    }

    /// The noun's kind of agreement.
    #[must_use]
    pub fn head(&self, lemma: &str) -> Option<AgreementNoun> {
        self.heads.get(lemma).copied()
    }

    /// The kind that the last word of a name tells.
    #[must_use]
    pub fn title(&self, lower: &str) -> Option<AgreementKind> {
        self.titles.get(lower).copied()
    }

    /// The status that a governing word tells.
    #[must_use]
    pub fn status(&self, lemma: &str) -> Option<AgreementStatus> {
        self.verbs.get(lemma).copied()
    }

    /// Whether the word is a field of agreements.
    #[must_use]
    pub fn is_field(&self, lemma: &str) -> bool {
        self.fields.contains(lemma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let rows = built_in().unwrap();
        assert!(rows.len() >= 250, "{}", rows.len());
        assert!(AgreementWords::built_in().unwrap().head("pact").is_some());
        let mut names: Vec<&str> = rows.iter().flat_map(|row| row.others.iter().chain([&row.name])).map(AsRef::as_ref).collect();
        names.sort_unstable();
        let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "one name, two agreements: {twice:?}");
    }

    #[test]
    fn names_are_found_whole_and_acronyms_in_capitals_only() {
        let agreements = Agreements::built_in().unwrap();
        let names = |text: &str| {
            agreements
                .find(text)
                .map(|(number, at)| (agreements.named[number].id.to_string(), text[at].to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("They signed the US–Japan Security Treaty."),
            [(
                "treaty-of-mutual-cooperation-and-security-between-the-united-states-and-japan".to_owned(),
                "US–Japan Security Treaty".to_owned()
            )]
        );
        assert_eq!(names("the new doc on psi and Gatton"), []);
        assert_eq!(names("the grain deal")[0].0, "black-sea-grain-initiative");
    }

    #[test]
    fn a_bad_row_names_its_line() {
        let text = "id\tname\tacronyms\taliases\tkind\tparties\tfrom\tto\nx\tX Treaty\t\t\ttreaty\tFR\n";
        assert_eq!(read("a.tsv", text).unwrap_err().to_string(), "a.tsv, line 2: `FR` is no code of a party");
    }
}
