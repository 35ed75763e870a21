//! The host of plugins: loads a library that a pipeline names, and hands its stages to the plan.
//!
//! # Invariants
//! - A library is loaded only because a pipeline (or `chancery plugin inspect`) names it, never by searching.
//! - Nothing that comes back is trusted: it is checked and copied ([`import`]), then each row is checked against its document
//!   ([`answer`]).
//! - `unsafe` stands in `library` and `import`, each block with its reason.

mod annotator;
mod answer;
mod child;
mod declared;
mod file;
mod import;
mod input;
mod inspect;
mod library;
mod scaffold;
mod source;
mod target;

use std::path::{Path, PathBuf};

use chancery_export::Target;
use chancery_model::tables::{ColumnKind, CustomLayer};
use chancery_model::{Annotator, Source};
use chancery_plugin::describe::{Description, Kind, StageDescription};
use chancery_plugin::needed_layers;
use chancery_settings::Settings;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::plan::{PluginFile, StepKind};
use annotator::{Backend, Native, PluginAnnotator};
use input::Need;
use library::Library;

pub use child::{CommandSettings, command, program, serve};
pub use inspect::{Inspected, inspect};
pub use scaffold::{Language, Made, NewError, NewPlugin, new};

/// What a pipeline may say beside `plugin: PATH` (and `optional`, and `with`, which holds the plugin's own settings).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Which stage of the library, where it has several.
    pub stage: Option<String>,
    /// SHA-256 that the library's file must have.
    pub sha256: Option<String>,
    /// Run the library in a child process: if it crashes or hangs, the document is rejected and the run goes on.
    pub isolate: bool,
    /// Seconds that an isolated library may take for a batch. Then it is killed, and the document that holds it up is rejected.
    pub timeout_s: f64,
    /// Of a writer: folder that its files go to, relative to the pipeline file.
    pub to: Option<PathBuf>,
    /// Of a writer: only these datasets.
    pub datasets: Vec<String>,
    /// Of a writer: these datasets too (`tokens`).
    pub also: Vec<String>,
    /// Of a writer: columns to leave out.
    pub omit: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            stage: None,
            sha256: None,
            isolate: false,
            timeout_s: 60.0,
            to: None,
            datasets: Vec::new(),
            also: Vec::new(),
            omit: Vec::new(),
        }
    }
}

/// What the plan asks for.
pub struct Request<'a> {
    /// The section that the stage stands in.
    pub kind: StepKind,
    /// The path as the pipeline gives it, with or without the platform's prefix and ending.
    pub path: &'a str,
    /// The folder of the pipeline file.
    pub base: &'a Path,
    /// The plugin's own settings.
    pub settings: &'a Settings,
    /// What the pipeline says to the host.
    pub options: &'a Options,
    /// The layers that earlier plugins add; the number of the stage's first one follows theirs.
    pub earlier: &'a [CustomLayer],
}

/// A stage of a library.
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// Its library.
    pub file: PluginFile,
    /// Layers that it needs.
    pub needs: Vec<String>,
    /// Layers that it adds.
    pub layers: Vec<CustomLayer>,
    /// The stage itself.
    pub stage: LoadedStage,
}

/// The stage itself.
pub enum LoadedStage {
    /// Gives documents.
    Source(Box<dyn Source>),
    /// Adds layers.
    Annotator(Box<dyn Annotator>),
    /// Writes datasets.
    Target(Target),
}

/// Why a library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
    /// The file is there but cannot be read.
    #[error("{} cannot be read: {}", .0.display(), .1)]
    Unreadable(PathBuf, String),
    /// The file is no shared library.
    #[error("the file is no shared library")]
    NoLibrary,
    /// The file is a library, but not all of it.
    #[error("the file is cut off: it has {length} bytes of {whole}")]
    Cut {
        /// The file's bytes.
        length: u64,
        /// Bytes that it must have.
        whole: u64,
    },
    /// The file is a library for another system or processor.
    #[error("the library is for {found}; this is {here}")]
    OtherMachine {
        /// What it is for.
        found: String,
        /// What this is.
        here: String,
    },
    /// The file has another hash than the pipeline pins.
    #[error("the file's SHA-256 is {found}, not {pinned}")]
    Hash {
        /// The hash in the pipeline.
        pinned: String,
        /// The file's.
        found: String,
    },
    /// The system cannot load it.
    #[error("the system cannot load it: {0}")]
    Unloadable(String),
    /// It does not export the symbol of a plugin.
    #[error("the library is no Chancery plugin: it does not export `chancery_plugin_v1`")]
    NoSymbol,
    /// It was built for another version of the interface.
    #[error("the library was built for version {found} of the plugin interface; this program speaks version {here}")]
    Version {
        /// The library's.
        found: u32,
        /// The program's.
        here: u32,
    },
    /// Its table of functions cannot be used.
    #[error("{0}")]
    Refused(String),
    /// What it says of itself cannot be read, or cannot be.
    #[error("its description cannot be used: {0}")]
    Description(String),
    /// It has no stage of that name or kind.
    #[error("{message}")]
    NoStage {
        /// What is not there.
        message: String,
        /// The way out.
        help: String,
    },
    /// The stage does not take its settings.
    #[error("{0}")]
    Settings(String),
}

