//! Manifests as the world sends them: vague types, old formats, receipts of every shape.

use crate::world::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;
use oci::{Digest, Manifest, MediaType};
use registry::{At, Kind};
use serde_json::json;

const OLD: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";

fn another() -> Bytes {
    let config = Digest::sha256_of(b"{}");
    json!({
        "schemaVersion": 2, "mediaType": MediaType::OciManifest.as_str(), "layers": [],
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2},
    })
    .to_string()
    .into()
}

/// A signed manifest of the old format: what was signed, and all bytes.
fn old() -> (String, String) {
    let head = format!(
        r#"{{"schemaVersion":1,"name":"team/app","tag":"old","architecture":"amd64","fsLayers":[{{"blobSum":"{}"}}],"history":[]"#,
        Digest::sha256_of(b"layer")
    );
    let protected =
        json!({"formatLength": head.len(), "formatTail": BASE64.encode("\n}")}).to_string();
    let signatures = json!([{"header": {"alg": "ES256"}, "signature": "AA", "protected": BASE64.encode(protected)}]);
    (
        format!("{head}\n}}"),
        format!("{head},\"signatures\":{signatures}\n}}"),
    )
}

/// Behaviour (manifests): A type that says nothing, has parameters, is in upper case or is missing is told from the body.
/// Source: file servers and proxies before registries; go-containerregistry's users.
#[tokio::test]
async fn a_type_that_says_nothing_is_told_from_the_body() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let app = app(&client);
    for sent in [
        "application/json",
        "text/plain; charset=utf-8",
        "APPLICATION/VND.OCI.IMAGE.MANIFEST.V1+JSON;charset=utf-8",
        "application/octet-stream",
        "",
    ] {
        server.set(|faults| faults.content_type = Some(sent.into()));
        let fetched = app.manifest(&tag("v1")).await.unwrap();
        assert_eq!(
            (fetched.digest, fetched.media_type),
            (pushed.clone(), MediaType::OciManifest),
            "{sent:?}"
        );
        let head = app.head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!(
            (head.digest, head.media_type),
            (pushed.clone(), MediaType::OciManifest),
            "{sent:?}"
        );
    }
    server.set(|faults| faults.no_content_type = true);
    assert_eq!(
        app.manifest(&tag("v1")).await.unwrap().media_type,
        MediaType::OciManifest
    );
    server.set(|faults| {
        (faults.no_content_type, faults.content_type) = (false, Some("image/png".into()));
    });
    assert!(matches!(
        app.manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
}

/// Behaviour (manifests): A digest that no header tells is computed from the bytes; one that contradicts them is an error.
/// Source: distribution-spec, where the header is a SHOULD.
#[tokio::test]
async fn a_digest_is_computed_where_none_is_told() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let app = app(&client);
    for header in [None, Some(String::new())] {
        server.set(|faults| {
            (faults.no_digest_header, faults.digest_header) = (header.is_none(), header);
        });
        assert_eq!(app.manifest(&tag("v1")).await.unwrap().digest, pushed);
        assert_eq!(app.head(&tag("v1")).await.unwrap().unwrap().digest, pushed);
    }
    server.set(|faults| faults.digest_header = Some(Digest::sha256_of(b"else").to_string()));
    assert!(matches!(
        app.manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Digest { .. }
    ));
}

/// Behaviour (manifests): A signed image of the old format has the digest of what was signed, and is no alarm.
/// Source: quay.io, ACR and BioContainers still hold such images; libtrust.
#[tokio::test]
async fn an_old_signed_image_is_read_and_stored_again() {
    let (server, client) = open().await;
    let (payload, bytes) = old();
    let of_payload = Digest::sha256_of(payload.as_bytes());
    server.put_manifest_as(
        "team/app",
        "old",
        of_payload.as_str(),
        OLD,
        bytes.as_bytes(),
    );
    let app = app(&client);
    let head = app.head(&tag("old")).await.unwrap().unwrap();
    assert_eq!(
        (head.digest, head.media_type),
        (of_payload.clone(), MediaType::OldSigned)
    );
    for sent in [
        None,
        Some("application/json"),
        Some("application/vnd.docker.distribution.manifest.v1+json"),
    ] {
        server.set(|faults| faults.content_type = sent.map(Into::into));
        for at in [tag("old"), At::Digest(of_payload.clone())] {
            let fetched = app.manifest(&at).await.unwrap();
            assert_eq!(
                (&fetched.digest, &fetched.bytes[..]),
                (&of_payload, bytes.as_bytes())
            );
            let Manifest::Old(image) = fetched.manifest else {
                panic!("{:?}", fetched.manifest)
            };
            assert_eq!(image.layers, [Digest::sha256_of(b"layer")]);
        }
    }
    server.set(|faults| {
        faults.content_type = None;
        faults.receipt_digest = Some(of_payload.to_string());
    });
    let put = app
        .put_manifest(&tag("again"), &MediaType::OldSigned, bytes.into())
        .await
        .unwrap();
    assert_eq!(put.digest, of_payload);
}

