//! The use cases: what a person can do, without a window.
//!
//! The desktop shell (and later the command line) calls one method of [`Longshore`] a command; everything
//! that takes a decision is here. The types that cross to the window are in [`view`], the sentences about
//! failures in `problems`.
//!
//! Not here: the protocol (`registry`), the daemon (`engine`), the keychain (`credentials`), SQL (`store`),
//! pixels. Grows by a module a use case.

mod abilities;
mod about;
mod accounts;
mod active;
mod address;
#[cfg(test)]
mod bindings;
mod browse;
mod clock;
mod delete;
mod exchange;
mod facts;
mod house;
mod keep;
mod keeping;
mod local;
mod moves;
mod note;
mod notices;
mod plan;
mod problems;
mod prune;
mod pull;
mod push;
mod put_back;
mod reach;
mod remove;
mod repository_timeline;
mod rows;
mod rule;
mod sandbox;
mod tasks;
mod transfer;
mod vendors;
pub mod view;
mod watch;

// What the shell fills [`Options`] with, so that it needs no crate but this one.
pub use clock::Clock;
pub use credentials::{Keychain, SecretStore, SessionSecrets};
pub use notices::{Notice, NoticeAction, Notices, Silent};
pub use oci::Platform;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use view::events::AppEvent;
use view::problem::Problem;
use view::start::{Preferences, Start};

/// Where events go: the window, or a test's list. Called from any thread; must not block.
pub trait Events: Send + Sync {
    /// One event.
    fn emit(&self, event: AppEvent);
}

/// What the app is opened with.
pub struct Options {
    /// Folder of the database; made where it is missing.
    pub data_dir: PathBuf,
    /// Where secrets are kept.
    pub keychain: Arc<dyn SecretStore>,
    /// `DOCKER_HOST`, where set: then no other engine is looked for, but a sandbox's own.
    pub engine: Option<String>,
    /// `DOCKER_CONFIG`, where set.
    pub docker_config: Option<PathBuf>,
    /// Path of `sandbox.json`, where a sandbox runs.
    pub sandbox: Option<PathBuf>,
    /// Where events go.
    pub events: Arc<dyn Events>,
    /// Where notifications of the desktop go.
    pub notices: Arc<dyn Notices>,
    /// Where exports are written to; made where it is missing.
    pub downloads: PathBuf,
    /// This computer's clock.
    pub clock: Clock,
    /// How long the watch waits between two rounds over one repository, before it is jittered.
    pub watch_every: Duration,
    /// This computer's platform as containers see it; usually `Platform::here()`.
    pub platform: Platform,
}

/// The app without a window. Cheap to clone. Its async methods need a tokio runtime.
#[derive(Clone)]
pub struct Longshore {
    house: Arc<house::House>,
}

/// Under which key the window's preferences are stored.
const WINDOW: &str = "window";

impl Longshore {
    /// Opens the data folder. Blocks shortly (a local file); needs no runtime.
    pub fn open(options: Options) -> Result<Self, Problem> {
        Ok(Self {
            house: Arc::new(house::House::open(options)?),
        })
    }

    /// What the window needs for its first frame.
    pub async fn start(&self) -> Result<Start, Problem> {
        let preferences = self.house.db(|store| store.preference(WINDOW)).await?;
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: self.house.platform.to_string(),
            preferences: preferences.unwrap_or_default(),
        })
    }

    /// Remembers how the window is.
    pub async fn save_preferences(&self, preferences: Preferences) -> Result<(), Problem> {
        self.house
            .db(move |store| store.set_preference(WINDOW, &preferences))
            .await
    }
}
