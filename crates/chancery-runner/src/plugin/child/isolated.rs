//! `isolate: true`: a library in a child of the same program, so that a crash of one is none of the other.

use std::ffi::OsString;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow_array::RecordBatch;
use chancery_model::tables::CustomLayer;
use chancery_plugin::describe::{Kind, StageDescription};
use serde_json::{Value, json};

use super::super::annotator::Backend;
use super::super::answer::{Answer, Failure};
use super::super::library::{Instance, Library};
use super::super::{Expected, LoadError, Loaded, declared};
use super::arrow::{Arrow, message, table};
use super::command::{loaded, time_out};
use super::process::{PROTOCOL, Pool, Recipe, Running, message as next};
use crate::plan::PluginFile;

/// The program and the arguments that make it a child; what follows are the library and the stage.
static PROGRAM: OnceLock<(PathBuf, Vec<OsString>)> = OnceLock::new();

/// Says which program a child is: the one that runs, called `plugin serve` (where this is not called), or another for tests.
pub fn program(path: PathBuf, arguments: Vec<OsString>) {
    drop(PROGRAM.set((path, arguments)));
}

/// What the parent passes to its child about the pipeline.
pub struct Isolation<'a> {
    pub library: &'a Path,
    /// The stage by name; where there is none the library's only one of the kind.
    pub stage: Option<&'a str>,
    pub base: &'a Path,
    pub settings: Value,
    pub timeout_s: f64,
}

/// Loads a library in a child.
///
/// # Errors
/// The child cannot be started, or the library cannot be used.
pub fn isolated(isolation: Isolation<'_>, mut file: PluginFile, earlier: &[CustomLayer]) -> Result<Loaded, LoadError> {
    let (program, mut arguments) = match PROGRAM.get() {
        Some((program, arguments)) => (program.clone(), arguments.clone()),
        None => {
            let own = std::env::current_exe()
                .map_err(|error| LoadError::Refused(format!("the program does not find itself: {error}")))?;
            (own, vec!["plugin".into(), "serve".into()])
        }
    };
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    arguments.push(absolute(isolation.library).into());
    arguments.push(isolation.stage.unwrap_or_default().into());
    let folder = if isolation.base.as_os_str().is_empty() { Path::new(".") } else { isolation.base };
    let recipe = Recipe {
        program: program.into(),
        arguments,
        folder: folder.to_owned(),
        settings: isolation.settings,
        base: absolute(folder).to_string_lossy().into_owned(),
        protocol: "arrow",
        time_out: time_out(isolation.timeout_s)?,
        label: file.path.clone(),
    };
    let (running, stage) = Running::start(&recipe).map_err(|failure| match failure.code.as_str() {
        "failed" => LoadError::Settings(failure.message),
        _ => LoadError::Refused(failure.message),
    })?;
    file.version = stage.settings.get("x-version").and_then(Value::as_str).unwrap_or_default().to_owned();
    loaded(stage, file, earlier, |needs, _| Box::new(Arrow { pool: Pool::new(recipe, running), needs }) as Box<dyn Backend>)
}

/// The child's side: answers on standard output until standard input ends. Gives the exit code.
#[must_use]
pub fn serve(library: &Path, stage: &str) -> i32 {
    let Ok(mut out) = own_output() else { return 3 };
    let mut from = BufReader::new(std::io::stdin());
    let Ok(Some(hello)) = next(&mut from, false) else { return 3 };
    let hello = hello.line;
    let opened = open(library, stage, &hello);
    let (instance, description, layers) = match opened {
        Ok(opened) => opened,
        Err(message) => {
            drop(writeln!(out, "{}", json!({ "chancery": PROTOCOL, "error": message })));
            return 1;
        }
    };
    let mut line = serde_json::to_value(&description).unwrap_or_default();
    line["chancery"] = PROTOCOL.into();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        return 3;
    }
    loop {
        let message = match next(&mut from, true) {
            Ok(Some(message)) => message,
            Ok(None) => return 0,
            Err(_) => return 3,
        };
        let tables = message.tables.into_iter().map(|(_, bytes)| table(bytes)).collect::<Result<Vec<_>, _>>();
        let answer = tables.map_err(Failure::bad_data).and_then(|tables| instance.annotate(&tables, &layers));
        let bytes = match answer {
            Ok(answer) => rows(&answer, &layers),
            Err(failure) => Err(failure),
        };
        let bytes = bytes.unwrap_or_else(|failure| {
            let line = json!({ "kind": "failed", "code": failure.code, "message": failure.message });
            format!("{line}\n").into_bytes()
        });
        if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
            return 3;
        }
    }
}

fn open(path: &Path, stage: &str, hello: &Value) -> Result<(Instance, StageDescription, Vec<Expected>), String> {
    let library = Library::load(path).map_err(|error| error.to_string())?;
    let stages = &library.description.stages;
    let found = if stage.is_empty() {
        let mut fitting = stages.iter().filter(|one| one.kind == Kind::Annotate);
        fitting.next().filter(|_| fitting.next().is_none())
    } else {
        stages.iter().find(|one| one.name == stage)
    };
    let mut description = found.ok_or("the library has several stages or none: say which with `stage:`")?.clone();
    if description.kind != Kind::Annotate {
        return Err("only stages for `annotate` can be isolated".to_owned());
    }
    let layers = declared::layers(&description)?.iter().map(Expected::layer).collect();
    let settings = hello.get("settings").cloned().unwrap_or_default();
    super::super::check_settings(&settings, &description).map_err(|error| error.to_string())?;
    let base = hello.get("base").and_then(Value::as_str).unwrap_or(".");
    let settings = if settings.is_null() { "{}".to_owned() } else { settings.to_string() };
    // A child answers one call after the other.
    let instance = library.open(&description.name, &settings, Path::new(base), true)?;
    if !description.settings.is_object() {
        description.settings = json!({});
    }
    description.settings["x-version"] = library.description.version.clone().into();
    Ok((instance, description, layers))
}

/// An answer as a message.
fn rows(answer: &Answer, layers: &[Expected]) -> Result<Vec<u8>, Failure> {
    let failed = |error: arrow_schema::ArrowError| Failure::new("failed", error.to_string());
    let mut tables: Vec<(&str, RecordBatch)> = Vec::new();
    for (table, layer) in answer.tables.iter().zip(layers) {
        if table.rows > 0 {
            let columns =
                layer.columns.iter().zip(&table.columns).map(|((name, _), column)| (name.as_str(), column.clone(), true));
            tables.push((&layer.name, RecordBatch::try_from_iter_with_nullable(columns).map_err(failed)?));
        }
    }
    let rejects: Vec<Value> = answer
        .rejects
        .iter()
        .map(|told| json!({ "document": told.document, "code": told.code, "message": told.message }))
        .collect();
    message("rows", tables.iter().map(|(name, table)| (*name, table)), json!({ "rejects": rejects })).map_err(failed)
}

/// Standard output for the protocol alone: what the library prints goes to standard error, and so to the log.
#[cfg(unix)]
fn own_output() -> std::io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    let kept = std::io::stdout().as_fd().try_clone_to_owned()?;
    // SAFETY: both are open; the number 1 then names what 2 names.
    if unsafe { libc::dup2(2, 1) } < 0 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(std::fs::File::from(kept))
}

#[cfg(not(unix))]
fn own_output() -> std::io::Result<std::io::Stdout> {
    Ok(std::io::stdout())
}
