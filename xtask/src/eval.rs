//! `cargo xtask eval NAME [DATA]`: the accuracy of a component over gold data, a figure a line.
//!
//! The treebanks and other gold data are not part of the project: their folder is named, or is `../shared/data`.

use std::path::PathBuf;

use chancery_text::Pipeline;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::{components, root};

/// What can be evaluated.
const NAMES: &[&str] = &["dates", "entities", "quotes", "samples", "text"];

/// Runs an evaluation.
pub fn eval(arguments: &[&str]) -> Result<()> {
    let show = arguments.contains(&"--show");
    let named = arguments.iter().skip(1).find(|word| !word.starts_with("--"));
    let data = named.map_or_else(|| root().join("../shared/data"), PathBuf::from);
    match arguments.first().copied() {
        Some("dates") => components::dates(&data, show),
        Some("entities") => components::entities(&data),
        Some("quotes") => components::quotes(show),
        Some("samples") => {
            let name = arguments[1..].iter().find(|word| !word.starts_with("--")).copied();
            crate::samples::samples(name, show)
        }
        Some("text") => text(&data),
        _ => Err(miette::miette!("name what to evaluate: {}", NAMES.join(", "))),
    }
}

/// Tags, lemmas, parse, boundaries over the development treebanks.
fn text(data: &std::path::Path) -> Result<()> {
    let pipeline = Pipeline::english().into_diagnostic()?;
    let folder = data.join("ud/dev");
    let rows = chancery_train::text::eval_text(&pipeline, &folder)
        .map_err(|error| miette::miette!("{error}"))
        .wrap_err_with(|| format!("the treebanks in {} cannot be read", folder.display()))?;
    for (name, scores) in rows {
        for (figure, value) in scores.figures() {
            println!("{name} {figure} {value:.2}");
        }
    }
    Ok(())
}
