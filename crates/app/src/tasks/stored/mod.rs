//! How a task stands, in the form in which it is stored: versioned, and without a sentence.
//!
//! What was said is stored as data and becomes a sentence when it is read. Not here: reading and writing the database
//! (`record`). Grows with what a task tells, under another version where an old reader would misread it.

use crate::view::computer::{Loaded, Saved};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::making::Made;
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use crate::view::tasks::{
    ItemState, Outcome, TaskItem, TaskKind, TaskOutcome, TaskState, TaskView,
};
use serde::{Deserialize, Serialize};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// How a task stands.
#[derive(Serialize, Deserialize)]
pub(super) struct Standing {
    v: u32,
    id: String,
    kind: TaskKind,
    account: String,
    repository: String,
    tag: String,
    short: String,
    #[serde(default)]
    image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    engine: Option<String>,
    state: TaskState,
    can_retry: bool,
    done: u64,
    total: u64,
    items: Vec<Item>,
    outcome: Option<Led>,
    problem: Option<Failed>,
    started_at: i64,
    finished_at: Option<i64>,
}

/// One layer.
#[derive(Serialize, Deserialize)]
struct Item {
    id: String,
    done: u64,
    total: u64,
    state: ItemState,
}

/// What it led to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Led {
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

/// Something the person should know of it.
#[derive(Serialize, Deserialize)]
struct Noted {
    said: Said,
    commit_tag: Option<String>,
}

/// Why something failed: what happened, then what to do next.
#[derive(Serialize, Deserialize)]
struct Failed {
    code: Code,
    said: Vec<Said>,
    detail: Option<String>,
}

impl Standing {
    /// Takes what the window sees apart; a rate is never stored, nor what is tried again. What was told is stored beside it.
    pub fn of(view: &TaskView) -> Self {
        let item = |item: &TaskItem| Item {
            id: item.id.clone(),
            done: item.done,
            total: item.total,
            state: item.state,
        };
        Self {
            v: VERSION,
            id: view.id.clone(),
            kind: view.kind,
            account: view.account.clone(),
            repository: view.repository.clone(),
            tag: view.tag.clone(),
            short: view.short.clone(),
            image: view.image.clone(),
            engine: view.engine.clone(),
            state: view.state,
            can_retry: view.can_retry,
            done: view.done,
            total: view.total,
            items: view.items.iter().map(item).collect(),
            outcome: view.outcome.as_ref().map(Led::of),
            problem: view.problem.as_ref().map(Failed::of),
            started_at: view.started_at,
            finished_at: view.finished_at,
        }
    }

    /// Returns what the window sees of it; none where another version has written it.
    pub fn view(self) -> Option<TaskView> {
        let item = |item: Item| TaskItem {
            id: item.id,
            done: item.done,
            total: item.total,
            state: item.state,
        };
        (self.v == VERSION).then(|| TaskView {
            id: self.id,
            kind: self.kind,
            account: self.account,
            repository: self.repository,
            tag: self.tag,
            short: self.short,
            image: self.image,
            engine: self.engine,
            state: self.state,
            unit: self.kind.unit(),
            untold: false,
            can_retry: self.can_retry,
            done: self.done,
            total: self.total,
            rate: None,
            retrying: None,
            items: self.items.into_iter().map(item).collect(),
            outcome: self.outcome.map(Led::view),
            problem: self.problem.map(Failed::view),
            started_at: self.started_at,
            finished_at: self.finished_at,
        })
    }
}

