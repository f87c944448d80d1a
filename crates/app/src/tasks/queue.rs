//! The tasks of this run, and those that earlier runs left: begun, listed, ended.

use super::lanes::Lanes;
use super::order::{AfterRestart, Order};
use super::record;
use super::running::{Running, Unfinished};
use crate::ground::{Ground, count, lock};
use crate::view::events::AppEvent;
use crate::view::problem::Problem;
use crate::view::tasks::{TaskOutcome, TaskState, TaskView};
use crate::words;
use crate::words::tasks as say;
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::StoredTask;

/// How long leaving waits for tasks to end: a tag that is being taken away gets back what it had.
const LEAVING: Duration = Duration::from_secs(5);

/// Carries out an order.
pub(crate) type Run<W> = Arc<
    dyn Fn(W, Arc<Running>) -> BoxFuture<'static, Result<TaskOutcome, Unfinished>> + Send + Sync,
>;

/// The tasks of this run, and those that earlier runs left.
pub struct Tasks<W> {
    ground: Arc<Ground>,
    run: Run<W>,
    live: Mutex<BTreeMap<i64, Arc<Running>>>,
    lanes: Lanes,
    /// What was interrupted, and was told by no run before: this one tells it.
    untold: HashSet<i64>,
    /// The person leaves: what ends now was interrupted, not cancelled.
    leaving: AtomicBool,
}

impl<W: Order> Tasks<W> {
    /// Opens the tasks. What a run that is over left unfinished was interrupted; what has ended is kept, the newest of it.
    /// The tasks of another run that lives are left alone.
    pub(crate) fn open(ground: &Arc<Ground>, run: Run<W>) -> Result<Self, Problem> {
        let untold = record::settle_former(ground).map_err(|error| words::of_store(&error))?;
        Ok(Self {
            ground: Arc::clone(ground),
            run,
            live: Mutex::default(),
            lanes: Lanes::default(),
            untold,
            leaving: AtomicBool::new(false),
        })
    }

    fn find(&self, id: i64) -> Option<Arc<Running>> {
        lock(&self.live).get(&id).cloned()
    }

    /// Returns how many tasks run or wait; the shell asks before it closes the window.
    pub fn running(&self) -> u32 {
        count(lock(&self.live).len())
    }

    /// Returns all tasks, newest first. What was interrupted is told by the first run that lists it, and by no other.
    pub async fn list(&self) -> Result<Vec<TaskView>, Problem> {
        let untold = self.untold.clone();
        let (stored, undoable) = self
            .ground
            .db(move |store| {
                let stored = store.tasks()?;
                let is_new = |task: &&StoredTask| !task.told && untold.contains(&task.id);
                let new: Vec<i64> = stored.iter().filter(is_new).map(|task| task.id).collect();
                if !new.is_empty() {
                    store.note_told(&new)?;
                }
                Ok((stored, store.undoable()?))
            })
            .await?;
        let live = lock(&self.live);
        Ok(stored
            .iter()
            .filter_map(|task| match live.get(&task.id) {
                Some(running) => Some(running.view()),
                None => record::read(task).map(|view| TaskView {
                    untold: self.untold.contains(&task.id),
                    ..still_undoable(view, &undoable)
                }),
            })
            .collect())
    }

    /// Ends a task. What was already written (a commit tag) stays, and its outcome says so.
    pub async fn cancel(&self, id: String) -> Result<(), Problem> {
        let id = number(&id)?;
        if let Some(running) = self.find(id) {
            running.token().cancel();
            return Ok(());
        }
        self.is_ours(id).await.map(|_| ())
    }

    /// Returns a stored task that does not run in another program.
    async fn is_ours(&self, id: i64) -> Result<Option<StoredTask>, Problem> {
        let task = self.ground.db(move |store| store.task(id)).await?;
        let elsewhere = |task: &StoredTask| record::runs_elsewhere(&self.ground, task);
        if task.as_ref().is_some_and(elsewhere) {
            return Err(say::runs_elsewhere().problem().hint(say::stop_it_there()));
        }
        Ok(task)
    }

