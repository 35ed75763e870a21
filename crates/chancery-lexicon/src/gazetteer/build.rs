//! Puts a gazetteer together: rows from any reader, then the table of names.

use std::sync::Arc;

use chancery_model::Country;
use rustc_hash::FxHashMap;

use super::{FIRST_WORDS, Gazetteer, Key, Kind, Places, Slot, Text, ToponymIx, first_word_at, hash, hashes};

/// Collects places; [`GazetteerBuilder::finish`] makes them searchable.
#[derive(Default)]
pub struct GazetteerBuilder {
    pub(super) arena: String,
    features: Vec<Arc<str>>,
    divisions: Vec<Arc<str>>,
    /// Numbers of features and divisions by the hash of their names; names that collide get numbers of their own each time.
    feature_of: FxHashMap<u32, u8>,
    division_of: FxHashMap<u32, u32>,
    pub(super) places: Places,
    names: Vec<Name>,
    /// Row of a GeoNames id: filled only where users' dumps need it.
    pub(super) by_id: FxHashMap<u32, ToponymIx>,
}

struct Name {
    spelling: Text,
    place: ToponymIx,
    container: bool,
}

/// A row as the readers hand it in.
pub(super) struct Row<'a> {
    pub name: &'a str,
    pub feature: &'a str,
    pub country: Option<Country>,
    pub admin1: &'a str,
    pub position: (f32, f32),
    pub population: u32,
    pub geonames_id: u32,
}

