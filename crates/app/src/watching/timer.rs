//! The timer: when what is looked at.

use super::room::Watching;
use super::waits::{LONGEST, is_watchable};
use crate::ground::names;
use crate::view::problem::Problem;
use crate::view::watch::WatchOrder;
use crate::words;
use futures_util::future::join;
use futures_util::{StreamExt, stream};
use oci::Host;
use std::collections::HashMap;
use std::time::Duration;
use store::{Place, Store};

/// The longest nap between two looks at what is due: a computer that slept wakes with its clock ahead.
const NAP: Duration = Duration::from_mins(1);
/// How many hosts are asked at once.
const HOSTS: usize = 6;

impl Watching {
    /// Begins or ends to watch. What is watched newly is asked at once.
    pub async fn watch(&self, order: WatchOrder) -> Result<(), Problem> {
        let account = self.accounts.account(&order.account).await?;
        let place = names::place(&account, &order.repository)?;
        if let Some(tag) = &order.tag {
            names::tag(tag)?;
            if !is_watchable(tag) {
                return Err(words::watching::written_by_us(tag).problem());
            }
        }
        let (wanted, now) = (place.clone(), self.ground.now());
        self.ground
            .db(move |store| {
                if order.on {
                    store.add_watch(&wanted, order.tag.as_deref(), account.id, now)
                } else {
                    store.end_watch(&wanted, order.tag.as_deref())
                }
            })
            .await?;
        self.history.stale_moves(&place).await;
        self.ground.stale_tags(&place).await;
        self.ground.wake.notify_one();
        Ok(())
    }

    /// Looks after what is watched until the app is closed, and keeps at once what a look elsewhere has found. Called
    /// once, on a runtime.
    pub async fn run(&self) {
        join(self.keep_looking(), self.keep_rescuing()).await;
    }

    /// Does what follows from looks elsewhere, and from those of a run before; beside the rounds, so that neither waits.
    async fn keep_rescuing(&self) {
        loop {
            self.rescue_everywhere().await;
            self.ground.found.notified().await;
        }
    }

    async fn keep_looking(&self) {
        loop {
            let next = self.watch_due().await;
            let wait = next.map_or(NAP, |next| {
                let seconds = next.saturating_sub(self.ground.now()).max(1);
                Duration::from_secs(seconds.unsigned_abs()).min(NAP)
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.ground.wake.notified() => {}
            }
        }
    }

    /// Asks what is due by the computer's clock; returns when something is due next.
    pub async fn watch_due(&self) -> Option<i64> {
        let now = self.ground.now();
        let latest = now.saturating_add(self.watch_seconds().max(LONGEST).saturating_mul(3));
        let due = self.ground.db(move |store| store.due(now, latest));
        let mut hosts: HashMap<Host, Vec<Place>> = HashMap::new();
        for place in due.await.unwrap_or_default() {
            hosts.entry(place.host.clone()).or_default().push(place);
        }
        // One repository of a host after the other; the hosts beside each other, so that a slow one delays no other.
        stream::iter(hosts.into_values())
            .for_each_concurrent(HOSTS, |places| self.watch_host(places))
            .await;
        self.ground.db(Store::next_due).await.ok().flatten()
    }
}
