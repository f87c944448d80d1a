//! Uploads in chunks: what a registry may do on the way, and what is then told.

use crate::world::*;
use oci::{Digest, RepositoryName};
use registry::{Committed, Kind, Repository, Source, Standing, Started, Upload};
use testkit::scripted::{Auth, Faults, Locations, UploadRange};

/// Sends all that is left in chunks of this size, and ends the upload.
async fn finish(app: &Repository, mut upload: Upload, bytes: &[u8], size: u64) -> Committed {
    let source = Source::of_bytes(bytes.to_vec());
    while upload.offset() < source.length() {
        upload = open_at(app.upload_chunk(&upload, &source, size).await);
    }
    let digest = Digest::sha256_of(bytes);
    app.commit_upload(&upload, &digest).await.unwrap()
}

/// An upload as if it had been stored with another offset.
fn moved(upload: &Upload, offset: u64) -> Upload {
    let mut stored = serde_json::to_value(upload).unwrap();
    stored["offset"] = offset.into();
    serde_json::from_value(stored).unwrap()
}

/// Behaviour (addresses): The place of an upload is a path or an absolute address, and another one after each part.
/// Source: distribution, Harbor and Quay send absolute ones, zot, Gitea and olareg paths.
#[tokio::test]
async fn chunks_follow_each_other_wherever_the_registry_says() {
    let bytes = noise(2500);
    for locations in [
        Locations::Path,
        Locations::Absolute,
        Locations::Last,
        Locations::Query,
    ] {
        for created in [false, true] {
            let (server, client) = with(|faults| {
                (faults.locations, faults.created_for_patch) = (locations, created);
            })
            .await;
            let app = app(&client);
            let upload = started(&app).await;
            assert_eq!(finish(&app, upload, &bytes, 1000).await, Committed::Stored);
            assert!(has(&server, &bytes), "{locations:?}");
            let seen = server.requests().into_iter();
            let sent: Vec<_> = seen
                .filter(|seen| seen.method == "PATCH")
                .map(|seen| format!("{} {}", seen.content_range, seen.content_length))
                .collect();
            assert_eq!(sent, ["0-999 1000", "1000-1999 1000", "2000-2499 500"]);
            assert_eq!(server.open_uploads(), 0);
        }
    }
}

#[tokio::test]
async fn a_layer_goes_up_as_one_stream() {
    let (server, client) = open().await;
    let bytes = noise(3_000_000);
    let app = app(&client);
    let upload = started(&app).await;
    assert_eq!(
        finish(&app, upload, &bytes, u64::MAX).await,
        Committed::Stored
    );
    assert_eq!(server.count("PATCH", UPLOADS), 1);
    assert!(has(&server, &bytes));
    // Nothing is a blob too.
    let upload = started(&app).await;
    assert_eq!(finish(&app, upload, b"", 1000).await, Committed::Stored);
    assert!(has(&server, b""));
}

#[tokio::test]
async fn a_registry_may_want_longer_chunks() {
    let (server, client) = with(|faults| faults.chunk_least = Some(2000)).await;
    let app = app(&client);
    let upload = started(&app).await;
    assert_eq!(upload.least(), 2000);
    assert_eq!(
        finish(&app, upload, &noise(2500), 10).await,
        Committed::Stored
    );
    assert_eq!(server.count("PATCH", UPLOADS), 2);
}

#[tokio::test]
async fn what_another_repository_holds_is_mounted() {
    let (server, client) = closed(Auth::TokenGet).await;
    server.put_blob("other/base", b"layer");
    let other = RepositoryName::parse("other/base").unwrap();
    let digest = Digest::sha256_of(b"layer");
    let app = app(&client);
    let mount = Some((&digest, &other));
    assert_eq!(app.start_upload(mount).await, Ok(Started::Mounted));
    assert!(has(&server, b"layer"));
    assert_eq!(server.count("PATCH", UPLOADS), 0);
    let asked = server.requests().into_iter().map(|seen| seen.path);
    assert!(
        asked.clone().any(|path| path.starts_with("/token")
            && path.contains("repository%3Aother%2Fbase%3Apull&")
            && path.contains("repository%3Ateam%2Fapp%3Apull%2Cpush")),
        "{:?}",
        asked.collect::<Vec<_>>()
    );
    let gone = Digest::sha256_of(b"gone");
    for (no_mounts, digest) in [(true, &digest), (false, &gone)] {
        server.set(|faults| faults.no_mounts = no_mounts);
        let started = app.start_upload(Some((digest, &other))).await.unwrap();
        assert!(matches!(started, Started::Upload(_)), "{started:?}");
    }
}

