//! Deleting: first everything that would go and what could not be checked, then the button, then *Undo*.

use super::browse::TimeFact;
use super::note::Note;
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing to delete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum DeleteItem {
    /// A tag, or a commit tag (*Stop keeping*): the name, not what it points at.
    Tag {
        /// Its name.
        name: String,
    },
    /// A commit with every name it has.
    Commit {
        /// The whole digest.
        digest: String,
    },
}

/// Asked when the sheet opens.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteQuestion {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// What shall go.
    pub items: Vec<DeleteItem>,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeletePlan {
    /// One an item, in the order asked.
    pub items: Vec<PlannedDelete>,
    /// What else goes.
    pub goes: Vec<Effect>,
    /// What stays although one might think otherwise.
    pub stays: Vec<Effect>,
    /// What could not be checked, a sentence each.
    pub unchecked: Vec<String>,
    /// Bytes that nothing else in this repository uses: freed at the registry's next clean-up, at most.
    #[ts(type = "number")]
    pub freed: u64,
    /// Bytes that stay, because something else in this repository uses them.
    #[ts(type = "number")]
    pub shared: u64,
    /// How it is done where that is not plain, as a sentence ("This registry deletes by digest only. …").
    pub how: Option<String>,
    /// Why nothing can be deleted here, as a sentence.
    pub impossible: Option<String>,
    /// True where *Undo* can put everything back while the layers are there.
    pub can_undo: bool,
}

/// One item of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedDelete {
    /// What was asked for.
    pub item: DeleteItem,
    /// What it points at (or is); absent: it is not there.
    pub digest: Option<String>,
    /// When it became so.
    pub time: Option<TimeFact>,
    /// Compressed bytes.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// Why it can't be deleted, as a sentence.
    pub refused: Option<String>,
    /// The names that a commit would take with it; to be handed back with the order.
    pub names: Vec<String>,
}

/// Something else that a deletion touches, or might be thought to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// What it is.
    pub kind: EffectKind,
    /// A tag's name; for a manifest its first 12 digits.
    pub name: String,
    /// The whole digest.
    pub digest: Option<String>,
    /// What happens to it, as a sentence where the kind says too little.
    pub note: Option<String>,
}

/// What an effect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EffectKind {
    /// Another tag of the same digest.
    Tag,
    /// A commit tag of the same digest.
    CommitTag,
    /// The commit itself, losing its last name.
    Commit,
    /// An index that contains it: a platform of it would be missing.
    Index,
    /// An image of one platform of the index.
    Platform,
    /// Something that refers to it (a signature, an SBOM).
    Referrer,
}

/// Do it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// What shall go, each with the digest the sheet showed; one that points elsewhere now is left alone.
    pub items: Vec<DeleteNow>,
}

/// One item of the order.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteNow {
    /// What.
    pub item: DeleteItem,
    /// What the sheet showed.
    pub expected: String,
    /// The names the sheet showed a commit to have; one that it has got since stops the deletion.
    #[serde(default)]
    pub names: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeleteOutcome {
    /// How many went (or, after *Undo*, are back).
    pub done: u32,
    /// What could not be done, and why.
    pub failed: Vec<DeleteFailure>,
    /// What *Undo* is asked for with; absent: nothing can be undone.
    pub undo: Option<String>,
    /// What the person should know besides.
    pub notes: Vec<Note>,
}

/// One item that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeleteFailure {
    /// Its name or first 12 digits.
    pub name: String,
    /// Why.
    pub problem: Problem,
}
