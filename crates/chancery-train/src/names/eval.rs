//! Measures the whole stage of entities against corpora of names: people, organizations and places (countries among them).

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use chancery_annotate::entities::Entities;
use chancery_annotate::entities::names::What;
use chancery_annotate::entities::tagger::Label;
use chancery_lexicon::Knowledge;
use chancery_text::Pipeline;

use super::{Sample, Score, read, spans, tag};

/// The files of the data folder that the stage is measured on, and the F1 to reach.
pub const FILES: &[(&str, f64)] = &[("uner/dev_ewt_b.iob2", 0.72), ("ud/dev/gum_news.conllu", 0.80)];

/// Prints a line a file, and gives the mean F1 of [`FILES`].
///
/// # Errors
/// A file that cannot be read.
pub fn report(data: &Path) -> Result<f64> {
    let stage = Arc::new(Entities::new(Knowledge::builtin().world()));
    let mut sum = 0.0;
    for (file, goal) in FILES {
        let (score, kinds, wrong) = measure(&stage, &data.join(file))?;
        println!("{file}: {score}, goal {goal:.2}");
        for (name, score) in ["people", "organizations", "places"].iter().zip(kinds) {
            println!("    {name}: {score}");
        }
        if std::env::var_os("CHANCERY_SHOW_MISSES").is_some() {
            for line in wrong {
                println!("    {line}");
            }
        }
        sum += score.f1();
    }
    Ok(sum / FILES.len() as f64)
}

/// Scores of all names, of each kind, and what went wrong.
type Measured = (Score, [Score; 3], Vec<String>);

/// Compares the names that the stage finds in a file with its gold.
///
/// # Errors
/// A file that cannot be read.
pub fn measure(stage: &Arc<Entities>, file: &Path) -> Result<Measured> {
    let pipeline = Pipeline::english()?;
    let mut samples = read(file)?;
    tag(&mut samples, &pipeline);
    let (mut all, mut kinds, mut wrong) = (Score::default(), [Score::default(); 3], Vec::new());
    for sample in &samples {
        let found = found(stage, sample);
        let gold = spans(&sample.labels);
        all.add(&gold, &found);
        for (score, label) in kinds.iter_mut().zip([Label::BeginPerson, Label::BeginOrganization, Label::BeginPlace]) {
            let of = |names: &[(u32, u32, Label)]| names.iter().copied().filter(|name| name.2 == label).collect::<Vec<_>>();
            score.add(&of(&gold), &of(&found));
        }
        let text = |name: &(u32, u32, Label)| {
            let tokens = &sample.doc.tokens.span;
            let from = (name.0 as usize).saturating_sub(4);
            let to = (name.1 as usize + 4).min(tokens.len());
            format!(
                "{:?} [{}] in: {}",
                name.2,
                sample.doc.slice(tokens[name.0 as usize].join(tokens[name.1 as usize - 1])),
                sample.doc.slice(tokens[from].join(tokens[to - 1]))
            )
        };
        wrong.extend(gold.iter().filter(|name| !found.contains(name)).map(|name| format!("missed {}", text(name))));
        wrong.extend(found.iter().filter(|name| !gold.contains(name)).map(|name| format!("found  {}", text(name))));
    }
    Ok((all, kinds, wrong))
}

/// The names of a sample in the corpora's classes.
fn found(stage: &Entities, sample: &Sample) -> Vec<(u32, u32, Label)> {
    stage
        .names(&sample.doc)
        .into_iter()
        .filter_map(|name| {
            let label = match name.what {
                What::Country(_) | What::Capital(_) | What::Region(_) | What::Place(_) | What::NewPlace => Label::BeginPlace,
                What::Person(_) | What::NewPerson => Label::BeginPerson,
                What::Organization(_) | What::Ministry(_) | What::NewOrganization(_) | What::Seat(_) => Label::BeginOrganization,
                What::Nationality(_) | What::RegionAdjective(_) | What::Agreement | What::AgreementBody(_) | What::Nothing => {
                    return None;
                }
            };
            Some((name.tokens.start.0, name.tokens.end.0, label))
        })
        .collect()
}
