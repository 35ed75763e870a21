//! The records of the layers, as stages see them: byte spans and typed indices.
//!
//! How a record becomes a row of a dataset (code points, string ids) is `tables`' concern.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::{DateIx, EntityIx, MentionIx, PlaceIx, QuoteIx, SentenceIx, Span, TokenIx, TokenRange};

macro_rules! names {
    ($(#[$doc:meta])+ $name:ident { $($(#[$note:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "tables", derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema))]
        pub enum $name {
            $($(#[$note])* #[cfg_attr(feature = "tables", serde(rename = $text))] $variant),+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// As the datasets write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value that the datasets write so.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// A country: ISO 3166-1 alpha-3, `XKX` for Kosovo, former codes for former states.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 3]);

impl Country {
    /// The country with that code; `None` unless it is three upper-case ASCII letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// Its code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

names! {
    /// How a mention refers.
    MentionKind {
        /// By name.
        Name = "name",
        /// By a role or other noun phrase: "a senior Canadian diplomat".
        Description = "description",
        /// By a pronoun.
        Pronoun = "pronoun",
    }
}

names! {
    /// What a mention is of.
    MentionType {
        /// A person.
        Person = "person",
        /// An organization.
        Organization = "organization",
        /// A country or its government.
        Country = "country",
        /// A place.
        Place = "place",
        /// A nationality or its people: "Japanese", "the Swiss".
        Nationality = "nationality",
        /// A treaty, pact, strategy.
        Agreement = "agreement",
        /// Several people or states: "protesters", "Western countries".
        Group = "group",
    }
}

names! {
    /// What an entity is.
    EntityType {
        /// A person.
        Person = "person",
        /// An organization.
        Organization = "organization",
        /// A country.
        Country = "country",
        /// A place.
        Place = "place",
        /// An agreement.
        Agreement = "agreement",
        /// Several people or states.
        Group = "group",
    }
}

names! {
    /// Whether a person holds the role.
    PersonStatus {
        /// Holds it.
        Current = "current",
        /// Held it.
        Former = "former",
        /// Is dead.
        Late = "late",
        /// Holds it for now.
        Acting = "acting",
        /// Is chosen for it.
        Elect = "elect",
    }
}

/// Each time the text names or describes someone or something.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The whole phrase.
    pub span: Span,
    /// Its head: the name without title, or the head noun.
    pub head: Span,
    /// Its tokens (of the whole phrase).
    pub tokens: TokenRange,
    /// The syntactic head token of the phrase.
    pub head_token: TokenIx,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// How it refers.
    pub kind: MentionKind,
    /// What it is of.
    pub r#type: MentionType,
    /// Whom it refers to.
    pub entity: Option<EntityIx>,
}

/// An entity's key in the datasets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKey {
    /// `country/JPN`, `org/g7`, `person/ken-jimbo`, `place/hiroshima`: the same in every document.
    Named(String),
    /// A described, unnamed person: the document's own, numbered from 1.
    Anonymous(u32),
}

/// One entity of a document. Strings are empty where nothing is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its key.
    pub key: EntityKey,
    /// The fullest name (or description).
    pub name: String,
    /// What it is.
    pub r#type: EntityType,
    /// The country that it is, belongs to or acts for.
    pub country: Option<Country>,
    /// Actor code: country, then PLOVER sectors.
    pub code: String,
    /// Role as the text gives it, without the country, lower case.
    pub role: String,
    /// Whether the role is held.
    pub status: Option<PersonStatus>,
    /// Organization that a person acts for, by name.
    pub organization: String,
    /// Wikidata item where the lexicon knows it.
    pub wikidata: String,
    /// Member states or parts of a group, where they are named ("Canada and Japan").
    pub members: Vec<EntityIx>,
    /// How many mentions refer to it.
    pub mentions: u32,
    /// The first of them.
    pub first: MentionIx,
}

impl Entity {
    /// Whether it is a described, unnamed person.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        matches!(self.key, EntityKey::Anonymous(_))
    }
}

names! {
    /// How words are given.
    QuoteKind {
        /// In quotation marks.
        Direct = "direct",
        /// As a reported clause.
        Indirect = "indirect",
        /// As a reported clause with words of it in quotation marks.
        Mixed = "mixed",
    }
}

/// Quoted or reported speech.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The content alone: without marks, cue or speaker.
    pub span: Span,
    /// The sentence in which it begins.
    pub sentence: SentenceIx,
    /// How the words are given.
    pub kind: QuoteKind,
    /// The word or words that introduce it.
    pub cue: Option<Span>,
    /// The words that name the speaker.
    pub speaker: Option<Span>,
    /// Who that is.
    pub speaker_entity: Option<EntityIx>,
    /// Resolved name, or the fullest description.
    pub speaker_name: String,
    /// Whether the speaker is left unnamed.
    pub anonymous: bool,
    /// To whom it was said.
    pub addressee: Option<EntityIx>,
}

names! {
    /// Type of an expression of time, as in TIMEX3.
    DateType {
        /// A day or a longer stretch of the calendar.
        Date = "DATE",
        /// A time of day.
        Time = "TIME",
        /// A length of time.
        Duration = "DURATION",
        /// What recurs.
        Set = "SET",
    }
}

/// What a relative expression of time was resolved against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateAnchor {
    /// Nothing: it is explicit, or could not be resolved.
    #[default]
    None,
    /// The day of publication.
    Published,
    /// Another expression of the document.
    Date(DateIx),
}

/// An expression of time.
#[derive(Debug, Clone, PartialEq)]
pub struct DateExpr {
    /// Where it stands.
    pub span: Span,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// TIMEX3 type.
    pub r#type: DateType,
    /// TIMEX3 value: `2022-10`, `P1Y`, `XXXX-WXX-1`, `PAST_REF`.
    pub value: String,
    /// TIMEX3 modifier: `START`, `MID`, `END`, `APPROX`, `EARLY`, …; empty without one.
    pub modifier: &'static str,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// What it was resolved against.
    pub anchor: DateAnchor,
}

/// A geographic name.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Where it stands.
    pub span: Span,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// The gazetteer's name.
    pub name: Arc<str>,
    /// GeoNames feature class and code: `P.PPLC`.
    pub feature: Arc<str>,
    /// Country.
    pub country: Option<Country>,
    /// First-level division.
    pub admin1: Arc<str>,
    /// Degrees north and east, WGS 84.
    pub position: Option<(f32, f32)>,
    /// GeoNames id; 0 where not known.
    pub geonames_id: u32,
    /// Its entity.
    pub entity: Option<EntityIx>,
    /// 0 to 1.
    pub confidence: f32,
}

