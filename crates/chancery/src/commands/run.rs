//! `chancery run`.

use std::process::ExitCode;

use chancery_runner::{Outcome, Plan, Summary};
use miette::Result;

use crate::arguments::Run;
use crate::progress::Shown;

/// Runs a pipeline and tells how it was.
pub fn run(arguments: &Run, quiet: bool) -> Result<ExitCode> {
    let mut overrides = arguments.pipeline.set.clone();
    overrides.extend(arguments.threads.map(|threads| format!("run.threads={threads}")));
    let plan = Plan::load(&arguments.pipeline.pipeline, &overrides)?;
    if !quiet {
        plan.notices.iter().for_each(|notice| eprintln!("note: {notice}"));
    }
    let shown = Shown::new(quiet);
    let result = chancery_runner::run(plan, &shown);
    shown.end();
    let summary = result?;
    if !quiet {
        eprint!("{}", told(&summary));
    }
    Ok(ExitCode::from(match summary.outcome {
        Outcome::Complete => 0,
        Outcome::WithRejects => 1,
        Outcome::Stopped => 3,
    }))
}

/// The closing words: documents, rows, speed, where to look.
fn told(summary: &Summary) -> String {
    let counts = &summary.counts;
    let seconds = summary.wall.as_secs_f64().max(1e-9);
    let mut text = format!(
        "{} documents, {} tokens in {:.2} s: {:.1} MB/s of text, {:.0} tokens/s on {} thread{}",
        counts.documents,
        counts.tokens,
        seconds,
        counts.text_bytes as f64 / 1e6 / seconds,
        counts.tokens as f64 / seconds,
        summary.threads,
        if summary.threads == 1 { "" } else { "s" },
    );
    if let Some(peak) = summary.peak_memory {
        text += &format!(", peak memory {:.0} MB", peak as f64 / 1e6);
    }
    text.push('\n');
    let written = counts.rows.iter().filter(|(name, _)| name != "documents" && name != "rejects");
    let rows: Vec<String> = written.map(|(name, rows)| format!("{rows} {name}")).collect();
    if !rows.is_empty() {
        text += &format!("rows: {}\n", rows.join(", "));
    }
    let rejected: u64 = counts.rejects.values().sum();
    if rejected > 0 {
        let codes: Vec<String> = counts.rejects.iter().map(|(code, count)| format!("{count} {code}")).collect();
        text += &format!("{rejected} could not be processed ({}): see rejects\n", codes.join(", "));
    }
    match summary.outcome {
        Outcome::Stopped => text += "stopped: nothing was written; the earlier output, if any, is as it was\n",
        _ => summary.folders.iter().for_each(|folder| text += &format!("look in {}\n", folder.display())),
    }
    text
}
