//! From what the HTTP client says to what went wrong. The client's own text carries URLs, so it is never passed on whole.

use rustls::{CertificateError, InvalidMessage};
use std::error::Error as StdError;

use crate::error::{Error, Kind};
use crate::proxy;
use crate::tls::fault::TlsFault;
use crate::tls::host_verifier::OtherCertificate;

/// How many characters are kept of what TLS says; it may quote a certificate.
const LONGEST: usize = 200;

/// A name that does not resolve.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NameNotFound(pub(crate) String);

/// The bytes that were to be sent could not be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SourceFailed(#[source] pub(crate) std::io::Error);

/// Names what went wrong with the bytes that were to be sent: the failure of another registry where they came from one.
pub(crate) fn of_source(failed: &SourceFailed, request: &str) -> Error {
    let inner = failed.0.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(error) => error.clone(),
        None => Error::new(Kind::Invalid, request).because(failed.to_string()),
    }
}

/// Names what a failed exchange was about.
pub(crate) fn of(error: reqwest::Error, request: &str) -> Error {
    let error = error.without_url();
    if let Some(failed) = source_of(&error) {
        return of_source(failed, request);
    }
    let kind = kind(&error);
    let mut deepest: &dyn StdError = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let cause = deepest.to_string();
    Error::new(kind, request).because(cause)
}

/// Finds the failure of a source among the causes.
fn source_of(error: &reqwest::Error) -> Option<&SourceFailed> {
    let mut next = error.source();
    while let Some(link) = next {
        if let Some(failed) = link.downcast_ref() {
            return Some(failed);
        }
        next = link.source();
    }
    None
}

fn kind(error: &reqwest::Error) -> Kind {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(link) = next {
        if link.is::<NameNotFound>() {
            return Kind::UnknownHost;
        }
        if let Some(fault) = proxy::fault(&link.to_string()) {
            return Kind::Proxy(fault);
        }
        // Something answers, but not in HTTP.
        if link
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
        {
            return Kind::NotARegistry;
        }
        if let Some(kind) = link
            .downcast_ref::<rustls::Error>()
            .map(tls)
            .or_else(|| link.downcast_ref().and_then(inside))
        {
            return kind;
        }
        next = link.source();
    }
    if error.is_timeout() {
        Kind::Timeout
    } else if error.is_connect() {
        Kind::Unreachable
    } else if error.is_builder() {
        Kind::Invalid
    } else {
        Kind::CutShort
    }
}

/// Looks into an I/O error, which shows what it wraps by `get_ref` only and not as its source.
fn inside(error: &std::io::Error) -> Option<Kind> {
    let wrapped = error.get_ref()?;
    wrapped
        .downcast_ref::<rustls::Error>()
        .map(tls)
        .or_else(|| wrapped.downcast_ref::<std::io::Error>().and_then(inside))
}

fn tls(error: &rustls::Error) -> Kind {
    use rustls::AlertDescription as Alert;
    Kind::Tls(match error {
        // The answer to our hello was no TLS at all.
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            return Kind::PlainHttp;
        }
        rustls::Error::InvalidCertificate(certificate) => self::certificate(certificate),
        // Only about ours; that none was shown, some call a bad one (Go, in TLS 1.2).
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA,
        ) => TlsFault::WantsCertificate,
        // That none was shown, OpenSSL and BoringSSL say so in TLS 1.2, as of ciphers that don't meet; and of one whose authority
        // only has the name of theirs, OpenSSL says that a signature is wrong.
        rustls::Error::AlertReceived(
            Alert::HandshakeFailure | Alert::AccessDenied | Alert::DecryptError,
        ) => TlsFault::HandshakeRefused,
        rustls::Error::AlertReceived(alert) => {
            TlsFault::Other(format!("the host refused it ({alert:?})"))
        }
        other => TlsFault::Other(oci::text::plain(&other.to_string(), LONGEST)),
    })
}

/// Names what is wrong with a server's certificate.
pub(crate) fn certificate(error: &CertificateError) -> TlsFault {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => TlsFault::UnknownIssuer,
        E::NotValidForName | E::NotValidForNameContext { .. } => TlsFault::WrongName,
        E::Expired | E::ExpiredContext { .. } => TlsFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => TlsFault::NotYet,
        E::Revoked => TlsFault::Revoked,
        E::Other(other) if other.0.is::<OtherCertificate>() => TlsFault::PinChanged,
        // Where the certificate is an authority's own, as self-signed ones often are.
        E::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            TlsFault::UnknownIssuer
        }
        _ => {
            let why = oci::text::plain(&error.to_string(), LONGEST);
            TlsFault::Other(format!("its certificate cannot be used ({why})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tls_error_is_found_inside_nested_io_errors() {
        let expired = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let nested = std::io::Error::other(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            expired,
        ));
        assert_eq!(inside(&nested), Some(Kind::Tls(TlsFault::Expired)));
        assert_eq!(inside(&std::io::Error::other("else")), None);
    }

    #[test]
    fn a_certificate_is_refused_in_plain_words() {
        #[derive(Debug, thiserror::Error)]
        #[error("{0}")]
        struct Odd(&'static str);
        let other = |text| {
            let odd: std::sync::Arc<dyn StdError + Send + Sync> = std::sync::Arc::new(Odd(text));
            CertificateError::Other(rustls::OtherError(odd))
        };
        for (error, words) in [
            (CertificateError::UnknownIssuer, "does not know"),
            (CertificateError::NotValidForName, "another name"),
            (CertificateError::Expired, "has expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::Revoked, "has been revoked"),
            (other("CaUsedAsEndEntity"), "does not know"),
            (other("something else"), "cannot be used"),
            (
                CertificateError::Other(rustls::OtherError(std::sync::Arc::new(OtherCertificate))),
                "another certificate",
            ),
        ] {
            let told = certificate(&error).to_string();
            assert!(told.contains(words), "{error:?}: {told}");
        }
    }

    #[test]
    fn plain_http_is_no_tls_failure() {
        assert_eq!(
            tls(&rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType
            )),
            Kind::PlainHttp
        );
        assert!(matches!(
            tls(&rustls::Error::InvalidMessage(InvalidMessage::InvalidCcs)),
            Kind::Tls(_)
        ));
    }
}
