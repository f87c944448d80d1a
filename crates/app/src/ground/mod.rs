//! What every room stands on: the database, the events, the clock, and whose turn it is to write.
//!
//! No field here names a feature. Not here: accounts, the engine, anything that is asked over a network. Grows only
//! with what every room needs.

mod aside;
mod clock;
mod downloads;
mod folder;
mod log;
pub(crate) mod names;
pub(crate) mod options;
mod private;
mod questions;
mod run;
pub(crate) mod sandbox;
mod settings;
mod stale;
mod threads;
pub(crate) mod turns;
mod typed;

pub(crate) use aside::Unread;
pub use clock::Clock;
pub(crate) use clock::RegistryClocks;
pub(crate) use downloads::{NotMade, new_file};
pub use folder::Access;
pub(crate) use folder::{DATABASE, DataFolder, FolderError};
pub use log::RequestLog;
pub use private::{private_file, private_folder};
pub(crate) use questions::{Questions, is_of_the_side};
pub(crate) use run::{Run, RunError};
pub(crate) use settings::{Kept, SETTINGS};
pub(crate) use stale::{Parts, Throttle};
pub(crate) use threads::{blocking, lock};
pub(crate) use typed::whole_path;

use crate::view::browse::TagRow;
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::Problem;
use crate::words;
use options::Events;
use std::sync::Arc;
use store::{Place, Store};
use tokio::sync::Notify;
use turns::Turns;

/// Holds what all rooms share.
pub(crate) struct Ground {
    pub store: Store,
    pub events: Arc<dyn Events>,
    /// How often the window is told.
    pub throttle: Throttle,
    /// What the window asks, and who has not answered.
    pub questions: Questions,
    pub clock: Clock,
    /// What the clocks of registries show.
    pub registry_clocks: RegistryClocks,
    /// This computer's platform as containers see it.
    pub platform: oci::Platform,
    pub turns: Turns,
    /// Rung when background work is due earlier than was thought.
    pub wake: Notify,
    /// Rung when a look found something that a rule keeps, and that is not done yet.
    pub found: Notify,
    /// What the person has set, and how the window was left.
    pub kept: Kept,
    /// This run of the app; whoever holds its file owns its tasks.
    pub run: Run,
}

impl Ground {
    /// Returns this computer's time (seconds, UTC).
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Returns when a registry answered, by its own clock where that can be right (seconds, UTC).
    pub fn registry_time(&self, host: &oci::Host, date: Option<oci::UtcSeconds>) -> i64 {
        self.registry_clocks.time(host, date, self.now())
    }

    /// Returns the time of what happens in a registry just now, where no answer tells it (seconds, UTC).
    pub fn registry_now(&self, host: &oci::Host) -> i64 {
        self.registry_clocks.now(host, self.now())
    }

    /// Uses the database off the async threads.
    pub async fn db<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Store) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        blocking(move || job(&store))
            .await?
            .map_err(|error| words::of_store(&error))
    }

    /// Tells the window what to read again, each thing at most four times a second.
    pub fn stale(&self, what: Stale) {
        self.throttle.tell(what);
    }

    /// Tells the window, for every account that shows a repository, what to read again. `what` is given the account's
    /// id and the repository's name.
    pub async fn stale_everywhere<const N: usize>(
        &self,
        place: &Place,
        what: [fn(String, String) -> Stale; N],
    ) {
        let Ok(accounts) = self.db(Store::accounts).await else {
            return;
        };
        for account in store::accounts_for(&accounts, place) {
            for stale in what {
                self.stale(stale(account.id.to_string(), place.repository.to_string()));
            }
        }
    }

    /// Tells the window, for every account that shows a repository, which tags a part of its list brought.
    pub async fn tags_listed(&self, place: &Place, rows: Vec<TagRow>) {
        let Ok(accounts) = self.db(Store::accounts).await else {
            return;
        };
        for account in store::accounts_for(&accounts, place) {
            self.events.emit(AppEvent::TagsListed {
                account: account.id.to_string(),
                repository: place.repository.to_string(),
                rows: rows.clone(),
            });
        }
    }

    /// Tells the window that the tags of a repository changed.
    pub async fn stale_tags(&self, place: &Place) {
        let tags = |account, repository| Stale::Tags {
            account,
            repository,
        };
        self.stale_everywhere(place, [tags]).await;
    }
}

/// Returns a count as the window reads it; more than fits is the largest.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
