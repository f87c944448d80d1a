//! What was learnt in this run of how accounts stand: a secret that is gone or locked in, a registry that wants it sent
//! elsewhere.
//!
//! Not here: what is stored of an account. Grows by a thing that is learnt only by asking.

use crate::ground::{Ground, lock};
use crate::view::accounts::AccountState;
use crate::view::events::Stale;
use registry::SignInWay;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What was learnt, by account.
pub(crate) struct Standing {
    ground: Arc<Ground>,
    known: Mutex<HashMap<i64, Learnt>>,
}

/// One thing that was learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Learnt {
    /// How the account stands.
    State(AccountState),
    /// The way the registry wants the sign-in, which nobody agreed to.
    Wanted(SignInWay),
}

impl Standing {
    pub fn new(ground: &Arc<Ground>) -> Self {
        Self {
            ground: Arc::clone(ground),
            known: Mutex::default(),
        }
    }

    /// Notes how an account stands.
    pub fn note(&self, account: i64, state: AccountState) {
        self.learn(account, Learnt::State(state));
    }

    /// Notes that its registry wants the sign-in another way; with `None`, that it takes what was agreed to again.
    pub fn note_wanted(&self, account: i64, way: Option<&SignInWay>) {
        match way {
            Some(way) => self.learn(account, Learnt::Wanted(way.clone())),
            None => self.unlearn(account, |learnt| matches!(learnt, Learnt::Wanted(_))),
        }
    }

    /// Returns how an account stands, where that was learnt.
    pub fn state(&self, account: i64) -> Option<AccountState> {
        lock(&self.known).get(&account).map(|learnt| match learnt {
            Learnt::State(state) => *state,
            Learnt::Wanted(_) => AccountState::SignInChanged,
        })
    }

    /// Returns the way its registry wants the sign-in and nobody agreed to.
    pub fn wanted(&self, account: i64) -> Option<SignInWay> {
        match lock(&self.known).get(&account) {
            Some(Learnt::Wanted(way)) => Some(way.clone()),
            _ => None,
        }
    }

    /// Forgets what was learnt of an account.
    pub fn forget(&self, account: i64) {
        lock(&self.known).remove(&account);
    }

    /// Forgets that the secret of an account could not be had.
    pub fn has_secret(&self, account: i64) {
        let is_of_secret = |learnt: &Learnt| matches!(learnt, Learnt::State(state) if *state != AccountState::Certificate);
        self.unlearn(account, is_of_secret);
    }

    /// Forgets that the certificate of an account's registry was not trusted: it answers.
    pub fn has_certificate(&self, account: i64) {
        self.unlearn(account, |learnt| {
            *learnt == Learnt::State(AccountState::Certificate)
        });
    }

    fn unlearn(&self, account: i64, which: impl FnOnce(&Learnt) -> bool) {
        let mut known = lock(&self.known);
        if known.get(&account).is_some_and(which) {
            known.remove(&account);
            drop(known);
            self.ground.stale(Stale::Accounts);
        }
    }

    fn learn(&self, account: i64, learnt: Learnt) {
        if lock(&self.known).insert(account, learnt.clone()) != Some(learnt) {
            self.ground.stale(Stale::Accounts);
        }
    }
}
