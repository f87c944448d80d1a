//! Checking a sign-in with its registry; only one that passes is kept.
//!
//! Not here: what may be spoken without TLS (`scheme`), where a secret is kept (`secret`). Grows by what a sheet shows and a
//! person agrees to before a sign-in.

use super::address::Address;
use super::elsewhere;
use super::opening::open_by;
use super::room::Accounts;
use super::scheme::plain_or_tls;
use super::states::{
    ANONYMOUS, ELSEWHERE, ENCRYPTED_FILE, KEYCHAIN, SESSION, SESSION_BESIDE, is_in_keychain,
    place_of,
};
use super::trust::Connection;
use super::ways::{self, scheme_of};
use crate::ground::lock;
use crate::view::accounts::{AccountView, Keep, NewAccount};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use credentials::Credential;
use futures_util::FutureExt;
use registry::{Kind, Probe, Registry, Scheme, SignIn, SignInWay, SignInWays};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};
use store::{Account, Store};

/// How long a sheet still shows what a failed sign-in asked for.
const WANTED_FOR: Duration = Duration::from_mins(5);

impl Accounts {
    /// Checks a sign-in, keeps its secret, stores the account: in this order, so that nothing stays of one that failed.
    pub(super) async fn check_and_store(
        &self,
        former: Option<Account>,
        mut address: Address,
        new: NewAccount,
    ) -> Result<AccountView, Problem> {
        let host = address.host.clone();
        let namespace = match &former {
            Some(former) => former.namespace.clone(),
            None => namespace_of(&new)?,
        };
        let picked = match &new.from {
            Some(from) => Some(self.picked(from, &host).await?),
            None => None,
        };
        let typed = match &picked {
            // Whose it is shows once it is read, which it is for nobody but a place that was agreed to.
            Some(_) => None,
            None => Some(sign_in_fields(&address, &new)?),
        };
        let source = picked.as_ref().and_then(elsewhere::kept);
        let is_again = former.is_some();
        let accounts = self.ground.db(Store::accounts).await?;
        // Added once more it is the same account, with what was said and kept of it.
        let is_here = |account: &&Account| account.host == host && account.namespace == namespace;
        let user = typed.as_ref().map(|(user, _)| user);
        let here = accounts.iter().filter(is_here);
        let mut former = former.or_else(|| known_as(here, user, source.as_ref()));
        // What was spoken to over TLS once is never spoken to without it by itself. Whose account a pick is doesn't show yet.
        let may_be_theirs = |account: &&Account| picked.is_some() && account.host == host;
        let mut known = accounts.iter().filter(may_be_theirs).chain(&former);
        if address.typed.is_none() && known.any(|known| scheme_of(known) == Scheme::Https) {
            address.typed = Some(Scheme::Https);
        }
        // Plain HTTP is confirmed once an account.
        let confirmed = former
            .as_ref()
            .is_some_and(|former| scheme_of(former) == Scheme::Http);
        let (mut connection, mut reach) = self.meant(&host, &new, former.as_ref()).await?;
        let probe = plain_or_tls(&address, new.allow_plain_http, confirmed, &reach.options);
        let probe = self.asking_to_sign_in(&host, probe.boxed()).await?;
        let agreed = ways::shown(&new.agreed);
        let asked = self.asked_for(&host, &probe);
        if !matches!(typed, Some((None, _))) {
            ways::as_shown(&agreed, &asked, &host)?;
        }
        let (user, secret) = match (typed, &picked) {
            (Some(typed), _) => typed,
            (None, Some(place)) => {
                let read = self.read_picked(place, &host).boxed();
                let Credential { user, secret } = self.asking_to_sign_in(&host, read).await?;
                (Some(user), secret)
            }
            (None, None) => (None, SecretString::default()),
        };
        if let Some(user) = &user {
            ways::takes(user, &asked, &host)?;
        }
        if picked.is_some() && !is_again {
            // Whose it is may have an account already, be it another than the one it was picked for before.
            let theirs = |account: &Account| (&account.host, &account.user) == (&host, &user);
            let mut here = accounts.into_iter().filter(theirs);
            former = here
                .find(|account| account.namespace == namespace)
                .or(former);
            if let Some(theirs) = former.as_ref().filter(|_| new.connection.is_none()) {
                // What they have of their own stays; the sign-in below is tried by it.
                connection = Connection::of(theirs);
                reach = self.reach(&host, &connection).await?;
            }
        }
        let in_keychain = former
            .as_ref()
            .is_some_and(|former| former.user == user && is_in_keychain(former));
        let state = match &user {
            None => ANONYMOUS,
            Some(_) if picked.is_some() => ELSEWHERE,
            Some(_) => own_state(&new.keep, in_keychain),
        };
        let mut account = Account {
            id: former.as_ref().map_or(0, |former| former.id),
            host: host.clone(),
            scheme: probe.endpoint.scheme.as_str().to_owned(),
            user: user.clone(),
            state: state.to_owned(),
            ways: user.as_ref().map(|_| agreed.to_string()),
            source,
            connection: connection.stored(),
            namespace,
        };
        let sign_in = basic(user.as_ref(), &secret);
        let registry = open_by(&account, sign_in, &reach.options)?;
        let checked = self.checked(&registry, &host, user.is_some());
        self.asking_to_sign_in(&host, checked.boxed()).await?;
        self.keep_proxy_secret(connection.ordered(), &new.keep)
            .await?;
        if user.is_some() {
            let before = former.as_ref().filter(|former| former.user == user);
            let before = before.and_then(ways::kept).unwrap_or_default();
            let seen = ways::both(&probe.ways, &registry.ways_used());
            let kept = async { Ok(self.kept_ways(&account, agreed, before, &seen).await) };
            let kept = self.asking_to_sign_in(&host, kept.boxed()).await?;
            account.ways = Some(kept.to_string());
            lock(&self.wanted).remove(&host);
            if picked.is_none() {
                self.keep_secret(&account, secret, &new.keep).await?;
            }
        }
        self.replaced(former, account, picked.is_some()).await
    }

