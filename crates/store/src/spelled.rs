//! Tags that a registry lists in other letters than they were typed in: what was seen of the one is of the other.
//!
//! Not here: which registries write tags in small letters (`vendors`). Grows by a table that has a tag's name.

use crate::{Error, Place, Store, rows};
use rusqlite::Transaction;

impl Store {
    /// Takes tags, as they were typed, for those that are listed: pairs of the one and the other. What was seen and done under the
    /// first goes on as the other's where it was all later; else the other's own says the same.
    pub fn join_tags(&self, place: &Place, pairs: &[(String, String)]) -> Result<(), Error> {
        if pairs.is_empty() {
            return Ok(());
        }
        self.change_at(place, |transaction, id| {
            for (typed, listed) in pairs {
                join(transaction, id, typed, listed)?;
            }
            Ok(())
        })
    }
}

fn join(transaction: &Transaction<'_>, id: i64, typed: &str, listed: &str) -> Result<(), Error> {
    let first: Option<(i64, String, i64)> = rows::first(
        transaction,
        "SELECT id, digest, first_seen FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id LIMIT 1",
        (id, typed),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let last: Option<(i64, String)> = rows::first(
        transaction,
        "SELECT id, digest FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        (id, listed),
        rows::pair,
    )?;
    let goes_on = match (&first, &last) {
        (Some((first, ..)), Some((last, _))) => first > last,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if let (true, Some((_, digest, at)), Some((last, before))) = (goes_on, &first, &last)
        && digest != before
    {
        transaction.execute(
            "UPDATE seen SET ended_at = max(last_seen, ?2) WHERE id = ?1 AND ended_at IS NULL",
            (last, at),
        )?;
    }
    if goes_on {
        transaction.execute(
            "UPDATE seen SET tag = ?3, changed = changed OR ?4 WHERE place = ?1 AND tag = ?2",
            (id, typed, listed, last.is_some()),
        )?;
        transaction.execute(
            "UPDATE moves SET tag = ?3 WHERE place = ?1 AND tag = ?2",
            (id, typed, listed),
        )?;
        transaction.execute(
            "UPDATE OR IGNORE told_moments SET tag = ?3 WHERE place = ?1 AND tag = ?2",
            (id, typed, listed),
        )?;
    }
    for gone in [
        "DELETE FROM seen WHERE place = ?1 AND tag = ?2",
        "DELETE FROM moves WHERE place = ?1 AND tag = ?2",
        "DELETE FROM told_moments WHERE place = ?1 AND tag = ?2",
        "DELETE FROM told_tags WHERE place = ?1 AND tag = ?2",
        "DELETE FROM tags WHERE place = ?1 AND name = ?2",
    ] {
        transaction.execute(gone, (id, typed))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place};
    use oci::Digest;

    fn digest(text: &str) -> Digest {
        Digest::sha256_of(text.as_bytes())
    }

    fn see(store: &Store, tag: &str, text: &str, at: i64) {
        let seen = observed(tag, &digest(text), at);
        store.observe(&place(), &seen).unwrap();
    }

    fn join(store: &Store) -> Vec<(Digest, i64, Option<i64>)> {
        store
            .add_tags(&place(), 0, &["RC".into(), "rc".into()])
            .unwrap();
        let pair = ("RC".to_owned(), "rc".to_owned());
        store.join_tags(&place(), &[pair]).unwrap();
        assert!(store.periods(&place(), "RC").unwrap().is_empty());
        let (listed, _) = store.tags(&place()).unwrap();
        let names: Vec<&str> = listed.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["rc"]);
        let periods = store.periods(&place(), "rc").unwrap().into_iter();
        periods
            .map(|one| (one.digest, one.first_seen, one.ended_at))
            .collect()
    }

    #[test]
    fn what_was_seen_in_other_letters_goes_on_as_the_listed_tags() {
        let store = Store::in_memory().unwrap();
        see(&store, "RC", "a", 100);
        assert_eq!(join(&store), [(digest("a"), 100, None)]);

        let later = Store::in_memory().unwrap();
        see(&later, "rc", "a", 100);
        see(&later, "RC", "b", 200);
        let both = [(digest("a"), 100, Some(200)), (digest("b"), 200, None)];
        assert_eq!(join(&later), both);
        let periods = later.periods(&place(), "rc").unwrap();
        assert!(periods[1].changed && periods[1].id > periods[0].id);

        let same = Store::in_memory().unwrap();
        see(&same, "rc", "a", 100);
        see(&same, "RC", "a", 200);
        assert_eq!(join(&same).len(), 2);
    }

    #[test]
    fn what_was_seen_of_the_listed_one_since_counts() {
        let store = Store::in_memory().unwrap();
        see(&store, "RC", "a", 100);
        see(&store, "rc", "b", 200);
        assert_eq!(join(&store), [(digest("b"), 200, None)]);
        assert_eq!(join(&store), [(digest("b"), 200, None)]);
        store.join_tags(&place(), &[]).unwrap();
    }
}
