//! All built-in lexicons behind one handle.

use std::sync::{Arc, OnceLock};

use crate::World;

/// The built-in lexicons. Each part is read when first asked for and shared from then on.
///
/// One value is made where the program starts and handed down; there is no global.
#[derive(Debug, Default)]
pub struct Knowledge {
    world: OnceLock<Arc<World>>,
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
        self.world.get_or_init(|| Arc::new(World::built_in())).clone()
    }
}
