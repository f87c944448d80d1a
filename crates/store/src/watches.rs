//! What is watched, and when it was asked and will be. Both survive a restart.
//!
//! A watch holds for a repository or for one tag. It belongs to the account that ordered it last, and goes with it.
//! Not here: when to ask, and what for; that is the app's.

use crate::{Error, Place, Store, begin, find_place, rows};
use oci::Host;

/// Stored in place of a tag where every tag of a repository is watched; no tag is called so.
const ALL: &str = "";

/// What is watched in one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// True where every tag of the repository is watched.
    pub all: bool,
    /// The tags that are watched one by one, sorted by name.
    pub tags: Vec<String>,
    /// The ids of the accounts that watch here; the one that began first stands first.
    pub accounts: Vec<i64>,
    /// Since when anything here is watched (seconds, UTC); none where nothing is.
    pub since: Option<i64>,
}

impl Watched {
    /// Tells whether a tag is watched, by itself or with its repository.
    pub fn is(&self, tag: &str) -> bool {
        self.all || self.tags.iter().any(|watched| watched == tag)
    }

    /// Tells whether anything in the repository is watched.
    pub fn any(&self) -> bool {
        self.all || !self.tags.is_empty()
    }
}

/// When a repository was and will be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// When it last answered (seconds, UTC).
    pub asked_at: Option<i64>,
    /// When it is asked next (seconds, UTC).
    pub next_at: i64,
    /// Why it could not be asked, as the app wrote it.
    pub trouble: Option<String>,
}

impl Store {
    /// Begins to watch one tag, or every tag where none is named; the repository is due at `now` (seconds, UTC).
    pub fn add_watch(
        &self,
        place: &Place,
        tag: Option<&str>,
        account: i64,
        now: i64,
    ) -> Result<(), Error> {
        self.change_at(place, |transaction, place| {
            transaction.execute(
                "INSERT INTO watches(place, tag, account, since) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(place, tag) DO UPDATE SET account = excluded.account",
                (place, tag.unwrap_or(ALL), account, now),
            )?;
            transaction.execute(
                "INSERT INTO rounds(place, next_at) VALUES (?1, ?2)
                 ON CONFLICT(place) DO UPDATE SET next_at = min(next_at, excluded.next_at)",
                (place, now),
            )?;
            Ok(())
        })
    }

