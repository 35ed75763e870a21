//! Measures the stage against gold quotations: what `cargo xtask eval quotes` prints.
//!
//! Gold files are TOML of a plain kind (`article`, `published`, and `[[quote]]` records of texts, lists of texts and booleans); other
//! tables in them are passed over. Two quotations agree as the project's scorer has it: kind, six tenths of the span, speaker.

use std::fmt::{self, Write};

use chancery_model::{Document, Quote, QuoteKind, Span};

/// A gold quotation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GoldQuote {
    /// Line of the article, from 1.
    pub line: usize,
    /// `direct` or `indirect`.
    pub kind: String,
    /// The words.
    pub text: String,
    /// Names of the speaker, any of which is right.
    pub speaker: Vec<String>,
    /// Country of the speaker.
    pub country: String,
    /// Whether the speaker is unnamed, where that is judged.
    pub anonymous: Option<bool>,
    /// Whether it must be found.
    pub must: bool,
}

/// A gold article.
#[derive(Debug, Clone, Default)]
pub struct GoldArticle {
    /// Path of its text.
    pub article: String,
    /// Its day of publication.
    pub published: String,
    /// Its quotations.
    pub quotes: Vec<GoldQuote>,
}

/// Reads a gold file.
///
/// # Errors
/// The first line that is not understood inside a `[[quote]]` record.
pub fn read_gold(file: &str, text: &str) -> Result<GoldArticle, String> {
    let mut gold = GoldArticle::default();
    let mut table = String::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') && line.ends_with(']') && !line.contains('=') {
            table = line.trim_matches(['[', ']']).trim().to_owned();
            if table == "quote" {
                gold.quotes.push(GoldQuote { must: true, ..GoldQuote::default() });
            }
            continue;
        }
        let wrong = || format!("{file}, line {}: `{line}` is not understood", number + 1);
        let Some((key, value)) = line.split_once('=') else { continue };
        let (key, mut value) = (key.trim(), value.trim().to_owned());
        while value.starts_with('[') && !closed(&value) {
            let Some((_, more)) = lines.next() else { return Err(wrong()) };
            value.push(' ');
            value.push_str(more.trim());
        }
        if table.is_empty() {
            match key {
                "article" => gold.article = one(&value).ok_or_else(wrong)?,
                "published" => gold.published = one(&value).ok_or_else(wrong)?,
                _ => {}
            }
        }
        if table != "quote" {
            continue;
        }
        let Some(quote) = gold.quotes.last_mut() else { continue };
        match key {
            "line" => quote.line = value.parse().map_err(|_| wrong())?,
            "kind" => quote.kind = one(&value).ok_or_else(wrong)?,
            "text" => quote.text = one(&value).ok_or_else(wrong)?,
            "speaker" => quote.speaker = texts(&value),
            "country" => quote.country = one(&value).ok_or_else(wrong)?,
            "anonymous" => quote.anonymous = Some(value == "true"),
            "must" => quote.must = value != "false",
            _ => {}
        }
    }
    Ok(gold)
}

/// Whether the brackets of a list balance outside its texts.
fn closed(value: &str) -> bool {
    let mut rest = value;
    let mut depth = 0_i32;
    while let Some(next) = rest.chars().next() {
        match next {
            '[' => depth += 1,
            ']' => depth -= 1,
            '"' | '\'' => match text(rest) {
                Some((_, after)) => {
                    rest = after;
                    continue;
                }
                None => return false,
            },
            _ => {}
        }
        rest = &rest[next.len_utf8()..];
    }
    depth <= 0
}

fn one(value: &str) -> Option<String> {
    text(value).map(|(text, _)| text)
}

/// The texts of a list.
fn texts(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find(['"', '\'']) {
        let Some((found, after)) = text(&rest[at..]) else { break };
        all.push(found);
        rest = after;
    }
    all
}

/// A text in quotation marks at the beginning, and what follows it.
fn text(value: &str) -> Option<(String, &str)> {
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut out = String::new();
    let mut letters = value[1..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Some((out, &value[1 + at + 1..])),
            '\\' if quote == '"' => match letters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                other => out.push(other),
            },
            _ => out.push(letter),
        }
    }
    None
}

/// How one article did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Gold quotations that must be found, and how many were.
    pub musts: usize,
    /// See `musts`.
    pub found: usize,
    /// Records, and how many of them agree with gold.
    pub rows: usize,
    /// See `rows`.
    pub right: usize,
    /// Missed for want of any record there.
    pub missed: usize,
    /// Missed, as the record there has another span or kind.
    pub wrong_span: usize,
    /// Missed, as the record there has another speaker.
    pub wrong_speaker: usize,
    /// Missed only for `anonymous`.
    pub wrong_anonymity: usize,
    /// Missed only for the speaker's country.
    pub wrong_country: usize,
    /// Records that only have the country wrong.
    pub right_but_country: usize,
    /// What went wrong, a line each.
    pub notes: Vec<String>,
}

