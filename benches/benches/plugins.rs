//! What a plugin costs over the same code built in, on documents of 4 KB in batches.
//!
//! Needs the library: `cargo build --profile PROFILE -p themes` before. A command and an isolated library are measured where there is a Python and
//! a built `chancery`.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use chancery_model::{Annotator, Document};
use chancery_plugin::{Annotate, Context};
use chancery_runner::StepKind;
use chancery_runner::plugin::{self, LoadedStage, Options, Request};
use chancery_settings::Settings;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use themes::Themes;

/// Documents in a batch: 256 KiB of 4 KB each.
const BATCH: usize = 64;

fn library() -> Option<PathBuf> {
    let folder = std::env::current_exe().ok()?.parent()?.parent()?.to_owned();
    let name = format!("{}themes{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    [folder.join(&name), folder.join("deps").join(&name)].into_iter().find(|path| path.is_file())
}

fn batch() -> Vec<Document> {
    let sentence =
        "The foreign ministers discussed sanctions, a ceasefire and grain exports with the United Nations envoy on Tuesday. ";
    let text: String = sentence.repeat(4096 / sentence.len());
    (0..BATCH).map(|number| Document { id: number.to_string(), text: text.clone(), ..Document::default() }).collect()
}

fn measure(criterion: &mut Criterion, name: &str, stage: &dyn Annotator) {
    let documents = batch();
    let mut group = criterion.benchmark_group("plugins");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function(name, |bencher| {
        bencher.iter_batched_ref(
            || documents.clone(),
            |documents| {
                let results = stage.annotate_batch(name, documents);
                assert!(results.iter().all(Result::is_ok) && !documents[0].custom.is_empty(), "the stage gives rows");
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn plugins(criterion: &mut Criterion) {
    let built_in =
        Themes::new(themes::Settings::default(), &Context { base: Path::new("."), version: "" }).expect("defaults build");
    let documents = batch();
    let mut group = criterion.benchmark_group("plugins");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("the same code built in", |bencher| {
        bencher.iter(|| documents.iter().map(|document| black_box(built_in.find(&document.text)).len()).sum::<usize>());
    });
    group.finish();
    let settings = Settings::from_yaml("{}").expect("an empty mapping is YAML");
    if let Some(path) = library() {
        let path = path.to_string_lossy();
        let options = Options::default();
        let request = Request {
            kind: StepKind::Annotate,
            path: &path,
            base: Path::new("."),
            settings: &settings,
            options: &options,
            earlier: &[],
        };
        let loaded = plugin::load(&request).expect("the library loads");
        if let LoadedStage::Annotator(stage) = &loaded.stage {
            measure(criterion, "a library, text only", stage.as_ref());
        }
    }
}

criterion_group!(benches, plugins);
criterion_main!(benches);
