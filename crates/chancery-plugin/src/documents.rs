//! Documents and their layers, as a stage reads them.

use std::collections::HashMap;

use serde::Deserialize;

use crate::abi::Input;
use crate::day::Day;
use crate::error::Error;
use crate::record::Record;
use crate::view::{Column, TableView};

/// A half-open range of bytes in a document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The documents of a call, and the layers that the stage needs.
pub struct Batch<'a> {
    documents: TableView<'a>,
    text: Option<Column<'a>>,
    layers: Vec<LayerView<'a>>,
}

struct LayerView<'a> {
    name: &'a str,
    table: TableView<'a>,
    /// Where each document's rows begin, and at the end where the last one's end.
    starts: Vec<u32>,
}

impl<'a> Batch<'a> {
    /// Reads what the host passes; `names` are the needed layers in order.
    ///
    /// # Safety
    /// As for `TableView::read`.
    pub(crate) unsafe fn read(input: &'a Input, names: &'a [String]) -> Result<Self, Error> {
        let count = input.tables as usize;
        if count != names.len() + 1 || input.table.is_null() {
            return Err(Error::new(format!("the program passed {count} tables for {} layers", names.len())));
        }
        // SAFETY: the host passes an array of so many tables.
        let tables = unsafe { std::slice::from_raw_parts(input.table, count) };
        // SAFETY: as this function's.
        let documents = unsafe { TableView::read(&tables[0]) }.map_err(Error::new)?;
        let mut layers = Vec::with_capacity(names.len());
        for (name, table) in names.iter().zip(&tables[1..]) {
            // SAFETY: as this function's.
            let table = unsafe { TableView::read(table) }.map_err(|message| Error::new(format!("layer `{name}`: {message}")))?;
            let starts = starts(&table, documents.len());
            layers.push(LayerView { name, table, starts });
        }
        Ok(Self { text: documents.column("text"), documents, layers })
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    pub(crate) fn document(&self, at: usize) -> Document<'_> {
        Document { batch: self, at }
    }
}

/// Where the rows of each document begin: `doc` is sorted.
fn starts(table: &TableView<'_>, documents: usize) -> Vec<u32> {
    let doc = table.column("doc").and_then(|column| column.integers()).unwrap_or_default();
    let mut starts = Vec::with_capacity(documents + 1);
    let mut row = 0;
    for document in 0..documents as u32 {
        starts.push(row as u32);
        row += doc[row..].iter().take_while(|doc| **doc == document).count();
    }
    starts.push(row as u32);
    starts
}

/// One document: its text, what is known about it, and its layers.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    batch: &'a Batch<'a>,
    at: usize,
}

impl<'a> Document<'a> {
    /// The text.
    #[must_use]
    #[inline]
    pub fn text(&self) -> &'a str {
        self.batch.text.map_or("", |column| column.text(self.at))
    }

    /// The text under a span; empty where that lies outside.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'a str {
        self.text().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Its id in the run.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.known("id")
    }

    /// The source file, relative to the pipeline file.
    #[must_use]
    pub fn uri(&self) -> &'a str {
        self.known("uri")
    }

    /// The record's number or key inside the file; empty where the file is one document.
    #[must_use]
    pub fn record(&self) -> &'a str {
        self.known("record")
    }

    /// Headline; empty where not known.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.known("title")
    }

    /// Who wrote it; empty where not known.
    #[must_use]
    pub fn byline(&self) -> &'a str {
        self.known("byline")
    }

    /// Who published it; empty where not known.
    #[must_use]
    pub fn publisher(&self) -> &'a str {
        self.known("publisher")
    }

    /// Where it was published; empty where not known.
    #[must_use]
    pub fn url(&self) -> &'a str {
        self.known("url")
    }

    /// Language, ISO 639-1; empty where not known.
    #[must_use]
    pub fn language(&self) -> &'a str {
        self.known("language")
    }

    /// Day of publication.
    #[must_use]
    pub fn published(&self) -> Option<Day> {
        match self.batch.documents.cell(self.at, "published") {
            crate::Cell::Date(day) => Some(day),
            _ => None,
        }
    }

    fn known(&self, column: &str) -> &'a str {
        self.batch.documents.column(column).map_or("", |column| column.text(self.at))
    }

    fn layer(&self, name: &str) -> Result<(&'a LayerView<'a>, std::ops::Range<usize>), Error> {
        let layer = self.batch.layers.iter().find(|layer| layer.name == name);
        let layer = layer.ok_or_else(|| Error::new(format!("the layer `{name}` is not among the stage's NEEDS")))?;
        Ok((layer, layer.starts[self.at] as usize..layer.starts[self.at + 1] as usize))
    }

    /// The rows of a layer, read as a type of one's own: field names are columns, missing values are `None`.
    ///
    /// # Errors
    /// The layer is not among the stage's needs, or a field finds no column or another type.
    pub fn read<T: Deserialize<'a>>(&self, layer: &str) -> Result<Vec<T>, Error> {
        let (view, rows) = self.layer(layer)?;
        rows.map(|row| {
            T::deserialize(Record::new(&view.table, row)).map_err(|error| Error::new(format!("layer `{layer}`: {error}")))
        })
        .collect()
    }

    /// How many rows a layer has.
    ///
    /// # Errors
    /// The layer is not among the stage's needs.
    pub fn count(&self, layer: &str) -> Result<usize, Error> {
        Ok(self.layer(layer)?.1.len())
    }

    /// The tokens, as columns.
    ///
    /// # Errors
    /// `tokens` is not among the stage's needs.
    pub fn tokens(&self) -> Result<Tokens<'a>, Error> {
        let (layer, rows) = self.layer("tokens")?;
        let column = |name| layer.table.column(name);
        Ok(Tokens {
            text: self.text(),
            first: rows.start,
            count: rows.len(),
            start: column("start"),
            end: column("end"),
            sentence: column("sentence"),
            lemma: column("lemma"),
            upos: column("upos"),
            xpos: column("xpos"),
            feats: column("feats"),
            head: column("head"),
            deprel: column("deprel"),
        })
    }
}

