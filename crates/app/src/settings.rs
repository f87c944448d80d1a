//! What the window needs for its first frame, and how it was left.
//!
//! Grows by what a person sets for the whole app.

use crate::ground::{Ground, RequestLog, WINDOW};
use crate::view::log::RequestLine;
use crate::view::problem::Problem;
use crate::view::start::{Preferences, Start};
use std::sync::Arc;

/// How the app is set on this computer.
pub struct Settings {
    ground: Arc<Ground>,
    log: RequestLog,
}

impl Settings {
    pub(crate) fn new(ground: &Arc<Ground>, log: RequestLog) -> Self {
        Self {
            ground: Arc::clone(ground),
            log,
        }
    }

    /// Returns what the window needs for its first frame.
    pub async fn start(&self) -> Result<Start, Problem> {
        let preferences = self.ground.db(|store| store.preference(WINDOW)).await?;
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: self.ground.platform.to_string(),
            preferences: preferences.unwrap_or_default(),
        })
    }

    /// Returns what was asked of registries lately, oldest first.
    pub fn recent_requests(&self) -> Vec<RequestLine> {
        self.log.lines()
    }

    /// Remembers how the window is.
    pub async fn save(&self, preferences: Preferences) -> Result<(), Problem> {
        self.ground
            .db(move |store| store.set_preference(WINDOW, &preferences))
            .await
    }
}
