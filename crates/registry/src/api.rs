//! A server's own interface, asked beside the protocol: as nobody, as the account, or with a secret of its own.
//!
//! It takes the one path of every request, so that it is bounded, logged and limited as they are, and the lock at the end of that
//! path holds: a secret goes to the one server that this was made for, and a redirect is followed nowhere. It never learns how to
//! sign in from an answer, as the protocol does: a refusal is told. Not here: what is asked (`ask`), and of whom (`vendors`). Grows
//! by another way to prove who one is.

use secrecy::SecretString;
use std::sync::Arc;

use crate::ask::{Ask, Told};
use crate::auth::{self, Made, Scopes, Shows, SignIn, Signed, TokenActions};
use crate::beside::Server;
use crate::besides::Beside;
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind};
use crate::host::{Call, Failed, Host};
use crate::options::HttpOptions;
use crate::registry::Registry;
use crate::said::Said;
use crate::secret_header::SecretHeader;
use crate::transport::{Answer, Budget};
use crate::way::{Origin, SignInWay};
use oci::RepositoryName;

/// A server whose own interface is asked.
pub struct Api {
    there: Arc<Beside<Host>>,
    proof: Held,
}

/// A secret of its own that is shown to a server's own interface. `Debug` shows none.
#[derive(Clone, Debug)]
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
    /// A token, in a header of its own.
    Header(SecretHeader, SecretString),
}

/// What is shown to an account's interface.
#[derive(Clone, Debug)]
pub enum Show {
    /// Nothing.
    Nobody,
    /// The account's own secret, as it is now.
    Account(Shows),
    /// Another one, which a person gave for this.
    Given(Proof),
}

enum Held {
    Nothing,
    /// What the account of this registry has at hand.
    Account(Arc<Host>, Shows),
    Known(Box<Signed>),
}

/// What a question is sent with.
struct Shown {
    /// The number of the account's sign-in.
    serial: u64,
    /// The number of the token that was made of it.
    made: Option<u64>,
    signed: Option<Signed>,
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
        let proof = Held::given(&host, proof)?;
        let made = Made::default();
        let there = Arc::new(Beside { host, made });
        Ok(Self { there, proof })
    }

    /// Asks, and returns what was told with a status that says yes.
    pub async fn ask(&self, ask: &Ask) -> Result<Told, Error> {
        let host = &self.there.host;
        let call = ask.call(host, Scopes::default())?;
        let asked = Box::pin(self.until_good(&call, ask.is_once));
        host.watched(&call, asked).await.map(Told::new)
    }

    async fn until_good(&self, call: &Call, is_once: bool) -> Result<Answer, Error> {
        let mut attempt = 1;
        loop {
            match self.once(call, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(failed) if is_once => return Err(failed.error),
                Err(failed) => self.there.host.wait(call, attempt, failed).await?,
            }
            attempt += 1;
        }
    }

    /// Asks once; and once more where the sign-in was refused and there is another by now: whoever keeps it has one, or a token was
    /// made anew.
    async fn once(&self, call: &Call, attempt: u32) -> Result<Answer, Failed> {
        self.there.host.transport.quiet().await;
        let shown = self.shown(None).await?;
        let mut answer = self.told(call, shown.signed.as_ref(), attempt).await?;
        if answer.status == 401
            && let Some(again) = self.shown_anew(&shown).await?
        {
            answer = self.told(call, again.signed.as_ref(), attempt).await?;
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
        signed: Option<&Signed>,
        attempt: u32,
    ) -> Result<Answer, Error> {
        let host = &self.there.host;
        let reply = host.once(call, signed, Budget::Question, attempt);
        host.whole(reply.await?, call.limit).await
    }

    /// Returns what a question is sent with; not with the token of this number.
    async fn shown(&self, refused: Option<u64>) -> Result<Shown, Error> {
        let Beside { host, made } = self.there.as_ref();
        let (serial, made, signed) = match &self.proof {
            Held::Nothing => (0, None, None),
            Held::Known(signed) => (0, None, Some(signed.as_ref().clone())),
            Held::Account(account, shows) => {
                let asked = account.auth.ask_shown(*shows, host, made, refused);
                let (number, header) = asked.await?;
                (account.auth.serial(), number, Some(host.shown(header)))
            }
        };
        Ok(Shown {
            serial,
            made,
            signed,
        })
    }

    /// Returns what is left to be tried where what a question was sent with was refused; none where that is all there is.
    async fn shown_anew(&self, refused: &Shown) -> Result<Option<Shown>, Error> {
        let Held::Account(account, shows) = &self.proof else {
            return Ok(None);
        };
        let is_another = match shows {
            Shows::Made(_) => true,
            _ => account.auth.renew(refused.serial).await.unwrap_or(false),
        };
        if !is_another {
            return Ok(None);
        }
        self.shown(refused.made).await.map(Some)
    }
}

