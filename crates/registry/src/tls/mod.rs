//! The HTTP clients: whom they trust, what they show of us, how names resolve, and what they do not do by themselves.
//!
//! Which of them an address is asked by is decided in `clients`.
//!
//! It sets no time limit but that of connecting: the others are per request (`transport`). Redirects are off, because where one may
//! lead and with what is decided in `transport::redirect`. Nothing is unpacked, because digests count for the bytes as they are sent.

pub(crate) mod clients;
pub(crate) mod fault;
pub(crate) mod files;
pub(crate) mod fingerprint;
pub(crate) mod host_verifier;
pub(crate) mod presented;
pub(crate) mod reading;
mod system;
mod verifier;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SignatureScheme};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use url::Url;

use crate::endpoint::{self, Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::failure::NameNotFound;
use crate::options::{HttpOptions, TlsOptions};
use crate::proxy::ProxyOptions;
use fingerprint::Fingerprint;
use host_verifier::Own;
use verifier::{Judge, Verifier};

/// How much of one answer HTTP/2 sends ahead of being read.
const AHEAD: u32 = 2 << 20;
/// How much of all answers together: more than the streams can fill, so that layers nobody reads never hold up a question.
const AHEAD_IN_ALL: u32 = 20 << 20;
const _: () = assert!(
    AHEAD_IN_ALL / AHEAD >= 10,
    "six questions and three streams"
);

/// What we call ourselves.
const AGENT: &str = concat!("longshore/", env!("CARGO_PKG_VERSION"));

/// What is shown of us to who asks, and whether anybody has.
#[derive(Debug, Default)]
struct Shown {
    pair: Option<Arc<CertifiedKey>>,
    was_asked: AtomicBool,
}

impl Shown {
    fn new(tls: &TlsOptions) -> Result<Self, Error> {
        let pair = tls.client.as_ref().map(files::ClientPair::certified);
        let pair = pair.transpose().map_err(|fault| unusable(&fault))?;
        Ok(Self {
            pair: pair.map(Arc::new),
            was_asked: AtomicBool::new(false),
        })
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        self.pair.clone()
    }

    fn has_certs(&self) -> bool {
        self.pair.is_some()
    }
}

fn unusable(cause: &dyn std::fmt::Display) -> Error {
    Error::new(Kind::Invalid, "TLS").because(cause.to_string())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Returns what counts for the registry at this address alone.
fn own(base: &Url, tls: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Option<Own>, Error> {
    let Some(name) = server_name(base).filter(|_| !tls.is_empty()) else {
        return Ok(None);
    };
    let own = Own::new(Some(name), &tls.authorities, tls.pinned, provider);
    own.map(Some).map_err(|cause| unusable(&cause))
}

/// Returns what counts for its token services: the same, but that they may well have another certificate than the registry.
fn own_of_services(tls: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Own, Error> {
    let own = Own::new(None, &tls.authorities, tls.pinned, provider);
    let mut own = own.map_err(|cause| unusable(&cause))?;
    own.only_pinned = false;
    let named = |(host, trusted): &(oci::Host, Fingerprint)| {
        let endpoint = Endpoint {
            scheme: Scheme::Https,
            host: host.clone(),
        };
        let name = endpoint.base().ok().as_ref().and_then(server_name);
        name.map(|name| (name, *trusted))
    };
    own.pinned_by_name = tls.services.iter().filter_map(named).collect();
    Ok(own)
}

/// Returns the name by which TLS knows the host of an address.
fn server_name(url: &Url) -> Option<ServerName<'static>> {
    match url.host()? {
        url::Host::Domain(name) => ServerName::try_from(name.to_owned()).ok(),
        url::Host::Ipv4(address) => Some(std::net::IpAddr::V4(address).into()),
        url::Host::Ipv6(address) => Some(std::net::IpAddr::V6(address).into()),
    }
}

/// Makes a client that speaks TLS so.
fn client(
    options: &HttpOptions,
    base: &Url,
    config: ClientConfig,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(options.connect_timeout)
        .http2_initial_stream_window_size(AHEAD)
        .http2_initial_connection_window_size(AHEAD_IN_ALL)
        .referer(false)
        .dns_resolver(Arc::new(SystemNames))
        .tls_backend_preconfigured(config);
    builder = match &options.proxy {
        // What listens on this computer is not reached through a proxy, but where a person says so.
        ProxyOptions::System if endpoint::is_loopback(base) => builder.no_proxy(),
        ProxyOptions::System => builder,
        ProxyOptions::Direct => builder.no_proxy(),
        ProxyOptions::Own(own) => {
            let proxy = reqwest::Proxy::all(own.url().clone());
            let mut proxy = proxy.map_err(|error| unusable(&error.without_url()))?;
            if let Some((user, secret)) = own.sign_in() {
                proxy = proxy.basic_auth(user, secret);
            }
            builder.proxy(proxy)
        }
    };
    builder
        .build()
        .map_err(|error| unusable(&error.without_url()))
}

fn config(
    provider: &Arc<CryptoProvider>,
    judge: impl Judge + 'static,
    shown: &Arc<Shown>,
) -> Result<ClientConfig, Error> {
    let verifier = Verifier {
        provider: Arc::clone(provider),
        judge,
    };
    let mut config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(shown.clone());
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Resolves names as the system does, and says by a type of its own that a name is not known.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(|error| NameNotFound(error.to_string()))?;
            let addresses: Vec<_> = found.collect();
            if addresses.is_empty() {
                return Err(NameNotFound("no address".to_owned()).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
