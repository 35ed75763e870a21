//! PLOVER's types, modes and contexts and CAMEO's codes, with the numbers that the field gives them.
//!
//! # Invariants
//! - Where PLOVER's or the tools' tables contradict each other, both are in the data and [`Quads`] and [`Scales`] choose.

use std::sync::{Arc, LazyLock};

use chancery_model::EventType;
use rustc_hash::FxHashMap;

use crate::table::Table;
use crate::{LexiconError, table};

/// Which table gives an event's quad class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quads {
    /// PLOVER's manual: SANCTION is material conflict.
    #[default]
    Manual,
    /// PLOVER's README: SANCTION is verbal conflict.
    Readme,
}

/// Which table gives an event's Goldstein score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scales {
    /// GDELT's.
    #[default]
    Gdelt,
    /// Phoenix's.
    Phoenix,
}

/// A CAMEO code.
#[derive(Debug, Clone, PartialEq)]
pub struct CameoCode {
    /// The code, with its leading zero.
    pub code: Arc<str>,
    /// What it stands for.
    pub name: String,
    /// The PLOVER type that it converts to; none for public statements.
    pub plover: Option<EventType>,
    /// Quad class in GDELT.
    pub quad_gdelt: u8,
    /// Quad class in Phoenix; 0 for none.
    pub quad_phoenix: u8,
    goldstein: f32,
    goldstein_phoenix: f32,
}

impl CameoCode {
    /// Its Goldstein score.
    #[must_use]
    pub fn goldstein(&self, scale: Scales) -> f32 {
        match scale {
            Scales::Gdelt => self.goldstein,
            Scales::Phoenix => self.goldstein_phoenix,
        }
    }
}

struct TypeRow {
    quad: u8,
    quad_readme: u8,
    intensity: Option<f32>,
}

/// The tables of types, modes, contexts and codes.
pub struct PloverTable {
    types: FxHashMap<EventType, TypeRow>,
    modes: Vec<(EventType, Box<str>, Option<f32>)>,
    contexts: Vec<Box<str>>,
    cameo: Vec<CameoCode>,
}

