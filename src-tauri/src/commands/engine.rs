//! The engines, the one that is used, and its images.

use app::Longshore;
use app::view::engine::{EngineRow, EngineView, ImageRow};
use app::view::problem::Problem;
use tauri::State;

/// Returns the engine, or why there is none.
#[tauri::command]
pub async fn engine(longshore: State<'_, Longshore>) -> Result<EngineView, Problem> {
    longshore.computer.engine().await
}

/// Returns the engines there may be, and how each answered when it was last asked.
#[tauri::command]
pub async fn engines(longshore: State<'_, Longshore>) -> Result<Vec<EngineRow>, Problem> {
    longshore.computer.engines().await
}

/// Asks all engines who they are.
#[tauri::command]
pub async fn look_for_engines(longshore: State<'_, Longshore>) -> Result<(), Problem> {
    longshore.computer.look_for_engines().await
}

/// Returns the images that the engine holds.
#[tauri::command]
pub async fn images(longshore: State<'_, Longshore>) -> Result<Vec<ImageRow>, Problem> {
    longshore.computer.images().await
}
