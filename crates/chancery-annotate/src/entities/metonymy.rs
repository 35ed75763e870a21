//! Whether a capital or a seat of government stands for its state: "Tokyo welcomes" does, "in Tokyo" and "Tokyo's airport" do not.
//!
//! The words around it decide, by the parse where there is one.

use chancery_lexicon::World;
use chancery_lexicon::atoms::{Atoms, hash_name};
use chancery_lexicon::name_words::WordClass;
use chancery_lexicon::words::FormKind;
use chancery_model::{Deprel, Document, TokenIx, TokenRange, Tokens, Upos};

/// Whether the name in these tokens stands for a government here.
pub fn is_government(doc: &Document, world: &World, name: TokenRange) -> bool {
    let tokens = &doc.tokens;
    let (start, end) = (name.start.ix(), name.end.ix());
    let text = |at: usize| tokens.span[at].slice(&doc.text);
    let sentence = doc.sentence_of(name.start).map(|ix| doc.sentences[ix.ix()].tokens.range()).unwrap_or(start..end);
    let class = |token: usize| {
        let own = world.shapers.get(hash_name(text(token)));
        let lemma = tokens.lemma_of(TokenIx::at(token));
        if lemma.is_empty() { own } else { WordClass::or(own, world.shapers.get(hash_name(lemma))) }
    };
    // "Washington, D.C.", "Paris, France": the city.
    if end + 1 < sentence.end && text(end) == "," && tokens.upos[end + 1] == Upos::Propn && !doc.is_parsed() {
        return false;
    }
    // "Tokyo's …": a government's policy, a city's streets.
    if end < sentence.end && matches!(text(end), "'s" | "’s" | "'" | "’") {
        let owned = owned_by(tokens, name).unwrap_or((end + 2).min(sentence.end - 1));
        let noun = class(owned);
        if noun.is(WordClass::SITE) || noun.is(WordClass::PLACE_HEAD) {
            return false;
        }
        // "Ottawa's Indo-Pacific Strategy" is a government's, "Tokyo's Keio University" a city's.
        let site = |at: usize| {
            Atoms::of(text(at)).next().and_then(|atom| world.words.form(atom.hash)).is_some_and(|form| {
                matches!(
                    form,
                    FormKind::University | FormKind::Company | FormKind::Media | FormKind::Bank | FormKind::Organization
                )
            })
        };
        let last = (owned..sentence.end.min(owned + 5)).take_while(|at| tokens.upos[*at] == Upos::Propn).last().unwrap_or(owned);
        return tokens.upos[owned] != Upos::Propn || !site(owned) && !site(last);
    }
    let before = start.checked_sub(1).filter(|at| sentence.contains(at));
    // "between Ottawa and Tokyo", "in Rome and Paris": what goes for the first goes for the second.
    let head = head_of(tokens, name);
    if tokens.deprel[head] == Deprel::Conj
        && let Some(first) = tokens.head_of(TokenIx::at(head))
        && first.ix() < start
        && tokens.upos[first.ix()] == Upos::Propn
    {
        return is_government(doc, world, TokenRange::new(first.0, first.0 + 1));
    }
    if let Some(before) = before {
        let word = text(before).to_ascii_lowercase();
        let kind = world.shapers.get(hash_name(&word));
        if kind.is(WordClass::LOCATIVE) {
            return false;
        }
        if kind.is(WordClass::GOVERNMENT) {
            return true;
        }
        match &*word {
            "to" | "for" | "from" | "of" | "on" | "via" | "over" => return !goes_there(doc, tokens, head, before, &class, &word),
            _ => {}
        }
        // "the Kyiv region", "central Baghdad".
        if tokens.upos[before] == Upos::Adj && tokens.deprel[before] == Deprel::Amod {
            return false;
        }
    }
    match tokens.deprel[head] {
        Deprel::Nsubj | Deprel::NsubjOuter => {
            let Some(verb) = tokens.head_of(TokenIx::at(head)) else { return true };
            // "Tokyo is the capital": a copula's subject is spoken about, not acting.
            let copula = (sentence.start.max(verb.ix().saturating_sub(40))..sentence.end.min(verb.ix() + 4))
                .any(|at| tokens.deprel[at] == Deprel::Cop && tokens.head_of(TokenIx::at(at)) == Some(verb));
            !copula || matches!(tokens.upos[verb.ix()], Upos::Adj)
        }
        Deprel::NsubjPass | Deprel::Obj => {
            let verb = tokens.head_of(TokenIx::at(head)).map_or(head, TokenIx::ix);
            !class(verb).is(WordClass::MOTION)
                && !matches!(tokens.lemma_of(TokenIx::at(verb)), lemma if PHYSICAL.contains(&lemma))
        }
        Deprel::Iobj | Deprel::OblAgent => true,
        Deprel::Compound | Deprel::NmodPoss | Deprel::Nmod | Deprel::NmodDesc => {
            let noun = tokens.head_of(TokenIx::at(head)).map_or(head, TokenIx::ix);
            noun > head
                && !class(noun).is(WordClass::SITE)
                && !class(noun).is(WordClass::PLACE_HEAD)
                && tokens.upos[noun] == Upos::Noun
        }
        Deprel::Unknown | Deprel::Root => {
            // No parse: a verb right after it makes it act.
            end < sentence.end && matches!(tokens.upos[end], Upos::Verb | Upos::Aux) && !doc.is_parsed()
        }
        _ => false,
    }
}

