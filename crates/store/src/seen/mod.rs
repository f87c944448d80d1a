//! What this computer has seen: one row a *period* in which a tag pointed at a digest.
//!
//! A, B and A again are three rows. A period only ever grows (`last_seen`) or ends; nothing is rewritten. One thing goes
//! back: where this computer undoes its own deletion, the period that had ended by it goes on.

#[cfg(test)]
mod tests;

use crate::{Error, Place, Store, place_id, rows};
use oci::Digest;
use rusqlite::{Connection, Row};
use std::collections::HashMap;

/// One look at a tag that was seen to point at a digest.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// When, by the registry's clock (seconds, UTC).
    pub at: i64,
    /// True where this computer itself pointed the tag there just then: the period begins exactly at `at`.
    pub exact: bool,
    /// Who pointed the tag there: the account's user, where this computer did it.
    pub who: Option<String>,
}

/// One period in which a tag pointed at one digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The number of the period; later periods of a tag have larger ones.
    pub id: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// When it was first seen so (seconds, UTC).
    pub first_seen: i64,
    /// When it was last seen so (seconds, UTC).
    pub last_seen: i64,
    /// True where it became so at `first_seen`; else it was only noticed then.
    pub exact: bool,
    /// True where the tag had been seen before, pointing at something else or missing.
    pub changed: bool,
    /// When it was first seen to be over (seconds, UTC); none while it lasts.
    pub ended_at: Option<i64>,
    /// Who pointed the tag there, where this computer did it with a sign-in.
    pub who: Option<String>,
}

/// Whether a digest could be fetched when it was last asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReachRecord {
    /// When it was last asked for (seconds, UTC).
    pub asked_at: i64,
    /// Since when it is known to be gone (seconds, UTC); none where it could be fetched.
    pub gone_since: Option<i64>,
    /// It is an index of which some platforms were gone when they were last asked for.
    pub lacks: bool,
    /// Until when its vendor can put it back, where it told so (seconds, UTC).
    pub restorable_until: Option<i64>,
}

/// What is read of one, from the table `reach`.
const REACH: &str = "asked_at, gone_since, lacks, (SELECT max(p.restorable_until) FROM past_tags p
    WHERE p.place = reach.place AND p.digest = reach.digest)";

/// How much older than the last one an answer may be to count as late (seconds). One that is older still comes from a
/// clock that was set back.
const OUT_OF_ORDER: i64 = 60;

pub(crate) const COLUMNS: &str =
    "id, tag, digest, first_seen, last_seen, exact, changed, ended_at, who";

impl Store {
    /// Records what a tag was seen to point at. Returns true where a new period begins.
    pub fn observe(&self, place: &Place, seen: &Observation) -> Result<bool, Error> {
        self.change_at(place, |transaction, place| {
            observe(transaction, place, seen)
        })
    }

    /// Lets the last period of a tag go on where it is of this digest and had ended: this computer undid what ended it.
    pub fn resume(&self, place: &Place, tag: &str, digest: &Digest) -> Result<(), Error> {
        self.change_at(place, |transaction, place| {
            transaction
                .prepare_cached(
                    "UPDATE seen SET ended_at = NULL WHERE digest = ?3 AND id =
                     (SELECT max(id) FROM seen WHERE place = ?1 AND tag = ?2)",
                )?
                .execute((place, tag, digest.as_str()))?;
            Ok(())
        })
    }

    /// Returns the periods of one tag, oldest first.
    pub fn periods(&self, place: &Place, tag: &str) -> Result<Vec<Period>, Error> {
        self.at(place, |connection, id| {
            rows::all(
                connection,
                &format!("SELECT {COLUMNS} FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id"),
                (id, tag),
                period,
            )
        })
    }

    /// Returns the periods of every tag of a place by tag, oldest first.
    pub fn all_periods(&self, place: &Place) -> Result<HashMap<String, Vec<Period>>, Error> {
        self.at(place, |connection, id| {
            let periods = rows::all(
                connection,
                &format!("SELECT {COLUMNS} FROM seen WHERE place = ?1 ORDER BY id"),
                [id],
                period,
            )?;
            Ok(rows::by_tag(periods, |period| &period.tag))
        })
    }

    /// Returns the places and tags where a digest was ever seen: those it is active under first, then the newest.
    pub fn whereabouts(&self, digest: &Digest) -> Result<Vec<(Place, String)>, Error> {
        rows::all(
            &self.lock(),
            "SELECT p.host, p.repository, s.tag FROM seen s JOIN places p ON p.id = s.place WHERE s.digest = ?1
             GROUP BY s.place, s.tag ORDER BY min(s.ended_at IS NOT NULL), max(s.id) DESC",
            [digest.as_str()],
            |row| Ok((rows::place(row, 0)?, row.get(2)?)),
        )
    }

