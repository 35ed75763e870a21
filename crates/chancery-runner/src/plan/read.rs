//! From the text of a pipeline file to a plan.

use std::path::Path;

use chancery_model::tables::CustomLayer;
use chancery_settings::{Entry, Fault, Faults, Node, Settings, Value, closest};
use serde_json::json;

use super::check::{Expected, duplicates, layers};
use super::{Plan, PlanError, RunSettings, Stage, Step, StepKind, Surroundings};
use crate::plugin;

/// The keys of a pipeline file.
const SECTIONS: &[&str] = &["name", "ingest", "annotate", "export", "run"];

pub fn read(shown: &str, text: &str, base: &Path, overrides: &[String]) -> Result<Plan, PlanError> {
    let faulty = |faults: Vec<Fault>| PlanError::Faults(Faults::new("this pipeline cannot run", shown, text, faults));
    let mut root = Node::parse(text).map_err(|fault| faulty(vec![fault]))?;
    if !matches!(root.value, Value::Map(_)) {
        let fault =
            Fault::new("plan::empty", 0..text.len().min(1), "a pipeline is a mapping with `ingest`, `annotate` and `export`");
        return Err(faulty(vec![fault]));
    }
    for given in overrides {
        set(&mut root, given)?;
    }
    let resolved = json_of(&root);
    let mut faults = unknown_sections(&root);
    duplicates(&root, &mut faults);
    let name = match root.take("name").map(|entry| entry.node) {
        Some(Node { value: Value::Text(name), .. }) => name,
        Some(node) if node.value != Value::Null => {
            faults.push(Fault::new("plan::name", node.at.clone(), format!("`name` is {}, not a text", node.kind())));
            String::new()
        }
        _ => String::new(),
    };
    let run = read_or(&mut faults, root.take("run"), RunSettings::default());
    let surroundings = Surroundings {
        ingest: chancery_ingest::Context { base: base.to_owned(), max_document_bytes: run.max_document_bytes as usize },
        annotate: chancery_annotate::Context::builtin(base)?,
        base: base.into(),
    };
    let mut reading = Reading { surroundings, plan: empty(name, base, run, resolved), faults, expected: Vec::new() };
    for kind in [StepKind::Ingest, StepKind::Annotate, StepKind::Export] {
        reading.section(kind, root.take(kind.section()), text.len());
    }
    layers(&reading.expected, &mut reading.faults);
    if reading.faults.is_empty() { Ok(reading.plan) } else { Err(faulty(reading.faults)) }
}

fn empty(name: String, base: &Path, run: RunSettings, resolved: serde_json::Value) -> Plan {
    Plan {
        name,
        base: base.to_owned(),
        run,
        steps: Vec::new(),
        notices: Vec::new(),
        resolved,
        sources: Vec::new(),
        annotators: Vec::new(),
        collectors: Vec::new(),
        targets: Vec::new(),
        custom: Vec::new(),
    }
}

/// Applies `path=value`; the value is YAML.
fn set(root: &mut Node, given: &str) -> Result<(), PlanError> {
    let wrong = |message: String| PlanError::Set { given: given.to_owned(), message };
    let (path, value) = given.split_once('=').ok_or_else(|| wrong("there is no `=` in it".to_owned()))?;
    let mut value = Node::parse(value).map_err(|fault| wrong(fault.to_string()))?;
    forget_places(&mut value);
    root.set(path, value).map_err(wrong)
}

/// A value from the command line stands nowhere in the file.
fn forget_places(node: &mut Node) {
    node.at = 0..0;
    match &mut node.value {
        Value::List(list) => list.iter_mut().for_each(forget_places),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| {
            entry.key_at = 0..0;
            forget_places(&mut entry.node);
        }),
        _ => {}
    }
}

