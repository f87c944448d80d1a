//! The room itself: what it stands on, and which repositories were asked in this run.

use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use store::Place;

/// What repositories say of themselves, and how they keep.
pub(crate) struct About {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) content: Arc<Content>,
    /// When repositories were last asked for their words in this run, whatever came of it.
    pub(super) asked: Mutex<HashMap<Place, i64>>,
}

impl About {
    pub fn new(ground: &Arc<Ground>, accounts: &Arc<Accounts>, content: &Arc<Content>) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            content: Arc::clone(content),
            asked: Mutex::default(),
        }
    }
}
