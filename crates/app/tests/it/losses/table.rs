//! What is expected: the table that `docs/architecture.md` shows.

use super::Fate::{self, Gone, Kept, Listed, Unseen};
use super::Rule;

/// One way to lose a commit.
pub struct Row {
    /// The name of its tests.
    pub way: &'static str,
    /// What happens, as the table says it.
    pub what: &'static str,
    /// Where it is set up.
    pub on: &'static str,
    /// In the order of [`Rule::ALL`].
    pub cells: [Fate; 5],
}

const BOTH: &str = "distribution 2.8 and 3";
const OLD: &str = "distribution 2.8";
const NEW: &str = "distribution 3";
const SCRIPTED: &str = "scripted";

/// Every row.
pub const ROWS: &[Row] = &[
    Row {
        way: "overwritten_by_our_push",
        what: "Overwritten by a push of ours",
        on: OLD,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "overwritten_by_make_active",
        what: "Overwritten by *Make active*",
        on: BOTH,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "overwritten_by_docker_push",
        what: "Overwritten by plain `docker push`",
        on: OLD,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "overwritten_by_someone",
        what: "The same, by any other client",
        on: BOTH,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "cleaned_up",
        what: "Overwritten, then `garbage-collect`",
        on: BOTH,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "cleaned_up_with_untagged",
        what: "Overwritten, then `garbage-collect -m`",
        on: BOTH,
        cells: [Gone, Kept, Gone, Kept, Kept],
    },
    Row {
        way: "platforms_cleaned_up_on_2_8",
        what: "The same with a multi-platform image: 2.8 takes its platforms, tagged or not",
        on: OLD,
        cells: [Gone, Gone, Gone, Gone, Gone],
    },
    Row {
        way: "platforms_cleaned_up_on_3",
        what: "The same with a multi-platform image",
        on: NEW,
        cells: [Gone, Kept, Gone, Kept, Kept],
    },
    Row {
        way: "tag_deleted_by_us",
        what: "Its tag deleted by us",
        on: BOTH,
        cells: [Listed, Kept, Listed, Listed, Kept],
    },
    Row {
        way: "tag_deleted_by_someone",
        what: "Its tag deleted by someone else",
        on: SCRIPTED,
        cells: [Listed, Kept, Listed, Listed, Kept],
    },
    Row {
        way: "digest_deleted_by_someone",
        what: "Deleted by its digest by someone else: every tag of it goes",
        on: BOTH,
        cells: [Gone, Gone, Gone, Gone, Gone],
    },
    Row {
        way: "two_writers_at_once",
        what: "Two writers at once: the commit that was overtaken",
        on: BOTH,
        cells: [Listed, Listed, Listed, Kept, Kept],
    },
    Row {
        way: "second_computer",
        what: "Overwritten from a second computer that runs Longshore",
        on: BOTH,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "offline_for_a_week",
        what: "Offline for a week, overwritten meanwhile",
        on: SCRIPTED,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "offline_while_cleaned_up",
        what: "Offline for a week, overwritten and cleaned up meanwhile",
        on: SCRIPTED,
        cells: [Gone, Gone, Gone, Gone, Kept],
    },
    Row {
        way: "dropped_when_we_overwrite",
        what: "Overwritten by us where the registry drops the digest at the overwrite",
        on: SCRIPTED,
        cells: [Gone, Kept, Gone, Kept, Kept],
    },
    Row {
        way: "dropped_when_someone_overwrites",
        what: "Overwritten by plain `docker push` there: while its layers stay, what is known here puts it back",
        on: SCRIPTED,
        cells: [Gone, Kept, Gone, Kept, Kept],
    },
    Row {
        way: "colleagues_commit_displaced",
        what: "A colleague's commit, seen here, overwritten by a colleague's plain push",
        on: BOTH,
        cells: [Listed, Kept, Listed, Listed, Listed],
    },
    Row {
        way: "commit_tag_planted",
        what: "The name of its commit tag planted on another image by whoever may push, then the tag moved",
        on: SCRIPTED,
        cells: [Listed, Kept, Listed, Kept, Kept],
    },
    Row {
        way: "commit_tag_overwritten",
        what: "Overwritten, and its commit tag pointed at another image by whoever may push",
        on: SCRIPTED,
        cells: [Listed, Listed, Listed, Listed, Listed],
    },
    Row {
        way: "commit_tag_deleted",
        what: "Overwritten, and its commit tag deleted by whoever may push",
        on: SCRIPTED,
        cells: [Listed, Listed, Listed, Listed, Listed],
    },
    Row {
        way: "repository_deleted",
        what: "Overwritten, and the repository deleted as a whole",
        on: SCRIPTED,
        cells: [Gone, Gone, Gone, Gone, Gone],
    },
    Row {
        way: "pushed_between_read_and_write",
        what: "Pushed by someone between our last look and our write",
        on: SCRIPTED,
        cells: [Unseen, Unseen, Unseen, Unseen, Unseen],
    },
];

/// Compares one cell with what was found; where a part is missing nothing was found, and the test is listed as not run.
pub fn check(way: &str, rule: Rule, found: Option<Fate>) {
    let row = ROWS
        .iter()
        .find(|row| row.way == way)
        .expect("it has a row");
    let column = Rule::ALL.iter().position(|known| *known == rule).unwrap();
    if let Some(found) = found {
        assert_eq!(found, row.cells[column], "{way}, {rule:?}");
    }
}
