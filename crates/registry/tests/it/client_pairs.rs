//! A certificate that is shown to a registry which asks who connects: to it, and to nobody else. Neither does its authority vouch
//! for anybody else.

use crate::world::*;
use oci::{Digest, MediaType};
use registry::{ClientPair, Endpoint, FileFault, HttpOptions, Kind, Scheme, TlsFault, TlsOptions};
use std::sync::Arc;
use testkit::parts::{Certificates, Handshake, Part, Registry, RegistryOptions, need};
use testkit::scripted::{Answer, Scripted, Shown};

pub fn pair(of: &Certificates) -> ClientPair {
    ClientPair::read(of.client.as_bytes(), of.client_key.as_bytes()).unwrap()
}

pub fn options(authority: &Certificates, client: Option<ClientPair>) -> HttpOptions {
    HttpOptions {
        tls: TlsOptions {
            client,
            ..vouched(&authority.ca)
        },
        ..quick()
    }
}

#[tokio::test]
async fn a_registry_that_wants_a_certificate_says_so_and_takes_it() {
    if !need(Part::Registry) {
        return;
    }
    let server = Registry::start(RegistryOptions {
        auth: Some((USER, SECRET)),
        tls: true,
        handshake: Handshake {
            wants_pair: true,
            ..Handshake::default()
        },
        ..RegistryOptions::default()
    })
    .await
    .unwrap();
    let made = server.certificates().unwrap();
    let probe = async |client| {
        let options = options(made, client);
        let probed = registry::Registry::probe_with(&host(&server.host()), None, &options).await;
        probed.map_err(|error| error.kind)
    };
    let other = Certificates::for_loopback().unwrap();
    // More than once: what is said comes by one of two ways, and either may be the faster.
    for _ in 0..10 {
        assert_eq!(
            probe(None).await,
            Err(Kind::Tls(TlsFault::WantsCertificate))
        );
        assert_eq!(
            probe(Some(pair(&other))).await,
            Err(Kind::Tls(TlsFault::CertificateRefused))
        );
    }
    let seen = registry::Registry::certificate(&host(&server.host()), &options(made, None))
        .await
        .unwrap();
    assert!(seen.asks_for_ours && seen.wrong.is_empty(), "{seen:?}");

    let probed = probe(Some(pair(made))).await.unwrap();
    let own = options(made, Some(pair(made)));
    let client = registry::Registry::open(probed.endpoint, signed_in(), Some(probed.ways), &own);
    let client = client.unwrap();
    client.check().await.unwrap();
    assert!(
        app(&client)
            .tags()
            .listing()
            .await
            .is_err_and(|error| error.kind == Kind::NotFound)
    );
}

/// A server of an authority, which counts how often somebody showed who they are.
async fn curious(of: &Certificates) -> (Scripted, Arc<Shown>) {
    Scripted::start_asking(of).await.unwrap()
}

fn endpoint(server: &Scripted) -> Endpoint {
    Endpoint {
        scheme: Scheme::Https,
        host: host(&server.host()),
    }
}

/// The storage is of the registry's own authority, and on the same host even.
#[tokio::test]
async fn neither_the_pair_nor_the_authority_goes_along_with_a_redirect() {
    let made = Certificates::for_loopback().unwrap();
    let (server, shown) = curious(&made).await;
    let (storage, shown_to_storage) = curious(&made).await;
    server.put_blob("team/app", b"{}");
    storage.put_blob("any", b"{}");
    let own = options(&made, Some(pair(&made)));
    let client = registry::Registry::with_options(endpoint(&server), anonymous(), &own).unwrap();
    client.check().await.unwrap();
    assert!(shown.times() > 0, "the registry is shown it");
    server.set(|faults| faults.redirect_blobs = Some(format!("https://{}", storage.host())));
    let config = oci::Descriptor {
        media_type: MediaType::Other("application/vnd.oci.image.config.v1+json".into()),
        ..layer(b"{}")
    };
    let error = app(&client).small_blob(&config).await.unwrap_err();
    assert_eq!(error.kind, Kind::Tls(TlsFault::UnknownIssuer), "{error}");
    assert_eq!(shown_to_storage.times(), 0);
    assert_eq!(storage.requests(), []);
    assert_eq!(config.digest, Digest::sha256_of(b"{}"));
}

/// A registry whose tokens come from another server of the same authority.
async fn with_service(made: &Certificates) -> (Scripted, Scripted, Arc<Shown>) {
    with_service_of(made, made).await
}

