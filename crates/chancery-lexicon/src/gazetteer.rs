//! The gazetteer: places of the world by name, with positions, feature codes, divisions and sizes.
//!
//! Built in are the tables `places*.tsv`, `regions.tsv` and the countries; users' own tables and GeoNames dumps go on
//! top ([`GazetteerBuilder`]). All strings lie in one arena, places are columns, names are found through one hash table of their keys
//! ([`Key`]): about 60,000 places take some 8 MB.
//!
//! # Invariants
//! - Candidates of a name are sorted by how well known they are: [`Gazetteer::candidates`] gives the likeliest without context first.
//! - An abbreviation of a division ("Ont.", "TX") never matches by itself: only [`Gazetteer::containers`] knows it.
//! - The same files give the same numbers in the same order on every machine.

mod build;
mod key;
mod read;

use std::sync::Arc;

use chancery_model::{Country, Span};

pub use build::GazetteerBuilder;
pub use key::Key;

/// A place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ToponymIx(u32);

impl ToponymIx {
    /// As an index.
    #[must_use]
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// A name of the gazetteer: all places that share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameIx(u32);

/// What a place is, coarsely: what decides how it is told apart from namesakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A country or dependency.
    Country,
    /// A first-level division.
    Division,
    /// A county or another lower division.
    County,
    /// A city, town, village or a quarter of one.
    Settlement,
    /// A continent, region or area.
    Region,
    /// A sea, river, lake, strait, gulf.
    Water,
    /// A mountain, island, desert, cape, valley.
    Land,
    /// A site: airport, base, camp, dam, plant, monument.
    Site,
}

/// A place, borrowed from the gazetteer.
#[derive(Debug, Clone, Copy)]
pub struct Toponym<'a> {
    /// Its name in English news.
    pub name: &'a str,
    /// GeoNames feature class and code.
    pub feature: &'a Arc<str>,
    /// Its country; `None` where it belongs to none or to several.
    pub country: Option<Country>,
    /// Its first-level division; empty where none is known.
    pub admin1: &'a Arc<str>,
    /// Number of that division among the gazetteer's: equal for places in one division of one country; 0 where none is known.
    pub division: u32,
    /// Degrees north and east.
    pub position: (f32, f32),
    /// Inhabitants; 0 where not known.
    pub population: u32,
    /// GeoNames id; 0 where not known.
    pub geonames_id: u32,
    /// What it is.
    pub kind: Kind,
    /// How well known it is without any context: about the decimal logarithm of its inhabitants.
    pub prior: f32,
}

/// A name found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameMatch {
    /// The name.
    pub name: NameIx,
    /// How many tokens it takes.
    pub tokens: usize,
}

/// Places by name. Immutable once built: share it between threads.
pub struct Gazetteer {
    arena: String,
    features: Vec<Arc<str>>,
    divisions: Vec<Arc<str>>,
    places: Places,
    slots: Vec<Slot>,
    /// Candidates of all names, one name's beside one another, best known first.
    candidates: Vec<ToponymIx>,
    /// By hash of a name's first word: most words of a name that begins so; 0 where none does.
    first_words: Vec<u8>,
}

#[derive(Default)]
struct Places {
    name: Vec<Text>,
    feature: Vec<u8>,
    kind: Vec<Kind>,
    country: Vec<Option<Country>>,
    division: Vec<u32>,
    position: Vec<(f32, f32)>,
    population: Vec<u32>,
    geonames_id: Vec<u32>,
    prior: Vec<f32>,
}

/// A string of the arena.
#[derive(Clone, Copy, Default)]
struct Text {
    start: u32,
    len: u16,
}

/// An entry of the open-addressing table: a key's hash, one spelling that has it, and its candidates.
#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    spelling: Text,
    /// Whether it is an abbreviation that names only what contains something.
    container: bool,
    first: u32,
    /// Zero in an empty slot.
    count: u32,
}

const FIRST_WORDS: usize = 1 << 17;

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Gazetteer({} places, {} names)",
            self.places.name.len(),
            self.slots.iter().filter(|slot| slot.count > 0).count()
        )
    }
}

impl Gazetteer {
    /// The places that ship.
    #[must_use]
    pub fn builtin() -> Self {
        GazetteerBuilder::builtin().finish()
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.name.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.name.is_empty()
    }

