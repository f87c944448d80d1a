//! The room itself: what the lists stand on.

use crate::about::About;
use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use crate::history::History;
use crate::keeping::Keeping;
use crate::kinds::Kinds;
use crate::local::LocalEngine;
use crate::removal::Removal;
use crate::watching::Watching;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// What the window lists: repositories, tags and commits.
pub struct Repositories {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) kinds: Arc<Kinds>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
    pub(super) keeping: Arc<Keeping>,
    pub(super) removal: Arc<Removal>,
    pub(super) watching: Arc<Watching>,
    /// The paths that a person typed and that are under way to be opened, with their account.
    pub(super) typed: Mutex<HashSet<(i64, String)>>,
}

/// The rooms that the lists stand on.
pub(crate) struct Below<'a> {
    pub ground: &'a Arc<Ground>,
    pub accounts: &'a Arc<Accounts>,
    pub kinds: &'a Arc<Kinds>,
    pub local: &'a Arc<LocalEngine>,
    pub content: &'a Arc<Content>,
    pub about: &'a Arc<About>,
    pub history: &'a Arc<History>,
    pub keeping: &'a Arc<Keeping>,
    pub removal: &'a Arc<Removal>,
    pub watching: &'a Arc<Watching>,
}

impl Repositories {
    pub(crate) fn new(below: &Below<'_>) -> Self {
        Self {
            ground: Arc::clone(below.ground),
            accounts: Arc::clone(below.accounts),
            kinds: Arc::clone(below.kinds),
            local: Arc::clone(below.local),
            content: Arc::clone(below.content),
            about: Arc::clone(below.about),
            history: Arc::clone(below.history),
            keeping: Arc::clone(below.keeping),
            removal: Arc::clone(below.removal),
            watching: Arc::clone(below.watching),
            typed: Mutex::default(),
        }
    }
}
