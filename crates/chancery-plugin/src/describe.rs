//! What a plugin says of itself: JSON in the C interface, and the handshake of a command.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A plugin and its stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// One line about it.
    #[serde(default)]
    pub summary: String,
    /// Its stages.
    pub stages: Vec<StageDescription>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageDescription {
    /// Its name; the only stage of a plugin may go by the plugin's.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One line about it.
    #[serde(default)]
    pub summary: String,
    /// JSON schema of its settings.
    #[serde(default)]
    pub settings: Value,
    /// The layers that it needs: `sentences`, or single columns of one, `tokens.lemma`.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The layers that it gives.
    #[serde(default)]
    pub gives: Vec<Layer>,
    /// Whether several threads may call the same instance at once.
    #[serde(default = "yes")]
    pub parallel: bool,
}

const fn yes() -> bool {
    true
}

/// What a stage does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Gives documents.
    Ingest,
    /// Adds layers.
    Annotate,
    /// Writes datasets.
    Export,
}

impl Kind {
    /// As a pipeline names its section.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Ingest => "ingest",
            Kind::Annotate => "annotate",
            Kind::Export => "export",
        }
    }
}

/// A layer that a stage gives: it becomes the dataset of that name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// What it holds.
    #[serde(default)]
    pub description: String,
    /// Its columns. With `start` and `end`, both whole numbers, its rows are spans of the text, in bytes.
    pub columns: Vec<Column>,
}

/// A column of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What that means.
    #[serde(default)]
    pub description: String,
    /// In which unit, where one applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The only values it may have, where they are a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// Whether every row has a value.
    #[serde(default)]
    pub required: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// Whole numbers from 0 to 4,294,967,295.
    Integer,
    /// Numbers.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Days.
    Date,
}

impl ColumnType {
    /// The format that the Arrow C Data Interface gives it.
    #[must_use]
    pub const fn format(self) -> &'static str {
        match self {
            ColumnType::Text => "u",
            ColumnType::Integer => "I",
            ColumnType::Number => "g",
            ColumnType::Boolean => "b",
            ColumnType::Date => "tdD",
        }
    }

    /// As a description writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ColumnType::Text => "text",
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
        }
    }
}

impl Layer {
    /// The layer whose rows are of this type: field names, types and doc comments become its columns.
    ///
    /// Fields hold text, whole numbers from 0, numbers, `bool`, lists (joined with `|`), an enumeration without fields, or `Option`
    /// of one of these. A day is a text with `#[schemars(extend("format" = "date"))]`; a unit is
    /// `#[schemars(extend("unit" = "km"))]`.
    ///
    /// # Panics
    /// Where the type is no flat struct: a fault of the plugin's code, which its first test tells.
    #[must_use]
    pub fn of<Row: crate::Row>() -> Layer {
        let schema = SchemaSettings::draft2020_12()
            .with(|settings| settings.inline_subschemas = true)
            .into_generator()
            .into_root_schema_for::<Row>();
        let schema = schema.to_value();
        Layer { name: Row::LAYER.to_owned(), description: text(&schema, "description"), columns: columns(Row::LAYER, &schema) }
    }

    /// Whether its rows are spans of the text.
    #[must_use]
    pub fn has_spans(&self) -> bool {
        let is = |name: &str| self.columns.iter().any(|column| column.name == name && column.kind == ColumnType::Integer);
        is("start") && is("end")
    }
}

/// JSON schema of a settings type.
#[must_use]
pub fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

fn text(schema: &Value, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn columns(layer: &str, schema: &Value) -> Vec<Column> {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        panic!("the rows of the layer `{layer}` are no struct with named fields");
    };
    properties
        .iter()
        .map(|(name, property)| {
            let alternatives = alternatives(property);
            let unit = text(property, "unit");
            Column {
                name: name.clone(),
                kind: kind(layer, name, &alternatives),
                description: text(property, "description"),
                unit: (!unit.is_empty()).then_some(unit),
                allowed: alternatives.iter().flat_map(|one| allowed(one)).collect(),
                required: required.contains(&name.as_str()) && !alternatives.iter().any(|one| types(one).contains(&"null")),
            }
        })
        .collect()
}

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

fn allowed(schema: &Value) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn kind(layer: &str, name: &str, alternatives: &[&Value]) -> ColumnType {
    let is = |wanted: &str| alternatives.iter().any(|one| types(one).contains(&wanted));
    let dated = alternatives.iter().any(|one| one.get("format").and_then(Value::as_str) == Some("date"));
    if dated {
        ColumnType::Date
    } else if is("integer") {
        ColumnType::Integer
    } else if is("number") {
        ColumnType::Number
    } else if is("boolean") {
        ColumnType::Boolean
    } else {
        let text = is("string") || is("array") || alternatives.iter().any(|one| !allowed(one).is_empty());
        assert!(text, "column `{name}` of the layer `{layer}`: rows hold text, numbers, booleans, days and lists of them");
        ColumnType::Text
    }
}
