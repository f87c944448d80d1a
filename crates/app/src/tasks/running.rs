//! A task that runs or waits: its way out, and how far it is.

use super::meter::Meter;
use super::record;
use crate::ground::{Ground, lock};
use crate::view::events::AppEvent;
use crate::view::problem::Problem;
use crate::view::tasks::{TaskOutcome, TaskView};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The window is told of counted items at most this often.
const TICK: Duration = Duration::from_millis(100);

/// How a task ended, when it did not end well.
pub(crate) enum Unfinished {
    /// The person ended it; what was done until then.
    Cancelled(Option<Box<TaskOutcome>>),
    /// It failed; what was done until then.
    Failed(Box<Problem>, Option<Box<TaskOutcome>>),
}

impl From<Problem> for Unfinished {
    fn from(problem: Problem) -> Self {
        Self::Failed(Box::new(problem), None)
    }
}

/// A task that runs or waits.
pub(crate) struct Running {
    id: i64,
    ground: Arc<Ground>,
    token: CancellationToken,
    /// Dropped with the last holder: nothing goes on that nobody can see any more.
    _guard: DropGuard,
    view: Mutex<TaskView>,
    counted: Mutex<Option<Instant>>,
}

impl Running {
    pub(super) fn new(id: i64, ground: Arc<Ground>, view: TaskView) -> Self {
        let token = CancellationToken::new();
        Self {
            id,
            ground,
            _guard: token.clone().drop_guard(),
            token,
            view: Mutex::new(view),
            counted: Mutex::default(),
        }
    }

    /// Returns the number of the task.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Returns the token that is cancelled when the person says so.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Waits for something, but not once the person has stopped the task: then none.
    pub async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.token.cancelled() => None,
            done = wait => Some(done),
        }
    }

    /// Returns the task as the window sees it.
    pub(super) fn view(&self) -> TaskView {
        lock(&self.view).clone()
    }

    /// Changes what the window sees, without telling it.
    pub(super) fn change(&self, change: impl FnOnce(&mut TaskView)) -> TaskView {
        let mut view = lock(&self.view);
        change(&mut view);
        view.clone()
    }

    /// Notes which commit is moved, once that is known.
    pub fn name_commit(&self, digest: &oci::Digest) {
        digest.short().clone_into(&mut lock(&self.view).short);
    }

    /// Shows how many bytes have moved.
    pub fn show(&self, meter: &mut Meter) {
        let view = self.change(|view| meter.fill(view));
        self.ground.events.emit(AppEvent::Task { task: view });
    }

    /// Counts items; the window is told at most ten times a second.
    pub fn count(&self, done: usize, total: usize) {
        let view = self.change(|view| {
            view.done = u64::try_from(done).unwrap_or(u64::MAX);
            view.total = u64::try_from(total).unwrap_or(u64::MAX);
        });
        let mut counted = lock(&self.counted);
        if counted.is_some_and(|at| at.elapsed() < TICK) {
            return;
        }
        *counted = Some(Instant::now());
        drop(counted);
        self.ground.events.emit(AppEvent::Task { task: view });
    }

    /// Stores what was done so far, so that it is told, and can be undone, even where the app ends in the middle.
    pub async fn so_far(&self, outcome: TaskOutcome) {
        let view = self.change(|view| view.outcome = Some(outcome));
        // What can't be stored now is stored with the next item, or at the end.
        let _ = record::write(&self.ground, self.id, &view).await;
    }
}