names! {
    /// PLOVER's sixteen types.
    EventType {
        /// Agree to, or to do something.
        Agree = "AGREE",
        /// Meet, visit, call.
        Consult = "CONSULT",
        /// Support, praise, ratify.
        Support = "SUPPORT",
        /// Give in.
        Concede = "CONCEDE",
        /// Co-operate materially.
        Cooperate = "COOPERATE",
        /// Give aid.
        Aid = "AID",
        /// Withdraw, release, disarm.
        Retreat = "RETREAT",
        /// Ask for, demand.
        Request = "REQUEST",
        /// Accuse, criticise, investigate.
        Accuse = "ACCUSE",
        /// Refuse, veto.
        Reject = "REJECT",
        /// Threaten.
        Threaten = "THREATEN",
        /// Protest.
        Protest = "PROTEST",
        /// Sanction, expel, reduce relations.
        Sanction = "SANCTION",
        /// Move forces.
        Mobilize = "MOBILIZE",
        /// Arrest, seize, restrict.
        Coerce = "COERCE",
        /// Use violence.
        Assault = "ASSAULT",
    }
}

names! {
    /// Whether an event took place.
    EventStatus {
        /// It did.
        Occurred = "occurred",
        /// It is going on.
        Ongoing = "ongoing",
        /// It is intended or expected.
        Planned = "planned",
        /// It is conditional or possible.
        Hypothetical = "hypothetical",
        /// It did not, or is denied.
        Negated = "negated",
    }
}

