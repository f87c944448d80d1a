//! Accounts: finding registries, checking a sign-in, keeping its secret where it belongs.
//!
//! Not here: an account ready to be asked (`session`), what may be typed as an address (`address`). Grows by what a
//! person does with an account.

mod address;
mod approving;
mod forget;
mod learned;
mod login_line;
mod observed;
mod opening;
mod readable;
mod room;
mod session;
mod shell;
mod standing;
mod ways;

pub(crate) use learned::{Deletes, Lesson};
pub use room::Accounts;
pub(crate) use session::{Remote, Session};

use self::address::Address;
use self::opening::{ANONYMOUS, KEYCHAIN, SESSION, SESSION_BESIDE, SIGNED_OUT, key, open_registry};
use self::ways::scheme_of;
use crate::ground::{blocking, lock, sandbox};
use crate::view::accounts::{
    AccountView, AddressView, FoundIn, FoundRegistry, NewAccount, ProbeView,
};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use credentials::SecretStore;
use futures_util::FutureExt;
use registry::{Kind, Probe, Registry, Scheme, SignIn, SignInWay, SignInWays};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Account, Store};

/// How long a sheet still shows what a failed sign-in asked for.
const WANTED_FOR: Duration = Duration::from_mins(5);

impl Accounts {
    /// Returns all accounts, in the person's order.
    pub async fn list(&self) -> Result<Vec<AccountView>, Problem> {
        let accounts = self.ground.db(Store::accounts).await?;
        Ok(accounts
            .iter()
            .map(|account| self.account_view(account))
            .collect())
    }

