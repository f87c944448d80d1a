//! The room itself: what the watch stands on, and what it remembers in this run.

use crate::about::About;
use crate::accounts::Accounts;
use crate::active::Active;
use crate::content::Content;
use crate::ground::Ground;
use crate::ground::options::Notices;
use crate::history::History;
use crate::keeping::Keeping;
use crate::view::problem::Problem;
use oci::{Digest, Host};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Place;

/// Looks after tags, and does what follows when others move them.
pub struct Watching {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
    pub(super) keeping: Arc<Keeping>,
    pub(super) active: Arc<Active>,
    pub(super) notices: Arc<dyn Notices>,
    /// How long is waited between two rounds over one repository, before it is jittered; none: as the person has set.
    pub(super) every: Option<Duration>,
    /// For how long a host was last left alone (seconds), and how many sign-ins there had been by then.
    pub(super) left_alone: Mutex<HashMap<Host, (i64, u64)>>,
    /// When a tag was last asked for (seconds, UTC).
    pub(super) asked: Mutex<HashMap<(Place, String), i64>>,
    /// When it was last asked whether a displaced commit can still be fetched (seconds, UTC).
    pub(super) reached: Mutex<HashMap<(Place, Digest), i64>>,
    /// Which accounts, each as it was signed in then, may not keep what a move displaced, and what was said to them.
    pub(super) denied: Mutex<HashMap<Tried, Problem>>,
}

/// A move, and the account that tried to keep what it displaced: its id, and which of its sign-ins it was.
pub(super) type Tried = (i64, (i64, u64));

/// The rooms that the watch stands on.
pub(crate) struct Below<'a> {
    pub ground: &'a Arc<Ground>,
    pub accounts: &'a Arc<Accounts>,
    pub content: &'a Arc<Content>,
    pub about: &'a Arc<About>,
    pub history: &'a Arc<History>,
    pub keeping: &'a Arc<Keeping>,
    pub active: &'a Arc<Active>,
}

impl Watching {
    pub(crate) fn new(
        below: &Below<'_>,
        notices: Arc<dyn Notices>,
        every: Option<Duration>,
    ) -> Self {
        Self {
            ground: Arc::clone(below.ground),
            accounts: Arc::clone(below.accounts),
            content: Arc::clone(below.content),
            about: Arc::clone(below.about),
            history: Arc::clone(below.history),
            keeping: Arc::clone(below.keeping),
            active: Arc::clone(below.active),
            notices,
            every,
            left_alone: Mutex::default(),
            asked: Mutex::default(),
            reached: Mutex::default(),
            denied: Mutex::default(),
        }
    }
}
