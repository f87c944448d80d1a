//! Token services and registries that refuse: what is tried then, how often, and what is kept of it.

use super::*;
use oci::RepositoryName;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const PULL: &str = "repository:team/app:pull";

/// What the token service was asked for by anyone, one entry a request.
fn asked_by_anyone(server: &Scripted) -> usize {
    server.count("GET", "/token") + server.count("POST", "/token")
}

/// Behaviour (sign-in): A busy or broken registry is not taken for one that asks nobody: nothing is sent to it.
/// Source: distribution answers 503 as long as its health check of the storage fails.
#[tokio::test]
async fn hostile_failure_at_the_first_question_gets_no_sign_in() {
    for (status, kind) in [
        (408, Kind::Timeout),
        (429, Kind::TooMany { retry_after: None }),
        (500, Kind::Server),
        (599, Kind::Server),
    ] {
        let server = world(move |_, asked| match (asked.path, asked.authorization) {
            ("/v2/", _) => Some(Answer::of(status)),
            (_, "") => Some(basic()),
            _ => None,
        })
        .await;
        let client = client(&server.host(), signed_in());
        let error = app(&client).head(&tag("v1")).await.unwrap_err();
        assert_eq!((error.kind, error.status), (kind, Some(status)));
        assert!(server.requests().iter().all(|seen| !seen.has_authorization));
    }
}

/// Behaviour (sign-in): User and secret that were refused are not sent again for the same question.
/// Source: Some registries lock an account that is wrong too often.
#[tokio::test]
async fn user_and_secret_that_were_refused_are_not_sent_twice() {
    let server = world(|_, asked| (!asked.is_user(USER, SECRET)).then(basic)).await;
    let wrong = client(&server.host(), with_secret("wrong"));
    let error = app(&wrong).manifest(&tag("v1")).await.unwrap_err();
    assert_eq!(error.kind, Kind::SignIn);
    let sent = server.requests().into_iter();
    assert_eq!(sent.filter(|seen| seen.has_authorization).count(), 1);
}

/// A challenge that names no scope is no word about ours.
#[tokio::test]
async fn a_challenge_without_words_leaves_ours() {
    let days = Arc::new(AtomicU32::new(0));
    let today = Arc::clone(&days);
    let server = world(move |own, asked| {
        let good = format!("of-day-{}", today.load(Ordering::SeqCst));
        match asked.path {
            "/token" => Some(token(&good)),
            _ => (asked.token() != good).then(|| bearer(own, "")),
        }
    })
    .await;
    let client = client(&server.host(), signed_in());
    for _ in 0..3 {
        app(&client).manifest(&tag("v1")).await.unwrap();
        app(&client).manifest(&tag("v1")).await.unwrap();
        days.fetch_add(1, Ordering::SeqCst);
    }
    assert_eq!(scopes_asked(&server), [PULL; 3]);
}

/// What a POST would give a stranger a GET gives too, and an identity token was sent by POST already.
#[tokio::test]
async fn a_token_service_without_get_is_asked_by_post_once_and_by_nobody_else() {
    let only_by = |method: &'static str| {
        world(move |own, asked| match asked.path {
            "/token" if asked.method == method => Some(token("yes")),
            "/token" => Some(Answer::of(405)),
            _ => (asked.token() != "yes").then(|| bearer(own, PULL)),
        })
    };
    let identity = SignIn::Basic {
        user: "<token>".into(),
        secret: SECRET.to_owned().into(),
    };
    for (sign_in, method, gets, posts, is_in) in [
        (anonymous(), "POST", 1, 0, false),
        (signed_in(), "POST", 1, 1, true),
        (signed_in(), "PUT", 1, 1, false),
        (identity, "GET", 0, 1, false),
    ] {
        let server = only_by(method).await;
        let client = client(&server.host(), sign_in);
        let read = app(&client).manifest(&tag("v1")).await;
        assert_eq!(read.is_ok(), is_in, "{read:?}");
        let asked = (
            server.count("GET", "/token"),
            server.count("POST", "/token"),
        );
        assert_eq!(asked, (gets, posts), "{method}");
    }
    // Who was given a token by GET knows that it is served.
    let server = world(|own, asked| match asked.path {
        "/token" if asked.fields("scope") == [PULL] => Some(token("yes")),
        "/token" => Some(Answer::of(404)),
        _ => (asked.token() != "yes").then(|| bearer(own, PULL)),
    })
    .await;
    let client = client(&server.host(), signed_in());
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert!(client.check().await.is_ok());
    assert_eq!(client.catalog().all().await.unwrap_err().status, Some(404));
    assert_eq!(server.count("POST", "/token"), 0);
}

/// Words that every token service knows are refused for who asks, other words for what they are.
#[tokio::test]
async fn strangers_who_are_refused_are_not_asked_about_again() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.fields("scope").is_empty() => Some(token("public")),
        "/token" => Some(Answer::of(401)),
        _ if asked.token() == "public" => None,
        "/v2/_catalog" => Some(bearer(own, "registry:catalog:*")),
        _ => Some(bearer(own, PULL)),
    })
    .await;
    let nobody = client(&server.host(), anonymous());
    let error = app(&nobody).manifest(&tag("v1")).await.unwrap_err();
    assert_eq!((error.kind, asked_by_anyone(&server)), (Kind::SignIn, 1));
    let nobody = client(&server.host(), anonymous());
    assert_eq!(nobody.catalog().all().await.unwrap().len(), 1);
}

