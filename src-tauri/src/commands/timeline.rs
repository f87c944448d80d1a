//! The timeline of a repository, making a commit active, and what this computer has seen.

use app::Longshore;
use app::view::active::{ActiveOrder, ActivePlan, ActiveQuestion};
use app::view::problem::Problem;
use app::view::seen::{Exported, Imported, ListingOrder, ListingView};
use app::view::tasks::Outcome;
use app::view::timeline::RepositoryTimeline;
use tauri::State;

/// Returns the timeline of a repository, from the cache.
#[tauri::command]
pub async fn timeline(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<RepositoryTimeline, Problem> {
    longshore.repositories.timeline(account, repository).await
}

/// Asks which of these commits can still be pulled.
#[tauri::command]
pub async fn ask_commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    commits: Vec<String>,
) -> Result<(), Problem> {
    longshore
        .repositories
        .ask_commits(account, repository, commits)
        .await
}

/// Returns what making a commit active would do; writes nothing.
#[tauri::command]
pub async fn plan_active(
    longshore: State<'_, Longshore>,
    question: ActiveQuestion,
) -> Result<ActivePlan, Problem> {
    longshore.active.plan(question).await
}

/// Points a tag at an older commit and returns what came of it.
#[tauri::command]
pub async fn make_active(
    longshore: State<'_, Longshore>,
    order: ActiveOrder,
) -> Result<Outcome, Problem> {
    longshore.active.make_active(order).await
}

/// Writes what was seen to a file in the downloads folder.
#[tauri::command]
pub async fn export_seen(
    longshore: State<'_, Longshore>,
    account: Option<String>,
    repository: Option<String>,
) -> Result<Exported, Problem> {
    longshore.exchange.export(account, repository).await
}

/// Stores what the text of an export tells.
#[tauri::command]
pub async fn import_seen(
    longshore: State<'_, Longshore>,
    text: String,
) -> Result<Imported, Problem> {
    longshore.exchange.import(text).await
}

/// Tells what a pasted listing of another tool would bring; nothing is stored.
#[tauri::command]
pub async fn read_listing(
    longshore: State<'_, Longshore>,
    order: ListingOrder,
) -> Result<ListingView, Problem> {
    longshore.exchange.read_listing(order).await
}

/// Stores what a pasted listing tells.
#[tauri::command]
pub async fn import_listing(
    longshore: State<'_, Longshore>,
    order: ListingOrder,
) -> Result<Imported, Problem> {
    longshore.exchange.import_listing(order).await
}