#[tokio::test]
async fn hostile_an_old_image_with_another_payload_is_refused() {
    let (server, client) = open().await;
    let (payload, bytes) = old();
    let of_payload = Digest::sha256_of(payload.as_bytes());
    for changed in [
        bytes.replace("amd64", "arm64"),
        bytes.replace("formatLength", "other"),
        bytes.replace("signatures", "signature"),
    ] {
        server.put_manifest_as(
            "team/app",
            "old",
            of_payload.as_str(),
            OLD,
            changed.as_bytes(),
        );
        let got = app(&client).manifest(&tag("old")).await;
        // The name of the field stands in base64, so only the first and the last are changed by it.
        if changed != bytes {
            assert!(
                matches!(got.unwrap_err().kind, Kind::Digest { .. }),
                "{changed}"
            );
        }
    }
}

/// Behaviour (manifests): A receipt that is a page, or says nothing, is a receipt: the status decides, and the digest is asked for.
/// Source: Quay answers 201, `text/html` and "OK" to a manifest; distribution-spec wants `Location` alone.
#[tokio::test]
async fn a_receipt_may_be_a_page_or_nothing() {
    let (server, client) = open().await;
    let app = app(&client);
    let right = Digest::sha256_of(&another());
    server.set(|faults| faults.html_receipt = true);
    let put = app
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await
        .unwrap();
    assert_eq!(put.digest, right);
    assert_eq!(server.requests().len(), 1, "the header has told it");
    server.set(|faults| (faults.html_receipt, faults.bare_receipt) = (false, true));
    for at in [tag("v2"), At::Digest(right.clone())] {
        let put = app
            .put_manifest(&at, &MediaType::OciManifest, another())
            .await
            .unwrap();
        assert_eq!(put.digest, right);
    }
    assert_eq!(server.count("HEAD", "/v2/team/app/manifests/"), 2);
}

/// Behaviour (manifests): A receipt with another digest, or with one that is none, is checked against what is there now.
/// Source: proxies that answer with the digest of their own form; a manifest that was changed on its way.
#[tokio::test]
async fn a_receipt_that_contradicts_is_checked_against_what_is_there() {
    let (server, client) = open().await;
    let app = app(&client);
    for other in [
        "sha256:none".to_owned(),
        Digest::sha256_of(b"else").to_string(),
    ] {
        server.set(|faults| faults.receipt_digest = Some(other));
        let put = app
            .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
            .await
            .unwrap();
        assert_eq!(put.digest, Digest::sha256_of(&another()));
    }
    server.set(|faults| faults.wrong_digest = true);
    let put = app
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await;
    assert!(matches!(put.unwrap_err().kind, Kind::Digest { .. }));
}

/// A receipt that names another digest, where something else is there by the time it is looked after: what is told is the receipt.
#[tokio::test]
async fn a_receipt_of_something_else_is_told_as_it_was() {
    let (server, client) = open().await;
    let other = Digest::sha256_of(b"another");
    server.set(|faults| faults.receipt_digest = Some(other.to_string()));
    server.before("GET", "/manifests/v1", |hand| {
        hand.push_image("team/app", "v1", "of somebody else");
    });
    let error = put(&app(&client), "v1").await.unwrap_err();
    let expected = Digest::sha256_of(b"{}");
    assert_eq!(
        error.kind,
        Kind::Digest {
            expected,
            got: other
        }
    );
}
