use jiff::civil::date;

use crate::harness::Harness;

/// Name, kind, parties and status of each agreement of the text.
fn found(text: &str) -> Vec<String> {
    static SHARED: std::sync::OnceLock<Harness> = std::sync::OnceLock::new();
    let harness = SHARED.get_or_init(|| Harness::new(&["language", "entities", "dates", "agreements"]));
    let doc = harness.annotate(text, Some(date(2023, 4, 14)));
    let row = |row: &chancery_model::Agreement| {
        format!("{} | {} | {} | {}", row.name, row.kind, row.parties, row.status.map_or("", |status| status.as_str()))
    };
    doc.agreements.iter().map(row).collect()
}

#[test]
fn a_listed_agreement_has_its_parties_and_stands_where_the_day_puts_it() {
    assert_eq!(
        found("Canada is a party to the USMCA."),
        ["United States–Mexico–Canada Agreement | agreement | CAN|MEX|USA | in force"]
    );
    assert_eq!(found("Iran has left the JCPOA, officials said.")[0].rsplit(" | ").next(), Some("withdrawn"));
}

#[test]
fn a_name_with_capitals_is_an_agreement_of_whoever_publishes_it() {
    assert_eq!(
        found("In December Japan published its National Security Strategy."),
        ["National Security Strategy | strategy | JPN | published"]
    );
}

#[test]
fn a_described_agreement_needs_two_parties() {
    assert_eq!(
        found("Tokyo and Ottawa agreed to work toward an intelligence-sharing pact last year."),
        ["intelligence-sharing pact | pact | JPN|CAN | under negotiation"]
    );
    assert_eq!(found("A pact would be welcome, the minister said."), [""; 0]);
}

#[test]
fn the_noun_alone_takes_up_the_last_one() {
    assert_eq!(
        found("Peru and Chile signed a border treaty. The treaty took years."),
        ["border treaty | treaty | PER|CHL | signed"]
    );
}

#[test]
fn ordinary_deals_and_words_are_none() {
    assert_eq!(found("It was a great deal of work for the new doc. They start again on Monday."), [""; 0]);
}
