//! Watching: what is looked after, and what moved.

use app::Longshore;
use app::view::problem::Problem;
use app::view::watch::{MoveAnswer, Moves, WatchOrder};
use tauri::State;

/// Begins or ends to watch.
#[tauri::command]
pub async fn watch(longshore: State<'_, Longshore>, order: WatchOrder) -> Result<(), Problem> {
    longshore.watch(order).await
}

/// What is watched in a repository, and what moved there.
#[tauri::command]
pub async fn moves(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<Moves, Problem> {
    longshore.moves(account, repository).await
}

/// The person has looked.
#[tauri::command]
pub async fn saw_moves(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore.saw_moves(account, repository).await
}

/// What the person says to a moved tag.
#[tauri::command]
pub async fn answer_move(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    id: String,
    answer: MoveAnswer,
) -> Result<(), Problem> {
    longshore.answer_move(account, repository, id, answer).await
}
