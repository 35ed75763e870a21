//! Quantities: numbers in digits and words, with their units and what they count.
//!
//! A number is read with its currency, scale, range and unit; a number without a unit counts a noun, by the parse where there is
//! one; what is a part of a name, numbers a thing or belongs to a date is left out.
//!
//! # Invariants
//! - Quantities are sorted by span and do not overlap one another, nor a date or time of day.
//! - `value` is finite; `value_to`, where there is one, is greater.
//!
//! # Not here
//! What a length of time means for dates, and ages: `dates` has them.

mod context;
mod number;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chancery_lexicon::measures::UnitOf;
use chancery_lexicon::{Measures, NumberWords};
use chancery_model::{Annotator, DateType, Document, Quantity, Reject, SentenceIx, Span};

use crate::{Context, Entry};
use context::Counted;
use number::{Amount, Reader};
pub use settings::QuantitySettings;

/// `use: quantities`.
pub const ENTRY: Entry = Entry {
    name: "quantities",
    summary: "Numbers with their units: money, per cent, measures and counted nouns",
    needs: &["sentences", "tokens"],
    uses: &["mentions", "dates"],
    gives: &["quantities"],
    example: "{ counts: true, bare: true, dollar: USD }",
    schema: || schemars::schema_for!(QuantitySettings),
    build: |settings, context: &Context| {
        let knowledge = &context.knowledge;
        Ok(Box::new(Quantities {
            settings: settings.read::<QuantitySettings>()?,
            measures: knowledge.measures(),
            numbers: knowledge.numbers(),
        }))
    },
};

struct Quantities {
    settings: QuantitySettings,
    measures: Arc<Measures>,
    numbers: Arc<NumberWords>,
}

impl Annotator for Quantities {
    fn annotate(&self, document: &mut Document) -> Result<(), Reject> {
        document.quantities = self.find(document);
        debug_assert!(document.quantities.is_sorted_by_key(|quantity| quantity.span.start));
        Ok(())
    }
}

impl Quantities {
    fn find(&self, doc: &Document) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        let mut reader = Reader { doc, measures: &self.measures, numbers: &self.numbers, start: 0, end: 0 };
        for (number, sentence) in doc.sentences.iter().enumerate() {
            let tokens = sentence.tokens.range();
            (reader.start, reader.end) = (tokens.start, tokens.end.min(doc.tokens.len()));
            let mut at = reader.start;
            while at < reader.end {
                let amount = if reader.may_begin(at) { reader.amount(at) } else { None };
                let Some(amount) = amount else {
                    at += 1;
                    continue;
                };
                if let Some(quantity) = self.quantity(&reader, &amount, SentenceIx::at(number)) {
                    quantities.push(quantity);
                }
                at = amount.end.max(at + 1);
            }
        }
        quantities
    }

    fn quantity(&self, reader: &Reader<'_>, amount: &Amount, sentence: SentenceIx) -> Option<Quantity> {
        let doc = reader.doc;
        let number = doc.tokens.span[amount.first].join(doc.tokens.span[amount.number_end - 1]);
        if is_dated(doc, number) || reader.is_name(amount) {
            return None;
        }
        let (mut end, mut unit) = (amount.end, String::new());
        match amount.unit {
            Some(UnitOf::Money(code, _)) => {
                let plain = code == "USD" && !reader.form(amount.first).starts_with(['U', 'u']);
                unit.push_str(if plain && self.is_plain_dollar(reader, amount) { &self.settings.dollar } else { code });
            }
            Some(UnitOf::Measure(symbol)) => {
                unit.push_str(symbol);
                if reader.any_of(end, &["per", "a"])
                    && reader.any_of(end + 1, &["day", "year", "hour", "month", "second"])
                    && symbol != "percent"
                {
                    unit.push('/');
                    unit.push_str(reader.form(end + 1));
                    end += 2;
                }
            }
            None => match reader.counted(amount) {
                Counted::Noun(noun) if self.settings.counts => {
                    unit = noun_form(reader.form(noun));
                    if reader.is_phrase(amount.number_end, noun) {
                        end = noun + 1;
                    }
                    let of = reader.of(amount, noun + 1, true);
                    return Some(self.row(reader, amount, end, sentence, unit, of));
                }
                Counted::Alone if self.settings.bare => {}
                _ => return None,
            },
        }
        let of = reader.of(amount, end, false);
        Some(self.row(reader, amount, end, sentence, unit, of))
    }

    fn row(&self, reader: &Reader<'_>, amount: &Amount, end: usize, sentence: SentenceIx, unit: String, of: String) -> Quantity {
        let doc = reader.doc;
        let mut first = amount.first;
        let mut value = amount.value;
        // "-5 °C": a minus that touches the number and nothing else
        let minus = first > reader.start
            && matches!(reader.form(first - 1), "-" | "−" | "–")
            && reader.touches(first)
            && !reader.touches(first - 1);
        if minus && unit.starts_with('°') {
            value = -value;
            first -= 1;
        }
        let after = |word: &str| reader.any_of(end, &["or"]) && reader.any_of(end + 1, &[word]);
        let before = self.measures.modifier(reader.start, first, |at| reader.form(at));
        let modifier = if after("more") {
            "at least"
        } else if after("so") {
            "about"
        } else if after("less") || after("fewer") {
            "at most"
        } else {
            before.map_or(if amount.vague { "at least" } else { "" }, |(_, modifier)| modifier)
        };
        Quantity {
            span: doc.tokens.span[first].join(doc.tokens.span[end - 1]),
            sentence,
            value,
            value_to: amount.value_to,
            unit,
            of,
            modifier,
        }
    }

    /// Whether dollars stand without a country.
    fn is_plain_dollar(&self, reader: &Reader<'_>, amount: &Amount) -> bool {
        reader.form(amount.first) == "$"
            || reader.any_of(amount.end - 1, &["dollar", "dollars"]) && amount.end == amount.number_end + 1
    }
}

/// Whether a date, time or length of time has the number.
fn is_dated(doc: &Document, number: Span) -> bool {
    let after = doc.dates.partition_point(|date| date.span.start < number.end);
    doc.dates[..after].last().is_some_and(|date| {
        let told = match date.r#type {
            DateType::Date | DateType::Time => true,
            // Lengths are quantities of time as well; ages ("44-year-old") are not.
            DateType::Duration => doc.slice(date.span).ends_with("old"),
            DateType::Set => false,
        };
        told && date.span.overlaps(number)
    })
}

/// A counted noun as it stands, in lower case unless it is a name.
fn noun_form(form: &str) -> String {
    let name = form.chars().skip(1).any(char::is_uppercase);
    if name { form.to_owned() } else { form.to_lowercase() }
}
