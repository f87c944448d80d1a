//! Cached lists of tags, one of a repository.
//!
//! A list that was not read whole only adds: what it lacks is not known to be gone. Not here: a part of one with all that is known
//! of its tags (`list_parts`).

use crate::{Error, Place, Store, moves, rows};
use oci::Digest;
use rusqlite::{Connection, Row};

/// The most tags of one place that are kept of lists which were not read whole, or are known by nothing but their name.
const MOST: i64 = 200_000;

pub(crate) const COLUMNS: &str = "name, digest, asked, trouble, deleted_at, shown_at";

/// One tag of the cached list, commit tags and the about tag included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTag {
    /// Its name.
    pub name: String,
    /// What it pointed at when it was last asked; none where it was never asked.
    pub digest: Option<Digest>,
    /// When the registry last showed that (seconds, UTC); none where it was never asked since the tag was last missing.
    pub shown_at: Option<i64>,
    /// True where it was asked since the list was last fetched.
    pub asked: bool,
    /// Why it couldn't be asked, as the app wrote it.
    pub trouble: Option<String>,
    /// When a refresh first missed it (seconds, UTC).
    pub deleted_at: Option<i64>,
}

/// What was learnt of one tag by asking for it or by a deletion.
#[derive(Clone, Debug)]
pub enum TagChange {
    /// It points at this digest, as the registry showed at this time (seconds, UTC).
    PointsAt(Digest, i64),
    /// It couldn't be asked, and why: in the app's form, which is no sentence.
    Trouble(String),
    /// It was deleted here at this time (seconds, UTC). What someone else deleted is told by [`Store::missed_tag`].
    Gone(i64),
}

impl Store {
    /// Returns all cached tags of a place in the registry's order, and when the list was last fetched whole (seconds,
    /// UTC).
    pub fn tags(&self, place: &Place) -> Result<(Vec<ListedTag>, Option<i64>), Error> {
        self.at(place, |connection, id| {
            let tags = rows::all(
                connection,
                &format!("SELECT {COLUMNS} FROM tags WHERE place = ?1 ORDER BY position, name"),
                [id],
                listed,
            )?;
            Ok((tags, refreshed_at(connection, id)?))
        })
    }

    /// Returns the cached tag `name` and all tags whose name begins with `prefix`, so that a tag comes with its commit
    /// tags.
    pub fn tag_with_prefix(
        &self,
        place: &Place,
        name: &str,
        prefix: &str,
    ) -> Result<Vec<ListedTag>, Error> {
        // A tag is ASCII and its last character sorts below DEL, so this upper end takes every name with the prefix.
        let end = format!("{prefix}\u{7f}");
        self.at(place, |connection, id| {
            // Two searches of the key; one with OR would read the whole list.
            rows::all(
                connection,
                &format!(
                    "SELECT {COLUMNS} FROM tags WHERE place = ?1 AND name = ?2
                     UNION ALL SELECT {COLUMNS} FROM tags
                     WHERE place = ?1 AND name >= ?3 AND name < ?4 AND name <> ?2 ORDER BY name"
                ),
                (id, name, prefix, end),
                listed,
            )
        })
    }

    /// Tells whether a tag is among those that were last listed or seen, and was not found gone since.
    pub fn is_listed(&self, place: &Place, name: &str) -> Result<bool, Error> {
        self.at(place, |connection, id| {
            rows::first(
                connection,
                "SELECT 1 FROM tags WHERE place = ?1 AND name = ?2 AND deleted_at IS NULL",
                (id, name),
                |_| Ok(true),
            )
            .map(Option::unwrap_or_default)
        })
    }

