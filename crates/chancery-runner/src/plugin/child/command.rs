//! `use: command`: any program as a stage.

use std::path::Path;
use std::time::Duration;

use chancery_model::tables::CustomLayer;
use chancery_plugin::describe::{Kind, StageDescription};
use chancery_settings::{Fault, Settings};
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::annotator::{Backend, PluginAnnotator};
use super::super::{LoadError, Loaded, LoadedStage, declared, file, needs};
use super::arrow::Arrow;
use super::jsonl::Jsonl;
use super::process::{Pool, Recipe, Running};
use crate::plan::PluginFile;

/// Settings of `use: command`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandSettings {
    /// The program and its arguments: `[python3, my_stage.py]`. It runs in the pipeline file's folder, once a worker.
    pub run: Vec<String>,
    /// How documents cross: `jsonl` (a line of JSON each; spans count characters) or `arrow` (Arrow IPC; spans count bytes).
    #[serde(default)]
    pub protocol: Protocol,
    /// Seconds that the program may take for a document (`jsonl`) or a batch (`arrow`). Then it is killed, and the document rejected.
    #[serde(default = "sixty")]
    pub timeout_s: f64,
    /// The stage's own settings: passed on in the handshake.
    #[serde(default)]
    pub with: Option<serde_json::Value>,
}

const fn sixty() -> f64 {
    60.0
}

/// How documents cross.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// JSON Lines.
    #[default]
    Jsonl,
    /// Arrow IPC streams.
    Arrow,
}

/// A time limit from a setting.
pub fn time_out(seconds: f64) -> Result<Duration, LoadError> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero() && *time < Duration::from_secs(1_000_000))
        .ok_or_else(|| LoadError::Settings(format!("`timeout_s` is {seconds}: it must be above 0")))
}

/// Starts a command and asks it what it is.
///
/// # Errors
/// Settings that cannot be read, or a command that cannot be used.
pub fn command(base: &Path, settings: &Settings, earlier: &[CustomLayer]) -> Result<Loaded, Vec<Fault>> {
    let read = settings.read::<CommandSettings>()?;
    build(base, read, earlier).map_err(|error| {
        let message = format!("the command cannot be used: {error}");
        vec![Fault::new("plan::command", settings.at("run"), message).help(way_out(&error))]
    })
}

fn way_out(error: &LoadError) -> String {
    match error {
        LoadError::Refused(_) => {
            "run it by hand and type `{\"chancery\": 1}`: it must answer with a line that tells its name, version and layers"
                .to_owned()
        }
        other => other.way_out(),
    }
}

fn build(base: &Path, settings: CommandSettings, earlier: &[CustomLayer]) -> Result<Loaded, LoadError> {
    let Some((program, arguments)) = settings.run.split_first() else {
        return Err(LoadError::Settings("`run` is empty: name a program".to_owned()));
    };
    // A program beside the pipeline is named by its path there, others are found by the system.
    let beside = base.join(program);
    let program = if program.contains('/') && beside.is_file() {
        std::path::absolute(beside).unwrap_or_else(|_| program.into()).into()
    } else {
        program.into()
    };
    let folder = if base.as_os_str().is_empty() { Path::new(".") } else { base };
    let recipe = Recipe {
        program,
        arguments: arguments.iter().map(Into::into).collect(),
        folder: folder.to_owned(),
        settings: settings.with.unwrap_or_else(|| serde_json::json!({})),
        base: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).to_string_lossy().into_owned(),
        protocol: match settings.protocol {
            Protocol::Jsonl => "jsonl",
            Protocol::Arrow => "arrow",
        },
        time_out: time_out(settings.timeout_s)?,
        label: settings.run.join(" "),
    };
    let (running, stage) = Running::start(&recipe).map_err(|failure| LoadError::Refused(failure.message))?;
    if stage.kind != Kind::Annotate {
        return Err(LoadError::Refused(format!("it is a stage for `{}`; commands annotate", stage.kind.as_str())));
    }
    let script = settings.run.iter().find(|part| base.join(part).is_file());
    let sha256 = script.and_then(|script| file::hash(&base.join(script)).ok()).unwrap_or_default();
    let path = script.cloned().unwrap_or_else(|| settings.run.join(" "));
    let version = String::new();
    loaded(stage, PluginFile { path, version, sha256 }, earlier, |needs, stage| {
        let pool = Pool::new(recipe, running);
        match settings.protocol {
            Protocol::Jsonl => Box::new(Jsonl { pool, needs, gives: stage.gives.clone() }) as Box<dyn Backend>,
            Protocol::Arrow => Box::new(Arrow { pool, needs }),
        }
    })
}

/// The stage that a child has described.
pub fn loaded(
    stage: StageDescription,
    file: PluginFile,
    earlier: &[CustomLayer],
    backend: impl FnOnce(Vec<String>, &StageDescription) -> Box<dyn Backend>,
) -> Result<Loaded, LoadError> {
    let layers = declared::layers(&stage).map_err(LoadError::Description)?;
    let needs = needs(&stage, earlier)?;
    let names: Vec<String> = needs.iter().map(|need| need.name().to_owned()).collect();
    let backend = backend(names.clone(), &stage);
    let annotator = PluginAnnotator::new(&stage.name, needs, earlier.len() as u32, &layers, backend);
    Ok(Loaded {
        name: stage.name,
        summary: stage.summary,
        file,
        needs: names,
        layers,
        stage: LoadedStage::Annotator(Box::new(annotator)),
    })
}
