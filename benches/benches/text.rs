//! The language core by itself, level by level, and the parse on two threads.

use std::hint::black_box;

use benches::texts;
use chancery_text::{Analysis, Level, Pipeline, Scratch};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Analyses every text; gives the number of tokens.
fn all(pipeline: &Pipeline, texts: &[(String, String)], level: Level, scratch: &mut Scratch, analysis: &mut Analysis) -> u64 {
    let mut tokens = 0;
    for (_, text) in texts {
        pipeline.analyze_into(text, level, scratch, analysis);
        tokens += analysis.tokens.len() as u64;
    }
    tokens
}

fn levels(criterion: &mut Criterion) {
    let pipeline = Pipeline::english().expect("the embedded model decodes");
    let texts = texts();
    let (mut scratch, mut analysis) = (Scratch::default(), Analysis::default());
    let tokens = all(&pipeline, &texts, Level::Tokens, &mut scratch, &mut analysis);
    assert!(tokens > 1000, "the samples are there");
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Elements(tokens));
    for (name, level) in [("tokens", Level::Tokens), ("tags", Level::Tags), ("parse", Level::Parse)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let counted = all(&pipeline, black_box(&texts), level, &mut scratch, &mut analysis);
                assert_eq!(counted, tokens);
                counted
            });
        });
    }
    group.throughput(Throughput::Elements(2 * tokens));
    group.bench_function("parse on two threads", |bencher| {
        bencher.iter(|| {
            std::thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| all(&pipeline, &texts, Level::Parse, &mut Scratch::default(), &mut Analysis::default()));
                }
            });
        });
    });
    group.finish();
    criterion.bench_function("text/load", |bencher| bencher.iter(|| Pipeline::english().expect("the embedded model decodes")));
}

criterion_group!(benches, levels);
criterion_main!(benches);
