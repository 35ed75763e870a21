//! Paragraphs: blocks between blank lines, and within a block the lines that were not wrapped at a margin.
//!
//! A line end inside a block is a wrap where the next line's first word would not have fitted the block's margin any more, and only in
//! blocks as narrow as people wrap; any other line end separates paragraphs (headlines, list items, one paragraph a line).

use super::classes::is_space;
use chancery_model::Span;

/// Widest block, in bytes, that is taken for wrapped text.
const MARGIN_MAX: usize = 120;
/// Narrowest one: in shorter lines a line end means something (addresses, lists, verse).
const MARGIN_MIN: usize = 50;

/// Fills `paragraphs` with the text's paragraphs, white space trimmed.
pub fn split(text: &str, paragraphs: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // A block: lines up to the first blank one.
        let block_start = at;
        let mut margin = 0;
        let mut lines = 0u32;
        loop {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |offset| at + offset);
            let line = trim(text, at, end);
            at = (end + 1).min(bytes.len());
            if line.is_empty() {
                break;
            }
            lines += 1;
            margin = margin.max(line.len() as usize);
            if at >= bytes.len() {
                break;
            }
        }
        if lines > 0 {
            block(text, block_start, at, lines, margin, paragraphs);
        }
    }
}

fn block(text: &str, start: usize, end: usize, lines: u32, margin: usize, paragraphs: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    if lines == 1 || !(MARGIN_MIN..=MARGIN_MAX).contains(&margin) {
        let mut at = start;
        while at < end {
            let stop = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |offset| at + offset);
            let line = trim(text, at, stop);
            if !line.is_empty() {
                paragraphs.push(line);
            }
            at = stop + 1;
        }
        return;
    }
    let mut open: Option<Span> = None;
    let mut at = start;
    while at < end {
        let stop = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |offset| at + offset);
        let line = trim(text, at, stop);
        at = stop + 1;
        if line.is_empty() {
            continue;
        }
        open = Some(match open {
            Some(before) if !wrapped(text, before, line, margin) => {
                paragraphs.push(before);
                line
            }
            Some(before) => before.join(line),
            None => line,
        });
    }
    paragraphs.extend(open);
}

/// Whether the line end between `before` (its last line counts) and `line` was set by the margin alone.
fn wrapped(text: &str, before: Span, line: Span, margin: usize) -> bool {
    let bytes = text.as_bytes();
    let first = &bytes[line.range()];
    if is_bullet(first) {
        return false;
    }
    // No line is longer than the margin, so looking back that far is enough (and keeps this linear).
    let reach = before.range().start.max((before.end as usize).saturating_sub(margin + 2));
    let last_line = memchr::memrchr(b'\n', &bytes[reach..before.end as usize]).map_or(reach, |offset| reach + offset + 1);
    let word = memchr::memchr3(b' ', b'\t', b'\n', first).unwrap_or(first.len());
    before.end as usize - last_line + 1 + word > margin
}

fn is_bullet(line: &[u8]) -> bool {
    matches!(
        line,
        [b'-' | b'*' | b'+' | b'o', b' ' | b'\t', ..]
            | [0xe2, 0x80, 0xa2 | 0xa3, ..]
            | [0xe2, 0x97 | 0x96, ..]
            | [0xc2, 0xb7, ..]
            | [b'0'..=b'9', b'.' | b')', b' ', ..]
            | [b'0'..=b'9', b'0'..=b'9', b'.' | b')', b' ', ..]
            | [b'(', b'a'..=b'z' | b'0'..=b'9', b')', b' ', ..]
    )
}

/// The range without spaces and control characters at either end.
fn trim(text: &str, start: usize, end: usize) -> Span {
    let slice = text[start..end].trim_matches(|c: char| if c.is_ascii() { c <= ' ' || c == '\x7f' } else { is_space(c) });
    let from = slice.as_ptr() as usize - text.as_ptr() as usize;
    Span::of(from..from + slice.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        split(text, &mut found);
        assert_eq!(found.iter().map(|span| span.slice(text)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn blank_lines_and_unwrapped_lines_part_paragraphs() {
        check("", &[]);
        check(" \n\t\n ", &[]);
        check(
            "MINISTERS MEET\nTOKYO, April 14 (Agency) - They met.\n\nThey left.\n",
            &["MINISTERS MEET", "TOKYO, April 14 (Agency) - They met.", "They left."],
        );
    }

    #[test]
    fn wrapped_lines_stay_together() {
        check(
            "The ministers of both countries met on Friday in the\ncapital and agreed that talks on the border will go on\nin May.\n- a list item\n",
            &[
                "The ministers of both countries met on Friday in the\ncapital and agreed that talks on the border will go on\nin May.",
                "- a list item",
            ],
        );
    }
}
