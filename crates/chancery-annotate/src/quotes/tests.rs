//! What each construction gives, on texts as short as can be.

use std::sync::LazyLock;

use chancery_model::Document;

use crate::harness::Harness;

/// The models are read once for all tests.
static HARNESS: LazyLock<Harness> = LazyLock::new(|| Harness::new(&["language", "entities", "quotes"]));

fn read(text: &str) -> Document {
    HARNESS.annotate(text, None)
}

/// Each quotation as `kind “words” speaker`.
fn check(text: &str, expected: &[&str]) {
    let doc = read(text);
    let got: Vec<String> =
        doc.quotes.iter().map(|quote| format!("{} “{}” {}", quote.kind, doc.slice(quote.span), quote.speaker_name)).collect();
    assert_eq!(got, expected, "{text}");
}

#[test]
fn every_cue_gives_its_example() {
    let cues = HARNESS.context.knowledge.cues();
    let mut wrong = Vec::new();
    for cue in cues.rows() {
        let text: String = cue.example.chars().filter(|letter| !matches!(letter, '[' | ']')).collect();
        let wanted = cue.example.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inner, _)| inner);
        let doc = read(&text);
        let one = doc.quotes.len() == 1 && doc.quotes[0].cue.is_some();
        if !one || wanted.is_some_and(|wanted| doc.slice(doc.quotes[0].span) != wanted) {
            let got: Vec<_> = doc.quotes.iter().map(|quote| doc.slice(quote.span)).collect();
            wrong.push(format!("{} ({:?}): {}\n    got {got:?}", cue.words.join(" "), cue.kind, cue.example));
        }
    }
    // A model of another day may misread a sentence or two; a rule that breaks takes whole families with it.
    assert!(wrong.len() * 33 <= cues.rows().len(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_cue_stands_after_before_and_between() {
    check("“The road is open,” Ann Roe said.", &["direct “The road is open,” Ann Roe"]);
    check("“The road is open,” said Ann Roe, a farmer.", &["direct “The road is open,” Ann Roe"]);
    check("Ann Roe said: “The road is open.”", &["direct “The road is open.” Ann Roe"]);
    check(
        "“If it rains,” said Ann Roe, “the road will close.”",
        &["direct “If it rains,” Ann Roe", "direct “the road will close.” Ann Roe"],
    );
}

#[test]
fn what_has_no_cue_goes_on() {
    check(
        "“We closed it,” Ann Roe said. “It was old.”\n\n“Nobody will miss it.”",
        &["direct “We closed it,” Ann Roe", "direct “It was old.” Ann Roe", "direct “Nobody will miss it.” Ann Roe"],
    );
}

#[test]
fn scare_quotes_and_titles_are_not_speech() {
    check("The “tiger economy” slowed.", &[]);
    check("A song called “Lost River” was played at the summit.", &[]);
    check("The word “quality” appears in the report 61 times.", &[]);
}

#[test]
fn reported_speech_is_exactly_its_content() {
    check(
        "Canada said on Friday that it would reopen its embassy in Kabul.",
        &["indirect “it would reopen its embassy in Kabul” Canada"],
    );
    check("The harvest had failed, Ann Roe said.", &["indirect “The harvest had failed” Ann Roe"]);
    check("According to Ann Roe, the harvest has failed.", &["indirect “the harvest has failed” Ann Roe"]);
    check(
        "India said it had lost a ship, and Pakistan said it had lost none.",
        &["indirect “it had lost a ship” India", "indirect “it had lost none” Pakistan"],
    );
}

#[test]
fn an_unnamed_speaker_is_marked_as_one() {
    let doc = read("A senior diplomat said the talks had failed.");
    assert!(doc.quotes[0].anonymous);
    assert_eq!(doc.quotes[0].speaker_name, "senior diplomat");
    let doc = read("Canada said the talks had failed.");
    assert!(!doc.quotes[0].anonymous);
}

#[test]
fn the_addressee_is_no_speaker() {
    let doc = read("Ann Roe told Japan that the talks had failed.");
    assert_eq!(doc.quotes[0].speaker_name, "Ann Roe");
    assert_eq!(doc.quotes[0].addressee.map(|entity| doc.entity(entity).name.as_str()), Some("Japan"));
}

#[test]
fn transcripts_keep_to_their_labels() {
    let doc = read("MS. ROE: Who gave the order?\n\nMR. DOE: I do not know.\n\nMS. ROE: Thank you.");
    let got: Vec<_> = doc.quotes.iter().map(|quote| doc.slice(quote.span)).collect();
    assert_eq!(got, ["Who gave the order?", "I do not know.", "Thank you."]);
    assert!(doc.quotes[1].speaker_name.ends_with("DOE") && doc.quotes[2].speaker_name.ends_with("ROE"));
}

#[test]
fn quotes_nest_or_are_disjoint_whatever_the_text() {
    let pieces = ["“", "”", "\"", "'", "said", "Ann Roe", "that", ",", ".", "\n\n", "‘", "’", "the road is open", ": ", "told"];
    let mut state = 7_u32;
    for _ in 0..60 {
        let mut text = String::new();
        for _ in 0..80 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(pieces[(state >> 16) as usize % pieces.len()]);
            text.push(' ');
        }
        let doc = read(&text);
        assert!(doc.layers_are_sorted());
        for (at, outer) in doc.quotes.iter().enumerate() {
            for inner in &doc.quotes[at + 1..] {
                let apart = !outer.span.overlaps(inner.span);
                assert!(apart || outer.span.contains(inner.span) || inner.span.contains(outer.span), "{text}");
            }
        }
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    for piece in ["“ ", "\" a ", "said “ ", "' ", "“a” said b. ", "that said ", ", he said, "] {
        let time = |count: usize| {
            let text = piece.repeat(count);
            let mut doc = HARNESS.document(&text, None);
            let language = Harness::new(&["language"]);
            language.run(&mut doc);
            let stage = crate::find("quotes").unwrap();
            let settings = chancery_settings::Settings::from_yaml("{}").unwrap();
            let stage = (stage.build)(&settings, &HARNESS.context).unwrap_or_else(|faults| panic!("{faults:?}"));
            let start = std::time::Instant::now();
            stage.annotate(&mut doc).unwrap();
            start.elapsed().as_secs_f64()
        };
        let (short, long) = (time(4_000), time(16_000));
        assert!(long < short.max(0.02) * 12.0, "{piece:?}: {short} s, then {long} s for four times as much");
    }
}
