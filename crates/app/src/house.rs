//! What all use cases stand on: the database, the secrets, the open registries, the engine, the window.

use crate::about::Learnt;
use crate::local::Local;
use crate::problems;
use crate::remove::Removals;
use crate::tasks::Tasks;
use crate::view::accounts::AccountState;
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::Problem;
use crate::watch::Watch;
use crate::{Clock, Events, Notices, Options};
use credentials::{SecretKey, SecretStore, SessionSecrets};
use engine::{Engine, RegistryAuth};
use registry::{Endpoint, Registry, Scheme, SignIn};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use store::{Account, Place, Store};
use tokio::sync::OwnedMutexGuard;

/// Shared by every use case.
pub(crate) struct House {
    pub store: Store,
    pub keychain: Arc<dyn SecretStore>,
    pub session: Arc<SessionSecrets>,
    pub events: Arc<dyn Events>,
    pub notices: Arc<dyn Notices>,
    pub downloads: PathBuf,
    pub clock: Clock,
    pub watch_every: Duration,
    pub platform: oci::Platform,
    pub docker_host: Option<String>,
    pub docker_config: Option<PathBuf>,
    pub sandbox: Option<PathBuf>,
    /// The engine that answered last.
    pub engine: tokio::sync::Mutex<Option<Engine>>,
    /// What that engine was last seen to hold.
    pub local: Mutex<Local>,
    pub tasks: Tasks,
    /// What the watch remembers in this run.
    pub watch: Watch,
    /// How registries delete, and what ends deletions.
    pub removals: Removals,
    /// What was learnt of registries in this run.
    pub learnt: Learnt,
    /// What is done by one at a time, by name: see [`House::turn`].
    turns: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    doors: Mutex<HashMap<i64, Door>>,
    /// What was learnt of the secrets in this run: locked, gone.
    standing: Mutex<HashMap<i64, AccountState>>,
}

/// An account with its registry, ready to be asked.
#[derive(Clone)]
pub(crate) struct Door {
    pub account: Account,
    pub registry: Registry,
    pub auth: RegistryAuth,
}

impl Door {
    /// The repository's place and its protocol side.
    pub fn repository(&self, name: &str) -> Result<(Place, registry::Repository), Problem> {
        let place = place(&self.account, name)?;
        let repository = self.registry.repository(place.repository.clone());
        Ok((place, repository))
    }

    /// A registry's error as a sentence.
    pub fn problem(&self, error: &registry::Error) -> Problem {
        problems::of_registry(error, &self.account.host, self.account.user.is_some())
    }
}

/// A repository of an account.
pub(crate) fn place(account: &Account, repository: &str) -> Result<Place, Problem> {
    let name = oci::RepositoryName::parse(repository)
        .map_err(|error| problems::bad_name("the name of a repository", repository, &error))?;
    Ok(Place {
        host: account.host.clone(),
        repository: name,
    })
}

/// A tag as typed.
pub(crate) fn tag(text: &str) -> Result<oci::Tag, Problem> {
    oci::Tag::parse(text).map_err(|error| problems::bad_name("a tag", text, &error))
}

