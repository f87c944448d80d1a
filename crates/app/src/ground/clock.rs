//! This computer's clock, for what happens here; and the clocks of registries, for what happens there.
//!
//! What happens in a registry is told by its own clock, the `Date` of its answers, so that all computers tell it alike: as
//! far as that can be right. One that differs by more than a day from this computer's is not believed, and *About* says so.

use super::threads::lock;
use oci::{Host, UtcSeconds};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// By how much a registry's clock may differ from this computer's to be believed (seconds).
const BELIEVED: i64 = 86_400;

/// Tells the time: seconds since the epoch, UTC. The system's, but for tests that are away for a week.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// Returns the system's clock.
    pub fn system() -> Self {
        Self(Arc::new(system))
    }

    /// Makes a clock of a function that tells the time.
    pub fn of(tell: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Tells the time: seconds since the epoch, UTC.
    pub fn now(&self) -> i64 {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// What registries' clocks were last seen to show, against this computer's.
#[derive(Debug, Default)]
pub(crate) struct RegistryClocks {
    /// How far each is ahead (seconds).
    ahead: Mutex<HashMap<Host, i64>>,
}

impl RegistryClocks {
    /// Returns when a registry answered: by its own clock where it told it and that can be right, else by this computer's.
    pub fn time(&self, host: &Host, date: Option<UtcSeconds>, now: i64) -> i64 {
        let Some(date) = date else {
            return self.now(host, now);
        };
        let ahead = date.0.saturating_sub(now);
        lock(&self.ahead).insert(host.clone(), ahead);
        if believed(ahead) { date.0 } else { now }
    }

    /// Returns the time of what happens in a registry just now: by its clock as last seen, where that can be right.
    pub fn now(&self, host: &Host, now: i64) -> i64 {
        match lock(&self.ahead).get(host) {
            Some(ahead) if believed(*ahead) => now.saturating_add(*ahead),
            _ => now,
        }
    }

    /// Returns by how much a registry's clock was last seen to be ahead, where it is not believed (seconds; behind:
    /// negative).
    pub fn off(&self, host: &Host) -> Option<i64> {
        let ahead = *lock(&self.ahead).get(host)?;
        (!believed(ahead)).then_some(ahead)
    }
}

fn believed(ahead: i64) -> bool {
    ahead.unsigned_abs() <= BELIEVED.unsigned_abs()
}

fn system() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_226_940;

    #[test]
    fn a_registrys_clock_is_believed_within_a_day_of_this_computers() {
        let host = Host::parse("registry.example").unwrap();
        let other = Host::parse("other.example").unwrap();
        let clocks = RegistryClocks::default();
        assert_eq!(clocks.time(&host, None, NOW), NOW);
        for ahead in [0, 90, -3600, BELIEVED, -BELIEVED] {
            let date = Some(UtcSeconds(NOW + ahead));
            assert_eq!(clocks.time(&host, date, NOW), NOW + ahead);
            assert_eq!(clocks.off(&host), None);
            // What has no answer of its own, a deletion, is told by the same clock.
            assert_eq!(clocks.now(&host, NOW + 5), NOW + 5 + ahead);
            assert_eq!(clocks.time(&host, None, NOW + 5), NOW + 5 + ahead);
        }
        for ahead in [BELIEVED + 1, -BELIEVED - 1, i64::MAX - NOW, i64::MIN + NOW] {
            let date = Some(UtcSeconds(NOW.saturating_add(ahead)));
            assert_eq!(clocks.time(&host, date, NOW), NOW);
            assert_eq!(clocks.now(&host, NOW + 5), NOW + 5);
            assert!(clocks.off(&host).is_some());
            assert_eq!((clocks.now(&other, NOW), clocks.off(&other)), (NOW, None));
        }
    }
}