impl Report {
    /// Share of what had to be found.
    #[must_use]
    pub fn recall(&self) -> f64 {
        if self.musts == 0 { 1.0 } else { self.found as f64 / self.musts as f64 }
    }

    /// Share of the records that are right.
    #[must_use]
    pub fn precision(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.right as f64 / self.rows as f64 }
    }

    /// Harmonic mean of the two.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    /// The same if the speakers' countries, which an earlier stage tells, were not judged.
    #[must_use]
    pub fn f1_but_country(&self) -> f64 {
        let found = self.found + self.wrong_country;
        let right = self.right + self.right_but_country;
        Report { found, right, ..Report { musts: self.musts, rows: self.rows, ..Report::default() } }.f1()
    }

    /// Adds another article's figures.
    pub fn add(&mut self, other: Report) {
        self.musts += other.musts;
        self.found += other.found;
        self.rows += other.rows;
        self.right += other.right;
        self.missed += other.missed;
        self.wrong_span += other.wrong_span;
        self.wrong_speaker += other.wrong_speaker;
        self.wrong_anonymity += other.wrong_anonymity;
        self.wrong_country += other.wrong_country;
        self.right_but_country += other.right_but_country;
        self.notes.extend(other.notes);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "precision {:.3}  recall {:.3}  F1 {:.3}   found {} of {}; {} of {} rows right",
            self.precision(),
            self.recall(),
            self.f1(),
            self.found,
            self.musts,
            self.right,
            self.rows
        )?;
        writeln!(f, "  F1 without the speakers' countries {:.3}", self.f1_but_country())?;
        writeln!(f, "  missed             {:4}", self.missed)?;
        writeln!(f, "  wrong span or kind {:4}", self.wrong_span)?;
        writeln!(f, "  wrong speaker      {:4}", self.wrong_speaker)?;
        writeln!(f, "  wrong anonymity    {:4}", self.wrong_anonymity)?;
        writeln!(f, "  wrong country      {:4}", self.wrong_country)?;
        write!(f, "  unexpected         {:4}", self.rows - self.right)
    }
}

/// Compares an annotated article with its gold.
#[must_use]
pub fn compare(gold: &GoldArticle, doc: &Document) -> Report {
    let lines = lines(&doc.text);
    let spans: Vec<Option<Span>> = gold.quotes.iter().map(|quote| locate(&doc.text, &lines, quote)).collect();
    let mut report = Report { rows: doc.quotes.len(), ..Report::default() };
    let mut taken = vec![false; doc.quotes.len()];
    let mut order: Vec<usize> = (0..gold.quotes.len()).collect();
    order.sort_by_key(|at| !gold.quotes[*at].must);
    for at in order {
        let want = &gold.quotes[at];
        report.musts += usize::from(want.must);
        let Some(span) = spans[at] else {
            report.note(want, "its words are not on its line", None, doc);
            continue;
        };
        let same = |row: usize| verdict(want, span, &doc.quotes[row], doc);
        if let Some(hit) = (0..taken.len()).find(|row| !taken[*row] && same(*row) == Verdict::Same) {
            taken[hit] = true;
            report.found += usize::from(want.must);
        } else if want.must {
            let best = (0..taken.len()).filter(|row| !taken[*row]).max_by_key(|row| same(*row)).map(|row| (same(row), row));
            match best {
                Some((Verdict::Country, row)) => {
                    report.wrong_country += 1;
                    report.note(want, "country", Some(row), doc);
                }
                Some((Verdict::Anonymity, row)) => {
                    report.wrong_anonymity += 1;
                    report.note(want, "anonymity", Some(row), doc);
                }
                Some((Verdict::Speaker, row)) => {
                    report.wrong_speaker += 1;
                    report.note(want, "speaker", Some(row), doc);
                }
                Some((Verdict::Span, row)) => {
                    report.wrong_span += 1;
                    report.note(want, "span", Some(row), doc);
                }
                _ => {
                    report.missed += 1;
                    report.note(want, "missed", None, doc);
                }
            }
        }
    }
    for (row, quote) in doc.quotes.iter().enumerate() {
        let best =
            gold.quotes.iter().zip(&spans).filter_map(|(want, span)| span.map(|span| verdict(want, span, quote, doc))).max();
        if taken[row] || best == Some(Verdict::Same) {
            report.right += 1;
        } else {
            report.right_but_country += usize::from(best == Some(Verdict::Country));
            report.notes.push(format!(
                "unexpected: {} “{}” by {:?}{}",
                quote.kind,
                quote.span.slice(&doc.text),
                quote.speaker_name,
                cue(quote, doc)
            ));
        }
    }
    report
}