    /// Records whether a digest could be fetched at `at` (seconds, UTC). Once it is gone, the first time counts.
    pub fn set_reach(
        &self,
        place: &Place,
        digest: &Digest,
        at: i64,
        there: bool,
    ) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        reached(&connection, id, digest, at, there)
    }

    /// Records whether some platforms of an index were gone, where it was asked for before.
    pub fn set_lacks(&self, place: &Place, digest: &Digest, lacks: bool) -> Result<(), Error> {
        self.at(place, |connection, id| {
            connection
                .prepare_cached("UPDATE reach SET lacks = ?3 WHERE place = ?1 AND digest = ?2")?
                .execute((id, digest.as_str(), lacks))?;
            Ok(())
        })
    }

    /// Returns whether these digests could be fetched when they were last asked for; those never asked for are left
    /// out.
    pub fn reaches<'a>(
        &self,
        place: &Place,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<HashMap<Digest, ReachRecord>, Error> {
        self.at(place, |connection, id| {
            let mut found = HashMap::new();
            for digest in digests {
                let reach = rows::first(
                    connection,
                    &format!("SELECT {REACH} FROM reach WHERE place = ?1 AND digest = ?2"),
                    (id, digest.as_str()),
                    |row| reach(row, 0),
                )?;
                if let Some(reach) = reach {
                    found.insert(digest.clone(), reach);
                }
            }
            Ok(found)
        })
    }

    /// Returns whether each digest of a place that was ever asked for could be fetched the last time.
    pub fn all_reaches(&self, place: &Place) -> Result<HashMap<Digest, ReachRecord>, Error> {
        self.at(place, |connection, id| {
            let reaches = rows::all(
                connection,
                &format!("SELECT digest, {REACH} FROM reach WHERE place = ?1"),
                [id],
                |row| Ok((rows::digest(row, 0)?, reach(row, 1)?)),
            )?;
            Ok(reaches.into_iter().collect())
        })
    }
}

/// Records whether a digest could be fetched. Once it is gone, the first time counts.
pub(crate) fn reached(
    connection: &Connection,
    id: i64,
    digest: &Digest,
    at: i64,
    there: bool,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO reach(place, digest, asked_at, gone_since) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT(place, digest) DO UPDATE SET asked_at = excluded.asked_at, gone_since =
               CASE WHEN excluded.gone_since IS NULL THEN NULL ELSE coalesce(gone_since, excluded.gone_since) END",
        )?
        .execute((id, digest.as_str(), at, (!there).then_some(at)))?;
    Ok(())
}

/// Returns one period of a tag by its number.
pub(crate) fn period_of(
    connection: &Connection,
    place: i64,
    tag: &str,
    id: i64,
) -> Result<Option<Period>, Error> {
    rows::first(
        connection,
        &format!("SELECT {COLUMNS} FROM seen WHERE id = ?1 AND place = ?2 AND tag = ?3"),
        (id, place, tag),
        period,
    )
}

pub(crate) fn observe(
    connection: &Connection,
    place: i64,
    seen: &Observation,
) -> Result<bool, Error> {
    let last: Option<(i64, String, i64, Option<i64>)> = rows::first(
        connection,
        "SELECT id, digest, last_seen, ended_at FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        (place, &seen.tag),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    if let Some((id, former, last_seen, None)) = &last {
        if former == seen.digest.as_str() {
            connection
                .prepare_cached("UPDATE seen SET last_seen = max(last_seen, ?2) WHERE id = ?1")?
                .execute((id, seen.at))?;
            return Ok(false);
        }
        // Two questions asked at once may be answered in the wrong order; an older answer is no news. (A clock that
        // was set back further than that is believed.)
        if !seen.exact && seen.at < *last_seen && last_seen - seen.at <= OUT_OF_ORDER {
            return Ok(false);
        }
        connection
            .prepare_cached("UPDATE seen SET ended_at = ?2 WHERE id = ?1")?
            .execute((id, seen.at.max(*last_seen)))?;
    }
    // A period never begins before the former was last seen.
    let begins = last
        .as_ref()
        .map_or(seen.at, |(_, _, last_seen, _)| seen.at.max(*last_seen));
    connection
        .prepare_cached(
            "INSERT INTO seen(place, tag, digest, first_seen, last_seen, exact, changed, who)
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            place,
            &seen.tag,
            seen.digest.as_str(),
            begins,
            seen.exact,
            last.is_some(),
            seen.who.as_deref().filter(|_| seen.exact),
        ))?;
    Ok(true)
}

pub(crate) fn period(row: &Row<'_>) -> Result<Period, Error> {
    Ok(Period {
        id: row.get(0)?,
        tag: row.get(1)?,
        digest: rows::digest(row, 2)?,
        first_seen: row.get(3)?,
        last_seen: row.get(4)?,
        exact: row.get(5)?,
        changed: row.get(6)?,
        ended_at: row.get(7)?,
        who: row.get(8)?,
    })
}

fn reach(row: &Row<'_>, first: usize) -> Result<ReachRecord, Error> {
    Ok(ReachRecord {
        asked_at: row.get(first)?,
        gone_since: row.get(first + 1)?,
        lacks: row.get(first + 2)?,
        restorable_until: row.get(first + 3)?,
    })
}
