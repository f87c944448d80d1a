//! What a real registry presents, and whose word is taken for it: an authority of its own, or exactly that certificate.

use crate::world::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use registry::{
    Authority, FileFault, Fingerprint, HttpOptions, Kind, Presented, TlsFault, TlsOptions,
};
use std::sync::Arc;
use testkit::parts::{Certificates, Flaw, Handshake, Part, Registry, RegistryOptions, need};
use testkit::scripted::Scripted;
use tokio_rustls::rustls;

async fn serving(flaw: Flaw) -> Registry {
    Registry::start(RegistryOptions {
        auth: Some((USER, SECRET)),
        tls: true,
        handshake: Handshake {
            flaw,
            ..Handshake::default()
        },
        ..RegistryOptions::default()
    })
    .await
    .unwrap()
}

fn with(tls: TlsOptions) -> HttpOptions {
    HttpOptions { tls, ..quick() }
}

fn trusting(pinned: Fingerprint) -> HttpOptions {
    with(TlsOptions {
        pinned: Some(pinned),
        ..TlsOptions::default()
    })
}

async fn look(at: &str, options: &HttpOptions) -> Presented {
    registry::Registry::certificate(&host(at), options)
        .await
        .unwrap()
}

/// Signs in as the app does; what goes wrong.
async fn joins(at: &str, options: &HttpOptions) -> Result<(), Kind> {
    let probe = registry::Registry::probe_with(&host(at), None, options)
        .await
        .map_err(|error| error.kind)?;
    assert!(probe.tls);
    let client = registry::Registry::open(probe.endpoint, signed_in(), Some(probe.ways), options);
    let client = client.map_err(|error| error.kind)?;
    client.check().await.map_err(|error| error.kind)
}

#[tokio::test]
async fn what_is_presented_can_be_read() {
    if !need(Part::Registry) {
        return;
    }
    let server = serving(Flaw::None).await;
    let seen = look(&server.host(), &quick()).await;
    let read = server.certificates().unwrap();
    let authority = Authority::read(read.certificate.as_bytes()).unwrap();
    let der = authority.certificates().next().unwrap();
    assert_eq!(seen.fingerprint, Fingerprint::of(der));
    assert_eq!(seen.subject, "CN=Longshore test registry");
    assert_eq!(seen.issuer, "CN=Longshore test authority");
    assert_eq!(seen.names, ["127.0.0.1", "localhost"]);
    assert!(seen.from < seen.until && !seen.is_own_issuer && !seen.asks_for_ours);
    assert_eq!(seen.wrong, [TlsFault::UnknownIssuer]);
    assert!(
        !server
            .access_log()
            .iter()
            .any(|line| line.contains("longshore")),
        "nothing is sent but hello"
    );
    // One of the same name, as when an authority was made anew.
    let other = with(vouched(&Certificates::for_loopback().unwrap().ca));
    let seen = look(&server.host(), &other).await;
    assert_eq!(seen.wrong, [TlsFault::UnknownIssuer]);
    let own = with(vouched(&read.ca));
    assert_eq!(look(&server.host(), &own).await.wrong, []);
    assert_eq!(joins(&server.host(), &own).await, Ok(()));
}

#[tokio::test]
async fn all_that_is_wrong_is_said() {
    if !need(Part::Registry) {
        return;
    }
    for (flaw, fault) in [
        (Flaw::OtherName, TlsFault::WrongName),
        (Flaw::Expired, TlsFault::Expired),
    ] {
        let server = serving(flaw).await;
        let at = server.host();
        let own = with(vouched(server.ca_pem().unwrap()));
        let seen = look(&at, &quick()).await;
        assert_eq!(seen.wrong, [TlsFault::UnknownIssuer, fault.clone()]);
        // The authority does not help with that.
        assert_eq!(look(&at, &own).await.wrong, std::slice::from_ref(&fault));
        assert_eq!(joins(&at, &own).await, Err(Kind::Tls(fault)));
        // Whoever trusts exactly this one may.
        let pinned = trusting(seen.fingerprint);
        assert_eq!(look(&at, &pinned).await.wrong, []);
        assert_eq!(joins(&at, &pinned).await, Ok(()));
    }
}

#[tokio::test]
async fn another_certificate_than_the_trusted_one_is_told() {
    if !need(Part::Registry) {
        return;
    }
    let mut server = serving(Flaw::None).await;
    let before = look(&server.host(), &quick()).await;
    let mut options = trusting(before.fingerprint);
    assert_eq!(joins(&server.host(), &options).await, Ok(()));
    server.renew_certificate(Flaw::None).await.unwrap();
    // Be it one that an authority vouches for.
    options.tls.authorities = vouched(server.ca_pem().unwrap()).authorities;
    let after = look(&server.host(), &options).await;
    assert_ne!(after.fingerprint, before.fingerprint);
    assert_eq!(after.wrong, [TlsFault::PinChanged]);
    let asked = server.access_log().len();
    assert_eq!(
        joins(&server.host(), &options).await,
        Err(Kind::Tls(TlsFault::PinChanged))
    );
    assert_eq!(server.access_log().len(), asked, "nothing was sent");
    options.tls.pinned = None;
    assert_eq!(joins(&server.host(), &options).await, Ok(()));
}

