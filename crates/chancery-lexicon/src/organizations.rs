//! Organizations, parties, companies and armed groups (`data/organizations*.tsv`, `data/armed_groups.tsv`).

use chancery_model::Country;

use crate::period::Period;
use crate::table::{LexiconError, Table};
use crate::{Keep, Text, texts};

/// An organized body.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// Lower-case id, unique: `org/` before it makes the entity's.
    pub id: Text,
    /// Full name.
    pub name: Text,
    /// Acronyms, matched in this case only.
    pub acronyms: Vec<Text>,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Kind: `igo`, `bank`, `company`, `party`, `armed-group` …
    pub kind: Text,
    /// The country that it belongs to.
    pub country: Option<Country>,
    /// Actor code.
    pub code: Text,
    /// Member states.
    pub members: Vec<Country>,
    /// City of its seat.
    pub seat: Text,
    /// Its life.
    pub period: Period,
    /// Number of its file among the sources, and its line.
    pub origin: (u16, u32),
}

const COLUMNS: [&str; 11] = ["id", "name", "acronyms", "aliases", "kind", "country", "code", "members", "seat", "from", "to"];
const GROUP_COLUMNS: [&str; 9] = ["id", "name", "acronyms", "aliases", "kind", "country", "code", "from", "to"];

/// The tables that ship: file name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("organizations.tsv", include_str!("../data/organizations.tsv")),
    ("organizations_national.tsv", include_str!("../data/organizations_national.tsv")),
    ("organizations_parties.tsv", include_str!("../data/organizations_parties.tsv")),
    ("organizations_media.tsv", include_str!("../data/organizations_media.tsv")),
    ("organizations_business.tsv", include_str!("../data/organizations_business.tsv")),
    ("armed_groups.tsv", include_str!("../data/armed_groups.tsv")),
];

/// All organizations that ship.
#[must_use]
pub fn built_in() -> Vec<Organization> {
    let mut rows = Vec::with_capacity(4096);
    for (number, (file, text)) in BUILT_IN.iter().enumerate() {
        rows.extend(parse(file, number as u16, text, Text::Borrowed).expect("`built_in_rows_are_good` parses these bytes"));
    }
    rows
}

/// Reads a table in the columns of organizations or of armed groups.
///
/// # Errors
/// The first bad row.
pub fn parse<'a>(file: &'a str, number: u16, text: &'a str, keep: Keep<'a>) -> Result<Vec<Organization>, LexiconError> {
    let mut rows = Vec::new();
    match Table::open(file, text, COLUMNS) {
        Ok(table) => {
            for row in table {
                let (line, [id, name, acronyms, aliases, kind, country, code, members, seat, from, to]) = row?;
                let cells = [id, name, acronyms, aliases, kind, country, code, members, seat, from, to];
                rows.push(organization(file, (number, line), cells, keep)?);
            }
        }
        Err(error) => {
            let Ok(table) = Table::open(file, text, GROUP_COLUMNS) else { return Err(error) };
            for row in table {
                let (line, [id, name, acronyms, aliases, kind, country, code, from, to]) = row?;
                let cells = [id, name, acronyms, aliases, kind, country, code, "", "", from, to];
                rows.push(organization(file, (number, line), cells, keep)?);
            }
        }
    }
    Ok(rows)
}

fn organization<'a>(
    file: &str,
    (number, line): (u16, usize),
    cells: [&'a str; 11],
    keep: Keep<'a>,
) -> Result<Organization, LexiconError> {
    let [id, name, acronyms, aliases, kind, country, code, members, seat, from, to] = cells;
    let wrong = |message: String| LexiconError::new(file, line, message);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(wrong(format!("`{id}` is no id (lower-case letters, digits and `-`)")));
    }
    if name.is_empty() {
        return Err(wrong(format!("`{id}` has no name")));
    }
    let country = match country {
        "" => None,
        // A body of several states: the first one is where its code comes from.
        cell => {
            let first = cell.split('|').next().unwrap_or_default();
            Some(Country::parse(first).ok_or_else(|| wrong(format!("`{cell}` is no country code")))?)
        }
    };
    let members = crate::table::list(members)
        .map(|cell| Country::parse(cell).ok_or_else(|| wrong(format!("member `{cell}` is no country code"))))
        .collect::<Result<_, _>>()?;
    Ok(Organization {
        id: keep(id),
        name: keep(name),
        acronyms: texts(acronyms, keep),
        aliases: texts(aliases, keep),
        kind: keep(kind),
        country,
        code: keep(code),
        members,
        seat: keep(seat),
        period: Period::parse(from, to).map_err(wrong)?,
        origin: (number, line as u32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rows_are_good() {
        let rows = built_in();
        let mut ids: Vec<&str> = rows.iter().map(|row| &*row.id).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert!(twice.is_empty(), "ids that stand twice: {twice:?}");
    }
}
