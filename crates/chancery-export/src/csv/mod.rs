//! `use: csv`: a file a dataset, and `datapackage.json` that describes them (Frictionless Data Package v2).
//!
//! RFC 4180 with `\n` line ends: a cell is quoted where it must be, an unknown value is an empty cell.

mod cells;
mod settings;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_model::tables::Dataset;
use chancery_model::{Encoded, Encoder, Piece, Sink};

use crate::{Entry, Selection, Target, datapackage};
use settings::CsvSettings;

/// `use: csv`.
pub const ENTRY: Entry = Entry {
    name: "csv",
    summary: "A CSV file a dataset, with datapackage.json",
    example: "{ to: out/, also: [tokens], omit: [text], escape_formulas: false }",
    schema: || schemars::schema_for!(CsvSettings),
    build: |raw| {
        let settings = raw.read::<CsvSettings>()?;
        let selection = Selection { only: settings.datasets.clone(), also: settings.also.clone(), omit: settings.omit.clone() };
        let shared = Arc::new(Shared { selection: selection.clone(), escape: settings.escape_formulas });
        let sink = Box::new(Csv { shared, folder: PathBuf::new(), datasets: Vec::new(), files: Vec::new() });
        Ok(Target { sink, to: settings.to, selection })
    },
};

/// What workers and the ordered half both need.
struct Shared {
    selection: Selection,
    escape: bool,
}

impl Encoder for Shared {
    fn encode(&self, piece: &Piece<'_>) -> io::Result<Encoded> {
        let mut bytes = Vec::with_capacity(piece.tables.len());
        for (number, batch) in piece.tables {
            let dataset = &piece.datasets[*number];
            if batch.num_rows() > 0 && self.selection.wants(&dataset.name) {
                bytes.push((*number, cells::encode(batch, &self.selection.columns(dataset), self.escape)?));
            }
        }
        Ok(Encoded { bytes, rows: Vec::new() })
    }
}

struct Csv {
    shared: Arc<Shared>,
    folder: PathBuf,
    datasets: Vec<Dataset>,
    /// A file a dataset of the run; `None` for one that is not wanted.
    files: Vec<Option<(String, File)>>,
}

impl Sink for Csv {
    fn encoder(&self) -> Arc<dyn Encoder> {
        Arc::clone(&self.shared) as Arc<dyn Encoder>
    }

    fn begin(&mut self, folder: &Path, datasets: &[Dataset]) -> io::Result<()> {
        self.folder = folder.to_owned();
        for dataset in datasets {
            if !self.shared.selection.wants(&dataset.name) {
                self.files.push(None);
                continue;
            }
            let narrowed = self.shared.selection.narrowed(dataset);
            let name = format!("{}.csv", dataset.name);
            let mut file = File::create(folder.join(&name))?;
            file.write_all(&cells::header(&narrowed)?)?;
            self.files.push(Some((name, file)));
            self.datasets.push(narrowed);
        }
        Ok(())
    }

    fn write(&mut self, encoded: Encoded) -> io::Result<()> {
        for (number, bytes) in encoded.bytes {
            if let Some(Some((_, file))) = self.files.get_mut(number) {
                file.write_all(&bytes)?;
            }
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Vec<(String, u64)>> {
        self.files
            .iter_mut()
            .flatten()
            .map(|(name, file)| {
                file.sync_data()?;
                Ok((name.clone(), file.metadata()?.len()))
            })
            .collect()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<String>> {
        self.checkpoint()?;
        let package = datapackage::describe(&self.datasets, "csv", &|name| format!("{name}.csv"));
        std::fs::write(self.folder.join(datapackage::FILE), package)?;
        let names = self.files.into_iter().flatten().map(|(name, _)| name);
        Ok(names.chain([datapackage::FILE.to_owned()]).collect())
    }
}

#[cfg(test)]
mod tests {
    use chancery_model::Document;
    use chancery_model::tables::Renderer;
    use chancery_settings::Settings;

    use super::*;

    fn written(yaml: &str, text: &str, file: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut target = (ENTRY.build)(&Settings::from_yaml(yaml).unwrap()).unwrap();
        let renderer = Renderer::new(|rows| target.selection.wants(rows.name), Vec::new());
        let documents = [Document { id: "d".into(), text: text.into(), ..Document::default() }];
        let tables: Vec<_> = renderer.render(&documents).unwrap().into_iter().enumerate().collect();
        target.sink.begin(folder.path(), renderer.datasets()).unwrap();
        let encoder = target.sink.encoder();
        let piece = Piece { datasets: renderer.datasets(), tables: &tables, documents: &documents };
        target.sink.write(encoder.encode(&piece).unwrap()).unwrap();
        target.sink.finish().unwrap();
        std::fs::read_to_string(folder.path().join(file)).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let csv = written("{}", "He said \"no\",\nthen left.", "documents.csv");
        assert!(csv.starts_with("doc_id,uri,record,title,"));
        assert!(csv.ends_with(",\"He said \"\"no\"\",\nthen left.\"\n"), "{csv}");
    }

    #[test]
    fn formulas_are_escaped_only_when_asked() {
        assert!(written("{}", "=1+1", "documents.csv").ends_with(",=1+1\n"));
        assert!(written("{ escape_formulas: true }", "=1+1", "documents.csv").ends_with(",'=1+1\n"));
    }

    #[test]
    fn a_column_left_out_is_left_out_of_the_description_too() {
        assert!(
            written("{ omit: [text] }", "Secret.", "documents.csv").lines().next().unwrap().ends_with("duplicate_similarity")
        );
        let package = written("{ omit: [text], datasets: [documents] }", "x", datapackage::FILE);
        assert!(!package.contains("documents count its code points"));
        assert!(package.contains("\"primaryKey\": [\n"));
        assert!(!package.contains("quotes.csv"));
    }
}