impl Led {
    fn of(outcome: &TaskOutcome) -> Self {
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

    fn view(self) -> TaskOutcome {
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

impl Noted {
    fn of(note: &Note) -> Self {
        Self {
            said: note.said.clone(),
            commit_tag: note.commit_tag.clone(),
        }
    }

    fn view(self) -> Note {
        Note {
            commit_tag: self.commit_tag,
            ..Note::from(self.said)
        }
    }
}

impl Failed {
    fn of(problem: &Problem) -> Self {
        Self {
            code: problem.code,
            said: problem.said.clone(),
            detail: problem.detail.clone(),
        }
    }

    fn view(self) -> Problem {
        let mut said = self.said.into_iter();
        let problem = said.next().unwrap_or_default().coded(self.code);
        said.fold(problem, Problem::hint).detail(self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    fn view(outcome: TaskOutcome) -> TaskView {
        let host = oci::Host::parse("registry.example").unwrap();
        let problem = words::signed_out(&host).detail(Some("401".into()));
        TaskView {
            id: "7".into(),
            kind: TaskKind::Push,
            account: "1".into(),
            repository: "lab/tool".into(),
            tag: "v1".into(),
            short: "0123456789ab".into(),
            image: Some("local/tool:1".into()),
            engine: None,
            state: TaskState::Failed,
            unit: TaskKind::Push.unit(),
            untold: false,
            can_retry: true,
            done: 3,
            total: 9,
            rate: None,
            retrying: None,
            items: vec![TaskItem {
                id: "aaaaaaaaaaaa".into(),
                done: 3,
                total: 9,
                state: ItemState::Moving,
            }],
            outcome: Some(outcome),
            problem: Some(problem),
            started_at: 5,
            finished_at: Some(6),
        }
    }

    fn outcomes() -> [TaskOutcome; 5] {
        let host = oci::Host::parse("registry.example").unwrap();
        let note = words::keeping::is_kept_as("0123456789ab", "_h.v1").note_of("_h.v1");
        let moved = Outcome {
            name: "registry.example/lab/tool:v1".into(),
            digest: Some("sha256:1".into()),
            commit_tag: Some("_h.v1".into()),
            previous: None,
            notes: vec![note.clone()],
        };
        let removed = DeleteOutcome {
            done: 2,
            failed: vec![DeleteFailure {
                name: "v2".into(),
                problem: words::removal::yet_has_it(&host, "v2"),
            }],
            undo: Some("4".into()),
            notes: vec![note.clone()],
        };
        let made = Made {
            image: "sha256:2".into(),
            name: Some("aligner:latest".into()),
            then: true,
            engine: Some("context:lab".into()),
            next: Some("8".into()),
            notes: vec![note.clone()],
        };
        let saved = Saved {
            path: "/home/ana/aligner-dev.tar".into(),
            bytes: 12,
            notes: vec![note.clone()],
        };
        let loaded = Loaded {
            names: vec!["aligner:dev".into()],
            more: 1,
            notes: vec![note],
        };
        [
            TaskOutcome::Moved(moved),
            TaskOutcome::Removed(removed),
            TaskOutcome::Made(made),
            TaskOutcome::Saved(saved),
            TaskOutcome::Loaded(loaded),
        ]
    }

    #[test]
    fn a_task_is_read_as_it_was_and_no_sentence_is_stored() {
        for outcome in outcomes() {
            let view = view(outcome);
            let text = serde_json::to_string(&Standing::of(&view)).unwrap();
            assert!(
                text.starts_with(r#"{"v":1,"#) && !text.contains(' '),
                "{text}"
            );
            let read: Standing = serde_json::from_str(&text).unwrap();
            assert_eq!(read.view(), Some(view));
        }
    }

    #[test]
    fn the_form_stays_as_it_is() {
        let [moved, removed, made, saved, loaded] = outcomes();
        let text = serde_json::to_string(&Standing::of(&view(moved))).unwrap();
        insta::assert_snapshot!("stored_moved", text);
        let text = serde_json::to_string(&Standing::of(&view(removed))).unwrap();
        insta::assert_snapshot!("stored_removed", text);
        let text = serde_json::to_string(&Standing::of(&view(made))).unwrap();
        insta::assert_snapshot!("stored_made", text);
        let text = serde_json::to_string(&Standing::of(&view(saved))).unwrap();
        insta::assert_snapshot!("stored_saved", text);
        let text = serde_json::to_string(&Standing::of(&view(loaded))).unwrap();
        insta::assert_snapshot!("stored_loaded", text);
    }

    #[test]
    fn what_another_version_wrote_is_not_read() {
        let [outcome, ..] = outcomes();
        let text = serde_json::to_string(&Standing::of(&view(outcome))).unwrap();
        let later = text.replace(r#"{"v":1,"#, r#"{"v":2,"#);
        let read: Standing = serde_json::from_str(&later).unwrap();
        assert_eq!(read.view(), None);
    }
}