macro_rules! layers {
    ($($(#[$doc:meta])+ $method:ident -> $row:ident $(<$life:lifetime>)?;)+) => {
        impl<'a> Document<'a> { $(
            $(#[$doc])+
            ///
            /// # Errors
            /// The layer is not among the stage's needs.
            pub fn $method(&self) -> Result<Vec<$row $(<$life>)?>, Error> {
                self.read(stringify!($method))
            }
        )+ }
    };
}

layers! {
    /// The sentences.
    sentences -> Sentence;
    /// Each time that someone or something is named or described.
    mentions -> Mention<'a>;
    /// Whom the mentions are of.
    entities -> Entity<'a>;
    /// Quoted and reported speech.
    quotes -> Quote<'a>;
    /// Expressions of time.
    dates -> DateExpr<'a>;
    /// Geographic names.
    places -> Place<'a>;
    /// Who did what to whom.
    events -> Event<'a>;
    /// Treaties, pacts, strategies.
    agreements -> Agreement<'a>;
    /// Numbers with their units.
    quantities -> Quantity<'a>;
}

macro_rules! records {
    ($($(#[$doc:meta])+ $name:ident $(<$life:lifetime>)? { $($(#[$note:meta])* $field:ident : $type:ty),+ $(,)? })+) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[expect(missing_docs, reason = "the columns are told in `layers` and in the user guide")]
        pub struct $name $(<$life>)? { $($(#[$note])* pub $field: $type),+ }
    )+ };
}

records! {
    /// A row of `sentences`.
    Sentence { start: u32, end: u32, paragraph: u32 }
    /// A row of `mentions`.
    Mention<'a> {
        start: u32, end: u32, head_start: u32, head_end: u32, sentence: Option<u32>, kind: &'a str, r#type: &'a str, entity: Option<u32>,
    }
    /// A row of `entities`.
    Entity<'a> {
        id: &'a str, name: &'a str, r#type: &'a str, country: Option<&'a str>, code: Option<&'a str>, role: Option<&'a str>,
        status: Option<&'a str>, organization: Option<&'a str>, wikidata: Option<&'a str>, mentions: u32,
    }
    /// A row of `quotes`.
    Quote<'a> {
        start: u32, end: u32, sentence: Option<u32>, kind: &'a str, cue_start: Option<u32>, cue_end: Option<u32>,
        speaker_start: Option<u32>, speaker_end: Option<u32>, speaker: Option<u32>, speaker_name: Option<&'a str>,
        anonymous: bool, addressee: Option<u32>,
    }
    /// A row of `dates`.
    DateExpr<'a> {
        start: u32, end: u32, sentence: Option<u32>, r#type: &'a str, value: Option<&'a str>, r#mod: Option<&'a str>,
        from: Option<Day>, to: Option<Day>,
    }
    /// A row of `places`.
    Place<'a> {
        start: u32, end: u32, sentence: Option<u32>, name: &'a str, feature: Option<&'a str>, country: Option<&'a str>,
        admin1: Option<&'a str>, latitude: Option<f64>, longitude: Option<f64>, geonames_id: Option<u32>, entity: Option<u32>,
        confidence: Option<f64>,
    }
    /// A row of `events`.
    Event<'a> {
        start: u32, end: u32, sentence: Option<u32>, trigger_start: u32, trigger_end: u32, r#type: &'a str, mode: Option<&'a str>,
        contexts: Option<&'a str>, cameo: Option<&'a str>, quad: u32, goldstein: Option<f64>, intensity: Option<f64>,
        source: Option<u32>, source_start: Option<u32>, source_end: Option<u32>,
        target: Option<u32>, target_start: Option<u32>, target_end: Option<u32>, status: &'a str,
        from: Option<Day>, to: Option<Day>, date: Option<u32>, place: Option<u32>, quote: Option<u32>, rule: Option<&'a str>,
    }
    /// A row of `agreements`.
    Agreement<'a> {
        start: u32, end: u32, sentence: Option<u32>, name: &'a str, kind: &'a str, parties: Option<&'a str>,
        status: Option<&'a str>, from: Option<Day>, to: Option<Day>, entity: Option<u32>,
    }
    /// A row of `quantities`.
    Quantity<'a> {
        start: u32, end: u32, sentence: Option<u32>, value: f64, value_to: Option<f64>, unit: Option<&'a str>, of: Option<&'a str>,
        modifier: Option<&'a str>,
    }
}

