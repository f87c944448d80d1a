//! What an observer is told, and what it ends.

use crate::client_pairs::{options, pair};
use crate::world::*;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use registry::{Endpoint, Error, Kind, Observer, Registry, Scheme, TlsFault};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::parts::Certificates;
use testkit::scripted::{Answer, Auth, Scripted};
use tokio::sync::Notify;

#[derive(Default)]
struct Told {
    answers: AtomicUsize,
    failures: Mutex<Vec<(Instant, Error)>>,
    left: AtomicUsize,
    end: Arc<Notify>,
}

impl Told {
    fn answers(&self) -> usize {
        self.answers.load(Ordering::SeqCst)
    }

    fn kinds(&self) -> Vec<Kind> {
        let failures = self.failures.lock().unwrap();
        failures.iter().map(|(_, e)| e.kind.clone()).collect()
    }
}

impl Observer for Told {
    fn answered(&self) {
        self.answers.fetch_add(1, Ordering::SeqCst);
    }

    fn failed(&self, began: Instant, error: &Error) {
        self.failures.lock().unwrap().push((began, error.clone()));
    }

    fn left(&self) {
        self.left.fetch_add(1, Ordering::SeqCst);
    }

    fn ended(&self) -> Option<BoxFuture<'static, ()>> {
        let end = Arc::clone(&self.end);
        Some(async move { end.notified().await }.boxed())
    }
}

#[tokio::test]
async fn an_answer_is_one_whatever_it_says() {
    let (server, client) = open().await;
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    server.push_image("team/app", "v1", "one");
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert_eq!((told.answers(), told.kinds()), (1, vec![]));
    let missing = app(&client).manifest(&tag("v2")).await;
    assert_eq!(missing.unwrap_err().kind, Kind::NotFound);
    assert_eq!(told.answers(), 2, "that it is not there is an answer");
    assert!(
        told.failures
            .lock()
            .unwrap()
            .iter()
            .all(|(_, error)| { !error.is_no_answer() })
    );
    client.forget_listeners();
    app(&client).manifest(&tag("v1")).await.unwrap();
    assert_eq!(told.answers(), 2);
}

/// Behaviour (waiting): What stands before a registry and says 502 to 504 in its place is no answer of the registry's.
/// Source: nginx and Traefik before a registry that is down.
#[tokio::test]
async fn a_gate_that_answers_in_its_place_is_no_answer() {
    for (status, is_answer) in [(502, false), (503, false), (504, false), (500, true)] {
        let (server, client) = open().await;
        let told = Arc::new(Told::default());
        client.observe(told.clone());
        server.set(|faults| faults.status = Some(status));
        let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
        assert_eq!(
            (error.kind.clone(), error.is_no_answer()),
            (Kind::Server, !is_answer)
        );
        assert_eq!(told.answers() > 0, is_answer, "{status}");
        assert_eq!(told.kinds(), [Kind::Server]);
    }
}

#[tokio::test]
async fn a_gate_that_wants_a_certificate_is_no_answer() {
    let made = Certificates::for_loopback().unwrap();
    let (server, shown) = Scripted::start_asking(&made).await.unwrap();
    server.push_image("team/app", "v1", "one");
    server.script(move |_| shown.as_nginx());
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: host(&server.host()),
    };
    for (shows, is_answer) in [(None, false), (Some(pair(&made)), true)] {
        let own = options(&made, shows);
        let client = Registry::with_options(endpoint.clone(), anonymous(), &own).unwrap();
        let told = Arc::new(Told::default());
        client.observe(told.clone());
        let knocked = client.knock().await;
        let listed = app(&client).tags().listing().await;
        assert_eq!((knocked.is_ok(), listed.is_ok()), (is_answer, is_answer));
        assert_eq!(told.answers() > 0, is_answer);
        let wanted = Kind::Tls(TlsFault::WantsCertificate);
        assert!(
            told.kinds().iter().all(|kind| *kind == wanted),
            "{:?}",
            told.kinds()
        );
    }
}

#[tokio::test]
async fn a_closed_door_is_told_with_when_it_was_knocked_at() {
    let (server, client) = open().await;
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    drop(server);
    let before = Instant::now();
    assert!(client.knock().await.is_err());
    let failures = told.failures.lock().unwrap();
    let (began, error) = failures.first().unwrap();
    assert!(*began >= before && error.is_no_answer(), "{error:?}");
    assert_eq!(told.answers(), 0);
}

