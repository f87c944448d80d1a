//! What goes along with an account's sign-in: programs that were signed in with it, and secrets that could not be removed
//! with it. Both in the app's form; no secret is here.

use crate::{Error, Store, rows};
use std::collections::HashMap;

impl Store {
    /// Returns which programs were signed in along, by account.
    pub fn programs(&self) -> Result<HashMap<i64, String>, Error> {
        let all = rows::all(
            &self.lock(),
            "SELECT id, programs FROM accounts WHERE programs IS NOT NULL",
            (),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(all.into_iter().collect())
    }

    /// Notes which programs were signed in along with an account; nothing where none are.
    pub fn set_programs(&self, account: i64, programs: Option<&str>) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE accounts SET programs = ?2 WHERE id = ?1",
            (account, programs),
        )?;
        Ok(())
    }

    /// Notes a secret that stays in a keychain that can't be reached.
    pub fn leave_secret(&self, host: &str, user: &str) -> Result<(), Error> {
        self.lock().execute(
            "INSERT OR IGNORE INTO left_secrets(host, user) VALUES (?1, ?2)",
            (host, user),
        )?;
        Ok(())
    }

    /// Lists the secrets that were left, each as host and user.
    pub fn left_secrets(&self) -> Result<Vec<(String, String)>, Error> {
        rows::all(
            &self.lock(),
            "SELECT host, user FROM left_secrets ORDER BY host, user",
            (),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Forgets that a secret was left: it is gone, or an account has it again.
    pub fn secret_is_not_left(&self, host: &str, user: &str) -> Result<(), Error> {
        self.lock().execute(
            "DELETE FROM left_secrets WHERE host = ?1 AND user = ?2",
            (host, user),
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{NewAccount, Store};

    #[test]
    fn programs_go_with_their_account_and_survive_a_new_sign_in() {
        let store = Store::in_memory().unwrap();
        let new = NewAccount {
            host: oci::Host::parse("lab.example").unwrap(),
            scheme: "https".into(),
            user: Some("ana".into()),
            state: "keychain".into(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        };
        let id = store.add_account(&new).unwrap();
        assert!(store.programs().unwrap().is_empty());
        store.set_programs(id, Some("[1]")).unwrap();
        store.add_account(&new).unwrap();
        let account = store.account(id).unwrap().unwrap();
        store.change_account(&account).unwrap();
        assert_eq!(store.programs().unwrap(), [(id, "[1]".to_owned())].into());
        store.set_programs(id, None).unwrap();
        assert!(store.programs().unwrap().is_empty());
        store.set_programs(id, Some("[1]")).unwrap();
        store.remove_account(id).unwrap();
        assert!(store.programs().unwrap().is_empty());
    }

    #[test]
    fn secrets_that_were_left_are_noted_once() {
        let store = Store::in_memory().unwrap();
        for user in ["bob", "ana", "ana"] {
            store.leave_secret("lab.example", user).unwrap();
        }
        let left = |user: &str| ("lab.example".to_owned(), user.to_owned());
        assert_eq!(store.left_secrets().unwrap(), [left("ana"), left("bob")]);
        store.secret_is_not_left("lab.example", "ana").unwrap();
        assert_eq!(store.left_secrets().unwrap(), [left("bob")]);
    }
}
