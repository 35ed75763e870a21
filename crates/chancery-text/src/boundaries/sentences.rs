//! Sentences of one paragraph: a stop ends one unless what stands around it says otherwise.

use super::classes::{Kind, char_at, kind};
use super::lexicon::Rules;
use super::tokens::{Piece, Shape};
use chancery_model::{Sentence, TokenRange, Tokens};

/// Appends the paragraph's tokens and sentences.
pub fn split(text: &str, pieces: &[Piece], rules: &Rules, paragraph: u32, tokens: &mut Tokens, sentences: &mut Vec<Sentence>) {
    let mut first = 0;
    let mut at = 0;
    while at < pieces.len() {
        let next = match pieces[at].shape {
            Shape::Stop | Shape::Ellipsis | Shape::AbbreviationEnd | Shape::Emoticon => {
                let after = closers(text, pieces, at + 1);
                if after < pieces.len() && ends(text, pieces, first, at, after, rules) { Some(after) } else { None }
            }
            Shape::Word | Shape::Quote | Shape::Open | Shape::Close | Shape::Dash | Shape::Inner | Shape::AbbreviationInside => {
                None
            }
        };
        match next {
            Some(next) => {
                push(&pieces[first..next], paragraph, tokens, sentences);
                first = next;
                at = next;
            }
            None => at += 1,
        }
    }
    if first < pieces.len() {
        push(&pieces[first..], paragraph, tokens, sentences);
    }
}

fn push(pieces: &[Piece], paragraph: u32, tokens: &mut Tokens, sentences: &mut Vec<Sentence>) {
    let start = tokens.len() as u32;
    for piece in pieces {
        tokens.push(piece.span);
    }
    sentences.push(Sentence {
        span: pieces[0].span.join(pieces[pieces.len() - 1].span),
        tokens: TokenRange::new(start, tokens.len() as u32),
        paragraph,
    });
}

/// Past the marks that close what the stop before them ended: quotes and brackets without a space, further stops, smileys.
fn closers(text: &str, pieces: &[Piece], mut at: usize) -> usize {
    while let Some(piece) = pieces.get(at) {
        let closes = match piece.shape {
            Shape::Quote => {
                let (c, _) = char_at(text, piece.span.start as usize);
                // Straight marks close where they cling to what is before; slanted ones say what they are.
                !piece.spaced && !matches!(c, '“' | '‘' | '„' | '«')
            }
            Shape::Close => true,
            Shape::Stop | Shape::Ellipsis | Shape::Emoticon => true,
            _ => false,
        };
        if closes {
            at += 1;
        } else if let Some(after) = citation(text, pieces, at) {
            at = after;
        } else {
            break;
        }
    }
    at
}

/// Past a number in square brackets, which cites a source for what comes before it.
fn citation(text: &str, pieces: &[Piece], at: usize) -> Option<usize> {
    let [open, number, close] = pieces.get(at..at + 3)? else { return None };
    let digits = number.span.slice(text);
    let cites = open.span.slice(text) == "["
        && close.span.slice(text) == "]"
        && !number.spaced
        && digits.len() <= 3
        && digits.bytes().all(|b| b.is_ascii_digit());
    cites.then_some(at + 3)
}

/// Whether the stop at `stop` of the sentence that began at `first` ends it, given that the piece `after` follows its closers.
fn ends(text: &str, pieces: &[Piece], first: usize, stop: usize, after: usize, rules: &Rules) -> bool {
    let next = pieces[after];
    let (c, length) = char_at(text, next.span.start as usize);
    let shape = pieces[stop].shape;
    let stop_text = pieces[stop].span.slice(text);

    // What a sentence cannot begin with.
    if matches!(next.shape, Shape::Inner) && matches!(c, ',' | ';' | ':' | '%') {
        return false;
    }
    // `1.` or `a)` or `IV.` that number what follows.
    if shape == Shape::Stop
        && stop_text == "."
        && stop - first <= 1
        && is_number_of_item(pieces[first].span.slice(text))
        && stop > first
    {
        return false;
    }
    // The first letter that counts: past opening marks.
    let mut word = after;
    while word < pieces.len() && word < after + 3 && matches!(pieces[word].shape, Shape::Quote | Shape::Open | Shape::Dash) {
        word += 1;
    }
    let (letter, _) = match pieces.get(word) {
        Some(piece) => char_at(text, piece.span.start as usize),
        None => (c, length),
    };
    let lower = letter.is_lowercase();
    match shape {
        Shape::AbbreviationEnd => {
            next.spaced && pieces.get(word).is_some_and(|piece| rules.opens_sentence(piece.span.slice(text)))
        }
        Shape::Emoticon => after == stop + 1 && next.spaced && !lower,
        Shape::Ellipsis => next.spaced && letter.is_uppercase(),
        Shape::Stop if stop_text == "." => {
            if !next.spaced {
                // `end.The`: a space was forgotten.
                return letter.is_uppercase() && matches!(next.shape, Shape::Word) || after > stop + 1;
            }
            !lower || after == stop + 1
        }
        _ => {
            let quoted = pieces[stop + 1..after].iter().any(|piece| piece.shape == Shape::Quote);
            if lower {
                return !quoted && after == stop + 1;
            }
            next.spaced || kind(letter) == Kind::Letter
        }
    }
}

