//! `cargo xtask demo`: builds everything and runs the samples.

use std::process::Command;

use miette::{IntoDiagnostic, Result, WrapErr};

use crate::{build, folder, program, root};

/// Builds the program and the plugins, and runs `pipeline.yaml`.
pub fn demo() -> Result<()> {
    build()?;
    // The pipeline names plugins by their folder's name; the library goes beside it, wherever cargo built it.
    let library = format!("{}themes{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    std::fs::copy(folder().join(&library), root().join("plugins").join(&library))
        .into_diagnostic()
        .wrap_err("the example plugin cannot be put beside its folder")?;
    let status = Command::new(program()).args(["run", "pipeline.yaml"]).current_dir(root()).status();
    let status = status.into_diagnostic().wrap_err("the program that was built cannot be run")?;
    match status.code() {
        // 1: some documents are in `rejects`, which the closing words tell.
        Some(0 | 1) => Ok(()),
        _ => Err(miette::miette!("the run ended with {status}")),
    }
}
