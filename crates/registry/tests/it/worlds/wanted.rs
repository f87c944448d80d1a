//! How a sign-in is asked for, or isn't.

use super::*;

/// A registry that asks nobody on these paths and lists more to a user, as zot does.
fn lists_more_to_users(_: &str, asked: &Asked<'_>) -> Option<Answer> {
    let user = asked.is_user(USER, SECRET);
    let stranger = asked.authorization.is_empty();
    match asked.path {
        _ if !user && !stranger => Some(basic()),
        "/v2/" => Some(Answer::json("{}").with("www-authenticate", r#"Basic realm="zot""#)),
        "/v2/_catalog" if user => Some(Answer::json(
            r#"{"repositories":["team/app","team/hidden"]}"#,
        )),
        "/v2/_catalog" => Some(Answer::json(r#"{"repositories":["team/app"]}"#)),
        _ => None,
    }
}

/// Behaviour (sign-in): A registry that asks nobody is sent the sign-in all the same, as it lists less to strangers.
/// Source: zot with an anonymous policy; go-containerregistry sends user and secret unasked too.
#[tokio::test]
async fn a_registry_that_never_asks_is_sent_the_sign_in() {
    let server = world(lists_more_to_users).await;
    let all = ["team/app", "team/hidden"];
    for agreed in ["basic", ""] {
        // After a start of the program the list is the first thing that is asked for.
        let client = if agreed.is_empty() {
            client(&server.host(), signed_in())
        } else {
            opened(&server, signed_in(), agreed)
        };
        let listed = client.catalog().all().await.unwrap();
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        assert_eq!(listed, all);
        client.check().await.unwrap();
        assert_eq!(client.ways_used().to_string(), "basic");
    }
    let strangers = client(&server.host(), anonymous())
        .catalog()
        .all()
        .await
        .unwrap();
    assert_eq!(strangers.len(), 1);
    let wrong = client(&server.host(), with_secret("wrong"));
    assert_eq!(wrong.check().await.unwrap_err().kind, Kind::SignIn);
}

/// Behaviour (sign-in): A catalog that is empty for strangers, and asks nobody who they are, is asked with a token.
/// Source: Quay answers 200 and an empty list.
#[tokio::test]
async fn a_catalog_that_is_empty_for_strangers_is_asked_with_a_token() {
    let server = world(|own, asked| match (asked.path, asked.token()) {
        ("/token", _) if asked.method != "GET" => Some(Answer::of(405)),
        ("/token", _) if asked.is_user(USER, SECRET) => {
            let known = asked
                .fields("scope")
                .iter()
                .all(|scope| scope.ends_with(":pull"));
            Some(if known { token("yes") } else { Answer::of(400) })
        }
        ("/token", _) => Some(Answer::of(401)),
        ("/v2/", "") => Some(bearer(own, "")),
        ("/v2/_catalog", "") => Some(Answer::json(r#"{"repositories":[]}"#)),
        (_, "") => Some(bearer(own, "repository:team/app:pull")),
        _ => None,
    })
    .await;
    let client = client(&server.host(), signed_in());
    assert_eq!(client.catalog().all().await.unwrap().len(), 1);
    assert_eq!(client.catalog().all().await.unwrap().len(), 1);
    assert_eq!(
        scopes_asked(&server),
        ["registry:catalog:*", ""],
        "refused once, then known to be in the way"
    );
}

/// Behaviour (sign-in): Another path asks in another way than `/v2/`; each is met in its own.
/// Source: Harbor 2.15 asks for a token everywhere, and for user and secret at the catalog.
#[tokio::test]
async fn paths_that_ask_otherwise_are_met_each_in_its_way() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token("yes")),
        "/token" => Some(Answer::of(401)),
        "/v2/_catalog" => (!asked.is_user(USER, SECRET)).then(basic),
        _ => (asked.token() != "yes").then(|| bearer(own, "")),
    })
    .await;
    let probe = Registry::probe_with(&host(&server.host()), None, &quick())
        .await
        .unwrap();
    let both = format!("basic, bearer http://{}", server.host());
    assert_eq!(probe.ways.to_string(), both);
    let client = opened(&server, signed_in(), &both);
    client.check().await.unwrap();
    assert_eq!(client.ways_used(), probe.ways, "both are to be kept");
    for _ in 0..2 {
        assert_eq!(client.catalog().all().await.unwrap().len(), 1);
        assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    }
    let refused = server
        .requests()
        .into_iter()
        .filter(|seen| seen.path.starts_with("/v2/_catalog") && seen.authorization == "Bearer");
    assert!(refused.count() <= 1, "it is known from then on");
}

/// Behaviour (sign-in): Two ways are offered at once, in two headers; a token is taken where it may be, else user and secret.
/// Source: Gitea 1.28, for an owner who is not public.
#[tokio::test]
async fn of_several_ways_one_that_was_agreed_to_is_taken() {
    for (agreed, sent) in [("basic", "Basic"), ("bearer", "Bearer")] {
        let server = world(|own, asked| match asked.path {
            "/token" => Some(token("yes")),
            _ if asked.is_user(USER, SECRET) || asked.token() == "yes" => None,
            _ => Some(bearer(own, "*").with("www-authenticate", r#"basic realm="Gitea""#)),
        })
        .await;
        let agreed = agreed.replace("bearer", &format!("bearer http://{}", server.host()));
        let client = opened(&server, signed_in(), &agreed);
        client.check().await.unwrap();
        assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
        assert_eq!(server.requests().last().unwrap().authorization, sent);
        assert_eq!(client.ways_used().to_string(), agreed);
    }
}

/// Behaviour (sign-in): A 401 that asks for nothing is no word about the sign-in where a token is good elsewhere.
/// Source: Harbor 2.15, when something is pushed into a project that is not there.
#[tokio::test]
async fn an_empty_challenge_is_a_denial_where_the_sign_in_is_right() {
    let server = world(|own, asked| match (asked.method, asked.path) {
        (_, "/token") => Some(token("yes")),
        ("PUT", _) => Some(Answer::challenge("")),
        _ => (asked.token() != "yes").then(|| bearer(own, "")),
    })
    .await;
    let client = client(&server.host(), signed_in());
    let error = put(&app(&client), "v2").await.unwrap_err();
    assert_eq!((error.kind, error.status), (Kind::Denied, Some(401)));
}

/// Behaviour (sign-in): A 401 without any challenge, to user and secret, is a wrong user or secret.
/// Source: Gitea of 2024 answers with a plain text.
#[tokio::test]
async fn no_challenge_at_all_after_user_and_secret_means_they_are_wrong() {
    let server = world(|_, asked| match asked.authorization {
        "" => Some(basic()),
        _ => (!asked.is_user(USER, SECRET)).then(|| Answer::of(401)),
    })
    .await;
    client(&server.host(), signed_in()).check().await.unwrap();
    let wrong = client(&server.host(), with_secret("wrong"));
    assert_eq!(wrong.check().await.unwrap_err().kind, Kind::SignIn);
    assert_eq!(
        app(&wrong).head(&tag("v1")).await.unwrap_err().kind,
        Kind::SignIn
    );
}

/// Behaviour (sign-in): Answers set cookies; none is sent back.
/// Source: Harbor 2.15, which refuses what comes with its own.
#[tokio::test]
async fn no_cookie_is_sent_back() {
    let server = world(|_, asked| (!asked.is_user(USER, SECRET)).then(basic)).await;
    server.set(|faults| faults.sets_cookies = true);
    let client = client(&server.host(), signed_in());
    client.check().await.unwrap();
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert!(server.requests().iter().all(|seen| seen.cookie.is_empty()));
}
