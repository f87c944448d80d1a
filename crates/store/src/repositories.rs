//! Cached lists of repositories, one of an account.
//!
//! A list that was not read whole only adds: what it lacks is not known to be gone. Not here: names that no list told
//! (`known_names`).

use crate::{Error, Store, begin, known_names, rows};
use rusqlite::Connection;

/// The most repositories of one account that are kept of lists which were not read whole.
const MOST: i64 = 100_000;

impl Store {
    /// Returns the cached repositories of an account by name, and when the list was last fetched whole (seconds, UTC).
    pub fn repositories(&self, account: i64) -> Result<(Vec<String>, Option<i64>), Error> {
        let connection = self.lock();
        let names = rows::all(
            &connection,
            "SELECT name FROM repositories WHERE account = ?1 ORDER BY name",
            [account],
            |row| Ok(row.get(0)?),
        )?;
        drop(connection);
        Ok((names, self.repositories_at(account)?))
    }

    /// Returns a part of the cached repositories of an account by name, at most so many after `after`.
    pub fn repositories_part(
        &self,
        account: i64,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<String>, Error> {
        rows::all(
            &self.lock(),
            "SELECT name FROM repositories WHERE account = ?1 AND name > ?2 ORDER BY name LIMIT ?3",
            (account, after.unwrap_or_default(), most),
            |row| Ok(row.get(0)?),
        )
    }

    /// Tells whether a repository is known to be there: its registry listed it, or a person opened it.
    pub fn lists_repository(&self, account: i64, name: &str) -> Result<bool, Error> {
        let there = rows::first(
            &self.lock(),
            "SELECT 1 FROM repositories WHERE account = ?1 AND name = ?2 AND name NOT IN
                (SELECT name FROM named_repositories WHERE account = ?1 AND why <> ?3)",
            (account, name, known_names::TYPED),
            |_| Ok(()),
        )?;
        Ok(there.is_some())
    }

    /// Returns when the list of an account was last fetched whole (seconds, UTC).
    pub fn repositories_at(&self, account: i64) -> Result<Option<i64>, Error> {
        rows::first(
            &self.lock(),
            "SELECT refreshed_at FROM repository_lists WHERE account = ?1",
            [account],
            |row| Ok(row.get(0)?),
        )
    }

    /// Adds a page of repositories to the list of an account; those already listed stay as they are.
    pub fn add_repositories(&self, account: i64, names: &[String]) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        insert_repositories(&transaction, account, names)?;
        transaction.commit()?;
        Ok(())
    }

    /// Replaces the list of an account by one that was fetched whole at `at` (seconds, UTC).
    pub fn finish_repositories(
        &self,
        account: i64,
        names: &[String],
        at: i64,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        transaction.execute("DELETE FROM repositories WHERE account = ?1", [account])?;
        insert_repositories(&transaction, account, names)?;
        known_names::keep_typed(&transaction, account)?;
        transaction.execute(
            "INSERT INTO repository_lists(account, refreshed_at) VALUES (?1, ?2)
             ON CONFLICT(account) DO UPDATE SET refreshed_at = excluded.refreshed_at",
            (account, at),
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Ends a fetch that may lack something: what is listed stays beside `names`, unless there is more than is kept.
    pub fn end_repositories_in_doubt(&self, account: i64, names: &[String]) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        insert_repositories(&transaction, account, names)?;
        let all: i64 = transaction.query_row(
            "SELECT count(*) FROM repositories WHERE account = ?1",
            [account],
            |row| row.get(0),
        )?;
        if all > MOST {
            transaction.execute("DELETE FROM repositories WHERE account = ?1", [account])?;
            insert_repositories(&transaction, account, names)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns what is to be known of the list of an account, as the app wrote it.
    pub fn repositories_note(&self, account: i64) -> Result<Option<String>, Error> {
        rows::first(
            &self.lock(),
            "SELECT note FROM repository_notes WHERE account = ?1",
            [account],
            |row| Ok(row.get(0)?),
        )
    }

    /// Notes what is to be known of the list of an account, in the app's form, which is no sentence; none: nothing.
    pub fn note_repositories(&self, account: i64, note: Option<&str>) -> Result<(), Error> {
        let connection = self.lock();
        match note {
            Some(note) => connection.execute(
                "INSERT OR REPLACE INTO repository_notes(account, note) VALUES (?1, ?2)",
                (account, note),
            )?,
            None => {
                connection.execute("DELETE FROM repository_notes WHERE account = ?1", [account])?
            }
        };
        Ok(())
    }
}

fn insert_repositories(
    connection: &Connection,
    account: i64,
    names: &[String],
) -> Result<(), Error> {
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO repositories(account, name) VALUES (?1, ?2)")?;
    for name in names {
        insert.execute((account, name))?;
        known_names::was_listed(connection, account, name)?;
    }
    Ok(())
}
