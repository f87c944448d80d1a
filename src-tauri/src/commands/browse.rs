//! Browsing: repositories, tags and commits. Lists come from the cache at once; refreshing is a command
//! of its own, and what it changed comes as events.

use app::Longshore;
use app::view::browse::{CommitList, OpenedPath, RepositoryList, TagList, TagRow, TagTop};
use app::view::find::FoundName;
use app::view::problem::Problem;
use tauri::State;

/// Returns a part of the repositories of an account, from the cache.
#[tauri::command]
pub async fn repositories(
    longshore: State<'_, Longshore>,
    account: String,
    after: Option<String>,
) -> Result<RepositoryList, Problem> {
    longshore.repositories.list(account, after).await
}

/// Fetches the repositories of an account, page by page.
#[tauri::command]
pub async fn refresh_repositories(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<(), Problem> {
    longshore.repositories.refresh_list(account).await
}

/// Reads a path that a person typed, and finds the account it opens with.
#[tauri::command]
pub async fn open_path(
    longshore: State<'_, Longshore>,
    account: Option<String>,
    text: String,
) -> Result<OpenedPath, Problem> {
    longshore.repositories.open_path(account, text).await
}

/// Takes a path off the list that a person typed once.
#[tauri::command]
pub async fn forget_path(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore
        .repositories
        .forget_path(account, repository)
        .await
}

/// Returns a part of the tags of a repository, from the cache.
#[tauri::command]
pub async fn tags(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    after: Option<String>,
) -> Result<TagList, Problem> {
    longshore
        .repositories
        .tags(account, repository, after)
        .await
}

/// Notes what stands on top of a repository's tags in the window.
#[tauri::command]
pub async fn keep_top(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    top: TagTop,
) -> Result<(), Problem> {
    longshore
        .repositories
        .keep_top(account, repository, top)
        .await
}

/// Fetches the tags of a repository.
#[tauri::command]
pub async fn refresh_tags(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore
        .repositories
        .refresh_tags(account, repository)
        .await
}

/// Asks the registry for the facts of one tag and returns its row.
#[tauri::command]
pub async fn resolve_tag(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<TagRow, Problem> {
    longshore
        .repositories
        .resolve_tag(account, repository, tag)
        .await
}

/// Returns the commits of a tag, from the cache.
#[tauri::command]
pub async fn commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<CommitList, Problem> {
    longshore
        .repositories
        .commits(account, repository, tag)
        .await
}

/// Asks which commits of a tag can still be pulled.
#[tauri::command]
pub async fn refresh_commits(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    tag: String,
) -> Result<(), Problem> {
    longshore
        .repositories
        .refresh_commits(account, repository, tag)
        .await
}

/// Asks the registry's own history of a repository's tags.
#[tauri::command]
pub async fn refresh_timeline(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore
        .repositories
        .refresh_timeline(account, repository)
        .await
}

/// Finds cached repositories and tags by a part of their name, whosever registry they are from.
#[tauri::command]
pub async fn find(
    longshore: State<'_, Longshore>,
    typed: String,
    whole: bool,
) -> Result<Vec<FoundName>, Problem> {
    longshore.repositories.find(typed, whole).await
}
