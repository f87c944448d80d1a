//! How a repository keeps, what it says of itself, what is deleted in it.

use app::Longshore;
use app::view::about::{AboutView, CreateOrder, DescribeOrder};
use app::view::delete::{DeleteOrder, DeletePlan, DeleteQuestion};
use app::view::keep::{
    KeepCommitOrder, KeepOrder, KeepView, Prune, PruneOrder, PrunePlan, RuleAnswerOrder,
};
use app::view::problem::Problem;
use tauri::State;

/// Returns what a repository says of itself, from the cache.
#[tauri::command]
pub async fn about(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<AboutView, Problem> {
    longshore.repositories.about(account, repository).await
}

/// Asks a repository what it says of itself.
#[tauri::command]
pub async fn refresh_about(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore
        .repositories
        .refresh_about(account, repository)
        .await
}

/// Asks several repositories what they say of themselves.
#[tauri::command]
pub async fn ask_abouts(
    longshore: State<'_, Longshore>,
    account: String,
    repositories: Vec<String>,
) -> Result<(), Problem> {
    longshore
        .repositories
        .ask_abouts(account, repositories)
        .await
}

/// Creates a repository by writing its first about manifest.
#[tauri::command]
pub async fn create_repository(
    longshore: State<'_, Longshore>,
    order: CreateOrder,
) -> Result<AboutView, Problem> {
    longshore.repositories.create(order).await
}

/// Changes what a repository says of itself.
#[tauri::command]
pub async fn describe_repository(
    longshore: State<'_, Longshore>,
    order: DescribeOrder,
) -> Result<AboutView, Problem> {
    longshore.repositories.describe(order).await
}

/// Changes how a repository keeps.
#[tauri::command]
pub async fn set_keep(
    longshore: State<'_, Longshore>,
    order: KeepOrder,
) -> Result<KeepView, Problem> {
    longshore.keeping.set(order).await
}

/// Answers a repository's rule, for this computer.
#[tauri::command]
pub async fn answer_rule(
    longshore: State<'_, Longshore>,
    order: RuleAnswerOrder,
) -> Result<KeepView, Problem> {
    longshore.keeping.answer_rule(order).await
}

/// Keeps one commit and returns its commit tag.
#[tauri::command]
pub async fn keep_commit(
    longshore: State<'_, Longshore>,
    order: KeepCommitOrder,
) -> Result<String, Problem> {
    longshore.keeping.keep(order).await
}

/// Returns which commit tags a rule would remove; removes none.
#[tauri::command]
pub async fn plan_prune(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    prune: Prune,
) -> Result<PrunePlan, Problem> {
    longshore
        .removal
        .plan_prune(account, repository, prune)
        .await
}

/// Starts to remove commit tags and returns the task's id.
#[tauri::command]
pub async fn prune(longshore: State<'_, Longshore>, order: PruneOrder) -> Result<String, Problem> {
    longshore.orders.prune(order).await
}

/// Returns what a deletion would do; deletes nothing.
#[tauri::command]
pub async fn plan_delete(
    longshore: State<'_, Longshore>,
    question: DeleteQuestion,
) -> Result<DeletePlan, Problem> {
    longshore.removal.plan_delete(question).await
}

/// Starts a deletion and returns the task's id.
#[tauri::command]
pub async fn delete(
    longshore: State<'_, Longshore>,
    order: DeleteOrder,
) -> Result<String, Problem> {
    longshore.orders.delete(order).await
}

/// Starts to put back what a deletion took and returns the task's id.
#[tauri::command]
pub async fn undo_delete(longshore: State<'_, Longshore>, undo: String) -> Result<String, Problem> {
    longshore.orders.undo(&undo).await
}
