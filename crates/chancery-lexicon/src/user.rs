//! Users' own entries: YAML, the tables' own format, or PETRARCH dictionaries; which one, the file's content tells.

use chancery_model::Country;
use chancery_settings::{Node, Value};
use rustc_hash::FxHashMap;

use crate::Text;
use crate::countries::{Countries, CountryRow};
use crate::organizations::{self, Organization};
use crate::people::{self, Person, Term};
use crate::period::{Period, bound};
use crate::petrarch;
use crate::regions::{self, Region};
use crate::roles::{self, Role, RoleKind};
use crate::seats::{self, Seat};
use crate::table::LexiconError;

/// The first number of users' files among the sources.
pub const FIRST_SOURCE: u16 = 1000;

/// Entries that come on top of what ships.
#[derive(Debug, Default, Clone)]
pub struct Extra {
    /// Countries.
    pub countries: Vec<CountryRow>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// People.
    pub people: Vec<Person>,
    /// Further names of countries, with where they stand.
    pub country_names: Vec<(Text, Country, (u16, u32))>,
    /// Seats of government.
    pub seats: Vec<Seat>,
    /// Regions.
    pub regions: Vec<Region>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Files, in the order in which they were read; the first has the number [`FIRST_SOURCE`].
    pub sources: Vec<String>,
    seen: FxHashMap<Text, u32>,
}

fn own(cell: &str) -> Text {
    Text::Owned(cell.to_owned())
}

