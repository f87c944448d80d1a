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
/// How long a host is left alone the first time, where it doesn't say (seconds).
const FIRST: i64 = 120;

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
        (self.every() / 2).clamp(SHORTEST_ROUND, LONGEST_ROUND)
    }

    /// Returns after how long a round over a host gives its place to another's.
    pub(super) fn slow(&self) -> Duration {
        (self.every() / 10).min(SLOW)
    }

    /// Returns how long is waited between two rounds over one repository, before it is jittered.
    fn every(&self) -> Duration {
        let set = || Duration::from_mins(self.ground.kept.settings().watch_minutes.into());
        self.every.unwrap_or_else(set)
    }

    pub(super) fn watch_seconds(&self) -> i64 {
        i64::try_from(self.every().as_secs()).unwrap_or(LONGEST)
    }
}

/// Returns how long a busy host is left alone (seconds): as long as it asks, if that is some time at all; else longer each time.
/// `last` is how long it was left alone the last time it was busy.
pub(super) fn left_alone_for(asked: Option<i64>, last: Option<i64>) -> i64 {
    let doubled = last.map(|last| last.saturating_mul(2));
    // A moment that is past, or a second that is asked for again and again, is no reason to hurry.
    let wait = asked.filter(|asked| *asked > 0).or(doubled);
    let wait = wait.unwrap_or(FIRST).max(doubled.unwrap_or(1));
    wait.clamp(1, LONGEST)
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

    /// Behaviour (waiting): The watch leaves a busy host alone as long as it asks, an hour at most, and longer each time where it
    /// asks for nothing or for no time at all.
    /// Source: registries that send "0", or a moment that is past, while they stay busy.
    #[test]
    fn a_busy_host_is_left_alone_as_it_asks_and_never_hurried() {
        assert_eq!(left_alone_for(Some(30), None), 30);
        assert_eq!(left_alone_for(Some(86_400), None), LONGEST);
        assert_eq!(
            [left_alone_for(None, None), left_alone_for(Some(0), None)],
            [FIRST; 2]
        );
        assert_eq!(left_alone_for(Some(0), Some(FIRST)), 2 * FIRST);
        assert_eq!(left_alone_for(Some(1), Some(10)), 20);
        assert_eq!(left_alone_for(Some(-5), Some(i64::MAX)), LONGEST);
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
