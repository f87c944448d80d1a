//! The timer: when what is looked at.

use super::room::Watching;
use super::waits::{LONGEST, is_watchable};
use crate::ground::names;
use crate::view::problem::Problem;
use crate::view::watch::WatchOrder;
use crate::words;
use futures_util::future::join;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt, stream};
use oci::Host;
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::time::Duration;
use store::{Place, Store};
use tokio::sync::Semaphore;

/// The longest nap between two looks at what is due: a computer that slept wakes with its clock ahead.
const NAP: Duration = Duration::from_mins(1);
/// How many hosts are asked at once, those that are slow not counted.
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

    /// Looks at what is due, each host beside the others: none waits for another's round to end.
    async fn keep_looking(&self) {
        let places = Semaphore::new(HOSTS);
        let mut rounds = FuturesUnordered::new();
        let mut under_way: HashSet<Host> = HashSet::new();
        loop {
            for (host, due) in self.due_by_host().await {
                if under_way.insert(host.clone()) {
                    rounds.push(async {
                        self.in_its_place(&places, due).await;
                        host
                    });
                }
            }
            let wait = self.until_next(&under_way).await;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.ground.wake.notified() => {}
                Some(host) = rounds.next() => {
                    under_way.remove(&host);
                }
            }
        }
    }

    /// Asks what is due by the computer's clock, and waits for all of it; returns when something is due next.
    pub async fn watch_due(&self) -> Option<i64> {
        let places = Semaphore::new(HOSTS);
        let due = self.due_by_host().await;
        stream::iter(due.into_values())
            .for_each_concurrent(None, |due| self.in_its_place(&places, due))
            .await;
        self.ground.db(Store::next_due).await.ok().flatten()
    }

    /// Returns what is due by the computer's clock, the longest due of each host first.
    async fn due_by_host(&self) -> HashMap<Host, Vec<Place>> {
        let now = self.ground.now();
        let latest = now.saturating_add(self.watch_seconds().max(LONGEST).saturating_mul(3));
        let due = self.ground.db(move |store| store.due(now, latest));
        let mut hosts: HashMap<Host, Vec<Place>> = HashMap::new();
        for place in due.await.unwrap_or_default() {
            hosts.entry(place.host.clone()).or_default().push(place);
        }
        hosts
    }

    /// Returns how long nothing is due but at the hosts whose round is under way.
    async fn until_next(&self, under_way: &HashSet<Host>) -> Duration {
        let due = self.ground.db(Store::next_due_by_host).await;
        let next = due
            .unwrap_or_default()
            .into_iter()
            .filter(|(host, _)| !under_way.contains(host))
            .map(|(_, at)| at)
            .min();
        next.map_or(NAP, |next| {
            let seconds = next.saturating_sub(self.ground.now()).max(1);
            Duration::from_secs(seconds.unsigned_abs()).min(NAP)
        })
    }

    /// Asks one host in one of a few places. A host that is slow gives its place up and goes on without one, so that
    /// however many hang, the next is asked soon.
    async fn in_its_place(&self, places: &Semaphore, due: Vec<Place>) {
        let mut place = places.acquire().await.ok();
        let round = pin!(self.watch_host(due));
        let mut round = round.fuse();
        tokio::select! {
            () = &mut round => return,
            () = tokio::time::sleep(self.slow()) => drop(place.take()),
        }
        round.await;
    }
}
