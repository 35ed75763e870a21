//! Actor and agent dictionaries in the formats of the PETRARCH family.
//!
//! The readers are lenient where the files in use are: `#` and `;` begin comments, `<!-- -->` is skipped, a code may touch its
//! phrase, ranges may hold blanks. Every phrase matches whole words; a phrase that stands in several records has all their codes.
//! What a record becomes: a country's further name where its one code is that of a country, a person where its codes are dated,
//! an organization otherwise; an agent becomes a role.

use chancery_model::Country;
use jiff::civil::Date;

use crate::Text;
use crate::organizations::Organization;
use crate::people::{Person, Term};
use crate::period::Period;
use crate::roles::{Role, RoleKind};
use crate::table::LexiconError;
use crate::user::Extra;

/// A code with the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedCode {
    /// Actor code, in capitals.
    pub code: String,
    /// When it holds; open without a range.
    pub period: Period,
}

/// A record of an actor dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorRecord {
    /// The phrase and its synonyms, blanks between words.
    pub phrases: Vec<String>,
    /// Its codes.
    pub codes: Vec<DatedCode>,
    /// Its line.
    pub line: usize,
}

/// A record of an agent dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRecord {
    /// The phrase.
    pub phrase: String,
    /// Its plural; empty where it has none.
    pub plural: String,
    /// What it adds to the actor's code, and whether before it.
    pub code: String,
    /// Whether the code goes before the actor's.
    pub before: bool,
    /// Its line.
    pub line: usize,
}

/// Whether the text is an agent dictionary: codes with a `~`.
#[must_use]
pub fn is_agents(text: &str) -> bool {
    let coded = || lines(text).filter(|(_, line)| line.contains('['));
    let agents = coded().filter(|(_, line)| line.contains("[~") || line.contains("~]")).count();
    agents * 2 > coded().count()
}

/// Reads a file onto the users' entries.
///
/// # Errors
/// The first line that is in no form of these dictionaries.
pub fn read(file: &str, number: u16, text: &str, extra: &mut Extra) -> Result<(), LexiconError> {
    if is_agents(text) {
        for agent in read_agents(file, text)? {
            extra.roles.push(Role {
                name: Text::Owned(agent.phrase.to_lowercase()),
                plural: Text::Owned(agent.plural.to_lowercase()),
                // Other families of codes stand in old files beside the sectors; what PLOVER does not know adds nothing.
                sector: Text::Owned(if crate::sectors::known(&agent.code) { agent.code } else { String::new() }),
                kind: RoleKind::Role,
                title: true,
                line: agent.line,
            });
        }
        return Ok(());
    }
    let countries = crate::countries::Countries::built_in();
    let by_cameo: std::collections::BTreeMap<&str, Country> =
        countries.rows.iter().rev().filter(|row| !row.cameo.is_empty()).map(|row| (&*row.cameo, row.code)).collect();
    let country_of = |code: &str| {
        let head = code.get(..3)?;
        by_cameo.get(head).copied().or_else(|| Country::parse(head).filter(|code| countries.get(*code).is_some()))
    };
    for record in read_actors(file, text)? {
        let origin = (number, record.line as u32);
        let mut names = record.phrases.iter().map(|phrase| Text::Owned(title_case(phrase)));
        let dated = record.codes.iter().any(|code| code.period != Period::default());
        let country = record.codes.first().and_then(|code| country_of(&code.code));
        if let (Some(country), [code], false) = (country, &record.codes[..], dated)
            && code.code.len() == 3
        {
            extra.country_names.extend(names.map(|name| (name, country, origin)));
            continue;
        }
        let Some(name) = names.next() else { continue };
        let aliases = names.collect();
        let id = Text::Owned(crate::slug(&name));
        if dated {
            let terms = record.codes.into_iter().map(|dated| Term {
                country: country_of(&dated.code),
                role: Text::default(),
                organization: Text::default(),
                code: Text::Owned(dated.code),
                period: dated.period,
                origin,
            });
            extra.people.push(Person { id, name, aliases, terms: terms.collect(), died: None });
        } else {
            let code = record.codes.into_iter().next().map(|dated| dated.code).unwrap_or_default();
            extra.organizations.push(Organization {
                id,
                name,
                acronyms: Vec::new(),
                aliases,
                kind: Text::default(),
                country,
                code: Text::Owned(code),
                members: Vec::new(),
                seat: Text::default(),
                period: Period::default(),
                origin,
            });
        }
    }
    Ok(())
}

