//! Whose registry an account is at, as it is stored: what a person says, else what it was recognised as; and what follows from it for
//! the tokens that are asked for.
//!
//! Not here: recognising it, and what a vendor's interface tells (`kinds`). Grows by another thing that a vendor's registry must never
//! be asked.

use super::room::Accounts;
use crate::ground::lock;
use registry::Registry;
use vendors::{Vendor, VendorId};

impl Accounts {
    /// Returns whose registry an account is at: whose a person says it is, else whose it was recognised as.
    pub(crate) async fn vendor(&self, account: i64) -> Option<VendorId> {
        match self.chosen_vendor(account).await {
            Some(chosen) => Some(chosen),
            None => self.learned(account).await.vendor(),
        }
    }

    /// Returns what a person chose; nothing where that can't be read.
    pub(crate) async fn chosen_vendor(&self, account: i64) -> Option<VendorId> {
        let chosen = self.ground.db(move |store| store.chosen_vendor(account));
        serde_json::from_str(&chosen.await.ok()??).ok()
    }

    /// Has the open registry of an account asked for tokens as its vendor's token service knows them, after whose it is was found out
    /// or chosen.
    pub(crate) async fn hold_to_vendor(&self, account: i64) {
        let open = lock(&self.sessions).get(&account).cloned();
        if let Some(session) = open {
            self.hold(account, &session.registry).await;
        }
    }

    /// Has a registry asked for tokens as the account's vendor's token service knows them.
    pub(super) async fn hold(&self, account: i64, registry: &Registry) {
        let vendor = self.vendor(account).await.map(vendors::of);
        registry.ask_tokens_for(vendor.map(Vendor::token_actions).unwrap_or_default());
    }
}
