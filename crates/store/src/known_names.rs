//! Repositories that a registry doesn't list, and where each is known from: what this computer gathered, and what a person
//! typed.
//!
//! They stand in the cached list of their account among those that were listed, so that everything which reads it finds
//! them; here is only why. Not here: the gathering.

use crate::{Error, Store, begin, rows};
use oci::Host;
use rusqlite::{Connection, Transaction};

/// Why a name stays whatever is gathered: a person typed it, and it was there.
pub(crate) const TYPED: &str = "typed";
/// The most names that are seen at a host and handed out.
const MOST_SEEN: u32 = 10_000;

/// A repository that no list of its registry told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownName {
    /// `namespace/name`.
    pub name: String,
    /// Where it is known from, in the app's form.
    pub why: String,
}

impl Store {
    /// Returns what is known of an account's repositories beside its list, by name.
    pub fn known_names(&self, account: i64) -> Result<Vec<KnownName>, Error> {
        rows::all(
            &self.lock(),
            "SELECT name, why FROM named_repositories WHERE account = ?1 ORDER BY name",
            [account],
            |row| {
                Ok(KnownName {
                    name: row.get(0)?,
                    why: row.get(1)?,
                })
            },
        )
    }

    /// Takes what was gathered at `at` (seconds, UTC) in the place of what was gathered before. What was typed stays, and
    /// what was listed stays listed. Returns whether anything changed.
    pub fn set_gathered(
        &self,
        account: i64,
        gathered: &[KnownName],
        at: i64,
    ) -> Result<bool, Error> {
        let before = self.known_names(account)?;
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        transaction.execute(
            "DELETE FROM repositories WHERE account = ?1 AND name IN
                (SELECT name FROM named_repositories WHERE account = ?1 AND why <> ?2)",
            (account, TYPED),
        )?;
        transaction.execute(
            "DELETE FROM named_repositories WHERE account = ?1 AND why <> ?2",
            (account, TYPED),
        )?;
        for KnownName { name, why } in gathered {
            // Nobody is there any more whose account was removed meanwhile.
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO named_repositories(account, name, why, at) SELECT ?1, ?2, ?3, ?4
                     WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?1)
                        AND NOT EXISTS (SELECT 1 FROM repositories WHERE account = ?1 AND name = ?2)",
                )?
                .execute((account, name, why, at))?;
        }
        show(&transaction, account)?;
        transaction.commit()?;
        drop(connection);
        Ok(self.known_names(account)? != before)
    }

    /// Remembers a repository that a person typed and that was there at `at` (seconds, UTC); nothing where it is listed.
    /// Returns whether it is new.
    pub fn add_typed(&self, account: i64, name: &str, at: i64) -> Result<bool, Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let added = transaction.execute(
            "INSERT INTO named_repositories(account, name, why, at) SELECT ?1, ?2, ?3, ?4
             WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?1)
                AND NOT EXISTS (SELECT 1 FROM repositories WHERE account = ?1 AND name = ?2)",
            (account, name, TYPED, at),
        )?;
        show(&transaction, account)?;
        transaction.commit()?;
        Ok(added > 0)
    }

    /// Takes off the list what a person typed once.
    pub fn forget_typed(&self, account: i64, name: &str) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let forgotten = transaction.execute(
            "DELETE FROM named_repositories WHERE account = ?1 AND name = ?2 AND why = ?3",
            (account, name, TYPED),
        )?;
        if forgotten > 0 {
            transaction.execute(
                "DELETE FROM repositories WHERE account = ?1 AND name = ?2",
                (account, name),
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns the repositories of a host in which something was seen that was not deleted since.
    pub fn repositories_seen(&self, host: &Host) -> Result<Vec<String>, Error> {
        rows::all(
            &self.lock(),
            "SELECT p.repository FROM places p WHERE p.host = ?1 AND (
                EXISTS (SELECT 1 FROM tags t WHERE t.place = p.id AND t.deleted_at IS NULL)
                OR EXISTS (SELECT 1 FROM carried c WHERE c.place = p.id)
                OR EXISTS (SELECT 1 FROM imported i WHERE i.place = p.id))
             ORDER BY p.repository LIMIT ?2",
            (host.as_str(), MOST_SEEN),
            |row| Ok(row.get(0)?),
        )
    }
}

/// Notes that a registry has listed a name: where else it was found needs no telling then.
pub(crate) fn was_listed(connection: &Connection, account: i64, name: &str) -> Result<(), Error> {
    connection
        .prepare_cached(
            "DELETE FROM named_repositories WHERE account = ?1 AND name = ?2 AND why <> ?3",
        )?
        .execute((account, name, TYPED))?;
    Ok(())
}

