//! Whatever the text, an analysis keeps its promises.

use chancery_model::{Deprel, Tokens, Upos};
use chancery_text::{Analysis, Level, Pipeline, Scratch};
use proptest::prelude::*;
use std::sync::OnceLock;

fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| Pipeline::english().expect("the model that ships is whole"))
}

/// Everything that the crate's and the columns' documentation promises of any text.
fn check(text: &str, level: Level) -> Analysis {
    let mut analysis = Analysis::default();
    pipeline().analyze_into(text, level, &mut Scratch::default(), &mut analysis);
    let Analysis { paragraphs, sentences, tokens, .. } = &analysis;
    let mut covered = 0;
    for span in &tokens.span {
        assert!(span.start < span.end && span.start as usize >= covered, "{span:?} in {text:?}");
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize), "{span:?} in {text:?}");
        let between = &text[covered..span.start as usize];
        assert!(between.chars().all(|c| c.is_whitespace() || c.is_control()), "{between:?} is in no token of {text:?}");
        covered = span.end as usize;
    }
    assert!(text[covered..].chars().all(|c| c.is_whitespace() || c.is_control()), "the end of {text:?}");
    let mut next = 0;
    for sentence in sentences {
        assert_eq!(sentence.tokens.start.0, next);
        assert!(!sentence.tokens.is_empty());
        next = sentence.tokens.end.0;
        let paragraph = paragraphs[sentence.paragraph as usize];
        assert!(paragraph.contains(sentence.span));
        let range = sentence.tokens.range();
        assert_eq!(sentence.span, tokens.span[range.start].join(tokens.span[range.end - 1]));
        if level == Level::Parse {
            assert_eq!(range.clone().filter(|at| tokens.head[*at] == Tokens::ROOT).count(), 1, "one root in {text:?}");
            for at in range.clone() {
                let mut steps = 0;
                let mut up = at as u32;
                while up != Tokens::ROOT {
                    assert!(range.contains(&(up as usize)));
                    up = tokens.head[up as usize];
                    steps += 1;
                    assert!(steps <= range.len(), "a cycle in {text:?}");
                }
                assert_eq!(tokens.deprel[at] == Deprel::Root, tokens.head[at] == Tokens::ROOT);
            }
        }
    }
    assert_eq!(next as usize, tokens.len());
    if level >= Level::Tags {
        assert!(tokens.upos.iter().all(|upos| *upos != Upos::Unknown));
        assert!(tokens.lemma.iter().all(|lemma| !tokens.lemmas.get(*lemma).is_empty()), "a lemma in {text:?}");
    }
    analysis
}

/// Pieces that the rules look at, to be strewn together.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[A-Za-z]{1,6}",
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        "[.!?…,;:'’‘“”\"`()\\[\\]<>/\\\\@#$%&*_+=~|^-]{1,3}",
        "[0-9]{1,5}",
        "(n't|'s|’s|U\\.S\\.|Mr\\.|etc\\.|www\\.|http://|e-|\\.com|p\\.m\\.|:\\)|cannot|\\[1\\])",
        "\\PC{1,3}",
        "[\u{0}-\u{1f}\u{7f}\u{a0}\u{ad}\u{200b}-\u{200f}\u{2028}\u{feff}\u{fe0f}😀👨‍👩‍👧🇯🇵語हिİßǅ]{1,4}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_string_is_analysed(text in "\\PC{0,200}") {
        check(&text, Level::Parse);
    }

    #[test]
    fn awkward_strings_are_analysed(text in awkward()) {
        check(&text, Level::Parse);
    }

    #[test]
    fn buffers_that_were_used_change_nothing(first in awkward(), second in awkward()) {
        let (mut scratch, mut analysis) = (Scratch::default(), Analysis::default());
        pipeline().analyze_into(&first, Level::Parse, &mut scratch, &mut analysis);
        pipeline().analyze_into(&second, Level::Parse, &mut scratch, &mut analysis);
        let fresh = pipeline().analyze(&second);
        prop_assert_eq!(&analysis.tokens.head, &fresh.tokens.head);
        prop_assert_eq!(&analysis.tokens.xpos, &fresh.tokens.xpos);
        prop_assert_eq!(&analysis.tokens.lemma, &fresh.tokens.lemma);
        prop_assert_eq!(&analysis.sentences, &fresh.sentences);
    }
}

#[test]
fn nothing_is_nothing() {
    for text in ["", " ", "\n\n\t", "\u{feff}\u{200b}"] {
        let analysis = check(text, Level::Parse);
        assert!(analysis.tokens.len() <= 1, "{text:?}");
    }
}

#[test]
fn one_huge_line_takes_time_in_proportion() {
    // Were a rule quadratic, these would take hours.
    let lengths = 500_000;
    for unit in [
        "a", "a ", ".", "'", "-", "1", "1-", "1.", "a.", "a.b.", "(", "\"", "a'", "@", "http://", "n't", "语", "’", "...a",
        "[1]", "a-",
    ] {
        let text = unit.repeat(lengths / unit.len());
        let analysis = {
            let mut analysis = Analysis::default();
            pipeline().analyze_into(&text, Level::Tokens, &mut Scratch::default(), &mut analysis);
            analysis
        };
        assert!(!analysis.tokens.is_empty());
    }
}

#[test]
fn sentences_beyond_the_bound_are_parsed_in_pieces_and_say_so() {
    let text = "the old ministers of the north and the south, ".repeat(120) + "met.";
    let analysis = check(&text, Level::Parse);
    assert_eq!(analysis.sentences.len(), 1);
    assert_eq!(analysis.in_pieces.len(), 1);
    assert!(check("They met.", Level::Parse).in_pieces.is_empty());
}

#[test]
fn threads_share_a_pipeline() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(pipeline());
}

#[test]
fn a_plain_sentence_is_read_as_a_person_would() {
    let text = "The Japanese foreign minister told reporters on Friday that Canada had not signed the agreement.";
    let analysis = check(text, Level::Parse);
    let tokens = &analysis.tokens;
    let find = |form: &str| tokens.span.iter().position(|span| span.slice(text) == form).expect("a token of the text");
    let (minister, told, canada, signed) = (find("minister"), find("told"), find("Canada"), find("signed"));
    assert_eq!((tokens.head[minister], tokens.deprel[minister]), (told as u32, Deprel::Nsubj));
    assert_eq!((tokens.head[canada], tokens.deprel[canada]), (signed as u32, Deprel::Nsubj));
    assert_eq!((tokens.head[signed], tokens.deprel[signed]), (told as u32, Deprel::Ccomp));
    assert_eq!(tokens.lemma_of(chancery_model::TokenIx(told as u32)), "tell");
    assert_eq!(tokens.lemma_of(chancery_model::TokenIx(signed as u32)), "sign");
}
