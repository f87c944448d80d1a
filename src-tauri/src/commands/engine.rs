//! The local engine and its images.

use app::Longshore;
use app::view::engine::{EngineView, ImageRow};
use app::view::problem::Problem;
use tauri::State;

/// Returns the engine, or why there is none.
#[tauri::command]
pub async fn engine(longshore: State<'_, Longshore>) -> Result<EngineView, Problem> {
    longshore.computer.engine().await
}

/// Returns the images that the engine holds.
#[tauri::command]
pub async fn images(longshore: State<'_, Longshore>) -> Result<Vec<ImageRow>, Problem> {
    longshore.computer.images().await
}
