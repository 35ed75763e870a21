//! Columns and datasets, described by the code's own types: a row struct's serde and schemars derives say name, type,
//! allowed values and (in the doc comment) meaning of each column.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema as ArrowSchema};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Whole numbers from 0.
    Integer,
    /// Numbers.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Days, ISO 8601.
    Date,
}

impl ColumnKind {
    /// The Arrow type that carries it.
    #[must_use]
    pub const fn arrow(self) -> DataType {
        match self {
            ColumnKind::Text => DataType::Utf8,
            ColumnKind::Integer => DataType::UInt32,
            ColumnKind::Number => DataType::Float64,
            ColumnKind::Boolean => DataType::Boolean,
            ColumnKind::Date => DataType::Date32,
        }
    }
}

/// A column of a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name: the header.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// What that means.
    pub description: String,
    /// In which unit, where one applies.
    pub unit: Option<String>,
    /// The only values it may have, where they are a list.
    pub allowed: Vec<String>,
    /// Whether every row has a value.
    pub required: bool,
}

/// A reference from columns to another dataset's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns here.
    pub columns: Vec<String>,
    /// The other dataset.
    pub dataset: String,
    /// Its columns.
    pub references: Vec<String>,
}

/// A dataset: a table with described columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Its name: the file's stem.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns that identify a row; empty where none do.
    pub primary_key: Vec<String>,
    /// References to other datasets.
    pub foreign_keys: Vec<ForeignKey>,
}

impl Dataset {
    /// The dataset that a row type describes.
    ///
    /// # Panics
    /// Where the type is no flat struct; the tests of this crate build every one.
    #[must_use]
    pub fn of<Row: JsonSchema>(name: &str) -> Dataset {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        let schema = settings.into_generator().into_root_schema_for::<Row>();
        Dataset {
            name: name.to_owned(),
            description: text(&schema, "description"),
            columns: columns(&schema),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
        }
    }

    /// The same with a primary key.
    #[must_use]
    pub fn key(mut self, columns: &[&str]) -> Dataset {
        self.primary_key = columns.iter().map(ToString::to_string).collect();
        self
    }

    /// The same with a reference to another dataset's column.
    #[must_use]
    pub fn refers(mut self, column: &str, dataset: &str, to: &str) -> Dataset {
        self.foreign_keys.push(ForeignKey {
            columns: vec![column.to_owned()],
            dataset: dataset.to_owned(),
            references: vec![to.to_owned()],
        });
        self
    }

    /// Its Arrow fields, each with its description in the metadata.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldRef> {
        self.columns
            .iter()
            .map(|column| {
                let field = Field::new(&column.name, column.kind.arrow(), !column.required);
                let notes = [("description", Some(&column.description)), ("unit", column.unit.as_ref())];
                let notes = notes.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.clone())));
                Arc::new(field.with_metadata(notes.collect::<HashMap<_, _>>()))
            })
            .collect()
    }

    /// Its Arrow schema.
    #[must_use]
    pub fn arrow_schema(&self) -> Arc<ArrowSchema> {
        let notes = [("description".to_owned(), self.description.clone())];
        Arc::new(ArrowSchema::new_with_metadata(self.fields(), notes.into_iter().collect::<HashMap<_, _>>()))
    }
}

fn text(schema: &Schema, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn columns(schema: &Schema) -> Vec<Column> {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object).expect("a row type is a struct with named fields");
    properties
        .iter()
        .map(|(name, property)| {
            let alternatives = alternatives(property);
            let described = |key: &str| {
                let own = property.get(key).and_then(Value::as_str);
                own.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "))
            };
            Column {
                name: name.clone(),
                kind: kind(name, &alternatives),
                description: described("description").unwrap_or_default(),
                unit: described("unit"),
                allowed: alternatives.iter().flat_map(|one| allowed(one)).collect(),
                required: required.contains(&name.as_str()) && !alternatives.iter().any(|one| is_null(one)),
            }
        })
        .collect()
}

/// A property's own schema, or those that it may be (`anyOf`, `oneOf`), an enumeration's values apart.
fn alternatives(property: &Value) -> Vec<&Value> {
    for key in ["anyOf", "oneOf"] {
        if let Some(list) = property.get(key).and_then(Value::as_array) {
            return list.iter().flat_map(alternatives).collect();
        }
    }
    vec![property]
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_null(schema: &Value) -> bool {
    types(schema).contains(&"null")
}

fn allowed(schema: &Value) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn kind(name: &str, alternatives: &[&Value]) -> ColumnKind {
    let is = |wanted: &str| alternatives.iter().any(|one| types(one).contains(&wanted));
    let dated = alternatives.iter().any(|one| one.get("format").and_then(Value::as_str) == Some("date"));
    if dated {
        ColumnKind::Date
    } else if is("integer") {
        ColumnKind::Integer
    } else if is("number") {
        ColumnKind::Number
    } else if is("boolean") {
        ColumnKind::Boolean
    } else {
        assert!(is("string"), "column `{name}`: rows hold text, numbers, booleans and days");
        ColumnKind::Text
    }
}
