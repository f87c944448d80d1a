//! The servers beside a registry that its account's interface is asked at: itself, the service that gives its tokens, or one of a
//! fixed address.
//!
//! Each has a lock of its own, which lets what is shown there out to that very server alone. What may be shown where: the account's
//! secret to the registry and to its token service, where a person agreed to each as such; to a fixed address because that is the
//! vendor's own and the registry was recognised as its, by its name and its answer together, which is the caller's to know
//! (`vendors`). Not here: what is asked (`api`), those that
//! are open (`besides`). Grows by nothing.

use oci::Host as Name;
use std::sync::Arc;

use crate::auth::SignIn;
use crate::besides::Beside;
use crate::endpoint::{Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::host::Host;
use crate::options::{HttpOptions, TlsOptions};
use crate::proxy::ProxyOptions;
use crate::way::{Origin, SignInWay, SignInWays};

/// Where an interface is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// At the registry itself.
    Registry,
    /// At the service that gives the registry's tokens.
    TokenService,
    /// At this address, with TLS.
    Fixed(Name),
}

impl Host {
    /// Returns the server itself, to be asked beside the protocol.
    pub(crate) fn itself(&self) -> Arc<Beside<Host>> {
        self.besides.itself(|| self.beside())
    }

    /// Returns a server, and which way of signing in was not agreed to where the account may not be shown there.
    pub(crate) async fn server(
        &self,
        server: &Server,
    ) -> Result<(Arc<Beside<Host>>, Option<SignInWay>), Error> {
        match server {
            Server::Registry => {
                let wanted = (!self.gets_secret()).then_some(SignInWay::Basic);
                Ok((self.itself(), wanted))
            }
            Server::TokenService => {
                let at = self.auth.token_service(&self.transport).await?;
                let at = at.ok_or_else(|| Error::new(Kind::Unsupported, "no request"))?;
                let is_agreed = self.gives_secret_to(&at);
                let there = if at == *self.own() {
                    self.itself()
                } else {
                    let make = || self.of_service(&at, is_agreed);
                    self.besides.get(&at, make)?
                };
                let wanted = (!is_agreed).then_some(SignInWay::Bearer { service: at });
                Ok((there, wanted))
            }
            Server::Fixed(name) => {
                let (endpoint, options) = self.fixed(name);
                let at = Origin::of(&endpoint.base()?).ok_or_else(|| no_address(name.as_str()))?;
                let make = || Self::new(endpoint, SignIn::Anonymous, Some(basic()), &options);
                Ok((self.besides.get(&at, make)?, None))
            }
        }
    }

    /// Makes the way to the token service, which is trusted as it is when tokens are fetched there.
    fn of_service(&self, at: &Origin, is_agreed: bool) -> Result<Self, Error> {
        let name = Name::parse(at.host()).map_err(|_| no_address(at.as_str()))?;
        let tls = &self.options().tls;
        let mut pins = tls.services.iter();
        let options = HttpOptions {
            tls: TlsOptions {
                authorities: tls.authorities.clone(),
                pinned: pins.find(|(host, _)| *host == name).map(|(_, pin)| *pin),
                // Nobody who wasn't agreed to sees it.
                client: tls.client.clone().filter(|_| is_agreed),
                services: Vec::new(),
            },
            ..self.options().clone()
        };
        let scheme = if at.is_encrypted() {
            Scheme::Https
        } else {
            Scheme::Http
        };
        let endpoint = Endpoint { scheme, host: name };
        if Origin::of(&endpoint.base()?).as_ref() != Some(at) {
            return Err(no_address(at.as_str()));
        }
        Self::new(endpoint, SignIn::Anonymous, Some(basic()), &options)
    }

    /// Returns where a server of a fixed address is, and how it is reached: nothing that counts for the registry alone counts there.
    fn fixed(&self, name: &Name) -> (Endpoint, HttpOptions) {
        let mut options = HttpOptions {
            tls: TlsOptions::default(),
            ..self.options().clone()
        };
        if let Some(played) = self.options().instead.of(name) {
            options.proxy = ProxyOptions::System;
            return (played.clone(), options);
        }
        let (scheme, host) = (Scheme::Https, name.clone());
        (Endpoint { scheme, host }, options)
    }
}

/// What a server beside the registry may be shown: what is for it alone, and it alone.
fn basic() -> SignInWays {
    SignInWay::Basic.into()
}

fn no_address(of: &str) -> Error {
    Error::new(Kind::Invalid, "no request").because(format!("{of} is no server that can be asked"))
}
