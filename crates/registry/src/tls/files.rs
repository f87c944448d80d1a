//! Certificates and keys as files hold them: an authority to be trusted, a pair to be shown. Pure.
//!
//! Not here: where the files lie. Grows by another form that people have.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use secrecy::{ExposeSecret, SecretSlice};
use std::fmt;
use std::sync::Arc;

/// How many certificates are read of one file; a bundle of all public authorities has some 150.
const MOST: usize = 1000;

/// Why a file can't be used for what it was given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing in it is a certificate.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// Nothing in it is a private key.
    #[error("there is no private key in it")]
    NoKey,
    /// The key can't be read without a passphrase.
    #[error("its key is encrypted")]
    EncryptedKey,
    /// A container of both, with a passphrase (`.p12`, `.pfx`).
    #[error("it is a PKCS#12 file")]
    Pkcs12,
    /// The key is not the one that the certificate is for, or of a kind that can't be used.
    #[error("the key does not belong to the certificate")]
    OtherKey,
}

/// An authority's certificates that vouch for one host.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority(Vec<CertificateDer<'static>>);

impl Authority {
    /// Reads a file, PEM with one certificate or more, or DER.
    pub fn read(bytes: &[u8]) -> Result<Self, FileFault> {
        certificates(bytes).map(Self)
    }

    /// Returns its certificates, DER each.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Writes it as a file, PEM.
    pub fn pem(&self) -> String {
        let mut text = String::new();
        for certificate in &self.0 {
            text.push_str("-----BEGIN CERTIFICATE-----\n");
            let encoded = STANDARD.encode(certificate);
            // Lines of 64, as RFC 7468 has them.
            let lines = encoded.as_bytes().chunks(64);
            for line in lines.filter_map(|line| std::str::from_utf8(line).ok()) {
                text.push_str(line);
                text.push('\n');
            }
            text.push_str("-----END CERTIFICATE-----\n");
        }
        text
    }

    pub(super) fn ders(&self) -> &[CertificateDer<'static>] {
        &self.0
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({})", self.0.len())
    }
}

/// A certificate and its key, which are shown to a host that asks who connects.
#[derive(Clone)]
pub struct ClientPair {
    certificates: Vec<CertificateDer<'static>>,
    key: Arc<SecretSlice<u8>>,
}

impl ClientPair {
    /// Reads a certificate (its chain behind it, where there is one) and its key, and checks that they belong together.
    pub fn read(certificate: &[u8], key: &[u8]) -> Result<Self, FileFault> {
        let certificates = certificates(certificate)?;
        let pair = Self {
            certificates,
            key: Arc::new(key.to_vec().into()),
        };
        pair.certified()?;
        Ok(pair)
    }

    /// Returns the pair as it is signed with.
    pub(super) fn certified(&self) -> Result<CertifiedKey, FileFault> {
        let key = private_key(self.key.expose_secret())?;
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        CertifiedKey::from_der(self.certificates.clone(), key, &provider)
            .map_err(|_| FileFault::OtherKey)
    }
}

impl fmt::Debug for ClientPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientPair")
    }
}

fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, FileFault> {
    let found: Vec<CertificateDer<'static>> = if is_pem(bytes) {
        let read: Result<_, pem::Error> =
            CertificateDer::pem_slice_iter(bytes).take(MOST).collect();
        read.map_err(|_| FileFault::NoCertificate)?
    } else {
        vec![CertificateDer::from(bytes.to_vec())]
    };
    // What no certificate is in is not kept for one.
    let is_one = |der: &CertificateDer<'_>| super::reading::Read::of(der).is_some();
    if !found.is_empty() && found.iter().all(is_one) {
        return Ok(found);
    }
    if is_pkcs12(bytes) {
        Err(FileFault::Pkcs12)
    } else {
        Err(FileFault::NoCertificate)
    }
}

fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, FileFault> {
    if is_pkcs12(bytes) {
        return Err(FileFault::Pkcs12);
    }
    // PKCS#8, and what OpenSSL wrote before it (RFC 1421).
    let says = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    if says(b"BEGIN ENCRYPTED PRIVATE KEY") || says(b"Proc-Type: 4,ENCRYPTED") {
        return Err(FileFault::EncryptedKey);
    }
    if is_pem(bytes) {
        PrivateKeyDer::from_pem_slice(bytes).map_err(|_| FileFault::NoKey)
    } else {
        PrivateKeyDer::try_from(bytes.to_vec()).map_err(|_| FileFault::NoKey)
    }
}

fn is_pem(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN ";
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

/// Tells a PKCS#12 file by its first values: a sequence that begins with the version 3 (RFC 7292, section 4) and the type of
/// what follows.
fn is_pkcs12(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(16)];
    start.first() == Some(&0x30)
        && start
            .windows(4)
            .any(|window| window == [0x02, 0x01, 0x03, 0x30])
}
