//! Lemmas: what the treebanks say of a form with its tags, else what the rules of English spelling lead back to.

use super::bytes::{Reader, Writer};
use super::features::hash;
use crate::ModelError;
use chancery_model::{Upos, Xpos};
use rustc_hash::{FxHashMap, FxHashSet};

/// Kinds of keys into the tables.
const EXACT: u8 = 0x30;
const LOWER: u8 = 0x31;
const KNOWN: u8 = 0x32;

/// Longest form that is looked up or changed; a longer one is its own lemma.
const FORM_BYTES_MAX: usize = 48;

/// What was learned for lemmas.
#[derive(Debug, Clone, Default)]
pub struct LemmaParts {
    /// Keys and lemmas of forms that the rules get wrong.
    pub exceptions: Vec<(u64, String)>,
    /// Keys of lemmas that exist, by which rules choose.
    pub known: Vec<u64>,
}

impl LemmaParts {
    /// Writes them.
    pub fn write(&self, out: &mut Writer) {
        out.u64s(&self.exceptions.iter().map(|(key, _)| *key).collect::<Vec<_>>());
        let joined: Vec<&str> = self.exceptions.iter().map(|(_, lemma)| lemma.as_str()).collect();
        out.u8s(joined.join("\n").as_bytes());
        out.u64s(&self.known);
    }

    /// Reads them.
    ///
    /// # Errors
    /// Where keys and lemmas do not match.
    pub fn read(from: &mut Reader<'_>) -> Result<LemmaParts, ModelError> {
        let keys = from.u64s()?;
        let joined = String::from_utf8(from.u8s()?).map_err(|_| ModelError::Damaged("lemmas are not text"))?;
        let lemmas: Vec<String> = if keys.is_empty() { Vec::new() } else { joined.split('\n').map(str::to_owned).collect() };
        if lemmas.len() != keys.len() {
            return Err(ModelError::Damaged("lemmas and their keys differ in number"));
        }
        Ok(LemmaParts { exceptions: keys.into_iter().zip(lemmas).collect(), known: from.u64s()? })
    }
}

/// The key of a form as it stands, with its tags.
#[must_use]
pub fn exact_key(form: &str, upos: Upos, xpos: Xpos) -> u64 {
    hash(EXACT, form.as_bytes()) ^ tags_key(upos, xpos)
}

/// The key of a form in lower case, with its tags.
#[must_use]
pub fn lower_key(lower: &str, upos: Upos, xpos: Xpos) -> u64 {
    hash(LOWER, lower.as_bytes()) ^ tags_key(upos, xpos)
}

/// The key of a lemma that exists for words like this.
#[must_use]
pub fn known_key(lemma: &str, upos: Upos) -> u64 {
    hash(KNOWN, lemma.as_bytes()) ^ tags_key(class(upos), Xpos::Unknown)
}

