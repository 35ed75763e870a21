//! What is known about a document besides its text: the names under which the field's files give it, and dates as they write them.

use chancery_model::{Metadata, PublishedFrom};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// The parts of a document that a file may give, and the column or key names that are taken for them, most telling first.
pub const NAMES: &[(Part, &[&str])] = &[
    (
        Part::Text,
        &["text", "body", "content", "article", "article_text", "maintext", "full_text", "fulltext", "story", "articlebody"],
    ),
    (Part::Id, &["id", "doc_id", "docid", "document_id", "article_id", "uuid", "guid", "story_id"]),
    (Part::Title, &["title", "headline", "head", "heading", "name"]),
    (Part::Byline, &["byline", "author", "authors", "creator", "writer"]),
    (
        Part::Publisher,
        &["publisher", "source", "outlet", "publication", "newspaper", "site_name", "source_name", "sourcecommonname"],
    ),
    (
        Part::Published,
        &[
            "published",
            "date",
            "published_at",
            "publishedat",
            "publish_date",
            "date_publish",
            "datepublished",
            "pubdate",
            "pub_date",
            "publication_date",
            "date_published",
            "created_at",
            "timestamp",
        ],
    ),
    (Part::Url, &["url", "link", "permalink", "uri", "source_url", "sourceurl", "web_url"]),
    (Part::Language, &["language", "lang", "inlanguage"]),
];

/// A part of a document that a file may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The text itself.
    Text,
    /// The document's own id.
    Id,
    /// Headline.
    Title,
    /// Author or authors.
    Byline,
    /// Publisher.
    Publisher,
    /// Day of publication.
    Published,
    /// Where it was published.
    Url,
    /// Language.
    Language,
}

/// The part that a column or key name is taken for.
pub fn part_named(name: &str) -> Option<Part> {
    let folded: String = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(part, _)| *part)
}

/// Sets a part. A date that cannot be read is left out and told in the log: the document is worth more than its date.
pub fn set(meta: &mut Metadata, part: Part, value: &str, from: PublishedFrom) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    match part {
        Part::Text => {}
        Part::Id => value.clone_into(&mut meta.id),
        Part::Title => value.clone_into(&mut meta.title),
        Part::Byline => value.clone_into(&mut meta.byline),
        Part::Publisher => value.clone_into(&mut meta.publisher),
        Part::Url => value.clone_into(&mut meta.url),
        Part::Language => value.clone_into(&mut meta.language),
        Part::Published => match parse_date(value) {
            Some(date) => meta.published = Some((date, from)),
            None => tracing::warn!(value, "a date of publication that cannot be read is left out; ISO 8601 is safest"),
        },
    }
}

/// What a pipeline says of documents that do not say it themselves.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// Day of publication (ISO 8601).
    pub published: Option<String>,
    /// Publisher.
    pub publisher: String,
    /// Author or authors.
    pub byline: String,
    /// Language, BCP 47.
    pub language: String,
}

impl Defaults {
    /// Fills what the document does not say.
    pub fn fill(&self, meta: &mut Metadata) {
        if meta.published.is_none() {
            let date = self.published.as_deref().and_then(parse_date);
            meta.published = date.map(|date| (date, PublishedFrom::Default));
        }
        for (own, default) in
            [(&mut meta.publisher, &self.publisher), (&mut meta.byline, &self.byline), (&mut meta.language, &self.language)]
        {
            if own.is_empty() {
                own.clone_from(default);
            }
        }
    }
}

/// The day that a date of publication names, in the forms in which news files write it: ISO 8601 with or without a time, compact
/// (`20230414`, `20230414T093000`), RFC 2822, `April 14, 2023`, `14 April 2023`, `14.04.2023` and seconds of the Unix epoch.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    const FORMS: &[&str] = &[
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y%m%d",
        "%B %d, %Y",
        "%b %d, %Y",
        "%b. %d, %Y",
        "%d %B %Y",
        "%d %b %Y",
        "%A, %B %d, %Y",
        "%a, %d %b %Y",
        "%A, %d %B %Y",
        "%d.%m.%Y",
        "%d-%b-%Y",
        "%B %d %Y",
        "%Y.%m.%d",
    ];
    let text = text.trim();
    let exact = |text: &str| FORMS.iter().find_map(|form| Date::strptime(form, text).ok());
    if let Some(date) = exact(text) {
        return sensible(date);
    }
    // A time of day follows: cut it off where one begins.
    let cut = text.char_indices().filter(|(_, c)| matches!(c, 'T' | ' ' | ',')).map(|(at, _)| at);
    if let Some(date) = cut.rev().find_map(|at| exact(text[..at].trim_end_matches(','))) {
        return sensible(date);
    }
    if text.len() >= 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return exact(&text[..8]).and_then(sensible).or_else(|| epoch(text));
    }
    epoch(text)
}

fn epoch(text: &str) -> Option<Date> {
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    let timestamp = jiff::Timestamp::from_second(seconds).ok()?;
    sensible(jiff::tz::Offset::UTC.to_datetime(timestamp).date())
}

/// No news was published before the first newspapers.
fn sensible(date: Date) -> Option<Date> {
    (1600..=2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_news_files_write_them() {
        for text in [
            "2023-04-14",
            "2023-04-14T09:30:00Z",
            "2023-04-14 09:30:00+02:00",
            "20230414",
            "20230414T093000Z",
            "20230414093000",
            "April 14, 2023",
            "Apr 14, 2023",
            "14 April 2023",
            "Friday, April 14, 2023",
            "Fri, 14 Apr 2023 09:30:00 GMT",
            "14.04.2023",
            "2023/04/14",
            "1681464600",
            "1681464600000",
            "April 14, 2023 at 9:30 a.m.",
        ] {
            assert_eq!(parse_date(text), Some(date(2023, 4, 14)), "{text}");
        }
        for text in ["", "soon", "2023-13-40", "42", "0001-01-01"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_columns_are_taken_for_parts() {
        assert_eq!(part_named("Headline"), Some(Part::Title));
        assert_eq!(part_named("Publication Date"), Some(Part::Published));
        assert_eq!(part_named("mood"), None);
    }
}
