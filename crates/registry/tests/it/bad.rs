//! What registries should not do.

use crate::world::*;
use oci::MediaType;
use registry::{Error, Kind, Registry};
use testkit::scripted::{Faults, Scripted};

/// What each way of asking says to one fault.
async fn every_way(registry: &Registry) -> Vec<(&'static str, Error)> {
    let app = app(registry);
    let bytes = bytes::Bytes::from_static(b"{}");
    vec![
        ("check", registry.check().await.unwrap_err()),
        ("catalog", registry.catalog().next().await.unwrap_err()),
        ("tags", app.tags().next().await.unwrap_err()),
        ("head", app.head(&tag("v1")).await.unwrap_err()),
        ("manifest", app.manifest(&tag("v1")).await.unwrap_err()),
        (
            "put",
            app.put_manifest(&tag("v2"), &MediaType::OciManifest, bytes)
                .await
                .unwrap_err(),
        ),
    ]
}

async fn with(change: impl FnOnce(&mut Faults)) -> (Scripted, Registry) {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    server.set(change);
    (server, client)
}

#[tokio::test]
async fn a_web_page_is_not_a_registry() {
    let (_server, client) = with(|faults| faults.html = true).await;
    for (way, error) in every_way(&client).await {
        assert_eq!(error.kind, Kind::NotARegistry, "{way}: {error}");
    }
}

#[tokio::test]
async fn a_500_is_the_registrys_failure_and_not_tried_again() {
    let (server, client) = with(|faults| faults.status500 = true).await;
    for (way, error) in every_way(&client).await {
        assert_eq!(
            (error.kind.clone(), error.status),
            (Kind::Server, Some(500)),
            "{way}"
        );
        assert_eq!(error.own_words(), None, "a page says nothing");
    }
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn half_a_body_is_cut_short_and_tried_again() {
    let (server, client) = with(|faults| faults.half_body = true).await;
    assert_eq!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::CutShort
    );
    assert_eq!(server.count("GET", "/v2/team/app/manifests/v1"), 4);
    assert_eq!(
        app(&client).tags().next().await.unwrap_err().kind,
        Kind::CutShort
    );
}

#[tokio::test]
async fn a_manifest_of_50_mib_is_not_read() {
    let limit = registry::MANIFEST_LIMIT;
    for chunked in [false, true] {
        let (server, client) = with(|faults| {
            faults.huge_manifest = true;
            faults.huge_is_chunked = chunked;
        })
        .await;
        let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
        assert_eq!(error.kind, Kind::TooLarge { limit }, "chunked: {chunked}");
        assert_eq!(
            server.requests().len(),
            1,
            "asking again would not make it smaller"
        );
    }
}

#[tokio::test]
async fn statuses_without_a_body_are_told_apart() {
    for (status, kind) in [
        (301, Kind::Malformed("a redirect to nowhere".into())),
        (403, Kind::Denied),
        (404, Kind::NotFound),
        (405, Kind::Unsupported),
        (418, Kind::Refused),
    ] {
        let (_server, client) = with(|faults| faults.status = Some(status)).await;
        let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
        assert_eq!((error.kind, error.status), (kind, Some(status)));
    }
}

#[tokio::test]
async fn a_list_that_is_json_but_no_list_is_malformed() {
    let (_server, client) = with(|faults| faults.status = Some(200)).await;
    assert!(matches!(
        app(&client).tags().next().await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
    assert!(matches!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
}
