//! Tokens of one paragraph, as Universal Dependencies cuts English: clitics, hyphens and units apart, addresses and numbers whole.

use super::classes::{CLASS, DIGIT, HIGH, Kind, LETTER, SPACE, UPPER, char_at, kind};
use super::lexicon::{AbbreviationKind, Rules};
use chancery_model::Span;

/// What a piece is, as far as the sentence rules want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A word, number, address or anything that is none of the below.
    Word,
    /// Ends a sentence: `.`, `!`, `?`, `?!`, `。`.
    Stop,
    /// `...`, `…`: may end one.
    Ellipsis,
    /// A quotation mark (or apostrophe) of any kind.
    Quote,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A dash, hyphen, bullet, asterisk, bar or line of such.
    Dash,
    /// `,`, `;`, `:` and other punctuation that ends nothing.
    Inner,
    /// A smiley.
    Emoticon,
    /// A word with the stop of an abbreviation that cannot end a sentence.
    AbbreviationInside,
    /// A word with the stop of an abbreviation that may end a sentence.
    AbbreviationEnd,
}

/// A token on its way: where it is and what the sentence rules need.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub span: Span,
    pub shape: Shape,
    /// Whether white space (or the paragraph's start) comes before it.
    pub spaced: bool,
}

/// Appends the tokens of `paragraph` to `pieces`.
pub fn split(text: &str, paragraph: Span, rules: &Rules, pieces: &mut Vec<Piece>) {
    let end = paragraph.end as usize;
    Cutter { text, bytes: &text.as_bytes()[..end], end, rules, pieces, spaced: true }.run(paragraph.start as usize);
}

struct Cutter<'a> {
    text: &'a str,
    /// The text up to the paragraph's end: positions are the document's.
    bytes: &'a [u8],
    end: usize,
    rules: &'a Rules,
    pieces: &'a mut Vec<Piece>,
    spaced: bool,
}

