//! Transfers: the commands that write, to a registry or to the engine, and the tasks they become.

use app::Longshore;
use app::view::problem::Problem;
use app::view::push::{LikelyPlace, PullOrder, PushOrder, PushPlan, PushQuestion};
use app::view::tasks::TaskView;
use tauri::State;

/// Returns what a push would do; writes nothing.
#[tauri::command]
pub async fn plan_push(
    longshore: State<'_, Longshore>,
    question: PushQuestion,
) -> Result<PushPlan, Problem> {
    longshore.transfers.plan_push(question).await
}

/// Returns the repositories where an image may be meant to go; asks no registry.
#[tauri::command]
pub async fn push_places(
    longshore: State<'_, Longshore>,
    image: String,
    name: Option<String>,
) -> Result<Vec<LikelyPlace>, Problem> {
    longshore.transfers.push_places(image, name).await
}

/// Returns the note for a team whose tools should leave commit tags alone.
#[tauri::command]
pub async fn team_note(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<String, Problem> {
    longshore.repositories.team_note(account, repository).await
}

/// Starts a push and returns the task's id.
#[tauri::command]
pub async fn start_push(
    longshore: State<'_, Longshore>,
    order: PushOrder,
) -> Result<String, Problem> {
    longshore.orders.push(order).await
}

/// Starts a pull and returns the task's id.
#[tauri::command]
pub async fn start_pull(
    longshore: State<'_, Longshore>,
    order: PullOrder,
) -> Result<String, Problem> {
    longshore.orders.pull(order).await
}

/// Returns the tasks that run, wait, or ended and were not dismissed.
#[tauri::command]
pub async fn tasks(longshore: State<'_, Longshore>) -> Result<Vec<TaskView>, Problem> {
    longshore.tasks.list().await
}

/// Returns a push as it was ordered, for its sheet to go on from.
#[tauri::command]
pub async fn ordered_push(
    longshore: State<'_, Longshore>,
    task: String,
) -> Result<PushOrder, Problem> {
    longshore.orders.ordered_push(task).await
}

/// Returns a pull as it was ordered.
#[tauri::command]
pub async fn ordered_pull(
    longshore: State<'_, Longshore>,
    task: String,
) -> Result<PullOrder, Problem> {
    longshore.orders.ordered_pull(task).await
}

/// Ends a task. One that has ended already stays as it is.
#[tauri::command]
pub async fn cancel_task(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.tasks.cancel(id).await
}

/// Tries a task again and returns the new task's id.
#[tauri::command]
pub async fn retry_task(longshore: State<'_, Longshore>, id: String) -> Result<String, Problem> {
    longshore.tasks.retry(id).await
}

/// Removes all that was done or cancelled from the list.
#[tauri::command]
pub async fn clear_finished(longshore: State<'_, Longshore>) -> Result<(), Problem> {
    longshore.tasks.clear_finished().await
}

/// Removes an ended task from the list.
#[tauri::command]
pub async fn dismiss_task(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.tasks.dismiss(id).await
}
