//! `chancery stages` and `chancery schema`: both come from the registries, so that they cannot be out of date.

use std::process::ExitCode;

use chancery_runner::StepKind;
use miette::Result;
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::plan::table;

/// A built-in stage, of whatever kind.
struct Listed {
    kind: StepKind,
    name: &'static str,
    summary: &'static str,
    needs: &'static [&'static str],
    gives: &'static [&'static str],
    example: &'static str,
    schema: fn() -> Schema,
}

fn all() -> Vec<Listed> {
    let sources = chancery_ingest::SOURCES.iter().map(|e| Listed {
        kind: StepKind::Ingest,
        name: e.name,
        summary: e.summary,
        needs: &[],
        gives: &["documents"],
        example: e.example,
        schema: e.schema,
    });
    let annotators = chancery_annotate::ANNOTATORS.iter().map(|e| Listed {
        kind: StepKind::Annotate,
        name: e.name,
        summary: e.summary,
        needs: e.needs,
        gives: e.gives,
        example: e.example,
        schema: e.schema,
    });
    let collectors = chancery_annotate::COLLECTORS.iter().map(|e| Listed {
        kind: StepKind::Annotate,
        name: e.name,
        summary: e.summary,
        needs: e.needs,
        gives: e.gives,
        example: e.example,
        schema: e.schema,
    });
    let sinks = chancery_export::SINKS.iter().map(|e| Listed {
        kind: StepKind::Export,
        name: e.name,
        summary: e.summary,
        needs: &[],
        gives: &[],
        example: e.example,
        schema: e.schema,
    });
    let command = Listed {
        kind: StepKind::Annotate,
        name: "command",
        summary: "Any program as a stage, over JSON Lines or Arrow",
        needs: &[],
        gives: &[],
        example: "{ run: [python3, my_stage.py], protocol: jsonl, timeout_s: 60 }",
        schema: || schemars::schema_for!(chancery_runner::plugin::CommandSettings),
    };
    sources.chain(annotators).chain([command]).chain(collectors).chain(sinks).collect()
}

/// Lists the stages.
pub fn list(as_json: bool) -> Result<ExitCode> {
    if as_json {
        let stages: Vec<Value> = all()
            .iter()
            .map(|stage| {
                json!({
                    "kind": stage.kind.section(), "name": stage.name, "summary": stage.summary, "needs": stage.needs,
                    "gives": stage.gives, "example": stage.example, "settings": (stage.schema)(),
                })
            })
            .collect();
        println!("{:#}", Value::Array(stages));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![["".into(), "stage".into(), "needs".into(), "gives".into(), "what it does".into()]];
    rows.extend(all().iter().map(|stage| {
        [stage.kind.section().into(), stage.name.into(), stage.needs.join(" "), stage.gives.join(" "), stage.summary.into()]
    }));
    print!("{}", table(&rows));
    Ok(ExitCode::SUCCESS)
}

/// Prints the JSON Schema of pipeline files.
pub fn schema() -> Result<ExitCode> {
    println!("{:#}", pipeline_schema());
    Ok(ExitCode::SUCCESS)
}

/// The JSON Schema of pipeline files: each stage's settings beside its `use`.
pub fn pipeline_schema() -> Value {
    let mut definitions = Map::new();
    let mut sections = Map::new();
    for kind in [StepKind::Ingest, StepKind::Annotate, StepKind::Export] {
        let mut choices: Vec<Value> =
            all().iter().filter(|stage| stage.kind == kind).map(|stage| built_in(stage, &mut definitions)).collect();
        choices.push(plugin());
        sections.insert(kind.section().into(), json!({ "type": "array", "items": { "oneOf": choices } }));
    }
    let mut run = serde_json::to_value(schemars::schema_for!(chancery_runner::plan::RunSettings)).unwrap_or_default();
    lift(&mut run, &mut definitions);
    let mut properties = Map::new();
    properties.insert("name".into(), json!({ "type": "string", "description": "Name of the pipeline." }));
    properties.extend(sections);
    properties.insert("run".into(), run);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Chancery pipeline",
        "type": "object",
        "properties": properties,
        "required": ["ingest", "export"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn built_in(stage: &Listed, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = serde_json::to_value((stage.schema)()).unwrap_or_default();
    lift(&mut schema, definitions);
    let mut properties = Map::new();
    properties.insert("use".into(), json!({ "const": stage.name, "description": stage.summary }));
    if let Some(own) = schema.get("properties").and_then(Value::as_object) {
        properties.extend(own.clone());
    }
    json!({ "type": "object", "properties": properties, "required": ["use"], "additionalProperties": false, "description": stage.summary })
}

fn plugin() -> Value {
    let mut options = serde_json::to_value(schemars::schema_for!(chancery_runner::plugin::Options)).unwrap_or_default();
    let own = options.get_mut("properties").and_then(Value::as_object_mut).map(std::mem::take).unwrap_or_default();
    let mut properties = Map::new();
    properties.insert(
        "plugin".into(),
        json!({ "type": "string", "description": "Path of the library, with or without the platform's prefix and ending." }),
    );
    properties.insert(
        "optional".into(),
        json!({ "type": "boolean", "description": "Go on without it where the library is not there." }),
    );
    properties.insert("with".into(), json!({ "type": "object", "description": "The plugin's own settings." }));
    properties.extend(own);
    json!({ "type": "object", "properties": properties, "required": ["plugin"], "additionalProperties": false })
}

/// Moves a schema's definitions to those of the whole.
fn lift(schema: &mut Value, definitions: &mut Map<String, Value>) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("$schema");
    object.remove("title");
    if let Some(Value::Object(own)) = object.remove("$defs") {
        definitions.extend(own);
    }
}