impl LoadError {
    /// What to do about it.
    #[must_use]
    pub fn way_out(&self) -> String {
        match self {
            LoadError::Missing(_) => "build it (`cargo build --release`), or add `optional: true` to go on without it".to_owned(),
            LoadError::Unreadable(..) => "check who may read the file".to_owned(),
            LoadError::NoLibrary => {
                format!("name the library that the build made: `lib….so`, here `…{}`", std::env::consts::DLL_SUFFIX)
            }
            LoadError::Cut { .. } => "copy or build it again".to_owned(),
            LoadError::OtherMachine { .. } => "build it on this machine".to_owned(),
            LoadError::Hash { .. } => "if the new file is meant, put its hash after `sha256:`".to_owned(),
            LoadError::Unloadable(_) => "libraries that it depends on may be missing: `ldd` shows them".to_owned(),
            LoadError::NoSymbol => "in Rust `chancery_plugin::export!(…)` exports it; in C see chancery_plugin.h".to_owned(),
            LoadError::Version { .. } => "build it again with the SDK of this program's version".to_owned(),
            LoadError::Refused(_) | LoadError::Description(_) => {
                "tell the plugin's author; `chancery plugin inspect` shows more".to_owned()
            }
            LoadError::NoStage { help, .. } => help.clone(),
            LoadError::Settings(_) => "`chancery plugin inspect` shows the settings that it takes".to_owned(),
        }
    }
}

/// The columns of a table that is expected.
#[derive(Debug, Clone)]
pub struct Expected {
    pub(crate) name: String,
    columns: Vec<(String, ColumnKind)>,
}

impl Expected {
    /// The rows of a layer, each with its document.
    fn layer(layer: &CustomLayer) -> Self {
        let own = layer.columns.iter().map(|column| (column.name.clone(), column.kind));
        Self { name: layer.name.clone(), columns: std::iter::once(("doc".to_owned(), ColumnKind::Integer)).chain(own).collect() }
    }

    fn columns(&self) -> Vec<(&str, ColumnKind)> {
        self.columns.iter().map(|(name, kind)| (name.as_str(), *kind)).collect()
    }
}

