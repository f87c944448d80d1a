//! Streams against a real registry: layers in chunks, and on from where they broke.

use std::io;
use std::time::Duration;

use crate::world::*;
use bytes::Bytes;
use futures_util::StreamExt as _;
use oci::{Digest, RepositoryName};
use registry::{Bytestream, Committed, Kind, Repository, Source, Standing, Started, Verifier};
use testkit::parts::{Part, Registry, RegistryOptions, need};

async fn start(token: bool) -> (Registry, registry::Registry) {
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        token,
        ..RegistryOptions::default()
    };
    let server = Registry::start(options).await.unwrap();
    let client = client(&server.host(), signed_in());
    (server, client)
}

/// Uploads a blob in chunks of this size.
async fn store(app: &Repository, bytes: &[u8], size: u64) {
    let source = Source::of_bytes(bytes.to_vec());
    let mut upload = started(app).await;
    while upload.offset() < source.length() {
        upload = open_at(app.upload_chunk(&upload, &source, size).await);
    }
    let digest = Digest::sha256_of(bytes);
    let end = app.commit_upload(&upload, &digest).await;
    assert_eq!(end, Ok(Committed::Stored));
}

#[tokio::test]
async fn a_layer_goes_up_in_chunks_and_comes_down_in_parts() {
    if !need(Part::Registry) {
        return;
    }
    for token in [false, true] {
        let (server, client) = start(token).await;
        let app = app(&client);
        let bytes = noise(3_000_000);
        store(&app, &bytes, 1_000_000).await;
        let patches = server.access_log().into_iter();
        assert_eq!(
            patches
                .filter(|line| line.starts_with("PATCH") && line.ends_with("202"))
                .count(),
            3
        );

        let layer = layer(&bytes);
        let mut first = app.blob(&layer).await.unwrap();
        let mut there = Vec::new();
        while there.len() < 1_000_000 {
            there.extend_from_slice(&first.next().await.unwrap().unwrap());
        }
        drop(first);
        let mut verifier = Verifier::new(&layer);
        verifier.update(&there).unwrap();
        let mut rest = app.blob_after(verifier).await.unwrap();
        while let Some(piece) = rest.next().await.unwrap() {
            there.extend_from_slice(&piece);
        }
        assert!(rest.is_verified() && there == bytes);
        assert!(server.access_log().last().unwrap().ends_with("206"));

        // From there it is mounted elsewhere, without its bytes.
        let other = client.repository(RepositoryName::parse("team/other").unwrap());
        let started = other.start_upload(Some((&layer.digest, app.name()))).await;
        assert_eq!(started, Ok(Started::Mounted));
        assert!(other.has_blob(&layer.digest).await.unwrap());
    }
}

#[tokio::test]
async fn an_upload_goes_on_after_the_registry_was_started_again() {
    if !need(Part::Registry) {
        return;
    }
    let (mut server, client) = start(false).await;
    let app = app(&client);
    let bytes = noise(200_000);
    let source = Source::of_bytes(bytes.clone());
    let upload = started(&app).await;
    assert_eq!(open_at(app.upload_status(&upload).await).offset(), 0);
    let upload = open_at(app.upload_chunk(&upload, &source, 150_000).await);
    let stored = serde_json::to_string(&upload).unwrap();
    server.run().await.unwrap();
    let upload = serde_json::from_str(&stored).unwrap();
    let upload = open_at(app.upload_status(&upload).await);
    assert_eq!(upload.offset(), 150_000);
    let upload = open_at(app.upload_chunk(&upload, &source, u64::MAX).await);
    let digest = Digest::sha256_of(&bytes);
    assert_eq!(
        app.commit_upload(&upload, &digest).await,
        Ok(Committed::Stored)
    );
    let given_up = started(&app).await;
    app.cancel_upload(&given_up).await.unwrap();
    assert_eq!(app.upload_status(&given_up).await, Ok(Standing::Forgotten));
}

#[tokio::test]
async fn an_upload_that_broke_inside_a_chunk_is_forgotten() {
    if !need(Part::Registry) {
        return;
    }
    let (_server, client) = start(false).await;
    let app = app(&client);
    let bytes = noise(3_000_000);
    let upload = started(&app).await;
    let half = Bytes::from(bytes[..1_500_000].to_vec());
    let broken = Source::new(bytes.len() as u64, move |_| {
        let pieces = [Ok(half.clone()), Err(io::Error::other("unplugged"))];
        let pieces: Bytestream = futures_util::stream::iter(pieces).boxed();
        async { Ok(pieces) }
    });
    let told = app
        .upload_chunk(&upload, &broken, u64::MAX)
        .await
        .unwrap_err();
    assert_eq!(told.kind, Kind::Invalid, "{told:?}");
    // distribution 2.8 drops what it has when it is asked, once it has noticed the break.
    let mut standing = app.upload_status(&upload).await.unwrap();
    for _ in 0..500 {
        let Standing::Open(upload) = &standing else {
            break;
        };
        assert_eq!(upload.offset(), 0, "what broke off does not count");
        tokio::time::sleep(Duration::from_millis(10)).await;
        standing = app.upload_status(upload).await.unwrap();
    }
    assert_eq!(standing, Standing::Forgotten);
    store(&app, &bytes, u64::MAX).await;
    assert!(app.has_blob(&Digest::sha256_of(&bytes)).await.unwrap());
}
