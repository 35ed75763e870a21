use std::io::Write;

use chancery_model::{Country, Span};

use super::*;

fn country(code: &str) -> Option<Country> {
    Country::parse(code)
}

fn first<'a>(gazetteer: &'a Gazetteer, name: &str) -> Toponym<'a> {
    gazetteer.get(*gazetteer.find(name).first().unwrap_or_else(|| panic!("no {name}")))
}

#[test]
fn built_in_rows_are_good() {
    let gazetteer = Gazetteer::builtin();
    assert!(gazetteer.len() > 50_000, "{gazetteer:?}");
    for (name, code, feature) in [
        ("Tokyo", "JPN", "P.PPLC"),
        ("Kiev", "UKR", "P.PPLC"),
        ("Saigon", "VNM", "P.PPLA"),
        ("Kitimat", "CAN", "P.PPL"),
        ("British Columbia", "CAN", "A.ADM1"),
        ("Srebrenica", "BIH", "P.PPL"),
        ("Xinjiang", "CHN", "A.ADM1"),
        ("Georgia", "GEO", "A.PCLI"),
        ("Guantánamo Bay", "CUB", "L.NVB"),
        ("Donbass", "UKR", "L.RGN"),
        ("St Petersburg", "RUS", "P.PPLA"),
    ] {
        let place = first(&gazetteer, name);
        assert_eq!((place.country, &**place.feature), (country(code), feature), "{name}");
    }
    for name in ["Taiwan Strait", "South China Sea", "Middle East", "Africa", "Scarborough Shoal", "Strait of Hormuz"] {
        assert!(!gazetteer.find(name).is_empty(), "{name}");
    }
}

#[test]
fn namesakes_are_sorted_best_known_first() {
    let gazetteer = Gazetteer::builtin();
    for (_, name, candidates) in gazetteer.names() {
        assert!(candidates.is_sorted_by(|a, b| gazetteer.get(*a).prior >= gazetteer.get(*b).prior), "{name}");
        assert!(candidates.windows(2).all(|pair| pair[0] != pair[1]), "{name} is there twice");
    }
    let paris: Vec<_> = gazetteer.find("Paris").iter().map(|place| gazetteer.get(*place)).collect();
    assert_eq!(paris[0].country, country("FRA"));
    assert!(paris.iter().any(|place| &**place.admin1 == "Texas"));
    assert!(paris.iter().any(|place| &**place.admin1 == "Ontario"));
}

#[test]
fn an_abbreviation_is_a_container_and_no_name() {
    let gazetteer = Gazetteer::builtin();
    let texas = gazetteer.find("Texas")[0];
    for short in ["Tex.", "TX", "Texas"] {
        assert!(gazetteer.containers(short).any(|place| place == texas), "{short}");
    }
    assert!(gazetteer.find("TX").is_empty());
    assert!(gazetteer.find("Miss.").is_empty());
    assert!(!gazetteer.find("B.C.").is_empty());
}

#[test]
fn places_of_a_division_share_its_number() {
    let gazetteer = Gazetteer::builtin();
    let (texas, austin, perth) = (first(&gazetteer, "Texas"), first(&gazetteer, "Austin"), first(&gazetteer, "Perth"));
    assert_eq!(texas.division, austin.division);
    assert_ne!(texas.division, perth.division);
}

/// The longest name at the first token; `|` joins two tokens.
fn longest(marked: &str) -> Option<(usize, String)> {
    let gazetteer = Gazetteer::builtin();
    let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for letter in marked.chars().chain([' ']) {
        if matches!(letter, ' ' | '|') {
            spans.push(Span::of(start..text.len()));
        }
        if letter != '|' {
            text.push(letter);
        }
        if matches!(letter, ' ' | '|') {
            start = text.len();
        }
    }
    gazetteer.longest(&text, &spans, 0, 8).map(|found| (found.tokens, gazetteer.spelling(found.name).to_owned()))
}

