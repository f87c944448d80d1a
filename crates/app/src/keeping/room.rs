//! The room itself: what keeping stands on.

use crate::about::About;
use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use crate::history::History;
use std::sync::Arc;

/// Keeps commits, and changes how a repository keeps.
pub struct Keeping {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
}

impl Keeping {
    pub(crate) fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        content: &Arc<Content>,
        about: &Arc<About>,
        history: &Arc<History>,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            content: Arc::clone(content),
            about: Arc::clone(about),
            history: Arc::clone(history),
        }
    }
}
