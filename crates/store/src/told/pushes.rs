//! When a tag was pushed last, as a vendor told that says nothing of what was pushed; and what follows from it.
//!
//! A tag that was pushed at T, and not since by the time Q that this was told, has pointed at one commit all the while in between. So
//! what this computer saw there after T and before Q began at T. Times are whole seconds, and in one second both may be true: a look
//! counts only where it is in a later second than the push and in an earlier one than the answer. Where there was none, nothing
//! follows; the next answer finds the look that came meanwhile. It may be the same commit that was pushed again, which was there
//! before: the timeline believes no beginning later than a look. Not here: which times are of the registry's clock (the app).

use super::{drop_oldest, is_listed};
use crate::{Error, Place, Store};
use rusqlite::{OptionalExtension, Transaction};

/// The last push of a tag, as its vendor told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldPush {
    /// The tag.
    pub tag: String,
    /// When it was pushed (seconds, UTC).
    pub at: i64,
    /// Who pushed it.
    pub who: Option<String>,
}

impl Store {
    /// Records since when listed tags point where they do, from their last pushes, which a vendor told at this time (seconds, UTC; by
    /// the same clock). Returns the tags of which that wasn't known.
    pub fn tell_pushes(
        &self,
        place: &Place,
        told: &[ToldPush],
        told_at: i64,
    ) -> Result<Vec<String>, Error> {
        self.change_at(place, |transaction, id| {
            let mut known = Vec::new();
            for one in told {
                if is_listed(transaction, id, &one.tag)? && tell(transaction, id, one, told_at)? {
                    known.push(one.tag.clone());
                }
            }
            drop_oldest(transaction, id)?;
            Ok(known)
        })
    }
}

/// Records since when a tag points where it does; false where that can't be told, or was known.
fn tell(
    transaction: &Transaction<'_>,
    id: i64,
    one: &ToldPush,
    told_at: i64,
) -> Result<bool, Error> {
    let last: Option<(String, i64, i64, Option<i64>)> = transaction
        .prepare_cached(
            "SELECT digest, first_seen, last_seen, ended_at FROM seen WHERE place = ?1 AND tag = ?2
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row((id, &one.tag), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((digest, first, last, None)) = last else {
        return Ok(false);
    };
    let between = |look: i64| one.at < look && look < told_at;
    if !between(first) && !between(last) {
        return Ok(false);
    }
    let added = transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO told_moments(place, tag, digest, began, who, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((id, &one.tag, &digest, one.at, &one.who, told_at))?;
    Ok(added > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place};
    use oci::Digest;

    fn digest(text: &str) -> Digest {
        Digest::sha256_of(text.as_bytes())
    }

    fn listing(names: &[&str]) -> Store {
        let store = Store::in_memory().unwrap();
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        store.add_tags(&place(), 0, &names).unwrap();
        store
    }

    /// Sees what a tag points at.
    fn see(store: &Store, text: &str, at: i64) {
        let seen = observed("v1", &digest(text), at);
        store.observe(&place(), &seen).unwrap();
    }

    /// Tells when `v1` was pushed last; whether something followed.
    fn told(store: &Store, at: i64, told_at: i64) -> bool {
        let push = ToldPush {
            tag: "v1".into(),
            at,
            who: Some("ana".into()),
        };
        !store
            .tell_pushes(&place(), &[push], told_at)
            .unwrap()
            .is_empty()
    }

    fn began(store: &Store) -> Vec<(Digest, i64)> {
        let moments = store.told_moments(&place(), None).unwrap();
        let of_it = moments.into_values().flatten();
        of_it.map(|one| (one.digest, one.began)).collect()
    }

    #[test]
    fn what_was_seen_after_the_last_push_and_before_it_was_told_began_with_it() {
        let store = listing(&["v1"]);
        assert!(!told(&store, 50, 100), "nothing was seen");
        see(&store, "a", 120);
        assert!(told(&store, 50, 150));
        assert!(!told(&store, 50, 160), "that is known");
        assert_eq!(began(&store), [(digest("a"), 50)]);
        let moments = store.told_moments(&place(), Some(&["v1"])).unwrap();
        assert_eq!(moments["v1"][0].who.as_deref(), Some("ana"));
        // Its first look is one as well.
        see(&store, "a", 500);
        assert!(told(&store, 60, 300));
    }

    #[test]
    fn what_may_have_been_pushed_before_or_after_the_look_says_nothing() {
        let store = listing(&["v1"]);
        see(&store, "a", 100);
        // Pushed after the look, in its second, and told in the second of the look or before it.
        for (at, told_at) in [(150, 200), (100, 200), (50, 100), (50, 90)] {
            assert!(!told(&store, at, told_at), "{at} {told_at}");
        }
        // Somebody moved it since, and it was seen; then the former push is nobody's.
        see(&store, "b", 180);
        assert!(!told(&store, 190, 300));
        store.missed_tag(&place(), "v1", 310).unwrap();
        assert!(!told(&store, 150, 400), "it is gone");
        assert_eq!(began(&store), []);
        let unlisted = listing(&["v2"]);
        see(&unlisted, "a", 100);
        assert!(!told(&unlisted, 50, 200));
    }

    #[test]
    fn hostile_times_of_any_size_are_times() {
        let store = listing(&["v1"]);
        see(&store, "a", 100);
        assert!(!told(&store, i64::MAX, i64::MIN));
        assert!(told(&store, i64::MIN, i64::MAX));
    }
}
