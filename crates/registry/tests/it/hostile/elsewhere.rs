//! Hosts that answer for the registry: what they say proves nothing of the sign-in.

use super::*;
use testkit::scripted::Auth;

/// A registry whose `/v2/` another host answers, which wants a sign-in of its own and takes everyone's.
pub async fn answered_elsewhere() -> (Scripted, Scripted) {
    let (server, _) = closed(Auth::Basic).await;
    server.push_image("team/app", "v1", "one");
    let evil = stranger().await;
    let (to, challenge) = (
        format!("http://{}", evil.host()),
        bearer_challenge(&evil.host(), ""),
    );
    server.script(move |asked| {
        (asked.path == "/v2/").then(|| Answer::redirect(307, format!("{to}/v2/")))
    });
    evil.script(move |asked| match (asked.path, asked.token()) {
        ("/token", _) => Some(token("theirs")),
        (_, "theirs") => Some(Answer::json("{}")),
        _ => Some(Answer::challenge(challenge.clone())),
    });
    (server, evil)
}

/// Behaviour (sign-in): `/v2/` is answered by another host: a sign-in counts as right only where the registry itself takes it.
/// Source: Redirects of a whole registry, as `registry.k8s.io` does.
#[tokio::test]
async fn hostile_host_that_answers_for_another_proves_no_sign_in() {
    let (server, evil) = answered_elsewhere().await;
    let check = async |secret| {
        pinned(&server, with_secret(secret), "basic")
            .check()
            .await
            .map_err(|error| error.kind)
    };
    // The catalog is the registry's own.
    assert_eq!(check(SECRET).await, Ok(()));
    assert_eq!(check("wrong").await, Err(Kind::SignIn));
    // It lets everyone in, or is answered elsewhere too: nothing is proven by that.
    let elsewhere = Err(Kind::ForeignHost { host: evil.host() });
    server.set(|faults| faults.auth = Auth::Open);
    for secret in [SECRET, "wrong"] {
        assert_eq!(check(secret).await, elsewhere);
    }
    let to = format!("http://{}", evil.host());
    server.script(move |asked| Some(Answer::redirect(307, format!("{to}{}", asked.path))));
    for secret in [SECRET, "wrong"] {
        assert_eq!(check(secret).await, elsewhere);
    }
    let seen = evil.requests();
    assert!(
        seen.iter().all(|seen| seen.authorization != "Basic"),
        "{seen:?}"
    );
    no_secret(&evil, "theirs");
    let nobody = client(&server.host(), anonymous());
    nobody.check().await.unwrap();
}

/// Behaviour (sign-in): A redirect of `/v2/` to another host is no yes of the registry's: a token that it refuses later is a wrong
/// password, and no right that is lacking.
/// Source: Redirects of a whole registry; token services as Harbor's, which give a token for a wrong password too.
#[tokio::test]
async fn hostile_host_that_answers_for_another_takes_no_token() {
    let evil = Scripted::start().await.unwrap();
    let to = format!("http://{}/v2/", evil.host());
    let (server, _) = open().await;
    let own = server.host();
    server.push_image("team/app", "v1", "one");
    server.script(move |asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token("somebody")),
        "/token" => Some(token("nobody")),
        "/v2/" => Some(Answer::redirect(307, to.clone())),
        _ => (asked.token() != "somebody").then(|| Answer::challenge(bearer_challenge(&own, ""))),
    });
    let client = |secret| pinned(&server, with_secret(secret), &bearer(&server));
    let check = async |secret| client(secret).check().await.map_err(|error| error.kind);
    assert_eq!(check(SECRET).await, Ok(()));
    assert_eq!(check("wrong").await, Err(Kind::SignIn));
    // Nor does what it answered before make a refusal one of rights.
    let wrong = client("wrong");
    wrong.check().await.unwrap_err();
    let told = app(&wrong).head(&tag("v1")).await.unwrap_err();
    assert_eq!((told.kind, told.status), (Kind::SignIn, Some(401)));
    no_secret(&evil, "none");
}

/// A host that answers for the registry wants a sign-in of its own, which is not the one of the registry.
#[tokio::test]
async fn hostile_host_that_answers_for_another_refuses_no_sign_in() {
    let evil = Scripted::start().await.unwrap();
    evil.set(|faults| faults.auth = Auth::Basic);
    let to = format!("http://{}/v2/", evil.host());
    let (server, _) = closed(Auth::Basic).await;
    server.script(move |asked| (asked.path == "/v2/").then(|| Answer::redirect(307, to.clone())));
    let check = async |sign_in| {
        let client = client(&server.host(), sign_in);
        client.check().await.map_err(|error| error.kind)
    };
    assert_eq!(check(signed_in()).await, Ok(()));
    assert_eq!(check(with_secret("wrong")).await, Err(Kind::SignIn));
    let elsewhere = Err(Kind::ForeignHost { host: evil.host() });
    assert_eq!(check(anonymous()).await, elsewhere);
    server.set(|faults| faults.auth = Auth::Open);
    assert_eq!(check(signed_in()).await, elsewhere);
    untouched(&evil);
}

/// The catalog proves a sign-in only where the registry itself takes it there, and refuses it where the registry says so.
#[tokio::test]
async fn hostile_host_that_answers_for_the_catalog_proves_no_sign_in() {
    let (server, evil) = answered_elsewhere().await;
    let host = evil.host();
    for answer in [
        Answer::redirect(307, format!("http://{host}/v2/_catalog")),
        Answer::of(403),
        Answer::of(500),
        Answer::of(404),
    ] {
        let to = format!("http://{host}/v2/");
        server.script(move |asked| match asked.path {
            "/v2/" => Some(Answer::redirect(307, to.clone())),
            _ => (!asked.authorization.is_empty()).then(|| answer.clone()),
        });
        let told = pinned(&server, signed_in(), "basic").check().await;
        let elsewhere = Kind::ForeignHost { host: host.clone() };
        assert_eq!(told.unwrap_err().kind, elsewhere);
    }
    no_secret(&evil, "theirs");
}