impl Report {
    fn note(&mut self, want: &GoldQuote, what: &str, row: Option<usize>, doc: &Document) {
        let mut line = format!("{what}: line {} {} “{}” by {:?}", want.line, want.kind, want.text, want.speaker.first());
        if let Some(quote) = row.map(|row| &doc.quotes[row]) {
            let _ = write!(
                line,
                "\n      got: {} “{}” by {:?}{}{}",
                quote.kind,
                quote.span.slice(&doc.text),
                quote.speaker_name,
                if quote.anonymous { " (anonymous)" } else { "" },
                cue(quote, doc)
            );
        }
        self.notes.push(line);
    }
}

fn cue(quote: &Quote, doc: &Document) -> String {
    quote.cue.map_or_else(String::new, |cue| format!(" [{}]", cue.slice(&doc.text)))
}

/// How near a record comes to gold; the later the nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Elsewhere,
    Span,
    Speaker,
    Anonymity,
    Country,
    Same,
}

fn verdict(want: &GoldQuote, span: Span, got: &Quote, doc: &Document) -> Verdict {
    let share = overlap(&doc.text, span, got.span);
    if share == 0.0 {
        return Verdict::Elsewhere;
    }
    let kind = match got.kind {
        QuoteKind::Direct => want.kind == "direct",
        QuoteKind::Indirect => want.kind == "indirect",
        QuoteKind::Mixed => true,
    };
    if !kind || share < 0.6 {
        return if share > 0.2 { Verdict::Span } else { Verdict::Elsewhere };
    }
    let text = got.speaker.map_or("", |span| span.slice(&doc.text));
    let named = [got.speaker_name.as_str(), text].iter().any(|name| {
        let name = fold(name);
        !name.is_empty()
            && want.speaker.iter().map(|wanted| fold(wanted)).any(|wanted| name.ends_with(&wanted) || wanted.ends_with(&name))
    });
    if !named {
        return Verdict::Speaker;
    }
    if want.anonymous.is_some_and(|anonymous| anonymous != got.anonymous) {
        return Verdict::Anonymity;
    }
    let country = got.speaker_entity.and_then(|entity| doc.entity(entity).country);
    if !want.country.is_empty() && country.is_none_or(|country| country.as_str() != want.country) {
        return Verdict::Country;
    }
    Verdict::Same
}

/// Intersection over union, in characters.
fn overlap(text: &str, a: Span, b: Span) -> f64 {
    if !a.overlaps(b) {
        return 0.0;
    }
    let count = |span: Span| span.slice(text).chars().count() as f64;
    let inner = count(Span::new(a.start.max(b.start), a.end.min(b.end)));
    inner / (count(a) + count(b) - inner)
}

/// A name for comparison: no article, one kind of apostrophe, lower case.
fn fold(name: &str) -> String {
    let lower = name.replace('’', "'").trim().to_lowercase();
    let bare = ["the ", "a ", "an "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower);
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let span = Span::of(at..at + line.len());
            at += line.len() + 1;
            span
        })
        .collect()
}

fn locate(text: &str, lines: &[Span], quote: &GoldQuote) -> Option<Span> {
    let line = *lines.get(quote.line.checked_sub(1)?)?;
    let at = line.slice(text).find(&quote.text)? + line.start as usize;
    Some(Span::of(at..at + quote.text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_files_are_read() {
        let gold = read_gold(
            "x.toml",
            "article = \"a.txt\"\npublished = \"2023-01-02\"\n[[quote]]\nline = 2\nkind = \"direct\"\ntext = 'He \"said\"'\nspeaker = [\"A [b]\",\n  \"C\"]\nanonymous = true\nmust = false\n[[event]]\nline = 3\n",
        )
        .unwrap();
        assert_eq!(gold.article, "a.txt");
        assert_eq!(gold.quotes.len(), 1);
        assert_eq!(gold.quotes[0].text, "He \"said\"");
        assert_eq!(gold.quotes[0].speaker, ["A [b]", "C"]);
        assert!(!gold.quotes[0].must && gold.quotes[0].anonymous == Some(true));
    }

    #[test]
    fn names_fold_as_the_scorer_folds_them() {
        assert_eq!(fold("The  Minister’s  aide"), "minister's aide");
    }
}
