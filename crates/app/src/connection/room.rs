//! The room itself: what the check stands on, and what was found so far.

use crate::about::About;
use crate::accounts::{Accounts, RefusedSignIn};
use crate::content::Content;
use crate::ground::{Ground, lock};
use crate::local::LocalEngine;
use crate::removal::Removal;
use crate::view::connection::CheckView;
use crate::view::events::AppEvent;
use crate::view::said::Said;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The connection check of every account.
pub struct Connection {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) removal: Arc<Removal>,
    /// The last check of each account.
    checks: Mutex<HashMap<i64, CheckView>>,
    running: Mutex<HashSet<i64>>,
    /// The sign-ins that were refused, by account: none is sent twice.
    pub(super) refused: Mutex<HashMap<i64, RefusedSignIn>>,
    /// The repositories that may not be written to, by account, and why.
    pub(super) unwritable: Mutex<Unwritable>,
    /// When an account was last looked at lightly (seconds, UTC).
    pub(super) looked: Mutex<HashMap<i64, i64>>,
}

/// What may not be written to, by account and repository: with the sign-ins of the host at that time, and when that was.
type Unwritable = HashMap<(i64, String), (u64, Said, Instant)>;

/// The turn of an account's check; it ends with this.
pub(super) struct Turn<'a> {
    room: &'a Connection,
    account: i64,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.room.running).remove(&self.account);
        // What was not asked is not being asked any more.
        let ended = lock(&self.room.checks).get(&self.account).cloned();
        if let Some(check) = ended.filter(|check| check.running) {
            self.room.keep(self.account, super::lines::ended(check));
        }
    }
}

impl Connection {
    pub(crate) fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        local: &Arc<LocalEngine>,
        content: &Arc<Content>,
        about: &Arc<About>,
        removal: &Arc<Removal>,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            local: Arc::clone(local),
            content: Arc::clone(content),
            about: Arc::clone(about),
            removal: Arc::clone(removal),
            checks: Mutex::default(),
            running: Mutex::default(),
            refused: Mutex::default(),
            unwritable: Mutex::default(),
            looked: Mutex::default(),
        }
    }

    /// Begins a check of an account; none where one goes on.
    pub(super) fn begin(&self, account: i64) -> Option<Turn<'_>> {
        let began = lock(&self.running).insert(account);
        began.then_some(Turn {
            room: self,
            account,
        })
    }

    /// Keeps a check as far as it has come, and tells the window.
    pub(super) fn keep(&self, account: i64, check: CheckView) {
        lock(&self.checks).insert(account, check.clone());
        self.ground.events.emit(AppEvent::Checked { check });
    }

    /// Returns the last check of an account.
    pub(super) fn last(&self, account: i64) -> Option<CheckView> {
        lock(&self.checks).get(&account).cloned()
    }
}
