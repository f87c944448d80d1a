//! What repositories say of themselves: their about manifests as last read, or the note that there is none.

use crate::{Error, Place, Store, place_id, rows};
use oci::Digest;
use rusqlite::Row;

/// An about manifest as it was last read. The reader has bounded the length of all texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The digest of the manifest; none where the repository had no about manifest.
    pub digest: Option<Digest>,
    /// A short name.
    pub title: Option<String>,
    /// A description of a few sentences.
    pub description: Option<String>,
    /// Who made it.
    pub authors: Option<String>,
    /// When it was made (seconds, UTC).
    pub created: Option<i64>,
    /// The rule, as the manifest writes it.
    pub keep: Option<String>,
    /// How long commits are kept, as the manifest writes it.
    pub keep_rule: Option<String>,
    /// True where commits that someone else displaces are kept without asking.
    pub rescue: bool,
    /// When the registry was asked (seconds, UTC).
    pub asked_at: i64,
}

/// What the list of repositories shows of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The repository as `namespace/name`.
    pub name: String,
    /// What it says of itself; none where it was never asked.
    pub about: Option<About>,
    /// What its vendor's own interface told of it; none where nothing was.
    pub told: Option<String>,
    /// True where it or one of its tags is watched.
    pub watched: bool,
    /// When someone else last moved a watched tag (seconds, UTC); none where the person has looked or answered since.
    pub moved_at: Option<i64>,
}

impl Store {
    /// Returns what a repository says of itself; none where it was never asked.
    pub fn about(&self, place: &Place) -> Result<Option<About>, Error> {
        self.at(place, |connection, id| {
            rows::first(
                connection,
                "SELECT digest, title, description, authors, created, keep, keep_rule, rescue, asked_at
                 FROM about WHERE place = ?1",
                [id],
                |row| about(row, 0),
            )
        })
    }

    /// Stores what was read, or that the repository has no about manifest.
    pub fn set_about(&self, place: &Place, about: &About) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO about(place, digest, title, description, authors, created, keep, keep_rule,
                   rescue, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                id,
                about.digest.as_ref().map(Digest::as_str),
                &about.title,
                &about.description,
                &about.authors,
                about.created,
                &about.keep,
                &about.keep_rule,
                about.rescue,
                about.asked_at,
            ))?;
        Ok(())
    }

    /// Returns what is known of the repositories of an account, by name; those of which nothing is known are left out.
    pub fn marks(&self, account: i64) -> Result<Vec<Mark>, Error> {
        rows::all(
            &self.lock(),
            "SELECT r.name,
               EXISTS(SELECT 1 FROM watches w JOIN accounts o ON o.id = w.account WHERE w.place = p.id) AS watched,
               (SELECT max(m.at) FROM moves m WHERE m.place = p.id AND m.looked_at IS NULL AND m.answered IS NULL
                 AND EXISTS(SELECT 1 FROM watches w JOIN accounts o ON o.id = w.account WHERE w.place = m.place AND w.tag IN ('', m.tag))) AS moved,
               b.digest, b.title, b.description, b.authors, b.created, b.keep, b.keep_rule, b.rescue, b.asked_at, t.description
             FROM repositories r JOIN accounts a ON a.id = r.account
               LEFT JOIN places p ON p.host = a.host AND p.repository = r.name LEFT JOIN about b ON b.place = p.id
               LEFT JOIN told_repositories t ON t.account = r.account AND t.name = r.name
             WHERE r.account = ?1 AND (b.digest IS NOT NULL OR watched OR moved IS NOT NULL OR t.description IS NOT NULL)
             ORDER BY r.name",
            [account],
            |row| {
                let asked: Option<i64> = row.get(11)?;
                Ok(Mark {
                    name: row.get(0)?,
                    about: asked.map(|_| about(row, 3)).transpose()?,
                    told: row.get(12)?,
                    watched: row.get(1)?,
                    moved_at: row.get(2)?,
                })
            },
        )
    }

    /// Tells whether a registry was seen to drop a commit because its tag moved on: the commit was gone at most
    /// `seconds` after the tag was last seen to point at it.
    pub fn drops_overwritten(&self, host: &oci::Host, seconds: i64) -> Result<bool, Error> {
        Ok(self.lock().query_row(
            "SELECT EXISTS(SELECT 1 FROM places p JOIN reach r ON r.place = p.id
               JOIN seen s ON s.place = p.id AND s.digest = r.digest
               JOIN seen n ON n.place = p.id AND n.tag = s.tag AND n.id > s.id AND n.digest <> s.digest
             WHERE p.host = ?1 AND r.gone_since IS NOT NULL AND s.ended_at IS NOT NULL AND n.ended_at IS NULL
               AND r.gone_since BETWEEN s.last_seen AND s.last_seen + ?2)",
            (host.as_str(), seconds),
            |row| row.get(0),
        )?)
    }
}

