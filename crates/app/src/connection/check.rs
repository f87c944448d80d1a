//! A check that is under way: its account, and the lines that came.
//!
//! Not here: what is asked (`run`, `probes`, `uploads`). Grows not.

use super::lines::{self, Found};
use super::room::Connection;
use crate::view::connection::{CheckView, Probe};
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words;
use registry::Kind;
use store::Account;

/// What stands for an end of the check before its last line.
pub(super) enum Halt {
    /// Nothing more can be asked; what was found stands.
    Here,
    /// The person ended it.
    Ended(Problem),
}

/// A check that is under way.
pub(super) struct Check<'a> {
    pub room: &'a Connection,
    pub account: Account,
    pub view: CheckView,
}

impl Check<'_> {
    /// Puts what was found into its line, and shows it.
    pub fn tell(&mut self, probe: Probe, found: Found) {
        lines::put(&mut self.view, probe, found);
        self.room.keep(self.account.id, self.view.clone());
    }

    /// Returns what failed as a line; a question that a person ended ends the check.
    pub fn failed(&self, error: &registry::Error) -> Result<Found, Halt> {
        let problem = words::of_check(error, &self.account.host, self.account.user.is_some());
        if error.kind == Kind::Ended {
            return Err(Halt::Ended(problem));
        }
        Ok(Found::failed(&problem).asked(error))
    }

    /// Says of every line that is still being asked that it was not, and why.
    pub fn rest(&mut self, why: &Said) {
        lines::rest(&mut self.view, why);
    }
}
