//! Blobs as streams: counted, hashed, gone on with, and verified at their end only.

use std::time::Duration;

use crate::world::*;
use futures_util::FutureExt as _;
use oci::{Descriptor, Digest};
use registry::{BlobReader, Error, HttpOptions, Kind, Registry, Verifier};
use testkit::scripted::{Auth, Faults, Scripted};

const BLOB: &str = "/v2/team/app/blobs/";

/// A registry with one blob of 5000 bytes, a client of it, the blob's bytes and its descriptor.
pub async fn one(change: impl FnOnce(&mut Faults)) -> (Scripted, Registry, Vec<u8>, Descriptor) {
    let (server, client) = open().await;
    let bytes = noise(5000);
    server.put_blob("team/app", &bytes);
    server.set(change);
    let layer = layer(&bytes);
    (server, client, bytes, layer)
}

/// Reads to the end: what came, and how it ended.
pub async fn read(reader: &mut BlobReader) -> (Vec<u8>, Result<(), Error>) {
    let mut all = Vec::new();
    loop {
        match reader.next().await {
            Ok(Some(piece)) => {
                assert!(!reader.is_verified(), "before its end");
                all.extend_from_slice(&piece);
                assert_eq!(reader.position(), all.len() as u64);
            }
            Ok(None) => return (all, Ok(())),
            Err(error) => {
                assert!(!reader.is_verified());
                assert_eq!(reader.next().await, Ok(None), "nothing follows an error");
                return (all, Err(error));
            }
        }
    }
}

/// The `Range` of each request for the blob.
pub fn ranges(server: &Scripted) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests
        .filter(|seen| seen.method == "GET" && seen.path.contains("sha256:"))
        .map(|seen| seen.range)
        .collect()
}

/// Reads a blob under a fault that it gets over.
pub async fn gets_over(change: impl FnOnce(&mut Faults), wanted: &[&str]) {
    let (server, client, bytes, layer) = one(change).await;
    let mut reader = app(&client).blob(&layer).await.unwrap();
    let (all, end) = read(&mut reader).await;
    assert_eq!((all, end), (bytes, Ok(())));
    assert!(reader.is_verified());
    assert_eq!(ranges(&server), wanted);
}

/// Reads a blob under a fault that it does not get over; why, and how many requests that took.
async fn fails(change: impl FnOnce(&mut Faults)) -> (Kind, usize) {
    let (server, client, _, layer) = one(change).await;
    let error = match app(&client).blob(&layer).await {
        Ok(mut reader) => read(&mut reader).await.1.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.request, format!("GET {BLOB}{}", layer.digest));
    (error.kind, server.count("GET", BLOB))
}

#[tokio::test]
async fn a_blob_is_verified_at_its_end() {
    gets_over(|_| {}, &[""]).await;
    gets_over(|faults| faults.blobs_are_chunked = true, &[""]).await;
}

#[tokio::test]
async fn nothing_is_a_blob_too() {
    let (server, client) = open().await;
    server.put_blob("team/app", b"");
    let mut reader = app(&client).blob(&layer(b"")).await.unwrap();
    assert_eq!(read(&mut reader).await, (Vec::new(), Ok(())));
    assert!(reader.is_verified());
}

#[tokio::test]
async fn a_break_is_gone_on_with_where_it_was() {
    gets_over(
        |faults| faults.cut_blobs = vec![1000, 500],
        &["", "bytes=1000-", "bytes=1500-"],
    )
    .await;
    gets_over(
        |faults| (faults.cut_blobs, faults.blobs_are_chunked) = (vec![1000], true),
        &["", "bytes=1000-"],
    )
    .await;
    gets_over(|faults| faults.cut_blobs = vec![0], &["", ""]).await;
    // All of it had come: there is nothing to ask for.
    gets_over(
        |faults| (faults.cut_blobs, faults.blobs_are_chunked) = (vec![5000], true),
        &[""],
    )
    .await;
}

#[tokio::test]
async fn who_cannot_begin_in_the_middle_begins_anew() {
    let cut = |faults: &mut Faults| faults.cut_blobs = vec![1000];
    gets_over(
        |faults| {
            cut(faults);
            faults.no_ranges = true;
        },
        &["", "bytes=1000-"],
    )
    .await;
    gets_over(
        |faults| {
            cut(faults);
            faults.ranges_refused = true;
        },
        &["", "bytes=1000-", ""],
    )
    .await;
    for wrong in [
        "bytes 0-4999/5000",
        "bytes 1000-4999/6000",
        "bytes */5000",
        "none",
    ] {
        gets_over(
            |faults| {
                cut(faults);
                faults.content_range = Some(wrong.to_owned());
            },
            &["", "bytes=1000-", ""],
        )
        .await;
    }
    // A second break then has no range any more.
    gets_over(
        |faults| {
            faults.cut_blobs = vec![1000, 2000];
            faults.ranges_refused = true;
        },
        &["", "bytes=1000-", "", ""],
    )
    .await;
}

