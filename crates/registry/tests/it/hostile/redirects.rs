//! Redirects, and hosts that want a sign-in of their own at their end.

use super::*;
use oci::Digest;
use testkit::scripted::Auth;

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// A registry that sends whatever is asked below `/v2/team/` on to this address, once the sign-in is right.
fn sends_on(server: &Scripted, status: u16, to: impl Into<String>) {
    let to = to.into();
    server.script(move |asked| {
        let signed = asked.path.starts_with("/v2/team/") && !asked.authorization.is_empty();
        signed.then(|| Answer::redirect(status, format!("{to}{}", asked.path)))
    });
}

#[tokio::test]
async fn hostile_redirect_of_what_is_read_takes_no_sign_in_along() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        for status in STATUSES {
            let (server, client) = closed(auth).await;
            let evil = stranger().await;
            sends_on(&server, status, format!("http://{}", evil.host()));
            assert!(app(&client).manifest(&tag("v1")).await.is_ok(), "{status}");
            assert!(app(&client).head(&tag("v1")).await.is_ok());
            assert!(evil.requests().len() >= 2);
            untouched(&evil);
        }
    }
}

#[tokio::test]
async fn hostile_redirect_with_a_user_takes_none_along() {
    let (server, client) = closed(Auth::Basic).await;
    let evil = stranger().await;
    sends_on(&server, 307, format!("http://demo:{}@{}", "x", evil.host()));
    let _ = app(&client).manifest(&tag("v1")).await;
    untouched(&evil);
}

#[tokio::test]
async fn hostile_redirect_there_and_back_has_lost_the_sign_in() {
    let (server, client) = closed(Auth::Basic).await;
    let evil = stranger().await;
    sends_on(&server, 307, format!("http://{}/away", evil.host()));
    let back = format!("http://{}/back", server.host());
    evil.script(move |_| Some(Answer::redirect(307, back.clone())));
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    assert_ne!(error.kind, Kind::SignIn, "{error}");
    untouched(&evil);
    let backs: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|seen| seen.path == "/back")
        .collect();
    assert!(
        !backs.is_empty() && backs.iter().all(|seen| !seen.has_authorization),
        "{backs:?}"
    );
}

#[tokio::test]
async fn hostile_redirect_of_what_is_written_is_not_followed() {
    for status in STATUSES {
        let (server, client) = closed(Auth::Basic).await;
        let evil = stranger().await;
        let app = app(&client);
        let upload = started(&app).await;
        sends_on(&server, status, format!("http://{}", evil.host()));
        assert!(put(&app, "v1").await.is_err());
        assert!(app.delete(&tag("v1")).await.is_err());
        assert!(app.start_upload(None).await.is_err());
        let source = registry::Source::of_bytes(b"layer".to_vec());
        assert!(app.upload_chunk(&upload, &source, 5).await.is_err());
        let _ = app
            .commit_upload(&upload, &Digest::sha256_of(b"layer"))
            .await;
        assert!(
            evil.requests().iter().all(|seen| seen.method == "HEAD"),
            "what is asked after"
        );
        untouched(&evil);
    }
}

#[tokio::test]
async fn hostile_redirect_of_the_first_question_takes_no_sign_in_along() {
    for status in STATUSES {
        let (server, _) = closed(Auth::Basic).await;
        let evil = stranger().await;
        let to = format!("http://{}/v2/", evil.host());
        server.script(move |asked| {
            (asked.path == "/v2/").then(|| Answer::redirect(status, to.clone()))
        });
        let client = pinned(&server, signed_in(), "basic");
        client.check().await.unwrap();
        Registry::probe_with(&host(&server.host()), None, &quick())
            .await
            .unwrap();
        assert!(evil.requests().len() >= 2);
        untouched(&evil);
    }
}

#[tokio::test]
async fn hostile_redirect_of_a_token_service_takes_no_secret_along() {
    for status in [301, 302, 303, 307, 308] {
        for auth in [Auth::TokenGet, Auth::TokenPost] {
            let (server, client) = closed(auth).await;
            let evil = stranger().await;
            let to = format!("http://{}/token", evil.host());
            let method = if auth == Auth::TokenGet {
                "GET"
            } else {
                "POST"
            };
            server.script(move |asked| {
                (asked.path == "/token" && asked.method == method)
                    .then(|| Answer::redirect(status, to.clone()))
            });
            let error = client.check().await.unwrap_err();
            assert!(
                matches!(error.kind, Kind::ForeignHost { .. } | Kind::Malformed(_)),
                "{status}: {error:?}"
            );
            unasked(&evil);
        }
    }
}

