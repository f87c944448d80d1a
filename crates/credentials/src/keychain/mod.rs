//! The keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! A keychain that was absent or locked may be there a moment later, so an open store is kept only as long as it works.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry, Error as KeyringError};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::value::{self, Part};
use crate::{KeychainError, SecretKey, SecretStore, backend};

/// The name all our secrets are kept under.
const SERVICE: &str = "dev.longshore.app";

type Open = Box<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// The keychain of the operating system. Nothing is opened before the first question.
pub struct Keychain {
    open: Open,
    limit: Option<usize>,
    label: fn(&SecretKey) -> Option<String>,
    /// The open store, while nobody uses it. It is taken out for each use and put back only when that went well.
    idle: Mutex<Option<Arc<CredentialStore>>>,
}

impl Keychain {
    /// Makes the keychain of this system and this person.
    pub fn new() -> Self {
        Self {
            open: Box::new(backend::open),
            limit: backend::LIMIT,
            label: backend::label,
            idle: Mutex::new(None),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Arc<CredentialStore>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens one item. A secret has several only where it had to be split.
    fn entry(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        number: usize,
    ) -> Result<Entry, KeyringError> {
        // No host holds a `#` or a space, so no two keys meet.
        let user = match number {
            0 => format!("{} {}", key.host, key.user),
            _ => format!("{}#{number} {}", key.host, key.user),
        };
        let label = (self.label)(key);
        let label = label
            .as_deref()
            .map(|label| HashMap::from([("label", label)]));
        store.build(SERVICE, &user, label.as_ref())
    }

    fn read(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        number: usize,
    ) -> Result<Option<Part>, KeyringError> {
        match self.entry(store, key, number)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn delete(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        number: usize,
    ) -> Result<(), Failure> {
        match self.entry(store, key, number)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Runs one use of the store. A store from an earlier use may have lost its service since (a restarted daemon knows
    /// no old sessions): such a failure is tried once more with a new one.
    fn using<T>(
        &self,
        work: impl Fn(&CredentialStore) -> Result<T, Failure>,
    ) -> Result<T, KeychainError> {
        let kept = self.idle().take();
        if let Some(store) = kept {
            match work(store.as_ref()) {
                Ok(done) => return Ok(self.keep(store, done)),
                Err(Failure::Keyring(KeyringError::PlatformFailure(_))) => {}
                Err(failure) => return Err(failure.told()),
            }
        }
        let store = (self.open)().map_err(|error| KeychainError::Absent(error.to_string()))?;
        match work(store.as_ref()) {
            Ok(done) => Ok(self.keep(store, done)),
            Err(failure) => Err(failure.told()),
        }
    }

    fn keep<T>(&self, store: Arc<CredentialStore>, done: T) -> T {
        *self.idle() = Some(store);
        done
    }
}

impl Default for Keychain {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain").finish_non_exhaustive()
    }
}

impl SecretStore for Keychain {
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, KeychainError> {
        self.using(|store| {
            let Some(first) = self.read(store, key, 0)? else {
                return Ok(None);
            };
            let mut parts = vec![first];
            for number in 1..value::count(&parts[0]) {
                parts.extend(self.read(store, key, number)?);
            }
            let whole =
                value::join(&parts).ok_or(Failure::Ours("the kept secret is incomplete"))?;
            let text = std::str::from_utf8(&whole)
                .map_err(|_| Failure::Ours("the kept secret is not text"))?;
            Ok(Some(SecretString::from(text)))
        })
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), KeychainError> {
        self.using(|store| {
            let parts = value::split(secret.expose_secret().as_bytes(), self.limit)
                .ok_or(Failure::Ours("the secret is too long"))?;
            let before = match self.limit {
                // Without a limit there is never a second part, and one question less to ask.
                None => 1,
                Some(_) => self
                    .read(store, key, 0)?
                    .map_or(1, |first| value::count(&first)),
            };
            // The first part names the others: it comes last, when they are there.
            for (number, part) in parts.iter().enumerate().rev() {
                self.entry(store, key, number)?.set_secret(part)?;
            }
            (parts.len()..before).try_for_each(|number| self.delete(store, key, number))
        })
    }

    fn remove(&self, key: &SecretKey) -> Result<(), KeychainError> {
        self.using(|store| {
            let parts = self
                .read(store, key, 0)?
                .map_or(1, |first| value::count(&first));
            (0..parts)
                .rev()
                .try_for_each(|number| self.delete(store, key, number))
        })
    }
}

/// The reason why a use of an open store failed.
enum Failure {
    Keyring(KeyringError),
    Ours(&'static str),
}

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        Self::Keyring(error)
    }
}

impl Failure {
    fn told(self) -> KeychainError {
        match self {
            Self::Keyring(KeyringError::NoStorageAccess(cause))
                if backend::is_empty_service(cause.as_ref()) =>
            {
                KeychainError::Absent(
                    "the keychain service has no keychain to keep a secret in".to_owned(),
                )
            }
            Self::Keyring(KeyringError::NoStorageAccess(cause)) => {
                KeychainError::Locked(cause.to_string())
            }
            // Its own text would list what was found.
            Self::Keyring(KeyringError::Ambiguous(_)) => {
                KeychainError::Refused("there is more than one secret under this name".to_owned())
            }
            Self::Keyring(error) => KeychainError::Refused(error.to_string()),
            Self::Ours(text) => KeychainError::Refused(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
