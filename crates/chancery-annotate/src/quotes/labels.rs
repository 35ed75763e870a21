//! Transcripts, interviews and headlines: "Q: …", "MR. SMITH: …", "Ukraine: We will not yield".
//!
//! A label counts where the document keeps to labels; one colon after a name is only a headline's.

use chancery_lexicon::cues::WordClass;
use chancery_model::{EntityKey, EntityType, QuoteKind, Span};

use super::draft::{Draft, Who};
use super::view::View;

/// Longest label in bytes.
const LONGEST: usize = 60;
/// Labels that make a transcript.
const FEWEST: usize = 3;

/// What a label is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// "Q", "QUESTION".
    Question,
    /// "A", "ANSWER".
    Answer,
    /// "MR. SMITH", "THE PRESIDENT".
    Capitals,
    /// "Jonas Petterson".
    Name,
    /// "JP".
    Initials,
}

#[derive(Clone, Copy)]
struct Label {
    paragraph: usize,
    span: Span,
    form: Form,
    /// Where the words begin.
    from: u32,
}

/// Adds what labels introduce.
pub(super) fn find(view: View<'_>, drafts: &mut Vec<Draft>) {
    let doc = view.doc;
    let found: Vec<Label> = (0..doc.paragraphs.len()).filter_map(|number| label(view, number)).collect();
    if found.len() < FEWEST || !repeats(view, &found) {
        headline(view, &found, drafts);
        return;
    }
    let answering = answering(view, found[0].span.start);
    for (at, label) in found.iter().enumerate() {
        let who = match label.form {
            Form::Answer => answering.map_or(Who::Label(label.span), Who::Label),
            Form::Initials => Who::Label(spelled_out(view, &found, *label).unwrap_or(label.span)),
            _ => Who::Label(label.span),
        };
        let end = found.get(at + 1).map_or(label.paragraph + 1, |next| next.paragraph);
        for number in label.paragraph..end {
            let paragraph = doc.paragraphs[number];
            let from = if number == label.paragraph { label.from } else { paragraph.start };
            let span = Span::new(from, paragraph.end);
            let words = span.slice(&doc.text);
            // "(Laughter.)" is said by nobody; a line without an end is a heading.
            let aside = words.starts_with(['(', '[']) && words.ends_with([')', ']']);
            let heading = number > label.paragraph && !words.ends_with(['.', '?', '!', '”', '"', '…', '-', '—']);
            if !aside && !heading && words.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
                drafts.push(Draft {
                    span,
                    kind: QuoteKind::Direct,
                    cue: None,
                    who: who.clone(),
                    addressee: None,
                    thought: false,
                });
            }
        }
    }
}

/// The label of a paragraph.
fn label(view: View<'_>, number: usize) -> Option<Label> {
    let doc = view.doc;
    let paragraph = doc.paragraphs[number];
    let text = paragraph.slice(&doc.text);
    let mut limit = text.len().min(LONGEST);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let colon = text[..limit].find(':')?;
    let words = &text[..colon];
    let after = &text[colon + 1..];
    if words.is_empty() || !after.starts_with([' ', '\t']) || after.trim().is_empty() {
        return None;
    }
    let from = paragraph.start + (colon + 1 + (after.len() - after.trim_start().len())) as u32;
    let form = form(view, words)?;
    Some(Label { paragraph: number, span: Span::of(paragraph.start as usize..paragraph.start as usize + colon), form, from })
}