    /// The place with that number.
    #[must_use]
    pub fn get(&self, place: ToponymIx) -> Toponym<'_> {
        let (at, places) = (place.ix(), &self.places);
        Toponym {
            name: places.name[at].of(&self.arena),
            feature: &self.features[places.feature[at] as usize],
            country: places.country[at],
            admin1: &self.divisions[places.division[at] as usize],
            division: places.division[at],
            position: places.position[at],
            population: places.population[at],
            geonames_id: places.geonames_id[at],
            kind: places.kind[at],
            prior: places.prior[at],
        }
    }

    /// The places of that name, best known first; none where no place has it. Spelling variants of one key are one name.
    #[must_use]
    pub fn find(&self, name: &str) -> &[ToponymIx] {
        self.name(name).map_or(&[], |name| self.candidates(name))
    }

    /// The name with that key.
    #[must_use]
    pub fn name(&self, name: &str) -> Option<NameIx> {
        self.slot(&Key::of(name), false)
    }

    /// The division that an abbreviation stands for where it follows a place: "Ala.", "TX".
    #[must_use]
    pub fn abbreviation(&self, name: &str) -> Option<NameIx> {
        self.slot(&Key::of(name), true)
    }

    /// The places of a name, best known first.
    #[must_use]
    pub fn candidates(&self, name: NameIx) -> &[ToponymIx] {
        let slot = &self.slots[name.0 as usize];
        &self.candidates[slot.first as usize..(slot.first + slot.count) as usize]
    }

    /// One spelling of a name, as a table has it.
    #[must_use]
    pub fn spelling(&self, name: NameIx) -> &str {
        self.slots[name.0 as usize].spelling.of(&self.arena)
    }

    /// Countries, divisions and counties that a name or an abbreviation after a comma may mean: "Texas", "Ont.", "TX", "Japan".
    pub fn containers(&self, name: &str) -> impl Iterator<Item = ToponymIx> {
        let key = Key::of(name);
        let short = self.slot(&key, true).map_or(&[] as &[ToponymIx], |name| self.candidates(name));
        let long = self.slot(&key, false).map_or(&[] as &[ToponymIx], |name| self.candidates(name));
        short.iter().chain(long).copied()
    }

    /// Every name with its candidates, in the order of the table (not the alphabet's).
    pub fn names(&self) -> impl Iterator<Item = (NameIx, &str, &[ToponymIx])> {
        self.slots.iter().enumerate().filter(|(_, slot)| slot.count > 0 && !slot.container).map(|(at, slot)| {
            let name = NameIx(at as u32);
            (name, slot.spelling.of(&self.arena), self.candidates(name))
        })
    }

    /// The longest name that begins at a token. `spans` are the tokens of `text`; a name does not cross a line end, and takes at most
    /// `tokens_max` tokens. Case is not looked at: it is the caller's to ask for a capital.
    #[must_use]
    pub fn longest(&self, text: &str, spans: &[Span], at: usize, tokens_max: usize) -> Option<NameMatch> {
        let mut key = Key::default();
        let first = spans.get(at)?;
        key.push(first.slice(text));
        let mut probe = key.clone();
        probe.close();
        let words_max = self.first_words[first_word_at(hashes(probe.bytes(), false).0)];
        if words_max == 0 {
            return None;
        }
        let mut found = self.slot(&probe, false).map(|name| NameMatch { name, tokens: 1 });
        for (count, pair) in spans[at..].windows(2).enumerate().take(tokens_max.saturating_sub(1)) {
            let gap = &text[pair[0].end as usize..pair[1].start as usize];
            if gap.contains('\n') {
                break;
            }
            if !gap.is_empty() {
                key.close();
            }
            key.push(pair[1].slice(text));
            probe.clone_from(&key);
            probe.close();
            if probe.words() > words_max {
                break;
            }
            if let Some(name) = self.slot(&probe, false) {
                // Punctuation leaves no trace in a key: "Paris," is not a longer match than "Paris".
                let longer = found.is_none_or(|before| before.name != name);
                if longer {
                    found = Some(NameMatch { name, tokens: count + 2 });
                }
            }
        }
        found
    }

    fn slot(&self, key: &Key, container: bool) -> Option<NameIx> {
        let bytes = key.bytes();
        if bytes.is_empty() {
            return None;
        }
        let hash = hash(bytes, container);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.count == 0 {
                return None;
            }
            if slot.hash == hash && slot.container == container && Key::of(slot.spelling.of(&self.arena)).bytes() == bytes {
                return Some(NameIx(at as u32));
            }
            at = (at + 1) & mask;
        }
    }
}

impl Text {
    fn of(self, arena: &str) -> &str {
        &arena[self.start as usize..self.start as usize + self.len as usize]
    }
}

/// FNV-1a with a final mix: the same on every machine, and quick on the short keys of names.
fn hash(bytes: &[u8], container: bool) -> u32 {
    hashes(bytes, container).1
}

/// The hashes of a key's first word and of the whole, in one pass.
fn hashes(bytes: &[u8], container: bool) -> (u32, u32) {
    let mix = |state: u64| (state ^ (state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_right(29) as u32;
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(container);
    let mut first = None;
    for &byte in bytes {
        if byte == b' ' && first.is_none() {
            first = Some(mix(state));
        }
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let whole = mix(state);
    (first.unwrap_or(whole), whole)
}

/// Where the table of first words has the word with that hash.
const fn first_word_at(hash: u32) -> usize {
    hash as usize & (FIRST_WORDS - 1)
}

#[cfg(test)]
mod tests;
