//! Tags that someone else moved: one row a change, written in the transaction that saw it.
//!
//! Not here: whether a move is told, shown or answered, and what is kept for it; that is the app's.

use crate::{Error, Observation, Place, Store, digest, find_place, place_id, seen};
use oci::{CommitTag, Digest};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::HashMap;

#[cfg(test)]
mod tests;

/// The tag under which a repository's words are kept: Longshore writes it itself, so its moves are no news.
const ABOUT: &str = "_about";
/// How many answered moves of a repository are remembered.
const REMEMBERED: i64 = 500;

/// A tag that someone else moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Never reused.
    pub id: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub old: Digest,
    /// What it was found to point at; none: it was gone.
    pub new: Option<Digest>,
    /// When it was noticed, by the registry's clock (seconds, UTC).
    pub at: i64,
    /// When the person looked at the repository after that (seconds, UTC).
    pub looked_at: Option<i64>,
    /// What became of it; the app gives it meaning.
    pub answered: Option<String>,
    /// A notification has told it.
    pub told: bool,
    /// The old commit is still to be kept, by a rule of the person's.
    pub to_rescue: bool,
}

/// What came of something seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The tag points at something else than before, or was never seen.
    pub news: bool,
    /// The move that was recorded for it.
    pub moved: Option<i64>,
    /// It put something right that had been moved away.
    pub answered: bool,
}

/// How long before it was recorded something done here may have been noticed (seconds).
const JUST_NOW: i64 = 60;
/// To be kept, and not done yet.
const TO_RESCUE: i64 = 1;
/// Was kept, or can't be.
const RESCUED: i64 = 2;

const COLUMNS: &str = "id, tag, old, new, at, looked_at, answered, told, rescue";

