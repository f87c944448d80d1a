//! The servers beside a registry that are open: of each its connections, its limits and the token it gave.
//!
//! Not here: which server that is and what may be shown there (`beside`). Grows by nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::auth::Made;
use crate::error::Error;
use crate::way::Origin;

/// How many servers are kept of one registry.
const MOST: usize = 8;

/// One of the servers, and the token it gave for the account.
pub(crate) struct Beside<Host> {
    pub(crate) host: Host,
    pub(crate) made: Made,
}

/// The servers that were asked so far: one each, so that their connections, limits and tokens are kept.
pub(crate) struct Besides<Host> {
    itself: OnceLock<Arc<Beside<Host>>>,
    others: Mutex<HashMap<Origin, Arc<Beside<Host>>>>,
}

impl<Host> Default for Besides<Host> {
    fn default() -> Self {
        Self {
            itself: OnceLock::new(),
            others: Mutex::default(),
        }
    }
}

impl<Host> Besides<Host> {
    /// Returns the registry itself, made where it wasn't asked yet.
    pub(crate) fn itself(&self, make: impl FnOnce() -> Host) -> Arc<Beside<Host>> {
        let new = || {
            Arc::new(Beside {
                host: make(),
                made: Made::default(),
            })
        };
        Arc::clone(self.itself.get_or_init(new))
    }

    /// Returns another server, made where it wasn't asked yet.
    pub(crate) fn get(
        &self,
        at: &Origin,
        make: impl FnOnce() -> Result<Host, Error>,
    ) -> Result<Arc<Beside<Host>>, Error> {
        let mut all = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = all.get(at) {
            return Ok(Arc::clone(there));
        }
        if all.len() >= MOST {
            all.clear();
        }
        let host = make()?;
        let there = Arc::new(Beside {
            host,
            made: Made::default(),
        });
        all.insert(at.clone(), Arc::clone(&there));
        Ok(there)
    }
}
