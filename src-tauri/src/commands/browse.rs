//! Browsing: repositories, tags and commits. Lists come from the cache at once; refreshing is a command
//! of its own, and what it changed comes as events.

use app::Longshore;
use app::view::browse::{CommitList, RepositoryList, TagList, TagRow};
use app::view::problem::Problem;
use tauri::State;

/// The repositories of an account, from the cache.
#[tauri::command]
pub async fn repositories(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<RepositoryList, Problem> {
    longshore.repositories(account).await
}

/// Fetches the repositories of an account, page by page.
#[tauri::command]
pub async fn refresh_repositories(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<(), Problem> {
    longshore.refresh_repositories(account).await
}

/// The tags of a repository, from the cache.
#[tauri::command]
pub async fn tags(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<TagList, Problem> {
    longshore.tags(account, repository).await
}

/// Fetches the tags of a repository.
#[tauri::command]
pub async fn refresh_tags(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore.refresh_tags(account, repository).await
}

/// Asks for the facts of one tag.
#[tauri::command]
pub async fn resolve_tag(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<TagRow, Problem> {
    longshore.resolve_tag(account, repository, tag).await
}

/// The commits of a tag, from the cache.
#[tauri::command]
pub async fn commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<CommitList, Problem> {
    longshore.commits(account, repository, tag).await
}

/// Asks which commits of a tag can still be pulled.
#[tauri::command]
pub async fn refresh_commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<(), Problem> {
    longshore.refresh_commits(account, repository, tag).await
}
