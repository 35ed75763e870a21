//! Readers of the gazetteer's sources: the tables that ship, users' tables in the same columns, and GeoNames dumps.

use std::io::{BufRead, BufReader};
use std::path::Path;

use chancery_model::Country;
use rustc_hash::{FxHashMap, FxHashSet};

use super::build::Row;
use super::{GazetteerBuilder, Key, Kind, ToponymIx};
use crate::table::{LexiconError, Table, list};

const COLUMNS: [&str; 9] =
    ["name", "alternates", "feature", "iso3", "admin1", "latitude", "longitude", "population", "geonames_id"];
/// Columns of a GeoNames dump (`allCountries.txt`, `cities500.txt`, `JP.txt`).
const DUMP_COLUMNS: usize = 19;
/// Longest line of a dump: the alternate names alone may take 10,000 characters.
const LINE_BYTES_MAX: usize = 1 << 17;

/// The tables in these columns, in the order in which their rows are numbered.
const TABLES: [(&str, &str); 3] = [
    ("places_divisions.tsv", include_str!("../../data/places_divisions.tsv")),
    ("places.tsv", include_str!("../../data/places.tsv")),
    ("places_small.tsv", include_str!("../../data/places_small.tsv")),
];
const FEATURES: &str = include_str!("../../data/places_features.tsv");
const COUNTRIES: &str = include_str!("../../data/countries.tsv");
const CENTROIDS: &str = include_str!("../../data/country_centroids.tsv");
const REGIONS: &str = include_str!("../../data/regions.tsv");

impl GazetteerBuilder {
    /// The places that ship.
    #[must_use]
    pub fn builtin() -> Self {
        let mut builder = Self::new();
        builder.built_in().expect("`built_in_rows_are_good` parses these bytes");
        builder
    }

    fn built_in(&mut self) -> Result<(), LexiconError> {
        self.reserve(TABLES.iter().map(|(_, text)| text.len()).sum());
        self.countries()?;
        self.table("places_features.tsv", FEATURES)?;
        self.regions()?;
        TABLES.iter().try_for_each(|(file, text)| self.table(file, text))
    }

