//! Documents and their layers as tables: what a stage is given.

use std::fmt::{Display, Write};
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use arrow_select::concat::concat_batches;
use chancery_model::tables::CustomLayer;
use chancery_model::{Document, EntityIx, EntityKey, SentenceIx, TokenIx};
use chancery_plugin::Day;
use chancery_plugin::describe::ColumnType;
use chancery_plugin::layers::{DOCUMENTS, LayerColumns};
use jiff::civil::Date;

/// A layer that a stage needs.
pub enum Need {
    /// One of the program's, with the columns that are wanted.
    BuiltIn { layer: &'static LayerColumns, columns: Vec<(&'static str, Fill)>, schema: Arc<Schema> },
    /// One that another plugin gives.
    Custom { number: u32, layer: CustomLayer },
}

impl Need {
    /// The layer of that name with these columns, all where there are none.
    ///
    /// # Errors
    /// There is no such layer or column: a sentence.
    pub fn of(name: &str, wanted: &[String], custom: &[CustomLayer]) -> Result<Need, String> {
        if let Some(number) = custom.iter().position(|layer| layer.name == name) {
            return Ok(Need::Custom { number: number as u32, layer: custom[number].clone() });
        }
        let Some(layer) = chancery_plugin::layers::find(name) else {
            return Err(format!("it needs the layer `{name}`, which neither the program nor an earlier plugin gives"));
        };
        if let Some(unknown) = wanted.iter().find(|one| !layer.columns.iter().any(|(column, _)| column == one)) {
            let known: Vec<&str> = layer.columns.iter().map(|(column, _)| *column).collect();
            return Err(format!("it needs `{name}.{unknown}`; the layer has {}", known.join(", ")));
        }
        let picked =
            |column: &str| wanted.is_empty() || matches!(column, "start" | "end") || wanted.iter().any(|one| one == column);
        let columns: Vec<(&'static str, ColumnType)> =
            layer.columns.iter().copied().filter(|(column, _)| picked(column)).collect();
        let fields = std::iter::once(("doc", ColumnType::Integer)).chain(columns.iter().copied());
        let schema = Arc::new(Schema::new(fields.map(|(name, kind)| field(name, kind)).collect::<Vec<_>>()));
        let fills = columns.iter().map(|(column, _)| fill(layer.name, column).map(|fill| (*column, fill)));
        let columns = fills.collect::<Option<Vec<_>>>().ok_or_else(|| format!("the layer `{name}` cannot be given"))?;
        Ok(Need::BuiltIn { layer, columns, schema })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Need::BuiltIn { layer, .. } => layer.name,
            Need::Custom { layer, .. } => &layer.name,
        }
    }
}

fn field(name: &str, kind: ColumnType) -> Field {
    let arrow = match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::UInt32,
        ColumnType::Number => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
    };
    Field::new(name, arrow, true)
}

/// The tables of a batch: `documents`, then each needed layer.
pub fn tables(needs: &[Need], documents: &[Document]) -> Result<Vec<RecordBatch>, ArrowError> {
    std::iter::once(self::documents(documents)).chain(needs.iter().map(|need| layer(need, documents))).collect()
}

fn documents(documents: &[Document]) -> Result<RecordBatch, ArrowError> {
    let columns = DOCUMENTS.columns.iter().map(|(name, kind)| {
        let bytes = if *name == "text" { documents.iter().map(|one| one.text.len()).sum() } else { documents.len() * 16 };
        let mut cells = Cells::new(*kind, documents.len(), bytes);
        for document in documents {
            let meta = &document.meta;
            match *name {
                "id" => cells.text(&document.id),
                "uri" => cells.text(&document.uri),
                "record" => cells.known(&document.record),
                "title" => cells.known(&meta.title),
                "byline" => cells.known(&meta.byline),
                "publisher" => cells.known(&meta.publisher),
                "published" => cells.day(document.published()),
                "url" => cells.known(&meta.url),
                "language" => cells.known(document.language.map_or(meta.language.as_str(), |language| language.code)),
                _ => cells.text(&document.text),
            }
        }
        cells.finish()
    });
    let fields: Vec<Field> = DOCUMENTS.columns.iter().map(|(name, kind)| field(name, *kind)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.collect())
}

