//! In which words a token is asked for.

use super::*;
use oci::{Digest, RepositoryName};

/// Quay's: a scope it does not know is no request at all.
fn knows_push_and_pull(own: &str, asked: &Asked<'_>) -> Option<Answer> {
    let known = |scope: &str| {
        let (resource, actions) = scope.rsplit_once(':').unwrap_or_default();
        resource.starts_with("repository:")
            && actions
                .split(',')
                .all(|action| matches!(action, "pull" | "push" | "*"))
    };
    let scopes = asked.fields("scope");
    let needs = match asked.method {
        "GET" | "HEAD" => "pull",
        _ => "pull,push",
    };
    match asked.path {
        "/token" if asked.method != "GET" => Some(Answer::of(405)),
        "/token" if !asked.is_user(USER, SECRET) => Some(Answer::of(401)),
        "/token" if !scopes.iter().all(|scope| known(scope)) => Some(Answer::of(400)),
        "/token" => Some(token(&format!("of.{}", scopes.join("+").replace(':', ".")))),
        "/v2/" | "/v2/_catalog" => asked.authorization.is_empty().then(|| bearer(own, "")),
        _ => {
            let actions = asked.token().rsplit('.').next().unwrap_or_default();
            let may = needs.split(',').all(|need| actions.contains(need));
            (!may).then(|| bearer(own, &format!("repository:team/app:{needs}")))
        }
    }
}

/// Behaviour (sign-in): A token service that does not know `delete` is asked in the words of the registry's own challenge.
/// Source: Quay; its challenge of a DELETE names `pull,push`.
#[tokio::test]
async fn a_deletion_is_asked_for_in_the_challenges_words() {
    let server = world(knows_push_and_pull).await;
    let client = client(&server.host(), signed_in());
    server.push_image("team/app", "v2", "two");
    app(&client).delete(&tag("v1")).await.unwrap();
    assert_eq!(server.tagged("team/app", "v1"), None);
    let before = scopes_asked(&server).len();
    app(&client).delete(&tag("v2")).await.unwrap();
    assert_eq!(server.tagged("team/app", "v2"), None);
    assert_eq!(
        scopes_asked(&server).len(),
        before,
        "its words are known from then on"
    );
}

/// Behaviour (sign-in): A token service that does not know `registry:catalog:*` is asked for a token for nothing in particular.
/// Source: Quay; go-containerregistry, oc-mirror and dregsy broke on it.
#[tokio::test]
async fn a_catalog_is_listed_where_its_scope_is_unknown() {
    let server = world(knows_push_and_pull).await;
    let client = client(&server.host(), signed_in());
    assert_eq!(client.catalog().all().await.unwrap().len(), 1);
    assert_eq!(scopes_asked(&server), ["registry:catalog:*", ""]);
    assert_eq!(
        server.count("POST", "/token"),
        0,
        "a 400 is about the words"
    );
}

/// Behaviour (sign-in): A scope `*` is asked for as `*`.
/// Source: Gitea 1.28, on every path.
#[tokio::test]
async fn a_scope_of_everything_is_asked_for_as_it_is_written() {
    let server = world(|own, asked| match asked.path {
        "/token" => Some(if asked.fields("scope") == ["*"] {
            token("yes")
        } else {
            Answer::of(403)
        }),
        _ => (asked.token() != "yes").then(|| bearer(own, "*")),
    })
    .await;
    let client = client(&server.host(), signed_in());
    client.check().await.unwrap();
    app(&client).manifest(&tag("v1")).await.unwrap();
    app(&client).delete(&tag("v1")).await.unwrap();
    client.catalog().all().await.unwrap();
    assert!(
        scopes_asked(&server)
            .iter()
            .filter(|scopes| *scopes == "*")
            .count()
            == 1
    );
}

/// Behaviour (sign-in): A token service that refuses with 403 what it does not know is not taken to refuse the user.
/// Source: Synapse fails (500) at an action it does not know; others forbid it.
#[tokio::test]
async fn a_refusal_of_words_is_no_refusal_of_the_user() {
    for status in [400, 401, 403, 500] {
        let server = world(move |own, asked| match asked.path {
            "/token" if !asked.is_user(USER, SECRET) => Some(Answer::of(401)),
            "/token"
                if asked
                    .fields("scope")
                    .iter()
                    .any(|scope| !scope.ends_with(":pull")) =>
            {
                Some(Answer::of(status))
            }
            "/token" => Some(token("yes")),
            _ => (asked.token() != "yes").then(|| bearer(own, "repository:team/app:pull")),
        })
        .await;
        let client = client(&server.host(), signed_in());
        client.check().await.unwrap();
        app(&client).delete(&tag("v1")).await.unwrap();
        assert!(client.catalog().all().await.is_ok(), "{status}");
    }
}

