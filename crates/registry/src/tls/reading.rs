//! What stands in a certificate, as plain text of bounded length. Pure; who made it is a stranger.
//!
//! Not here: whether it is trusted. Grows by a field that helps to tell one certificate from another.

use oci::UtcSeconds;
use rustls::pki_types::{CertificateDer, ServerName};
use std::net::IpAddr;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// How many characters are kept of a subject or an issuer.
const LONGEST: usize = 200;
/// How many names are kept of one certificate.
const MOST_NAMES: usize = 50;

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) names: Vec<String>,
    pub(crate) from: UtcSeconds,
    pub(crate) until: UtcSeconds,
    pub(crate) is_own_issuer: bool,
}

impl Read {
    /// Reads a certificate; nothing where it is none.
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (rest, read) = X509Certificate::from_der(certificate).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let names = match read.subject_alternative_name() {
            Ok(Some(names)) => names
                .value
                .general_names
                .iter()
                .filter_map(name)
                .take(MOST_NAMES)
                .collect(),
            _ => Vec::new(),
        };
        Some(Self {
            subject: text(read.subject()),
            issuer: text(read.issuer()),
            names,
            from: UtcSeconds(read.validity().not_before.timestamp()),
            until: UtcSeconds(read.validity().not_after.timestamp()),
            is_own_issuer: read.subject().as_raw() == read.issuer().as_raw(),
        })
    }

    /// Returns one of its own names, to ask about everything but the name.
    pub(crate) fn a_name(&self) -> Option<ServerName<'static>> {
        self.names.iter().find_map(|name| {
            let one = name.replacen('*', "a", 1);
            ServerName::try_from(one).ok()
        })
    }
}

fn text(name: &X509Name<'_>) -> String {
    oci::text::plain(&name.to_string(), LONGEST)
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(oci::text::plain(name, LONGEST)),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}
