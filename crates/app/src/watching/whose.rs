//! Whose sign-in a repository is looked at with, where no person has just said so.

use super::room::Watching;
use crate::view::accounts::AccountState;
use crate::view::problem::Problem;
use crate::words;
use store::{Account, Place, Watched};

/// Whether an account can be asked with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Away {
    /// It can.
    No,
    /// Its secret can't be read as long as the keychain or the encrypted file is closed.
    Locked,
    /// It has none.
    SignedOut,
}

fn away(stands: AccountState) -> Away {
    match stands {
        AccountState::SignedOut => Away::SignedOut,
        AccountState::KeychainUnavailable | AccountState::FileClosed => Away::Locked,
        _ => Away::No,
    }
}

impl Watching {
    /// Finds the first account that ordered the watch and can be asked with, else one whose secret may be read again.
    pub(super) async fn watching_account(
        &self,
        place: &Place,
        watched: &Watched,
    ) -> Result<Account, Problem> {
        let mut locked = None;
        for id in &watched.accounts {
            let Ok(account) = self.accounts.account(&id.to_string()).await else {
                continue;
            };
            match away(self.accounts.standing(&account)) {
                Away::No => return Ok(account),
                Away::Locked => locked = locked.or(Some(account)),
                Away::SignedOut => {}
            }
        }
        locked.ok_or_else(|| words::signed_out(&place.host))
    }

    /// Finds the account a notification about a repository stands for: one that watches it, else one of its host.
    pub(super) async fn account_for(&self, place: &Place) -> Result<String, Problem> {
        let wanted = place.clone();
        let (watched, accounts) = self
            .ground
            .db(move |store| Ok((store.watched(&wanted)?, store.accounts()?)))
            .await?;
        let mut there = store::accounts_for(&accounts, place);
        there.sort_by_key(|account| {
            let away = away(self.accounts.standing(account));
            let ordered = watched.accounts.contains(&account.id);
            // Who signed in may do more than who did not.
            (away, !ordered, account.user.is_none())
        });
        let account = there.first().ok_or_else(words::no_account)?;
        Ok(account.id.to_string())
    }
}
