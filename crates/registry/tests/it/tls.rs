//! TLS: whom it trusts, and why it does not.

use crate::world::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use registry::{Endpoint, FileFault, HttpOptions, Kind, Registry, Scheme, TlsFault};
use std::time::Duration;
use testkit::scripted::{Auth, Scripted};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = params.self_signed(&key).unwrap().pem();
    Authority {
        pem,
        issuer: Issuer::new(params, key),
    }
}

/// A registry whose certificate is for this name and, if so wished, of another century.
async fn serving(authority: &Authority, name: &str, expired: bool) -> Scripted {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = date_time_ymd(1999, 1, 1);
        params.not_after = date_time_ymd(1999, 12, 31);
    }
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    Scripted::start_tls(&certificate.pem(), &key.serialize_pem())
        .await
        .unwrap()
}

fn trusting(authority: &Authority) -> HttpOptions {
    HttpOptions {
        tls: vouched(&authority.pem),
        ..quick()
    }
}

#[tokio::test]
async fn an_own_authority_is_trusted_where_it_is_given() {
    let authority = authority();
    let server = serving(&authority, "127.0.0.1", false).await;
    server.push_image("team/app", "v1", "one");
    server.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    let probe = Registry::probe_with(&host(&server.host()), None, &trusting(&authority))
        .await
        .unwrap();
    assert!(probe.tls && probe.wants_sign_in && probe.endpoint.scheme == Scheme::Https);
    let client =
        Registry::with_options(probe.endpoint, signed_in(), &trusting(&authority)).unwrap();
    client.check().await.unwrap();
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
}

#[tokio::test]
async fn each_refusal_has_its_reason() {
    let own = authority();
    for (name, expired, trusted, why) in [
        ("127.0.0.1", false, false, TlsFault::UnknownIssuer),
        ("other.example", false, true, TlsFault::WrongName),
        ("127.0.0.1", true, true, TlsFault::Expired),
    ] {
        let server = serving(&own, name, expired).await;
        let options = if trusted { trusting(&own) } else { quick() };
        for typed in [None, Some(Scheme::Http), Some(Scheme::Https)] {
            let error = Registry::probe_with(&host(&server.host()), typed, &options)
                .await
                .unwrap_err();
            assert_eq!(error.kind, Kind::Tls(why.clone()));
        }
        let endpoint = Endpoint {
            scheme: Scheme::Https,
            host: host(&server.host()),
        };
        let client = Registry::with_options(endpoint, signed_in(), &options).unwrap();
        assert_eq!(client.check().await.unwrap_err().kind, Kind::Tls(why));
        assert_eq!(
            server.requests(),
            [],
            "nothing was sent, not even without TLS"
        );
    }
}

#[tokio::test]
async fn plain_http_where_tls_was_expected_has_its_own_name() {
    let (server, _) = open().await;
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: host(&server.host()),
    };
    let client = Registry::with_options(endpoint, signed_in(), &quick()).unwrap();
    assert_eq!(client.check().await.unwrap_err().kind, Kind::PlainHttp);
}

#[test]
fn an_authority_that_is_none_is_refused() {
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for file in [pem, "", "a letter"] {
        assert_eq!(
            registry::Authority::read(file.as_bytes()),
            Err(FileFault::NoCertificate),
            "{file}"
        );
    }
}

/// Stands before a server, and speaks without TLS itself once so many bytes of it went through. Returns its address.
async fn breaking_in(server: String, after: usize) -> String {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = door.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = door.accept().await {
            let mut server = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move {
                let (mut asks, mut hears) = caller.split();
                let (mut answers, mut is_told) = server.split();
                let through = async {
                    let (mut went, mut bytes) = (0, vec![0; 4096]);
                    while went < after {
                        let read = answers.read(&mut bytes).await.unwrap_or(0);
                        if read == 0 || hears.write_all(&bytes[..read]).await.is_err() {
                            return;
                        }
                        went += read;
                    }
                    // What came is read by then, and more of the body is waited for.
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    let _ = hears
                        .write_all(&b"HTTP/1.1 502 Bad Gateway\r\n".repeat(1 << 10))
                        .await;
                };
                tokio::select! {
                    () = through => {}
                    _ = tokio::io::copy(&mut asks, &mut is_told) => {}
                }
            });
        }
    });
    address
}

/// Behaviour (waiting): A body that breaks off is one, whatever the connection says in its place: it began, so nothing is wrong with
/// the certificate, and TLS is spoken there.
/// Source: gateways that end a connection by an answer of their own, in plain text.
#[tokio::test]
async fn a_body_that_ends_in_something_else_is_cut_short() {
    let authority = authority();
    let server = serving(&authority, "127.0.0.1", false).await;
    server.push_image("team/app", "v1", "one");
    let list = format!(r#"{{"tags":["v1"{}]}}"#, " ".repeat(1 << 20));
    server.set(|faults| faults.list_body = Some(list.into()));
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: host(&breaking_in(server.host(), 256 << 10).await),
    };
    let client = Registry::with_options(endpoint, anonymous(), &trusting(&authority)).unwrap();
    let error = app(&client).tags().listing().await.unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::CutShort, Some(200)));
}
