//! `cargo xtask bench`: whole runs on a generated corpus, and the language core by itself.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chancery_text::{Analysis, Level, Pipeline, Scratch};
use miette::{IntoDiagnostic, Result, WrapErr};
use serde_json::Value;

use crate::{build, corpus, program, root};

/// Size of the corpus of whole runs, in bytes.
const CORPUS_BYTES: u64 = 50_000_000;
/// Runs of each kind; the best is told, for these machines are noisy.
const RUNS: usize = 3;

/// Measures whole runs with one and two threads, then how memory grows with the corpus.
pub fn whole_runs() -> Result<()> {
    build()?;
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).into_diagnostic()?;
    corpus::write(&folder.join("corpus.jsonl"), CORPUS_BYTES)?;
    println!("| threads | documents/s | MB/s | tokens/s | peak memory | stages by time |\n| --- | --- | --- | --- | --- | --- |");
    for threads in [1, 2] {
        let runs = (0..RUNS).map(|_| run(&folder, "corpus.jsonl", threads)).collect::<Result<Vec<_>>>()?;
        let wall = |run: &Value| run["measured"]["wall_seconds"].as_f64().unwrap_or(f64::MAX);
        let Some(best) = runs.iter().min_by(|a, b| wall(a).total_cmp(&wall(b))) else { continue };
        let (counts, seconds) = (&best["counts"], wall(best));
        let per_second = |key: &str| counts[key].as_f64().unwrap_or_default() / seconds;
        println!(
            "| {threads} | {:.0} | {:.1} | {:.0} | {:.0} MB | {} |",
            per_second("documents"),
            per_second("text_bytes") / 1e6,
            per_second("tokens"),
            best["measured"]["peak_memory_bytes"].as_f64().unwrap_or_default() / 1e6,
            slowest(best),
        );
    }
    println!("\n| documents | peak memory |\n| --- | --- |");
    for documents in [10_000, 100_000] {
        let name = format!("documents-{documents}.jsonl");
        if !folder.join(&name).exists() {
            corpus::write_documents(&folder.join(&name), documents)?;
        }
        let done = run(&folder, &name, 2)?;
        println!("| {documents} | {:.0} MB |", done["measured"]["peak_memory_bytes"].as_f64().unwrap_or_default() / 1e6);
    }
    Ok(())
}

/// The default pipeline over a corpus; gives its `run.json`.
fn run(folder: &Path, corpus: &str, threads: usize) -> Result<Value> {
    let out = folder.join("out");
    let status = Command::new(program())
        .args(["run", "pipeline.yaml", "--quiet", "--threads", &threads.to_string()])
        .args(["--set", &format!("ingest.0.paths=[\"{}\"]", folder.join(corpus).display())])
        .args(["--set", &format!("export.0.to={}", out.display())])
        .current_dir(root())
        .status()
        .into_diagnostic()?;
    miette::ensure!(matches!(status.code(), Some(0 | 1)), "the run ended with {status}");
    let text = std::fs::read_to_string(out.join("run.json")).into_diagnostic().wrap_err("run.json cannot be read")?;
    serde_json::from_str(&text).into_diagnostic()
}

/// The stages that took most time, with their share.
fn slowest(run: &Value) -> String {
    let Some(stages) = run["measured"]["stage_seconds"].as_object() else { return String::new() };
    let mut times: Vec<(&str, f64)> =
        stages.iter().map(|(name, time)| (name.as_str(), time.as_f64().unwrap_or_default())).collect();
    let total: f64 = times.iter().map(|(_, time)| time).sum();
    times.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shares = times.iter().take(6).map(|(name, time)| format!("{name} {:.0} %", 100.0 * time / total.max(1e-9)));
    shares.collect::<Vec<_>>().join(", ")
}

/// Measures the language core on one thread, level by level.
pub fn text() -> Result<()> {
    let file = root().join("target/bench-text.jsonl");
    corpus::write(&file, 8_500_000)?;
    let lines = std::fs::read_to_string(&file).into_diagnostic()?;
    let texts: Vec<String> = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|value| value["text"].as_str().map(str::to_owned))
        .collect();
    let began = Instant::now();
    let pipeline = Pipeline::english().into_diagnostic()?;
    println!("load: {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
    let (mut scratch, mut analysis) = (Scratch::default(), Analysis::default());
    let bytes: usize = texts.iter().map(String::len).sum();
    for (name, level) in [("sentences + tokens", Level::Tokens), ("+ tags and lemmas", Level::Tags), ("+ parse", Level::Parse)] {
        let (mut best, mut tokens) = (Duration::MAX, 0);
        for _ in 0..RUNS {
            let began = Instant::now();
            tokens = 0;
            for text in &texts {
                pipeline.analyze_into(text, level, &mut scratch, &mut analysis);
                tokens += analysis.tokens.len();
            }
            best = best.min(began.elapsed());
        }
        let seconds = best.as_secs_f64();
        println!("{name}: {:.1} MB/s, {:.0} tokens/s", bytes as f64 / 1e6 / seconds, tokens as f64 / seconds);
    }
    Ok(())
}