/// Whether this may number an item of a list: up to three digits, a letter, a small Roman number.
fn is_number_of_item(form: &str) -> bool {
    let bytes = form.as_bytes();
    (bytes.len() <= 3 && bytes.iter().all(u8::is_ascii_digit))
        || (bytes.len() <= 6 && bytes[0].is_ascii_digit() && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.'))
        || (bytes.len() == 1 && bytes[0].is_ascii_alphabetic())
        || (bytes.len() <= 4 && bytes.iter().all(|b| matches!(b, b'I' | b'V' | b'X' | b'i' | b'v' | b'x')))
}

#[cfg(test)]
mod tests {
    use crate::boundaries::{Rules, split};
    use chancery_model::Tokens;

    /// Sentences of `text`, joined by ` ¦ `.
    fn check(text: &str, expected: &str) {
        let (mut paragraphs, mut sentences, mut tokens, mut pieces) = (Vec::new(), Vec::new(), Tokens::default(), Vec::new());
        split(text, &Rules::built_in(), &mut paragraphs, &mut sentences, &mut tokens, &mut pieces);
        let found: Vec<&str> = sentences.iter().map(|sentence| sentence.span.slice(text)).collect();
        assert_eq!(found.join(" ¦ "), expected);
    }

    #[test]
    fn titles_initials_and_abbreviations_do_not_end_sentences() {
        check(
            "Gen. J. P. Lee met Mr. Smith of the U.S. Treasury. He left at 5 p.m. on Friday.",
            "Gen. J. P. Lee met Mr. Smith of the U.S. Treasury. ¦ He left at 5 p.m. on Friday.",
        );
        check("Talks were held in Washington, D.C. The sides agreed.", "Talks were held in Washington, D.C. ¦ The sides agreed.");
        check("Acme Inc. of Ohio grew 3.5 percent in Sept. 2020.", "Acme Inc. of Ohio grew 3.5 percent in Sept. 2020.");
    }

    #[test]
    fn quotations_keep_their_marks() {
        check(
            "\"We will vote,\" he said. \"Soon.\" The talks go on.",
            "\"We will vote,\" he said. ¦ \"Soon.\" ¦ The talks go on.",
        );
        check("“Will you go?” she asked. “No.” They left.", "“Will you go?” she asked. ¦ “No.” ¦ They left.");
        check("He called it “a ‘great’ day.” It was not.", "He called it “a ‘great’ day.” ¦ It was not.");
    }

    #[test]
    fn datelines_lists_and_citations() {
        check(
            "TOKYO, April 14 (Agency) — Ministers met. They agreed.",
            "TOKYO, April 14 (Agency) — Ministers met. ¦ They agreed.",
        );
        check("1. Sign the treaty. [2] It holds.", "1. Sign the treaty. [2] ¦ It holds.");
        check("Talks stalled… Then they resumed. Well... maybe.", "Talks stalled… ¦ Then they resumed. ¦ Well... maybe.");
    }

    #[test]
    fn lines_without_stops_are_sentences_of_their_own() {
        check(
            "MINISTERS MEET IN TOKYO\nThey agreed on a date.\n\nNo more news",
            "MINISTERS MEET IN TOKYO ¦ They agreed on a date. ¦ No more news",
        );
    }
}