    /// Stores an account in the place of what was there, and forgets the secrets that nobody has a use for any more.
    async fn replaced(
        &self,
        former: Option<Account>,
        account: Account,
        is_picked: bool,
    ) -> Result<AccountView, Problem> {
        // Another user signs in, or another program keeps it: the former secret has no account any more.
        let is_unused = |former: &&Account| former.user != account.user || is_picked;
        if let Some(former) = former.as_ref().filter(is_unused) {
            self.forget_secret(former).await?;
            if former.user != account.user {
                self.remove_second(former.id).await?;
            }
            if is_picked {
                // What was signed in along is that program's own from now on.
                self.forget_programs(former).await?;
            }
        }
        if let Some(former) = former.as_ref().filter(|former| !is_unused(former))
            && let Some(place) = place_of(&account)
        {
            self.move_second(former.id, place).await?;
        }
        let view = self.stored(account).await?;
        if let Some(former) = former {
            self.leave_proxy(&Connection::of(&former), None).await?;
        }
        Ok(view)
    }

    /// Asks a registry whether it takes the sign-in.
    async fn checked(
        &self,
        registry: &Registry,
        host: &oci::Host,
        is_someone: bool,
    ) -> Result<(), Problem> {
        registry.check().await.map_err(|error| match &error.kind {
            Kind::SignInChanged { wanted } => {
                // The sheet shows it from now on; only a press there agrees to it.
                lock(&self.wanted).insert(host.clone(), (wanted.clone(), Instant::now()));
                ways::not_shown(wanted, host)
            }
            _ => words::of_check(&error, host, is_someone),
        })
    }

    /// Stores an account whose sign-in was checked; what was open under the former one is closed.
    async fn stored(&self, account: Account) -> Result<AccountView, Problem> {
        let host = account.host.clone();
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
                    source: account.source,
                    connection: account.connection,
                    namespace: account.namespace,
                })
            })
            .await?;
        self.close_session(id, &host);
        self.ground.stale(Stale::Accounts);
        let account = self.account(&id.to_string()).await?;
        self.view_of(&account).await
    }

    /// Returns the way that a failed sign-in showed a while ago. It lapses: what a registry asked for once by mistake is not
    /// to be agreed to for ever.
    fn wanted(&self, host: &oci::Host) -> Option<SignInWay> {
        let mut wanted = lock(&self.wanted);
        wanted.retain(|_, (_, at)| at.elapsed() < WANTED_FOR);
        wanted.get(host).map(|(way, _)| way.clone())
    }

    /// Returns the ways a registry asks for, as it says to nobody and as a failed sign-in showed.
    pub(super) fn asked_for(&self, host: &oci::Host, probe: &Probe) -> SignInWays {
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
}

/// Finds the account that is added once more: by its user, or by where its sign-in lies as long as that doesn't show.
fn known_as<'a>(
    mut here: impl Iterator<Item = &'a Account>,
    user: Option<&Option<String>>,
    source: Option<&String>,
) -> Option<Account> {
    let is_it = |account: &&Account| match user {
        Some(user) => account.user == *user,
        None => account.source.as_ref() == source,
    };
    here.find(is_it).cloned()
}

/// Returns what is signed in with: user and secret, or nothing.
fn basic(user: Option<&String>, secret: &SecretString) -> SignIn {
    match user {
        Some(user) => SignIn::Basic {
            user: user.clone(),
            secret: secret.clone(),
        },
        None => SignIn::Anonymous,
    }
}

/// Returns the stored state of an account whose secret we keep.
fn own_state(keep: &Keep, in_keychain: bool) -> &'static str {
    match (keep, in_keychain) {
        (Keep::Session, true) => SESSION_BESIDE,
        (Keep::Session, false) => SESSION,
        (Keep::EncryptedFile { .. }, _) => ENCRYPTED_FILE,
        (Keep::Keychain, _) => KEYCHAIN,
    }
}

/// Reads the namespace that a sign-in is for alone, where it is for one.
fn namespace_of(new: &NewAccount) -> Result<Option<String>, Problem> {
    let Some(text) = new.namespace.as_deref().filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    // Namespaces are written as repositories are.
    let name = oci::RepositoryName::parse(text)
        .map_err(|error| words::general::bad_repository(text, &error))?;
    Ok(Some(name.to_string()))
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
