//! The desktop shell: the only room of the house that knows Tauri.
//!
//! It opens the window, hands every command of the window to the use case of the same name, and passes
//! the use cases' events on. It is not a place for decisions: what a command does, and what a person
//! reads when it fails, is `app`'s. It may grow by what only a desktop shell can do: menus, the tray,
//! dialogs, deep links, updates.

pub mod commands;
#[cfg(all(unix, not(target_os = "macos")))]
mod drawing;
mod events;
mod fault_log;
mod files;
mod notices;
mod place;
mod settings_file;
mod setup;

pub use commands::with_commands;
pub use events::WindowEvents;
pub use notices::DesktopNotices;
pub use settings_file::PluginSettings;

use std::process::ExitCode;
use tauri::{Context, RunEvent, Runtime};

/// The label of the one window; capabilities name it.
pub const MAIN_WINDOW: &str = "main";

/// Returns the configuration, capabilities and permissions that this app was built with.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    #[cfg(all(unix, not(target_os = "macos")))]
    drawing::choose();
    fault_log::install();
    // Fails only where a provider is installed already, and then there is one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();

    match setup::builder().build(context()) {
        Ok(app) => ExitCode::from(
            u8::try_from(app.run_return(|app, event| {
                match event {
                    // Quit from a menu or by the session's end: asked like closing the window. `leave` names a code.
                    RunEvent::ExitRequested {
                        code: None, api, ..
                    } if setup::asks_first(app) => api.prevent_exit(),
                    RunEvent::Exit => setup::close(app),
                    _ => {}
                }
            }))
            .unwrap_or(1),
        ),
        Err(error) => {
            fault_log::write(&format!("the app could not start: {error}"));
            ExitCode::FAILURE
        }
    }
}