/// The tokens of a document, as columns. A column that the stage does not need (`NEEDS` may name `tokens.lemma` alone) is empty.
#[derive(Clone, Copy)]
pub struct Tokens<'a> {
    text: &'a str,
    first: usize,
    count: usize,
    start: Option<Column<'a>>,
    end: Option<Column<'a>>,
    sentence: Option<Column<'a>>,
    lemma: Option<Column<'a>>,
    upos: Option<Column<'a>>,
    xpos: Option<Column<'a>>,
    feats: Option<Column<'a>>,
    head: Option<Column<'a>>,
    deprel: Option<Column<'a>>,
}

impl<'a> Tokens<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn integer(&self, column: Option<Column<'a>>, token: usize) -> Option<u32> {
        assert!(token < self.count, "token {token} of {}", self.count);
        column.and_then(|column| column.integer(self.first + token))
    }

    fn string(&self, column: Option<Column<'a>>, token: usize) -> &'a str {
        assert!(token < self.count, "token {token} of {}", self.count);
        column.map_or("", |column| column.text(self.first + token))
    }

    /// Where a token stands.
    #[must_use]
    pub fn span(&self, token: usize) -> Span {
        Span { start: self.integer(self.start, token).unwrap_or(0), end: self.integer(self.end, token).unwrap_or(0) }
    }

    /// Its form.
    #[must_use]
    pub fn form(&self, token: usize) -> &'a str {
        let span = self.span(token);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The number of its sentence.
    #[must_use]
    pub fn sentence(&self, token: usize) -> u32 {
        self.integer(self.sentence, token).unwrap_or(0)
    }

    /// Its lemma.
    #[must_use]
    pub fn lemma(&self, token: usize) -> &'a str {
        self.string(self.lemma, token)
    }

    /// Its universal tag.
    #[must_use]
    pub fn upos(&self, token: usize) -> &'a str {
        self.string(self.upos, token)
    }

    /// Its treebank tag.
    #[must_use]
    pub fn xpos(&self, token: usize) -> &'a str {
        self.string(self.xpos, token)
    }

    /// Its morphological features.
    #[must_use]
    pub fn feats(&self, token: usize) -> &'a str {
        self.string(self.feats, token)
    }

    /// Its head, a token of the document; `None` for a root.
    #[must_use]
    pub fn head(&self, token: usize) -> Option<usize> {
        self.integer(self.head, token).map(|head| head as usize)
    }

    /// Its relation to the head.
    #[must_use]
    pub fn deprel(&self, token: usize) -> &'a str {
        self.string(self.deprel, token)
    }
}

/// The layers that a list of needs names, each once, with the columns that it wants (all where the list is empty).
#[must_use]
pub fn needed_layers(needs: &[String]) -> Vec<(String, Vec<String>)> {
    let mut order: Vec<(String, Vec<String>)> = Vec::new();
    let mut whole: HashMap<String, bool> = HashMap::new();
    for need in needs {
        let (layer, column) = need.split_once('.').map_or((need.as_str(), None), |(layer, column)| (layer, Some(column)));
        if !order.iter().any(|(name, _)| name == layer) {
            order.push((layer.to_owned(), Vec::new()));
        }
        match column {
            None => drop(whole.insert(layer.to_owned(), true)),
            Some(column) => {
                if let Some((_, columns)) = order.iter_mut().find(|(name, _)| name == layer) {
                    columns.push(column.to_owned());
                }
            }
        }
    }
    for (name, columns) in &mut order {
        if whole.contains_key(name) {
            columns.clear();
        }
    }
    order
}
