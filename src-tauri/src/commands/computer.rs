//! What the engine holds beside its images' names: what costs it some work to tell, and its containers.

use crate::files;
use app::Longshore;
use app::view::computer::{
    LoadOrder, LoadPlan, NameOrder, NameQuestion, NameView, PathKind, RemoveOrder, RemovePlan,
    RemoveRow, SaveOrder,
};
use app::view::containers::{ContainerFacts, ContainerRow};
use app::view::engine::{ImageFacts, ImageSize};
use app::view::problem::Problem;
use tauri::{Runtime, State, WebviewWindow};

/// Tells of images in sight what their list doesn't.
#[tauri::command]
pub async fn image_facts(
    longshore: State<'_, Longshore>,
    ids: Vec<String>,
) -> Result<Vec<ImageFacts>, Problem> {
    longshore.computer.image_facts(ids).await
}

/// Tells how the images' sizes are made up.
#[tauri::command]
pub async fn image_sizes(longshore: State<'_, Longshore>) -> Result<Vec<ImageSize>, Problem> {
    longshore.computer.image_sizes().await
}

/// Returns the containers that the engine has.
#[tauri::command]
pub async fn containers(longshore: State<'_, Longshore>) -> Result<Vec<ContainerRow>, Problem> {
    longshore.computer.containers().await
}

/// Tells of containers in sight what their list doesn't.
#[tauri::command]
pub async fn container_facts(
    longshore: State<'_, Longshore>,
    ids: Vec<String>,
) -> Result<Vec<ContainerFacts>, Problem> {
    longshore.computer.container_facts(ids).await
}

/// Returns what removing these rows would do; changes nothing.
#[tauri::command]
pub async fn plan_remove(
    longshore: State<'_, Longshore>,
    rows: Vec<RemoveRow>,
) -> Result<RemovePlan, Problem> {
    longshore.orders.plan_remove(rows).await
}

/// Returns what cleaning up would do; changes nothing.
#[tauri::command]
pub async fn plan_clean_up(longshore: State<'_, Longshore>) -> Result<RemovePlan, Problem> {
    longshore.orders.plan_clean_up().await
}

/// Removes what a sheet showed of one image.
#[tauri::command]
pub async fn remove_image(
    longshore: State<'_, Longshore>,
    order: RemoveOrder,
) -> Result<(), Problem> {
    longshore.orders.remove_image(order).await
}

/// Reads a name for an image as it is typed; gives none.
#[tauri::command]
pub async fn read_name(
    longshore: State<'_, Longshore>,
    question: NameQuestion,
) -> Result<NameView, Problem> {
    longshore.computer.read_name(question).await
}

/// Gives an image one more name.
#[tauri::command]
pub async fn tag_image(longshore: State<'_, Longshore>, order: NameOrder) -> Result<(), Problem> {
    longshore.computer.tag_image(order).await
}

/// Starts to save images as an archive, and returns the task's id.
#[tauri::command]
pub async fn start_save(
    longshore: State<'_, Longshore>,
    order: SaveOrder,
) -> Result<String, Problem> {
    longshore.orders.save(order).await
}

/// Returns what loading an archive would bring; changes nothing.
#[tauri::command]
pub async fn plan_load(longshore: State<'_, Longshore>, path: String) -> Result<LoadPlan, Problem> {
    longshore.computer.plan_load(&path).await
}

/// Starts to load an archive, and returns the task's id.
#[tauri::command]
pub async fn start_load(
    longshore: State<'_, Longshore>,
    order: LoadOrder,
) -> Result<String, Problem> {
    longshore.orders.load(order).await
}

/// Has the person choose a folder or an archive in the system's own window for it; none where they chose nothing.
#[tauri::command]
pub async fn choose_path<R: Runtime>(
    window: WebviewWindow<R>,
    what: PathKind,
) -> Result<Option<String>, Problem> {
    files::choose(window, what).await
}