/// The same, and the token service is of an authority of its own.
async fn with_service_of(
    made: &Certificates,
    of_service: &Certificates,
) -> (Scripted, Scripted, Arc<Shown>) {
    let (server, _) = curious(made).await;
    let (service, shown) = curious(of_service).await;
    let realm = format!("https://{}/token", service.host());
    service.script(|asked| (asked.path == "/token").then(|| Answer::json(r#"{"token":"yes"}"#)));
    server.script(move |asked| {
        let challenge = format!(r#"Bearer realm="{realm}",service="s""#);
        (asked.token() != "yes").then(|| Answer::challenge(challenge))
    });
    (server, service, shown)
}

#[tokio::test]
async fn a_token_service_that_was_agreed_to_belongs_to_the_registry() {
    let made = Certificates::for_loopback().unwrap();
    let (server, service, shown) = with_service(&made).await;
    let own = options(&made, Some(pair(&made)));
    let probe = registry::Registry::probe_with(&host(&server.host()), None, &own)
        .await
        .unwrap();
    assert_eq!(shown.times(), 0, "not before it was agreed to");
    let client =
        registry::Registry::open(probe.endpoint, signed_in(), Some(probe.ways), &own).unwrap();
    client.check().await.unwrap();
    assert!(shown.times() > 0 && !service.requests().is_empty());
}

/// Nobody in particular asks whom the registry names for a token, as Docker does: its authority vouches there, and nothing is shown.
#[tokio::test]
async fn a_token_service_elsewhere_is_not_shown_the_pair() {
    let made = Certificates::for_loopback().unwrap();
    let (server, service, shown) = with_service(&made).await;
    let own = options(&made, Some(pair(&made)));
    let open = |sign_in| {
        let agreed = Some(registry::SignInWay::Basic.into());
        registry::Registry::open(endpoint(&server), sign_in, agreed, &own).unwrap()
    };
    let way = registry::SignInWay::parse(&format!("bearer https://{}", service.host()));
    let wanted = way.unwrap();
    assert_eq!(
        open(signed_in()).check().await.unwrap_err().kind,
        Kind::SignInChanged { wanted }
    );
    assert_eq!(service.requests(), []);
    open(anonymous()).check().await.unwrap();
    assert_eq!((service.requests().len(), shown.times()), (1, 0));
    // Where the service sends on to, no registry has named.
    let (other, _) = curious(&made).await;
    let there = format!("https://{}/token", other.host());
    service.script(move |_| Some(Answer::redirect(307, there.clone())));
    let error = open(anonymous()).check().await.unwrap_err();
    assert_eq!(error.kind, Kind::Tls(TlsFault::UnknownIssuer), "{error}");
    assert_eq!(other.requests(), []);
}

/// Tells whom a failure is about, where that is another server than the registry.
fn whose(error: &registry::Error) -> Option<(String, bool)> {
    let elsewhere = error.elsewhere.as_ref()?;
    Some((elsewhere.host.to_string(), elsewhere.gives_tokens))
}

#[tokio::test]
async fn a_certificate_may_be_trusted_at_a_token_service_alone() {
    let (made, other) = (
        Certificates::for_loopback().unwrap(),
        Certificates::for_loopback().unwrap(),
    );
    let (server, service, _) = with_service_of(&made, &other).await;
    let (at, of_service) = (host(&server.host()), host(&service.host()));
    let bare = options(&made, None);
    let agreed = registry::Registry::probe_with(&at, None, &bare)
        .await
        .unwrap()
        .ways;
    let check = async |sign_in, own: &HttpOptions| {
        let ways = Some(agreed.clone());
        let client = registry::Registry::open(endpoint(&server), sign_in, ways, own).unwrap();
        client.check().await
    };
    for sign_in in [anonymous(), signed_in()] {
        let error = check(sign_in, &bare).await.unwrap_err();
        assert_eq!(error.kind, Kind::Tls(TlsFault::UnknownIssuer));
        assert_eq!(whose(&error), Some((service.host(), true)), "{error:?}");
    }
    let seen = registry::Registry::service_certificate(&of_service, &bare)
        .await
        .unwrap();
    assert_eq!(seen.wrong, [TlsFault::UnknownIssuer]);
    let pinned = |trusted| {
        let mut own = bare.clone();
        own.tls.services = vec![(of_service.clone(), trusted)];
        own
    };
    let right = pinned(seen.fingerprint);
    for sign_in in [anonymous(), signed_in()] {
        check(sign_in, &right).await.unwrap();
    }
    let now = registry::Registry::service_certificate(&of_service, &right)
        .await
        .unwrap();
    assert_eq!(now.wrong, []);
    // Another one than the trusted one is no better for being of the registry's authority.
    let of_registry = registry::Registry::certificate(&at, &bare)
        .await
        .unwrap()
        .fingerprint;
    for sign_in in [anonymous(), signed_in()] {
        let error = check(sign_in, &pinned(of_registry)).await.unwrap_err();
        assert_eq!(error.kind, Kind::Tls(TlsFault::PinChanged));
    }
    // It vouches for nothing but where tokens come from.
    let digest = server.put_blob("team/app", b"{}");
    service.put_blob("any", b"{}");
    server.set(|faults| {
        faults.script = None;
        faults.redirect_blobs = Some(format!("https://{}", service.host()));
    });
    let client = registry::Registry::open(endpoint(&server), anonymous(), None, &right).unwrap();
    let config = oci::Descriptor {
        media_type: MediaType::Other("application/vnd.oci.image.config.v1+json".into()),
        ..layer(b"{}")
    };
    assert_eq!(config.digest.to_string(), digest);
    let error = app(&client).small_blob(&config).await.unwrap_err();
    assert_eq!(error.kind, Kind::Tls(TlsFault::UnknownIssuer), "{error}");
    assert_eq!(whose(&error), Some((service.host(), false)), "{error:?}");
}

/// What the child that trusts an authority is told of the certificates, a variable each.
const TOLD: [&str; 5] = ["CA", "CERTIFICATE", "KEY", "CLIENT", "CLIENT_KEY"];

/// A server that the system trusts gets through to the point where it could be shown something. Whom the system trusts is said
/// by `SSL_CERT_FILE`, once a process: so this test runs itself again in one of its own.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_the_system_trusts_is_not_shown_the_pair() {
    let told = |name: &str| std::env::var(format!("LONGSHORE_PAIRS_{name}"));
    let (Ok(ca), Ok(certificate), Ok(key), Ok(client), Ok(client_key)) = (
        told(TOLD[0]),
        told(TOLD[1]),
        told(TOLD[2]),
        told(TOLD[3]),
        told(TOLD[4]),
    ) else {
        return again_trusting(&Certificates::for_loopback().unwrap());
    };
    let made = Certificates {
        ca,
        certificate,
        key,
        client,
        client_key,
    };
    let own = HttpOptions {
        tls: TlsOptions {
            client: Some(pair(&made)),
            ..TlsOptions::default()
        },
        ..quick()
    };
    let (server, shown) = curious(&made).await;
    let (storage, shown_to_storage) = curious(&made).await;
    server.put_blob("team/app", b"{}");
    storage.put_blob("any", b"{}");
    server.set(|faults| faults.redirect_blobs = Some(format!("https://{}", storage.host())));
    let client = registry::Registry::with_options(endpoint(&server), anonymous(), &own).unwrap();
    let config = oci::Descriptor {
        media_type: MediaType::Other("application/vnd.oci.image.config.v1+json".into()),
        ..layer(b"{}")
    };
    assert_eq!(app(&client).small_blob(&config).await.unwrap(), "{}");
    assert!(shown.times() > 0);
    assert_eq!(storage.requests().len(), 1);
    assert_eq!(shown_to_storage.times(), 0);

    let (server, service, shown_to_service) = with_service(&made).await;
    let client = registry::Registry::with_options(endpoint(&server), anonymous(), &own).unwrap();
    client.check().await.unwrap();
    assert!(!service.requests().is_empty());
    assert_eq!(shown_to_service.times(), 0);
}

/// Runs the test above in a process whose system trusts this authority.
#[cfg(target_os = "linux")]
fn again_trusting(made: &Certificates) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("trusted-{}.pem", std::process::id()));
    std::fs::write(&file, &made.ca).unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let name = "client_pairs::a_server_that_the_system_trusts_is_not_shown_the_pair";
    child.args(["--exact", name]).env("SSL_CERT_FILE", &file);
    child.env_remove("SSL_CERT_DIR");
    let told = [
        &made.ca,
        &made.certificate,
        &made.key,
        &made.client,
        &made.client_key,
    ];
    for (name, value) in TOLD.into_iter().zip(told) {
        child.env(format!("LONGSHORE_PAIRS_{name}"), value);
    }
    let done = child.output().unwrap();
    std::fs::remove_file(&file).unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_pair_that_is_none_has_its_reason() {
    let (made, other) = (
        Certificates::for_loopback().unwrap(),
        Certificates::for_loopback().unwrap(),
    );
    let read = |certificate: &str, key: &str| {
        ClientPair::read(certificate.as_bytes(), key.as_bytes()).map(drop)
    };
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for (certificate, key, told) in [
        (&made.client, made.client_key.as_str(), Ok(())),
        (&made.client, &other.client_key, Err(FileFault::OtherKey)),
        (
            &made.client_key,
            &made.client_key,
            Err(FileFault::NoCertificate),
        ),
        (&made.client, &made.client, Err(FileFault::NoKey)),
        (&made.client, "", Err(FileFault::NoKey)),
        (&made.client, encrypted, Err(FileFault::EncryptedKey)),
        (&made.client, old, Err(FileFault::EncryptedKey)),
    ] {
        assert_eq!(read(certificate, key), told, "{key}");
    }
    assert_eq!(format!("{:?}", pair(&made)), "ClientPair");
}
