//! How far a run is: a bar on a terminal, a line every half minute elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chancery_runner::{Observer, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is printed where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Shows how far a run is, and hears when the user wants it to stop.
pub struct Shown {
    bar: Option<ProgressBar>,
    line: Mutex<Instant>,
    quiet: bool,
    stop: &'static AtomicBool,
}

static STOP: AtomicBool = AtomicBool::new(false);

impl Shown {
    /// Begins to watch. The first Ctrl-C asks the run to stop, the second ends the program.
    pub fn new(quiet: bool) -> Self {
        let heard = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        if let Err(error) = heard {
            tracing::debug!(%error, "Ctrl-C ends the program at once");
        }
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} eta {eta}  {msg}");
            let bar = ProgressBar::new(0);
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, line: Mutex::new(Instant::now()), quiet, stop: &STOP }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Shown {
    fn progress(&self, progress: &Progress<'_>) {
        let told = || {
            let slowest = progress.slowest.map_or(String::new(), |stage| format!(", slowest stage {stage}"));
            format!("{} documents, {} rejects{slowest}", progress.documents, progress.rejects)
        };
        if let Some(bar) = &self.bar {
            bar.set_length(progress.total_bytes.unwrap_or(progress.bytes));
            bar.set_position(progress.bytes);
            bar.set_message(told());
            return;
        }
        let Ok(mut last) = self.line.lock() else { return };
        if !self.quiet && last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            eprintln!("{:.1} MB, {}", progress.bytes as f64 / 1e6, told());
        }
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
