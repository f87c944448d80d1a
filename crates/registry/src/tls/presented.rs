//! What a host presents when TLS begins, to be shown to a person who decides about it. Nothing is sent but that beginning.
//!
//! Not here: trusting it. Grows by what helps a person to tell a right certificate from a wrong one.

use oci::UtcSeconds;
use rustls::client::danger::ServerCertVerified;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error as TlsError};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::fault::TlsFault;
use super::fingerprint::Fingerprint;
use super::host_verifier::HostVerifier;
use super::reading::Read;
use super::verifier::Judge;
use super::{Shown, client, config, own, own_of_services, provider, server_name};
use crate::endpoint::{Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::failure;
use crate::options::HttpOptions;
use crate::registry::Registry;

/// How many certificates of a chain are kept.
const LONGEST_CHAIN: usize = 8;

/// The certificate that a host presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// What tells it from every other one.
    pub fingerprint: Fingerprint,
    /// Whom it is for, as it says itself; plain text.
    pub subject: String,
    /// Who gave it, as it says itself; plain text.
    pub issuer: String,
    /// The hosts it is for, at most 50; names and addresses.
    pub names: Vec<String>,
    /// From when on it is good.
    pub from: UtcSeconds,
    /// Until when it is good.
    pub until: UtcSeconds,
    /// Whether nobody but itself vouches for it.
    pub is_own_issuer: bool,
    /// What came along to vouch for it, at most eight: subject and fingerprint.
    pub chain: Vec<(String, Fingerprint)>,
    /// All that is wrong with it; empty where it is trusted.
    pub wrong: Vec<TlsFault>,
    /// Whether the host asks who connects.
    pub asks_for_ours: bool,
}

impl Registry {
    /// Looks at the certificate that a host presents. The connection ends there: no request is sent, whatever it is.
    pub async fn certificate(host: &oci::Host, options: &HttpOptions) -> Result<Presented, Error> {
        look(host, options, false).await
    }

    /// Looks in the same way at that of a token service of a registry which is reached so.
    pub async fn service_certificate(
        host: &oci::Host,
        options: &HttpOptions,
    ) -> Result<Presented, Error> {
        look(host, options, true).await
    }
}

async fn look(
    host: &oci::Host,
    options: &HttpOptions,
    is_service: bool,
) -> Result<Presented, Error> {
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: host.clone(),
    };
    let base = endpoint.base()?;
    let request = format!("TLS {host}");
    let failed = |kind| Error::new(kind, request.clone());
    let provider = provider();
    let noted = Arc::new(Noted::default());
    let shown = Arc::new(Shown::default());
    let name = server_name(&base).ok_or_else(|| failed(Kind::Invalid))?;
    let noting = Noting {
        usual: HostVerifier::new(&provider, None),
        of: name.clone(),
        noted: Arc::clone(&noted),
    };
    let client = client(options, &base, config(&provider, noting, &shown)?)?;
    let sent = client
        .get(base.clone())
        .timeout(options.read_timeout)
        .send();
    let said = sent.await.map(drop);
    let noted = noted.take();
    let Some((end, chain)) = noted else {
        return Err(match said {
            Err(error) => failure::of(error, &request),
            Ok(()) => failed(Kind::Malformed("no certificate".to_owned())),
        });
    };
    let unreadable = || {
        failed(Kind::Tls(failure::certificate(
            &CertificateError::BadEncoding,
        )))
    };
    let read = Read::of(&end).ok_or_else(unreadable)?;
    let own = if is_service {
        Some(own_of_services(&options.tls, &provider)?)
    } else {
        own(&base, &options.tls, &provider)?
    };
    let verifier = HostVerifier::new(&provider, own);
    let wrong = wrong(&verifier, (&end, &chain), &read, &name, UnixTime::now());
    let link = |der: &CertificateDer<'_>| {
        let subject = Read::of(der).map(|read| read.subject);
        (subject.unwrap_or_default(), Fingerprint::of(der))
    };
    Ok(Presented {
        fingerprint: Fingerprint::of(&end),
        chain: chain.iter().take(LONGEST_CHAIN).map(link).collect(),
        wrong,
        asks_for_ours: shown.was_asked.load(Ordering::Relaxed),
        subject: read.subject,
        issuer: read.issuer,
        names: read.names,
        from: read.from,
        until: read.until,
        is_own_issuer: read.is_own_issuer,
    })
}

/// Finds all that is wrong with a certificate: who vouches for it is asked under a name and at a time it is good for, as one
/// reason hides the others.
fn wrong(
    verifier: &HostVerifier,
    (end, chain): (&CertificateDer<'_>, &[CertificateDer<'_>]),
    read: &Read,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Vec<TlsFault> {
    let judge = |name: &ServerName<'_>, now| {
        let judged = verifier.judge_as((end, chain), name, &[], now, true);
        judged.err().map(|error| fault(&error))
    };
    let Some(first) = judge(name, now) else {
        return Vec::new();
    };
    if first == TlsFault::PinChanged {
        return vec![first];
    }
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let until = read.until.0.max(read.from.0);
    let within = u64::try_from(seconds.clamp(read.from.0, until)).unwrap_or_default();
    let within = UnixTime::since_unix_epoch(Duration::from_secs(within));
    let mut wrong = Vec::new();
    let a_name = read.a_name();
    match judge(a_name.as_ref().unwrap_or(name), within) {
        None | Some(TlsFault::WrongName | TlsFault::Expired | TlsFault::NotYet) => {}
        Some(fault) => wrong.push(fault),
    }
    if !is_for(end, name) {
        wrong.push(TlsFault::WrongName);
    }
    if seconds < read.from.0 {
        wrong.push(TlsFault::NotYet);
    } else if seconds > read.until.0 {
        wrong.push(TlsFault::Expired);
    }
    if wrong.is_empty() {
        wrong.push(first);
    }
    wrong
}

fn is_for(end: &CertificateDer<'_>, name: &ServerName<'_>) -> bool {
    rustls::server::ParsedCertificate::try_from(end)
        .and_then(|read| rustls::client::verify_server_name(&read, name))
        .is_ok()
}

fn fault(error: &TlsError) -> TlsFault {
    match error {
        TlsError::InvalidCertificate(error) => failure::certificate(error),
        other => TlsFault::Other(oci::text::plain(&other.to_string(), 200)),
    }
}

type Chain = (CertificateDer<'static>, Vec<CertificateDer<'static>>);

/// What was presented.
#[derive(Debug, Default)]
struct Noted(Mutex<Option<Chain>>);

impl Noted {
    fn take(&self) -> Option<Chain> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Notes what a host presents, and takes nothing. Another one, as a proxy on the way, is looked at as usual.
#[derive(Debug)]
struct Noting {
    usual: HostVerifier,
    of: ServerName<'static>,
    noted: Arc<Noted>,
}

impl Judge for Noting {
    fn judge(
        &self,
        (end, chain): (&CertificateDer<'_>, &[CertificateDer<'_>]),
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if *name != self.of {
            return self.usual.judge((end, chain), name, ocsp, now);
        }
        let owned = |der: &CertificateDer<'_>| der.clone().into_owned();
        let presented = (owned(end), chain.iter().map(owned).collect());
        let Noted(noted) = &*self.noted;
        *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(presented);
        Err(CertificateError::ApplicationVerificationFailure.into())
    }
}
