//! Transfers: the commands that write, to a registry or to the engine, and the tasks they become.

use app::Longshore;
use app::view::problem::Problem;
use app::view::push::{PullOrder, PushOrder, PushPlan, PushQuestion};
use app::view::tasks::TaskView;
use tauri::State;

/// What a push would do.
#[tauri::command]
pub async fn plan_push(
    longshore: State<'_, Longshore>,
    question: PushQuestion,
) -> Result<PushPlan, Problem> {
    longshore.plan_push(question).await
}

/// The note for a team whose tools should leave commit tags alone.
#[tauri::command]
pub async fn team_note(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<String, Problem> {
    longshore.team_note(account, repository).await
}

/// Starts a push; the task's id.
#[tauri::command]
pub async fn start_push(
    longshore: State<'_, Longshore>,
    order: PushOrder,
) -> Result<String, Problem> {
    longshore.start_push(order).await
}

/// Starts a pull; the task's id.
#[tauri::command]
pub async fn start_pull(
    longshore: State<'_, Longshore>,
    order: PullOrder,
) -> Result<String, Problem> {
    longshore.start_pull(order).await
}

/// Transfers that run, wait, or ended and were not dismissed.
#[tauri::command]
pub async fn tasks(longshore: State<'_, Longshore>) -> Result<Vec<TaskView>, Problem> {
    longshore.tasks().await
}

/// Ends a transfer; ending one that has ended is fine.
#[tauri::command]
pub async fn cancel_task(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.cancel_task(id).await
}

/// Tries a transfer again; the new task's id.
#[tauri::command]
pub async fn retry_task(longshore: State<'_, Longshore>, id: String) -> Result<String, Problem> {
    longshore.retry_task(id).await
}

/// Takes an ended transfer off the list.
#[tauri::command]
pub async fn dismiss_task(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.dismiss_task(id).await
}
