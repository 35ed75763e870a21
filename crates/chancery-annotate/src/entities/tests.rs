use jiff::civil::date;

use crate::harness::Harness;
use chancery_model::{Document, EntityKey};

fn annotate(text: &str) -> Document {
    Harness::new(&["language", "entities"]).annotate(text, Some(date(2023, 4, 14)))
}

fn key(key: &EntityKey) -> String {
    match key {
        EntityKey::Named(name) => name.clone(),
        EntityKey::Anonymous(number) => format!("anon/{number}"),
    }
}

/// Each mention of a text and its entity, and each entity and what is known of it, as lines.
fn lines(text: &str) -> Vec<String> {
    let doc = annotate(text);
    let mentions = doc.mentions.iter().filter_map(|mention| {
        let entity = doc.entity(mention.entity?);
        Some(format!("{} = {}", doc.slice(mention.span), key(&entity.key)))
    });
    let entities = doc.entities.iter().map(|entity| {
        let country = entity.country.map_or_else(String::new, |country| country.as_str().to_owned());
        let status = entity.status.map_or("", chancery_model::PersonStatus::as_str);
        format!("{}: {country}, {}, {}, {status}, {}", key(&entity.key), entity.code, entity.role, entity.organization)
    });
    mentions.chain(entities).collect()
}

/// Asserts that the lines of a text hold those expected.
fn check(text: &str, expected: &[&str]) {
    let lines = lines(text);
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "{text}\nlacks: {line}\nhas: {lines:#?}");
    }
}

#[test]
fn a_title_makes_a_person_with_role_and_country() {
    check(
        "Canadian Trade Minister Mary Ng met reporters.",
        &[
            "Canadian Trade Minister Mary Ng = person/mary-ng",
            "Canadian = country/CAN",
            "person/mary-ng: CAN, CANGOV, trade minister, current, ",
        ],
    );
}

#[test]
fn an_apposition_gives_role_and_organization() {
    check(
        "“Our voice is not global,” said Ken Jimbo, a security expert at Keio University.",
        &["Ken Jimbo = person/ken-jimbo", "a security expert at Keio University = person/ken-jimbo"],
    );
    check(
        "Writing last month, Japan’s consul-general to Toronto, Takuya Sasayama, praised the plan.",
        &[
            "Takuya Sasayama = person/takuya-sasayama",
            "Japan’s consul-general to Toronto = person/takuya-sasayama",
            "Toronto = place/toronto",
        ],
    );
}

#[test]
fn a_short_name_is_the_full_one_s() {
    check(
        "Arne Holmqvist opened the plant. Mr. Holmqvist thanked the workers, and Holmqvist left.",
        &["Mr. Holmqvist = person/arne-holmqvist", "Holmqvist = person/arne-holmqvist"],
    );
}

#[test]
fn a_surname_in_office_is_known_from_the_lexicon() {
    check(
        "President Biden spoke to reporters.",
        &["President Biden = person/joe-biden", "person/joe-biden: USA, USAGOV, president, current, "],
    );
}

#[test]
fn a_capital_is_a_government_or_a_city() {
    check("Tokyo welcomes the plan.", &["Tokyo = country/JPN"]);
    check("Officials met in Tokyo on Monday.", &["Tokyo = place/tokyo"]);
    check("Ties between Ottawa and Beijing are cold.", &["Ottawa = country/CAN", "Beijing = country/CHN"]);
    check("The Kremlin rejected the proposal.", &["Kremlin = country/RUS"]);
}

#[test]
fn the_late_and_the_former_are_told_apart() {
    check(
        "The late Japanese prime minister Shinzo Abe coined the term.",
        &["person/shinzo-abe: JPN, JPNELI, prime minister, late, "],
    );
    check(
        "Former Peruvian foreign minister Rosa Quispe agreed.",
        &["person/rosa-quispe: PER, PERELI, foreign minister, former, "],
    );
}

#[test]
fn an_unnamed_official_is_one_entity() {
    let text = "A senior Canadian diplomat said talks go on. The deal is close, the diplomat said.";
    check(text, &["A senior Canadian diplomat = anon/1", "the diplomat = anon/1", "anon/1: CAN, CANGOV, diplomat, , "]);
}

#[test]
fn a_bracketed_acronym_is_its_name_s() {
    let text = "The Coastal Fisheries Monitoring Agency (CFMA) was founded in May. The CFMA has ten boats.";
    let doc = annotate(text);
    let ids: Vec<String> = doc
        .mentions
        .iter()
        .filter(|mention| doc.slice(mention.span) == "CFMA")
        .filter_map(|mention| mention.entity)
        .map(|entity| key(&doc.entity(entity).key))
        .collect();
    assert_eq!(ids, ["org/coastal-fisheries-monitoring-agency", "org/coastal-fisheries-monitoring-agency"]);
}

#[test]
fn any_text_is_annotated() {
    for text in [
        "",
        "\u{301}",
        "’s the Prime Minister",
        "日本は2023年",
        "Mr. Mr. Mr.",
        "U.S.",
        "(((",
        "PRESIDENT BIDEN SAID US AID WILL GO ON",
    ] {
        assert!(annotate(text).layers_are_sorted(), "{text}");
    }
}