    /// Repeats a task that ended badly, as it was ordered; the new task takes the old one's place.
    pub async fn retry(self: &Arc<Self>, id: String) -> Result<String, Problem> {
        let id = number(&id)?;
        if self.find(id).is_some() {
            return Err(say::still_runs().problem());
        }
        let task = self.is_ours(id).await?.ok_or_else(say::gone)?;
        let work: W = record::read_work(&task)?;
        if work.after_restart() == AfterRestart::Plan {
            return Err(say::may_have_changed().problem().hint(say::open_sheet()));
        }
        let new = self.begin(work).await?;
        self.ground.db(move |store| store.remove_task(id)).await?;
        Ok(new)
    }

    /// Returns what was ordered of a task, in this run or an earlier one.
    pub(crate) async fn ordered(&self, id: &str) -> Result<W, Problem> {
        let id = number(id)?;
        let task = self.ground.db(move |store| store.task(id)).await?;
        record::read_work(&task.ok_or_else(say::gone)?)
    }

    /// Takes an ended task off the list.
    pub async fn dismiss(&self, id: String) -> Result<(), Problem> {
        let id = number(&id)?;
        if self.find(id).is_some() {
            return Err(say::still_runs().problem().hint(say::cancel_first()));
        }
        self.is_ours(id).await?;
        self.ground.db(move |store| store.remove_task(id)).await
    }

    /// Takes off the list what was done, cancelled or interrupted. What failed stays: why it did is told by its row.
    pub async fn clear_finished(&self) -> Result<(), Problem> {
        self.ground.db(store::Store::remove_finished_tasks).await
    }

    /// Ends all tasks of this run because the person leaves: they are interrupted, and can be taken up after the next
    /// start.
    pub async fn leave(&self) -> Result<(), Problem> {
        self.leaving.store(true, Ordering::SeqCst);
        let all: Vec<Arc<Running>> = lock(&self.live).values().cloned().collect();
        for running in all {
            running.token().cancel();
            // One that ended just now keeps its end.
            let view = running.change(|view| {
                if matches!(view.state, TaskState::Waiting | TaskState::Running) {
                    view.state = TaskState::Interrupted;
                }
            });
            record::write(&self.ground, running.id(), &view).await?;
        }
        // A moment to stop the engine, to give back names that were lent and to end what is half done; then the window
        // closes anyway.
        let ended = async {
            while self.running() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(LEAVING, ended).await;
        Ok(())
    }

    /// Stores an order as a task and starts it; returns its id. Boxed, as an order that ends may begin another.
    pub(crate) fn begin(self: &Arc<Self>, work: W) -> BoxFuture<'static, Result<String, Problem>> {
        Box::pin(Arc::clone(self).start(work))
    }

    async fn start(self: Arc<Self>, work: W) -> Result<String, Problem> {
        let (text, kind) = (
            record::write_work(&work)?,
            record::kind_name(work.subject().kind),
        );
        let run = self.ground.run.id();
        let id = self
            .ground
            .db(move |store| store.add_task(kind, run, &text))
            .await?;
        let view = first_view(id, &work, self.ground.now());
        let running = Arc::new(Running::new(id, Arc::clone(&self.ground), view.clone()));
        lock(&self.live).insert(id, Arc::clone(&running));
        record::write(&self.ground, id, &view).await?;
        self.ground.events.emit(AppEvent::Task { task: view });
        let tasks = Arc::clone(&self);
        tokio::spawn(async move {
            let lane = work.lane();
            // Held until the task is told as ended: no further one of the lane is ever seen to run.
            let turn = tokio::select! {
                () = running.token().cancelled() => {
                    tasks.end(&running, Err(Unfinished::Cancelled(None))).await;
                    return;
                }
                turn = tasks.lanes.turn(&lane) => turn,
            };
            // Run as a task of its own, so that even a fault inside leaves an ended task behind.
            let inner = tokio::spawn({
                let (tasks, running, work) =
                    (Arc::clone(&tasks), Arc::clone(&running), work.clone());
                async move {
                    let view = running.change(|view| view.state = TaskState::Running);
                    record::write(&tasks.ground, running.id(), &view).await?;
                    tasks.ground.events.emit(AppEvent::Task { task: view });
                    (tasks.run)(work, running).await
                }
            });
            let ended = inner
                .await
                .unwrap_or_else(|error| Err(words::unexpected(error).into()));
            let ended = tasks.follow(&work, &running, ended).await;
            tasks.end(&running, ended).await;
            drop(turn);
        });
        Ok(id.to_string())
    }

