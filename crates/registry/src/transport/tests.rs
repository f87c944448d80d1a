//! The lock where everything leaves: each is sent to a port that would tell.

use super::*;
use crate::error::Kind;
use crate::way::{SignInWay, SignInWays};
use futures_util::FutureExt as _;
use http::HeaderValue;
use secrecy::SecretString;
use testkit::scripted::Scripted;

struct Two {
    own: Scripted,
    other: Scripted,
    transport: Transport,
}

fn url(server: &Scripted, path: &str) -> Url {
    Url::parse(&format!("http://{}{path}", server.host())).unwrap()
}

fn origin(server: &Scripted) -> Origin {
    Origin::of(&url(server, "/")).unwrap()
}

/// Two hosts, and a way to one of them whose secret may go these ways.
async fn two(ways: impl FnOnce(&Scripted, &Scripted) -> SignInWays) -> Two {
    let (own, other) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    let approved = Arc::new(Approved::new(origin(&own), Some(ways(&own, &other))));
    let base = url(&own, "/v2/");
    let transport = Transport::new(base, approved, &HttpOptions::default()).unwrap();
    Two {
        own,
        other,
        transport,
    }
}

fn credential(to: &Scripted, way: Option<SignInWay>) -> Credential {
    Credential {
        name: header::AUTHORIZATION,
        header: HeaderValue::from_static("Basic eDp5"),
        to: origin(to),
        way,
    }
}

impl Two {
    /// Sends a request, and tells whether it was held back.
    async fn holds_back(&self, exchange: Exchange) -> bool {
        let before = self.own.requests().len() + self.other.requests().len();
        let sent = self.transport.exchange(exchange, 1024).await;
        let after = self.own.requests().len() + self.other.requests().len();
        match sent {
            Ok(_) => {
                assert_eq!(after, before + 1);
                false
            }
            Err(error) => {
                assert!(matches!(error.kind, Kind::ForeignHost { .. }), "{error:?}");
                assert_eq!(after, before, "nothing has left");
                true
            }
        }
    }

    async fn header(&self, to: &Scripted, credential: Credential) -> bool {
        let mut exchange = Exchange::new(Method::GET, url(to, "/v2/"));
        exchange.credential = Some(credential);
        self.holds_back(exchange).await
    }
}

#[tokio::test]
async fn hostile_addresses_get_no_header() {
    let basic = || SignInWays::from(SignInWay::Basic);
    let two = two(|_, _| basic()).await;
    let (own, other) = (&two.own, &two.other);
    assert!(!two.header(own, credential(own, None)).await);
    assert!(
        !two.header(own, credential(own, Some(SignInWay::Basic)))
            .await
    );
    assert!(two.header(other, credential(own, None)).await);
    assert!(
        two.header(other, credential(own, Some(SignInWay::Basic)))
            .await
    );
    assert!(two.header(other, credential(other, None)).await);
    assert!(
        two.header(other, credential(other, Some(SignInWay::Basic)))
            .await
    );
    let service = origin(other);
    let bearer = SignInWay::Bearer { service };
    assert!(
        two.header(other, credential(other, Some(bearer))).await,
        "nobody agreed to it"
    );
}

#[tokio::test]
async fn hostile_registry_gets_no_secret_that_is_for_its_token_service() {
    let way = |_: &Scripted, other: &Scripted| SignInWay::Bearer {
        service: origin(other),
    };
    let two = two(|own, other| way(own, other).into()).await;
    let (own, other) = (&two.own, &two.other);
    let secret = || Some(way(own, other));
    assert!(!two.header(other, credential(other, secret())).await);
    assert!(two.header(own, credential(own, secret())).await);
    assert!(two.header(own, credential(other, secret())).await);
    assert!(
        two.header(own, credential(own, Some(SignInWay::Basic)))
            .await
    );
    assert!(
        two.header(other, credential(other, None)).await,
        "a registry's token"
    );
}

#[tokio::test]
async fn hostile_addresses_get_no_form() {
    let two = two(|own, _| {
        SignInWay::Bearer {
            service: origin(own),
        }
        .into()
    })
    .await;
    for (to, held) in [(&two.own, false), (&two.other, true)] {
        let mut exchange = Exchange::new(Method::POST, url(to, "/token"));
        exchange.body = Body::Form(SecretString::from("password=x"));
        assert_eq!(two.holds_back(exchange).await, held);
    }
}

#[tokio::test]
async fn hostile_headers_and_users_by_another_way_are_held_back() {
    let two = two(|_, _| SignInWay::Basic.into()).await;
    for name in ["authorization", "proxy-authorization", "cookie"] {
        let mut exchange = Exchange::new(Method::GET, url(&two.own, "/v2/"));
        exchange.headers.insert(name, HeaderValue::from_static("x"));
        assert!(two.holds_back(exchange).await, "{name}");
    }
    for user in ["user", "user:secret", ":secret"] {
        let text = url(&two.other, "/v2/").to_string();
        let text = text.replace("http://", &format!("http://{user}@"));
        let exchange = Exchange::new(Method::GET, Url::parse(&text).unwrap());
        assert!(two.holds_back(exchange).await, "{user}");
    }
}

#[tokio::test]
async fn hostile_redirects_are_locked_at_each_hop() {
    let two = two(|_, _| SignInWay::Basic.into()).await;
    let away = url(&two.other, "/v2/").to_string();
    two.own
        .script(move |_| Some(testkit::scripted::Answer::redirect(307, away.clone())));
    let mut exchange = Exchange::new(Method::GET, url(&two.own, "/v2/"));
    exchange.credential = Some(credential(&two.own, Some(SignInWay::Basic)));
    exchange.follow = Follow::Anywhere;
    let answer = two.transport.exchange(exchange, 1024).await.unwrap();
    assert!(answer.status == 200 && !answer.own);
    assert!(two.own.requests()[0].has_authorization && !two.other.requests()[0].has_authorization);
}

#[tokio::test]
async fn a_visit_takes_tokens_of_the_visited_alone() {
    let two = two(|_, _| SignInWay::Basic.into()).await;
    let there = two
        .transport
        .visiting(url(&two.other, "/v2/"), origin(&two.other));
    let two = Two {
        transport: there,
        ..two
    };
    let (own, other) = (&two.own, &two.other);
    assert!(!two.header(other, credential(other, None)).await);
    assert!(
        two.header(other, credential(other, Some(SignInWay::Basic)))
            .await
    );
    assert!(two.header(own, credential(own, None)).await);
}

#[tokio::test]
async fn a_registry_that_wants_to_be_left_alone_is_left_alone_by_all() {
    let own = Url::parse("https://r.example/v2/").unwrap();
    let approved = Arc::new(Approved::nothing(Origin::of(&own).unwrap()));
    let transport = Transport::new(own, approved, &HttpOptions::default()).unwrap();
    let waits = || transport.quiet().now_or_never().is_none();
    assert!(!waits());
    transport.be_quiet_for(Duration::ZERO);
    transport.quiet().await;
    transport.be_quiet_for(Duration::from_hours(1));
    assert!(waits());
    // Who asks for less later has not taken back what was asked before.
    transport.be_quiet_for(Duration::ZERO);
    assert!(waits());
}
