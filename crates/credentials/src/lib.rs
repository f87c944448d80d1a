//! Where the secrets of accounts live: the keychain of the operating system, or, when a person chooses so, the memory of
//! the running app.
//!
//! What it is: one small blocking trait, [`SecretStore`], with two stores behind it ([`Keychain`], [`SessionSecrets`]);
//! the protocol of the credential helpers of Docker and Podman ([`Helper`]); and [`docker_config`], which tells which
//! registries the Docker client of this computer is signed in to, without running any helper.
//!
//! What it is not: it never writes a secret to a file of its own, never falls back from one store to another by itself,
//! and knows nothing of registries or accounts.
//!
//! When it may grow: a passphrase-encrypted file is one more [`SecretStore`].

mod backend;
mod credential;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod helper;
mod json;
mod keychain;
mod place;
mod session;
mod source;
mod value;

pub mod docker_config;

pub use credential::{Credential, TOKEN_USER};
pub use helper::{Helper, HelperError, HelperName, Programs};
pub use keychain::Keychain;
pub use place::{FileRef, Place};
pub use secrecy::SecretString;
pub use session::SessionSecrets;
pub use source::{Source, SourceError};

/// Names one secret: the registry it is for and the user it signs in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretKey {
    /// The registry, as `host` or `host:port`.
    pub host: String,
    /// The user the secret belongs to.
    pub user: String,
}

/// The reason why a store could not do what was asked. The text is the store's own words, for a person who wants
/// the detail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// There is a keychain, and it is locked or has nothing unlocked to keep a secret in.
    #[error("the keychain is locked: {0}")]
    Locked(String),
    /// There is no keychain on this computer, or none that can be reached.
    #[error("there is no keychain: {0}")]
    Absent(String),
    /// The keychain was reached and refused this secret or this name.
    #[error("the keychain refused: {0}")]
    Refused(String),
}

/// Keeps secrets by key. All calls block (a keychain may ask the person to unlock it): call them on a blocking thread,
/// never on an async one.
pub trait SecretStore: Send + Sync {
    /// Returns the secret, or `None` when the store has none under this key.
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, KeychainError>;
    /// Keeps the secret under this key, in place of any other.
    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), KeychainError>;
    /// Forgets the secret. Forgetting one that is not there is no error.
    fn remove(&self, key: &SecretKey) -> Result<(), KeychainError>;
}
