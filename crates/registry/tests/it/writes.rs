//! Small blobs stored, and what refers to a manifest.

use crate::world::*;
use oci::{Digest, MediaType};
use registry::{At, Kind};
use testkit::images::{self, ImageSpec};
use testkit::parts::{Part, RegistryOptions, need};
use testkit::scripted::Answer;

const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A manifest about another one.
fn about(subject: &Digest, artifact_type: &str) -> String {
    let empty = serde_json::json!({"mediaType": EMPTY, "digest": Digest::sha256_of(b"{}").as_str(), "size": 2});
    serde_json::json!({
        "schemaVersion": 2, "mediaType": MediaType::OciManifest.as_str(), "artifactType": artifact_type,
        "config": empty, "layers": [empty],
        "subject": {"mediaType": MediaType::OciManifest.as_str(), "digest": subject.as_str(), "size": 1},
    })
    .to_string()
}

#[tokio::test]
async fn a_small_blob_is_stored_once() {
    let (server, client) = open().await;
    let app = app(&client);
    let digest = app.put_blob(&b"{}"[..]).await.unwrap();
    assert_eq!(digest, Digest::sha256_of(b"{}"));
    assert!(app.has_blob(&digest).await.unwrap());
    assert_eq!(server.count("POST", "/v2/team/app/blobs/uploads/"), 1);
    app.put_blob(&b"{}"[..]).await.unwrap();
    assert_eq!(server.count("POST", "/v2/team/app/blobs/uploads/"), 1);
}

#[tokio::test]
async fn a_blob_that_may_not_be_stored_is_said() {
    let (server, client) = open().await;
    server.set(|faults| faults.read_only = true);
    let told = app(&client).put_blob(&b"{}"[..]).await.unwrap_err();
    assert_eq!(told.kind, Kind::Denied);
}

#[tokio::test]
async fn a_real_registry_takes_a_small_blob_and_keeps_no_list_of_referrers() {
    if !need(Part::Registry) {
        return;
    }
    for token in [false, true] {
        let server = testkit::parts::Registry::start(RegistryOptions {
            auth: Some((USER, SECRET)),
            token,
            ..RegistryOptions::default()
        })
        .await
        .unwrap();
        let app = app(&crate::world::client(&server.host(), signed_in()));
        let blob = app.put_blob(&b"{}"[..]).await.unwrap();
        assert!(app.has_blob(&blob).await.unwrap());
        app.put_blob(&b"{}"[..]).await.unwrap();
        let posts = server.access_log();
        let posts = posts
            .iter()
            .filter(|line| line.starts_with("POST") && line.ends_with("202"));
        assert_eq!(posts.count(), 1);

        let image = ImageSpec::of_sizes(1, &[2000]);
        let pushed = images::push(&server, "team/app", "v1", &image)
            .await
            .unwrap();
        let pushed = digest(&pushed);
        assert!(app.referrers(&pushed).await.unwrap().found.is_empty());

        // What a client keeps under the tag of the digest is found there.
        let put = app
            .put_manifest(
                &At::Digest(Digest::sha256_of(
                    about(&pushed, "application/spdx+json").as_bytes(),
                )),
                &MediaType::OciManifest,
                about(&pushed, "application/spdx+json").into(),
            )
            .await
            .unwrap();
        let index = serde_json::json!({
            "schemaVersion": 2, "mediaType": images::INDEX, "manifests": [{
                "mediaType": images::MANIFEST, "digest": put.digest.as_str(), "size": 1,
                "artifactType": "application/spdx+json",
            }],
        });
        let tag = format!("sha256-{}", pushed.hex());
        images::put_manifest(
            &server,
            "team/app",
            &tag,
            images::INDEX,
            index.to_string().into_bytes(),
        )
        .await
        .unwrap();
        let found = app.referrers(&pushed).await.unwrap();
        assert_eq!(app.referrers_by_tag(&pushed).await.unwrap(), found);
        assert_eq!(found.tag.unwrap().as_str(), tag);
        assert_eq!(found.found[0].digest, put.digest);
        assert_eq!(
            found.found[0].artifact_type.as_deref(),
            Some("application/spdx+json")
        );
    }
}

#[tokio::test]
async fn a_registry_that_knows_them_is_believed() {
    let (server, client) = open().await;
    server.set(|faults| faults.referrers = true);
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let app = app(&client);
    assert_eq!(
        app.referrers(&pushed).await.unwrap(),
        registry::Referrers::default()
    );
    let body = about(&pushed, "application/vnd.example.signature");
    let signature = server.put_manifest("team/app", None, images::MANIFEST, body.as_bytes());
    let found = app.referrers(&pushed).await.unwrap();
    assert_eq!((found.tag, found.found.len()), (None, 1));
    assert_eq!(found.found[0].digest.as_str(), signature);
    assert_eq!(
        found.found[0].artifact_type.as_deref(),
        Some("application/vnd.example.signature")
    );
    assert_eq!(server.count("GET", "/v2/team/app/manifests/sha256-"), 0);
    let other = about(&pushed, "application/spdx+json");
    server.put_manifest("team/app", None, images::MANIFEST, other.as_bytes());
    assert_eq!(app.referrers(&pushed).await.unwrap().found.len(), 2);
    let by_tag = app.referrers_by_tag(&pushed).await.unwrap();
    assert_eq!(by_tag.found, [], "no client keeps a tag here");
}

#[tokio::test]
async fn an_upload_that_leads_elsewhere_is_not_followed() {
    let (server, client) = open().await;
    server.set(|faults| faults.uploads_elsewhere = true);
    let told = app(&client).put_blob(&b"{}"[..]).await.unwrap_err();
    assert!(
        matches!(&told.kind, Kind::ForeignHost { host } if host == "foreign.example"),
        "{told:?}"
    );
}

/// Behaviour (manifests): Only a registry that has no list of referrers is asked for the tag of one; a failure is told.
/// Source: distribution-spec 1.1, "Listing Referrers", on 404.
#[tokio::test]
async fn a_failure_is_not_taken_for_no_referrers() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let app = app(&client);
    for failing in ["/referrers/", "/manifests/sha256-"] {
        server.forget_requests();
        server.script(move |asked| asked.path.contains(failing).then(|| Answer::of(500)));
        let error = app.referrers(&pushed).await.unwrap_err();
        assert_eq!((error.kind, error.status), (Kind::Server, Some(500)));
        assert!(server.requests().last().unwrap().path.contains(failing));
    }
    server.script(|_| None);
    assert_eq!(app.referrers(&pushed).await.unwrap().found, []);
}
