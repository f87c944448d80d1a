//! How a task stands, in the form in which it is stored: versioned, and without a sentence.
//!
//! What was said is stored as data and becomes a sentence when it is read. Not here: reading and writing the database
//! (`record`). Grows with what a task tells, under another version where an old reader would misread it.

mod led;
mod said;
#[cfg(test)]
mod tests;

use self::led::Led;
use self::said::Failed;
use crate::view::tasks::{ItemState, TaskItem, TaskKind, TaskState, TaskView};
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
