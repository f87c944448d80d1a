//! Which accounts have a second sign-in, for their vendor's own interface; never the secret of one.
//!
//! Not here: where secrets are (the app, `credentials`). Grows by a second one for one account.

use crate::{Error, Store, rows};
use rusqlite::Row;

/// A second sign-in of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondSignIn {
    /// The vendor it is for, in the app's form.
    pub vendor: String,
    /// Whose it is, where it has a user.
    pub user: Option<String>,
    /// Where its secret is, in the app's form.
    pub place: String,
    /// The name under which the secret is kept there: the host of it.
    pub key_host: String,
    /// The user of that name.
    pub key_user: String,
    /// The vendor's interface said that it is wrong.
    pub refused: bool,
}

const FIELDS: &str = "vendor, user, place, key_host, key_user, refused";

fn read(row: &Row<'_>, from: usize) -> Result<SecondSignIn, Error> {
    Ok(SecondSignIn {
        vendor: row.get(from)?,
        user: row.get(from + 1)?,
        place: row.get(from + 2)?,
        key_host: row.get(from + 3)?,
        key_user: row.get(from + 4)?,
        refused: row.get(from + 5)?,
    })
}

impl Store {
    /// Returns the second sign-in of an account; none where it has none.
    pub fn second_sign_in(&self, account: i64) -> Result<Option<SecondSignIn>, Error> {
        rows::first(
            &self.lock(),
            &format!("SELECT {FIELDS} FROM second_sign_ins WHERE account = ?1"),
            [account],
            |row| read(row, 0),
        )
    }

    /// Returns those of all accounts.
    pub fn second_sign_ins(&self) -> Result<Vec<(i64, SecondSignIn)>, Error> {
        rows::all(
            &self.lock(),
            &format!("SELECT account, {FIELDS} FROM second_sign_ins ORDER BY account"),
            (),
            |row| Ok((row.get(0)?, read(row, 1)?)),
        )
    }

    /// Stores that an account has this second sign-in, in the place of another one.
    pub fn set_second_sign_in(&self, account: i64, second: &SecondSignIn) -> Result<(), Error> {
        self.lock().execute(
            &format!(
                "INSERT OR REPLACE INTO second_sign_ins(account, {FIELDS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
            ),
            (
                account,
                &second.vendor,
                &second.user,
                &second.place,
                &second.key_host,
                &second.key_user,
                second.refused,
            ),
        )?;
        Ok(())
    }

    /// Forgets that an account has one.
    pub fn remove_second_sign_in(&self, account: i64) -> Result<(), Error> {
        self.lock()
            .execute("DELETE FROM second_sign_ins WHERE account = ?1", [account])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewAccount;

    fn account(store: &Store, host: &str) -> i64 {
        let account = NewAccount {
            host: oci::Host::parse(host).unwrap(),
            scheme: "https".into(),
            user: Some("ana".into()),
            state: "keychain".into(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        };
        store.add_account(&account).unwrap()
    }

    #[test]
    fn it_is_of_one_account_and_goes_with_it() {
        let store = Store::in_memory().unwrap();
        let (one, other) = (
            account(&store, "one.example"),
            account(&store, "two.example"),
        );
        let mut second = SecondSignIn {
            vendor: "quay".into(),
            user: None,
            place: "keychain".into(),
            key_host: "second one.example".into(),
            key_user: "ana".into(),
            refused: false,
        };
        store.set_second_sign_in(one, &second).unwrap();
        assert_eq!(store.second_sign_in(one).unwrap().as_ref(), Some(&second));
        assert_eq!(store.second_sign_in(other).unwrap(), None);
        second.refused = true;
        second.user = Some("ben".into());
        store.set_second_sign_in(one, &second).unwrap();
        store.set_second_sign_in(other, &second).unwrap();
        let all = store.second_sign_ins().unwrap();
        assert_eq!(all, [(one, second.clone()), (other, second)]);
        store.remove_second_sign_in(other).unwrap();
        store.remove_account(one).unwrap();
        assert_eq!(store.second_sign_ins().unwrap(), []);
    }
}
