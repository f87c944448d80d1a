//! Registries that want the secret otherwise, or elsewhere, than a person agreed to.

use super::*;
use std::sync::{Arc, Mutex};
use testkit::scripted::Auth;

/// A registry with tokens, and a client that agreed to its token service.
pub async fn with_tokens() -> (Scripted, Registry) {
    let (server, _) = closed(Auth::TokenGet).await;
    server.push_image("team/app", "v1", "one");
    let client = pinned(&server, signed_in(), &bearer(&server));
    client.check().await.unwrap();
    server.forget_requests();
    (server, client)
}

#[tokio::test]
async fn hostile_basic_in_place_of_tokens_gets_nothing() {
    let (server, client) = with_tokens().await;
    server.set(|faults| faults.auth = Auth::Basic);
    wants(&app(&client).head(&tag("v1")).await.unwrap_err(), "basic");
    wants(&client.catalog().next().await.unwrap_err(), "basic");
    no_secret_to_the_registry(&server);
    // The next start of the program, and the watch after it, know no better.
    let again = pinned(&server, signed_in(), &bearer(&server));
    server.forget_requests();
    for _ in 0..3 {
        wants(&app(&again).head(&tag("v1")).await.unwrap_err(), "basic");
        wants(&again.check().await.unwrap_err(), "basic");
    }
    untouched(&server);
}

