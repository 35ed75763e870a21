//! Plugins that misbehave, each with its expected outcome: the document that causes it is rejected, and no other.
//!
//! Its own `main`, not the test harness's, as an isolated library runs in a child of the same program: called with `plugin serve`, this
//! program is that child. The libraries are built from `plugins/hostile.c` with `cc`; without a C compiler the tests are skipped.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use chancery_model::tables::{CustomLayer, Renderer};
use chancery_model::{Document, Reject, Sentence, Span, TokenRange};
use chancery_plugin::describe::Kind;
use chancery_runner::StepKind;
use chancery_runner::plugin::{self, Language, LoadError, Loaded, LoadedStage, NewPlugin, Options, Request};
use chancery_settings::Settings;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, plugin, serve, library, stage] = arguments.as_slice()
        && plugin == "plugin"
        && serve == "serve"
    {
        std::process::exit(plugin::serve(Path::new(library), stage));
    }
    // What the harness would take: a filter, and options that do not matter here.
    let filter = arguments.iter().skip(1).find(|argument| !argument.starts_with('-')).cloned().unwrap_or_default();
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    let mut ran = 0;
    for (name, test, needs) in TESTS {
        if !name.contains(&filter) {
            continue;
        }
        if !there(needs) {
            println!("test {name} ... skipped: there is no {needs}");
            continue;
        }
        let began = std::time::Instant::now();
        test();
        ran += 1;
        println!("test {name} ... ok ({:.1} s)", began.elapsed().as_secs_f64());
    }
    println!("\ntest result: ok. {ran} passed");
}

/// Name, test, and the program that it needs.
type Test = (&'static str, fn(), &'static str);

const TESTS: &[Test] = &[
    ("a_library_that_cannot_be_used_is_told_why", a_library_that_cannot_be_used_is_told_why, "cc"),
    ("settings_are_checked_before_the_run", settings_are_checked_before_the_run, "cc"),
    ("bad_rows_reject_their_document_and_no_other", bad_rows_reject_their_document_and_no_other, "cc"),
    ("good_rows_are_sorted_and_numbered", good_rows_are_sorted_and_numbered, "cc"),
    ("rows_become_a_dataset_in_code_points", rows_become_a_dataset_in_code_points, "cc"),
    ("isolated_libraries_cannot_hurt_the_run", isolated_libraries_cannot_hurt_the_run, "cc"),
    ("isolated_and_native_give_the_same", isolated_and_native_give_the_same, "cc"),
    ("a_later_plugin_reads_an_earlier_one_s_layer", a_later_plugin_reads_an_earlier_one_s_layer, "cc"),
    ("the_example_in_c_works", the_example_in_c_works, "cc"),
    ("commands_answer_in_characters", commands_answer_in_characters, "python3"),
    ("commands_that_misbehave_reject_one_document", commands_that_misbehave_reject_one_document, "python3"),
    ("commands_that_cannot_be_used_are_told_why", commands_that_cannot_be_used_are_told_why, "python3"),
    ("a_new_project_in_c_passes_its_test", || a_new_project(Language::C, "make", &["test"]), "make"),
    ("a_new_project_in_python_passes_its_test", || a_new_project(Language::Python, "python3", &["-m", "unittest"]), "python3"),
    ("the_example_in_python_works", the_example_in_python_works, "python3"),
];

fn there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// The folder of built libraries, one a run.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

/// The folder of this file.
fn here() -> PathBuf {
    let file = Path::new(file!());
    let from_root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let path = if file.is_absolute() { file.to_owned() } else { from_root };
    path.parent().map(Path::to_owned).unwrap_or_default()
}

fn crates() -> PathBuf {
    here().join("../..")
}

/// Builds a library from C.
fn build(name: &str, source: &Path, flags: &[&str]) -> String {
    let file = format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let path = folder().join(&file);
    if !path.exists() {
        let built = Command::new("cc")
            .args(["-std=gnu99", "-O1", "-w", "-fPIC", "-shared", "-fvisibility=hidden", "-I"])
            .arg(crates().join("chancery-plugin/include"))
            .args(flags)
            .arg("-o")
            .args([&path, source])
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    }
    path.to_string_lossy().into_owned()
}

