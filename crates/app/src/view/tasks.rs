//! Long work, as the activity bar shows it.

use super::computer::{Loaded, Saved};
use super::delete::DeleteOutcome;
use super::making::Made;
use super::note::Note;
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One task: a transfer, a deletion. A restarted app and a reloaded window find it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Stable id.
    pub id: String,
    /// What is done.
    pub kind: TaskKind,
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag it is about; empty: several, or none.
    pub tag: String,
    /// First 12 hex digits of the commit or, of a push, the image; empty: several. Of a save of several, how many.
    pub short: String,
    /// Of a push, the name in the engine that the image was chosen by, where it has one; of a build, its folder’s; of a commit,
    /// its container’s; of a save, the image’s; of a load, its file’s.
    pub image: Option<String>,
    /// The engine that the order names, by its id; absent: the one that is used.
    #[ts(optional = nullable)]
    pub engine: Option<String>,
    /// How it stands.
    pub state: TaskState,
    /// What is counted in `done` and `total`.
    pub unit: Unit,
    /// The app was closed while it ran, and no run before this one has told so.
    pub untold: bool,
    /// It can be repeated as it was ordered; else its sheet is opened again.
    pub can_retry: bool,
    /// Bytes moved, or items done.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes or items in all; 0 while unknown.
    #[ts(type = "number")]
    pub total: u64,
    /// Bytes a second over the last seconds; absent while unknown.
    pub rate: Option<f64>,
    /// What broke off and is tried again by the engine; absent while all goes on.
    pub retrying: Option<Retrying>,
    /// One a layer.
    pub items: Vec<TaskItem>,
    /// What it led to.
    pub outcome: Option<TaskOutcome>,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// Seconds, UTC.
    #[ts(type = "number")]
    pub started_at: i64,
    /// Seconds, UTC.
    #[ts(type = "number | null")]
    pub finished_at: Option<i64>,
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TaskKind {
    /// To a registry.
    Push,
    /// Into the engine.
    Pull,
    /// Tags or commits are deleted.
    Delete,
    /// Commit tags that a rule no longer wants are taken away.
    Prune,
    /// What was deleted is put back.
    Undo,
    /// An image is built here.
    Build,
    /// An image is made of a container.
    Commit,
    /// Images are saved to an archive.
    Save,
    /// An archive is loaded into the engine.
    Load,
}

impl TaskKind {
    /// Returns what such a task counts.
    pub fn unit(self) -> Unit {
        match self {
            Self::Push | Self::Pull | Self::Save | Self::Load => Unit::Bytes,
            Self::Delete | Self::Prune | Self::Undo | Self::Build | Self::Commit => Unit::Items,
        }
    }
}

/// What a task counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Bytes that move.
    Bytes,
    /// Things that are done one after the other.
    Items,
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TaskState {
    /// Queued behind another.
    Waiting,
    /// Bytes move.
    Running,
    /// Ended well.
    Done,
    /// Ended with a problem; can be retried.
    Failed,
    /// The person ended it.
    Cancelled,
    /// The app was closed while it ran; can be retried.
    Interrupted,
}

/// A transfer whose engine tries again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Retrying {
    /// Bytes that had moved when it broke off.
    #[ts(type = "number")]
    pub at: u64,
    /// Which try this is; the first that comes after a break is the second.
    pub attempt: u32,
    /// After how many tries the engine gives up; absent where that is not known.
    pub of: Option<u32>,
}

/// One layer of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskItem {
    /// First 12 hex digits of the layer.
    pub id: String,
    /// Bytes moved.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes in all; 0 while unknown.
    #[ts(type = "number")]
    pub total: u64,
    /// How it stands.
    pub state: ItemState,
}

/// How a layer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ItemState {
    /// Not begun.
    Waiting,
    /// Bytes move.
    Moving,
    /// Broke off, and is tried again by the engine.
    Retrying,
    /// Being unpacked or verified.
    Unpacking,
    /// Was there already.
    Exists,
    /// Done.
    Done,
}

/// What a task led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum TaskOutcome {
    /// An image, or a tag, has moved.
    Moved(Outcome),
    /// Something was taken away, or put back.
    Removed(DeleteOutcome),
    /// An image is there.
    Made(Made),
    /// An archive is there.
    Saved(Saved),
    /// Images came out of an archive.
    Loaded(Loaded),
}

impl TaskOutcome {
    /// Returns what a push or a pull led to.
    pub fn moved(self) -> Option<Outcome> {
        match self {
            Self::Moved(outcome) => Some(outcome),
            Self::Removed(_) | Self::Made(_) | Self::Saved(_) | Self::Loaded(_) => None,
        }
    }

    /// Returns it with the task that follows it.
    #[must_use]
    pub fn followed_by(self, next: String) -> Self {
        match self {
            Self::Made(made) => Self::Made(Made {
                next: Some(next),
                ..made
            }),
            other => other,
        }
    }

    /// Returns what a deletion, a pruning or an undo led to.
    pub fn removed(self) -> Option<DeleteOutcome> {
        match self {
            Self::Removed(outcome) => Some(outcome),
            Self::Moved(_) | Self::Made(_) | Self::Saved(_) | Self::Loaded(_) => None,
        }
    }
}

/// What a push, a pull or *Make active* led to; the window says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The name the image bears: in the engine after a pull, in the registry after a push.
    pub name: String,
    /// The digest the registry answered with.
    pub digest: Option<String>,
    /// The commit tag that was written before the overwrite, also when the push was then cancelled.
    pub commit_tag: Option<String>,
    /// The commit that was active before.
    pub previous: Option<String>,
    /// What the person should know besides.
    pub notes: Vec<Note>,
}