fn form(view: View<'_>, words: &str) -> Option<Form> {
    let lower = words.to_ascii_lowercase();
    match lower.as_str() {
        "q" | "question" => return Some(Form::Question),
        "a" | "answer" => return Some(Form::Answer),
        _ => {}
    }
    let heading = |word: &str| view.cues.look_up(&word.to_ascii_lowercase()).class.any(WordClass::HEADING);
    let letters = words.chars().filter(|letter| letter.is_alphabetic());
    if letters.clone().count() < 2 || words.contains(['“', '"', '«', '?', '!', ';']) {
        return None;
    }
    let capitals = letters.clone().all(|letter| !letter.is_lowercase());
    if capitals && words.chars().all(char::is_uppercase) && words.chars().count() <= 3 {
        return Some(Form::Initials);
    }
    if words.split_whitespace().any(heading) {
        return None;
    }
    if capitals {
        return Some(Form::Capitals);
    }
    let parts = words.split_whitespace();
    let count = parts.clone().count();
    let named = parts.clone().all(|part| {
        part.starts_with(char::is_uppercase)
            || part.contains('-')
            || matches!(part, "de" | "da" | "van" | "von" | "bin" | "al" | "el" | "der" | "den" | "la" | "of" | "the" | "and")
    });
    (named && count <= 5 && words.starts_with(char::is_uppercase)).then_some(Form::Name)
}

/// Whether labels come again, as they do in a transcript and not in a list.
fn repeats(view: View<'_>, found: &[Label]) -> bool {
    let text = &view.doc.text;
    let mut seen: Vec<&str> = found.iter().map(|label| label.span.slice(text)).collect();
    seen.sort_unstable();
    let distinct = {
        let mut only = seen.clone();
        only.dedup();
        only.len()
    };
    let turns = found.iter().any(|label| matches!(label.form, Form::Question | Form::Capitals | Form::Initials));
    distinct < seen.len() || turns && distinct > 1 && found.len() >= FEWEST
}

/// Who answers: the person named most often, of equals the one named last before the first label.
fn answering(view: View<'_>, first: u32) -> Option<Span> {
    let doc = view.doc;
    let mut best: Option<(u32, Span)> = None;
    for mention in doc.mentions.iter().take_while(|mention| mention.span.end <= first) {
        let Some(entity) = mention.entity.map(|number| doc.entity(number)) else { continue };
        let named = entity.r#type == EntityType::Person && matches!(entity.key, EntityKey::Named(_));
        // "Interview by X": the one who asks.
        let asks = doc.text[..mention.span.start as usize].trim_end().ends_with(" by");
        if named && !asks && best.is_none_or(|(count, _)| entity.mentions >= count) {
            best = Some((entity.mentions, mention.span));
        }
    }
    best.map(|(_, span)| span)
}

/// The full name that initials stand for: a label before it, or a person of the document.
fn spelled_out(view: View<'_>, found: &[Label], label: Label) -> Option<Span> {
    let text = &view.doc.text;
    let initials = label.span.slice(text);
    let same = |name: &str| name.chars().filter(|letter| letter.is_uppercase()).eq(initials.chars());
    let before = found.iter().find(|other| other.form == Form::Name && same(other.span.slice(text)));
    before.map(|other| other.span).or_else(|| {
        let mentions = view.doc.mentions.iter();
        mentions
            .filter(|mention| mention.entity.is_some_and(|number| view.doc.entity(number).r#type == EntityType::Person))
            .find(|mention| same(mention.head.slice(text)))
            .map(|mention| mention.span)
    })
}

/// "Ukraine: We will not yield": a headline that says in the first person what somebody says.
fn headline(view: View<'_>, found: &[Label], drafts: &mut Vec<Draft>) {
    let doc = view.doc;
    for label in found {
        let paragraph = doc.paragraphs[label.paragraph];
        let span = Span::new(label.from, paragraph.end);
        let words = span.slice(&doc.text);
        let named = doc
            .mentions
            .iter()
            .take_while(|mention| mention.span.start < label.span.end)
            .any(|mention| label.span.contains(mention.span))
            || doc.mentions.is_empty();
        let short = words.len() < 160 && !words.ends_with('.') && !words.contains(". ");
        let first_person = words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "I" | "We" | "we" | "our" | "Our" | "my" | "My" | "us"));
        if label.form == Form::Name && named && short && first_person {
            drafts.push(Draft {
                span,
                kind: QuoteKind::Indirect,
                cue: None,
                who: Who::Label(label.span),
                addressee: None,
                thought: false,
            });
        }
    }
}
