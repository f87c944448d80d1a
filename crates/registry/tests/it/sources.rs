//! Where the bytes of an upload come from: slow, broken, opened anew, or from another registry.

use std::io;
use std::time::Duration;

use crate::world::*;
use bytes::Bytes;
use futures_util::StreamExt as _;
use oci::Digest;
use registry::{Bytestream, Committed, Kind, Source};
use testkit::scripted::Auth;

#[tokio::test]
async fn a_registry_that_takes_no_more_is_not_waited_for() {
    let (server, _) = with(|faults| faults.hang_patch = Some(1000)).await;
    let app = app(&impatient(&server, Duration::from_millis(500)));
    let upload = started(&app).await;
    let source = Source::of_bytes(noise(32_000_000));
    let told = app
        .upload_chunk(&upload, &source, u64::MAX)
        .await
        .unwrap_err();
    assert_eq!(told.kind, Kind::Timeout);
    assert_eq!(server.count("PATCH", UPLOADS), 1);
}

#[tokio::test]
async fn a_source_that_takes_its_time_is_not_the_registrys_silence() {
    let (server, _) = open().await;
    let app = app(&impatient(&server, Duration::from_millis(500)));
    let bytes = noise(300);
    let slow = Source::of_bytes(bytes.clone());
    let slow = Source::new(slow.length(), move |offset| {
        let slow = slow.clone();
        async move {
            let pieces = slow.open_at(offset).await?;
            let late = pieces.then(async |piece| {
                tokio::time::sleep(Duration::from_millis(1500)).await;
                piece
            });
            let late: Bytestream = Box::pin(late);
            Ok(late)
        }
    });
    let upload = started(&app).await;
    let upload = open_at(app.upload_chunk(&upload, &slow, 300).await);
    let end = app.commit_upload(&upload, &Digest::sha256_of(&bytes)).await;
    assert_eq!(end, Ok(Committed::Stored));
    assert!(has(&server, &bytes));
}

#[tokio::test]
async fn a_source_that_fails_is_said_as_its_own_failure() {
    let (server, client) = open().await;
    let app = app(&client);
    let piece = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
    let unreadable = move || io::Error::other("the disk is gone");
    let closed = Source::new(10, move |_| async move { Err(unreadable()) });
    let broken = Source::new(10, move |_| async move {
        let pieces = futures_util::stream::iter([piece("half"), Err(unreadable())]);
        let pieces: Bytestream = Box::pin(pieces);
        Ok(pieces)
    });
    let short = Source::new(10, move |_| async move {
        let pieces: Bytestream = Box::pin(futures_util::stream::iter([piece("half")]));
        Ok(pieces)
    });
    for (source, why) in [(closed, "disk"), (broken, "disk"), (short, "end of file")] {
        let upload = started(&app).await;
        let told = app.upload_chunk(&upload, &source, 10).await.unwrap_err();
        assert_eq!(told.kind, Kind::Invalid, "{told:?}");
        assert!(told.cause.as_deref().unwrap().contains(why), "{told:?}");
    }
    assert!(
        server.count("PATCH", UPLOADS) <= 3,
        "nothing is tried again"
    );
}

#[tokio::test]
async fn a_token_that_expired_is_renewed_and_the_source_opened_anew() {
    let (server, client) = closed(Auth::TokenGet).await;
    let app = app(&client);
    let bytes = noise(200_000);
    let (source, opened) = watched(bytes.clone());
    let upload = started(&app).await;
    server.set(|faults| faults.token_uses = Some(1));
    server.expire_tokens();
    let upload = open_at(app.upload_chunk(&upload, &source, u64::MAX).await);
    assert_eq!(*opened.lock().unwrap(), [0, 0]);
    let end = app.commit_upload(&upload, &Digest::sha256_of(&bytes)).await;
    assert_eq!(end, Ok(Committed::Stored));
    assert!(has(&server, &bytes));
}

#[tokio::test]
async fn a_layer_goes_from_one_registry_to_another() {
    let bytes = noise(300_000);
    let (from, reading) = open().await;
    from.put_blob("team/app", &bytes);
    from.set(|faults| faults.cut_blobs = vec![70_000]);
    let (to, writing) = with(|faults| faults.cut_patch = Some(150_000)).await;
    let layer = layer(&bytes);
    let source = app(&reading).blob_source(&layer);
    let app = app(&writing);
    let upload = started(&app).await;
    let told = app
        .upload_chunk(&upload, &source, u64::MAX)
        .await
        .unwrap_err();
    assert_eq!(told.request, format!("PATCH {UPLOADS}…"));
    let upload = open_at(app.upload_status(&upload).await);
    let upload = open_at(app.upload_chunk(&upload, &source, u64::MAX).await);
    let end = app.commit_upload(&upload, &layer.digest).await;
    assert_eq!(end, Ok(Committed::Stored));
    assert!(has(&to, &bytes));

    // Whose failure it was is told: here the one that is read from.
    from.set(|faults| faults.wrong_blobs = true);
    let upload = started(&app).await;
    let told = app
        .upload_chunk(&upload, &source, u64::MAX)
        .await
        .unwrap_err();
    assert!(matches!(told.kind, Kind::Digest { .. }), "{told:?}");
    assert!(told.request.starts_with("GET "), "{told:?}");
}

#[tokio::test]
async fn more_copies_within_one_registry_than_it_serves_at_once_all_end() {
    let (server, client) = with(|faults| faults.delay = Duration::from_millis(20)).await;
    let from = client.repository(oci::RepositoryName::parse("lab/from").unwrap());
    let to = app(&client);
    let copies = (0..8_u8).map(|number| {
        let bytes = vec![number; 50_000];
        server.put_blob("lab/from", &bytes);
        let (from, to) = (from.clone(), to.clone());
        async move {
            let layer = layer(&bytes);
            let upload = started(&to).await;
            let source = from.blob_source(&layer);
            let upload = open_at(to.upload_chunk(&upload, &source, u64::MAX).await);
            to.commit_upload(&upload, &layer.digest).await
        }
    });
    let ended = futures_util::future::join_all(copies);
    // The limit is only there so that a wait for ever ends the test.
    let ended = tokio::time::timeout(Duration::from_mins(1), ended)
        .await
        .unwrap();
    assert!(
        ended.iter().all(|end| *end == Ok(Committed::Stored)),
        "{ended:?}"
    );
}
