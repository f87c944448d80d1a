//! What is watched, and when it was and will be asked: so that both survive a restart.
//!
//! A watch is of a repository or of one tag, by the account that ordered it last, and goes with that account.
//! Not here: when to ask, and what for; that is the app's.

use crate::{Error, Place, Store, find_place, place_id};
use oci::{Host, RepositoryName};
use rusqlite::OptionalExtension;

/// Stored in place of a tag where every tag of a repository is watched; no tag is called so.
const ALL: &str = "";

/// What is watched in one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Every tag is.
    pub all: bool,
    /// These are by themselves, sorted.
    pub tags: Vec<String>,
    /// The accounts that ordered it, oldest first.
    pub accounts: Vec<i64>,
}

impl Watched {
    /// Whether a tag is, by itself or with its repository.
    pub fn is(&self, tag: &str) -> bool {
        self.all || self.tags.iter().any(|watched| watched == tag)
    }

    /// Whether anything is.
    pub fn any(&self) -> bool {
        self.all || !self.tags.is_empty()
    }
}

/// When a repository was and will be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// When it last answered (seconds, UTC).
    pub asked_at: Option<i64>,
    /// When it is next asked.
    pub next_at: i64,
    /// Why it could not be asked, as a sentence.
    pub trouble: Option<String>,
}

impl Store {
    /// Begins to watch a tag, or every tag. It is due at once.
    pub fn add_watch(
        &self,
        place: &Place,
        tag: Option<&str>,
        account: i64,
        now: i64,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let place = place_id(&transaction, place)?;
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
        transaction.commit()?;
        Ok(())
    }

    /// Ends to watch a tag, or all of a repository.
    pub fn end_watch(&self, place: &Place, tag: Option<&str>) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
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

    /// What is watched in a repository.
    pub fn watched(&self, place: &Place) -> Result<Watched, Error> {
        let connection = self.lock();
        let mut watched = Watched::default();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(watched);
        };
        let mut query = connection.prepare_cached(
            "SELECT w.tag, w.account FROM watches w WHERE w.place = ?1
             ORDER BY w.since, w.tag",
        )?;
        let rows = query.query_map([place], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?;
        for row in rows {
            let (tag, account) = row?;
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
    }

    /// Where something is watched and due, longest due first. A time later than `latest` is from a clock that was
    /// set back since.
    pub fn due(&self, now: i64, latest: i64) -> Result<Vec<Place>, Error> {
        let connection = self.lock();
        let mut query = connection.prepare_cached(
            "SELECT p.host, p.repository FROM rounds r JOIN places p ON p.id = r.place
             WHERE (r.next_at <= ?1 OR r.next_at > ?2) AND EXISTS (
               SELECT 1 FROM watches w WHERE w.place = r.place)
             ORDER BY r.next_at, r.place",
        )?;
        let rows = query.query_map((now, latest), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (host, repository) = row?;
            self::place(&host, &repository)
        })
        .collect()
    }

    /// When something is due next.
    pub fn next_due(&self) -> Result<Option<i64>, Error> {
        Ok(self.lock().query_row(
            "SELECT min(r.next_at) FROM rounds r WHERE EXISTS (
               SELECT 1 FROM watches w WHERE w.place = r.place)",
            (),
            |row| row.get(0),
        )?)
    }

    /// When a repository was and will be asked.
    pub fn round(&self, place: &Place) -> Result<Option<Round>, Error> {
        let connection = self.lock();
        let Some(place) = find_place(&connection, place)? else {
            return Ok(None);
        };
        let round = connection.query_row(
            "SELECT asked_at, next_at, trouble FROM rounds WHERE place = ?1",
            [place],
            |row| {
                Ok(Round {
                    asked_at: row.get(0)?,
                    next_at: row.get(1)?,
                    trouble: row.get(2)?,
                })
            },
        );
        Ok(round.optional()?)
    }

    /// How a round went. Nothing where the watch was ended meanwhile.
    pub fn set_round(&self, place: &Place, round: &Round) -> Result<(), Error> {
        let connection = self.lock();
        if let Some(place) = find_place(&connection, place)? {
            connection.execute(
                "UPDATE rounds SET asked_at = coalesce(?2, asked_at), next_at = ?3, trouble = ?4 WHERE place = ?1",
                (place, round.asked_at, round.next_at, &round.trouble),
            )?;
        }
        Ok(())
    }

    /// Nothing of this host is asked before then.
    pub fn put_off(&self, host: &Host, until: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE rounds SET next_at = max(next_at, ?2) WHERE place IN (SELECT id FROM places WHERE host = ?1)",
            (host.as_str(), until),
        )?;
        Ok(())
    }

    /// Everything of this host is due: its sign-in changed.
    pub fn hurry(&self, host: &Host, now: i64) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE rounds SET next_at = min(next_at, ?2) WHERE place IN (SELECT id FROM places WHERE host = ?1)",
            (host.as_str(), now),
        )?;
        Ok(())
    }
}

/// Reads a place.
pub(crate) fn place(host: &str, repository: &str) -> Result<Place, Error> {
    Ok(Place {
        host: Host::parse(host).map_err(|error| Error::Content(error.to_string()))?,
        repository: RepositoryName::parse(repository)
            .map_err(|error| Error::Content(error.to_string()))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewAccount;

    fn place() -> Place {
        super::place("127.0.0.1:5000", "lab/tool").unwrap()
    }

    fn store() -> (Store, i64) {
        let store = Store::in_memory().unwrap();
        let account = store
            .add_account(&NewAccount {
                host: place().host,
                scheme: "http".into(),
                user: None,
                state: "anonymous".into(),
            })
            .unwrap();
        (store, account)
    }

    #[test]
    fn a_watch_goes_with_its_account() {
        let (store, account) = store();
        store.add_watch(&place(), None, account, 10).unwrap();
        store.add_watch(&place(), Some("v1"), account, 11).unwrap();
        let watched = store.watched(&place()).unwrap();
        assert!(watched.all && watched.is("v2"));
        assert_eq!(watched.tags, ["v1"]);
        assert_eq!(store.due(10, 1000).unwrap(), [place()]);
        assert!(store.due(9, 1000).unwrap().is_empty());
        store.remove_account(account).unwrap();
        assert!(!store.watched(&place()).unwrap().any());
        assert!(store.due(10, 1000).unwrap().is_empty());
        assert_eq!(store.next_due().unwrap(), None);
    }

    #[test]
    fn a_round_outlives_nothing_but_its_watch() {
        let (store, account) = store();
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
