//! What is let go of: manifests and configs that nothing names any more, where there are too many of them.
//!
//! Named is what a tag points at, was seen or told to point at, what moved, what a repository says of itself, what an undo or a
//! task speaks of, and whatever a named manifest names in turn (its config, an index' platforms). All of that stays for good: what
//! a clean-up took from a registry can be put back from here alone. The rest was only looked at, and is fetched again where it is
//! wanted. Not here: when to look.

use crate::named::Named;
use crate::{Error, Store, begin, rows};
use rusqlite::Connection;

/// Every column that names a manifest, as one list.
const NAMED: &str = "
    SELECT digest FROM tags WHERE digest IS NOT NULL UNION SELECT digest FROM seen UNION SELECT digest FROM imported
    UNION SELECT digest FROM past_tags UNION SELECT digest FROM untagged
    UNION SELECT old FROM moves UNION SELECT new FROM moves WHERE new IS NOT NULL
    UNION SELECT digest FROM about WHERE digest IS NOT NULL";
/// Every column with a text that may.
const SPEAKING: &str =
    "SELECT content FROM undo UNION ALL SELECT work FROM tasks UNION ALL SELECT view FROM tasks";

/// Oldest first: rows get their numbers in the order they come.
const TABLES: [&str; 2] = ["manifests", "configs"];

impl Store {
    /// Lets go of the oldest manifests, and of the oldest configs, that nothing names, until those that are left have together no
    /// more than `most` bytes of each. Returns how many went. It reads for long where there is much: let it have a connection
    /// of its own.
    pub fn evict_unnamed(&self, most: i64) -> Result<usize, Error> {
        let mut connection = self.lock();
        if all_bytes(&connection)? <= most {
            return Ok(0);
        }
        let mut named = Named::none(&connection)?;
        named.add_rows(&connection, NAMED)?;
        named.add_rows(&connection, SPEAKING)?;
        let mut named = named.with_contents(&connection)?;
        let transaction = begin(&mut connection)?;
        // What got a name from another connection while this one read.
        named.extend(rows::all(&transaction, NAMED, (), |row| Ok(row.get(0)?))?);
        let mut gone = 0;
        for table in TABLES {
            let all = rows::all(
                &transaction,
                &format!("SELECT rowid, digest, length(bytes) FROM {table} ORDER BY rowid"),
                (),
                |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, i64>(2)?,
                    ))
                },
            )?;
            let unnamed: Vec<_> = all
                .into_iter()
                .filter(|(_, digest, _)| !named.contains(digest))
                .collect();
            let mut left: i64 = unnamed.iter().map(|(_, _, bytes)| bytes).sum();
            for (row, digest, bytes) in unnamed {
                if left <= most {
                    break;
                }
                transaction
                    .prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?
                    .execute([row])?;
                transaction
                    .prepare_cached("DELETE FROM facts WHERE digest = ?1")?
                    .execute([digest])?;
                left -= bytes;
                gone += 1;
            }
        }
        transaction.commit()?;
        Ok(gone)
    }
}

fn all_bytes(connection: &Connection) -> Result<i64, Error> {
    let mut all = 0;
    for table in TABLES {
        let bytes: i64 = connection.query_row(
            &format!("SELECT coalesce(sum(length(bytes)), 0) FROM {table}"),
            (),
            |row| row.get(0),
        )?;
        all += bytes;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place};
    use crate::{Record, TagChange};
    use oci::Digest;

    /// Stores a manifest of a thousand bytes and returns its digest.
    fn put(store: &Store, name: &str, names: &[&Digest]) -> Digest {
        let names: Vec<String> = names
            .iter()
            .map(|digest| format!("{{\"digest\":\"{digest}\"}}"))
            .collect();
        let text = format!("{{\"{name}\":[{}]}}", names.join(","));
        let bytes = format!("{text:<1000}");
        let digest = Digest::sha256_of(bytes.as_bytes());
        store.put_manifest(&digest, "x", bytes.as_bytes()).unwrap();
        digest
    }

    fn there(store: &Store, digest: &Digest) -> bool {
        store.manifest(digest).unwrap().is_some()
    }

    #[test]
    fn hostile_what_nothing_names_goes_oldest_first_down_to_the_bound() {
        let store = Store::in_memory().unwrap();
        let all: Vec<Digest> = (0..10)
            .map(|at| put(&store, &at.to_string(), &[]))
            .collect();
        assert_eq!(
            store.evict_unnamed(10_000).unwrap(),
            0,
            "within the bound all stays"
        );
        assert_eq!(store.evict_unnamed(4_000).unwrap(), 6);
        let left: Vec<bool> = all.iter().map(|digest| there(&store, digest)).collect();
        assert_eq!(left, [[false; 6].as_slice(), &[true; 4]].concat());
    }

    #[test]
    fn what_anything_names_stays_whatever_it_costs() {
        let store = Store::in_memory().unwrap();
        let config = Digest::sha256_of(b"config");
        store.put_config(&config, b"config").unwrap();
        let loose_config = Digest::sha256_of(b"loose");
        store.put_config(&loose_config, b"loose").unwrap();
        let platform = put(&store, "platform", &[&config]);
        let mut kept = vec![platform.clone()];
        let mut keep = |name: &str, names: &[&Digest]| {
            let digest = put(&store, name, names);
            kept.push(digest.clone());
            digest
        };
        let seen = keep("an index that was seen", &[&platform]);
        let (tagged, told, undone, task) = (
            keep("a tag", &[]),
            keep("told", &[]),
            keep("undo", &[]),
            keep("task", &[]),
        );
        let loose = put(&store, "loose", &[]);
        store.observe(&place(), &observed("v1", &seen, 5)).unwrap();
        store
            .change_tag(&place(), "_h.v1", &TagChange::PointsAt(tagged, 1))
            .unwrap();
        let record = Record {
            origin: "other".into(),
            number: 1,
            tag: "v1".into(),
            digest: told,
            first_seen: 1,
            last_seen: 1,
            exact: false,
            ended_at: None,
            who: None,
        };
        store.take_in("own", &[(place(), record)]).unwrap();
        let undo = crate::StoredUndo {
            account: 1,
            place: place(),
            content: format!("{{\"took\":[\"{undone}\"]}}"),
        };
        store.add_undo(&undo, 5).unwrap();
        store
            .add_task("delete", 1, &format!("{{\"digest\":\"{task}\"}}"))
            .unwrap();
        assert_eq!(store.evict_unnamed(0).unwrap(), 2);
        for digest in &kept {
            assert!(there(&store, digest), "{digest}");
        }
        assert!(!there(&store, &loose));
        assert!(
            store.config(&config).unwrap().is_some(),
            "a named manifest names it"
        );
        assert!(store.config(&loose_config).unwrap().is_none());
    }
}
