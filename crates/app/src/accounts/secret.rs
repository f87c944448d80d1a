//! Where the secret of an account is: in the keychain, in the encrypted file, or in memory until the window closes; never in
//! two places.
//!
//! A place that can't be reached keeps nobody: an account can go all the same, and what stays there is noted.
//!
//! Not here: what the places are (`credentials`), how the encrypted file is opened (`encrypted`). Grows by another place for
//! a secret.

use super::left::{self, Left};
use super::opening::key;
use super::room::Accounts;
use super::states::{is_in_file, is_in_keychain, lasting_place, place_of_keep};
use crate::ground::blocking;
use crate::view::accounts::Keep;
use crate::view::problem::{Code, Problem};
use crate::words;
use credentials::{EncryptedFileError, Place, SecretKey, SecretStore, StoreError};
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Account;

impl Accounts {
    /// Keeps the secret where the person wants it.
    pub(super) async fn keep_secret(
        &self,
        account: &Account,
        secret: SecretString,
        keep: &Keep,
    ) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
        let (place, own, id) = (place_of_keep(keep), key(account), account.id);
        let former = self.ground.db(move |store| store.account(id)).await?;
        let former = former.filter(|former| former.user == account.user);
        let (store, to) = (self.store(&place), own.clone());
        let kept = blocking(move || store.set(&to, &secret)).await?;
        if place == Place::Keychain {
            let is_absent = matches!(kept, Err(StoreError::Absent(_)));
            self.no_keychain.store(is_absent, Ordering::Relaxed);
        }
        kept.map_err(|error| words::of_keychain(&error))?;
        if place != Place::Session {
            // If it was left there before, it is its own again.
            self.not_left(&place, &own).await?;
            let (memory, own) = (self.memory.clone(), own.clone());
            blocking(move || memory.remove(&own))
                .await?
                .map_err(|error| words::of_keychain(&error))?;
        }
        if place == Place::EncryptedFile && former.as_ref().is_some_and(is_in_keychain) {
            self.note_left(&Place::Keychain, own).await
        } else if place != Place::EncryptedFile && former.as_ref().is_some_and(is_in_file) {
            self.take_from_file(own).await
        } else {
            Ok(())
        }
    }

    /// Lets the secret of an account that goes go, and signs the programs out that were signed in along. What can't be reached
    /// now keeps it, and nothing changes; unless a person said `anyway` to that very problem. A secret that stays where it is
    /// then is noted, and removed once it can be.
    pub(super) async fn let_go(&self, account: &Account, anyway: &[Code]) -> Result<(), Problem> {
        // Asked before anything is done: one that can't be is told while all is as it was.
        let reached = self.reaches_secret(account).await;
        let leaves_secret = match reached {
            Err(problem) if anyway.contains(&problem.code) => true,
            reached => reached.map(|()| false)?,
        };
        self.let_go_of_second(account.id, anyway).await?;
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
        let place = lasting_place(account).unwrap_or(Place::Keychain);
        self.leave(&place, Some(key(account))).await
    }

    /// Notes a secret that stays at a place, as that can't be reached.
    pub(super) async fn leave(&self, place: &Place, key: Option<SecretKey>) -> Result<(), Problem> {
        let Some(key) = key else {
            return Ok(());
        };
        let _turn = self.left.lock().await;
        self.note_left(place, key).await
    }

    /// Tells whether the place can be asked for the secret that an account has there.
    async fn reaches_secret(&self, account: &Account) -> Result<(), Problem> {
        let place = lasting_place(account).filter(|_| account.user.is_some());
        let Some(place) = place else {
            return Ok(());
        };
        let (store, own) = (self.store(&place), key(account));
        blocking(move || store.get(&own))
            .await?
            .map(|_| ())
            .map_err(|error| words::accounts::of_keychain_that_holds(&error))
    }

    /// Removes the secret from memory, and from where else it was put. What is in a file that is closed now goes when that is
    /// opened.
    pub(super) async fn forget_secret(&self, account: &Account) -> Result<(), Problem> {
        if account.user.is_none() {
            return Ok(());
        }
        let (memory, own) = (self.memory.clone(), key(account));
        blocking(move || memory.remove(&own))
            .await?
            .map_err(|error| words::accounts::of_keychain_that_holds(&error))?;
        match lasting_place(account) {
            Some(Place::EncryptedFile) => {
                let _turn = self.left.lock().await;
                self.take_from_file(key(account)).await
            }
            Some(place) => {
                let (store, own) = (self.store(&place), key(account));
                blocking(move || store.remove(&own))
                    .await?
                    .map_err(|error| words::accounts::of_keychain_that_holds(&error))
            }
            None => Ok(()),
        }
    }

    /// Removes a secret from the encrypted file, or notes it where that is closed. The turn of what is left is held.
    pub(super) async fn take_from_file(&self, key: SecretKey) -> Result<(), Problem> {
        let (file, own) = (Arc::clone(&self.encrypted), key.clone());
        match blocking(move || file.remove(&own)).await? {
            Err(StoreError::File(EncryptedFileError::Closed)) => {
                self.note_left(&Place::EncryptedFile, key).await
            }
            removed => removed.map_err(|error| words::accounts::of_keychain_that_holds(&error)),
        }
    }

    pub(super) async fn note_left(&self, place: &Place, key: SecretKey) -> Result<(), Problem> {
        let Left { host, user } = left::noted(place, key);
        self.ground
            .db(move |store| store.leave_secret(&host, &user))
            .await
    }

    pub(super) async fn not_left(&self, place: &Place, key: &SecretKey) -> Result<(), Problem> {
        let Left { host, user } = left::noted(place, key.clone());
        self.ground
            .db(move |store| store.secret_is_not_left(&host, &user))
            .await
    }

    /// Returns the store of a place of ours.
    pub(super) fn store(&self, place: &Place) -> Arc<dyn SecretStore> {
        match place {
            Place::Session => self.memory.clone(),
            Place::EncryptedFile => self.encrypted.clone(),
            _ => self.keychain.clone(),
        }
    }
}
