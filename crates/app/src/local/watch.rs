//! Noticing that the engine is gone when it goes, and that it is back when it comes back.
//!
//! A connection is held open, and breaks with the engine. Where an engine can't be watched so, its end is noticed by the next
//! question to it, as it always is. Not here: which engine is used, and what follows (the module above). Grows by another
//! sign of life.

use engine::Engine;
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How often an engine that is gone is looked for.
const AGAIN: Duration = Duration::from_secs(1);
/// A connection that breaks sooner, while the engine still answers, is opened again after a rest.
const SHORT: Duration = Duration::from_secs(5);

/// What is done about an engine that is gone.
pub(super) struct Missed {
    /// Tells that it is gone.
    pub tell: Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>,
    /// Looks for an engine; true where no more looking is wanted.
    pub look: Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>,
}

/// Watches an engine for as long as what is returned lives.
pub(super) fn watch(engine: Engine, missed: Missed) -> DropGuard {
    let token = CancellationToken::new();
    let guard = token.clone().drop_guard();
    tokio::spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = follow(engine, missed) => {}
        }
    });
    guard
}

/// Follows an engine to its end, tells of it, and looks for one until there is one again.
async fn follow(engine: Engine, missed: Missed) {
    loop {
        let began = Instant::now();
        if engine.until_gone().await.is_err() {
            return;
        }
        // A connection can break while the engine lives on.
        if Engine::connect(engine.address()).await.is_err() {
            break;
        }
        if began.elapsed() < SHORT {
            sleep(SHORT).await;
        }
    }
    let Missed { tell, look } = missed;
    tell().await;
    loop {
        sleep(AGAIN).await;
        if look().await {
            return;
        }
    }
}
