//! The window itself: how it was left, and leaving.

use crate::setup;
use app::Longshore;
use app::view::log::RequestLine;
use app::view::problem::Problem;
use app::view::start::{Preferences, Start};
use tauri::{AppHandle, Manager, Runtime, State};

/// Returns what the first frame needs; where the data folder could not be opened, it is tried again first.
#[tauri::command]
pub async fn start<R: Runtime>(app: AppHandle<R>) -> Result<Start, Problem> {
    setup::begin(&app)?;
    let longshore = app.state::<Longshore>();
    longshore.settings.start().await
}

/// Stores how the window is, for the next start.
#[tauri::command]
pub async fn save_preferences(
    longshore: State<'_, Longshore>,
    preferences: Preferences,
) -> Result<(), Problem> {
    longshore.settings.save(preferences).await
}

/// Returns the latest requests to registries, oldest first, for *Details*.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by Tauri
pub fn recent_requests(longshore: State<'_, Longshore>) -> Vec<RequestLine> {
    longshore.settings.recent_requests()
}

/// Quits although tasks run. They can be tried again at the next start.
#[tauri::command]
pub async fn leave<R: Runtime>(
    app: AppHandle<R>,
    longshore: State<'_, Longshore>,
) -> Result<(), Problem> {
    longshore.tasks.leave().await?;
    app.exit(0);
    Ok(())
}
