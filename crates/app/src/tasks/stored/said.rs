//! What was said of a task, as it is stored: data, which becomes a sentence when it is read.
//!
//! Grows by another thing that is told of a task.

use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use serde::{Deserialize, Serialize};

/// Something the person should know of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Noted {
    said: Said,
    commit_tag: Option<String>,
}

/// Why something failed: what happened, then what to do next.
#[derive(Serialize, Deserialize)]
pub(super) struct Failed {
    code: Code,
    said: Vec<Said>,
    detail: Option<String>,
}

impl Noted {
    pub fn of(note: &Note) -> Self {
        Self {
            said: note.said.clone(),
            commit_tag: note.commit_tag.clone(),
        }
    }

    pub fn view(self) -> Note {
        Note {
            commit_tag: self.commit_tag,
            ..Note::from(self.said)
        }
    }
}

impl Failed {
    pub fn of(problem: &Problem) -> Self {
        Self {
            code: problem.code,
            said: problem.said.clone(),
            detail: problem.detail.clone(),
        }
    }

    pub fn view(self) -> Problem {
        let mut said = self.said.into_iter();
        let problem = said.next().unwrap_or_default().coded(self.code);
        said.fold(problem, Problem::hint).detail(self.detail)
    }
}
