//! Blobs at their edges: none of the bytes, all of them, one too many, and gone on with after many breaks.

use crate::streams::{gets_over, one, read};
use crate::world::*;
use futures_util::TryStreamExt as _;
use registry::{BlobReader, Error, Kind};
use std::time::Duration;

const BLOB: &str = "/v2/team/app/blobs/";

/// Reads on to the failure that it ends with.
async fn failure(reader: &mut BlobReader) -> Error {
    loop {
        match reader.next().await {
            Ok(piece) => assert!(piece.is_some(), "it ended well"),
            Err(error) => return error,
        }
    }
}

#[tokio::test]
async fn what_was_given_out_is_passed_over_however_it_comes() {
    gets_over(
        |faults| {
            (faults.cut_blobs, faults.no_ranges) = (vec![1000], true);
            faults.drip_blobs = Some((300, Duration::from_millis(2)));
        },
        &["", "bytes=1000-"],
    )
    .await;
}

#[tokio::test]
async fn a_byte_too_many_is_refused_where_nothing_can_be_verified() {
    let (_server, client, _, layer) = one(|faults| {
        (
            faults.no_ranges,
            faults.blobs_are_chunked,
            faults.blob_grows,
        ) = (true, true, 1);
    })
    .await;
    let mut reader = app(&client).blob_at(&layer, 3000).await.unwrap();
    let error = failure(&mut reader).await;
    assert_eq!(error.kind, Kind::TooLarge { limit: 5000 });
    assert!(reader.position() <= 5000);
}

#[tokio::test]
async fn a_wrong_length_is_known_before_the_first_byte() {
    for (grows, is_too_large) in [(1, true), (-1, false)] {
        let (_server, client, _, layer) = one(|faults| faults.blob_grows = grows).await;
        let error = app(&client).blob(&layer).await.unwrap_err();
        let too_large = Kind::TooLarge { limit: 5000 };
        assert_eq!(error.kind == too_large, is_too_large, "{error:?}");
    }
}

#[tokio::test]
async fn a_layer_may_break_often_where_much_has_come_in_between() {
    const MEBI: usize = 1024 * 1024;
    let (server, client) = open().await;
    let bytes = vec![0; 10 * MEBI];
    server.put_blob("team/app", &bytes);
    let breaks = [10, 10, 10, 10, 10, 9 * MEBI];
    server.set(|faults| faults.cut_blobs = breaks.to_vec());
    let layer = layer(&bytes);
    let mut reader = app(&client).blob_at(&layer, 1).await.unwrap();
    while reader.next().await.unwrap().is_some() {}
    assert_eq!(reader.position(), layer.size);
    assert_eq!(server.count("GET", BLOB), 1 + breaks.len());
}

#[tokio::test]
async fn a_blob_that_went_meanwhile_is_not_asked_for_from_its_beginning() {
    let (server, client, _, layer) = one(|faults| faults.cut_blobs = vec![1000]).await;
    let mut reader = app(&client).blob(&layer).await.unwrap();
    assert!(reader.next().await.unwrap().is_some());
    server.drop_blob("team/app", layer.digest.as_str());
    assert_eq!(failure(&mut reader).await.kind, Kind::NotFound);
    assert_eq!(server.count("GET", BLOB), 2);
}

#[tokio::test]
async fn behind_the_last_byte_nothing_is_asked_for_and_nothing_is_verified() {
    let (server, client, _, layer) = one(|_| {}).await;
    let mut reader = app(&client).blob_at(&layer, 5000).await.unwrap();
    assert_eq!(reader.next().await, Ok(None));
    assert!(!reader.is_verified() && server.requests().is_empty());
}

#[tokio::test]
async fn nothing_is_a_blob_that_may_be_missing_or_sent_on() {
    let (server, client) = open().await;
    let nothing = layer(b"");
    let error = app(&client).blob(&nothing).await.unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    server.put_blob("team/app", b"");
    let mut reader = app(&client).blob(&nothing).await.unwrap();
    assert_eq!(read(&mut reader).await, (Vec::new(), Ok(())));
    let source = app(&client).blob_source(&nothing);
    let pieces = source.open_at(0).await.unwrap();
    let pieces: Vec<_> = pieces.try_collect().await.unwrap();
    assert!(pieces.iter().all(bytes::Bytes::is_empty), "{pieces:?}");
}