    /// Adds a user's file: a table in the columns of `places.tsv`, or a GeoNames dump (told by its 19 columns).
    ///
    /// # Errors
    /// A file that cannot be read, or its first bad row with file and line.
    pub fn add_file(&mut self, path: &Path) -> Result<(), LexiconError> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| LexiconError::new(&name, 1, format!("cannot be read: {error}"));
        let mut reader = BufReader::with_capacity(1 << 16, std::fs::File::open(path).map_err(failed)?);
        if looks_like_dump(&mut reader).map_err(failed)? {
            self.dump(&name, reader)
        } else {
            let text = std::io::read_to_string(reader).map_err(failed)?;
            self.table(&name, &text)
        }
    }

    /// Adds the rows of a table in the columns of `places.tsv`.
    ///
    /// # Errors
    /// The first bad row.
    pub fn table(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in Table::open(file, text, COLUMNS)? {
            let (line, [name, alternates, feature, iso3, admin1, latitude, longitude, population, id]) = row?;
            let bad = |message: String| LexiconError::new(file, line, message);
            if name.is_empty() {
                return Err(bad("a place needs a name".to_owned()));
            }
            if !feature.split_once('.').is_some_and(|(class, code)| "AHLPRSTUV".contains(class) && !code.is_empty()) {
                return Err(bad(format!("feature must be a GeoNames class and code such as `P.PPL`, not `{feature}`")));
            }
            let country = match iso3 {
                "" => None,
                code => Some(Country::parse(code).ok_or_else(|| bad(format!("`{code}` is no ISO 3166-1 alpha-3 code")))?),
            };
            let position = position(latitude, longitude).map_err(bad)?;
            let row = Row {
                name,
                feature,
                country,
                admin1,
                position,
                population: number("population", population).map_err(bad)?,
                geonames_id: number("geonames_id", id).map_err(bad)?,
            };
            let place = self.add(&row);
            for name in list(alternates) {
                self.add_name(place, name);
            }
        }
        Ok(())
    }

    /// Countries by their names, at the middle of each.
    fn countries(&mut self) -> Result<(), LexiconError> {
        let file = "country_centroids.tsv";
        let mut middle = FxHashMap::default();
        for row in Table::open(file, CENTROIDS, ["iso3", "latitude", "longitude", "population", "geonames_id"])? {
            let (line, [iso3, latitude, longitude, population, id]) = row?;
            let bad = |message: String| LexiconError::new(file, line, message);
            let country = Country::parse(iso3).ok_or_else(|| bad(format!("`{iso3}` is no country code")))?;
            let point = position(latitude, longitude).map_err(bad)?;
            let population: u64 = number("population", population).map_err(bad)?;
            middle.insert(country, (point, population.min(u64::from(u32::MAX)) as u32, number("geonames_id", id).map_err(bad)?));
        }
        for row in Table::open("countries.tsv", COUNTRIES, crate::countries::COLUMNS)? {
            let (_, cells) = row?;
            let Some((country, &(position, population, geonames_id))) =
                Country::parse(cells[0]).and_then(|country| middle.get_key_value(&country))
            else {
                continue;
            };
            let feature = if cells[13].is_empty() { "A.PCLI" } else { "A.PCLH" };
            let name = cells[4];
            let row = Row { name, feature, country: Some(*country), admin1: "", position, population, geonames_id };
            let place = self.add(&row);
            for name in [cells[5]].into_iter().chain(list(cells[6])).chain(list(cells[7])) {
                // Two capitals are too short to be told from other words by their key ("US" and "us").
                if !name.is_empty() && name.len() > 2 {
                    self.add_name(place, name);
                }
            }
        }
        Ok(())
    }

    /// Regions of the world that no other table has.
    fn regions(&mut self) -> Result<(), LexiconError> {
        let file = "regions.tsv";
        // Their keys so far: a region that a better table has stays out, and so do its other names.
        let known: FxHashSet<Box<[u8]>> =
            self.places.name.iter().map(|name| Box::from(Key::of(name.of(&self.arena)).bytes())).collect();
        let is_known = |name: &str| known.contains(Key::of(name).bytes());
        let columns = ["name", "aliases", "adjectives", "kind", "latitude", "longitude", "members"];
        for row in Table::open(file, REGIONS, columns)? {
            let (line, [name, aliases, _, kind, latitude, longitude, members]) = row?;
            if latitude.is_empty() || is_known(name) {
                continue;
            }
            let position = position(latitude, longitude).map_err(|message| LexiconError::new(file, line, message))?;
            let feature = if kind == "continent" { "L.CONT" } else { "L.RGN" };
            let country = Country::parse(members);
            let row = Row { name, feature, country, admin1: "", position, population: 0, geonames_id: 0 };
            let place = self.add(&row);
            for name in list(aliases) {
                if !is_known(name) {
                    self.add_name(place, name);
                }
            }
        }
        Ok(())
    }

    /// Adds a GeoNames dump. Places that are there already (by GeoNames id) only gain names.
    fn dump(&mut self, file: &str, mut reader: impl BufRead) -> Result<(), LexiconError> {
        let countries = country_codes();
        self.index_ids();
        let mut divisions: FxHashMap<Box<str>, Box<str>> = FxHashMap::default();
        let mut waiting: Vec<(ToponymIx, Box<str>)> = Vec::new();
        let (mut line, mut bytes) = (0, Vec::new());
        loop {
            bytes.clear();
            line += 1;
            let bad = |message: String| LexiconError::new(file, line, message);
            let read = read_line(&mut reader, &mut bytes).map_err(|error| bad(format!("cannot be read: {error}")))?;
            if !read {
                break;
            }
            let text = std::str::from_utf8(&bytes).map_err(|_| bad("is not UTF-8".to_owned()))?.trim_end_matches(['\n', '\r']);
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let mut cells = [""; DUMP_COLUMNS];
            let mut count = 0;
            for cell in text.split('\t') {
                if let Some(slot) = cells.get_mut(count) {
                    *slot = cell;
                }
                count += 1;
            }
            if count != DUMP_COLUMNS {
                return Err(bad(format!("{count} cells where a GeoNames dump has {DUMP_COLUMNS}")));
            }
            let id = number("geonameid", cells[0]).map_err(bad)?;
            let feature = format!("{}.{}", cells[6], cells[7]);
            let division = format!("{}.{}", cells[8], cells[10]);
            if feature == "A.ADM1" {
                divisions.insert(division.clone().into(), english(cells[1], cells[2]).into());
            }
            let place = if let Some(&place) = self.by_id.get(&id) {
                if self.places.division[place.ix()] > 0 {
                    let known = self.division_name(place);
                    divisions.entry(division.into()).or_insert(known);
                }
                place
            } else {
                let row = Row {
                    name: english(cells[1], cells[2]),
                    feature: if feature.len() > 1 { &feature } else { "L.LCTY" },
                    country: countries.get(cells[8]).copied(),
                    admin1: "",
                    position: position(cells[4], cells[5]).map_err(bad)?,
                    population: number::<u64>("population", cells[14]).map_err(bad)?.min(u64::from(u32::MAX)) as u32,
                    geonames_id: id,
                };
                let place = self.add(&row);
                self.by_id.insert(id, place);
                if !cells[10].is_empty() {
                    waiting.push((place, division.into()));
                }
                place
            };
            for name in cells[3].split(',').filter(|name| name.chars().count() > 2 && is_latin_name(name)) {
                self.add_name(place, name);
            }
        }
        for (place, division) in waiting {
            let name = divisions.get(&division).map_or("", |name| name);
            self.set_division(place, name);
        }
        Ok(())
    }

    fn index_ids(&mut self) {
        for (at, &id) in self.places.geonames_id.iter().enumerate() {
            if id > 0 && self.places.kind[at] != Kind::Country {
                self.by_id.insert(id, ToponymIx(at as u32));
            }
        }
    }
}

