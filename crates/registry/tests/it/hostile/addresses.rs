//! Texts that name an address: the next page, an upload.

use super::*;
use oci::Digest;
use testkit::scripted::Auth;

/// Texts of a `Link` or a `Location` that look like the registry `own`, and are, or want to be, another host.
fn texts(own: &str, evil: &str) -> Vec<String> {
    let (name, port) = own.split_once(':').unwrap();
    vec![
        format!("http://{own}//{evil}/v2/steal"),
        format!("http://{own}/\\{evil}/v2/steal"),
        format!("http://{own}/.//{evil}/v2/steal"),
        format!("http://{own}///{evil}/v2/steal"),
        format!("//{evil}/v2/steal"),
        format!("\\\\{evil}\\v2\\steal"),
        format!("/\\{evil}/v2/steal"),
        format!("///{evil}/v2/steal"),
        format!("http:\\\\{evil}/v2/steal"),
        format!("http://{own}@{evil}/v2/steal"),
        format!("http://{own}%2f@{evil}/v2/steal"),
        format!("http://{name}:@{evil}/v2/steal"),
        format!("http://{evil}/v2/steal?http://{own}/"),
        format!("http://{evil}#@{own}/v2/"),
        format!("http://{evil}\\@{own}/v2/"),
        format!("\thttp://{evil}/v2/steal"),
        format!("http://127.0.0.1%3a{port}@{evil}/v2/steal"),
        format!("/.//{evil}/v2/steal"),
        format!("..//{evil}/v2/steal"),
        format!("https://{evil}/v2/steal"),
    ]
}

async fn closed_and_stranger(auth: Auth) -> (Scripted, Registry, Scripted) {
    let (server, client) = closed(auth).await;
    server.push_image("team/app", "v1", "one");
    (server, client, stranger().await)
}

#[tokio::test]
async fn hostile_link_texts_lead_nowhere_else() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client, evil) = closed_and_stranger(auth).await;
        for link in texts(&server.host(), &evil.host()) {
            let next = format!(r#"<{link}>; rel="next""#);
            server.script(move |asked| {
                let first = asked.path.ends_with("/tags/list") && !asked.authorization.is_empty();
                let tags = || Answer::json(r#"{"name":"team/app","tags":["v1"]}"#);
                first.then(|| tags().with("link", next.clone()))
            });
            let mut pages = app(&client).tags().sized(1);
            // However the list goes on, it goes on here.
            for _ in 0..3 {
                let _ = pages.next().await;
            }
            unasked(&evil);
        }
        assert!(server.requests().iter().any(|seen| seen.has_authorization));
    }
}

#[tokio::test]
async fn hostile_catalog_links_lead_nowhere_else() {
    let (server, client, evil) = closed_and_stranger(Auth::Basic).await;
    for link in texts(&server.host(), &evil.host()) {
        let next = format!(r#"<{link}>; rel="next""#);
        server.script(move |asked| {
            let first = asked.path == "/v2/_catalog" && !asked.authorization.is_empty();
            let names = || Answer::json(r#"{"repositories":["team/app"]}"#);
            first.then(|| names().with("link", next.clone()))
        });
        let mut pages = client.catalog();
        for _ in 0..3 {
            let _ = pages.next().await;
        }
        unasked(&evil);
    }
}

#[tokio::test]
async fn hostile_upload_locations_lead_nowhere_else() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client, evil) = closed_and_stranger(auth).await;
        for location in texts(&server.host(), &evil.host()) {
            let to = location.clone();
            server.script(move |asked| {
                let starts = asked.method == "POST" && !asked.authorization.is_empty();
                (starts && asked.path.starts_with("/v2/"))
                    .then(|| Answer::of(202).with("location", to.clone()))
            });
            if let Ok(registry::Started::Upload(upload)) = app(&client).start_upload(None).await {
                let digest = Digest::sha256_of(b"layer");
                let source = registry::Source::of_bytes(b"layer".to_vec());
                let _ = app(&client).upload_chunk(&upload, &source, 5).await;
                let _ = app(&client).upload_status(&upload).await;
                let _ = app(&client).commit_upload(&upload, &digest).await;
                let _ = app(&client).cancel_upload(&upload).await;
            }
            unasked(&evil);
        }
    }
}

#[tokio::test]
async fn hostile_location_after_a_chunk_leads_nowhere_else() {
    let (server, client, evil) = closed_and_stranger(Auth::Basic).await;
    let upload = started(&app(&client)).await;
    let away = format!("http://{}//{}/v2/steal", server.host(), evil.host());
    server.script(move |asked| {
        let sent = asked.method == "PATCH" && !asked.authorization.is_empty();
        sent.then(|| Answer::of(202).with("location", away.clone()))
    });
    let source = registry::Source::of_bytes(b"layer".to_vec());
    let standing = app(&client).upload_chunk(&upload, &source, 5).await;
    if let Ok(registry::Standing::Open(upload)) = standing {
        let _ = app(&client)
            .commit_upload(&upload, &Digest::sha256_of(b"layer"))
            .await;
    }
    unasked(&evil);
}

#[tokio::test]
async fn hostile_upload_that_was_stored_leads_nowhere_else() {
    let (server, client, evil) = closed_and_stranger(Auth::Basic).await;
    let honest = started(&app(&client)).await;
    let stored = serde_json::to_string(&honest).unwrap();
    let changed = stored.replace(&server.host(), &evil.host());
    let upload: registry::Upload = serde_json::from_str(&changed).unwrap();
    assert_ne!(upload, honest);
    let error = app(&client).upload_status(&upload).await.unwrap_err();
    assert!(matches!(error.kind, Kind::ForeignHost { .. }), "{error}");
    assert!(app(&client).cancel_upload(&upload).await.is_err());
    unasked(&evil);
}

#[tokio::test]
async fn hostile_long_addresses_are_not_read() {
    let (server, client, _) = closed_and_stranger(Auth::Basic).await;
    let long = format!("/v2/team/app/blobs/uploads/{}", "a".repeat(5000));
    server.script(move |asked| {
        (asked.method == "POST").then(|| Answer::of(202).with("location", long.clone()))
    });
    let error = app(&client).start_upload(None).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Malformed(_)), "{error}");
}
