//! The index of names: every name of every lexicon in one table, found by walking over a text's atoms.
//!
//! A trie whose nodes are keyed by the hash of the way to them, so that a step is one look-up and a name costs what its atoms cost.
//!
//! # Invariants
//! - The longest name that passes its case rule wins; the senses of a name are in the order in which they were added.
//! - A look-up does not allocate and takes at most [`LONGEST`] steps.

use rustc_hash::FxHashMap;

use crate::atoms::{Atom, Atoms, Shape, join};

/// The longest name, in atoms; what is longer is cut.
pub const LONGEST: usize = 16;

/// What a name is a name of. The number beside it is the row of that lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SenseKind {
    /// A country by name.
    Country,
    /// A country by abbreviation.
    CountryShort,
    /// An adjective of a country.
    Adjective,
    /// A noun for a country's people.
    Demonym,
    /// A capital; the number is the country's.
    Capital,
    /// A seat of government.
    Seat,
    /// A region.
    Region,
    /// An adjective of a region.
    RegionAdjective,
    /// An organization by name.
    Organization,
    /// An organization by acronym.
    Acronym,
    /// A ministry by pattern.
    Ministry,
    /// A person by full name.
    Person,
    /// A place of the gazetteer.
    Place,
    /// An agreement.
    Agreement,
    /// A role noun, singular.
    Role,
    /// A role noun, plural.
    RolePlural,
}

/// One reading of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// What it is a name of.
    pub kind: SenseKind,
    /// The row of that lexicon.
    pub row: u32,
    /// Which atoms must begin with a capital (bit 0 is the first).
    mask: u16,
    /// Hash of the form with its case, where it must be met exactly; 0 where not.
    exact: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    senses: u32,
    count: u16,
    deeper: bool,
}

/// A compiled index.
#[derive(Debug, Default)]
pub struct NameIndex {
    nodes: FxHashMap<u64, Node>,
    senses: Vec<Sense>,
}

/// A name found: how many atoms, and the senses among which the case rule chooses.
#[derive(Debug, Clone, Copy)]
pub struct Found<'i> {
    /// Atoms covered.
    pub atoms: usize,
    senses: &'i [Sense],
    capitals: u16,
    exact: u32,
}

impl<'i> Found<'i> {
    /// The senses that the way it is written allows.
    pub fn senses(&self) -> impl Iterator<Item = Sense> + use<'i> {
        let (capitals, exact) = (self.capitals, self.exact);
        self.senses.iter().copied().filter(move |sense| sense.allows(capitals, exact))
    }
}

impl Sense {
    fn allows(self, capitals: u16, exact: u32) -> bool {
        self.mask & !capitals == 0 && (self.exact == 0 || self.exact == exact)
    }
}

/// Collects names before they are compiled.
#[derive(Debug, Default)]
pub struct NameIndexBuilder {
    nodes: FxHashMap<u64, Node>,
    pairs: Vec<(u64, Sense)>,
}

impl NameIndexBuilder {
    /// Room for so many names.
    #[must_use]
    pub fn with_capacity(names: usize) -> Self {
        let mut builder = Self { nodes: FxHashMap::default(), pairs: Vec::with_capacity(names) };
        builder.nodes.reserve(names * 2);
        builder
    }

    /// Adds a name: where it has a capital, the text must have one too.
    pub fn add(&mut self, name: &str, kind: SenseKind, row: u32) {
        self.put(name, kind, row, 0);
    }

    /// Adds an acronym: it is met in this case only (full stops apart).
    pub fn add_exact(&mut self, form: &str, kind: SenseKind, row: u32) {
        self.put(form, kind, row, exact_hash(form.as_bytes()));
    }

    fn put(&mut self, name: &str, kind: SenseKind, row: u32, exact: u32) {
        let (mut key, mut mask, mut count) = (0u64, 0u16, 0usize);
        for atom in Atoms::of(name).take(LONGEST) {
            if count > 0 {
                self.nodes.entry(key).or_default().deeper = true;
            }
            key = if count == 0 { atom.hash } else { join(key, atom.hash) };
            mask |= u16::from(atom.shape.is_capital()) << count;
            count += 1;
        }
        if count == 0 {
            return;
        }
        self.nodes.entry(key).or_default();
        self.pairs.push((key, Sense { kind, row, mask, exact }));
    }

    /// Compiles what was added.
    #[must_use]
    pub fn build(mut self) -> NameIndex {
        // Stable: senses of a name stay in the order in which they came.
        self.pairs.sort_by_key(|(key, _)| *key);
        let mut senses: Vec<Sense> = Vec::with_capacity(self.pairs.len());
        let mut at = 0;
        while at < self.pairs.len() {
            let key = self.pairs[at].0;
            let start = senses.len();
            while at < self.pairs.len() && self.pairs[at].0 == key {
                let sense = self.pairs[at].1;
                if !senses[start..].contains(&sense) {
                    senses.push(sense);
                }
                at += 1;
            }
            if let Some(node) = self.nodes.get_mut(&key) {
                (node.senses, node.count) = (start as u32, (senses.len() - start).min(usize::from(u16::MAX)) as u16);
            }
        }
        senses.shrink_to_fit();
        NameIndex { nodes: self.nodes, senses }
    }
}

