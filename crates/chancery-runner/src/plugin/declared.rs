//! What a plugin declares, as the program's own types, each name checked.

use chancery_model::tables::{Column, ColumnKind, CustomLayer, DOCUMENT_DATASETS};
use chancery_plugin::describe::{ColumnType, Layer, StageDescription};
use chancery_settings::{Node, Value};

/// Names of datasets that the run itself writes.
const RUN_DATASETS: &[&str] = &["rejects", "dyads"];
/// Columns that the program adds to a layer.
const ADDED: &[&str] = &["doc", "doc_id", "record_id"];

/// The layers of a stage.
pub fn layers(stage: &StageDescription) -> Result<Vec<CustomLayer>, String> {
    if stage.name.is_empty() || stage.name.chars().any(|c| c.is_control()) {
        return Err("a stage has no name".to_owned());
    }
    let mut layers: Vec<CustomLayer> = Vec::new();
    for declared in &stage.gives {
        let name = &declared.name;
        if layers.iter().any(|layer| layer.name == *name) {
            return Err(format!("the layer `{name}` is declared twice"));
        }
        if !is_name(name) {
            return Err(format!("`{name}` is no name of a layer: small letters, digits and `_`, a letter first"));
        }
        if DOCUMENT_DATASETS.iter().any(|rows| rows.name == name) || RUN_DATASETS.contains(&name.as_str()) {
            return Err(format!("the layer `{name}` is the program's own"));
        }
        layers.push(layer(declared)?);
    }
    if stage.kind == chancery_plugin::describe::Kind::Annotate && layers.is_empty() {
        return Err(format!("the stage `{}` gives no layer", stage.name));
    }
    Ok(layers)
}

fn is_name(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    first && name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn layer(declared: &Layer) -> Result<CustomLayer, String> {
    let name = &declared.name;
    if declared.columns.is_empty() {
        return Err(format!("the layer `{name}` has no columns"));
    }
    let mut columns: Vec<Column> = Vec::new();
    for column in &declared.columns {
        if !is_name(&column.name) {
            return Err(format!("layer `{name}`: `{}` is no name of a column", column.name));
        }
        let added = ADDED.contains(&column.name.as_str()) || (declared.has_spans() && column.name == "text");
        if added {
            return Err(format!("layer `{name}`: the program itself adds the column `{}`", column.name));
        }
        if columns.iter().any(|other| other.name == column.name) {
            return Err(format!("layer `{name}`: the column `{}` is declared twice", column.name));
        }
        let span = declared.has_spans() && matches!(column.name.as_str(), "start" | "end");
        let description = match (column.name.as_str(), span) {
            ("start", true) => "First code point of the span in the document's text.".to_owned(),
            ("end", true) => "One past its last code point.".to_owned(),
            _ => column.description.clone(),
        };
        columns.push(Column {
            name: column.name.clone(),
            kind: match column.kind {
                ColumnType::Text => ColumnKind::Text,
                ColumnType::Integer => ColumnKind::Integer,
                ColumnType::Number => ColumnKind::Number,
                ColumnType::Boolean => ColumnKind::Boolean,
                ColumnType::Date => ColumnKind::Date,
            },
            description,
            unit: column.unit.clone(),
            allowed: column.allowed.clone(),
            required: column.required || span,
        });
    }
    Ok(CustomLayer::new(name, &declared.description, columns))
}

/// Settings as JSON.
pub fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(list) => list.iter().map(json).collect(),
        Value::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|entry| (entry.key.clone(), json(&entry.node))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(gives: serde_json::Value) -> Result<Vec<CustomLayer>, String> {
        let stage = serde_json::json!({ "name": "s", "kind": "annotate", "gives": gives });
        layers(&serde_json::from_value(stage).unwrap())
    }

    #[test]
    fn names_are_checked() {
        for (gives, words) in [
            (serde_json::json!([]), "gives no layer"),
            (serde_json::json!([{ "name": "Moods", "columns": [{ "name": "a", "type": "text" }] }]), "no name of a layer"),
            (serde_json::json!([{ "name": "../x", "columns": [{ "name": "a", "type": "text" }] }]), "no name of a layer"),
            (serde_json::json!([{ "name": "quotes", "columns": [{ "name": "a", "type": "text" }] }]), "program's own"),
            (serde_json::json!([{ "name": "rejects", "columns": [{ "name": "a", "type": "text" }] }]), "program's own"),
            (serde_json::json!([{ "name": "moods", "columns": [] }]), "no columns"),
            (serde_json::json!([{ "name": "moods", "columns": [{ "name": "doc_id", "type": "text" }] }]), "itself adds"),
            (
                serde_json::json!([{ "name": "moods", "columns": [{ "name": "a", "type": "text" }, { "name": "a", "type": "date" }] }]),
                "twice",
            ),
        ] {
            let error = declared(gives).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        let layers = declared(serde_json::json!([{ "name": "moods", "columns": [
            { "name": "start", "type": "integer" }, { "name": "end", "type": "integer" }, { "name": "mood", "type": "text" }] }]));
        let dataset = layers.unwrap()[0].dataset();
        let names: Vec<&str> = dataset.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["record_id", "doc_id", "start", "end", "text", "mood"]);
        assert!(dataset.columns.iter().all(|column| column.name == "mood" || !column.description.is_empty()));
    }
}
