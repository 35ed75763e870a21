use chancery_plugin::serde_json::{Value, json};
use chancery_plugin::testing::TestRun;

use super::Themes;
use super::taxonomy::{BUILT_IN, Taxonomy};

fn themes(settings: Value, text: &str) -> Vec<(String, String)> {
    let run = TestRun::<Themes>::new(settings).text(text).run();
    assert!(run.rejects.is_empty(), "{:?}", run.rejects);
    run.rows("themes")
        .iter()
        .map(|row| (row["theme"].as_str().unwrap().to_owned(), row["terms"].as_str().unwrap().to_owned()))
        .collect()
}

fn named(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(theme, _)| theme.as_str()).collect()
}

#[test]
fn built_in_taxonomies_are_good() {
    for (name, text) in BUILT_IN {
        let taxonomy = Taxonomy::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(taxonomy.terms.len() > 90, "{name}");
    }
    assert!(Taxonomy::parse(BUILT_IN[0].1).unwrap().themes.len() >= 60);
}

#[test]
fn every_term_finds_itself() {
    for (name, text) in BUILT_IN {
        let taxonomy = Taxonomy::parse(text).unwrap();
        let matcher = super::Matcher::new(&taxonomy);
        for (number, term) in taxonomy.terms.iter().enumerate() {
            let spelt = term.text.replace('*', "").replace("defen?e", "defence").replace("labo?r", "labour").replace('?', "s");
            let counts = matcher.count(&format!("x {spelt} x"));
            assert!(counts[number] > 0, "{name}: `{}` is not found in `{spelt}`", term.text);
        }
    }
}

#[test]
fn a_text_is_about_what_its_words_tell() {
    let text = "The Security Council extended the arms embargo. New sanctions freeze the assets of two ministers, and a travel ban \
                applies to both. Sanctions work, the envoy told the UN General Assembly.";
    let found = themes(json!({}), text);
    assert_eq!(named(&found)[..2], ["sanctions", "united_nations"], "{found:?}");
}

#[test]
fn of_one_theme_the_longest_term_counts_once() {
    let found = themes(json!({ "at_least": 0.5 }), "A gas pipeline.");
    assert_eq!(found, [("oil_gas".to_owned(), "gas pipeline*|pipeline*".to_owned())]);
}

#[test]
fn capitals_matter_where_the_term_has_them() {
    assert!(!named(&themes(json!({ "at_least": 0.5 }), "Those who know the quad.")).contains(&"health"));
    assert!(named(&themes(json!({ "at_least": 0.5 }), "The WHO said so.")).contains(&"health"));
}

#[test]
fn both_spellings_are_found() {
    for text in ["Defence cooperation grew.", "Defense cooperation grew."] {
        assert!(named(&themes(json!({ "at_least": 2 }), text)).contains(&"defence_cooperation"), "{text}");
    }
}

#[test]
fn another_taxonomy_is_named_in_the_settings() {
    let found = themes(json!({ "taxonomy": "energy", "at_least": 1 }), "OPEC cut oil output by a million barrels.");
    assert_eq!(named(&found)[0], "energy.oil");
    let error = TestRun::<Themes>::new(json!({ "taxonomy": "absent.yaml" })).text("x").try_run().unwrap_err();
    assert!(error.message.contains("absent.yaml") && error.message.contains("world, energy"), "{error}");
}

#[test]
fn a_bad_taxonomy_names_its_fault() {
    for (yaml, words) in [
        ("- { theme: a, about: x, terms: { b: 0 } }", "weight of `b`"),
        ("- { theme: a, about: x, terms: { '--': 1 } }", "no word"),
        ("- { theme: a, about: x, terms: { b: 1 } }\n- { theme: a, about: x, terms: { b: 1 } }", "twice"),
        ("- { theme: a, about: x, terms: {} }", "no terms"),
        ("- { theme: a, weight: 1, about: x, terms: { b: 1 } }", "weight"),
    ] {
        let error = Taxonomy::parse(yaml).unwrap_err();
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn any_text_is_taken() {
    let odd = ["", " ", "İSTANBUL’DA ß ﬀ 🏳️‍🌈", "\u{0}\u{feff}", "ＮＡＴＯ", "a\u{301}é"];
    for text in odd {
        drop(themes(json!({ "at_least": 0.1 }), text));
    }
}
