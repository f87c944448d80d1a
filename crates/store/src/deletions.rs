//! Deletions that a registry has accepted and not done yet: this computer asked for them, so a tag that goes later went by its
//! hand.
//!
//! Not here: deletions that were done at once (`tags`), and what can be undone (`undo`). Grows by another thing that a registry
//! promises to do later.

use crate::{Error, Place, Store, rows};
use oci::Digest;
use rusqlite::Connection;

/// For how long a registry is expected to keep its word (seconds). What goes later went by somebody's hand.
const LAPSE: i64 = 24 * 60 * 60;

impl Store {
    /// Notes that a registry has accepted at `at` (seconds, UTC) that a tag is deleted which bears this digest, and has yet to do
    /// it.
    pub fn await_deletion(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<(), Error> {
        self.change_at(place, |transaction, place| {
            transaction.execute(
                "DELETE FROM deletions WHERE place = ?1 AND asked_at < ?2",
                (place, at.saturating_sub(LAPSE)),
            )?;
            transaction.execute(
                "INSERT INTO deletions(place, tag, digest, asked_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(place, tag) DO UPDATE SET digest = excluded.digest, asked_at = excluded.asked_at",
                (place, tag, digest.as_str(), at),
            )?;
            Ok(())
        })
    }
}

/// Tells whether this computer asked for the deletion of a tag that was found to be gone at `at` (seconds, UTC) and had borne this
/// digest. It is asked for once: a tag that comes back and goes again went by somebody else.
pub(crate) fn was_asked(
    connection: &Connection,
    place: i64,
    tag: &str,
    digest: &str,
    at: i64,
) -> Result<bool, Error> {
    let asked: Option<(String, i64)> = rows::first(
        connection,
        "SELECT digest, asked_at FROM deletions WHERE place = ?1 AND tag = ?2",
        (place, tag),
        rows::pair,
    )?;
    connection.execute(
        "DELETE FROM deletions WHERE place = ?1 AND tag = ?2",
        (place, tag),
    )?;
    Ok(asked.is_some_and(|(of, asked_at)| of == digest && at.saturating_sub(asked_at) <= LAPSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::testing::place;

    fn see(store: &Store, content: &str, at: i64) {
        let seen = Observation {
            tag: "v1".into(),
            digest: Digest::sha256_of(content.as_bytes()),
            at,
            exact: false,
            who: None,
        };
        store.observe_move(&place(), &seen).unwrap();
    }

    fn awaits(store: &Store, content: &str, at: i64) {
        let digest = Digest::sha256_of(content.as_bytes());
        store.await_deletion(&place(), "v1", &digest, at).unwrap();
    }

    #[test]
    fn what_goes_later_went_by_our_hand_once() {
        let store = Store::in_memory().unwrap();
        see(&store, "a", 10);
        awaits(&store, "a", 20);
        // It is still there for a while.
        see(&store, "a", 30);
        assert_eq!(store.missed_tag(&place(), "v1", 90).unwrap(), None);
        assert!(store.open_moves(&place(), 10).unwrap().is_empty());
        // It comes back, and goes without being asked.
        see(&store, "a", 100);
        assert!(store.missed_tag(&place(), "v1", 110).unwrap().is_some());
    }

    #[test]
    fn another_commit_and_a_day_later_are_somebodys() {
        let store = Store::in_memory().unwrap();
        see(&store, "a", 10);
        awaits(&store, "a", 20);
        see(&store, "b", 30);
        assert!(store.missed_tag(&place(), "v1", 40).unwrap().is_some());
        see(&store, "a", 50);
        awaits(&store, "a", 60);
        let names = ["v1".to_owned()];
        let moved = store.finish_tags(&place(), &names, 60 + LAPSE + 1).unwrap();
        assert_eq!(moved.len(), 1);
    }
}
