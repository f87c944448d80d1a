//! Which of several accounts of one registry a repository is written with.
//!
//! Who may push is asked of the registry, without writing anything, and remembered for a while. Only where there is more than
//! one account to choose from; and nothing is asked of a repository that isn't known to be there, as some registries make one
//! of a question about it.
//!
//! Not here: what the window does with the answer. Grows by another right that is chosen by.

use super::room::Accounts;
use crate::ground::{lock, names};
use crate::view::accounts::AccountState;
use crate::view::problem::Problem;
use registry::Kind;
use std::cmp::Reverse;
use std::time::{Duration, Instant};
use store::{Account, Store};

/// How long an answer counts: a right may be given at any time.
const COUNTS_FOR: Duration = Duration::from_mins(10);

impl Accounts {
    /// Finds another account of the same registry that may push to a repository where this one may only read it; none where
    /// this one may, and where none is known to be better.
    pub async fn writer_for(
        &self,
        id: String,
        repository: String,
    ) -> Result<Option<String>, Problem> {
        let wish = self.account(&id).await?;
        names::place(&wish, &repository)?;
        let (host, name) = (wish.host.clone(), repository.clone());
        let read = move |store: &Store| {
            let mut accounts = store.accounts()?;
            accounts.retain(|account| account.host == host && account.covers(&name));
            let mut is_listed = false;
            for account in &accounts {
                is_listed |= store.lists_repository(account.id, &name)?;
            }
            Ok((accounts, is_listed))
        };
        let (accounts, is_listed) = self.ground.db(read).await?;
        let mut others: Vec<&Account> = accounts
            .iter()
            .filter(|account| account.id != wish.id && self.is_usable(account))
            .collect();
        if others.is_empty() || !is_listed || self.may_push(&wish, &repository).await != Some(false)
        {
            return Ok(None);
        }
        // The closest first, then the person's order, but somebody before nobody.
        others.sort_by_key(|account| (account.user.is_none(), Reverse(account.closeness())));
        for other in others {
            if self.may_push(other, &repository).await == Some(true) {
                return Ok(Some(other.id.to_string()));
            }
        }
        Ok(None)
    }

    /// Tells whether an account may push to a repository, as far as that can be found out.
    async fn may_push(&self, account: &Account, repository: &str) -> Option<bool> {
        let key = (account.id, repository.to_owned());
        let known = lock(&self.rights).get(&key).copied();
        if let Some((may, _)) = known.filter(|(_, at)| at.elapsed() < COUNTS_FOR) {
            return may;
        }
        let remote = self
            .remote(&account.id.to_string(), repository)
            .await
            .ok()?;
        let nobodys = uuid::Uuid::new_v4().to_string();
        let may = match remote.registry.may_push(&nobodys).await {
            Ok(may) => may,
            // Nobody is asked to sign in first.
            Err(error) if error.kind == Kind::SignIn && account.user.is_none() => Some(false),
            Err(_) => return None,
        };
        lock(&self.rights).insert(key, (may, Instant::now()));
        may
    }

    /// Forgets what an account may do: it signs in or out.
    pub(super) fn forget_rights(&self, account: i64) {
        lock(&self.rights).retain(|(of, _), _| *of != account);
    }

    fn is_usable(&self, account: &Account) -> bool {
        matches!(
            self.standing(account),
            AccountState::SignedIn | AccountState::SignedInForSession | AccountState::Anonymous
        )
    }
}
