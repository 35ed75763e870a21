//! `cargo xtask eval NAME [DATA]`: the accuracy of a component over gold data, a figure a line.
//!
//! The treebanks and other gold data are not part of the project: their folder is named, or is `../shared/data`.

use std::path::PathBuf;

use chancery_annotate::events::eval::{read_gold, score};
use chancery_annotate::events::{EventSettings, Events, check_examples};
use chancery_annotate::harness::Harness;
use chancery_lexicon::patterns::Pattern;
use chancery_model::{Annotator, Document};
use chancery_text::Pipeline;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::{components, root};

/// What can be evaluated.
const NAMES: &[&str] = &["dates", "entities", "events", "quotes", "samples", "text"];

/// Runs an evaluation.
pub fn eval(arguments: &[&str]) -> Result<()> {
    let show = arguments.contains(&"--show");
    let named = arguments.iter().skip(1).find(|word| !word.starts_with("--"));
    let data = named.map_or_else(|| root().join("../shared/data"), PathBuf::from);
    match arguments.first().copied() {
        Some("dates") => components::dates(&data, show),
        Some("entities") => components::entities(&data),
        Some("quotes") => components::quotes(show),
        Some("events") => {
            let after = |flag| arguments.windows(2).filter(move |pair| pair[0] == flag).map(|pair| pair[1]);
            let coder = Coder::new(after("--lexicon").map(str::to_owned).collect())?;
            match arguments.contains(&"--examples") {
                true => coder.examples(after("--examples").find(|word| !word.starts_with("--"))),
                false => coder.gold(show),
            }
        }
        Some("samples") => {
            let name = arguments[1..].iter().find(|word| !word.starts_with("--")).copied();
            crate::samples::samples(name, show)
        }
        Some("text") => text(&data),
        _ => Err(miette::miette!("name what to evaluate: {}", NAMES.join(", "))),
    }
}

/// Tags, lemmas, parse, boundaries over the development treebanks.
fn text(data: &std::path::Path) -> Result<()> {
    let pipeline = Pipeline::english().into_diagnostic()?;
    let folder = data.join("ud/dev");
    let rows = chancery_train::text::eval_text(&pipeline, &folder)
        .map_err(|error| miette::miette!("{error}"))
        .wrap_err_with(|| format!("the treebanks in {} cannot be read", folder.display()))?;
    for (name, scores) in rows {
        for (figure, value) in scores.figures() {
            println!("{name} {figure} {value:.2}");
        }
    }
    Ok(())
}

/// The stages that events build on.
const BEFORE_EVENTS: &[&str] = &["language", "entities", "dates", "places", "quotes"];

/// The day that sentences without a date were written on.
const WRITTEN: jiff::civil::Date = jiff::civil::date(2024, 6, 1);

/// The stage of events with all that it needs; files of patterns may come on top of the built-in ones, so that
/// a changed file is measured without a build.
struct Coder {
    harness: Harness,
    stage: Events,
}

impl Coder {
    fn new(lexicons: Vec<String>) -> Result<Self> {
        let harness = Harness::new(BEFORE_EVENTS);
        let settings = EventSettings { lexicons, ..EventSettings::default() };
        let stage =
            Events::new(settings, harness.context.knowledge.events(), &root()).map_err(|message| miette::miette!("{message}"))?;
        Ok(Self { harness, stage })
    }

    fn annotate(&self, text: &str) -> Document {
        let mut document = self.harness.annotate(text, Some(WRITTEN));
        // A text in another language has no events; the sentences here are English.
        if self.stage.annotate(&mut document).is_err() {
            document.events.clear();
        }
        document
    }

    /// Events of the sentences in `gold/events`, with the types that were taken for others.
    fn gold(&self, show: bool) -> Result<()> {
        let folder = root().join("gold/events");
        let mut files: Vec<_> = std::fs::read_dir(&folder).into_diagnostic()?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let mut all = Vec::new();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&file).into_diagnostic()?;
            let sentences = read_gold(&name, &text).map_err(|message| miette::miette!("{message}"))?;
            println!("{name}: {} sentences", sentences.len());
            all.extend(sentences);
        }
        miette::ensure!(!all.is_empty(), "{} holds no sentences", folder.display());
        print!("{}", score(&all, |text| self.annotate(text)).report(show));
        Ok(())
    }

    /// The examples of patterns that give something else than they say; with a word, of the patterns whose id holds it.
    fn examples(&self, word: Option<&str>) -> Result<()> {
        let wanted = |pattern: &Pattern| word.is_none_or(|word| pattern.id.contains(word));
        let (count, failures) = check_examples(self.stage.lexicon(), wanted, |text| self.annotate(text));
        for failure in &failures {
            println!("{} {}\n  {}", failure.place, failure.pattern, failure.text);
            println!("  wanted {}\n  found {}", failure.wanted.join("; "), failure.found.join("; "));
        }
        println!("{} of {count} examples give their rows", count - failures.len());
        Ok(())
    }
}
