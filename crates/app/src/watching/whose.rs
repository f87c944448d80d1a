//! Whose sign-in a repository is looked at with, where no person has just said so.

use super::room::Watching;
use crate::view::accounts::AccountState;
use crate::view::problem::Problem;
use crate::words;
use store::{Account, Place, Watched};

impl Watching {
    /// Finds the first account that ordered the watch and is not signed out.
    pub(super) async fn watching_account(
        &self,
        place: &Place,
        watched: &Watched,
    ) -> Result<Account, Problem> {
        for id in &watched.accounts {
            if let Ok(account) = self.accounts.account(&id.to_string()).await
                && self.accounts.standing(&account) != AccountState::SignedOut
            {
                return Ok(account);
            }
        }
        Err(words::signed_out(&place.host))
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
            let signed_out = self.accounts.standing(account) == AccountState::SignedOut;
            let ordered = watched.accounts.contains(&account.id);
            // Who signed in may do more than who did not.
            (signed_out, !ordered, account.user.is_none())
        });
        let account = there.first().ok_or_else(words::no_account)?;
        Ok(account.id.to_string())
    }
}