impl GazetteerBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self::default();
        builder.divisions.push(Arc::from(""));
        builder
    }

    /// The index over all rows so far.
    #[must_use]
    pub fn finish(mut self) -> Gazetteer {
        let capacity = (self.names.len() * 8 / 5).next_power_of_two().max(16);
        let mut slots = vec![Slot::default(); capacity];
        let mut first_words = vec![0u8; FIRST_WORDS];
        let mut slot_of = Vec::with_capacity(self.names.len());
        for name in &self.names {
            let key = Key::of(name.spelling.of(&self.arena));
            slot_of.push(self.claim(&mut slots, &key, name));
            if !name.container {
                let most = &mut first_words[first_word_at(hashes(key.bytes(), false).0)];
                *most = (*most).max(key.words());
            }
        }
        let mut next = 0;
        for slot in &mut slots {
            slot.first = next;
            next += slot.count;
            // Counts again as candidates are put in.
        }
        let mut candidates = vec![ToponymIx::default(); next as usize];
        let mut filled = vec![0u32; slots.len()];
        for (name, &at) in self.names.iter().zip(&slot_of) {
            if let Some(at) = at {
                let slot = &slots[at as usize];
                let have = &mut filled[at as usize];
                candidates[(slot.first + *have) as usize] = name.place;
                *have += 1;
            }
        }
        for slot in slots.iter().filter(|slot| slot.count > 1) {
            self.rank_below_seat(&candidates[slot.first as usize..(slot.first + slot.count) as usize]);
        }
        let prior = &self.places.prior;
        for slot in slots.iter_mut().filter(|slot| slot.count > 1) {
            let namesakes = &mut candidates[slot.first as usize..(slot.first + slot.count) as usize];
            namesakes.sort_by(|a, b| prior[b.ix()].total_cmp(&prior[a.ix()]).then(a.cmp(b)));
            // Two spellings of one place may share a key: it is one candidate.
            let mut kept = 1;
            for at in 1..namesakes.len() {
                if namesakes[at] != namesakes[kept - 1] {
                    namesakes[kept] = namesakes[at];
                    kept += 1;
                }
            }
            slot.count = kept as u32;
        }
        self.arena.shrink_to_fit();
        Gazetteer {
            arena: self.arena,
            features: self.features,
            divisions: self.divisions,
            places: self.places,
            slots,
            candidates,
            first_words,
        }
    }

    /// A division that is called like its chief city ("Kharkiv", "New York", "Idlib") is seldom meant without a word that says so.
    fn rank_below_seat(&mut self, namesakes: &[ToponymIx]) {
        let places = &mut self.places;
        for division in namesakes.iter().map(|place| place.ix()).filter(|&at| places.kind[at] == Kind::Division) {
            let city = namesakes
                .iter()
                .map(|place| place.ix())
                .filter(|&at| places.kind[at] == Kind::Settlement && places.country[at] == places.country[division])
                .filter(|&at| {
                    places.population[at] >= 30_000 && places.population[at] / 100 >= places.population[division] / 5000
                })
                .max_by(|&a, &b| places.prior[a].total_cmp(&places.prior[b]));
            let land = namesakes
                .iter()
                .map(|place| place.ix())
                .find(|&at| places.kind[at] == Kind::Country && places.country[at] == places.country[division]);
            let above = city.map(|city| places.prior[city] - 1.0).into_iter().chain(land.map(|land| places.prior[land] - 2.5));
            places.prior[division] = above.fold(places.prior[division], f32::min);
        }
    }

    /// The slot of a name's key; `None` for a name that leaves no key.
    fn claim(&self, slots: &mut [Slot], key: &Key, name: &Name) -> Option<u32> {
        let bytes = key.bytes();
        if bytes.is_empty() {
            return None;
        }
        let (hash, mask) = (hash(bytes, name.container), slots.len() - 1);
        let mut at = hash as usize & mask;
        loop {
            let slot = &mut slots[at];
            if slot.count == 0 {
                *slot = Slot { hash, spelling: name.spelling, container: name.container, first: 0, count: 1 };
                return Some(at as u32);
            }
            let same =
                slot.hash == hash && slot.container == name.container && Key::of(slot.spelling.of(&self.arena)).bytes() == bytes;
            if same {
                slot.count += 1;
                return Some(at as u32);
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes room for the rows of tables of so many bytes.
    pub(super) fn reserve(&mut self, bytes: usize) {
        let (rows, places) = (bytes / 50, &mut self.places);
        self.arena.reserve(bytes / 4);
        self.names.reserve(rows + rows / 4);
        places.name.reserve(rows);
        places.feature.reserve(rows);
        places.kind.reserve(rows);
        places.country.reserve(rows);
        places.division.reserve(rows);
        places.position.reserve(rows);
        places.population.reserve(rows);
        places.geonames_id.reserve(rows);
        places.prior.reserve(rows);
    }

    /// Adds a place with its name.
    pub(super) fn add(&mut self, row: &Row<'_>) -> ToponymIx {
        let place = ToponymIx(self.places.name.len() as u32);
        let name = self.text(row.name);
        let feature = self.feature(row.feature);
        let division = self.division(row);
        let kind = kind_of(row.feature);
        let places = &mut self.places;
        places.name.push(name);
        places.feature.push(feature);
        places.kind.push(kind);
        places.country.push(row.country);
        places.division.push(division);
        places.position.push(row.position);
        places.population.push(row.population);
        places.geonames_id.push(row.geonames_id);
        places.prior.push(prior(kind, row.feature, row.population));
        self.names.push(Name { spelling: name, place, container: false });
        place
    }

    /// Adds another name of a place.
    pub(super) fn add_name(&mut self, place: ToponymIx, name: &str) {
        let spelling = self.text(name);
        let container = self.places.kind[place.ix()] == Kind::Division && is_abbreviation(name);
        self.names.push(Name { spelling, place, container });
    }

    /// The name of a place's division.
    pub(super) fn division_name(&self, place: ToponymIx) -> Box<str> {
        Box::from(&*self.divisions[self.places.division[place.ix()] as usize])
    }

    /// Puts a place into a division of its country.
    pub(super) fn set_division(&mut self, place: ToponymIx, name: &str) {
        if self.places.kind[place.ix()] != Kind::Division && !name.is_empty() {
            self.places.division[place.ix()] = self.division_number(self.places.country[place.ix()], name);
        }
    }

    fn text(&mut self, text: &str) -> Text {
        let mut end = text.len().min(u16::MAX as usize);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let start = self.arena.len() as u32;
        self.arena.push_str(&text[..end]);
        Text { start, len: end as u16 }
    }

    fn feature(&mut self, code: &str) -> u8 {
        let key = hash(code.as_bytes(), false);
        if let Some(&at) = self.feature_of.get(&key)
            && *self.features[usize::from(at)] == *code
        {
            return at;
        }
        // GeoNames has some 680 codes, a table uses few: the last number is shared where a user's file has more than fit.
        let at = self.features.len().min(usize::from(u8::MAX)) as u8;
        if usize::from(at) == self.features.len() {
            self.features.push(Arc::from(code));
        }
        self.feature_of.insert(key, at);
        at
    }

    /// A division's own row has the number of the places in it.
    fn division(&mut self, row: &Row<'_>) -> u32 {
        let name = if row.feature == "A.ADM1" { row.name } else { row.admin1 };
        if name.is_empty() { 0 } else { self.division_number(row.country, name) }
    }

    fn division_number(&mut self, country: Option<Country>, name: &str) -> u32 {
        let land = country.as_ref().map_or("", Country::as_str);
        let key = hash(name.as_bytes(), false) ^ hash(land.as_bytes(), true);
        if let Some(&number) = self.division_of.get(&key)
            && *self.divisions[number as usize] == *name
        {
            return number;
        }
        let number = self.divisions.len() as u32;
        self.divisions.push(Arc::from(name));
        self.division_of.insert(key, number);
        number
    }
}

/// "Ont.", "TX", "W.Va.": what stands after a comma but is no name by itself. "B.C." and "N.Y." are names.
fn is_abbreviation(name: &str) -> bool {
    let dots = name.bytes().filter(|&byte| byte == b'.').count();
    let dotted = name.ends_with('.') && (dots == 1 || name.bytes().any(|byte| byte.is_ascii_lowercase()));
    dotted || (name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn kind_of(feature: &str) -> Kind {
    let (class, code) = feature.split_once('.').unwrap_or((feature, ""));
    match (class, code) {
        ("A", "ADM1" | "ADM1H") => Kind::Division,
        ("A", code) if code.starts_with("PCL") || code == "TERR" => Kind::Country,
        ("A", _) => Kind::County,
        ("P", _) => Kind::Settlement,
        ("L", "MILB" | "NVB" | "RES" | "PRK" | "BTL") => Kind::Site,
        ("L", _) => Kind::Region,
        ("H", _) => Kind::Water,
        ("T" | "U" | "V", _) => Kind::Land,
        _ => Kind::Site,
    }
}

/// How well known a place is when nothing else is: for settlements the logarithm of their inhabitants, with the seats of
/// governments ahead of equals; other kinds stand where a reader of news would put them between cities.
fn prior(kind: Kind, feature: &str, population: u32) -> f32 {
    let size = (population.max(100) as f32).log10();
    match kind {
        Kind::Country => 8.2 + size / 10.0,
        Kind::Region if feature == "L.CONT" => 9.0,
        Kind::Region => 6.3,
        Kind::Division => size.max(5.0) + 0.2,
        Kind::County => (size - 0.7).max(3.2),
        Kind::Settlement => match feature {
            "P.PPLC" => (size + 1.5).max(6.5),
            "P.PPLA" => size + 0.3,
            "P.PPLX" => (size - 0.5).max(4.0),
            _ => size,
        },
        Kind::Water => match feature {
            "H.OCN" | "H.SEA" | "H.STRT" | "H.GULF" => 7.0,
            _ => 5.2,
        },
        Kind::Land => 5.3,
        Kind::Site => 5.0,
    }
}