fn about(row: &Row<'_>, first: usize) -> Result<About, Error> {
    Ok(About {
        digest: rows::digest_if_any(row, first)?,
        title: row.get(first + 1)?,
        description: row.get(first + 2)?,
        authors: row.get(first + 3)?,
        created: row.get(first + 4)?,
        keep: row.get(first + 5)?,
        keep_rule: row.get(first + 6)?,
        rescue: row.get(first + 7)?,
        asked_at: row.get(first + 8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place, with_account};

    fn words() -> About {
        About {
            digest: Some(Digest::sha256_of(b"about")),
            title: Some("Tool".into()),
            description: Some("Aligns reads.".into()),
            authors: Some("ana".into()),
            created: Some(7),
            keep: Some("overwrite".into()),
            keep_rule: Some("last=3".into()),
            rescue: true,
            asked_at: 9,
        }
    }

    #[test]
    fn what_was_read_is_remembered_and_so_is_that_there_is_none() {
        let store = Store::in_memory().unwrap();
        assert_eq!(store.about(&place()).unwrap(), None);
        store.set_about(&place(), &words()).unwrap();
        assert_eq!(store.about(&place()).unwrap(), Some(words()));
        let none = About {
            asked_at: 10,
            ..About::default()
        };
        store.set_about(&place(), &none).unwrap();
        assert_eq!(store.about(&place()).unwrap(), Some(none));
    }

    #[test]
    fn the_list_shows_only_those_of_which_something_is_known() {
        let (store, id) = with_account();
        store
            .add_repositories(id, &["lab/other".into(), "lab/tool".into()])
            .unwrap();
        assert_eq!(store.marks(id).unwrap(), []);
        store.set_about(&place(), &words()).unwrap();
        let mark = Mark {
            name: "lab/tool".into(),
            about: Some(words()),
            told: None,
            watched: false,
            moved_at: None,
        };
        assert_eq!(store.marks(id).unwrap(), std::slice::from_ref(&mark));
        // A move counts where its tag is watched and nobody has looked; the whole repository's watch is the empty tag.
        let sql = |text: &str| store.lock().execute_batch(text).unwrap();
        sql("INSERT INTO moves(place, tag, old, at) SELECT id, 'v1', 'x', 50 FROM places");
        assert_eq!(store.marks(id).unwrap(), std::slice::from_ref(&mark));
        sql("INSERT INTO watches(place, tag, account, since) SELECT id, 'v2', 1, 1 FROM places");
        let watched = Mark {
            watched: true,
            ..mark
        };
        assert_eq!(store.marks(id).unwrap(), std::slice::from_ref(&watched));
        sql("INSERT INTO watches(place, tag, account, since) SELECT id, '', 1, 1 FROM places");
        assert_eq!(store.marks(id).unwrap()[0].moved_at, Some(50));
        sql("UPDATE moves SET looked_at = 60");
        assert_eq!(store.marks(id).unwrap(), [watched]);
    }

    #[test]
    fn a_registry_that_lets_go_at_once_is_told_from_one_that_cleans_up_later() {
        let see = |store: &Store, text: &str, at| {
            let seen = observed("v1", &Digest::sha256_of(text.as_bytes()), at);
            store.observe(&place(), &seen).unwrap();
        };
        let gone = |store: &Store, at| {
            let digest = Digest::sha256_of(b"old");
            store.set_reach(&place(), &digest, at, false).unwrap();
        };
        let drops = |store: &Store| store.drops_overwritten(&place().host, 600).unwrap();
        let store = Store::in_memory().unwrap();
        assert!(!drops(&store));
        see(&store, "old", 100);
        see(&store, "new", 200);
        assert!(!drops(&store));
        gone(&store, 210);
        assert!(drops(&store));
        let later = Store::in_memory().unwrap();
        see(&later, "old", 100);
        see(&later, "new", 90_000);
        gone(&later, 90_010);
        assert!(!drops(&later));
        // What is gone because its tag was deleted was not dropped by an overwrite.
        let deleted = Store::in_memory().unwrap();
        see(&deleted, "old", 100);
        gone(&deleted, 110);
        assert!(!drops(&deleted));
    }
}
