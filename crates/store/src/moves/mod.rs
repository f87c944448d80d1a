//! Tags that someone else moved: one row a change, written in the transaction that saw it.
//!
//! Not here: whether a move is told, shown or answered, and what is kept for it; that is the app's.

#[cfg(test)]
mod tests;

use crate::{Error, Observation, Place, Store, deletions, rows, seen};
use oci::{ABOUT_TAG, CommitTag, Digest};
use rusqlite::{Connection, Row, Transaction};
use std::collections::HashMap;

/// The number of moves of a repository that are remembered; older ones go once they are answered.
const REMEMBERED: i64 = 500;

/// A tag that someone else moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMove {
    /// Never reused.
    pub id: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at before.
    pub old: Digest,
    /// What it was found to point at; none where the tag was gone.
    pub new: Option<Digest>,
    /// When it was noticed, by the registry's clock (seconds, UTC).
    pub at: i64,
    /// When the person looked at the repository after that (seconds, UTC).
    pub looked_at: Option<i64>,
    /// What the person or the app did about it, as a word of the app's; none while it is open.
    pub answered: Option<String>,
    /// True once a notification has told it.
    pub told: bool,
    /// True while the old commit waits to be kept, because a rule of the person's says so.
    pub to_rescue: bool,
    /// Why the old commit could not be kept, or not yet, as the app wrote it.
    pub trouble: Option<String>,
}

/// What came of one observation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// True where the tag points at something else than before, or was never seen.
    pub news: bool,
    /// The id of the move that was recorded for it.
    pub moved: Option<i64>,
    /// True where it answered a move: the tag points again at what it was moved away from.
    pub answered: bool,
}

/// How long before its record a change of ours may have been noticed as somebody else's (seconds).
const JUST_NOW: i64 = 60;
/// The value of `rescue` while the old commit waits to be kept.
const TO_RESCUE: i64 = 1;
/// The value of `rescue` once the old commit was kept, or could not be.
const RESCUED: i64 = 2;

const COLUMNS: &str = "id, tag, old, new, at, looked_at, answered, told, rescue, trouble";

impl Store {
    /// Records what a tag was seen to point at and, where someone else moved it there, the move.
    pub fn observe_move(&self, place: &Place, seen: &Observation) -> Result<News, Error> {
        self.change_at(place, |transaction, place| {
            observe(transaction, place, seen)
        })
    }

    /// Returns the open moves of a repository, newest first and at most `at_most`.
    pub fn open_moves(&self, place: &Place, at_most: u32) -> Result<Vec<TagMove>, Error> {
        self.at(place, |connection, place| {
            rows::all(
                connection,
                &format!(
                    "SELECT {COLUMNS} FROM moves WHERE place = ?1 AND answered IS NULL ORDER BY id DESC LIMIT ?2"
                ),
                (place, at_most),
                whole,
            )
        })
    }

    /// Returns the open moves of a repository whose old commits wait to be kept, oldest first and at most `at_most`.
    pub fn to_rescue(&self, place: &Place, at_most: u32) -> Result<Vec<TagMove>, Error> {
        self.at(place, |connection, place| {
            rows::all(
                connection,
                &format!(
                    "SELECT {COLUMNS} FROM moves WHERE place = ?1 AND rescue = ?2 AND answered IS NULL ORDER BY id LIMIT ?3"
                ),
                (place, TO_RESCUE, at_most),
                whole,
            )
        })
    }

    /// Returns one move and its place.
    pub fn find_move(&self, id: i64) -> Result<Option<(Place, TagMove)>, Error> {
        let connection = self.lock();
        let found = rows::first(
            &connection,
            &format!("SELECT {COLUMNS} FROM moves WHERE id = ?1"),
            [id],
            whole,
        )?;
        let place = rows::first(
            &connection,
            "SELECT p.host, p.repository FROM moves m JOIN places p ON p.id = m.place WHERE m.id = ?1",
            [id],
            |row| rows::place(row, 0),
        )?;
        Ok(place.zip(found))
    }

