//! The room itself: what the vendors stand on, and which of their parts were refused in this run.

use crate::accounts::{Accounts, Session};
use crate::ground::{Ground, lock};
use credentials::Programs;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use vendors::{CommandFailure, Part};

/// Parts of a vendor's interface that an account was refused, since it was opened under this number.
type Refused = HashMap<i64, (u64, HashSet<Part>)>;

/// The vendors of the accounts' registries.
pub struct Kinds {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    refused: Mutex<Refused>,
    /// The repositories of accounts of which a vendor names all tags, as it said.
    pub(super) all_named: Mutex<HashSet<(i64, String)>>,
    /// The programs of this computer, among which vendors' own commands may be.
    pub(super) programs: Arc<Programs>,
    /// Why the command of an account's vendor did not do what it was last run for.
    pub(super) troubles: Mutex<HashMap<i64, CommandFailure>>,
}

impl Kinds {
    pub(crate) fn new(ground: &Arc<Ground>, accounts: &Arc<Accounts>, programs: Programs) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            refused: Mutex::default(),
            all_named: Mutex::default(),
            programs: Arc::new(programs),
            troubles: Mutex::default(),
        }
    }

    /// Notes that a part is not to be had for an account, as long as it is open.
    pub(super) fn note_refused(&self, session: &Session, part: Part) {
        let mut refused = lock(&self.refused);
        let of = refused.entry(session.account.id).or_default();
        if of.0 != session.generation {
            *of = (session.generation, HashSet::new());
        }
        of.1.insert(part);
    }

    /// Forgets what was refused to an account: another vendor may give it.
    pub(super) fn forget_refused(&self, account: i64) {
        lock(&self.refused).remove(&account);
        lock(&self.all_named).retain(|(of, _)| *of != account);
    }

    /// Tells whether a part was refused to an account since it was opened.
    pub(super) fn was_refused(&self, session: &Session, part: Part) -> bool {
        let refused = lock(&self.refused);
        let of = refused.get(&session.account.id);
        of.is_some_and(|(at, parts)| *at == session.generation && parts.contains(&part))
    }
}