fn unknown_sections(root: &Node) -> Vec<Fault> {
    let Value::Map(entries) = &root.value else { return Vec::new() };
    let unknown = entries.iter().filter(|entry| !SECTIONS.contains(&entry.key.as_str()));
    unknown
        .map(|entry| {
            let fault = Fault::new("plan::unknown", entry.key_at.clone(), format!("a pipeline has no `{}`", entry.key));
            let hint = closest(&entry.key, SECTIONS.iter().copied());
            fault.help(hint.map_or_else(|| format!("it has {}", SECTIONS.join(", ")), |name| format!("did you mean `{name}`?")))
        })
        .collect()
}

fn read_or<T: serde::de::DeserializeOwned>(faults: &mut Vec<Fault>, entry: Option<Entry>, default: T) -> T {
    let Some(entry) = entry else { return default };
    match Settings::new(entry.node, entry.key_at).read() {
        Ok(value) => value,
        Err(new) => {
            faults.extend(new);
            default
        }
    }
}

/// A plan in the making.
struct Reading {
    surroundings: Surroundings,
    plan: Plan,
    faults: Vec<Fault>,
    expected: Vec<Expected>,
}

/// A stage's mapping, with what every stage may say taken off it.
struct Common {
    /// `use` or `plugin`: which, its value, and where that stands.
    uses: Option<Entry>,
    plugin: Option<Entry>,
    optional: bool,
    settings: Settings,
    options: plugin::Options,
}

impl Reading {
    fn section(&mut self, kind: StepKind, entry: Option<Entry>, end: usize) {
        let at = entry.as_ref().map_or(end..end, |entry| entry.key_at.clone());
        let stages = match entry.map(|entry| entry.node) {
            Some(Node { value: Value::List(list), .. }) => list,
            None | Some(Node { value: Value::Null, .. }) => Vec::new(),
            Some(node) => {
                let message = format!("`{}` is {}, not a list of stages like `- use: NAME`", kind.section(), node.kind());
                self.faults.push(Fault::new("plan::section", node.at, message));
                return;
            }
        };
        if stages.is_empty() && kind != StepKind::Annotate {
            let what = if kind == StepKind::Ingest { "read anything" } else { "write anything" };
            let fault = Fault::new(
                "plan::nothing",
                at,
                format!("without a stage under `{}` the pipeline does not {what}", kind.section()),
            );
            let example = if kind == StepKind::Ingest {
                "- use: files\\n    paths: [\"articles/**/*\"]"
            } else {
                "- use: csv\\n    to: out/"
            };
            self.faults.push(fault.help(format!("for example `{}:\\n  {example}`", kind.section()).replace("\\n", "\n")));
        }
        for stage in stages {
            self.stage(kind, stage);
        }
    }

    fn stage(&mut self, kind: StepKind, node: Node) {
        let at = node.at.clone();
        let Some(common) = self.common(node) else { return };
        match (&common.uses, &common.plugin) {
            (Some(entry), None) => self.built_in(kind, &entry.clone(), &common),
            (None, Some(entry)) => self.plugged_in(kind, &entry.clone(), &common),
            (Some(_), Some(entry)) => {
                self.faults.push(Fault::new("plan::both", entry.key_at.clone(), "a stage has `use` or `plugin`, not both"));
            }
            (None, None) => {
                self.faults.push(Fault::new("plan::unnamed", at, "a stage says what it is: `use: NAME` or `plugin: PATH`"));
            }
        }
    }

