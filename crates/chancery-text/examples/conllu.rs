//! Reads a text from standard input and writes its analysis as CoNLL-U.

use chancery_text::conllu::{WriteOptions, write};
use chancery_text::{ModelError, Pipeline};
use std::io::Read as _;

fn main() -> Result<(), ModelError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let analysis = Pipeline::english()?.analyze(&text);
    let mut out = String::new();
    write(&mut out, &text, &analysis, WriteOptions::default());
    print!("{out}");
    Ok(())
}
