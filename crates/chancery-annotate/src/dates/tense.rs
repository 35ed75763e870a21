//! Whether the clause around an expression tells of the past or of what is to come.

use chancery_model::{Deprel, Document, TokenIx, Upos, Xpos};

/// When the clause plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Present,
    Future,
    /// No verb tells.
    Unknown,
}

/// Verbs whose objects and infinitives lie ahead.
const AHEAD: &[&str] = &[
    "aim",
    "agree",
    "anticipate",
    "await",
    "expect",
    "face",
    "hope",
    "intend",
    "plan",
    "pledge",
    "prepare",
    "promise",
    "propose",
    "schedule",
    "seek",
    "set",
    "slate",
    "want",
    "vow",
    "threaten",
    "due",
    "ready",
    "decide",
    "invite",
    "announce",
    "consider",
    "project",
    "forecast",
    "predict",
    "commit",
    "likely",
    "unlikely",
    "poise",
    "bound",
    "ask",
    "urge",
    "call",
    "order",
    "warn",
    "allow",
    "let",
    "require",
    "need",
];
/// Of these, the ones whose plain objects lie ahead as well ("plans a visit in May").
const OBJECT_AHEAD: &[&str] = &[
    "plan",
    "expect",
    "schedule",
    "propose",
    "await",
    "anticipate",
    "prepare",
    "slate",
    "face",
    "forecast",
    "project",
    "predict",
    "promise",
    "intend",
    "seek",
    "consider",
];
/// Words beside a noun that say that it is to come.
const COMING: &[&str] =
    &["upcoming", "forthcoming", "planned", "scheduled", "expected", "proposed", "next", "future", "impending", "due"];
/// Chains of heads longer than this are a broken parse.
const LONGEST_CHAIN: usize = 12;

/// The tense around the expression in tokens `first..end`.
pub(super) fn tense(doc: &Document, first: usize, end: usize) -> Tense {
    if !doc.is_parsed() {
        return Tense::Unknown;
    }
    let tokens = &doc.tokens;
    let sentence = doc.sentence_of(TokenIx::at(first)).map_or(first..end, |sentence| doc.sentences[sentence.ix()].tokens.range());
    // "In January, Niger, … announced": what opens a sentence belongs to its main verb.
    if first <= sentence.start + 2 {
        let root = sentence.clone().find(|token| tokens.head[*token] == chancery_model::Tokens::ROOT);
        if let Some(root) = root.filter(|root| *root >= end && matches!(tokens.upos[*root], Upos::Verb | Upos::Aux)) {
            return of_verb(doc, root, &sentence, 0);
        }
    }
    // The expression's head: the token whose head is outside.
    let inside = |token: usize| (first..end).contains(&token);
    let mut at = match (first..end).find(|token| tokens.head_of(TokenIx::at(*token)).is_none_or(|head| !inside(head.ix()))) {
        Some(top) => top,
        None => return Tense::Unknown,
    };
    for _ in 0..LONGEST_CHAIN {
        let Some(head) = tokens.head_of(TokenIx::at(at)).map(TokenIx::ix) else { break };
        let relation = tokens.deprel[at];
        at = head;
        match tokens.upos[at] {
            Upos::Verb | Upos::Aux => {
                // A verb in the past tense that stands nearer tells more than a head that the parser found far away.
                let nearer = at < first && tokens.xpos[at + 1..first].contains(&Xpos::Vbd);
                return if nearer { Tense::Past } else { of_verb(doc, at, &sentence, 0) };
            }
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Pron | Upos::Num => {
                if relation != Deprel::Compound && coming(doc, at, &sentence) {
                    return Tense::Future;
                }
                // A predicate: "the vote is on Monday"
                let copula =
                    sentence.clone().find(|child| tokens.head[*child] == at as u32 && tokens.deprel[*child] == Deprel::Cop);
                if let Some(copula) = copula {
                    return with_auxiliaries(doc, at, Some(copula), &sentence, 0);
                }
            }
            _ => {}
        }
    }
    // The expression itself may be a predicate: "the deadline is Friday".
    match sentence.clone().find(|child| inside_head(doc, *child, first, end) && tokens.deprel[*child] == Deprel::Cop) {
        Some(copula) => with_auxiliaries(doc, at, Some(copula), &sentence, 0),
        None => Tense::Unknown,
    }
}

fn inside_head(doc: &Document, child: usize, first: usize, end: usize) -> bool {
    doc.tokens.head_of(TokenIx::at(child)).is_some_and(|head| (first..end).contains(&head.ix()))
}

/// Whether something beside a noun says that it is to come.
fn coming(doc: &Document, noun: usize, sentence: &std::ops::Range<usize>) -> bool {
    let from = sentence.start.max(noun.saturating_sub(4));
    (from..noun).any(|child| {
        doc.tokens.head[child] == noun as u32 && {
            let form = doc.form(TokenIx::at(child));
            COMING.iter().any(|word| form.eq_ignore_ascii_case(word))
        }
    })
}

fn of_verb(doc: &Document, verb: usize, sentence: &std::ops::Range<usize>, depth: usize) -> Tense {
    with_auxiliaries(doc, verb, None, sentence, depth)
}