fn hostile() -> String {
    build("hostile", &source(), &[])
}

fn source() -> PathBuf {
    here().join("plugins/hostile.c")
}

fn load_with(path: &str, yaml: &str, options: Options, earlier: &[CustomLayer]) -> Result<Loaded, LoadError> {
    let settings = Settings::from_yaml(yaml).unwrap();
    plugin::load(&Request { kind: StepKind::Annotate, path, base: folder(), settings: &settings, options: &options, earlier })
}

fn load(path: &str, options: Options) -> Result<Loaded, LoadError> {
    load_with(path, "{}", options, &[])
}

fn isolated() -> Options {
    Options { isolate: true, timeout_s: 3.0, ..Options::default() }
}

fn document(text: &str) -> Document {
    let whole = Span::new(0, text.len() as u32);
    let sentences = vec![Sentence { span: whole, tokens: TokenRange::default(), paragraph: 0 }];
    Document { id: "d".into(), text: text.into(), sentences, ..Document::default() }
}

fn annotate(loaded: &Loaded, texts: &[&str]) -> (Vec<Document>, Vec<Result<(), Reject>>) {
    let mut documents: Vec<Document> = texts.iter().map(|text| document(text)).collect();
    let LoadedStage::Annotator(stage) = &loaded.stage else { panic!("no annotator") };
    let results = stage.annotate_batch("x", &mut documents);
    (documents, results)
}

/// Runs three documents, the middle one guilty; gives what became of it.
fn middle(loaded: &Loaded, text: &str) -> (Document, Result<(), Reject>) {
    let (mut documents, mut results) = annotate(loaded, &["first", text, "last"]);
    for (at, innocent) in [(0, "first"), (2, "last")] {
        assert!(results[at].is_ok(), "{text}: `{innocent}` was rejected: {:?}", results[at]);
        assert_eq!(rows(&documents[at]), 1, "{text}: the rows of `{innocent}`");
    }
    (documents.swap_remove(1), results.swap_remove(1))
}

fn rows(document: &Document) -> usize {
    document.custom.iter().map(|rows| rows.rows.num_rows()).sum()
}

