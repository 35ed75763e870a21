//! How fast a pipeline is, one core and two, over texts that do not repeat.

use chancery_text::{Analysis, Level, Pipeline, Scratch};
use std::time::{Duration, Instant};

/// Speeds of one level.
#[derive(Debug, Clone, Copy)]
pub struct Speed {
    /// The level.
    pub level: Level,
    /// How many threads shared the texts.
    pub threads: usize,
    /// Tokens a second, best of the runs.
    pub tokens: f64,
    /// Bytes a second, best of the runs.
    pub bytes: f64,
    /// Tokens a second of processor time (one thread, Linux only): what a machine without neighbours would show.
    pub unshared: Option<f64>,
}

/// Measures each level over `texts`, best of `runs`; with `threads` above one, the parse again on so many.
#[must_use]
pub fn measure(pipeline: &Pipeline, texts: &[String], runs: usize, threads: usize, only: Option<Level>) -> Vec<Speed> {
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut plans = vec![(Level::Tokens, 1), (Level::Tags, 1), (Level::Parse, 1)];
    if threads > 1 {
        plans.push((Level::Parse, threads));
    }
    plans.retain(|(level, _)| only.is_none_or(|only| only == *level));
    let mut best = vec![(Duration::MAX, 0usize); plans.len()];
    let mut least: Vec<Option<u64>> = vec![None; plans.len()];
    // Interleaved, so that a slow moment of the machine is everyone's.
    for _ in 0..runs {
        for (((level, threads), best), least) in plans.iter().zip(&mut best).zip(&mut least) {
            let (time, tokens, on_processor) = run(pipeline, texts, *level, *threads);
            if *threads == 1 {
                *least = match (*least, on_processor) {
                    (Some(before), Some(now)) => Some(before.min(now)),
                    (before, now) => before.or(now),
                };
            }
            if time < best.0 {
                *best = (time, tokens);
            }
        }
    }
    plans
        .iter()
        .zip(best)
        .zip(least)
        .map(|(((level, threads), (time, tokens)), least)| Speed {
            level: *level,
            threads: *threads,
            tokens: tokens as f64 / time.as_secs_f64(),
            bytes: bytes as f64 / time.as_secs_f64(),
            unshared: least.map(|nanoseconds| tokens as f64 / (nanoseconds.max(1) as f64 / 1e9)),
        })
        .collect()
}

fn run(pipeline: &Pipeline, texts: &[String], level: Level, threads: usize) -> (Duration, usize, Option<u64>) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let clock = Instant::now();
    let (tokens, on_processor) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let (mut scratch, mut analysis, mut tokens) = (Scratch::default(), Analysis::default(), 0usize);
                    let before = nanoseconds_on_processor();
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(text) = texts.get(at) else {
                            let spent = before.and_then(|before| Some(nanoseconds_on_processor()? - before));
                            return (tokens, spent);
                        };
                        pipeline.analyze_into(text, level, &mut scratch, &mut analysis);
                        tokens += analysis.tokens.len();
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .fold((0, None), |sum, one| (sum.0 + one.0, one.1.map(|spent| spent + sum.1.unwrap_or(0))))
    });
    (clock.elapsed(), tokens, on_processor)
}

/// How long this thread has run on a processor, where the system says so.
fn nanoseconds_on_processor() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}
