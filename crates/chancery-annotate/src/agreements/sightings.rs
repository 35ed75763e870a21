//! Where a text names or describes an agreement.

use chancery_lexicon::agreements::Agreements;
use chancery_model::{AgreementKind, Deprel, Feature, MentionType, Span, TokenIx, Upos, Xpos};

use crate::syntax::View;

/// A name or description of an agreement in the text.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    /// First and last token.
    pub tokens: (u32, u32),
    /// The token on which the phrase hangs.
    pub head: u32,
    /// The words.
    pub span: Span,
    /// Kind.
    pub kind: AgreementKind,
    /// What it is.
    pub what: What,
}

/// How an agreement is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// By a row of the lexicon.
    Listed(usize),
    /// By a name with capitals.
    Titled,
    /// By a noun phrase.
    Described,
    /// By a noun alone that takes up an earlier one: "the pact".
    Again,
}

/// Longest name in tokens, to either side of its last word.
const LONGEST_NAME: u32 = 9;

/// All sightings in text order; none overlaps another.
pub(super) fn find(view: View<'_>, agreements: &Agreements, described: bool) -> Vec<Sighting> {
    let mut found = Vec::new();
    let doc = view.doc;
    for (number, bytes) in agreements.find(&doc.text) {
        let span = Span::of(bytes);
        let (Some(first), Some(last)) = (doc.token_at(span.start), doc.token_at(span.end.saturating_sub(1))) else { continue };
        let tokens = (first.0, last.0.max(first.0));
        found.push(Sighting {
            tokens,
            head: top(view, tokens),
            span,
            kind: agreements.named[number].kind,
            what: What::Listed(number),
        });
    }
    let listed = found.len();
    for sentence in &doc.sentences {
        let (start, end) = (sentence.tokens.start.0, sentence.tokens.end.0);
        for token in start..end {
            let is_taken = |at: u32| found[..listed].iter().any(|known| known.tokens.0 <= at && at <= known.tokens.1);
            if is_taken(token) || found.last().is_some_and(|last: &Sighting| last.tokens.1 >= token && last.tokens.0 <= token) {
                continue;
            }
            let sighting = titled(view, agreements, token, (start, end))
                .or_else(|| if described { noun_phrase(view, agreements, token, start) } else { None });
            if let Some(sighting) = sighting.filter(|sighting| !(sighting.tokens.0..=sighting.tokens.1).any(is_taken)) {
                found.push(sighting);
            }
        }
    }
    found.sort_by_key(|sighting| sighting.tokens);
    found.dedup_by(|later, earlier| later.tokens.0 <= earlier.tokens.1);
    found
}

/// The token of a range whose head lies outside of it.
fn top(view: View<'_>, tokens: (u32, u32)) -> u32 {
    let outside = |token: &u32| view.head(*token).is_none_or(|head| head < tokens.0 || head > tokens.1);
    (tokens.0..=tokens.1).rev().find(outside).unwrap_or(tokens.1)
}

fn is_capital(form: &str) -> bool {
    form.chars().next().is_some_and(char::is_uppercase)
}

