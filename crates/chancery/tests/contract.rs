//! The contract of the datasets, as properties over all samples: offsets, order, ids, the same bytes for any number of threads.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use chancery_runner::{Outcome, Plan, run};

/// The workspace's folder: the sample pipeline's paths are relative to it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file that a run over the samples writes, by name.
fn written(threads: usize, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let overrides = [
        format!("run.threads={threads}"),
        "run.batch_bytes=20000".to_owned(),
        format!("export.0.to={}", folder.display()),
        "export.0.also=[tokens]".to_owned(),
    ];
    let plan = Plan::load(&root().join("pipeline.yaml"), &overrides).unwrap_or_else(|error| panic!("{error:?}"));
    let summary = run(plan, &()).unwrap();
    assert_ne!(summary.outcome, Outcome::Stopped);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())).collect()
}

type Row = HashMap<String, String>;

fn rows(bytes: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(bytes).deserialize().map(|row| row.unwrap()).collect()
}

/// `run.json` without what is measured, which differs from run to run.
fn unmeasured(bytes: &[u8]) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let object = value.as_object_mut().unwrap();
    assert!(object.remove("measured").is_some());
    // The pipeline says how many threads and where to: that is what the runs here differ in.
    object.remove("pipeline");
    value
}

#[test]
fn the_samples_obey_the_contract() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let runs: Vec<_> = [1, 2, 8].iter().zip(&folders).map(|(threads, folder)| written(*threads, folder.path())).collect();
    for other in &runs[1..] {
        assert_eq!(runs[0].keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &runs[0] {
            if name == "run.json" {
                assert_eq!(unmeasured(bytes), unmeasured(&other[name]));
            } else {
                assert!(*bytes == other[name], "{name} depends on the number of threads");
            }
        }
    }
    let tables: BTreeMap<&str, Vec<Row>> =
        runs[0].iter().filter_map(|(name, bytes)| Some((name.strip_suffix(".csv")?, rows(bytes)))).collect();
    let documents = &tables["documents"];
    assert!(documents.len() >= 24, "{} documents", documents.len());
    let order: HashMap<&str, usize> = documents.iter().enumerate().map(|(at, row)| (row["doc_id"].as_str(), at)).collect();
    assert_eq!(order.len(), documents.len(), "ids of documents are unique");
    let texts: Vec<Vec<char>> = documents.iter().map(|row| row["text"].chars().collect()).collect();
    for (name, rows) in &tables {
        check_rows(name, rows, &order, &texts);
    }
}

/// Offsets, order and ids of one dataset.
fn check_rows(name: &str, rows: &[Row], order: &HashMap<&str, usize>, texts: &[Vec<char>]) {
    let id = rows.first().map_or(String::new(), |row| {
        let own = format!("{}_id", name.trim_end_matches('s'));
        if row.contains_key(&own) { own } else { String::new() }
    });
    let (mut seen, mut last, mut number) = (HashSet::new(), (0, 0, 0), 0);
    for row in rows.iter().filter(|row| row.contains_key("doc_id")) {
        let document = *order.get(row["doc_id"].as_str()).unwrap_or_else(|| panic!("{name}: no document {}", row["doc_id"]));
        if let (Some(start), Some(end)) = (row.get("start"), row.get("end")) {
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            let words: String = texts[document][start..end].iter().collect();
            assert_eq!(words, row["text"], "{name}: offsets of {row:?}");
            let now = (document, start, end);
            assert!(last <= now, "{name}: rows are out of order at {row:?}");
            number = if document == last.0 { number } else { 0 };
            last = now;
        }
        if !id.is_empty() && name != "documents" {
            number += 1;
            assert!(seen.insert(row[&id].clone()), "{name}: {} is there twice", row[&id]);
            let (doc, tail) = row[&id].rsplit_once(':').unwrap();
            assert_eq!(doc, row["doc_id"]);
            assert_eq!(tail[1..].parse::<usize>().unwrap(), number, "{name}: {}", row[&id]);
        }
    }
}

#[test]
fn every_reference_has_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(2, folder.path());
    let package: serde_json::Value = serde_json::from_slice(&files["datapackage.json"]).unwrap();
    let columns = |bytes: &[u8], fields: &serde_json::Value| -> Vec<Vec<String>> {
        let fields: Vec<&str> = fields.as_array().unwrap().iter().map(|field| field.as_str().unwrap()).collect();
        rows(bytes).iter().map(|row| fields.iter().map(|field| row[*field].clone()).collect()).collect()
    };
    for resource in package["resources"].as_array().unwrap() {
        let own = &files[resource["path"].as_str().unwrap()];
        for key in resource["schema"]["foreignKeys"].as_array().into_iter().flatten() {
            let other = &files[&format!("{}.csv", key["reference"]["resource"].as_str().unwrap())];
            let there: HashSet<Vec<String>> = columns(other, &key["reference"]["fields"]).into_iter().collect();
            for value in columns(own, &key["fields"]).into_iter().filter(|value| value.iter().all(|cell| !cell.is_empty())) {
                assert!(there.contains(&value), "{}: {value:?} refers to no row", resource["name"]);
            }
        }
    }
}