impl Cutter<'_> {
    fn run(&mut self, start: usize) {
        let mut at = start;
        while at < self.end {
            let class = CLASS[self.bytes[at] as usize];
            if class & SPACE != 0 {
                at += 1;
                self.spaced = true;
            } else if class & LETTER != 0 {
                let mut stop = at + 1;
                while stop < self.end && CLASS[self.bytes[stop] as usize] & LETTER != 0 {
                    stop += 1;
                }
                // Nine words in ten end here.
                let plain =
                    stop == self.end || matches!(self.bytes[stop], b' ' | b',' | b'\n' | b')' | b'"' | b';' | b'?' | b'!');
                at = if plain {
                    self.push_letters(at, stop);
                    stop
                } else {
                    self.word(at)
                };
            } else if class & DIGIT != 0 {
                at = self.word(at);
            } else if class & HIGH != 0 {
                at = self.high(at);
            } else {
                at = self.mark(at);
            }
        }
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, shape: Shape) {
        self.pieces.push(Piece { span: Span { start: start as u32, end: end as u32 }, shape, spaced: self.spaced });
        self.spaced = false;
    }

    fn class(&self, at: usize) -> u8 {
        if at < self.end { CLASS[self.bytes[at] as usize] } else { SPACE }
    }

    /// The byte at `at`, a blank beyond the end.
    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.bytes[at] } else { b' ' }
    }

    fn alnum(&self, at: usize) -> bool {
        self.class(at) & (LETTER | DIGIT) != 0
    }

    /// Whether a word character starts at `at`.
    fn wordlike(&self, at: usize) -> bool {
        let class = self.class(at);
        class & (LETTER | DIGIT) != 0
            || (class & HIGH != 0 && matches!(kind(char_at(self.text, at).0), Kind::Letter | Kind::Digit))
    }

    /// A run of ASCII letters: one token, or several (`cannot`).
    #[inline]
    fn push_letters(&mut self, start: usize, end: usize) {
        match self.rules.contraction(&self.bytes[start..end]) {
            None => self.push(start, end, Shape::Word),
            Some(cuts) => {
                let mut at = start;
                for cut in cuts {
                    self.push(at, at + *cut as usize, Shape::Word);
                    at += *cut as usize;
                }
            }
        }
    }

    /// A word-like run: letters, digits, and the marks that belong inside. Returns where the scan goes on.
    fn word(&mut self, start: usize) -> usize {
        if let Some(end) = self.url(start) {
            self.push(start, end, Shape::Word);
            return end;
        }
        let mut at = start;
        let mut address = false;
        loop {
            let class = self.class(at);
            if class & (LETTER | DIGIT) != 0 {
                at += 1;
                continue;
            }
            if class & SPACE != 0 {
                break;
            }
            if class & HIGH != 0 {
                let (c, length) = char_at(self.text, at);
                match kind(c) {
                    Kind::Letter | Kind::Digit => at += length,
                    Kind::Quote if matches!(c, '’' | '‘' | '′') => match self.apostrophe(start, at, length) {
                        Apostrophe::Inside => at += length,
                        Apostrophe::Stop => break,
                        Apostrophe::Cut(next) => return next,
                    },
                    _ => break,
                }
                continue;
            }
            let inside = match self.bytes[at] {
                b'\'' | b'`' => match self.apostrophe(start, at, 1) {
                    Apostrophe::Inside => true,
                    Apostrophe::Stop => false,
                    Apostrophe::Cut(next) => return next,
                },
                b'.' if self.wordlike(at + 1) => address || self.dot_inside(start, at),
                b'.' => {
                    if let Some(shape) = self.abbreviation(start, at) {
                        self.push(start, at + 1, shape);
                        return at + 1;
                    }
                    false
                }
                b'-' => self.wordlike(at + 1) && (address || self.hyphen_inside(start, at)),
                b',' | b':' => self.class(at - 1) & DIGIT != 0 && self.class(at + 1) & DIGIT != 0 && self.numeric(start, at),
                b'/' => {
                    let before = self.class(at - 1);
                    let after = self.class(at + 1);
                    (before & DIGIT != 0 && after & DIGIT != 0)
                        || (at - start == 1 && after & LETTER != 0 && !self.wordlike(at + 2))
                        || (address && self.wordlike(at + 1))
                }
                b'&' => at - start <= 4 && self.class(at - 1) & UPPER != 0 && self.class(at + 1) & UPPER != 0,
                b'@' => {
                    address |= self.alnum(at + 1);
                    address
                }
                b'_' => true,
                b'+' | b'=' | b'%' => address && self.alnum(at + 1),
                b'*' => {
                    let stars = self.run_of(at, b'*') - at;
                    if stars <= 5 && self.class(at - 1) & LETTER != 0 && self.class(at + stars) & LETTER != 0 {
                        at += stars;
                        continue;
                    }
                    false
                }
                b'$' => {
                    let currency = at - start <= 3 && self.bytes[start..at].iter().all(u8::is_ascii_uppercase);
                    if currency {
                        self.push(start, at + 1, Shape::Word);
                        return at + 1;
                    }
                    false
                }
                _ => false,
            };
            if !inside {
                break;
            }
            at += 1;
        }
        self.push_word(start, at);
        at
    }

    /// Emits `start..end`, its unit cut off where it is a number with one.
    fn push_word(&mut self, start: usize, end: usize) {
        let bytes = &self.bytes[start..end];
        if bytes[0].is_ascii_digit() {
            let digits = bytes.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':' | b'/')).count();
            if digits < bytes.len() && bytes[digits..].is_ascii() && self.rules.is_unit(&self.text[start + digits..end]) {
                self.push(start, start + digits, Shape::Word);
                self.push(start + digits, end, Shape::Word);
                return;
            }
            self.push(start, end, Shape::Word);
        } else {
            self.push_letters(start, end);
        }
    }

    /// Whether `start..end` is a number so far.
    fn numeric(&self, start: usize, end: usize) -> bool {
        // Looks back a few bytes only: numbers are short, and this must stay linear.
        let from = start.max(end.saturating_sub(16));
        self.bytes[from..end].iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':' | b'+'))
    }

    fn run_of(&self, at: usize, byte: u8) -> usize {
        self.bytes[at..].iter().position(|b| *b != byte).map_or(self.end, |offset| at + offset)
    }

    /// A dot between two word characters: inside numbers, initials, names of hosts and files.
    fn dot_inside(&self, start: usize, at: usize) -> bool {
        let before = self.class(at - 1);
        let after = self.class(at + 1);
        if before & DIGIT != 0 && after & DIGIT != 0 {
            return true;
        }
        if at - start == 1 || (at >= start + 2 && self.bytes[at - 2] == b'.') {
            return true; // an initial: `U.S`, `i.e`, `J.K.Rowling`
        }
        if before & (LETTER | DIGIT) == 0 || after & (LETTER | DIGIT) == 0 {
            return false;
        }
        let next = at + 1 + self.bytes[at + 1..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
        if self.byte(next) == b'.' && self.alnum(next + 1) {
            return true; // three parts or more: a host, a newsgroup
        }
        let ending = &self.bytes[at + 1..next];
        // Already past a first dot that was kept: keep the rest.
        memchr::memchr(b'.', &self.bytes[start.max(at.saturating_sub(40))..at]).is_some() || is_host_or_file_ending(ending)
    }

    /// A dot after a word and before no other: whether it belongs to the word, and as what.
    fn abbreviation(&self, start: usize, at: usize) -> Option<Shape> {
        if self.byte(at + 1) == b'.' {
            return None; // an ellipsis
        }
        let length = at - start;
        let last = self.bytes[at - 1];
        let (next, next_byte) = self.next_word(at + 1);
        if length >= 3 && self.bytes[at - 2] == b'.' && last.is_ascii_alphabetic() {
            return Some(Shape::AbbreviationEnd); // U.S. a.m. Ph.D.
        }
        if length == 1 && last.is_ascii_uppercase() {
            let name_follows =
                next_byte.is_some_and(|b| b.is_ascii_uppercase() || b >= 0x80 || b == b'(' || b == b'-' || b == b',');
            return (name_follows && last != b'I').then_some(Shape::AbbreviationInside);
        }
        let form = self.text.get(start..at)?;
        let found = self.rules.abbreviation(form)?;
        match found.kind {
            AbbreviationKind::Title => next_byte.map(|_| Shape::AbbreviationInside),
            AbbreviationKind::Reference => next_byte.filter(u8::is_ascii_digit).map(|_| Shape::AbbreviationInside),
            AbbreviationKind::Other if !found.ends => next_byte.map(|_| Shape::AbbreviationInside),
            AbbreviationKind::Other => {
                let lower = last.is_ascii_lowercase() && self.bytes[start].is_ascii_lowercase();
                match next_byte {
                    // `etc.` at the end of a sentence gives its stop to the sentence.
                    None => (!lower).then_some(Shape::AbbreviationEnd),
                    Some(byte) if lower && byte.is_ascii_uppercase() && form != "al" => {
                        let word = &self.text[next..self.letters_end(next)];
                        (!self.rules.opens_sentence(word)).then_some(Shape::AbbreviationEnd)
                    }
                    Some(_) => Some(Shape::AbbreviationEnd),
                }
            }
        }
    }

    fn letters_end(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take(24).take_while(|b| b.is_ascii_alphabetic()).count()
    }

    /// The next byte that is neither space nor quote, and where; none at the paragraph's end (a few bytes are looked at).
    fn next_word(&self, at: usize) -> (usize, Option<u8>) {
        for offset in 0..8 {
            let byte = self.byte(at + offset);
            if at + offset >= self.end {
                break;
            }
            if CLASS[byte as usize] & SPACE == 0 && byte != b'"' && byte != b'\'' {
                return (at + offset, Some(byte));
            }
        }
        (self.end, None)
    }

    /// A hyphen between two word characters.
    fn hyphen_inside(&self, start: usize, at: usize) -> bool {
        let before = self.class(at - 1);
        let after = self.class(at + 1);
        if before & DIGIT != 0 && after & DIGIT != 0 {
            return self.dashed_number(start, at);
        }
        if before & LETTER == 0 || after & (LETTER | DIGIT | HIGH) == 0 {
            return false;
        }
        at - start <= 8 && self.text.get(start..at).is_some_and(|prefix| self.rules.keeps_hyphen(prefix))
    }

    /// Telephone numbers and dates written with hyphens stay whole; ranges and scores do not.
    fn dashed_number(&self, start: usize, at: usize) -> bool {
        let first = at - start;
        if !self.bytes[start.max(at.saturating_sub(16))..at].iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'/'))
        {
            return false;
        }
        if self.bytes[start.max(at.saturating_sub(16))..at].contains(&b'-') {
            return true; // a later group of one that was kept
        }
        let second = self.bytes[at + 1..].iter().take(16).take_while(|b| b.is_ascii_digit()).count();
        let next = at + 1 + second;
        if self.byte(next) == b'-' && self.class(next + 1) & DIGIT != 0 {
            return true;
        }
        first == 3 && second == 4 && !self.alnum(next)
    }

    /// An apostrophe of `length` bytes after `start..at`: a clitic, part of the word, or the word's end.
    fn apostrophe(&mut self, start: usize, at: usize, length: usize) -> Apostrophe {
        let next = at + length;
        let letters = self.bytes[next.min(self.end)..].iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            return if self.wordlike(next) && self.class(next) & HIGH != 0 && self.class(at - 1) & (LETTER | HIGH) != 0 {
                Apostrophe::Inside
            } else {
                Apostrophe::Stop
            };
        }
        let stop = next + letters;
        let closed = !self.wordlike(stop);
        let mut tail = [0u8; 2];
        if closed && letters <= 2 {
            let tail = &mut tail[..letters];
            tail.copy_from_slice(&self.bytes[next..stop]);
            tail.make_ascii_lowercase();
            let before = self.bytes[at - 1];
            if tail == b"t" && before.eq_ignore_ascii_case(&b'n') && at - start >= 2 {
                self.push_cut(start, at - 1);
                self.push(at - 1, stop, Shape::Word);
                return Apostrophe::Cut(stop);
            }
            let clitic = matches!(&*tail, b"s" | b"m" | b"d" | b"re" | b"ve" | b"ll");
            // `the 1970's`: a plural, one token.
            let decade = before == b'0' && &*tail == b"s" && at - start <= 4 && self.bytes[start].is_ascii_digit();
            if clitic && !decade {
                self.push_cut(start, at);
                self.push(at, stop, Shape::Word);
                return Apostrophe::Cut(stop);
            }
            if clitic {
                return Apostrophe::Inside;
            }
        }
        if self.bytes[at] == b'`' { Apostrophe::Stop } else { Apostrophe::Inside }
    }

    /// The host of a clitic: whole, whatever it looks like.
    fn push_cut(&mut self, start: usize, end: usize) {
        self.push(start, end, Shape::Word);
    }

    /// The end of an address that starts here, its trailing punctuation left off.
    fn url(&self, start: usize) -> Option<usize> {
        let head = &self.bytes[start..self.end.min(start + 8)];
        let known = |prefix: &[u8]| head.len() >= prefix.len() && head[..prefix.len()].eq_ignore_ascii_case(prefix);
        if !(known(b"http://")
            || known(b"https://")
            || known(b"ftp://")
            || known(b"mailto:")
            || (known(b"www.") && self.alnum(start + 4)))
        {
            return None;
        }
        let mut at = start;
        while at < self.end {
            let byte = self.bytes[at];
            let class = CLASS[byte as usize];
            if class & SPACE != 0 || matches!(byte, b'<' | b'>' | b'"' | b'|') {
                break;
            }
            if class & HIGH != 0 {
                let (c, length) = char_at(self.text, at);
                if matches!(kind(c), Kind::Space | Kind::Quote | Kind::Stop) {
                    break;
                }
                at += length;
                continue;
            }
            at += 1;
        }
        let opened = self.bytes[start..at].contains(&b'(');
        while at > start {
            match self.bytes[at - 1] {
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b']' => at -= 1,
                b')' if !opened => at -= 1,
                _ => break,
            }
        }
        (at > start + 4).then_some(at)
    }

    /// A character beyond ASCII at the start of a token.
    fn high(&mut self, at: usize) -> usize {
        let (c, length) = char_at(self.text, at);
        match kind(c) {
            Kind::Space => {
                self.spaced = true;
                at + length
            }
            Kind::Letter | Kind::Digit => self.word(at),
            Kind::Quote => {
                if c == '’' || c == '‘' {
                    if let Some(end) = self.leading_clitic(at, length) {
                        return end;
                    }
                    // Two single marks are one double one.
                    let (second, more) = char_at(self.text, at + length);
                    if at + length < self.end && (second == '’' || second == '‘') {
                        self.push(at, at + length + more, Shape::Quote);
                        return at + length + more;
                    }
                }
                self.push(at, at + length, Shape::Quote);
                at + length
            }
            Kind::Dash => {
                let end = self.run_of_char(at, length);
                self.push(at, end, Shape::Dash);
                end
            }
            Kind::Stop => {
                let end = self.run_of_char(at, length);
                self.push(at, end, if c == '…' { Shape::Ellipsis } else { Shape::Stop });
                end
            }
            Kind::Symbol => {
                let mut end = at + length;
                // Emoji are sequences: modifiers, joiners and what they join.
                while end < self.end && self.class(end) & HIGH != 0 {
                    let (next, more) = char_at(self.text, end);
                    match next {
                        '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20e3}' => end += more,
                        '\u{200d}' => {
                            end += more;
                            if end < self.end {
                                let (joined, more) = char_at(self.text, end);
                                if kind(joined) == Kind::Symbol && !joined.is_ascii() {
                                    end += more;
                                }
                            }
                        }
                        _ => break,
                    }
                }
                let shape = match c {
                    '•' | '·' | '‣' | '◦' | '■' | '□' | '▪' | '●' | '○' | '►' | '★' | '✓' => Shape::Dash,
                    '“' | '”' => Shape::Quote,
                    _ => Shape::Inner,
                };
                self.push(at, end, shape);
                end
            }
        }
    }

    fn run_of_char(&self, at: usize, length: usize) -> usize {
        let mut end = at + length;
        while end + length <= self.end && self.bytes[end..].starts_with(&self.bytes[at..at + length]) {
            end += length;
        }
        end
    }

    /// `'s`, `'em`, `'90s`, `'tis` with nothing before the apostrophe.
    fn leading_clitic(&mut self, at: usize, length: usize) -> Option<usize> {
        let next = at + length;
        if next >= self.end {
            return None;
        }
        let alnum = self.bytes[next..].iter().take(6).take_while(|b| b.is_ascii_alphanumeric()).count();
        let stop = next + alnum;
        if alnum == 0 || self.wordlike(stop) {
            return None;
        }
        let mut tail = [0u8; 6];
        let tail = &mut tail[..alnum];
        tail.copy_from_slice(&self.bytes[next..stop]);
        tail.make_ascii_lowercase();
        let year = (alnum == 2 || (alnum == 3 && tail[2] == b's')) && tail[0].is_ascii_digit() && tail[1].is_ascii_digit();
        let clitic = match &*tail {
            b"s" | b"m" | b"d" | b"re" | b"ve" | b"ll" => !self.spaced || self.byte(stop) != b'\'',
            b"em" | b"til" | b"cause" | b"bout" | b"n" => self.byte(stop) != b'\'',
            _ => year && self.byte(stop) != b'\'',
        };
        if clitic {
            self.push(at, stop, Shape::Word);
            return Some(stop);
        }
        if matches!(&*tail, b"tis" | b"twas") {
            self.push(at, next + 1, Shape::Word);
            self.push(next + 1, stop, Shape::Word);
            return Some(stop);
        }
        None
    }

    /// An ASCII mark at the start of a token.
    fn mark(&mut self, at: usize) -> usize {
        let byte = self.bytes[at];
        let next = self.byte(at + 1);
        let (end, shape) = match byte {
            b'.' => {
                let run = self.run_of(at, b'.');
                if run - at >= 2 {
                    (run, Shape::Ellipsis)
                } else if next.is_ascii_digit() || (self.spaced && next.is_ascii_alphabetic() && self.is_file_ending(at + 1)) {
                    let mut stop = at + 1;
                    while self.alnum(stop) {
                        stop += 1;
                    }
                    (stop, Shape::Word)
                } else {
                    (self.stops(at), Shape::Stop)
                }
            }
            b'!' | b'?' => (self.stops(at), Shape::Stop),
            b'\'' | b'`' => {
                if byte == b'\''
                    && let Some(end) = self.leading_clitic(at, 1)
                {
                    return end;
                }
                // A clitic after a back-quote (`it`s`).
                if byte == b'`' && !self.spaced && next == b's' && !self.wordlike(at + 2) {
                    (at + 2, Shape::Word)
                } else {
                    (if next == byte { at + 2 } else { at + 1 }, Shape::Quote)
                }
            }
            b'"' => (at + 1, Shape::Quote),
            b'(' | b'[' | b'{' => (at + 1, Shape::Open),
            b')' | b']' | b'}' => (at + 1, Shape::Close),
            b':' | b';' | b'=' => match self.emoticon(at) {
                Some(end) => (end, Shape::Emoticon),
                None if byte == b'=' => (self.run_of(at, byte), Shape::Dash),
                None => (at + 1, Shape::Inner),
            },
            b'-' | b'*' | b'_' | b'~' | b'|' | b'^' => (self.run_of(at, byte), Shape::Dash),
            b'<' if next == b'3' && !self.alnum(at + 2) => (at + 2, Shape::Emoticon),
            b'<' | b'>' => (self.run_of(at, byte), Shape::Dash),
            b'#' | b'@' if next.is_ascii_alphabetic() && self.spaced => {
                let mut stop = at + 1;
                while self.wordlike(stop) || self.byte(stop) == b'_' {
                    stop += if self.class(stop) & HIGH != 0 { char_at(self.text, stop).1 } else { 1 };
                }
                (stop, Shape::Word)
            }
            b'#' => (self.run_of(at, byte), Shape::Inner),
            b'+' if next.is_ascii_digit() && self.spaced => {
                let mut stop = at + 1;
                while self.class(stop) & DIGIT != 0 || (self.byte(stop) == b'-' && self.class(stop + 1) & DIGIT != 0) {
                    stop += 1;
                }
                (stop, Shape::Word)
            }
            b'$' | b'%' | b'&' | b'/' | b'\\' | b'+' | b'@' => (at + 1, Shape::Inner),
            _ => (at + 1, Shape::Inner),
        };
        self.push(at, end, shape);
        end
    }

    /// The end of a run of stops that begins at `at`: `?!`, `!!!`, `.?`.
    fn stops(&self, at: usize) -> usize {
        let mut end = at + 1;
        while matches!(self.byte(end), b'!' | b'?') {
            end += 1;
        }
        end
    }

    fn is_file_ending(&self, at: usize) -> bool {
        is_host_or_file_ending(&self.bytes[at..self.letters_end(at)])
    }

    fn emoticon(&self, at: usize) -> Option<usize> {
        let mut mouth = at + 1;
        if matches!(self.byte(mouth), b'-' | b'\'' | b'o') {
            mouth += 1;
        }
        let byte = self.byte(mouth);
        if !matches!(byte, b')' | b'(' | b'D' | b'P' | b'p' | b'O' | b'|' | b'/' | b'\\' | b'*') {
            return None;
        }
        let end = self.run_of(mouth, byte);
        let plain = matches!(byte, b')' | b'(') && mouth == at + 1;
        // A colon before a bracket is a smiley only where nothing else is meant: a space before it or a line's end after it.
        let lone = self.spaced || CLASS[self.byte(end) as usize] & SPACE != 0;
        (!self.wordlike(end) && lone && (self.spaced || plain || mouth > at + 1)).then_some(end)
    }
}

