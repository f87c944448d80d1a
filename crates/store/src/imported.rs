//! What other computers have seen, as their exports told it; and the other way round, what an export tells.
//!
//! A record is known by its place, its tag, the computer it is from and its number there. The same record may come
//! again, later and longer: it then grows as a period does. So it doesn't matter how often or in which order
//! exports come. One that tells another commit under a known key is refused, and nothing is overwritten.

#[cfg(test)]
mod tests;

use crate::seen::Period;
use crate::{Error, Place, Store, digest, find_place, place_id};
use oci::Digest;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// One period as an export tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The computer it is from, by the id of its data folder.
    pub origin: String,
    /// The period's number there; later periods of a tag have larger ones.
    pub number: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// First seen so (seconds, UTC).
    pub first_seen: i64,
    /// Last seen so.
    pub last_seen: i64,
    /// That computer made it so at `first_seen`.
    pub exact: bool,
    /// When it was first seen to be over.
    pub ended_at: Option<i64>,
    /// Who made it so.
    pub who: Option<String>,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is new here, or told more than was known.
    New,
    /// It was known.
    Known,
    /// Another commit is known under its key.
    Refused,
}

/// The key of this computer's id among the preferences.
const ORIGIN: &str = "origin";

const COLUMNS: &str = "origin, number, tag, digest, first_seen, last_seen, exact, ended_at, who";

impl Store {
    /// By which id this computer's exports are known: made once, at random.
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

    /// Takes in what another computer (or this one, earlier) has exported: all of it, or none where the database
    /// fails. What became of each is told in the same order. `own` is this computer's id.
    pub fn take_in(&self, own: &str, records: &[(Place, Record)]) -> Result<Vec<Taken>, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut places: HashMap<&Place, i64> = HashMap::new();
        let mut taken = Vec::with_capacity(records.len());
        for (place, record) in records {
            let id = if let Some(id) = places.get(place) {
                *id
            } else {
                let id = place_id(&transaction, place)?;
                places.insert(place, id);
                id
            };
            taken.push(take_in(&transaction, own, id, record)?);
        }
        transaction.commit()?;
        Ok(taken)
    }

    /// What others saw of one tag.
    pub fn imported(&self, place: &Place, tag: &str) -> Result<Vec<Record>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM imported WHERE place = ?1 AND tag = ?2 ORDER BY origin, number"
        ))?;
        let rows = query
            .query_map((id, tag), |row| row.try_into())?
            .collect::<Result<Vec<Raw>, _>>()?;
        rows.into_iter().map(record).collect()
    }

    /// What others saw of every tag of a place.
    pub fn all_imported(&self, place: &Place) -> Result<HashMap<String, Vec<Record>>, Error> {
        let connection = self.lock();
        let mut all: HashMap<String, Vec<Record>> = HashMap::new();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(all);
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM imported WHERE place = ?1 ORDER BY tag, origin, number"
        ))?;
        for row in query.query_map([id], |row| row.try_into())? {
            let record = record(row?)?;
            all.entry(record.tag.clone()).or_default().push(record);
        }
        Ok(all)
    }

    /// What an export tells: all that was seen here and imported, of everything, of a host or of one repository; in
    /// an order of its own, at most `limit` records.
    pub fn records(
        &self,
        host: Option<&oci::Host>,
        repository: Option<&oci::RepositoryName>,
        limit: u32,
    ) -> Result<Vec<(Place, Record)>, Error> {
        let own = self.origin()?;
        let connection = self.lock();
        let mut query = connection.prepare(
            "SELECT p.host, p.repository, t.* FROM (
               SELECT place, ?1 AS origin, id AS number, tag, digest, first_seen, last_seen, exact, ended_at, who
                 FROM seen
               UNION ALL
               SELECT place, origin, number, tag, digest, first_seen, last_seen, exact, ended_at, who FROM imported
             ) t JOIN places p ON p.id = t.place
             WHERE (?2 IS NULL OR p.host = ?2) AND (?3 IS NULL OR p.repository = ?3)
             ORDER BY p.host, p.repository, t.tag, t.origin, t.number LIMIT ?4",
        )?;
        let rows = query
            .query_map(
                (
                    &own,
                    host.map(oci::Host::as_str),
                    repository.map(oci::RepositoryName::as_str),
                    limit,
                ),
                |row| {
                    let place: (String, String) = (row.get(0)?, row.get(1)?);
                    // The third column is the place's own number.
                    let raw: Raw = (
                        row.get(3)?,
                        row.get(4)?,
                        row.get(5)?,
                        row.get(6)?,
                        row.get(7)?,
                        row.get(8)?,
                        row.get(9)?,
                        row.get(10)?,
                        row.get(11)?,
                    );
                    Ok((place, raw))
                },
            )?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|((host, repository), raw)| {
                let place = Place {
                    host: oci::Host::parse(&host).map_err(|e| Error::Content(e.to_string()))?,
                    repository: oci::RepositoryName::parse(&repository)
                        .map_err(|e| Error::Content(e.to_string()))?,
                };
                Ok((place, record(raw)?))
            })
            .collect()
    }
}

fn take_in(
    connection: &Connection,
    own: &str,
    place: i64,
    record: &Record,
) -> Result<Taken, Error> {
    if record.origin == own && told_here(connection, place, record)? {
        return Ok(Taken::Known);
    }
    let known: Option<Raw> = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM imported WHERE place = ?1 AND tag = ?2 AND origin = ?3 AND number = ?4"
        ))?
        .query_row((place, &record.tag, &record.origin, record.number), |row| row.try_into())
        .optional()?;
    let grown = match known.map(self::record).transpose()? {
        Some(known) if known.digest != record.digest => return Ok(Taken::Refused),
        Some(known) => {
            let grown = known.clone().joined(record);
            if grown == known {
                return Ok(Taken::Known);
            }
            grown
        }
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
    Ok(Taken::New)
}

/// Whether a record of this computer says nothing that its own database doesn't. It may: the data folder was put
/// back to an earlier day since, or is a copy of the one that exported.
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
    /// Two tellings of one period: the earliest beginning and the latest end. The order of the two doesn't matter.
    fn joined(mut self, other: &Self) -> Self {
        let begins = |record: &Self| (record.first_seen, !record.exact, record.who.clone());
        if begins(other) < begins(&self) {
            self.first_seen = other.first_seen;
            self.exact = other.exact;
            self.who.clone_from(&other.who);
        }
        self.last_seen = self.last_seen.max(other.last_seen);
        self.ended_at = self.ended_at.max(other.ended_at);
        self
    }
}

type Raw = (
    String,
    i64,
    String,
    String,
    i64,
    i64,
    bool,
    Option<i64>,
    Option<String>,
);

fn record(
    (origin, number, tag, text, first_seen, last_seen, exact, ended_at, who): Raw,
) -> Result<Record, Error> {
    Ok(Record {
        origin,
        number,
        tag,
        digest: digest(&text)?,
        first_seen,
        last_seen,
        exact,
        ended_at,
        who,
    })
}
