//! What `chancery code` prints: a document's events with the rules and words behind them, the parse as a tree, and what nearly matched.

use std::fmt::Write;

use chancery_lexicon::patterns::{Condition, EventLexicon, On, Slot, Step, Test};
use chancery_model::{Actor, Document, TokenIx};

use super::guards::tokens_of;
use super::matcher::{Matcher, Miss};
use crate::syntax::{MentionIndex, Tree, View};

/// Shows the events of an annotated document sentence by sentence; `why` adds the patterns that did not match and what failed.
#[must_use]
pub fn explain(doc: &Document, lexicon: &EventLexicon, why: bool) -> String {
    let mut mentions = MentionIndex::default();
    mentions.build(doc);
    let mut tree = Tree::default();
    tree.build(doc, &mentions);
    let view = View { doc, tree: &tree, mentions: &mentions };
    let mut out = String::new();
    for (number, sentence) in doc.sentences.iter().enumerate() {
        let _ = writeln!(out, "{}", sentence.span.slice(&doc.text).replace('\n', " "));
        let tokens = tokens_of(doc, number);
        for token in tokens.clone().filter(|token| view.head(*token).is_none()) {
            branch(view, token, 0, &mut out);
        }
        for event in doc.events.iter().filter(|event| event.sentence.ix() == number) {
            let side = |actor: Option<Actor>| actor.map_or("-".to_owned(), |actor| named(doc, actor));
            let _ = writeln!(
                out,
                "  => {}{}{} [{}] {} > {} {}\n     rule {}, trigger \"{}\", clause \"{}\"{}",
                event.r#type,
                if event.mode.is_empty() { "" } else { "/" },
                event.mode,
                event.cameo,
                side(event.source),
                side(event.target),
                event.status,
                event.rule,
                doc.slice(event.trigger),
                doc.slice(event.span),
                event.from.map_or(String::new(), |day| format!(", from {day}")),
            );
        }
        if !doc.events.iter().any(|event| event.sentence.ix() == number) {
            let _ = writeln!(out, "  no event");
        }
        if why {
            misses(&Matcher { view, lexicon }, &tokens, &mut out);
        }
        out.push('\n');
    }
    out
}

fn named(doc: &Document, actor: Actor) -> String {
    let entity = doc.entity(actor.entity);
    let country = entity.country.map_or(String::new(), |country| format!("/{}", country.as_str()));
    format!("{} ({}{country})", entity.name, entity.code)
}

fn branch(view: View<'_>, token: u32, depth: usize, out: &mut String) {
    // A broken parse may be deep; the picture stops where it cannot be read anyway.
    if depth > 30 {
        return;
    }
    let actor = view.mentions.at_head(token).and_then(|mention| view.doc.mentions[mention as usize].entity);
    let actor = actor.map_or(String::new(), |entity| format!("  [{}]", view.doc.entity(entity).name));
    let _ = writeln!(
        out,
        "  {:indent$}{} {}/{} ({}){actor}",
        "",
        view.rel(token),
        view.form(token),
        view.upos(token),
        view.lemma(token),
        indent = depth * 2
    );
    for child in view.children(token) {
        branch(view, child, depth + 1, out);
    }
}

fn misses(matcher: &Matcher<'_>, tokens: &std::ops::Range<u32>, out: &mut String) {
    let view = matcher.view;
    for token in tokens.clone() {
        for leads in matcher.lexicon.patterns.triggers(view.doc.lemma(TokenIx(token))) {
            let (pattern, frame) = matcher.frame(*leads);
            let reason = match matcher.candidate(token, *leads, tokens) {
                Ok(found) if found.whole => continue,
                Ok(found) => format!(
                    "{} is missing",
                    match (found.source.is_empty(), found.target.is_empty()) {
                        (true, true) => "both sides",
                        (true, false) => "the source",
                        (false, true) => "the target",
                        (false, false) => "a side of whom a country or a code is known",
                    }
                ),
                Err(Miss::Tag(tag)) => format!("the word is tagged {tag} and stands as `{}`", view.rel(token)),
                Err(Miss::Words) => {
                    let words: Vec<&str> = frame.lemmas[leads.lemma as usize].others.iter().map(AsRef::as_ref).collect();
                    if words.is_empty() {
                        "no verb carries the noun".to_owned()
                    } else {
                        format!("the words `{}` do not go with it", words.join(" "))
                    }
                }
                Err(Miss::Standing) => "what exists already is no event".to_owned(),
                Err(Miss::Name) => "the word is part of a name".to_owned(),
                Err(Miss::Condition(number)) => format!("{} fails", shown(matcher.lexicon, &frame.conditions[number])),
            };
            let _ = writeln!(out, "  not {} on \"{}\": {reason}", pattern.id, view.form(token));
        }
    }
}

fn shown(lexicon: &EventLexicon, condition: &Condition) -> String {
    let on = match &condition.on {
        On::Source => "source".to_owned(),
        On::Target => "target".to_owned(),
        On::Trigger => "trigger".to_owned(),
        On::Slot(slot) => slot_name(slot),
    };
    let tests: Vec<String> = condition
        .tests
        .iter()
        .map(|test| match test {
            Test::Class(class) => lexicon.patterns.classes.name(*class).to_owned(),
            Test::Actor(class) => format!("{class:?}").to_uppercase(),
            Test::Word(word) => {
                format!("={}{}", word.others.iter().map(|word| format!("{word} ")).collect::<String>(), word.head)
            }
            Test::Clause => "CLAUSE".to_owned(),
            Test::Nothing => "NOTHING".to_owned(),
        })
        .collect();
    format!("`{}: {{ {on}: [{}] }}`", if condition.unless { "unless" } else { "where" }, tests.join(", "))
}

fn slot_name(slot: &Slot) -> String {
    let steps: Vec<&str> = slot
        .steps
        .iter()
        .map(|step| match step {
            Step::Nsubj => "nsubj",
            Step::Obj => "obj",
            Step::Iobj => "iobj",
            Step::Poss => "poss",
            Step::Adj => "adj",
            Step::Between => "between",
            Step::Xcomp => "xcomp",
            Step::Ccomp => "ccomp",
            Step::Advcl => "advcl",
            Step::Prep(word) => word,
        })
        .collect();
    format!("{}{}", steps.join("/"), if slot.strict { "!" } else { "" })
}
