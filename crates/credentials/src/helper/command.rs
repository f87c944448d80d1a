//! A vendor's own command, as `polly`, run as a helper is: never by a shell, bounded in time and size, and ended with all it started.
//!
//! It has nobody to ask: its input is closed. What it says may hold a secret, as a line that signs in, so it is wiped when it is dropped.
//! Not here: what it is run for, and what its words mean (`vendors`). Grows by nothing that is known.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::process::{self, Bytes, Order};
use super::{HelperError, PATIENCE, Programs};

/// A program on the PATH, by a name that stands in our own code.
#[derive(Debug, Clone)]
pub struct VendorCommand {
    pub(super) name: &'static str,
    pub(super) programs: Arc<Programs>,
    pub(super) patience: Duration,
}

/// What a command said.
pub struct VendorSaid {
    /// It ended without an error.
    pub ended_well: bool,
    output: Bytes,
    errors: Bytes,
}

impl VendorCommand {
    /// Names a program among these; whether it is there shows when it is looked for.
    pub fn new(name: &'static str, programs: Arc<Programs>) -> Self {
        Self {
            name,
            programs,
            patience: PATIENCE,
        }
    }

    /// Tells whether it is on the PATH.
    pub fn is_there(&self) -> bool {
        self.programs.has(self.name)
    }

    /// Runs it with these arguments, and takes at most so many bytes of what it says. Blocks, for up to a minute.
    pub fn run(&self, arguments: &[&str], most: usize) -> Result<VendorSaid, HelperError> {
        let program = self.programs.named(self.name).ok_or(HelperError::Missing)?;
        let order = Order {
            arguments,
            told: None,
            most,
            hears_errors: true,
        };
        let said = process::run(&program, order, &self.programs, self.patience)?;
        Ok(VendorSaid {
            ended_well: said.ended_well,
            output: said.text,
            errors: said.errors,
        })
    }
}

impl VendorSaid {
    /// Returns what it said; what is no UTF-8 is replaced.
    pub fn output(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.output)
    }

    /// Returns the begin of what it said of errors.
    pub fn errors(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.errors)
    }
}

/// Shows nothing that it said: it may be a secret.
impl fmt::Debug for VendorSaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VendorSaid")
            .field("ended_well", &self.ended_well)
            .finish_non_exhaustive()
    }
}
