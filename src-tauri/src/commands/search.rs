//! Public images.

use app::Longshore;
use app::view::problem::Problem;
use app::view::search::SearchPage;
use tauri::State;

/// Searches for public images, at Docker Hub or through the engine.
#[tauri::command]
pub async fn search_public(
    longshore: State<'_, Longshore>,
    term: String,
    page: u32,
) -> Result<SearchPage, Problem> {
    longshore.search.public(&term, page).await
}
