//! Whom the system trusts. Reading that takes its time on Linux, so it is read once for all who ask within a while; what a
//! person adds to the system holds soon after, without a new start.

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long what was read holds for who opens a registry.
const HOLDS: Duration = Duration::from_secs(30);

static READ: Mutex<Option<(Instant, Arc<dyn ServerCertVerifier>)>> = Mutex::new(None);

/// Returns whom the system trusts; nobody where it has no authority at all (a bare container).
pub(super) fn usual(provider: &Arc<CryptoProvider>) -> Option<Arc<dyn ServerCertVerifier>> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, usual)) = &*read
        && at.elapsed() < HOLDS
    {
        return Some(Arc::clone(usual));
    }
    let usual = rustls_platform_verifier::Verifier::new(Arc::clone(provider)).ok()?;
    let usual: Arc<dyn ServerCertVerifier> = Arc::new(usual);
    *read = Some((Instant::now(), Arc::clone(&usual)));
    Some(usual)
}