#[tokio::test]
async fn hostile_storage_that_wants_basic_gets_nothing() {
    for challenge in [r#"Basic realm="yours""#, "Basic", "Negotiate", ""] {
        let (server, client) = closed(Auth::Basic).await;
        let evil = stranger().await;
        sends_on(&server, 307, format!("http://{}", evil.host()));
        evil.script(move |_| Some(Answer::challenge(challenge)));
        let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
        assert_eq!(error.kind, Kind::Denied, "no fault of the sign-in");
        untouched(&evil);
    }
}

#[tokio::test]
async fn hostile_registry_elsewhere_gets_a_token_for_nobody_at_most() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client) = closed(auth).await;
        let (evil, third) = (stranger().await, stranger().await);
        sends_on(&server, 307, format!("http://{}", evil.host()));
        let challenge = bearer_challenge(&third.host(), "repository:team/app:pull");
        evil.script(move |asked| {
            (asked.token() != "theirs").then(|| Answer::challenge(challenge.clone()))
        });
        assert!(app(&client).manifest(&tag("v1")).await.is_ok());
        no_secret(&evil, "theirs");
        untouched(&third);
        let asked = &third.requests()[0].path;
        assert!(
            !asked.contains("account") && asked.contains("scope="),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn hostile_registry_elsewhere_may_not_name_our_token_service_for_the_secret() {
    let (server, client) = closed(Auth::TokenGet).await;
    let evil = stranger().await;
    client.check().await.unwrap();
    sends_on(&server, 307, format!("http://{}", evil.host()));
    let challenge = bearer_challenge(&server.host(), "repository:team/app:pull");
    evil.script(move |_| Some(Answer::challenge(challenge.clone())));
    server.forget_requests();
    assert!(app(&client).manifest(&tag("v1")).await.is_err());
    untouched(&evil);
    let tokens: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|seen| seen.path.contains("service=theirs"))
        .collect();
    assert!(
        !tokens.is_empty() && tokens.iter().all(|seen| !seen.has_authorization),
        "{tokens:?}"
    );
}

#[tokio::test]
async fn hostile_registries_that_send_each_other_on_come_to_an_end() {
    let (server, client) = closed(Auth::Basic).await;
    let (one, two) = (stranger().await, stranger().await);
    sends_on(&server, 307, format!("http://{}", one.host()));
    for (here, there) in [(&one, &two), (&two, &one)] {
        let challenge = bearer_challenge(&here.host(), "");
        let to = format!("http://{}/again", there.host());
        here.script(move |asked| match (asked.path, asked.token()) {
            ("/token", _) => Some(token("theirs")),
            (_, "") => Some(Answer::challenge(challenge.clone())),
            _ => Some(Answer::redirect(307, to.clone())),
        });
    }
    assert!(app(&client).manifest(&tag("v1")).await.is_err());
    assert!(one.requests().len() + two.requests().len() < 40);
    no_secret(&one, "theirs");
    no_secret(&two, "theirs");
}

#[tokio::test]
async fn hostile_bytes_from_elsewhere_are_held_against_their_digest() {
    let (server, client) = closed(Auth::Basic).await;
    let evil = stranger().await;
    let digest = Digest::sha256_of(b"what was asked for");
    sends_on(&server, 307, format!("http://{}", evil.host()));
    let challenge = bearer_challenge(&evil.host(), "");
    let claimed = digest.to_string();
    evil.script(move |asked| match (asked.path, asked.token()) {
        ("/token", _) => Some(token("theirs")),
        (_, "") => Some(Answer::challenge(challenge.clone())),
        _ => Some(Answer::json("something else").with("docker-content-digest", claimed.clone())),
    });
    let error = app(&client)
        .manifest(&registry::At::Digest(digest))
        .await
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Digest { .. }), "{error:?}");
    let mut blob = app(&client).blob(&layer(b"what was asked")).await.unwrap();
    let mut ended = blob.next().await;
    while matches!(ended, Ok(Some(_))) {
        ended = blob.next().await;
    }
    assert!(matches!(ended.unwrap_err().kind, Kind::Digest { .. }) && !blob.is_verified());
}
