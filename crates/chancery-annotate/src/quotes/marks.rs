//! Pairs quotation marks, paragraph by paragraph, from the characters alone.
//!
//! # Invariants
//! - Linear in the text: one pass, a stack of bounded depth, no looking back beyond it.
//! - What is found nests or is disjoint; it is sorted by start, the outer before the inner.
//! - Nothing reaches over the end of its paragraph: a quotation that goes on in the next one is a mark there again.

use chancery_lexicon::Cues;
use chancery_lexicon::cues::WordClass;
use chancery_model::Span;

/// Marks nested deeper than this are noise.
const DEEPEST: usize = 6;

/// How a quotation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// With its mark.
    Mark,
    /// With its paragraph; the next one opens with a mark again.
    Continues,
    /// With the paragraph, or its sentence, for want of a mark.
    Missing,
}

/// Words in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marked {
    /// With the marks.
    pub outer: Span,
    /// Without the marks and the space inside them.
    pub inner: Span,
    /// Number of the paragraph.
    pub paragraph: u32,
    /// 0 for what no other marks hold.
    pub depth: u8,
    /// How it ends.
    pub close: Close,
}

/// An open mark.
#[derive(Clone, Copy)]
struct Open {
    mark: char,
    /// Where it begins and where its content begins.
    at: usize,
    inner: usize,
    /// Index of the entry kept for it.
    slot: usize,
}

/// Finds what is in marks.
///
/// `sentences` gives the end of the sentence that holds a byte, for marks that are never closed.
pub(super) fn pair(
    text: &str,
    paragraphs: &[Span],
    cues: &Cues,
    longest: usize,
    sentence_end: impl Fn(u32) -> u32,
) -> Vec<Marked> {
    let mut found: Vec<Marked> = Vec::new();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let reopened = paragraphs.get(number + 1).map(|next| first_mark(next.slice(text)));
        let mut pairer =
            Pairer { text, cues, paragraph: *paragraph, number: number as u32, stack: Vec::new(), found: &mut found };
        pairer.run();
        let stack = std::mem::take(&mut pairer.stack);
        close_open(text, *paragraph, &stack, reopened.flatten(), &mut found, &sentence_end);
    }
    found.retain(|marked| {
        !marked.inner.is_empty()
            && marked.inner.len() as usize <= longest * 4
            && (marked.inner.len() as usize <= longest || marked.inner.slice(text).chars().count() <= longest)
            && marked.inner.slice(text).bytes().any(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80)
    });
    settle(&mut found);
    found
}

/// Gives what is left its depth, and cuts short what would cross a later one: only an unclosed mark can.
fn settle(found: &mut [Marked]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..found.len() {
        let here = found[at].outer;
        while open.last().is_some_and(|outer| found[*outer].outer.end <= here.start) {
            open.pop();
        }
        if let Some(outer) = open.last().copied().filter(|outer| found[*outer].outer.end < here.end) {
            found[outer].outer.end = here.start;
            found[outer].inner.end = found[outer].inner.end.min(here.start);
            open.pop();
        }
        found[at].depth = open.len().min(DEEPEST) as u8;
        open.push(at);
    }
}

/// The opening mark that a paragraph begins with.
fn first_mark(paragraph: &str) -> Option<char> {
    paragraph.chars().next().filter(|mark| matches!(mark, '“' | '"' | '„' | '«' | '»' | '‘' | '\'' | '”'))
}

/// Ends what a paragraph leaves open.
fn close_open(
    text: &str,
    paragraph: Span,
    stack: &[Open],
    reopened: Option<char>,
    found: &mut [Marked],
    sentence_end: &impl Fn(u32) -> u32,
) {
    for (depth, open) in stack.iter().enumerate() {
        if depth > 0 || matches!(open.mark, '‘' | '\'') {
            // An inner mark that is never closed, or a single one, is more likely a slip or an apostrophe.
            continue;
        }
        let (end, close) = if reopened.is_some_and(|mark| same_family(mark, open.mark)) {
            (paragraph.end, Close::Continues)
        } else if open.at == paragraph.start as usize {
            (paragraph.end, Close::Missing)
        } else {
            (sentence_end(open.inner as u32).min(paragraph.end), Close::Missing)
        };
        let inner = trimmed(text, open.inner, end as usize);
        // What lies inside and was found is kept only where it does not cross the end.
        found[open.slot] = Marked { outer: Span::new(open.at as u32, end.max(inner.end)), inner, close, ..found[open.slot] };
    }
}

