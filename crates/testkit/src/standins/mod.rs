//! Servers that play a vendor's registry with its own interface, as what is known of the real one says. They are strict: what the
//! real one would refuse is refused, and noted as a violation, which a test asserts there was none of. Grows by a vendor.

pub mod acr;
pub mod amazon;
pub mod amazon_public;
pub mod artifactory;
pub mod ghcr;
pub mod gitea;
pub mod gitlab;
pub mod google;
pub mod harbor;
pub mod hub;
pub mod nexus;
pub mod polly;
pub mod pulp;
mod pushes;
pub mod quay;
pub mod synapse;
mod tokens;
pub mod zot;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a stand-in was asked that the real one would refuse, or that nobody should ask.
#[derive(Clone, Default)]
pub struct Violations(Arc<Mutex<Vec<String>>>);

impl Violations {
    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes one.
    pub fn note(&self, what: impl Into<String>) {
        self.list().push(what.into());
    }

    /// Returns all of them, in their order.
    pub fn all(&self) -> Vec<String> {
        self.list().clone()
    }
}