/// Loads a stage.
///
/// # Errors
/// The library is not there, is no plugin, is one for another version of the program, or does not take its settings.
pub fn load(request: &Request<'_>) -> Result<Loaded, LoadError> {
    let path = file::find(request.base, request.path)?;
    let sha256 = file::check(&path, request.options.sha256.as_deref())?;
    let shown = path.strip_prefix(request.base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
    if request.options.isolate {
        if request.kind != StepKind::Annotate {
            return Err(LoadError::Settings(format!(
                "`isolate` is for stages under `annotate`, not `{}`",
                request.kind.section()
            )));
        }
        let isolation = child::Isolation {
            library: &path,
            stage: request.options.stage.as_deref(),
            base: request.base,
            settings: declared::json(request.settings.node()),
            timeout_s: request.options.timeout_s,
        };
        return child::isolated(isolation, PluginFile { path: shown, version: String::new(), sha256 }, request.earlier);
    }
    let library = Library::load(&path)?;
    let stage = pick(&library.description, request)?.clone();
    let layers = declared::layers(&stage).map_err(LoadError::Description)?;
    let settings = settings(request.settings, &stage)?;
    let open = |parallel| library.open(&stage.name, &settings, request.base, parallel).map_err(LoadError::Settings);
    let (needs, built) = match stage.kind {
        Kind::Annotate => {
            let needs = needs(&stage, request.earlier)?;
            let names = needs.iter().map(|need| need.name().to_owned()).collect();
            let backend: Box<dyn Backend> = Box::new(Native(open(stage.parallel)?));
            let first = request.earlier.len() as u32;
            let annotator = PluginAnnotator::new(&stage.name, needs, first, &layers, backend);
            (names, LoadedStage::Annotator(Box::new(annotator)))
        }
        Kind::Ingest => (Vec::new(), LoadedStage::Source(Box::new(source::PluginSource::new(&stage.name, open(false)?)))),
        Kind::Export => {
            let target = target::target(&stage.name, open(false)?, request.options)?;
            (Vec::new(), LoadedStage::Target(target))
        }
    };
    let file = PluginFile { path: shown, version: library.description.version.clone(), sha256 };
    Ok(Loaded { name: stage.name, summary: stage.summary, file, needs, layers, stage: built })
}

fn kind_of(kind: StepKind) -> Kind {
    match kind {
        StepKind::Ingest => Kind::Ingest,
        StepKind::Annotate => Kind::Annotate,
        StepKind::Export => Kind::Export,
    }
}

/// The stage that the pipeline means: by name, or the only one of the section's kind.
fn pick<'d>(description: &'d Description, request: &Request<'_>) -> Result<&'d StageDescription, LoadError> {
    let kind = kind_of(request.kind);
    let list = |stages: &mut dyn Iterator<Item = &StageDescription>| {
        stages.map(|stage| format!("`{}` ({})", stage.name, stage.kind.as_str())).collect::<Vec<_>>().join(", ")
    };
    let all = list(&mut description.stages.iter());
    if let Some(name) = &request.options.stage {
        let Some(stage) = description.stages.iter().find(|stage| stage.name == *name) else {
            let message = format!("the library has no stage `{name}`");
            return Err(LoadError::NoStage { message, help: format!("it has {all}") });
        };
        if stage.kind != kind {
            let message = format!("the stage `{name}` stands under `{}`, but it is for `{}`", kind.as_str(), stage.kind.as_str());
            return Err(LoadError::NoStage { message, help: format!("move it to `{}:`", stage.kind.as_str()) });
        }
        return Ok(stage);
    }
    let mut fitting = description.stages.iter().filter(|stage| stage.kind == kind);
    match (fitting.next(), fitting.next()) {
        (Some(stage), None) => Ok(stage),
        (Some(_), Some(_)) => {
            let message = format!("the library has several stages for `{}`", kind.as_str());
            Err(LoadError::NoStage { message, help: format!("say which with `stage:`; it has {all}") })
        }
        (None, _) => {
            let message = format!("the library has no stage for `{}`", kind.as_str());
            Err(LoadError::NoStage { message, help: format!("it has {all}") })
        }
    }
}

fn needs(stage: &StageDescription, earlier: &[CustomLayer]) -> Result<Vec<Need>, LoadError> {
    needed_layers(&stage.needs)
        .into_iter()
        .map(|(name, columns)| Need::of(&name, &columns, earlier))
        .collect::<Result<_, _>>()
        .map_err(LoadError::Description)
}

/// Settings as JSON; keys that the stage's schema does not know are told here, with the closest one.
fn settings(settings: &Settings, stage: &StageDescription) -> Result<String, LoadError> {
    let json = declared::json(settings.node());
    check_settings(&json, stage)?;
    Ok(if json.is_null() { "{}".to_owned() } else { json.to_string() })
}

fn check_settings(json: &serde_json::Value, stage: &StageDescription) -> Result<(), LoadError> {
    let closed = stage.settings.get("additionalProperties") == Some(&serde_json::Value::Bool(false));
    let known = stage.settings.get("properties").and_then(serde_json::Value::as_object);
    if !closed {
        return Ok(());
    }
    let names: Vec<&str> = known.into_iter().flat_map(|known| known.keys()).map(String::as_str).collect();
    let mut given = json.as_object().into_iter().flat_map(|given| given.keys());
    let Some(key) = given.find(|key| !names.contains(&key.as_str())) else { return Ok(()) };
    let hint = match chancery_settings::closest(key, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "it has no settings".to_owned(),
        None => format!("it has {}", names.join(", ")),
    };
    Err(LoadError::Settings(format!("there is no setting `{key}`; {hint}")))
}
