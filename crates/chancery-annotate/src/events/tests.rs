use chancery_lexicon::patterns::Expected;

use super::examples::{check_examples, matches, row};
use crate::harness::Harness;

/// Below this share of good examples the patterns and the matcher no longer belong together. What is left are sentences that the
/// parse or the entities get wrong: `cargo xtask eval events` lists them.
const LEAST_GOOD: f64 = 0.93;

fn harness() -> &'static Harness {
    static SHARED: std::sync::OnceLock<Harness> = std::sync::OnceLock::new();
    SHARED.get_or_init(build)
}

fn build() -> Harness {
    Harness::new(&["language", "entities", "dates", "events"])
}

#[test]
fn examples_of_patterns_give_their_rows() {
    let harness = harness();
    let lexicon = harness.context.knowledge.events();
    let (count, failures) =
        check_examples(&lexicon, |_| true, |text| harness.annotate(text, Some(jiff::civil::date(2023, 6, 1))));
    let share = 1.0 - failures.len() as f64 / count as f64;
    let shown = |failure: &super::Failure| {
        format!(
            "{} {}\n  {}\n  wanted {:?}\n  found {:?}\n",
            failure.place, failure.pattern, failure.text, failure.wanted, failure.found
        )
    };
    assert!(share >= LEAST_GOOD, "{share:.3} of {count}\n{}", failures.iter().map(shown).collect::<String>());
}

/// Every row that the text must give, and no other.
fn check(text: &str, expected: &str) {
    let harness = harness();
    let doc = harness.annotate(text, Some(jiff::civil::date(2023, 4, 14)));
    let wanted = Expected::parse(expected).unwrap();
    let found: Vec<String> = doc.events.iter().map(|event| format!("{} ({})", row(&doc, event), event.rule)).collect();
    let right =
        wanted.len() == doc.events.len() && wanted.iter().all(|one| doc.events.iter().any(|event| matches(&doc, event, one)));
    assert!(right, "{text}\nwanted {expected}\nfound {found:?}");
}

// Constructions, each with words that the built-in patterns know.

#[test]
fn passives_with_and_without_a_doer() {
    check("Two Russian diplomats were expelled by Poland.", "POL > RUS occurred");
    check("Russian diplomats were expelled from Prague.", "- > RUS occurred");
}

#[test]
fn relative_and_participle_clauses() {
    check("Sweden, which has condemned Russia, closed the road.", "SWE > RUS occurred");
    check("Sweden closed the road, accusing Russia of sabotage.", "SWE > RUS occurred");
    check("The minister read the treaty signed by Mexico and Cuba.", "MEX <> CUB occurred");
}

#[test]
fn control_and_raising() {
    check("Germany is expected to condemn Belarus.", "DEU > BLR planned");
    check("Turkey wants to visit Armenia.", "TUR > ARM planned");
    check("Norway began to criticise Russia.", "NOR > RUS occurred");
    check("Hungary failed to condemn Russia.", "HUN > RUS negated");
}

#[test]
fn light_verbs_and_nominal_events() {
    check("Armenia held talks with Azerbaijan on Monday.", "ARM <> AZE occurred");
    check("The talks between Serbia and Kosovo ended without a result.", "SRB <> XKX occurred");
    check("The Russian invasion of Ukraine shocked the markets.", "RUS > UKR occurred");
    check("Sanctions were imposed by Britain on Belarus.", "GBR > BLR occurred");
}

#[test]
fn coordinated_sides_are_pairs() {
    check(
        "Canada and Japan condemned Russia and Belarus.",
        "CAN > RUS occurred; CAN > BLR occurred; JPN > RUS occurred; JPN > BLR occurred",
    );
}

#[test]
fn status_comes_from_the_verb_group() {
    check("Ottawa has never criticised Tokyo.", "CAN > JPN negated");
    check("Ottawa may criticise Tokyo.", "CAN > JPN hypothetical");
    check("Ottawa will criticise Tokyo.", "CAN > JPN planned");
    check("Ottawa is criticising Tokyo.", "CAN > JPN ongoing");
    check("If Ottawa criticises Tokyo, the talks end.", "CAN > JPN hypothetical");
    check("Ottawa denied that it had criticised Tokyo.", "CAN > JPN negated");
}

#[test]
fn a_threat_is_not_the_act() {
    check("North Korea threatened to attack South Korea.", "PRK > KOR occurred");
    check("Washington threatened sanctions on Turkey.", "USA > TUR occurred");
}

// What is no event.

#[test]
fn figures_of_speech() {
    check("The French minister attacked the problem of inflation.", "nothing");
    check("Germany met the target.", "nothing");
}

#[test]
fn sport() {
    check("Japan met South Korea in the final of the tournament.", "nothing");
    check("Spain attacked Italy from the first minute and won 2-1.", "nothing");
}

#[test]
fn history() {
    check("Germany invaded Poland in 1939.", "nothing");
}

#[test]
fn questions() {
    check("Will China invade Taiwan?", "CHN > TWN hypothetical");
}

#[test]
fn titles_of_works() {
    check("The film “When Russia Attacked Georgia” was shown in Cannes.", "nothing");
}

#[test]
fn no_actor_no_event() {
    check("The attack on the fortress lasted for hours.", "nothing");
    check("It condemned the attack.", "nothing");
}
