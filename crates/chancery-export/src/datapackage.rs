//! `datapackage.json`: what the files are, generated from the datasets' own descriptions (Frictionless Data Package v2).

use chancery_model::tables::{Column, ColumnKind, Dataset};
use serde_json::{Map, Value, json};

/// The file's name.
pub const FILE: &str = "datapackage.json";

/// The description of files of a format, one a dataset.
#[must_use]
pub fn describe(datasets: &[Dataset], format: &str, path: &dyn Fn(&str) -> String) -> String {
    let resources: Vec<Value> = datasets
        .iter()
        .map(|dataset| {
            json!({
                "name": dataset.name,
                "type": "table",
                "path": path(&dataset.name),
                "description": dataset.description,
                "format": format,
                "mediatype": format!("text/{format}"),
                "encoding": "utf-8",
                "schema": schema(dataset, datasets),
            })
        })
        .collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "chancery",
        "description": "Who did and said what to whom, when, where and under which agreement, read from news; \
                        start and end count Unicode code points of the documents' texts.",
        "resources": resources,
    });
    format!("{package:#}\n")
}

fn schema(dataset: &Dataset, all: &[Dataset]) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://datapackage.org/profiles/2.0/tableschema.json"));
    schema.insert("fields".into(), dataset.columns.iter().map(field).collect());
    schema.insert("missingValues".into(), json!([""]));
    if !dataset.primary_key.is_empty() {
        schema.insert("primaryKey".into(), json!(dataset.primary_key));
    }
    let keys: Vec<Value> = dataset
        .foreign_keys
        .iter()
        .filter(|key| all.iter().any(|other| other.name == key.dataset))
        .map(|key| json!({ "fields": key.columns, "reference": { "resource": key.dataset, "fields": key.references } }))
        .collect();
    if !keys.is_empty() {
        schema.insert("foreignKeys".into(), json!(keys));
    }
    Value::Object(schema)
}

fn field(column: &Column) -> Value {
    let kind = match column.kind {
        ColumnKind::Text => "string",
        ColumnKind::Integer => "integer",
        ColumnKind::Number => "number",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
    };
    let mut field = Map::new();
    field.insert("name".into(), json!(column.name));
    field.insert("type".into(), json!(kind));
    field.insert("description".into(), json!(column.description));
    if let Some(unit) = &column.unit {
        field.insert("unit".into(), json!(unit));
    }
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".into(), json!(true));
    }
    if !column.allowed.is_empty() {
        constraints.insert("enum".into(), json!(column.allowed));
    }
    if !constraints.is_empty() {
        field.insert("constraints".into(), Value::Object(constraints));
    }
    Value::Object(field)
}
