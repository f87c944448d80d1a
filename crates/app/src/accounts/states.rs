//! How an account stands, as it is stored; and in which place of ours its secret is by that.
//!
//! Not here: what is learnt only by asking (`standing`). Grows by another place for a secret.

use crate::view::accounts::Keep;
use credentials::Place;
use store::Account;

/// Stored state of an account without a sign-in.
pub(super) const ANONYMOUS: &str = "anonymous";
/// Stored state of an account whose secret is in the keychain.
pub(super) const KEYCHAIN: &str = "keychain";
/// Stored state of an account whose secret was only in memory.
pub(super) const SESSION: &str = "session";
/// Stored state of an account whose secret was only in memory, while an earlier one of this user is still in the
/// keychain, which could not be asked then.
pub(super) const SESSION_BESIDE: &str = "sessionBesideKeychain";
/// Stored state of an account whose secret is in the encrypted file.
pub(super) const ENCRYPTED_FILE: &str = "encryptedFile";
/// Stored state of an account whose sign-in another program keeps.
pub(super) const ELSEWHERE: &str = "elsewhere";
/// Stored state of an account of which no secret is known.
pub(super) const SIGNED_OUT: &str = "signedOut";

/// Returns the place that a person chose.
pub(super) fn place_of_keep(keep: &Keep) -> Place {
    match keep {
        Keep::Keychain => Place::Keychain,
        Keep::Session => Place::Session,
        Keep::EncryptedFile { .. } => Place::EncryptedFile,
    }
}

/// Returns where another secret for an account is kept: beside its own, where that was a choice.
pub(super) fn keep_beside(account: &Account) -> Keep {
    match place_of(account) {
        Some(Place::EncryptedFile) => Keep::EncryptedFile { passphrase: None },
        _ => Keep::Keychain,
    }
}

/// Returns the place of ours that holds the secret an account is signed in with; `None` where there is none.
pub(super) fn place_of(account: &Account) -> Option<Place> {
    match account.state.as_str() {
        KEYCHAIN => Some(Place::Keychain),
        SESSION | SESSION_BESIDE => Some(Place::Session),
        ENCRYPTED_FILE => Some(Place::EncryptedFile),
        _ => None,
    }
}

/// Returns the place that holds a secret of the account beyond this run.
pub(super) fn lasting_place(account: &Account) -> Option<Place> {
    if is_in_keychain(account) {
        Some(Place::Keychain)
    } else {
        is_in_file(account).then_some(Place::EncryptedFile)
    }
}

/// Tells whether the keychain holds a secret of the account, be it an older one than what it is signed in with.
pub(super) fn is_in_keychain(account: &Account) -> bool {
    matches!(account.state.as_str(), KEYCHAIN | SESSION_BESIDE)
}

/// Tells whether the encrypted file holds it.
pub(super) fn is_in_file(account: &Account) -> bool {
    account.state == ENCRYPTED_FILE
}
