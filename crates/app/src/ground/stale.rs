//! How often the window is told that something changed.
//!
//! A list that arrives in hundreds of pages would else have itself read hundreds of times. Of each thing the first word goes out
//! at once, what follows within a moment goes out as one, and the last word always does. Not here: what is stale.

use super::options::Events;
use super::threads::lock;
use crate::view::events::{AppEvent, Stale};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// The shortest time between two words on one thing.
const APART: Duration = Duration::from_millis(250);

/// Tells the window what to read again, each thing at most four times a second.
#[derive(Clone)]
pub(crate) struct Throttle {
    events: Arc<dyn Events>,
    /// What was told within the last moment; true where there is more to tell at its end.
    told: Arc<Mutex<HashMap<Stale, bool>>>,
    apart: Duration,
}

impl Throttle {
    pub fn new(events: Arc<dyn Events>) -> Self {
        Self {
            events,
            told: Arc::default(),
            apart: APART,
        }
    }

    /// Tells that something is stale: now, or with others at the end of the moment that runs for it.
    pub fn tell(&self, what: Stale) {
        // Without a runtime nobody could tell later.
        let Ok(runtime) = Handle::try_current() else {
            return self.emit(what);
        };
        if let Some(more) = lock(&self.told).get_mut(&what) {
            *more = true;
            return;
        }
        lock(&self.told).insert(what.clone(), false);
        self.emit(what.clone());
        let throttle = self.clone();
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(throttle.apart).await;
                {
                    let mut told = lock(&throttle.told);
                    if told.get(&what) != Some(&true) {
                        told.remove(&what);
                        return;
                    }
                    told.insert(what.clone(), false);
                }
                throttle.emit(what.clone());
            }
        });
    }

    fn emit(&self, what: Stale) {
        self.events.emit(AppEvent::Stale { what });
    }
}

/// What arrives in parts, gathered so that it is told at most four times a second.
pub(crate) struct Parts<T> {
    held: Vec<T>,
    told: Option<Instant>,
    apart: Duration,
}

impl<T> Parts<T> {
    pub fn new() -> Self {
        Self {
            held: Vec::new(),
            told: None,
            apart: APART,
        }
    }

    /// Takes a part; returns what is to be told now, if anything is.
    pub fn add(&mut self, part: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
        self.held.extend(part);
        if self.told.is_some_and(|told| told.elapsed() < self.apart) {
            return None;
        }
        self.told = Some(Instant::now());
        self.rest()
    }

    /// Returns what was not told yet.
    pub fn rest(&mut self) -> Option<Vec<T>> {
        let held = std::mem::take(&mut self.held);
        (!held.is_empty()).then_some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<Vec<AppEvent>>);

    impl Events for Heard {
        fn emit(&self, event: AppEvent) {
            lock(&self.0).push(event);
        }
    }

    fn of(account: &str) -> Stale {
        Stale::Repositories {
            account: account.to_owned(),
        }
    }

    fn throttle(apart: Duration) -> (Arc<Heard>, Throttle) {
        let heard = Arc::new(Heard::default());
        let throttle = Throttle {
            apart,
            ..Throttle::new(heard.clone())
        };
        (heard, throttle)
    }

    #[tokio::test]
    async fn the_first_word_goes_out_at_once_and_the_last_always() {
        let (heard, throttle) = throttle(Duration::from_millis(20));
        let count = || lock(&heard.0).len();
        for _ in 0..100 {
            throttle.tell(of("1"));
        }
        assert_eq!(count(), 1, "the others wait");
        throttle.tell(of("2"));
        assert_eq!(count(), 2, "another thing has a moment of its own");
        // Nothing is left to tell once nothing runs.
        while !lock(&throttle.told).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(count(), 3, "ninety-nine were one");
        throttle.tell(of("1"));
        assert_eq!(count(), 4);
    }

    #[tokio::test]
    async fn hostile_ten_thousand_pages_within_a_moment_are_told_once() {
        let (heard, throttle) = throttle(Duration::from_hours(1));
        let mut parts = Parts {
            apart: Duration::from_hours(1),
            ..Parts::new()
        };
        let mut told = Vec::new();
        for page in 0..10_000 {
            throttle.tell(of("1"));
            told.extend(parts.add([page]));
            tokio::task::yield_now().await;
        }
        assert_eq!((lock(&heard.0).len(), told.len()), (1, 1));
        told.extend(parts.rest());
        assert_eq!(
            told.concat(),
            (0..10_000).collect::<Vec<_>>(),
            "nothing is lost, and the order stays"
        );
        assert_eq!(parts.rest(), None);
    }
}
