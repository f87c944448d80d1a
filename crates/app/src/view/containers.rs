//! The engine's containers.

use super::engine::ImagePlace;
use serde::Serialize;
use ts_rs::TS;

/// One row of *Containers*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContainerRow {
    /// The engine's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its image as the engine calls it; the image's first 12 digits where that name has moved on.
    pub image: String,
    /// The image's id, `sha256:…`.
    pub image_id: String,
    /// How it stands.
    pub state: ContainerState,
    /// When it was made (seconds, UTC).
    #[ts(type = "number | null")]
    pub created: Option<i64>,
    /// What is known of its image in the registries; absent where the engine no longer lists the image.
    pub place: Option<ImagePlace>,
}

/// How a container stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContainerState {
    /// Made, and never started.
    Created,
    /// Its program runs.
    Running,
    /// Its program is held.
    Paused,
    /// It is started again by the engine.
    Restarting,
    /// Its program has ended.
    Stopped,
    /// It is being taken away.
    Removing,
    /// It could not be taken away.
    Dead,
    /// Something that this version doesn't know.
    Other,
}

/// What costs the engine some work to tell of a container: it is asked for rows in sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContainerFacts {
    /// The engine's id of it.
    pub id: String,
    /// When it was started last (seconds, UTC).
    #[ts(type = "number | null")]
    pub started: Option<i64>,
    /// When it ended last (seconds, UTC); absent while it runs.
    #[ts(type = "number | null")]
    pub finished: Option<i64>,
    /// What changed in it since its image; absent where the engine could not tell soon.
    pub changed: Option<ChangeCount>,
}

/// What changed in a container since its image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeCount {
    /// Files and folders that are new.
    #[ts(type = "number")]
    pub added: u64,
    /// Files that are others.
    #[ts(type = "number")]
    pub modified: u64,
    /// Files and folders that are gone.
    #[ts(type = "number")]
    pub deleted: u64,
    /// The first of them by path.
    pub first: Vec<FileChange>,
    /// How many there are beyond those.
    #[ts(type = "number")]
    pub more: u64,
}

/// One file or folder of a container that isn't as in its image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileChange {
    /// Its path, made fit to show.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is another.
    Modified,
    /// It is gone.
    Deleted,
}
