//! Faults: what is wrong in a file, where, and the way out.

use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};

/// One fault in a file. It points into the text; it does not own it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// A stable word for the kind of fault: `plan::missing_layer`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to say at the place.
    pub label: String,
    /// The way out, where one is known.
    pub help: Option<String>,
    /// The bytes of the file that it is about.
    pub at: Range<usize>,
}

impl Fault {
    /// A fault at some bytes of the file.
    pub fn new(code: &'static str, at: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), label: "here".to_owned(), help: None, at }
    }

    /// The same with the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with other words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

impl Diagnostic for Fault {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(self.label.clone()), self.at.start, self.at.len().max(1)))))
    }
}

/// All faults of one file, with its text.
#[derive(Debug, thiserror::Error)]
#[error("{summary}")]
pub struct Faults {
    /// What the faults mean together: "this pipeline cannot run".
    pub summary: String,
    file: NamedSource<String>,
    faults: Vec<Fault>,
}

impl Faults {
    /// The faults of a file, sorted by where they stand.
    #[must_use]
    pub fn new(summary: impl Into<String>, path: impl AsRef<str>, text: impl Into<String>, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| (fault.at.start, fault.at.end));
        Self { summary: summary.into(), file: NamedSource::new(path, text.into()), faults }
    }

    /// The faults, by place.
    #[must_use]
    pub fn list(&self) -> &[Fault] {
        &self.faults
    }
}

impl Diagnostic for Faults {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.file)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.faults.iter().map(|fault| fault as &dyn Diagnostic)))
    }
}

/// The known name closest to a misspelt one, where one is close enough to be meant.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(name.len()) / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        assert_eq!(closest("qoutes", ["quotes", "dates"]), Some("quotes"));
        assert_eq!(closest("entitys", ["entities", "events"]), Some("entities"));
        assert_eq!(closest("parquet", ["csv", "files"]), None);
    }
}
