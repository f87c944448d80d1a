//! Transfers, as the activity bar shows them.

use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One transfer. A restarted app and a reloaded window find it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Stable id.
    pub id: String,
    /// Push or pull.
    pub kind: TaskKind,
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag it is about.
    pub tag: String,
    /// First 12 hex digits of the commit (pull) or image (push).
    pub short: String,
    /// How it stands.
    pub state: TaskState,
    /// Bytes moved.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes in all; 0 while unknown.
    #[ts(type = "number")]
    pub total: u64,
    /// Bytes a second over the last seconds; absent while unknown.
    pub rate: Option<f64>,
    /// One a layer.
    pub items: Vec<TaskItem>,
    /// What it led to.
    pub outcome: Option<Outcome>,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// Seconds, UTC.
    #[ts(type = "number")]
    pub started_at: i64,
    /// Seconds, UTC.
    #[ts(type = "number | null")]
    pub finished_at: Option<i64>,
}

/// Push or pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TaskKind {
    /// To a registry.
    Push,
    /// Into the engine.
    Pull,
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
    /// Being unpacked or verified.
    Unpacking,
    /// Was there already.
    Exists,
    /// Done.
    Done,
}

/// What a transfer led to; the window says it.
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
    /// What the person should know besides, a sentence each.
    pub notes: Vec<String>,
}