fn a_library_that_cannot_be_used_is_told_why() {
    let plain = folder().join("plain.so");
    std::fs::write(&plain, "#!/bin/sh\n").unwrap();
    let mut foreign = std::fs::read(hostile()).unwrap();
    // The machine of an ELF file.
    foreign[18] ^= 0x55;
    let other_machine = folder().join("foreign.so");
    std::fs::write(&other_machine, foreign).unwrap();
    let cut = folder().join("cut.so");
    std::fs::write(&cut, &std::fs::read(hostile()).unwrap()[..4000]).unwrap();
    let flagged = |name: &str, flag: &str| build(name, &source(), &[flag]);
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let mut cases = vec![
        ("absent".to_owned(), "there is no", "optional: true"),
        (shown(&plain), "no shared library", "lib"),
        (shown(&cut), "cut off", "again"),
        (flagged("nosymbol", "-DNO_SYMBOL"), "does not export `chancery_plugin_v1`", "export!"),
        (flagged("third", "-DOTHER_VERSION"), "built for version 3", "build it again"),
        (flagged("seventh", "-DABI_VERSION=7"), "built for version 7", "build it again"),
        (flagged("small", "-DTABLE_SIZE=32"), "has 32 bytes", "author"),
        (flagged("null", "-DNULL_TABLE"), "null pointer", "author"),
        (flagged("nodescription", "-DDESCRIPTION=NULL"), "description cannot be used: there is none", "author"),
        (flagged("nojson", "-DDESCRIPTION=\"nonsense\""), "description cannot be used", "author"),
    ];
    if cfg!(target_os = "linux") {
        cases.push((shown(&other_machine), "the library is for linux on", "build it on this machine"));
    }
    for (path, words, help) in cases {
        for options in [Options::default(), isolated()] {
            let isolated = options.isolate;
            let error = load(&path, options).err().unwrap_or_else(|| panic!("{path} was loaded"));
            let (message, way_out) = (error.to_string(), error.way_out());
            assert!(message.contains(words), "{path}: {message}");
            // A child tells the reason, but not its kind.
            assert!(isolated || way_out.contains(help), "{path}: {way_out}");
        }
    }
    let pinned = Options { sha256: Some("00".repeat(32)), ..Options::default() };
    assert!(matches!(load(&hostile(), pinned), Err(LoadError::Hash { .. })));
    let right = load(&hostile(), Options::default()).unwrap().file.sha256;
    assert!(load(&hostile(), Options { sha256: Some(right), ..Options::default() }).is_ok());
    let declared = |name: &str, stage: &str| {
        let json = format!("{{\"name\":\"x\",\"version\":\"1\",\"stages\":[{{\"name\":\"x\",\"kind\":\"annotate\",{stage}}}]}}");
        let flag = format!("-DDESCRIPTION=\"{}\"", json.replace('"', "\\\""));
        load(&build(name, &source(), &[&flag]), Options::default()).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let column = "\"columns\":[{\"name\":\"a\",\"type\":\"text\"}]";
    assert!(declared("own", &format!("\"gives\":[{{\"name\":\"quotes\",{column}}}]")).contains("program's own"));
    assert!(declared("path", &format!("\"gives\":[{{\"name\":\"../x\",{column}}}]")).contains("no name of a layer"));
    assert!(
        declared("needs", &format!("\"needs\":[\"moods\"],\"gives\":[{{\"name\":\"m\",{column}}}]")).contains("layer `moods`")
    );
    assert!(
        declared("column", &format!("\"needs\":[\"tokens.lema\"],\"gives\":[{{\"name\":\"m\",{column}}}]"))
            .contains("tokens.lema")
    );
    let no_stage = load(&hostile(), Options { stage: Some("absent".into()), ..Options::default() }).err().unwrap();
    assert!(no_stage.to_string().contains("no stage `absent`") && no_stage.way_out().contains("`hostile`"), "{no_stage}");
}

fn settings_are_checked_before_the_run() {
    for options in [Options::default(), isolated()] {
        let error = load_with(&hostile(), "{ modd: 1 }", options.clone(), &[]).err().unwrap();
        assert!(error.to_string().contains("did you mean `mood`"), "{error}");
        let error = load_with(&hostile(), "{ mood: foul }", options.clone(), &[]).err().unwrap();
        assert!(error.to_string().contains("not in such a mood"), "{error}");
        assert!(load_with(&hostile(), "{ mood: fair }", options, &[]).is_ok());
    }
}

/// What a document does, the code under which it is rejected, words of the message.
const BAD: &[(&str, &str, &str)] = &[
    ("!error", "failed", "asked to fail"),
    ("!silent", "failed", "code -7"),
    ("!panic", "panic", "boom"),
    ("!reject", "mine", "not this one"),
    ("!reject_outside", "bad", "rejects document 1000 of 1"),
    ("!outside", "bad", "lies outside the text"),
    ("!backwards", "bad", "ends before it begins"),
    ("!cut é", "bad", "cuts a character"),
    ("!nan", "bad", "NaN"),
    ("!not_allowed", "bad", "not among good, fine"),
    ("!utf8", "bad", "UTF-8"),
    ("!surrogate", "bad", "UTF-8"),
    ("!wrong_doc", "bad", "document 1000, of 1"),
    ("!offsets", "bad", "backwards"),
    ("!offsets_negative", "bad", "backwards"),
    ("!short", "bad", "0 values for 1 rows"),
    ("!negative", "bad", "-1 rows"),
    ("!endless", "bad", "rows; at most"),
    ("!offset", "bad", "offset is -5"),
    ("!child_offset", "bad", "offset is"),
    ("!null_rows", "bad", "null as a whole"),
    ("!null_count", "bad", "nulls is -9"),
    ("!no_bitmap", "bad", "no validity bitmap"),
    ("!null_required", "bad", "`weight` is empty"),
    ("!null_values", "bad", "null pointer"),
    ("!wrong_type", "bad", "declared is numbers"),
    ("!unknown_type", "bad", "declared is numbers"),
    ("!no_struct", "bad", "no struct array"),
    ("!columns", "bad", "its schema 4"),
    ("!extra", "bad", "`colour` is not declared"),
    ("!twice", "bad", "there twice"),
    ("!missing", "bad", "`weight` is empty"),
    ("!no_schema", "bad", "no schema"),
    ("!endless_name", "bad", "longer than"),
    ("!dictionary", "bad", "dictionaries"),
];

fn is_rejected(text: &str, code: &str, words: &str, result: &Result<(), Reject>) {
    let Err(reject) = result else { panic!("{text} was taken") };
    assert!(reject.code.starts_with(code), "{text}: {reject}");
    assert!(reject.message.contains(words), "{text}: {reject}");
    assert_eq!(reject.stage, "plugin:hostile");
}

fn bad_rows_reject_their_document_and_no_other() {
    let native = load(&hostile(), Options::default()).unwrap();
    let apart = load(&hostile(), isolated()).unwrap();
    for (text, code, words) in BAD {
        is_rejected(text, code, words, &middle(&native, text).1);
        is_rejected(text, code, words, &middle(&apart, text).1);
    }
}

fn good_rows_are_sorted_and_numbered() {
    let loaded = load(&hostile(), Options::default()).unwrap();
    let (document, result) = middle(&loaded, "!overlap here");
    assert!(result.is_ok());
    let rows = &document.custom[0].rows;
    assert_eq!(rows.num_rows(), 2, "spans may overlap; they are sorted");
    let starts = rows.column_by_name("start").unwrap().to_data();
    assert_eq!(starts.buffer::<u32>(0)[starts.offset()..][..2], [0, 2]);
    assert_eq!(document.custom[0].layer, 0);
    assert!(middle(&loaded, "!log").1.is_ok());
    assert!(annotate(&loaded, &[]).1.is_empty());
}

fn rows_become_a_dataset_in_code_points() {
    let source = crates().join("../plugins/percentages/percentages.c");
    let loaded = load(&build("percentages", &source, &[]), Options::default()).unwrap();
    let (documents, _) = annotate(&loaded, &["é 5%", "none", "🏳 6 per cent, 7%"]);
    let renderer = Renderer::new(|rows| rows.name == "documents", loaded.layers.clone());
    let batches = renderer.render(&documents).unwrap();
    let number = renderer.datasets().iter().position(|dataset| dataset.name == "percentages").unwrap();
    let names: Vec<&str> = renderer.datasets()[number].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["record_id", "doc_id", "start", "end", "text", "value", "kind"]);
    let rows = &batches[number];
    let shown = |column: usize| format!("{:?}", rows.column(column));
    assert_eq!(rows.num_rows(), 3);
    assert!(shown(0).contains("d:P1") && shown(0).contains("d:P2"), "{}", shown(0));
    assert!(shown(4).contains("6 per cent") && shown(4).contains("5%"), "{}", shown(4));
    let starts = rows.column(2).to_data();
    assert_eq!(starts.buffer::<u32>(0)[..3], [2, 2, 14]);
}

