//! Who waits behind whom: what sends the bytes of a layer, or has one hashed, never holds up a question.

use crate::world::*;
use oci::Digest;
use registry::{Registry, Source};
use std::time::Duration;
use testkit::scripted::Scripted;

/// Waits until so many requests have been seen, and asks twenty questions; none of them waits behind those.
async fn questions_go_on(server: &Scripted, client: &Registry, method: &str) {
    while server.count(method, UPLOADS) < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.set(|faults| faults.delay = Duration::ZERO);
    for _ in 0..20 {
        // The limit is only there so that a wait for ever ends the test.
        let (app, at) = (app(client), tag("v1"));
        let head = tokio::time::timeout(Duration::from_secs(30), app.head(&at));
        assert!(head.await.unwrap().unwrap().is_some());
    }
    assert_eq!(
        server.count(method, UPLOADS),
        3,
        "the others wait for their turn"
    );
}

#[tokio::test]
async fn questions_do_not_wait_behind_chunks() {
    let (server, client) = with(|faults| faults.hang_patch = Some(1)).await;
    server.push_image("team/app", "v1", "one");
    let app = app(&client);
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (app, upload) = (app.clone(), started(&app).await);
        let source = Source::of_bytes(noise(100));
        sending.spawn(async move { app.upload_chunk(&upload, &source, 100).await });
    }
    questions_go_on(&server, &client, "PATCH").await;
}

#[tokio::test]
async fn questions_do_not_wait_behind_a_layer_that_is_hashed() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    let app = app(&client);
    let mut uploads = Vec::new();
    for _ in 0..6 {
        uploads.push(started(&app).await);
    }
    server.set(|faults| faults.delay = Duration::from_hours(1));
    let mut ending = tokio::task::JoinSet::new();
    for upload in uploads {
        let app = app.clone();
        ending.spawn(async move { app.commit_upload(&upload, &Digest::sha256_of(b"")).await });
    }
    questions_go_on(&server, &client, "PUT").await;
}
