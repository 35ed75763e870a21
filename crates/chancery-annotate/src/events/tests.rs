use chancery_lexicon::patterns::Expected;

use super::examples::{check_examples, matches, row};
use crate::harness::Harness;

/// Below this share of good examples the patterns and the matcher no longer belong together. What is left are sentences that the
/// parse or the entities get wrong: `cargo xtask eval events` lists them.
const LEAST_GOOD: f64 = 0.93;

fn harness() -> Harness {
    Harness::new(&["language", "entities", "dates", "places", "quotes", "events"])
}

#[test]
#[ignore = "runs when the stages before it are all there"]
fn examples_of_patterns_give_their_rows() {
    let harness = harness();
    let lexicon = harness.context.knowledge.events();
    let (count, failures) = check_examples(&lexicon, |_| true, |text| harness.annotate(text, None));
    let share = 1.0 - failures.len() as f64 / count as f64;
    let shown = |failure: &super::Failure| {
        format!(
            "{} {}\n  {}\n  wanted {:?}\n  found {:?}\n",
            failure.place, failure.pattern, failure.text, failure.wanted, failure.found
        )
    };
    assert!(share >= LEAST_GOOD, "{share:.3} of {count}\n{}", failures.iter().map(shown).collect::<String>());
}

/// Every row that the text must give, and no other.
fn check(text: &str, expected: &str) {
    let harness = harness();
    let doc = harness.annotate(text, Some(jiff::civil::date(2023, 4, 14)));
    let wanted = Expected::parse(expected).unwrap();
    let found: Vec<String> = doc.events.iter().map(|event| format!("{} ({})", row(&doc, event), event.rule)).collect();
    let right =
        wanted.len() == doc.events.len() && wanted.iter().all(|one| doc.events.iter().any(|event| matches(&doc, event, one)));
    assert!(right, "{text}\nwanted {expected}\nfound {found:?}");
}
