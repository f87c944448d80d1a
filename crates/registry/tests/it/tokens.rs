//! The token flows, counted in the log.

use crate::world::*;
use oci::{MediaType, RepositoryName};
use registry::{Kind, Registry, SignIn};
use testkit::scripted::{Auth, Scripted};

async fn one(auth: Auth) -> (Scripted, Registry) {
    let (server, client) = closed(auth).await;
    server.push_image("team/app", "v1", "one");
    (server, client)
}

#[tokio::test]
async fn get_and_post_flows_with_either_key() {
    for auth in [Auth::TokenGet, Auth::TokenPost] {
        for key in ["token", "access_token"] {
            let (server, client) = one(auth).await;
            server.set(|faults| faults.token_key = Some(key));
            client.check().await.unwrap();
            assert!(
                app(&client).manifest(&tag("v1")).await.is_ok(),
                "{auth:?} {key}"
            );
            assert!(client.catalog().all().await.is_ok());
        }
    }
}

#[tokio::test]
async fn the_secret_goes_to_the_token_service_only() {
    let (server, client) = one(Auth::TokenGet).await;
    app(&client).manifest(&tag("v1")).await.unwrap();
    for seen in server.requests() {
        let expected = if seen.path.starts_with("/token") {
            "Basic"
        } else {
            "Bearer"
        };
        assert!(
            seen.authorization.is_empty() || seen.authorization == expected,
            "{seen:?}"
        );
    }
}

/// Behaviour (sign-in): A token service that takes no GET is asked by POST from then on.
/// Source: The OAuth2 way of the distribution project's documents.
#[tokio::test]
async fn a_service_without_get_is_asked_by_post_from_then_on() {
    let (server, client) = one(Auth::TokenPost).await;
    app(&client).manifest(&tag("v1")).await.unwrap();
    client.catalog().all().await.unwrap();
    assert_eq!(
        (
            server.count("GET", "/token"),
            server.count("POST", "/token")
        ),
        (1, 2)
    );
    assert!(
        server
            .requests()
            .iter()
            .all(|seen| !seen.path.contains("password")),
        "the secret is in no address"
    );
}

#[tokio::test]
async fn an_identity_token_is_exchanged_by_post_only() {
    let (server, _) = one(Auth::TokenPost).await;
    let sign_in = SignIn::Basic {
        user: "<token>".into(),
        secret: SECRET.to_owned().into(),
    };
    let client = client(&server.host(), sign_in);
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert_eq!(
        (
            server.count("GET", "/token"),
            server.count("POST", "/token")
        ),
        (0, 1)
    );
}

#[tokio::test]
async fn one_token_serves_many_requests_even_if_it_claims_to_die_at_once() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.expires_in = Some(1));
    for _ in 0..5 {
        app(&client).head(&tag("v1")).await.unwrap();
    }
    assert_eq!(server.count("GET", "/token"), 1);
    assert_eq!(
        server.count("HEAD", "/v2/team/app"),
        5,
        "none was sent twice"
    );
    assert_eq!(
        server.count("GET", "/v2/"),
        1,
        "what is wanted is asked once"
    );
}

#[tokio::test]
async fn an_expired_token_is_replaced() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.token_uses = Some(1));
    for _ in 0..3 {
        assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    }
    assert_eq!(server.count("GET", "/token"), 3);
}

#[tokio::test]
async fn a_token_that_is_never_good_enough_ends() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.token_uses = Some(0));
    assert_eq!(
        app(&client).head(&tag("v1")).await.unwrap_err().kind,
        Kind::SignIn
    );
    assert_eq!(
        (server.count("GET", "/token"), server.count("HEAD", "/v2/")),
        (4, 2),
        "a new one for the same, one that would prove the sign-in, and one for GET, as some refuse HEAD alone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_share_one_fetch() {
    let (server, client) = one(Auth::TokenGet).await;
    let app = app(&client);
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.head(&tag("v1")).await })
        })
        .collect();
    for asked in asking {
        assert!(asked.await.unwrap().unwrap().is_some());
    }
    assert_eq!(server.count("GET", "/token"), 1);
}

