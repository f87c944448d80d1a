//! When an engine that is gone is looked for again. Each look at another computer is a new sign-in there: it is left in
//! peace ever longer.
//!
//! Not here: the looking (`watch`, `back`). Grows by nothing.

use engine::{Address, Way};
use std::time::Duration;
use tokio::time::Instant;

/// How often one on this computer is looked for, and how soon any is for the first time.
const OFTEN: Duration = Duration::from_secs(1);
/// How often at least one on another computer is.
const SELDOM: Duration = Duration::from_mins(1);

/// When the next look is due.
pub(super) struct Again {
    due: Instant,
    rest: Duration,
}

impl Again {
    /// Begins now.
    pub fn new() -> Self {
        Self {
            due: Instant::now() + OFTEN,
            rest: OFTEN,
        }
    }

    /// Returns when the next look is due.
    pub fn due(&self) -> Instant {
        self.due
    }

    /// Notes a look that found nothing; `far` where the next one goes to another computer.
    pub fn looked(&mut self, far: bool) {
        if far {
            self.rest = (self.rest * 2).min(SELDOM);
        } else {
            self.rest = OFTEN;
        }
        self.due = Instant::now() + self.rest;
    }
}

/// Tells whether an engine is on another computer.
pub(super) fn is_far(address: &Address) -> bool {
    address.way() != Way::Here
}

#[cfg(test)]
mod tests {
    use super::Again;
    use std::time::Duration;
    use tokio::time::Instant;

    /// Returns the seconds before each of these looks.
    fn rests(far: bool, looks: usize) -> Vec<u64> {
        let begun = Instant::now();
        let mut again = Again::new();
        let mut rests = vec![again.rest.as_secs()];
        assert!(again.due() >= begun + Duration::from_secs(1));
        while rests.len() < looks {
            again.looked(far);
            assert!(again.due() >= begun + again.rest);
            rests.push(again.rest.as_secs());
        }
        rests
    }

    #[test]
    fn another_computer_is_asked_ever_more_seldom_and_this_one_each_second() {
        assert_eq!(rests(false, 5), [1; 5]);
        assert_eq!(rests(true, 9), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn this_computer_is_asked_each_second_again_once_no_other_is() {
        let mut again = Again::new();
        for _ in 0..9 {
            again.looked(true);
        }
        again.looked(false);
        assert_eq!(again.rest, Duration::from_secs(1));
    }
}
