//! What a task led to, as it is stored.
//!
//! Grows by a variant where another kind of work leads to something else.

use super::said::{Failed, Noted};
use crate::view::computer::{Loaded, Saved};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::making::Made;
use crate::view::tasks::{Outcome, TaskOutcome};
use serde::{Deserialize, Serialize};

/// What it led to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Led {
    Moved {
        name: String,
        digest: Option<String>,
        commit_tag: Option<String>,
        previous: Option<String>,
        notes: Vec<Noted>,
    },
    Removed {
        done: u32,
        failed: Vec<(String, Failed)>,
        undo: Option<String>,
        notes: Vec<Noted>,
    },
    Made {
        image: String,
        name: Option<String>,
        then: bool,
        notes: Vec<Noted>,
        #[serde(default)]
        engine: Option<String>,
        #[serde(default)]
        next: Option<String>,
    },
    Saved {
        path: String,
        bytes: u64,
        notes: Vec<Noted>,
    },
    Loaded {
        names: Vec<String>,
        more: u32,
        notes: Vec<Noted>,
    },
}

impl Led {
    pub fn of(outcome: &TaskOutcome) -> Self {
        match outcome {
            TaskOutcome::Moved(moved) => Self::Moved {
                name: moved.name.clone(),
                digest: moved.digest.clone(),
                commit_tag: moved.commit_tag.clone(),
                previous: moved.previous.clone(),
                notes: moved.notes.iter().map(Noted::of).collect(),
            },
            TaskOutcome::Removed(removed) => Self::Removed {
                done: removed.done,
                failed: removed
                    .failed
                    .iter()
                    .map(|failed| (failed.name.clone(), Failed::of(&failed.problem)))
                    .collect(),
                undo: removed.undo.clone(),
                notes: removed.notes.iter().map(Noted::of).collect(),
            },
            TaskOutcome::Made(made) => Self::Made {
                image: made.image.clone(),
                name: made.name.clone(),
                then: made.then,
                notes: made.notes.iter().map(Noted::of).collect(),
                engine: made.engine.clone(),
                next: made.next.clone(),
            },
            TaskOutcome::Saved(saved) => Self::Saved {
                path: saved.path.clone(),
                bytes: saved.bytes,
                notes: saved.notes.iter().map(Noted::of).collect(),
            },
            TaskOutcome::Loaded(loaded) => Self::Loaded {
                names: loaded.names.clone(),
                more: loaded.more,
                notes: loaded.notes.iter().map(Noted::of).collect(),
            },
        }
    }

    pub fn view(self) -> TaskOutcome {
        match self {
            Self::Moved {
                name,
                digest,
                commit_tag,
                previous,
                notes,
            } => TaskOutcome::Moved(Outcome {
                name,
                digest,
                commit_tag,
                previous,
                notes: notes.into_iter().map(Noted::view).collect(),
            }),
            Self::Removed {
                done,
                failed,
                undo,
                notes,
            } => TaskOutcome::Removed(DeleteOutcome {
                done,
                failed: failed
                    .into_iter()
                    .map(|(name, failed)| DeleteFailure {
                        name,
                        problem: failed.view(),
                    })
                    .collect(),
                undo,
                notes: notes.into_iter().map(Noted::view).collect(),
            }),
            Self::Made {
                image,
                name,
                then,
                notes,
                engine,
                next,
            } => TaskOutcome::Made(Made {
                image,
                name,
                then,
                engine,
                next,
                notes: notes.into_iter().map(Noted::view).collect(),
            }),
            Self::Saved { path, bytes, notes } => TaskOutcome::Saved(Saved {
                path,
                bytes,
                notes: notes.into_iter().map(Noted::view).collect(),
            }),
            Self::Loaded { names, more, notes } => TaskOutcome::Loaded(Loaded {
                names,
                more,
                notes: notes.into_iter().map(Noted::view).collect(),
            }),
        }
    }
}