/// One side of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub entity: EntityIx,
    /// The words.
    pub span: Span,
}

/// Who did what to whom: one pair of source and target.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The clause that says so.
    pub span: Span,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// The word or words that tell the event.
    pub trigger: Span,
    /// PLOVER type.
    pub r#type: EventType,
    /// PLOVER mode; empty without one.
    pub mode: Arc<str>,
    /// PLOVER contexts, joined with `|`.
    pub contexts: Arc<str>,
    /// The closest CAMEO code.
    pub cameo: Arc<str>,
    /// 1 verbal co-operation, 2 material co-operation, 3 verbal conflict, 4 material conflict.
    pub quad: u8,
    /// Goldstein scale, −10 to 10.
    pub goldstein: Option<f32>,
    /// PLOVER's own score.
    pub intensity: Option<f32>,
    /// Who did it.
    pub source: Option<Actor>,
    /// To whom.
    pub target: Option<Actor>,
    /// Whether it took place.
    pub status: EventStatus,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// The expression that dates it.
    pub date: Option<DateIx>,
    /// Where.
    pub place: Option<PlaceIx>,
    /// The quotation inside which it is claimed.
    pub quote: Option<QuoteIx>,
    /// Id of the lexicon entry that fired.
    pub rule: Arc<str>,
}

names! {
    /// Kind of an agreement.
    AgreementKind {
        /// Treaty, convention, protocol.
        Treaty = "treaty",
        /// Agreement, accord, deal.
        Agreement = "agreement",
        /// Pact, alliance.
        Pact = "pact",
        /// Memorandum of understanding.
        Memorandum = "memorandum",
        /// Framework, partnership.
        Framework = "framework",
        /// Strategy, plan, doctrine.
        Strategy = "strategy",
        /// Resolution.
        Resolution = "resolution",
        /// Declaration, communiqué, charter.
        Declaration = "declaration",
        /// Ceasefire, truce, armistice.
        Ceasefire = "ceasefire",
        /// Sanctions regime, embargo.
        Sanctions = "sanctions",
    }
}

names! {
    /// Where an agreement stands in its life.
    AgreementStatus {
        /// Put forward.
        Proposed = "proposed",
        /// Being negotiated.
        Negotiation = "under negotiation",
        /// Agreed on.
        Agreed = "agreed",
        /// Signed.
        Signed = "signed",
        /// Ratified.
        Ratified = "ratified",
        /// In force.
        InForce = "in force",
        /// Published.
        Published = "published",
        /// Suspended.
        Suspended = "suspended",
        /// Left by a party.
        Withdrawn = "withdrawn",
        /// Turned down.
        Rejected = "rejected",
    }
}

/// An agreement, once a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Its first mention.
    pub span: Span,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// Its name, the fullest, or the describing phrase.
    pub name: String,
    /// Kind.
    pub kind: AgreementKind,
    /// Codes of the parties, joined with `|`.
    pub parties: String,
    /// Where it stands.
    pub status: Option<AgreementStatus>,
    /// First day in force, or of signature.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Its entity.
    pub entity: Option<EntityIx>,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Where it stands.
    pub span: Span,
    /// Its sentence.
    pub sentence: SentenceIx,
    /// The number, or the lower end of a range.
    pub value: f64,
    /// Upper end of a range.
    pub value_to: Option<f64>,
    /// ISO 4217 code, `percent`, an SI or customary unit, or the noun that is counted.
    pub unit: String,
    /// What it is a quantity of.
    pub of: String,
    /// `about`, `at least`, `more than`, …; empty without one.
    pub modifier: &'static str,
}
