//! Recognising the vendor of an account's registry, once a month, and remembering it with what else was learnt there.

use super::room::Kinds;
use crate::accounts::{Lesson, Session};
use crate::view::problem::Problem;
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

    /// Returns whose registry is at a host, as far as any account of it knows.
    pub(crate) async fn of_host(&self, host: &oci::Host) -> Result<VendorId, Problem> {
        let accounts = self.ground.db(store::Store::accounts).await?;
        for account in accounts.iter().filter(|account| account.host == *host) {
            if let Some(vendor) = self.vendor(account.id).await {
                return Ok(vendor);
            }
        }
        Ok(VendorId::Plain)
    }

    /// Returns whose registry an account is at, as far as that is known.
    pub(super) async fn known(&self, session: &Session) -> VendorId {
        self.vendor(session.account.id)
            .await
            .unwrap_or(VendorId::Plain)
    }

    /// Returns whose registry an account is at: whose a person says it is, else whose it was recognised as.
    pub(super) async fn vendor(&self, account: i64) -> Option<VendorId> {
        self.accounts.vendor(account).await
    }
}
