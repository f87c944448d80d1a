//! The timeline of a whole repository: a lane a tag, a row a commit that became active.

use super::browse::{CommitRow, Reach, TimeFact};
use serde::Serialize;
use ts_rs::TS;

/// From the cache: everything that is known of a repository's commits, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryTimeline {
    /// The repository as the engine names it: `host/namespace/name`.
    pub path: String,
    /// At most eight, from the left: the tags that moved last; where there are more tags than lanes, the last
    /// lane is shared by the others.
    pub lanes: Vec<Lane>,
    /// Newest first.
    pub rows: Vec<TimelineRow>,
    /// Commits that no tag names, as the registry's own interface tells them, newest first: none of them stands among the rows.
    pub untagged: Vec<CommitRow>,
    /// When the list of tags was last fetched whole; absent: never.
    #[ts(type = "number | null")]
    pub refreshed_at: Option<i64>,
}

/// One lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    /// The tag; absent: all the others share it.
    pub tag: Option<String>,
    /// The registry no longer has the tag; its lane has no filled dot.
    pub deleted: bool,
}

/// A commit that became active, under one tag or under several at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimelineRow {
    /// Stable key within the timeline.
    pub key: String,
    /// One a tag, in the order of the lanes; never empty.
    pub marks: Vec<Mark>,
    /// The commit, as the first mark's tag shows it; its time is the earliest of the marks'.
    pub commit: CommitRow,
}

/// A dot on a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// Index of the lane.
    pub lane: u32,
    /// The tag (several share the lane of the others).
    pub tag: String,
    /// Key of this entry in the tag's own list ([`CommitRow::key`]).
    pub key: String,
    /// The tag points at it now.
    pub active: bool,
    /// The commit tag that keeps it for this tag, or that says so.
    pub commit_tag: Option<String>,
    /// True where it is kept: the registry was asked for that commit tag, and showed this very commit.
    pub kept: bool,
    /// When this tag came to point at it.
    pub time: Option<TimeFact>,
    /// When it ceased to, where known (seconds, UTC).
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// What one HEAD told of a commit: the window mends the rows of it in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReachFact {
    /// As it was asked for: a digest or the name of a commit tag.
    pub of: String,
    /// The whole digest, where it is known now.
    pub digest: Option<String>,
    /// Whether it can be pulled.
    pub reach: Reach,
    /// True where a commit tag was asked, and keeps it.
    pub kept: bool,
    /// True where a commit tag points at another manifest than its name says.
    pub mismatch: bool,
    /// Compressed bytes for this computer's platform, else of the first.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
    pub platforms: Vec<String>,
}
