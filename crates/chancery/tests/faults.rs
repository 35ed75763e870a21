//! Bad input of every kind, from the outside: what the program says, and which exit code it ends with.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let Output { status, stdout, stderr } =
            Command::new(env!("CARGO_BIN_EXE_chancery")).args(arguments).current_dir(self.path()).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
    }
}

const GOOD: &str =
    "ingest:\n  - use: files\n    paths: [\"in/*\"]\nannotate:\n  - use: language\nexport:\n  - use: csv\n    to: out/\n";

#[test]
fn every_fault_of_a_pipeline_is_told_at_once_with_its_place() {
    let pipeline = "ingest:\n  - use: fils\n    paths: [in]\nannotate:\n  - use: language\n    prase: true\n  - use: events\n  - plugin: nowhere/themes\nexport:\n  - use: csv\n    to: [out]\nrnu: {}\n";
    let place = Place::new(&[("pipeline.yaml", pipeline.as_bytes()), ("in/a.txt", b"Text.")]);
    let (code, said) = place.run(&["check"]);
    assert_eq!(code, 2, "{said}");
    for expected in [
        "did you mean `files`?",
        "did you mean `parse`?",
        "needs the layer",
        "cannot be used",
        "did you mean `run`?",
        "pipeline.yaml:2:",
        "pipeline.yaml:6:",
    ] {
        assert!(said.contains(expected), "`{expected}` is not said in:\n{said}");
    }
}

#[test]
fn what_is_no_yaml_and_what_is_not_there_is_told() {
    let place = Place::new(&[("broken.yaml", b"ingest: [\n"), ("empty.yaml", b"")]);
    for (file, expected) in
        [("broken.yaml", "this is not YAML"), ("empty.yaml", "a pipeline is a mapping"), ("none.yaml", "cannot be read")]
    {
        let (code, said) = place.run(&["run", file]);
        assert_eq!((code, said.contains(expected)), (2, true), "{file}: {said}");
    }
    let place = Place::new(&[("pipeline.yaml", GOOD.as_bytes())]);
    let (code, said) = place.run(&["run"]);
    assert_eq!((code, said.contains("there is no folder")), (2, true), "{said}");
    let (code, said) = place.run(&["run", "--set", "run.threads"]);
    assert_eq!((code, said.contains("there is no `=`")), (2, true), "{said}");
    let (code, said) = place.run(&["run", "--set", "run.threads=0"]);
    assert_eq!((code, said.contains("threads")), (2, true), "{said}");
}

#[test]
fn a_bad_document_is_a_reject_and_the_others_are_written() {
    let jsonl = "{\"id\": \"a\", \"text\": \"The minister left.\"}\n{broken\n{\"id\": \"a\", \"text\": \"Another text.\"}\n";
    let place = Place::new(&[
        ("pipeline.yaml", GOOD.as_bytes()),
        ("in/a.txt", b"Talks failed on Monday."),
        ("in/b.txt", b"\0\0\0"),
        ("in/c.txt", b""),
        ("in/d.doc", b"x"),
        ("in/e.jsonl", jsonl.as_bytes()),
        ("in/f.txt", b"Talks failed on Monday."),
        ("in/.hidden.txt", b"Not read."),
    ]);
    let (code, said) = place.run(&["run", "-v"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("hidden files are left out"), "{said}");
    let table = |name: &str| {
        let mut reader = csv::Reader::from_path(place.path().join("out").join(name)).unwrap();
        reader.records().map(Result::unwrap).collect::<Vec<_>>()
    };
    let ids: Vec<String> = table("documents.csv").iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert_eq!(ids[1], "a");
    assert_eq!(ids[2], format!("{}-2", ids[0]));
    let codes: Vec<String> = table("rejects.csv").iter().map(|row| row[3].to_owned()).collect();
    assert_eq!(codes, ["binary", "empty", "format", "json", "duplicate_id"]);
    let (code, said) = place.run(&["run", "--set", "run.on_error=stop"]);
    assert_eq!((code, said.contains("nothing was written")), (3, true), "{said}");
    assert!(place.path().join("out/documents.csv").exists(), "the earlier output stays");
}

#[test]
fn a_dataset_that_is_no_longer_written_goes_and_a_foreign_file_stays() {
    let place = Place::new(&[("pipeline.yaml", GOOD.as_bytes()), ("in/a.txt", b"Talks failed."), ("out/mine.csv", b"x")]);
    assert_eq!(place.run(&["run", "--set", "export.0.also=[tokens]"]).0, 0);
    assert!(place.path().join("out/tokens.csv").exists());
    assert_eq!(place.run(&["run"]).0, 0);
    assert!(!place.path().join("out/tokens.csv").exists());
    assert!(place.path().join("out/mine.csv").exists());
    let hidden = std::fs::read_dir(place.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "no working folder is left");
}

#[test]
fn text_is_parsed_to_conllu_and_tokens_that_are_given_stay() {
    let place = Place::new(&[
        ("a.txt", b"Japan's minister didn't go."),
        ("b.conllu", b"1\tdid\t_\t_\t_\t_\t_\t_\t_\t_\n2\tnot go\t_\t_\t_\t_\t_\t_\t_\t_\n\n"),
    ]);
    let (code, said) = place.run(&["parse", "a.txt"]);
    assert_eq!(code, 0);
    assert!(said.contains("1-2\tJapan's") && said.contains("\tn't\tnot\t"), "{said}");
    assert!(said.lines().filter(|line| line.contains('\t')).all(|line| line.split('\t').count() == 10), "{said}");
    let (code, said) = place.run(&["parse", "--pretokenized", "b.conllu"]);
    assert_eq!((code, said.contains("2\tnot go\t")), (0, true), "{said}");
}

#[test]
fn the_commands_that_explain_the_program_work() {
    let place = Place::new(&[("pipeline.yaml", GOOD.as_bytes()), ("in/a.txt", b"x")]);
    for (arguments, expected) in [
        (&["explain"][..], "language"),
        (&["stages"], "quotes"),
        (&["stages", "--json"], "\"settings\""),
        (&["schema"], "json-schema.org"),
        (&["completions", "bash"], "_chancery"),
        (&["man", "pages"], ""),
    ] {
        let (code, said) = place.run(arguments);
        assert_eq!((code, said.contains(expected)), (0, true), "{arguments:?}: {said}");
    }
    assert!(place.path().join("pages/chancery.1").exists());
    let schema: serde_json::Value = serde_json::from_str(&place.run(&["schema"]).1).unwrap();
    assert!(schema["properties"]["annotate"]["items"]["oneOf"].as_array().unwrap().len() > 1);
}