fn isolated_libraries_cannot_hurt_the_run() {
    let loaded = load(&hostile(), Options { timeout_s: 1.0, ..isolated() }).unwrap();
    let fatal = [
        ("!abort", "crashed"),
        ("!exit", "crashed"),
        ("!segv", "crashed"),
        ("!allocate", "crashed"),
        ("!double_free", "crashed"),
        ("!null_child", ""),
        ("!buffers", ""),
        ("!lie", ""),
        ("!hang", "timeout"),
    ];
    for (text, code) in fatal {
        is_rejected(text, code, "", &middle(&loaded, text).1);
    }
    assert!(middle(&loaded, "!print").1.is_ok(), "what a library prints does not disturb the protocol");
    let (_, results) = annotate(&loaded, &["a", "!abort", "b", "!exit", "!utf8", "c", "!abort"]);
    let rejected: Vec<bool> = results.iter().map(Result::is_err).collect();
    assert_eq!(rejected, [false, true, false, true, true, false, true]);
}

fn isolated_and_native_give_the_same() {
    let texts = ["one", "é two", "!overlap x", "", "!reject", "three"];
    let shown = |options: Options| {
        let (documents, results) = annotate(&load(&hostile(), options).unwrap(), &texts);
        let rows: Vec<String> =
            documents.iter().map(|one| format!("{:?}", one.custom.iter().map(|rows| &rows.rows).collect::<Vec<_>>())).collect();
        (rows, results)
    };
    assert_eq!(shown(Options::default()), shown(isolated()));
}

