//! What `/v2/` was found to say of a sign-in to which something else was refused, for a while.
//!
//! Not here: asking it (`crate::proof`). Grows by nothing.

use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

/// How long what was found holds: a secret may end at any time, and nobody is asked again for each row of a list.
const HOLDS: Duration = Duration::from_secs(30);

/// What was found last.
#[derive(Default)]
pub(crate) struct Door(Mutex<Found>);

/// The last finding; whoever holds it is the one who finds out.
#[derive(Default)]
pub(crate) struct Found(Option<(Instant, u64, bool)>);

impl Door {
    /// Waits for whoever finds out just now.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, Found> {
        self.0.lock().await
    }
}

impl Found {
    /// Returns whether the sign-in of this number is right, where that is known.
    pub(crate) fn of(&self, serial: u64) -> Option<bool> {
        let (at, of, is_right) = self.0?;
        (of == serial && at.elapsed() < HOLDS).then_some(is_right)
    }

    /// Notes what was found of the sign-in of this number.
    pub(crate) fn note(&mut self, serial: u64, is_right: bool) {
        self.0 = Some((Instant::now(), serial, is_right));
    }
}
