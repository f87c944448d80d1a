//! The token services of a registry that are on other hosts: whether their certificates are trusted.
//!
//! Not here: what is trusted for a registry (`trust`), where a secret goes (`ways`). Grows by what a person should know of a
//! token service before a secret goes there.

use super::address::Address;
use super::scheme::not_answered;
use crate::view::certificate::ServiceTrust;
use crate::view::problem::Problem;
use crate::words;
use registry::{Fingerprint, HttpOptions, Presented, Probe, Registry, SignInWay};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long each of them is waited for: one that doesn't answer is told when it is needed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many of them a person may trust a certificate at, for one registry.
const MOST: usize = 8;

/// A token service whose certificate is not trusted.
pub(super) struct Service {
    pub(super) host: oci::Host,
    pub(super) presented: Presented,
}

/// Asks a registry what it is, and whether where it has tokens fetched is trusted too: that is told before a secret is typed.
pub(super) async fn probed(address: &Address, options: &HttpOptions) -> Result<Probe, Problem> {
    let probe = Registry::probe_with(&address.host, address.typed, options)
        .await
        .map_err(|error| not_answered(&error, address))?;
    match untrusted(&probe, options).await {
        Some(Service { host, presented }) => {
            let faults = &presented.wrong;
            Err(words::registry::of_service(&host, &address.host, faults))
        }
        None => Ok(probe),
    }
}

/// Finds the token service that stands between; nothing where the registry doesn't answer.
pub(super) async fn between(address: &Address, options: &HttpOptions) -> Option<Service> {
    let probe = Registry::probe_with(&address.host, address.typed, options);
    untrusted(&probe.await.ok()?, options).await
}

/// Looks at the certificates of the token services that a registry names; the first one that is not trusted. No request is sent.
async fn untrusted(probe: &Probe, options: &HttpOptions) -> Option<Service> {
    let registry = &probe.endpoint.host;
    if !probe.wants_sign_in {
        return None;
    }
    for way in probe.ways.iter() {
        let SignInWay::Bearer { service } = way else {
            continue;
        };
        let Ok(host) = oci::Host::parse(service.host()) else {
            continue;
        };
        if !service.is_encrypted() || host == *registry || host.as_str() == registry.api_host() {
            continue;
        }
        let looked = Registry::service_certificate(&host, options);
        if let Ok(Ok(presented)) = tokio::time::timeout(PATIENCE, looked).await
            && !presented.wrong.is_empty()
        {
            return Some(Service { host, presented });
        }
    }
    None
}

/// Adds what a person trusts at token services; what can't be read is nothing.
pub(super) fn add(trusted: &mut BTreeMap<oci::Host, Fingerprint>, given: &[ServiceTrust]) {
    for given in given {
        let host = oci::Host::parse(&given.host);
        if let (Ok(host), Ok(print)) = (host, Fingerprint::parse(&given.trusted))
            && (trusted.len() < MOST || trusted.contains_key(&host))
        {
            trusted.insert(host, print);
        }
    }
}

/// Returns what is trusted at one of them as the window shows it.
pub(super) fn view((host, trusted): (&oci::Host, &Fingerprint)) -> ServiceTrust {
    ServiceTrust {
        host: host.to_string(),
        trusted: trusted.to_string(),
    }
}
