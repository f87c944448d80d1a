//! The keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! A keychain that was absent or locked may be there a moment later, so an open store is kept only as long as it works.
//!
//! A secret that had to be split is replaced wholly or not at all: the items of the new one are written under names that
//! the old one doesn't use, its first item, which names them, comes last, and only then the old one's items go. What a
//! crash leaves behind is cleared at the next write. Not here: what stands in the items (`value`).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry, Error as KeyringError};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::value::{self, Generation, Part};
use crate::{SecretKey, SecretStore, StoreError, backend};

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
    /// Held while several items of one secret are written.
    writing: Mutex<()>,
}

/// One item of a secret.
#[derive(Clone, Copy)]
enum Item {
    /// The first, and mostly the only one.
    Head,
    /// A further one of a split secret, counted from 1.
    Further(Generation, usize),
}

impl Keychain {
    /// Makes the keychain of this system and this person.
    pub fn new() -> Self {
        Self {
            open: Box::new(backend::open),
            limit: backend::LIMIT,
            label: backend::label,
            idle: Mutex::new(None),
            writing: Mutex::new(()),
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
        item: Item,
    ) -> Result<Entry, KeyringError> {
        // No host holds a `#` or a space, so no two keys meet.
        let SecretKey { host, user } = key;
        let name = match item {
            Item::Head => format!("{host} {user}"),
            Item::Further(Generation::Oldest, number) => format!("{host}#{number} {user}"),
            Item::Further(Generation::One, number) => format!("{host}#1.{number} {user}"),
            Item::Further(Generation::Two, number) => format!("{host}#2.{number} {user}"),
        };
        let label = (self.label)(key);
        let label = label
            .as_deref()
            .map(|label| HashMap::from([("label", label)]));
        store.build(SERVICE, &name, label.as_ref())
    }

    fn read(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        item: Item,
    ) -> Result<Option<Part>, KeyringError> {
        match self.entry(store, key, item)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn delete(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        item: Item,
    ) -> Result<(), KeyringError> {
        match self.entry(store, key, item)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reads the items of a secret, as far as they are there.
    fn parts(&self, store: &CredentialStore, key: &SecretKey) -> Result<Vec<Part>, KeyringError> {
        let mut parts: Vec<Part> = self.read(store, key, Item::Head)?.into_iter().collect();
        let Some(first) = parts.first() else {
            return Ok(parts);
        };
        let (count, generation) = (value::count(first), value::generation(first));
        for number in 1..count {
            parts.extend(self.read(store, key, Item::Further(generation, number))?);
        }
        Ok(parts)
    }

    /// Removes the further items of all generations but those that are counted here: all that there may be, since nobody
    /// knows where an earlier write was cut short.
    fn clear(
        &self,
        store: &CredentialStore,
        key: &SecretKey,
        (kept, count): (Generation, usize),
    ) -> Result<(), KeyringError> {
        for generation in Generation::ALL {
            let from = if generation == kept { count } else { 1 };
            for number in from..value::MOST {
                self.delete(store, key, Item::Further(generation, number))?;
            }
        }
        Ok(())
    }

    /// Runs one use of the store. A store from an earlier use may have lost its service since (a restarted daemon knows
    /// no old sessions): such a failure is tried once more with a new one.
    fn using<T>(
        &self,
        work: impl Fn(&CredentialStore) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let kept = self.idle().take();
        if let Some(store) = kept {
            match work(store.as_ref()) {
                Ok(done) => return Ok(self.keep(store, done)),
                Err(Failure::Keyring(KeyringError::PlatformFailure(_))) => {}
                Err(failure) => return Err(failure.told()),
            }
        }
        let store = (self.open)().map_err(|error| StoreError::Absent(error.to_string()))?;
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
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, StoreError> {
        self.using(|store| {
            let mut parts = self.parts(store, key)?;
            if !parts.is_empty() && value::join(&parts).is_none() {
                // It may have been replaced between its items.
                parts = self.parts(store, key)?;
            }
            if parts.is_empty() {
                return Ok(None);
            }
            let whole =
                value::join(&parts).ok_or(Failure::Ours("the kept secret is incomplete"))?;
            let text = std::str::from_utf8(&whole)
                .map_err(|_| Failure::Ours("the kept secret is not text"))?;
            Ok(Some(SecretString::from(text)))
        })
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.using(|store| {
            let next = match self.limit {
                // Without a limit there is never a second item, and one question less to ask.
                None => Generation::Oldest,
                Some(_) => self
                    .read(store, key, Item::Head)?
                    .map_or(Generation::Oldest, |first| value::generation(&first))
                    .next(),
            };
            let parts = value::split(secret.expose_secret().as_bytes(), self.limit, next)
                .ok_or(Failure::Ours("the secret is too long"))?;
            let (first, further) = parts
                .split_first()
                .ok_or(Failure::Ours("the secret is empty"))?;
            for (number, part) in (1..).zip(further) {
                self.entry(store, key, Item::Further(next, number))?
                    .set_secret(part)?;
            }
            self.entry(store, key, Item::Head)?.set_secret(first)?;
            if self.limit.is_some() {
                // The secret is kept: what is left of others is no failure, and goes at the next write.
                let _ = self.clear(store, key, (next, parts.len()));
            }
            Ok(())
        })
    }

    fn remove(&self, key: &SecretKey) -> Result<(), StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.using(|store| {
            // The first item goes first: without it there is no secret.
            self.delete(store, key, Item::Head)?;
            if self.limit.is_some() {
                self.clear(store, key, (Generation::Oldest, 1))?;
            }
            Ok(())
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
    fn told(self) -> StoreError {
        match self {
            Self::Keyring(KeyringError::NoStorageAccess(cause))
                if backend::is_empty_service(cause.as_ref()) =>
            {
                StoreError::Absent(
                    "the keychain service has no keychain to keep a secret in".to_owned(),
                )
            }
            Self::Keyring(KeyringError::NoStorageAccess(cause)) => {
                StoreError::Locked(cause.to_string())
            }
            // Its own text would list what was found.
            Self::Keyring(KeyringError::Ambiguous(_)) => {
                StoreError::Refused("there is more than one secret under this name".to_owned())
            }
            Self::Keyring(error) => StoreError::Refused(error.to_string()),
            Self::Ours(text) => StoreError::Refused(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
