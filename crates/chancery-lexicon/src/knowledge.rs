//! All built-in lexicons behind one handle.

use std::sync::{Arc, OnceLock};

use crate::agreements::Agreements;
use crate::patterns::EventLexicon;
use crate::user::Extra;
use crate::{Cues, Gazetteer, Measures, NumberWords, TimeWords, World};

/// The built-in lexicons. Each part is read when first asked for and shared from then on.
///
/// One value is made where the program starts and handed down; there is no global.
#[derive(Debug, Default)]
pub struct Knowledge {
    gazetteer: OnceLock<Arc<Gazetteer>>,
    world: OnceLock<Arc<World>>,
    events: OnceLock<Arc<EventLexicon>>,
    cues: OnceLock<Arc<Cues>>,
    agreements: OnceLock<Arc<Agreements>>,
    measures: OnceLock<Arc<Measures>>,
    numbers: OnceLock<Arc<NumberWords>>,
    times: OnceLock<Arc<TimeWords>>,
}

impl Knowledge {
    /// What ships with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Countries, bodies, people and roles, with the index of their names.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.get_or_init(|| Arc::new(World::with(Extra::default(), self.gazetteer()))).clone()
    }

    /// Places by name.
    #[must_use]
    pub fn gazetteer(&self) -> Arc<Gazetteer> {
        self.gazetteer.get_or_init(|| Arc::new(Gazetteer::builtin())).clone()
    }

    /// Event patterns and what goes with them.
    #[must_use]
    pub fn events(&self) -> Arc<EventLexicon> {
        let read = || Arc::new(EventLexicon::built_in().expect("`built_in_patterns_are_good` reads these files"));
        self.events.get_or_init(read).clone()
    }

    /// Words that introduce speech.
    #[must_use]
    pub fn cues(&self) -> Arc<Cues> {
        let read = || Arc::new(Cues::built_in().expect("`built_in_rows_are_good` reads these tables"));
        self.cues.get_or_init(read).clone()
    }

    /// Agreements that news names, and the words that describe others.
    #[must_use]
    pub fn agreements(&self) -> Arc<Agreements> {
        let read = || Arc::new(Agreements::built_in().expect("`built_in_rows_are_good` reads these tables"));
        self.agreements.get_or_init(read).clone()
    }

    /// Currencies, measures, and the words that say how near a number is.
    #[must_use]
    pub fn measures(&self) -> Arc<Measures> {
        self.measures.get_or_init(|| Arc::new(Measures::built_in())).clone()
    }

    /// Numbers in words.
    #[must_use]
    pub fn numbers(&self) -> Arc<NumberWords> {
        self.numbers.get_or_init(|| Arc::new(NumberWords::built_in())).clone()
    }

    /// Words of time and feast days.
    #[must_use]
    pub fn times(&self) -> Arc<TimeWords> {
        self.times.get_or_init(|| Arc::new(TimeWords::built_in())).clone()
    }
}
