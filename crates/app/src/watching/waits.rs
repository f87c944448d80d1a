//! How long the watch waits, and what it does not look at. Pure, but for chance.

use super::room::Watching;
use oci::{ABOUT_TAG, CommitTag};
use std::time::Duration;

/// The longest a host is left alone (seconds).
pub(super) const LONGEST: i64 = 3600;
/// The longest a round over the repositories of one host lasts; what was not asked by then is asked first the next time.
const LONGEST_ROUND: Duration = Duration::from_mins(2);
/// The shortest time a round has.
const SHORTEST_ROUND: Duration = Duration::from_secs(2);
/// A host whose round lasts longer is slow.
const SLOW: Duration = Duration::from_secs(5);

impl Watching {
    /// Returns when a repository is asked again.
    pub(super) fn next_round(&self, now: i64) -> i64 {
        now.saturating_add(jittered(self.watch_seconds(), chance()))
    }

    /// Returns how long after it was asked a repository should have been asked again (seconds): the longest wait between two
    /// rounds, a whole round, and a minute.
    pub(super) fn overdue_after(&self) -> i64 {
        let round = i64::try_from(self.deadline().as_secs()).unwrap_or(LONGEST);
        jittered(self.watch_seconds(), 1000) + round + 60
    }

    /// Returns how long a round over a host may last: half the wait between two, and never more than two minutes.
    pub(super) fn deadline(&self) -> Duration {
        (self.every / 2).clamp(SHORTEST_ROUND, LONGEST_ROUND)
    }

    /// Returns after how long a round over a host gives its place to another's.
    pub(super) fn slow(&self) -> Duration {
        (self.every / 10).min(SLOW)
    }

    pub(super) fn watch_seconds(&self) -> i64 {
        i64::try_from(self.every.as_secs()).unwrap_or(LONGEST)
    }
}

/// Makes a wait a fifth longer or shorter, so that many computers don't ask all at once. `chance` is 0 to 1000.
pub(super) fn jittered(every: i64, chance: i64) -> i64 {
    let fifth = every / 5;
    (every - fifth + fifth.saturating_mul(2).saturating_mul(chance) / 1000).max(1)
}

/// Returns 0 to 1000, by chance.
pub(super) fn chance() -> i64 {
    fastrand::i64(0..=1000)
}

/// Tells whether a tag may be watched: what Longshore writes itself may not.
pub(super) fn is_watchable(tag: &str) -> bool {
    tag != ABOUT_TAG && CommitTag::parse(tag).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_by_a_fifth_at_most() {
        assert_eq!(
            [0, 500, 1000].map(|chance| jittered(300, chance)),
            [240, 300, 360]
        );
        assert_eq!(jittered(0, 700), 1);
        for _ in 0..100 {
            assert!((240..=360).contains(&jittered(300, chance())));
        }
    }

    #[test]
    fn what_longshore_writes_is_not_watched() {
        assert!(is_watchable("prod") && is_watchable("_dev"));
        assert!(!is_watchable("_about"));
        let digest = oci::Digest::sha256_of(b"");
        let at = oci::UtcSeconds(0);
        for beginning in [oci::Beginning::Since, oci::Beginning::Noticed] {
            let kept = CommitTag::new(&oci::Tag::latest(), at, beginning, &digest).unwrap();
            assert!(!is_watchable(kept.name().as_str()));
        }
    }
}
