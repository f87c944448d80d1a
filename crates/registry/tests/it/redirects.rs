//! Blobs that lie elsewhere.

use std::collections::BTreeMap;

use crate::world::*;
use oci::{Descriptor, Digest, MediaType};
use registry::Kind;
use testkit::scripted::{Auth, Scripted};

fn config(bytes: &[u8]) -> Descriptor {
    Descriptor {
        media_type: MediaType::Other("application/vnd.oci.image.config.v1+json".into()),
        digest: Digest::sha256_of(bytes),
        size: bytes.len() as u64,
        platform: None,
        annotations: BTreeMap::new(),
    }
}

/// Behaviour (addresses): A layer lies at another host, which is asked without the sign-in.
/// Source: Pulp, and every registry before an object store.
#[tokio::test]
async fn another_host_gets_the_request_but_not_the_sign_in() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client) = closed(auth).await;
        let storage = Scripted::start().await.unwrap();
        server.put_blob("team/app", b"{}");
        storage.put_blob("any", b"{}");
        server.set(|faults| faults.redirect_blobs = Some(format!("http://{}", storage.host())));
        assert_eq!(app(&client).small_blob(&config(b"{}")).await.unwrap(), "{}");
        assert!(
            app(&client)
                .has_blob(&Digest::sha256_of(b"{}"))
                .await
                .unwrap()
        );
        let seen = storage.requests();
        assert_eq!(seen.len(), 2, "{auth:?}");
        assert!(seen.iter().all(|seen| !seen.has_authorization), "{seen:?}");
        assert!(
            seen[0].path.contains("?signature="),
            "the query of the redirect is kept"
        );
        assert!(server.requests().iter().any(|seen| seen.has_authorization));
    }
}

#[tokio::test]
async fn the_same_host_keeps_the_sign_in() {
    let (server, client) = closed(Auth::Basic).await;
    server.put_blob("team/app", b"{}");
    server.set(|faults| faults.redirect_blobs = Some(String::new()));
    assert_eq!(app(&client).small_blob(&config(b"{}")).await.unwrap(), "{}");
    let last = server.requests().pop().unwrap();
    assert!(
        last.path.starts_with("/elsewhere/") && last.authorization == "Basic",
        "{last:?}"
    );
}

#[tokio::test]
async fn other_bytes_from_elsewhere_are_refused() {
    let (server, client) = open().await;
    server.put_blob("team/app", b"{}");
    let storage = Scripted::start().await.unwrap();
    storage.set(|faults| faults.html = true);
    server.set(|faults| faults.redirect_blobs = Some(format!("http://{}", storage.host())));
    assert_eq!(
        app(&client)
            .small_blob(&config(b"{}"))
            .await
            .unwrap_err()
            .kind,
        Kind::NotARegistry
    );
}

#[tokio::test]
async fn a_sign_in_that_the_other_host_wants_is_not_given() {
    let (server, client) = closed(Auth::Basic).await;
    server.put_blob("team/app", b"{}");
    let storage = Scripted::start().await.unwrap();
    storage.set(|faults| faults.status = Some(401));
    server.set(|faults| faults.redirect_blobs = Some(format!("http://{}", storage.host())));
    let error = app(&client).small_blob(&config(b"{}")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Denied);
    assert_eq!(
        error.request,
        format!("GET http://{}/…", storage.host()),
        "no signature in it"
    );
    assert_eq!(storage.requests().len(), 1);
}

#[tokio::test]
async fn circles_and_wrong_ways_end() {
    let (server, client) = open().await;
    server.put_blob("team/app", b"{}");
    server.set(|faults| faults.redirect_in_circles = true);
    assert!(matches!(
        app(&client)
            .small_blob(&config(b"{}"))
            .await
            .unwrap_err()
            .kind,
        Kind::Malformed(_)
    ));
    assert_eq!(server.requests().len(), 6, "five redirects");
    server.set(|faults| {
        (faults.redirect_in_circles, faults.redirect_blobs) = (false, Some("file:///etc".into()));
    });
    assert!(matches!(
        app(&client)
            .small_blob(&config(b"{}"))
            .await
            .unwrap_err()
            .kind,
        Kind::Malformed(_)
    ));
}
