//! Where the sign-ins of accounts are kept: the keychain of the operating system, the memory of the running app, or, where
//! the person picked it, a file that a passphrase encrypts, or where Docker and Podman keep theirs.
//!
//! What it is: small blocking traits. A [`SecretStore`] keeps secrets of ours ([`Keychain`], [`SessionSecrets`],
//! [`EncryptedFile`]). A
//! [`Source`] reads one sign-in as it is now, from a store of ours, a file of Docker's or Podman's, or a credential helper;
//! [`Sources`] makes it of a [`Place`], which is what an account remembers. [`found`] lists the sign-ins on this computer:
//! it reads files alone and runs no helper. A helper is run when a sign-in that it keeps is used, and then each time.
//!
//! [`Clients`] signs Docker's and Podman's own programs in and out, through the same helpers.
//!
//! What it is not: it writes a secret in plain text only where Docker would and a person said yes, never falls back from one
//! place to another by itself, reads no environment, and knows nothing of registries or accounts.
//!
//! When it may grow: another place of ours is one more [`SecretStore`] and one more [`Place`].

mod backend;
mod clients;
mod credential;
mod encrypted;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod helper;
mod json;
mod keychain;
mod place;
mod session;
mod source;
mod sources;
mod value;
mod write;

pub use clients::{Client, ClientError, ClientSignIn, Clients, Keeps};
pub use credential::{Credential, TOKEN_USER};
pub use encrypted::{EncryptedFile, EncryptedFileError, SHORTEST_PASSPHRASE};
pub use files::{Files, Found, found};
pub use helper::{Helper, HelperError, HelperName, Programs, VendorCommand, VendorSaid};
pub use keychain::Keychain;
pub use place::{FileRef, Place};
pub use secrecy::SecretString;
pub use session::SessionSecrets;
pub use source::{Source, SourceError};
pub use sources::Sources;

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
pub enum StoreError {
    /// There is a keychain, and it is locked or has nothing unlocked to keep a secret in.
    #[error("the keychain is locked: {0}")]
    Locked(String),
    /// There is no keychain on this computer, or none that can be reached.
    #[error("there is no keychain: {0}")]
    Absent(String),
    /// The keychain was reached and refused this secret or this name.
    #[error("the keychain refused: {0}")]
    Refused(String),
    /// It is the encrypted file that could not.
    #[error(transparent)]
    File(#[from] EncryptedFileError),
}

/// Keeps secrets of ours by key. All calls block (a keychain may ask the person to unlock it): call them on a blocking thread,
/// never on an async one.
pub trait SecretStore: Send + Sync {
    /// Returns the secret, or `None` when the store has none under this key.
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, StoreError>;
    /// Keeps the secret under this key, in place of any other.
    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), StoreError>;
    /// Forgets the secret. Forgetting one that is not there is no error.
    fn remove(&self, key: &SecretKey) -> Result<(), StoreError>;
}