fn same_family(a: char, b: char) -> bool {
    family(a) == family(b)
}

fn family(mark: char) -> u8 {
    match mark {
        '“' | '”' | '"' | '„' => 0,
        '«' | '»' => 1,
        _ => 2,
    }
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let inner = &text[start..end.max(start)];
    let left = inner.len() - inner.trim_start().len();
    let right = inner.trim_end().len();
    Span::of(start + left..start + right.max(left))
}

struct Pairer<'a> {
    text: &'a str,
    cues: &'a Cues,
    paragraph: Span,
    number: u32,
    stack: Vec<Open>,
    found: &'a mut Vec<Marked>,
}

/// What stands beside a mark.
#[derive(Clone, Copy)]
struct Sides {
    before: Option<char>,
    after: Option<char>,
}

impl Sides {
    /// Whether a word or an opening stands right after it, and none right before.
    fn opens(self) -> bool {
        self.before.is_none_or(|c| {
            c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '“' | '‘' | '"' | '\'' | '«' | '„')
        }) && self.after.is_some_and(|c| !c.is_whitespace())
    }

    /// Whether something that can end a quotation stands right before it.
    fn closes(self) -> bool {
        self.before.is_some_and(|c| !c.is_whitespace()) && self.after.is_none_or(|c| !c.is_alphanumeric())
    }
}

