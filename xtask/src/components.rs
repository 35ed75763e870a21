//! Evaluations of single components: `cargo xtask eval dates | entities | quotes`.

use std::path::{Path, PathBuf};

use chancery_annotate::dates::evaluation;
use chancery_annotate::harness::Harness;
use chancery_annotate::quotes::eval::{Report, compare, read_gold};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::root;

/// Expressions of time over annotated histories.
pub fn dates(data: &Path, show: bool) -> Result<()> {
    let harness = Harness::new(&["language", "dates"]);
    let folder = data.join("wikiwars");
    let differ = |file: &str, gold: &str, found: &str| {
        if show {
            println!("{file}: {gold} | {found}");
        }
    };
    let figures = evaluation::measure(&folder, &harness, differ)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be read", folder.display()))?;
    println!("dates strict_f1 {:.3}", figures.strict_f1());
    println!("dates relaxed_f1 {:.3}", figures.relaxed_f1());
    println!("dates value_accuracy {:.3}", figures.value_accuracy());
    println!("dates value_f1 {:.3}", figures.value_f1());
    Ok(())
}

/// Names of people, organizations and places over annotated web text and news.
pub fn entities(data: &Path) -> Result<()> {
    let mean = chancery_train::names::eval::report(data).map_err(|error| miette::miette!("{error}"))?;
    println!("entities mean_f1 {mean:.3}");
    Ok(())
}

/// Quotations over the samples and passages that have gold records.
pub fn quotes(show: bool) -> Result<()> {
    let harness = Harness::new(&["language", "entities", "dates", "places", "quotes"]);
    let mut all = Report::default();
    for file in gold_files()? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).into_diagnostic()?;
        let gold = read_gold(&name, &text).map_err(|error| miette::miette!("{error}"))?;
        let article =
            std::fs::read_to_string(root().join(&gold.article)).into_diagnostic().wrap_err_with(|| gold.article.clone())?;
        let article = article.replace("\r\n", "\n");
        let report = compare(&gold, &harness.annotate(&article, chancery_ingest::parse_date(&gold.published)));
        println!("{name} quotes P {:.3} R {:.3} F1 {:.3}", report.precision(), report.recall(), report.f1());
        if show {
            report.notes.iter().for_each(|note| println!("    {note}"));
        }
        all.add(report);
    }
    println!("all: {all}");
    Ok(())
}

fn gold_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["gold", "gold/passages/quotes"] {
        let entries = std::fs::read_dir(root().join(folder)).into_diagnostic()?;
        files.extend(
            entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "toml")),
        );
    }
    files.sort();
    Ok(files)
}
