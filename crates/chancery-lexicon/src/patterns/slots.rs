//! Slots: where beside its trigger an event's side stands.

/// Where something stands: one relation, or a way over two (`xcomp/obj`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The relations, from the trigger outwards.
    pub steps: Vec<Step>,
    /// Only the very word there, not the owner of a thing.
    pub strict: bool,
}

/// One relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Who does it: the subject, the agent of a passive.
    Nsubj,
    /// To whom it is done: the object, the subject of a passive.
    Obj,
    /// The indirect object.
    Iobj,
    /// The possessor.
    Poss,
    /// A nationality or name before the noun.
    Adj,
    /// Both sides after `between`.
    Between,
    /// An open clause that depends on the verb.
    Xcomp,
    /// A clause with its own subject.
    Ccomp,
    /// An adverbial clause.
    Advcl,
    /// A phrase with the preposition.
    Prep(Box<str>),
}

/// The prepositions that slots may name: the closed class of English.
pub const PREPOSITIONS: &[&str] = &[
    "about",
    "above",
    "across",
    "after",
    "against",
    "along",
    "alongside",
    "amid",
    "among",
    "around",
    "as",
    "at",
    "before",
    "behind",
    "below",
    "beneath",
    "beside",
    "between",
    "beyond",
    "by",
    "concerning",
    "despite",
    "down",
    "during",
    "except",
    "following",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "like",
    "near",
    "of",
    "off",
    "on",
    "onto",
    "out",
    "outside",
    "over",
    "past",
    "regarding",
    "round",
    "since",
    "than",
    "through",
    "throughout",
    "till",
    "to",
    "toward",
    "towards",
    "under",
    "until",
    "unto",
    "up",
    "upon",
    "versus",
    "via",
    "with",
    "within",
    "without",
];

impl Slot {
    /// Reads `nsubj`, `obl:for`, `for`, `xcomp/obj`, `obj!`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (path, strict) = text.strip_suffix('!').map_or((text, false), |path| (path, true));
        let steps = path.split('/').map(step).collect::<Result<Vec<_>, _>>()?;
        if steps.len() > 3 {
            return Err(format!("`{text}` has more than three steps"));
        }
        Ok(Self { steps, strict })
    }
}

fn step(name: &str) -> Result<Step, String> {
    let name = name.trim();
    Ok(match name {
        "nsubj" => Step::Nsubj,
        "obj" => Step::Obj,
        "iobj" => Step::Iobj,
        "poss" => Step::Poss,
        "adj" => Step::Adj,
        "between" => Step::Between,
        "xcomp" => Step::Xcomp,
        "ccomp" => Step::Ccomp,
        "advcl" => Step::Advcl,
        _ => {
            let word = name.strip_prefix("obl:").or_else(|| name.strip_prefix("nmod:")).unwrap_or(name);
            if PREPOSITIONS.binary_search(&word).is_err() {
                return Err(format!(
                    "`{name}` is no slot; one of nsubj, obj, iobj, poss, adj, between, xcomp, ccomp, advcl or a preposition"
                ));
            }
            Step::Prep(word.into())
        }
    })
}