enum Apostrophe {
    Inside,
    Stop,
    /// Emitted; the scan goes on here.
    Cut(usize),
}

/// Endings of hosts and files that are common in prose.
fn is_host_or_file_ending(ending: &[u8]) -> bool {
    let mut lower = [0u8; 5];
    let Some(lower) = lower.get_mut(..ending.len()) else { return false };
    lower.copy_from_slice(ending);
    lower.make_ascii_lowercase();
    matches!(
        &*lower,
        b"com"
            | b"org"
            | b"net"
            | b"gov"
            | b"edu"
            | b"mil"
            | b"int"
            | b"info"
            | b"biz"
            | b"co"
            | b"uk"
            | b"us"
            | b"eu"
            | b"de"
            | b"fr"
            | b"it"
            | b"es"
            | b"ru"
            | b"cn"
            | b"jp"
            | b"kr"
            | b"ua"
            | b"ir"
            | b"ca"
            | b"au"
            | b"nl"
            | b"ch"
            | b"tv"
            | b"io"
            | b"ai"
            | b"html"
            | b"htm"
            | b"php"
            | b"doc"
            | b"docx"
            | b"pdf"
            | b"xls"
            | b"xlsx"
            | b"txt"
            | b"csv"
            | b"jpg"
            | b"png"
            | b"gif"
            | b"zip"
            | b"exe"
            | b"js"
            | b"py"
            | b"ppt"
    ) && (ending.len() > 2 || ending.iter().all(u8::is_ascii_lowercase) && !matches!(&*lower, b"it" | b"us" | b"es" | b"de"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let rules = Rules::built_in();
        let mut pieces = Vec::new();
        split(text, Span::of(0..text.len()), &rules, &mut pieces);
        let found: Vec<&str> = pieces.iter().map(|piece| piece.span.slice(text)).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn clitics_are_cut_in_both_apostrophes() {
        check(
            "Japan's don't can't won’t they’ve I'd o'clock O'Reilly",
            "Japan 's do n't ca n't wo n’t they ’ve I 'd o'clock O'Reilly",
        );
        check("the ministers' talks in the 1970's", "the ministers ' talks in the 1970's");
        check("cannot gonna DONT", "can not gon na DO NT");
    }

    #[test]
    fn hyphens_are_tokens_but_for_prefixes() {
        check(
            "a 10-year-old co-author, non-aligned Moscow-based F-16",
            "a 10 - year - old co-author , non-aligned Moscow - based F - 16",
        );
        check("2010-2015 and 555-1234 and 1-800-555-1234", "2010 - 2015 and 555-1234 and 1-800-555-1234");
    }

    #[test]
    fn abbreviations_keep_their_stops() {
        check(
            "Mr. Smith of the U.S. met Gen. J. P. Lee at 5 p.m. in D.C.",
            "Mr. Smith of the U.S. met Gen. J. P. Lee at 5 p.m. in D.C.",
        );
        check("No. 5. No.", "No. 5 . No .");
        check("U.S.-led", "U.S. - led");
    }

    #[test]
    fn numbers_money_and_addresses() {
        check("$5.2 million, US$3bn (5%)", "$ 5.2 million , US$ 3 bn ( 5 % )");
        check("at 10:30pm on 12/05/2023, 1,000km", "at 10:30 pm on 12/05/2023 , 1,000 km");
        check("see http://a.org/b?c=d. Or a.b@c.org, x.com", "see http://a.org/b?c=d . Or a.b@c.org , x.com");
    }

    #[test]
    fn marks_in_a_row() {
        check("What?! Well... \"Yes.\" he said—twice—(sic).", "What ?! Well ... \" Yes . \" he said — twice — ( sic ) .");
        check("TOKYO, April 14 (Agency) -- The", "TOKYO , April 14 ( Agency ) -- The");
    }
}
