//! Whether a sign-in is right: what proves it, and what does not.

use super::*;

async fn check(server: &Scripted, secret: &str) -> Result<(), Kind> {
    let client = client(&server.host(), with_secret(secret));
    client.check().await.map_err(|error| error.kind)
}

/// Behaviour (sign-in): A token is given for a wrong password too, and only the registry refuses it.
/// Source: Harbor 2.15 gives one that allows nothing.
#[tokio::test]
async fn a_token_for_nobody_is_a_wrong_password() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token("somebody")),
        "/token" => Some(token("nobody")),
        _ => (asked.token() != "somebody").then(|| bearer(own, "")),
    })
    .await;
    assert_eq!(check(&server, SECRET).await, Ok(()));
    assert_eq!(check(&server, "wrong").await, Err(Kind::SignIn));
    let wrong = client(&server.host(), with_secret("wrong"));
    let error = app(&wrong).head(&tag("v1")).await.unwrap_err();
    assert_eq!(
        error.kind,
        Kind::SignIn,
        "nor is it a right that is lacking"
    );
}

/// Behaviour (sign-in): A wrong password is forbidden (403), not unauthorized.
/// Source: olareg answers so at its own token service.
#[tokio::test]
async fn a_forbidden_sign_in_is_a_wrong_password() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token("yes")),
        "/token" => Some(Answer::of(403)),
        _ => (asked.token() != "yes").then(|| bearer(own, "")),
    })
    .await;
    assert_eq!(check(&server, SECRET).await, Ok(()));
    assert_eq!(check(&server, "wrong").await, Err(Kind::SignIn));
    let wrong = client(&server.host(), with_secret("wrong"));
    let error = app(&wrong).head(&tag("v1")).await.unwrap_err();
    assert_eq!(error.kind, Kind::SignIn);
}

/// A token that says who it is for, as JSON Web Tokens do.
fn naming(payload: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.sig", part(r#"{"alg":"none"}"#), part(payload))
}

/// Behaviour (sign-in): A token for nobody is given for a wrong password, and `/v2/` takes any token.
/// Source: Both were seen, if not together: Harbor 2.15 gives such tokens, and distribution takes any at `/v2/`.
#[tokio::test]
async fn a_token_that_names_nobody_is_a_wrong_password_where_any_is_taken() {
    let server = world(|own, asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => {
            Some(token(&naming(r#"{"sub":"demo","exp":9,"access":[]}"#)))
        }
        "/token" => {
            let at = if asked.authorization.is_empty() { 1 } else { 2 };
            let payload = format!(r#"{{"sub":"","iat":{at},"jti":"{at}","access":[]}}"#);
            Some(token(&naming(&payload)))
        }
        _ => asked.token().is_empty().then(|| bearer(own, "")),
    })
    .await;
    assert_eq!(check(&server, SECRET).await, Ok(()));
    assert_eq!(check(&server, "wrong").await, Err(Kind::SignIn));
}

/// Behaviour (sign-in): A token tells nobody what is in it; what it can't tell is no proof of a wrong password.
/// Source: The token specification of distribution leaves open what is in one.
#[tokio::test]
async fn what_cannot_be_told_is_not_called_wrong() {
    for ours in [
        "opaque".to_owned(),
        naming("[]"),
        naming(r#"{"sub":"demo"}"#),
        naming(r#"{"UserID":7}"#),
        "a.%.c".to_owned(),
    ] {
        let anonymous = naming(r#"{"UserID":-1}"#);
        let server = world(move |own, asked| match asked.path {
            "/token" if asked.authorization.is_empty() => Some(token(&anonymous)),
            "/token" => Some(token(&ours)),
            _ => asked.token().is_empty().then(|| bearer(own, "")),
        })
        .await;
        assert_eq!(check(&server, SECRET).await, Ok(()));
    }
}

/// Behaviour (sign-in): A right token that may do little is not called wrong.
/// Source: Access tokens of Gitea 1.28 that may only read packages.
#[tokio::test]
async fn a_right_sign_in_with_few_rights_is_right() {
    for refusal in [401, 403] {
        let server = world(move |own, asked| match (asked.method, asked.path) {
            (_, "/token") if !asked.is_user(USER, SECRET) => Some(Answer::of(401)),
            (_, "/token") => Some(token("reads")),
            ("PUT", _) | (_, "/v2/_catalog") => Some(match refusal {
                401 => bearer(own, "repository:team/app:pull,push"),
                _ => Answer::of(403),
            }),
            _ => (asked.token() != "reads").then(|| bearer(own, "")),
        })
        .await;
        assert_eq!(check(&server, SECRET).await, Ok(()));
        assert_eq!(check(&server, "wrong").await, Err(Kind::SignIn));
        // The first request of a run is no other.
        let client = client(&server.host(), signed_in());
        assert_eq!(
            client.catalog().next().await.unwrap_err().kind,
            Kind::Denied
        );
        assert_eq!(
            put(&app(&client), "v2").await.unwrap_err().kind,
            Kind::Denied
        );
    }
}

/// Behaviour (sign-in): A token service that forbids a repository has not refused the user.
/// Source: Known of GitHub's registry, not measured: 403 where the right is lacking.
#[tokio::test]
async fn a_repository_that_is_forbidden_is_no_wrong_password() {
    for status in [401, 403] {
        let server = world(move |own, asked| match asked.path {
            "/token" if !asked.is_user(USER, SECRET) => Some(Answer::of(401)),
            "/token" if !asked.fields("scope").is_empty() => Some(Answer::of(status)),
            "/token" => Some(token("in")),
            "/v2/" => (asked.token() != "in").then(|| bearer(own, "")),
            _ => Some(bearer(own, "repository:team/app:pull")),
        })
        .await;
        let client = client(&server.host(), signed_in());
        client.check().await.unwrap();
        let error = app(&client).head(&tag("v1")).await.unwrap_err();
        assert_eq!(error.kind, Kind::Denied, "{status}");
        assert!(server.count("GET", "/token") < 8);
    }
}

/// Behaviour (sign-in): A wrong password is sent as seldom as can be.
/// Source: Some registries lock an account that is wrong too often.
#[tokio::test]
async fn a_wrong_password_is_sent_once_for_each_thing_that_is_asked() {
    let server = world(|own, asked| match asked.path {
        "/token" => Some(Answer::of(401)),
        _ => Some(bearer(own, "repository:team/app:pull")),
    })
    .await;
    let wrong = client(&server.host(), with_secret("wrong"));
    assert_eq!(
        app(&wrong).head(&tag("v1")).await.unwrap_err().kind,
        Kind::SignIn
    );
    assert_eq!(server.count("GET", "/token"), 1);
    assert!(wrong.check().await.is_err());
    assert_eq!(server.count("GET", "/token"), 2);
}
