//! Accounts: host, scheme, user, and how the secret is held; never the secret.

use crate::{Error, Place, Store, begin, remember, rows};
use rusqlite::{OptionalExtension, Row};
use std::cmp::Reverse;

/// A stored account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Never reused.
    pub id: i64,
    /// `host[:port]`.
    pub host: oci::Host,
    /// `https` or `http`.
    pub scheme: String,
    /// The path that its repositories lie under, or the one repository, where it is for those alone.
    pub namespace: Option<String>,
    /// Absent for anonymous use.
    pub user: Option<String>,
    /// Where the secret is: `anonymous`, `keychain`, `session`, `sessionBesideKeychain`, `elsewhere` or `signedOut`.
    pub state: String,
    /// The ways that the secret may go, as a person agreed to; absent where nobody was asked yet.
    pub ways: Option<String>,
    /// Where another program keeps the sign-in, as `elsewhere` has it read; kept while signed out.
    pub source: Option<String>,
    /// What it has of its own to reach its registry: whom it trusts, what it shows; JSON, without a secret.
    pub connection: Option<String>,
}

/// An account to be stored.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// `host[:port]`.
    pub host: oci::Host,
    /// `https` or `http`.
    pub scheme: String,
    /// The path that its repositories lie under, or the one repository, where it is for those alone.
    pub namespace: Option<String>,
    /// Absent for anonymous use.
    pub user: Option<String>,
    /// Where the secret is, as in [`Account::state`].
    pub state: String,
    /// The ways that the secret may go, as in [`Account::ways`].
    pub ways: Option<String>,
    /// Where another program keeps the sign-in, as in [`Account::source`].
    pub source: Option<String>,
    /// What it has of its own to reach its registry, as in [`Account::connection`].
    pub connection: Option<String>,
}

impl Account {
    /// Tells whether a repository of its registry is one that the account is for.
    pub fn covers(&self, repository: &str) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| {
            let rest = repository.strip_prefix(namespace);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Returns how closely the account is for what it covers: more for a longer namespace. One that is for all of its
    /// registry is the least close.
    pub fn closeness(&self) -> usize {
        self.namespace.as_deref().map_or(0, str::len)
    }
}

/// Returns those of the accounts that a repository may be reached with: of its registry, the closest namespace first, else in
/// their order.
pub fn accounts_for<'a>(accounts: &'a [Account], place: &Place) -> Vec<&'a Account> {
    let is_for = |account: &&Account| {
        account.host == place.host && account.covers(place.repository.as_str())
    };
    let mut there: Vec<&Account> = accounts.iter().filter(is_for).collect();
    there.sort_by_key(|account| Reverse(account.closeness()));
    there
}

const COLUMNS: &str = "id, host, scheme, user, state, ways, source, connection, namespace";

fn account(row: &Row<'_>) -> Result<Account, Error> {
    Ok(Account {
        id: row.get(0)?,
        host: rows::host(row, 1)?,
        scheme: row.get(2)?,
        user: row.get(3)?,
        state: row.get(4)?,
        ways: row.get(5)?,
        source: row.get(6)?,
        connection: row.get(7)?,
        namespace: row.get(8)?,
    })
}

impl Store {
    /// Returns all accounts in the person's order.
    pub fn accounts(&self) -> Result<Vec<Account>, Error> {
        rows::all(
            &self.lock(),
            &format!("SELECT {COLUMNS} FROM accounts ORDER BY position, id"),
            (),
            account,
        )
    }

    /// Returns one account.
    pub fn account(&self, id: i64) -> Result<Option<Account>, Error> {
        rows::first(
            &self.lock(),
            &format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"),
            [id],
            account,
        )
    }

