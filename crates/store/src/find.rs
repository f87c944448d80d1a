//! Finding cached names: by what they begin with, through an index; and one after the other, for whoever looks inside
//! them.
//!
//! Commit tags and the about tag are nobody's names and are never found. Not here: how well a name answers what was typed.

use crate::{Error, Place, Store, rows};
use oci::{ABOUT_TAG, PREFIX};

/// The last part of a repository's name; an expression that the index `repositories_by_last` is over.
const LAST: &str = "substr(name, length(rtrim(name, replace(name, '/', ''))) + 1)";
/// Sorts behind every character of a name, which is ASCII.
const END: char = '\u{7f}';

/// A cached repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRepository {
    /// The account in whose list it stands.
    pub account: i64,
    /// `namespace/name`.
    pub name: String,
}

/// A cached tag that was there at the last look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTag {
    /// The repository it is in.
    pub place: Place,
    /// Its name.
    pub name: String,
}

impl Store {
    /// Returns repositories whose last part begins with these characters, in any case; at most so many, the shortest
    /// way to go on first.
    pub fn repositories_ending_in(
        &self,
        start: &str,
        most: u32,
    ) -> Result<Vec<NamedRepository>, Error> {
        rows::all(
            &self.lock(),
            &by_last(),
            (start, format!("{start}{END}"), most),
            repository,
        )
    }

    /// Returns repositories of an account whose whole name begins with these characters; at most so many, by name.
    pub fn repositories_beginning(
        &self,
        account: i64,
        start: &str,
        most: u32,
    ) -> Result<Vec<NamedRepository>, Error> {
        rows::all(
            &self.lock(),
            BY_START,
            (account, start, format!("{start}{END}"), most),
            repository,
        )
    }

    /// Returns tags of any repository that begin with these characters, in any case; at most so many, by name.
    pub fn tags_beginning(&self, start: &str, most: u32) -> Result<Vec<NamedTag>, Error> {
        rows::all(
            &self.lock(),
            BY_TAG,
            (start, format!("{start}{END}"), most, PREFIX, ABOUT_TAG),
            |row| {
                Ok(NamedTag {
                    place: rows::place(row, 1)?,
                    name: row.get(0)?,
                })
            },
        )
    }

    /// Returns tags of one repository that begin with these characters, in any case; at most so many, by name.
    pub fn tags_of_beginning(
        &self,
        place: &Place,
        start: &str,
        most: u32,
    ) -> Result<Vec<String>, Error> {
        self.at(place, |connection, id| {
            rows::all(
                connection,
                OF_PLACE,
                (start, format!("{start}{END}"), most, PREFIX, ABOUT_TAG, id),
                |row| Ok(row.get(0)?),
            )
        })
    }

    /// Shows every repository, one after the other, at most so many.
    pub fn each_repository(&self, most: u32, mut see: impl FnMut(i64, &str)) -> Result<(), Error> {
        let connection = self.lock();
        let mut query =
            connection.prepare_cached("SELECT account, name FROM repositories LIMIT ?1")?;
        let mut found = query.query([most])?;
        while let Some(row) = found.next()? {
            if let Ok(name) = row.get_ref(1)?.as_str() {
                see(row.get(0)?, name);
            }
        }
        Ok(())
    }

    /// Shows every tag, one after the other, at most so many, with the number of its repository for [`Store::tag_at`].
    pub fn each_tag(&self, most: u32, mut see: impl FnMut(i64, &str)) -> Result<(), Error> {
        let connection = self.lock();
        let mut query = connection.prepare_cached(ALL_TAGS)?;
        let mut found = query.query((most, PREFIX, ABOUT_TAG))?;
        while let Some(row) = found.next()? {
            if let Ok(name) = row.get_ref(1)?.as_str() {
                see(row.get(0)?, name);
            }
        }
        Ok(())
    }

    /// Returns a tag that [`Store::each_tag`] has shown; none where it is gone.
    pub fn tag_at(&self, number: i64, name: &str) -> Result<Option<NamedTag>, Error> {
        rows::first(
            &self.lock(),
            "SELECT p.host, p.repository FROM tags t JOIN places p ON p.id = t.place
             WHERE t.place = ?1 AND t.name = ?2 AND t.deleted_at IS NULL",
            (number, name),
            |row| {
                Ok(NamedTag {
                    place: rows::place(row, 0)?,
                    name: name.to_owned(),
                })
            },
        )
    }
}

const BY_START: &str = "SELECT account, name FROM repositories
     WHERE account = ?1 AND name >= ?2 AND name < ?3 ORDER BY name LIMIT ?4";
/// Those of commit tags and the about tag are left out by their beginning, which is written in one case only.
const BY_TAG: &str =
    "SELECT t.name, p.host, p.repository FROM tags t JOIN places p ON p.id = t.place
     WHERE t.name >= ?1 COLLATE NOCASE AND t.name < ?2 COLLATE NOCASE AND t.deleted_at IS NULL
       AND substr(t.name, 1, length(?4)) <> ?4 AND t.name <> ?5
     ORDER BY t.name COLLATE NOCASE LIMIT ?3";
