//! CoNLL-U: reading texts whose tokens and sentences are given, and writing analyses.
//!
//! # Invariants
//! - Reading never fails on a line that is not understood: it is counted in [`Treebank::skipped`].
//! - What is written has one line a token, ranges for words written together, and reads back to the same columns.

use crate::Analysis;
use chancery_model::{Deprel, Feats, Sentence, Span, TokenRange, Tokens, Upos, Xpos};
use std::fmt::Write as _;

/// A CoNLL-U text: the plain text put together from its tokens, and all that the lines say of them.
#[derive(Debug, Clone, Default)]
pub struct Treebank {
    /// The plain text: tokens with a space between unless `SpaceAfter=No`, a line end after each sentence, two before a paragraph.
    pub text: String,
    /// Sentences and tokens over [`Treebank::text`], with the columns as read.
    pub analysis: Analysis,
    /// For each sentence its comment lines, without the line end.
    pub comments: Vec<Vec<String>>,
    /// Words that the source writes together, as it writes them.
    pub ranges: Vec<Range>,
    /// Lines that were not understood.
    pub skipped: usize,
}

/// A range line: several tokens that are one word on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The tokens.
    pub tokens: TokenRange,
    /// How the source writes them.
    pub form: String,
    /// Whether a space follows.
    pub space_after: bool,
}

/// What to write besides the ten columns' contents.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions<'a> {
    /// Name put before the sentences' numbers in `sent_id`.
    pub document: &'a str,
    /// Whether MISC says where the token stands, in code points (`start=3|end=8`).
    pub offsets: bool,
}

/// Reads CoNLL-U. Empty nodes are passed over.
#[must_use]
pub fn read(source: &str) -> Treebank {
    let mut bank = Treebank::default();
    let mut reader =
        Reader { bank: &mut bank, comments: Vec::new(), rows: Vec::new(), ranges: Vec::new(), lemmas: Default::default() };
    for line in source.lines() {
        reader.line(line.strip_suffix('\r').unwrap_or(line));
    }
    reader.sentence();
    bank
}

struct Row<'s> {
    form: &'s str,
    columns: [&'s str; 6],
    space_after: bool,
}

struct Reader<'s, 'b> {
    bank: &'b mut Treebank,
    comments: Vec<&'s str>,
    rows: Vec<Row<'s>>,
    /// First and last token (from 1), form, whether a space follows.
    ranges: Vec<(usize, usize, &'s str, bool)>,
    lemmas: rustc_hash::FxHashMap<&'s str, chancery_model::LemmaIx>,
}

impl<'s> Reader<'s, '_> {
    fn line(&mut self, line: &'s str) {
        if line.trim().is_empty() {
            self.sentence();
        } else if line.starts_with('#') {
            self.comments.push(line);
        } else if self.row(line).is_none() {
            self.bank.skipped += 1;
        }
    }

    fn row(&mut self, line: &'s str) -> Option<()> {
        let mut cells = line.split('\t');
        let number = cells.next()?;
        let form = cells.next()?;
        let mut columns = ["_"; 6];
        for column in &mut columns {
            *column = cells.next().unwrap_or("_");
        }
        let misc = cells.nth(1).unwrap_or("_");
        let space_after = !misc.split('|').any(|entry| entry == "SpaceAfter=No");
        if form.is_empty() {
            return None;
        }
        if let Some((first, last)) = number.split_once('-') {
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            if first != self.rows.len() + 1 || last < first {
                return None;
            }
            self.ranges.push((first, last, form, space_after));
        } else if !number.contains('.') {
            let number: usize = number.parse().ok()?;
            if number != self.rows.len() + 1 {
                return None;
            }
            self.rows.push(Row { form, columns, space_after });
        }
        Some(())
    }