fn tags_key(upos: Upos, xpos: Xpos) -> u64 {
    ((u64::from(upos as u8) << 8) | u64::from(xpos as u8)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Verbs are auxiliaries or not, and adjectives adverbs or not, as far as their lemmas go.
fn class(upos: Upos) -> Upos {
    match upos {
        Upos::Aux => Upos::Verb,
        Upos::Adv => Upos::Adj,
        Upos::Propn => Upos::Noun,
        other => other,
    }
}

/// The tables, ready for use.
#[derive(Debug, Default)]
pub struct Lemmatizer {
    exceptions: FxHashMap<u64, (u32, u32)>,
    lemmas: String,
    known: FxHashSet<u64>,
    irregular: FxHashMap<u64, &'static str>,
}

impl Lemmatizer {
    /// Lays out what was read; with nothing learned the rules and the list of irregular forms remain.
    #[must_use]
    pub fn new(parts: &LemmaParts) -> Lemmatizer {
        let mut lemmas = String::new();
        let mut exceptions = FxHashMap::default();
        for (key, lemma) in &parts.exceptions {
            let start = lemmas.len() as u32;
            lemmas.push_str(lemma);
            exceptions.insert(*key, (start, lemmas.len() as u32));
        }
        let mut known: FxHashSet<u64> = parts.known.iter().copied().collect();
        let mut irregular = FxHashMap::default();
        let rows = include_str!("../../data/irregular.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
        for row in rows {
            let mut cells = row.split('\t');
            let (Some(form), Some(tag), Some(lemma)) = (cells.next(), cells.next(), cells.next()) else { continue };
            let xpos = Xpos::parse(tag).unwrap_or_default();
            irregular.insert(lower_key(form, Upos::Unknown, xpos), lemma);
            let upos = match xpos {
                Xpos::Nns => Upos::Noun,
                Xpos::Jjr | Xpos::Jjs | Xpos::Rbr | Xpos::Rbs => Upos::Adj,
                _ => Upos::Verb,
            };
            known.insert(known_key(lemma, upos));
        }
        Lemmatizer { exceptions, lemmas, known, irregular }
    }

    /// Puts the lemma of a form into `out`, which is emptied first.
    pub fn lemma(&self, form: &str, upos: Upos, xpos: Xpos, out: &mut String) {
        out.clear();
        if form.len() > FORM_BYTES_MAX {
            out.push_str(form);
            return;
        }
        if let Some(range) = self.exceptions.get(&exact_key(form, upos, xpos)) {
            out.push_str(&self.lemmas[range.0 as usize..range.1 as usize]);
            return;
        }
        lower_into(form, out);
        if let Some(range) = self.exceptions.get(&lower_key(out, upos, xpos)) {
            out.clear();
            out.push_str(&self.lemmas[range.0 as usize..range.1 as usize]);
            return;
        }
        self.rules(form, upos, xpos, out);
    }

    /// The rules alone; `out` holds the form in lower case and is left with the lemma.
    pub fn rules(&self, form: &str, upos: Upos, xpos: Xpos, out: &mut String) {
        match upos {
            Upos::Propn | Upos::X | Upos::Sym if xpos != Xpos::Nnps => {
                out.clear();
                plain_marks_into(form, out);
                return;
            }
            Upos::Propn => {
                // A plural name: `Americans`, `Nations`; the capital stays.
                self.plural(out);
                restore_case(form, out);
                return;
            }
            Upos::Num => {
                out.clear();
                let grouped = form.contains(',') && form.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'));
                out.extend(form.chars().filter(|c| !grouped || *c != ','));
                if !grouped && out.bytes().all(|b| b.is_ascii_alphabetic()) && !is_roman(out) {
                    out.make_ascii_lowercase();
                }
                return;
            }
            _ => {}
        }
        if let Some(lemma) = self.irregular.get(&lower_key(out, Upos::Unknown, xpos)) {
            out.clear();
            out.push_str(lemma);
            return;
        }
        match xpos {
            Xpos::Nns => {
                self.plural(out);
                if keeps_capitals(form) {
                    restore_case(form, out);
                }
            }
            Xpos::Vbz => self.third_person(out),
            Xpos::Vbd | Xpos::Vbn => self.past(out),
            Xpos::Vbg => self.participle(out),
            Xpos::Jjr | Xpos::Rbr => self.degree(out, "er"),
            Xpos::Jjs | Xpos::Rbs => self.degree(out, "est"),
            Xpos::Nn | Xpos::Jj | Xpos::Nnp | Xpos::Fw | Xpos::Rb => self.case(form, upos, out),
            _ => {}
        }
    }

    fn knows(&self, lemma: &str, upos: Upos) -> bool {
        self.known.contains(&known_key(lemma, upos))
    }

    /// Capitals of acronyms and of adjectives from names stay; those that only open a sentence or shout go.
    fn case(&self, form: &str, upos: Upos, out: &mut String) {
        if form == out.as_str() || self.knows(out, upos) {
            return;
        }
        let capitals = form.bytes().filter(u8::is_ascii_uppercase).count();
        let letters = form.bytes().filter(u8::is_ascii_alphabetic).count();
        let digits = form.bytes().any(|b| b.is_ascii_digit());
        let acronym = capitals == letters && (letters <= 4 || digits) && letters > 0;
        let from_name = upos == Upos::Adj
            && capitals == 1
            && form.as_bytes()[0].is_ascii_uppercase()
            && ["an", "ese", "ish", "i", "ic", "ch", "ean", "ite"].iter().any(|ending| out.ends_with(ending));
        let mixed = capitals >= 2 && capitals < letters;
        if self.knows(form, upos) || acronym || from_name || mixed {
            out.clear();
            out.push_str(form);
        }
    }

    fn plural(&self, word: &mut String) {
        let n = word.len();
        if !word.is_ascii() || n < 3 || !word.ends_with('s') || word.ends_with("ss") {
            return;
        }
        if word.ends_with("'s") {
            word.truncate(n - 2);
            return;
        }
        let noun = |lemma: &str| self.knows(lemma, Upos::Noun);
        if noun(&word[..n - 1]) {
            word.truncate(n - 1);
        } else if word.ends_with("ies") && n > 4 {
            word.truncate(n - 3);
            word.push('y');
        } else if word.ends_with("ves") && (noun(&format_with(&word[..n - 3], "f")) || noun(&format_with(&word[..n - 3], "fe"))) {
            word.truncate(n - 3);
            word.push('f');
            if !noun(word) {
                word.push('e');
            }
        } else if word.ends_with("es")
            && (noun(&word[..n - 2])
                || ["sses", "shes", "ches", "xes", "zzes", "uses"].iter().any(|ending| word.ends_with(ending)))
        {
            word.truncate(n - 2);
        } else if word.ends_with("us") || word.ends_with("is") {
            // `campus`, `crisis`: no plural at all.
        } else {
            word.truncate(n - 1);
        }
    }

    fn third_person(&self, word: &mut String) {
        let n = word.len();
        if !word.is_ascii() || n < 3 || !word.ends_with('s') || word.ends_with("ss") {
            return;
        }
        if self.knows(&word[..n - 1], Upos::Verb) {
            word.truncate(n - 1);
        } else if word.ends_with("ies") && n > 4 {
            word.truncate(n - 3);
            word.push('y');
        } else if word.ends_with("es")
            && (self.knows(&word[..n - 2], Upos::Verb)
                || ["sses", "shes", "ches", "xes", "zzes", "oes"].iter().any(|ending| word.ends_with(ending)))
        {
            word.truncate(n - 2);
        } else {
            word.truncate(n - 1);
        }
    }

    fn past(&self, word: &mut String) {
        let n = word.len();
        if !word.is_ascii() || n < 4 || !word.ends_with("ed") {
            return;
        }
        if word.ends_with("eed") && self.knows(word, Upos::Verb) {
            return;
        }
        if word.ends_with("ied") && n > 4 {
            if self.knows(&word[..n - 1], Upos::Verb) {
                word.truncate(n - 1);
            } else {
                word.truncate(n - 3);
                word.push('y');
            }
            return;
        }
        word.truncate(n - 2);
        self.verb_stem(word);
    }

    fn participle(&self, word: &mut String) {
        let n = word.len();
        if !word.is_ascii() || n < 5 {
            return;
        }
        if !word.ends_with("ing") && !word.ends_with("in'") {
            return;
        }
        word.truncate(n - 3);
        self.verb_stem(word);
    }

    /// The infinitive from what `-ed` and `-ing` leave: as it is, with `e`, or with one consonant less.
    fn verb_stem(&self, stem: &mut String) {
        let verb = |lemma: &str| self.knows(lemma, Upos::Verb);
        let bytes = stem.as_bytes();
        let n = bytes.len();
        if n < 2 {
            return;
        }
        let with_e = format_with(stem, "e");
        let (last, before) = (bytes[n - 1], bytes[n - 2]);
        let doubled = last == before && !is_vowel(last) && n > 2;
        let known = verb(stem);
        // `hop` and `hope`: the longer where the stem alone would have doubled.
        if (is_vowel(before) || !known) && verb(&with_e) {
            stem.push('e');
            return;
        }
        if known {
            return;
        }
        if doubled {
            if !matches!(last, b'l' | b's' | b'z' | b'f') || verb(&stem[..n - 1]) {
                stem.truncate(n - 1);
            } else if last == b'l' && n > 4 && vowels(&stem[..n - 2]) >= 2 {
                // `travelling`
                stem.truncate(n - 1);
            }
            return;
        }
        if needs_e(bytes) {
            stem.push('e');
        }
    }

    fn degree(&self, word: &mut String, ending: &str) {
        let n = word.len();
        if !word.is_ascii() || n < ending.len() + 2 || !word.ends_with(ending) {
            return;
        }
        let stem = &word[..n - ending.len()];
        let adjective = |lemma: &str| self.knows(lemma, Upos::Adj);
        let bytes = stem.as_bytes();
        let last = bytes[bytes.len() - 1];
        if adjective(stem) {
            word.truncate(n - ending.len());
        } else if adjective(&format_with(stem, "e")) {
            word.truncate(n - ending.len());
            word.push('e');
        } else if last == b'i' {
            word.truncate(n - ending.len() - 1);
            word.push('y');
        } else if bytes.len() > 2 && last == bytes[bytes.len() - 2] && !matches!(last, b'l' | b's' | b'e' | b'o') {
            word.truncate(n - ending.len() - 1);
        } else if matches!(last, b'c' | b'g' | b's' | b'v' | b'u' | b'r' | b'l' | b'b') && needs_e(bytes) {
            word.truncate(n - ending.len());
            word.push('e');
        } else {
            word.truncate(n - ending.len());
        }
    }
}

/// Whether a stem ends in a way that only a final `e` explains.
fn needs_e(stem: &[u8]) -> bool {
    let n = stem.len();
    let last = stem[n - 1];
    let before = stem[n - 2];
    let third = if n > 2 { stem[n - 3] } else { b' ' };
    let many = stem.iter().filter(|b| is_vowel(**b)).count() >= 2;
    if is_vowel(last) {
        return last == b'u' || (last == b'i' && n <= 3);
    }
    if is_vowel(before) || before == b'y' {
        if is_vowel(third) && !(third == b'u' && n > 3 && stem[n - 4] == b'q') {
            // Two vowels: `explain`, `need`, but `leave`, `raise`, `cause`, `receive`.
            return matches!(last, b'v' | b's' | b'z' | b'c' | b'g')
                || (matches!(third, b'i' | b'u') && [before, last] == *b"at");
        }
        if !many {
            return !matches!(last, b'w' | b'x' | b'y');
        }
        let ending = [before, last];
        return match last {
            b'v' | b'c' | b'z' | b'g' | b'u' => true,
            b't' => matches!(before, b'a' | b'u' | b'o') || (before == b'i' && matches!(third, b'n' | b'v' | b'c' | b'r')),
            b'd' => matches!(before, b'i' | b'u' | b'o' | b'a'),
            b's' => matches!(before, b'a' | b'i' | b'o' | b'u'),
            b'r' => matches!(before, b'u' | b'i' | b'a'),
            b'n' => ending == *b"in" && matches!(third, b'b' | b'f' | b'l' | b'm') || before == b'u',
            b'l' => before == b'i' || before == b'u',
            b'k' | b'p' | b'm' => matches!(before, b'a' | b'i' | b'o' | b'u'),
            _ => false,
        };
    }
    match [before, last] {
        [b'd' | b'r' | b'l', b'g'] | [b'l' | b'r', b'v'] | [b'n', b'c'] | [b'r', b'c'] => true,
        [b'n', b'g'] => many || third == b'a' || third == b'u',
        [b'l' | b'n' | b'r' | b'p', b's'] => true,
        [b'b' | b'd' | b'g' | b'k' | b'p' | b't' | b'f' | b'z', b'l'] => true,
        [b't' | b'c', b'r'] => true,
        _ => false,
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn vowels(word: &str) -> usize {
    word.bytes().filter(|b| is_vowel(*b)).count()
}

/// A stem with an ending, on the stack.
struct Joined {
    bytes: [u8; FORM_BYTES_MAX + 8],
    length: usize,
}

impl std::ops::Deref for Joined {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

fn format_with(stem: &str, ending: &str) -> Joined {
    let mut joined = Joined { bytes: [0; FORM_BYTES_MAX + 8], length: 0 };
    for part in [stem, ending] {
        if let Some(place) = joined.bytes.get_mut(joined.length..joined.length + part.len()) {
            place.copy_from_slice(part.as_bytes());
            joined.length += part.len();
        }
    }
    joined
}

/// Appends a form in lower case, its marks made plain.
pub fn lower_into(form: &str, out: &mut String) {
    for c in form.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(plain) = plain_mark(c) {
            out.push(plain);
        } else {
            out.extend(c.to_lowercase());
        }
    }
}

fn plain_marks_into(form: &str, out: &mut String) {
    out.extend(form.chars().map(|c| plain_mark(c).unwrap_or(c)));
}

fn plain_mark(c: char) -> Option<char> {
    match c {
        '’' | '‘' | '`' | '′' => Some('\''),
        '“' | '”' => Some('"'),
        '–' | '—' | '−' | '‑' | '‐' => Some('-'),
        _ => None,
    }
}

/// Whether a plural keeps its capitals: `NGOs`, `DVDs`.
fn keeps_capitals(form: &str) -> bool {
    let bytes = form.as_bytes();
    bytes.len() > 2 && bytes[..bytes.len() - 1].iter().all(u8::is_ascii_uppercase) && bytes[bytes.len() - 1] == b's'
}

/// Gives a word the capitals of the form that it was made from, as far as they agree.
fn restore_case(form: &str, word: &mut String) {
    let cased: String = {
        let mut source = form.chars();
        word.chars()
            .map(|c| match source.next() {
                Some(original) if original.to_lowercase().eq(std::iter::once(c)) => original,
                _ => c,
            })
            .collect()
    };
    word.clear();
    word.push_str(&cased);
}

fn is_roman(form: &str) -> bool {
    !form.is_empty() && form.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(&str, Xpos, &str)]) {
        let lemmatizer = Lemmatizer::new(&LemmaParts::default());
        let mut lemma = String::new();
        for (form, xpos, expected) in rows {
            let upos = match xpos {
                Xpos::Nn | Xpos::Nns => Upos::Noun,
                Xpos::Nnp | Xpos::Nnps => Upos::Propn,
                Xpos::Jj | Xpos::Jjr | Xpos::Jjs => Upos::Adj,
                Xpos::Cd => Upos::Num,
                _ => Upos::Verb,
            };
            lemmatizer.lemma(form, upos, *xpos, &mut lemma);
            assert_eq!(lemma, *expected, "{form} {xpos}");
        }
    }

    #[test]
    fn verbs_lose_their_endings_by_rule() {
        check(&[
            ("announced", Xpos::Vbd, "announce"),
            ("stopped", Xpos::Vbd, "stop"),
            ("carried", Xpos::Vbn, "carry"),
            ("went", Xpos::Vbd, "go"),
            ("imposing", Xpos::Vbg, "impose"),
            ("running", Xpos::Vbg, "run"),
            ("sanctioning", Xpos::Vbg, "sanction"),
            ("condemning", Xpos::Vbg, "condemn"),
            ("negotiating", Xpos::Vbg, "negotiate"),
            ("watches", Xpos::Vbz, "watch"),
            ("denies", Xpos::Vbz, "deny"),
            ("explained", Xpos::Vbd, "explain"),
            ("offered", Xpos::Vbd, "offer"),
            ("visited", Xpos::Vbd, "visit"),
        ]);
    }

    #[test]
    fn nouns_adjectives_and_numbers() {
        check(&[
            ("ministries", Xpos::Nns, "ministry"),
            ("Churches", Xpos::Nns, "church"),
            ("NGOs", Xpos::Nns, "NGO"),
            ("crises", Xpos::Nns, "crisis"),
            ("Nations", Xpos::Nnps, "Nation"),
            ("larger", Xpos::Jjr, "large"),
            ("biggest", Xpos::Jjs, "big"),
            ("earlier", Xpos::Jjr, "early"),
            ("Japanese", Xpos::Jj, "Japanese"),
            ("Tokyo", Xpos::Nnp, "Tokyo"),
            ("200,000", Xpos::Cd, "200000"),
            ("TV", Xpos::Nn, "TV"),
        ]);
    }
}
