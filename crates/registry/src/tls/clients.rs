//! Which client an address is asked by: whom it trusts there, and what it shows of us.
//!
//! There are four where an account has something of its own: one for the registry itself, one for the token services that were
//! agreed to, one for a token service that a registry names to nobody in particular, and one for everybody else. A certificate is
//! shown to whoever asks on a connection, and TLS does not say who that is: so a client that holds it never connects elsewhere.
//! Not here: how such a client is made (the module above).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use url::Url;

use super::fault::TlsFault;
use super::host_verifier::HostVerifier;
use super::{Shown, client, config, own, own_of_services, provider, unusable};
use crate::approved::Approved;
use crate::endpoint;
use crate::error::{Elsewhere, Error, Kind};
use crate::options::HttpOptions;
use crate::proxy::{ProxyFault, ProxyOptions};
use crate::way::{Origin, SignInWay};

/// The clients by which one registry is reached.
#[derive(Clone)]
pub(crate) struct Clients {
    own: Client,
    services: Client,
    named: Client,
    others: Client,
    /// Whether the registry itself has ever answered.
    has_answered: Arc<AtomicBool>,
    /// Whether nobody is connected to but a proxy of the person's own.
    goes_by_proxy: bool,
}

/// A client, and what it shows of us.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    shown: Arc<Shown>,
}

/// Whom a request goes to, as far as trust is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whom {
    Registry,
    /// A token service that was agreed to.
    Service,
    /// A token service that the registry names, and that gets nothing secret.
    Named,
    Other,
}

/// An address that is asked.
pub(crate) struct Asked<'a> {
    clients: &'a Clients,
    url: &'a Url,
    whom: Whom,
}

impl Clients {
    /// Makes the clients for a registry at this address.
    pub(crate) fn new(base: &Url, options: &HttpOptions) -> Result<Self, Error> {
        let (provider, tls) = (provider(), &options.tls);
        let goes_direct =
            matches!(options.proxy, ProxyOptions::System) && endpoint::is_loopback(base);
        if options.proxy.speaks_tls() && !goes_direct && !tls.is_empty() {
            // It begins TLS too, by the same client, and would be trusted and shown what is the registry's alone.
            return Err(unusable(&"through an https proxy"));
        }
        let ours = Arc::new(Shown::new(tls)?);
        let made = |own, shown: &Arc<Shown>| {
            let config = config(&provider, HostVerifier::new(&provider, own), shown)?;
            let http = client(options, base, config)?;
            let shown = Arc::clone(shown);
            Ok::<_, Error>(Client { http, shown })
        };
        let own = made(own(base, tls, &provider)?, &ours)?;
        let (services, named, others) = if tls.is_empty() {
            (own.clone(), own.clone(), own.clone())
        } else {
            let of_services = || own_of_services(tls, &provider).map(Some);
            let services = made(of_services()?, &ours)?;
            let named = if tls.client.is_some() {
                made(of_services()?, &Arc::default())?
            } else {
                services.clone()
            };
            (services, named, made(None, &Arc::default())?)
        };
        Ok(Self {
            own,
            services,
            named,
            others,
            has_answered: Arc::default(),
            goes_by_proxy: matches!(&options.proxy, ProxyOptions::Own(own) if own.is_http()),
        })
    }

    /// Returns clients of another server, which trust nobody but the system's authorities and show nothing of us.
    pub(crate) fn visiting(&self) -> Self {
        let others = || Client {
            http: self.others.http.clone(),
            shown: Arc::default(),
        };
        Self {
            own: others(),
            services: others(),
            named: others(),
            others: others(),
            has_answered: Arc::default(),
            goes_by_proxy: self.goes_by_proxy,
        }
    }

    /// Returns an address as one that is asked; `gives_tokens` says that the registry names it for that.
    pub(crate) fn at<'a>(
        &'a self,
        url: &'a Url,
        approved: &Approved,
        gives_tokens: bool,
    ) -> Asked<'a> {
        let whom = whom(url, approved, gives_tokens);
        Asked {
            clients: self,
            url,
            whom,
        }
    }
}

impl Asked<'_> {
    fn by(&self) -> &Client {
        match self.whom {
            Whom::Registry => &self.clients.own,
            Whom::Service => &self.clients.services,
            Whom::Named => &self.clients.named,
            Whom::Other => &self.clients.others,
        }
    }

    /// Returns the client for it.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.by().http
    }

    /// Notes that it answered.
    pub(crate) fn answered(&self) {
        if self.whom == Whom::Registry {
            self.clients.has_answered.store(true, Ordering::Relaxed);
        }
    }

    /// Returns which other server than the registry it is, if it is one.
    pub(crate) fn elsewhere(&self) -> Option<Elsewhere> {
        if self.whom == Whom::Registry {
            return None;
        }
        Some(Elsewhere {
            host: oci::Host::parse(&endpoint::host_of(self.url)).ok()?,
            gives_tokens: self.whom != Whom::Other,
        })
    }

    /// Returns what a refusal without a reason is about, where it asked who connects.
    pub(crate) fn unproven(&self) -> Option<TlsFault> {
        self.was_asked().then(|| self.about_ours())
    }

    fn was_asked(&self) -> bool {
        self.by().shown.was_asked.load(Ordering::Relaxed)
    }

    /// Says that it is about our certificate: which one was shown, the other side does not say.
    fn about_ours(&self) -> TlsFault {
        if self.by().shown.pair.is_some() {
            TlsFault::CertificateRefused
        } else {
            TlsFault::WantsCertificate
        }
    }

    /// Says of a failure whether it is about our certificate, and whose it is. One that closes the door before its first answer,
    /// and wanted a certificate, often doesn't even get to say that.
    pub(crate) fn told(&self, error: Error) -> Error {
        let is_about_ours = match error.kind {
            Kind::Tls(TlsFault::WantsCertificate) => true,
            Kind::Tls(TlsFault::HandshakeRefused) => self.was_asked(),
            Kind::CutShort | Kind::Unreachable => {
                self.whom == Whom::Registry
                    && self.was_asked()
                    && !self.clients.has_answered.load(Ordering::Relaxed)
            }
            _ => false,
        };
        let is_of_proxy = matches!(error.kind, Kind::UnknownHost | Kind::Unreachable);
        let kind = if is_about_ours {
            Kind::Tls(self.about_ours())
        } else if self.clients.goes_by_proxy && is_of_proxy {
            Kind::Proxy(ProxyFault::Unreachable)
        } else {
            error.kind
        };
        Error {
            kind,
            elsewhere: self.elsewhere().map(Box::new),
            ..error
        }
    }
}

fn whom(url: &Url, approved: &Approved, gives_tokens: bool) -> Whom {
    let Some(to) = Origin::of(url) else {
        return Whom::Other;
    };
    if to == *approved.own() {
        Whom::Registry
    } else if approved.has_agreed(&SignInWay::Bearer { service: to }) {
        Whom::Service
    } else if gives_tokens {
        Whom::Named
    } else {
        Whom::Other
    }
}
