//! A registry, and a repository in it: the two handles everything is asked through.
//!
//! Not here: what can be asked. Each file adds its own questions to the handles.

use http::Method;
use oci::RepositoryName;
use std::sync::{Arc, Weak};

use crate::auth::{Scopes, SignIn};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::host::{Call, Host};
use crate::observer::Observer;
use crate::options::HttpOptions;
use crate::way::{SignInWay, SignInWays};

/// A registry with a sign-in. Cheap to clone; clones share connections, tokens and limits.
#[derive(Clone)]
pub struct Registry(pub(crate) Arc<Host>);

/// A registry that is not kept open by this.
#[derive(Clone)]
pub struct WeakRegistry(Weak<Host>);

/// A repository in a registry. Cheap to clone.
#[derive(Clone)]
pub struct Repository {
    pub(crate) host: Arc<Host>,
    pub(crate) name: RepositoryName,
}

impl Registry {
    /// Makes a registry at this address, with this sign-in. Nothing is sent yet.
    pub fn new(endpoint: Endpoint, sign_in: SignIn) -> Result<Self, Error> {
        Self::with_options(endpoint, sign_in, &HttpOptions::default())
    }

    /// Makes a registry as [`new`](Self::new) does, with other ways of speaking HTTP.
    pub fn with_options(
        endpoint: Endpoint,
        sign_in: SignIn,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        Self::open(endpoint, sign_in, None, options)
    }

    /// Makes a registry whose sign-in goes only the ways a person agreed to. Where a registry wants another one, nothing is sent and
    /// the answer is [`Kind::SignInChanged`](crate::Kind::SignInChanged). `None`: nobody was asked yet; then the first way that is
    /// gone is the only one, as long as this value lives.
    pub fn open(
        endpoint: Endpoint,
        sign_in: SignIn,
        ways: Option<SignInWays>,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        Ok(Self(Arc::new(Host::new(endpoint, sign_in, ways, options)?)))
    }

    /// Returns the ways the secret has gone so far: after a good [`check`](Self::check), those to be kept with the account.
    pub fn ways_used(&self) -> SignInWays {
        self.0.ways_used()
    }

    /// Tells `listener` each time the registry wants the sign-in in a way nobody agreed to, which way; and with `None` when it takes
    /// what was agreed to again. It is told while a request is under way, and has to return at once.
    pub fn on_change(&self, listener: impl Fn(Option<&SignInWay>) + Send + Sync + 'static) {
        self.0.auth.listen(Some(Arc::new(listener)));
    }

    /// Has all its requests observed.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        self.0.observed.set(Some(observer));
    }

    /// Has nobody told any more: neither of changed ways nor of requests.
    pub fn forget_listeners(&self) {
        self.0.auth.listen(None);
        self.0.observed.set(None);
    }

    /// Returns itself in a way that does not keep it open.
    pub fn downgrade(&self) -> WeakRegistry {
        WeakRegistry(Arc::downgrade(&self.0))
    }

    /// Returns where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// Returns a repository of this registry. Nothing is sent.
    pub fn repository(&self, name: RepositoryName) -> Repository {
        Repository {
            host: Arc::clone(&self.0),
            name,
        }
    }
}

impl WeakRegistry {
    /// Returns the registry, as long as somebody else keeps it open.
    pub fn upgrade(&self) -> Option<Registry> {
        self.0.upgrade().map(Registry)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registry({})", self.0.endpoint)
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({}/{})", self.host.endpoint, self.name)
    }
}

impl Repository {
    /// Returns its name.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// Makes a request for a path of this repository.
    pub(crate) fn call(
        &self,
        method: Method,
        path: &str,
        actions: &[&str],
        limit: u64,
    ) -> Result<Call, Error> {
        let url = self.host.at(&format!("{}/{path}", self.name))?;
        let scopes = Scopes::repository(&self.name, actions);
        Ok(Call::new(method, url, scopes, limit))
    }
}
