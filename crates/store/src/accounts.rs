//! Accounts: host, scheme, user, and how the secret is held; never the secret.

use crate::{Error, Store};
use rusqlite::{OptionalExtension, Row};

/// A stored account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Never reused.
    pub id: i64,
    /// `host[:port]`.
    pub host: oci::Host,
    /// `https` or `http`.
    pub scheme: String,
    /// Absent for anonymous use.
    pub user: Option<String>,
    /// `anonymous`, `keychain`, `session`, `sessionBesideKeychain` or `signedOut`; the app gives it meaning.
    pub state: String,
}

/// An account to be stored.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// `host[:port]`.
    pub host: oci::Host,
    /// `https` or `http`.
    pub scheme: String,
    /// Absent for anonymous use.
    pub user: Option<String>,
    /// As in [`Account::state`].
    pub state: String,
}

const COLUMNS: &str = "id, host, scheme, user, state";

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, String, String, Option<String>, String)> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
    ))
}

fn account(row: (i64, String, String, Option<String>, String)) -> Result<Account, Error> {
    let (id, host, scheme, user, state) = row;
    let host = oci::Host::parse(&host).map_err(|e| Error::Content(e.to_string()))?;
    Ok(Account {
        id,
        host,
        scheme,
        user,
        state,
    })
}

impl Store {
    /// All accounts, in the person's order.
    pub fn accounts(&self) -> Result<Vec<Account>, Error> {
        let connection = self.lock();
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM accounts ORDER BY position, id"
        ))?;
        let rows = query.query_map((), read)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(account).collect()
    }

    /// One account.
    pub fn account(&self, id: i64) -> Result<Option<Account>, Error> {
        let connection = self.lock();
        let row = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"))?
            .query_row([id], read)
            .optional()?;
        row.map(account).transpose()
    }

    /// Stores an account; the same host and user again is the same account.
    pub fn add_account(&self, new: &NewAccount) -> Result<i64, Error> {
        let connection = self.lock();
        let there: Option<i64> = connection
            .query_row(
                "SELECT id FROM accounts WHERE host = ?1 AND user IS ?2",
                (new.host.as_str(), &new.user),
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = there {
            connection.execute(
                "UPDATE accounts SET scheme = ?2, state = ?3 WHERE id = ?1",
                (id, &new.scheme, &new.state),
            )?;
            return Ok(id);
        }
        connection.execute(
            "INSERT INTO accounts(host, scheme, user, state, position)
             VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), 0) + 1 FROM accounts))",
            (new.host.as_str(), &new.scheme, &new.user, &new.state),
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// Changes how an account stands.
    pub fn change_account(&self, account: &Account) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE accounts SET scheme = ?2, user = ?3, state = ?4 WHERE id = ?1",
            (account.id, &account.scheme, &account.user, &account.state),
        )?;
        Ok(())
    }

    /// Forgets an account, its cached lists and what it watched. What was seen stays: it is this computer's own knowledge.
    pub fn remove_account(&self, id: i64) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let host: Option<String> = transaction
            .query_row("SELECT host FROM accounts WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .optional()?;
        transaction.execute("DELETE FROM accounts WHERE id = ?1", [id])?;
        transaction.execute("DELETE FROM watches WHERE account = ?1", [id])?;
        transaction.execute(
            "DELETE FROM rounds WHERE NOT EXISTS (SELECT 1 FROM watches w WHERE w.place = rounds.place)",
            (),
        )?;
        if let Some(host) = host {
            let shared: i64 = transaction.query_row(
                "SELECT count(*) FROM accounts WHERE host = ?1",
                [&host],
                |row| row.get(0),
            )?;
            if shared == 0 {
                transaction.execute(
                    "DELETE FROM tags WHERE place IN (SELECT id FROM places WHERE host = ?1)",
                    [&host],
                )?;
                transaction.execute(
                    "UPDATE places SET refreshed_at = NULL WHERE host = ?1",
                    [&host],
                )?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}
