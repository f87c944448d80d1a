//! What is tried again, how often, and how many at once. Nothing here measures time: the log is counted.

use crate::world::*;
use oci::MediaType;
use registry::{Endpoint, HttpOptions, Kind, Registry, Scheme};
use std::time::Duration;
use testkit::scripted::Scripted;

const V1: &str = "/v2/team/app/manifests/v1";

async fn one() -> (Scripted, Registry) {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    (server, client)
}

#[tokio::test]
async fn busy_and_broken_answers_are_tried_again() {
    let (server, client) = one().await;
    server.set(|faults| (faults.too_many, faults.retry_after) = (2, Some("0".into())));
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
    assert_eq!(server.count("GET", V1), 3);
    server.forget_requests();
    server.set(|faults| faults.unavailable = 3);
    assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    assert_eq!(server.count("HEAD", V1), 4);
    server.forget_requests();
    server.set(|faults| faults.cut = 1);
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
    assert_eq!(server.count("GET", V1), 2);
}

#[tokio::test]
async fn storing_and_removing_are_tried_again_too() {
    let (server, client) = one().await;
    let fetched = app(&client).manifest(&tag("v1")).await.unwrap();
    server.set(|faults| faults.cut = 1);
    app(&client)
        .put_manifest(&tag("v2"), &MediaType::OciManifest, fetched.bytes)
        .await
        .unwrap();
    assert_eq!(server.count("PUT", "/v2/team/app/manifests/v2"), 2);
    server.set(|faults| faults.unavailable = 1);
    app(&client).delete(&tag("v2")).await.unwrap();
}

#[tokio::test]
async fn it_ends_after_four_attempts() {
    let (server, client) = one().await;
    server.set(|faults| faults.unavailable = 100);
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.status),
        (Kind::Server, Some(503))
    );
    assert!(error.is_transient());
    assert_eq!(server.count("GET", V1), 4);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_told_instead() {
    let (server, client) = one().await;
    server.set(|faults| (faults.too_many, faults.retry_after) = (1, Some("3600".into())));
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    assert_eq!(
        error.kind,
        Kind::TooMany {
            retry_after: Some(Duration::from_hours(1))
        }
    );
    assert_eq!(server.count("GET", V1), 1);
}

#[tokio::test]
async fn a_refusal_is_not_tried_again() {
    let (server, client) = one().await;
    assert_eq!(
        app(&client).manifest(&tag("none")).await.unwrap_err().kind,
        Kind::NotFound
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn silence_ends() {
    let (server, _) = one().await;
    server.set(|faults| faults.delay = Duration::from_hours(1));
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    let options = HttpOptions {
        read_timeout: Duration::from_millis(100),
        ..quick()
    };
    let client = Registry::with_options(endpoint, anonymous(), &options).unwrap();
    assert_eq!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Timeout
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_gets_six_requests_at_once() {
    let (server, client) = one().await;
    server.set(|faults| faults.delay = Duration::from_millis(30));
    let app = app(&client);
    let asking: Vec<_> = (0..30)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.head(&tag("v1")).await })
        })
        .collect();
    for asked in asking {
        assert!(asked.await.unwrap().unwrap().is_some());
    }
    assert_eq!((server.requests().len(), server.most_at_once()), (30, 6));
}

#[tokio::test]
async fn a_stream_ends_after_four_attempts_too() {
    let (server, client) = one().await;
    let blob = server.put_blob("team/app", b"layer");
    server.set(|faults| faults.unavailable = 100);
    let error = app(&client).blob(&layer(b"layer")).await.unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::Server, Some(503)));
    assert_eq!(
        server.count("GET", &format!("/v2/team/app/blobs/{blob}")),
        4
    );
}

#[tokio::test]
async fn a_refusal_is_told_by_its_status_whatever_its_body_is() {
    let (server, client) = one().await;
    server.set(|faults| faults.half_body = true);
    let error = app(&client).manifest(&tag("none")).await.unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::NotFound, Some(404)));
    assert_eq!(server.requests().len(), 1);
    // More than is read of one.
    server.set(|faults| {
        faults.half_body = false;
        (faults.too_many, faults.busy_text) = (4, Some("x".repeat(100_000)));
    });
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    let busy = Kind::TooMany { retry_after: None };
    assert_eq!((error.kind, error.said.len()), (busy, 0));
}
