//! Cached lists: repositories of an account, tags of a repository.

use crate::{Error, Place, Store, digest, find_place, moves, place_id};
use oci::Digest;
use rusqlite::OptionalExtension;

/// One tag of the cached list, commit tags and the about tag included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTag {
    /// Its name.
    pub name: String,
    /// What it pointed at when it was last asked.
    pub digest: Option<Digest>,
    /// Asked since the list was last fetched.
    pub asked: bool,
    /// Why it couldn't be asked, as a sentence.
    pub trouble: Option<String>,
    /// When a refresh first missed it (seconds, UTC).
    pub deleted_at: Option<i64>,
}

/// What was learnt of one tag.
#[derive(Clone, Debug)]
pub enum TagChange {
    /// It points at this.
    PointsAt(Digest),
    /// It couldn't be asked.
    Trouble(String),
    /// It was deleted here, just then. (One that someone else deleted is [`Store::missed_tag`].)
    Gone(i64),
}

impl Store {
    /// The repositories of an account, sorted, and when the list was last fetched whole.
    pub fn repositories(&self, account: i64) -> Result<(Vec<String>, Option<i64>), Error> {
        let connection = self.lock();
        let mut query = connection
            .prepare_cached("SELECT name FROM repositories WHERE account = ?1 ORDER BY name")?;
        let names = query
            .query_map([account], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let at = connection
            .query_row(
                "SELECT refreshed_at FROM repository_lists WHERE account = ?1",
                [account],
                |row| row.get(0),
            )
            .optional()?;
        Ok((names, at))
    }

    /// Adds a page of repositories.
    pub fn add_repositories(&self, account: i64, names: &[String]) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT OR IGNORE INTO repositories(account, name) VALUES (?1, ?2)",
            )?;
            for name in names {
                insert.execute((account, name))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// The list was fetched whole: what it did not name goes.
    pub fn finish_repositories(
        &self,
        account: i64,
        names: &[String],
        at: i64,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM repositories WHERE account = ?1", [account])?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT OR IGNORE INTO repositories(account, name) VALUES (?1, ?2)",
            )?;
            for name in names {
                insert.execute((account, name))?;
            }
        }
        transaction.execute(
            "INSERT INTO repository_lists(account, refreshed_at) VALUES (?1, ?2)
             ON CONFLICT(account) DO UPDATE SET refreshed_at = excluded.refreshed_at",
            (account, at),
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// All cached tags of a place in the registry's order, and when the list was last fetched whole.
    pub fn tags(&self, place: &Place) -> Result<(Vec<ListedTag>, Option<i64>), Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok((Vec::new(), None));
        };
        let mut query = connection.prepare_cached(
            "SELECT name, digest, asked, trouble, deleted_at FROM tags WHERE place = ?1 ORDER BY position, name",
        )?;
        let rows = query
            .query_map([id], read)?
            .collect::<Result<Vec<_>, _>>()?;
        let at = connection.query_row(
            "SELECT refreshed_at FROM places WHERE id = ?1",
            [id],
            |row| row.get(0),
        )?;
        Ok((rows.into_iter().map(listed).collect::<Result<_, _>>()?, at))
    }

    /// One cached tag and all tags whose name begins with `prefix` (the commit tags of one tag).
    pub fn tag_with_prefix(
        &self,
        place: &Place,
        name: &str,
        prefix: &str,
    ) -> Result<Vec<ListedTag>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        // A tag is ASCII and its last character sorts below DEL, so this upper end takes every name with the prefix.
        let end = format!("{prefix}\u{7f}");
        // Two searches of the key; one with OR would read the whole list.
        let mut query = connection.prepare_cached(
            "SELECT name, digest, asked, trouble, deleted_at FROM tags WHERE place = ?1 AND name = ?2
             UNION ALL SELECT name, digest, asked, trouble, deleted_at FROM tags
             WHERE place = ?1 AND name >= ?3 AND name < ?4 AND name <> ?2 ORDER BY name",
        )?;
        let rows = query
            .query_map((id, name, prefix, end), read)?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(listed).collect()
    }

    /// Adds a page of tags, the first of which stands at `position` in the registry's list.
    pub fn add_tags(&self, place: &Place, position: usize, names: &[String]) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = place_id(&transaction, place)?;
        insert_tags(&transaction, id, position, names)?;
        transaction.commit()?;
        Ok(())
    }

    /// Adds tags that the list did not have, each with its position.
    pub fn add_new_tags(&self, place: &Place, new: &[(usize, String)]) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = place_id(&transaction, place)?;
        for (position, name) in new {
            insert_tags(&transaction, id, *position, std::slice::from_ref(name))?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The list was fetched whole, and without these tags that were listed before: someone deleted them. Their periods
    /// end, their rows stay; the moves that were recorded for it are given back.
    pub fn finish_tags(
        &self,
        place: &Place,
        missed: &[String],
        at: i64,
    ) -> Result<Vec<i64>, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = place_id(&transaction, place)?;
        let mut moved = Vec::new();
        for name in missed {
            moved.extend(moves::record_gone(&transaction, id, name, at)?);
            gone(&transaction, id, name, at)?;
        }
        transaction.execute(
            "UPDATE places SET refreshed_at = ?2 WHERE id = ?1",
            (id, at),
        )?;
        transaction.commit()?;
        Ok(moved)
    }

    /// The registry was asked for one tag, and someone has deleted it; the move that was recorded for it.
    pub fn missed_tag(&self, place: &Place, name: &str, at: i64) -> Result<Option<i64>, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = place_id(&transaction, place)?;
        let moved = moves::record_gone(&transaction, id, name, at)?;
        gone(&transaction, id, name, at)?;
        transaction.commit()?;
        Ok(moved)
    }

    /// What was learnt of one tag; a tag the list did not have yet is added at its end.
    pub fn change_tag(&self, place: &Place, name: &str, change: &TagChange) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = place_id(&transaction, place)?;
        match change {
            TagChange::PointsAt(digest) => {
                let known = transaction
                    .prepare_cached(
                        "UPDATE tags SET digest = ?3, asked = 1, trouble = NULL, deleted_at = NULL
                         WHERE place = ?1 AND name = ?2",
                    )?
                    .execute((id, name, digest.as_str()))?;
                // The end of the list is looked for only where it is needed: that reads the whole list.
                if known == 0 {
                    transaction
                        .prepare_cached(
                            "INSERT INTO tags(place, name, position, digest, asked) VALUES (?1, ?2,
                               (SELECT coalesce(max(position), 0) + 1 FROM tags WHERE place = ?1), ?3, 1)",
                        )?
                        .execute((id, name, digest.as_str()))?;
                }
            }
            TagChange::Trouble(sentence) => {
                transaction.execute(
                    "UPDATE tags SET asked = 1, trouble = ?3 WHERE place = ?1 AND name = ?2",
                    (id, name, sentence),
                )?;
            }
            TagChange::Gone(at) => {
                moves::forget(&transaction, id, name, None, *at)?;
                gone(&transaction, id, name, *at)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

fn insert_tags(
    connection: &rusqlite::Connection,
    id: i64,
    position: usize,
    names: &[String],
) -> Result<(), Error> {
    // A listed tag is to be asked again; what it last pointed at stays until then.
    let mut insert = connection.prepare_cached(
        "INSERT INTO tags(place, name, position) VALUES (?1, ?2, ?3)
         ON CONFLICT(place, name) DO UPDATE SET position = excluded.position, asked = 0, trouble = NULL, deleted_at = NULL",
    )?;
    for (offset, name) in names.iter().enumerate() {
        insert.execute((
            id,
            name,
            i64::try_from(position + offset).unwrap_or(i64::MAX),
        ))?;
    }
    Ok(())
}

fn gone(connection: &rusqlite::Connection, id: i64, name: &str, at: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE tags SET asked = 1, trouble = NULL, deleted_at = coalesce(deleted_at, ?3)
             WHERE place = ?1 AND name = ?2",
        )?
        .execute((id, name, at))?;
    connection
        .prepare_cached("UPDATE seen SET ended_at = max(?3, last_seen) WHERE place = ?1 AND tag = ?2 AND ended_at IS NULL")?
        .execute((id, name, at))?;
    Ok(())
}

type Raw = (String, Option<String>, bool, Option<String>, Option<i64>);

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
    ))
}

fn listed((name, points_at, asked, trouble, deleted_at): Raw) -> Result<ListedTag, Error> {
    let digest = points_at.as_deref().map(digest).transpose()?;
    Ok(ListedTag {
        name,
        digest,
        asked,
        trouble,
        deleted_at,
    })
}
