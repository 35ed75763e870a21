//! `cargo xtask eval samples`: the whole pipeline over the samples that have gold records.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use miette::{IntoDiagnostic, Result, WrapErr};

use crate::gold::{Article, Gold, KINDS, Row, Score};
use crate::{build, program, root};

/// Evaluates one sample, or all; with `show`, tells what was missed and what was not expected.
pub fn samples(only: Option<&str>, show: bool) -> Result<()> {
    build()?;
    let mut totals: BTreeMap<&str, Score> = BTreeMap::new();
    let mut broken = 0;
    let mut files: Vec<_> =
        std::fs::read_dir(root().join("gold")).into_diagnostic()?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if only.is_some_and(|only| only != name) {
            continue;
        }
        broken += one(&name, &Gold::read(file)?, show, &mut totals)?;
    }
    miette::ensure!(!totals.is_empty(), "there is no sample of that name with gold records");
    println!("all: offsets wrong {broken}");
    for (dataset, score) in &totals {
        line("all", dataset, score);
    }
    Ok(())
}

fn one(name: &str, gold: &Gold, show: bool, totals: &mut BTreeMap<&str, Score>) -> Result<usize> {
    let out = root().join("target/eval").join(name);
    std::fs::create_dir_all(&out).into_diagnostic()?;
    let status = Command::new(program())
        .args(["run", "pipeline.yaml", "--quiet", "--set", &format!("ingest.0.paths=[\"{}\"]", gold.article)])
        .args(["--set", &format!("ingest.0.defaults={{published: {}}}", gold.published)])
        .args(["--set", &format!("export.0.to={}", out.display())])
        .current_dir(root())
        .status()
        .into_diagnostic()?;
    miette::ensure!(status.success(), "{name}: the run ended with {status}");
    let documents = rows(&out, "documents")?;
    let exported = documents.first().and_then(|row| row.get("text")).ok_or_else(|| miette::miette!("{name}: no document"))?;
    let source = std::fs::read_to_string(root().join(&gold.article)).into_diagnostic()?;
    let article = Article::new(&source, exported).wrap_err_with(|| name.to_owned())?;
    let mut broken = 0;
    for (key, dataset) in KINDS {
        let rows = rows(&out, dataset)?;
        broken += rows.iter().filter(|row| !article.holds(row)).count();
        if gold.records(key).is_empty() {
            continue;
        }
        let score = gold.score(key, &article, &rows, |words| {
            if show {
                println!("    {name} {dataset} {words}");
            }
        });
        line(name, dataset, &score);
        totals.entry(dataset).or_default().add(score);
    }
    Ok(broken)
}

fn line(name: &str, dataset: &str, score: &Score) {
    let (precision, recall, f1) = score.figures();
    println!(
        "{name} {dataset} P {precision:.3} R {recall:.3} F1 {f1:.3} (found {} of {}, {} of {} rows right)",
        score.found, score.musts, score.right, score.rows
    );
}

/// The rows of a dataset; none where the pipeline does not write it.
fn rows(out: &Path, dataset: &str) -> Result<Vec<Row>> {
    let path = out.join(format!("{dataset}.csv"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut reader = csv::Reader::from_path(path).into_diagnostic()?;
    reader.deserialize().collect::<std::result::Result<Vec<Row>, _>>().into_diagnostic()
}