/// Behaviour (sign-in): Several scopes go as several parameters.
/// Source: Quay answers 400 to joined ones, and Pulp gives a token for nothing.
#[tokio::test]
async fn several_scopes_go_as_several_parameters() {
    let server = world(|own, asked| match asked.path {
        "/token"
            if asked
                .fields("scope")
                .iter()
                .any(|scope| scope.contains(' ')) =>
        {
            Some(Answer::of(400))
        }
        "/token" => Some(token(&format!("for-{}", asked.fields("scope").len()))),
        "/v2/" => asked.authorization.is_empty().then(|| bearer(own, "")),
        _ => (asked.token() != "for-2").then(|| {
            bearer(
                own,
                "repository:team/app:pull,push repository:team/other:pull",
            )
        }),
    })
    .await;
    let blob = server.put_blob("team/other", b"layer");
    let client = client(&server.host(), signed_in());
    let from = RepositoryName::parse("team/other").unwrap();
    let mounted = app(&client)
        .start_upload(Some((&digest(&blob), &from)))
        .await
        .unwrap();
    assert_eq!(mounted, registry::Started::Mounted);
    let asked = scopes_asked(&server);
    assert!(
        asked.contains(&"repository:team/app:pull,push & repository:team/other:pull".to_owned()),
        "{asked:?}"
    );
}

/// Behaviour (sign-in): Nobody gets no token for nothing in particular, and one for what is public.
/// Source: Quay and gcr.io refuse a token without a scope.
#[tokio::test]
async fn strangers_get_a_token_only_for_a_scope() {
    let server = world(|own, asked| match (asked.path, asked.token()) {
        ("/token", _) if asked.fields("scope").is_empty() => Some(Answer::of(401)),
        ("/token", _) => Some(token("public")),
        ("/v2/_catalog", _) => Some(bearer(own, "registry:catalog:*")),
        ("/v2/", "") => Some(bearer(own, "")),
        (_, "") => Some(bearer(own, "repository:team/app:pull")),
        _ => None,
    })
    .await;
    Registry::probe_with(&host(&server.host()), None, &quick())
        .await
        .unwrap();
    let client = client(&server.host(), anonymous());
    client.check().await.unwrap();
    assert_eq!(app(&client).tags().all().await.unwrap().len(), 1);
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert_eq!(client.catalog().all().await.unwrap_err().kind, Kind::SignIn);
}

/// Behaviour (sign-in): Strangers are let in where their token service forbids what nobody named.
/// Source: Seen nowhere yet: 403 and 404 are about a repository, not about who asks.
#[tokio::test]
async fn strangers_are_let_in_where_only_what_is_public_is_given() {
    for status in [400, 403, 404] {
        let server = world(move |own, asked| match (asked.path, asked.token()) {
            ("/token", _) if asked.fields("scope") == ["repository:team/app:pull"] => {
                Some(token("public"))
            }
            ("/token", _) => Some(Answer::of(if asked.fields("scope").is_empty() {
                401
            } else {
                status
            })),
            ("/v2/", _) => Some(bearer(own, "")),
            (_, "") => Some(bearer(own, "repository:team/app:pull")),
            _ => None,
        })
        .await;
        let client = client(&server.host(), anonymous());
        client.check().await.unwrap();
        assert_eq!(
            app(&client).tags().all().await.unwrap().len(),
            1,
            "{status}"
        );
    }
}

/// Behaviour (sign-in): A life that is a text, beside a date of issue without an offset, is no failure.
/// Source: The documents of distribution once showed it so; Django, Apigee and Entra ID do it.
#[tokio::test]
async fn a_life_that_is_a_text_is_no_failure() {
    let server = world(|own, asked| match asked.path {
        "/token" => Some(Answer::json(
            r#"{"token":"yes","expires_in":"300","issued_at":"2026-01-02 03:04:05"}"#,
        )),
        _ => (asked.token() != "yes").then(|| bearer(own, "")),
    })
    .await;
    let client = client(&server.host(), signed_in());
    client.check().await.unwrap();
    for _ in 0..3 {
        app(&client).manifest(&tag("v1")).await.unwrap();
    }
    assert_eq!(
        scopes_asked(&server).len(),
        2,
        "one for the check, one for the repository"
    );
}

#[tokio::test]
async fn plain_requests_cost_no_second_round() {
    let server = world(knows_push_and_pull).await;
    let client = client(&server.host(), signed_in());
    for _ in 0..5 {
        app(&client).head(&tag("v1")).await.unwrap();
    }
    assert_eq!(
        put(&app(&client), "v3").await.unwrap().digest,
        Digest::sha256_of(b"{}")
    );
    let seen = server.requests();
    assert_eq!(
        seen.len(),
        1 + 1 + 5 + 1 + 1,
        "a question, a token, what was asked, a token, what was sent: {seen:?}"
    );
}