    /// Begins what follows an order that ended well, before its end is told: from then on there is always a task that
    /// stands for the rest. Whoever stopped it, or leaves, gets nothing that follows: then it did not end well.
    async fn follow(
        self: &Arc<Self>,
        work: &W,
        running: &Running,
        ended: Result<TaskOutcome, Unfinished>,
    ) -> Result<TaskOutcome, Unfinished> {
        let outcome = ended?;
        let Some(next) = work.then(&outcome) else {
            return Ok(outcome);
        };
        if running.token().is_cancelled() || self.leaving.load(Ordering::SeqCst) {
            return Err(Unfinished::Cancelled(Some(Box::new(outcome))));
        }
        match self.begin(next).await {
            Ok(next) => {
                // Whoever stops it while this one is begun stops this one.
                if running.token().is_cancelled() {
                    let _ = self.cancel(next.clone()).await;
                }
                Ok(outcome.followed_by(next))
            }
            Err(problem) => Err(Unfinished::Failed(
                Box::new(problem),
                Some(Box::new(outcome)),
            )),
        }
    }

    async fn end(&self, running: &Running, ended: Result<TaskOutcome, Unfinished>) {
        let leaving = self.leaving.load(Ordering::SeqCst);
        let now = self.ground.now();
        let view = running.change(|view| {
            view.rate = None;
            view.retrying = None;
            view.finished_at = Some(now);
            match ended {
                Ok(outcome) => {
                    view.state = TaskState::Done;
                    view.done = view.total;
                    view.outcome = Some(outcome);
                }
                Err(Unfinished::Cancelled(outcome)) => {
                    view.state = if leaving {
                        TaskState::Interrupted
                    } else {
                        TaskState::Cancelled
                    };
                    view.outcome = outcome.map(|outcome| *outcome);
                }
                Err(Unfinished::Failed(problem, outcome)) => {
                    view.state = TaskState::Failed;
                    view.problem = Some(*problem);
                    view.outcome = outcome.map(|outcome| *outcome).or(view.outcome.take());
                }
            }
        });
        // The window is told even where the disk refuses.
        let _ = record::write(&self.ground, running.id(), &view).await;
        lock(&self.live).remove(&running.id());
        self.ground.events.emit(AppEvent::Task { task: view });
        let _ = self
            .ground
            .db(|store| store.bound_ended_tasks(record::MOST_ENDED))
            .await;
    }
}

fn first_view(id: i64, work: &impl Order, now: i64) -> TaskView {
    let subject = work.subject();
    TaskView {
        id: id.to_string(),
        kind: subject.kind,
        account: subject.account,
        repository: subject.repository,
        tag: subject.tag,
        short: subject.short,
        image: subject.image,
        engine: subject.engine,
        state: TaskState::Waiting,
        unit: subject.kind.unit(),
        untold: false,
        can_retry: work.after_restart() == AfterRestart::Offer,
        done: 0,
        total: 0,
        rate: None,
        retrying: None,
        items: Vec::new(),
        outcome: None,
        problem: None,
        started_at: now,
        finished_at: None,
    }
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| say::gone())
}

/// Offers no *Undo* of what was undone meanwhile, or is not remembered any more.
fn still_undoable(mut view: TaskView, undoable: &HashSet<i64>) -> TaskView {
    if let Some(TaskOutcome::Removed(removed)) = &mut view.outcome {
        let still = |undo: &String| undo.parse().is_ok_and(|id| undoable.contains(&id));
        removed.undo = removed.undo.take().filter(still);
    }
    view
}