    fn sentence(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let ranges = std::mem::take(&mut self.ranges);
        let comments = std::mem::take(&mut self.comments);
        if rows.is_empty() {
            return;
        }
        let bank = &mut *self.bank;
        let opens = bank.analysis.sentences.is_empty()
            || comments.iter().any(|line| {
                let note = line.trim_start_matches('#').trim_start();
                note.starts_with("newpar") && !note.starts_with("newpar_block") || note.starts_with("newdoc")
            });
        if opens {
            if !bank.text.is_empty() {
                bank.text.truncate(bank.text.trim_end().len());
                bank.text.push_str("\n\n");
            }
            bank.analysis.paragraphs.push(Span::new(bank.text.len() as u32, bank.text.len() as u32));
        }
        let tokens = &mut bank.analysis.tokens;
        let first = tokens.len();
        let mut together = ranges.iter().peekable();
        for (at, row) in rows.iter().enumerate() {
            let start = bank.text.len();
            bank.text.push_str(row.form);
            tokens.push(Span::of(start..bank.text.len()));
            let [lemma, upos, xpos, feats, head, deprel] = row.columns;
            tokens.lemma[first + at] = match lemma {
                "_" if row.form != "_" => chancery_model::LemmaIx(0),
                lemma => *self.lemmas.entry(lemma).or_insert_with(|| tokens.lemmas.push(lemma)),
            };
            tokens.upos[first + at] = Upos::parse(upos).unwrap_or_default();
            tokens.xpos[first + at] = Xpos::parse(xpos).unwrap_or_default();
            tokens.feats[first + at] = Feats::parse(feats);
            tokens.deprel[first + at] = Deprel::parse(deprel).unwrap_or_default();
            tokens.head[first + at] = match head.parse::<usize>() {
                Ok(head) if (1..=rows.len()).contains(&head) => (first + head - 1) as u32,
                _ => Tokens::ROOT,
            };
            let inside = together.peek().is_some_and(|(from, to, ..)| (*from..*to).contains(&(at + 1)));
            let mut space = row.space_after;
            if let Some((from, to, form, space_after)) = together.next_if(|(_, to, ..)| *to == at + 1) {
                space = *space_after;
                bank.ranges.push(Range {
                    tokens: TokenRange::new((first + from - 1) as u32, (first + to) as u32),
                    form: (*form).to_owned(),
                    space_after: *space_after,
                });
            }
            if space && !inside {
                bank.text.push(' ');
            }
        }
        let span = tokens.span[first].join(tokens.span[tokens.len() - 1]);
        let paragraph = bank.analysis.paragraphs.len() - 1;
        if let Some(open) = bank.analysis.paragraphs.last_mut() {
            open.end = span.end;
        }
        bank.analysis.sentences.push(Sentence {
            span,
            tokens: TokenRange::new(first as u32, tokens.len() as u32),
            paragraph: paragraph as u32,
        });
        bank.comments.push(comments.iter().map(|line| (*line).to_owned()).collect());
    }
}

/// Appends an analysis of `text` to `out` as CoNLL-U.
pub fn write(out: &mut String, text: &str, analysis: &Analysis, options: WriteOptions<'_>) {
    let tokens = &analysis.tokens;
    let mut paragraph = u32::MAX;
    // Code points are counted along the way: tokens are in order.
    let (mut byte, mut chars) = (0usize, 0usize);
    for (number, sentence) in analysis.sentences.iter().enumerate() {
        if sentence.paragraph != paragraph {
            paragraph = sentence.paragraph;
            out.push_str("# newpar\n");
        }
        let separator = if options.document.is_empty() { "" } else { "-" };
        let _ = writeln!(out, "# sent_id = {}{separator}{}", options.document, number + 1);
        out.push_str("# text = ");
        push_one_line(out, sentence.span.slice(text));
        out.push('\n');
        let range = sentence.tokens.range();
        let mut together_until = 0;
        for at in range.clone() {
            let span = tokens.span[at];
            let index = at - range.start + 1;
            let glued = text.as_bytes().get(span.end as usize).is_some_and(|b| !b.is_ascii_whitespace())
                && text[span.end as usize..].chars().next().is_some_and(|c| !c.is_whitespace());
            if at >= together_until {
                let mut last = at;
                while last + 1 < range.end && is_clitic(text, tokens, last + 1) {
                    last += 1;
                }
                if last > at {
                    together_until = last + 1;
                    let whole = span.join(tokens.span[last]);
                    let next = text[whole.end as usize..].chars().next();
                    let _ = write!(out, "{index}-{}\t{}", last - range.start + 1, whole.slice(text));
                    out.push_str("\t_\t_\t_\t_\t_\t_\t_\t");
                    out.push_str(if next.is_some_and(|c| !c.is_whitespace()) { "SpaceAfter=No\n" } else { "_\n" });
                }
            }
            write_columns(out, text, tokens, at, range.start);
            let inside_range = at < together_until;
            let no_space = glued && !inside_range;
            if no_space {
                out.push_str("SpaceAfter=No");
            }
            if options.offsets {
                chars += text[byte..span.start as usize].chars().count();
                let start = chars;
                chars += span.slice(text).chars().count();
                byte = span.end as usize;
                let _ = write!(out, "{}start={start}|end={chars}", if no_space { "|" } else { "" });
            } else if !no_space {
                out.push('_');
            }
            out.push('\n');
        }
        out.push('\n');
    }
}

/// Appends a treebank as it was read, comments, ranges and spaces included, with the columns as they now are.
pub fn write_treebank(out: &mut String, bank: &Treebank) {
    let tokens = &bank.analysis.tokens;
    let mut ranges = bank.ranges.iter().peekable();
    for (sentence, comments) in bank.analysis.sentences.iter().zip(&bank.comments) {
        for comment in comments {
            out.push_str(comment);
            out.push('\n');
        }
        let range = sentence.tokens.range();
        let mut together_until = 0;
        for at in range.clone() {
            if let Some(together) = ranges.next_if(|together| together.tokens.start.ix() == at) {
                together_until = together.tokens.end.ix();
                let _ = write!(out, "{}-{}\t", at - range.start + 1, together_until - range.start);
                push_one_line(out, &together.form);
                out.push_str("\t_\t_\t_\t_\t_\t_\t_\t");
                out.push_str(if together.space_after { "_\n" } else { "SpaceAfter=No\n" });
            }
            write_columns(out, &bank.text, tokens, at, range.start);
            let end = tokens.span[at].end as usize;
            let glued = bank.text[end..].chars().next().is_some_and(|c| !c.is_whitespace());
            out.push_str(if glued && at >= together_until { "SpaceAfter=No\n" } else { "_\n" });
        }
        out.push('\n');
    }
}