impl Pairer<'_> {
    fn run(&mut self) {
        let (start, end) = (self.paragraph.start as usize, self.paragraph.end as usize);
        let bytes = self.text.as_bytes();
        // Single marks that could close something and are still to come: an opening one needs one of them.
        let mut closers = count_closers(&self.text[start..end]);
        let mut at = start;
        while at < end {
            match bytes[at] {
                b'"' => self.double_straight(at),
                b'\'' => self.single('\'', at, 1, &mut closers),
                b'`' if bytes.get(at + 1) == Some(&b'`') => {
                    self.open('"', at, 2);
                    at += 1;
                }
                0xC2 => match bytes.get(at + 1) {
                    Some(0xAB) => self.guillemet('«', at),
                    Some(0xBB) => self.guillemet('»', at),
                    _ => {}
                },
                0xE2 if bytes.get(at + 1) == Some(&0x80) => match bytes.get(at + 2) {
                    Some(0x9C) => self.left_double(at),
                    Some(0x9D) => self.right_double(at),
                    Some(0x9E) => self.open('„', at, 3),
                    Some(0x98) => self.left_single(at, &mut closers),
                    Some(0x99) => self.single('’', at, 3, &mut closers),
                    _ => {}
                },
                _ => {}
            }
            at += 1;
        }
    }

    fn sides(&self, at: usize, width: usize) -> Sides {
        let before = self.text[self.paragraph.start as usize..at].chars().next_back();
        let after = self.text[at + width..self.paragraph.end as usize].chars().next();
        Sides { before, after }
    }

    fn open(&mut self, mark: char, at: usize, width: usize) {
        if self.stack.len() == DEEPEST {
            return;
        }
        let depth = self.stack.len() as u8;
        self.stack.push(Open { mark, at, inner: at + width, slot: self.found.len() });
        // An empty span until it is closed: entries stay in the order of their starts.
        let empty = Span::new(at as u32, at as u32);
        self.found.push(Marked { outer: empty, inner: empty, paragraph: self.number, depth, close: Close::Missing });
    }

    /// Closes the innermost open mark that `fits`; those inside it stay unclosed.
    fn close(&mut self, at: usize, width: usize, fits: impl Fn(char) -> bool) -> bool {
        let Some(index) = self.stack.iter().rposition(|open| fits(open.mark)) else { return false };
        let open = self.stack[index];
        self.stack.truncate(index);
        let inner = trimmed(self.text, open.inner, at);
        self.found[open.slot] = Marked {
            outer: Span::of(open.at..at + width),
            inner,
            paragraph: self.number,
            depth: index as u8,
            close: Close::Mark,
        };
        true
    }

    fn is_open(&self, fits: impl Fn(char) -> bool) -> bool {
        self.stack.iter().any(|open| fits(open.mark))
    }

    fn double_straight(&mut self, at: usize) {
        let sides = self.sides(at, 1);
        let fits = |mark: char| matches!(mark, '"' | '“' | '„');
        if self.is_open(fits) {
            if sides.opens() && !sides.closes() {
                // A new one while one is open: the earlier was never closed, or is quoted inside single marks.
                let inside_single = self.stack.last().is_some_and(|open| matches!(open.mark, '\'' | '‘'));
                if !inside_single {
                    self.give_up(fits);
                }
                self.open('"', at, 1);
            } else {
                self.close(at, 1, fits);
            }
            return;
        }
        let inches = sides.before.is_some_and(|c| c.is_ascii_digit());
        if !inches && (sides.opens() || (!sides.closes() && sides.after.is_some_and(|c| !c.is_whitespace()))) {
            self.open('"', at, 1);
        } else if !inches && sides.closes() {
            self.close_without_open(at, 1);
        }
    }

    /// Drops an open mark and what is open inside it: it was never closed.
    fn give_up(&mut self, fits: impl Fn(char) -> bool) {
        if let Some(index) = self.stack.iter().rposition(|open| fits(open.mark)) {
            self.stack.truncate(index);
        }
    }

    fn left_double(&mut self, at: usize) {
        let sides = self.sides(at, 3);
        // German and Polish texts close with it.
        if self.is_open(|mark| mark == '„') && !sides.opens() && self.close(at, 3, |mark| mark == '„') {
            return;
        }
        if sides.closes() && !sides.opens() && self.close(at, 3, |mark| mark == '“' || mark == '"') {
            return;
        }
        if self.stack.len() == 1 && self.stack[0].mark == '“' && sides.before.is_none_or(char::is_whitespace) {
            // The one before it was never closed.
            self.give_up(|mark| mark == '“');
        }
        self.open('“', at, 3);
    }

    fn right_double(&mut self, at: usize) {
        if self.close(at, 3, |mark| matches!(mark, '“' | '„' | '"')) {
            return;
        }
        let sides = self.sides(at, 3);
        if sides.opens() && !sides.closes() {
            self.open('“', at, 3);
        } else {
            self.close_without_open(at, 3);
        }
    }

    /// A closing mark that nothing opened: the paragraph opens it, if nothing else was quoted there.
    fn close_without_open(&mut self, at: usize, width: usize) {
        let first = self.found.last().is_none_or(|last| last.paragraph != self.number);
        let spoken = self.text[..at].ends_with([',', '.', '?', '!']);
        if first && spoken && self.stack.is_empty() {
            let start = self.paragraph.start as usize;
            let inner = trimmed(self.text, start, at);
            let outer = Span::of(start..at + width);
            self.found.push(Marked { outer, inner, paragraph: self.number, depth: 0, close: Close::Missing });
        }
    }

    fn guillemet(&mut self, mark: char, at: usize) {
        let other = if mark == '«' { '»' } else { '«' };
        if self.is_open(|open| open == other) {
            self.close(at, 2, |open| open == other);
        } else {
            self.open(mark, at, 2);
        }
    }

    fn left_single(&mut self, at: usize, closers: &mut u32) {
        let sides = self.sides(at, 3);
        if self.is_open(|mark| mark == '‚') && !sides.opens() && self.close(at, 3, |mark| mark == '‚') {
            return;
        }
        let elided = self.is_elision(at, 3);
        if !elided && *closers > 0 {
            self.open('‘', at, 3);
        }
    }

    fn single(&mut self, mark: char, at: usize, width: usize, closers: &mut u32) {
        let sides = self.sides(at, width);
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if letter(sides.before) && letter(sides.after) {
            return;
        }
        let can_close = sides.closes();
        if can_close {
            *closers = closers.saturating_sub(1);
        }
        let fits = |open: char| open == '‘' || open == '\'';
        if can_close && self.is_open(fits) {
            // "the farmers' wells": a possessive, if another mark that can close is still to come.
            let possessive = matches!(sides.before, Some('s' | 'S'))
                && self.text[at + width..].starts_with(' ')
                && self.text[at + width + 1..].starts_with(|c: char| c.is_alphanumeric());
            if !(possessive && *closers > 0) {
                self.close(at, width, fits);
            }
            return;
        }
        if mark == '\'' && sides.opens() && *closers > 0 && !self.is_elision(at, width) && !self.is_open(fits) {
            self.open('\'', at, width);
        }
    }

    /// Whether the mark is the apostrophe of a word that begins with one.
    fn is_elision(&self, at: usize, width: usize) -> bool {
        let rest = &self.text[at + width..self.paragraph.end as usize];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if rest.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            // '90s, but not '20 people died'.
            return end == 3 && rest.as_bytes()[2] == b's' || (end == 2 && rest.as_bytes()[1].is_ascii_digit());
        }
        if end == 0 || end > 6 {
            return false;
        }
        let mut word = [0; 7];
        word[0] = b'\'';
        word[1..=end].copy_from_slice(&rest.as_bytes()[..end]);
        word[1..=end].make_ascii_lowercase();
        std::str::from_utf8(&word[..=end]).is_ok_and(|word| self.cues.look_up(word).class.any(WordClass::ELISION))
    }
}

