//! `chancery plugin new`: a project that builds, has a passing test and a pipeline to try it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chancery_plugin::describe::Kind;

/// The language of a new plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust, with the SDK.
    Rust,
    /// C, with the header alone.
    C,
    /// Python, as a command.
    Python,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "rust" => Ok(Language::Rust),
            "c" => Ok(Language::C),
            "python" => Ok(Language::Python),
            other => Err(format!("`{other}` is none of rust, c, python")),
        }
    }
}

/// What to make.
#[derive(Debug, Clone)]
pub struct NewPlugin<'a> {
    /// Its name: small letters, digits, `-` and `_`.
    pub name: &'a str,
    /// Its kind.
    pub kind: Kind,
    /// Its language.
    pub language: Language,
    /// The folder of the SDK (`crates/chancery-plugin`); the published one where there is none.
    pub sdk: Option<&'a Path>,
}

/// Why a project cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The name cannot be one.
    #[error("`{0}` is no name of a plugin: small letters, digits, `-` and `_`, a letter first")]
    Name(String),
    /// There is no such template.
    #[error("a plugin in {language} annotates; one that {kind}s is written in Rust")]
    Kind {
        /// The language.
        language: &'static str,
        /// The kind.
        kind: &'static str,
    },
    /// The SDK is not where it was said to be.
    #[error("there is no SDK in {}: name the folder `crates/chancery-plugin`", .0.display())]
    Sdk(PathBuf),
    /// There is something already.
    #[error("{} is there already", .0.display())]
    There(PathBuf),
    /// The file system.
    #[error("{} cannot be written: {}", .0.display(), .1)]
    Io(PathBuf, std::io::Error),
}

/// A file of a project: its name and its text, both with places for the plugin's name.
type Template = (&'static str, &'static str);

const RUST_ANNOTATE: &[Template] = &[
    ("Cargo.toml", include_str!("templates/rust/Cargo.toml.in")),
    ("src/lib.rs", include_str!("templates/rust/annotate.rs.in")),
    ("pipeline.yaml", include_str!("templates/rust/annotate.yaml")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", "/target\n/out\n"),
];
const RUST_INGEST: &[Template] = &[
    ("Cargo.toml", include_str!("templates/rust/Cargo.toml.in")),
    ("src/lib.rs", include_str!("templates/rust/ingest.rs.in")),
    ("pipeline.yaml", include_str!("templates/rust/ingest.yaml")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", "/target\n/out\n"),
];
const RUST_EXPORT: &[Template] = &[
    ("Cargo.toml", include_str!("templates/rust/Cargo.toml.in")),
    ("src/lib.rs", include_str!("templates/rust/export.rs.in")),
    ("pipeline.yaml", include_str!("templates/rust/export.yaml")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", "/target\n/out\n"),
];
const C_ANNOTATE: &[Template] = &[
    ("chancery_plugin.h", chancery_plugin::HEADER),
    ("@snake@.c", include_str!("templates/c/stage.c.in")),
    ("test.c", include_str!("templates/c/test.c.in")),
    ("Makefile", include_str!("templates/c/Makefile.in")),
    ("pipeline.yaml", include_str!("templates/c/pipeline.yaml")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", "/out\n/test\n*.so\n*.dylib\n"),
];
const PYTHON_ANNOTATE: &[Template] = &[
    ("@snake@.py", include_str!("templates/python/stage.py.in")),
    ("test_@snake@.py", include_str!("templates/python/test.py.in")),
    ("pipeline.yaml", include_str!("templates/python/pipeline.yaml")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", "/out\n__pycache__/\n"),
];

/// A project that was made.
#[derive(Debug)]
pub struct Made {
    /// Its folder.
    pub folder: PathBuf,
    /// What to type next.
    pub next: Vec<String>,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "made {}; now:", self.folder.display())?;
        self.next.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// Makes a project in a new folder of the plugin's name.
///
/// # Errors
/// A name or kind that cannot be, a folder that is there already, the file system.
pub fn new(parent: &Path, plugin: &NewPlugin<'_>) -> Result<Made, NewError> {
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let first = plugin.name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if !first || !plugin.name.chars().all(named) || plugin.name.len() > 40 {
        return Err(NewError::Name(plugin.name.to_owned()));
    }
    let templates = match (plugin.language, plugin.kind) {
        (Language::Rust, Kind::Annotate) => RUST_ANNOTATE,
        (Language::Rust, Kind::Ingest) => RUST_INGEST,
        (Language::Rust, Kind::Export) => RUST_EXPORT,
        (Language::C, Kind::Annotate) => C_ANNOTATE,
        (Language::Python, Kind::Annotate) => PYTHON_ANNOTATE,
        (language, kind) => {
            let language = if language == Language::C { "C" } else { "Python" };
            return Err(NewError::Kind { language, kind: kind.as_str() });
        }
    };
    let folder = parent.join(plugin.name);
    if folder.exists() {
        return Err(NewError::There(folder));
    }
    let sdk = match plugin.sdk {
        None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
        Some(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            if !path.join("Cargo.toml").is_file() {
                return Err(NewError::Sdk(path));
            }
            format!("{{ path = {:?} }}", path.to_string_lossy())
        }
    };
    let snake = plugin.name.replace('-', "_");
    let camel: String = snake.split('_').filter(|part| !part.is_empty()).map(capitalised).collect();
    let fill = |text: &str| {
        text.replace("@sdk@", &sdk).replace("@name@", plugin.name).replace("@snake@", &snake).replace("@Camel@", &camel)
    };
    for (name, text) in templates {
        let path = folder.join(fill(name));
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, fill(text)));
        written.map_err(|error| NewError::Io(path, error))?;
    }
    let go = format!("cd {}", folder.display());
    let next = match plugin.language {
        Language::Rust => vec![go, "cargo test".into(), "cargo build --release".into(), "chancery run pipeline.yaml".into()],
        Language::C => vec![go, "make test".into(), "chancery run pipeline.yaml".into()],
        Language::Python => vec![go, "python3 -m unittest".into(), "chancery run pipeline.yaml".into()],
    };
    Ok(Made { folder, next })
}

fn capitalised(part: &str) -> String {
    let mut letters = part.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_filled_in_full() {
        let folder = tempfile::tempdir().unwrap();
        for (number, (language, kind)) in [
            (Language::Rust, Kind::Annotate),
            (Language::Rust, Kind::Ingest),
            (Language::Rust, Kind::Export),
            (Language::C, Kind::Annotate),
            (Language::Python, Kind::Annotate),
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("my-stage{number}");
            let made = new(folder.path(), &NewPlugin { name: &name, kind, language, sdk: None }).unwrap();
            for entry in std::fs::read_dir(&made.folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let open = ["@name@", "@snake@", "@Camel@", "@sdk@"].into_iter().find(|place| text.contains(place));
                    assert_eq!(open, None, "{}", path.display());
                }
            }
            assert!(matches!(new(folder.path(), &NewPlugin { name: &name, kind, language, sdk: None }), Err(NewError::There(_))));
        }
        for name in ["", "../x", "Name", "7x", "a b"] {
            let plugin = NewPlugin { name, kind: Kind::Annotate, language: Language::Rust, sdk: None };
            assert!(matches!(new(folder.path(), &plugin), Err(NewError::Name(_))), "{name}");
        }
        let plugin = NewPlugin { name: "x", kind: Kind::Export, language: Language::C, sdk: None };
        assert!(matches!(new(folder.path(), &plugin), Err(NewError::Kind { .. })));
    }
}
