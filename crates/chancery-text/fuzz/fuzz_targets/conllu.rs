//! Any file read as CoNLL-U: no panic, and what was read can be parsed and written.
#![no_main]

use chancery_text::conllu::{WriteOptions, read, write};
use chancery_text::{Level, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fuzz_target!(|source: &str| {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    let pipeline = PIPELINE.get_or_init(|| Pipeline::english().expect("the model that ships is whole"));
    let mut bank = read(source);
    pipeline.annotate(&bank.text, Level::Parse, &mut Scratch::default(), &mut bank.analysis);
    let mut out = String::new();
    write(&mut out, &bank.text, &bank.analysis, WriteOptions { document: "fuzz", offsets: true });
    assert_eq!(read(&out).analysis.sentences.len(), bank.analysis.sentences.len());
});
