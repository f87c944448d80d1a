//! What is answered to an upload, and what is asked only where an answer says too little.

use crate::world::*;
use oci::{Digest, RepositoryName};
use registry::{Committed, Kind, Source};
use testkit::scripted::{Answer, Asked};

/// A failure of what this method asks of an upload.
fn fails(method: &'static str) -> impl Fn(&Asked<'_>) -> Option<Answer> {
    move |asked| (asked.method == method).then(|| Answer::of(500))
}

#[tokio::test]
async fn a_chunk_of_nothing_has_no_range_and_changes_nothing() {
    let (server, client) = open().await;
    let app = app(&client);
    for length in [0, 500] {
        let source = Source::of_bytes(noise(length));
        let mut upload = started(&app).await;
        if length > 0 {
            upload = open_at(app.upload_chunk(&upload, &source, 1000).await);
        }
        let upload = open_at(app.upload_chunk(&upload, &source, 1000).await);
        assert_eq!(upload.offset(), length as u64);
        let last = server.requests().pop().unwrap();
        assert_eq!(
            (last.method.as_str(), last.content_range.as_str()),
            ("PATCH", "")
        );
    }
}

/// The answer takes the chunk, so a `Range` that says that nothing of it was taken is counted in another way.
#[tokio::test]
async fn a_range_of_before_the_chunk_is_no_word_about_it() {
    let (server, client) = open().await;
    let app = app(&client);
    let source = Source::of_bytes(noise(300));
    let upload = started(&app).await;
    let upload = open_at(app.upload_chunk(&upload, &source, 100).await);
    for (range, offset) in [
        ("0-99", 200),
        ("0-100", 101),
        ("0-198", 199),
        ("0-199", 200),
    ] {
        server.script(move |asked| {
            (asked.method == "PATCH").then(|| Answer::of(202).with("range", range))
        });
        let standing = app.upload_chunk(&upload, &source, 100).await;
        assert_eq!(open_at(standing).offset(), offset, "{range}");
    }
}

#[tokio::test]
async fn an_end_that_is_answered_well_is_not_asked_about() {
    let (server, client) = open().await;
    let app = app(&client);
    let bytes = noise(10);
    let upload = started(&app).await;
    let source = Source::of_bytes(bytes.clone());
    let upload = open_at(app.upload_chunk(&upload, &source, 10).await);
    let end = app.commit_upload(&upload, &Digest::sha256_of(&bytes)).await;
    assert_eq!(end, Ok(Committed::Stored));
    assert_eq!(server.count("HEAD", "/v2/team/app/blobs/"), 0);
}

#[tokio::test]
async fn a_failure_is_not_taken_for_a_forgotten_upload() {
    let (server, client) = open().await;
    let app = app(&client);
    let upload = started(&app).await;
    server.script(fails("GET"));
    assert_eq!(
        app.upload_status(&upload).await.unwrap_err().kind,
        Kind::Server
    );
    server.script(fails("DELETE"));
    assert_eq!(
        app.cancel_upload(&upload).await.unwrap_err().kind,
        Kind::Server
    );
    server.forget_requests();
    server.script(fails("POST"));
    let (digest, other) = (
        Digest::sha256_of(b""),
        RepositoryName::parse("other").unwrap(),
    );
    let mount = app.start_upload(Some((&digest, &other))).await;
    assert_eq!(mount.unwrap_err().kind, Kind::Server);
    assert_eq!(server.requests().len(), 1);
}
