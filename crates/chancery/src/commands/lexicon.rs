//! `chancery lexicon check` and `chancery lexicon look`.

use std::path::PathBuf;
use std::process::ExitCode;

use chancery_lexicon::check::{Severity, check, look};
use miette::{IntoDiagnostic, Result, WrapErr};

use super::plan::table;
use crate::arguments::Lexicon;

/// Runs a command on lexicons. Exit code 1: something is wrong, or nothing was found.
pub fn lexicon(command: &Lexicon) -> Result<ExitCode> {
    match command {
        Lexicon::Check { files } => {
            let findings = check(&read(files)?);
            findings.iter().for_each(|finding| println!("{finding}"));
            let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
            println!("{} files, {} findings", files.len(), findings.len());
            Ok(ExitCode::from(u8::from(wrong)))
        }
        Lexicon::Look { name, with } => {
            let name = name.join(" ");
            let found = look(&name, &read(with)?).into_diagnostic()?;
            let mut rows = vec![["kind", "id", "name", "code", "from"].map(str::to_owned)];
            rows.extend(found.iter().map(|one| {
                let place = format!("{}:{}", one.file, one.line);
                [one.kind.to_owned(), one.id.clone(), one.name.clone(), one.code.clone(), place]
            }));
            if found.is_empty() {
                println!("nothing is called `{name}`");
                return Ok(ExitCode::from(1));
            }
            print!("{}", table(&rows));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn read(files: &[PathBuf]) -> Result<Vec<(String, String)>> {
    let one = |path: &PathBuf| {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).into_diagnostic().wrap_err_with(|| format!("{name} cannot be read"))?;
        Ok((name, String::from_utf8_lossy(&bytes).into_owned()))
    };
    files.iter().map(one).collect()
}