/// The name with its diacritics where they are Latin, else the transliteration.
fn english<'a>(name: &'a str, ascii: &'a str) -> &'a str {
    if ascii.is_empty() || is_latin_name(name) { name } else { ascii }
}

/// Whether a name begins with a capital and is in Latin script: others would never match English text.
fn is_latin_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.chars().all(|c| c < '\u{250}' || ('\u{1e00}'..'\u{2070}').contains(&c))
}

/// ISO 3166-1 alpha-2 to alpha-3.
fn country_codes() -> FxHashMap<&'static str, Country> {
    COUNTRIES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let country = Country::parse(cells.next()?)?;
            let iso2 = cells.next()?;
            let current = line.split('\t').nth(13).is_none_or(str::is_empty);
            (current && iso2.len() == 2).then_some((iso2, country))
        })
        .collect()
}

fn looks_like_dump(reader: &mut impl BufRead) -> std::io::Result<bool> {
    let start = reader.fill_buf()?;
    let first = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    Ok(first.iter().filter(|&&byte| byte == b'\t').count() == DUMP_COLUMNS - 1)
}

/// Reads a line of at most [`LINE_BYTES_MAX`] bytes; `false` at the end.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    let read = std::io::Read::take(&mut *reader, LINE_BYTES_MAX as u64).read_until(b'\n', line)?;
    if read == LINE_BYTES_MAX && line.last() != Some(&b'\n') {
        return Err(std::io::Error::other(format!("a line of more than {LINE_BYTES_MAX} bytes")));
    }
    Ok(read > 0)
}

fn position(latitude: &str, longitude: &str) -> Result<(f32, f32), String> {
    let degrees = |text: &str, limit: f32, name: &str| {
        text.parse::<f32>()
            .ok()
            .filter(|value| value.abs() <= limit)
            .ok_or_else(|| format!("{name} must be degrees between -{limit} and {limit}, not `{text}`"))
    };
    Ok((degrees(latitude, 90.0, "latitude")?, degrees(longitude, 180.0, "longitude")?))
}

fn number<T: std::str::FromStr + Default>(column: &str, text: &str) -> Result<T, String> {
    if text.is_empty() {
        return Ok(T::default());
    }
    text.parse().map_err(|_| format!("{column} must be a whole number, not `{text}`"))
}
