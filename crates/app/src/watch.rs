//! The watch: one timer for all that is watched; it only reads.
//!
//! A round over a repository is the list of its tags, where all of it is watched, and a HEAD for each watched tag, those
//! longest not asked first. A host that wants to be left alone is, for as long as it says, else twice as long each
//! time. When each repository is due is stored, so that a restart neither asks all at once nor forgets.
//!
//! Not here: what follows from a move (`moves`), what is said about it (`notices`).

mod round;

use crate::house::{self, House, lock};
use crate::rows::ABOUT;
use crate::view::problem::Problem;
use crate::view::watch::WatchOrder;
use crate::{Longshore, problems};
use futures_util::{StreamExt, stream};
use oci::{CommitTag, Digest, Host};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Mutex;
use std::time::Duration;
use store::{Place, Store};
use tokio::sync::Notify;

/// The longest a host is left alone (seconds).
const LONGEST: i64 = 3600;
/// The longest nap between two looks at what is due: a computer that slept wakes with its clock ahead.
const NAP: Duration = Duration::from_mins(1);
/// How many hosts are asked at once.
const HOSTS: usize = 6;

/// What the watch remembers in this run.
#[derive(Default)]
pub(crate) struct Watch {
    /// Something is due earlier than was thought.
    woken: Notify,
    /// For how long a host was last left alone (seconds).
    left_alone: Mutex<HashMap<Host, i64>>,
    /// When a tag was last asked for.
    asked: Mutex<HashMap<(Place, String), i64>>,
    /// When it was last asked whether a displaced commit can still be fetched.
    pub reached: Mutex<HashMap<(Place, Digest), i64>>,
}

impl Longshore {
    /// Begins or ends to watch. What is watched newly is asked at once.
    pub async fn watch(&self, order: WatchOrder) -> Result<(), Problem> {
        let account = self.house.account(&order.account).await?;
        let place = house::place(&account, &order.repository)?;
        if let Some(tag) = &order.tag {
            house::tag(tag)?;
            if !is_watchable(tag) {
                return Err(problems::plain(format!(
                    "{tag} is written by Longshore itself; it isn’t watched."
                )));
            }
        }
        let (wanted, now) = (place.clone(), self.house.now());
        self.house
            .db(move |store| {
                if order.on {
                    store.add_watch(&wanted, order.tag.as_deref(), account.id, now)
                } else {
                    store.end_watch(&wanted, order.tag.as_deref())
                }
            })
            .await?;
        self.house.stale_moves(&place).await;
        self.house.stale_tags(&place).await;
        self.house.watch.woken.notify_one();
        Ok(())
    }

    /// Looks after what is watched until the app is closed. Called once, on a runtime.
    pub async fn keep_watch(&self) {
        loop {
            let next = self.watch_due().await;
            let wait = next.map_or(NAP, |next| {
                let seconds = next.saturating_sub(self.house.now()).max(1);
                Duration::from_secs(seconds.unsigned_abs()).min(NAP)
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.house.watch.woken.notified() => {}
            }
        }
    }

    /// Asks what is due by the computer's clock; when something is due next.
    pub async fn watch_due(&self) -> Option<i64> {
        let (house, now) = (&self.house, self.house.now());
        let latest = now.saturating_add(house.watch_seconds().max(LONGEST).saturating_mul(3));
        let due = house.db(move |store| store.due(now, latest));
        let mut hosts: HashMap<Host, Vec<Place>> = HashMap::new();
        for place in due.await.unwrap_or_default() {
            hosts.entry(place.host.clone()).or_default().push(place);
        }
        // One repository of a host after the other; the hosts beside each other, so that a slow one delays no other.
        stream::iter(hosts.into_values())
            .for_each_concurrent(HOSTS, |places| house.watch_host(places))
            .await;
        house.db(Store::next_due).await.ok().flatten()
    }
}

impl House {
    /// The sign-in of a host changed: what is watched there is due.
    pub async fn hurry_watch(&self, host: &Host) {
        lock(&self.watch.left_alone).remove(host);
        let (host, now) = (host.clone(), self.now());
        if self.db(move |store| store.hurry(&host, now)).await.is_ok() {
            self.watch.woken.notify_one();
        }
    }

    /// When a repository is asked again.
    fn next_round(&self, now: i64) -> i64 {
        now.saturating_add(jittered(self.watch_seconds(), chance()))
    }

    fn watch_seconds(&self) -> i64 {
        i64::try_from(self.watch_every.as_secs()).unwrap_or(LONGEST)
    }
}

/// A wait of a fifth more or less, so that many computers don't ask all at once. `chance` is 0 to 1000.
fn jittered(every: i64, chance: i64) -> i64 {
    let fifth = every / 5;
    (every - fifth + fifth.saturating_mul(2).saturating_mul(chance) / 1000).max(1)
}

/// 0 to 1000, by chance.
fn chance() -> i64 {
    // Each state is seeded anew by the system; better chance than this is not needed here.
    let seed = RandomState::new().build_hasher().finish();
    i64::try_from(seed % 1001).unwrap_or(0)
}

/// What Longshore writes itself is not watched.
fn is_watchable(tag: &str) -> bool {
    tag != ABOUT && CommitTag::parse(tag).is_none()
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
        assert!(!is_watchable("_h.v1.20261121t020900z-2e04bfa1e576"));
    }
}