fn a_later_plugin_reads_an_earlier_one_s_layer() {
    let first = load(&hostile(), Options::default()).unwrap();
    let json = "{\"name\":\"later\",\"version\":\"1\",\"stages\":[{\"name\":\"later\",\"kind\":\"annotate\",\"needs\":[\"marks\"],\"gives\":[{\"name\":\"more\",\"columns\":[{\"name\":\"start\",\"type\":\"integer\"},{\"name\":\"end\",\"type\":\"integer\"},{\"name\":\"weight\",\"type\":\"number\"},{\"name\":\"label\",\"type\":\"text\"}]}]}]}";
    let flag = format!("-DDESCRIPTION=\"{}\"", json.replace('"', "\\\""));
    let path = build("later", &source(), &[&flag]);
    for options in [Options::default(), isolated()] {
        let later = load_with(&path, "{}", options, &first.layers).unwrap();
        assert_eq!(later.needs, ["marks"]);
        let (mut documents, _) = annotate(&first, &["a", "b"]);
        let LoadedStage::Annotator(stage) = &later.stage else { panic!() };
        assert!(stage.annotate_batch("x", &mut documents).iter().all(Result::is_ok));
        let layers: Vec<u32> = documents[1].custom.iter().map(|rows| rows.layer).collect();
        assert_eq!(layers, [0, 1]);
    }
}

fn the_example_in_c_works() {
    let source = crates().join("../plugins/percentages/percentages.c");
    let loaded = load(&build("percentages", &source, &["-Wall", "-Werror"]), Options::default()).unwrap();
    let text = "Growth of 2.5 per cent, up 1,200% – or 3 percentage points; 7 per centimetre, v1.2%, 12";
    let (documents, results) = annotate(&loaded, &[text, "", "é 5 percent"]);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let found: Vec<&str> = spans(&documents[0]).into_iter().map(|span| span.slice(text)).collect();
    assert_eq!(found, ["2.5 per cent", "1,200%", "3 percentage points"]);
    assert_eq!(rows(&documents[2]), 1);
}

fn spans(document: &Document) -> Vec<Span> {
    let values = |rows: &arrow_array::RecordBatch, name: &str| {
        let data = rows.column_by_name(name).unwrap().to_data();
        data.buffer::<u32>(0)[data.offset()..][..data.len()].to_vec()
    };
    let all = document.custom.iter().flat_map(|custom| {
        values(&custom.rows, "start").into_iter().zip(values(&custom.rows, "end")).map(|(start, end)| Span::new(start, end))
    });
    all.collect()
}

