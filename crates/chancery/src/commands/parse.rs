//! `chancery parse`: text to CoNLL-U.

use std::io::{Read, Write};
use std::process::ExitCode;

use chancery_text::conllu::{self, WriteOptions};
use chancery_text::{Analysis, Level, Pipeline, Scratch};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::arguments::{Depth, Parse};

/// Parses files, or standard input, to standard output.
pub fn parse(arguments: &Parse) -> Result<ExitCode> {
    let pipeline = Pipeline::english().into_diagnostic()?;
    let level = match arguments.level {
        Depth::Tokens => Level::Tokens,
        Depth::Tags => Level::Tags,
        Depth::Parse => Level::Parse,
    };
    let (mut scratch, mut analysis) = (Scratch::default(), Analysis::default());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut one = |name: &str, text: &str| -> Result<()> {
        let mut written = String::new();
        if arguments.pretokenized {
            let mut bank = conllu::read(text);
            if bank.skipped > 0 {
                tracing::warn!(file = name, lines = bank.skipped, "lines that are no CoNLL-U are left out");
            }
            pipeline.annotate(&bank.text, level, &mut scratch, &mut bank.analysis);
            conllu::write_treebank(&mut written, &bank);
        } else {
            pipeline.analyze_into(text, level, &mut scratch, &mut analysis);
            conllu::write(&mut written, text, &analysis, WriteOptions { document: "", offsets: true });
        }
        out.write_all(written.as_bytes()).into_diagnostic().wrap_err("the output cannot be written")
    };
    if arguments.files.is_empty() {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).into_diagnostic().wrap_err("standard input cannot be read")?;
        one("standard input", &String::from_utf8_lossy(&bytes))?;
    }
    for file in &arguments.files {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).into_diagnostic().wrap_err_with(|| format!("{name} cannot be read"))?;
        one(&name, &String::from_utf8_lossy(&bytes))?;
    }
    out.flush().into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