fn layer(need: &Need, documents: &[Document]) -> Result<RecordBatch, ArrowError> {
    match need {
        Need::BuiltIn { layer, columns, schema } => {
            let counts: Vec<usize> = documents.iter().map(|document| count(layer.name, document)).collect();
            let rows = counts.iter().sum();
            let mut arrays = vec![doc_column(&counts)];
            for (name, fill) in columns {
                let kind = layer.columns.iter().find(|(own, _)| own == name).map_or(ColumnType::Text, |(_, kind)| *kind);
                let mut cells = Cells::new(kind, rows, rows * 6);
                for (document, count) in documents.iter().zip(&counts) {
                    (0..*count).for_each(|row| fill(document, row, &mut cells));
                }
                arrays.push(cells.finish());
            }
            RecordBatch::try_new(Arc::clone(schema), arrays)
        }
        Need::Custom { number, layer } => {
            let rows = |document: &Document| {
                document.custom.iter().filter(|rows| rows.layer == *number).map(|rows| rows.rows.clone()).collect::<Vec<_>>()
            };
            let parts: Vec<Vec<RecordBatch>> = documents.iter().map(rows).collect();
            let counts: Vec<usize> = parts.iter().map(|parts| parts.iter().map(RecordBatch::num_rows).sum()).collect();
            let whole = concat_batches(&layer.schema, parts.iter().flatten())?;
            let fields =
                std::iter::once(Arc::new(field("doc", ColumnType::Integer))).chain(layer.schema.fields().iter().cloned());
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            let columns = std::iter::once(doc_column(&counts)).chain(whole.columns().iter().cloned());
            RecordBatch::try_new(schema, columns.collect())
        }
    }
}

fn doc_column(counts: &[usize]) -> ArrayRef {
    let mut docs = UInt32Builder::with_capacity(counts.iter().sum());
    for (document, count) in counts.iter().enumerate() {
        docs.append_value_n(document as u32, *count);
    }
    Arc::new(docs.finish())
}

/// Cells of a column in the making.
pub enum Cells {
    Text(StringBuilder),
    Integer(UInt32Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
}

impl Cells {
    fn new(kind: ColumnType, rows: usize, bytes: usize) -> Self {
        match kind {
            ColumnType::Text => Cells::Text(StringBuilder::with_capacity(rows, bytes)),
            ColumnType::Integer => Cells::Integer(UInt32Builder::with_capacity(rows)),
            ColumnType::Number => Cells::Number(Float64Builder::with_capacity(rows)),
            ColumnType::Boolean => Cells::Boolean(BooleanBuilder::with_capacity(rows)),
            ColumnType::Date => Cells::Date(Date32Builder::with_capacity(rows)),
        }
    }

    fn null(&mut self) {
        match self {
            Cells::Text(cells) => cells.append_null(),
            Cells::Integer(cells) => cells.append_null(),
            Cells::Number(cells) => cells.append_null(),
            Cells::Boolean(cells) => cells.append_null(),
            Cells::Date(cells) => cells.append_null(),
        }
    }

    fn text(&mut self, text: &str) {
        match self {
            Cells::Text(cells) => cells.append_value(text),
            other => other.null(),
        }
    }

    /// A text, null where it is empty: not known.
    fn known(&mut self, text: &str) {
        if text.is_empty() { self.null() } else { self.text(text) }
    }

    /// What a value is displayed as, without a string in between.
    fn shown(&mut self, value: impl Display) {
        if let Cells::Text(cells) = self {
            write!(cells, "{value}").expect("writing into memory does not fail");
            cells.append_value("");
        } else {
            self.null();
        }
    }

    fn integer(&mut self, number: Option<u32>) {
        match self {
            Cells::Integer(cells) => cells.append_option(number),
            other => other.null(),
        }
    }

