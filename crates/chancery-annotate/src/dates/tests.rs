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
#[ignore = "prints what texts give: TEXTS names their files, each as path=YYYY-MM-DD, apart by blanks"]
fn show() {
    let harness = Harness::new(&["language", "dates", "quantities"]);
    for item in std::env::var("TEXTS").unwrap_or_default().split_whitespace() {
        let (path, day) = item.split_once('=').unwrap_or((item, ""));
        let text = std::fs::read_to_string(path).unwrap();
        let document = harness.annotate(&text, day.parse().ok());
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        for row in &document.dates {
            let (from, to) = (day(row.from), day(row.to));
            println!(
                "D\t{path}\t{}\t{}\t{}\t{}\t{}\t{}\t{from}\t{to}",
                row.span.start,
                row.span.end,
                document.slice(row.span),
                row.r#type,
                row.value,
                row.modifier
            );
        }
        for row in &document.quantities {
            let to = row.value_to.map(|to| to.to_string()).unwrap_or_default();
            println!(
                "Q\t{path}\t{}\t{}\t{}\t{}\t{to}\t{}\t{}\t{}",
                row.span.start,
                row.span.end,
                document.slice(row.span),
                row.value,
                row.unit,
                row.of,
                row.modifier
            );
        }
    }
}

#[test]
#[ignore = "measures speed: TEXTS names files; run it with --release"]
fn speed() {
    let read = Harness::new(&["language"]);
    let texts = std::env::var("TEXTS").unwrap_or_default();
    let paths = texts.split_whitespace().map(|item| item.split_once('=').map_or(item, |(path, _)| path));
    let mut documents: Vec<_> =
        paths.map(|path| read.annotate(&String::from_utf8_lossy(&std::fs::read(path).unwrap()), Some(PUBLISHED))).collect();
    for stage in ["dates", "quantities"] {
        let harness = Harness::new(&[stage]);
        let (rounds, clock) = (20, std::time::Instant::now());
        for _ in 0..rounds {
            documents.iter_mut().for_each(|document| harness.run(document));
        }
        let tokens: usize = documents.iter().map(|document| document.tokens.len()).sum();
        println!("{stage}: {:.2} million tokens a second", (tokens * rounds) as f64 / clock.elapsed().as_secs_f64() / 1e6);
    }
}

/// Friday, 14 April 2023: the day of publication of these texts.
const PUBLISHED: Date = date(2023, 4, 14);

