//! A part of a repository's cached tags, with all that is known of just these: so that what a part costs does not grow with the
//! list.

use crate::tags::{self, listed};
use crate::{Error, ListedTag, Period, Place, Record, Store, imported, rows, seen};
use rusqlite::{Connection, OptionalExtension, ToSql};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use std::ops::Range;

/// Some tags as the registry lists them, and what is known of them.
#[derive(Debug, Default)]
pub struct TagsPart {
    /// In the registry's order; commit tags stand among them.
    pub listed: Vec<ListedTag>,
    /// Cached tags that begin as the commit tags of these do, wherever they stand in the list.
    pub commit_tags: Vec<ListedTag>,
    /// What was seen, by tag.
    pub periods: HashMap<String, Vec<Period>>,
    /// What others saw, by tag.
    pub imported: HashMap<String, Vec<Record>>,
    /// The last tag of the part, where others follow.
    pub next: Option<String>,
}

/// From which place in the list (not included) to which (included).
struct Reach {
    from: (i64, String),
    to: (i64, String),
}

/// Sorts behind every name: tags are ASCII.
const LAST: &str = "\u{7f}";

const INSIDE: &str = "place = ?1 AND (position, name) > (?2, ?3) AND (position, name) <= (?4, ?5)";
const NAMED: &str = "place = ?1 AND name IN (SELECT value FROM json_each(?2))";

impl Store {
    /// Tells whether a place has more cached tags than so many; no more of them are walked.
    pub fn has_more_tags_than(&self, place: &Place, number: usize) -> Result<bool, Error> {
        let skipped = i64::try_from(number).unwrap_or(i64::MAX);
        self.at(place, |connection, id| {
            let next = "SELECT 1 FROM tags WHERE place = ?1 LIMIT 1 OFFSET ?2";
            let found: Option<i64> = connection
                .query_row(next, (id, skipped), |row| row.get(0))
                .optional()?;
            Ok(found.is_some())
        })
    }

    /// Returns when the list of a place was last fetched whole (seconds, UTC).
    pub fn tags_refreshed_at(&self, place: &Place) -> Result<Option<i64>, Error> {
        self.at(place, tags::refreshed_at)
    }

    /// Returns the cached tags that follow `after` in the registry's order, or the first: at most so many.
    pub fn tags_part(
        &self,
        place: &Place,
        after: Option<&str>,
        most: u32,
    ) -> Result<TagsPart, Error> {
        self.at(place, |connection, id| {
            let from = match after {
                None => Some((-1, String::new())),
                Some(after) => rows::first(
                    connection,
                    "SELECT position, name FROM tags WHERE place = ?1 AND name = ?2",
                    (id, after),
                    rows::pair,
                )?,
            };
            // One that went meanwhile ends the reading; that it went is told, and has the list read again.
            let Some(from) = from else {
                return Ok(TagsPart::default());
            };
            let end: Option<(i64, String)> = rows::first(
                connection,
                "SELECT position, name FROM tags WHERE place = ?1 AND (position, name) > (?2, ?3)
                 ORDER BY position, name LIMIT 1 OFFSET ?4",
                (id, from.0, &from.1, most.saturating_sub(1)),
                rows::pair,
            )?;
            let to = end.clone().unwrap_or((i64::MAX, LAST.to_owned()));
            let mut part = read(connection, id, &Reach { from, to })?;
            part.next = end.map(|(_, name)| name);
            Ok(part)
        })
    }

    /// Returns the cached tags that stand at these positions of the registry's list.
    pub fn tags_at(&self, place: &Place, positions: Range<usize>) -> Result<TagsPart, Error> {
        let at = |position: usize| i64::try_from(position).unwrap_or(i64::MAX);
        let reach = Reach {
            from: (at(positions.start), String::new()),
            to: (at(positions.end.saturating_sub(1)), LAST.to_owned()),
        };
        self.at(place, |connection, id| read(connection, id, &reach))
    }

    /// Returns those of the cached tags that are named here.
    pub fn tags_named(&self, place: &Place, names: &[String]) -> Result<TagsPart, Error> {
        let names = serde_json::to_string(names)?;
        self.at(place, |connection, id| {
            read_where(connection, NAMED, &[&id, &names])
        })
    }

    /// Notes what stood on top of the list of a place, so that it is there at once the next time.
    pub fn keep_top<T: Serialize>(&self, place: &Place, top: &T) -> Result<(), Error> {
        let top = serde_json::to_string(top)?;
        self.at(place, |connection, id| {
            connection.execute(
                "INSERT INTO tops(place, top) VALUES (?1, ?2) ON CONFLICT(place) DO UPDATE SET top = excluded.top",
                (id, &top),
            )?;
            Ok(())
        })
    }

    /// Returns what stood on top of the list of a place. What another version wrote in another shape counts as absent.
    pub fn top<T: DeserializeOwned>(&self, place: &Place) -> Result<Option<T>, Error> {
        let top: Option<String> = self.at(place, |connection, id| {
            let found =
                connection.query_row("SELECT top FROM tops WHERE place = ?1", [id], |row| {
                    row.get(0)
                });
            Ok(found.optional()?)
        })?;
        Ok(top.and_then(|top| serde_json::from_str(&top).ok()))
    }
}

fn read(connection: &Connection, id: i64, reach: &Reach) -> Result<TagsPart, Error> {
    let Reach { from, to } = reach;
    read_where(connection, INSIDE, &[&id, &from.0, &from.1, &to.0, &to.1])
}

