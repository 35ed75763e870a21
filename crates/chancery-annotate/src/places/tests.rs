use std::sync::OnceLock;

use chancery_model::Document;

use crate::harness::Harness;

fn harness() -> &'static Harness {
    static HARNESS: OnceLock<Harness> = OnceLock::new();
    HARNESS.get_or_init(|| Harness::new(&["language", "places"]))
}

fn annotate(text: &str) -> Document {
    harness().annotate(text, None)
}

/// `Paris/US/Texas`: the text, the country, the division where it tells.
fn rows(text: &str) -> Vec<String> {
    let document = annotate(text);
    let row = |place: &chancery_model::Place| {
        let country = place.country.map_or("-".to_owned(), |country| country.as_str().to_owned());
        format!("{}/{country}/{}", document.slice(place.span), place.admin1)
    };
    document.places.iter().map(row).collect()
}

/// Each expected row is the beginning of one that is there.
fn check(text: &str, expected: &[&str]) {
    let rows = rows(text);
    for row in expected {
        assert!(rows.iter().any(|found| found.starts_with(row)), "{text}\nexpected {row}, found {rows:?}");
    }
}

/// No row has this text.
fn check_none(text: &str, name: &str) {
    let rows = rows(text);
    assert!(!rows.iter().any(|row| row.split('/').next() == Some(name)), "{text}\nfound {rows:?}");
}

fn check_feature(text: &str, name: &str, feature: &str) {
    let document = annotate(text);
    let place = document.places.iter().find(|place| document.slice(place.span) == name);
    assert_eq!(place.map(|place| &*place.feature), Some(feature), "{text}");
}

#[test]
fn a_division_or_country_after_the_comma_decides() {
    check("The company will build a plant in Paris, Texas.", &["Paris/USA/Texas", "Texas/USA"]);
    check("The company will build a plant in Paris, Ontario, next year.", &["Paris/CAN/Ontario"]);
    check("The company will build a plant in Paris, France.", &["Paris/FRA"]);
    check("She was born in London, Ont., in 1961.", &["London/CAN/Ontario"]);
    check("The terminal in Kitimat, B.C., is to open soon.", &["Kitimat/CAN/British Columbia", "B.C./CAN"]);
    check("The summit in Hiroshima, Japan, begins in May.", &["Hiroshima/JPN/Hiroshima", "Japan/JPN"]);
    check("Protesters marched in Birmingham, Ala., on Sunday.", &["Birmingham/USA/Alabama"]);
    check("Protesters marched in Birmingham, England, on Sunday.", &["Birmingham/GBR/England"]);
    check("He lives in Cambridge, Massachusetts.", &["Cambridge/USA/Massachusetts"]);
    check("He lives in Cambridge, England.", &["Cambridge/GBR/England"]);
    check("A court in Victoria, British Columbia, heard the case.", &["Victoria/CAN/British Columbia"]);
    check("The vessel docked in Victoria, Seychelles, on Monday.", &["Victoria/SYC"]);
    check("The factory in Springfield, Missouri, was closed.", &["Springfield/USA/Missouri"]);
    check("The factory in Portland, Maine, was closed.", &["Portland/USA/Maine"]);
    check("The base near Lebanon, Tennessee, was shut.", &["Lebanon/USA/Tennessee"]);
    check("Officers from Hyderabad, Pakistan, took part.", &["Hyderabad/PAK/Sindh"]);
    check("Officers from Hyderabad, India, took part.", &["Hyderabad/IND/Telangana"]);
    check("They opened an office in San José, Costa Rica.", &["San José/CRI"]);
    check("They opened an office in San Jose, California.", &["San Jose/USA/California"]);
    check("He flew to Valencia, Venezuela, for the talks.", &["Valencia/VEN"]);
    check("The shelter in Columbus, GA, is full.", &["Columbus/USA/Georgia"]);
    check("The shelter in Rome, Georgia, is full.", &["Rome/USA/Georgia"]);
    check("A plant in Aleppo, Syria, was hit.", &["Aleppo/SYR"]);
}

#[test]
fn a_county_between_a_town_and_its_state_is_stepped_over() {
    check("A fire broke out in Springfield, Greene County, Missouri, late on Friday.", &["Springfield/USA/Missouri"]);
}

