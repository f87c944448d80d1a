//! Transfers as tasks: a row in the database, a cancellation token behind a drop guard, progress in bytes.
//!
//! A task is the same whether the engine moves the bytes (push, pull) or, later, this app does. At most
//! [`AT_ONCE`] run, the others wait. A reloaded window finds its tasks again, and so does a restarted app.

mod progress;

pub(crate) use progress::Meter;

use crate::house::{House, lock};
use crate::view::events::AppEvent;
use crate::view::problem::Problem;
use crate::view::push::{PullOrder, PushOrder};
use crate::view::tasks::{Outcome, TaskKind, TaskState, TaskView};
use crate::{Longshore, problems};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many transfers run at once.
const AT_ONCE: usize = 2;
/// How long leaving waits for transfers to end.
const LEAVING: Duration = Duration::from_secs(2);

/// What was ordered, as it is stored to be repeated. Nothing secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// To a registry.
    Push(PushOrder),
    /// Into the engine.
    Pull(PullOrder),
}

/// How a transfer ended, when it did not end well.
pub(crate) enum Stop {
    /// The person ended it; what was done until then.
    Cancelled(Option<Box<Outcome>>),
    /// It failed; what was done until then.
    Failed(Box<Problem>, Option<Box<Outcome>>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failed(Box::new(problem), None)
    }
}

/// All transfers of this run.
pub(crate) struct Tasks {
    live: Mutex<BTreeMap<i64, Arc<Live>>>,
    slots: Arc<Semaphore>,
    /// The person leaves: what ends now was interrupted, not cancelled.
    leaving: AtomicBool,
}

/// A transfer that runs or waits.
pub(crate) struct Live {
    id: i64,
    token: CancellationToken,
    /// Dropped with the last holder: nothing moves that nobody can see any more.
    _guard: DropGuard,
    view: Mutex<TaskView>,
}

impl Tasks {
    /// What an earlier run left: its unfinished transfers were interrupted, its finished ones are forgotten.
    pub fn open(store: &Store, now: i64) -> Result<Self, store::Error> {
        for task in store.tasks()? {
            match (
                task.state.as_str(),
                serde_json::from_str::<TaskView>(&task.view),
            ) {
                ("failed" | "interrupted", Ok(_)) => {}
                ("waiting" | "running", Ok(mut view)) => {
                    view.state = TaskState::Interrupted;
                    view.rate = None;
                    view.finished_at = view.finished_at.or(Some(now));
                    store.update_task(
                        task.id,
                        state_name(view.state),
                        &serde_json::to_string(&view)?,
                    )?;
                }
                _ => store.remove_task(task.id)?,
            }
        }
        let (live, slots) = (Mutex::default(), Arc::new(Semaphore::new(AT_ONCE)));
        Ok(Self {
            live,
            slots,
            leaving: AtomicBool::new(false),
        })
    }

    fn find(&self, id: i64) -> Option<Arc<Live>> {
        lock(&self.live).get(&id).cloned()
    }
}

impl Live {
    /// Cancelled when the person says so.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    fn change(&self, change: impl FnOnce(&mut TaskView)) -> TaskView {
        let mut view = lock(&self.view);
        change(&mut view);
        view.clone()
    }
}

impl Longshore {
    /// How many transfers run or wait; the shell asks before it closes the window.
    pub fn running(&self) -> u32 {
        crate::local::count(lock(&self.house.tasks.live).len())
    }

    /// All transfers, newest first.
    pub async fn tasks(&self) -> Result<Vec<TaskView>, Problem> {
        let stored = self.house.db(Store::tasks).await?;
        let live = lock(&self.house.tasks.live);
        Ok(stored
            .iter()
            .filter_map(|task| match live.get(&task.id) {
                Some(live) => Some(lock(&live.view).clone()),
                None => serde_json::from_str(&task.view).ok(),
            })
            .collect())
    }

    /// Ends a transfer. What was already written (a commit tag) stays, and its outcome says so.
    #[allow(clippy::unused_async)] // a command like the others
    pub async fn cancel_task(&self, id: String) -> Result<(), Problem> {
        if let Some(live) = self.house.tasks.find(number(&id)?) {
            live.token.cancel();
        }
        Ok(())
    }

    /// Repeats a transfer that ended badly, as it was ordered; the new task takes the old one's place.
    pub async fn retry_task(&self, id: String) -> Result<String, Problem> {
        let id = number(&id)?;
        if self.house.tasks.find(id).is_some() {
            return Err(problems::plain("This transfer still runs."));
        }
        let task = self
            .house
            .db(move |store| store.task(id))
            .await?
            .ok_or_else(gone)?;
        let work: Work = serde_json::from_str(&task.work).map_err(problems::unexpected)?;
        let new = self.house.begin(work).await?;
        self.house.db(move |store| store.remove_task(id)).await?;
        Ok(new)
    }

    /// Takes an ended transfer off the list.
    pub async fn dismiss_task(&self, id: String) -> Result<(), Problem> {
        let id = number(&id)?;
        if self.house.tasks.find(id).is_some() {
            return Err(problems::plain("This transfer still runs.").hint("Cancel it first."));
        }
        self.house.db(move |store| store.remove_task(id)).await
    }

