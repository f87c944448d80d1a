//! The room itself: what removal stands on, and how registries take a tag away.

use crate::about::About;
use crate::accounts::Accounts;
use crate::content::Content;
use crate::ground::Ground;
use crate::history::History;
use crate::kinds::Kinds;
use crate::view::said::Said;
use std::sync::Arc;

/// How a registry takes a single tag away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagDeletion {
    /// By its name.
    ByName,
    /// By the vendor's own interface, which takes a tag alone; where that refuses, as below.
    ByVendor,
    /// By the vendor's own interface alone, as nothing else is known to leave what the tag points at.
    ByVendorAlone,
    /// By digest only: the tag is pointed at a decoy first, which is then deleted.
    ByDecoy,
    /// Not at all, and why.
    Impossible(Said),
}

/// Deletes and prunes, and puts back what was deleted.
pub struct Removal {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) kinds: Arc<Kinds>,
    pub(super) content: Arc<Content>,
    pub(super) about: Arc<About>,
    pub(super) history: Arc<History>,
}

impl Removal {
    pub(crate) fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        kinds: &Arc<Kinds>,
        content: &Arc<Content>,
        about: &Arc<About>,
        history: &Arc<History>,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            kinds: Arc::clone(kinds),
            content: Arc::clone(content),
            about: Arc::clone(about),
            history: Arc::clone(history),
        }
    }
}
