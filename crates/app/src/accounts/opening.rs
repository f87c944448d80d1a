//! Opening an account: its secret is fetched, and how it stands is remembered.
//!
//! Not here: signing in and out (the module above). Grows by a way to prove who one is.

use super::observed;
use super::reading::engine_auth;
use super::room::Accounts;
use super::session::{EngineSignIn, Remote, Session};
use super::states::{
    ANONYMOUS, ELSEWHERE, ENCRYPTED_FILE, KEYCHAIN, SESSION, SESSION_BESIDE, SIGNED_OUT, place_of,
};
use super::ways::{kept, scheme_of};
use crate::ground::{blocking, lock, names};
use crate::view::accounts::AccountState;
use crate::view::problem::Problem;
use crate::words;
use credentials::{Place, SecretKey, SecretStore};
use registry::{Endpoint, HttpOptions, Registry, SignIn};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Account;

impl Accounts {
    /// Returns a stored account by the id the window knows.
    pub(crate) async fn account(&self, id: &str) -> Result<Account, Problem> {
        let id: i64 = id.parse().map_err(|_| words::no_account())?;
        self.ground
            .db(move |store| store.account(id))
            .await?
            .ok_or_else(words::no_account)
    }

    /// Returns the place of a repository of an account; nothing is asked.
    pub(crate) async fn place(&self, id: &str, repository: &str) -> Result<store::Place, Problem> {
        names::place(&self.account(id).await?, repository)
    }

    /// Returns a repository of an account, ready to be asked.
    pub(crate) async fn remote(&self, id: &str, repository: &str) -> Result<Remote, Problem> {
        self.session(id).await?.remote(repository)
    }

    /// Returns an account ready to be asked, its secret fetched where that wasn't done yet.
    pub(crate) async fn session(&self, id: &str) -> Result<Session, Problem> {
        let mut account = self.account(id).await?;
        // One that was opened while the account signed out, say, is not the account's any more.
        let open = lock(&self.sessions).get(&account.id).cloned();
        if let Some(session) = open.filter(|session| session.account == account) {
            return Ok(session);
        }
        let (sign_in, auth) = self.sign_in_of(&account).await?;
        self.find_ways(&mut account).await?;
        let registry = self.open_registry(&account, sign_in).await?;
        // That the sign-in is wanted another way, or as before again, is noted: the account says so.
        let (standing, of) = (Arc::clone(&self.standing), account.id);
        registry.on_change(move |wanted| standing.note_wanted(of, wanted));
        observed::observe(
            &self.ground,
            &self.rates,
            &self.standing,
            &account,
            &registry,
        );
        let session = Session {
            account,
            registry,
            auth,
            generation: self.generations.fetch_add(1, Ordering::Relaxed),
        };
        // Who opened it meanwhile is asked through: what one of two was told, the other would not know.
        let mut sessions = lock(&self.sessions);
        let open = sessions.get(&session.account.id);
        if let Some(open) = open.filter(|open| open.account == session.account) {
            return Ok(open.clone());
        }
        sessions.insert(session.account.id, session.clone());
        Ok(session)
    }

    /// Opens an account anew: another program has another sign-in by now than what it was opened with. Whoever asks goes on.
    pub(crate) async fn session_anew(&self, account: &Account) -> Result<Session, Problem> {
        let closed = lock(&self.sessions).remove(&account.id);
        if let Some(session) = closed {
            session.registry.forget_listeners();
        }
        self.forget_rights(account.id);
        self.session(&account.id.to_string()).await
    }

    /// Opens the registry of an account as nobody.
    pub(crate) async fn as_nobody(&self, account: &Account) -> Result<Registry, Problem> {
        self.open_registry(account, SignIn::Anonymous).await
    }

    /// Forgets an open registry: the sign-in of an account of this host changed.
    pub(super) fn close_session(&self, id: i64, host: &oci::Host) {
        let closed = lock(&self.sessions).remove(&id);
        if let Some(session) = closed {
            session.registry.forget_listeners();
        }
        self.ground.questions.forget(&observed::whom(id));
        self.forget_rights(id);
        self.standing.forget(id);
        self.rates.forget(id);
        *lock(&self.sign_ins).entry(host.clone()).or_default() += 1;
    }

    /// Returns the generation of an account's open session; none where it is not open.
    pub(crate) fn generation(&self, id: i64) -> Option<u64> {
        lock(&self.sessions)
            .get(&id)
            .map(|session| session.generation)
    }

