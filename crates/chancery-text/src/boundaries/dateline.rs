//! Datelines: where and when a report was filed, before its first sentence: `TOKYO, April 14 (Agency) — `.

use chancery_model::Span;

/// The most tokens that a dateline has, its dash included.
const TOKENS_MAX: usize = 20;
/// The fewest tokens that must follow it.
const REST_MIN: usize = 3;

/// How many tokens of a sentence are its dateline, the dash included; none where it has none.
///
/// A dateline opens with a place in capitals or ends with an agency in brackets, holds names, numbers and marks only, and is set off by
/// a dash before a word with a capital, a number or a quotation.
pub fn end(text: &str, tokens: &[Span]) -> Option<usize> {
    let form = |at: usize| tokens[at].slice(text);
    // Most sentences fail here.
    let first = form(0);
    if !first.as_bytes().first()?.is_ascii_uppercase() || tokens.len() < REST_MIN + 2 {
        return None;
    }
    let dash = (1..tokens.len().min(TOKENS_MAX)).find(|at| is_dash(form(*at)))?;
    let next = tokens.get(dash + 1)?;
    let apart = tokens[dash - 1].end < tokens[dash].start || tokens[dash].end < next.start;
    if !apart || tokens.len() - dash - 1 < REST_MIN {
        return None;
    }
    let shouted = |form: &str| form.len() >= 3 && form.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
    let in_brackets = form(dash - 1) == ")";
    if !(shouted(first) || in_brackets) {
        return None;
    }
    let fits = (0..dash).all(|at| {
        let form = form(at);
        let first = form.chars().next().unwrap_or(' ');
        !first.is_lowercase() || matches!(form, "and" | "of" | "the" | "de" | "al" | "el" | "on" | "in")
    });
    let opens = next
        .slice(text)
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '\'' | '‘' | '$'));
    // A headline in capitals throughout is no dateline.
    let rest_is_shouted = tokens[dash + 1..].iter().take(REST_MIN).all(|span| !span.slice(text).chars().any(char::is_lowercase));
    (fits && opens && !rest_is_shouted).then_some(dash + 1)
}

fn is_dash(form: &str) -> bool {
    matches!(form, "—" | "–" | "--" | "-" | "―" | "---")
}

#[cfg(test)]
mod tests {
    use crate::boundaries::{Rules, split};
    use chancery_model::Tokens;

    fn check(text: &str, expected: Option<&str>) {
        let (mut paragraphs, mut sentences, mut tokens, mut pieces) = (Vec::new(), Vec::new(), Tokens::default(), Vec::new());
        split(text, &Rules::built_in(), &mut paragraphs, &mut sentences, &mut tokens, &mut pieces);
        let spans = &tokens.span[sentences[0].tokens.range()];
        let found = super::end(text, spans).map(|length| spans[0].join(spans[length - 1]).slice(text));
        assert_eq!(found, expected);
    }

    #[test]
    fn datelines_of_several_houses() {
        check("TOKYO, April 14 (Agency) — Ministers met on Friday.", Some("TOKYO, April 14 (Agency) —"));
        check("WASHINGTON (AP) - The Senate voted.", Some("WASHINGTON (AP) -"));
        check("UNITED NATIONS, Sept. 3 -- Talks on grain resumed.", Some("UNITED NATIONS, Sept. 3 --"));
        check("Seoul (Yonhap) – “We will vote,” he said.", Some("Seoul (Yonhap) –"));
        check("NEW DELHI/BEIJING — India and China agreed.", Some("NEW DELHI/BEIJING —"));
    }

    #[test]
    fn dashes_elsewhere_are_not_datelines() {
        check("NATO — the alliance of 31 states — will meet.", None);
        check("UKRAINE WAR — THREE KILLED IN STRIKE", None);
        check("Moscow-based banks were named on Friday.", None);
        check("The minister – Olaf Scholz – left early.", None);
        check("Oil prices rose.", None);
    }
}
