//! What differs between the systems: which store is opened, how long a value may be, and what an item is called.

use std::sync::Arc;

use keyring_core::CredentialStore;

use crate::SecretKey;

/// The most bytes one item holds. Longer secrets are split; `None` where there is no limit worth minding.
#[cfg(not(target_os = "windows"))]
pub(crate) const LIMIT: Option<usize> = None;
/// Credential Manager holds 2560 bytes an item.
#[cfg(target_os = "windows")]
pub(crate) const LIMIT: Option<usize> = Some(2500);

/// Opens the system's store.
#[cfg(target_os = "linux")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// Opens the system's store.
#[cfg(target_os = "macos")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// Opens the system's store.
#[cfg(target_os = "windows")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Fails: there is no keychain of ours on other systems.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NotSupportedByStore(
        "this system has no keychain that is known".to_owned(),
    ))
}

/// Returns what a person sees in the keychain's own window, where an item can be given a label; other stores make their
/// own.
pub(crate) fn label(key: &SecretKey) -> Option<String> {
    cfg!(target_os = "linux").then(|| format!("Longshore: {} at {}", key.user, key.host))
}

/// Tells whether a store that could be opened has nothing to keep a secret in and nothing that could be unlocked: a
/// Secret Service without any collection. It says so only when something is to be kept.
#[cfg(target_os = "linux")]
pub(crate) fn is_empty_service(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(secret_service::Error::NoResult))
}

/// Says no: other systems always have a keychain.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_empty_service(_cause: &(dyn std::error::Error + 'static)) -> bool {
    false
}
