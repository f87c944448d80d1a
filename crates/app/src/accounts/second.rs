//! The second sign-in of an account, for its vendor's own interface alone: where its secret is, and how it goes with the account.
//!
//! It lies beside the account's own secret, under a key of its own. A look never waits for it: what can't be reached is as if it were
//! not there. Not here: what it is shown to (`vendors`), when it is asked for (`kinds`). Grows by nothing.

use super::opening::where_it_is_for;
use super::room::{Accounts, KnownSecond};
use super::states::place_of;
use crate::ground::{blocking, lock};
use crate::view::problem::{Code, Problem};
use crate::words;
use credentials::{Place, SecretKey, StoreError};
use secrecy::SecretString;
use store::{Account, SecondSignIn, Store};
use vendors::{Second, VendorId};

/// Where its secret is, as it is stored.
const KEYCHAIN: &str = "keychain";
const ENCRYPTED_FILE: &str = "encryptedFile";
const SESSION: &str = "session";

fn stored(place: &Place) -> &'static str {
    match place {
        Place::Session => SESSION,
        Place::EncryptedFile => ENCRYPTED_FILE,
        _ => KEYCHAIN,
    }
}

fn place(second: &SecondSignIn) -> Place {
    match second.place.as_str() {
        SESSION => Place::Session,
        ENCRYPTED_FILE => Place::EncryptedFile,
        _ => Place::Keychain,
    }
}

fn key(second: &SecondSignIn) -> SecretKey {
    SecretKey {
        host: second.key_host.clone(),
        user: second.key_user.clone(),
    }
}

/// Tells whether it is kept until the window closes.
pub(crate) fn is_for_session(second: &SecondSignIn) -> bool {
    second.place == SESSION
}

/// Tells whether one keeps this secret at this place.
pub(super) fn keeps(second: &SecondSignIn, at: &Place, own: &SecretKey) -> bool {
    place(second) == *at && key(second) == *own
}

impl Accounts {
    /// Returns what is stored of an account's second sign-in; none where it has none for this vendor.
    pub(crate) async fn second_of(&self, account: i64, vendor: VendorId) -> Option<SecondSignIn> {
        let second = self.ground.db(move |store| store.second_sign_in(account));
        let second = second.await.ok().flatten()?;
        (serde_json::from_str(&second.vendor).ok() == Some(vendor)).then_some(second)
    }

    /// Tells whether an account has a second sign-in for this vendor that wasn't refused. Its secret isn't read: what is shown at once
    /// can't wait for a keychain.
    pub(crate) async fn has_second(&self, account: i64, vendor: VendorId) -> bool {
        let second = self.second_of(account, vendor).await;
        let known = lock(&self.seconds).get(&account).cloned();
        match known {
            Some(KnownSecond::Read(_)) => second.is_some(),
            Some(KnownSecond::Refused) => false,
            None => second.is_some_and(|second| !second.refused),
        }
    }

    /// Returns an account's second sign-in for this vendor; none where it has none, it was refused, or it can't be reached just now.
    pub(crate) async fn second(&self, account: i64, vendor: VendorId) -> Option<Second> {
        let known = lock(&self.seconds).get(&account).cloned();
        let mut second = self.second_of(account, vendor).await?;
        match known {
            Some(KnownSecond::Read(read)) => return Some(read),
            Some(KnownSecond::Refused) if !second.refused => {
                second.refused = true;
                let noted = self
                    .ground
                    .db(move |store| store.set_second_sign_in(account, &second));
                // What can't be stored is sent once more in the next run.
                let _ = noted.await;
                return None;
            }
            _ if second.refused => return None,
            _ => {}
        }
        let (from, own) = (self.store(&place(&second)), key(&second));
        let secret = blocking(move || from.get(&own)).await.ok()?.ok()??;
        let read = Second {
            user: second.user,
            secret,
        };
        lock(&self.seconds).insert(account, KnownSecond::Read(read.clone()));
        Some(read)
    }

    /// Notes that the vendor's interface said that an account's second sign-in is wrong.
    pub(crate) fn second_was_refused(&self, account: i64) {
        lock(&self.seconds).insert(account, KnownSecond::Refused);
    }

