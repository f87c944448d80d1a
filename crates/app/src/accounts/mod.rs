//! Accounts: finding registries, signing in and out, forgetting.
//!
//! Not here: how a sign-in is checked (`checking`), an account ready to be asked (`session`), what may be typed as an address
//! (`address`). Grows by what a person does with an account.

mod address;
mod approving;
mod certificate;
mod certs_d;
mod checking;
mod choosing;
mod elsewhere;
mod encrypted;
mod files;
mod forget;
mod learned;
mod left;
mod login_line;
mod observed;
mod opening;
mod programs;
mod proxy;
mod rates;
mod readable;
mod reading;
mod room;
mod scheme;
mod second;
mod secret;
mod services;
mod session;
mod shell;
mod standing;
mod states;
mod trust;
mod vendor;
mod vouching;
mod ways;

pub use certs_d::cert_folders;
pub(crate) use learned::{Deletes, Lesson};
pub use room::Accounts;
pub(crate) use second::is_for_session;
pub(crate) use session::{RefusedSignIn, Remote, Session};
pub(crate) use vouching::VouchedBy;
pub(crate) use ways::token_service;

use self::address::Address;
use self::scheme::plain_http_not_typed;
use self::states::SIGNED_OUT;
use self::trust::Connection;
use self::ways::scheme_of;
use crate::ground::{blocking, sandbox};
use crate::view::accounts::{
    AccountView, AddressView, FoundIn, FoundRegistry, LimitView, NewAccount, ProbeView,
};
use crate::view::certificate::ConnectionOrder;
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use credentials::Place;
use futures_util::FutureExt;
use registry::Scheme;
use std::sync::Arc;
use store::{Account, Store};

impl Accounts {
    /// Returns all accounts, in the person's order.
    pub async fn list(&self) -> Result<Vec<AccountView>, Problem> {
        let read = |store: &Store| Ok((store.accounts()?, store.programs()?));
        let (accounts, programs) = self.ground.db(read).await?;
        Ok(accounts
            .iter()
            .map(|account| self.account_view(account, programs.get(&account.id)))
            .collect())
    }

    /// Finds registries and sign-ins on this computer which are no account yet.
    pub async fn found(&self) -> Result<Vec<FoundRegistry>, Problem> {
        // A keychain that can be reached again has nobody's secret left in it.
        self.sweep().await?;
        let read = |store: &Store| Ok((store.accounts()?, store.programs()?));
        let (accounts, programs) = self.ground.db(read).await?;
        let clients = self.sources.clients();
        let (files, sandbox) = (self.sources.files().clone(), self.sandbox.clone());
        let mut found: Vec<FoundRegistry> = blocking(move || {
            let sandbox = sandbox
                .as_deref()
                .and_then(sandbox::read)
                .map(|sandbox| FoundRegistry {
                    host: sandbox.host,
                    namespace: None,
                    user: Some(sandbox.user),
                    sandbox_secret: Some(sandbox.secret),
                    source: FoundIn::Sandbox,
                    helper: None,
                    from: None,
                });
            let mut noted = credentials::found(&files);
            // What was put there from here is no sign-in to be found.
            let ours = programs::places(&clients, &programs);
            noted.retain(|found| !ours.contains(&found.at));
            sandbox
                .into_iter()
                .chain(noted.into_iter().map(elsewhere::found_view))
                .collect()
        })
        .await?;
        found.retain(|found| {
            oci::Host::parse(&found.host).is_ok()
                && !accounts
                    .iter()
                    .any(|account| elsewhere::is_of(account, self.standing(account), found))
        });
        Ok(found)
    }

    /// Reads what was typed or pasted as an address; nothing is contacted.
    pub fn read_address(text: &str) -> Result<AddressView, Problem> {
        Ok(Address::read(text)?.view())
    }

    /// Returns the secret of a pasted `docker login` line, to be moved into the secret field; empty where there is none.
    pub fn take_login_secret(text: &str) -> Result<String, Problem> {
        Ok(Address::read(text)?.secret.unwrap_or_default())
    }

    /// Asks a host whether, and how, it is a registry.
    pub async fn probe_registry(
        &self,
        address: String,
        connection: Option<ConnectionOrder>,
    ) -> Result<ProbeView, Problem> {
        let address = Address::read(&address)?;
        let (host, typed) = (&address.host, address.typed);
        let connection = self.connection(host, connection).await?;
        let reach = self.reach(host, &connection).await?;
        let probed = services::probed(&address, &reach.options).boxed();
        let probe = self.asking_to_sign_in(host, probed).await?;
        if probe.plain_http_only_not_loopback && typed != Some(Scheme::Http) {
            return Err(plain_http_not_typed(host));
        }
        Ok(ProbeView {
            host: address.host.to_string(),
            tls: probe.tls,
            needs_plain_http_consent: probe.plain_http_only_not_loopback,
            wants_sign_in: probe.wants_sign_in,
            ways: self
                .asked_for(&address.host, &probe)
                .iter()
                .map(|way| ways::view(way, &address.host, probe.tls))
                .collect(),
            certs_folder: reach.folders.vouches.filter(|_| probe.tls),
            pair_folder: reach.folders.shows.filter(|_| probe.tls),
        })
    }