fn command(arguments: &str) -> Result<Loaded, String> {
    let settings = Settings::from_yaml(arguments).unwrap();
    let base = here().join("plugins");
    plugin::command(&base, &settings, &[]).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn commands_answer_in_characters() {
    let loaded = command("{ run: [python3, script.py], with: { mood: glad } }").unwrap();
    assert_eq!(loaded.needs, ["sentences"]);
    assert_eq!(loaded.file.path, "script.py");
    assert_eq!(loaded.file.sha256.len(), 64);
    let text = "!tail with é and 🏳 at é🏳";
    let (documents, results) = annotate(&loaded, &["plain", text]);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(spans(&documents[1])[0].slice(text), "é🏳");
    assert!(format!("{:?}", documents[0].custom).contains("1 glad"));
}

fn commands_that_misbehave_reject_one_document() {
    let loaded = command("{ run: [python3, script.py], timeout_s: 1 }").unwrap();
    for (text, code, words) in [
        ("!raise", "crashed", "exit status: 1"),
        ("!hang", "timeout", "within 1 s"),
        ("!babble", "bad_data", "no JSON"),
        ("!error", "mine", "as asked"),
        ("!outside", "bad_data", "outside the text"),
        ("!negative", "bad_data", "`start` is -1"),
        ("!layer", "bad_data", "`moods`, which it does not declare"),
        ("!column", "bad_data", "no column `colour`"),
        ("!type", "bad_data", "`note`"),
        ("!rows", "bad_data", "no list"),
        ("!number", "bad_data", "no document that waits"),
    ] {
        let Err(reject) = middle(&loaded, text).1 else { panic!("{text} was taken") };
        assert_eq!(reject.code, code, "{text}: {reject}");
        assert!(reject.message.contains(words), "{text}: {reject}");
    }
    assert!(middle(&loaded, "!stderr").1.is_ok());
}

fn commands_that_cannot_be_used_are_told_why() {
    for (arguments, words) in [
        ("{ run: [] }", "`run` is empty"),
        ("{ run: [no-such-program-here] }", "cannot be started"),
        ("{ run: [python3, script.py, silent] }", "exit status: 3"),
        ("{ run: [python3, script.py, babble] }", "no JSON"),
        ("{ run: [python3, script.py, newer] }", "version 2 of the protocol"),
        ("{ run: [python3, script.py, rude] }", "no name of a layer"),
        ("{ run: [python3, script.py, refuse] }", "no such mood"),
        ("{ run: [python3, script.py], timeout_s: 0 }", "must be above 0"),
        ("{ run: [python3, script.py], protocol: xml }", "xml"),
        ("{ rum: [python3, script.py] }", "`rum`"),
    ] {
        let error = command(arguments).err().unwrap_or_else(|| panic!("{arguments} was taken"));
        assert!(error.contains(words), "{arguments}: {error}");
    }
}

fn a_new_project(language: Language, program: &str, arguments: &[&str]) {
    let name = format!("new-{program}");
    let made = plugin::new(folder(), &NewPlugin { name: &name, kind: Kind::Annotate, language, sdk: None }).unwrap();
    let tested = Command::new(program).args(arguments).current_dir(&made.folder).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&tested.stdout), String::from_utf8_lossy(&tested.stderr));
    assert!(tested.status.success(), "{told}");
    let stage = made.folder.join(if language == Language::C { name.as_str() } else { "pipeline.yaml" });
    if language == Language::C {
        let loaded = load(&stage.to_string_lossy(), Options::default()).unwrap();
        assert_eq!(rows(&annotate(&loaded, &["The WFP met."]).0[0]), 1);
    }
}

fn the_example_in_python_works() {
    let settings = Settings::from_yaml("{ run: [python3, acronyms.py], with: { longest: 5 } }").unwrap();
    let loaded =
        plugin::command(&crates().join("../plugins/acronyms"), &settings, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let text = "São Tomé asked the World Food Programme (WFP) and the Very Long Name of Many Words (VLNMW).";
    let (documents, results) = annotate(&loaded, &[text, "none"]);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let found: Vec<&str> = spans(&documents[0]).into_iter().map(|span| span.slice(text)).collect();
    assert_eq!(found, ["World Food Programme (WFP)", "Very Long Name of Many Words (VLNMW)"]);
}
