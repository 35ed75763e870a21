//! Word classes: lists of lemmas that conditions name (`weapon`, `aid_goods`).

use rustc_hash::FxHashMap;

use super::{FrameKind, Trigger};
use crate::LexiconError;

/// The number of a word class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u16);

/// Words of a class that share their last word: what must stand before it.
type Members = Vec<(ClassId, Vec<Box<str>>)>;

/// All word classes.
#[derive(Debug, Clone, Default)]
pub struct WordClasses {
    names: Vec<Box<str>>,
    words: FxHashMap<Box<str>, Members>,
}

impl WordClasses {
    /// Reads classes from files: a lemma a line, several words with blanks, `#` comments, `@name` takes another class in.
    ///
    /// # Errors
    /// A line that is no lemma, a class that takes in what is not there or itself.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, LexiconError> {
        let mut classes =
            WordClasses { names: files.iter().map(|(name, _)| class_name(name).into()).collect(), ..Self::default() };
        for number in 0..files.len() {
            let mut seen = vec![number];
            classes.add(files, number, ClassId(number as u16), &mut seen)?;
        }
        Ok(classes)
    }

    fn add(&mut self, files: &[(&str, &str)], from: usize, class: ClassId, seen: &mut Vec<usize>) -> Result<(), LexiconError> {
        let (file, text) = files[from];
        for (line, row) in text.lines().enumerate() {
            let row = row.split('#').next().unwrap_or_default().trim();
            if row.is_empty() {
                continue;
            }
            if let Some(other) = row.strip_prefix('@') {
                let Some(ClassId(other)) = self.find(other) else {
                    return Err(LexiconError::new(file, line + 1, format!("there is no class `{other}`")));
                };
                if !seen.contains(&(other as usize)) {
                    seen.push(other as usize);
                    self.add(files, other as usize, class, seen)?;
                }
                continue;
            }
            if row.chars().any(char::is_control) {
                return Err(LexiconError::new(file, line + 1, "a line is one lemma, words with blanks between them"));
            }
            self.put(row, class);
        }
        Ok(())
    }

    /// Adds words to the class of that name, which need not be there yet.
    pub fn insert<'a>(&mut self, name: &str, words: impl Iterator<Item = &'a str>) -> ClassId {
        let class = self.find(name).unwrap_or_else(|| {
            self.names.push(name.into());
            ClassId((self.names.len() - 1) as u16)
        });
        for word in words {
            self.put(word, class);
        }
        class
    }

    fn put(&mut self, word: &str, class: ClassId) {
        for Trigger { head, others, .. } in Trigger::spellings(FrameKind::Noun, &word.to_lowercase()) {
            let members = self.words.entry(head).or_default();
            if !members.iter().any(|(known, before)| *known == class && *before == others) {
                members.push((class, others));
            }
        }
    }

    /// The class with that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ClassId> {
        self.names.iter().position(|known| &**known == name).map(|at| ClassId(at as u16))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self, class: ClassId) -> &str {
        &self.names[class.0 as usize]
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Classes of a head word, each with the words that must stand before it (none for most). A lemma that the treebanks leave
    /// in the plural ("troops") is looked up in the singular too.
    #[must_use]
    pub fn of(&self, head: &str) -> &[(ClassId, Vec<Box<str>>)] {
        let singular = || head.strip_suffix('s').and_then(|singular| self.words.get(singular));
        self.words.get(head).or_else(singular).map_or(&[], Vec::as_slice)
    }
}

fn class_name(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
}
