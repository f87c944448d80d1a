//! Export and import of what this computer has seen (`docs/export.md`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An export was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Facts in it.
    pub facts: u32,
}

/// An import was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Facts that are new here.
    pub added: u32,
    /// Facts that were known already.
    pub known: u32,
    /// Repositories they are of.
    pub repositories: u32,
    /// Lines that could not be read, a sentence each with the line's number; at most twenty.
    pub unread: Vec<String>,
    /// How many lines could not be read in all.
    pub unread_count: u32,
}

/// What is pasted as another tool's listing of a repository's commits.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListingOrder {
    /// Account id.
    pub account: String,
    /// The repository that is open.
    pub repository: String,
    /// What was pasted.
    pub text: String,
}

/// What a listing tells, before anything of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingView {
    /// The repository that it goes into.
    pub repository: String,
    /// That is another one than the one that is open: the command before the listing names it.
    pub is_other: bool,
    /// Commits of tags that could be read.
    pub commits: u32,
    /// Tags they are of.
    pub tags: u32,
    /// Commits whose time names no zone, and is taken as UTC.
    pub without_zone: u32,
    /// Lines that could not be read, a sentence each with the line's number; at most twenty.
    pub unread: Vec<String>,
    /// How many lines could not be read in all.
    pub unread_count: u32,
}
