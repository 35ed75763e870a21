//! Checks over the whole plan: what each stage needs is given by one before it.

use std::ops::Range;

use chancery_settings::{Fault, Node, Value};

use super::READER_LAYERS;

/// What a stage expects and gives, and where it stands.
pub struct Expected {
    pub stage: String,
    pub needs: Vec<String>,
    pub gives: Vec<String>,
    pub at: Range<usize>,
}

impl Expected {
    /// A stage that only gives.
    pub fn gives(stage: &str, gives: &[&str], at: Range<usize>) -> Self {
        Self { stage: stage.to_owned(), needs: Vec::new(), gives: gives.iter().map(ToString::to_string).collect(), at }
    }
}

/// A fault for each layer that a stage needs and no earlier one gives.
pub fn layers(stages: &[Expected], faults: &mut Vec<Fault>) {
    for (number, stage) in stages.iter().enumerate() {
        for layer in &stage.needs {
            let given =
                READER_LAYERS.contains(&layer.as_str()) || stages[..number].iter().any(|earlier| earlier.gives.contains(layer));
            if given {
                continue;
            }
            let later = stages[number + 1..].iter().find(|later| later.gives.contains(layer));
            let giver = chancery_annotate::ANNOTATORS.iter().find(|entry| entry.gives.contains(&layer.as_str()));
            let help = match (later, giver) {
                (Some(later), _) => format!("put `{}` before it", later.stage),
                (None, Some(giver)) => format!("put `- use: {}` before it", giver.name),
                (None, None) => "no stage that is built in gives it".to_owned(),
            };
            let message = format!("`{}` needs the layer `{layer}`, which no earlier stage gives", stage.stage);
            faults.push(Fault::new("plan::missing_layer", stage.at.clone(), message).label("needed here").help(help));
        }
    }
}

/// A fault for each key that a mapping has twice: the second would be ignored.
pub fn duplicates(node: &Node, faults: &mut Vec<Fault>) {
    match &node.value {
        Value::List(list) => list.iter().for_each(|node| duplicates(node, faults)),
        Value::Map(entries) => {
            for (number, entry) in entries.iter().enumerate() {
                if entries[..number].iter().any(|earlier| earlier.key == entry.key) {
                    faults.push(Fault::new("plan::twice", entry.key_at.clone(), format!("`{}` is said twice", entry.key)));
                }
                duplicates(&entry.node, faults);
            }
        }
        _ => {}
    }
}