impl Extra {
    /// Reads a file's text. `file` is what errors call it.
    ///
    /// # Errors
    /// The first bad entry, with its line; a file of no known format.
    pub fn read(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        let number = FIRST_SOURCE + self.sources.len() as u16;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let extension = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match &*extension {
            "yaml" | "yml" => self.read_yaml(file, number, text)?,
            "tsv" => self.read_table(file, number, text)?,
            _ => petrarch::read(file, number, text, self)?,
        }
        self.sources.push(file.to_owned());
        Ok(())
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    fn read_table(&mut self, file: &str, number: u16, text: &str) -> Result<(), LexiconError> {
        let header = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
        let columns: Vec<&str> = header.split('\t').collect();
        match columns[..] {
            ["iso3", ..] => self.countries.extend(Countries::parse(file, text, own)?.rows),
            ["name", "iso3", ..] => self.seats.extend(seats::parse(file, text, own)?),
            ["name", "aliases", "adjectives", ..] => self.regions.extend(regions::parse(file, text, own)?),
            ["role", ..] => self.roles.extend(roles::parse(file, text, own)?),
            ["id", "name", "aliases", "country", ..] => {
                people::parse(file, number, text, own, &mut self.people, &mut self.seen)?;
            }
            ["id", "name", "acronyms", ..] => self.organizations.extend(organizations::parse(file, number, text, own)?),
            _ => {
                return Err(LexiconError::new(
                    file,
                    1,
                    "the header is that of no lexicon (organizations, people, countries, seats, regions, roles)",
                ));
            }
        }
        Ok(())
    }

    fn read_yaml(&mut self, file: &str, number: u16, text: &str) -> Result<(), LexiconError> {
        let line_of = |byte: usize| text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count() + 1;
        let tree = Node::parse(text).map_err(|fault| LexiconError::new(file, line_of(fault.at.start), fault.message))?;
        let Value::List(entries) = &tree.value else {
            return Err(LexiconError::new(file, 1, "a lexicon is a list of entries, each with a `name`"));
        };
        for entry in entries {
            let line = line_of(entry.at.start);
            self.yaml_entry(file, number, line, entry).map_err(|message| LexiconError::new(file, line, message))?;
        }
        Ok(())
    }

    fn yaml_entry(&mut self, file: &str, number: u16, line: usize, entry: &Node) -> Result<(), String> {
        const KEYS: &[&str] = &[
            "name",
            "type",
            "id",
            "aliases",
            "acronyms",
            "kind",
            "country",
            "code",
            "role",
            "organization",
            "members",
            "seat",
            "from",
            "to",
            "died",
            "plural",
            "sector",
            "title",
            "adjectives",
            "demonyms",
            "capital",
        ];
        let Value::Map(pairs) = &entry.value else { return Err(format!("an entry is a mapping, not {}", entry.kind())) };
        for pair in pairs {
            if !KEYS.contains(&&*pair.key) {
                let close = chancery_settings::closest(&pair.key, KEYS.iter().copied());
                let hint = close.map_or_else(String::new, |close| format!("; did you mean `{close}`?"));
                return Err(format!("no entry has a `{}`{hint}", pair.key));
            }
        }
        let text = |key: &str| text_of(entry.get(key));
        let words = |key: &str| list_of(entry.get(key));
        let name = text("name");
        if name.is_empty() {
            return Err("an entry needs a `name`".to_owned());
        }
        let country = match &*text("country") {
            "" => None,
            code => Some(Country::parse(code).ok_or_else(|| format!("`{code}` is no country code"))?),
        };
        let id = match text("id") {
            id if id.is_empty() => Text::Owned(crate::slug(&name)),
            id => id,
        };
        let period = Period::parse(&text("from"), &text("to"))?;
        let origin = (number, line as u32);
        match &*text("type") {
            "person" => {
                let term =
                    Term { country, role: text("role"), organization: text("organization"), code: text("code"), period, origin };
                let died = bound(&text("died"), true)?;
                match self.people.iter_mut().find(|person| person.id == id) {
                    Some(person) => person.terms.push(term),
                    None => self.people.push(Person { id, name, aliases: words("aliases"), terms: vec![term], died }),
                }
            }
            "country" => {
                let code = country.ok_or("a country needs its `country` code (three capitals)")?;
                self.countries.push(CountryRow {
                    code,
                    iso2: Text::default(),
                    cameo: text("code"),
                    cow: Text::default(),
                    name: name.clone(),
                    official: name,
                    short: words("acronyms"),
                    aliases: words("aliases"),
                    adjectives: words("adjectives"),
                    demonyms: words("demonyms"),
                    capitals: words("capital"),
                    continent: Text::default(),
                    period,
                    line,
                });
            }
            "role" => {
                let sector = text("sector");
                if !crate::sectors::known(&sector) {
                    return Err(format!("`{sector}` is no sector"));
                }
                let title = entry.get("title").is_some_and(|node| node.value == Value::Bool(true));
                self.roles.push(Role { name, plural: text("plural"), sector, kind: RoleKind::Role, title, line });
            }
            "" | "organization" | "party" | "armed-group" | "company" => {
                let kind = match (text("kind"), text("type")) {
                    (kind, _) if !kind.is_empty() => kind,
                    (_, kind) => kind,
                };
                let members = words("members")
                    .iter()
                    .map(|code| Country::parse(code).ok_or_else(|| format!("member `{code}` is no country code")))
                    .collect::<Result<_, _>>()?;
                self.organizations.push(Organization {
                    id,
                    name,
                    acronyms: words("acronyms"),
                    aliases: words("aliases"),
                    kind,
                    country,
                    code: text("code"),
                    members,
                    seat: text("seat"),
                    period,
                    origin,
                });
            }
            other => {
                return Err(format!(
                    "`{other}` is no type of entry in {file}: person, organization, party, armed-group, company, country or role"
                ));
            }
        }
        Ok(())
    }
}

fn text_of(node: Option<&Node>) -> Text {
    match node.map(|node| &node.value) {
        Some(Value::Text(text)) => Text::Owned(text.trim().to_owned()),
        Some(Value::Int(number)) => Text::Owned(number.to_string()),
        _ => Text::default(),
    }
}

fn list_of(node: Option<&Node>) -> Vec<Text> {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().map(|item| text_of(Some(item))).filter(|item| !item.is_empty()).collect(),
        Some(_) => vec![text_of(node)],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_entries_of_all_types_are_read() {
        let mut extra = Extra::default();
        let text = "- name: Rudolf Rassendyll\n  type: person\n  country: CZE\n  code: CZEGOV\n  role: king\n  from: 1994\n\
                    - name: Red Elephant Brigade\n  type: armed-group\n  acronyms: [REB]\n\
                    - {name: warden, type: role, plural: wardens, sector: GOV, title: true}\n";
        extra.read("mine.yaml", text).unwrap();
        assert_eq!(extra.people[0].id, "rudolf-rassendyll");
        assert_eq!(extra.people[0].terms[0].origin, (FIRST_SOURCE, 1));
        assert_eq!(extra.organizations[0].kind, "armed-group");
        assert!(extra.roles[0].title);
    }

    #[test]
    fn a_misspelt_key_names_its_line_and_the_right_one() {
        let error = Extra::default().read("mine.yaml", "- name: A\n- name: B\n  aliasse: [C]\n").unwrap_err();
        assert_eq!(error.to_string(), "mine.yaml, line 2: no entry has a `aliasse`; did you mean `aliases`?");
    }

    #[test]
    fn a_table_is_known_by_its_header() {
        let mut extra = Extra::default();
        extra.read("mine.tsv", "role\tplural\tsector\tkind\ttitle\nwarden\twardens\tGOV\toffice\tyes\n").unwrap();
        assert_eq!(extra.roles.len(), 1);
        assert!(extra.read("x.tsv", "a\tb\n").is_err());
    }
}
