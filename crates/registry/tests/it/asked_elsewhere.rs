//! Where an interface is asked that isn't at the registry itself, what is shown there, and which tokens are never asked for.

use crate::world::*;
use registry::{
    Api, Ask, AskFor, Error, HttpOptions, Instead, Kind, Proof, Registry, SecretHeader,
};
use registry::{
    Given, Server, Show, Shows, SignIn, SignInSource, SignInWay, TokenActions, TokenMaker,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use testkit::scripted::{Answer, Asked, Auth, Scripted};

const FIXED: &str = "api.vendor.example";

static MAKER: TokenMaker = TokenMaker {
    path: "/v2/auth/token",
    user: "identifier",
    secret: "secret",
    lives: Duration::from_mins(10),
};

fn list() -> Ask {
    Ask::get().at("/list")
}

fn fixed() -> Server {
    Server::Fixed(host(FIXED))
}

/// A server of a fixed address, played here, that answers so; and a registry whose vendor's it is.
async fn with_fixed(
    sign_in: SignIn,
    answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static,
) -> (Scripted, Scripted, Registry) {
    let (vendor, server) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    vendor.script(move |asked| Some(answer(asked)));
    let address = format!("http://{}", vendor.host());
    let options = HttpOptions {
        instead: Instead::default().with(FIXED, &address).unwrap(),
        ..quick()
    };
    let registry = client_with(&server.host(), sign_in, &options);
    (vendor, server, registry)
}

async fn asked(registry: &Registry, server: &Server, show: Show) -> Result<Value, Error> {
    let api = registry.interface(server, show).await?;
    api.ask(&list()).await?.json()
}

#[tokio::test]
async fn a_fixed_address_is_shown_what_is_meant_for_it_and_the_registry_sees_nothing_of_it() {
    let (vendor, server, registry) = with_fixed(signed_in(), |asked| {
        let told = [asked.authorization, asked.header("private-token")];
        Answer::json(json!(told)).with("set-cookie", "a=b")
    })
    .await;
    let told = async |show| asked(&registry, &fixed(), show).await.unwrap();
    assert_eq!(told(Show::Nobody).await, json!(["", ""]));
    let bearer = told(Show::Account(Shows::Bearer)).await;
    assert_eq!(bearer, json!([format!("Bearer {SECRET}"), ""]));
    let own = told(Show::Account(Shows::Header(SecretHeader::PrivateToken))).await;
    assert_eq!(own, json!(["", SECRET]));
    let basic = told(Show::Account(Shows::Basic)).await;
    assert!(basic[0].as_str().unwrap().starts_with("Basic "));
    let other = || "0ther".to_owned().into();
    let given = told(Show::Given(Proof::Bearer(other()))).await;
    assert_eq!(given, json!(["Bearer 0ther", ""]));
    let given = Proof::Header(SecretHeader::PrivateToken, other());
    assert_eq!(told(Show::Given(given)).await, json!(["", "0ther"]));
    assert_eq!(server.requests(), []);
    assert!(vendor.requests().iter().all(|seen| seen.cookie.is_empty()));
}

#[tokio::test]
async fn hostile_a_redirect_takes_no_secret_along() {
    let evil = Scripted::start().await.unwrap();
    let to = format!("http://{}/list", evil.host());
    let (_vendor, _server, registry) =
        with_fixed(signed_in(), move |_| Answer::redirect(307, to.clone())).await;
    for shows in [
        Shows::Bearer,
        Shows::Header(SecretHeader::PrivateToken),
        Shows::Made(&MAKER),
    ] {
        let error = asked(&registry, &fixed(), Show::Account(shows)).await;
        assert!(matches!(error.unwrap_err().kind, Kind::Malformed(_)));
    }
    assert_eq!(evil.requests(), []);
}

/// Gives a token for the right user and secret, which is good until the number of it is another.
fn hub(number: Arc<AtomicU32>) -> impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static {
    move |asked| {
        let good = format!("made-{}", number.load(Ordering::SeqCst));
        if asked.path == MAKER.path {
            let order: Value = serde_json::from_slice(asked.body).unwrap_or_default();
            let is_right = order == json!({"identifier": USER, "secret": SECRET});
            let is_right = is_right && asked.method == "POST" && asked.authorization.is_empty();
            return if is_right {
                Answer::json(json!({"access_token": good}))
            } else {
                Answer::json(json!({"message": "no"})).with_status(401)
            };
        }
        if asked.token() == good {
            Answer::json("[1]")
        } else {
            Answer::of(401)
        }
    }
}

#[tokio::test]
async fn a_token_is_made_once_and_anew_when_it_is_refused() {
    let number = Arc::<AtomicU32>::default();
    let (vendor, server, registry) = with_fixed(signed_in(), hub(Arc::clone(&number))).await;
    let at = fixed();
    let ask = || asked(&registry, &at, Show::Account(Shows::Made(&MAKER)));
    let (one, other) = tokio::join!(ask(), ask());
    assert_eq!((one.unwrap(), other.unwrap()), (json!([1]), json!([1])));
    ask().await.unwrap();
    assert_eq!(vendor.count("POST", MAKER.path), 1);
    number.store(1, Ordering::SeqCst);
    ask().await.unwrap();
    assert_eq!(vendor.count("POST", MAKER.path), 2);
    assert_eq!(vendor.count("GET", "/list"), 5);
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn a_wrong_secret_makes_no_token_and_is_sent_once() {
    let wrong = with_secret("wrong");
    let (vendor, _server, registry) = with_fixed(wrong, hub(Arc::default())).await;
    for _ in 0..3 {
        let told = asked(&registry, &fixed(), Show::Account(Shows::Made(&MAKER))).await;
        assert_eq!(told.unwrap_err().kind, Kind::SignIn);
    }
    let seen = vendor.requests();
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[derive(Debug)]
struct Changing(AtomicU32);

impl SignInSource for Changing {
    fn now(&self) -> registry::Asking<'_> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let secret = if number == 0 { "wrong" } else { SECRET };
        let given = Given {
            user: USER.into(),
            secret: SecretString::from(secret.to_owned()),
        };
        Box::pin(async { Ok(given) })
    }
}

/// A registry whose sign-in another program keeps, which has a right one the second time.
async fn changing(
    answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static,
) -> (Scripted, Registry, Scripted) {
    let (vendor, server) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    vendor.script(move |asked| Some(answer(asked)));
    let address = format!("http://{}", vendor.host());
    let options = HttpOptions {
        instead: Instead::default().with(FIXED, &address).unwrap(),
        source_rest: Duration::ZERO,
        ..quick()
    };
    let source = SignIn::Asked(Arc::new(Changing(AtomicU32::new(0))));
    let registry = client_with(&server.host(), source, &options);
    (vendor, registry, server)
}

#[tokio::test]
async fn what_is_shown_follows_a_sign_in_that_is_renewed() {
    let bearer = |asked: &Asked<'_>| match asked.token() {
        SECRET => Answer::json("[1]"),
        _ => Answer::of(401),
    };
    let (vendor, registry, _server) = changing(bearer).await;
    let told = asked(&registry, &fixed(), Show::Account(Shows::Bearer)).await;
    assert_eq!((told.unwrap(), vendor.requests().len()), (json!([1]), 2));
    assert_eq!(registry.user().await.unwrap().as_deref(), Some(USER));

    let (vendor, registry, _server) = changing(hub(Arc::default())).await;
    let told = asked(&registry, &fixed(), Show::Account(Shows::Made(&MAKER))).await;
    assert_eq!(told.unwrap(), json!([1]));
    assert_eq!(vendor.count("POST", MAKER.path), 2);
}

#[tokio::test]
async fn an_identity_token_is_shown_in_no_form() {
    let identity = SignIn::Basic {
        user: "<token>".into(),
        secret: SECRET.to_owned().into(),
    };
    let (vendor, server, registry) = with_fixed(identity, |_| Answer::json("[]")).await;
    for shows in [
        Shows::Basic,
        Shows::Bearer,
        Shows::Header(SecretHeader::PrivateToken),
        Shows::Made(&MAKER),
    ] {
        let told = asked(&registry, &fixed(), Show::Account(shows)).await;
        assert_eq!(told.unwrap_err().kind, Kind::SignIn);
    }
    assert_eq!((vendor.requests(), server.requests()), (vec![], vec![]));
}

/// A registry that names another server for its tokens, which has an interface.
async fn with_service() -> (Scripted, Scripted) {
    let (service, server) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    service.script(|asked| {
        Some(match asked.path {
            "/list" => Answer::json(json!([asked.authorization, asked.header("private-token")])),
            _ => return None,
        })
    });
    let realm = format!("http://{}/jwt/auth", service.host());
    server.script(move |_| {
        let challenge = format!(r#"Bearer realm="{realm}",service="s""#);
        Some(Answer::challenge(challenge))
    });
    (service, server)
}

#[tokio::test]
async fn the_token_service_is_shown_what_was_agreed_to_and_else_nothing() {
    let (service, server) = with_service().await;
    let opened = |sign_in, ways: Option<&str>| {
        let endpoint = registry::Endpoint {
            scheme: registry::Scheme::Http,
            host: host(&server.host()),
        };
        let ways = ways.map(|way| SignInWay::parse(way).unwrap().into());
        Registry::open(endpoint, sign_in, ways, &quick()).unwrap()
    };
    let at = Server::TokenService;
    let agreed = format!("bearer http://{}", service.host());
    let registry = opened(signed_in(), Some(&agreed));
    let show = Show::Account(Shows::Bearer);
    let told = asked(&registry, &at, show.clone()).await.unwrap();
    assert_eq!(told, json!([format!("Bearer {SECRET}"), ""]));
    let second = || Show::Given(Proof::Bearer("0ther".to_owned().into()));
    let told = asked(&registry, &at, second()).await.unwrap();
    assert_eq!(told, json!(["Bearer 0ther", ""]));
    // The registry itself gets no secret by that.
    let itself = registry.interface(&Server::Registry, show.clone()).await;
    assert!(matches!(
        itself.unwrap_err().kind,
        Kind::SignInChanged { .. }
    ));

    service.forget_requests();
    for ways in ["basic", "bearer http://127.0.0.1:1"] {
        let registry = opened(signed_in(), Some(ways));
        for show in [show.clone(), second()] {
            let told = asked(&registry, &at, show).await;
            assert!(told.is_err(), "{ways}: {told:?}");
        }
    }
    let nobody = opened(anonymous(), None);
    for show in [show, second()] {
        assert!(asked(&nobody, &at, show).await.is_err());
    }
    assert_eq!(service.requests(), []);
    let told = asked(&nobody, &at, Show::Nobody).await.unwrap();
    assert_eq!(told, json!(["", ""]));
    assert!(server.requests().iter().all(|seen| !seen.has_authorization));
}

#[tokio::test]
async fn a_registry_without_a_token_service_has_no_interface_there() {
    let (server, registry) = open().await;
    let none = registry
        .interface(&Server::TokenService, Show::Nobody)
        .await;
    assert_eq!(none.unwrap_err().kind, Kind::Unsupported);
    assert!(server.requests().iter().all(|seen| !seen.has_authorization));
}

/// Behaviour (sign-in): A registry whose token service fails at any action but pull, push and mount is asked for no other one.
/// Source: Synapse's source of 24 Oct 2024: `delete` and `*` are exceptions there.
#[tokio::test]
async fn no_token_is_asked_for_but_to_pull_and_push() {
    let (server, registry) = closed(Auth::TokenGet).await;
    server.push_image("team/app", "v1", "one");
    registry.ask_tokens_for(TokenActions::ToPush);
    registry.check().await.unwrap();
    // What is left is asked for, and whether that is enough is the registry's to say.
    let listed = registry.catalog().next().await;
    assert_eq!(listed.unwrap_err().kind, Kind::Denied);
    let listed = registry.ask(&list(), AskFor::Catalog).await;
    assert!(listed.is_err());
    assert!(app(&registry).head(&tag("v1")).await.unwrap().is_some());
    let deleted = app(&registry).delete(&tag("v1")).await;
    assert_eq!(deleted.unwrap_err().kind, Kind::Denied);
    let seen = server.requests();
    let tokens = seen.iter().filter(|it| it.path.starts_with("/token"));
    let scopes: Vec<&str> = tokens.map(|it| it.path.as_str()).collect();
    assert!(scopes.iter().any(|it| it.contains("pull")), "{scopes:?}");
    let odd = |it: &&&str| it.contains("delete") || it.contains("catalog");
    assert_eq!(scopes.iter().find(odd), None);
    // What a challenge asks for beside is left out.
    let (server, registry) = closed(Auth::TokenGet).await;
    let realm = format!("http://{}/token", server.host());
    server.script(move |asked| {
        let is_for_it = asked.path.contains("/manifests/") && asked.token().is_empty();
        let scope = "repository:team/app:delete,pull registry:catalog:*";
        let challenge = format!(r#"Bearer realm="{realm}",service="s",scope="{scope}""#);
        is_for_it.then(|| Answer::challenge(challenge))
    });
    registry.ask_tokens_for(TokenActions::ToPush);
    let _ = app(&registry).head(&tag("v1")).await;
    let seen = server.requests();
    assert!(seen.iter().all(|it| !it.path.contains("delete")));
    assert!(seen.iter().all(|it| !it.path.contains("catalog%3A")));
    // And as long as that holds alone.
    registry.ask_tokens_for(TokenActions::Any);
    server.script(|_| None);
    assert!(registry.catalog().next().await.is_ok());
    let seen = server.requests();
    assert!(seen.iter().any(|it| it.path.contains("catalog%3A")));
}

#[tokio::test]
async fn what_is_asked_is_shown_without_a_secret() {
    let (_vendor, _server, registry) = with_fixed(signed_in(), hub(Arc::default())).await;
    let show = Show::Account(Shows::Made(&MAKER));
    let api: Api = registry.interface(&fixed(), show).await.unwrap();
    api.ask(&list()).await.unwrap();
    let proof = Proof::Header(SecretHeader::PrivateToken, SECRET.to_owned().into());
    for shown in [format!("{api:?}"), format!("{proof:?}")] {
        assert!(
            !shown.contains(SECRET) && !shown.contains("made-"),
            "{shown}"
        );
    }
}
