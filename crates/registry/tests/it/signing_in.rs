//! User and secret: sent when asked for, right or wrong, and never shown.

use crate::world::*;
use registry::Kind;
use testkit::scripted::{Answer, Asked, Auth};

#[tokio::test]
async fn basic_is_sent_once_it_is_known_to_be_wanted() {
    let (server, client) = closed(Auth::Basic).await;
    server.push_image("team/app", "v1", "one");
    client.check().await.unwrap();
    app(&client).manifest(&tag("v1")).await.unwrap();
    app(&client).tags().all().await.unwrap();
    let sent: Vec<_> = server
        .requests()
        .into_iter()
        .map(|seen| seen.authorization)
        .collect();
    assert_eq!(sent[0], "", "nothing before it was asked for");
    assert_eq!(
        sent.iter().filter(|sent| sent.is_empty()).count(),
        1,
        "one question without; then all know: {sent:?}"
    );
    assert_eq!(sent.last().unwrap(), "Basic");
}

#[tokio::test]
async fn a_wrong_password_is_a_sign_in_error_in_every_way_of_signing_in() {
    for auth in [Auth::Basic, Auth::TokenGet, Auth::TokenPost] {
        let (server, _) = closed(auth).await;
        server.push_image("team/app", "v1", "one");
        let client = client(&server.host(), with_secret("wrong"));
        for error in [
            client.check().await.unwrap_err(),
            app(&client).manifest(&tag("v1")).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.kind.clone(), error.status),
                (Kind::SignIn, Some(401)),
                "{auth:?}: {error}"
            );
            assert!(
                !format!("{error} {error:?}").contains("wrong"),
                "the secret is nowhere in it"
            );
        }
    }
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, _) = closed(auth).await;
        let client = client(&server.host(), anonymous());
        assert_eq!(
            client.check().await.unwrap_err().kind,
            Kind::SignIn,
            "{auth:?}"
        );
        assert_eq!(
            client.catalog().next().await.unwrap_err().kind,
            Kind::SignIn,
            "{auth:?}"
        );
    }
}

/// Behaviour (sign-in): A token for nobody is given to everyone, and says nothing of what may be read.
/// Source: Gitea, Harbor and Quay.
#[tokio::test]
async fn nobody_may_read_where_everyone_gets_a_token() {
    let (server, _) = closed(Auth::TokenGet).await;
    server.push_image("team/app", "v1", "one");
    server.set(|faults| faults.anonymous_tokens = true);
    let client = client(&server.host(), anonymous());
    client.check().await.unwrap();
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
    assert!(
        server
            .requests()
            .iter()
            .all(|seen| seen.authorization != "Basic")
    );
}

/// Behaviour (sign-in): A wrong password is found out where everyone may read.
/// Source: Registries that let everyone read, and ask for a sign-in to write only.
#[tokio::test]
async fn a_wrong_password_shows_even_where_everyone_is_let_in() {
    let (server, right) = closed(Auth::Basic).await;
    server.set(|faults| faults.open_ping = true);
    right.check().await.unwrap();
    assert_eq!(
        client(&server.host(), with_secret("wrong"))
            .check()
            .await
            .unwrap_err()
            .kind,
        Kind::SignIn
    );
    client(&server.host(), anonymous()).check().await.unwrap();
}

#[tokio::test]
async fn what_is_shown_holds_no_secret() {
    let (server, client) = closed(Auth::Basic).await;
    client.check().await.unwrap();
    let shown = format!("{:?} {client:?} {:?}", signed_in(), app(&client));
    assert!(!shown.contains("s3cret"), "{shown}");
    let own = format!("http://{}", server.host());
    assert_eq!(shown.matches(&own).count(), 2, "{shown}");
}

/// Behaviour (sign-in): A 401 to a sign-in that `/v2/` takes, and lets nobody in without, is a right that is missing, and no
/// wrong password.
/// Source: Harbor, whose catalog is for administrators (`401`, `Basic realm="harbor"`); Nexus, which says so of repositories.
#[tokio::test]
async fn what_a_good_password_has_no_right_to_is_no_wrong_password() {
    let refuses =
        |asked: &Asked<'_>| asked.path.contains("_catalog") || asked.path.contains("/app/");
    let (server, client) = closed(Auth::Basic).await;
    server.script(move |asked| {
        let challenge = || Answer::of(401).with("www-authenticate", "Basic realm=\"harbor\"");
        refuses(asked).then(challenge)
    });
    client.check().await.unwrap();
    let asked = server.count("GET", "/v2/");
    for _ in 0..3 {
        let catalog = client.catalog().all().await.unwrap_err();
        assert_eq!(catalog.kind, Kind::Denied, "{catalog}");
        let manifest = app(&client).manifest(&tag("v1")).await.unwrap_err();
        assert_eq!(manifest.kind, Kind::Denied, "{manifest}");
    }
    // It is found out once, by two questions.
    let door = || {
        server
            .requests()
            .into_iter()
            .filter(|seen| seen.path == "/v2/")
    };
    assert_eq!(door().count(), asked + 2);

    // A wrong one is wrong, whatever it was refused.
    let wrong = self::client(&server.host(), with_secret("wrong"));
    let error = wrong.catalog().all().await.unwrap_err();
    assert_eq!(error.kind, Kind::SignIn, "{error}");

    // And where `/v2/` lets anybody in, that it lets this one in tells nothing.
    server.script(move |asked| {
        let challenge = || Answer::of(401).with("www-authenticate", "Basic realm=\"harbor\"");
        match asked.path {
            "/v2/" => Some(Answer::json("{}")),
            _ => refuses(asked).then(challenge),
        }
    });
    let open = self::client(&server.host(), signed_in());
    let error = open.catalog().all().await.unwrap_err();
    assert_eq!(error.kind, Kind::SignIn, "{error}");
}