/// Reads an actor dictionary.
///
/// # Errors
/// The first line that is none of head, synonym or date line, or whose date is impossible.
pub fn read_actors(file: &str, text: &str) -> Result<Vec<ActorRecord>, LexiconError> {
    let mut records: Vec<ActorRecord> = Vec::new();
    for (number, line) in lines(text) {
        let wrong = |message: String| LexiconError::new(file, number, message);
        let (phrase, codes) = split_codes(line).map_err(wrong)?;
        match (phrase.strip_prefix('+'), phrase.is_empty()) {
            (Some(synonym), _) => {
                let record = records.last_mut().ok_or_else(|| wrong("a synonym before any actor".to_owned()))?;
                record.phrases.push(clean(synonym));
                record.codes.extend(codes);
            }
            (None, true) => {
                let record = records.last_mut().ok_or_else(|| wrong("a code before any actor".to_owned()))?;
                record.codes.extend(codes);
            }
            (None, false) => records.push(ActorRecord { phrases: vec![clean(phrase)], codes, line: number }),
        }
    }
    for record in &mut records {
        record.phrases.retain(|phrase| !phrase.is_empty());
    }
    Ok(records)
}

/// Reads an agent dictionary; markers (`!PERSON!`) are replaced by each of their words.
///
/// # Errors
/// The first line that names a marker that is not defined.
pub fn read_agents(file: &str, text: &str) -> Result<Vec<AgentRecord>, LexiconError> {
    let mut markers: Vec<(String, Vec<String>)> = Vec::new();
    let mut agents = Vec::new();
    for (number, line) in lines(text) {
        let wrong = |message: String| LexiconError::new(file, number, message);
        if line.starts_with('!')
            && let Some((name, items)) = line.split_once('=')
        {
            let items = items.split(',').map(clean).filter(|item| !item.is_empty()).collect();
            markers.push((name.trim().to_owned(), items));
            continue;
        }
        // A phrase whose code was forgotten is known, and adds nothing.
        let (phrase, code) = line.split_once('[').unwrap_or((line, "]"));
        let code = code.split(']').next().unwrap_or_default().trim();
        let (code, before) = match (code.strip_prefix('~'), code.strip_suffix('~')) {
            (Some(after), _) => (after, false),
            (None, Some(head)) => (head, true),
            (None, None) => (code, false),
        };
        let (phrase, plural) = match phrase.split_once('{') {
            Some((phrase, plural)) => (phrase, Some(clean(plural.trim_end().trim_end_matches('}')))),
            None => (phrase, None),
        };
        let code = code.trim().to_ascii_uppercase();
        let mut push = |phrase: String, plural: String| {
            agents.push(AgentRecord { phrase, plural, code: code.clone(), before, line: number });
        };
        match markers.iter().find(|(name, _)| phrase.contains(&**name)) {
            Some((name, items)) => {
                for item in items {
                    push(clean(&phrase.replace(&**name, item)), String::new());
                }
            }
            None if phrase.contains('!') => return Err(wrong(format!("`{}` names a marker that is not defined", phrase.trim()))),
            None => {
                let phrase = clean(phrase);
                let plural = plural.unwrap_or_else(|| plural_of(&phrase));
                push(phrase, plural);
            }
        }
    }
    Ok(agents)
}

/// The lines that say something, without comments, each with its number from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let mut line = line;
        if inside {
            let (_, rest) = line.split_once("-->")?;
            (inside, line) = (false, rest);
        }
        if let Some((before, rest)) = line.split_once("<!--") {
            inside = !rest.contains("-->");
            line = before;
        }
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        (!line.is_empty() && line != "-->").then_some((at + 1, line))
    })
}

/// The phrase of a line, and the codes in its brackets.
fn split_codes(line: &str) -> Result<(&str, Vec<DatedCode>), String> {
    let Some((phrase, mut rest)) = line.split_once('[') else { return Ok((line, Vec::new())) };
    let mut codes = Vec::new();
    loop {
        let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
        let mut words = inside.splitn(2, [' ', '\t', '<', '>']);
        let code = words.next().unwrap_or_default().trim();
        let range = inside[code.len().min(inside.len())..].trim();
        if code.is_empty() {
            return Err(format!("no code in `[{inside}]`"));
        }
        codes.push(DatedCode { code: code.to_ascii_uppercase(), period: range_of(range)? });
        match after.split_once('[') {
            Some((_, next)) => rest = next,
            None => return Ok((phrase.trim(), codes)),
        }
    }
}

/// `<date`, `>date` or `date-date`; both ends belong to it.
fn range_of(range: &str) -> Result<Period, String> {
    if range.is_empty() {
        return Ok(Period::default());
    }
    if let Some(date) = range.strip_prefix('<') {
        return Ok(Period { from: None, to: Some(date_of(date)?) });
    }
    if let Some(date) = range.strip_prefix('>') {
        return Ok(Period { from: Some(date_of(date)?), to: None });
    }
    // Files in use have a few ranges of which only the first day is left.
    let Some((from, to)) = range.split_once('-') else { return Ok(Period { from: Some(date_of(range)?), to: None }) };
    Ok(Period { from: Some(date_of(from)?), to: Some(date_of(to)?) })
}