#[tokio::test]
async fn it_ends_after_five_breaks() {
    let broken = fails(|faults| faults.cut_blobs = vec![10; 100]).await;
    assert_eq!(broken, (Kind::CutShort, 6));
    let silent = |faults: &mut Faults| faults.hang_blobs = Some(100);
    let (server, _, _, layer) = one(silent).await;
    let client = impatient(&server, Duration::from_millis(400));
    let mut reader = app(&client).blob(&layer).await.unwrap();
    let (all, end) = read(&mut reader).await;
    assert_eq!((all.len(), end.unwrap_err().kind), (600, Kind::Timeout));
    assert_eq!(ranges(&server).last().unwrap(), "bytes=500-");
}

#[tokio::test]
async fn a_registry_that_comes_back_is_heard() {
    let (server, client, bytes, layer) = one(|faults| faults.cut_blobs = vec![1000]).await;
    let mut reader = app(&client).blob(&layer).await.unwrap();
    let first = reader.next().await.unwrap().unwrap();
    server.set(|faults| (faults.cut, faults.unavailable) = (1, 2));
    let (rest, end) = {
        let mut rest = first.to_vec();
        while let Some(piece) = reader.next().await.unwrap() {
            rest.extend_from_slice(&piece);
        }
        (rest, reader.is_verified())
    };
    assert_eq!((rest, end), (bytes, true));
}

#[tokio::test]
async fn a_byte_too_many_or_too_few_is_refused() {
    let more = fails(|faults| faults.blob_grows = 1).await;
    assert_eq!(more, (Kind::TooLarge { limit: 5000 }, 1));
    let more = fails(|faults| (faults.blob_grows, faults.blobs_are_chunked) = (1, true)).await;
    assert_eq!(more, (Kind::TooLarge { limit: 5000 }, 1));
    let fewer = fails(|faults| faults.blob_grows = -1).await;
    let why = "the blob has 4999 bytes, not 5000".to_owned();
    assert_eq!(fewer, (Kind::Malformed(why), 1));
    // Without a length it may have been a break: it is asked again, and once more for the whole.
    let fewer = fails(|faults| (faults.blob_grows, faults.blobs_are_chunked) = (-1, true)).await;
    assert_eq!(fewer, (Kind::CutShort, 3));
}

#[tokio::test]
async fn other_bytes_are_refused_at_the_end() {
    let (_server, client, bytes, layer) = one(|faults| faults.wrong_blobs = true).await;
    let mut reader = app(&client).blob(&layer).await.unwrap();
    let (all, end) = read(&mut reader).await;
    assert_eq!(all.len(), bytes.len());
    let got = Digest::sha256_of(&all);
    let expected = layer.digest;
    assert_eq!(end.unwrap_err().kind, Kind::Digest { expected, got });
}

#[tokio::test]
async fn a_page_and_nothing_are_no_blobs() {
    assert_eq!(
        fails(|faults| faults.html = true).await,
        (Kind::NotARegistry, 1)
    );
    let odd = fails(|faults| faults.status = Some(206)).await;
    assert!(matches!(odd, (Kind::Malformed(_), 1)), "{odd:?}");
    let (_server, client) = open().await;
    let told = app(&client).blob(&layer(b"gone")).await.unwrap_err();
    assert_eq!((told.kind, told.status), (Kind::NotFound, Some(404)));
}

#[tokio::test]
async fn another_host_gets_the_range_but_not_the_sign_in() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client) = closed(auth).await;
        let storage = Scripted::start().await.unwrap();
        let bytes = noise(5000);
        server.put_blob("team/app", &bytes);
        storage.put_blob("any", &bytes);
        storage.set(|faults| faults.cut_blobs = vec![1000]);
        server.set(|faults| faults.redirect_blobs = Some(format!("http://{}", storage.host())));
        let mut reader = app(&client).blob(&layer(&bytes)).await.unwrap();
        assert_eq!(read(&mut reader).await, (bytes, Ok(())));
        let seen = storage.requests();
        assert!(seen.iter().all(|seen| !seen.has_authorization), "{seen:?}");
        assert_eq!(ranges(&storage), ["", "bytes=1000-"]);
        assert!(server.requests().last().unwrap().has_authorization);
    }
}

