//! The window itself: how it was left, and leaving.

use app::Longshore;
use app::view::problem::Problem;
use app::view::start::{Preferences, Start};
use tauri::{AppHandle, Runtime, State};

/// What the first frame needs.
#[tauri::command]
pub async fn start(longshore: State<'_, Longshore>) -> Result<Start, Problem> {
    longshore.start().await
}

/// Keeps how the window is.
#[tauri::command]
pub async fn save_preferences(
    longshore: State<'_, Longshore>,
    preferences: Preferences,
) -> Result<(), Problem> {
    longshore.save_preferences(preferences).await
}

/// Quits although transfers run; they can be tried again at the next start.
#[tauri::command]
pub async fn leave<R: Runtime>(
    app: AppHandle<R>,
    longshore: State<'_, Longshore>,
) -> Result<(), Problem> {
    longshore.leave().await?;
    app.exit(0);
    Ok(())
}
