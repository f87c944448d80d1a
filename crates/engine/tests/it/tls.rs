//! A real engine behind TLS, which wants to know whom it talks to.

use std::path::{Path, PathBuf};

use engine::{Address, Engine, Error, TlsFiles, Unreachable};
use testkit::parts::{Certificates, Dockerd, EngineKind, Part, need};

/// Puts certificates into files as Docker keeps them.
fn files(folder: &Path, ca: &str, client: Option<(&str, &str)>) -> TlsFiles {
    let put = |name: &str, text: &str| -> Option<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    TlsFiles {
        authorities: put("ca.pem", ca),
        certificate: client.and_then(|(certificate, _)| put("cert.pem", certificate)),
        key: client.and_then(|(_, key)| put("key.pem", key)),
    }
}

async fn trouble(authority: &str, files: TlsFiles) -> Unreachable {
    let authority = authority.to_owned();
    match Engine::connect(&Address::Tls { authority, files }).await {
        Err(Error::Unreachable { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

async fn round(kind: EngineKind) {
    let dockerd = Dockerd::start_with_tls(kind).await.unwrap();
    let tls = dockerd.tls().unwrap();
    let ours = &tls.certificates;
    let authority = format!("127.0.0.1:{}", tls.port);
    let folder = tempfile::tempdir().unwrap();
    let client = Some((ours.client.as_str(), ours.client_key.as_str()));

    let known = files(folder.path(), &ours.ca, client);
    let address = Address::Tls {
        authority: authority.clone(),
        files: known.clone(),
    };
    let engine = Engine::connect(&address).await.unwrap();
    assert_eq!(engine.info().await.unwrap().name, "Docker");
    assert_eq!(engine.images().await.unwrap(), []);
    drop(engine.events().await.unwrap());

    // An authority that nobody named.
    let other = Certificates::for_loopback().unwrap();
    let told = trouble(&authority, files(folder.path(), &other.ca, client)).await;
    assert!(matches!(told, Unreachable::Untrusted(_)), "{told:?}");
    // The system's, which don't know it either.
    let told = trouble(&authority, TlsFiles::default()).await;
    assert!(matches!(told, Unreachable::Untrusted(_)), "{told:?}");
    // No certificate of ours, then one that the engine doesn't know.
    let told = trouble(&authority, files(folder.path(), &ours.ca, None)).await;
    assert!(matches!(told, Unreachable::WantsCertificate), "{told:?}");
    let stranger = Some((other.client.as_str(), other.client_key.as_str()));
    let told = trouble(&authority, files(folder.path(), &ours.ca, stranger)).await;
    assert!(matches!(told, Unreachable::WantsCertificate), "{told:?}");
    // A name that the certificate is not made out to.
    let known = files(folder.path(), &ours.ca, client);
    let by_other_name = format!("127.0.0.2:{}", tls.port);
    let told = Engine::connect(&Address::Tls {
        authority: by_other_name,
        files: known.clone(),
    })
    .await;
    assert!(told.is_err(), "{told:?}");
    // A file that is no key.
    std::fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
    let told = trouble(&authority, known).await;
    assert!(
        matches!(&told, Unreachable::Certificates { file, .. } if file.ends_with("key.pem")),
        "{told:?}"
    );
}

#[tokio::test]
async fn docker_behind_tls_is_checked_and_checks_us() {
    if need(Part::Dockerd) {
        round(EngineKind::Debian).await;
    }
}

#[tokio::test]
async fn the_newest_docker_behind_tls_is_too() {
    if need(Part::NewDockerd) {
        round(EngineKind::Containerd).await;
    }
}

#[tokio::test]
async fn what_speaks_no_tls_is_told_to_be_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while let Ok((mut guest, _)) = listener.accept().await {
            let said = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
            let _ = guest.write_all(said).await;
        }
    });
    let told = trouble(&authority, TlsFiles::default()).await;
    assert!(matches!(told, Unreachable::NoTls), "{told:?}");
}
