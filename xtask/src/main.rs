//! The project's chores: `cargo xtask demo | bench | eval`.

mod bench;
mod corpus;
mod demo;
mod eval;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::Result;

const USAGE: &str = "\
cargo xtask demo                     build everything and run the samples
cargo xtask corpus MEGABYTES FILE    write a corpus of generated articles (JSON Lines)
cargo xtask bench [run|text]         measure whole runs, or the language core; docs/benchmarks.md has what we saw
cargo xtask eval NAME [DATA]         print the accuracy of a component over gold data";

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

/// The folder that a release build's products are in, with the program's path in it.
fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release").join(format!("chancery{}", std::env::consts::EXE_SUFFIX))
}
