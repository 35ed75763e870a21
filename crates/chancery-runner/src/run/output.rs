//! Where output goes while it is in the making, and how it comes into place.
//!
//! # Invariants
//! - Until everything is whole, the target folder is as it was.
//! - Files of an earlier run that this one does not write are removed; files that no run wrote are left alone.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_export::{Target, datapackage};
use chancery_model::tables::Dataset;
use chancery_model::{Encoded, Encoder, Sink};
use serde_json::{Value, json};

use super::RunError;
use super::manifest::{FILE, Summary};

/// A sink with its folders.
struct Place {
    sink: Box<dyn Sink>,
    encoder: Arc<dyn Encoder>,
    target: PathBuf,
    working: PathBuf,
}

/// All sinks of a run.
pub struct Output {
    places: Vec<Place>,
    /// The inputs' descriptions, a JSON object a line: a corpus may have millions of files, so they are kept on disk.
    inputs: Option<(PathBuf, BufWriter<File>)>,
}

impl Output {
    /// Makes the working folders and opens the sinks' files there.
    pub fn begin(base: &Path, targets: Vec<Target>, datasets: &[Dataset]) -> Result<Self, RunError> {
        let mut places = Vec::new();
        for (number, target) in targets.into_iter().enumerate() {
            let folder = base.join(&target.to);
            let folder = normal(&folder);
            let name = folder.file_name().map_or_else(|| "out".to_owned(), |name| name.to_string_lossy().into_owned());
            let working = folder.with_file_name(format!(".{name}.{number}.partial"));
            let what = || format!("the working folder `{}` cannot be made", working.display());
            // One that is left from a run that was killed holds nothing of use.
            if working.exists() {
                fs::remove_dir_all(&working).map_err(RunError::io(what()))?;
            }
            fs::create_dir_all(&working).map_err(RunError::io(what()))?;
            let mut sink = target.sink;
            sink.begin(&working, datasets).map_err(RunError::io(what()))?;
            places.push(Place { encoder: sink.encoder(), sink, target: folder, working });
        }
        let inputs = match places.first() {
            None => None,
            Some(place) => {
                let path = place.working.join(".inputs.jsonl");
                let file = File::create(&path).map_err(RunError::io("the list of inputs cannot be kept"))?;
                Some((path, BufWriter::new(file)))
            }
        };
        Ok(Self { places, inputs })
    }

    pub fn encoders(&self) -> Vec<Arc<dyn Encoder>> {
        self.places.iter().map(|place| Arc::clone(&place.encoder)).collect()
    }

    /// The folders that the output goes to.
    pub fn folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = self.places.iter().map(|place| place.target.clone()).collect();
        folders.dedup();
        folders
    }

    pub fn write(&mut self, encoded: Vec<Encoded>) -> Result<(), RunError> {
        for (place, encoded) in self.places.iter_mut().zip(encoded) {
            place.sink.write(encoded).map_err(RunError::io(format!("`{}` cannot be written to", place.working.display())))?;
        }
        Ok(())
    }

    /// Notes an input file for `run.json`.
    pub fn input(&mut self, uri: &str, bytes: u64, blake3: &str) -> Result<(), RunError> {
        let Some((_, file)) = &mut self.inputs else { return Ok(()) };
        let line = json!({ "uri": uri, "bytes": bytes, "blake3": blake3 });
        writeln!(file, "{line}").map_err(RunError::io("the list of inputs cannot be kept"))
    }

    /// Throws away what was written.
    pub fn abandon(self) {
        for place in &self.places {
            // Best effort: what stays is hidden, and the next run removes it.
            drop(fs::remove_dir_all(&place.working));
        }
    }

    /// Closes the sinks and moves their files into place.
    pub fn finish(mut self, summary: &Summary) -> Result<(), RunError> {
        let manifest = self.manifest(summary).map_err(RunError::io("run.json cannot be written"))?;
        for place in self.places {
            let what = format!("the output cannot be moved to `{}`", place.target.display());
            let mut files = place.sink.finish().map_err(RunError::io(what.clone()))?;
            fs::write(place.working.join(FILE), &manifest).map_err(RunError::io(what.clone()))?;
            files.push(FILE.to_owned());
            move_into_place(&place.working, &place.target, &files).map_err(RunError::io(what))?;
        }
        Ok(())
    }

    /// `run.json`, with the inputs read back from the disk.
    fn manifest(&mut self, summary: &Summary) -> std::io::Result<String> {
        let mut inputs = Vec::new();
        if let Some((path, file)) = &mut self.inputs {
            file.flush()?;
            let text = fs::read_to_string(path)?;
            inputs = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect();
        }
        Ok(format!("{:#}\n", summary.to_json(inputs)))
    }
}

/// A path without `.` and a trailing separator.
fn normal(path: &Path) -> PathBuf {
    path.components().collect()
}

/// Moves files into the target folder, each at once, and removes those of an earlier run that are not among them.
fn move_into_place(working: &Path, target: &Path, files: &[String]) -> std::io::Result<()> {
    fs::create_dir_all(target)?;
    for stale in earlier_files(target).into_iter().filter(|name| !files.contains(name)) {
        fs::remove_file(target.join(stale))
            .or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    }
    for name in files {
        fs::rename(working.join(name), target.join(name))?;
    }
    fs::remove_dir_all(working)
}

/// The files that an earlier run's data package names: no paths, so that a forged one cannot reach outside.
fn earlier_files(target: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(target.join(datapackage::FILE)) else { return Vec::new() };
    let Ok(package) = serde_json::from_str::<Value>(&text) else { return Vec::new() };
    let resources = package.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let paths = resources.iter().filter_map(|resource| resource.get("path")?.as_str().map(str::to_owned));
    paths.filter(|path| !path.contains(['/', '\\']) && !path.starts_with('.')).collect()
}
