//! `cargo xtask demo`: builds everything and runs the samples.

use std::process::Command;

use miette::{IntoDiagnostic, Result, WrapErr};

use crate::{build, program, root};

/// Builds the program and the plugins, and runs `pipeline.yaml`.
pub fn demo() -> Result<()> {
    build()?;
    let status = Command::new(program()).args(["run", "pipeline.yaml"]).current_dir(root()).status();
    let status = status.into_diagnostic().wrap_err("the program that was built cannot be run")?;
    match status.code() {
        // 1: some documents are in `rejects`, which the closing words tell.
        Some(0 | 1) => Ok(()),
        _ => Err(miette::miette!("the run ended with {status}")),
    }
}