    /// Takes what every stage may say off its mapping.
    fn common(&mut self, mut node: Node) -> Option<Common> {
        if let Value::Text(name) = &node.value {
            let fault = Fault::new("plan::stage", node.at.clone(), "a stage is a mapping").help(format!("write `- use: {name}`"));
            self.faults.push(fault);
            return None;
        }
        if !matches!(node.value, Value::Map(_)) {
            self.faults.push(Fault::new(
                "plan::stage",
                node.at.clone(),
                format!("a stage is a mapping like `- use: NAME`, not {}", node.kind()),
            ));
            return None;
        }
        let (uses, plugin) = (node.take("use"), node.take("plugin"));
        let optional = node.take("optional").is_some_and(|entry| self.truth(&entry));
        let at = uses.as_ref().or(plugin.as_ref()).map_or(node.at.clone(), |entry| entry.node.at.clone());
        let mut options = plugin::Options::default();
        let settings = if plugin.is_some() {
            // What the host needs stands beside `plugin`, what the plugin needs under `with`.
            let with = node.take("with").map_or_else(Node::null, |entry| entry.node);
            match Settings::new(node, at.clone()).read() {
                Ok(read) => options = read,
                Err(faults) => self.faults.extend(faults),
            }
            with
        } else {
            node
        };
        Some(Common { uses, plugin, optional, settings: Settings::new(settings, at), options })
    }

    fn truth(&mut self, entry: &Entry) -> bool {
        let Value::Bool(truth) = entry.node.value else {
            let message = format!("`{}` is true or false, not {}", entry.key, entry.node.kind());
            self.faults.push(Fault::new("settings::value", entry.node.at.clone(), message));
            return false;
        };
        truth
    }

    fn built_in(&mut self, kind: StepKind, entry: &Entry, common: &Common) {
        let Value::Text(name) = &entry.node.value else {
            self.faults.push(Fault::new(
                "plan::stage",
                entry.node.at.clone(),
                format!("`use` names a stage; this is {}", entry.node.kind()),
            ));
            return;
        };
        let step = |needs: &[&str], gives: &[&str], summary: &str| Step {
            kind,
            name: name.clone(),
            plugin: None,
            needs: needs.iter().map(ToString::to_string).collect(),
            gives: gives.iter().map(ToString::to_string).collect(),
            summary: summary.to_owned(),
        };
        let at = entry.node.at.clone();
        match kind {
            StepKind::Ingest => {
                let Some(found) = chancery_ingest::find(name) else { return self.unknown(kind, name, at) };
                self.expected.push(Expected::gives(name, &["documents"], at));
                match (found.build)(&common.settings, &self.surroundings.ingest) {
                    Ok(source) => self.plan.sources.push(source),
                    Err(faults) => self.faults.extend(faults),
                }
                self.plan.steps.push(step(&[], &["documents"], found.summary));
            }
            StepKind::Annotate => {
                if let Some(found) = chancery_annotate::find_collector(name) {
                    self.expected.push(Expected {
                        stage: name.clone(),
                        needs: owned(found.needs),
                        gives: owned(found.gives),
                        at,
                    });
                    match (found.build)(&common.settings, &self.surroundings.annotate) {
                        Ok(collector) => self.plan.collectors.push(collector),
                        Err(faults) => self.faults.extend(faults),
                    }
                    self.plan.steps.push(step(found.needs, found.gives, found.summary));
                    return;
                }
                if name == "command" {
                    match plugin::command(&self.surroundings.base, &common.settings, &self.plan.custom) {
                        Ok(loaded) => self.add(kind, "command", loaded, entry),
                        Err(faults) => self.faults.extend(faults),
                    }
                    return;
                }
                let Some(found) = chancery_annotate::find(name) else { return self.unknown(kind, name, at) };
                self.expected.push(Expected { stage: name.clone(), needs: owned(found.needs), gives: owned(found.gives), at });
                match (found.build)(&common.settings, &self.surroundings.annotate) {
                    Ok(annotator) => self.plan.annotators.push(Stage { name: name.clone(), annotator, in_batches: false }),
                    Err(faults) => self.faults.extend(faults),
                }
                self.plan.steps.push(step(found.needs, found.gives, found.summary));
            }
            StepKind::Export => {
                let Some(found) = chancery_export::find(name) else { return self.unknown(kind, name, at) };
                match (found.build)(&common.settings) {
                    Ok(target) => self.plan.targets.push(target),
                    Err(faults) => self.faults.extend(faults),
                }
                self.plan.steps.push(step(&[], &[], found.summary));
            }
        }
    }

