//! Watching: who looks after which tags, and what moved by someone else's hand.

use super::browse::Reach;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Begin or end to watch a repository, or one tag of it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// One tag; absent: every tag.
    pub tag: Option<String>,
    /// True: watch.
    pub on: bool,
}

/// What is watched in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WatchView {
    /// Every tag is.
    pub all: bool,
    /// These are.
    pub tags: Vec<String>,
    /// When the registry was last asked (seconds, UTC).
    #[ts(type = "number | null")]
    pub asked_at: Option<i64>,
    /// From when on it should have been asked again (seconds, UTC); absent: nothing is watched.
    #[ts(type = "number | null")]
    pub overdue_at: Option<i64>,
    /// Why it could not be asked, as a sentence.
    pub trouble: Option<String>,
}

/// A tag that someone else moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    /// Stable id.
    pub id: String,
    /// The tag.
    pub tag: String,
    /// The whole digest it pointed at.
    pub from: String,
    /// The whole digest it points at; absent: it was deleted.
    pub to: Option<String>,
    /// When it was noticed, by the registry's clock (seconds, UTC).
    #[ts(type = "number")]
    pub at: i64,
    /// The tag is watched.
    pub watched: bool,
    /// A commit tag keeps the old commit: the registry showed it.
    pub kept: bool,
    /// Why a rule could not keep the old commit, or not yet, as a sentence.
    pub trouble: Option<String>,
    /// Whether the old commit can still be fetched.
    pub reach: Reach,
}

/// What the person said to a moved tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MoveAnswer {
    /// Keep the old commit.
    Keep,
    /// It is fine as it is: don't show it any more.
    Dismiss,
}

/// What is watched in a repository, and what moved there and was not answered yet, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Moves {
    /// What is watched.
    pub watch: WatchView,
    /// What moved.
    pub rows: Vec<MoveView>,
}