#[tokio::test]
async fn scopes_are_asked_for_as_they_are_needed() {
    let (server, client) = one(Auth::TokenGet).await;
    let fetched = app(&client).manifest(&tag("v1")).await.unwrap();
    app(&client)
        .put_manifest(&tag("v2"), &MediaType::OciManifest, fetched.bytes)
        .await
        .unwrap();
    app(&client).delete(&tag("v2")).await.unwrap();
    client.catalog().all().await.unwrap();
    let other = client.repository(RepositoryName::parse("other").unwrap());
    assert_eq!(other.head(&tag("v1")).await.unwrap(), None);
    let asked: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|seen| seen.path.starts_with("/token"))
        .map(|seen| seen.path)
        .collect();
    let scopes = [
        "repository%3Ateam%2Fapp%3Apull&",
        "repository%3Ateam%2Fapp%3Apull%2Cpush&",
        "repository%3Ateam%2Fapp%3Adelete%2Cpull&",
        "registry%3Acatalog%3A*&",
        "repository%3Aother%3Apull&",
    ];
    assert_eq!(asked.len(), scopes.len(), "{asked:?}");
    for (asked, scope) in asked.iter().zip(scopes) {
        assert!(
            asked.contains(&format!("scope={scope}"))
                && asked.contains("service=scripted")
                && asked.contains("account=demo"),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn a_token_without_the_right_is_a_denial() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.never_granted = vec!["push".into()]);
    let fetched = app(&client).manifest(&tag("v1")).await.unwrap();
    let error = app(&client)
        .put_manifest(&tag("v2"), &MediaType::OciManifest, fetched.bytes)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::Denied, Some(401)));
    assert_eq!(server.tagged("team/app", "v2"), None);
}

#[tokio::test]
async fn a_busy_token_service_is_asked_again() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.token_unavailable = 2);
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
    assert_eq!(server.count("GET", "/token"), 3);
}

#[tokio::test]
async fn an_answer_without_a_token_is_malformed() {
    let (server, client) = one(Auth::TokenGet).await;
    server.set(|faults| faults.token_key = Some("tokken"));
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Malformed(_)), "{error}");
    assert_eq!(error.request, "GET /token");
}

#[tokio::test]
async fn a_token_service_elsewhere_on_this_computer_is_used() {
    let (server, client) = one(Auth::TokenGet).await;
    let service = Scripted::start().await.unwrap();
    service.set(|faults| faults.auth = Auth::TokenGet);
    server.set(|faults| faults.realm = Some(format!("http://{}/token", service.host())));
    // Its tokens mean nothing here, but it was asked, with the secret.
    assert_eq!(
        app(&client).manifest(&tag("v1")).await.unwrap_err().kind,
        Kind::SignIn
    );
    assert_eq!(service.requests()[0].authorization, "Basic");
    service.set(|faults| faults.sign_in = Some((USER.into(), "another".into())));
    assert_eq!(
        client.check().await.unwrap_err().kind,
        Kind::SignIn,
        "its no is a no"
    );
}

#[tokio::test]
async fn a_hostile_realm_gets_nothing_at_all() {
    for realm in [
        "http://evil.example/token",
        "http://169.254.169.254/token",
        "http://user:pw@evil.example/",
        "ftp://evil.example/",
        "not an address",
    ] {
        let (server, client) = one(Auth::TokenGet).await;
        server.set(|faults| faults.realm = Some(realm.into()));
        let error = client.check().await.unwrap_err();
        assert!(
            matches!(error.kind, Kind::ForeignHost { .. } | Kind::Malformed(_)),
            "{realm}: {error}"
        );
        assert!(
            server.requests().iter().all(|seen| !seen.has_authorization),
            "{realm}"
        );
    }
}
