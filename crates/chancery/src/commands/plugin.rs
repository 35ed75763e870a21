//! `chancery plugin`: look at a plugin, make a new one; and the hidden verb that a child of an isolated plugin is called with.

use std::path::Path;
use std::process::ExitCode;

use chancery_plugin::describe::Kind;
use chancery_runner::plugin::{self, Language, NewPlugin};
use miette::{Result, miette};

use crate::arguments::{PluginKind, PluginLanguage, PluginVerb};

/// Does what the verb says.
pub fn plugin(verb: &PluginVerb) -> Result<ExitCode> {
    match verb {
        PluginVerb::Inspect { path } => {
            let shown = path.to_string_lossy();
            let inspected = plugin::inspect(Path::new(""), &shown).map_err(|error| {
                let help = error.way_out();
                miette!(help = help, "the plugin `{shown}` cannot be used: {error}")
            })?;
            print!("{inspected}");
            Ok(if inspected.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        PluginVerb::New { name, kind, lang, sdk } => {
            let kind = match kind {
                PluginKind::Ingest => Kind::Ingest,
                PluginKind::Annotate => Kind::Annotate,
                PluginKind::Export => Kind::Export,
            };
            let language = match lang {
                PluginLanguage::Rust => Language::Rust,
                PluginLanguage::C => Language::C,
                PluginLanguage::Python => Language::Python,
            };
            let made = plugin::new(Path::new(""), &NewPlugin { name, kind, language, sdk: sdk.as_deref() });
            print!("{}", made.map_err(|error| miette!("{error}"))?);
            Ok(ExitCode::SUCCESS)
        }
        PluginVerb::Serve { library, stage } => {
            let code = plugin::serve(library, stage);
            Ok(ExitCode::from(u8::try_from(code).unwrap_or(3)))
        }
    }
}