/// Keeps what was typed beside a list that is whole, and lets go of all else.
pub(crate) fn keep_typed(transaction: &Transaction<'_>, account: i64) -> Result<(), Error> {
    transaction.execute(
        "DELETE FROM named_repositories WHERE account = ?1 AND (why <> ?2 OR name IN
            (SELECT name FROM repositories WHERE account = ?1))",
        (account, TYPED),
    )?;
    show(transaction, account)
}

/// Puts the known names into the list.
fn show(transaction: &Transaction<'_>, account: i64) -> Result<(), Error> {
    transaction.execute(
        "INSERT OR IGNORE INTO repositories(account, name)
         SELECT account, name FROM named_repositories WHERE account = ?1",
        [account],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place, place_at, with_account};

    fn known(all: &[(&str, &str)]) -> Vec<KnownName> {
        let one = |(name, why): &(&str, &str)| KnownName {
            name: (*name).to_owned(),
            why: (*why).to_owned(),
        };
        all.iter().map(one).collect()
    }

    fn listed(store: &Store, account: i64) -> Vec<String> {
        store.repositories(account).unwrap().0
    }

    #[test]
    fn what_is_gathered_takes_the_place_of_what_was_and_what_was_listed_stays() {
        let (store, account) = with_account();
        store
            .add_repositories(account, &["lab/listed".into()])
            .unwrap();
        let first = known(&[
            ("lab/a", "image"),
            ("lab/b", "seen"),
            ("lab/listed", "image"),
        ]);
        assert!(store.set_gathered(account, &first, 1).unwrap());
        assert_eq!(store.known_names(account).unwrap(), first[..2]);
        assert_eq!(listed(&store, account), ["lab/a", "lab/b", "lab/listed"]);
        assert!(
            !store.set_gathered(account, &first, 2).unwrap(),
            "it is the same"
        );

        let next = known(&[("lab/b", "image")]);
        assert!(store.set_gathered(account, &next, 3).unwrap());
        assert_eq!(store.known_names(account).unwrap(), next);
        assert_eq!(listed(&store, account), ["lab/b", "lab/listed"]);

        // A page of the registry's own list names it.
        store.add_repositories(account, &["lab/b".into()]).unwrap();
        assert_eq!(store.known_names(account).unwrap(), []);
        assert!(!store.set_gathered(account, &[], 4).unwrap());
        assert_eq!(listed(&store, account), ["lab/b", "lab/listed"]);
    }

    #[test]
    fn what_was_typed_outlives_lists_until_it_is_taken_off_or_listed() {
        let (store, account) = with_account();
        assert!(store.add_typed(account, "lab/mine", 1).unwrap());
        assert!(!store.add_typed(account, "lab/mine", 2).unwrap());
        store
            .set_gathered(
                account,
                &known(&[("lab/mine", "image"), ("lab/a", "seen")]),
                3,
            )
            .unwrap();
        store
            .finish_repositories(account, &["lab/other".into()], 4)
            .unwrap();
        assert_eq!(listed(&store, account), ["lab/mine", "lab/other"]);
        assert_eq!(
            store.known_names(account).unwrap(),
            known(&[("lab/mine", "typed")])
        );
        assert!(
            !store.add_typed(account, "lab/other", 5).unwrap(),
            "it is listed"
        );

        store.forget_typed(account, "lab/other").unwrap();
        store.forget_typed(account, "lab/mine").unwrap();
        assert_eq!(listed(&store, account), ["lab/other"]);

        store.add_typed(account, "lab/mine", 6).unwrap();
        let both = ["lab/mine".to_owned(), "lab/other".to_owned()];
        store.finish_repositories(account, &both, 7).unwrap();
        assert_eq!(store.known_names(account).unwrap(), []);
        store.finish_repositories(account, &both[1..], 8).unwrap();
        assert_eq!(
            listed(&store, account),
            ["lab/other"],
            "it was the registry's by then"
        );
        store.remove_account(account).unwrap();
        assert!(!store.add_typed(account, "lab/late", 9).unwrap());
    }

    #[test]
    fn seen_is_where_something_was_and_is_not_known_to_be_deleted() {
        let (store, _) = with_account();
        let digest = oci::Digest::sha256_of(b"manifest");
        let elsewhere = place_at("other.example", "lab/tool");
        let looked_at = place_at("registry.example", "lab/nothing");
        for at in [&place(), &elsewhere] {
            store.add_tags(at, 0, &["v1".into()]).unwrap();
            store.observe(at, &observed("v1", &digest, 5)).unwrap();
        }
        store.note_tags(&looked_at, None).unwrap();
        let seen = || store.repositories_seen(&place().host).unwrap();
        assert_eq!(seen(), ["lab/tool"]);
        store.finish_tags(&place(), &["v1".into()], 9).unwrap();
        assert_eq!(seen(), [""; 0]);
    }
}
