//! What this computer has seen: one row a *period* in which a tag pointed at a digest.
//!
//! A, B and A again are three rows. A period only ever grows (`last_seen`) or ends; nothing is rewritten.

use crate::{Error, Place, Store, digest, find_place, place_id};
use oci::Digest;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// A tag was seen to point at a digest.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// By the registry's clock (seconds, UTC).
    pub at: i64,
    /// True where this computer made it so just then: the period begins exactly here.
    pub exact: bool,
    /// Who made it so: the account's user, where this computer did it.
    pub who: Option<String>,
}

/// One period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Order of the periods of a tag, growing.
    pub id: i64,
    /// The tag.
    pub tag: String,
    /// What it pointed at.
    pub digest: Digest,
    /// First seen so (seconds, UTC).
    pub first_seen: i64,
    /// Last seen so.
    pub last_seen: i64,
    /// `first_seen` is when it became so, not just when it was noticed.
    pub exact: bool,
    /// Something else (or no such tag) had been seen before.
    pub changed: bool,
    /// When it was first seen to be over.
    pub ended_at: Option<i64>,
    /// Who made it so, where this computer did it with a sign-in.
    pub who: Option<String>,
}

/// Whether a digest could be fetched when it was last asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// When (seconds, UTC).
    pub asked_at: i64,
    /// Since when it is known to be gone.
    pub gone_since: Option<i64>,
}

/// Answers older than this are not late, but from a clock that was set back (seconds).
const OUT_OF_ORDER: i64 = 60;

const COLUMNS: &str = "id, tag, digest, first_seen, last_seen, exact, changed, ended_at, who";

impl Store {
    /// Records what a tag was seen to point at. True where that is news.
    pub fn observe(&self, place: &Place, seen: &Observation) -> Result<bool, Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let place = place_id(&transaction, place)?;
        let news = observe(&transaction, place, seen)?;
        transaction.commit()?;
        Ok(news)
    }

    /// The periods of one tag, oldest first.
    pub fn periods(&self, place: &Place, tag: &str) -> Result<Vec<Period>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id"
        ))?;
        let rows = query
            .query_map((id, tag), read)?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(period).collect()
    }

    /// The periods of every tag of a place, oldest first.
    pub fn all_periods(&self, place: &Place) -> Result<HashMap<String, Vec<Period>>, Error> {
        let connection = self.lock();
        let mut all: HashMap<String, Vec<Period>> = HashMap::new();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(all);
        };
        let mut query = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM seen WHERE place = ?1 ORDER BY id"
        ))?;
        for row in query.query_map([id], read)? {
            let period = period(row?)?;
            all.entry(period.tag.clone()).or_default().push(period);
        }
        Ok(all)
    }

    /// Where a digest was ever seen: place and tag, the tag it is active under first, then the newest.
    pub fn whereabouts(&self, digest: &Digest) -> Result<Vec<(Place, String)>, Error> {
        let connection = self.lock();
        let mut query = connection.prepare_cached(
            "SELECT p.host, p.repository, s.tag FROM seen s JOIN places p ON p.id = s.place WHERE s.digest = ?1
             GROUP BY s.place, s.tag ORDER BY min(s.ended_at IS NOT NULL), max(s.id) DESC",
        )?;
        let rows = query
            .query_map([digest.as_str()], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                ))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|(host, repository, tag)| {
                let host = oci::Host::parse(&host).map_err(|e| Error::Content(e.to_string()))?;
                let repository = oci::RepositoryName::parse(&repository)
                    .map_err(|e| Error::Content(e.to_string()))?;
                Ok((Place { host, repository }, tag))
            })
            .collect()
    }

    /// Records whether a digest could be fetched.
    pub fn set_reach(
        &self,
        place: &Place,
        digest: &Digest,
        at: i64,
        there: bool,
    ) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection
            .prepare_cached(
                "INSERT INTO reach(place, digest, asked_at, gone_since) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(place, digest) DO UPDATE SET asked_at = excluded.asked_at, gone_since =
                   CASE WHEN excluded.gone_since IS NULL THEN NULL ELSE coalesce(gone_since, excluded.gone_since) END",
            )?
            .execute((id, digest.as_str(), at, (!there).then_some(at)))?;
        Ok(())
    }

    /// Whether these digests could be fetched when they were last asked for; those never asked for are left out.
    pub fn reaches<'a>(
        &self,
        place: &Place,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<HashMap<Digest, Reach>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(HashMap::new());
        };
        let mut query = connection.prepare_cached(
            "SELECT asked_at, gone_since FROM reach WHERE place = ?1 AND digest = ?2",
        )?;
        let mut found = HashMap::new();
        for digest in digests {
            let row = query.query_row((id, digest.as_str()), |row| {
                Ok(Reach {
                    asked_at: row.get(0)?,
                    gone_since: row.get(1)?,
                })
            });
            if let Some(reach) = row.optional()? {
                found.insert(digest.clone(), reach);
            }
        }
        Ok(found)
    }

    /// The same for every digest of a place.
    pub fn all_reaches(&self, place: &Place) -> Result<HashMap<Digest, Reach>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(HashMap::new());
        };
        let mut query = connection
            .prepare_cached("SELECT digest, asked_at, gone_since FROM reach WHERE place = ?1")?;
        let rows = query.query_map([id], |row| {
            let reach = Reach {
                asked_at: row.get(1)?,
                gone_since: row.get(2)?,
            };
            Ok((row.get::<_, String>(0)?, reach))
        })?;
        let mut found = HashMap::new();
        for row in rows {
            let (text, reach) = row?;
            found.insert(digest(&text)?, reach);
        }
        Ok(found)
    }
}