    /// Stores an account and returns its id. An account of this host, namespace and user that is there already is changed
    /// and keeps its id; what was learnt of its registry is forgotten.
    pub fn add_account(&self, new: &NewAccount) -> Result<i64, Error> {
        let connection = self.lock();
        remember(&connection, &new.host)?;
        let there: Option<i64> = connection
            .query_row(
                "SELECT id FROM accounts WHERE host = ?1 AND user IS ?2 AND namespace IS ?3",
                (new.host.as_str(), &new.user, &new.namespace),
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = there {
            connection.execute(
                "UPDATE accounts SET scheme = ?2, state = ?3, ways = ?4, source = ?5, connection = ?6, learned = NULL
                 WHERE id = ?1",
                (
                    id,
                    &new.scheme,
                    &new.state,
                    &new.ways,
                    &new.source,
                    &new.connection,
                ),
            )?;
            return Ok(id);
        }
        connection.execute(
            "INSERT INTO accounts(host, scheme, user, state, ways, source, connection, namespace, position)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(position), 0) + 1 FROM accounts))",
            (
                new.host.as_str(),
                &new.scheme,
                &new.user,
                &new.state,
                &new.ways,
                &new.source,
                &new.connection,
                &new.namespace,
            ),
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// Changes all of an account but its host and its namespace.
    pub fn change_account(&self, account: &Account) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE accounts SET scheme = ?2, user = ?3, state = ?4, ways = ?5, source = ?6, connection = ?7 WHERE id = ?1",
            (
                account.id,
                &account.scheme,
                &account.user,
                &account.state,
                &account.ways,
                &account.source,
                &account.connection,
            ),
        )?;
        Ok(())
    }

    /// Deletes an account, its cached lists and its watches. What was seen stays: it is this computer's own knowledge.
    pub fn remove_account(&self, id: i64) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
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
                    "DELETE FROM told_tags WHERE place IN (SELECT id FROM places WHERE host = ?1)",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_sign_in_lies_is_there_as_it_was_stored() {
        let store = Store::in_memory().unwrap();
        let lies = r#"{"kind":"file","file":"docker","key":"lab.example"}"#;
        let new = |source: Option<&str>| NewAccount {
            host: oci::Host::parse("lab.example").unwrap(),
            scheme: "https".into(),
            user: Some("ana".into()),
            state: "elsewhere".into(),
            ways: Some("basic".into()),
            source: source.map(str::to_owned),
            connection: source.map(|_| r#"{"trusted":"AB"}"#.to_owned()),
            namespace: None,
        };
        let source = |id| store.account(id).unwrap().unwrap().source;
        let id = store.add_account(&new(Some(lies))).unwrap();
        assert_eq!(source(id).as_deref(), Some(lies));

        // Signed out it is still known; with a secret of ours it is not.
        let mut account = store.account(id).unwrap().unwrap();
        account.state = "signedOut".into();
        store.change_account(&account).unwrap();
        assert_eq!(store.accounts().unwrap(), [account.clone()]);
        account.source = None;
        store.change_account(&account).unwrap();
        assert_eq!(source(id), None);
        let connection = store.account(id).unwrap().unwrap().connection;
        assert_eq!(connection.as_deref(), Some(r#"{"trusted":"AB"}"#));

        // Added once more it is the same account.
        assert_eq!(store.add_account(&new(Some(lies))).unwrap(), id);
        assert_eq!(source(id).as_deref(), Some(lies));
        assert_eq!(store.add_account(&new(None)).unwrap(), id);
        assert_eq!(source(id), None);
    }

    #[test]
    fn an_account_of_a_namespace_is_its_own_and_comes_first_there() {
        let store = Store::in_memory().unwrap();
        let add = |host: &str, namespace: Option<&str>| {
            let new = NewAccount {
                host: oci::Host::parse(host).unwrap(),
                scheme: "https".into(),
                user: Some("_json_key".into()),
                state: "keychain".into(),
                ways: None,
                source: None,
                connection: None,
                namespace: namespace.map(str::to_owned),
            };
            store.add_account(&new).unwrap()
        };
        let all = add("gcr.example", None);
        let team = add("gcr.example", Some("team"));
        let tool = add("gcr.example", Some("team/tool"));
        add("other.example", Some("team"));
        assert_eq!(add("gcr.example", Some("team")), team);
        let accounts = store.accounts().unwrap();
        let of = |repository: &str| -> Vec<i64> {
            let place = Place {
                host: oci::Host::parse("gcr.example").unwrap(),
                repository: oci::RepositoryName::parse(repository).unwrap(),
            };
            let found = accounts_for(&accounts, &place);
            found.iter().map(|account| account.id).collect()
        };
        assert_eq!(of("team/tool"), [tool, team, all]);
        assert_eq!(of("team/tool/sub"), [tool, team, all]);
        assert_eq!(of("team/toolbox"), [team, all]);
        assert_eq!(of("team"), [team, all]);
        assert_eq!(of("teams/tool"), [all]);
    }
}
