//! Registries that run on this computer.

use app::Longshore;
use app::view::accounts::AccountView;
use app::view::hosting::{
    HostedView, HostingFolder, HostingOrder, HostingPlan, UnhostOrder, UnhostPlan,
};
use app::view::problem::Problem;
use tauri::State;

/// Returns what may run a registry here, and what is proposed for it.
#[tauri::command]
pub async fn plan_hosting(longshore: State<'_, Longshore>) -> Result<HostingPlan, Problem> {
    longshore.hosting.plan().await
}

/// Looks at a folder as it is typed.
#[tauri::command]
pub async fn hosting_folder(
    longshore: State<'_, Longshore>,
    folder: String,
) -> Result<HostingFolder, Problem> {
    longshore.hosting.look_at_folder(folder).await
}

/// Starts to download the image of a registry; returns the id of its task.
#[tauri::command]
pub async fn download_registry(
    longshore: State<'_, Longshore>,
    way: String,
) -> Result<String, Problem> {
    longshore.orders.download(way).await
}

/// Starts a registry, and adds its account.
#[tauri::command]
pub async fn host_registry(
    longshore: State<'_, Longshore>,
    order: HostingOrder,
) -> Result<AccountView, Problem> {
    longshore.hosting.host(order).await
}

/// Lists the registries that were started here, and how each stands.
#[tauri::command]
pub async fn hosted(longshore: State<'_, Longshore>) -> Result<Vec<HostedView>, Problem> {
    longshore.hosting.list().await
}

/// Starts one again.
#[tauri::command]
pub async fn start_hosted(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.hosting.start(id).await
}

/// Stops one.
#[tauri::command]
pub async fn stop_hosted(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.hosting.stop(id).await
}

/// Tells what taking one away would do.
#[tauri::command]
pub async fn plan_unhost(
    longshore: State<'_, Longshore>,
    id: String,
) -> Result<UnhostPlan, Problem> {
    longshore.hosting.plan_unhost(id).await
}

/// Takes one away, with its accounts.
#[tauri::command]
pub async fn unhost(longshore: State<'_, Longshore>, order: UnhostOrder) -> Result<(), Problem> {
    longshore.hosting.unhost(order).await
}
