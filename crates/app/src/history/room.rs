//! The room itself: what the history stands on, and the decoys of this run.

use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::{Ground, lock};
use crate::local::LocalEngine;
use oci::Digest;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// What is known of tags.
pub(crate) struct History {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) content: Arc<Content>,
    /// Decoys that stand under a tag just now: nobody's commits.
    decoys: Arc<Mutex<HashSet<Digest>>>,
}

/// Veils a decoy for as long as this is held: no look takes it for somebody's commit.
#[must_use]
pub(crate) struct Veil {
    decoys: Arc<Mutex<HashSet<Digest>>>,
    digest: Digest,
}

impl Drop for Veil {
    fn drop(&mut self) {
        lock(&self.decoys).remove(&self.digest);
    }
}

impl History {
    pub fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        local: &Arc<LocalEngine>,
        content: &Arc<Content>,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            local: Arc::clone(local),
            content: Arc::clone(content),
            decoys: Arc::default(),
        }
    }

    /// Veils what stands in a tag's place while Longshore takes the tag away.
    pub fn veil(&self, digest: Digest) -> Veil {
        lock(&self.decoys).insert(digest.clone());
        Veil {
            decoys: Arc::clone(&self.decoys),
            digest,
        }
    }

    /// Tells whether a decoy of this run stands there just now.
    pub(super) fn is_veiled(&self, digest: &Digest) -> bool {
        lock(&self.decoys).contains(digest)
    }
}
