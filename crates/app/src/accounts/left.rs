//! Secrets that were left behind, as where they lie could not be reached: removed once it can be.
//!
//! Not here: when one is left (`secret`, `proxy`, `second`). Grows by nothing.

use super::opening::key;
use super::room::Accounts;
use super::second::keeps;
use super::states::{is_in_keychain, keep_beside, place_of, place_of_keep};
use super::trust::Connection;
use crate::ground::blocking;
use crate::view::problem::Problem;
use credentials::{Place, SecretKey};
use store::{Account, Store};

/// What stands before the host of one that was left in the encrypted file; others are in the keychain. No host has a space.
const IN_FILE: &str = "encrypted file ";

/// A secret that was left, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) host: String,
    pub(super) user: String,
}

/// Returns how a secret that is left at a place is stored.
pub(super) fn noted(place: &Place, SecretKey { host, user }: SecretKey) -> Left {
    let host = match place {
        Place::EncryptedFile => format!("{IN_FILE}{host}"),
        _ => host,
    };
    Left { host, user }
}

/// Reads it: the place, and whose secret it is there.
fn read(Left { host, user }: Left) -> (Place, SecretKey) {
    match host.strip_prefix(IN_FILE) {
        Some(host) => {
            let host = host.to_owned();
            (Place::EncryptedFile, SecretKey { host, user })
        }
        None => (Place::Keychain, SecretKey { host, user }),
    }
}

impl Accounts {
    /// Removes what was left in the keychain or the encrypted file while it could not be reached, where it can be now.
    pub(super) async fn sweep(&self) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
        let all = self.ground.db(Store::left_secrets).await?;
        if all.is_empty() {
            return Ok(());
        }
        let users = |store: &Store| Ok((store.accounts()?, store.second_sign_ins()?));
        let (accounts, seconds) = self.ground.db(users).await?;
        let mut unreached = Vec::new();
        if !self.encrypted.is_open() {
            unreached.push(Place::EncryptedFile);
        }
        for (host, user) in all {
            let left = Left { host, user };
            let (place, own) = read(left.clone());
            // One that can't be reached is not asked for the others.
            if unreached.contains(&place) {
                continue;
            }
            let is_used = accounts
                .iter()
                .any(|account| is_used_by(account, &place, &own))
                || seconds
                    .iter()
                    .any(|(_, second)| keeps(second, &place, &own));
            // The note stays: what is moved is noted before its account is stored, and one that keeps it there again takes the
            // note back itself.
            if is_used {
                continue;
            }
            let store = self.store(&place);
            if blocking(move || store.remove(&own)).await?.is_err() {
                unreached.push(place);
                continue;
            }
            self.ground
                .db(move |store| store.secret_is_not_left(&left.host, &left.user))
                .await?;
        }
        Ok(())
    }
}

/// Tells whether an account keeps this secret there again.
fn is_used_by(account: &Account, place: &Place, own: &SecretKey) -> bool {
    let holds = match place {
        Place::Keychain => is_in_keychain(account),
        place => place_of(account).as_ref() == Some(place),
    };
    let proxys = place_of_keep(&keep_beside(account)) == *place;
    (holds && key(account) == *own)
        || (proxys && Connection::of(account).proxy_key().as_ref() == Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_stored_with_its_place() {
        let own = |host: &str| SecretKey {
            host: host.to_owned(),
            user: "ana".to_owned(),
        };
        for (place, host) in [
            (Place::Keychain, "lab.example:5000"),
            (Place::EncryptedFile, "lab.example:5000"),
            (Place::Keychain, "proxy http://proxy.example:3128"),
            (Place::EncryptedFile, "proxy http://proxy.example:3128"),
        ] {
            assert_eq!(read(noted(&place, own(host))), (place, own(host)));
        }
        // What earlier versions left was all in the keychain.
        assert_eq!(noted(&Place::Keychain, own("h")).host, "h");
    }
}
