//! Which datasets and columns a writer writes: settings that all writers share.

use chancery_model::tables::{DOCUMENT_DATASETS, Dataset};

/// Datasets that a writer writes, and columns that it leaves out.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; all that are there by default where empty.
    pub only: Vec<String>,
    /// These besides those that are there by default (`tokens`).
    pub also: Vec<String>,
    /// Columns to leave out: `dataset.column`, or `column` of the dataset `documents`.
    pub omit: Vec<String>,
}

impl Selection {
    /// Whether it writes the dataset of this name.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        let listed = |list: &[String]| list.iter().any(|one| one == name);
        if !self.only.is_empty() {
            return listed(&self.only) || listed(&self.also);
        }
        let optional = DOCUMENT_DATASETS.iter().any(|rows| rows.name == name && !rows.by_default);
        !optional || listed(&self.also)
    }

    /// The numbers of the dataset's columns that it writes.
    #[must_use]
    pub fn columns(&self, dataset: &Dataset) -> Vec<usize> {
        let omitted = |column: &str| {
            self.omit.iter().any(|one| match one.split_once('.') {
                Some((of, name)) => of == dataset.name && name == column,
                None => dataset.name == "documents" && one == column,
            })
        };
        (0..dataset.columns.len()).filter(|at| !omitted(&dataset.columns[*at].name)).collect()
    }

    /// The dataset as it is written: without the columns that are left out.
    #[must_use]
    pub fn narrowed(&self, dataset: &Dataset) -> Dataset {
        let columns = self.columns(dataset).into_iter().map(|at| dataset.columns[at].clone()).collect();
        Dataset { columns, ..dataset.clone() }
    }
}
