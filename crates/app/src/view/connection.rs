//! The connection check of an account: what its registry answers, a line a thing.

use serde::Serialize;
use ts_rs::TS;

/// A check, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// Account id.
    pub account: String,
    /// The repository in which it asked; absent: none is known.
    pub repository: Option<String>,
    /// When it began (seconds, UTC).
    #[ts(type = "number")]
    pub asked_at: i64,
    /// In their order; those that were not asked yet say so.
    pub lines: Vec<CheckLine>,
    /// It goes on.
    pub running: bool,
}

/// One thing that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckLine {
    /// What.
    pub probe: Probe,
    /// How it came out.
    pub mark: CheckMark,
    /// The answer, as a sentence.
    pub said: String,
    /// The other side's own words.
    pub detail: Option<String>,
    /// The request that was answered so, and its status; for whoever runs the registry.
    pub asked: Option<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Probe {
    /// Whether a registry answers there.
    Reached,
    /// Whether what is sent is encrypted, and for whom.
    Certificate,
    /// Whether its clock fits this computer's.
    Clock,
    /// Whether it takes the sign-in.
    SignedIn,
    /// Whether it lists its repositories.
    Catalog,
    /// How it gives long lists.
    Paging,
    /// Whether the repository may be read.
    Read,
    /// Whether the repository may be pushed to.
    Push,
    /// How it deletes.
    Delete,
    /// Whether it lists what refers to an image.
    Referrers,
    /// Whether a layer that broke off can be gone on with.
    Ranges,
    /// Whether commit tags may be written.
    CommitTags,
    /// What becomes of a commit that its tag has left.
    OldVersions,
    /// How many requests are left.
    Limits,
    /// Whether it takes a layer from another of its repositories.
    Mount,
    /// Whether it takes a layer in chunks.
    Chunks,
}

/// How a line came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckMark {
    /// As it should be.
    Good,
    /// Something to know of.
    Warn,
    /// It doesn't work.
    Bad,
    /// The registry doesn't do this, or not for this account: no fault.
    No,
    /// Not known.
    Unknown,
    /// It is being asked.
    Asking,
}

/// What can't be done at an account's registry, as it was learnt: so it isn't offered, and says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Impossible {
    /// What.
    pub act: ImpossibleAct,
    /// In which repository; absent: in all.
    pub repository: Option<String>,
    /// Why, as a sentence.
    pub why: String,
}

/// What may be impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ImpossibleAct {
    /// Taking single tags away.
    Delete,
    /// Taking commits away, with every tag they have.
    DeleteCommit,
    /// Whatever writes: pushing, making active, keeping.
    Write,
}
