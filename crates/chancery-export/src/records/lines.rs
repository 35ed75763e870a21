//! A sink that writes one file of lines, which a function makes of each document.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use chancery_model::tables::Dataset;
use chancery_model::{Document, Encoded, Encoder, Piece, Sink};

/// Appends a document's lines to the bytes.
pub(super) type Lines = Box<dyn Fn(&Document, &mut Vec<u8>) + Send + Sync>;

struct Shared {
    lines: Lines,
}

impl Encoder for Shared {
    fn encode(&self, piece: &Piece<'_>) -> io::Result<Encoded> {
        let mut bytes = Vec::new();
        for document in piece.documents {
            (self.lines)(document, &mut bytes);
        }
        Ok(Encoded { bytes: vec![(0, bytes)], rows: Vec::new() })
    }
}

/// The sink.
pub(super) struct LinesSink {
    shared: Arc<Shared>,
    name: &'static str,
    header: String,
    file: Option<File>,
}

impl LinesSink {
    /// A sink for a file of that name; `header` (with its line end) comes first.
    pub(super) fn new(name: &'static str, header: String, lines: Lines) -> Self {
        Self { shared: Arc::new(Shared { lines }), name, header, file: None }
    }

    fn file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the sink was not begun"))
    }
}

impl Sink for LinesSink {
    fn encoder(&self) -> Arc<dyn Encoder> {
        Arc::clone(&self.shared) as Arc<dyn Encoder>
    }

    fn begin(&mut self, folder: &Path, _: &[Dataset]) -> io::Result<()> {
        let mut file = File::create(folder.join(self.name))?;
        file.write_all(self.header.as_bytes())?;
        self.file = Some(file);
        Ok(())
    }

    fn write(&mut self, encoded: Encoded) -> io::Result<()> {
        for (_, bytes) in encoded.bytes {
            self.file()?.write_all(&bytes)?;
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Vec<(String, u64)>> {
        let name = self.name.to_owned();
        let file = self.file()?;
        file.sync_data()?;
        Ok(vec![(name, file.metadata()?.len())])
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<String>> {
        self.checkpoint()?;
        Ok(vec![self.name.to_owned()])
    }
}
