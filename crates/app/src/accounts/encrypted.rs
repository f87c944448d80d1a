//! The encrypted file of secrets: opened by its passphrase, begun, and put aside where that is forgotten.
//!
//! Not here: the file itself (`credentials`), which account has its secret there (`secret`). Grows by a change of the
//! passphrase.

use super::room::Accounts;
use super::states::{ENCRYPTED_FILE, SIGNED_OUT};
use crate::ground::blocking;
use crate::view::accounts::{EncryptedFileView, Keep};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words::accounts as say;
use credentials::EncryptedFileError;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::{Account, Store};

impl Accounts {
    /// Tells whether there is an encrypted file, and whether it is open.
    pub async fn encrypted_file(&self) -> Result<EncryptedFileView, Problem> {
        let file = Arc::clone(&self.encrypted);
        let there = blocking(move || file.is_there()).await?;
        Ok(EncryptedFileView {
            there,
            open: self.encrypted.is_open(),
            offered: there || self.no_keychain.load(Ordering::Relaxed),
        })
    }

    /// Opens the encrypted file for this run; all accounts whose secrets are in it go on.
    pub async fn open_encrypted_file(&self, passphrase: SecretString) -> Result<(), Problem> {
        let file = Arc::clone(&self.encrypted);
        if !blocking(move || file.is_there()).await? {
            return Err(say::no_encrypted_file());
        }
        self.open_by_passphrase(passphrase).await
    }

    /// Opens it, and lets those go on whose secrets are in it.
    async fn open_by_passphrase(&self, passphrase: SecretString) -> Result<(), Problem> {
        let file = Arc::clone(&self.encrypted);
        blocking(move || file.open(&passphrase))
            .await?
            .map_err(|error| say::of_encrypted_file(&error))?;
        let now = self.ground.now();
        let accounts = self.accounts_in_file().await?;
        for account in &accounts {
            self.standing.has_secret(account.id);
        }
        let due = move |store: &Store| {
            // What is watched there is due now.
            accounts
                .iter()
                .try_for_each(|account| store.hurry(&account.host, now))
        };
        if self.ground.db(due).await.is_ok() {
            self.ground.wake.notify_one();
        }
        self.ground.stale(Stale::Accounts);
        // What went while it was closed is still in it.
        self.sweep().await
    }

    /// Puts the encrypted file aside, for a person who has forgotten its passphrase: the accounts in it are signed out, and
    /// the next one that is kept so begins a new file. Returns where the old one is now, where there was one.
    pub async fn put_encrypted_file_aside(&self) -> Result<Option<String>, Problem> {
        let file = Arc::clone(&self.encrypted);
        let aside = blocking(move || file.put_aside())
            .await?
            .map_err(|error| say::of_encrypted_file(&error))?;
        let accounts = self.accounts_in_file().await?;
        for account in &accounts {
            self.close_session(account.id, &account.host);
        }
        let sign_out = move |store: &Store| {
            accounts.into_iter().try_for_each(|account| {
                store.change_account(&Account {
                    state: SIGNED_OUT.to_owned(),
                    ..account
                })
            })
        };
        self.ground.db(sign_out).await?;
        self.forget_seconds_in_file().await?;
        self.ground.stale(Stale::Accounts);
        Ok(aside.map(|path| path.display().to_string()))
    }

    /// Opens the encrypted file, or begins it, where a secret is to be kept there: before anything is sent, so that a
    /// passphrase that is none keeps nobody waiting.
    pub(super) async fn ready_to_keep(&self, keep: &Keep) -> Result<(), Problem> {
        match keep {
            Keep::EncryptedFile {
                passphrase: Some(passphrase),
            } => self.open_by_passphrase(passphrase.clone()).await,
            Keep::EncryptedFile { passphrase: None } if !self.encrypted.is_open() => {
                Err(say::of_encrypted_file(&EncryptedFileError::Closed))
            }
            _ => Ok(()),
        }
    }

    async fn accounts_in_file(&self) -> Result<Vec<Account>, Problem> {
        let mut accounts = self.ground.db(Store::accounts).await?;
        accounts.retain(|account| account.state == ENCRYPTED_FILE);
        Ok(accounts)
    }
}