    /// Finds registries on this computer which are no account yet.
    pub async fn found(&self) -> Result<Vec<FoundRegistry>, Problem> {
        let accounts = self.ground.db(Store::accounts).await?;
        let (folder, sandbox) = (self.docker_config.clone(), self.sandbox.clone());
        let mut found: Vec<FoundRegistry> = blocking(move || {
            let sandbox = sandbox
                .as_deref()
                .and_then(sandbox::read)
                .map(|sandbox| FoundRegistry {
                    host: sandbox.host,
                    user: Some(sandbox.user),
                    sandbox_secret: Some(sandbox.secret),
                    source: FoundIn::Sandbox,
                });
            let docker = credentials::docker_config::found(folder.as_deref())
                .into_iter()
                .map(|login| FoundRegistry {
                    host: login.host,
                    user: login.user,
                    sandbox_secret: None,
                    source: FoundIn::DockerConfig,
                });
            sandbox.into_iter().chain(docker).collect()
        })
        .await?;
        found.retain(|found| {
            oci::Host::parse(&found.host).is_ok()
                && !accounts.iter().any(|account| {
                    account.host.as_str() == found.host
                        && (found.user.is_none() || account.user == found.user)
                })
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
    pub async fn probe_registry(&self, address: String) -> Result<ProbeView, Problem> {
        let address = Address::read(&address)?;
        let (host, typed) = (&address.host, address.typed);
        let probed = async {
            let probe = Registry::probe(host, typed).await;
            probe.map_err(|error| not_answered(&error, &address))
        };
        let probe = self.asking_to_sign_in(host, probed.boxed()).await?;
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
        })
    }

    /// Checks a sign-in with its registry, keeps the secret, and adds the account.
    pub async fn add(&self, account: NewAccount) -> Result<AccountView, Problem> {
        let address = Address::read(&account.address)?;
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
        let signed_in = self.check_and_store(Some(former), address, account).await?;
        // What is watched there is due now.
        let due = self.ground.db(move |store| store.hurry(&host, now)).await;
        if due.is_ok() {
            self.ground.wake.notify_one();
        }
        Ok(signed_in)
    }

    /// Removes the secret. What was cached still shows.
    pub async fn sign_out(&self, id: String) -> Result<(), Problem> {
        let mut account = self.account(&id).await?;
        // Where the keychain can't be asked now the account stays as it is: its secret is still there.
        self.forget_secret(&account).await?;
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
    pub async fn remove(&self, id: String, forget: bool) -> Result<(), Problem> {
        let account = self.account(&id).await?;
        if forget {
            self.may_forget(&account).await?;
        }
        // A keychain that can't be asked now must not keep the secret for ever in silence: nothing is removed then.
        self.forget_secret(&account).await?;
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
    pub(crate) fn account_view(&self, account: &Account) -> AccountView {
        AccountView {
            id: account.id.to_string(),
            host: account.host.to_string(),
            readable: readable::of(&account.host),
            user: account.user.clone(),
            state: self.standing(account),
            plain_http: scheme_of(account) == Scheme::Http,
            ways: ways::views(account),
            wanted: self
                .standing
                .wanted(account.id)
                .map(|way| ways::view(&way, &account.host, scheme_of(account) == Scheme::Https)),
        }
    }

    /// Checks a sign-in, keeps its secret, stores the account: in this order, so that nothing stays of one that failed.
    async fn check_and_store(
        &self,
        former: Option<Account>,
        mut address: Address,
        new: NewAccount,
    ) -> Result<AccountView, Problem> {
        let host = address.host.clone();
        let (user, secret) = sign_in_fields(&address, &new)?;
        // Added once more it is the same account, with what was said and kept of it.
        let former = match former {
            None => {
                let accounts = self.ground.db(Store::accounts).await?;
                accounts
                    .into_iter()
                    .find(|account| account.host == host && account.user == user)
            }
            known => known,
        };
        // What was spoken to over TLS once is never spoken to without it by itself.
        let was_safe = |former: &Account| scheme_of(former) == Scheme::Https;
        if address.typed.is_none() && former.as_ref().is_some_and(was_safe) {
            address.typed = Some(Scheme::Https);
        }
        // Plain HTTP is confirmed once an account.
        let confirmed = former
            .as_ref()
            .is_some_and(|former| scheme_of(former) == Scheme::Http);
        let probe = plain_or_tls(&address, new.allow_plain_http, confirmed);
        let probe = self.asking_to_sign_in(&host, probe.boxed()).await?;
        let agreed = ways::shown(&new.agreed);
        if let Some(user) = &user {
            ways::as_shown(&agreed, &self.asked_for(&host, &probe), &host, user)?;
        }
        let in_keychain = former
            .as_ref()
            .is_some_and(|former| former.user == user && is_in_keychain(former));
        let state = match (&user, new.for_session) {
            (None, _) => ANONYMOUS,
            (Some(_), true) if in_keychain => SESSION_BESIDE,
            (Some(_), true) => SESSION,
            (Some(_), false) => KEYCHAIN,
        };
        let mut account = Account {
            id: former.as_ref().map_or(0, |former| former.id),
            host: host.clone(),
            scheme: probe.endpoint.scheme.as_str().to_owned(),
            user: user.clone(),
            state: state.to_owned(),
            ways: user.as_ref().map(|_| agreed.to_string()),
        };
        let sign_in = match &user {
            Some(user) => SignIn::Basic {
                user: user.clone(),
                secret: secret.clone(),
            },
            None => SignIn::Anonymous,
        };
        let registry = open_registry(&account, sign_in)?;
        let checked = async {
            registry.check().await.map_err(|error| match &error.kind {
                Kind::SignInChanged { wanted } => {
                    // The sheet shows it from now on; only a press there agrees to it.
                    lock(&self.wanted).insert(host.clone(), (wanted.clone(), Instant::now()));
                    ways::not_shown(wanted, &host)
                }
                _ => words::of_check(&error, &host, user.is_some()),
            })
        };
        self.asking_to_sign_in(&host, checked.boxed()).await?;
        if user.is_some() {
            let before = former.as_ref().filter(|former| former.user == user);
            let before = before.and_then(ways::kept).unwrap_or_default();
            let seen = ways::both(&probe.ways, &registry.ways_used());
            let kept = async { Ok(self.kept_ways(&account, agreed, before, &seen).await) };
            let kept = self.asking_to_sign_in(&host, kept.boxed()).await?;
            account.ways = Some(kept.to_string());
            lock(&self.wanted).remove(&host);
            self.keep_secret(&account, secret, new.for_session).await?;
        }
        if let Some(former) = former.filter(|former| former.user != account.user) {
            // Another user signs in: the former one's secret has no account any more.
            self.forget_secret(&former).await?;
        }
        let id = self
            .ground
            .db(move |store| {
                if account.id != 0 {
                    store.change_account(&account)?;
                    store.change_learned(account.id, |_| None)?;
                    return Ok(account.id);
                }
                store.add_account(&store::NewAccount {
                    host: account.host,
                    scheme: account.scheme,
                    user: account.user,
                    state: account.state,
                    ways: account.ways,
                })
            })
            .await?;
        self.close_session(id, &host);
        self.ground.stale(Stale::Accounts);
        let account = self.account(&id.to_string()).await?;
        Ok(self.account_view(&account))
    }

    /// Returns the way that a failed sign-in showed a while ago. It lapses: what a registry asked for once by mistake is not
    /// to be agreed to for ever.
    fn wanted(&self, host: &oci::Host) -> Option<SignInWay> {
        let mut wanted = lock(&self.wanted);
        wanted.retain(|_, (_, at)| at.elapsed() < WANTED_FOR);
        wanted.get(host).map(|(way, _)| way.clone())
    }

    /// Returns the ways a registry asks for, as it says to nobody and as a failed sign-in showed.
    fn asked_for(&self, host: &oci::Host, probe: &Probe) -> SignInWays {
        self.wanted(host)
            .into_iter()
            .fold(probe.ways.clone(), SignInWays::with)
    }

    /// Returns what is kept with an account that has signed in: all that the sheet showed, used by now or not, as an engine may
    /// answer any of them; and of what was agreed to before, or showed in a failed sign-in, only what is still asked for.
    async fn kept_ways(
        &self,
        account: &Account,
        agreed: SignInWays,
        before: SignInWays,
        seen: &SignInWays,
    ) -> SignInWays {
        let wanted = self.wanted(&account.host);
        let wanted = wanted.filter(|way| agreed.contains(way));
        let doubtful = wanted.into_iter().fold(before, SignInWays::with);
        let still = self.still_asked(account, &doubtful, seen).await;
        ways::both(&ways::without(&agreed, &doubtful), &still)
    }

    async fn keep_secret(
        &self,
        account: &Account,
        secret: SecretString,
        for_session: bool,
    ) -> Result<(), Problem> {
        let own = key(account);
        let keep: Arc<dyn SecretStore> = if for_session {
            self.memory.clone()
        } else {
            self.keychain.clone()
        };
        blocking(move || keep.set(&own, &secret))
            .await?
            .map_err(|error| words::of_keychain(&error))?;
        // Never in two places.
        if !for_session {
            let (memory, own) = (self.memory.clone(), key(account));
            blocking(move || memory.remove(&own))
                .await?
                .map_err(|error| words::of_keychain(&error))?;
        }
        Ok(())
    }

    /// Removes the secret from memory, and from the keychain where it was put there.
    async fn forget_secret(&self, account: &Account) -> Result<(), Problem> {
        if account.user.is_none() {
            return Ok(());
        }
        let (memory, keychain, own) = (self.memory.clone(), self.keychain.clone(), key(account));
        let in_keychain = is_in_keychain(account);
        blocking(move || {
            memory.remove(&own)?;
            if in_keychain {
                keychain.remove(&own)
            } else {
                Ok(())
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))
    }
}

/// Tells whether the keychain holds a secret of the account, be it an older one than what it is signed in with.
fn is_in_keychain(account: &Account) -> bool {
    matches!(account.state.as_str(), KEYCHAIN | SESSION_BESIDE)
}

/// Reads user and secret as typed; both empty means anonymous. A pasted line fills what was left empty.
fn sign_in_fields(
    address: &Address,
    new: &NewAccount,
) -> Result<(Option<String>, SecretString), Problem> {
    let typed = |text: &str, pasted: &Option<String>| {
        if text.is_empty() {
            pasted.clone().unwrap_or_default()
        } else {
            text.to_owned()
        }
    };
    let user = typed(new.user.trim(), &address.user);
    let secret = typed(new.secret.expose_secret(), &address.secret);
    match (user.is_empty(), secret.is_empty()) {
        (true, true) => Ok((None, SecretString::default())),
        (false, false) if user.contains(':') => Err(say::colon_in_user()
            .coded(Code::SignIn)
            .hint(say::check_user())),
        (false, false) => Ok((Some(user), SecretString::from(secret))),
        (false, true) => Err(say::no_secret()
            .coded(Code::SignIn)
            .hint(say::type_secret())),
        (true, false) => Err(say::no_user().coded(Code::SignIn).hint(say::type_user())),
    }
}

/// Asks the registry what it is: HTTPS first; plain HTTP only for this computer itself, or where it was both typed and confirmed, once an
/// account.
async fn plain_or_tls(address: &Address, allowed: bool, confirmed: bool) -> Result<Probe, Problem> {
    let confirmed = confirmed && address.typed != Some(Scheme::Https);
    let typed = address.typed.or(confirmed.then_some(Scheme::Http));
    let probe = Registry::probe(&address.host, typed)
        .await
        .map_err(|error| not_answered(&error, address))?;
    if probe.plain_http_only_not_loopback && !confirmed {
        plain_http(address, allowed)?;
    }
    Ok(probe)
}

/// Allows plain HTTP where it was typed and confirmed: a confirmation alone does not count, so nobody slips into it.
fn plain_http(address: &Address, allowed: bool) -> Result<(), Problem> {
    let host = &address.host;
    match (address.typed == Some(Scheme::Http), allowed) {
        (true, true) => Ok(()),
        (true, false) => Err(words::registry::plain_http(host)
            .coded(Code::PlainHttp)
            .hint(say::secret_in_the_clear())),
        (false, _) => Err(plain_http_not_typed(host)),
    }
}

/// Says why an address can't be used. Where `https://` was typed, and plain HTTP is what there is, it says how to ask for that.
fn not_answered(error: &registry::Error, address: &Address) -> Problem {
    match error.kind {
        Kind::PlainHttp if address.typed == Some(Scheme::Https) => {
            plain_http_not_typed(&address.host)
        }
        _ => words::of_registry(error, &address.host, false),
    }
}

fn plain_http_not_typed(host: &oci::Host) -> Problem {
    words::registry::plain_http(host)
        .coded(Code::Address)
        .hint(say::type_http())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_wants_to_be_typed_and_confirmed() {
        let code = |text: &str, allowed| {
            plain_http(&Address::read(text).unwrap(), allowed).map_err(|problem| problem.code)
        };
        assert_eq!(code("http://lab.example:5000", true), Ok(()));
        assert_eq!(code("http://lab.example:5000", false), Err(Code::PlainHttp));
        assert_eq!(code("lab.example:5000", true), Err(Code::Address));
        assert_eq!(code("lab.example:5000", false), Err(Code::Address));
        // Neither does a confirmation count that an earlier sheet was given.
        assert_eq!(code("https://lab.example:5000", true), Err(Code::Address));
    }
}
