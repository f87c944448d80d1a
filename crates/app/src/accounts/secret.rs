//! Where the secret of an account is: in the keychain, or in memory until the window closes; never in two places.
//!
//! A keychain that is gone for good keeps nobody: an account can go all the same, and what stays there is noted.
//!
//! Not here: what a keychain is (`credentials`). Grows by another place for a secret.

use super::opening::{KEYCHAIN, SESSION_BESIDE, key};
use super::room::Accounts;
use super::trust::Connection;
use crate::ground::blocking;
use crate::view::problem::{Code, Problem};
use crate::words;
use credentials::{SecretKey, SecretStore};
use secrecy::SecretString;
use std::sync::Arc;
use store::{Account, Store};

impl Accounts {
    /// Keeps the secret where the person wants it: in the keychain, or until the window closes.
    pub(super) async fn keep_secret(
        &self,
        account: &Account,
        secret: SecretString,
        for_session: bool,
    ) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
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
            // If it was left there before, it is its own again.
            let own = key(account);
            self.ground
                .db(move |store| store.secret_is_not_left(&own.host, &own.user))
                .await?;
            let (memory, own) = (self.memory.clone(), key(account));
            blocking(move || memory.remove(&own))
                .await?
                .map_err(|error| words::of_keychain(&error))?;
        }
        Ok(())
    }

    /// Lets the secret of an account that goes go, and signs the programs out that were signed in along. What can't be reached
    /// now keeps it, and nothing changes; unless a person said `anyway` to that very problem. A secret that stays in the
    /// keychain then is noted, and removed once it can be.
    pub(super) async fn let_go(&self, account: &Account, anyway: &[Code]) -> Result<(), Problem> {
        // Asked before anything is done: one that can't be is told while all is as it was.
        let reached = self.reaches_keychain(account).await;
        let leaves_secret = match reached {
            Err(problem) if anyway.contains(&problem.code) => true,
            reached => reached.map(|()| false)?,
        };
        match self.leave_programs(account).await {
            Err(problem) if anyway.contains(&problem.code) => self.forget_programs(account).await?,
            left => left?,
        }
        if !leaves_secret {
            return self.forget_secret(account).await;
        }
        let (memory, own) = (self.memory.clone(), key(account));
        // Of memory nothing is left behind.
        let _ = blocking(move || memory.remove(&own)).await?;
        self.leave(Some(key(account))).await
    }

    /// Notes a secret that stays in the keychain, as that can't be reached.
    pub(super) async fn leave(&self, key: Option<SecretKey>) -> Result<(), Problem> {
        let Some(key) = key else {
            return Ok(());
        };
        let _turn = self.left.lock().await;
        self.ground
            .db(move |store| store.leave_secret(&key.host, &key.user))
            .await
    }

    /// Tells whether the keychain can be asked for the secret that an account has there.
    async fn reaches_keychain(&self, account: &Account) -> Result<(), Problem> {
        if account.user.is_none() || !is_in_keychain(account) {
            return Ok(());
        }
        let (keychain, own) = (self.keychain.clone(), key(account));
        blocking(move || keychain.get(&own))
            .await?
            .map(|_| ())
            .map_err(|error| words::accounts::of_keychain_that_holds(&error))
    }

    /// Removes what was left in the keychain while it could not be reached, where it can be now.
    pub(super) async fn sweep(&self) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
        let left = self.ground.db(Store::left_secrets).await?;
        if left.is_empty() {
            return Ok(());
        }
        let accounts = self.ground.db(Store::accounts).await?;
        for (host, user) in left {
            let left = SecretKey { host, user };
            // An account that keeps its secret there again has it.
            let is_used = accounts.iter().any(|account| {
                (is_in_keychain(account) && key(account) == left)
                    || Connection::of(account).proxy_key().as_ref() == Some(&left)
            });
            let (keychain, own) = (self.keychain.clone(), left.clone());
            let removed = is_used || blocking(move || keychain.remove(&own)).await?.is_ok();
            if !removed {
                // One that can't be reached is not asked for the others.
                return Ok(());
            }
            self.ground
                .db(move |store| store.secret_is_not_left(&left.host, &left.user))
                .await?;
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
        .map_err(|error| words::accounts::of_keychain_that_holds(&error))
    }
}

/// Tells whether the keychain holds a secret of the account, be it an older one than what it is signed in with.
pub(super) fn is_in_keychain(account: &Account) -> bool {
    matches!(account.state.as_str(), KEYCHAIN | SESSION_BESIDE)
}
