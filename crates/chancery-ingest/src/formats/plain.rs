//! Plain text: the file is the document.

use std::sync::Arc;

use chancery_model::{Document, Parser, Reject};

use super::Options;
use crate::decode::decode;

pub fn parser(options: Arc<Options>) -> Arc<dyn Parser> {
    Arc::new(Plain(options))
}

struct Plain(Arc<Options>);

impl Parser for Plain {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let text = decode(bytes, self.0.encoding)?;
        Ok(Document { uri: Arc::clone(uri), record: record.to_owned(), text, ..Document::default() })
    }
}