const OF_PLACE: &str = "SELECT t.name FROM tags t
     WHERE t.place = ?6 AND t.name >= ?1 COLLATE NOCASE AND t.name < ?2 COLLATE NOCASE AND t.deleted_at IS NULL
       AND substr(t.name, 1, length(?4)) <> ?4 AND t.name <> ?5
     ORDER BY t.name COLLATE NOCASE LIMIT ?3";
const ALL_TAGS: &str = "SELECT place, name FROM tags INDEXED BY tags_by_name
     WHERE substr(name, 1, length(?2)) <> ?2 AND name <> ?3 LIMIT ?1";

fn by_last() -> String {
    format!(
        "SELECT account, name FROM repositories WHERE {LAST} >= ?1 COLLATE NOCASE AND {LAST} < ?2 COLLATE NOCASE
         ORDER BY {LAST} COLLATE NOCASE LIMIT ?3"
    )
}

fn repository(row: &rusqlite::Row<'_>) -> Result<NamedRepository, Error> {
    Ok(NamedRepository {
        account: row.get(0)?,
        name: row.get(1)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TagChange;
    use crate::testing::{place, place_at, with_account};
    use oci::Digest;

    fn names(found: &[NamedRepository]) -> Vec<&str> {
        found.iter().map(|each| each.name.as_str()).collect()
    }

    #[test]
    fn repositories_are_found_by_the_beginning_of_their_last_part_or_of_the_whole() {
        let (store, account) = with_account();
        let listed = ["genomics/aligner", "align/tool", "lab/align", "bare"].map(str::to_owned);
        store.add_repositories(account, &listed).unwrap();
        let found = store.repositories_ending_in("align", 9).unwrap();
        assert_eq!(names(&found), ["lab/align", "genomics/aligner"]);
        assert_eq!(
            names(&store.repositories_ending_in("BAR", 9).unwrap()),
            ["bare"]
        );
        let found = store.repositories_beginning(account, "align", 9).unwrap();
        assert_eq!(names(&found), ["align/tool"]);
        assert_eq!(store.repositories_ending_in("", 2).unwrap().len(), 2);
        store.finish_repositories(account, &[], 5).unwrap();
        assert!(store.repositories_ending_in("", 9).unwrap().is_empty());
    }

    #[test]
    fn tags_are_found_in_any_case_and_commit_tags_never() {
        let (store, _) = with_account();
        let digest = Digest::sha256_of(b"x");
        let commit_tag = format!("{PREFIX}v1.20261121t020900z-{}", digest.hex());
        let listed = [
            "v1",
            "V1-rc",
            "v2",
            "gone",
            commit_tag.as_str(),
            ABOUT_TAG,
            "_old",
        ]
        .map(str::to_owned);
        store.add_tags(&place(), 0, &listed).unwrap();
        let gone = TagChange::Gone(7);
        store.change_tag(&place(), "gone", &gone).unwrap();
        let elsewhere = place_at("registry.example", "lab/other");
        store.add_tags(&elsewhere, 0, &["v1".to_owned()]).unwrap();

        let found = store.tags_beginning("v1", 9).unwrap();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|each| (each.place.repository.as_str(), each.name.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("lab/tool", "v1"),
                ("lab/other", "v1"),
                ("lab/tool", "V1-rc")
            ]
        );
        assert_eq!(
            store.tags_of_beginning(&place(), "", 9).unwrap(),
            ["_old", "v1", "V1-rc", "v2"]
        );
        let mut seen = Vec::new();
        store
            .each_tag(99, |number, name| seen.push((number, name.to_owned())))
            .unwrap();
        let there: Vec<String> = seen
            .iter()
            .filter_map(|(number, name)| store.tag_at(*number, name).unwrap())
            .map(|tag| format!("{}:{}", tag.place.repository, tag.name))
            .collect();
        assert_eq!(
            there,
            [
                "lab/tool:_old",
                "lab/tool:v1",
                "lab/other:v1",
                "lab/tool:V1-rc",
                "lab/tool:v2"
            ]
        );
    }

    #[test]
    fn a_beginning_is_searched_for_in_an_index_and_a_walk_reads_names_alone() {
        let (store, account) = with_account();
        store
            .add_repositories(account, &["lab/tool".to_owned()])
            .unwrap();
        let plan = |sql: &str| -> String {
            let connection = store.lock();
            let mut query = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            let parameters = query.parameter_count();
            let given = vec![rusqlite::types::Null; parameters];
            let steps = query
                .query_map(rusqlite::params_from_iter(given), |row| {
                    row.get::<_, String>(3)
                })
                .unwrap();
            steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        for (sql, index) in [
            (by_last(), "COVERING INDEX repositories_by_last"),
            (BY_START.to_owned(), "PRIMARY KEY"),
            (BY_TAG.to_owned(), "INDEX tags_by_name (name>? AND name<?)"),
            (OF_PLACE.to_owned(), "(place=?"),
        ] {
            let plan = plan(&sql);
            assert!(
                plan.contains("SEARCH") && plan.contains(index),
                "{sql}: {plan}"
            );
            assert!(!plan.contains("SCAN"), "{sql}: {plan}");
        }
        for (sql, sorts) in [(by_last(), false), (BY_TAG.to_owned(), false)] {
            assert_eq!(plan(&sql).contains("TEMP B-TREE"), sorts, "{sql}");
        }
        let walk = plan(ALL_TAGS);
        assert!(walk.contains("COVERING INDEX tags_by_name"), "{walk}");
    }
}
