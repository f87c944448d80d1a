//! A keychain in memory that can be locked or taken away.

use super::USER;
use credentials::{SecretKey, SecretStore, SessionSecrets, StoreError};
use secrecy::SecretString;
use std::sync::atomic::{AtomicU8, Ordering};

/// A keychain that can be locked or taken away.
#[derive(Default)]
pub struct Keychain {
    secrets: SessionSecrets,
    state: AtomicU8,
}

impl Keychain {
    pub fn lock(&self) {
        self.state.store(1, Ordering::SeqCst);
    }

    pub fn take_away(&self) {
        self.state.store(2, Ordering::SeqCst);
    }

    pub fn unlock(&self) {
        self.state.store(0, Ordering::SeqCst);
    }

    pub fn holds(&self, host: &str) -> bool {
        let key = SecretKey {
            host: host.to_owned(),
            user: USER.to_owned(),
        };
        self.secrets.get(&key).unwrap().is_some()
    }

    fn open(&self) -> Result<&SessionSecrets, StoreError> {
        match self.state.load(Ordering::SeqCst) {
            0 => Ok(&self.secrets),
            1 => Err(StoreError::Locked("it is locked".into())),
            _ => Err(StoreError::Absent("there is none".into())),
        }
    }
}

impl SecretStore for Keychain {
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, StoreError> {
        self.open()?.get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), StoreError> {
        self.open()?.set(key, secret)
    }

    fn remove(&self, key: &SecretKey) -> Result<(), StoreError> {
        self.open()?.remove(key)
    }
}
