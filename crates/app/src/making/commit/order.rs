//! A commit as it is ordered and stored.

use crate::making::naming::Naming;
use crate::view::making::{CommitOrder, ThenPush};
use serde::{Deserialize, Serialize};

/// A commit as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Committing {
    /// The container's id.
    pub container: String,
    /// What it is called.
    pub called: String,
    #[serde(flatten)]
    pub naming: Naming,
    pub author: String,
    pub message: String,
    pub pause: bool,
    pub lines: Vec<String>,
    pub then: Option<ThenPush>,
}

impl Committing {
    /// Returns it as the engine takes it.
    pub(super) fn of(&self) -> engine::CommitOf {
        engine::CommitOf {
            container: self.container.clone(),
            author: self.author.clone(),
            message: self.message.clone(),
            pause: self.pause,
            lines: self.lines.clone(),
        }
    }
}

impl From<CommitOrder> for Committing {
    fn from(order: CommitOrder) -> Self {
        Self {
            container: order.container,
            called: order.called,
            naming: Naming::ordered(order.name, order.move_name),
            author: order.author.trim().to_owned(),
            message: order.message.trim().to_owned(),
            pause: order.pause,
            lines: super::lines::some(order.lines),
            then: order.then,
        }
    }
}