/// How many single marks of a paragraph could close something.
fn count_closers(paragraph: &str) -> u32 {
    let mut count = 0;
    for (at, mark) in paragraph.match_indices(['\'', '’']) {
        let before = paragraph[..at].chars().next_back();
        let after = paragraph[at + mark.len()..].chars().next();
        count += u32::from(Sides { before, after }.closes());
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut paragraphs = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            if !line.is_empty() {
                paragraphs.push(Span::of(at..at + line.len()));
            }
            at += line.len() + 1;
        }
        let cues = Cues::built_in().unwrap();
        let sentence_end = |at: u32| text[at as usize..].find(". ").map_or(text.len() as u32, |found| at + found as u32 + 1);
        let found = pair(text, &paragraphs, &cues, 500, sentence_end);
        let got: Vec<_> = found.iter().map(|marked| marked.inner.slice(text)).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn every_kind_of_mark_pairs() {
        check("“Yes,” she said.", &["Yes,"]);
        check("\"Yes,\" she said, \"I do.\"", &["Yes,", "I do."]);
        check("‘Yes,’ she said.", &["Yes,"]);
        check("'Yes,' she said.", &["Yes,"]);
        check("« Oui », dit-elle. «Non».", &["Oui", "Non"]);
        check("»Ja«, sagte sie, „nein“.", &["Ja", "nein"]);
        check("„Tak”, said he.", &["Tak"]);
        check("“Yes\", she said.", &["Yes"]);
    }

    #[test]
    fn marks_nest() {
        check("“He said ‘no’ to me,” she said.", &["He said ‘no’ to me,", "no"]);
        check("'She said, \"That is ours,\" and left,' he said.", &["She said, \"That is ours,\" and left,", "That is ours,"]);
        check("\"He'd say, 'Is that so?'\"", &["He'd say, 'Is that so?'", "Is that so?"]);
    }

    #[test]
    fn apostrophes_are_no_marks() {
        check("The miners' leader didn't say 'tis the '90s.", &[]);
        check("'The farmers' wells won't dry,' he said.", &["The farmers' wells won't dry,"]);
        check("‘Tis the season, and the workers’ tools are 'em.", &[]);
        check("a 6' 2\" spokesman", &[]);
    }

    #[test]
    fn a_quotation_goes_on_where_the_next_paragraph_opens_again() {
        check("“One. Two.\n“Three,” he said. Four.", &["One. Two.", "Three,"]);
    }

    #[test]
    fn an_unclosed_mark_does_not_eat_the_article() {
        check("He'd “seen it all before. Then he left the room.\nNext “day” came.", &["seen it all before.", "day"]);
        check("“One of them went home. Then the rain fell.\nNext day.", &["One of them went home. Then the rain fell."]);
        check("We will win,” he said. So be it.", &["We will win,"]);
    }

    #[test]
    fn a_megabyte_of_marks_is_linear() {
        let cues = Cues::built_in().unwrap();
        for mark in ["\"", "“", "”", "'", "’", "« ", "“\n", "'a ", " '"] {
            let time = |count: usize| {
                let text = mark.repeat(count);
                let lines: Vec<Span> = if mark.contains('\n') {
                    (0..count as u32).map(|line| Span::new(line * 4, line * 4 + 3)).collect()
                } else {
                    vec![Span::of(0..text.len())]
                };
                let start = std::time::Instant::now();
                let _ = pair(&text, &lines, &cues, 500, |at| at);
                start.elapsed().as_secs_f64()
            };
            let (short, long) = (time(1 << 17), time(1 << 19));
            assert!(long < short.max(0.05) * 16.0, "{mark:?}: {short} s, then {long} s for four times as much");
        }
    }
}