#[test]
fn a_holder_in_brackets_or_after_in_decides() {
    check("Envoys met in Tripoli (Lebanon) before the vote.", &["Tripoli/LBN"]);
    check("Clashes erupted in Tripoli in northern Lebanon.", &["Tripoli/LBN"]);
    check("A bomb exploded in Hyderabad in southern Pakistan.", &["Hyderabad/PAK"]);
    check("The mill in Newcastle in New South Wales was sold.", &["Newcastle/AUS/New South Wales"]);
}

#[test]
fn an_owner_or_a_nationality_before_the_name_decides() {
    check("Fighting resumed in Lebanon's Tripoli overnight.", &["Tripoli/LBN"]);
    check("Fighting resumed in Libya's capital Tripoli overnight.", &["Tripoli/LBY"]);
    check("Fighting resumed in the Lebanese city of Tripoli overnight.", &["Tripoli/LBN"]);
    check("The Venezuelan city of Valencia lost power.", &["Valencia/VEN"]);
    check("The Spanish port of Valencia lost power.", &["Valencia/ESP"]);
    check("The Pakistani city of Hyderabad was flooded.", &["Hyderabad/PAK"]);
    check("A mine collapsed near the South African town of Newcastle.", &["Newcastle/ZAF"]);
    check("The Australian city of Newcastle exports coal.", &["Newcastle/AUS"]);
    check("Police in the Texas town of Paris made arrests.", &["Paris/USA/Texas"]);
    check("The Chilean capital, Santiago, was calm.", &["Santiago/CHL"]);
    check("The Egyptian town of Rafah was shelled.", &["Rafah/EGY"]);
}

#[test]
fn a_word_that_tells_the_kind_decides() {
    check("Voters in the US state of Georgia go to the polls.", &["Georgia/USA"]);
    check("Lawmakers in the former Soviet republic of Georgia passed the bill.", &["Georgia/GEO"]);
    check_feature("Shells hit villages in Kharkiv region.", "Kharkiv", "A.ADM1");
    check_feature("Shells hit blocks of flats in Kharkiv.", "Kharkiv", "P.PPLA");
    check_feature("The governor of New York state resigned.", "New York", "A.ADM1");
    check_feature("Diplomats met in New York on Monday.", "New York", "P.PPL");
    check_feature("Rebels hold most of Idlib province.", "Idlib", "A.ADM1");
    check_feature("Residents of the city of Idlib fled.", "Idlib", "P.PPLA");
    check_feature("Wildfires spread across Washington state.", "Washington", "A.ADM1");
    check_feature("Leaders met in Washington on Tuesday.", "Washington", "P.PPLC");
}

#[test]
fn the_best_known_place_is_meant_where_nothing_else_is_said() {
    check("Ministers met in Paris on Monday.", &["Paris/FRA"]);
    check("Ministers met in London on Monday.", &["London/GBR"]);
    check("Ministers met in Santiago on Monday.", &["Santiago/CHL"]);
    check("Ministers met in Tripoli on Monday.", &["Tripoli/LBY"]);
    check("Ministers met in Athens on Monday.", &["Athens/GRC"]);
    check("Ministers met in Moscow on Monday.", &["Moscow/RUS"]);
    check("Ministers met in Cairo on Monday.", &["Cairo/EGY"]);
    check("Ministers met in Manchester on Monday.", &["Manchester/GBR"]);
    check("Ministers met in Barcelona on Monday.", &["Barcelona/ESP"]);
    check("Ministers met in Naples on Monday.", &["Naples/ITA"]);
    check("Ministers met in Lagos on Monday.", &["Lagos/NGA"]);
    check("Ministers met in Kiev on Monday.", &["Kiev/UKR"]);
    check("The war in Georgia ended in 2008.", &["Georgia/GEO"]);
    check("Aid reached Lebanon on Friday.", &["Lebanon/LBN"]);
}

