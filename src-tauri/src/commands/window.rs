//! The window itself: how it was left, and leaving.

use crate::{fault_log, setup};
use app::Longshore;
use app::view::answering::{Unanswered, Whom};
use app::view::log::RequestLine;
use app::view::problem::Problem;
use app::view::settings::{AppSettings, SettingsView};
use app::view::start::{Preferences, Start};
use tauri::{AppHandle, Manager, Runtime, State, WebviewWindow};

/// Returns what the first frame needs; where the data folder could not be opened, it is tried again first.
#[tauri::command]
pub async fn start<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
) -> Result<Start, Problem> {
    setup::begin(&app)?;
    let longshore = app.state::<Longshore>();
    let start = longshore.settings.start();
    draw(&window, &start.settings);
    Ok(start)
}

/// Returns what is set.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by Tauri
pub fn settings(longshore: State<'_, Longshore>) -> SettingsView {
    longshore.settings.get()
}

/// Changes what is set, at once.
#[tauri::command]
pub async fn set_settings<R: Runtime>(
    window: WebviewWindow<R>,
    longshore: State<'_, Longshore>,
    values: AppSettings,
) -> Result<SettingsView, Problem> {
    let view = longshore.settings.set(values).await?;
    draw(&window, &view);
    Ok(view)
}

/// Sets all as it is by itself.
#[tauri::command]
pub async fn reset_settings<R: Runtime>(
    window: WebviewWindow<R>,
    longshore: State<'_, Longshore>,
) -> Result<SettingsView, Problem> {
    let view = longshore.settings.reset().await?;
    draw(&window, &view);
    Ok(view)
}

fn draw<R: Runtime>(window: &WebviewWindow<R>, view: &SettingsView) {
    draw_at(window, view.values.text_size);
    setup::draw_in(window, view.values.theme);
}

fn draw_at<R: Runtime>(window: &WebviewWindow<R>, percent: u16) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        fault_log::write(&format!("the window keeps its size of text: {error}"));
    }
}

/// Stores how the window is, for the next start.
#[tauri::command]
pub async fn save_preferences(
    longshore: State<'_, Longshore>,
    preferences: Preferences,
) -> Result<(), Problem> {
    longshore.settings.save(preferences).await
}

/// Returns the latest requests to registries, oldest first, for *Details*.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by Tauri
pub fn recent_requests(longshore: State<'_, Longshore>) -> Vec<RequestLine> {
    longshore.settings.recent_requests()
}

/// Lists who has not answered what the window asks.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by Tauri
pub fn unanswered(longshore: State<'_, Longshore>) -> Vec<Unanswered> {
    longshore.settings.unanswered()
}

/// Ends what the window asks of one.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by Tauri
pub fn stop_asking(longshore: State<'_, Longshore>, whom: Whom) {
    longshore.settings.stop_asking(&whom);
}

/// Quits although tasks run. They can be tried again at the next start.
#[tauri::command]
pub async fn leave<R: Runtime>(
    app: AppHandle<R>,
    longshore: State<'_, Longshore>,
) -> Result<(), Problem> {
    longshore.tasks.leave().await?;
    app.exit(0);
    Ok(())
}
