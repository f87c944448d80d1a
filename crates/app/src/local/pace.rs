//! How soon after one reading of a list the window is told to read it again: a storm of events can't make the engine list
//! for ever.
//!
//! The first change is told at once; after a reading the next is told no sooner than three times as long as the reading
//! took; the last is always told. Not here: what changed (`watch`), and who reads. Grows by nothing.

use crate::ground::lock;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

/// For how many times as long as a reading took nothing is told after it.
const REST: u32 = 3;
/// The longest rest, however long a reading took.
const LONGEST: Duration = Duration::from_mins(1);

/// Paces what is told of one list.
#[derive(Clone)]
pub(super) struct Pace {
    tell: Arc<dyn Fn() + Send + Sync>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// How many readings go on.
    readings: usize,
    /// Nothing is told before this.
    rest: Option<Instant>,
    /// Something is to be told.
    due: bool,
    /// Somebody waits for the end of the rest.
    waits: bool,
    /// It was read since it is another engine's.
    read: bool,
}

impl State {
    fn rests(&self) -> Option<Instant> {
        self.rest.filter(|rest| *rest > Instant::now())
    }
}

impl Pace {
    pub fn new(tell: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            tell: Arc::new(tell),
            state: Arc::default(),
        }
    }

    /// Tells that the list changed: now, or when it may be read again.
    pub fn changed(&self) {
        {
            let mut state = lock(&self.state);
            if state.readings > 0 || state.rests().is_some() {
                state.due = true;
                return self.wait(&mut state);
            }
        }
        (self.tell)();
    }

    /// Notes that it is another engine's list from now on.
    pub fn anew(&self) {
        lock(&self.state).read = false;
    }

    /// Tells whether it was read, or is, since it is this engine's.
    pub fn was_read(&self) -> bool {
        lock(&self.state).read
    }

    /// Notes that the list is read, for as long as what is returned lives: whatever changed before is seen by it.
    pub fn read(&self) -> Reading {
        let mut state = lock(&self.state);
        state.readings += 1;
        (state.due, state.read) = (false, true);
        Reading {
            pace: self.clone(),
            began: Instant::now(),
        }
    }

    /// Has somebody wait for the end of the rest, where something is due then and nobody does. While a reading goes on its
    /// end does this.
    fn wait(&self, state: &mut State) {
        if !state.due || state.waits || state.readings > 0 {
            return;
        }
        // Without a runtime nobody asks an engine either.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        state.waits = true;
        let pace = self.clone();
        runtime.spawn(async move {
            while let Some(rest) = pace.end_of_rest() {
                sleep_until(rest).await;
            }
        });
    }

    /// Returns until when to wait; once it is over, what is due is told.
    fn end_of_rest(&self) -> Option<Instant> {
        {
            let mut state = lock(&self.state);
            if let Some(rest) = state.rests() {
                return Some(rest);
            }
            state.waits = false;
            // What reads now sees it, or its end has somebody wait again.
            if state.readings > 0 || !state.due {
                return None;
            }
            state.due = false;
        }
        (self.tell)();
        None
    }
}

/// A reading of the list that goes on.
pub(super) struct Reading {
    pace: Pace,
    began: Instant,
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut state = lock(&self.pace.state);
        state.readings -= 1;
        let rest = Instant::now() + (self.began.elapsed() * REST).min(LONGEST);
        state.rest = state.rest.max(Some(rest));
        self.pace.wait(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::sleep;

    fn pace() -> (Arc<AtomicUsize>, Pace) {
        let told = Arc::new(AtomicUsize::new(0));
        let tells = Arc::clone(&told);
        let pace = Pace::new(move || {
            tells.fetch_add(1, Ordering::SeqCst);
        });
        (told, pace)
    }

    /// How long a reading takes here.
    const READING: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn the_first_is_told_at_once_and_the_last_after_the_rest() {
        let (told, pace) = pace();
        let count = || told.load(Ordering::SeqCst);
        pace.changed();
        assert_eq!(count(), 1);
        let (reading, began) = (pace.read(), Instant::now());
        sleep(READING).await;
        for _ in 0..100 {
            pace.changed();
        }
        drop(reading);
        let ended = Instant::now();
        pace.changed();
        while count() < 2 {
            sleep(Duration::from_millis(5)).await;
        }
        let (took, rested) = (ended - began, ended.elapsed());
        assert!(
            rested + Duration::from_millis(10) > took * REST,
            "{took:?} {rested:?}"
        );
        pace.changed();
        assert_eq!(
            count(),
            3,
            "a hundred and one were one, and nothing rests any more"
        );
    }

    #[tokio::test]
    async fn what_was_due_is_seen_by_who_reads_meanwhile() {
        let (told, pace) = pace();
        assert!(!pace.was_read());
        let first = pace.read();
        sleep(READING).await;
        pace.changed();
        drop(first);
        // The person reads anew, before it would be told.
        drop(pace.read());
        sleep(READING * (REST + 2)).await;
        assert_eq!(told.load(Ordering::SeqCst), 0);
        assert!(pace.was_read());
        pace.anew();
        assert!(!pace.was_read());
    }
}
