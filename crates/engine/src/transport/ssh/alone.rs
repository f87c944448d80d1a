//! Stands in the place of `shared` where `ssh` can't share a sign-in: each request goes by itself.
//!
//! Windows' `ssh` is such a one: it has no `ControlMaster`. Grows by nothing.

use std::future::{Ready, ready};
use std::path::Path;
use std::sync::Arc;

use super::own::Own;
use crate::address::SshTarget;
use crate::error::Unreachable;

/// The sign-in that requests would share.
#[derive(Debug, Default)]
pub(super) struct Slot;

/// There is none that others go through.
#[derive(Debug)]
pub(super) enum Master {}

impl Slot {
    /// Returns none.
    #[expect(clippy::unused_self, reason = "a shared sign-in is held by it")]
    pub fn master(
        &self,
        _target: &SshTarget,
        _own: &Own,
    ) -> Ready<Result<Option<Arc<Master>>, Unreachable>> {
        ready(Ok(None))
    }
}

impl Master {
    pub fn socket(&self) -> &Path {
        match *self {}
    }

    pub fn why_ended(&self) -> Ready<Option<Unreachable>> {
        match *self {}
    }
}

/// Tells that no `ssh` runs that others could go through.
pub(super) fn runs(_socket: &Path) -> Ready<bool> {
    ready(false)
}
