//! All built-in lexicons behind one handle.

/// The built-in lexicons. Each part is read when first asked for and shared from then on.
///
/// One value is made where the program starts and handed down; there is no global.
#[derive(Debug, Default)]
pub struct Knowledge {}

impl Knowledge {
    /// What ships with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default()
    }
}