#[tokio::test]
async fn hostile_basic_on_one_path_gets_nothing() {
    let (server, client) = with_tokens().await;
    server.script(|asked| {
        let puts = asked.method == "PUT" || asked.path == "/v2/_catalog";
        puts.then(|| Answer::challenge(r#"Basic realm="yours""#))
    });
    wants(&client.catalog().next().await.unwrap_err(), "basic");
    let put = put(&app(&client), "v2").await;
    wants(&put.unwrap_err(), "basic");
    assert!(
        app(&client).head(&tag("v1")).await.unwrap().is_some(),
        "the rest goes on"
    );
    no_secret_to_the_registry(&server);
}

/// Asserts that the secret went to `/token` alone.
fn no_secret_to_the_registry(server: &Scripted) {
    for seen in server.requests() {
        let is_token = seen.path.starts_with("/token");
        assert!(is_token || seen.authorization != "Basic", "{seen:?}");
    }
}

#[tokio::test]
async fn hostile_realm_that_moved_gets_nothing() {
    let (server, client) = with_tokens().await;
    let evil = stranger().await;
    let moved = bearer_challenge(&evil.host(), "");
    server.script(move |asked| (asked.path != "/token").then(|| Answer::challenge(moved.clone())));
    wants(
        &app(&client).head(&tag("v1")).await.unwrap_err(),
        &bearer(&evil),
    );
    let again = pinned(&server, signed_in(), &bearer(&server));
    wants(&again.check().await.unwrap_err(), &bearer(&evil));
    wants(
        &app(&again).tags().next().await.unwrap_err(),
        &bearer(&evil),
    );
    unasked(&evil);
    no_secret_to_the_registry(&server);
    // A person says yes.
    let agreed = pinned(&server, signed_in(), &bearer(&evil));
    let _ = agreed.check().await;
    assert_eq!(evil.requests()[0].authorization, "Basic");
}

#[tokio::test]
async fn hostile_realm_at_another_port_or_scheme_is_another_one() {
    let (server, _) = with_tokens().await;
    let evil = stranger().await;
    // The same name, another port.
    server.set(|faults| faults.realm = Some(format!("http://{}/token", evil.host())));
    for agreed in [
        bearer(&server),
        format!("bearer https://{}", evil.host()),
        "basic".to_owned(),
    ] {
        let client = pinned(&server, signed_in(), &agreed);
        let error = app(&client).head(&tag("v1")).await.unwrap_err();
        wants(&error, &bearer(&evil));
    }
    unasked(&evil);
}

#[tokio::test]
async fn hostile_token_service_in_place_of_basic_gets_nothing() {
    let (server, _) = closed(Auth::Basic).await;
    server.push_image("team/app", "v1", "one");
    let client = pinned(&server, signed_in(), "basic");
    client.check().await.unwrap();
    let evil = stranger().await;
    let challenge = bearer_challenge(&evil.host(), "");
    server.script(move |_| Some(Answer::challenge(challenge.clone())));
    wants(
        &app(&client).head(&tag("v1")).await.unwrap_err(),
        &bearer(&evil),
    );
    wants(&client.check().await.unwrap_err(), &bearer(&evil));
    unasked(&evil);
}

#[tokio::test]
async fn hostile_change_after_the_first_sign_in_of_a_run_gets_nothing() {
    // Nobody was asked: what was first is all there is.
    for (first, then) in [(Auth::TokenGet, Auth::Basic), (Auth::Basic, Auth::TokenGet)] {
        let (server, client) = closed(first).await;
        server.push_image("team/app", "v1", "one");
        client.check().await.unwrap();
        let used = client.ways_used();
        assert_eq!(used.iter().count(), 1);
        server.set(|faults| faults.auth = then);
        server.expire_tokens();
        let error = app(&client).head(&tag("v1")).await.unwrap_err();
        assert!(
            matches!(error.kind, Kind::SignInChanged { .. }),
            "{error:?}"
        );
        assert_eq!(client.ways_used(), used);
    }
}

#[tokio::test]
async fn hostile_offers_beside_an_agreed_one_are_passed_over() {
    let (server, _) = closed(Auth::Basic).await;
    server.push_image("team/app", "v1", "one");
    let evil = stranger().await;
    let offer = bearer_challenge(&evil.host(), "");
    server.script(move |asked| {
        (!asked.is_user(USER, SECRET)).then(|| {
            Answer::challenge(offer.clone()).with("www-authenticate", r#"Basic realm="ours""#)
        })
    });
    let client = pinned(&server, signed_in(), "basic");
    client.check().await.unwrap();
    assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    unasked(&evil);
}

#[tokio::test]
async fn hostile_basic_never_gets_an_identity_token() {
    for open_ping in [false, true] {
        let (server, _) = closed(Auth::Basic).await;
        server.push_image("team/app", "v1", "one");
        server.set(|faults| faults.open_ping = open_ping);
        for client in [
            client(&server.host(), identity()),
            pinned(&server, identity(), "basic"),
            // It is not offered what it could not take.
            pinned(&server, identity(), &bearer(&server)),
        ] {
            assert_eq!(client.check().await.unwrap_err().kind, Kind::SignIn);
            assert!(app(&client).head(&tag("v1")).await.is_err());
            assert!(client.catalog().next().await.is_err());
        }
        untouched(&server);
    }
}

#[tokio::test]
async fn hostile_open_registry_never_gets_an_identity_token() {
    let (server, _) = open().await;
    server.push_image("team/app", "v1", "one");
    let client = client(&server.host(), identity());
    assert_eq!(
        client.check().await.unwrap_err().kind,
        Kind::SignIn,
        "nothing is proven"
    );
    assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    untouched(&server);
}

#[tokio::test]
async fn hostile_token_service_without_post_never_gets_an_identity_token_otherwise() {
    let (server, _) = closed(Auth::TokenGet).await;
    let client = client(&server.host(), identity());
    assert!(client.check().await.is_err());
    assert!(app(&client).head(&tag("v1")).await.is_err());
    let seen = server.requests();
    assert!(seen.iter().all(|seen| !seen.has_authorization), "{seen:?}");
    assert_eq!(server.count("GET", "/token"), 0);
}

#[tokio::test]
async fn hostile_realms_are_never_asked() {
    for realm in [
        "http://evil.example/token",
        "http://169.254.169.254/token",
        "http://[::ffff:169.254.169.254]/token",
        "http://0x7f.1:1@evil.example/",
        "http://user:pw@127.0.0.1/",
        "ftp://127.0.0.1/token",
        "file:///etc/passwd",
        "//127.0.0.1/token",
        "\\\\127.0.0.1\\token",
        "token",
        "",
    ] {
        for sign_in in [signed_in(), anonymous(), identity()] {
            let (server, _) = closed(Auth::TokenGet).await;
            server.set(|faults| faults.realm = Some(realm.into()));
            let client = client(&server.host(), sign_in);
            assert!(client.check().await.is_err(), "{realm}");
            assert!(app(&client).head(&tag("v1")).await.is_err(), "{realm}");
            untouched(&server);
        }
    }
}

#[tokio::test]
async fn hostile_probe_sends_nothing_and_tells_where_the_secret_would_go() {
    let (server, _) = closed(Auth::TokenGet).await;
    let evil = stranger().await;
    server.set(|faults| faults.realm = Some(format!("http://{}/token", evil.host())));
    let probe = Registry::probe_with(&host(&server.host()), None, &quick())
        .await
        .unwrap();
    assert_eq!(probe.ways.to_string(), bearer(&evil));
    untouched(&server);
    unasked(&evil);
}

#[tokio::test]
async fn hostile_realm_that_shows_after_basic_gets_nothing() {
    // It lets everyone read, and asks nobody; whoever signs in is sent for a token.
    let (server, _) = open().await;
    let evil = stranger().await;
    let challenge = bearer_challenge(&evil.host(), "");
    server.script(move |asked| {
        let signs_in = asked.authorization.starts_with("Basic");
        signs_in.then(|| Answer::challenge(challenge.clone()))
    });
    let probe = Registry::probe_with(&host(&server.host()), None, &quick())
        .await
        .unwrap();
    assert_eq!(probe.ways, ways("basic"));
    let client = pinned(&server, signed_in(), "basic");
    wants(&client.check().await.unwrap_err(), &bearer(&evil));
    unasked(&evil);
    // A person says yes to what was shown.
    let both = format!("basic, {}", bearer(&evil));
    let client = pinned(&server, signed_in(), &both);
    client.check().await.unwrap();
    assert_eq!(client.ways_used(), ways(&both));
}

#[tokio::test]
async fn hostile_change_is_told_and_that_it_is_over() {
    let (server, _) = closed(Auth::Basic).await;
    server.push_image("team/app", "v1", "one");
    let evil = stranger().await;
    let client = pinned(&server, signed_in(), "basic");
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    client.on_change(move |wanted| {
        telling
            .lock()
            .unwrap()
            .push(wanted.map(ToString::to_string));
    });
    let all = || told.lock().unwrap().clone();
    app(&client).head(&tag("v1")).await.unwrap();
    assert_eq!(all(), [] as [Option<String>; 0]);
    // One path asks otherwise; that the rest goes on says nothing.
    let challenge = bearer_challenge(&evil.host(), "");
    server.script(move |asked| {
        (asked.path == "/v2/_catalog").then(|| Answer::challenge(challenge.clone()))
    });
    wants(&client.catalog().next().await.unwrap_err(), &bearer(&evil));
    app(&client).head(&tag("v1")).await.unwrap();
    assert_eq!(all(), [Some(bearer(&evil))]);
    server.script(|_| None);
    client.catalog().next().await.unwrap();
    client.catalog().next().await.unwrap();
    assert_eq!(all(), [Some(bearer(&evil)), None]);
    client.forget_listeners();
    server.set(|faults| faults.auth = Auth::TokenGet);
    client.catalog().next().await.unwrap_err();
    assert_eq!(all().len(), 2);
    unasked(&evil);
}

#[tokio::test]
async fn hostile_ways_that_nobody_here_knows_get_nothing() {
    for unknown in ["Negotiate", r#"Digest realm="d", nonce="n", qop="auth""#] {
        let (server, _) = open().await;
        server.script(move |_| {
            Some(Answer::challenge(unknown).with("docker-distribution-api-version", "registry/2.0"))
        });
        let probe = Registry::probe_with(&host(&server.host()), None, &quick())
            .await
            .unwrap();
        assert!(probe.wants_sign_in && probe.ways.is_empty(), "{probe:?}");
        for client in [
            client(&server.host(), signed_in()),
            pinned(&server, signed_in(), "basic"),
        ] {
            assert_eq!(client.check().await.unwrap_err().kind, Kind::SignIn);
        }
    }
}
