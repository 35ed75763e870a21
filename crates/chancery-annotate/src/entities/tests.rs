use jiff::civil::date;

use crate::harness::Harness;

/// The entities of a text: id, and what is known of it.
fn entities(text: &str) -> Vec<String> {
    let harness = Harness::new(&["language", "entities"]);
    let doc = harness.annotate(text, Some(date(2023, 4, 14)));
    doc.entities
        .iter()
        .map(|entity| {
            let key = match &entity.key {
                chancery_model::EntityKey::Named(name) => name.clone(),
                chancery_model::EntityKey::Anonymous(number) => format!("anon/{number}"),
            };
            let country = entity.country.map_or_else(String::new, |country| country.as_str().to_owned());
            format!("{key} [{country} {} {}]", entity.code, entity.role)
        })
        .collect()
}

#[test]
fn a_title_makes_a_person_with_role_and_country() {
    let found = entities("Canadian Trade Minister Mary Ng met reporters.");
    assert!(found.iter().any(|entity| entity == "person/mary-ng [CAN CANGOV trade minister]"), "{found:?}");
}
