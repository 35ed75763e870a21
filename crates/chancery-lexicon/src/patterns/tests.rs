use super::*;

fn faults(text: &str) -> String {
    let mut patterns = Patterns { classes: WordClasses::read(&[("x/weapon.txt", "tank\n")]).unwrap(), ..Patterns::default() };
    let errors = patterns.add("x.yaml", text).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn built_in_patterns_are_good() {
    let patterns = Patterns::built_in().unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    });
    assert!(patterns.count() > 100, "{}", patterns.count());
    assert!(!patterns.triggers("criticise").is_empty());
    for r#type in EventType::ALL {
        let found = patterns.all.iter().any(|pattern| pattern.code.r#type == *r#type);
        assert!(found || *r#type == EventType::Concede, "no pattern of {type}");
    }
}

#[test]
fn a_pattern_without_an_example_does_not_load() {
    let text = "- id: a.b\n  type: AGREE\n  cameo: \"030\"\n  definition: x\n  verb: { lemma: agree }\n";
    assert_eq!(faults(text), "x.yaml, line 1: `a.b` has no example");
    let text = format!("{text}  examples:\n    - Nobody agreed. => nothing\n");
    assert_eq!(faults(&text), "x.yaml, line 1: `a.b` has no example in which it fires");
}

#[test]
fn faults_name_their_lines_all_at_once() {
    let text = "- id: a.b\n  type: AGREED\n  cameo: \"999\"\n  definition: x\n  verb:\n    lemma: agree\n    targets: with\n    where: { obj: wepon }\n  examples:\n    - France agreed.\n";
    assert_eq!(
        faults(text),
        "x.yaml, line 2: `AGREED` is not one of PLOVER's sixteen types\n\
         x.yaml, line 7: unknown key `targets`; did you mean `target`?\n\
         x.yaml, line 8: there is no word class `wepon` (a word itself is `=wepon`); did you mean `weapon`?\n\
         x.yaml, line 10: an example is `TEXT => CAN > CHN occurred` or { text: …, gives: … }"
    );
}

#[test]
fn two_patterns_of_a_file_have_different_ids() {
    let one = "- id: a.b\n  type: AGREE\n  cameo: \"030\"\n  definition: x\n  verb: { lemma: agree }\n  examples: [\"France agreed. => FRA > - occurred\"]\n";
    assert_eq!(faults(&format!("{one}{one}")), "x.yaml, line 7: `a.b` is the id of the pattern in line 1 too");
}

#[test]
fn several_words_of_a_verb_begin_with_the_verb_those_of_a_noun_end_with_the_noun() {
    assert_eq!(&*Trigger::of(FrameKind::Verb, "carry out").head, "carry");
    assert_eq!(&*Trigger::of(FrameKind::Noun, "trade mission").head, "mission");
}

#[test]
fn slots_are_checked() {
    assert_eq!(Slot::parse("obl:for").unwrap(), Slot::parse("for").unwrap());
    assert_eq!(Slot::parse("xcomp/obj!").unwrap().steps, [Step::Xcomp, Step::Obj]);
    assert!(Slot::parse("nsubject").is_err());
    assert!(PREPOSITIONS.is_sorted());
}

#[test]
fn a_class_takes_another_in() {
    let files = [("x/arms.txt", "# note\n@weapon\nshell\n"), ("x/weapon.txt", "battle tank\n")];
    let classes = WordClasses::read(&files).unwrap();
    let members = classes.of("tank");
    assert!(members.iter().any(|(class, before)| classes.name(*class) == "arms" && *before == ["battle".into()]));
    assert!(WordClasses::read(&[("x/a.txt", "@b")]).is_err());
}
