//! The project's chores: `cargo xtask demo | bench | eval`.

mod bench;
mod components;
mod corpus;
mod demo;
mod eval;
mod gold;
mod samples;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::Result;

const USAGE: &str = "\
cargo xtask demo                     build everything and run the samples
cargo xtask corpus MEGABYTES FILE    write a corpus of generated articles (JSON Lines)
cargo xtask bench [run|text]         measure whole runs, or the language core; docs/benchmarks.md has what we saw
cargo xtask eval NAME [DATA]         print the accuracy of a component over gold data
                                     (dates | entities | quotes | samples [NAME] | text; --show tells what differs)
                                     (events [--show] [--examples [PATTERN]] [--lexicon FILE]...)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["demo"] => demo::demo(),
        ["corpus", megabytes, file] => corpus::command(megabytes, Path::new(file)),
        ["bench"] | ["bench", "run"] => bench::whole_runs(),
        ["bench", "text"] => bench::text(),
        ["eval", rest @ ..] => eval::eval(rest),
        _ => {
            println!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a command of cargo's in the workspace.
fn cargo(arguments: &[&str]) -> Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(program).args(arguments).current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(miette::miette!("`cargo {}` ended with {status}", arguments.join(" "))),
        Err(error) => Err(miette::miette!("cargo cannot be run: {error}")),
    }
}

/// Builds the program and the plugins with the profile that the chores themselves were built with.
fn build() -> Result<()> {
    let profile = match folder().file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev".to_owned(),
        Some(name) => name.to_owned(),
    };
    cargo(&["build", "--profile", &profile])
}

/// The program that [`build`] makes: it stands beside this one.
fn program() -> PathBuf {
    folder().join(format!("chancery{}", std::env::consts::EXE_SUFFIX))
}

/// The folder that this program was built into.
fn folder() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(Path::to_owned))
        .unwrap_or_else(|| root().join("target/release"))
}
