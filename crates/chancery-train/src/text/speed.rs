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
}

/// Measures each level over `texts`, best of `runs`; with `threads` above one, the parse again on so many.
#[must_use]
pub fn measure(pipeline: &Pipeline, texts: &[String], runs: usize, threads: usize) -> Vec<Speed> {
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut plans = vec![(Level::Tokens, 1), (Level::Tags, 1), (Level::Parse, 1)];
    if threads > 1 {
        plans.push((Level::Parse, threads));
    }
    let mut best = vec![(Duration::MAX, 0usize); plans.len()];
    // Interleaved, so that a slow moment of the machine is everyone's.
    for _ in 0..runs {
        for ((level, threads), best) in plans.iter().zip(&mut best) {
            let (time, tokens) = run(pipeline, texts, *level, *threads);
            if time < best.0 {
                *best = (time, tokens);
            }
        }
    }
    plans
        .iter()
        .zip(best)
        .map(|((level, threads), (time, tokens))| Speed {
            level: *level,
            threads: *threads,
            tokens: tokens as f64 / time.as_secs_f64(),
            bytes: bytes as f64 / time.as_secs_f64(),
        })
        .collect()
}

fn run(pipeline: &Pipeline, texts: &[String], level: Level, threads: usize) -> (Duration, usize) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let clock = Instant::now();
    let tokens = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let (mut scratch, mut analysis, mut tokens) = (Scratch::default(), Analysis::default(), 0);
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(text) = texts.get(at) else { return tokens };
                        pipeline.analyze_into(text, level, &mut scratch, &mut analysis);
                        tokens += analysis.tokens.len();
                    }
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).sum()
    });
    (clock.elapsed(), tokens)
}
