//! What a deletion took, so that it can be put back. The manifests themselves are kept for ever (`content`).

use crate::{Error, Place, Store, place_id};
use rusqlite::OptionalExtension;

/// How many deletions can be undone; older ones are forgotten.
const MOST: i64 = 100;

/// One deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUndo {
    /// The account it was done with.
    pub account: i64,
    /// Where.
    pub place: Place,
    /// What it took, as the use case wrote it.
    pub content: String,
}

impl Store {
    /// Remembers a deletion; its id.
    pub fn add_undo(&self, undo: &StoredUndo, at: i64) -> Result<i64, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let place = place_id(&transaction, &undo.place)?;
        transaction.execute(
            "INSERT INTO undo(account, place, at, content) VALUES (?1, ?2, ?3, ?4)",
            (undo.account, place, at, &undo.content),
        )?;
        let id = transaction.last_insert_rowid();
        transaction.execute("DELETE FROM undo WHERE id <= ?1", [id - MOST])?;
        transaction.commit()?;
        Ok(id)
    }

    /// A deletion that can still be undone.
    pub fn undo(&self, id: i64) -> Result<Option<StoredUndo>, Error> {
        let row = self
            .lock()
            .query_row(
                "SELECT u.account, p.host, p.repository, u.content FROM undo u
                 JOIN places p ON p.id = u.place WHERE u.id = ?1",
                [id],
                |row| {
                    Ok((
                        row.get(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, String>(2)?,
                        row.get(3)?,
                    ))
                },
            )
            .optional()?;
        let Some((account, host, repository, content)) = row else {
            return Ok(None);
        };
        let wrong = |error: oci::ReferenceError| Error::Content(error.to_string());
        Ok(Some(StoredUndo {
            account,
            place: Place {
                host: oci::Host::parse(&host).map_err(wrong)?,
                repository: oci::RepositoryName::parse(&repository).map_err(wrong)?,
            },
            content,
        }))
    }

    /// What is left to put back of a deletion; nothing: it is forgotten.
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

    fn undo(content: &str) -> StoredUndo {
        StoredUndo {
            account: 3,
            place: Place {
                host: oci::Host::parse("lab.example").unwrap(),
                repository: oci::RepositoryName::parse("lab/tool").unwrap(),
            },
            content: content.to_owned(),
        }
    }

    #[test]
    fn a_deletion_is_remembered_shrinks_and_is_forgotten() {
        let store = Store::in_memory().unwrap();
        let id = store.add_undo(&undo("two"), 1).unwrap();
        assert_eq!(store.undo(id).unwrap(), Some(undo("two")));
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
