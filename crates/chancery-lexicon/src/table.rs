//! Reads the TSV tables of `data/` and users' own in the same shape.
//!
//! Comment lines begin with `#`; the first other line is the header; cells are separated by one tab. Cells borrow from the text.

/// What is wrong in a lexicon file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {message}")]
pub struct LexiconError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, and what is right.
    pub message: String,
}

impl LexiconError {
    /// An error in a line of a file.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

/// A table whose header has been checked, with `N` columns.
pub struct Table<'a, const N: usize> {
    file: &'a str,
    lines: std::iter::Enumerate<std::str::Lines<'a>>,
}

/// A row: its line in the file, from 1, and its cells.
pub type Row<'a, const N: usize> = (usize, [&'a str; N]);

impl<'a, const N: usize> Table<'a, N> {
    /// Opens a table and checks its header.
    ///
    /// # Errors
    /// A header that is not exactly `columns`, or none.
    pub fn open(file: &'a str, text: &'a str, columns: [&str; N]) -> Result<Self, LexiconError> {
        let mut lines = text.lines().enumerate();
        let header = lines.find(|(_, line)| !is_comment(line));
        let Some((at, header)) = header else {
            return Err(LexiconError::new(file, 1, format!("no header; it must be: {}", columns.join(" "))));
        };
        if header.split('\t').ne(columns) {
            return Err(LexiconError::new(file, at + 1, format!("the columns must be, tab-separated: {}", columns.join(" "))));
        }
        Ok(Self { file, lines })
    }
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.trim().is_empty()
}

impl<'a, const N: usize> Iterator for Table<'a, N> {
    type Item = Result<Row<'a, N>, LexiconError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (at, line) = self.lines.by_ref().find(|(_, line)| !is_comment(line))?;
        let mut cells = [""; N];
        let mut count = 0;
        let mut rest = line;
        // Byte by byte: cells are short, and a searcher's set-up for each costs more than it saves.
        loop {
            let end = rest.bytes().position(|byte| byte == b'\t');
            let cell = end.map_or(rest, |end| &rest[..end]);
            if count < N {
                cells[count] = cell.trim_ascii();
            }
            count += 1;
            let Some(end) = end else { break };
            rest = &rest[end + 1..];
        }
        // Trailing empty cells may be left out: editors strip trailing tabs.
        if count == 0 || count > N {
            return Some(Err(LexiconError::new(self.file, at + 1, format!("{count} cells where the header has {N}"))));
        }
        Some(Ok((at + 1, cells)))
    }
}

/// The items of a list cell (`a|b|c`), none for an empty one.
pub fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_are_skipped_and_lines_are_counted() {
        let text = "# note\nname\tcode\n\nJapan\tJPN\n# more\nPeru\n";
        let rows: Vec<_> = Table::open("x.tsv", text, ["name", "code"]).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows, [(4, ["Japan", "JPN"]), (6, ["Peru", ""])]);
    }

    #[test]
    fn a_bad_row_names_its_file_and_line() {
        let error = Table::open("x.tsv", "a\tb\n1\t2\t3\n", ["a", "b"]).unwrap().next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "x.tsv, line 2: 3 cells where the header has 2");
        let error = Table::open("x.tsv", "a\tc\n", ["a", "b"]).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "x.tsv, line 1: the columns must be, tab-separated: a b");
    }
}