/// Appends a token's columns up to MISC, which the caller writes.
fn write_columns(out: &mut String, text: &str, tokens: &Tokens, at: usize, first: usize) {
    let _ = write!(out, "{}\t", at - first + 1);
    push_one_line(out, tokens.span[at].slice(text));
    out.push('\t');
    match tokens.lemmas.get(tokens.lemma[at]) {
        "" => out.push('_'),
        lemma => push_one_line(out, lemma),
    }
    let _ = write!(out, "\t{}\t{}\t{}\t", tokens.upos[at], tokens.xpos[at], tokens.feats[at]);
    if tokens.deprel[at] == Deprel::Unknown {
        out.push_str("_\t_\t_\t");
    } else {
        let head = match tokens.head[at] {
            Tokens::ROOT => 0,
            head => head as usize - first + 1,
        };
        let _ = write!(out, "{head}\t{}\t_\t", tokens.deprel[at]);
    }
}

/// Whether the token is written together with the one before it as one word: a clitic, or the rest of `cannot`.
fn is_clitic(text: &str, tokens: &Tokens, at: usize) -> bool {
    let (before, span) = (tokens.span[at - 1], tokens.span[at]);
    if before.end != span.start {
        return false;
    }
    let (host, form) = (before.slice(text), span.slice(text));
    let host_is_word = host.chars().next_back().is_some_and(char::is_alphanumeric);
    let mut chars = form.chars();
    match chars.next() {
        Some('\'' | '’' | '`') => {
            host_is_word
                && match chars.next() {
                    Some(c) => c.is_alphabetic(),
                    None => tokens.xpos[at] == Xpos::Pos,
                }
        }
        Some(first) if first.is_alphabetic() => host_is_word && host.chars().all(|c| c.is_alphabetic()),
        _ => false,
    }
}

/// Appends a text without tabs and line ends, which would break the format.
fn push_one_line(out: &mut String, text: &str) {
    if text.bytes().any(|b| b < b' ') {
        out.extend(text.chars().map(|c| if c < ' ' { ' ' } else { c }));
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# newdoc id = a\n# sent_id = 1\n# text = They can't stay.\n\
        1\tThey\tthey\tPRON\tPRP\tCase=Nom|Number=Plur|Person=3|PronType=Prs\t4\tnsubj\t_\t_\n\
        2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2\tca\tcan\tAUX\tMD\tVerbForm=Fin\t4\taux\t_\t_\n\
        3\tn't\tnot\tPART\tRB\tPolarity=Neg\t4\tadvmod\t_\t_\n\
        4\tstay\tstay\tVERB\tVB\tVerbForm=Inf\t0\troot\t_\tSpaceAfter=No\n\
        5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_\n\
        5.1\tempty\t_\t_\t_\t_\t_\t_\t_\t_\n\n\
        1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n\n";

    #[test]
    fn reading_keeps_tokens_columns_and_ranges() {
        let bank = read(SAMPLE);
        assert_eq!(bank.text.trim_end(), "They can't stay. Go");
        assert_eq!(bank.skipped, 0);
        assert_eq!(bank.analysis.sentences.len(), 2);
        assert_eq!(bank.ranges.len(), 1);
        assert_eq!(bank.ranges[0].form, "can't");
        let tokens = &bank.analysis.tokens;
        assert_eq!(tokens.head, [3, 3, 3, Tokens::ROOT, 3, Tokens::ROOT]);
        assert_eq!(tokens.lemmas.get(tokens.lemma[2]), "not");
    }

    #[test]
    fn what_is_written_reads_back() {
        let bank = read(SAMPLE);
        let mut out = String::new();
        write(&mut out, &bank.text, &bank.analysis, WriteOptions { document: "a", offsets: true });
        let again = read(&out);
        assert_eq!(again.text, bank.text);
        assert_eq!(again.analysis.tokens.span, bank.analysis.tokens.span);
        assert_eq!(again.analysis.tokens.head, bank.analysis.tokens.head);
        assert_eq!(again.analysis.tokens.feats, bank.analysis.tokens.feats);
        assert_eq!(again.ranges, bank.ranges);
    }

    #[test]
    fn a_treebank_is_written_as_it_was_read() {
        let source: Vec<&str> = SAMPLE.lines().filter(|line| !line.starts_with("5.1")).collect();
        let mut out = String::new();
        write_treebank(&mut out, &read(SAMPLE));
        assert_eq!(out.lines().collect::<Vec<_>>(), source);
    }

    #[test]
    fn broken_lines_are_counted() {
        let bank = read("1\tA\n3\tB\nx\n\n");
        assert_eq!((bank.skipped, bank.analysis.tokens.len()), (2, 1));
    }
}
