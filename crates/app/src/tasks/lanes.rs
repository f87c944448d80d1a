//! Which tasks wait for each other.

use crate::ground::lock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What tasks wait for each other for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Bytes that move between this computer and others: two at once.
    Bytes,
    /// Many small writes to one account's registry: one at a time, by the account's id.
    Registry(String),
    /// Builds: one at a time, as each takes all there is of the engine.
    Build,
    /// Commits: one at a time, as each reads a whole container.
    Commit,
}

impl Lane {
    fn room(&self) -> usize {
        match self {
            Self::Bytes => 2,
            Self::Registry(_) | Self::Build | Self::Commit => 1,
        }
    }
}

/// Hands out turns, a lane each.
#[derive(Default)]
pub(super) struct Lanes(Mutex<HashMap<Lane, Arc<Semaphore>>>);

impl Lanes {
    /// Waits for a turn in a lane; it lasts until what is returned is dropped.
    pub async fn turn(&self, lane: &Lane) -> Option<OwnedSemaphorePermit> {
        let semaphore = Arc::clone(
            lock(&self.0)
                .entry(lane.clone())
                .or_insert_with(|| Arc::new(Semaphore::new(lane.room()))),
        );
        // None only where the semaphore was closed, which nobody does.
        semaphore.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_transfers_run_at_once_and_one_deletion_an_account() {
        let lanes = Lanes::default();
        let is_free = async |lane: Lane| {
            let wait = std::time::Duration::from_millis(20);
            tokio::time::timeout(wait, lanes.turn(&lane)).await.is_ok()
        };
        let _first = lanes.turn(&Lane::Bytes).await;
        let second = lanes.turn(&Lane::Bytes).await;
        assert!(!is_free(Lane::Bytes).await);
        let _deleting = lanes.turn(&Lane::Registry("1".into())).await;
        assert!(!is_free(Lane::Registry("1".into())).await);
        assert!(is_free(Lane::Registry("2".into())).await);
        drop(second);
        assert!(is_free(Lane::Bytes).await);
    }
}