/// A name with capitals that ends in a word such as "Treaty", or goes on after it ("Treaty of …").
fn titled(view: View<'_>, agreements: &Agreements, token: u32, sentence: (u32, u32)) -> Option<Sighting> {
    let form = view.form(token);
    if !is_capital(form) {
        return None;
    }
    let kind = agreements.words.title(&form.to_lowercase())?;
    if view.doc.mentions.iter().any(|mention| {
        // "Strategy Minister", "the Convention centre": part of another name.
        mention.tokens.holds(TokenIx(token))
            && !matches!(mention.r#type, MentionType::Agreement)
            && mention.head_token.0 != token
            && mention.tokens.end.0 > token + 1
    }) {
        return None;
    }
    if token + 1 < sentence.1
        && is_capital(view.form(token + 1))
        && view.upos(token + 1) == Upos::Propn
        && !matches!(view.form(token + 1), "I" | "II")
    {
        return None;
    }
    let mut first = token;
    while first > sentence.0 && token - first < LONGEST_NAME {
        let before = view.form(first - 1);
        let joins = matches!(before, "-" | "–" | "&") || matches!(before, "of" | "and" | "for" | "on" | "the");
        let number = before.bytes().all(|byte| byte.is_ascii_digit());
        if is_capital(before) && view.upos(first - 1) != Upos::Punct || number {
            first -= 1;
        } else if joins && first - 1 > sentence.0 && is_capital(view.form(first - 2)) {
            first -= 2;
        } else {
            break;
        }
    }
    while first < token
        && (matches!(view.upos(first), Upos::Det | Upos::Adp | Upos::Sconj | Upos::Cconj | Upos::Pron | Upos::Part)
            || matches!(view.form(first), "The" | "A" | "In" | "Under" | "When" | "-" | "–"))
    {
        first += 1;
    }
    let mut last = token;
    if last + 2 < sentence.1 && matches!(view.form(last + 1), "of" | "on" | "for" | "against") {
        let mut next = last + 2;
        if view.form(next) == "the" && next + 1 < sentence.1 {
            next += 1;
        }
        if is_capital(view.form(next)) && (first == token || matches!(view.form(last + 1), "on" | "against")) {
            last = next;
            while last + 1 < sentence.1
                && last - token < LONGEST_NAME
                && is_capital(view.form(last + 1))
                && view.upos(last + 1) != Upos::Punct
            {
                last += 1;
            }
        }
    }
    if first == last {
        return None;
    }
    // All words with capitals is a headline, not a name.
    let words = (sentence.0..sentence.1).filter(|at| view.form(*at).chars().next().is_some_and(char::is_alphabetic));
    let (all, capitals) = words.fold((0, 0), |(all, capitals), at| (all + 1, capitals + u32::from(is_capital(view.form(at)))));
    if all > 4 && capitals * 4 > all * 3 && last - first > 3 {
        return None;
    }
    let tokens = (first, last);
    let spans = &view.doc.tokens.span;
    Some(Sighting {
        tokens,
        head: top(view, tokens),
        span: spans[first as usize].join(spans[last as usize]),
        kind,
        what: What::Titled,
    })
}

/// A noun phrase that describes one agreement.
fn noun_phrase(view: View<'_>, agreements: &Agreements, token: u32, start: u32) -> Option<Sighting> {
    if view.upos(token) != Upos::Noun || matches!(view.rel(token), Deprel::Compound | Deprel::Amod) {
        return None;
    }
    if view.xpos(token) == Xpos::Nns || view.doc.tokens.feats[token as usize].is(Feature::Number, "Plur") {
        return None;
    }
    let noun = agreements.words.head(view.lemma(token))?;
    let mut first = token;
    let (mut field, mut bare) = (false, true);
    while first > start {
        let before = first - 1;
        let word = view.form(before);
        match view.upos(before) {
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::Verb if view.rel(before) != Deprel::NmodPoss => {
                if view.upos(before) == Upos::Verb && !matches!(view.rel(before), Deprel::Amod | Deprel::Compound) {
                    break;
                }
                // Each word must belong to the noun.
                if !(0..4)
                    .fold((before, false), |(at, inside), _| {
                        (view.head(at).unwrap_or(at), inside || view.head(at) == Some(token))
                    })
                    .1
                {
                    break;
                }
                let lower = word.to_lowercase();
                field |= agreements.words.is_field(&lower) || lower.split('-').any(|part| agreements.words.is_field(part));
                bare = false;
                first = before;
            }
            Upos::Punct if matches!(word, "-" | "–") && first < token => first = before,
            _ => break,
        }
    }
    while first < token && view.upos(first) == Upos::Punct {
        first += 1;
    }
    // What only says that there is one, or whose it is, is no part of the name.
    while first < token
        && (matches!(
            view.lemma(first),
            "new" | "existing" | "separate" | "first" | "own" | "recent" | "possible" | "such" | "same" | "similar" | "updated"
        ) || view.mentions.covering(first).is_some())
    {
        first += 1;
    }
    let determiner = view.children(token).find(|child| view.rel(*child) == Deprel::Det).map(|child| view.lemma(child));
    if matches!(determiner, Some("any" | "no" | "every" | "each" | "another")) {
        return None;
    }
    let what = if (bare || first == token) && matches!(determiner, Some("the" | "this" | "that")) {
        What::Again
    } else {
        What::Described
    };
    if noun.modified && !field && what != What::Again {
        return None;
    }
    let spans = &view.doc.tokens.span;
    Some(Sighting {
        tokens: (first, token),
        head: token,
        span: spans[first as usize].join(spans[token as usize]),
        kind: noun.kind,
        what,
    })
}
