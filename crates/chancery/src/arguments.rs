//! What may be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Turns news about international affairs into datasets that a researcher can cite: who did and said what to whom, when, where,
/// according to whom; every row points at the exact characters that it was read from.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, max_term_width = 100)]
pub struct Arguments {
    /// Print nothing but errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more in the log (twice: everything).
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a pipeline.
    Run(Run),
    /// Check a pipeline and tell all its faults, without reading a document.
    Check(Pipeline),
    /// Show the plan of a pipeline as a table.
    Explain(Pipeline),
    /// List the stages that a pipeline can use.
    Stages {
        /// As JSON, with the schema of each stage's settings.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of pipeline files, for editors.
    Schema,
    /// Parse text to CoNLL-U: sentences, tokens, lemmas, tags, dependencies.
    Parse(Parse),
    /// Show the events of a sentence: rules, matched words and parse.
    Code(Code),
    /// Check lexicon files of your own, or look up what a name matches.
    #[command(subcommand)]
    Lexicon(Lexicon),
    /// Look at a plugin, or make a new one.
    Plugin {
        /// What to do.
        #[command(subcommand)]
        verb: PluginVerb,
    },
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages.
    Man {
        /// The folder that they go to.
        folder: PathBuf,
    },
}

/// A pipeline file, and what to change about it.
#[derive(Debug, Args)]
pub struct Pipeline {
    /// The pipeline file.
    #[arg(default_value = "pipeline.yaml")]
    pub pipeline: PathBuf,
    /// Change a setting: `--set run.threads=2`, `--set annotate.0.parse=false`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

/// How to run a pipeline.
#[derive(Debug, Args)]
pub struct Run {
    /// The pipeline.
    #[command(flatten)]
    pub pipeline: Pipeline,
    /// Worker threads; the datasets do not depend on it.
    #[arg(long, short)]
    pub threads: Option<usize>,
    /// Begin anew, whatever an earlier run has left.
    #[arg(long)]
    pub fresh: bool,
}

/// What to parse, and how far.
#[derive(Debug, Args)]
pub struct Parse {
    /// Files; standard input where there are none.
    pub files: Vec<PathBuf>,
    /// The input is CoNLL-U: keep its sentences and tokens, predict the rest.
    #[arg(long)]
    pub pretokenized: bool,
    /// How far to go: the columns beyond are `_`.
    #[arg(long, value_enum, default_value_t = Depth::Parse)]
    pub level: Depth,
}

/// What to do with lexicons.
#[derive(Debug, Subcommand)]
pub enum Lexicon {
    /// Check files of your own: entries that cannot be read, stand twice, contradict one another, or use codes that mean nothing.
    Check {
        /// The files: YAML, TSV, or dictionaries in PETRARCH's format.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Show what a name matches, and which file and line says so.
    Look {
        /// The name.
        #[arg(required = true)]
        name: Vec<String>,
        /// Files of your own on top of the built-in lexicons.
        #[arg(long)]
        with: Vec<PathBuf>,
    },
}

/// A text whose events are to be shown.
#[derive(Debug, Args)]
pub struct Code {
    /// The text.
    #[arg(required = true)]
    pub text: Vec<String>,
    /// Tell also which patterns nearly matched, and what failed.
    #[arg(long)]
    pub why: bool,
    /// The day on which the text was published.
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
}

/// How far an analysis goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Depth {
    /// Sentences and tokens.
    Tokens,
    /// Lemmas, tags and features too.
    Tags,
    /// The dependency parse too.
    Parse,
}

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub enum PluginVerb {
    /// Show a library's name, version, stages, settings, needs and layers.
    Inspect {
        /// The library, with or without the platform's prefix and ending.
        path: PathBuf,
    },
    /// Make a project that builds, has a passing test and a pipeline to try it.
    New {
        /// Name of the plugin: small letters, digits, `-` and `_`.
        name: String,
        /// What it does.
        #[arg(long, value_enum, default_value_t = PluginKind::Annotate)]
        kind: PluginKind,
        /// What it is written in.
        #[arg(long, value_enum, default_value_t = PluginLanguage::Rust)]
        lang: PluginLanguage,
        /// Folder of the SDK (`crates/chancery-plugin` of the sources); the published one without it.
        #[arg(long)]
        sdk: Option<PathBuf>,
    },
    /// Answer for a library that is kept apart.
    #[command(hide = true)]
    Serve {
        /// The library.
        library: PathBuf,
        /// The stage; empty for the only one.
        stage: String,
    },
}

/// What a plugin does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PluginKind {
    /// Gives documents.
    Ingest,
    /// Adds layers.
    Annotate,
    /// Writes datasets.
    Export,
}

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PluginLanguage {
    /// Rust, with the SDK.
    Rust,
    /// C, with the header alone.
    C,
    /// Python, as a command.
    Python,
}
