//! Language, paragraphs, sentences, tokens and their analysis: what all other stages read.
//!
//! # Invariants
//! - Always gives sentences and tokens, whatever the language; tags and the parse only for a language that a model reads.
//! - A text too short or too odd to tell its language is read as what its source declares, else as English.

mod settings;

use std::cell::RefCell;
use std::sync::Arc;

use chancery_model::{Annotator, Document, Language, Reject};
use chancery_text::{Analysis, Level, Pipeline, Scratch};

use crate::{Context, Entry};
use settings::LanguageSettings;

/// `use: language`.
pub const ENTRY: Entry = Entry {
    name: "language",
    summary: "Language, sentences, tokens, lemmas, tags and dependency parse",
    needs: &[],
    uses: &[],
    gives: &["sentences", "tokens"],
    example: "{ parse: true, sample_chars: 1000 }",
    schema: || schemars::schema_for!(LanguageSettings),
    build: |settings, context: &Context| {
        let settings = settings.read::<LanguageSettings>()?;
        Ok(Box::new(Reader { settings, text: Arc::clone(&context.text) }))
    },
};

/// Below this many letters no language is told.
const SHORTEST_LETTERS: usize = 20;
/// Below this confidence the source's own word counts for more.
const SURE: f32 = 0.5;
/// Below this many characters letter statistics mistake English headlines for other languages.
const SHORT_CHARS: usize = 240;
/// What a short text in Latin letters takes to count as another language than English.
const CERTAIN: f32 = 0.95;

struct Reader {
    settings: LanguageSettings,
    text: Arc<Pipeline>,
}

thread_local! {
    /// Buffers of the language core, one set a thread, reused from document to document.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Annotator for Reader {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        document.language = self.tell(document);
        let english = document.language.is_none_or(|language| language.code == "en");
        let level = match (english, self.settings.parse) {
            (false, _) => Level::Tokens,
            (true, false) => Level::Tags,
            (true, true) => Level::Parse,
        };
        let mut analysis = Analysis {
            paragraphs: std::mem::take(&mut document.paragraphs),
            sentences: std::mem::take(&mut document.sentences),
            tokens: std::mem::take(&mut document.tokens),
            ..Analysis::default()
        };
        SCRATCH.with_borrow_mut(|scratch| self.text.analyze_into(&document.text, level, scratch, &mut analysis));
        document.paragraphs = analysis.paragraphs;
        document.sentences = analysis.sentences;
        document.tokens = analysis.tokens;
        Ok(())
    }
}

impl Reader {
    /// The language of the text, from a sample of its beginning, and how sure that is.
    fn tell(&self, document: &Document) -> Option<Language> {
        let declared = declared(&document.meta.language);
        let end = document.text.char_indices().nth(self.settings.sample_chars as usize).map_or(document.text.len(), |(at, _)| at);
        let sample = &document.text[..end];
        if sample.chars().filter(|letter| letter.is_alphabetic()).take(SHORTEST_LETTERS).count() < SHORTEST_LETTERS {
            return declared.map(|code| Language { code, confidence: SURE });
        }
        let Some(found) = whatlang::detect(sample) else { return declared.map(|code| Language { code, confidence: SURE }) };
        let code = iso_639_1(found.lang());
        let confidence = found.confidence() as f32;
        // Names and a verb make no sample: short texts in Latin letters count as English unless the detector is certain.
        let latin = found.script() == whatlang::Script::Latin;
        if latin && sample.chars().count() < SHORT_CHARS && (confidence < CERTAIN || has_english_words(sample)) {
            return Some(Language { code: declared.unwrap_or("en"), confidence: SURE });
        }
        match declared {
            Some(declared) if confidence < SURE => Some(Language { code: declared, confidence: SURE }),
            _ => Some(Language { code, confidence }),
        }
    }
}

/// Whether words stand in a text that English has and no other language in Latin letters uses so often.
fn has_english_words(text: &str) -> bool {
    let english =
        |word: &str| matches!(word, "the" | "of" | "with" | "its" | "his" | "will" | "was" | "were" | "by" | "from" | "and");
    text.split(|letter: char| !letter.is_alphabetic()).any(english)
}

/// The language that a source declares (`en-GB`), if it is one that can be told.
fn declared(tag: &str) -> Option<&'static str> {
    let code = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    whatlang::Lang::all().iter().map(|lang| iso_639_1(*lang)).find(|known| *known == code)
}

/// ISO 639-1 code of a language, or its ISO 639-3 code where it has no shorter one.
fn iso_639_1(lang: whatlang::Lang) -> &'static str {
    // The two name one language of China differently: the detector's "cmn" has no short code of its own.
    let macrolanguage = if lang == whatlang::Lang::Cmn { "zho" } else { lang.code() };
    isolang::Language::from_639_3(macrolanguage).and_then(|language| language.to_639_1()).unwrap_or(lang.code())
}

#[cfg(test)]
mod tests {
    use crate::harness::Harness;

    #[test]
    fn english_is_parsed_and_french_is_cut_into_sentences_only() {
        let harness = Harness::new(&["language"]);
        let english = harness.annotate("The foreign minister said on Monday that talks with the rebels had failed again.", None);
        assert_eq!(english.language.map(|language| language.code), Some("en"));
        let french = harness.annotate(
            "Le ministre des Affaires étrangères a déclaré lundi que les négociations avaient échoué. Il partira demain.",
            None,
        );
        assert_eq!(french.language.map(|language| language.code), Some("fr"));
        assert_eq!(french.sentences.len(), 2);
        assert!(!french.is_parsed());
    }

    #[test]
    fn a_declared_language_decides_where_the_text_does_not() {
        let harness = Harness::new(&["language"]);
        let mut document = harness.document("42", None);
        document.meta.language = "de-DE".into();
        harness.run(&mut document);
        assert_eq!(document.language.map(|language| language.code), Some("de"));
    }
}
