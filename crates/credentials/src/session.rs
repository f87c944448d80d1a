//! Secrets that live as long as the app runs. Nothing is written anywhere; it is the store for a computer without a
//! keychain and for people who choose to stay signed in only until the app is closed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use crate::{SecretKey, SecretStore, StoreError};

/// Secrets in memory only; gone with the process.
#[derive(Default)]
pub struct SessionSecrets {
    secrets: Mutex<HashMap<SecretKey, SecretString>>,
}

impl SessionSecrets {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for SessionSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionSecrets").finish_non_exhaustive()
    }
}

impl SecretStore for SessionSecrets {
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, StoreError> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(key).cloned())
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), StoreError> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(key.clone(), secret.clone());
        Ok(())
    }

    fn remove(&self, key: &SecretKey) -> Result<(), StoreError> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.remove(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn it_keeps_replaces_and_forgets() {
        let store = SessionSecrets::new();
        let key = |user: &str| SecretKey {
            host: "h".to_owned(),
            user: user.to_owned(),
        };
        let read = |user: &str| {
            let secret = store.get(&key(user)).unwrap();
            secret.map(|secret| secret.expose_secret().to_owned())
        };
        assert_eq!(read("a"), None);
        store.set(&key("a"), &"one".into()).unwrap();
        store.set(&key("b"), &"two".into()).unwrap();
        store.set(&key("a"), &"three".into()).unwrap();
        assert_eq!(
            (read("a"), read("b")),
            (Some("three".to_owned()), Some("two".to_owned()))
        );
        assert!(!format!("{store:?}").contains("three"));
        store.remove(&key("a")).unwrap();
        store.remove(&key("a")).unwrap();
        assert_eq!((read("a"), read("b")), (None, Some("two".to_owned())));
    }
}