    /// Adds a page of tags; the first of them stands at `position` in the registry's list.
    pub fn add_tags(&self, place: &Place, position: usize, names: &[String]) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            insert_tags(transaction, id, position, names)
        })
    }

    /// Adds tags that the list did not have, each with its position in the registry's list.
    pub fn add_new_tags(&self, place: &Place, new: &[(usize, String)]) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            for (position, name) in new {
                insert_tags(transaction, id, *position, std::slice::from_ref(name))?;
            }
            Ok(())
        })
    }

    /// Puts tags of the list in this order.
    pub fn order_tags(&self, place: &Place, names: &[String]) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            let mut moves = transaction.prepare_cached(
                "UPDATE tags SET position = ?3 WHERE place = ?1 AND name = ?2 AND position <> ?3",
            )?;
            for (position, name) in names.iter().enumerate() {
                moves.execute((id, name, i64::try_from(position).unwrap_or(i64::MAX)))?;
            }
            Ok(())
        })
    }

    /// Forgets tags, and that they point anywhere now, as if nobody had told of them. What they pointed at before stays.
    pub fn forget_tags(&self, place: &Place, names: &[String]) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            for name in names {
                for forget in [
                    "DELETE FROM tags WHERE place = ?1 AND name = ?2",
                    "DELETE FROM seen WHERE place = ?1 AND tag = ?2 AND ended_at IS NULL",
                ] {
                    transaction.prepare_cached(forget)?.execute((id, name))?;
                }
            }
            Ok(())
        })
    }

    /// Ends a refresh that fetched the list whole at `at` (seconds, UTC) and did not find the `missed` tags, which were
    /// listed before: someone else deleted them. Their periods end and their rows stay. Returns the ids of the moves
    /// that were recorded for them.
    pub fn finish_tags(
        &self,
        place: &Place,
        missed: &[String],
        at: i64,
    ) -> Result<Vec<i64>, Error> {
        self.change_at(place, |transaction, id| {
            let mut moved = Vec::new();
            for name in missed {
                moved.extend(moves::record_gone(transaction, id, name, at)?);
                gone(transaction, id, name, at)?;
            }
            transaction.execute(
                "UPDATE places SET refreshed_at = ?2 WHERE id = ?1",
                (id, at),
            )?;
            if count_tags(transaction, id)? > MOST {
                transaction.execute(
                    "DELETE FROM tags WHERE place = ?1 AND digest IS NULL AND deleted_at IS NOT NULL",
                    [id],
                )?;
            }
            Ok(moved)
        })
    }

    /// Ends a fetch that may lack something: what is listed stays beside `names`, which came. Where there is more than is kept,
    /// what is known by its name alone makes room for them.
    pub fn end_tags_in_doubt(&self, place: &Place, names: &[String]) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            if count_tags(transaction, id)? > MOST {
                transaction
                    .execute("DELETE FROM tags WHERE place = ?1 AND digest IS NULL", [id])?;
                insert_tags(transaction, id, 0, names)?;
            }
            Ok(())
        })
    }

    /// Returns what is to be known of the list of a place, as the app wrote it.
    pub fn tags_note(&self, place: &Place) -> Result<Option<String>, Error> {
        self.at(place, |connection, id| {
            Ok(
                connection.query_row(
                    "SELECT list_note FROM places WHERE id = ?1",
                    [id],
                    |row| row.get(0),
                )?,
            )
        })
    }

    /// Notes what is to be known of the list of a place, in the app's form, which is no sentence; none: nothing.
    pub fn note_tags(&self, place: &Place, note: Option<&str>) -> Result<(), Error> {
        self.change_at(place, |transaction, id| {
            transaction.execute("UPDATE places SET list_note = ?2 WHERE id = ?1", (id, note))?;
            Ok(())
        })
    }

    /// Records that one tag was asked for at `at` (seconds, UTC) and that someone else had deleted it. Returns the id
    /// of the move that was recorded for it.
    pub fn missed_tag(&self, place: &Place, name: &str, at: i64) -> Result<Option<i64>, Error> {
        self.change_at(place, |transaction, id| {
            let moved = moves::record_gone(transaction, id, name, at)?;
            gone(transaction, id, name, at)?;
            Ok(moved)
        })
    }

    /// Stores what was learnt of one tag. A tag that the list does not have and that points at something is added at
    /// its end.
    pub fn change_tag(&self, place: &Place, name: &str, change: &TagChange) -> Result<(), Error> {
        self.change_at(place, |transaction, id| match change {
            TagChange::PointsAt(digest, at) => points_at(transaction, id, name, digest, *at),
            TagChange::Trouble(why) => {
                transaction.execute(
                    "UPDATE tags SET asked = 1, trouble = ?3 WHERE place = ?1 AND name = ?2",
                    (id, name, why),
                )?;
                Ok(())
            }
            TagChange::Gone(at) => {
                moves::forget(transaction, id, name, None, *at)?;
                gone(transaction, id, name, *at)
            }
        })
    }
}

