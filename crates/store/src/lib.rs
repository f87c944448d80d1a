//! What this computer remembers: accounts, cached lists and manifests, what was seen, tasks, preferences.
//!
//! One SQLite file (WAL), one connection behind a lock, a plain synchronous API: callers on an async
//! runtime go through `spawn_blocking`. Everything here is either content-addressed (kept for ever),
//! a cache (may be thrown away), or something only this computer knows ([`seen`]).
//!
//! Not here: secrets, ever; rules of the product (what a timeline is, when to keep). Grows when a use
//! case has something new to remember, by a migration at the end of [`migrations`].

mod about;
mod accounts;
mod content;
mod error;
mod imported;
mod keep;
mod lists;
mod migrations;
mod moves;
mod preferences;
pub mod seen;
mod tasks;
mod undo;
mod watches;

pub use about::{About, Mark};
pub use accounts::{Account, NewAccount};
pub use content::Facts;
pub use error::Error;
pub use imported::{Record, Taken};
pub use keep::Keeping;
pub use lists::{ListedTag, TagChange};
pub use moves::{Move, News};
pub use seen::{Observation, Period, Reach};
pub use tasks::StoredTask;
pub use undo::StoredUndo;
pub use watches::{Round, Watched};

use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// A repository on a host: where facts are shared between accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// `host[:port]`.
    pub host: oci::Host,
    /// Path within the registry.
    pub repository: oci::RepositoryName,
}

impl Place {
    /// `host/namespace/name`, as the engine names it.
    pub fn path(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }
}

/// The open database. Cheap to clone; every method blocks shortly.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens or makes the file and brings it up to date.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Self::ready(connection)
    }

    /// A database in memory, for tests and trials.
    pub fn in_memory() -> Result<Self, Error> {
        Self::ready(Connection::open_in_memory()?)
    }

    fn ready(mut connection: Connection) -> Result<Self, Error> {
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        migrations::run(&mut connection)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// The connection. A thread that panicked while holding it left a rolled-back transaction, nothing worse.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The id of a place, where it was ever written.
fn find_place(connection: &Connection, place: &Place) -> Result<Option<i64>, Error> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached("SELECT id FROM places WHERE host = ?1 AND repository = ?2")?
        .query_row((place.host.as_str(), place.repository.as_str()), |row| {
            row.get(0)
        })
        .optional()?)
}

/// The id of a place, made where it is new.
fn place_id(connection: &Connection, place: &Place) -> Result<i64, Error> {
    if let Some(id) = find_place(connection, place)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO places(host, repository) VALUES (?1, ?2)")?
        .execute((place.host.as_str(), place.repository.as_str()))?;
    Ok(connection.last_insert_rowid())
}

/// Reads a digest column.
fn digest(text: &str) -> Result<oci::Digest, Error> {
    oci::Digest::parse(text).map_err(|_| Error::Content(format!("not a digest: {text}")))
}
