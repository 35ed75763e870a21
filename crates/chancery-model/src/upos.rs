//! The closed sets of Universal Dependencies v2 for English: tags, treebank tags and relations.

macro_rules! closed_set {
    ($(#[$doc:meta])+ $name:ident, none = $none:ident; $($variant:ident = $text:literal),+ $(,)?) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the names are the standard's own")]
        pub enum $name {
            /// Not known.
            #[default]
            $none,
            $($variant),+
        }

        impl $name {
            /// Every value but the unknown one, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// As the standard writes it; `_` where unknown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $name::$none => "_",
                    $($name::$variant => $text),+
                }
            }

            /// The value that the standard writes so.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    "_" => Some($name::$none),
                    $($text => Some($name::$variant),)+
                    _ => None,
                }
            }

            /// The value with this number (`value as u8`); unknown where there is none.
            #[must_use]
            pub fn from_index(index: u8) -> Self {
                match index {
                    0 => $name::$none,
                    index => Self::ALL.get(index as usize - 1).copied().unwrap_or($name::$none),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

closed_set! {
    /// A universal part-of-speech tag.
    Upos, none = Unknown;
    Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET", Intj = "INTJ", Noun = "NOUN",
    Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN", Punct = "PUNCT", Sconj = "SCONJ", Sym = "SYM",
    Verb = "VERB", X = "X",
}

closed_set! {
    /// A Penn Treebank tag as the English treebanks of Universal Dependencies use them (XPOS).
    Xpos, none = Unknown;
    Add = "ADD", Afx = "AFX", Cc = "CC", Cd = "CD", Colon = ":", Comma = ",", Dollar = "$", Dt = "DT", Ex = "EX",
    Fw = "FW", Gw = "GW", Hyph = "HYPH", In = "IN", Jj = "JJ", Jjr = "JJR", Jjs = "JJS", CloseQuote = "''", Ls = "LS",
    Lrb = "-LRB-", Md = "MD", Nfp = "NFP", Nn = "NN", Nnp = "NNP", Nnps = "NNPS", Nns = "NNS", OpenQuote = "``",
    Pdt = "PDT", Pos = "POS", Prp = "PRP", PrpPoss = "PRP$", Rb = "RB", Rbr = "RBR", Rbs = "RBS", Rp = "RP",
    Rrb = "-RRB-", Stop = ".", Sym = "SYM", To = "TO", Uh = "UH", Vb = "VB", Vbd = "VBD", Vbg = "VBG", Vbn = "VBN",
    Vbp = "VBP", Vbz = "VBZ", Wdt = "WDT", Wp = "WP", WpPoss = "WP$", Wrb = "WRB", Xx = "XX",
}

closed_set! {
    /// A dependency relation with its subtype.
    Deprel, none = Unknown;
    Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", AdvclRelcl = "advcl:relcl", Advmod = "advmod",
    Amod = "amod", Appos = "appos", Aux = "aux", AuxPass = "aux:pass", Case = "case", Cc = "cc",
    CcPreconj = "cc:preconj", Ccomp = "ccomp", Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj",
    Cop = "cop", Csubj = "csubj", CsubjOuter = "csubj:outer", CsubjPass = "csubj:pass", Dep = "dep", Det = "det",
    DetPredet = "det:predet", Discourse = "discourse", Dislocated = "dislocated", Expl = "expl", Fixed = "fixed",
    Flat = "flat", FlatForeign = "flat:foreign", Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark",
    Nmod = "nmod", NmodDesc = "nmod:desc", NmodNpmod = "nmod:npmod", NmodPoss = "nmod:poss", NmodTmod = "nmod:tmod",
    NmodUnmarked = "nmod:unmarked", Nsubj = "nsubj", NsubjOuter = "nsubj:outer", NsubjPass = "nsubj:pass",
    Nummod = "nummod", Obj = "obj", Obl = "obl", OblAgent = "obl:agent", OblNpmod = "obl:npmod", OblTmod = "obl:tmod",
    OblUnmarked = "obl:unmarked", Orphan = "orphan", Parataxis = "parataxis", Punct = "punct",
    Reparandum = "reparandum", Root = "root", Vocative = "vocative", Xcomp = "xcomp",
}

impl Deprel {
    /// The relation without its subtype, by name (`nsubj` for `nsubj:pass`).
    #[must_use]
    pub fn universal(self) -> &'static str {
        let name = self.as_str();
        name.split_once(':').map_or(name, |(head, _)| head)
    }
}
