//! A plugin's exporting stage.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_export::{Selection, Target};
use chancery_model::tables::{ColumnKind, Dataset};
use chancery_model::{Encoded, Encoder, Piece, Sink};
use chancery_plugin::describe::{Column, ColumnType, Layer};

use super::answer::Failure;
use super::library::Instance;
use super::{LoadError, Options};

/// The writer with its folder.
pub fn target(name: &str, instance: Instance, options: &Options) -> Result<Target, LoadError> {
    let Some(to) = options.to.clone() else {
        return Err(LoadError::Settings(format!("the writer `{name}` needs a folder: `to: out/`")));
    };
    let selection = Selection { only: options.datasets.clone(), also: options.also.clone(), omit: options.omit.clone() };
    let shared = Arc::new(Shared { selection: selection.clone() });
    let sink = Box::new(PluginSink { name: name.to_owned(), instance, shared, numbers: Vec::new(), folder: PathBuf::new() });
    Ok(Target { sink, to, selection })
}

struct Shared {
    selection: Selection,
}

impl Encoder for Shared {
    /// Rows go on as they are: the stage encodes them itself.
    fn encode(&self, piece: &Piece<'_>) -> io::Result<Encoded> {
        let mut rows = Vec::new();
        for (number, batch) in piece.tables {
            let dataset = &piece.datasets[*number];
            if batch.num_rows() > 0 && self.selection.wants(&dataset.name) {
                let narrowed = batch.project(&self.selection.columns(dataset)).map_err(io::Error::other)?;
                rows.push((*number, narrowed));
            }
        }
        Ok(Encoded { bytes: Vec::new(), rows })
    }
}

struct PluginSink {
    name: String,
    instance: Instance,
    shared: Arc<Shared>,
    /// The stage's number of each dataset of the run that it is told of.
    numbers: Vec<Option<usize>>,
    folder: PathBuf,
}

impl PluginSink {
    fn failed(&self, failure: Failure) -> io::Error {
        io::Error::other(format!("the plugin `{}`: {} ({})", self.name, failure.message, failure.code))
    }

    /// The files that the stage reports: plain names of files that are there.
    fn files(&self, last: bool) -> io::Result<Vec<(String, u64)>> {
        let files = self.instance.files(last).map_err(|failure| self.failed(failure))?;
        for (name, _) in &files {
            let plain = Path::new(name).components().count() == 1 && !name.starts_with('.') && !name.contains(['/', '\\']);
            if !plain || !self.folder.join(name).is_file() {
                let message = format!("it reports `{name}`, which is no file in its working folder");
                return Err(self.failed(Failure::bad_data(message)));
            }
        }
        Ok(files)
    }
}

/// A dataset as a plugin is told of it.
fn described(dataset: &Dataset) -> Layer {
    let columns = dataset.columns.iter().map(|column| Column {
        name: column.name.clone(),
        kind: match column.kind {
            ColumnKind::Text => ColumnType::Text,
            ColumnKind::Integer => ColumnType::Integer,
            ColumnKind::Number => ColumnType::Number,
            ColumnKind::Boolean => ColumnType::Boolean,
            ColumnKind::Date => ColumnType::Date,
        },
        description: column.description.clone(),
        unit: column.unit.clone(),
        allowed: column.allowed.clone(),
        required: column.required,
    });
    Layer { name: dataset.name.clone(), description: dataset.description.clone(), columns: columns.collect() }
}

impl Sink for PluginSink {
    fn encoder(&self) -> Arc<dyn Encoder> {
        Arc::clone(&self.shared) as Arc<dyn Encoder>
    }

    fn begin(&mut self, folder: &Path, datasets: &[Dataset]) -> io::Result<()> {
        let mut layers = Vec::new();
        for dataset in datasets {
            let wanted = self.shared.selection.wants(&dataset.name);
            self.numbers.push(wanted.then_some(layers.len()));
            if wanted {
                layers.push(described(&self.shared.selection.narrowed(dataset)));
            }
        }
        let json = serde_json::to_string(&layers).map_err(io::Error::other)?;
        self.folder = folder.to_owned();
        self.instance.begin(folder, &json).map_err(|failure| self.failed(failure))
    }

    fn write(&mut self, encoded: Encoded) -> io::Result<()> {
        for (number, rows) in &encoded.rows {
            if let Some(Some(own)) = self.numbers.get(*number) {
                self.instance.write(*own, rows).map_err(|failure| self.failed(failure))?;
            }
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Vec<(String, u64)>> {
        self.files(false)
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<String>> {
        Ok(self.files(true)?.into_iter().map(|(name, _)| name).collect())
    }
}
