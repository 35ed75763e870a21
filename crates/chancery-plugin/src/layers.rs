//! The layers that every program of this version can give to a plugin, with their columns.
//!
//! Each table but `documents` begins with `doc`, the row of its document. `start` and `end` are bytes of the document's text.
//! Numbers that name a row of another layer (`sentence`, `head`, `entity`) count that layer's rows within the document,
//! from 0.

use crate::describe::ColumnType::{self, Boolean, Date, Integer, Number, Text};

/// A layer and its columns, without `doc`.
#[derive(Debug, Clone, Copy)]
pub struct LayerColumns {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [(&'static str, ColumnType)],
}

/// The columns of `documents`, the first table of every batch.
pub const DOCUMENTS: LayerColumns = LayerColumns {
    name: "documents",
    columns: &[
        ("id", Text),
        ("uri", Text),
        ("record", Text),
        ("title", Text),
        ("byline", Text),
        ("publisher", Text),
        ("published", Date),
        ("url", Text),
        ("language", Text),
        ("text", Text),
    ],
};

/// The layers that a stage may need.
pub const LAYERS: &[LayerColumns] = &[
    LayerColumns { name: "sentences", columns: &[("start", Integer), ("end", Integer), ("paragraph", Integer)] },
    LayerColumns {
        name: "tokens",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("lemma", Text),
            ("upos", Text),
            ("xpos", Text),
            ("feats", Text),
            ("head", Integer),
            ("deprel", Text),
        ],
    },
    LayerColumns {
        name: "mentions",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("head_start", Integer),
            ("head_end", Integer),
            ("sentence", Integer),
            ("kind", Text),
            ("type", Text),
            ("entity", Integer),
        ],
    },
    LayerColumns {
        name: "entities",
        columns: &[
            ("id", Text),
            ("name", Text),
            ("type", Text),
            ("country", Text),
            ("code", Text),
            ("role", Text),
            ("status", Text),
            ("organization", Text),
            ("wikidata", Text),
            ("mentions", Integer),
        ],
    },
    LayerColumns {
        name: "quotes",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("kind", Text),
            ("cue_start", Integer),
            ("cue_end", Integer),
            ("speaker_start", Integer),
            ("speaker_end", Integer),
            ("speaker", Integer),
            ("speaker_name", Text),
            ("anonymous", Boolean),
            ("addressee", Integer),
        ],
    },
    LayerColumns {
        name: "dates",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("type", Text),
            ("value", Text),
            ("mod", Text),
            ("from", Date),
            ("to", Date),
        ],
    },
    LayerColumns {
        name: "places",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("name", Text),
            ("feature", Text),
            ("country", Text),
            ("admin1", Text),
            ("latitude", Number),
            ("longitude", Number),
            ("geonames_id", Integer),
            ("entity", Integer),
            ("confidence", Number),
        ],
    },
    LayerColumns {
        name: "events",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("trigger_start", Integer),
            ("trigger_end", Integer),
            ("type", Text),
            ("mode", Text),
            ("contexts", Text),
            ("cameo", Text),
            ("quad", Integer),
            ("goldstein", Number),
            ("intensity", Number),
            ("source", Integer),
            ("source_start", Integer),
            ("source_end", Integer),
            ("target", Integer),
            ("target_start", Integer),
            ("target_end", Integer),
            ("status", Text),
            ("from", Date),
            ("to", Date),
            ("date", Integer),
            ("place", Integer),
            ("quote", Integer),
            ("rule", Text),
        ],
    },
    LayerColumns {
        name: "agreements",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("name", Text),
            ("kind", Text),
            ("parties", Text),
            ("status", Text),
            ("from", Date),
            ("to", Date),
            ("entity", Integer),
        ],
    },
    LayerColumns {
        name: "quantities",
        columns: &[
            ("start", Integer),
            ("end", Integer),
            ("sentence", Integer),
            ("value", Number),
            ("value_to", Number),
            ("unit", Text),
            ("of", Text),
            ("modifier", Text),
        ],
    },
];

/// The layer of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static LayerColumns> {
    LAYERS.iter().find(|layer| layer.name == name)
}
