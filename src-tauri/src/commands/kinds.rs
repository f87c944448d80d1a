//! Whose registry an account is at.

use app::Longshore;
use app::view::kinds::{
    CommandOrder, KindOrder, KindView, ProjectView, SecondOrder, SecondView, VendorId,
};
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

/// Lets the command of an account's vendor run for it from now on.
#[tauri::command]
pub async fn let_run(
    longshore: State<'_, Longshore>,
    order: CommandOrder,
) -> Result<KindView, Problem> {
    longshore.kinds.let_run(order).await
}

/// Lets it run no more.
#[tauri::command]
pub async fn let_run_no_more(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<KindView, Problem> {
    longshore.kinds.let_run_no_more(account).await
}

/// Runs the command of a vendor to sign in, and returns the line that it prints.
#[tauri::command]
pub async fn login_by_command(
    longshore: State<'_, Longshore>,
    vendor: VendorId,
) -> Result<String, Problem> {
    longshore.kinds.login_by_command(vendor).await
}

/// Returns the second sign-in that an account's vendor takes; nothing is asked.
#[tauri::command]
pub async fn second_sign_in(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Option<SecondView>, Problem> {
    longshore.kinds.second(account).await
}

/// Tries a second sign-in with the vendor's own interface, and keeps it.
#[tauri::command]
pub async fn give_second(
    longshore: State<'_, Longshore>,
    order: SecondOrder,
) -> Result<Option<SecondView>, Problem> {
    longshore.kinds.give_second(order).await
}

/// Removes the second sign-in of an account.
#[tauri::command]
pub async fn remove_second(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Option<SecondView>, Problem> {
    longshore.kinds.remove_second(account).await
}

/// Asks for the projects that new repositories of an account may stand under.
#[tauri::command]
pub async fn projects(
    longshore: State<'_, Longshore>,
    account: String,
) -> Result<Vec<ProjectView>, Problem> {
    longshore.kinds.projects(account).await
}
