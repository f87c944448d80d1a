//! What reads a sign-in from one place, and why it could not.

use crate::helper::HelperError;
use crate::{Credential, StoreError};

/// A place from which one sign-in is read. Reading blocks, and a helper or a keychain may ask the person meanwhile: call it
/// on a blocking thread, never on an async one.
pub trait Source: Send + Sync {
    /// Reads the sign-in as it is now. `None`: there is none, or none any more.
    fn get(&self) -> Result<Option<Credential>, SourceError>;
}

/// The reason why a place could not be read. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The keychain, or another store of ours, could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The credential helper could not.
    #[error("docker-credential-{name}: {error}")]
    Helper {
        /// The helper's name as it is written where it was found, made fit to show.
        name: String,
        /// What became of it.
        error: HelperError,
    },
    /// The file, or the entry in it, cannot be read; the text says which and why.
    #[error("{0}")]
    Unreadable(String),
}
