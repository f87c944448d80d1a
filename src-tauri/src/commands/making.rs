//! Images that are made here.

use app::Longshore;
use app::view::making::{BuildLog, BuildOrder, BuildPlan, BuildQuestion, CommitOrder, CommitPlan};
use app::view::problem::Problem;
use tauri::State;

/// Returns what a build would read; builds nothing.
#[tauri::command]
pub async fn plan_build(
    longshore: State<'_, Longshore>,
    question: BuildQuestion,
) -> Result<BuildPlan, Problem> {
    longshore.making.plan_build(question).await
}

/// Returns what a build of this run has said.
#[tauri::command]
pub async fn build_log(longshore: State<'_, Longshore>, task: String) -> Result<BuildLog, Problem> {
    Ok(longshore.making.build_log(&task))
}

/// Starts a build and returns the task's id.
#[tauri::command]
pub async fn start_build(
    longshore: State<'_, Longshore>,
    order: BuildOrder,
) -> Result<String, Problem> {
    longshore.orders.build(order).await
}

/// Returns what would become an image of a container; makes none.
#[tauri::command]
pub async fn plan_commit(
    longshore: State<'_, Longshore>,
    container: String,
) -> Result<CommitPlan, Problem> {
    longshore.making.plan_commit(container).await
}

/// Starts to make an image of a container and returns the task's id.
#[tauri::command]
pub async fn start_commit(
    longshore: State<'_, Longshore>,
    order: CommitOrder,
) -> Result<String, Problem> {
    longshore.orders.commit(order).await
}
