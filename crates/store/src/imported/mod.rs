//! What other computers have seen, as their exports told it, and what an export of this computer tells.
//!
//! A record is known by its place, its tag, the computer it is from and its number there. The same record may come
//! again, later and longer, and then grows as a period does. So it doesn't matter how often or in which order
//! exports come. One that tells another commit under a known key is refused, and nothing is overwritten.

#[cfg(test)]
mod tests;

use crate::seen::Period;
use crate::{Error, Place, Store, begin, place_id, remember, rows};
use oci::Digest;
use rusqlite::{Connection, Row};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// One period as an export tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The computer it comes from, named by the id of its data folder.
    pub origin: String,
    /// The period's number there; later periods of a tag have larger ones.
    pub number: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// When it was first seen so (seconds, UTC).
    pub first_seen: i64,
    /// When it was last seen so (seconds, UTC).
    pub last_seen: i64,
    /// True where that computer itself pointed the tag there, at `first_seen`.
    pub exact: bool,
    /// When it was first seen to be over (seconds, UTC); none while it lasts.
    pub ended_at: Option<i64>,
    /// Who pointed the tag there, where that is known.
    pub who: Option<String>,
}

/// What an import made of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It was stored: it is new here, or tells more than was known.
    New,
    /// It told nothing that was not known.
    Known,
    /// It was refused: another commit is known under its key.
    Refused,
    /// It was refused: as much is known of its tag, or of its repository, as is kept.
    Full,
}

/// The most records of others that are kept of one tag: an hour apart for more than a year.
const MOST_OF_TAG: u32 = 10_000;
/// The most that are kept of one repository.
const MOST_OF_PLACE: u32 = 200_000;

/// The preference that holds this computer's id.
const ORIGIN: &str = "origin";

pub(crate) const COLUMNS: &str =
    "origin, number, tag, digest, first_seen, last_seen, exact, ended_at, who";

impl Store {
    /// Returns the id by which this computer's exports are known. It is made once, at random.
    pub fn origin(&self) -> Result<String, Error> {
        let connection = self.lock();
        connection.execute(
            "INSERT OR IGNORE INTO preferences(key, value) VALUES (?1, '\"' || lower(hex(randomblob(16))) || '\"')",
            [ORIGIN],
        )?;
        let text: String = connection.query_row(
            "SELECT value FROM preferences WHERE key = ?1",
            [ORIGIN],
            |row| row.get(0),
        )?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Stores what another computer, or this one at an earlier time, has exported: all of it, or nothing where the
    /// database fails. Returns what became of each record, in the same order. `own` is this computer's id.
    pub fn take_in(
        &self,
        own: &str,
        records: &[(Place, Record)],
    ) -> Result<Vec<ImportOutcome>, Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        let mut places: HashMap<&Place, i64> = HashMap::new();
        let mut taken = Vec::with_capacity(records.len());
        let mut room = Room::default();
        for (place, record) in records {
            let id = if let Some(id) = places.get(place) {
                *id
            } else {
                // Who takes in what others saw there wants to know of it again.
                remember(&transaction, &place.host)?;
                let id = place_id(&transaction, place)?;
                places.insert(place, id);
                id
            };
            taken.push(take_in(&transaction, own, id, record, &mut room)?);
        }
        transaction.commit()?;
        Ok(taken)
    }

    /// Returns what others saw of one tag, by computer and number.
    pub fn imported(&self, place: &Place, tag: &str) -> Result<Vec<Record>, Error> {
        self.at(place, |connection, id| {
            rows::all(
                connection,
                &format!("SELECT {COLUMNS} FROM imported WHERE place = ?1 AND tag = ?2 ORDER BY origin, number"),
                (id, tag),
                |row| record(row, 0),
            )
        })
    }

    /// Returns what others saw of every tag of a place, by tag.
    pub fn all_imported(&self, place: &Place) -> Result<HashMap<String, Vec<Record>>, Error> {
        self.at(place, |connection, id| {
            let records = rows::all(
                connection,
                &format!(
                    "SELECT {COLUMNS} FROM imported WHERE place = ?1 ORDER BY tag, origin, number"
                ),
                [id],
                |row| record(row, 0),
            )?;
            Ok(rows::by_tag(records, |record| &record.tag))
        })
    }

    /// Returns what an export tells, at most `limit` records: all that was seen here or imported, of one host and one
    /// repository where they are named. The order depends on nothing but the records.
    pub fn records(
        &self,
        host: Option<&oci::Host>,
        repository: Option<&oci::RepositoryName>,
        limit: u32,
    ) -> Result<Vec<(Place, Record)>, Error> {
        let own = self.origin()?;
        rows::all(
            &self.lock(),
            "SELECT p.host, p.repository, t.* FROM (
               SELECT place, ?1 AS origin, id AS number, tag, digest, first_seen, last_seen, exact, ended_at, who
                 FROM seen
               UNION ALL
               SELECT place, origin, number, tag, digest, first_seen, last_seen, exact, ended_at, who FROM imported
             ) t JOIN places p ON p.id = t.place
             WHERE (?2 IS NULL OR p.host = ?2) AND (?3 IS NULL OR p.repository = ?3)
             ORDER BY p.host, p.repository, t.tag, t.origin, t.number LIMIT ?4",
            (
                &own,
                host.map(oci::Host::as_str),
                repository.map(oci::RepositoryName::as_str),
                limit,
            ),
            // The third column is the place's own number.
            |row| Ok((rows::place(row, 0)?, record(row, 3)?)),
        )
    }
}