#[tokio::test]
async fn who_only_looks_keeps_no_registry_open() {
    let (_server, client) = open().await;
    let weak = client.downgrade();
    let endpoint = client.endpoint().clone();
    assert_eq!(weak.upgrade().unwrap().endpoint(), &endpoint);
    drop(client);
    assert!(weak.upgrade().is_none());
}

#[tokio::test]
async fn a_question_is_ended_and_its_place_is_free_again() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    server.set(|faults| faults.delay = Duration::from_mins(1));
    // More than a host is asked at once: those that wait for a place are ended as well.
    let asked: Vec<_> = (0..20)
        .map(|_| {
            let app = app(&client);
            tokio::spawn(async move { app.manifest(&tag("v1")).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    told.end.notify_waiters();
    for each in asked {
        assert_eq!(each.await.unwrap().unwrap_err().kind, Kind::Ended);
    }
    assert_eq!(told.kinds(), [], "what was ended has not failed");
    assert_eq!(told.left.load(Ordering::SeqCst), 20);
    server.set(|faults| faults.delay = Duration::ZERO);
    app(&client).manifest(&tag("v1")).await.unwrap();
}

/// Behaviour (waiting): Where the service that gives tokens fails, or the storage that blobs lie in, the registry has answered.
/// Source: Docker Hub's auth.docker.io; any registry before an object store.
#[tokio::test]
async fn what_another_host_fails_at_is_no_silence_of_the_registrys() {
    let (server, client) = closed(Auth::TokenGet).await;
    let service = Scripted::start().await.unwrap();
    server.set(|faults| faults.realm = Some(format!("http://{}/token", service.host())));
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    service.set(|faults| faults.status = Some(503));
    assert!(app(&client).manifest(&tag("v1")).await.is_err());
    assert_eq!(told.kinds(), []);
    assert_eq!(told.left.load(Ordering::SeqCst), 1);

    let (server, client) = open().await;
    let storage = Scripted::start().await.unwrap();
    server.put_blob("team/app", b"{}");
    server.set(|faults| faults.redirect_blobs = Some(format!("http://{}", storage.host())));
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    storage.set(|faults| faults.status = Some(504));
    let blob = || async {
        let app = app(&client);
        app.has_blob(&oci::Digest::sha256_of(b"{}")).await
    };
    assert!(blob().await.is_err());
    assert!(told.answers() > 0, "it has sent us there");
    drop(storage);
    assert!(blob().await.is_err());
    assert_eq!(told.kinds(), []);
    // The same of the registry itself is its own.
    server.set(|faults| faults.status = Some(504));
    assert!(blob().await.is_err());
    assert!(told.kinds().contains(&Kind::Server));
}

#[tokio::test]
async fn what_ends_after_nobody_observes_any_more_is_told_to_nobody() {
    let (server, client) = open().await;
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    let signed_out = client.clone();
    server.script(move |asked| {
        asked.path.contains("/manifests/").then(|| {
            signed_out.forget_listeners();
            Answer::of(504)
        })
    });
    let error = app(&client).manifest(&tag("v1")).await.unwrap_err();
    assert!(error.is_no_answer());
    assert_eq!((told.answers(), told.kinds()), (0, vec![]));
}

#[tokio::test]
async fn a_long_body_is_a_sign_of_life_now_and_then() {
    let (server, client) = open().await;
    let bytes = [7; 600];
    let digest = server.put_blob("team/app", &bytes);
    let told = Arc::new(Told::default());
    client.observe(told.clone());
    server.set(|faults| faults.drip_blobs = Some((10, Duration::from_millis(40))));
    let layer = oci::Descriptor {
        media_type: oci::MediaType::Other("application/octet-stream".into()),
        digest: oci::Digest::parse(&digest).unwrap(),
        size: 600,
        platform: None,
        annotations: std::collections::BTreeMap::new(),
    };
    app(&client).small_blob(&layer).await.unwrap();
    let answers = told.answers();
    assert!((2..=6).contains(&answers), "{answers}: not for each piece");
}