#[tokio::test]
async fn another_run_goes_on_behind_what_is_there() {
    let (server, client, bytes, layer) = one(|_| {}).await;
    let mut verifier = Verifier::new(&layer);
    verifier.update(&bytes[..2000]).unwrap();
    let mut reader = app(&client).blob_after(verifier).await.unwrap();
    let mut rest = Vec::new();
    while let Some(piece) = reader.next().await.unwrap() {
        rest.extend_from_slice(&piece);
    }
    assert_eq!(rest, bytes[2000..]);
    assert!(reader.is_verified());
    assert_eq!(ranges(&server), ["bytes=2000-"]);

    // What is there already is part of what is verified.
    let mut verifier = Verifier::new(&layer);
    verifier.update(&noise(2001)[1..]).unwrap();
    let mut reader = app(&client).blob_after(verifier).await.unwrap();
    while let Ok(Some(_)) = reader.next().await {}
    assert!(!reader.is_verified());

    // Where all of it is there, nothing is asked for.
    server.forget_requests();
    let mut verifier = Verifier::new(&layer);
    verifier.update(&bytes).unwrap();
    let mut reader = app(&client).blob_after(verifier).await.unwrap();
    assert_eq!(reader.next().await, Ok(None));
    assert!(reader.is_verified() && server.requests().is_empty());
}

#[tokio::test]
async fn what_nobody_has_seen_from_the_beginning_is_never_verified() {
    let (server, client, bytes, layer) = one(|faults| faults.cut_blobs = vec![500]).await;
    let mut reader = app(&client).blob_at(&layer, 3000).await.unwrap();
    let mut rest = Vec::new();
    while let Some(piece) = reader.next().await.unwrap() {
        rest.extend_from_slice(&piece);
    }
    assert_eq!(
        (rest.as_slice(), reader.is_verified()),
        (&bytes[3000..], false)
    );
    assert_eq!(ranges(&server), ["bytes=3000-", "bytes=3500-"]);
    let beyond = app(&client).blob_at(&layer, 5001).await.unwrap_err();
    assert_eq!(beyond.kind, Kind::Invalid);
}

#[tokio::test]
async fn a_stream_outlives_the_longest_request() {
    let slow = |faults: &mut Faults| faults.drip_blobs = Some((100, Duration::from_millis(10)));
    let (server, _, bytes, layer) = one(slow).await;
    let options = HttpOptions {
        longest: Duration::from_millis(100),
        ..quick()
    };
    let client = client_with(&server.host(), anonymous(), &options);
    let mut reader = app(&client).blob(&layer).await.unwrap();
    assert_eq!(read(&mut reader).await, (bytes, Ok(())));
    let whole = app(&client).small_blob(&layer).await.unwrap_err();
    assert_eq!(whole.kind, Kind::Timeout);
}

#[tokio::test]
async fn questions_do_not_wait_behind_layers() {
    let (server, client, _, layer) = one(|_| {}).await;
    server.push_image("team/app", "v1", "one");
    let app = app(&client);
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(app.blob(&layer).await.unwrap());
    }
    let fourth = tokio::spawn({
        let (app, layer) = (app.clone(), layer.clone());
        async move { app.blob(&layer).await.map(|reader| reader.size()) }
    });
    for _ in 0..20 {
        assert!(app.head(&tag("v1")).await.unwrap().is_some());
    }
    assert!(!fourth.is_finished());
    assert_eq!(
        server.count("GET", BLOB),
        3,
        "the fourth waits for its turn"
    );
    // One that has been read gives its place up although it is still there.
    assert!(read(&mut open[0]).await.1.is_ok());
    assert_eq!(fourth.await.unwrap(), Ok(5000));
    assert_eq!(server.count("GET", BLOB), 4);
}

#[tokio::test]
async fn streams_that_break_together_do_not_wait_for_each_other() {
    let (server, client, bytes, layer) = one(|faults| faults.cut_blobs = vec![1000; 3]).await;
    let app = app(&client);
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(app.blob(&layer).await.unwrap());
    }
    let reading = open.iter_mut().map(read);
    let all = futures_util::future::join_all(reading);
    let all = tokio::time::timeout(Duration::from_mins(1), all).await;
    for read in all.expect("each gives its place up before it asks for one") {
        assert_eq!(read, (bytes.clone(), Ok(())));
    }
    assert_eq!(server.count("GET", BLOB), 6);
}

#[tokio::test]
async fn a_reader_that_is_not_waited_for_never_ends_too_early() {
    let (server, client, bytes, layer) = one(|_| {}).await;
    for offset in [0, 500] {
        server.set(|faults| faults.cut_blobs = vec![1000]);
        let mut reader = app(&client).blob_at(&layer, offset).await.unwrap();
        loop {
            match reader.next().now_or_never() {
                Some(Ok(None)) => break assert_eq!(reader.position(), bytes.len() as u64),
                Some(Err(_)) => break assert!(reader.position() < bytes.len() as u64),
                Some(Ok(Some(_))) => {}
                None => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    }
}
