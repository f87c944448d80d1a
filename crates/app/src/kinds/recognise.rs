//! Recognising the vendor of an account's registry, once a month, and remembering it with what else was learnt there.

use super::room::Kinds;
use crate::accounts::{Lesson, Session};
use vendors::VendorId;

impl Kinds {
    /// Finds out whose registry an account is at, where that isn't known: as nobody, by what it answers. What can't be told just now
    /// is found out another time.
    pub(crate) async fn recognise(&self, session: &Session) {
        let learned = self.accounts.learned(session.account.id).await;
        if learned.vendor().is_some() {
            return;
        }
        let Ok(seen) = session.registry.seen().await else {
            return;
        };
        let found = vendors::recognise(&session.registry, &seen).await;
        if found.is_sure {
            self.accounts.learn(session, Lesson::Vendor(found.id)).await;
            self.accounts.hold_to_vendor(session.account.id).await;
        }
    }

    /// Returns whose registry an account is at, as far as that is known.
    pub(super) async fn known(&self, session: &Session) -> VendorId {
        let vendor = self.accounts.vendor(session.account.id).await;
        vendor.unwrap_or(VendorId::Plain)
    }
}
