//! TLS to an engine on another computer: it shows a certificate that is checked, and asks for ours.
//!
//! Not here: which files there are (`contexts`, `find`). Grows by nothing; no setting does without the check.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{AlertDescription, ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::address::{TlsFiles, host_of};
use crate::error::Unreachable;

/// Reads the files, and makes of them what connections are opened with. Blocks shortly.
pub(super) fn config(files: &TlsFiles) -> Result<ClientConfig, Unreachable> {
    let unread = |path: &Path, why: &dyn std::fmt::Display| Unreachable::Certificates {
        file: path.display().to_string(),
        why: why.to_string(),
    };
    let unusable = |error: rustls::Error| Unreachable::Other(error.to_string());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let builder = if let Some(path) = &files.authorities {
        let mut trusted = RootCertStore::empty();
        for certificate in certificates(path).map_err(|error| unread(path, &error))? {
            trusted
                .add(certificate)
                .map_err(|error| unread(path, &error))?;
        }
        builder.with_root_certificates(trusted)
    } else {
        let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(unusable)?;
        let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
        builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
    };
    let (Some(certificate), Some(key)) = (&files.certificate, &files.key) else {
        return Ok(builder.with_no_client_auth());
    };
    let ours = certificates(certificate).map_err(|error| unread(certificate, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, &error))?;
    builder
        .with_client_auth_cert(ours, secret)
        .map_err(|error| unread(key, &error))
}

fn certificates(
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_file_iter(path)?.collect()
}

/// Opens TLS over a connection.
pub(super) async fn open(
    stream: TcpStream,
    authority: &str,
    config: Arc<ClientConfig>,
) -> Result<TlsStream<TcpStream>, Unreachable> {
    let name = ServerName::try_from(host_of(authority).to_owned())
        .map_err(|error| Unreachable::Other(error.to_string()))?;
    TlsConnector::from(config)
        .connect(name, stream)
        .await
        .map_err(|error| of(&error))
}

/// Reads what went wrong, wherever in the chain of causes it is said. What an engine thinks of our certificate is told
/// after the handshake, when something is read.
pub(super) fn of(error: &(dyn std::error::Error + 'static)) -> Unreachable {
    let mut cause = Some(error);
    while let Some(at) = cause {
        let inner = at
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(told) = at.downcast_ref::<rustls::Error>().or(inner) {
            return read(told);
        }
        cause = at.source();
    }
    Unreachable::Other(error.to_string())
}

fn read(error: &rustls::Error) -> Unreachable {
    match error {
        rustls::Error::InvalidCertificate(why) => Unreachable::Untrusted(format!("{why:?}")),
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied
            | AlertDescription::HandshakeFailure,
        ) => Unreachable::WantsCertificate,
        rustls::Error::InvalidMessage(_) => Unreachable::NoTls,
        other => Unreachable::Other(other.to_string()),
    }
}
