//! What is asked beside the protocol: whom the secret goes to, and what is made of the answers.

use crate::world::*;
use registry::{Api, Ask, AskFor, Endpoint, Kind, Proof, Registry, Scheme, SeenChallenge};
use registry::{SignInWay, SignInWays};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::scripted::{Answer, Auth, Scripted};

fn projects() -> Ask {
    Ask::get().at("/api/v2.0/projects").query("page", 1)
}

/// A registry with an interface that answers to this user alone, by Basic.
async fn with_interface() -> Scripted {
    let server = Scripted::start().await.unwrap();
    server.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    server.script(|asked| {
        if !asked.path.starts_with("/api/") {
            return None;
        }
        if !asked.is_user(USER, SECRET) {
            return Some(Answer::of(401));
        }
        let link = r#"</api/v2.0/projects?page=2&page_size=1>; rel="next""#;
        let answer = Answer::json(json!([{"name": asked.query}]));
        Some(answer.with("link", link).with("x-total-count", "2"))
    });
    server
}

fn opened(server: &Scripted, ways: Option<SignInWays>) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    Registry::open(endpoint, signed_in(), ways, &quick()).unwrap()
}

/// How the token service of a server is agreed to, which is the server itself.
fn tokens_of(server: &Scripted) -> SignInWays {
    let way = format!("bearer http://{}", server.host());
    SignInWay::parse(&way).unwrap().into()
}

#[tokio::test]
async fn the_secret_goes_to_the_very_server_that_gets_it_anyway() {
    let server = with_interface().await;
    let registry = opened(&server, Some(tokens_of(&server)));
    let told = registry.api().unwrap().ask(&projects()).await.unwrap();
    assert_eq!(told.json::<Value>().unwrap()[0]["name"], "page=1");
    assert_eq!((told.status(), told.total()), (200, Some(2)));
    // A link leads on by its query.
    let next = projects().following(&told.next().unwrap());
    let told = registry.api().unwrap().ask(&next).await.unwrap();
    assert_eq!(
        told.json::<Value>().unwrap()[0]["name"],
        "page=2&page_size=1"
    );
    // The protocol was asked nothing for it, and what the account's secret may go is as it was.
    assert_eq!(server.requests().len(), 2);
    assert_eq!(registry.ways_used(), SignInWays::default());
}

#[tokio::test]
async fn where_nobody_agreed_to_the_server_nothing_is_sent() {
    let server = with_interface().await;
    let elsewhere = SignInWay::parse("bearer https://auth.example").unwrap();
    for ways in [Some(elsewhere.into()), Some(SignInWays::default()), None] {
        let registry = opened(&server, ways);
        let error = registry.api().unwrap_err();
        assert!(
            matches!(error.kind, Kind::SignInChanged { .. }),
            "{error:?}"
        );
    }
    assert_eq!(server.requests(), []);
    let registry = opened(&server, None);
    let refused = registry.api_as_nobody().ask(&projects()).await;
    assert_eq!(refused.unwrap_err().kind, Kind::SignIn);
    assert!(
        server
            .requests()
            .iter()
            .all(|asked| !asked.has_authorization)
    );
}