/// Returns when the list of a place was last fetched whole (seconds, UTC).
pub(crate) fn refreshed_at(connection: &Connection, id: i64) -> Result<Option<i64>, Error> {
    Ok(connection.query_row(
        "SELECT refreshed_at FROM places WHERE id = ?1",
        [id],
        |row| row.get(0),
    )?)
}

pub(crate) fn count_tags(connection: &Connection, id: i64) -> Result<i64, Error> {
    Ok(
        connection.query_row("SELECT count(*) FROM tags WHERE place = ?1", [id], |row| {
            row.get(0)
        })?,
    )
}

pub(crate) fn points_at(
    connection: &Connection,
    id: i64,
    name: &str,
    digest: &Digest,
    at: i64,
) -> Result<(), Error> {
    let known = connection
        .prepare_cached(
            "UPDATE tags SET digest = ?3, shown_at = ?4, asked = 1, trouble = NULL, deleted_at = NULL
             WHERE place = ?1 AND name = ?2",
        )?
        .execute((id, name, digest.as_str(), at))?;
    // The end of the list is looked for only where it is needed: that reads the whole list.
    if known == 0 {
        connection
            .prepare_cached(
                "INSERT INTO tags(place, name, position, digest, shown_at, asked) VALUES (?1, ?2,
                   (SELECT coalesce(max(position), 0) + 1 FROM tags WHERE place = ?1), ?3, ?4, 1)",
            )?
            .execute((id, name, digest.as_str(), at))?;
    }
    Ok(())
}

fn insert_tags(
    connection: &Connection,
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

fn gone(connection: &Connection, id: i64, name: &str, at: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE tags SET asked = 1, shown_at = NULL, trouble = NULL, deleted_at = coalesce(deleted_at, ?3)
             WHERE place = ?1 AND name = ?2",
        )?
        .execute((id, name, at))?;
    connection
        .prepare_cached("UPDATE seen SET ended_at = max(?3, last_seen) WHERE place = ?1 AND tag = ?2 AND ended_at IS NULL")?
        .execute((id, name, at))?;
    Ok(())
}

pub(crate) fn listed(row: &Row<'_>) -> Result<ListedTag, Error> {
    Ok(ListedTag {
        name: row.get(0)?,
        digest: rows::digest_if_any(row, 1)?,
        asked: row.get(2)?,
        trouble: row.get(3)?,
        deleted_at: row.get(4)?,
        shown_at: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::place;

    #[test]
    fn that_a_tag_was_shown_holds_until_it_is_missed() {
        let store = Store::in_memory().unwrap();
        let place = place();
        let names = ["v1".to_owned()];
        let digest = Digest::sha256_of(b"a");
        let stands = || {
            let tag = store.tags(&place).unwrap().0.remove(0);
            (tag.digest, tag.shown_at)
        };
        store.add_tags(&place, 0, &names).unwrap();
        assert_eq!(stands(), (None, None));
        let shown = TagChange::PointsAt(digest.clone(), 10);
        store.change_tag(&place, "v1", &shown).unwrap();
        // A list that has it still contradicts nothing.
        store.add_tags(&place, 0, &names).unwrap();
        assert_eq!(stands(), (Some(digest.clone()), Some(10)));
        // One that misses it does, and who puts the name there again may have put it on anything.
        store.finish_tags(&place, &names, 20).unwrap();
        store.add_tags(&place, 0, &names).unwrap();
        assert_eq!(stands(), (Some(digest.clone()), None));
        store.change_tag(&place, "v1", &shown).unwrap();
        store.missed_tag(&place, "v1", 30).unwrap();
        assert_eq!(stands(), (Some(digest), None));
    }
}
