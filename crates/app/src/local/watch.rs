//! Hearing what changes in the engine, noticing that it is gone when it goes, and that it is back when it comes back.
//!
//! One connection is held open: the engine's stream of events, which breaks with the engine. Where an engine tells no
//! events, its end is noticed by the next question to it, as it always is. Not here: which engine is used, and what follows
//! (the module above). Grows by nothing: what else an engine tells is a [`Change`].

use super::again::Again;
use engine::{Change, Engine, Error};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A connection that breaks sooner, while the engine still answers, is opened again after a rest.
const SHORT: Duration = Duration::from_secs(5);

/// What is heard of an engine.
pub(super) enum Heard {
    /// It is listened to from now on: what changed before was not heard.
    Listens,
    /// Something changed.
    Change(Change),
}

/// What is done about what is heard, and about an engine that is gone.
pub(super) struct Watcher {
    /// Hears what changes.
    pub hear: Box<dyn Fn(Heard) + Send + Sync>,
    /// Tells that it is gone.
    pub missed: Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>,
    /// Looks for an engine.
    pub look: Box<dyn Fn() -> BoxFuture<'static, Looked> + Send + Sync>,
}

/// What came of looking for an engine.
#[derive(Clone, Copy)]
pub(super) enum Looked {
    /// No more looking is wanted.
    Enough,
    /// None answers.
    None {
        /// Another computer is asked the next time.
        far: bool,
    },
}

/// Watches an engine for as long as what is returned lives.
pub(super) fn watch(engine: Engine, watcher: Watcher) -> DropGuard {
    let token = CancellationToken::new();
    let guard = token.clone().drop_guard();
    tokio::spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = follow(engine, watcher) => {}
        }
    });
    guard
}

/// Follows an engine to its end, tells of it, and looks for one until there is one again.
async fn follow(engine: Engine, watcher: Watcher) {
    loop {
        let began = Instant::now();
        match engine.events().await {
            Ok(mut events) => {
                (watcher.hear)(Heard::Listens);
                while let Some(Ok(change)) = events.next().await {
                    (watcher.hear)(Heard::Change(change));
                }
            }
            // One that has nothing to tell may not even begin to answer: then this breaks with it.
            Err(error) if error.is_absent() || matches!(error, Error::Broken(_)) => {}
            Err(_) => return,
        }
        // A connection can break while the engine lives on.
        if Engine::connect(engine.address()).await.is_err() {
            break;
        }
        if began.elapsed() < SHORT {
            sleep(SHORT).await;
        }
    }
    (watcher.missed)().await;
    until_found(&watcher.look).await;
}

async fn until_found(look: impl Fn() -> BoxFuture<'static, Looked>) {
    let mut again = Again::new();
    loop {
        sleep_until(again.due()).await;
        match look().await {
            Looked::Enough => return,
            Looked::None { far } => again.looked(far),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Looked, until_found};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::timeout;

    /// Counts the looks in five seconds and a half.
    async fn looks(far: bool) -> usize {
        let looks = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&looks);
        let look = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let looked: futures_util::future::BoxFuture<'static, Looked> =
                Box::pin(async move { Looked::None { far } });
            looked
        };
        let waited = timeout(Duration::from_millis(5500), until_found(look)).await;
        assert!(waited.is_err());
        looks.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn another_computer_is_left_in_peace_longer_than_this_one() {
        let (here, far) = tokio::join!(looks(false), looks(true));
        // At the first second and the third.
        assert!((1..=2).contains(&far), "{far}");
        assert!(here > far, "{here}");
    }
}