#[test]
fn what_the_document_names_besides_decides() {
    check(
        "Texas officials said the storm damaged homes across the state. Crews from Dallas and Tyler, Texas, were sent to Paris. \
         The Texas governor toured Sherman, Texas.",
        &["Paris/USA/Texas"],
    );
    check(
        "Ontario will fund new clinics. The Ontario premier said sites in Hamilton, Ontario, Windsor, Ontario, and in London would open \
         first. Canadian doctors welcomed the Ontario plan.",
        &["London/CAN/Ontario"],
    );
    check(
        "Lebanese troops were sent to Tripoli after clashes. The army closed the road to Beirut, and Lebanon's prime minister \
         appealed for calm in Sidon.",
        &["Tripoli/LBN"],
    );
    check(
        "Voters in Atlanta and Savannah lined up early. Republicans hope to carry Georgia and Florida. \
         Turnout in Augusta, Ga., was high.",
        &["Georgia/USA"],
    );
    check("Leaders of Georgia, Armenia and Azerbaijan met in Tbilisi.", &["Georgia/GEO"]);
    check("Nurses in Georgia, Alabama and Tennessee went on strike.", &["Georgia/USA"]);
    check(
        "Pakistani police said the blast in Hyderabad killed two. Sindh's chief minister flew in from Karachi.",
        &["Hyderabad/PAK"],
    );
    check(
        "Alabama lawmakers debated the bill in Montgomery. Crowds gathered in Birmingham and in Mobile, Alabama.",
        &["Birmingham/USA/Alabama", "Mobile/USA"],
    );
    check("The Australian state of Victoria tightened its rules. Melbourne and Geelong are affected.", &["Victoria/AUS"]);
    check(
        "British Columbia's legislature sits in Victoria. The Vancouver mayor travelled to Victoria by ferry.",
        &["Victoria/CAN/British Columbia"],
    );
    check("Rains flooded Cordoba and Rosario, and Argentine farmers asked Buenos Aires for help.", &["Cordoba/ARG"]);
    check("Trains between Cordoba and Seville were halted, Spain's operator said.", &["Cordoba/ESP"]);
}

#[test]
fn a_name_keeps_its_meaning_through_a_document() {
    check("A tornado struck Paris, Texas, on Friday. Rescue teams reached Paris at noon.", &["Paris/USA/Texas"]);
    let rows = rows("A tornado struck Paris, Texas, on Friday. Rescue teams reached Paris at noon.");
    assert_eq!(rows.iter().filter(|row| row.starts_with("Paris/USA")).count(), 2, "{rows:?}");
    let both = self::rows("She moved from Paris, France, to Paris, Texas, in May.");
    assert!(both.contains(&"Paris/FRA/Île-de-France".to_owned()) && both.contains(&"Paris/USA/Texas".to_owned()), "{both:?}");
}

#[test]
fn a_dateline_names_a_place() {
    check("TRIPOLI, Lebanon (AP) \u{2014} Troops took up positions on Monday.", &["TRIPOLI/LBN"]);
    check("NAIROBI (Reuters) - Troops took up positions on Monday.", &["NAIROBI/KEN"]);
    check("PARIS/TEHRAN, May 5 (Levant Dispatch) - Two men were freed.", &["PARIS/FRA", "TEHRAN/IRN"]);
    check("GOMA, Congo \u{2014} Troops took up positions on Monday.", &["GOMA/COD"]);
}

#[test]
fn seas_straits_regions_and_sites_are_places() {
    check("Warships crossed the Taiwan Strait and the South China Sea.", &["Taiwan Strait/", "South China Sea/"]);
    check(
        "Shelling in the Donbas and around the Zaporizhzhia nuclear power plant went on.",
        &["Donbas/UKR", "Zaporizhzhia nuclear power plant/UKR"],
    );
    check("Ships avoid the Bab el-Mandeb and the Strait of Hormuz.", &["Bab el-Mandeb/", "Strait of Hormuz/"]);
    check("Japan may have more sway in Africa and the Middle East.", &["Africa/", "Middle East/"]);
    check("The Nile supplies most of its water.", &["Nile/"]);
    check("They dispute the status of Essequibo.", &["Essequibo/"]);
    check("A boat was rammed at Second Thomas Shoal.", &["Second Thomas Shoal/"]);
}

#[test]
fn a_list_goes_on_after_a_place() {
    check("Rebels seized Goma and Bukavu, and moved on Uvira.", &["Goma/COD", "Bukavu/COD"]);
    check("Food was sent to Zalingei, Nyala and El Geneina.", &["Zalingei/SDN", "Nyala/SDN", "El Geneina/SDN"]);
}

#[test]
fn people_months_and_bodies_are_not_places() {
    check_none("Paris Hilton spoke to reporters.", "Paris");
    check_none("Talks resume in March and end in May.", "March");
    check_none("The Bank of England raised rates.", "England");
    check_none("Michael Jordan visited Tokyo.", "Jordan");
    check_none("He spoke to the U.N. envoy.", "U.N.");
    check_none("A measure of the NC assembly failed, and OSU fans left.", "NC");
    check_none("A measure of the NC assembly failed, and OSU fans left.", "OSU");
    check_none("The Reading was short.", "Reading");
    check_none("He said so on Sunday.", "Sunday");
}

