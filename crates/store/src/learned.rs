//! What was learnt of an account's registry, in the app's form. It goes with the account.

use crate::{Error, Store, begin};
use rusqlite::{Connection, OptionalExtension};

impl Store {
    /// Returns what was learnt of an account's registry; none where nothing was.
    pub fn learned(&self, account: i64) -> Result<Option<String>, Error> {
        read(&self.lock(), account)
    }

    /// Changes what was learnt of an account's registry, in one step.
    pub fn change_learned(
        &self,
        account: i64,
        change: impl FnOnce(Option<&str>) -> Option<String>,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let changed = change(read(&transaction, account)?.as_deref());
        transaction.execute(
            "UPDATE accounts SET learned = ?2 WHERE id = ?1",
            (account, changed),
        )?;
        transaction.commit()?;
        Ok(())
    }
}

fn read(connection: &Connection, account: i64) -> Result<Option<String>, Error> {
    let found: Option<Option<String>> = connection
        .query_row(
            "SELECT learned FROM accounts WHERE id = ?1",
            [account],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.flatten())
}

#[cfg(test)]
mod tests {
    use crate::{NewAccount, Store};

    #[test]
    fn what_was_learnt_is_kept_with_the_account_until_it_signs_in_anew() {
        let store = Store::in_memory().unwrap();
        let new = NewAccount {
            host: oci::Host::parse("registry.example").unwrap(),
            scheme: "https".into(),
            user: Some("ana".into()),
            state: "keychain".into(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        };
        let id = store.add_account(&new).unwrap();
        assert_eq!(store.learned(id).unwrap(), None);
        let add = |more: &'static str| {
            let change =
                move |old: Option<&str>| Some(format!("{}{more}", old.unwrap_or_default()));
            store.change_learned(id, change).unwrap();
        };
        add("a");
        add("b");
        assert_eq!(store.learned(id).unwrap().as_deref(), Some("ab"));
        store
            .change_account(&store.account(id).unwrap().unwrap())
            .unwrap();
        assert_eq!(store.learned(id).unwrap().as_deref(), Some("ab"));
        assert_eq!(store.add_account(&new).unwrap(), id);
        assert_eq!(store.learned(id).unwrap(), None);
        add("c");
        store.remove_account(id).unwrap();
        assert_eq!(store.learned(id).unwrap(), None);
        store.change_learned(id, |_| Some("d".into())).unwrap();
        assert_eq!(
            store.learned(id).unwrap(),
            None,
            "nobody is there to learn of"
        );
    }
}
