//! Completions and manual pages, generated from the arguments' own descriptions.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::arguments::Arguments;

/// Prints the completions of a shell.
pub fn completions(shell: Shell) -> Result<ExitCode> {
    clap_complete::generate(shell, &mut Arguments::command(), "chancery", &mut std::io::stdout());
    Ok(ExitCode::SUCCESS)
}

/// Writes a manual page for the program and each command.
pub fn man(folder: &Path) -> Result<ExitCode> {
    let shown = folder.display();
    std::fs::create_dir_all(folder).into_diagnostic().wrap_err_with(|| format!("the folder {shown} cannot be made"))?;
    clap_mangen::generate_to(Arguments::command(), folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("{shown} cannot be written to"))?;
    Ok(ExitCode::SUCCESS)
}
