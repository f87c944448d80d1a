//! The room itself: what it stands on.

use crate::about::About;
use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use crate::history::History;
use crate::keeping::Keeping;
use crate::kinds::Kinds;
use std::sync::Arc;

/// Points tags at commits of their past.
pub struct Active {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) kinds: Arc<Kinds>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
    pub(super) keeping: Arc<Keeping>,
}

impl Active {
    pub(crate) fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        kinds: &Arc<Kinds>,
        content: &Arc<Content>,
        about: &Arc<About>,
        history: &Arc<History>,
        keeping: &Arc<Keeping>,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            kinds: Arc::clone(kinds),
            content: Arc::clone(content),
            about: Arc::clone(about),
            history: Arc::clone(history),
            keeping: Arc::clone(keeping),
        }
    }
}
