//! The log, and how faults look.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;

/// Sets up the log (to standard error) and the look of faults.
pub fn start(arguments: &Arguments) {
    let level = match (arguments.quiet, arguments.verbose) {
        (true, _) => "error",
        (_, 0) => "warn",
        (_, 1) => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("CHANCERY_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .without_time()
        .init();
    let hook = miette::set_hook(Box::new(|_| {
        let graphical = std::io::stderr().is_terminal();
        let options = miette::MietteHandlerOpts::new().context_lines(1).unicode(graphical).color(graphical).width(110);
        Box::new(options.build())
    }));
    // Set once, before anything can fail.
    drop(hook);
}