    fn unknown(&mut self, kind: StepKind, name: &str, at: std::ops::Range<usize>) {
        let known: Vec<&str> = match kind {
            StepKind::Ingest => chancery_ingest::SOURCES.iter().map(|entry| entry.name).collect(),
            StepKind::Annotate => chancery_annotate::ANNOTATORS
                .iter()
                .map(|entry| entry.name)
                .chain(chancery_annotate::COLLECTORS.iter().map(|entry| entry.name))
                .collect(),
            StepKind::Export => chancery_export::SINKS.iter().map(|entry| entry.name).collect(),
        };
        let fault =
            Fault::new("plan::no_stage", at, format!("there is no stage `{name}` under `{}`", kind.section())).label("not known");
        let hint = closest(name, known.iter().copied());
        self.faults.push(
            fault.help(hint.map_or_else(|| format!("there are {}", known.join(", ")), |name| format!("did you mean `{name}`?"))),
        );
    }

    fn plugged_in(&mut self, kind: StepKind, entry: &Entry, common: &Common) {
        let Value::Text(path) = &entry.node.value else {
            self.faults.push(Fault::new(
                "plan::stage",
                entry.node.at.clone(),
                format!("`plugin` is the path of a library; this is {}", entry.node.kind()),
            ));
            return;
        };
        let request = plugin::Request {
            kind,
            path,
            base: &self.surroundings.base,
            settings: &common.settings,
            options: &common.options,
            earlier: &self.plan.custom,
        };
        match plugin::load(&request) {
            Ok(loaded) => self.add(kind, path, loaded, entry),
            Err(plugin::LoadError::Missing(file)) if common.optional => {
                self.plan.notices.push(format!("the optional plugin `{path}` is skipped: there is no {}", file.display()));
            }
            Err(error) => {
                let fault =
                    Fault::new("plan::plugin", entry.node.at.clone(), format!("the plugin `{path}` cannot be used: {error}"));
                self.faults.push(fault.help(error.way_out()));
            }
        }
    }

    fn add(&mut self, kind: StepKind, path: &str, loaded: plugin::Loaded, entry: &Entry) {
        let clash = |layer: &&CustomLayer| {
            self.plan.custom.iter().any(|other| other.name == layer.name)
                || chancery_model::tables::DOCUMENT_DATASETS.iter().any(|rows| rows.name == layer.name)
        };
        if let Some(layer) = loaded.layers.iter().find(clash) {
            let message = format!("the plugin `{path}` gives the layer `{}`, which is there already", layer.name);
            self.faults.push(Fault::new("plan::layer_twice", entry.node.at.clone(), message));
        }
        let gives: Vec<String> = loaded.layers.iter().map(|layer| layer.name.clone()).collect();
        let name = format!("plugin:{}", loaded.name);
        self.expected.push(Expected {
            stage: name.clone(),
            needs: loaded.needs.clone(),
            gives: gives.clone(),
            at: entry.node.at.clone(),
        });
        self.plan.custom.extend(loaded.layers);
        let gives = if kind == StepKind::Ingest { vec!["documents".to_owned()] } else { gives };
        self.plan.steps.push(Step {
            kind,
            name: name.clone(),
            plugin: Some(loaded.file),
            needs: loaded.needs,
            gives,
            summary: loaded.summary,
        });
        match loaded.stage {
            plugin::LoadedStage::Source(source) => self.plan.sources.push(source),
            plugin::LoadedStage::Annotator(annotator) => self.plan.annotators.push(Stage { name, annotator, in_batches: true }),
            plugin::LoadedStage::Target(target) => self.plan.targets.push(target),
        }
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The tree as JSON, for `run.json`.
fn json_of(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => json!(null),
        Value::Bool(truth) => json!(truth),
        Value::Int(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(list) => list.iter().map(json_of).collect(),
        Value::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|entry| (entry.key.clone(), json_of(&entry.node))).collect())
        }
    }
}