fn check(cases: &[(&str, &[&str])]) {
    let harness = harness();
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = read(&harness, text, Some(PUBLISHED));
        if found != *expected {
            wrong.push_str(&format!("{text}\n  expected {expected:?}\n  found    {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn explicit_dates_are_read_in_all_their_orders() {
    check(&[
        ("It was signed on 14 April 2021.", &["14 April 2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on April 14, 2021.", &["April 14, 2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on the 14th of April 2021.", &["the 14th of April 2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on Wednesday, April 14th, 2021.", &["Wednesday, April 14th, 2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on Apr. 14, 2021.", &["Apr. 14, 2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on 2021-04-14.", &["2021-04-14|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on 14/04/2021.", &["14/04/2021|DATE|2021-04-14||2021-04-14"]),
        ("It was signed on 04/14/2021.", &["04/14/2021|DATE|2021-04-14||2021-04-14"]),
        (
            "They met on 13/02/2021 and on 03/04/2021.",
            &["13/02/2021|DATE|2021-02-13||2021-02-13", "03/04/2021|DATE|2021-04-03||2021-04-03"],
        ),
        ("It was signed in November 2019.", &["November 2019|DATE|2019-11||2019-11-01..2019-11-30"]),
        (
            "The war lasted from 1939 to 1945.",
            &["1939|DATE|1939||1939-01-01..1939-12-31", "1945|DATE|1945||1945-01-01..1945-12-31"],
        ),
        ("They met on 3-5 May 2021.", &["3|DATE|2021-05-03||2021-05-03", "5 May 2021|DATE|2021-05-05||2021-05-05"]),
        ("They met on May 3-5, 2021.", &["May 3|DATE|2021-05-03||2021-05-03", "5, 2021|DATE|2021-05-05||2021-05-05"]),
        (
            "He ruled between May and July 2021.",
            &["May|DATE|2021-05||2021-05-01..2021-05-31", "July 2021|DATE|2021-07||2021-07-01..2021-07-31"],
        ),
    ]);
}

#[test]
fn longer_stretches_are_read() {
    check(&[
        ("It grew in the 1990s.", &["the 1990s|DATE|199||1990-01-01..1999-12-31"]),
        ("It grew in the mid-1990s.", &["the mid-1990s|DATE|199|MID|1994-01-01..1996-12-31"]),
        ("Since the 19th century it has been free.", &["the 19th century|DATE|18||1800-01-01..1899-12-31"]),
        ("Persia invaded in 490 BC.", &["490 BC|DATE|BC0490||-000489-01-01..-000489-12-31"]),
        ("Growth slowed in the first quarter of 2023.", &["the first quarter of 2023|DATE|2023-Q1||2023-01-01..2023-03-31"]),
        ("Profits rose in Q3 2022.", &["Q3 2022|DATE|2022-Q3||2022-07-01..2022-09-30"]),
        ("They fought through the summer of 2022.", &["the summer of 2022|DATE|2022-SU||2022-06-01..2022-08-31"]),
        ("It ended in late 2021.", &["late 2021|DATE|2021|END|2021-10-01..2021-12-31"]),
        ("It ended at the end of March 2021.", &["the end of March 2021|DATE|2021-03|END|2021-03-21..2021-03-31"]),
        ("It was founded in early August 2021.", &["early August 2021|DATE|2021-08|START|2021-08-01..2021-08-10"]),
    ]);
}

#[test]
fn words_that_point_are_resolved_against_publication() {
    check(&[
        ("He resigned yesterday.", &["yesterday|DATE|2023-04-13||2023-04-13"]),
        ("He resigned on Tuesday.", &["Tuesday|DATE|2023-04-11||2023-04-11"]),
        ("He will resign on Tuesday.", &["Tuesday|DATE|2023-04-18||2023-04-18"]),
        ("He visited Seoul last month.", &["last month|DATE|2023-03||2023-03-01..2023-03-31"]),
        ("He visited Seoul last week.", &["last week|DATE|2023-W14||2023-04-03..2023-04-09"]),
        ("The war began two years ago.", &["two years ago|DATE|2021||2021-01-01..2021-12-31"]),
        ("The talks began three days ago.", &["three days ago|DATE|2023-04-11||2023-04-11"]),
        ("They will vote next year.", &["next year|DATE|2024||2024-01-01..2024-12-31"]),
        ("She visited Ottawa in October.", &["October|DATE|2022-10||2022-10-01..2022-10-31"]),
        ("She will visit Ottawa in October.", &["October|DATE|2023-10||2023-10-01..2023-10-31"]),
        ("The government plans a trade mission to Japan in October.", &["October|DATE|2023-10||2023-10-01..2023-10-31"]),
        ("Talks are to begin in May.", &["May|DATE|2023-05||2023-05-01..2023-05-31"]),
        ("It was announced late last year.", &["late last year|DATE|2022|END|2022-10-01..2022-12-31"]),
        ("It was announced earlier this week.", &["earlier this week|DATE|2023-W15||2023-04-10..2023-04-14"]),
        ("Rebels attacked the town on Monday night.", &["Monday night|TIME|2023-04-10TNI||2023-04-10"]),
        ("It happened last night.", &["last night|TIME|2023-04-13TNI||2023-04-13"]),
        (
            "The vote is at 2:30 p.m. on Tuesday.",
            &["2:30 p.m.|TIME|2023-04-18T14:30||2023-04-18", "Tuesday|DATE|2023-04-18||2023-04-18"],
        ),
    ]);
}

#[test]
fn words_that_lean_on_the_last_date_are_resolved_against_it() {
    check(&[
        (
            "He was elected on 3 May 2019. The following day he flew to Rome.",
            &["3 May 2019|DATE|2019-05-03||2019-05-03", "The following day|DATE|2019-05-04||2019-05-04"],
        ),
        (
            "He was elected in May 2019. A month later he resigned.",
            &["May 2019|DATE|2019-05||2019-05-01..2019-05-31", "A month later|DATE|2019-06||2019-06-01..2019-06-30"],
        ),
        (
            "He was elected in 2019. That year the economy shrank.",
            &["2019|DATE|2019||2019-01-01..2019-12-31", "That year|DATE|2019||2019-01-01..2019-12-31"],
        ),
        (
            "He was elected on 3 May 2019, three days earlier than planned.",
            &["3 May 2019|DATE|2019-05-03||2019-05-03", "three days earlier|DATE|2019-04-30||2019-04-30"],
        ),
    ]);
}

#[test]
fn lengths_and_recurrence_are_read() {
    check(&[
        ("The talks lasted more than three years.", &["more than three years|DURATION|P3Y|MORE_THAN|"]),
        ("They signed a two-year deal.", &["two-year|DURATION|P2Y||"]),
        ("It has ruled for decades.", &["decades|DURATION|PXDE||"]),
        ("They waited about six hours.", &["about six hours|DURATION|PT6H|APPROX|"]),
        ("Exports grew over the past two years.", &["the past two years|DURATION|P2Y||"]),
        ("They meet every Monday.", &["every Monday|SET|XXXX-WXX-1||"]),
        ("They meet twice a week.", &["twice a week|SET|P1W||"]),
        ("It pumps 100 barrels a day.", &["a day|SET|P1D||"]),
    ]);
}

#[test]
fn months_that_are_people_verbs_or_names_are_none() {
    check(&[
        ("Theresa May said May would be hard for the party.", &[]),
        ("It may rain, and troops march on the town.", &[]),
        ("The 1500 soldiers were led by August Wilson.", &[]),
    ]);
}

#[test]
fn without_publication_what_needs_it_stays_open() {
    let harness = harness();
    let found = read(&harness, "He resigned on Tuesday and will leave next month.", None);
    assert_eq!(found, ["Tuesday|DATE|XXXX-WXX-2||", "next month|DATE|XXXX-XX||"]);
}

#[test]
fn hostile_texts_do_no_harm() {
    let harness = harness();
    for text in [
        "the the the end of the end of the end of late early mid-mid-mid- 1990s",
        "31 February 2021, February 30, 99/99/9999, 0000-00-00, 2023-13-45T99:99:99Z",
        "9999 years ago, 99999 centuries later, two millennia before; a million years ago, 20000 years later",
        "May May May May March March 3 3 3 3 – – – 1 2 3 4 BC BC 0 BC 9999 BC 5 AD AD 5",
        "'99 '9 '999s ’90s ’s 25:61 24:00 00:00 a.m. p.m. o'clock 13 o'clock noon midnight",
        "",
    ] {
        for published in [None, Some(PUBLISHED), Some(Date::MAX), Some(Date::MIN)] {
            let document = harness.annotate(text, published);
            assert!(document.layers_are_sorted());
            assert!(document.dates.iter().all(|row| row.from.is_some() == row.to.is_some() && row.from <= row.to), "{text}");
        }
    }
}