/// Behaviour (sign-in): A token service that has given a token and then forbids everything forbids; it refuses no sign-in.
/// Source: Known of GitHub's registry, not measured: 403 where the right is lacking.
#[tokio::test]
async fn who_was_given_a_token_is_not_called_wrong_by_a_403() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.fields("scope") == [PULL] => Some(token("yes")),
        "/token" => Some(Answer::of(403)),
        _ => (asked.token() != "yes").then(|| bearer(own, "")),
    })
    .await;
    let client = client(&server.host(), signed_in());
    app(&client).manifest(&tag("v1")).await.unwrap();
    let other = client.repository(RepositoryName::parse("team/other").unwrap());
    let error = other.manifest(&tag("v1")).await.unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::Denied, Some(403)));
}

/// Behaviour (sign-in): Words that a token service does not know are not tried again; words that were forbidden are, as a right may
/// be given any day.
/// Source: Quay and Synapse, for the words.
#[tokio::test]
async fn words_that_are_unknown_are_remembered_and_rights_are_not() {
    const CATALOG: &str = "registry:catalog:*";
    const ANY: &str = "repository:longshore/any:pull";
    // What is asked for, how it is refused, what is given instead, and whether that is asked for at once the next time.
    for (what, refused, status, given, is_known) in [
        (CATALOG, CATALOG, 403, "", true),
        (CATALOG, CATALOG, 400, "", true),
        (PULL, PULL, 400, "", true),
        (PULL, PULL, 403, "", false),
        ("", "", 403, ANY, true),
    ] {
        let server = world(move |own, asked| match asked.path {
            "/token" if asked.fields("scope").join(" ") == refused => Some(Answer::of(status)),
            "/token" => Some(token("yes")),
            _ => (asked.token() != "yes").then(|| bearer(own, "")),
        })
        .await;
        let client = client(&server.host(), signed_in());
        let ask = async || match what {
            CATALOG => client.catalog().all().await.map(|_| ()),
            PULL => app(&client).manifest(&tag("v1")).await.map(|_| ()),
            _ => client.check().await,
        };
        ask().await.unwrap();
        assert_eq!(scopes_asked(&server), [refused, given], "{what} {status}");
        server.forget_requests();
        ask().await.unwrap();
        let again: &[&str] = if is_known { &[] } else { &[refused] };
        assert_eq!(scopes_asked(&server), again, "{what} {status}");
    }
}

/// Behaviour (sign-in): Where the registry took a token of the sign-in, a later refusal is about a right, and is not asked about.
/// Source: Access tokens of Gitea 1.28 that may only read packages.
#[tokio::test]
async fn a_right_that_is_lacking_is_told_without_another_question() {
    let server = world(|own, asked| match (asked.method, asked.path) {
        (_, "/token") => Some(token("reads")),
        ("PUT", _) => Some(bearer(own, "")),
        _ => (asked.token() != "reads").then(|| bearer(own, "")),
    })
    .await;
    let client = client(&server.host(), signed_in());
    app(&client).manifest(&tag("v1")).await.unwrap();
    let before = server.count("GET", "/v2/");
    for _ in 0..2 {
        let error = put(&app(&client), "v2").await.unwrap_err();
        assert_eq!(error.kind, Kind::Denied);
    }
    assert_eq!(server.count("GET", "/v2/"), before);
}

/// Behaviour (sign-in): A token whose claims name nobody is right where the registry refuses what nobody is given.
/// Source: The token specification of distribution leaves open what is in one.
#[tokio::test]
async fn a_token_that_names_nobody_is_right_where_nobodys_is_refused() {
    const OURS: &str = "e30.eyJhY2Nlc3MiOltdfQ.ours";
    const NOBODYS: &str = "e30.eyJhY2Nlc3MiOltdfQ.nobodys";
    let server = world(|own, asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token(OURS)),
        "/token" => Some(token(NOBODYS)),
        _ => (asked.token() != OURS).then(|| bearer(own, "")),
    })
    .await;
    client(&server.host(), signed_in()).check().await.unwrap();
    assert_eq!(server.count("GET", "/token"), 2, "nobody was asked for too");
}

/// Behaviour (sign-in): A token that is not good enough for `/v2/` itself is a wrong sign-in; a 403 there is a registry that is
/// closed to this user.
/// Source: RFC 6750, `insufficient_scope`.
#[tokio::test]
async fn a_token_that_is_not_enough_for_the_first_question_is_a_wrong_sign_in() {
    for (status, kind) in [(401, Kind::SignIn), (403, Kind::Denied)] {
        let server = world(move |own, asked| {
            let challenge =
                format!(r#"Bearer realm="http://{own}/token",error="insufficient_scope""#);
            match (asked.path, asked.token()) {
                ("/token", _) => Some(token("little")),
                ("/v2/", "little") => Some(Answer::of(status).with("www-authenticate", challenge)),
                (_, "") => Some(bearer(own, "")),
                _ => None,
            }
        })
        .await;
        let error = client(&server.host(), signed_in())
            .check()
            .await
            .unwrap_err();
        assert_eq!((error.kind, error.status), (kind, Some(status)));
    }
}
