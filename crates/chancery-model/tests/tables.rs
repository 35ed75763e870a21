//! Layers become rows of the contract's datasets.
#![expect(clippy::unwrap_used, reason = "tests")]

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, UInt32Type};
use chancery_model::tables::{ColumnKind, DOCUMENT_DATASETS, Renderer};
use chancery_model::{DateAnchor, DateExpr, DateType, Document, Quote, QuoteKind, Sentence, SentenceIx, Span, TokenRange};
use jiff::civil::date;

fn sample() -> Document {
    let text = "« Né » said Ñ in May.";
    let end = text.len() as u32;
    Document {
        id: "d1".into(),
        text: text.into(),
        sentences: vec![Sentence { span: Span::new(0, end), tokens: TokenRange::default(), paragraph: 0 }],
        quotes: vec![Quote {
            span: Span::new(3, 6),
            sentence: SentenceIx(0),
            kind: QuoteKind::Direct,
            cue: None,
            speaker: None,
            speaker_entity: None,
            speaker_name: String::new(),
            anonymous: false,
            addressee: None,
        }],
        dates: vec![DateExpr {
            span: Span::of(text.find("May").unwrap()..text.len() - 1),
            sentence: SentenceIx(0),
            r#type: DateType::Date,
            value: "2023-05".into(),
            modifier: "",
            from: Some(date(2023, 5, 1)),
            to: Some(date(2023, 5, 31)),
            anchor: DateAnchor::Published,
        }],
        ..Document::default()
    }
}

#[test]
fn offsets_count_code_points_and_ids_count_from_one() {
    let renderer = Renderer::new(|_| true, Vec::new());
    let batches = renderer.render(&[sample(), sample()]).unwrap();
    let at = |name: &str| renderer.datasets().iter().position(|dataset| dataset.name == name).unwrap();
    let quotes = &batches[at("quotes")];
    assert_eq!(quotes.num_rows(), 2);
    assert_eq!(quotes["quote_id"].as_string::<i32>().value(0), "d1:q1");
    assert_eq!(quotes["text"].as_string::<i32>().value(0), "Né");
    assert_eq!(quotes["kind"].as_string::<i32>().value(0), "direct");
    assert_eq!(quotes["start"].as_primitive::<UInt32Type>().value(0), 2);
    assert_eq!(quotes["end"].as_primitive::<UInt32Type>().value(0), 4);
    let dates = &batches[at("dates")];
    assert_eq!(dates["anchor"].as_string::<i32>().value(0), "published");
    assert_eq!(dates["from"].as_primitive::<Date32Type>().value_as_date(0).unwrap().to_string(), "2023-05-01");
    let documents = &batches[at("documents")];
    assert_eq!(documents["characters"].as_primitive::<UInt32Type>().value(0), 21);
}

#[test]
fn every_column_is_described_and_the_contract_names_them() {
    for rows in DOCUMENT_DATASETS {
        let dataset = rows.dataset();
        assert_eq!(dataset.name, rows.name);
        assert!(dataset.description.ends_with('.'), "{}", dataset.name);
        for column in &dataset.columns {
            assert!(column.description.len() > 5, "{}.{} has no description", dataset.name, column.name);
        }
    }
    let quotes = DOCUMENT_DATASETS.iter().find(|rows| rows.name == "quotes").unwrap().dataset();
    let kind = quotes.columns.iter().find(|column| column.name == "kind").unwrap();
    assert_eq!(kind.allowed, ["direct", "indirect", "mixed"]);
    assert!(kind.required);
    let speaker = quotes.columns.iter().find(|column| column.name == "speaker_start").unwrap();
    assert!(!speaker.required && speaker.kind == ColumnKind::Integer);
}