fn with_auxiliaries(
    doc: &Document,
    verb: usize,
    copula: Option<usize>,
    sentence: &std::ops::Range<usize>,
    depth: usize,
) -> Tense {
    let tokens = &doc.tokens;
    let lemma = |token: usize| doc.lemma(TokenIx::at(token));
    let from = sentence.start.max(verb.saturating_sub(16));
    let children = (from..sentence.end.min(verb + 4)).filter(|child| tokens.head[*child] == verb as u32);
    let (mut modal, mut infinitive, mut have, mut be, mut done) = (None, false, false, None, false);
    for child in children {
        match tokens.deprel[child] {
            Deprel::Aux | Deprel::AuxPass | Deprel::Cop => match lemma(child) {
                "have" => have = true,
                "be" | "get" => be = Some(child),
                "do" => done = true,
                _ => {
                    let form = doc.form(TokenIx::at(child));
                    let past = ["would", "could", "might"].iter().any(|word| form.eq_ignore_ascii_case(word));
                    modal = Some(past);
                    if done {
                        continue;
                    }
                }
            },
            Deprel::Mark if doc.form(TokenIx::at(child)).eq_ignore_ascii_case("to") => infinitive = true,
            _ => {}
        }
    }
    if let Some(_past) = modal {
        // "would have gone" is past, "will have gone" is not told apart by news
        return if have && tokens.xpos[verb] == Xpos::Vbn { Tense::Past } else { Tense::Future };
    }
    let finite = copula.or(be).unwrap_or(verb);
    if have {
        return Tense::Past;
    }
    if infinitive {
        return of_infinitive(doc, verb, be, sentence, depth);
    }
    let own = lemma(verb);
    if copula.is_none() && OBJECT_AHEAD.contains(&own) && be.is_none() && tokens.upos[verb] != Upos::Noun {
        // "promised on Tuesday" is told of the past; "planned a visit in May" of what lay ahead
        let told = tokens.xpos[verb] == Xpos::Vbd && !matches!(own, "plan" | "schedule" | "slate" | "expect" | "await");
        return if told { Tense::Past } else { Tense::Future };
    }
    // "an attack that paralysed services": a relative clause has its own tense, whatever the tagger takes its verb for.
    if be.is_none() && matches!(tokens.deprel[verb], Deprel::AclRelcl | Deprel::AdvclRelcl) && tokens.xpos[verb] == Xpos::Vbn {
        return Tense::Past;
    }
    if copula.is_none()
        && be.is_some()
        && matches!(own, "schedule" | "expect" | "plan" | "slate" | "set" | "project" | "forecast" | "due")
    {
        return Tense::Future;
    }
    match tokens.xpos[finite] {
        Xpos::Vbd => Tense::Past,
        Xpos::Vbz | Xpos::Vbp => Tense::Present,
        Xpos::Vbn | Xpos::Vbg | Xpos::Vb if depth < 6 => {
            // A participle or bare form borrows the tense of what it hangs on.
            match tokens.head_of(TokenIx::at(verb)) {
                Some(head) if matches!(tokens.upos[head.ix()], Upos::Verb | Upos::Aux) => {
                    of_verb(doc, head.ix(), sentence, depth + 1)
                }
                Some(_) if tokens.xpos[finite] == Xpos::Vbn => {
                    if matches!(own, "schedule" | "plan" | "expect" | "slate" | "due") { Tense::Future } else { Tense::Past }
                }
                Some(head) if depth < 6 => {
                    let above = tokens
                        .head_of(head)
                        .map(TokenIx::ix)
                        .filter(|above| matches!(tokens.upos[*above], Upos::Verb | Upos::Aux));
                    above.map_or(Tense::Unknown, |above| of_verb(doc, above, sentence, depth + 1))
                }
                _ => Tense::Unknown,
            }
        }
        _ => Tense::Unknown,
    }
}

/// "expected to begin", "is to visit": ahead; "managed to flee": as the verb above.
fn of_infinitive(doc: &Document, verb: usize, be: Option<usize>, sentence: &std::ops::Range<usize>, depth: usize) -> Tense {
    let tokens = &doc.tokens;
    if be.is_some_and(|be| tokens.xpos[be] != Xpos::Vb && tokens.xpos[be] != Xpos::Vbd && be + 2 >= verb.saturating_sub(1)) {
        return Tense::Future;
    }
    let Some(head) = tokens.head_of(TokenIx::at(verb)).map(TokenIx::ix) else { return Tense::Future };
    if AHEAD.contains(&doc.lemma(TokenIx::at(head))) || matches!(tokens.upos[head], Upos::Noun | Upos::Adj) {
        return Tense::Future;
    }
    match tokens.upos[head] {
        Upos::Verb | Upos::Aux if depth < 6 => {
            // "went to Paris to meet": a purpose reached in the past; "fails to", "managed to"
            match of_verb(doc, head, sentence, depth + 1) {
                Tense::Present => Tense::Future,
                other => other,
            }
        }
        _ => Tense::Future,
    }
}
