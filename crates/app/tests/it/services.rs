//! Token services on other hosts than their registry: whose certificate isn't trusted is said, and trusted there alone.

use crate::certificates::{by_file, lists, put};
use crate::home::{Home, SECRET, USER, account, problem};
use app::view::accounts::{AccountState, NewAccount};
use app::view::certificate::{ConnectionOrder, ServiceTrust};
use app::view::problem::Code;
use testkit::parts::Certificates;
use testkit::scripted::{Answer, Scripted};

async fn of(made: &Certificates) -> Scripted {
    Scripted::start_tls(&made.certificate, &made.key)
        .await
        .unwrap()
}

/// Has a registry fetch its tokens from a service, and take no others.
fn point_to(registry: &Scripted, service: &Scripted) {
    let token = service.host().replace(':', ".");
    let realm = format!("https://{}/token", service.host());
    let given = format!(r#"{{"token":"{token}"}}"#);
    service.script(move |asked| (asked.path == "/token").then(|| Answer::json(&given)));
    registry.script(move |asked| {
        let challenge = format!(r#"Bearer realm="{realm}",service="s""#);
        (asked.token() != token).then(|| Answer::challenge(challenge))
    });
}

/// A registry of one authority, with one repository, and a token service of another.
async fn two(made: &Certificates, other: &Certificates) -> (Scripted, Scripted) {
    let (registry, service) = (of(made).await, of(other).await);
    registry.push_image("lab/tool", "v1", "one");
    point_to(&registry, &service);
    (registry, service)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_certificate_of_a_token_service_is_shown_as_its_own() {
    let made = Certificates::for_loopback().unwrap();
    let other = Certificates::for_loopback().unwrap();
    let (registry, service) = two(&made, &other).await;
    let (home, host) = (Home::new(), registry.host());
    let by_ca = by_file(&put(&home, "ca.crt", &made.ca));
    let told = problem(home.app.probe_by(host.clone(), Some(by_ca.clone())).await);
    assert_eq!(told.code, Code::Certificate, "{told:?}");
    assert!(told.message.contains(&service.host()), "{told:?}");
    assert_eq!(
        told.hints[0],
        format!("{host} has sign-ins checked at {}.", service.host())
    );
    let look = |order: &ConnectionOrder| {
        home.app
            .look_at_certificate(host.clone(), Some(order.clone()))
    };
    let seen = look(&by_ca).await.unwrap();
    assert!(seen.of_service && seen.host == service.host(), "{seen:?}");
    assert_eq!(seen.wrong.len(), 1, "{seen:?}");
    assert_eq!(service.requests(), [], "nothing was sent");

    // A secret is not sent there before that.
    let joining = |connection: &ConnectionOrder, user: &str, secret: &str| NewAccount {
        connection: Some(connection.clone()),
        ..account(&host, user, secret)
    };
    let told = problem(home.app.add_account(joining(&by_ca, "", "")).await);
    assert!(told.message.contains(&service.host()), "{told:?}");
    let trusting = ConnectionOrder {
        services: vec![ServiceTrust {
            host: service.host(),
            trusted: seen.fingerprint.clone(),
        }],
        ..by_ca
    };
    let seen = look(&trusting).await.unwrap();
    assert!(!seen.of_service && seen.wrong.is_empty(), "{seen:?}");
    let view = home
        .app
        .add_account(joining(&trusting, "", ""))
        .await
        .unwrap();
    assert_eq!(view.connection.unwrap().services, trusting.services);
    assert!(lists(&home, &view.id).await);
    // Of another user of that registry it is known.
    let view = home
        .app
        .add_account(account(&host, USER, SECRET))
        .await
        .unwrap();
    assert!(lists(&home, &view.id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_service_that_is_not_trusted_any_more_is_said_with_the_account() {
    let made = Certificates::for_loopback().unwrap();
    let other = Certificates::for_loopback().unwrap();
    // The authority of the registry vouches for its token service, for one who is nobody too.
    let (registry, service) = two(&made, &made).await;
    let home = Home::new();
    let new = NewAccount {
        connection: Some(by_file(&put(&home, "ca.crt", &made.ca))),
        ..account(&registry.host(), "", "")
    };
    let view = home.app.add_account(new).await.unwrap();
    assert!(lists(&home, &view.id).await && service.count("GET", "/token") > 0);

    let moved = of(&other).await;
    point_to(&registry, &moved);
    let told = problem(home.app.refresh_repositories(view.id.clone()).await);
    assert!(told.message.contains(&moved.host()), "{told:?}");
    let state = async || home.app.accounts().await.unwrap()[0].state;
    assert_eq!(state().await, AccountState::Certificate);
    let kept = ConnectionOrder {
        kept: Some(view.id.clone()),
        ..ConnectionOrder::default()
    };
    let again = home
        .app
        .change_connection(view.id.clone(), kept.clone())
        .await;
    assert_eq!(problem(again).code, Code::Certificate);
    let seen = home
        .app
        .look_at_certificate(registry.host(), Some(kept.clone()));
    let seen = seen.await.unwrap();
    assert!(seen.of_service && seen.host == moved.host(), "{seen:?}");
    let order = ConnectionOrder {
        services: vec![ServiceTrust {
            host: seen.host,
            trusted: seen.fingerprint,
        }],
        ..kept
    };
    let view = home.app.change_connection(view.id, order).await.unwrap();
    assert!(lists(&home, &view.id).await);
    assert_eq!(state().await, AccountState::Anonymous);
}
