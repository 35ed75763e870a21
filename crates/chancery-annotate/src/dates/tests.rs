//! What the stage reads, as tables.

use jiff::civil::{Date, date};

use crate::harness::Harness;

fn harness() -> Harness {
    Harness::new(&["language", "dates"])
}

/// The dates of a text, each `text|type|value|modifier|from..to`.
fn read(harness: &Harness, text: &str, published: Option<Date>) -> Vec<String> {
    let document = harness.annotate(text, published);
    let rows = document.dates.iter().map(|row| {
        let days = match (row.from, row.to) {
            (Some(from), Some(to)) if from == to => from.to_string(),
            (Some(from), Some(to)) => format!("{from}..{to}"),
            _ => String::new(),
        };
        format!("{}|{}|{}|{}|{days}", document.slice(row.span), row.r#type, row.value, row.modifier)
    });
    rows.collect()
}

#[test]
#[ignore = "measures on texts outside the repository: WIKIWARS names their folder"]
fn wikiwars() {
    let Some(folder) = std::env::var_os("WIKIWARS") else { return };
    let figures = super::evaluation::measure(std::path::Path::new(&folder), &harness(), |file, mark, found| {
        println!("{file}\t{mark}\t{found}");
    })
    .unwrap();
    println!(
        "FIGURES {figures:?} strict {:.3} relaxed {:.3} value {:.3} value F1 {:.3}",
        figures.strict_f1(),
        figures.relaxed_f1(),
        figures.value_accuracy(),
        figures.value_f1()
    );
    assert!(figures.relaxed_f1() > 0.5);
}

#[test]
#[ignore = "prints what one text gives: TEXT names its file, PUBLISHED the day"]
fn show() {
    let Some(path) = std::env::var_os("TEXT") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let published = std::env::var("PUBLISHED").ok().and_then(|day| day.parse().ok());
    for row in read(&harness(), &text, published) {
        println!("{row}");
    }
}

#[test]
fn the_seed_is_read_whole() {
    let _ = date(2023, 4, 14);
}
