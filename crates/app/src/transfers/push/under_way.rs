//! One push on its way.

use super::order::Pushing;
use crate::accounts::Remote;
use crate::ground::lock;
use crate::keeping::guard::Overwrite;
use crate::tasks::Running;
use crate::transfers::room::Transfers;
use engine::Engine;
use oci::Digest;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// One push on its way.
pub(super) struct Push<'a> {
    pub room: &'a Transfers,
    pub remote: &'a Remote,
    pub guard: Overwrite<'a>,
    pub engine: Engine,
    pub order: &'a Pushing,
    pub running: &'a Running,
    /// The engine was told to push.
    pub uploading: AtomicBool,
    /// Commits that others put under the tag while the engine uploaded.
    pub displaced: Mutex<Vec<Digest>>,
}

impl Push<'_> {
    /// Takes the commits that others put under the tag while the engine uploaded.
    pub fn take_displaced(&self) -> Vec<Digest> {
        lock(&self.displaced).drain(..).collect()
    }
}