impl NameIndex {
    /// The longest name that begins with the first of these atoms; `text` is what their offsets refer to.
    #[must_use]
    pub fn longest(&self, text: &str, atoms: &[Atom]) -> Option<Found<'_>> {
        let first = atoms.first()?;
        let mut node = *self.nodes.get(&first.hash)?;
        let mut way = [Node::default(); LONGEST];
        let (mut count, mut key) = (0, first.hash);
        loop {
            way[count] = node;
            count += 1;
            if !node.deeper || count == LONGEST || count == atoms.len() {
                break;
            }
            key = join(key, atoms[count].hash);
            match self.nodes.get(&key) {
                Some(next) => node = *next,
                None => break,
            }
        }
        while count > 0 {
            let node = way[count - 1];
            if node.count > 0 {
                let senses = &self.senses[node.senses as usize..node.senses as usize + usize::from(node.count)];
                let here = &atoms[..count];
                let capitals =
                    here.iter().enumerate().fold(0u16, |mask, (at, atom)| mask | u16::from(atom.shape.is_capital()) << at);
                let exact = if senses.iter().any(|sense| sense.exact != 0) { exact_of(text, here) } else { 0 };
                if senses.iter().any(|sense| sense.allows(capitals, exact)) {
                    return Some(Found { atoms: count, senses, capitals, exact });
                }
            }
            count -= 1;
        }
        None
    }

    /// The longest name that begins with the first of these atoms, in small letters too: for a word that is known to be a name.
    #[must_use]
    pub fn longest_any_case(&self, atoms: &[Atom]) -> Option<Found<'_>> {
        let mut node = *self.nodes.get(&atoms.first()?.hash)?;
        let mut best = None;
        let mut key = atoms[0].hash;
        for count in 1..=atoms.len().min(LONGEST) {
            if node.count > 0 {
                let senses = &self.senses[node.senses as usize..node.senses as usize + usize::from(node.count)];
                if senses.iter().any(|sense| sense.exact == 0) {
                    best = Some(Found { atoms: count, senses, capitals: u16::MAX, exact: 0 });
                }
            }
            let Some(atom) = atoms.get(count).filter(|_| node.deeper) else { break };
            key = join(key, atom.hash);
            match self.nodes.get(&key) {
                Some(next) => node = *next,
                None => break,
            }
        }
        best
    }

    /// The senses of a whole name, whatever its case.
    #[must_use]
    pub fn senses(&self, name: &str) -> &[Sense] {
        match self.nodes.get(&crate::atoms::hash_name(name)) {
            Some(node) => &self.senses[node.senses as usize..node.senses as usize + usize::from(node.count)],
            None => &[],
        }
    }

    /// How many senses there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.senses.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.senses.is_empty()
    }
}

/// Hash of a form with its case; hyphens, apostrophes, blanks and full stops do not count. Never 0.
fn exact_hash(form: &[u8]) -> u32 {
    finish(form.iter().fold(0, |hash, byte| exact_step(hash, *byte)))
}

fn exact_of(text: &str, atoms: &[Atom]) -> u32 {
    let hash = atoms.iter().fold(0, |hash, atom| {
        text.as_bytes()[atom.start as usize..atom.end as usize].iter().fold(hash, |hash, byte| exact_step(hash, *byte))
    });
    finish(hash)
}

fn exact_step(hash: u64, byte: u8) -> u64 {
    match byte {
        b'.' | b'-' | b' ' | b'\'' => hash,
        byte => (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3),
    }
}

fn finish(hash: u64) -> u32 {
    ((hash ^ (hash >> 32)) as u32).max(1)
}

/// Whether an atom may begin a name: it has a capital or a digit, or the atom after it has (al-Qaeda, bin Salman).
#[inline]
#[must_use]
pub fn may_begin(atoms: &[Atom], at: usize) -> bool {
    let shape = atoms[at].shape;
    shape.any(Shape::CAPITAL | Shape::CAPITALS | Shape::DIGIT)
        || (!shape.any(Shape::MARK) && atoms.get(at + 1).is_some_and(|next| next.shape.is_capital()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(index: &NameIndex, text: &str) -> Vec<(usize, Vec<SenseKind>)> {
        let atoms: Vec<Atom> = Atoms::of(text).collect();
        let found = (0..atoms.len()).filter_map(|at| index.longest(text, &atoms[at..]));
        found.map(|found| (found.atoms, found.senses().map(|sense| sense.kind).collect())).collect()
    }

    #[test]
    fn the_longest_name_wins_and_case_decides() {
        let mut builder = NameIndexBuilder::default();
        builder.add("South Africa", SenseKind::Country, 0);
        builder.add("Africa", SenseKind::Region, 0);
        builder.add("Bank of Japan", SenseKind::Organization, 1);
        builder.add_exact("U.S.", SenseKind::CountryShort, 2);
        builder.add_exact("AfDB", SenseKind::Acronym, 3);
        let index = builder.build();
        assert_eq!(find(&index, "in South Africa"), [(2, vec![SenseKind::Country]), (1, vec![SenseKind::Region])]);
        assert_eq!(find(&index, "bank of Japan"), []);
        assert_eq!(find(&index, "BANK OF JAPAN"), [(3, vec![SenseKind::Organization])]);
        assert_eq!(find(&index, "us US U.S. Us"), [(1, vec![SenseKind::CountryShort]), (1, vec![SenseKind::CountryShort])]);
        assert_eq!(find(&index, "AFDB AfDB"), [(1, vec![SenseKind::Acronym])]);
    }
}
