//! Web pages: the article is taken out of the page as a reader mode does, with what its markup says about it.

use std::sync::Arc;

use chancery_model::{Document, Metadata, Parser, PublishedFrom, Reject};
use dom_smoothie::{Config, Readability, TextMode};

use super::Options;
use crate::decode::{declared_in_html, decode};
use crate::metadata::{Part, set};

/// More elements than this is no article, and would take long.
const MAX_ELEMENTS: usize = 100_000;

pub fn parser(options: Arc<Options>) -> Arc<dyn Parser> {
    Arc::new(Page(options))
}

struct Page(Arc<Options>);

impl Parser for Page {
    fn parse(&self, uri: &Arc<str>, record: &str, bytes: Vec<u8>) -> Result<Document, Reject> {
        let declared = self.0.encoding.or_else(|| declared_in_html(&bytes));
        let source = decode(bytes, declared)?;
        let config = Config { text_mode: TextMode::Formatted, max_elements_to_parse: MAX_ELEMENTS, ..Config::default() };
        let no_article = |error: &dyn std::fmt::Display| {
            Reject::new("files", "no_article", format!("no article could be found in the page: {error}")).with_excerpt(&source)
        };
        let mut reader = Readability::new(source.as_str(), None, Some(config)).map_err(|error| no_article(&error))?;
        let page_url = url(&source);
        let article = reader.parse().map_err(|error| no_article(&error))?;
        let mut meta = Metadata::default();
        let content = PublishedFrom::Content;
        set(&mut meta, Part::Title, &article.title, content);
        set(&mut meta, Part::Byline, article.byline.as_deref().unwrap_or_default(), content);
        set(&mut meta, Part::Publisher, article.site_name.as_deref().unwrap_or_default(), content);
        set(&mut meta, Part::Language, article.lang.as_deref().unwrap_or_default(), content);
        set(&mut meta, Part::Published, article.published_time.as_deref().unwrap_or_default(), content);
        set(&mut meta, Part::Url, article.url.as_deref().or(page_url.as_deref()).unwrap_or_default(), content);
        let text = crate::decode::normalise(article.text_content.trim().to_owned());
        Ok(Document { uri: Arc::clone(uri), record: record.to_owned(), meta, text, ..Document::default() })
    }
}

/// The address that the page gives as its own: `<link rel="canonical">`, else `og:url`.
fn url(source: &str) -> Option<String> {
    let head = &source[..source.find("<body").unwrap_or(source.len())];
    let tags = head.split('<').map(|tag| tag.split('>').next().unwrap_or_default());
    let attribute = |tag: &str, name: &str| {
        let after = &tag[tag.find(&format!("{name}="))? + name.len() + 1..];
        let quote = after.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
        after[1..].split(quote).next().map(str::to_owned)
    };
    let mut open_graph = None;
    for tag in tags {
        if tag.starts_with("link") && attribute(tag, "rel").as_deref() == Some("canonical") {
            return attribute(tag, "href");
        }
        if tag.starts_with("meta") && attribute(tag, "property").as_deref() == Some("og:url") {
            open_graph = attribute(tag, "content");
        }
    }
    open_graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_is_taken_out_with_its_metadata() {
        let words = "The ministers agreed on a plan to reopen the port, officials said on Tuesday, after months of talks in the capital. ".repeat(4);
        let page = format!(
            "<html lang=en><head><title>Port reopens - The Paper</title><meta property=\"og:url\" content=\"https://news.example/port\">\
             <meta property=\"article:published_time\" content=\"2023-04-14T09:00:00Z\"></head><body><nav>Home | World | Subscribe</nav>\
             <article><h1>Port reopens</h1><p>{words}</p><p>{words}</p></article><footer>Cookies</footer></body></html>"
        );
        let document = Page(Arc::default()).parse(&"a.html".into(), "", page.into_bytes()).unwrap();
        assert!(document.text.contains("reopen the port"));
        assert!(!document.text.contains("Subscribe") && !document.text.contains("Cookies"), "{}", document.text);
        assert_eq!(document.meta.url, "https://news.example/port");
        assert_eq!(
            document.meta.published.map(|(date, from)| (date.to_string(), from)),
            Some(("2023-04-14".into(), PublishedFrom::Content))
        );
    }

    #[test]
    fn a_page_without_text_is_a_reject() {
        let reject = Page(Arc::default()).parse(&"a.html".into(), "", b"<html><body></body></html>".to_vec()).unwrap_err();
        assert!(["no_article", "empty"].contains(&reject.code.as_ref()), "{reject}");
    }
}