#[tokio::test]
async fn where_mounting_is_refused_an_upload_is_started() {
    let (server, client) = with(|faults| faults.stumbles = 0).await;
    let other = RepositoryName::parse("other/base").unwrap();
    let digest = Digest::sha256_of(b"layer");
    server.set(|faults| (faults.mounts_refused, faults.chunk_least) = (true, Some(7)));
    let started = app(&client).start_upload(Some((&digest, &other))).await;
    assert!(matches!(started, Ok(Started::Upload(upload)) if upload.least() == 7));
    assert_eq!(server.count("POST", UPLOADS), 2);
}

#[tokio::test]
async fn a_chunk_that_broke_off_is_not_sent_again_but_asked_about() {
    let bytes = noise(5000);
    for range in [UploadRange::Last, UploadRange::Unit] {
        let (server, client) = with(|faults| {
            (faults.cut_patch, faults.upload_range) = (Some(1234), range);
        })
        .await;
        let app = app(&client);
        let (source, opened) = watched(bytes.clone());
        let upload = started(&app).await;
        let told = app.upload_chunk(&upload, &source, 5000).await.unwrap_err();
        assert_eq!(told.kind, Kind::CutShort);
        assert_eq!(told.request, format!("PATCH {UPLOADS}…"));
        assert_eq!(server.count("PATCH", UPLOADS), 1);
        let upload = open_at(app.upload_status(&upload).await);
        assert_eq!(upload.offset(), 1234, "{range:?}");
        let upload = open_at(app.upload_chunk(&upload, &source, 5000).await);
        assert_eq!(*opened.lock().unwrap(), [0, 1234]);
        let digest = Digest::sha256_of(&bytes);
        assert_eq!(
            app.commit_upload(&upload, &digest).await,
            Ok(Committed::Stored)
        );
        assert!(has(&server, &bytes));
    }
}

#[tokio::test]
async fn a_forgotten_upload_is_started_anew_and_no_failure() {
    let bytes = noise(5000);
    let digest = Digest::sha256_of(&bytes);
    let source = Source::of_bytes(bytes.clone());
    let (server, client) =
        with(|faults| (faults.cut_patch, faults.forget_cut_uploads) = (Some(1000), true)).await;
    let app = app(&client);
    let upload = started(&app).await;
    assert!(app.upload_chunk(&upload, &source, 5000).await.is_err());
    assert_eq!(app.upload_status(&upload).await, Ok(Standing::Forgotten));
    let chunk = app.upload_chunk(&upload, &source, 5000).await;
    assert_eq!(chunk, Ok(Standing::Forgotten));
    let end = app.commit_upload(&upload, &digest).await;
    assert_eq!(end, Ok(Committed::Forgotten));
    app.cancel_upload(&upload).await.unwrap();
    let upload = started(&app).await;
    assert_eq!(finish(&app, upload, &bytes, 2000).await, Committed::Stored);
    assert!(has(&server, &bytes));
}

#[tokio::test]
async fn a_registry_that_does_not_say_how_far_it_is_has_forgotten() {
    for change in [
        (|faults: &mut Faults| faults.no_upload_status = true) as fn(&mut Faults),
        |faults| faults.upload_range = UploadRange::Missing,
    ] {
        let (_server, client) = with(change).await;
        let app = app(&client);
        let source = Source::of_bytes(noise(500));
        let upload = started(&app).await;
        let upload = open_at(app.upload_chunk(&upload, &source, 100).await);
        assert_eq!(upload.offset(), 100, "what was taken needs no word");
        assert_eq!(app.upload_status(&upload).await, Ok(Standing::Forgotten));
    }
    // More than there is cannot be right.
    let (_server, client) = open().await;
    let app = app(&client);
    let upload = moved(&started(&app).await, 501);
    let source = Source::of_bytes(noise(500));
    let chunk = app.upload_chunk(&upload, &source, 100).await;
    assert_eq!(chunk, Ok(Standing::Forgotten));
}

