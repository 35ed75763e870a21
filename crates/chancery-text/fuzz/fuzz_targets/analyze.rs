//! Any text at all: no panic, spans in order and on boundaries, one root a sentence.
#![no_main]

use chancery_text::{Analysis, Level, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::sync::OnceLock;

thread_local! {
    static BUFFERS: RefCell<(Scratch, Analysis)> = RefCell::default();
}

fuzz_target!(|text: &str| {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    let pipeline = PIPELINE.get_or_init(|| Pipeline::english().expect("the model that ships is whole"));
    BUFFERS.with_borrow_mut(|(scratch, analysis)| {
        pipeline.analyze_into(text, Level::Parse, scratch, analysis);
        let mut end = 0;
        for span in &analysis.tokens.span {
            assert!(span.start >= end && span.start < span.end);
            assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
            end = span.end;
        }
        for sentence in &analysis.sentences {
            let roots = sentence.tokens.iter().filter(|token| analysis.tokens.head_of(*token).is_none()).count();
            assert_eq!(roots, 1);
        }
    });
});
