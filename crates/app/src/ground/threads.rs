//! Small things about threads: a lock that is never poisoned, and a place for what blocks.

use crate::view::problem::Problem;
use crate::words;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, whatever became of the last holder: what is guarded is only ever replaced whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what blocks on a thread where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(job)
        .await
        .map_err(words::unexpected)
}