    fn number(&mut self, number: Option<f64>) {
        match self {
            Cells::Number(cells) => cells.append_option(number),
            other => other.null(),
        }
    }

    fn truth(&mut self, truth: bool) {
        match self {
            Cells::Boolean(cells) => cells.append_value(truth),
            other => other.null(),
        }
    }

    fn day(&mut self, date: Option<Date>) {
        match self {
            Cells::Date(cells) => {
                let day = date.and_then(|date| {
                    Day::new(i32::from(date.year()), date.month().unsigned_abs().into(), date.day().unsigned_abs().into())
                });
                cells.append_option(day.map(|day| day.0));
            }
            other => other.null(),
        }
    }

    fn sentence(&mut self, sentence: SentenceIx, document: &Document) {
        self.integer((sentence.ix() < document.sentences.len()).then_some(sentence.0));
    }

    fn finish(self) -> ArrayRef {
        match self {
            Cells::Text(mut cells) => Arc::new(cells.finish()),
            Cells::Integer(mut cells) => Arc::new(cells.finish()),
            Cells::Number(mut cells) => Arc::new(cells.finish()),
            Cells::Boolean(mut cells) => Arc::new(cells.finish()),
            Cells::Date(mut cells) => Arc::new(cells.finish()),
        }
    }
}

/// Fills the cell of a row of a document.
pub type Fill = fn(&Document, usize, &mut Cells);

fn count(layer: &str, document: &Document) -> usize {
    match layer {
        "sentences" => document.sentences.len(),
        "tokens" => document.tokens.len(),
        "mentions" => document.mentions.len(),
        "entities" => document.entities.len(),
        "quotes" => document.quotes.len(),
        "dates" => document.dates.len(),
        "places" => document.places.len(),
        "events" => document.events.len(),
        "agreements" => document.agreements.len(),
        "quantities" => document.quantities.len(),
        _ => 0,
    }
}

/// A 32-bit number with the digits that it was given with: 0.1, not 0.10000000149.
fn widened(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

fn entity(entity: Option<EntityIx>) -> Option<u32> {
    entity.map(|entity| entity.0)
}

/// What fills a column of a layer; `None` where there is no such column.
fn fill(layer: &str, column: &str) -> Option<Fill> {
    /// Columns of layers whose records have a span.
    macro_rules! layer {
        ($field:ident, $column:expr, { $($name:literal => |$document:pat_param, $row:ident, $cells:ident| $body:expr),+ $(,)? }) => {
            match $column {
                "start" => Some((|document, at, cells| cells.integer(Some(document.$field[at].span.start))) as Fill),
                "end" => Some((|document, at, cells| cells.integer(Some(document.$field[at].span.end))) as Fill),
                $($name => Some((|document, at, $cells| {
                    let ($document, $row) = (document, &document.$field[at]);
                    $body;
                }) as Fill),)+
                _ => None,
            }
        };
    }
    match layer {
        "sentences" => layer!(sentences, column, { "paragraph" => |_, row, cells| cells.integer(Some(row.paragraph)) }),
        "tokens" => token(column),
        "mentions" => layer!(mentions, column, {
            "head_start" => |_, row, cells| cells.integer(Some(row.head.start)),
            "head_end" => |_, row, cells| cells.integer(Some(row.head.end)),
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "kind" => |_, row, cells| cells.text(row.kind.as_str()),
            "type" => |_, row, cells| cells.text(row.r#type.as_str()),
            "entity" => |_, row, cells| cells.integer(entity(row.entity)),
        }),
        "entities" => entity_column(column),
        "quotes" => layer!(quotes, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "kind" => |_, row, cells| cells.text(row.kind.as_str()),
            "cue_start" => |_, row, cells| cells.integer(row.cue.map(|span| span.start)),
            "cue_end" => |_, row, cells| cells.integer(row.cue.map(|span| span.end)),
            "speaker_start" => |_, row, cells| cells.integer(row.speaker.map(|span| span.start)),
            "speaker_end" => |_, row, cells| cells.integer(row.speaker.map(|span| span.end)),
            "speaker" => |_, row, cells| cells.integer(entity(row.speaker_entity)),
            "speaker_name" => |_, row, cells| cells.known(&row.speaker_name),
            "anonymous" => |_, row, cells| cells.truth(row.anonymous),
            "addressee" => |_, row, cells| cells.integer(entity(row.addressee)),
        }),
        "dates" => layer!(dates, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "type" => |_, row, cells| cells.text(row.r#type.as_str()),
            "value" => |_, row, cells| cells.known(&row.value),
            "mod" => |_, row, cells| cells.known(row.modifier),
            "from" => |_, row, cells| cells.day(row.from),
            "to" => |_, row, cells| cells.day(row.to),
        }),
        "places" => layer!(places, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "name" => |_, row, cells| cells.text(&row.name),
            "feature" => |_, row, cells| cells.known(&row.feature),
            "country" => |_, row, cells| cells.known(row.country.as_ref().map_or("", |country| country.as_str())),
            "admin1" => |_, row, cells| cells.known(&row.admin1),
            "latitude" => |_, row, cells| cells.number(row.position.map(|(latitude, _)| widened(latitude))),
            "longitude" => |_, row, cells| cells.number(row.position.map(|(_, longitude)| widened(longitude))),
            "geonames_id" => |_, row, cells| cells.integer((row.geonames_id != 0).then_some(row.geonames_id)),
            "entity" => |_, row, cells| cells.integer(entity(row.entity)),
            "confidence" => |_, row, cells| cells.number(Some(widened(row.confidence))),
        }),
        "events" => layer!(events, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "trigger_start" => |_, row, cells| cells.integer(Some(row.trigger.start)),
            "trigger_end" => |_, row, cells| cells.integer(Some(row.trigger.end)),
            "type" => |_, row, cells| cells.text(row.r#type.as_str()),
            "mode" => |_, row, cells| cells.known(&row.mode),
            "contexts" => |_, row, cells| cells.known(&row.contexts),
            "cameo" => |_, row, cells| cells.known(&row.cameo),
            "quad" => |_, row, cells| cells.integer(Some(row.quad.into())),
            "goldstein" => |_, row, cells| cells.number(row.goldstein.map(widened)),
            "intensity" => |_, row, cells| cells.number(row.intensity.map(widened)),
            "source" => |_, row, cells| cells.integer(row.source.map(|actor| actor.entity.0)),
            "source_start" => |_, row, cells| cells.integer(row.source.map(|actor| actor.span.start)),
            "source_end" => |_, row, cells| cells.integer(row.source.map(|actor| actor.span.end)),
            "target" => |_, row, cells| cells.integer(row.target.map(|actor| actor.entity.0)),
            "target_start" => |_, row, cells| cells.integer(row.target.map(|actor| actor.span.start)),
            "target_end" => |_, row, cells| cells.integer(row.target.map(|actor| actor.span.end)),
            "status" => |_, row, cells| cells.text(row.status.as_str()),
            "from" => |_, row, cells| cells.day(row.from),
            "to" => |_, row, cells| cells.day(row.to),
            "date" => |_, row, cells| cells.integer(row.date.map(|date| date.0)),
            "place" => |_, row, cells| cells.integer(row.place.map(|place| place.0)),
            "quote" => |_, row, cells| cells.integer(row.quote.map(|quote| quote.0)),
            "rule" => |_, row, cells| cells.known(&row.rule),
        }),
        "agreements" => layer!(agreements, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "name" => |_, row, cells| cells.text(&row.name),
            "kind" => |_, row, cells| cells.text(row.kind.as_str()),
            "parties" => |_, row, cells| cells.known(&row.parties),
            "status" => |_, row, cells| cells.known(row.status.map_or("", |status| status.as_str())),
            "from" => |_, row, cells| cells.day(row.from),
            "to" => |_, row, cells| cells.day(row.to),
            "entity" => |_, row, cells| cells.integer(entity(row.entity)),
        }),
        "quantities" => layer!(quantities, column, {
            "sentence" => |document, row, cells| cells.sentence(row.sentence, document),
            "value" => |_, row, cells| cells.number(Some(row.value)),
            "value_to" => |_, row, cells| cells.number(row.value_to),
            "unit" => |_, row, cells| cells.known(&row.unit),
            "of" => |_, row, cells| cells.known(&row.of),
            "modifier" => |_, row, cells| cells.known(row.modifier),
        }),
        _ => None,
    }
}