    /// Ends the watch of one tag, or every watch of the repository where none is named.
    pub fn end_watch(&self, place: &Place, tag: Option<&str>) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        if let Some(place) = find_place(&transaction, place)? {
            transaction.execute(
                "DELETE FROM watches WHERE place = ?1 AND (?2 IS NULL OR tag = ?2)",
                (place, tag),
            )?;
            transaction.execute(
                "DELETE FROM rounds WHERE place = ?1 AND NOT EXISTS (SELECT 1 FROM watches WHERE place = ?1)",
                [place],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns what is watched in a repository.
    pub fn watched(&self, place: &Place) -> Result<Watched, Error> {
        self.at(place, |connection, place| {
            let rows: Vec<(String, i64, i64)> = rows::all(
                connection,
                "SELECT w.tag, w.account, w.since FROM watches w WHERE w.place = ?1
                 ORDER BY w.since, w.tag",
                [place],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let mut watched = Watched {
                since: rows.first().map(|row| row.2),
                ..Watched::default()
            };
            for (tag, account, _) in rows {
                if tag == ALL {
                    watched.all = true;
                } else {
                    watched.tags.push(tag);
                }
                if !watched.accounts.contains(&account) {
                    watched.accounts.push(account);
                }
            }
            watched.tags.sort();
            Ok(watched)
        })
    }

    /// Returns the repositories that are watched and due at `now`, longest due first. One that is due only after
    /// `latest` counts as due too: its time was written before the clock was set back. (Both in seconds, UTC.)
    pub fn due(&self, now: i64, latest: i64) -> Result<Vec<Place>, Error> {
        rows::all(
            &self.lock(),
            "SELECT p.host, p.repository FROM rounds r JOIN places p ON p.id = r.place
             WHERE (r.next_at <= ?1 OR r.next_at > ?2) AND EXISTS (
               SELECT 1 FROM watches w WHERE w.place = r.place)
             ORDER BY r.next_at, r.place",
            (now, latest),
            |row| rows::place(row, 0),
        )
    }

    /// Returns when the next repository is due (seconds, UTC); none where nothing is watched.
    pub fn next_due(&self) -> Result<Option<i64>, Error> {
        Ok(self.lock().query_row(
            "SELECT min(r.next_at) FROM rounds r WHERE EXISTS (
               SELECT 1 FROM watches w WHERE w.place = r.place)",
            (),
            |row| row.get(0),
        )?)
    }

    /// Returns when the next repository of each host is due (seconds, UTC); hosts of which nothing is watched are left out.
    pub fn next_due_by_host(&self) -> Result<Vec<(Host, i64)>, Error> {
        let rows: Vec<(String, i64)> = rows::all(
            &self.lock(),
            "SELECT p.host, min(r.next_at) FROM rounds r JOIN places p ON p.id = r.place
             WHERE EXISTS (SELECT 1 FROM watches w WHERE w.place = r.place) GROUP BY p.host",
            (),
            rows::pair,
        )?;
        Ok(rows
            .into_iter()
            .filter_map(|(host, at)| Some((Host::parse(&host).ok()?, at)))
            .collect())
    }

    /// Brings what is due only after `latest` (seconds, UTC) forward to it.
    pub fn hasten(&self, latest: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE rounds SET next_at = ?1 WHERE next_at > ?1",
            [latest],
        )?;
        Ok(())
    }

    /// Returns when a repository was asked and will be; none where nothing of it is watched.
    pub fn round(&self, place: &Place) -> Result<Option<Round>, Error> {
        self.at(place, |connection, place| {
            rows::first(
                connection,
                "SELECT asked_at, next_at, trouble FROM rounds WHERE place = ?1",
                [place],
                |row| {
                    Ok(Round {
                        asked_at: row.get(0)?,
                        next_at: row.get(1)?,
                        trouble: row.get(2)?,
                    })
                },
            )
        })
    }

    /// Stores how a round went, and keeps the last answer's time where this round has none. Does nothing where the
    /// watch ended meanwhile.
    pub fn set_round(&self, place: &Place, round: &Round) -> Result<(), Error> {
        self.at(place, |connection, place| {
            connection.execute(
                "UPDATE rounds SET asked_at = coalesce(?2, asked_at), next_at = ?3, trouble = ?4 WHERE place = ?1",
                (place, round.asked_at, round.next_at, &round.trouble),
            )?;
            Ok(())
        })
    }

    /// Puts off every repository of a host until then (seconds, UTC), since the host asked to be left alone.
    pub fn put_off(&self, host: &Host, until: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE rounds SET next_at = max(next_at, ?2) WHERE place IN (SELECT id FROM places WHERE host = ?1)",
            (host.as_str(), until),
        )?;
        Ok(())
    }

    /// Makes every repository of a host due at `now` (seconds, UTC), since its sign-in changed.
    pub fn hurry(&self, host: &Host, now: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE rounds SET next_at = min(next_at, ?2) WHERE place IN (SELECT id FROM places WHERE host = ?1)",
            (host.as_str(), now),
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{place, with_account};

    #[test]
    fn a_watch_goes_with_its_account() {
        let (store, account) = with_account();
        store.add_watch(&place(), None, account, 10).unwrap();
        store.add_watch(&place(), Some("v1"), account, 11).unwrap();
        let watched = store.watched(&place()).unwrap();
        assert!(watched.all && watched.is("v2"));
        assert_eq!(watched.tags, ["v1"]);
        assert_eq!(store.due(10, 1000).unwrap(), [place()]);
        assert!(store.due(9, 1000).unwrap().is_empty());
        assert_eq!(watched.since, Some(10));
        assert_eq!(store.next_due_by_host().unwrap(), [(place().host, 10)]);
        store.remove_account(account).unwrap();
        assert!(!store.watched(&place()).unwrap().any());
        assert!(store.due(10, 1000).unwrap().is_empty());
        assert_eq!(store.next_due().unwrap(), None);
    }

    #[test]
    fn a_round_outlives_nothing_but_its_watch() {
        let (store, account) = with_account();
        store.add_watch(&place(), Some("v1"), account, 10).unwrap();
        let round = Round {
            asked_at: Some(10),
            next_at: 300,
            trouble: None,
        };
        store.set_round(&place(), &round).unwrap();
        assert_eq!(store.round(&place()).unwrap(), Some(round));
        let failed = Round {
            asked_at: None,
            next_at: 600,
            trouble: Some("It rains.".into()),
        };
        store.set_round(&place(), &failed).unwrap();
        let now = store.round(&place()).unwrap().unwrap();
        assert_eq!((now.asked_at, now.next_at), (Some(10), 600));
        assert_eq!(store.due(20, 500).unwrap(), [place()], "a clock set back");
        store.end_watch(&place(), Some("v1")).unwrap();
        assert_eq!(store.round(&place()).unwrap(), None);
        store.set_round(&place(), &failed).unwrap();
        assert_eq!(store.round(&place()).unwrap(), None);
    }
}