    /// Stores what became of a move. An earlier answer stays.
    pub fn answer_move(&self, id: i64, answer: &str) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE moves SET answered = ?2 WHERE id = ?1 AND answered IS NULL",
            (id, answer),
        )?;
        Ok(())
    }

    /// Answers every open move that displaced this commit. Returns true where there was one.
    pub fn answer_moves_from(
        &self,
        place: &Place,
        tag: &str,
        old: &Digest,
        answer: &str,
    ) -> Result<bool, Error> {
        self.at(place, |connection, place| {
            let changed = connection.execute(
                "UPDATE moves SET answered = ?4 WHERE place = ?1 AND tag = ?2 AND old = ?3 AND answered IS NULL",
                (place, tag, old.as_str(), answer),
            )?;
            Ok(changed > 0)
        })
    }

    /// Records that the person looked at a repository at `at` (seconds, UTC). Returns true where a move was new to
    /// them.
    pub fn look_at_moves(&self, place: &Place, at: i64) -> Result<bool, Error> {
        self.at(place, |connection, place| {
            let changed = connection.execute(
                "UPDATE moves SET looked_at = ?2 WHERE place = ?1 AND looked_at IS NULL",
                (place, at),
            )?;
            Ok(changed > 0)
        })
    }

    /// Marks a move as told by a notification. Returns true for the first caller only, so that it is told once.
    pub fn tell_move(&self, id: i64) -> Result<bool, Error> {
        let changed = self
            .lock()
            .execute("UPDATE moves SET told = 1 WHERE id = ?1 AND told = 0", [id])?;
        Ok(changed > 0)
    }

    /// Orders that the old commit of a move is kept. Returns false where that was ordered for this move before: once a move,
    /// and again where the same commit is displaced again, since what kept it may be gone by then.
    pub fn order_rescue(&self, id: i64) -> Result<bool, Error> {
        let changed = self.lock().execute(
            "UPDATE moves SET rescue = ?2 WHERE id = ?1 AND rescue = 0",
            (id, TO_RESCUE),
        )?;
        Ok(changed > 0)
    }

    /// Returns the repositories in which an old commit is still to be kept.
    pub fn places_to_rescue(&self) -> Result<Vec<Place>, Error> {
        rows::all(
            &self.lock(),
            "SELECT DISTINCT p.host, p.repository FROM moves m JOIN places p ON p.id = m.place
             WHERE m.rescue = ?1 AND m.answered IS NULL",
            [TO_RESCUE],
            |row| rows::place(row, 0),
        )
    }

    /// Takes back the order of a rescue: no rule of this computer asks for it any more. It may be ordered anew.
    pub fn take_back_rescue(&self, id: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE moves SET rescue = 0 WHERE id = ?1 AND rescue = ?2",
            (id, TO_RESCUE),
        )?;
        Ok(())
    }

    /// Records that an ordered rescue is over, done or, for this reason, given up. Returns true for the first caller only,
    /// so that it is told once.
    pub fn end_rescue(&self, id: i64, trouble: Option<&str>) -> Result<bool, Error> {
        let changed = self.lock().execute(
            "UPDATE moves SET rescue = ?2, trouble = ?4 WHERE id = ?1 AND rescue = ?3",
            (id, RESCUED, TO_RESCUE, trouble),
        )?;
        Ok(changed > 0)
    }

    /// Records why an ordered rescue could not be done now; it stays ordered.
    pub fn delay_rescue(&self, id: i64, trouble: &str) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE moves SET trouble = ?2 WHERE id = ?1 AND rescue = ?3",
            (id, trouble, TO_RESCUE),
        )?;
        Ok(())
    }

    /// Returns when each tag of a repository was last moved by someone else (seconds, UTC); tags without an open move
    /// are left out.
    pub fn moved_tags(&self, place: &Place) -> Result<HashMap<String, i64>, Error> {
        self.at(place, |connection, place| {
            let times = rows::all(
                connection,
                "SELECT tag, max(at) FROM moves WHERE place = ?1 AND answered IS NULL GROUP BY tag",
                [place],
                rows::pair,
            )?;
            Ok(times.into_iter().collect())
        })
    }

    /// Returns when each tag of a repository was last seen (seconds, UTC).
    pub fn last_seen(&self, place: &Place) -> Result<HashMap<String, i64>, Error> {
        self.at(place, |connection, place| {
            let times = rows::all(
                connection,
                "SELECT tag, max(last_seen) FROM seen WHERE place = ?1 GROUP BY tag",
                [place],
                rows::pair,
            )?;
            Ok(times.into_iter().collect())
        })
    }
}