fn token(column: &str) -> Option<Fill> {
    let fill: Fill = match column {
        "start" => |document, at, cells| cells.integer(Some(document.tokens.span[at].start)),
        "end" => |document, at, cells| cells.integer(Some(document.tokens.span[at].end)),
        "sentence" => |document, at, cells| cells.integer(document.sentence_of(TokenIx::at(at)).map(|sentence| sentence.0)),
        "lemma" => |document, at, cells| cells.known(document.lemma(TokenIx::at(at))),
        "upos" => |document, at, cells| match document.tokens.upos[at] {
            chancery_model::Upos::Unknown => cells.null(),
            tag => cells.text(tag.as_str()),
        },
        "xpos" => |document, at, cells| match document.tokens.xpos[at] {
            chancery_model::Xpos::Unknown => cells.null(),
            tag => cells.text(tag.as_str()),
        },
        "feats" => |document, at, cells| match document.tokens.feats[at] {
            chancery_model::Feats::NONE => cells.null(),
            feats => cells.shown(feats),
        },
        "head" => |document, at, cells| cells.integer(document.tokens.head_of(TokenIx::at(at)).map(|head| head.0)),
        "deprel" => |document, at, cells| match document.tokens.deprel[at] {
            chancery_model::Deprel::Unknown => cells.null(),
            relation => cells.text(relation.as_str()),
        },
        _ => return None,
    };
    Some(fill)
}

