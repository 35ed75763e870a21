//! From layers to rows to CSV: what a worker does after annotating.

use std::hint::black_box;

use benches::documents;
use chancery_model::Piece;
use chancery_model::tables::{Offsets, Renderer};
use chancery_settings::Settings;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn tables(criterion: &mut Criterion) {
    let stages: Vec<&str> = ["language", "entities", "dates", "places", "quotes", "events"]
        .into_iter()
        .filter(|name| chancery_annotate::find(name).is_some())
        .collect();
    let documents = documents(&stages);
    let bytes = documents.iter().map(|document| document.text.len() as u64).sum();
    let renderer = Renderer::new(|rows| rows.by_default, Vec::new());
    let rendered = renderer.render(&documents).expect("rows fit their columns");
    let numbered: Vec<_> = rendered.into_iter().enumerate().collect();
    let csv = chancery_export::find("csv").expect("csv is built in");
    let target = (csv.build)(&Settings::from_yaml("{}").expect("an empty mapping is YAML")).expect("defaults build");
    let encoder = target.sink.encoder();
    let mut group = criterion.benchmark_group("tables");
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("offsets", |bencher| {
        bencher.iter(|| documents.iter().map(|document| Offsets::new(black_box(&document.text)).total()).sum::<u32>());
    });
    group.bench_function("render", |bencher| {
        bencher.iter(|| renderer.render(black_box(&documents)).expect("rows fit their columns").len())
    });
    group.bench_function("csv", |bencher| {
        let piece = Piece { datasets: renderer.datasets(), tables: &numbered, documents: &documents };
        bencher.iter(|| encoder.encode(black_box(&piece)).expect("rows can be encoded").bytes.len());
    });
    group.finish();
}

criterion_group!(benches, tables);
criterion_main!(benches);
