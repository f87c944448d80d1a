//! Manifests and configs: read, stored, removed, and always checked.

use std::collections::BTreeMap;

use crate::world::*;
use bytes::Bytes;
use oci::{Descriptor, Digest, ImageConfig, Manifest, MediaType};
use registry::{At, Kind};
use testkit::scripted::{Clock, Faults, Scripted};

fn config_of(manifest: &Manifest) -> Descriptor {
    match manifest {
        Manifest::Image(image) => image.config.clone(),
        other => panic!("{other:?}"),
    }
}

/// A manifest other than the ones the registry has.
fn another() -> Bytes {
    let config = Digest::sha256_of(b"{}");
    let text = format!(
        r#"{{"schemaVersion":2,"mediaType":"{0}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":2}},"layers":[]}}"#,
        MediaType::OciManifest
    );
    text.into()
}

#[tokio::test]
async fn a_manifest_and_its_config_are_read() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let app = app(&client);
    for at in [tag("v1"), At::Digest(pushed.clone())] {
        let fetched = app.manifest(&at).await.unwrap();
        assert_eq!(
            (&fetched.digest, &fetched.media_type),
            (&pushed, &MediaType::OciManifest)
        );
        assert_eq!(
            fetched.bytes,
            server.manifest("team/app", pushed.as_str()).unwrap()
        );
        let config = app.small_blob(&config_of(&fetched.manifest)).await.unwrap();
        assert_eq!(ImageConfig::parse(&config).unwrap().labels["text"], "one");
    }
    let asked = server.requests();
    for media_type in [
        MediaType::OciManifest,
        MediaType::OciIndex,
        MediaType::DockerManifest,
        MediaType::DockerList,
    ] {
        assert!(
            asked[0].accept.contains(media_type.as_str()),
            "{media_type}"
        );
    }
}

#[tokio::test]
async fn a_head_tells_digest_type_size_and_the_registrys_time() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    server.set(|faults| faults.clock = Clock::Fixed("Sat, 21 Nov 2026 02:09:00 GMT".into()));
    let head = app(&client).head(&tag("v1")).await.unwrap().unwrap();
    assert_eq!(
        (&head.digest, &head.media_type),
        (&pushed, &MediaType::OciManifest)
    );
    assert_eq!(
        head.size,
        Some(server.manifest("team/app", pushed.as_str()).unwrap().len() as u64)
    );
    assert_eq!(head.date.unwrap().compact(), "20261121t020900");
    let same = app(&client).head(&At::Digest(pushed.clone())).await;
    assert_eq!(same.unwrap().unwrap(), head);
    assert_eq!(server.count("GET", "/v2/team/app/manifests"), 0);
    assert_eq!(app(&client).head(&tag("v2")).await.unwrap(), None);
}

/// Behaviour (manifests): Where HEAD is refused, or names no digest, the bytes are read and hashed.
/// Source: distribution-spec lets a registry leave the header out.
#[tokio::test]
async fn without_a_digest_header_or_without_head_the_bytes_are_hashed() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let changes: [fn(&mut Faults); 2] = [
        |faults| faults.no_digest_header = true,
        |faults| faults.no_head = true,
    ];
    for change in changes {
        server.set(|faults| *faults = Faults::default());
        server.set(change);
        let head = app(&client).head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!(head.digest, pushed);
        assert_eq!(
            app(&client).manifest(&tag("v1")).await.unwrap().digest,
            pushed
        );
        assert_eq!(app(&client).head(&tag("none")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn bytes_that_do_not_match_the_digest_are_refused() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    server.set(|faults| faults.wrong_digest = true);
    let got = Digest::sha256_of(
        &[
            &server.manifest("team/app", pushed.as_str()).unwrap()[..],
            b" ",
        ]
        .concat(),
    );
    let expected = Kind::Digest {
        expected: pushed.clone(),
        got,
    };
    assert_eq!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        expected
    );
    assert_eq!(
        app(&client)
            .manifest(&At::Digest(pushed.clone()))
            .await
            .unwrap_err()
            .kind,
        expected
    );
    server.set(|faults| faults.no_digest_header = true);
    assert_eq!(
        app(&client)
            .manifest(&At::Digest(pushed.clone()))
            .await
            .unwrap_err()
            .kind,
        expected
    );
}

#[tokio::test]
async fn a_digest_header_that_lies_is_refused() {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    let lie = Digest::sha256_of(b"a lie");
    server.set(|faults| faults.digest_header = Some(lie.to_string()));
    assert!(matches!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Digest { .. }
    ));
    assert!(matches!(
        app(&client)
            .manifest(&At::Digest(pushed.clone()))
            .await
            .unwrap_err()
            .kind,
        Kind::Digest { .. }
    ));
    assert_eq!(
        app(&client)
            .head(&At::Digest(pushed.clone()))
            .await
            .unwrap_err()
            .kind,
        Kind::Digest {
            expected: lie,
            got: pushed
        },
        "HEAD is not believed, and GET contradicts itself"
    );
    server.set(|faults| faults.digest_header = Some("sha256:none".into()));
    assert!(matches!(
        app(&client).head(&tag("v1")).await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
}

#[tokio::test]
async fn a_body_of_another_type_than_sent_is_refused() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    server.set(|faults| faults.content_type = Some(MediaType::DockerManifest.as_str().into()));
    assert!(matches!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
    server.set(|faults| {
        faults.content_type = Some(format!("{}; charset=utf-8", MediaType::OciManifest));
    });
    assert!(
        app(&client).manifest(&tag("v1")).await.is_ok(),
        "parameters do not count"
    );
    server.set(|faults| faults.content_type = Some("application/json".into()));
    assert_eq!(
        app(&client).manifest(&tag("v1")).await.unwrap().media_type,
        MediaType::OciManifest
    );
}

#[tokio::test]
async fn a_stored_manifest_is_the_one_that_was_sent() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    let bytes = another();
    let right = Digest::sha256_of(&bytes);
    let put = app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, bytes.clone())
        .await
        .unwrap();
    assert_eq!(put.digest, right);
    assert_eq!(server.tagged("team/app", "v1"), Some(right.to_string()));
    assert_eq!(server.manifest("team/app", right.as_str()).unwrap(), bytes);
    assert!(put.date.is_some());
}

