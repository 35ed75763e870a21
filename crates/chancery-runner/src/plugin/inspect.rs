//! `chancery plugin inspect`: what a library says of itself.

use std::fmt;
use std::path::{Path, PathBuf};

use chancery_plugin::describe::Description;

use super::library::Library;
use super::{LoadError, declared, file};

/// A library that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// Its file.
    pub path: PathBuf,
    /// The file's SHA-256.
    pub sha256: String,
    /// What it says of itself.
    pub description: Description,
    /// What is wrong with its stages: they could not be used.
    pub faults: Vec<String>,
}

/// Looks at a library: loads it, opens no stage.
///
/// # Errors
/// It cannot be loaded.
pub fn inspect(base: &Path, named: &str) -> Result<Inspected, LoadError> {
    let path = file::find(base, named)?;
    let sha256 = file::check(&path, None)?;
    let description = Library::load(&path)?.description.clone();
    let faults = description.stages.iter().filter_map(|stage| declared::layers(stage).err()).collect();
    Ok(Inspected { path, sha256, description, faults })
}

impl fmt::Display for Inspected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let description = &self.description;
        writeln!(f, "{} {}", description.name, description.version)?;
        if !description.summary.is_empty() {
            writeln!(f, "{}", description.summary)?;
        }
        writeln!(f, "file    {}", self.path.display())?;
        writeln!(f, "sha256  {}", self.sha256)?;
        for stage in &description.stages {
            writeln!(f, "\n{} ({})", stage.name, stage.kind.as_str())?;
            if !stage.summary.is_empty() {
                writeln!(f, "  {}", stage.summary)?;
            }
            if !stage.needs.is_empty() {
                writeln!(f, "  needs     {}", stage.needs.join(", "))?;
            }
            if !stage.parallel && stage.kind == chancery_plugin::describe::Kind::Annotate {
                writeln!(f, "  one call at a time")?;
            }
            settings(f, &stage.settings)?;
            for layer in &stage.gives {
                writeln!(f, "  gives     {}: {}", layer.name, layer.description)?;
                let width = layer.columns.iter().map(|column| column.name.len()).max().unwrap_or(0);
                for column in &layer.columns {
                    let required = if column.required { "" } else { ", may be empty" };
                    let unit = column.unit.as_ref().map(|unit| format!(" in {unit}")).unwrap_or_default();
                    write!(f, "    {:width$}  {}{unit}{required}", column.name, column.kind.as_str())?;
                    if !column.description.is_empty() {
                        write!(f, ": {}", column.description)?;
                    }
                    if !column.allowed.is_empty() {
                        write!(f, " [{}]", column.allowed.join(", "))?;
                    }
                    writeln!(f)?;
                }
            }
        }
        for fault in &self.faults {
            writeln!(f, "\ncannot be used: {fault}")?;
        }
        Ok(())
    }
}

fn settings(f: &mut fmt::Formatter<'_>, schema: &serde_json::Value) -> fmt::Result {
    let Some(properties) = schema.get("properties").and_then(serde_json::Value::as_object) else { return Ok(()) };
    if properties.is_empty() {
        return Ok(());
    }
    writeln!(f, "  settings")?;
    let width = properties.keys().map(String::len).max().unwrap_or(0);
    for (name, property) in properties {
        let text = |key: &str| property.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let default = property.get("default").map(|value| format!(" (default {value})")).unwrap_or_default();
        writeln!(f, "    {name:width$}  {}{default}: {}", text("type"), text("description").replace('\n', " "))?;
    }
    Ok(())
}
