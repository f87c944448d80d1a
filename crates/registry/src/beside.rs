//! The servers beside a registry that its account's interface is asked at: itself, the service that gives its tokens, or one of a
//! fixed address.
//!
//! Each has a lock of its own, which lets what is shown there out to that very server alone. What may be shown where: the account's
//! secret to the registry and to its token service, where a person agreed to each as such; to a fixed address because that is the
//! vendor's own and the registry was recognised as its, by its name and its answer together, which is the caller's to know
//! (`vendors`). Not here: what is asked (`api`). Grows by nothing.

use oci::Host as Name;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::auth::{Made, SignIn};
use crate::endpoint::{Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::host::Host;
use crate::options::{HttpOptions, TlsOptions};
use crate::proxy::ProxyOptions;
use crate::way::{Origin, SignInWay, SignInWays};

/// How many servers are kept of one registry.
const MOST: usize = 8;

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

/// Which servers of a fixed address are asked elsewhere, on this computer alone: for tests, which play them. A registry is played
/// under its name as images have it, `docker.io`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instead(BTreeMap<Name, Endpoint>);

impl Instead {
    /// Has a server asked at another address, `http://127.0.0.1:5001`; none where that is no address of this computer.
    #[must_use]
    pub fn with(mut self, server: &str, address: &str) -> Option<Self> {
        let (scheme, host) = address.split_once("://")?;
        let scheme = match scheme {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return None,
        };
        let host = Name::parse(host.trim_end_matches('/')).ok()?;
        if !host.is_loopback() {
            return None;
        }
        let server = Name::parse(server).ok()?;
        self.0.insert(server, Endpoint { scheme, host });
        Some(self)
    }

    /// Reads `hub.docker.com=http://127.0.0.1:5001`, several with commas between; none where one can't be read.
    pub fn parse(text: &str) -> Option<Self> {
        let pairs = text.split(',').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('='))
            .try_fold(Self::default(), |all, pair| {
                let (server, address) = pair?;
                all.with(server, address)
            })
    }

    /// Returns where a server is asked; none where that is its own address.
    pub fn of(&self, server: &Name) -> Option<&Endpoint> {
        self.0.get(server)
    }
}

/// One of the servers, and the token it gave for the account.
pub(crate) struct Beside {
    pub(crate) host: Host,
    pub(crate) made: Made,
}

/// The servers that were asked so far: one each, so that their connections, limits and tokens are kept.
#[derive(Default)]
pub(crate) struct Besides {
    itself: OnceLock<Arc<Beside>>,
    others: Mutex<HashMap<Origin, Arc<Beside>>>,
}

impl Besides {
    fn get(
        &self,
        at: &Origin,
        make: impl FnOnce() -> Result<Host, Error>,
    ) -> Result<Arc<Beside>, Error> {
        let mut all = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = all.get(at) {
            return Ok(Arc::clone(there));
        }
        if all.len() >= MOST {
            all.clear();
        }
        let host = make()?;
        let there = Arc::new(Beside {
            host,
            made: Made::default(),
        });
        all.insert(at.clone(), Arc::clone(&there));
        Ok(there)
    }
}

impl Host {
    /// Returns the server itself, to be asked beside the protocol.
    pub(crate) fn itself(&self) -> Arc<Beside> {
        let make = || {
            Arc::new(Beside {
                host: self.beside(),
                made: Made::default(),
            })
        };
        Arc::clone(self.besides.itself.get_or_init(make))
    }

    /// Returns a server, and which way of signing in was not agreed to where the account may not be shown there.
    pub(crate) async fn server(
        &self,
        server: &Server,
    ) -> Result<(Arc<Beside>, Option<SignInWay>), Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_a_server_is_played_on_this_computer_alone() {
        let good = "hub.docker.com=http://127.0.0.1:5001,api.github.com=https://localhost:1/";
        let instead = Instead::parse(good).unwrap();
        let of = |name: &str| {
            let name = Name::parse(name).unwrap();
            instead.of(&name).map(ToString::to_string)
        };
        assert_eq!(of("hub.docker.com").unwrap(), "http://127.0.0.1:5001");
        assert_eq!(of("api.github.com").unwrap(), "https://localhost:1");
        assert_eq!(of("gitlab.com"), None);
        assert_eq!(Instead::parse(""), Some(Instead::default()));
        for odd in [
            "hub.docker.com",
            "hub.docker.com=http://evil.example",
            "hub.docker.com=https://10.0.0.1",
            "hub.docker.com=ftp://127.0.0.1",
            "a b=http://127.0.0.1",
        ] {
            assert_eq!(Instead::parse(odd), None, "{odd}");
        }
    }
}