/// Verbs that do something to a city itself.
const PHYSICAL: &[&str] = &[
    "attack", "bomb", "bombard", "capture", "shell", "strike", "hit", "seize", "enter", "reach", "besiege", "storm", "flood",
    "rock", "destroy", "occupy", "liberate", "retake", "evacuate", "quit", "cross", "surround", "paralyse", "paralyze", "shake",
];

/// The token on which a name hangs together: the one whose head lies outside.
fn head_of(tokens: &Tokens, name: TokenRange) -> usize {
    name.iter().find(|token| tokens.head_of(*token).is_none_or(|head| !name.holds(head))).unwrap_or(name.start).ix()
}

/// What a possessive owns.
fn owned_by(tokens: &Tokens, name: TokenRange) -> Option<usize> {
    let head = head_of(tokens, name);
    (tokens.deprel[head] == Deprel::NmodPoss).then(|| tokens.head_of(TokenIx::at(head)).map(TokenIx::ix)).flatten()
}

/// Whether "to X" is a way there ("a visit to Ottawa"), "of X" a part of it, or the like; else a government's part ("aid to Kyiv").
fn goes_there(
    doc: &Document,
    tokens: &Tokens,
    head: usize,
    before: usize,
    class: &dyn Fn(usize) -> WordClass,
    word: &str,
) -> bool {
    let governor = tokens.head_of(TokenIx::at(head)).map(TokenIx::ix).or_else(|| before.checked_sub(1));
    let Some(governor) = governor else { return true };
    let governed = class(governor);
    match word {
        "to" | "for" | "via" => {
            governed.is(WordClass::MOTION)
                || doc.is_parsed() && before > 0 && class(before - 1).is(WordClass::MOTION)
                || tokens.upos[governor] == Upos::Propn
        }
        "from" => !matches!(
            tokens.lemma_of(TokenIx::at(governor)),
            "support"
                | "pressure"
                | "criticism"
                | "aid"
                | "approval"
                | "assurance"
                | "order"
                | "help"
                | "response"
                | "request"
                | "demand"
                | "pledge"
        ),
        "of" => !matches!(
            tokens.lemma_of(TokenIx::at(governor)),
            "criticism"
                | "accuse"
                | "ally"
                | "critical"
                | "support"
                | "approval"
                | "supporter"
                | "critic"
                | "government"
                | "policy"
                | "position"
                | "wary"
                | "stance"
        ),
        _ => !matches!(
            tokens.lemma_of(TokenIx::at(governor)),
            "pressure" | "sanction" | "tariff" | "call" | "lean" | "depend" | "rely"
        ),
    }
}
