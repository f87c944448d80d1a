//! What registries tell of how many requests they still take, an account each: shown before the last one is gone.
//!
//! It is read from answers that come anyway, and forgotten when the count begins anew. Not here: the headers (`registry`), and how
//! long a refusal asks to wait. Grows not.

use crate::ground::{Clock, Throttle, lock};
use crate::view::accounts::LimitView;
use crate::view::events::Stale;
use registry::RateLimit;
use std::collections::HashMap;
use std::sync::Mutex;

/// How long a count is believed that tells neither its span nor its end (seconds).
const LASTS: i64 = 3600;
/// A count of a shorter span than this is full again before anybody has read of it (seconds).
const SHORT: i64 = 600;

/// What was told, by account, and when (seconds, UTC).
pub(crate) struct Rates {
    clock: Clock,
    throttle: Throttle,
    told: Mutex<HashMap<i64, (RateLimit, i64)>>,
}

impl Rates {
    pub fn new(clock: Clock, throttle: Throttle) -> Self {
        Self {
            clock,
            throttle,
            told: Mutex::default(),
        }
    }

    /// Notes what an answer told. The window is told where it shows something of it.
    pub fn note(&self, account: i64, limit: RateLimit) {
        let now = self.clock.now();
        let before = lock(&self.told).insert(account, (limit, now));
        let shown = |told: (RateLimit, i64)| view(told, now).filter(|view| view.low);
        let left = |view: LimitView| (view.left, view.of);
        if before.and_then(shown).map(left) != shown((limit, now)).map(left) {
            self.throttle.tell(Stale::Accounts);
        }
    }

    /// Forgets what was told of an account.
    pub fn forget(&self, account: i64) {
        lock(&self.told).remove(&account);
    }

    /// Returns what the registry of an account told lately; none where that is over.
    pub fn of(&self, account: i64) -> Option<LimitView> {
        let told = *lock(&self.told).get(&account)?;
        view(told, self.clock.now())
    }
}

fn view((limit, at): (RateLimit, i64), now: i64) -> Option<LimitView> {
    let seconds = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(LASTS);
    let window = limit.window.map(seconds);
    let until = limit.anew_in.map(|span| at.saturating_add(seconds(span)));
    let over = until.unwrap_or_else(|| at.saturating_add(window.unwrap_or(LASTS)));
    if !(at..over).contains(&now) {
        return None;
    }
    let long = window.or(limit.anew_in.map(seconds)).unwrap_or_default() >= SHORT;
    Some(LimitView {
        left: limit.left,
        of: limit.of,
        pulls: limit.pulls,
        window,
        until,
        low: limit.left.saturating_mul(4) < limit.of && long,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn told(left: u64, window: Option<u64>, anew_in: Option<u64>) -> RateLimit {
        RateLimit {
            left,
            of: 100,
            window: window.map(Duration::from_secs),
            anew_in: anew_in.map(Duration::from_secs),
            pulls: true,
        }
    }

    #[test]
    fn little_is_less_than_a_quarter_of_a_count_that_lasts() {
        let low = |limit| view((limit, 1000), 1001).map(|view| view.low);
        assert_eq!(low(told(24, Some(21_600), None)), Some(true));
        assert_eq!(low(told(25, Some(21_600), None)), Some(false));
        assert_eq!(low(told(0, Some(60), None)), Some(false));
        assert_eq!(low(told(0, None, None)), Some(false));
        assert_eq!(low(told(0, None, Some(3600))), Some(true));
    }

    #[test]
    fn a_count_is_over_when_it_begins_anew() {
        let until = |limit, now| view((limit, 1000), now).map(|view| view.until);
        assert_eq!(until(told(1, Some(600), None), 1599), Some(None));
        assert_eq!(until(told(1, Some(600), None), 1600), None);
        assert_eq!(until(told(1, Some(600), Some(30)), 1029), Some(Some(1030)));
        assert_eq!(until(told(1, Some(600), Some(30)), 1030), None);
        assert_eq!(until(told(1, None, None), 1000 + LASTS), None);
        // By a clock that was set back since.
        assert_eq!(until(told(1, Some(600), None), 999), None);
    }
}
