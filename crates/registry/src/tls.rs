//! The HTTP client: whom it trusts, how names resolve, and what it does not do by itself.
//!
//! It sets no time limit but that of connecting: the others are per request (`transport`). Redirects are off, because where one may
//! lead and with what is decided in `transport::redirect`. Nothing is unpacked, because digests count for the bytes as they are sent.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::ServerCertVerifier,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::sync::Arc;

use crate::error::{Error, Kind};
use crate::failure::NameNotFound;
use crate::options::HttpOptions;

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

/// Makes a client that trusts the system's authorities and those of the options.
pub(crate) fn client(options: &HttpOptions, loopback: bool) -> Result<reqwest::Client, Error> {
    let unusable = |cause: String| Error::new(Kind::Invalid, "TLS").because(cause);
    let mut builder = reqwest::Client::builder()
        .user_agent(AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(options.connect_timeout)
        .http2_initial_stream_window_size(AHEAD)
        .http2_initial_connection_window_size(AHEAD_IN_ALL)
        .referer(false)
        .dns_resolver(Arc::new(SystemNames))
        .tls_backend_preconfigured(config(options).map_err(unusable)?);
    if loopback {
        // What listens on this computer is not reached through a proxy.
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| unusable(error.without_url().to_string()))
}

fn config(options: &HttpOptions) -> Result<ClientConfig, String> {
    let mut extra = Vec::new();
    for pem in &options.extra_roots {
        for certificate in CertificateDer::pem_slice_iter(pem) {
            extra.push(certificate.map_err(|error| error.to_string())?);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let mut own = RootCertStore::empty();
    for certificate in &extra {
        own.add(certificate.clone())
            .map_err(|error| error.to_string())?;
    }
    let mut config = match rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
    {
        Ok(verifier) => {
            let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
            builder
                .dangerous()
                .with_custom_certificate_verifier(verifier)
                .with_no_client_auth()
        }
        // A system without any authority (a bare container): plain HTTP still works, TLS says that it knows nobody.
        Err(_) => builder.with_root_certificates(own).with_no_client_auth(),
    };
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