#[tokio::test]
async fn an_identity_token_is_not_shown_and_nobody_is_asked_in_its_place() {
    let server = with_interface().await;
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    let identity = registry::SignIn::Basic {
        user: "<token>".into(),
        secret: SECRET.to_owned().into(),
    };
    let ways = Some(tokens_of(&server));
    let registry = Registry::open(endpoint, identity, ways, &quick()).unwrap();
    let refused = registry.api().unwrap().ask(&projects()).await;
    assert_eq!(refused.unwrap_err().kind, Kind::SignIn);
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn hostile_a_redirect_is_followed_nowhere_and_no_cookie_comes_back() {
    let other = Scripted::start().await.unwrap();
    let server = with_interface().await;
    let to = format!("http://{}/api/v2.0/projects", other.host());
    server.script(move |asked| {
        let answer = match asked.path {
            "/api/v2.0/projects" => Answer::json("[]"),
            "/api/elsewhere" => Answer::redirect(307, to.clone()),
            _ => return None,
        };
        Some(answer.with("set-cookie", "sid=1; Path=/"))
    });
    let api = opened(&server, Some(tokens_of(&server))).api().unwrap();
    api.ask(&projects()).await.unwrap();
    let away = api.ask(&Ask::get().at("/api/elsewhere")).await.unwrap_err();
    assert!(matches!(away.kind, Kind::Malformed(_)), "{away:?}");
    let up = Ask::get().at("/api/v2.0/projects").value("..");
    assert_eq!(api.ask(&up).await.unwrap_err().kind, Kind::Invalid);
    assert_eq!(other.requests(), []);
    let asked = server.requests();
    assert_eq!(asked.len(), 2);
    for asked in asked {
        assert_eq!(
            (asked.cookie.as_str(), asked.authorization.as_str()),
            ("", "Basic")
        );
    }
}

#[tokio::test]
async fn what_reads_waits_as_it_is_told_and_what_writes_by_post_is_sent_once() {
    let server = Scripted::start().await.unwrap();
    let asked = std::sync::Arc::new(AtomicU32::new(0));
    let counted = std::sync::Arc::clone(&asked);
    server.script(move |_| {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        Some(match number {
            1 => Answer::json("{}"),
            _ => Answer::of(429).with("retry-after", "0"),
        })
    });
    let registry = client(&server.host(), anonymous());
    let api = registry.api().unwrap();
    api.ask(&projects()).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let made = Ask::post().at("/api/v2.0/projects").json(&json!({"a": 1}));
    let busy = api.ask(&made).await.unwrap_err();
    assert!(matches!(busy.kind, Kind::TooMany { .. }), "{busy:?}");
    let once = api.ask(&projects().once()).await.unwrap_err();
    assert!(matches!(once.kind, Kind::TooMany { .. }), "{once:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_page_in_place_of_json_and_a_flood_are_errors() {
    let (server, registry) = open().await;
    server.script(|asked| {
        Some(match asked.path {
            "/page" => Answer::json("<html>").with("content-type", "text/html"),
            "/flood" => Answer::json(" ".repeat(100_000)),
            _ => return None,
        })
    });
    let api = registry.api().unwrap();
    let page = api.ask(&Ask::get().at("/page")).await.unwrap();
    assert_eq!(page.json::<Value>().unwrap_err().kind, Kind::NotARegistry);
    let flood = api.ask(&Ask::get().at("/flood").most(1000)).await;
    assert_eq!(flood.unwrap_err().kind, Kind::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn what_takes_the_registrys_tokens_is_asked_with_one() {
    let (server, registry) = closed(Auth::TokenGet).await;
    server.script(|asked| {
        let is_theirs = asked.path == "/gitlab/v1/";
        is_theirs.then(|| Answer::json(json!({"token": !asked.token().is_empty()})))
    });
    let name = app(&registry).name().clone();
    let ask = Ask::get().at("/gitlab/v1/");
    registry.ask(&ask, AskFor::Pull(&name)).await.unwrap();
    let token: Vec<_> = server.requests();
    let token = token.iter().find(|asked| asked.path.starts_with("/token"));
    assert!(token.unwrap().path.contains("team%2Fapp%3Apull"));
    // A second question finds the token and the way known.
    let told = registry.ask(&ask, AskFor::Pull(&name)).await.unwrap();
    assert_eq!(told.json::<Value>().unwrap()["token"], true);
}

#[tokio::test]
async fn another_server_gets_what_is_its_own() {
    let server = with_interface().await;
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    let basic = Proof::Basic {
        user: USER.into(),
        secret: SECRET.to_owned().into(),
    };
    let api = Api::at(endpoint.clone(), &basic, &quick()).unwrap();
    api.ask(&projects()).await.unwrap();
    let bearer = Proof::Bearer("t0ken".to_owned().into());
    let api = Api::at(endpoint.clone(), &bearer, &quick()).unwrap();
    assert_eq!(api.ask(&projects()).await.unwrap_err().kind, Kind::SignIn);
    assert_eq!(server.requests()[1].credential, "Bearer t0ken");
    let broken = Proof::Bearer("a\nb".to_owned().into());
    let none = Api::at(endpoint, &broken, &quick()).unwrap_err();
    assert_eq!(none.kind, Kind::Invalid);
}

#[tokio::test]
async fn what_a_server_says_of_itself_is_kept_without_a_secret() {
    let (server, registry) = closed(Auth::TokenGet).await;
    let seen = registry.seen().await.unwrap();
    assert_eq!((seen.status, seen.challenges.len()), (401, 1));
    let SeenChallenge::Bearer { path, service, .. } = &seen.challenges[0] else {
        panic!("{seen:?}");
    };
    assert_eq!((path.as_str(), service.as_str()), ("/token", "scripted"));
    assert!(seen.wants_token(|service| service == "scripted", "/token"));
    assert!(!server.requests()[0].has_authorization);
    assert!(!registry.has_proved());
    registry.check().await.unwrap();
    assert!(registry.has_proved());
}
