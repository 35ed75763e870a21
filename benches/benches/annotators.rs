//! Every annotator over the samples, the layers that it needs made outside the clock.

use std::hint::black_box;
use std::path::Path;

use benches::documents;
use chancery_annotate::{ANNOTATORS, Context};
use chancery_settings::Settings;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// The order in which stages build on each other.
const ORDER: &[&str] = &["language", "entities", "dates", "places", "quotes", "events", "agreements", "quantities"];

fn annotators(criterion: &mut Criterion) {
    let context = Context::builtin(Path::new(".")).expect("the embedded model decodes");
    let mut group = criterion.benchmark_group("annotators");
    for entry in ANNOTATORS {
        let stage =
            (entry.build)(&Settings::from_yaml("{}").expect("an empty mapping is YAML"), &context).expect("defaults build");
        let before: Vec<&str> = ORDER.iter().copied().take_while(|name| *name != entry.name).collect();
        let ready = documents(&before.into_iter().filter(|name| chancery_annotate::find(name).is_some()).collect::<Vec<_>>());
        let tokens = documents(&["language"]).iter().map(|document| document.tokens.len() as u64).sum();
        group.throughput(Throughput::Elements(tokens));
        group.bench_function(entry.name, |bencher| {
            bencher.iter_batched_ref(
                || ready.clone(),
                |documents| {
                    for document in documents.iter_mut() {
                        stage.annotate(document).expect("the samples pass");
                    }
                    black_box(documents.len())
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, annotators);
criterion_main!(benches);