/// Reads the tags that a condition names, and what is known of them.
fn read_where(
    connection: &Connection,
    inside: &str,
    params: &[&dyn ToSql],
) -> Result<TagsPart, Error> {
    let of = |table: &str, columns: &str, order: &str| {
        format!(
            "SELECT {columns} FROM {table} WHERE place = ?1 AND tag IN (SELECT name FROM tags WHERE {inside})
             ORDER BY {order}"
        )
    };
    let mut with_prefix = params.to_vec();
    with_prefix.push(&oci::PREFIX);
    let prefix = with_prefix.len();
    let periods = rows::all(
        connection,
        &of("seen", seen::COLUMNS, "id"),
        params,
        seen::period,
    )?;
    let records = rows::all(
        connection,
        &of("imported", imported::COLUMNS, "tag, origin, number"),
        params,
        |row| imported::record(row, 0),
    )?;
    Ok(TagsPart {
        listed: rows::all(
            connection,
            &format!(
                "SELECT {} FROM tags WHERE {inside} ORDER BY position, name",
                tags::COLUMNS
            ),
            params,
            listed,
        )?,
        // The outer list is walked in its order, and each name's own stretch of the key is searched.
        commit_tags: rows::all(
            connection,
            &format!(
                "SELECT DISTINCT c.name, c.digest, c.asked, c.trouble, c.deleted_at, c.shown_at
                 FROM (SELECT name FROM tags WHERE {inside}) t CROSS JOIN tags c
                 ON c.place = ?1 AND c.name >= ?{prefix} || t.name || '.'
                 AND c.name < ?{prefix} || t.name || '.\u{7f}'"
            ),
            with_prefix.as_slice(),
            listed,
        )?,
        periods: rows::by_tag(periods, |period| &period.tag),
        imported: rows::by_tag(records, |record| &record.tag),
        next: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TagChange;
    use crate::testing::{observed, place};
    use oci::Digest;

    #[test]
    fn named_tags_are_read_with_all_that_is_known_of_them_and_a_top_is_kept() {
        let store = Store::in_memory().unwrap();
        let digest = Digest::sha256_of(b"x");
        let commit_tag = format!("{}v2.20261121t020900z-{}", oci::PREFIX, digest.hex());
        let names: Vec<String> = ["v3", "v1", commit_tag.as_str(), "v2"]
            .map(str::to_owned)
            .into();
        store.add_tags(&place(), 0, &names).unwrap();
        for tag in ["v1", "v2"] {
            store.observe(&place(), &observed(tag, &digest, 7)).unwrap();
        }
        let wanted = ["v2", "gone", "v3"].map(str::to_owned);
        let part = store.tags_named(&place(), &wanted).unwrap();
        let listed: Vec<&str> = part.listed.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(listed, ["v3", "v2"]);
        assert_eq!(part.commit_tags.len(), 1);
        assert_eq!(part.periods.keys().collect::<Vec<_>>(), ["v2"]);

        assert_eq!(store.top::<Vec<String>>(&place()).unwrap(), None);
        store.keep_top(&place(), &["old"]).unwrap();
        store.keep_top(&place(), &wanted).unwrap();
        assert_eq!(store.top(&place()).unwrap(), Some(wanted.to_vec()));
        assert_eq!(
            store.top::<i64>(&place()).unwrap(),
            None,
            "of another shape"
        );
    }

    #[test]
    fn parts_make_up_the_list_with_all_that_is_known_of_them() {
        let store = Store::in_memory().unwrap();
        let digest = Digest::sha256_of(b"x");
        let commit_tag = format!("{}v2.20261121t020900z-{}", oci::PREFIX, digest.hex());
        let names: Vec<String> = ["v3", "v1", commit_tag.as_str(), "v2", "v2.1"]
            .map(str::to_owned)
            .into();
        store.add_tags(&place(), 0, &names).unwrap();
        for tag in ["v2", "v2.1"] {
            store.observe(&place(), &observed(tag, &digest, 7)).unwrap();
        }
        store
            .change_tag(&place(), "v2", &TagChange::PointsAt(digest.clone(), 1))
            .unwrap();
        let (mut read, mut after, mut parts) = (Vec::new(), None::<String>, 0);
        loop {
            let part = store.tags_part(&place(), after.as_deref(), 2).unwrap();
            parts += 1;
            read.extend(part.listed.iter().map(|tag| tag.name.clone()));
            if part.listed.iter().any(|tag| tag.name == "v2") {
                assert_eq!(part.periods["v2"].len(), 1);
                assert!(!part.periods.contains_key("v2.1"), "of another part");
                assert_eq!(part.commit_tags.len(), 1);
                assert_eq!(part.commit_tags[0].name, commit_tag);
            }
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((read, parts), (names.clone(), 3));
        let page = store.tags_at(&place(), 1..3).unwrap();
        assert_eq!(page.listed.len(), 2);
        assert_eq!(
            (page.listed[0].name.as_str(), page.listed[1].name.as_str()),
            ("v1", commit_tag.as_str())
        );
        assert!(store.has_more_tags_than(&place(), 4).unwrap());
        assert!(!store.has_more_tags_than(&place(), 5).unwrap());
        let gone = store.tags_part(&place(), Some("none"), 2).unwrap();
        assert!(gone.listed.is_empty() && gone.next.is_none());
    }

    #[test]
    fn hostile_a_part_is_searched_for_and_never_the_whole_list() {
        let store = Store::in_memory().unwrap();
        store.add_tags(&place(), 0, &["v1".to_owned()]).unwrap();
        let connection = store.lock();
        let mut plan = connection
            .prepare(&format!(
                "EXPLAIN QUERY PLAN SELECT name FROM tags WHERE {INSIDE} ORDER BY position, name"
            ))
            .unwrap();
        let steps: Vec<String> = plan
            .query_map((1, 0, "", 9, LAST), |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            steps
                .iter()
                .all(|step| step.contains("tags_by_position") && step.contains("SEARCH")),
            "{steps:?}"
        );
    }
}
