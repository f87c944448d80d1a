//! A person's answer to a registry that wants the sign-in another way, and the ways of an account of before.
//!
//! Not here: what a way is and how it shows (`ways`). Grows by what a person may answer.

use super::opening::open_registry;
use super::room::Accounts;
use super::ways;
use crate::view::accounts::AccountView;
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use registry::{Kind, Registry, Scheme, SignInWay, SignInWays};
use store::Account;

impl Accounts {
    /// Answers that a registry wants the sign-in another way: goes on with the way that was shown, or, without one, only
    /// as before. Nothing is sent the new way before this.
    pub async fn approve_sign_in(
        &self,
        id: String,
        way: Option<String>,
    ) -> Result<AccountView, Problem> {
        let mut account = self.account(&id).await?;
        if let Some(way) = way {
            let wanted = self.standing.wanted(account.id);
            let Some(wanted) = wanted.filter(|wanted| wanted.to_string() == way) else {
                return Err(say::wanted_otherwise(&account.host)
                    .coded(Code::SignInChanged)
                    .hint(say::look_again()));
            };
            account.ways = Some(self.go_on_with(&account, wanted).await?.to_string());
            let changed = account.clone();
            self.ground
                .db(move |store| store.change_account(&changed))
                .await?;
        }
        self.close_session(account.id, &account.host);
        self.ground.stale(Stale::Accounts);
        Ok(self.account_view(&account))
    }

    /// Checks the sign-in on the new way, and returns what is kept with the account: that way, and those of before which
    /// the registry still asks for.
    async fn go_on_with(
        &self,
        account: &Account,
        wanted: SignInWay,
    ) -> Result<SignInWays, Problem> {
        let host = &account.host;
        let say = |error: &registry::Error| match &error.kind {
            Kind::SignInChanged { wanted } => ways::not_shown(wanted, host),
            _ => words::of_registry(error, host, true),
        };
        let plain = account.scheme == Scheme::Http.as_str();
        let probe = Registry::probe(host, plain)
            .await
            .map_err(|error| say(&error))?;
        let before = ways::kept(account).unwrap_or_default();
        let still = before.iter().filter(|way| probe.ways.contains(way));
        let ways = still
            .cloned()
            .fold(SignInWays::from(wanted), SignInWays::with);
        let mut opened = account.clone();
        opened.ways = Some(ways.to_string());
        let (sign_in, _) = self.sign_in_of(account).await?;
        let registry = open_registry(&opened, sign_in)?;
        registry.check().await.map_err(|error| say(&error))?;
        Ok(ways)
    }

    /// Finds the ways for an account of before, of which nobody was asked: those to the registry itself, which has had the
    /// secret all along. Any other place waits for a person's yes, as one that is new does. Nothing secret is sent.
    pub(super) async fn find_ways(&self, account: &mut Account) -> Result<(), Problem> {
        if account.ways.is_some() || account.user.is_none() {
            return Ok(());
        }
        let host = &account.host;
        let plain = account.scheme == Scheme::Http.as_str();
        let probe = Registry::probe(host, plain)
            .await
            .map_err(|error| words::of_registry(&error, host, true))?;
        let own = probe
            .ways
            .iter()
            .filter(|way| ways::view(way, host, !plain).registry_itself);
        let own = own.cloned().fold(SignInWays::default(), SignInWays::with);
        account.ways = Some(own.to_string());
        let found = account.clone();
        self.ground
            .db(move |store| store.change_account(&found))
            .await?;
        self.ground.stale(Stale::Accounts);
        Ok(())
    }
}
