//! How often the window is told to ask again what came to nothing: pure, with the time handed in.
//!
//! A registry may answer a knock, and let one and the same question come to nothing each time. Not here: who is told. Grows by
//! nothing.

use std::time::Duration;
use tokio::time::Instant;

/// The shortest times between two words, the longer the more of them followed each other.
const APART: [Duration; 3] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
];

/// When the window was told last, and how far apart the words have come.
#[derive(Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    step: usize,
}

impl Pace {
    /// Returns when the next word may go out.
    pub fn due(&self, now: Instant) -> Instant {
        self.last
            .map_or(now, |last| now.max(last + APART[self.step]))
    }

    /// Notes that the window is told now. Where all went well for long, the next word may follow soon again.
    pub fn take(&mut self, now: Instant) {
        let follows = self
            .last
            .is_some_and(|last| now - last < APART[self.step] * 2);
        self.step = if follows {
            (self.step + 1).min(APART.len() - 1)
        } else {
            0
        };
        self.last = Some(now);
    }
}