/// `YYMMDD` (00 to 30 are this century's) or `YYYYMMDD`, of which more than eight digits are ignored.
fn date_of(text: &str) -> Result<Date, String> {
    let digits = text.trim();
    let wrong = || format!("`{digits}` is no date (YYMMDD or YYYYMMDD)");
    if !digits.is_ascii() || digits.len() < 6 {
        return Err(wrong());
    }
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i16>().ok()).ok_or_else(wrong);
    let (year, rest) = if digits.len() >= 8 {
        (number(0..4)?, 4)
    } else {
        let short = number(0..2)?;
        (if short <= 30 { 2000 + short } else { 1900 + short }, 2)
    };
    let (month, day) = (number(rest..rest + 2)?, number(rest + 2..rest + 4)?);
    Date::new(year, month as i8, day as i8).map_err(|_| wrong())
}

/// A phrase with blanks between its words.
fn clean(phrase: &str) -> String {
    phrase
        .split(|letter: char| letter == '_' || letter.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn plural_of(phrase: &str) -> String {
    match phrase.as_bytes() {
        [.., b'Y'] => format!("{}IES", &phrase[..phrase.len() - 1]),
        [.., b'S'] => format!("{phrase}ES"),
        _ => format!("{phrase}S"),
    }
}

/// "RUDOLF VON RASSENDYLL" as it would be printed.
fn title_case(phrase: &str) -> String {
    const SMALL: &[&str] = &["OF", "THE", "AND", "FOR", "DE", "DA", "DU", "VON", "VAN", "BIN", "AL", "EL", "IN", "ON"];
    let mut out = String::with_capacity(phrase.len());
    for (at, word) in phrase.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        if at > 0 && SMALL.contains(&word) {
            out.push_str(&word.to_lowercase());
            continue;
        }
        let mut begins = true;
        for letter in word.chars() {
            if begins {
                out.extend(letter.to_uppercase());
            } else {
                out.extend(letter.to_lowercase());
            }
            begins = matches!(letter, '-' | '\'' | '.');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const RURITANIA: &str = "# made up\nRURITANIA_  [RUR]\n+RURITANIAN_ ; old\n+STRELSAU_\n\nRUDOLF_RASSENDYLL_\n\
                             \t[RURELI <940101]\n\t[RURGOV 940101-19990630]\n\t[RUROPP >19990701]\nZENDA [RUR > 140608] [---]\n";

    #[test]
    fn actors_have_synonyms_and_dated_codes() {
        let records = read_actors("x.txt", RURITANIA).unwrap();
        assert_eq!(records[0].phrases, ["RURITANIA", "RURITANIAN", "STRELSAU"]);
        assert_eq!(records[1].codes[1].code, "RURGOV");
        assert_eq!(records[1].codes[1].period, Period { from: Some(date(1994, 1, 1)), to: Some(date(1999, 6, 30)) });
        assert_eq!(records[2].codes[0].period.from, Some(date(2014, 6, 8)));
        assert_eq!(records[2].codes[1].code, "---");
    }

    #[test]
    fn an_impossible_day_names_its_line() {
        let error = read_actors("x.txt", "A [USA 20010231-20020101]\n").unwrap_err();
        assert_eq!(error.to_string(), "x.txt, line 1: `20010231` is no date (YYMMDD or YYYYMMDD)");
    }

    #[test]
    fn agents_have_plurals_and_markers() {
        let text = "!WARDEN! = WARDEN, WARDENS, WARDENSHIP\nHARBOUR_!WARDEN!  [~GOV]\nRIVER_FERRYMAN {RIVER_FERRYMEN} [~LAB]\nSPY [SPY~]\nSTAFF {} [~GOV]\n";
        assert!(is_agents(text) && !is_agents(RURITANIA));
        let agents = read_agents("x.txt", text).unwrap();
        let phrases: Vec<_> = agents.iter().map(|agent| (&*agent.phrase, &*agent.plural, &*agent.code)).collect();
        assert_eq!(
            phrases,
            [
                ("HARBOUR WARDEN", "", "GOV"),
                ("HARBOUR WARDENS", "", "GOV"),
                ("HARBOUR WARDENSHIP", "", "GOV"),
                ("RIVER FERRYMAN", "RIVER FERRYMEN", "LAB"),
                ("SPY", "SPIES", "SPY"),
                ("STAFF", "", "GOV"),
            ]
        );
        assert!(agents[4].before);
    }

    #[test]
    fn a_file_becomes_entries() {
        let mut extra = Extra::default();
        extra
            .read(
                "actors.txt",
                "AFGHANISTAN_ [AFG]\n+AFGANISTAN\nRUDOLF_RASSENDYLL_\n\t[AFGGOV 940101-19990630]\nZENDA_GUARDS [AFGMIL]\n",
            )
            .unwrap();
        assert_eq!(extra.country_names.len(), 2);
        assert_eq!((&*extra.people[0].name, &*extra.people[0].terms[0].code), ("Rudolf Rassendyll", "AFGGOV"));
        assert_eq!((&*extra.organizations[0].name, &*extra.organizations[0].code), ("Zenda Guards", "AFGMIL"));
    }
}
