//! `chancery check` and `chancery explain`.

use std::process::ExitCode;

use chancery_runner::Plan;
use miette::Result;

use crate::arguments::Pipeline;

/// Tells whether a pipeline can run.
pub fn check(arguments: &Pipeline) -> Result<ExitCode> {
    let plan = Plan::load(&arguments.pipeline, &arguments.set)?;
    plan.notices.iter().for_each(|notice| println!("note: {notice}"));
    println!("{} can run: {} stages", arguments.pipeline.display(), plan.steps.len());
    Ok(ExitCode::SUCCESS)
}

/// Shows the plan as a table.
pub fn explain(arguments: &Pipeline) -> Result<ExitCode> {
    let plan = Plan::load(&arguments.pipeline, &arguments.set)?;
    let mut rows = vec![["".into(), "stage".into(), "needs".into(), "gives".into(), "what it does".into()]];
    let mut section = "";
    for step in &plan.steps {
        let named = if step.kind.section() == section { String::new() } else { step.kind.section().to_owned() };
        section = step.kind.section();
        rows.push([named, step.name.clone(), step.needs.join(" "), step.gives.join(" "), step.summary.clone()]);
    }
    print!("{}", table(&rows));
    plan.notices.iter().for_each(|notice| println!("note: {notice}"));
    println!("threads: {}", plan.threads());
    Ok(ExitCode::SUCCESS)
}

/// Rows in columns as wide as their widest cell.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
