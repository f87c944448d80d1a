//! What a deletion took, so that it can be put back. The manifests themselves are kept for ever (`content`).

use crate::{Error, Place, Store, rows};
use std::collections::HashSet;

/// The number of deletions that can be undone; older ones are forgotten.
const MOST: i64 = 100;

/// One deletion that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUndo {
    /// The id of the account it was done with.
    pub account: i64,
    /// The repository it was done in.
    pub place: Place,
    /// What it took, as the app wrote it.
    pub content: String,
}

impl Store {
    /// Stores a deletion that was done at `at` (seconds, UTC), and returns its id.
    pub fn add_undo(&self, undo: &StoredUndo, at: i64) -> Result<i64, Error> {
        self.change_at(&undo.place, |transaction, place| {
            transaction.execute(
                "INSERT INTO undo(account, place, at, content) VALUES (?1, ?2, ?3, ?4)",
                (undo.account, place, at, &undo.content),
            )?;
            let id = transaction.last_insert_rowid();
            transaction.execute("DELETE FROM undo WHERE id <= ?1", [id - MOST])?;
            Ok(id)
        })
    }

    /// Returns a deletion; none where it was undone or forgotten.
    pub fn undo(&self, id: i64) -> Result<Option<StoredUndo>, Error> {
        rows::first(
            &self.lock(),
            "SELECT u.account, p.host, p.repository, u.content FROM undo u
             JOIN places p ON p.id = u.place WHERE u.id = ?1",
            [id],
            |row| {
                Ok(StoredUndo {
                    account: row.get(0)?,
                    place: rows::place(row, 1)?,
                    content: row.get(3)?,
                })
            },
        )
    }

    /// Returns the ids of all deletions that can be undone.
    pub fn undoable(&self) -> Result<HashSet<i64>, Error> {
        let ids: Vec<i64> = rows::all(&self.lock(), "SELECT id FROM undo", (), |row| {
            Ok(row.get(0)?)
        })?;
        Ok(ids.into_iter().collect())
    }

    /// Stores what is left to put back of a deletion, or deletes it where nothing is left.
    pub fn change_undo(&self, id: i64, content: Option<&str>) -> Result<(), Error> {
        let connection = self.lock();
        match content {
            None => connection.execute("DELETE FROM undo WHERE id = ?1", [id])?,
            Some(content) => {
                connection.execute("UPDATE undo SET content = ?2 WHERE id = ?1", (id, content))?
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::place;

    fn undo(content: &str) -> StoredUndo {
        StoredUndo {
            account: 3,
            place: place(),
            content: content.to_owned(),
        }
    }

    #[test]
    fn a_deletion_is_remembered_shrinks_and_is_forgotten() {
        let store = Store::in_memory().unwrap();
        let id = store.add_undo(&undo("two"), 1).unwrap();
        assert_eq!(store.undo(id).unwrap(), Some(undo("two")));
        assert!(store.undoable().unwrap().contains(&id));
        store.change_undo(id, Some("one")).unwrap();
        assert_eq!(store.undo(id).unwrap(), Some(undo("one")));
        store.change_undo(id, None).unwrap();
        assert_eq!(store.undo(id).unwrap(), None);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let store = Store::in_memory().unwrap();
        let ids: Vec<i64> = (0..=MOST)
            .map(|at| store.add_undo(&undo("x"), at).unwrap())
            .collect();
        assert_eq!(store.undo(ids[0]).unwrap(), None);
        assert!(store.undo(ids[1]).unwrap().is_some());
    }
}