    /// The person leaves although transfers run: they end as interrupted, and can be retried after the next start.
    pub async fn leave(&self) -> Result<(), Problem> {
        self.house.tasks.leaving.store(true, Ordering::SeqCst);
        let all: Vec<Arc<Live>> = lock(&self.house.tasks.live).values().cloned().collect();
        for live in all {
            live.token.cancel();
            // One that ended just now keeps its end.
            let view = live.change(|view| {
                if matches!(view.state, TaskState::Waiting | TaskState::Running) {
                    view.state = TaskState::Interrupted;
                }
            });
            self.house.store_task(live.id, &view).await?;
        }
        // A moment to stop the engine and give back the names that were lent; then the window closes anyway.
        let ended = async {
            while self.running() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(LEAVING, ended).await;
        Ok(())
    }
}

impl House {
    /// Stores an order as a task and starts it.
    pub async fn begin(self: &Arc<Self>, work: Work) -> Result<String, Problem> {
        let text = serde_json::to_string(&work).map_err(problems::unexpected)?;
        let id = self
            .db(move |store| store.add_task(state_name(TaskState::Waiting), &text))
            .await?;
        let token = CancellationToken::new();
        let live = Arc::new(Live {
            id,
            _guard: token.clone().drop_guard(),
            token,
            view: Mutex::new(first_view(id, &work, self.now())),
        });
        lock(&self.tasks.live).insert(id, Arc::clone(&live));
        let view = lock(&live.view).clone();
        self.store_task(id, &view).await?;
        self.events.emit(AppEvent::Task { task: view });
        let house = Arc::clone(self);
        tokio::spawn(async move {
            // Held until the transfer is told as ended: no third one is ever seen to run.
            let slot = tokio::select! {
                () = live.token.cancelled() => return house.end(&live, Err(Stop::Cancelled(None))).await,
                slot = Arc::clone(&house.tasks.slots).acquire_owned() => slot,
            };
            // Run as a task of its own, so that even a fault inside leaves an ended transfer behind.
            let inner = tokio::spawn({
                let (house, live) = (Arc::clone(&house), Arc::clone(&live));
                async move { house.run(work, &live).await }
            });
            let ended = inner
                .await
                .unwrap_or_else(|error| Err(problems::unexpected(error).into()));
            house.end(&live, ended).await;
            drop(slot);
        });
        Ok(id.to_string())
    }

    async fn run(self: &Arc<Self>, work: Work, live: &Live) -> Result<Outcome, Stop> {
        let view = live.change(|view| view.state = TaskState::Running);
        self.store_task(live.id, &view).await?;
        self.events.emit(AppEvent::Task { task: view });
        match work {
            Work::Push(order) => self.push(order, live).await,
            Work::Pull(order) => self.pull(order, live).await,
        }
    }

    async fn end(&self, live: &Live, ended: Result<Outcome, Stop>) {
        let leaving = self.tasks.leaving.load(Ordering::SeqCst);
        let now = self.now();
        let view = live.change(|view| {
            view.rate = None;
            view.finished_at = Some(now);
            match ended {
                Ok(outcome) => {
                    view.state = TaskState::Done;
                    view.done = view.total;
                    view.outcome = Some(outcome);
                }
                Err(Stop::Cancelled(outcome)) => {
                    view.state = if leaving {
                        TaskState::Interrupted
                    } else {
                        TaskState::Cancelled
                    };
                    view.outcome = outcome.map(|outcome| *outcome);
                }
                Err(Stop::Failed(problem, outcome)) => {
                    view.state = TaskState::Failed;
                    view.problem = Some(*problem);
                    view.outcome = outcome.map(|outcome| *outcome);
                }
            }
        });
        // The window is told even where the disk refuses.
        let _ = self.store_task(live.id, &view).await;
        lock(&self.tasks.live).remove(&live.id);
        self.events.emit(AppEvent::Task { task: view });
    }

    /// Shows how far a transfer is.
    pub fn show_progress(&self, live: &Live, meter: &mut Meter) {
        let view = live.change(|view| meter.fill(view));
        self.events.emit(AppEvent::Task { task: view });
    }

    async fn store_task(&self, id: i64, view: &TaskView) -> Result<(), Problem> {
        let (state, text) = (
            state_name(view.state),
            serde_json::to_string(view).map_err(problems::unexpected)?,
        );
        self.db(move |store| store.update_task(id, state, &text))
            .await
    }
}

fn first_view(id: i64, work: &Work, now: i64) -> TaskView {
    let (kind, account, repository, tag, short) = match work {
        Work::Push(order) => (
            TaskKind::Push,
            &order.account,
            &order.repository,
            &order.tag,
            short(&order.image),
        ),
        Work::Pull(order) => (
            TaskKind::Pull,
            &order.account,
            &order.repository,
            &order.tag,
            order.commit.as_deref().map_or_else(String::new, short),
        ),
    };
    TaskView {
        id: id.to_string(),
        kind,
        account: account.clone(),
        repository: repository.clone(),
        tag: tag.clone(),
        short,
        state: TaskState::Waiting,
        done: 0,
        total: 0,
        rate: None,
        items: Vec::new(),
        outcome: None,
        problem: None,
        started_at: now,
        finished_at: None,
    }
}

/// The first 12 digits of a digest, an image's id or a commit tag.
fn short(text: &str) -> String {
    if let Some(commit) = oci::CommitTag::parse(text) {
        return commit.digest_start;
    }
    text.rsplit(':')
        .next()
        .unwrap_or_default()
        .chars()
        .take(12)
        .collect()
}

impl Live {
    /// What is pulled became known.
    pub fn name_commit(&self, digest: &oci::Digest) {
        digest.short().clone_into(&mut lock(&self.view).short);
    }
}

fn state_name(state: TaskState) -> &'static str {
    match state {
        TaskState::Waiting => "waiting",
        TaskState::Running => "running",
        TaskState::Done => "done",
        TaskState::Failed => "failed",
        TaskState::Cancelled => "cancelled",
        TaskState::Interrupted => "interrupted",
    }
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| gone())
}

fn gone() -> Problem {
    problems::plain("This transfer is no longer listed.")
}
