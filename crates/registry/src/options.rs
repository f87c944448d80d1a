//! How requests are made.

use std::time::Duration;

use crate::instead::Instead;
use crate::proxy::ProxyOptions;
use crate::tls::files::{Authority, ClientPair};
use crate::tls::fingerprint::Fingerprint;

/// What counts for one registry, and for the token services that were agreed to, beside what the system trusts. No other
/// server gains by it: no redirect, no storage, no other registry.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// Who vouches for it.
    pub authorities: Vec<Authority>,
    /// The one certificate that is trusted as it is, whoever gave it, whatever its date and names; no other one then.
    pub pinned: Option<Fingerprint>,
    /// What is shown to it where it asks who connects.
    pub client: Option<ClientPair>,
    /// The certificates that are trusted as they are at its token services, each for that host alone; no other one then.
    pub services: Vec<(oci::Host, Fingerprint)>,
}

impl TlsOptions {
    /// Tells whether nothing but what the system trusts counts.
    pub fn is_empty(&self) -> bool {
        let Self {
            authorities,
            pinned,
            client,
            services,
        } = self;
        authorities.is_empty() && pinned.is_none() && client.is_none() && services.is_empty()
    }
}

/// What differs between one way of speaking HTTP and another.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// What counts for this registry alone.
    pub tls: TlsOptions,
    /// Through whom requests go.
    pub proxy: ProxyOptions,
    /// The wait before the first retry; it doubles with each.
    pub first_wait: Duration,
    /// The longest a `Retry-After` is waited for. Where a registry asks for more, the person is told instead.
    pub longest_wait: Duration,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long an answer may be silent, and how long nothing of a body may be taken.
    pub read_timeout: Duration,
    /// How long the answer to one request may take as a whole: an end for one that comes a byte at a time. Streams have no such
    /// end, or a layer of some gigabytes would never arrive on a slow line.
    pub longest: Duration,
    /// How long the answers to all pages of a list may take together.
    pub longest_list: Duration,
    /// Which servers of a fixed address are asked elsewhere; for tests.
    pub instead: Instead,
    /// How long whoever keeps a sign-in is left alone between two questions: what was refused is asked for anew no sooner.
    pub source_rest: Duration,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            tls: TlsOptions::default(),
            proxy: ProxyOptions::default(),
            first_wait: Duration::from_millis(300),
            longest_wait: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            longest: Duration::from_mins(5),
            longest_list: Duration::from_mins(2),
            instead: Instead::default(),
            source_rest: Duration::from_secs(30),
        }
    }
}