#[tokio::test]
async fn an_answer_with_another_digest_is_an_error() {
    let (server, client) = open().await;
    server.set(|faults| faults.wrong_digest = true);
    let error = app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await
        .unwrap_err();
    let expected = Kind::Digest {
        expected: Digest::sha256_of(&another()),
        got: Digest::sha256_of(b"something else"),
    };
    assert_eq!(error.kind, expected);
}

/// Behaviour (manifests): A manifest that was taken without naming its digest is asked for.
/// Source: distribution-spec lets a registry leave the header out.
#[tokio::test]
async fn an_answer_without_a_digest_is_checked_by_asking() {
    let (server, client) = open().await;
    server.set(|faults| faults.no_digest_header = true);
    let put = app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await
        .unwrap();
    assert_eq!(put.digest, Digest::sha256_of(&another()));
    assert_eq!(server.count("HEAD", "/v2/team/app/manifests/v1"), 1);
    server.set(|faults| faults.wrong_digest = true);
    let error = app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Digest { .. }), "{error}");
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_sent() {
    let (server, client) = open().await;
    let at = At::Digest(Digest::sha256_of(b"else"));
    let error = app(&client)
        .put_manifest(&at, &MediaType::OciManifest, another())
        .await
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Digest { .. }));
    let most = usize::try_from(registry::MANIFEST_LIMIT).unwrap();
    let of_length = |length| Bytes::from(format!("{{}}{}", " ".repeat(length - 2)));
    let error = app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, of_length(most + 1))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        Kind::TooLarge {
            limit: registry::MANIFEST_LIMIT
        }
    );
    assert_eq!(server.requests(), []);
    app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, of_length(most))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_refused_tag_says_so_in_the_registrys_words() {
    let (server, client) = open().await;
    server.set(|faults| faults.refuse_underscore_tags = true);
    let at = tag(
        "_h.v1.20261121t020900z-2e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04",
    );
    let error = app(&client)
        .put_manifest(&at, &MediaType::OciManifest, another())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.status),
        (Kind::Refused, Some(400))
    );
    assert_eq!(
        error.own_words().as_deref(),
        Some("tags must not begin with an underscore")
    );
}

#[tokio::test]
async fn a_dropped_manifest_is_not_found() {
    let (server, client) = open().await;
    let first = digest(&server.push_image("team/app", "v1", "one"));
    server.set(|faults| faults.drop_overwritten = true);
    app(&client)
        .put_manifest(&tag("v1"), &MediaType::OciManifest, another())
        .await
        .unwrap();
    assert_eq!(
        app(&client).head(&At::Digest(first.clone())).await.unwrap(),
        None
    );
    assert_eq!(
        app(&client)
            .manifest(&At::Digest(first))
            .await
            .unwrap_err()
            .kind,
        Kind::NotFound
    );
}

async fn images() -> (Scripted, registry::Repository, Digest) {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    (server, app(&client), pushed)
}

#[tokio::test]
async fn deleting_is_done_or_says_why_not() {
    let (server, app, pushed) = images().await;
    server.set(|faults| faults.delete_disabled = true);
    assert_eq!(
        app.delete(&tag("v1")).await.unwrap_err().kind,
        Kind::Unsupported
    );
    server.set(|faults| {
        *faults = Faults {
            delete_by_digest_only: true,
            ..Default::default()
        }
    });
    let error = app.delete(&tag("v1")).await.unwrap_err();
    assert!(error.kind == Kind::Refused && error.has_code("DIGEST_INVALID"));
    app.delete(&At::Digest(pushed.clone())).await.unwrap();
    assert_eq!(app.head(&tag("v1")).await.unwrap(), None);
    assert_eq!(
        app.delete(&At::Digest(pushed)).await.unwrap_err().kind,
        Kind::NotFound
    );
}

#[tokio::test]
async fn a_blob_is_there_or_not_and_only_small_ones_are_read() {
    let (server, app, _) = images().await;
    let large = vec![7; 6 * 1024 * 1024];
    let large_digest = digest(&server.put_blob("team/app", &large));
    assert!(app.has_blob(&large_digest).await.unwrap());
    assert!(!app.has_blob(&Digest::sha256_of(b"nothing")).await.unwrap());
    let mut descriptor = Descriptor {
        media_type: MediaType::Other("application/octet-stream".into()),
        digest: large_digest,
        size: large.len() as u64,
        platform: None,
        annotations: BTreeMap::new(),
    };
    server.forget_requests();
    let limit = registry::MANIFEST_LIMIT;
    assert_eq!(
        app.small_blob(&descriptor).await.unwrap_err().kind,
        Kind::TooLarge { limit }
    );
    assert_eq!(server.requests(), [], "its size is known beforehand");
    descriptor.size = 10;
    assert_eq!(
        app.small_blob(&descriptor).await.unwrap_err().kind,
        Kind::TooLarge { limit },
        "a size that lies"
    );
    descriptor.digest = digest(&server.put_blob("team/app", b"small"));
    for (size, is_read) in [(limit, true), (limit + 1, false)] {
        descriptor.size = size;
        assert_eq!(app.small_blob(&descriptor).await.is_ok(), is_read, "{size}");
    }
}
