//! Words that names are made of: given names, surnames, corporate and institutional forms.

use rustc_hash::FxHashMap;

use crate::atoms::{Atoms, hash_name};
use crate::table::{LexiconError, Table};

/// What is known of a word of a name; values combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NameWord(u16);

impl NameWord {
    /// A given name.
    pub const GIVEN: NameWord = NameWord(1);
    /// A given name of women.
    pub const FEMALE: NameWord = NameWord(2);
    /// A given name of men.
    pub const MALE: NameWord = NameWord(4);
    /// A family name.
    pub const SURNAME: NameWord = NameWord(8);
    /// Also a common word of English.
    pub const COMMON: NameWord = NameWord(16);
    /// A form of companies and banks.
    pub const COMPANY: NameWord = NameWord(32);
    /// A form of other bodies: university, ministry, party.
    pub const BODY: NameWord = NameWord(64);
    /// A form that stands at the end of a name only (Inc, Ltd, plc).
    pub const SUFFIX: NameWord = NameWord(128);

    /// Whether it has all of `other`.
    #[must_use]
    pub const fn is(self, other: NameWord) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it has any of `other`.
    #[must_use]
    pub const fn any(self, other: NameWord) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: NameWord) -> NameWord {
        NameWord(self.0 | other.0)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
}

/// Words by the hash of their normalised form.
#[derive(Debug, Default)]
pub struct NameWords {
    words: FxHashMap<u64, NameWord>,
    forms: FxHashMap<u64, FormKind>,
}

/// What a corporate or institutional form makes of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the table's own")]
pub enum FormKind {
    Company,
    University,
    Bank,
    Organization,
    Party,
    Government,
    Media,
    Court,
    Military,
}

impl FormKind {
    /// The kind with that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "company" => Self::Company,
            "university" => Self::University,
            "bank" => Self::Bank,
            "organization" => Self::Organization,
            "party" => Self::Party,
            "government" => Self::Government,
            "media" => Self::Media,
            "court" => Self::Court,
            "military" => Self::Military,
            _ => return None,
        })
    }

    /// The sector of such a body's actor code.
    #[must_use]
    pub fn sector(self) -> &'static str {
        match self {
            Self::Company | Self::Bank => "BUS",
            Self::University => "EDU",
            Self::Organization => "",
            Self::Party => "PTY",
            Self::Government => "GOV",
            Self::Media => "JRN",
            Self::Court => "JUD",
            Self::Military => "MIL",
        }
    }
}

/// The tables that ship: given names, surnames, forms.
pub const GIVEN_NAMES: &str = include_str!("../data/given_names.tsv");
/// Surnames.
pub const SURNAMES: &str = include_str!("../data/surnames.tsv");
/// Corporate and institutional forms.
pub const FORMS: &str = include_str!("../data/corporate_forms.tsv");

impl NameWords {
    /// What ships.
    #[must_use]
    pub fn built_in() -> Self {
        let mut words = Self::default();
        words.words.reserve(8192);
        words
            .add_given_names("given_names.tsv", GIVEN_NAMES)
            .and_then(|()| words.add_surnames("surnames.tsv", SURNAMES))
            .and_then(|()| words.add_forms("corporate_forms.tsv", FORMS))
            .expect("`built_in_rows_are_good` parses these bytes");
        words
    }

    /// Adds a table of given names (`name gender cultures`; a culture that begins with `?` marks a common word).
    ///
    /// # Errors
    /// The first bad row.
    pub fn add_given_names(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, ["name", "gender", "cultures"])? {
            let (line, [name, gender, cultures]) = row?;
            let gender = match gender {
                "m" => NameWord::MALE,
                "f" => NameWord::FEMALE,
                "u" | "" => NameWord::default(),
                _ => return Err(LexiconError::new(file, line, "gender must be m, f, u or empty")),
            };
            self.add(name, NameWord::GIVEN.and(gender).and(common(cultures)));
        }
        Ok(())
    }

    /// Adds a table of surnames (`name cultures`).
    ///
    /// # Errors
    /// The first bad row.
    pub fn add_surnames(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, ["name", "cultures"])? {
            let (_, [name, cultures]) = row?;
            self.add(name, NameWord::SURNAME.and(common(cultures)));
        }
        Ok(())
    }

    /// Adds a table of forms (`form kind`).
    ///
    /// # Errors
    /// The first bad row.
    pub fn add_forms(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, ["form", "kind"])? {
            let (line, [form, kind]) = row?;
            let kind =
                FormKind::parse(kind).ok_or_else(|| LexiconError::new(file, line, format!("`{kind}` is no kind of form")))?;
            let bits = if matches!(kind, FormKind::Company) { NameWord::COMPANY } else { NameWord::BODY };
            self.add(form, bits);
            self.forms.insert(hash_name(form), kind);
        }
        Ok(())
    }

    fn add(&mut self, name: &str, bits: NameWord) {
        let mut atoms = Atoms::of(name);
        // A name of several words marks each (Abd al-Rahman): the tagger looks at one word at a time.
        if let (Some(first), None) = (atoms.next(), atoms.next()) {
            let word = self.words.entry(first.hash).or_default();
            *word = word.and(bits);
        }
    }

    /// What is known of the word with this hash.
    #[must_use]
    pub fn get(&self, hash: u64) -> NameWord {
        self.words.get(&hash).copied().unwrap_or_default()
    }

    /// What the form with this hash makes of a name.
    #[must_use]
    pub fn form(&self, hash: u64) -> Option<FormKind> {
        self.forms.get(&hash).copied()
    }
}

fn common(cultures: &str) -> NameWord {
    if cultures.contains('?') { NameWord::COMMON } else { NameWord::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let _ = NameWords::built_in();
    }
}
