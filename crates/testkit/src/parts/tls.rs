//! A certificate authority for one test, a certificate for 127.0.0.1, and one for a client.

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flaw {
    /// Nothing, but that nobody knows its authority.
    #[default]
    None,
    /// It is for `other.example`.
    OtherName,
    /// It was good in 1999.
    Expired,
}

/// How a server begins TLS.
#[derive(Debug, Clone, Copy, Default)]
pub struct Handshake {
    /// What is wrong with its certificate.
    pub flaw: Flaw,
    /// Whether it lets nobody in without a certificate of its own authority.
    pub wants_pair: bool,
}

/// PEM texts of an authority, and of one server and one client it vouches for.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// The authority, which a client must trust.
    pub ca: String,
    /// The server's certificate.
    pub certificate: String,
    /// The server's key.
    pub key: String,
    /// The certificate of a client that the authority vouches for.
    pub client: String,
    /// Its key.
    pub client_key: String,
}

impl Certificates {
    /// Makes them for a server on 127.0.0.1.
    pub fn for_loopback() -> Result<Self> {
        Self::flawed(Flaw::None)
    }

    /// Makes them for a server of this name.
    pub fn for_name(name: &str) -> Result<Self> {
        Self::of(vec![name.to_owned()], Flaw::None)
    }

    /// Makes them for a server on 127.0.0.1, with something wrong.
    pub fn flawed(flaw: Flaw) -> Result<Self> {
        let names = match flaw {
            Flaw::OtherName => vec!["other.example".to_owned()],
            Flaw::None | Flaw::Expired => vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
        };
        Self::of(names, flaw)
    }

    fn of(names: Vec<String>, flaw: Flaw) -> Result<Self> {
        let ca_key = KeyPair::generate()?;
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.distinguished_name
            .push(DnType::CommonName, "Longshore test authority");
        let ca_certificate = ca.self_signed(&ca_key)?;
        let issuer = Issuer::new(ca, ca_key);

        let key = KeyPair::generate()?;
        let mut server = CertificateParams::new(names)?;
        server
            .distinguished_name
            .push(DnType::CommonName, "Longshore test registry");
        if flaw == Flaw::Expired {
            server.not_before = date_time_ymd(1999, 1, 1);
            server.not_after = date_time_ymd(1999, 12, 31);
        }
        let certificate = server.signed_by(&key, &issuer)?;

        let client_key = KeyPair::generate()?;
        let mut client = CertificateParams::new(vec!["somebody".to_owned()])?;
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let client = client.signed_by(&client_key, &issuer)?;
        Ok(Self {
            ca: ca_certificate.pem(),
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            client: client.pem(),
            client_key: client_key.serialize_pem(),
        })
    }
}
