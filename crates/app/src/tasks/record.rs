//! A task as it is stored: the order, versioned, and how it stands.

use super::order::Order;
use super::stored::Standing;
use crate::ground::Ground;
use crate::view::problem::Problem;
use crate::view::tasks::{TaskKind, TaskState, TaskView};
use crate::words;
use crate::words::tasks as say;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::StoredTask;

/// The version of stored orders; another one is not read.
const VERSION: u32 = 1;

/// So many ended tasks are kept, oldest dropped first.
pub(super) const MOST_ENDED: u32 = 100;

/// An order with the version of its form.
#[derive(Serialize, Deserialize)]
struct Versioned<W> {
    v: u32,
    order: W,
}

/// Writes an order.
pub(super) fn write_work(work: &impl Order) -> Result<String, Problem> {
    serde_json::to_string(&Versioned {
        v: VERSION,
        order: work.clone(),
    })
    .map_err(words::unexpected)
}

/// Reads an order; one of another version can't be repeated.
pub(super) fn read_work<W: Order>(task: &StoredTask) -> Result<W, Problem> {
    match serde_json::from_str::<Versioned<W>>(&task.work) {
        Ok(Versioned { v: VERSION, order }) => Ok(order),
        _ => Err(say::other_version().problem().hint(say::order_again())),
    }
}

/// Reads how a task stands; none where that can't be read.
pub(super) fn read(task: &StoredTask) -> Option<TaskView> {
    serde_json::from_str::<Standing>(&task.view).ok()?.view()
}

/// Stores how a task stands.
pub(super) async fn write(ground: &Ground, id: i64, view: &TaskView) -> Result<(), Problem> {
    let (state, text) = (
        state_name(view.state),
        serde_json::to_string(&Standing::of(view)).map_err(words::unexpected)?,
    );
    ground
        .db(move |store| store.update_task(id, state, &text))
        .await
}

/// Tells whether a task was not ended when it was last stored.
fn is_unfinished(task: &StoredTask) -> bool {
    matches!(task.state.as_str(), "waiting" | "running")
}

/// Tells whether a task runs in another program on this data folder, which lives.
pub(super) fn runs_elsewhere(ground: &Ground, task: &StoredTask) -> bool {
    is_unfinished(task) && task.run != ground.run.id() && !ground.run.is_over(task.run)
}

/// Settles what runs that are over left: their unfinished tasks were interrupted; of those that have ended the newest
/// are kept. Returns which of the interrupted ones nobody was told of.
pub(super) fn settle_former(ground: &Ground) -> Result<HashSet<i64>, store::Error> {
    let (store, now) = (&ground.store, ground.now());
    let mut untold = HashSet::new();
    for task in store.tasks()? {
        // One that leaves may still be at its last steps.
        if task.state == state_name(TaskState::Interrupted) && !task.told {
            untold.insert(task.id);
        }
        if !ground.run.is_over(task.run) {
            continue;
        }
        match read(&task) {
            Some(mut view) if is_unfinished(&task) => {
                view.state = TaskState::Interrupted;
                view.rate = None;
                view.retrying = None;
                view.finished_at = view.finished_at.or(Some(now));
                let text = serde_json::to_string(&Standing::of(&view))?;
                store.update_task(task.id, state_name(view.state), &text)?;
                untold.insert(task.id);
            }
            Some(_) => {}
            // Another version wrote it, or nothing was written of it yet.
            None => store.remove_task(task.id)?,
        }
    }
    store.bound_ended_tasks(MOST_ENDED)?;
    Ok(untold)
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

/// Returns the name under which a kind of task is stored.
pub(super) fn kind_name(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Push => "push",
        TaskKind::Pull => "pull",
        TaskKind::Delete => "delete",
        TaskKind::Prune => "prune",
        TaskKind::Undo => "undo",
        TaskKind::Build => "build",
        TaskKind::Commit => "commit",
        TaskKind::Save => "save",
        TaskKind::Load => "load",
    }
}
