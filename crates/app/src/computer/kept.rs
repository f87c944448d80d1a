//! What was told of images and containers, kept for a while.
//!
//! Not here: asking for it (`facts`). Grows by another fact.

use crate::ground::lock;
use crate::view::containers::ChangeCount;
use engine::{ContainerDetail, Engine};
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::time::Instant;

/// How much is kept.
const KEPT: usize = 5000;

/// What is kept of it, by the engine's address and an id.
#[derive(Default)]
pub(super) struct Facts {
    /// An image's platforms never change.
    pub platforms: Kept<Vec<String>>,
    pub changes: Kept<Compared>,
}

/// What changed in a container, when it was asked, and how the container stood then.
#[derive(Clone)]
pub(super) struct Compared {
    pub at: Instant,
    pub stood: ContainerDetail,
    pub changed: Option<ChangeCount>,
}

pub(super) struct Kept<T>(Mutex<HashMap<(String, String), T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    pub fn get(&self, of: &Engine, id: &str) -> Option<T> {
        lock(&self.0).get(&key(of, id)).cloned()
    }

    pub fn keep(&self, of: &Engine, id: &str, value: T) {
        let mut kept = lock(&self.0);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key(of, id), value);
    }
}

fn key(of: &Engine, id: &str) -> (String, String) {
    (of.address().to_string(), id.to_owned())
}
