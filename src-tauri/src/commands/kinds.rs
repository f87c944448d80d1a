//! Whose registry an account is at.

use app::Longshore;
use app::view::kinds::{KindOrder, KindView, ProjectView};
use app::view::problem::Problem;
use tauri::State;

/// Tells whose registry an account is at; nothing is asked.
#[tauri::command]
pub async fn kind(longshore: State<'_, Longshore>, account: String) -> Result<KindView, Problem> {
    longshore.kinds.kind(account).await
}

/// Takes what a person says of an account's registry.
#[tauri::command]
pub async fn choose_kind(
    longshore: State<'_, Longshore>,
    order: KindOrder,
) -> Result<KindView, Problem> {
    longshore.kinds.choose(order).await
}

/// Asks for the projects that new repositories of an account may stand under.
#[tauri::command]
pub async fn projects(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Vec<ProjectView>, Problem> {
    longshore.kinds.projects(account).await
}
