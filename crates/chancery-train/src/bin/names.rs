//! Trains the model of names: `names DATA OUT`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use chancery_train::names;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let data = arguments.next().context("the data folder is missing: names DATA OUT")?;
    let bytes = names::train(&data)?;
    for file in ["uner/dev_ewt_b.iob2", "ud/dev/gum_news.conllu", "ud/dev/gum_interview.conllu", "ud/dev/gum_bio.conllu"] {
        println!("{file}: {}", names::evaluate_model(&bytes, &data.join(file))?);
    }
    if let Some(out) = arguments.next() {
        std::fs::write(&out, bytes).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}
