//! What a vendor is given to ask with, and what can come of it.

use crate::command::{CommandFailure, OwnCommand};
use crate::interface::{Place, Second, SecondAs, Shown};
use crate::values::Listed;
use crate::vendor::{Part, Vendor};
use oci::RepositoryName;
use registry::{Api, Ask, AskFor, Error, Kind, Proof, Registry, Server, Show, Told};
use std::collections::HashMap;
use std::sync::Arc;

/// What a vendor is given to ask with: the account's registry, and the way to the interface, where there is one for this account.
#[derive(Clone, Debug)]
pub struct Way {
    /// The registry.
    pub registry: Registry,
    /// The namespaces of what the registry lists for the account, `team` of `team/app`: told where a vendor's list only adds to that.
    pub namespaces: Vec<String>,
    /// The part of the registry that the account is for alone; none: it is for all.
    pub namespace: Option<RepositoryName>,
    /// The vendor's own command, where it has one and a person let it run.
    pub command: Option<OwnCommand>,
    /// What the vendor's list told before, by the vendor's own name for it: what has not changed since need not be asked again.
    pub known: HashMap<String, Listed>,
    /// Its vendor's interface; why there is no way to it, where there is none.
    api: Result<Arc<Api>, Failure>,
    shows_second: bool,
}

impl Way {
    /// Opens the way to a part of a vendor's interface for an account's registry, with the second sign-in where it has one. That it
    /// leads nowhere is told when it is gone: what a vendor asks by the registry's own tokens goes on.
    pub async fn open(
        vendor: &dyn Vendor,
        part: Part,
        registry: Registry,
        second: Option<&Second>,
    ) -> Self {
        let mut shows_second = false;
        let api = match shown(vendor, part, &registry, second).await {
            Ok((server, show)) => {
                shows_second = matches!(show, Show::Given(_));
                let api = registry.interface(&server, show).await;
                api.map(Arc::new).map_err(Failure::from)
            }
            Err(failure) => Err(failure),
        };
        Self {
            registry,
            namespaces: Vec::new(),
            namespace: None,
            command: None,
            known: HashMap::new(),
            api,
            shows_second,
        }
    }

    /// Asks the interface, and returns what was told with a status that says yes.
    pub async fn ask(&self, ask: &Ask) -> Result<Told, Failure> {
        let api = self.api.as_ref().map_err(Clone::clone)?;
        match api.ask(ask).await.map_err(Failure::from) {
            Err(Failure::Wants) if self.shows_second => Err(Failure::SecondRefused),
            told => told,
        }
    }

    /// Tells whether the second sign-in is shown there: a refusal is about that one then.
    pub fn shows_second(&self) -> bool {
        self.shows_second
    }
}

/// Returns where a part is asked, and the first of what is shown there that this account has.
async fn shown(
    vendor: &dyn Vendor,
    part: Part,
    registry: &Registry,
    second: Option<&Second>,
) -> Result<(Server, Show), Failure> {
    let interface = vendor.interface(part);
    let server = match interface.at {
        Place::Registry => Server::Registry,
        Place::TokenService => Server::TokenService,
        Place::Fixed(address) => {
            let host = oci::Host::parse(address).ok();
            let ours = host.filter(|_| vendor.may_be_at(&registry.endpoint().host));
            Server::Fixed(ours.ok_or(Failure::NotFound)?)
        }
    };
    for shown in interface.shows {
        let show = match shown {
            Shown::Nobody if !registry.is_someone() => Show::Nobody,
            Shown::Account(shows) if registry.is_someone() => Show::Account(*shows),
            Shown::AccountOf(user, shows)
                if registry.is_someone() && registry.user().await?.as_deref() == Some(*user) =>
            {
                Show::Account(*shows)
            }
            Shown::Second(form) => match second.and_then(|second| given(*form, second)) {
                Some(proof) => Show::Given(proof),
                None => continue,
            },
            _ => continue,
        };
        return Ok((server, show));
    }
    Err(Failure::Wants)
}

fn given(form: SecondAs, second: &Second) -> Option<Proof> {
    let secret = second.secret.clone();
    Some(match form {
        SecondAs::Bearer => Proof::Bearer(secret),
        SecondAs::Header(header) => Proof::Header(header, secret),
        SecondAs::Basic => Proof::Basic {
            user: second.user.clone()?,
            secret,
        },
    })
}

/// What a vendor was asked for and did not give. Whoever asked goes on by the protocol.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// It wants a sign-in, or another one: which says nothing of the account's sign-in to the registry.
    #[error("the interface wants another sign-in")]
    Wants,
    /// It says that the second sign-in, which it was shown, is wrong.
    #[error("the second sign-in was refused")]
    SecondRefused,
    /// It lets this account not do it.
    #[error("not allowed")]
    Denied,
    /// There is no such thing, or no such call: it may be another vendor, or another version.
    #[error("not found")]
    NotFound,
    /// It has no such interface at all: it is another version, or was set up without it.
    #[error("no such interface")]
    Absent,
    /// Somebody else changed it since it was read.
    #[error("changed meanwhile")]
    Changed,
    /// It refuses, in its own words.
    #[error("refused: {0}")]
    Refused(Box<Error>),
    /// It answered in a way that makes no sense.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(Box<Error>),
    /// It didn't answer: which is told of the registry as well.
    #[error("no answer: {0}")]
    Unanswered(Box<Error>),
    /// Its own command did not do it.
    #[error("its command: {0}")]
    Command(#[from] CommandFailure),
}

impl Way {
    /// Asks about one repository with the tokens of the registry itself.
    pub(crate) async fn ask_of(&self, ask: &Ask, about: AskFor<'_>) -> Result<Told, Failure> {
        of_one(self.registry.ask(ask, about).await)
    }
}

/// Takes what a question about one repository came to. A refusal is of that repository: it says nothing of others.
pub(crate) fn of_one(told: Result<Told, Error>) -> Result<Told, Failure> {
    told.map_err(|error| match Failure::from(error) {
        Failure::Wants | Failure::Denied => Failure::NotFound,
        other => other,
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.was_not_answered() {
            return Self::Unanswered(Box::new(error));
        }
        match error.kind {
            Kind::SignIn | Kind::SignInChanged { .. } | Kind::Source(_) => Self::Wants,
            Kind::Denied => Self::Denied,
            Kind::NotFound | Kind::Unsupported | Kind::NotARegistry => Self::NotFound,
            Kind::Refused => Self::Refused(Box::new(error)),
            Kind::TooMany { .. } | Kind::Server => Self::Unanswered(Box::new(error)),
            _ => Self::Unreadable(Box::new(error)),
        }
    }
}

impl Failure {
    /// Tells whether the same question may be answered in a moment: then nothing is learnt of the vendor.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Command(_))
    }
}
