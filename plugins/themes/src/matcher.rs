//! Finds terms in a text: one walk over its words, through a trie of the terms' first words.

use crate::taxonomy::Taxonomy;

/// Finds the terms of a taxonomy.
pub struct Matcher {
    /// The class of each byte: 0 for bytes that no term has.
    classes: [u8; 256],
    class_count: usize,
    /// `children[node * class_count + class]`; 0 for none.
    children: Vec<u32>,
    /// What ends at each node.
    ends: Vec<Vec<End>>,
    terms: usize,
    themes: Vec<usize>,
}

/// A term whose first word ends at a node.
struct End {
    term: usize,
    /// Whether any ending may follow the first word.
    open: bool,
    /// The first word with its capitals, where letter case matters.
    exact: Option<String>,
    rest: Vec<Pattern>,
}

/// A word of a term.
struct Pattern {
    /// As the term writes it, without the star; `?` stands for any one letter.
    text: String,
    open: bool,
    case: bool,
}

/// A word of a text: as it stands, and in lower case.
struct Word<'t> {
    plain: &'t str,
    lower: std::ops::Range<usize>,
}

impl Matcher {
    /// A matcher of all terms.
    pub fn new(taxonomy: &Taxonomy) -> Self {
        let spelt: Vec<(usize, Vec<Pattern>)> = taxonomy
            .terms
            .iter()
            .enumerate()
            .flat_map(|(term, entry)| spellings(&entry.text).into_iter().map(move |text| (term, patterns(&text))))
            .filter(|(_, patterns)| !patterns.is_empty())
            .collect();
        let mut classes = [0u8; 256];
        let mut class_count = 1;
        for byte in spelt.iter().flat_map(|(_, patterns)| patterns[0].text.to_lowercase().into_bytes()) {
            if classes[byte as usize] == 0 {
                classes[byte as usize] = class_count;
                class_count += 1;
            }
        }
        let themes = taxonomy.terms.iter().map(|term| term.theme).collect();
        let class_count = usize::from(class_count);
        let mut matcher = Self {
            classes,
            class_count,
            children: vec![0; class_count],
            ends: vec![Vec::new()],
            terms: taxonomy.terms.len(),
            themes,
        };
        for (term, patterns) in spelt {
            matcher.add(term, patterns);
        }
        // Longest first: of one theme's terms that begin at a word, the longest counts.
        matcher.ends.iter_mut().for_each(|ends| ends.sort_by_key(|end| std::cmp::Reverse(end.rest.len())));
        matcher
    }

    fn add(&mut self, term: usize, mut patterns: Vec<Pattern>) {
        let first = patterns.remove(0);
        let mut node = 0;
        for byte in first.text.to_lowercase().bytes() {
            let at = node * self.class_count + usize::from(self.classes[byte as usize]);
            if self.children[at] == 0 {
                self.children[at] = self.ends.len() as u32;
                self.ends.push(Vec::new());
                self.children.resize(self.ends.len() * self.class_count, 0);
            }
            node = self.children[at] as usize;
        }
        let exact = first.case.then_some(first.text);
        self.ends[node].push(End { term, open: first.open, exact, rest: patterns });
    }

    /// How often each term stands in a text.
    pub fn count(&self, text: &str) -> Vec<u32> {
        let mut counts = vec![0; self.terms];
        let (lower, words) = words(text);
        let mut found: Vec<(usize, usize)> = Vec::new();
        for at in 0..words.len() {
            found.clear();
            self.at(&words[at..], &lower, &mut found);
            // A longer term of the same theme takes the place of a shorter one.
            for (number, (term, length)) in found.iter().enumerate() {
                let theme = self.themes[*term];
                let beaten = found.iter().enumerate().any(|(other, (rival, long))| {
                    self.themes[*rival] == theme && (*long > *length || (*long == *length && other < number))
                });
                counts[*term] += u32::from(!beaten);
            }
        }
        counts
    }

    /// The terms that begin at the first of these words, each with its length in bytes.
    fn at(&self, words: &[Word<'_>], lower: &str, found: &mut Vec<(usize, usize)>) {
        let word = &lower[words[0].lower.clone()];
        let mut node = 0;
        for (at, byte) in word.bytes().enumerate() {
            let class = self.classes[byte as usize];
            let next = self.children[node * self.class_count + usize::from(class)];
            if class == 0 || next == 0 {
                return;
            }
            node = next as usize;
            let whole = at + 1 == word.len();
            for end in &self.ends[node] {
                if !(whole || end.open) || words.len() <= end.rest.len() {
                    continue;
                }
                let cased = end.exact.as_ref().is_none_or(|exact| words[0].plain.starts_with(exact.as_str()));
                if cased && end.rest.iter().zip(&words[1..]).all(|(pattern, word)| pattern.fits(word, lower)) {
                    let length = at + 1 + end.rest.iter().map(|pattern| pattern.text.len() + 1).sum::<usize>();
                    found.push((end.term, length));
                }
            }
        }
    }
}

impl Pattern {
    fn fits(&self, word: &Word<'_>, lower: &str) -> bool {
        let word = if self.case { word.plain } else { &lower[word.lower.clone()] };
        if self.open { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// The spellings of a term: `?` stands for `s` or `z`, `u` or nothing (`defen?e`: also `c`), so that both English spellings are found.
fn spellings(term: &str) -> Vec<String> {
    let Some((before, after)) = term.split_once('?') else { return vec![term.to_owned()] };
    let letters: &[&str] = if before.ends_with("defen") {
        &["c", "s"]
    } else if before.ends_with('o') && after.starts_with('r') {
        &["u", ""]
    } else {
        &["s", "z"]
    };
    letters.iter().flat_map(|letter| spellings(&format!("{before}{letter}{after}"))).collect()
}

fn patterns(term: &str) -> Vec<Pattern> {
    let words = term.split(|c: char| !c.is_alphanumeric() && c != '*').filter(|word| word.chars().any(char::is_alphanumeric));
    words
        .map(|word| {
            let text = word.trim_end_matches('*');
            let case = text.chars().any(char::is_uppercase);
            Pattern { text: text.to_owned(), open: word.ends_with('*'), case }
        })
        .collect()
}

/// The words of a text, and the text that their lower-case forms lie in.
fn words(text: &str) -> (String, Vec<Word<'_>>) {
    let mut lower = String::with_capacity(text.len());
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut open: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            open.get_or_insert((at, lower.len()));
            if c.is_ascii() {
                lower.push(c.to_ascii_lowercase());
            } else {
                lower.extend(c.to_lowercase());
            }
        } else if let Some((start, low)) = open.take() {
            words.push(Word { plain: &text[start..at], lower: low..lower.len() });
        }
    }
    if let Some((start, low)) = open {
        words.push(Word { plain: &text[start..], lower: low..lower.len() });
    }
    (lower, words)
}