/// A certificate that says of itself that it is an authority's.
fn self_signed(names: &[&str]) -> (String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params.self_signed(&key).unwrap().pem(), key)
}

/// Behaviour (certificates): A server shows a certificate that says of itself to be an authority's, and that is the file one has.
/// Source: `openssl req -x509`, as the documentation of distribution has it (Test an insecure registry).
#[tokio::test]
async fn a_certificate_may_vouch_for_itself() {
    for (name, told) in [
        ("127.0.0.1", Ok(())),
        ("other.example", Err(Kind::Tls(TlsFault::WrongName))),
    ] {
        let (pem, key) = self_signed(&[name]);
        let server = Scripted::start_tls(&pem, &key.serialize_pem())
            .await
            .unwrap();
        assert_eq!(
            joins(&server.host(), &quick()).await,
            Err(Kind::Tls(TlsFault::UnknownIssuer))
        );
        let seen = look(&server.host(), &quick()).await;
        assert!(seen.is_own_issuer && seen.wrong.contains(&TlsFault::UnknownIssuer));
        let probed =
            registry::Registry::probe_with(&host(&server.host()), None, &with(vouched(&pem))).await;
        assert_eq!(probed.map(drop).map_err(|error| error.kind), told);
    }
}

/// Shows a certificate whose key it does not have.
#[derive(Debug)]
struct Thief(Arc<rustls::sign::CertifiedKey>);

impl rustls::server::ResolvesServerCert for Thief {
    fn resolve(
        &self,
        _: rustls::server::ClientHello<'_>,
    ) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn a_trusted_certificate_without_its_key_is_worth_nothing() {
    let (stolen, _) = self_signed(&["127.0.0.1"]);
    let authority = Authority::read(stolen.as_bytes()).unwrap();
    let der = authority.certificates().next().unwrap().to_vec();
    let pinned = trusting(Fingerprint::of(&der));
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let key = KeyPair::generate().unwrap().serialize_der();
        let key = rustls::pki_types::PrivateKeyDer::try_from(key).unwrap();
        let key = provider.key_provider.load_private_key(key).unwrap();
        let shown = rustls::sign::CertifiedKey::new(vec![der.clone().into()], key);
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(provider.clone()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Thief(Arc::new(shown))));
        let server = Scripted::start_as(config).await.unwrap();
        let refused = joins(&server.host(), &pinned).await.unwrap_err();
        assert!(
            matches!(refused, Kind::Tls(TlsFault::Other(_))),
            "{refused:?}"
        );
        assert_eq!(server.requests(), []);
    }
}

#[tokio::test]
async fn hostile_texts_in_a_certificate_are_plain_and_short() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let long = "x".repeat(5000);
    let evil = format!("\u{202e}\u{1b}[2Jlab\u{7}\n{long}");
    params.distinguished_name.push(DnType::CommonName, evil);
    let more = (0..200).map(|index| format!("h{index}.example"));
    for name in more {
        let name = name.try_into().unwrap();
        params.subject_alt_names.push(rcgen::SanType::DnsName(name));
    }
    let pem = params.self_signed(&key).unwrap().pem();
    let server = Scripted::start_tls(&pem, &key.serialize_pem())
        .await
        .unwrap();
    let seen = look(&server.host(), &quick()).await;
    assert!(seen.subject.chars().count() <= 201, "{}", seen.subject);
    assert!(
        !seen
            .subject
            .chars()
            .any(|it| it.is_control() || it == '\u{202e}'),
        "{:?}",
        seen.subject
    );
    assert_eq!(seen.names.len(), 50);
}

#[tokio::test]
async fn what_has_no_certificate_presents_none() {
    let (server, _) = open().await;
    let kind = |error: registry::Error| error.kind;
    let seen = registry::Registry::certificate(&host(&server.host()), &quick()).await;
    assert_eq!(seen.map_err(kind), Err(Kind::PlainHttp));
    let seen = registry::Registry::certificate(&host("127.0.0.1:1"), &quick()).await;
    assert_eq!(seen.map_err(kind), Err(Kind::Unreachable));
}

#[test]
fn an_authority_may_be_in_pem_or_in_der() {
    let made = Certificates::for_loopback().unwrap();
    let pem = Authority::read(made.ca.as_bytes()).unwrap();
    let der = pem.certificates().next().unwrap().to_vec();
    assert_eq!(Authority::read(&der), Ok(pem.clone()));
    assert_eq!(Authority::read(pem.pem().as_bytes()), Ok(pem));
    let two = format!("some words\n{}{}", made.ca, made.certificate);
    assert_eq!(
        Authority::read(two.as_bytes())
            .unwrap()
            .certificates()
            .count(),
        2
    );
    assert_eq!(
        Authority::read(made.key.as_bytes()),
        Err(FileFault::NoCertificate)
    );
    // The first bytes of what `openssl pkcs12 -export` writes.
    let p12 = b"\x30\x82\x0a\x3f\x02\x01\x03\x30\x82\x09\xf5\x06\x09\x2a\x86\x48";
    assert_eq!(Authority::read(p12), Err(FileFault::Pkcs12));
}