/// The lock, whatever became of its last holder: what it guards is only ever replaced whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    pub fn open(options: Options) -> Result<Self, Problem> {
        std::fs::create_dir_all(&options.data_dir).map_err(|error| {
            problems::plain("The data folder can’t be made.")
                .hint("Check the disk and its permissions.")
                .detail(Some(format!("{}: {error}", options.data_dir.display())))
        })?;
        let store = Store::open(&options.data_dir.join("longshore.db"))
            .map_err(|error| problems::of_store(&error))?;
        let tasks =
            Tasks::open(&store, options.clock.now()).map_err(|error| problems::of_store(&error))?;
        Ok(Self {
            store,
            keychain: options.keychain,
            session: Arc::new(SessionSecrets::new()),
            events: options.events,
            notices: options.notices,
            downloads: options.downloads,
            clock: options.clock,
            watch_every: options.watch_every,
            platform: options.platform,
            docker_host: options.engine,
            docker_config: options.docker_config,
            sandbox: options.sandbox,
            engine: tokio::sync::Mutex::new(None),
            local: Mutex::new(Local::default()),
            tasks,
            watch: Watch::default(),
            removals: Removals::default(),
            learnt: Learnt::default(),
            turns: Mutex::new(HashMap::new()),
            doors: Mutex::new(HashMap::new()),
            standing: Mutex::new(HashMap::new()),
        })
    }

    /// This computer's time (seconds, UTC).
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The registry's own time where it told one, else this computer's.
    pub fn registry_time(&self, date: Option<oci::UtcSeconds>) -> i64 {
        date.map_or_else(|| self.now(), |date| date.0)
    }

    /// Uses the database off the async threads.
    pub async fn db<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Store) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        blocking(move || job(&store))
            .await?
            .map_err(|error| problems::of_store(&error))
    }

    /// One at a time: whoever comes second for the same name waits until the first one's turn is dropped.
    pub async fn turn(&self, name: String) -> OwnedMutexGuard<()> {
        self.turn_of(name).lock_owned().await
    }

    /// The same for who would rather not wait: none while another has it.
    pub fn try_turn(&self, name: String) -> Option<OwnedMutexGuard<()>> {
        self.turn_of(name).try_lock_owned().ok()
    }

    fn turn_of(&self, name: String) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.turns);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let there = turns.get(&name).and_then(Weak::upgrade);
        there.unwrap_or_else(|| {
            let turn = Arc::default();
            turns.insert(name, Arc::downgrade(&turn));
            turn
        })
    }

    /// Tells the window what to read again.
    pub fn stale(&self, what: Stale) {
        self.events.emit(AppEvent::Stale { what });
    }

    /// The tags of a repository changed, for every account that shows it.
    pub async fn stale_tags(&self, place: &Place) {
        let Ok(accounts) = self.db(Store::accounts).await else {
            return;
        };
        for account in accounts.iter().filter(|account| account.host == place.host) {
            self.stale(Stale::Tags {
                account: account.id.to_string(),
                repository: place.repository.to_string(),
            });
        }
    }

    /// A stored account by the id the window knows.
    pub async fn account(&self, id: &str) -> Result<Account, Problem> {
        let id: i64 = id.parse().map_err(|_| problems::no_account())?;
        self.db(move |store| store.account(id))
            .await?
            .ok_or_else(problems::no_account)
    }

    /// An account ready to be asked, its secret fetched where that wasn't done yet.
    pub async fn door(&self, id: &str) -> Result<Door, Problem> {
        let account = self.account(id).await?;
        // One that was opened while the account signed out, say, is not the account's any more.
        let open = lock(&self.doors).get(&account.id).cloned();
        if let Some(door) = open.filter(|door| door.account == account) {
            return Ok(door);
        }
        let (sign_in, auth) = self.sign_in_of(&account).await?;
        let registry = open_registry(&account, sign_in)?;
        let door = Door {
            account,
            registry,
            auth,
        };
        lock(&self.doors).insert(door.account.id, door.clone());
        Ok(door)
    }

    /// Forgets an open registry: its sign-in changed.
    pub fn close_door(&self, id: i64) {
        lock(&self.doors).remove(&id);
        lock(&self.standing).remove(&id);
        self.removals.forget(id);
    }

    /// How an account stands, as far as is known without asking.
    pub fn standing(&self, account: &Account) -> AccountState {
        match account.state.as_str() {
            ANONYMOUS => AccountState::Anonymous,
            SESSION | SESSION_BESIDE
                if self
                    .session
                    .get(&key(account))
                    .is_ok_and(|secret| secret.is_some()) =>
            {
                AccountState::SignedInForSession
            }
            SESSION | SESSION_BESIDE | SIGNED_OUT => AccountState::SignedOut,
            _ => lock(&self.standing)
                .get(&account.id)
                .copied()
                .unwrap_or(AccountState::SignedIn),
        }
    }

    fn note_standing(&self, id: i64, state: AccountState) {
        if lock(&self.standing).insert(id, state) != Some(state) {
            self.stale(Stale::Accounts);
        }
    }

    async fn sign_in_of(&self, account: &Account) -> Result<(SignIn, RegistryAuth), Problem> {
        let user = match (&account.user, account.state.as_str()) {
            (_, SIGNED_OUT) => return Err(problems::signed_out(&account.host)),
            (Some(user), _) => user.clone(),
            (None, _) => return Ok((SignIn::Anonymous, RegistryAuth::None)),
        };
        let from: Arc<dyn SecretStore> =
            if matches!(account.state.as_str(), SESSION | SESSION_BESIDE) {
                self.session.clone()
            } else {
                self.keychain.clone()
            };
        let key = key(account);
        let secret = match blocking(move || from.get(&key)).await? {
            Ok(Some(secret)) => secret,
            Ok(None) => {
                self.note_standing(account.id, AccountState::SignedOut);
                return Err(problems::signed_out(&account.host));
            }
            Err(error) => {
                self.note_standing(account.id, AccountState::KeychainUnavailable);
                return Err(problems::of_keychain(&error));
            }
        };
        if account.state == KEYCHAIN && lock(&self.standing).remove(&account.id).is_some() {
            self.stale(Stale::Accounts);
        }
        let auth = RegistryAuth::Basic {
            user: user.clone(),
            secret: secret.clone(),
            host: account.host.to_string(),
        };
        Ok((SignIn::Basic { user, secret }, auth))
    }
}

/// Account states as they are stored.
pub(crate) const ANONYMOUS: &str = "anonymous";
/// The secret is in the keychain.
pub(crate) const KEYCHAIN: &str = "keychain";
/// The secret was only in memory.
pub(crate) const SESSION: &str = "session";
/// The same, while an earlier one of this user is still in the keychain, which could not be asked then.
pub(crate) const SESSION_BESIDE: &str = "sessionBesideKeychain";
/// No secret is known.
pub(crate) const SIGNED_OUT: &str = "signedOut";

/// Under which name an account's secret is kept.
pub(crate) fn key(account: &Account) -> SecretKey {
    SecretKey {
        host: account.host.to_string(),
        user: account.user.clone().unwrap_or_default(),
    }
}

/// The registry of an account.
pub(crate) fn open_registry(account: &Account, sign_in: SignIn) -> Result<Registry, Problem> {
    let scheme = if account.scheme == Scheme::Http.as_str() {
        Scheme::Http
    } else {
        Scheme::Https
    };
    let endpoint = Endpoint {
        scheme,
        host: account.host.clone(),
    };
    Registry::new(endpoint, sign_in)
        .map_err(|error| problems::of_registry(&error, &account.host, account.user.is_some()))
}

/// Runs what blocks on a thread where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(job)
        .await
        .map_err(problems::unexpected)
}