#[test]
fn spans_lie_in_the_text_and_rows_are_sorted() {
    let document = annotate("Clashes in Deir ez-Zor, Al-Bab and Sana'a; Ho Chi Minh City's mayor flew to St. Petersburg.");
    assert!(document.layers_are_sorted());
    let texts: Vec<&str> = document.places.iter().map(|place| document.slice(place.span)).collect();
    assert_eq!(texts, ["Deir ez-Zor", "Al-Bab", "Sana'a", "Ho Chi Minh City", "St. Petersburg"]);
    for place in &document.places {
        assert!((0.0..=1.0).contains(&place.confidence) && place.position.is_some());
    }
}

#[test]
fn confidence_is_high_where_words_decide_and_lower_where_namesakes_compete() {
    let first = |text: &str| annotate(text).places[0].confidence;
    assert!(first("A storm hit Paris, Texas, on Monday.") > 0.8);
    assert!(first("A storm hit the town of Springfield on Monday.") < 0.6);
}

#[test]
fn odd_texts_do_not_fail() {
    for text in ["", ",", "In", "Paris", "in Paris,", "PARIS (", "\u{1F30D} in \u{1F30D}", "in St.", "of of of of Paris 's 's"] {
        assert!(annotate(text).layers_are_sorted());
    }
    let many = "Paris, Texas, and London, Ontario; ".repeat(3000);
    assert!(annotate(&many).layers_are_sorted());
}

#[test]
fn a_gazetteer_that_cannot_be_read_is_a_fault_of_the_pipeline() {
    let settings = chancery_settings::Settings::from_yaml("gazetteers: [no-such-file.txt]").unwrap();
    let faults = (super::ENTRY.build)(&settings, &harness().context).err().unwrap();
    assert!(faults[0].message.contains("no-such-file.txt"), "{faults:?}");
}

/// The rows as a table that people can read: text, name, feature, country, division, degrees, and how sure.
fn table(document: &Document) -> String {
    let mut rows = String::new();
    for place in &document.places {
        let degrees = place.position.map_or("-".to_owned(), |(north, east)| format!("{north:.1} {east:.1}"));
        let country = place.country.map_or("-".to_owned(), |country| country.as_str().to_owned());
        let text = document.slice(place.span);
        let sure = if place.confidence >= 0.6 {
            "sure"
        } else if place.confidence >= 0.3 {
            "likely"
        } else {
            "open"
        };
        let row = format!("{text:18} {:26} {:8} {country:4} {:22} {degrees:13} {sure}", place.name, place.feature, place.admin1);
        rows.push_str(row.trim_end());
        rows.push('\n');
    }
    rows
}

#[test]
fn fixtures() {
    insta::glob!("fixtures/*.txt", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        insta::assert_snapshot!(table(&annotate(&text)));
    });
}

#[test]
fn mentions_say_what_is_no_place_and_capitals_that_stand_for_states_are_places_too() {
    let harness = Harness::new(&["language", "entities", "places"]);
    let names = |text: &str| {
        let document = harness.annotate(text, None);
        document.places.iter().map(|place| document.slice(place.span).to_owned()).collect::<Vec<_>>()
    };
    assert!(names("Tokyo welcomes Canada's membership in the pact.").contains(&"Tokyo".to_owned()));
    assert!(!names("The White House condemned the attack.").contains(&"White House".to_owned()));
    assert!(!names("Prime Minister Michael Jordan said so.").contains(&"Jordan".to_owned()));
    assert!(names("Talks were held in The Hague, the Netherlands said.").iter().any(|name| name.ends_with("Hague")));
}

#[test]
fn the_paragraph_says_more_than_the_rest_of_a_roundup() {
    let text = "The mayor of Oakland met officials in Berkeley. California lawmakers welcomed it.\n\n\
                Protesters blocked roads to Cochabamba, and in Santa Cruz, Bolivian police said. Shops in La Paz and Sucre were shut.\n\n\
                Wildfires near Athens spread to Piraeus, the Greek fire service said.";
    check(text, &["Oakland/USA/California", "Santa Cruz/BOL", "La Paz/BOL", "Athens/GRC"]);
}
