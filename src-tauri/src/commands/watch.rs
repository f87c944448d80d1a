//! Watching: what is looked after, and what moved.

use app::Longshore;
use app::view::problem::Problem;
use app::view::watch::{MoveAnswer, Moves, WatchOrder};
use tauri::State;

/// Begins or ends to watch a repository or a tag.
#[tauri::command]
pub async fn watch(longshore: State<'_, Longshore>, order: WatchOrder) -> Result<(), Problem> {
    longshore.watching.watch(order).await
}

/// Returns what is watched in a repository, and what moved there.
#[tauri::command]
pub async fn moves(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<Moves, Problem> {
    longshore.watching.moves(account, repository).await
}

/// Records that the person has looked at what moved.
#[tauri::command]
pub async fn saw_moves(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
) -> Result<(), Problem> {
    longshore.watching.saw_moves(account, repository).await
}

/// Does what the person answers to a moved tag.
#[tauri::command]
pub async fn answer_move(
    longshore: State<'_, Longshore>,
    account: String,
    repository: String,
    id: String,
    answer: MoveAnswer,
) -> Result<(), Problem> {
    longshore
        .watching
        .answer(account, repository, id, answer)
        .await
}