/// One period of a tag by its number.
pub(crate) fn period_of(
    connection: &Connection,
    place: i64,
    tag: &str,
    id: i64,
) -> Result<Option<Period>, Error> {
    let row = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM seen WHERE id = ?1 AND place = ?2 AND tag = ?3"
        ))?
        .query_row((id, place, tag), read)
        .optional()?;
    row.map(period).transpose()
}

pub(crate) fn observe(
    connection: &Connection,
    place: i64,
    seen: &Observation,
) -> Result<bool, Error> {
    let last: Option<(i64, String, i64, Option<i64>)> = connection
        .prepare_cached(
            "SELECT id, digest, last_seen, ended_at FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((place, &seen.tag), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
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

type Raw = (
    i64,
    String,
    String,
    i64,
    i64,
    bool,
    bool,
    Option<i64>,
    Option<String>,
);

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    row.try_into()
}

fn period(
    (id, tag, text, first_seen, last_seen, exact, changed, ended_at, who): Raw,
) -> Result<Period, Error> {
    Ok(Period {
        id,
        tag,
        digest: digest(&text)?,
        first_seen,
        last_seen,
        exact,
        changed,
        ended_at,
        who,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            host: oci::Host::parse("127.0.0.1:5000").unwrap(),
            repository: oci::RepositoryName::parse("lab/tool").unwrap(),
        }
    }

    fn see(store: &Store, content: &str, at: i64, exact: bool) -> bool {
        let digest = Digest::sha256_of(content.as_bytes());
        store
            .observe(
                &place(),
                &Observation {
                    tag: "v1".into(),
                    digest,
                    at,
                    exact,
                    who: Some("ana".into()),
                },
            )
            .unwrap()
    }

    #[test]
    fn a_b_a_is_three_periods() {
        let store = Store::in_memory().unwrap();
        assert!(see(&store, "a", 10, true));
        assert!(!see(&store, "a", 15, false));
        assert!(see(&store, "b", 20, false));
        assert!(see(&store, "a", 30, true));
        let periods = store.periods(&place(), "v1").unwrap();
        let told: Vec<_> = periods
            .iter()
            .map(|p| (p.first_seen, p.last_seen, p.exact, p.changed, p.ended_at))
            .collect();
        assert_eq!(
            told,
            [
                (10, 15, true, false, Some(20)),
                (20, 20, false, true, Some(30)),
                (30, 30, true, true, None)
            ]
        );
        let by: Vec<_> = periods.iter().map(|p| p.who.as_deref()).collect();
        assert_eq!(
            by,
            [Some("ana"), None, Some("ana")],
            "who only looks did nothing"
        );
    }

    #[test]
    fn a_late_answer_is_no_news() {
        let store = Store::in_memory().unwrap();
        see(&store, "b", 20, false);
        assert!(!see(&store, "a", 19, false));
        assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
    }

    #[test]
    fn a_tag_that_is_no_longer_listed_ends_and_keeps_its_row() {
        let store = Store::in_memory().unwrap();
        let names = ["v1".to_owned(), "v2".to_owned()];
        store.add_tags(&place(), 0, &names).unwrap();
        store.finish_tags(&place(), &[], 5).unwrap();
        see(&store, "a", 10, false);
        store.finish_tags(&place(), &names[..1], 50).unwrap();
        store.finish_tags(&place(), &names[..1], 60).unwrap();
        let (tags, at) = store.tags(&place()).unwrap();
        assert_eq!(at, Some(60));
        assert_eq!(
            tags.iter()
                .map(|t| (t.name.as_str(), t.deleted_at))
                .collect::<Vec<_>>(),
            [("v1", Some(50)), ("v2", None)]
        );
        assert_eq!(store.periods(&place(), "v1").unwrap()[0].ended_at, Some(50));
        // It comes back: another period.
        store.add_tags(&place(), 0, &names).unwrap();
        assert!(see(&store, "a", 70, false));
        assert_eq!(store.periods(&place(), "v1").unwrap().len(), 2);
    }

    #[test]
    fn gone_since_is_the_first_time() {
        let store = Store::in_memory().unwrap();
        let digest = Digest::sha256_of(b"a");
        for (at, there) in [(10, true), (20, false), (30, false)] {
            store.set_reach(&place(), &digest, at, there).unwrap();
        }
        assert_eq!(
            store.reaches(&place(), [&digest]).unwrap()[&digest],
            Reach {
                asked_at: 30,
                gone_since: Some(20)
            }
        );
        store.set_reach(&place(), &digest, 40, true).unwrap();
        assert_eq!(
            store.reaches(&place(), [&digest]).unwrap()[&digest],
            Reach {
                asked_at: 40,
                gone_since: None
            }
        );
    }

    #[test]
    fn everything_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("longshore.db");
        {
            let store = Store::open(&file).unwrap();
            see(&store, "a", 10, true);
            store
                .add_account(&crate::NewAccount {
                    host: place().host,
                    scheme: "https".into(),
                    user: Some("ana".into()),
                    state: "keychain".into(),
                })
                .unwrap();
            store.set_keep_rule(&place(), "off").unwrap();
        }
        let store = Store::open(&file).unwrap();
        assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
        assert_eq!(store.accounts().unwrap()[0].user.as_deref(), Some("ana"));
        assert_eq!(store.keeping(&place()).unwrap().unwrap().rule, "off");
        assert_eq!(
            store.whereabouts(&Digest::sha256_of(b"a")).unwrap(),
            [(place(), "v1".to_owned())]
        );
    }

    #[test]
    fn a_removed_account_takes_its_lists_and_leaves_what_was_seen() {
        let store = Store::in_memory().unwrap();
        let id = store
            .add_account(&crate::NewAccount {
                host: place().host,
                scheme: "http".into(),
                user: None,
                state: "anonymous".into(),
            })
            .unwrap();
        store
            .finish_repositories(id, &["lab/tool".into()], 1)
            .unwrap();
        store.add_tags(&place(), 0, &["v1".into()]).unwrap();
        see(&store, "a", 10, true);
        store.remove_account(id).unwrap();
        assert!(store.repositories(id).unwrap().0.is_empty());
        assert!(store.tags(&place()).unwrap().0.is_empty());
        assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
    }
}
