//! The connection check of an account.

use app::Longshore;
use app::view::connection::{CheckView, Impossible};
use app::view::problem::Problem;
use tauri::State;

/// Checks the connection of an account: wholly, or lightly.
#[tauri::command]
pub async fn check_connection(
    longshore: State<'_, Longshore>,
    account: String,
    repository: Option<String>,
    whole: bool,
) -> Result<Option<CheckView>, Problem> {
    longshore.connection.check(account, repository, whole).await
}

/// Asks what only an upload tells; it is given up again.
#[tauri::command]
pub async fn try_upload(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Option<CheckView>, Problem> {
    longshore.connection.try_upload(account).await
}

/// Writes the last check of an account as plain text.
#[tauri::command]
pub async fn check_report(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<String, Problem> {
    longshore.connection.report(account).await
}

/// Lists what can't be done with an account, and why.
#[tauri::command]
pub async fn impossible(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Vec<Impossible>, Problem> {
    longshore.connection.impossible(account).await
}