#[test]
fn the_longest_name_wins_whatever_the_tokens() {
    assert_eq!(longest("New York|, he said"), Some((2, "New York".to_owned())));
    assert_eq!(longest("Ho Chi Minh City|'s mayor").unwrap().0, 4);
    assert_eq!(longest("Al|-|Bab fell").unwrap().0, 3);
    assert_eq!(longest("Sharm el-Sheikh hosts").unwrap().0, 2);
    assert_eq!(longest("Strait of Hormuz").unwrap().0, 3);
    assert_eq!(longest("Paris| and London").unwrap().0, 1);
    assert_eq!(longest("Zzyzzx Road"), None);
    assert_eq!(longest("New"), None);
}

#[test]
fn a_name_does_not_cross_a_line_end() {
    let gazetteer = Gazetteer::builtin();
    let text = "New\nYork";
    let spans = [Span::new(0, 3), Span::new(4, 8)];
    assert_eq!(gazetteer.longest(text, &spans, 0, 8), None);
}

fn user(name: &str, text: &str) -> Result<Gazetteer, String> {
    let path = std::env::temp_dir().join(format!("chancery-{}-{name}", std::process::id()));
    std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    let mut builder = GazetteerBuilder::builtin();
    let added = builder.add_file(&path);
    std::fs::remove_file(&path).unwrap();
    added.map(|()| builder.finish()).map_err(|error| error.to_string().replace(&*std::env::temp_dir().to_string_lossy(), "TMP"))
}

#[test]
fn a_users_table_goes_on_top() {
    let table = "# mine\nname\talternates\tfeature\tiso3\tadmin1\tlatitude\tlongitude\tpopulation\tgeonames_id\n\
                 Strelsau\tStreslau\tP.PPLC\t\t\t50.1\t14.2\t80000\t\n";
    let gazetteer = user("mine.tsv", table).unwrap();
    assert_eq!(first(&gazetteer, "Streslau").population, 80_000);
}

#[test]
fn a_geonames_dump_goes_on_top_and_known_places_only_gain_names() {
    let dump = "99000001\tKleindorf\tKleindorf\tPetit-Village\t47.1\t9.3\tP\tPPL\tCH\t\tSG\t\t\t\t312\t\t600\tEurope/Zurich\t2020-01-01\n\
                2661039\tDavos\tDavos\tTafaas\t46.8\t9.8\tP\tPPL\tCH\t\tGR\t\t\t\t10898\t\t1500\tEurope/Zurich\t2020-01-01\n\
                99000002\tOberdorf im Tal\tOberdorf im Tal\t\t46.9\t9.7\tP\tPPL\tCH\t\tGR\t\t\t\t12\t\t1500\tEurope/Zurich\t2020-01-01\n";
    let gazetteer = user("CH.txt", dump).unwrap();
    assert_eq!(first(&gazetteer, "Petit-Village").country, country("CHE"));
    assert_eq!(gazetteer.find("Davos").len(), 1);
    assert_eq!(first(&gazetteer, "Tafaas").name, "Davos");
    // The name of a division is taken over from known places with the same code.
    assert_eq!(first(&gazetteer, "Oberdorf im Tal").admin1, first(&gazetteer, "Davos").admin1);
}

#[test]
fn a_bad_row_names_its_file_and_line() {
    let head = "name\talternates\tfeature\tiso3\tadmin1\tlatitude\tlongitude\tpopulation\tgeonames_id\n";
    let error = user("bad.tsv", &format!("{head}Strelsau\t\tP.PPLC\t\t\t95\t14.2\t\t\n")).unwrap_err();
    assert!(error.ends_with("bad.tsv, line 2: latitude must be degrees between -90 and 90, not `95`"), "{error}");
    let error = user("code.tsv", &format!("{head}Strelsau\t\ttown\t\t\t9\t14.2\t\t\n")).unwrap_err();
    assert!(error.ends_with("line 2: feature must be a GeoNames class and code such as `P.PPL`, not `town`"), "{error}");
    let row = "1\ta\ta\t\t1\t1\tP\tPPL\tCH\t\t\t\t\t\tmany\t\t\t\t\n";
    let error = user("dump.txt", row).unwrap_err();
    assert!(error.ends_with("dump.txt, line 1: population must be a whole number, not `many`"), "{error}");
}
