//! `chancery code`: the events of a sentence, with what matched. The tool with which users grow the lexicon.

use std::process::ExitCode;

use chancery_annotate::events::explain;
use chancery_annotate::harness::Harness;
use chancery_ingest::parse_date;
use miette::Result;

use crate::arguments::Code;

/// The stages that events build on.
const STAGES: &[&str] = &["language", "entities", "dates", "places", "quotes", "events"];

/// Prints the events of a text.
pub fn code(arguments: &Code) -> Result<ExitCode> {
    let published = match &arguments.published {
        None => None,
        Some(day) => {
            Some(parse_date(day).ok_or_else(|| miette::miette!("`--published {day}` is no date; write it like 2023-04-14"))?)
        }
    };
    let harness = Harness::new(STAGES);
    let document = harness.annotate(&arguments.text.join(" "), published);
    print!("{}", explain(&document, &harness.context.knowledge.events(), arguments.why));
    Ok(ExitCode::SUCCESS)
}