    /// Returns how often an account of a host signed in or out in this run.
    pub(crate) fn sign_ins(&self, host: &oci::Host) -> u64 {
        lock(&self.sign_ins).get(host).copied().unwrap_or_default()
    }

    /// Tells how an account stands, as far as is known without asking.
    pub(crate) fn standing(&self, account: &Account) -> AccountState {
        let learnt = self.standing.state(account.id);
        match account.state.as_str() {
            SIGNED_OUT => AccountState::SignedOut,
            _ if learnt == Some(AccountState::Certificate) => AccountState::Certificate,
            ANONYMOUS => AccountState::Anonymous,
            ENCRYPTED_FILE if !self.encrypted.is_open() => AccountState::FileClosed,
            SESSION | SESSION_BESIDE
                if self
                    .memory
                    .get(&key(account))
                    .is_ok_and(|secret| secret.is_some()) =>
            {
                learnt.unwrap_or(AccountState::SignedInForSession)
            }
            SESSION | SESSION_BESIDE => AccountState::SignedOut,
            state => learnt
                // What a slow source says late is not of an account that has signed in otherwise since.
                .filter(|learnt| state == ELSEWHERE || !is_of_source(*learnt))
                .unwrap_or(AccountState::SignedIn),
        }
    }

    /// Opens the registry of an account; its secret goes only the ways that are kept with it.
    pub(super) async fn open_registry(
        &self,
        account: &Account,
        sign_in: SignIn,
    ) -> Result<Registry, Problem> {
        let reach = self.reach_of(account).await?;
        let registry = open_by(account, sign_in, &reach.options)?;
        self.hold(account.id, &registry).await;
        Ok(registry)
    }

    pub(super) async fn sign_in_of(
        &self,
        account: &Account,
    ) -> Result<(SignIn, EngineSignIn), Problem> {
        let user = match (&account.user, account.state.as_str()) {
            (_, SIGNED_OUT) => return Err(words::signed_out(&account.host)),
            (Some(_), ELSEWHERE) => {
                let kept = self.elsewhere(account)?;
                return Ok((SignIn::Asked(kept.clone()), EngineSignIn::Elsewhere(kept)));
            }
            (Some(user), _) => user.clone(),
            (None, _) => return Ok((SignIn::Anonymous, EngineSignIn::Nobody)),
        };
        let place = place_of(account).unwrap_or(Place::Keychain);
        let (from, key) = (self.store(&place), key(account));
        let secret = match blocking(move || from.get(&key)).await? {
            Ok(Some(secret)) => secret,
            Ok(None) => {
                self.standing.note(account.id, AccountState::SignedOut);
                return Err(words::signed_out(&account.host));
            }
            Err(error) => {
                let state = match place {
                    Place::EncryptedFile => AccountState::FileClosed,
                    _ => AccountState::KeychainUnavailable,
                };
                self.standing.note(account.id, state);
                return Err(words::of_keychain(&error));
            }
        };
        if matches!(account.state.as_str(), KEYCHAIN | ENCRYPTED_FILE) {
            self.standing.has_secret(account.id);
            self.sweep().await?;
        }
        let auth = engine_auth(&account.host, &user, secret.clone());
        Ok((SignIn::Basic { user, secret }, EngineSignIn::Own(auth)))
    }
}

/// Tells whether this is learnt of a sign-in that another program keeps.
fn is_of_source(state: AccountState) -> bool {
    matches!(
        state,
        AccountState::SourceGone | AccountState::SourceChanged
    )
}

/// Returns the name under which an account's secret is kept: one user may have another secret in each namespace.
pub(super) fn key(account: &Account) -> SecretKey {
    SecretKey {
        host: where_it_is_for(account),
        user: account.user.clone().unwrap_or_default(),
    }
}

/// Returns the registry that an account is for, with the namespace where it is for that alone: `host[/path]`.
pub(super) fn where_it_is_for(account: &Account) -> String {
    match &account.namespace {
        Some(namespace) => format!("{}/{namespace}", account.host),
        None => account.host.to_string(),
    }
}

/// Opens the registry of an account that is reached so; its secret goes only the ways that are kept with it.
pub(super) fn open_by(
    account: &Account,
    sign_in: SignIn,
    options: &HttpOptions,
) -> Result<Registry, Problem> {
    let endpoint = Endpoint {
        scheme: scheme_of(account),
        host: account.host.clone(),
    };
    Registry::open(endpoint, sign_in, kept(account), options)
        .map_err(|error| words::of_registry(&error, &account.host, account.user.is_some()))
}
