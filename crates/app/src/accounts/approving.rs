//! A person's answer to a registry that wants the sign-in another way, and the ways of an account of before.
//!
//! Not here: what a way is and how it shows (`ways`). Grows by what a person may answer.

use super::room::Accounts;
use super::ways;
use crate::view::accounts::AccountView;
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use registry::{Kind, Registry, Scheme, SignIn, SignInWay, SignInWays};
use std::time::Duration;
use store::Account;

/// How many repositories are asked which ways they want.
const ASKED: u32 = 3;
/// How long each of them is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

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
        self.view_of(&account).await
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
            _ => words::of_check(error, host, true),
        };
        let reach = self.reach_of(account).await?;
        let scheme = ways::scheme_of(account);
        let probe = Registry::probe_with(host, Some(scheme), &reach.options)
            .await
            .map_err(|error| say(&error))?;
        let before = ways::kept(account).unwrap_or_default();
        let still = self.still_asked(account, &before, &probe.ways).await;
        let ways = ways::both(&wanted.into(), &still);
        let mut opened = account.clone();
        opened.ways = Some(ways.to_string());
        let (sign_in, _) = self.sign_in_of(account).await?;
        let registry = self.open_registry(&opened, sign_in).await?;
        registry.check().await.map_err(|error| say(&error))?;
        Ok(ways)
    }

    /// Returns those of the ways agreed to before that the registry still asks for: in what was `seen` of it just now, or at one
    /// of the first repositories of its list, as some ask otherwise than `/v2/` does. Nothing secret is sent.
    pub(super) async fn still_asked(
        &self,
        account: &Account,
        before: &SignInWays,
        seen: &SignInWays,
    ) -> SignInWays {
        let mut seen = seen.clone();
        let mut names = Vec::new();
        if !ways::are_among(before, &seen) {
            let id = account.id;
            let listed = self
                .ground
                .db(move |store| store.repositories_part(id, None, ASKED))
                .await;
            names = listed.unwrap_or_default();
        }
        let Ok(registry) = self.open_registry(account, SignIn::Anonymous).await else {
            return ways::among(before, &seen);
        };
        for name in names {
            let Ok(name) = oci::RepositoryName::parse(&name) else {
                continue;
            };
            let repository = registry.repository(name);
            // What does not answer in time is not kept, and asked about when it is wanted again.
            if let Ok(Ok(asked)) = tokio::time::timeout(PATIENCE, repository.ways_asked()).await {
                seen = ways::both(&seen, &asked);
            }
        }
        ways::among(before, &seen)
    }

    /// Finds the ways for an account of before, of which nobody was asked: those to the registry itself, which has had the
    /// secret all along. Any other place waits for a person's yes, as one that is new does. Nothing secret is sent.
    pub(super) async fn find_ways(&self, account: &mut Account) -> Result<(), Problem> {
        if account.ways.is_some() || account.user.is_none() {
            return Ok(());
        }
        let host = &account.host;
        let scheme = ways::scheme_of(account);
        let reach = self.reach_of(account).await?;
        let probe = Registry::probe_with(host, Some(scheme), &reach.options)
            .await
            .map_err(|error| words::of_registry(&error, host, true))?;
        let own = probe
            .ways
            .iter()
            .filter(|way| ways::view(way, host, scheme == Scheme::Https).registry_itself);
        let own = own.cloned().fold(SignInWays::default(), SignInWays::with);
        let ways = own.to_string();
        account.ways = Some(ways.clone());
        let id = account.id;
        // Asking took its time: what became of the account meanwhile stays.
        self.ground
            .db(move |store| {
                let now = store.accounts()?.into_iter().find(|now| now.id == id);
                match now.filter(|now| now.ways.is_none()) {
                    Some(now) => store.change_account(&Account {
                        ways: Some(ways),
                        ..now
                    }),
                    None => Ok(()),
                }
            })
            .await?;
        self.ground.stale(Stale::Accounts);
        Ok(())
    }
}
