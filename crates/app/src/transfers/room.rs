//! The room itself: what transfers stand on.

use crate::about::About;
use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use crate::history::History;
use crate::keeping::Keeping;
use crate::local::LocalEngine;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// The names that are lent by pushes of this run: engine and name.
pub(super) type Lent = Arc<Mutex<HashSet<(String, String)>>>;

/// Pushes images, and pulls commits.
pub struct Transfers {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
    pub(super) keeping: Arc<Keeping>,
    /// The names in the engine that pushes of this run have lent.
    pub(super) lent: Lent,
}

/// The rooms that transfers stand on.
pub(crate) struct Below<'a> {
    pub ground: &'a Arc<Ground>,
    pub accounts: &'a Arc<Accounts>,
    pub local: &'a Arc<LocalEngine>,
    pub content: &'a Arc<Content>,
    pub about: &'a Arc<About>,
    pub history: &'a Arc<History>,
    pub keeping: &'a Arc<Keeping>,
}

impl Transfers {
    pub(crate) fn new(below: &Below<'_>) -> Self {
        Self {
            ground: Arc::clone(below.ground),
            accounts: Arc::clone(below.accounts),
            local: Arc::clone(below.local),
            content: Arc::clone(below.content),
            about: Arc::clone(below.about),
            history: Arc::clone(below.history),
            keeping: Arc::clone(below.keeping),
            lent: Lent::default(),
        }
    }
}
