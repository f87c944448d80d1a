//! What a repository says of itself, and what its registry can and cannot do.

use super::keep::KeepRule;
use super::keep::KeepView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a repository says of itself, from the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AboutView {
    /// The registry was asked in this run or earlier.
    pub asked: bool,
    /// Digest of the about manifest; absent: there is none.
    pub digest: Option<String>,
    /// Its words.
    pub words: AboutWords,
    /// How it keeps.
    pub keep: KeepView,
    /// What this registry can and cannot do, as far as is known.
    pub abilities: Vec<Ability>,
}

/// The words of an about manifest; all of them bounded, none of them trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AboutWords {
    /// A short name.
    pub title: Option<String>,
    /// A sentence or a few.
    pub description: Option<String>,
    /// Who made it.
    pub authors: Option<String>,
    /// When (seconds, UTC).
    #[ts(type = "number | null")]
    pub created: Option<i64>,
}

/// One thing a registry can or cannot do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ability {
    /// Which.
    pub what: Skill,
    /// Yes, no, or not known yet.
    pub can: Option<bool>,
    /// How it is known, as a sentence.
    pub why: String,
}

/// What a registry may be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Skill {
    /// Lists its repositories.
    Catalog,
    /// Keeps an overwritten commit for long by itself.
    KeepsOverwritten,
    /// Deletes at all.
    Deletes,
    /// Deletes a single tag.
    DeletesTags,
    /// Lists what refers to a manifest.
    Referrers,
    /// Tells who pushed and when.
    History,
    /// Tells the time. It has a line only where its clock can't be right.
    Time,
}

/// What is known of one repository in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryMark {
    /// `namespace/name`.
    pub name: String,
    /// Its words; the description of its vendor's own list where it says none itself.
    pub words: AboutWords,
    /// It, or one of its tags, is watched.
    pub watched: bool,
    /// When a watched tag was last moved by someone else, and nobody has looked since (seconds, UTC).
    #[ts(type = "number | null")]
    pub moved_at: Option<i64>,
}

/// A new repository.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// May be empty.
    pub title: String,
    /// May be empty.
    pub description: String,
    /// How it shall keep, stored in the repository; absent: not said.
    pub keep: Option<KeepRule>,
    /// Whether only some may see it, where the registry's own interface makes it; absent: as the registry has it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub private: Option<bool>,
}

/// Changes what a repository says of itself.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescribeOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// May be empty.
    pub title: String,
    /// May be empty.
    pub description: String,
    /// The about manifest the sheet was filled from; another one there now stops with `TagMoved`.
    pub expected: Option<String>,
    /// The description the sheet was filled with, empty where there was none; another one there now stops with `Changed`.
    pub shown: String,
}
