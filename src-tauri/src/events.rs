//! Passes the use cases' events to the window, all under one name.

use crate::setup;
use app::view::events::AppEvent;
use tauri::{AppHandle, Emitter, Runtime};

/// The one event the window listens to; its payload is an [`AppEvent`].
pub const EVENT: &str = "longshore";

/// Sends events to every window of an app.
pub struct WindowEvents<R: Runtime>(AppHandle<R>);

impl<R: Runtime> WindowEvents<R> {
    /// Makes the events for the windows of this app.
    pub fn new(app: AppHandle<R>) -> Self {
        Self(app)
    }
}

impl<R: Runtime> app::Events for WindowEvents<R> {
    fn emit(&self, event: AppEvent) {
        if matches!(event, AppEvent::Show { .. }) {
            setup::bring_forward(&self.0);
        }
        // Fails only while the window is being torn down, and then nobody listens any more.
        let _ = self.0.emit(EVENT, event);
    }
}