fn take_in(
    connection: &Connection,
    own: &str,
    place: i64,
    record: &Record,
    room: &mut Room,
) -> Result<ImportOutcome, Error> {
    if record.origin == own && told_here(connection, place, record)? {
        return Ok(ImportOutcome::Known);
    }
    let known = rows::first(
        connection,
        &format!(
            "SELECT {COLUMNS} FROM imported WHERE place = ?1 AND tag = ?2 AND origin = ?3 AND number = ?4"
        ),
        (place, &record.tag, &record.origin, record.number),
        |row| self::record(row, 0),
    )?;
    let grown = match known {
        Some(known) if known.digest != record.digest => return Ok(ImportOutcome::Refused),
        Some(known) => {
            let grown = known.clone().joined(record);
            if grown == known {
                return Ok(ImportOutcome::Known);
            }
            grown
        }
        None if !room.take(connection, place, &record.tag)? => return Ok(ImportOutcome::Full),
        None => record.clone(),
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO imported(place, tag, digest, first_seen, last_seen, exact, ended_at, who, origin,
               number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((
            place,
            &grown.tag,
            grown.digest.as_str(),
            grown.first_seen,
            grown.last_seen,
            grown.exact,
            grown.ended_at,
            &grown.who,
            &grown.origin,
            grown.number,
        ))?;
    Ok(ImportOutcome::New)
}

/// How many more records are kept of a place, and of each of its tags. Counted once, when the first of them comes.
#[derive(Default)]
struct Room {
    places: HashMap<i64, u32>,
    tags: HashMap<(i64, String), u32>,
}

impl Room {
    /// Takes the room of one record; false where there is none.
    fn take(&mut self, connection: &Connection, place: i64, tag: &str) -> Result<bool, Error> {
        let count = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<u32, Error> {
            Ok(connection.query_row(sql, params, |row| row.get(0))?)
        };
        let of_place = match self.places.entry(place) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let known = count("SELECT count(*) FROM imported WHERE place = ?1", &[&place])?;
                entry.insert(MOST_OF_PLACE.saturating_sub(known))
            }
        };
        let of_tag = match self.tags.entry((place, tag.to_owned())) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let sql = "SELECT count(*) FROM imported WHERE place = ?1 AND tag = ?2";
                let known = count(sql, &[&place, &tag])?;
                entry.insert(MOST_OF_TAG.saturating_sub(known))
            }
        };
        if *of_place == 0 || *of_tag == 0 {
            return Ok(false);
        }
        (*of_place, *of_tag) = (*of_place - 1, *of_tag - 1);
        Ok(true)
    }
}

/// Tells whether this computer's own database holds all that a record of this computer says. It may hold less: the data
/// folder was put back to an earlier day since the export, or is a copy of the one that exported.
fn told_here(connection: &Connection, place: i64, record: &Record) -> Result<bool, Error> {
    let own = crate::seen::period_of(connection, place, &record.tag, record.number)?;
    Ok(own.is_some_and(|own: Period| {
        let own = Record {
            origin: record.origin.clone(),
            number: own.id,
            tag: own.tag,
            digest: own.digest,
            first_seen: own.first_seen,
            last_seen: own.last_seen,
            exact: own.exact,
            ended_at: own.ended_at,
            who: own.who,
        };
        own.digest == record.digest && own.clone().joined(record) == own
    }))
}

impl Record {
    /// Joins two records of one period: the earliest beginning and the latest end. An end before a later sighting is none:
    /// the period went on, as where a deletion was undone. The order of the two does not matter.
    fn joined(mut self, other: &Self) -> Self {
        let begins = |record: &Self| (record.first_seen, !record.exact, record.who.clone());
        if begins(other) < begins(&self) {
            self.first_seen = other.first_seen;
            self.exact = other.exact;
            self.who.clone_from(&other.who);
        }
        self.last_seen = self.last_seen.max(other.last_seen);
        let last = self.last_seen;
        self.ended_at = self
            .ended_at
            .max(other.ended_at)
            .filter(|ended| *ended >= last);
        self
    }
}

pub(crate) fn record(row: &Row<'_>, first: usize) -> Result<Record, Error> {
    Ok(Record {
        origin: row.get(first)?,
        number: row.get(first + 1)?,
        tag: row.get(first + 2)?,
        digest: rows::digest(row, first + 3)?,
        first_seen: row.get(first + 4)?,
        last_seen: row.get(first + 5)?,
        exact: row.get(first + 6)?,
        ended_at: row.get(first + 7)?,
        who: row.get(first + 8)?,
    })
}
