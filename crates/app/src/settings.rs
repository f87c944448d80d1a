//! What the window needs for its first frame, and how it was left.
//!
//! Grows by what a person sets for the whole app.

use crate::ground::{Ground, RequestLog, WINDOW};
use crate::view::answering::{Unanswered, Whom};
use crate::view::log::RequestLine;
use crate::view::problem::Problem;
use crate::view::start::{Preferences, Start};
use std::sync::Arc;

/// The key under which the size of everything is stored, and what it may be, in percent.
const ZOOM: &str = "zoom";
const NORMAL: u16 = 100;
const SMALLEST: u16 = 50;
const LARGEST: u16 = 300;

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
        let (preferences, zoom) = self
            .ground
            .db(|store| Ok((store.preference(WINDOW)?, store.preference(ZOOM)?)))
            .await?;
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: self.ground.platform.to_string(),
            preferences: preferences.unwrap_or_default(),
            zoom: within(zoom.unwrap_or(NORMAL)),
        })
    }

    /// Remembers how large everything is drawn, in percent, and returns it: what is asked for, within what can be used.
    pub async fn zoom(&self, percent: u16) -> Result<u16, Problem> {
        let zoom = within(percent);
        self.ground
            .db(move |store| store.set_preference(ZOOM, &zoom))
            .await?;
        Ok(zoom)
    }

    /// Returns what was asked of registries lately, oldest first.
    pub fn recent_requests(&self) -> Vec<RequestLine> {
        self.log.lines()
    }

    /// Lists who has not answered what the window asks.
    pub fn unanswered(&self) -> Vec<Unanswered> {
        self.ground.questions.unanswered()
    }

    /// Ends what the window asks of one: nobody waits for it any more, here or anywhere.
    pub fn stop_asking(&self, whom: &Whom) {
        self.ground.questions.end(whom);
    }

    /// Remembers how the window is.
    pub async fn save(&self, preferences: Preferences) -> Result<(), Problem> {
        self.ground
            .db(move |store| store.set_preference(WINDOW, &preferences))
            .await
    }
}

fn within(percent: u16) -> u16 {
    percent.clamp(SMALLEST, LARGEST)
}
