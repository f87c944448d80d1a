//! A server's own interface, asked beside the protocol: as nobody, as the account, or with a secret of its own.
//!
//! It takes the one path of every request, so that it is bounded, logged and limited as they are, and the lock at the end of that
//! path holds: a secret goes to the one server that this was made for, and a redirect is followed nowhere. It never learns how to
//! sign in from an answer, as the protocol does: a refusal is told. Not here: what is asked (`ask`), and of whom (`vendors`). Grows
//! by another way to prove who one is.

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

use crate::ask::{Ask, Told};
use crate::auth::{Scopes, SignIn, Signed};
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind};
use crate::host::{Call, Failed, Host};
use crate::options::HttpOptions;
use crate::registry::Registry;
use crate::said::Said;
use crate::transport::{Answer, Budget};
use crate::way::{Origin, SignInWay};
use oci::RepositoryName;

/// A server whose own interface is asked.
pub struct Api {
    host: Host,
    proof: Held,
}

/// What is shown to a server's own interface.
#[derive(Debug)]
pub enum Proof {
    /// Nothing.
    Nobody,
    /// A user with a password or an access token.
    Basic {
        /// The user.
        user: String,
        /// The password or token.
        secret: SecretString,
    },
    /// A token.
    Bearer(SecretString),
}

enum Held {
    Nothing,
    /// What the account of this registry has at hand.
    Account(Arc<Host>),
    Known(Box<Signed>),
}

/// What a question that goes the registry's own way of signing in is about.
#[derive(Clone, Copy, Debug)]
pub enum AskFor<'a> {
    /// Nothing in particular.
    Nothing,
    /// The list of repositories.
    Catalog,
    /// What may be pulled of a repository.
    Pull(&'a RepositoryName),
    /// What may be pulled of a repository and of all whose names begin with its name and a slash (GitLab).
    PullBelow(&'a RepositoryName),
    /// What is said of a repository's tags and manifests (Azure).
    Metadata(&'a RepositoryName),
    /// A deletion in a repository.
    Delete(&'a RepositoryName),
}

impl Api {
    /// Makes the interface of a server of its own. Whoever shows it a secret has been told whose that server is. Nothing is sent yet.
    pub fn at(endpoint: Endpoint, proof: &Proof, options: &HttpOptions) -> Result<Self, Error> {
        let ways = Some(SignInWay::Basic.into());
        let host = Host::new(endpoint, SignIn::Anonymous, ways, options)?;
        let text = match proof {
            Proof::Nobody => None,
            Proof::Basic { user, secret } => {
                let (user, secret) = (user.clone(), secret.clone());
                SignIn::Basic { user, secret }.basic()
            }
            Proof::Bearer(secret) => crate::auth::bearer(secret.expose_secret()),
        };
        let proof = match (text, proof) {
            (Some(header), _) => Held::Known(Box::new(host.shown(header))),
            (None, Proof::Nobody) => Held::Nothing,
            (None, _) => {
                let error = Error::new(Kind::Invalid, "no request");
                return Err(error.because("a secret that no header can hold"));
            }
        };
        Ok(Self { host, proof })
    }

    /// Asks, and returns what was told with a status that says yes.
    pub async fn ask(&self, ask: &Ask) -> Result<Told, Error> {
        let call = ask.call(&self.host, Scopes::default())?;
        let asked = Box::pin(self.until_good(&call, ask.is_once));
        self.host.watched(&call, asked).await.map(Told::new)
    }

    async fn until_good(&self, call: &Call, is_once: bool) -> Result<Answer, Error> {
        let mut attempt = 1;
        loop {
            match self.once(call, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(failed) if is_once => return Err(failed.error),
                Err(failed) => self.host.wait(call, attempt, failed).await?,
            }
            attempt += 1;
        }
    }

    /// Asks once; and once more where the sign-in was refused and whoever keeps it has another by now.
    async fn once(&self, call: &Call, attempt: u32) -> Result<Answer, Failed> {
        self.host.transport.quiet().await;
        let (serial, signed) = self.signed().await?;
        let mut answer = self.told(call, signed, attempt).await?;
        if answer.status == 401
            && let Held::Account(account) = &self.proof
            && account.auth.renew(serial).await.unwrap_or(false)
        {
            let (_, signed) = self.signed().await?;
            answer = self.told(call, signed, attempt).await?;
        }
        if answer.is_success() {
            return Ok(answer);
        }
        let asked = answer.asked_wait(&Said::read(&answer.bytes));
        Err(Failed::of(answer.into_error(), asked))
    }

    async fn told(
        &self,
        call: &Call,
        signed: Option<Signed>,
        attempt: u32,
    ) -> Result<Answer, Error> {
        let host = &self.host;
        let reply = host.once(call, signed.as_ref(), Budget::Question, attempt);
        host.whole(reply.await?, call.limit).await
    }

    async fn signed(&self) -> Result<(u64, Option<Signed>), Error> {
        match &self.proof {
            Held::Nothing => Ok((0, None)),
            Held::Known(signed) => Ok((0, Some(signed.as_ref().clone()))),
            Held::Account(account) => {
                // An identity token can't be shown so; and as nobody, less would be told than there is, as if that were all.
                let header = account.auth.ask_basic().await?;
                let header = header.ok_or_else(|| Error::new(Kind::SignIn, "no request"))?;
                Ok((account.auth.serial(), Some(self.host.shown(header))))
            }
        }
    }
}

impl Registry {
    /// Asks in the registry's own way of signing in, at its own address: for what stands beside the protocol and takes its tokens.
    pub async fn ask(&self, ask: &Ask, about: AskFor<'_>) -> Result<Told, Error> {
        let scopes = match about {
            AskFor::Nothing => Scopes::default(),
            AskFor::Catalog => Scopes::catalog(),
            AskFor::Pull(name) => Scopes::repository(name, &["pull"]),
            AskFor::PullBelow(name) => Scopes::below(name),
            AskFor::Metadata(name) => Scopes::repository(name, &["metadata_read"]),
            AskFor::Delete(name) => Scopes::repository(name, &["delete"]),
        };
        let answer = self.0.send(&ask.call(&self.0, scopes)?).await?;
        if answer.own {
            Ok(Told::new(answer))
        } else {
            Err(answer.malformed("another server answered"))
        }
    }

    /// Returns the server's own interface, to be asked as the account: with its secret, where a person agreed that the very server
    /// gets it, be it as a registry or as the one that gives tokens. Else nothing is sent, and the answer is
    /// [`Kind::SignInChanged`].
    pub fn api(&self) -> Result<Api, Error> {
        let host = &self.0;
        if host.auth.is_someone() && !host.gets_secret() {
            let wanted = SignInWay::Basic;
            return Err(Error::new(Kind::SignInChanged { wanted }, "no request"));
        }
        let proof = if host.auth.is_someone() {
            Held::Account(Arc::clone(host))
        } else {
            Held::Nothing
        };
        let host = host.beside();
        Ok(Api { host, proof })
    }

    /// Returns the server's own interface, to be asked as nobody.
    pub fn api_as_nobody(&self) -> Api {
        Api {
            host: self.0.beside(),
            proof: Held::Nothing,
        }
    }

    /// Tells whether the registry has taken the sign-in, as it is at hand, for something; or there is none.
    pub fn has_proved(&self) -> bool {
        let auth = &self.0.auth;
        !auth.is_someone() || auth.was_taken() || auth.was_basic_taken()
    }

    /// Returns where it is, as a secret's address is told.
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(self.0.base())
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({})", self.host.endpoint)
    }
}
