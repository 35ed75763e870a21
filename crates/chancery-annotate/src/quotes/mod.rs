//! Quotations: who said what, in which words.
//!
//! Marks are paired first, paragraph by paragraph; the order of words and the parse then link each quotation, and each reported
//! clause, to the cue that introduces it, and the cue to a speaker among the mentions.
//!
//! # Invariants
//! - Quotes are sorted by start; two of them nest or are disjoint, never cross.
//! - A quote's span holds neither its marks, nor its cue, nor its speaker.
//! - Time is linear in the text, whatever it is made of.
//!
//! # Not here
//! Who "the minister" is: `entities` has settled that before this stage runs.

mod direct;
mod draft;
pub mod eval;
mod fragments;
mod labels;
mod marks;
mod reported;
mod resolve;
mod settings;
mod speaker;
#[cfg(test)]
mod tests;
mod view;

use std::cell::RefCell;
use std::sync::Arc;

use chancery_lexicon::Cues;
use chancery_model::{Annotator, Document, Reject};
use chancery_settings::Fault;

use crate::{Context, Entry};
use settings::QuoteSettings;
use view::{Buffers, View};

/// `use: quotes`.
pub const ENTRY: Entry = Entry {
    name: "quotes",
    summary: "Quoted and reported speech, each with its speaker",
    needs: &["sentences", "tokens"],
    uses: &["mentions", "entities"],
    gives: &["quotes"],
    example: "{ indirect: true, longest_chars: 4000 }",
    schema: || schemars::schema_for!(QuoteSettings),
    build: |settings, context: &Context| {
        let parsed = settings.read::<QuoteSettings>()?;
        let cues = with_lexicons(&parsed, context)
            .map_err(|message| vec![Fault::new("quotes::lexicons", settings.at("lexicons"), message)])?;
        Ok(Box::new(Quotes { settings: parsed, cues }))
    },
};

struct Quotes {
    settings: QuoteSettings,
    cues: Arc<Cues>,
}

thread_local! {
    /// Buffers of the stage, one set a thread, reused from document to document.
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// The built-in cues with the user's own on top.
fn with_lexicons(settings: &QuoteSettings, context: &Context) -> Result<Arc<Cues>, String> {
    let built_in = context.knowledge.cues();
    if settings.lexicons.is_empty() {
        return Ok(built_in);
    }
    let mut cues = Cues::clone(&built_in);
    for path in &settings.lexicons {
        let path = context.base.join(path);
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
        cues.add(&name, &text).map_err(|error| error.to_string())?;
    }
    Ok(Arc::new(cues))
}

impl Annotator for Quotes {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        document.quotes = BUFFERS.with_borrow_mut(|buffers| self.find(document, buffers));
        Ok(())
    }
}

impl Quotes {
    fn find(&self, document: &Document, buffers: &mut Buffers) -> Vec<chancery_model::Quote> {
        buffers.build(document, &self.cues);
        let view = View::new(document, &self.cues, buffers);
        let longest = self.settings.longest_chars as usize;
        let sentence_end =
            |byte: u32| document.sentence_at(byte).map_or(byte, |sentence| document.sentences[sentence.ix()].span.end.max(byte));
        let marks = marks::pair(&document.text, &document.paragraphs, &self.cues, longest, sentence_end);
        let direct = direct::find(view, &marks);
        let mut drafts = direct.drafts.clone();
        if self.settings.indirect && document.is_parsed() {
            let mut used: Vec<_> = drafts.iter().filter_map(|draft| draft.cue).collect();
            used.sort_unstable();
            reported::Reader { view, marks: &marks, direct: &direct, used: &used }.find(&mut drafts);
        }
        labels::find(view, &mut drafts);
        resolve::resolve(view, &marks, &direct, drafts, self.settings.unattributed)
    }
}
