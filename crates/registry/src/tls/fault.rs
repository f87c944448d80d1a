//! Why TLS is refused, by us or by them. Pure.
//!
//! Not here: where it is found (`crate::failure`), how it is said to a person. Grows by a reason that wants another answer.

/// What is wrong with a secure connection, as far as it is told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// Nobody that is trusted vouches for the certificate.
    #[error("its certificate is from an authority this computer does not know")]
    UnknownIssuer,
    /// The certificate is for other names.
    #[error("its certificate is for another name")]
    WrongName,
    /// The certificate was good once.
    #[error("its certificate has expired")]
    Expired,
    /// The certificate is good from a later day on, by the clock of this computer.
    #[error("its certificate is not valid yet")]
    NotYet,
    /// Whoever gave the certificate took it back.
    #[error("its certificate has been revoked")]
    Revoked,
    /// Another certificate than the one that was trusted for this host alone.
    #[error("it shows another certificate than the one that was trusted")]
    PinChanged,
    /// The host lets nobody in without a certificate, and none was shown.
    #[error("it wants a certificate from whoever connects")]
    WantsCertificate,
    /// The host does not take the certificate that was shown to it.
    #[error("it does not take the certificate that was shown to it")]
    CertificateRefused,
    /// The host ended the beginning of TLS by an alert that doesn't say over what.
    #[error("the host refused it without a reason")]
    HandshakeRefused,
    /// Something else, in the words of who found it.
    #[error("{0}")]
    Other(String),
}