impl PloverTable {
    /// The tables that ship.
    #[must_use]
    pub fn shipped() -> &'static Self {
        // Immutable facts of a few kilobytes; loaders of patterns need them before any `Knowledge` is whole.
        static SHIPPED: LazyLock<PloverTable> = LazyLock::new(|| {
            PloverTable::read(
                ("data/plover.tsv", include_str!("../data/plover.tsv")),
                ("data/cameo.tsv", include_str!("../data/cameo.tsv")),
            )
            .expect("`built_in_tables_are_good` parses these bytes")
        });
        &SHIPPED
    }

    /// Reads the two tables, each given as name and text.
    ///
    /// # Errors
    /// The first bad row.
    pub fn read(plover: (&str, &str), cameo: (&str, &str)) -> Result<Self, LexiconError> {
        let mut new = Self { types: FxHashMap::default(), modes: Vec::new(), contexts: Vec::new(), cameo: Vec::new() };
        let (file, text) = plover;
        for row in Table::open(file, text, ["kind", "name", "of", "quad", "quad_readme", "intensity", "definition"])? {
            let (line, [kind, name, of, quad, quad_readme, intensity, _]) = row?;
            let bad = |what: String| LexiconError::new(file, line, what);
            let score = |cell: &str| match cell {
                "" => Ok(None),
                cell => cell.parse::<f32>().map(Some).map_err(|_| bad(format!("`{cell}` is no number"))),
            };
            let number = |cell: &str| match cell.parse::<u8>() {
                Ok(quad @ 1..=4) => Ok(quad),
                _ => Err(bad(format!("`{cell}` is no quad class, 1 to 4"))),
            };
            let event_type = |name: &str| EventType::parse(name).ok_or_else(|| bad(format!("`{name}` is no type")));
            match kind {
                "type" => {
                    let row = TypeRow { quad: number(quad)?, quad_readme: number(quad_readme)?, intensity: score(intensity)? };
                    new.types.insert(event_type(name)?, row);
                }
                "mode" => new.modes.push((event_type(of)?, name.into(), score(intensity)?)),
                "context" => new.contexts.push(name.into()),
                _ => return Err(bad("kind must be type, mode or context".to_owned())),
            }
        }
        let (file, text) = cameo;
        for row in
            Table::open(file, text, ["code", "name", "plover", "quad_gdelt", "quad_phoenix", "goldstein", "goldstein_phoenix"])?
        {
            let (line, [code, name, plover, quad_gdelt, quad_phoenix, goldstein, phoenix]) = row?;
            let bad = |what: String| LexiconError::new(file, line, what);
            let number = |cell: &str| cell.parse::<f32>().map_err(|_| bad(format!("`{cell}` is no number")));
            let quad = |cell: &str| cell.parse::<u8>().map_err(|_| bad(format!("`{cell}` is no quad class")));
            let plover = match plover {
                "" => None,
                name => Some(EventType::parse(name).ok_or_else(|| bad(format!("`{name}` is no type")))?),
            };
            let goldstein = number(goldstein)?;
            new.cameo.push(CameoCode {
                code: code.into(),
                name: name.to_owned(),
                plover,
                quad_gdelt: quad(quad_gdelt)?,
                quad_phoenix: quad(quad_phoenix)?,
                goldstein,
                goldstein_phoenix: if phoenix.is_empty() { goldstein } else { number(phoenix)? },
            });
        }
        if !new.cameo.is_sorted_by(|a, b| a.code < b.code) {
            return Err(LexiconError::new(file, 1, "codes must be sorted and each there once"));
        }
        Ok(new)
    }

    /// A CAMEO code's row.
    #[must_use]
    pub fn cameo(&self, code: &str) -> Option<&CameoCode> {
        self.cameo.binary_search_by(|row| (*row.code).cmp(code)).ok().map(|at| &self.cameo[at])
    }

    /// Every CAMEO code.
    #[must_use]
    pub fn cameo_codes(&self) -> &[CameoCode] {
        &self.cameo
    }

    /// Whether CAMEO has the code (a root of two digits counts).
    #[must_use]
    pub fn has_cameo(&self, code: &str) -> bool {
        self.cameo(code).is_some() || (code.len() == 2 && self.cameo.iter().any(|row| row.code.starts_with(code)))
    }

    /// Whether the type has the mode.
    #[must_use]
    pub fn has_mode(&self, r#type: EventType, mode: &str) -> bool {
        self.modes.iter().any(|(of, name, _)| *of == r#type && &**name == mode)
    }

    /// The modes of a type.
    pub fn modes(&self, r#type: EventType) -> impl Iterator<Item = &str> {
        self.modes.iter().filter(move |(of, ..)| *of == r#type).map(|(_, name, _)| &**name)
    }

    /// Whether PLOVER has the context.
    #[must_use]
    pub fn has_context(&self, name: &str) -> bool {
        self.contexts.iter().any(|known| &**known == name)
    }

    /// The quad class of a type.
    #[must_use]
    pub fn quad(&self, r#type: EventType, quads: Quads) -> u8 {
        self.types.get(&r#type).map_or(0, |row| match quads {
            Quads::Manual => row.quad,
            Quads::Readme => row.quad_readme,
        })
    }

    /// PLOVER's score of a type and mode: the mode's, else the type's.
    #[must_use]
    pub fn intensity(&self, r#type: EventType, mode: &str) -> Option<f32> {
        let of_mode = self.modes.iter().find(|(of, name, _)| *of == r#type && &**name == mode).and_then(|(.., score)| *score);
        of_mode.or_else(|| self.types.get(&r#type).and_then(|row| row.intensity))
    }

    /// Goldstein score of a code: its own, its parent's, its root's.
    #[must_use]
    pub fn goldstein(&self, code: &str, scale: Scales) -> Option<f32> {
        (2..=code.len())
            .rev()
            .filter_map(|end| code.get(..end))
            .find_map(|prefix| {
                self.cameo(prefix).or_else(|| (prefix.len() == 2).then(|| self.cameo(&format!("{prefix}0"))).flatten())
            })
            .map(|row| row.goldstein(scale))
    }
}

/// What a type of an outer verb makes of the event inside: "threatened to strike".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// Type of the verb outside.
    pub outer: EventType,
    /// Type of the event inside.
    pub inner: EventType,
    /// Mode of the event inside that the row is for; empty for any.
    pub inner_mode: Box<str>,
    /// What it makes of the mode.
    pub mode: Arc<str>,
    /// What it makes of the CAMEO code.
    pub cameo: Arc<str>,
}

/// The table of compositions.
///
/// # Errors
/// The first bad row.
pub fn compositions(file: &str, text: &str) -> Result<Vec<Composition>, LexiconError> {
    let codes = PloverTable::shipped();
    let mut rows = Vec::new();
    for row in table::Table::open(file, text, ["outer", "inner", "inner_mode", "mode", "cameo"])? {
        let (line, [outer, inner, inner_mode, mode, cameo]) = row?;
        let bad = |what: String| LexiconError::new(file, line, what);
        let event_type = |name: &str| EventType::parse(name).ok_or_else(|| bad(format!("`{name}` is no type")));
        let (outer, inner) = (event_type(outer)?, event_type(inner)?);
        if !mode.is_empty() && !codes.has_mode(outer, mode) {
            return Err(bad(format!("{outer} has no mode `{mode}`")));
        }
        if !inner_mode.is_empty() && !codes.has_mode(inner, inner_mode) {
            return Err(bad(format!("{inner} has no mode `{inner_mode}`")));
        }
        if !codes.has_cameo(cameo) {
            return Err(bad(format!("`{cameo}` is not one of CAMEO's codes")));
        }
        rows.push(Composition { outer, inner, inner_mode: inner_mode.into(), mode: mode.into(), cameo: cameo.into() });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_tables_are_good() {
        let table = PloverTable::shipped();
        assert_eq!(table.types.len(), 16);
        assert_eq!(table.contexts.len(), 37);
        assert!(table.cameo.len() > 290);
        for r#type in EventType::ALL {
            assert!(table.intensity(*r#type, "").is_some(), "{type}");
        }
    }

    #[test]
    fn the_contradictions_are_a_choice() {
        let table = PloverTable::shipped();
        assert_eq!(table.quad(EventType::Sanction, Quads::Manual), 4);
        assert_eq!(table.quad(EventType::Sanction, Quads::Readme), 3);
        assert_eq!(table.goldstein("163", Scales::Gdelt), Some(-8.0));
        assert_eq!(table.goldstein("163", Scales::Phoenix), Some(-6.5));
        assert_eq!(table.goldstein("0334", Scales::Gdelt), Some(6.0));
        assert_eq!(table.goldstein("1413", Scales::Gdelt), Some(-6.5));
    }

    /// The conversion that PLOVER's authors published, where it is at hand: its types of codes are ours.
    #[test]
    fn types_of_codes_are_those_of_the_published_conversion() {
        let Ok(folder) = std::env::var("CHANCERY_DATA") else { return };
        let Ok(text) = std::fs::read_to_string(std::path::Path::new(&folder).join("plover/CAMEO2PLOVER-2021.txt")) else {
            return;
        };
        let table = PloverTable::shipped();
        let mut compared = 0;
        for (code, rest) in text.lines().filter_map(|line| line.split_once(':')) {
            let r#type = rest.split([',', '#']).next().unwrap_or_default().trim();
            let (true, Some(row)) = (code.len() > 2 && code.bytes().all(|byte| byte.is_ascii_digit()), table.cameo(code)) else {
                continue;
            };
            assert_eq!(row.plover.map(EventType::as_str), Some(r#type), "{code}");
            compared += 1;
        }
        assert!(compared > 200, "{compared}");
    }

    #[test]
    fn a_bad_row_names_its_line() {
        let text = "outer\tinner\tinner_mode\tmode\tcameo\nTHREATEN\tASSAULT\t\tvisit\t138\n";
        let error = compositions("compose.tsv", text).unwrap_err();
        assert_eq!(error.to_string(), "compose.tsv, line 2: THREATEN has no mode `visit`");
    }
}
