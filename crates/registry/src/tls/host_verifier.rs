//! Whether a certificate is good for a host: by the system's authorities, and for one host alone by authorities of its own, or
//! because a person trusts exactly this certificate.
//!
//! Not here: which host that is (`clients`), and that the server has the certificate's key, which nothing here stands in for
//! (`verifier`).

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, OtherError, RootCertStore};
use std::sync::Arc;

use super::files::Authority;
use super::fingerprint::Fingerprint;
use super::reading::Read;
use super::system;
use super::verifier::Judge;

/// Another certificate than the one that is trusted for this host alone.
#[derive(Debug, thiserror::Error)]
#[error("another certificate than the one that was trusted")]
pub(crate) struct OtherCertificate;

/// What counts for one host alone.
#[derive(Debug)]
pub(super) struct Own {
    /// The host it counts for; `None` where a client connects to no other one anyway.
    name: Option<ServerName<'static>>,
    authorities: Vec<CertificateDer<'static>>,
    roots: Option<Arc<WebPkiServerVerifier>>,
    pinned: Option<Fingerprint>,
    /// Whether no other certificate than the pinned one will do.
    pub(super) only_pinned: bool,
    /// Certificates that are trusted as they are, each at one host; no other one will do there.
    pub(super) pinned_by_name: Vec<(ServerName<'static>, Fingerprint)>,
}

#[derive(Debug)]
pub(super) struct HostVerifier {
    usual: Option<Arc<dyn ServerCertVerifier>>,
    own: Option<Own>,
}

impl Own {
    /// Makes what counts for a host; fails where what was given for an authority can be none.
    pub(super) fn new(
        name: Option<ServerName<'static>>,
        authorities: &[Authority],
        pinned: Option<Fingerprint>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, String> {
        let authorities: Vec<_> = authorities
            .iter()
            .flat_map(Authority::ders)
            .cloned()
            .collect();
        let mut roots = RootCertStore::empty();
        for certificate in &authorities {
            roots
                .add(certificate.clone())
                .map_err(|error| error.to_string())?;
        }
        let roots = if roots.is_empty() {
            None
        } else {
            let provider = Arc::clone(provider);
            let made = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
            Some(made.build().map_err(|error| error.to_string())?)
        };
        Ok(Self {
            name,
            authorities,
            roots,
            pinned,
            only_pinned: pinned.is_some(),
            pinned_by_name: Vec::new(),
        })
    }

    fn is_of(&self, name: &ServerName<'_>) -> bool {
        self.name.as_ref().is_none_or(|own| own == name)
    }
}

impl HostVerifier {
    pub(super) fn new(provider: &Arc<CryptoProvider>, own: Option<Own>) -> Self {
        Self {
            usual: system::usual(provider),
            own,
        }
    }

    /// Judges a certificate under any name; `is_own` says that it is shown by the host that has authorities of its own.
    pub(super) fn judge_as(
        &self,
        (end, chain): (&CertificateDer<'_>, &[CertificateDer<'_>]),
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
        is_own: bool,
    ) -> Result<ServerCertVerified, Error> {
        let usual = || match &self.usual {
            Some(usual) => known(usual.verify_server_cert(end, chain, name, ocsp, now)),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let Some(own) = self.own.as_ref().filter(|_| is_own) else {
            return usual();
        };
        let presented = Fingerprint::of(end);
        let here = || own.pinned_by_name.iter().filter(|(at, _)| at == name);
        let is_here = here().any(|(_, pinned)| *pinned == presented);
        if is_here || own.pinned == Some(presented) {
            return Ok(ServerCertVerified::assertion());
        }
        if own.only_pinned || here().next().is_some() {
            let why: Arc<dyn std::error::Error + Send + Sync> = Arc::new(OtherCertificate);
            return Err(CertificateError::Other(OtherError(why)).into());
        }
        let Err(refused) = usual() else {
            return Ok(ServerCertVerified::assertion());
        };
        // It is what was given as an authority itself: many who sign their own say so (`openssl req -x509`), and Docker takes it.
        if own.authorities.iter().any(|known| known == end) {
            return itself(end, name, now);
        }
        let Some(roots) = &own.roots else {
            return Err(refused);
        };
        match known(roots.verify_server_cert(end, chain, name, ocsp, now)) {
            // Neither knows who gave it: then the system says what is wrong.
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => Err(refused),
            own => own,
        }
    }
}

/// Takes an authority that only has the same name as one that is known, and another key, for one that is not.
fn known(judged: Result<ServerCertVerified, Error>) -> Result<ServerCertVerified, Error> {
    match judged {
        Err(Error::InvalidCertificate(CertificateError::BadSignature)) => {
            Err(CertificateError::UnknownIssuer.into())
        }
        judged => judged,
    }
}

/// Judges a certificate that is trusted for being this one: by its date and its names.
fn itself(
    end: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let read = Read::of(end).ok_or(CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < read.from.0 {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > read.until.0 {
        return Err(CertificateError::Expired.into());
    }
    verify_server_name(&ParsedCertificate::try_from(end)?, name)?;
    Ok(ServerCertVerified::assertion())
}

impl Judge for HostVerifier {
    fn judge(
        &self,
        presented: (&CertificateDer<'_>, &[CertificateDer<'_>]),
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_own = self.own.as_ref().is_some_and(|own| own.is_of(name));
        self.judge_as(presented, name, ocsp, now, is_own)
    }
}
