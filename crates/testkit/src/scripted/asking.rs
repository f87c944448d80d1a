//! A scripted registry that asks, when TLS begins, who connects.
//!
//! Not here: certificates (`parts::Certificates`). Grows by another way in which servers ask.

use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{self, CryptoProvider};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    self, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
};

use super::{Answer, Scripted};
use crate::parts::Certificates;

/// What a server that takes whatever it is shown has seen.
#[derive(Debug, Default)]
pub struct Shown {
    times: AtomicUsize,
    was_known: AtomicBool,
}

impl Shown {
    /// Counts how often somebody showed who they are.
    pub fn times(&self) -> usize {
        self.times.load(Ordering::SeqCst)
    }

    /// Tells whether the last one who did was the client of the server's own authority.
    pub fn was_known(&self) -> bool {
        self.was_known.load(Ordering::SeqCst)
    }

    /// Answers as nginx does with `ssl_verify_client on`, which lets everybody begin TLS; nothing to a client that it knows.
    pub fn as_nginx(&self) -> Option<Answer> {
        let why = match (self.times(), self.was_known()) {
            (0, _) => "No required SSL certificate was sent",
            (_, false) => "The SSL certificate error",
            (_, true) => return None,
        };
        Some(Answer::page(
            400,
            format!(
                "<html>\r\n<head><title>400 {why}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
                 <center>{why}</center>\r\n<hr><center>nginx/1.26.3</center>\r\n</body>\r\n</html>\r\n"
            ),
        ))
    }
}

impl Scripted {
    /// Starts one that asks who connects and takes whatever it is shown, or nothing.
    pub async fn start_asking(of: &Certificates) -> Result<(Self, Arc<Shown>)> {
        let shown = Arc::new(Shown::default());
        let verifier = Curious {
            known: CertificateDer::from_pem_slice(of.client.as_bytes())?,
            shown: Arc::clone(&shown),
            provider: provider(),
        };
        let config = config(of, Arc::new(verifier), rustls::DEFAULT_VERSIONS)?;
        Ok((Self::start_as(config).await?, shown))
    }

    /// Starts one that lets nobody in without a certificate of its own authority, and speaks TLS 1.2 alone.
    pub async fn start_old_asking(of: &Certificates) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(of.ca.as_bytes())?)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        let config = config(of, verifier.build()?, &[&rustls::version::TLS12])?;
        Self::start_as(config).await
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(crypto::aws_lc_rs::default_provider())
}

fn config(
    of: &Certificates,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Result<ServerConfig> {
    let chain = CertificateDer::from_pem_slice(of.certificate.as_bytes())?;
    let key = PrivateKeyDer::from_pem_slice(of.key.as_bytes())?;
    Ok(ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![chain], key)?)
}

/// Asks who connects, takes whatever is shown, and notes it.
#[derive(Debug)]
struct Curious {
    known: CertificateDer<'static>,
    shown: Arc<Shown>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Curious {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.shown.times.fetch_add(1, Ordering::SeqCst);
        let is_known = *end == self.known;
        self.shown.was_known.store(is_known, Ordering::SeqCst);
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