    /// Keeps a second sign-in where the account's own secret is; in the keychain where that lies with another program or there is none,
    /// and until the window closes where there is no keychain.
    pub(crate) async fn keep_second(
        &self,
        account: &Account,
        vendor: VendorId,
        given: Second,
    ) -> Result<(), Problem> {
        let id = account.id;
        let mut kept = SecondSignIn {
            vendor: serde_json::to_string(&vendor).unwrap_or_default(),
            user: given.user.clone(),
            place: String::new(),
            key_host: format!("second {}", where_it_is_for(account)),
            // No user has a space, so this is nobody's.
            key_user: account.user.clone().unwrap_or_else(|| "no user".to_owned()),
            refused: false,
        };
        let former = self
            .ground
            .db(move |store| store.second_sign_in(id))
            .await?;
        let wanted = place_of(account).unwrap_or(Place::Keychain);
        let at = self.put_second(wanted, &key(&kept), &given.secret).await?;
        stored(&at).clone_into(&mut kept.place);
        let note = kept.clone();
        self.ground
            .db(move |store| store.set_second_sign_in(id, &note))
            .await?;
        lock(&self.seconds).insert(id, KnownSecond::Read(given));
        if let Some(former) = former.filter(|former| !keeps(former, &at, &key(&kept))) {
            self.take_second(&former).await?;
        }
        Ok(())
    }

    /// Puts its secret at a place, or in memory where there is no keychain; returns where it is.
    async fn put_second(
        &self,
        at: Place,
        key: &SecretKey,
        secret: &SecretString,
    ) -> Result<Place, Problem> {
        let _turn = self.left.lock().await;
        let put = async |at: &Place| {
            let (store, own, secret) = (self.store(at), key.clone(), secret.clone());
            blocking(move || store.set(&own, &secret)).await
        };
        let at = match put(&at).await? {
            Ok(()) => at,
            Err(StoreError::Absent(_)) if at == Place::Keychain => {
                put(&Place::Session)
                    .await?
                    .map_err(|error| words::of_keychain(&error))?;
                Place::Session
            }
            Err(error) => return Err(words::of_keychain(&error)),
        };
        if at != Place::Session {
            self.not_left(&at, key).await?;
        }
        Ok(at)
    }

    /// Removes the second sign-in of an account, where it has one. Where its place can't be reached it stays as it is.
    pub(crate) async fn remove_second(&self, account: i64) -> Result<(), Problem> {
        let second = self.ground.db(move |store| store.second_sign_in(account));
        let Some(second) = second.await? else {
            return Ok(());
        };
        self.take_second(&second).await?;
        self.forget_second(account).await
    }

    /// Removes it with its account; where its place can't be reached and a person said `anyway` to that, the secret is noted there.
    pub(super) async fn let_go_of_second(
        &self,
        account: i64,
        anyway: &[Code],
    ) -> Result<(), Problem> {
        match self.remove_second(account).await {
            Err(problem) if anyway.contains(&problem.code) => {
                let second = self.ground.db(move |store| store.second_sign_in(account));
                if let Some(second) = second.await? {
                    self.leave(&place(&second), Some(key(&second))).await?;
                }
                self.forget_second(account).await
            }
            removed => removed,
        }
    }

    async fn forget_second(&self, account: i64) -> Result<(), Problem> {
        lock(&self.seconds).remove(&account);
        self.ground
            .db(move |store| store.remove_second_sign_in(account))
            .await
    }

    /// Takes its secret out of where it is. What is in a file that is closed now goes when that is opened.
    async fn take_second(&self, second: &SecondSignIn) -> Result<(), Problem> {
        let own = key(second);
        match place(second) {
            Place::EncryptedFile => {
                let _turn = self.left.lock().await;
                self.take_from_file(own).await
            }
            at => {
                let store = self.store(&at);
                blocking(move || store.remove(&own))
                    .await?
                    .map_err(|error| words::accounts::of_keychain_that_holds(&error))
            }
        }
    }

    /// Has the second sign-in of an account follow its own secret, which is kept there from now on. What can't be had stays where it is.
    pub(super) async fn move_second(&self, account: i64, to: Place) -> Result<(), Problem> {
        let second = self.ground.db(move |store| store.second_sign_in(account));
        let Some(mut second) = second.await? else {
            return Ok(());
        };
        let before = second.clone();
        // What was kept for longer is not brought into memory.
        if to == Place::Session || place(&before) == to {
            return Ok(());
        }
        let (from, own) = (self.store(&place(&before)), key(&before));
        let Ok(Some(secret)) = blocking(move || from.get(&own)).await? else {
            return Ok(());
        };
        let at = self.put_second(to, &key(&before), &secret).await?;
        if at == Place::Session {
            return Ok(());
        }
        stored(&at).clone_into(&mut second.place);
        self.ground
            .db(move |store| store.set_second_sign_in(account, &second))
            .await?;
        match self.take_second(&before).await {
            Ok(()) => Ok(()),
            Err(_) => self.leave(&place(&before), Some(key(&before))).await,
        }
    }

    /// Forgets those that were in the encrypted file, which was put aside.
    pub(super) async fn forget_seconds_in_file(&self) -> Result<(), Problem> {
        let all = self.ground.db(Store::second_sign_ins).await?;
        for (account, second) in all {
            if place(&second) == Place::EncryptedFile {
                self.forget_second(account).await?;
            }
        }
        Ok(())
    }
}