impl Store {
    /// Records what a tag was seen to point at, and, where someone else made it so, the move.
    pub fn observe_move(&self, place: &Place, seen: &Observation) -> Result<News, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let place = place_id(&transaction, place)?;
        let before = points_at(&transaction, place, &seen.tag)?;
        let news = seen::observe(&transaction, place, seen)?;
        let mut moved = None;
        if seen.exact {
            // Noticed while it was being done here, before it was recorded: then nobody else did it.
            forget(&transaction, place, &seen.tag, Some(&seen.digest), seen.at)?;
        } else if news && let Some(before) = before.filter(|before| before != seen.digest.as_str())
        {
            moved = record(
                &transaction,
                place,
                &seen.tag,
                &before,
                Some(&seen.digest),
                seen.at,
            )?;
        }
        // What the tag points at again needs no answer any more.
        let answered = transaction
            .prepare_cached(
                "UPDATE moves SET answered = 'back' WHERE place = ?1 AND tag = ?2 AND old = ?3 AND answered IS NULL",
            )?
            .execute((place, &seen.tag, seen.digest.as_str()))?;
        transaction.commit()?;
        Ok(News {
            news,
            moved,
            answered: answered > 0,
        })
    }

    /// The moves of a repository that were not answered, newest first.
    pub fn open_moves(&self, place: &Place, at_most: u32) -> Result<Vec<Move>, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM moves WHERE place = ?1 AND answered IS NULL ORDER BY id DESC LIMIT ?2"
        ))?;
        let rows = query.query_map((place, at_most), read)?;
        rows.map(|row| whole(row?)).collect()
    }

    /// The moves of a repository whose old commits are still to be kept, oldest first.
    pub fn to_rescue(&self, place: &Place, at_most: u32) -> Result<Vec<Move>, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM moves WHERE place = ?1 AND rescue = ?2 AND answered IS NULL ORDER BY id LIMIT ?3"
        ))?;
        let rows = query.query_map((place, TO_RESCUE, at_most), read)?;
        rows.map(|row| whole(row?)).collect()
    }

    /// One move, and where.
    pub fn find_move(&self, id: i64) -> Result<Option<(Place, Move)>, Error> {
        let connection = self.lock();
        let found = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM moves WHERE id = ?1"))?
            .query_row([id], read)
            .optional()?;
        let Some(row) = found else { return Ok(None) };
        let (host, repository): (String, String) = connection.query_row(
            "SELECT p.host, p.repository FROM moves m JOIN places p ON p.id = m.place WHERE m.id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(Some((
            crate::watches::place(&host, &repository)?,
            whole(row)?,
        )))
    }

    /// What became of a move.
    pub fn answer_move(&self, id: i64, answer: &str) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE moves SET answered = ?2 WHERE id = ?1 AND answered IS NULL",
            (id, answer),
        )?;
        Ok(())
    }

    /// The same for every move that displaced this commit; true where there was one.
    pub fn answer_moves_from(
        &self,
        place: &Place,
        tag: &str,
        old: &Digest,
        answer: &str,
    ) -> Result<bool, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(false);
        };
        let changed = connection.execute(
            "UPDATE moves SET answered = ?4 WHERE place = ?1 AND tag = ?2 AND old = ?3 AND answered IS NULL",
            (place, tag, old.as_str(), answer),
        )?;
        Ok(changed > 0)
    }

    /// The person has looked at a repository; true where there was something new to look at.
    pub fn look_at_moves(&self, place: &Place, at: i64) -> Result<bool, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(false);
        };
        let changed = connection.execute(
            "UPDATE moves SET looked_at = ?2 WHERE place = ?1 AND looked_at IS NULL",
            (place, at),
        )?;
        Ok(changed > 0)
    }

    /// A notification tells it; true for the first to ask, so that it is told once.
    pub fn tell_move(&self, id: i64) -> Result<bool, Error> {
        let changed = self
            .lock()
            .execute("UPDATE moves SET told = 1 WHERE id = ?1 AND told = 0", [id])?;
        Ok(changed > 0)
    }

    /// The old commit is to be kept by itself. Once a tag and commit, ever: false where that was so before.
    pub fn order_rescue(&self, id: i64) -> Result<bool, Error> {
        let changed = self.lock().execute(
            "UPDATE moves SET rescue = ?2 WHERE id = ?1 AND rescue = 0 AND NOT EXISTS (
               SELECT 1 FROM moves m WHERE m.place = moves.place AND m.tag = moves.tag AND m.old = moves.old
               AND m.rescue > 0)",
            (id, TO_RESCUE),
        )?;
        Ok(changed > 0)
    }

    /// It is kept now, or can't be; true for the first to say so, so that it is written once.
    pub fn end_rescue(&self, id: i64) -> Result<bool, Error> {
        let changed = self.lock().execute(
            "UPDATE moves SET rescue = ?2 WHERE id = ?1 AND rescue = ?3",
            (id, RESCUED, TO_RESCUE),
        )?;
        Ok(changed > 0)
    }

    /// The newest time each tag of a repository was moved by someone else, where that was not answered.
    pub fn moved_tags(&self, place: &Place) -> Result<HashMap<String, i64>, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(HashMap::new());
        };
        let mut query = connection.prepare_cached(
            "SELECT tag, max(at) FROM moves WHERE place = ?1 AND answered IS NULL GROUP BY tag",
        )?;
        let rows = query.query_map([place], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When each tag of a repository was last seen (seconds, UTC).
    pub fn last_seen(&self, place: &Place) -> Result<HashMap<String, i64>, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(HashMap::new());
        };
        let mut query = connection
            .prepare_cached("SELECT tag, max(last_seen) FROM seen WHERE place = ?1 GROUP BY tag")?;
        let rows = query.query_map([place], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What a tag is known to point at: its open period.
fn points_at(connection: &Connection, place: i64, tag: &str) -> Result<Option<String>, Error> {
    let last: Option<(String, Option<i64>)> = connection
        .prepare_cached(
            "SELECT digest, ended_at FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((place, tag), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last.and_then(|(digest, ended)| ended.is_none().then_some(digest)))
}

/// A tag was found to be gone, and nobody here deleted it. To be called before its period is ended.
pub(crate) fn record_gone(
    connection: &Connection,
    place: i64,
    tag: &str,
    at: i64,
) -> Result<Option<i64>, Error> {
    match points_at(connection, place, tag)? {
        Some(before) => record(connection, place, tag, &before, None, at),
        None => Ok(None),
    }
}

fn record(
    connection: &Connection,
    place: i64,
    tag: &str,
    old: &str,
    new: Option<&Digest>,
    at: i64,
) -> Result<Option<i64>, Error> {
    if tag == ABOUT || CommitTag::parse(tag).is_some() {
        return Ok(None);
    }
    connection
        .prepare_cached("INSERT INTO moves(place, tag, old, new, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((place, tag, old, new.map(Digest::as_str), at))?;
    let id = connection.last_insert_rowid();
    // What was rescued is remembered, so that it is never done twice.
    connection
        .prepare_cached(
            "DELETE FROM moves WHERE place = ?1 AND answered IS NOT NULL AND rescue = 0 AND id <= (
               SELECT id FROM moves WHERE place = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute((place, REMEMBERED))?;
    Ok(Some(id))
}

/// Something was done here just now: a move that says someone else did goes.
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

type Raw = (
    i64,
    String,
    String,
    Option<String>,
    i64,
    Option<i64>,
    Option<String>,
    bool,
    i64,
);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn whole((id, tag, old, new, at, looked_at, answered, told, rescue): Raw) -> Result<Move, Error> {
    Ok(Move {
        id,
        tag,
        old: digest(&old)?,
        new: new.as_deref().map(digest).transpose()?,
        at,
        looked_at,
        answered,
        told,
        to_rescue: rescue == TO_RESCUE,
    })
}
