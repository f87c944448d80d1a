//! Who is told how requests to a registry fare, and may end a question that waits.
//!
//! Not here: what is made of it. Grows by a thing that is noticed of every request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::rate::RateLimit;

/// Is told how requests fare. It is told while they are under way, and has to return at once.
pub trait Observer: Send + Sync {
    /// Takes that the registry has answered, whatever it said.
    fn answered(&self);

    /// Takes that what was begun then has come to nothing with the registry itself.
    fn failed(&self, began: Instant, error: &Error);

    /// Takes that a request is over without an answer of the registry's, and without a failure of its: its question was ended, or
    /// another host failed.
    fn left(&self);

    /// Takes that another server failed in a way that says something of it: a token service, say. It is told beside `left`.
    fn failed_elsewhere(&self, _: &Error) {}

    /// Takes how many requests the registry still takes, where its answer told it.
    fn counted(&self, _: RateLimit) {}

    /// Returns what resolves when the question that is asked just now is to end before its answer; none where nobody may end
    /// it. What writes is never ended so.
    fn ended(&self) -> Option<BoxFuture<'static, ()>>;
}

/// The place of an observer, which may come and go: whoever notices something asks it anew.
#[derive(Clone, Default)]
pub(crate) struct Observed(Arc<Mutex<Option<Arc<dyn Observer>>>>);

impl Observed {
    pub(crate) fn set(&self, observer: Option<Arc<dyn Observer>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = observer;
    }

    pub(crate) fn get(&self) -> Option<Arc<dyn Observer>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
