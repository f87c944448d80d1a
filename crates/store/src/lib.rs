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
mod along;
mod carried;
mod content;
mod deletions;
mod error;
mod eviction;
mod find;
mod forget;
mod hosted;
mod imported;
mod keep;
mod known_names;
mod learned;
mod list_parts;
mod local_names;
mod migrations;
mod moves;
mod named;
mod own_commands;
mod past;
mod preferences;
mod repositories;
mod rows;
mod second;
pub mod seen;
mod some_tags;
mod spelled;
mod tags;
mod tasks;
#[cfg(test)]
mod testing;
mod told;
mod undo;
mod watches;

pub use about::{About, Mark};
pub use accounts::{Account, NewAccount, accounts_for};
pub use carried::Carried;
pub use content::Facts;
pub use error::Error;
pub use find::{NamedRepository, NamedTag};
pub use hosted::Hosted;
pub use imported::{ImportOutcome, Record};
pub use keep::{Keeping, RuleAnswer};
pub use known_names::KnownName;
pub use list_parts::TagsPart;
pub use local_names::LocalName;
pub use moves::{News, TagMove};
pub use own_commands::OwnCommand;
pub use past::{PastTag, PastWalk, Untagged};
pub use rows::queries;
pub use second::SecondSignIn;
pub use seen::{Observation, Period, ReachRecord};
pub use some_tags::KnownTag;
pub use tags::{ListedTag, TagChange};
pub use tasks::StoredTask;
pub use told::{Taken, ToldMoment, ToldPush, ToldRepository, ToldTag};
pub use undo::StoredUndo;
pub use watches::{Round, Watched};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// A repository on a host. What is known of it is shared between accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The registry as `host[:port]`.
    pub host: oci::Host,
    /// The path within the registry.
    pub repository: oci::RepositoryName,
}

impl Place {
    /// Returns `host/namespace/name`, as the engine names a repository.
    pub fn path(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }
}

/// How the database stood. Where it is the same, nothing was written since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    own: u64,
    others: i64,
}

/// The open database. It is cheap to clone; every method blocks for a short time.
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
    /// Opens the file, makes it where it is missing, and brings its schema up to date.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Self::ready(connection)
    }

    /// Opens a database in memory, for tests.
    pub fn in_memory() -> Result<Self, Error> {
        Self::ready(Connection::open_in_memory()?)
    }

    fn ready(mut connection: Connection) -> Result<Self, Error> {
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        // What is deleted is overwritten: it may be somebody's.
        connection.pragma_update(None, "secure_delete", "ON")?;
        migrations::run(&mut connection)?;
        // Hosts that were forgotten in this run; the table is this connection's own, and in no file.
        connection.execute_batch("CREATE TEMP TABLE forgotten(host TEXT PRIMARY KEY)")?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Returns what changes with every write, be it this connection's or another's.
    pub fn version(&self) -> Result<Version, Error> {
        let connection = self.lock();
        Ok(Version {
            own: connection.total_changes(),
            others: connection.pragma_query_value(None, "data_version", |row| row.get(0))?,
        })
    }

    /// Locks the connection. A thread that panicked while holding it left a rolled-back transaction and nothing worse.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Reads what is stored of a place. Returns the default where nothing was ever written of it.
    fn at<T: Default>(
        &self,
        place: &Place,
        read: impl FnOnce(&Connection, i64) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let connection = self.lock();
        match find_place(&connection, place)? {
            Some(id) => read(&connection, id),
            None => Ok(T::default()),
        }
    }

    /// Changes what is stored of a place in one transaction: all of it or nothing. A new place is stored first.
    fn change_at<T>(
        &self,
        place: &Place,
        write: impl FnOnce(&Transaction<'_>, i64) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let id = place_id(&transaction, place)?;
        let written = write(&transaction, id)?;
        transaction.commit()?;
        Ok(written)
    }
}

/// Begins a transaction that writes. It takes the lock at once: one that reads first and writes then fails where another
/// program has written in between (SQLITE_BUSY_SNAPSHOT), however long it would wait.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Returns the id of a place; none where nothing was ever written of it.
fn find_place(connection: &Connection, place: &Place) -> Result<Option<i64>, Error> {
    rows::first(
        connection,
        "SELECT id FROM places WHERE host = ?1 AND repository = ?2",
        (place.host.as_str(), place.repository.as_str()),
        |row| Ok(row.get(0)?),
    )
}

/// Lets a host be written of again that was forgotten in this run.
fn remember(connection: &Connection, host: &oci::Host) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM temp.forgotten WHERE host = ?1")?
        .execute([host.as_str()])?;
    Ok(())
}

/// Returns the id of a place, and stores the place where it is new.
fn place_id(connection: &Connection, place: &Place) -> Result<i64, Error> {
    if let Some(id) = find_place(connection, place)? {
        return Ok(id);
    }
    let added = connection
        .prepare_cached(
            "INSERT INTO places(host, repository) SELECT ?1, ?2
             WHERE NOT EXISTS (SELECT 1 FROM temp.forgotten WHERE host = ?1)",
        )?
        .execute((place.host.as_str(), place.repository.as_str()))?;
    if added == 0 {
        return Err(Error::Forgotten);
    }
    Ok(connection.last_insert_rowid())
}
