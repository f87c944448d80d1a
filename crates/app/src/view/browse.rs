//! Repositories, tags and commits.

use super::about::RepositoryMark;
use super::keep::KeepRule;
use super::start::TagOrder;
use serde::{Deserialize, Serialize};
pub use timeline::{Person, Source, TimeFact, TimeKind};
use ts_rs::TS;

/// A part of the repositories of an account, from the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryList {
    /// Paths within the registry (`namespace/name`), sorted.
    pub names: Vec<String>,
    /// What is known of some of them, by name; with the first part.
    pub marks: Vec<RepositoryMark>,
    /// When the list was last fetched whole; absent: never.
    #[ts(type = "number | null")]
    pub refreshed_at: Option<i64>,
    /// Those that the registry didn't list, and where each is known from; with the first part.
    pub known: Vec<KnownRepository>,
    /// The registry was found to list nothing for this account, lately.
    pub refused: bool,
    /// Why it may lack something, or what was left out, as a sentence.
    pub note: Option<String>,
    /// What the next part is asked for by; absent: this is the last.
    pub next: Option<String>,
}

/// A repository that its registry didn't list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownRepository {
    /// `namespace/name`.
    pub name: String,
    /// Where it is known from.
    pub from: KnownFrom,
}

/// Where a repository is known from that its registry didn't list, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KnownFrom {
    /// A person typed its path, and it was there.
    Typed,
    /// An image in the engine bears its name.
    Image,
    /// A container was made from an image of it.
    Container,
    /// A compose file that a container was made from names it.
    Compose,
    /// It was seen here, or imported.
    Seen,
}

/// A path that a person typed, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenedPath {
    /// The account it opens with; absent: there is none of this registry yet.
    pub account: Option<String>,
    /// `host[:port]`.
    pub host: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag, where one was typed.
    pub tag: Option<String>,
    /// The digest, where one was typed.
    pub digest: Option<String>,
}

/// A part of the tags of a repository, from the cache; commit tags are folded into their tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagList {
    /// One a tag, in the registry's order; then those that are only remembered.
    pub rows: Vec<TagRow>,
    /// When the list was last fetched whole; absent: never.
    #[ts(type = "number | null")]
    pub refreshed_at: Option<i64>,
    /// The repository as the engine names it: `host/namespace/name`.
    pub path: String,
    /// How this repository keeps, where it was ever said.
    pub keep: Option<KeepRule>,
    /// Why it may lack something, or what was left out, as a sentence.
    pub note: Option<String>,
    /// What the next part is asked for by; absent: this is the last.
    pub next: Option<String>,
    /// Present where the rows are no part of the list in its order, but those that stood on top when it was last looked at.
    pub top: Option<TopRows>,
}

/// Of which list, in which order, rows stood on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopRows {
    /// The order that the person wished for.
    pub order: TagOrder,
    /// Whether most rows were unknown, so that the list stood in an order that needs no facts.
    pub unknown: bool,
    /// How many tags there were.
    pub of: u32,
}

/// What stood on top of a list when it was last looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagTop {
    /// The list and its order.
    pub rows: TopRows,
    /// The tags, first one first: at most 100 are kept.
    pub tags: Vec<String>,
}

/// One tag. What is not known yet is absent; the UI asks for it with `resolve_tag` once the row is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// The tag's name.
    pub name: String,
    /// Digest it points at, as last seen.
    pub digest: Option<String>,
    /// When that became so.
    pub time: Option<TimeFact>,
    /// Compressed bytes for this computer's platform, else of the first.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
    pub platforms: Vec<String>,
    /// Commits known of this tag, the active one included.
    pub commits: u32,
    /// Whether the engine holds it.
    pub local: LocalMark,
    /// True once the facts of this row were asked for in this refresh (so the cell stops being "soft").
    pub resolved: bool,
    /// Why its facts can't be shown, as a sentence.
    pub trouble: Option<String>,
    /// True where a refresh found that the registry no longer has the tag.
    pub deleted: bool,
    /// It is watched, by itself or with its repository.
    pub watched: bool,
    /// When someone else was last seen to have moved it, and nobody has answered (seconds, UTC).
    #[ts(type = "number | null")]
    pub moved_at: Option<i64>,
}

/// Whether, and how, the engine holds a tag's commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum LocalMark {
    /// No engine has said what it holds, or none answers.
    Unknown,
    /// Not on this computer.
    None,
    /// The active commit is here.
    Same,
    /// An older one is here: the `position`th newest `of` so many known.
    Older {
        /// 2 = the one before the active.
        position: u32,
        /// Known commits.
        of: u32,
        /// Seconds from when it became active to when the active one did, where both are known.
        #[ts(type = "number | null")]
        behind: Option<i64>,
    },
}

/// The commits of one tag, newest first, from the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitList {
    /// The tag.
    pub tag: String,
    /// Newest first; the active one, where there is one, is first.
    pub rows: Vec<CommitRow>,
}

/// One commit of one tag. A commit that became active twice is two rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools)] // what holds of a row, each shown by itself
pub struct CommitRow {
    /// Stable key of the row within the list.
    pub key: String,
    /// First 12 hex digits.
    pub short: String,
    /// The whole digest; absent while nobody but a commit tag tells of it that was not asked yet.
    pub digest: Option<String>,
    /// Then the whole digest that the commit tag claims, where its name carries all of one.
    pub claims: Option<String>,
    /// The tag points at it now.
    pub active: bool,
    /// The commit tag that keeps it, or that says so.
    pub commit_tag: Option<String>,
    /// True where it is kept: the registry was asked for the commit tag, and showed this very commit.
    pub kept: bool,
    /// True where a commit tag alone tells of it, and this computer saw another commit there at that time.
    pub contradicted: bool,
    /// When it became active.
    pub time: Option<TimeFact>,
    /// Who made it active, where that is known.
    pub by: Option<Person>,
    /// When it ceased to be active, where known (seconds, UTC).
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Every source that knows this commit, best first.
    pub sources: Vec<Source>,
    /// Whether it can still be pulled.
    pub reach: Reach,
    /// True where its commit tag points at another manifest than its name says.
    pub mismatch: bool,
    /// Compressed bytes, as for a tag.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
    pub platforms: Vec<String>,
    /// Whether the engine holds it; absent while no engine has said, or none answers.
    pub on_this_computer: Option<bool>,
    /// `host/ns/name:tag` where a tag (its own while active, its commit tag when kept) names it.
    pub tag_path: Option<String>,
    /// `host/ns/name@sha256:…`.
    pub digest_path: Option<String>,
}

/// Whether a commit can still be pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Reach {
    /// Not asked yet.
    Unknown,
    /// The registry said yes.
    Pullable {
        /// When it was asked (seconds, UTC).
        #[ts(type = "number")]
        at: i64,
    },
    /// The registry has it, but it is an index of which some platforms are gone.
    Partly {
        /// When it was asked (seconds, UTC).
        #[ts(type = "number")]
        at: i64,
    },
    /// The registry no longer has it.
    #[serde(rename_all = "camelCase")]
    Gone {
        /// When that was first seen (seconds, UTC).
        #[ts(type = "number")]
        since: i64,
        /// Until when the registry's own interface can put it back, where it told so (seconds, UTC).
        #[ts(type = "number | null")]
        restorable_until: Option<i64>,
    },
}