fn entity_column(column: &str) -> Option<Fill> {
    let fill: Fill = match column {
        "id" => |document, at, cells| match &document.entities[at].key {
            EntityKey::Named(id) => cells.text(id),
            EntityKey::Anonymous(number) => cells.shown(format_args!("anon/{}/{number}", document.id)),
        },
        "name" => |document, at, cells| cells.text(&document.entities[at].name),
        "type" => |document, at, cells| cells.text(document.entities[at].r#type.as_str()),
        "country" => {
            |document, at, cells| cells.known(document.entities[at].country.as_ref().map_or("", |country| country.as_str()))
        }
        "code" => |document, at, cells| cells.known(&document.entities[at].code),
        "role" => |document, at, cells| cells.known(&document.entities[at].role),
        "status" => |document, at, cells| cells.known(document.entities[at].status.map_or("", |status| status.as_str())),
        "organization" => |document, at, cells| cells.known(&document.entities[at].organization),
        "wikidata" => |document, at, cells| cells.known(&document.entities[at].wikidata),
        "mentions" => |document, at, cells| cells.integer(Some(document.entities[at].mentions)),
        _ => return None,
    };
    Some(fill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_column_is_filled() {
        for layer in chancery_plugin::layers::LAYERS {
            let need = Need::of(layer.name, &[], &[]);
            let need = need.unwrap_or_else(|error| panic!("{}: {error}", layer.name));
            let table = super::layer(&need, &[Document::default()]).unwrap();
            assert_eq!(table.num_columns(), layer.columns.len() + 1, "{}", layer.name);
        }
    }

    #[test]
    fn columns_that_are_not_needed_are_left_out() {
        let need = Need::of("tokens", &["lemma".to_owned()], &[]).unwrap();
        let table = super::layer(&need, &[Document::default()]).unwrap();
        let names: Vec<_> = table.schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["doc", "start", "end", "lemma"]);
        assert!(Need::of("tokens", &["lema".to_owned()], &[]).is_err());
        assert!(Need::of("moods", &[], &[]).is_err());
    }
}