/// Records what a tag was seen to point at and, where someone else moved it there, the move.
pub(crate) fn observe(
    transaction: &Transaction<'_>,
    place: i64,
    seen: &Observation,
) -> Result<News, Error> {
    let before = points_at(transaction, place, &seen.tag)?;
    let news = seen::observe(transaction, place, seen)?;
    let mut moved = None;
    if seen.exact {
        // Noticed while it was being done here, before it was recorded: then nobody else did it.
        forget(transaction, place, &seen.tag, Some(&seen.digest), seen.at)?;
    } else if news && let Some(before) = before.filter(|before| before != seen.digest.as_str()) {
        let new = Some(&seen.digest);
        moved = record(transaction, place, &seen.tag, &before, new, seen.at)?;
    }
    // What the tag points at again needs no answer any more.
    let answered = transaction
        .prepare_cached(
            "UPDATE moves SET answered = 'back' WHERE place = ?1 AND tag = ?2 AND old = ?3 AND answered IS NULL",
        )?
        .execute((place, &seen.tag, seen.digest.as_str()))?;
    Ok(News {
        news,
        moved,
        answered: answered > 0,
    })
}

/// Returns the digest that a tag is known to point at: that of its open period.
fn points_at(connection: &Connection, place: i64, tag: &str) -> Result<Option<String>, Error> {
    let last: Option<(String, Option<i64>)> = rows::first(
        connection,
        "SELECT digest, ended_at FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        (place, tag),
        rows::pair,
    )?;
    Ok(last.and_then(|(digest, ended)| ended.is_none().then_some(digest)))
}

/// Records the move of a tag that someone else deleted, and returns its id; none where this computer had asked for that.
/// Is called before the period of the tag ends, since it reads from that period what the tag pointed at.
pub(crate) fn record_gone(
    connection: &Connection,
    place: i64,
    tag: &str,
    at: i64,
) -> Result<Option<i64>, Error> {
    let Some(before) = points_at(connection, place, tag)? else {
        return Ok(None);
    };
    if deletions::was_asked(connection, place, tag, &before, at)? {
        return Ok(None);
    }
    record(connection, place, tag, &before, None, at)
}

fn record(
    connection: &Connection,
    place: i64,
    tag: &str,
    old: &str,
    new: Option<&Digest>,
    at: i64,
) -> Result<Option<i64>, Error> {
    if tag == ABOUT_TAG || CommitTag::parse(tag).is_some() {
        return Ok(None);
    }
    connection
        .prepare_cached("INSERT INTO moves(place, tag, old, new, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((place, tag, old, new.map(Digest::as_str), at))?;
    let id = connection.last_insert_rowid();
    connection
        .prepare_cached(
            "DELETE FROM moves WHERE place = ?1 AND answered IS NOT NULL AND id <= (
               SELECT id FROM moves WHERE place = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute((place, REMEMBERED))?;
    Ok(Some(id))
}

/// Deletes the newest move of a tag where it says of our own change, done just now, that someone else did it.
pub(crate) fn forget(
    connection: &Connection,
    place: i64,
    tag: &str,
    new: Option<&Digest>,
    at: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "DELETE FROM moves WHERE place = ?1 AND tag = ?2 AND new IS ?3 AND told = 0 AND at >= ?4
             AND id = (SELECT max(id) FROM moves WHERE place = ?1 AND tag = ?2)",
        )?
        .execute((
            place,
            tag,
            new.map(Digest::as_str),
            at.saturating_sub(JUST_NOW),
        ))?;
    Ok(())
}

fn whole(row: &Row<'_>) -> Result<TagMove, Error> {
    let rescue: i64 = row.get(8)?;
    Ok(TagMove {
        id: row.get(0)?,
        tag: row.get(1)?,
        old: rows::digest(row, 2)?,
        new: rows::digest_if_any(row, 3)?,
        at: row.get(4)?,
        looked_at: row.get(5)?,
        answered: row.get(6)?,
        told: row.get(7)?,
        to_rescue: rescue == TO_RESCUE,
        trouble: row.get(9)?,
    })
}
