//! Role nouns and titles, with the sector that they add to an actor code (`data/roles.tsv`).

use crate::table::{LexiconError, Table};
use crate::{Keep, Text};

/// What kind of word a role is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleKind {
    /// A state, body or unit has one holder.
    Office,
    /// A form of address or a rank before a name.
    Title,
    /// An ordinary role noun.
    Role,
    /// The vocabulary of unnamed sources.
    Source,
    /// Met mostly as collectives: people, troops, camps.
    Group,
}

/// A role.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Singular, lower case.
    pub name: Text,
    /// Plural; empty where there is none.
    pub plural: Text,
    /// Sectors that a bearer adds to the code.
    pub sector: Text,
    /// What kind of word it is.
    pub kind: RoleKind,
    /// Whether it can stand right before a name.
    pub title: bool,
    /// Its line.
    pub line: usize,
}

/// What ships.
#[must_use]
pub fn built_in() -> Vec<Role> {
    parse("roles.tsv", include_str!("../data/roles.tsv"), Text::Borrowed).expect("`built_in_rows_are_good` parses these bytes")
}

/// Reads a table.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(file: &'a str, text: &'a str, keep: Keep<'a>) -> Result<Vec<Role>, LexiconError> {
    Table::open(file, text, ["role", "plural", "sector", "kind", "title"])?
        .map(|row| {
            let (line, [name, plural, sector, kind, title]) = row?;
            let wrong = |message: String| LexiconError::new(file, line, message);
            let kind = match kind {
                "office" => RoleKind::Office,
                "title" => RoleKind::Title,
                "role" => RoleKind::Role,
                "source" => RoleKind::Source,
                "group" => RoleKind::Group,
                _ => return Err(wrong("kind must be office, title, role, source or group".to_owned())),
            };
            if !crate::sectors::known(sector) {
                return Err(wrong(format!("`{sector}` is no sector")));
            }
            if !matches!(title, "" | "yes") {
                return Err(wrong("title must be yes or empty".to_owned()));
            }
            Ok(Role { name: keep(name), plural: keep(plural), sector: keep(sector), kind, title: title == "yes", line })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let roles = built_in();
        assert!(roles.len() > 600);
        assert!(roles.is_sorted_by(|a, b| a.name <= b.name));
    }

    #[test]
    fn an_unknown_kind_names_its_line() {
        let error =
            parse("x.tsv", "role\tplural\tsector\tkind\ttitle\nbaker\tbakers\tBUS\tcook\t\n", Text::Borrowed).unwrap_err();
        assert_eq!(error.to_string(), "x.tsv, line 2: kind must be office, title, role, source or group");
    }
}
