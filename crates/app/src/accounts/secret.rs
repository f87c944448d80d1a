//! Where the secret of an account is: in the keychain, or in memory until the window closes; never in two places.
//!
//! Not here: what a keychain is (`credentials`). Grows by another place for a secret.

use super::opening::{KEYCHAIN, SESSION_BESIDE, key};
use super::room::Accounts;
use crate::ground::blocking;
use crate::view::problem::Problem;
use crate::words;
use credentials::SecretStore;
use secrecy::SecretString;
use std::sync::Arc;
use store::Account;

impl Accounts {
    /// Keeps the secret where the person wants it: in the keychain, or until the window closes.
    pub(super) async fn keep_secret(
        &self,
        account: &Account,
        secret: SecretString,
        for_session: bool,
    ) -> Result<(), Problem> {
        let own = key(account);
        let keep: Arc<dyn SecretStore> = if for_session {
            self.memory.clone()
        } else {
            self.keychain.clone()
        };
        blocking(move || keep.set(&own, &secret))
            .await?
            .map_err(|error| words::of_keychain(&error))?;
        // Never in two places.
        if !for_session {
            let (memory, own) = (self.memory.clone(), key(account));
            blocking(move || memory.remove(&own))
                .await?
                .map_err(|error| words::of_keychain(&error))?;
        }
        Ok(())
    }

    /// Removes the secret from memory, and from the keychain where it was put there.
    pub(super) async fn forget_secret(&self, account: &Account) -> Result<(), Problem> {
        if account.user.is_none() {
            return Ok(());
        }
        let (memory, keychain, own) = (self.memory.clone(), self.keychain.clone(), key(account));
        let in_keychain = is_in_keychain(account);
        blocking(move || {
            memory.remove(&own)?;
            if in_keychain {
                keychain.remove(&own)
            } else {
                Ok(())
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))
    }
}

/// Tells whether the keychain holds a secret of the account, be it an older one than what it is signed in with.
pub(super) fn is_in_keychain(account: &Account) -> bool {
    matches!(account.state.as_str(), KEYCHAIN | SESSION_BESIDE)
}