    /// Checks a sign-in with its registry, keeps the secret, and adds the account.
    pub async fn add(&self, account: NewAccount) -> Result<AccountView, Problem> {
        let address = Address::read(&account.address)?;
        self.ready_to_keep(&account.keep).await?;
        self.check_and_store(None, address, account).await
    }

    /// Signs in again into an account.
    pub async fn sign_in(&self, id: String, account: NewAccount) -> Result<AccountView, Problem> {
        let former = self.account(&id).await?;
        // The address is the account's own, whatever was typed.
        let mut address = Address::read(former.host.as_str())?;
        // What was spoken to over TLS once is never spoken to without it by itself.
        address.typed = Some(scheme_of(&former));
        let (host, now) = (former.host.clone(), self.ground.now());
        self.ready_to_keep(&account.keep).await?;
        let signed_in = self.check_and_store(Some(former), address, account).await?;
        // What is watched there is due now.
        let due = self.ground.db(move |store| store.hurry(&host, now)).await;
        if due.is_ok() {
            self.ground.wake.notify_one();
        }
        Ok(signed_in)
    }

    /// Removes the secret, and signs out the programs that were signed in along. What was cached still shows. Where the
    /// keychain or a program can't be asked now the account stays as it is, unless a person said to that very problem that it is
    /// to go `anyway`.
    pub async fn sign_out(&self, id: String, anyway: Vec<Code>) -> Result<(), Problem> {
        let mut account = self.account(&id).await?;
        self.let_go(&account, &anyway).await?;
        self.close_session(account.id, &account.host);
        if account.user.is_some() {
            SIGNED_OUT.clone_into(&mut account.state);
            self.ground
                .db(move |store| store.change_account(&account))
                .await?;
        }
        self.ground.stale(Stale::Accounts);
        Ok(())
    }

    /// Forgets an account, its secret and its cached lists; with `forget`, all that was ever seen at its registry too.
    /// A keychain or a program that can't be asked now keeps it here, unless it is to go `anyway`, as above.
    pub async fn remove(&self, id: String, forget: bool, anyway: Vec<Code>) -> Result<(), Problem> {
        let account = self.account(&id).await?;
        if forget {
            self.may_forget(&account).await?;
        }
        self.let_go(&account, &anyway).await?;
        let own = Connection::of(&account);
        match self.leave_proxy(&own, Some(account.id)).await {
            Err(problem) if anyway.contains(&problem.code) => {
                let place = match problem.code {
                    Code::EncryptedFile => Place::EncryptedFile,
                    _ => Place::Keychain,
                };
                self.leave(&place, own.proxy_key()).await?;
            }
            left => left?,
        }
        self.close_session(account.id, &account.host);
        self.ground
            .db(move |store| {
                if forget {
                    forget::forget(store, &account)
                } else {
                    store.remove_account(account.id)
                }
            })
            .await?;
        let ground = Arc::clone(&self.ground);
        // What could not be written is written with the window's next change.
        let _ = blocking(move || ground.kept.change_window(|window| window.without(&id))).await?;
        self.ground.stale(Stale::Accounts);
        Ok(())
    }
}

impl Accounts {
    /// Returns what the registry of an account told lately of how many requests it still takes; none where that is over.
    pub(crate) fn limit(&self, account: i64) -> Option<LimitView> {
        self.rates.of(account)
    }

    /// Returns an account as the window shows it, with the programs that were signed in along, as they are stored.
    pub(crate) fn account_view(&self, account: &Account, programs: Option<&String>) -> AccountView {
        AccountView {
            id: account.id.to_string(),
            host: account.host.to_string(),
            readable: readable::of(&account.host),
            namespace: account.namespace.clone(),
            user: account.user.clone(),
            state: self.standing(account),
            plain_http: scheme_of(account) == Scheme::Http,
            ways: ways::views(account),
            source: elsewhere::source_view(account),
            programs: programs::views(programs),
            limit: self.limit(account.id),
            connection: Connection::of(account).view(),
            wanted: self
                .standing
                .wanted(account.id)
                .map(|way| ways::view(&way, &account.host, scheme_of(account) == Scheme::Https)),
        }
    }
}
