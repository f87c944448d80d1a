//! How a repository keeps, what it says of itself, what is deleted in it.

use app::Longshore;
use app::view::about::{AboutView, CreateOrder, DescribeOrder};
use app::view::delete::{DeleteOrder, DeleteOutcome, DeletePlan, DeleteQuestion};
use app::view::keep::{KeepCommitOrder, KeepOrder, KeepView, Prune, PruneOrder, PrunePlan};
use app::view::problem::Problem;
use tauri::State;

/// What a repository says of itself, from the cache.
#[tauri::command]
pub async fn about(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<AboutView, Problem> {
    longshore.about(account, repository).await
}

/// Asks a repository what it says of itself.
#[tauri::command]
pub async fn refresh_about(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore.refresh_about(account, repository).await
}

/// Asks several.
#[tauri::command]
pub async fn ask_abouts(
    longshore: State<'_, Longshore>,
    account: String,
    repositories: Vec<String>,
) -> Result<(), Problem> {
    longshore.ask_abouts(account, repositories).await
}

/// Makes a repository.
#[tauri::command]
pub async fn create_repository(
    longshore: State<'_, Longshore>,
    order: CreateOrder,
) -> Result<AboutView, Problem> {
    longshore.create_repository(order).await
}

/// Changes what a repository says of itself.
#[tauri::command]
pub async fn describe_repository(
    longshore: State<'_, Longshore>,
    order: DescribeOrder,
) -> Result<AboutView, Problem> {
    longshore.describe_repository(order).await
}

/// Changes how a repository keeps.
#[tauri::command]
pub async fn set_keep(
    longshore: State<'_, Longshore>,
    order: KeepOrder,
) -> Result<KeepView, Problem> {
    longshore.set_keep(order).await
}

/// Keeps one commit.
#[tauri::command]
pub async fn keep_commit(
    longshore: State<'_, Longshore>,
    order: KeepCommitOrder,
) -> Result<String, Problem> {
    longshore.keep_commit(order).await
}

/// What a rule would remove.
#[tauri::command]
pub async fn plan_prune(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    prune: Prune,
) -> Result<PrunePlan, Problem> {
    longshore.plan_prune(account, repository, prune).await
}

/// Removes commit tags.
#[tauri::command]
pub async fn prune(
    longshore: State<'_, Longshore>,
    order: PruneOrder,
) -> Result<DeleteOutcome, Problem> {
    longshore.prune(order).await
}

/// What a deletion would do.
#[tauri::command]
pub async fn plan_delete(
    longshore: State<'_, Longshore>,
    question: DeleteQuestion,
) -> Result<DeletePlan, Problem> {
    longshore.plan_delete(question).await
}

/// Deletes.
#[tauri::command]
pub async fn delete(
    longshore: State<'_, Longshore>,
    order: DeleteOrder,
) -> Result<DeleteOutcome, Problem> {
    longshore.delete(order).await
}

/// Ends deletions that run.
#[tauri::command]
pub async fn stop_deleting(longshore: State<'_, Longshore>) -> Result<(), Problem> {
    longshore.stop_deleting().await
}

/// Puts back what a deletion took.
#[tauri::command]
pub async fn undo_delete(
    longshore: State<'_, Longshore>,
    undo: String,
) -> Result<DeleteOutcome, Problem> {
    longshore.undo_delete(undo).await
}
