//! What an order must tell of itself to be a task.

use super::lanes::Lane;
use crate::view::tasks::{TaskKind, TaskOutcome};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An order that can be stored and carried out later, or again.
pub trait Order: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Says what the order is about, for the row in the window.
    fn subject(&self) -> Subject;
    /// Says which other orders it waits for.
    fn lane(&self) -> Lane;
    /// Says what becomes of the order after it was interrupted.
    fn after_restart(&self) -> AfterRestart;
    /// Says which order follows this one, which ended well and led to this; it begins as a task of its own.
    fn then(&self, _: &TaskOutcome) -> Option<Self> {
        None
    }
}

/// What an order is about.
pub struct Subject {
    pub kind: TaskKind,
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag; empty where it is about several.
    pub tag: String,
    /// First 12 hex digits of a commit or image; empty where it is about several.
    pub short: String,
    /// The name of an image in the engine, where it is about one that has a name.
    pub image: Option<String>,
    /// The engine it names, where it names one.
    pub engine: Option<String>,
}

/// What becomes of an order that was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRestart {
    /// It can be repeated from the start.
    Offer,
    /// Its sheet is opened again: what it showed may not be true any more.
    Plan,
}