#[tokio::test]
async fn a_chunk_at_the_wrong_place_is_told_where_the_right_one_is() {
    let bytes = noise(500);
    let (server, client) = open().await;
    let app = app(&client);
    let source = Source::of_bytes(bytes.clone());
    let upload = started(&app).await;
    assert_eq!(open_at(app.upload_status(&upload).await).offset(), 0);
    let upload = open_at(app.upload_chunk(&upload, &source, 200).await);
    for stored in [100, 300] {
        let standing = app
            .upload_chunk(&moved(&upload, stored), &source, 100)
            .await;
        assert_eq!(open_at(standing).offset(), 200);
    }
    assert_eq!(finish(&app, upload, &bytes, 300).await, Committed::Stored);
    assert!(has(&server, &bytes));
}

#[tokio::test]
async fn one_byte_and_none_are_told_apart_by_what_is_known() {
    let (_server, client) = open().await;
    let app = app(&client);
    let upload = started(&app).await;
    let upload = open_at(
        app.upload_chunk(&upload, &Source::of_bytes(noise(9)), 1)
            .await,
    );
    assert_eq!(upload.offset(), 1);
    assert_eq!(open_at(app.upload_status(&upload).await).offset(), 1);
    let upload = started(&app).await;
    assert_eq!(open_at(app.upload_status(&upload).await).offset(), 0);
}

#[tokio::test]
async fn an_upload_leads_to_no_other_host() {
    let (server, client) = with(|faults| faults.uploads_elsewhere = true).await;
    let told = app(&client).start_upload(None).await.unwrap_err();
    assert!(matches!(told.kind, Kind::ForeignHost { .. }), "{told:?}");
    server.set(|faults| faults.uploads_elsewhere = false);
    // One that was stored for another registry is not sent there with the sign-in of this one.
    let upload = started(&app(&client)).await;
    let (elsewhere, other) = closed(Auth::Basic).await;
    server.forget_requests();
    let app = app(&other);
    let source = Source::of_bytes(noise(10));
    let told = [
        app.upload_chunk(&upload, &source, 10).await.map(|_| ()),
        app.upload_status(&upload).await.map(|_| ()),
        app.commit_upload(&upload, &Digest::sha256_of(b""))
            .await
            .map(|_| ()),
        app.cancel_upload(&upload).await,
    ];
    for (told, method) in told.into_iter().zip(["PATCH", "GET", "PUT", "DELETE"]) {
        let told = told.unwrap_err();
        assert!(matches!(told.kind, Kind::ForeignHost { .. }), "{told:?}");
        assert_eq!(told.request, format!("{method} {UPLOADS}"));
    }
    assert_eq!(
        (server.requests().len(), elsewhere.requests().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn other_bytes_than_promised_end_in_a_refusal() {
    let (server, client) = open().await;
    let app = app(&client);
    let upload = started(&app).await;
    let source = Source::of_bytes(noise(10));
    let upload = open_at(app.upload_chunk(&upload, &source, 10).await);
    let told = app
        .commit_upload(&upload, &Digest::sha256_of(b"else"))
        .await;
    let told = told.unwrap_err();
    assert!(
        told.kind == Kind::Refused && told.has_code("DIGEST_INVALID"),
        "{told:?}"
    );
    assert_eq!(server.open_uploads(), 0);
}

#[tokio::test]
async fn an_end_whose_answer_was_lost_is_an_end() {
    let (server, client) = open().await;
    let app = app(&client);
    let bytes = noise(10);
    let upload = started(&app).await;
    let upload = open_at(
        app.upload_chunk(&upload, &Source::of_bytes(bytes.clone()), 10)
            .await,
    );
    server.set(|faults| faults.lose_answers = 1);
    let end = app.commit_upload(&upload, &Digest::sha256_of(&bytes)).await;
    assert_eq!(end, Ok(Committed::Stored));
    assert_eq!(server.count("PUT", UPLOADS), 2);
    server.set(|faults| faults.html = true);
    let upload = Upload::clone(&upload);
    let page = app
        .commit_upload(&upload, &Digest::sha256_of(b"else"))
        .await;
    assert_eq!(page.unwrap_err().kind, Kind::NotARegistry);
}

#[tokio::test]
async fn an_upload_is_given_up() {
    let (server, client) = closed(Auth::TokenGet).await;
    let app = app(&client);
    let upload = started(&app).await;
    assert_eq!(server.open_uploads(), 1);
    app.cancel_upload(&upload).await.unwrap();
    assert_eq!(server.open_uploads(), 0);
    app.cancel_upload(&upload).await.unwrap();
}
