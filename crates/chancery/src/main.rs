//! `chancery`: the command line.
//!
//! # Invariants
//! - The only crate that prints, parses arguments or chooses an exit code: 0 all well, 1 finished with rejects, 2 unusable
//!   configuration or arguments, 3 stopped.

mod arguments;
mod commands;
mod progress;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::start(&arguments);
    let result = match arguments.command {
        Command::Run(run) => commands::run::run(&run, arguments.quiet),
        Command::Check(pipeline) => commands::plan::check(&pipeline),
        Command::Explain(pipeline) => commands::plan::explain(&pipeline),
        Command::Stages { json } => commands::stages::list(json),
        Command::Schema => commands::stages::schema(),
        Command::Code(code) => commands::code::code(&code),
        Command::Lexicon(command) => commands::lexicon::lexicon(&command),
        Command::Parse(parse) => commands::parse::parse(&parse),
        Command::Plugin { verb } => commands::plugin::plugin(&verb),
        Command::Completions { shell } => commands::shell::completions(shell),
        Command::Man { folder } => commands::shell::man(&folder),
    };
    result.unwrap_or_else(|report| {
        eprintln!("{report:?}");
        ExitCode::from(2)
    })
}
