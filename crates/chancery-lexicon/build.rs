//! Lists the files of `data/events` and `data/word_classes`, so that a new one needs no change in Rust.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut code = String::new();
    for (constant, folder, extension, doc) in [
        ("EVENT_FILES", "data/events", "yaml", "The files of event patterns that ship: name and text."),
        ("WORD_CLASS_FILES", "data/word_classes", "txt", "The word classes that ship: name and text."),
    ] {
        println!("cargo::rerun-if-changed={folder}");
        let rows = files(&root.join(folder), extension).into_iter().fold(String::new(), |mut rows, name| {
            let path = root.join(folder).join(&name);
            let _ = writeln!(rows, "    ({:?}, include_str!({:?})),", format!("{folder}/{name}"), path.display().to_string());
            rows
        });
        let _ = writeln!(code, "/// {doc}\npub const {constant}: &[(&str, &str)] = &[\n{rows}];");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("event_files.rs"), code).expect("cargo's folder for build output is writable");
}

/// The names of the files with that extension, sorted.
fn files(folder: &Path, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the data folders are part of the crate");
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}