impl Held {
    /// Binds a secret to a server.
    fn given(host: &Host, proof: &Proof) -> Result<Self, Error> {
        let header = match proof {
            Proof::Nobody => return Ok(Self::Nothing),
            Proof::Basic { user, secret } => {
                let (user, secret) = (user.clone(), secret.clone());
                let basic = SignIn::Basic { user, secret }.basic();
                basic.map(|value| (http::header::AUTHORIZATION, value))
            }
            Proof::Bearer(secret) => auth::bearer(secret),
            Proof::Header(header, secret) => auth::of_its_own(*header, secret),
        };
        let header = header.ok_or_else(|| {
            let error = Error::new(Kind::Invalid, "no request");
            error.because("a secret that no header can hold")
        })?;
        Ok(Self::Known(Box::new(host.shown(header))))
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
            Held::Account(Arc::clone(host), Shows::Basic)
        } else {
            Held::Nothing
        };
        let there = host.itself();
        Ok(Api { there, proof })
    }

    /// Returns the interface at a server, to be shown this. The account's secret goes to the registry itself and to its token
    /// service only where a person agreed to that, else nothing is sent and the answer is [`Kind::SignInChanged`]. So does another
    /// secret to the token service: the registry names that, and may name another one at any time. Whoever names a fixed address
    /// knows whose that is and whose the registry is. It may be asked how the registry is met, as nobody.
    pub async fn interface(&self, server: &Server, show: Show) -> Result<Api, Error> {
        let (there, wanted) = self.0.server(server).await?;
        let is_held_back = match show {
            Show::Nobody => false,
            Show::Account(_) => true,
            Show::Given(_) => *server == Server::TokenService,
        };
        if let Some(wanted) = wanted.filter(|_| is_held_back) {
            return Err(Error::new(Kind::SignInChanged { wanted }, "no request"));
        }
        let proof = match show {
            Show::Nobody => Held::Nothing,
            Show::Account(shows) => Held::Account(Arc::clone(&self.0), shows),
            Show::Given(proof) => Held::given(&there.host, &proof)?,
        };
        Ok(Api { there, proof })
    }

    /// Returns the server's own interface, to be asked as nobody.
    pub fn api_as_nobody(&self) -> Api {
        Api {
            there: self.0.itself(),
            proof: Held::Nothing,
        }
    }

    /// Tells whether it has a sign-in, be it one that is kept elsewhere.
    pub fn is_someone(&self) -> bool {
        self.0.auth.is_someone()
    }

    /// Returns whose the sign-in is, asked for where it is kept elsewhere; none where there is none.
    pub async fn user(&self) -> Result<Option<String>, Error> {
        self.0.auth.ask_user().await
    }

    /// Has tokens asked for these actions alone from now on. What needs another is asked with what is left of it: whether that is
    /// enough is the registry's to say.
    pub fn ask_tokens_for(&self, actions: TokenActions) {
        self.0.auth.ask_for(actions);
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
        write!(f, "Api({})", self.there.host.endpoint)
    }
}
