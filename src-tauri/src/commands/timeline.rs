//! The timeline of a repository, making a commit active, and what this computer has seen.

use app::Longshore;
use app::view::active::{ActiveOrder, ActivePlan, ActiveQuestion};
use app::view::problem::Problem;
use app::view::seen::{Exported, Imported};
use app::view::tasks::Outcome;
use app::view::timeline::RepositoryTimeline;
use tauri::State;

/// The timeline of a repository, from the cache.
#[tauri::command]
pub async fn timeline(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<RepositoryTimeline, Problem> {
    longshore.timeline(account, repository).await
}

/// Asks which of these commits can still be pulled.
#[tauri::command]
pub async fn ask_commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    commits: Vec<String>,
) -> Result<(), Problem> {
    longshore.ask_commits(account, repository, commits).await
}

/// What making a commit active would do.
#[tauri::command]
pub async fn plan_active(
    longshore: State<'_, Longshore>,
    question: ActiveQuestion,
) -> Result<ActivePlan, Problem> {
    longshore.plan_active(question).await
}

/// Points a tag at an older commit.
#[tauri::command]
pub async fn make_active(
    longshore: State<'_, Longshore>,
    order: ActiveOrder,
) -> Result<Outcome, Problem> {
    longshore.make_active(order).await
}

/// Writes what was seen to a file among the downloads.
#[tauri::command]
pub async fn export_seen(
    longshore: State<'_, Longshore>,
    account: Option<String>,
    repository: Option<String>,
) -> Result<Exported, Problem> {
    longshore.export_seen(account, repository).await
}

/// Takes in what an export says.
#[tauri::command]
pub async fn import_seen(
    longshore: State<'_, Longshore>,
    text: String,
) -> Result<Imported, Problem> {
    longshore.import_seen(text).await
}
