//! What the log tells of requests, and what it must never hold.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use crate::world::*;
use registry::{Kind, Source};
use testkit::scripted::{Auth, Locations, Scripted};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Everything that is said, at every level, as lines of `target name=value …`.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(span.metadata().target().to_owned());
        span.record(&mut line);
        self.0.lock().unwrap().push(line.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("span".to_owned());
        values.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Heard {
    /// Listens to what this thread does, until the guard is dropped.
    ///
    /// Whether anybody listens is remembered where something is said, and the first to speak may be the thread of another test. So
    /// a second listener is always there (with one alone, only the speaking thread is looked at), and a request is made until it
    /// is heard: each new listener has it looked up again.
    async fn here() -> (Self, DefaultGuard) {
        static OTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Heard::default()));
        let _other = &*OTHER;
        let (_server, client) = open().await;
        for _ in 0..100 {
            let heard = Self::default();
            let guard = tracing::subscriber::set_default(heard.clone());
            client.check().await.unwrap();
            if !heard.requests().is_empty() {
                heard.0.lock().unwrap().clear();
                return (heard, guard);
            }
        }
        panic!("no request is ever heard");
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The lines of requests with what differs from run to run cut out.
    fn requests(&self) -> Vec<String> {
        let lines = self.all().into_iter();
        lines
            .filter_map(|line| line.strip_prefix("registry::request ").map(str::to_owned))
            .map(|line| {
                let fields = line.split(' ').filter(|field| {
                    !field.starts_with("host=") && !field.starts_with("milliseconds=")
                });
                fields.collect::<Vec<_>>().join(" ")
            })
            .collect()
    }
}

#[tokio::test]
async fn each_request_is_one_line() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    let bytes = noise(5000);
    server.put_blob("team/app", &bytes);
    let (heard, _guard) = Heard::here().await;
    let app = app(&client);

    server.set(|faults| faults.unavailable = 1);
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    server.set(|faults| faults.cut_blobs = vec![1000]);
    let layer = layer(&bytes);
    let mut reader = app.blob(&layer).await.unwrap();
    while reader.next().await.unwrap().is_some() {}
    server.set(|faults| faults.cut = 1);
    assert!(app.start_upload(None).await.is_err());

    let asked = r#"method="HEAD" path="/v2/team/app/manifests/v1""#;
    let blob = format!(r#"method="GET" path="/v2/team/app/blobs/{}""#, layer.digest);
    assert_eq!(
        heard.requests(),
        [
            format!("{asked} status=503 bytes=0 attempt=1"),
            format!("{asked} status=200 bytes=0 attempt=2"),
            format!(r#"{blob} status=200 bytes=1000 attempt=1 failure="the answer broke off""#),
            format!("{blob} status=206 bytes=4000 attempt=1"),
            format!(
                r#"method="POST" path="{UPLOADS}" bytes=0 attempt=1 failure="the answer broke off""#
            ),
        ]
    );
    let host = format!("host={:?}", server.host());
    assert!(heard.all().iter().any(|line| line.contains(&host)));
    assert!(
        heard
            .all()
            .iter()
            .any(|line| line.contains("milliseconds="))
    );
}

#[tokio::test]
async fn no_secret_is_in_the_log_at_any_level() {
    for auth in [Auth::Basic, Auth::TokenGet, Auth::TokenPost] {
        let (heard, _guard) = Heard::here().await;
        let (server, client) = closed(auth).await;
        let storage = Scripted::start().await.unwrap();
        let bytes = noise(100);
        for each in [&server, &storage] {
            each.put_blob("team/app", &bytes);
        }
        server.push_image("team/app", "v1", "one");
        server.set(|faults| {
            faults.redirect_blobs = Some(format!("http://{}", storage.host()));
            faults.locations = Locations::Query;
        });
        client.check().await.unwrap();
        let app = app(&client);
        assert!(app.head(&tag("v1")).await.unwrap().is_some());
        assert!(app.small_blob(&layer(&bytes)).await.is_ok());
        let mut reader = app.blob(&layer(&bytes)).await.unwrap();
        while reader.next().await.unwrap().is_some() {}

        let source = Source::of_bytes(noise(300));
        let upload = started(&app).await;
        let upload = open_at(app.upload_chunk(&upload, &source, 100).await);
        let upload = open_at(app.upload_status(&upload).await);
        let wrong = oci::Digest::sha256_of(b"else");
        let wrong = app.commit_upload(&upload, &wrong).await;
        assert_eq!(wrong.unwrap_err().kind, Kind::Refused);
        let wrong = crate::world::client(&server.host(), with_secret("another s3cret"));
        assert_eq!(wrong.check().await.unwrap_err().kind, Kind::SignIn);

        let all = heard.all();
        let requests = heard.requests();
        for kind in ["/manifests/v1", "/blobs/uploads/…", "…\""] {
            assert!(
                requests.iter().any(|line| line.contains(kind)),
                "{kind} in {requests:?}"
            );
        }
        let hidden = [
            SECRET.to_owned(),
            "s3cret".to_owned(),
            basic(SECRET),
            basic("another s3cret"),
            USER.to_owned(),
            // Tokens, signed queries and the state of uploads, as the scripted registry makes them.
            "token-".to_owned(),
            "Bearer".to_owned(),
            "signature".to_owned(),
            "for-your-eyes-only".to_owned(),
            "_state".to_owned(),
            "upload-".to_owned(),
        ];
        for secret in hidden {
            let line = all.iter().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret:?} with {auth:?}");
        }
    }
}

#[tokio::test]
async fn what_is_shown_to_an_interface_elsewhere_is_in_no_line() {
    static MAKER: registry::TokenMaker = registry::TokenMaker {
        path: "/token/of/its/own",
        user: "identifier",
        secret: "secret",
        lives: std::time::Duration::from_mins(1),
    };
    let (heard, _guard) = Heard::here().await;
    let (vendor, server) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    vendor.script(|asked| {
        let made = testkit::scripted::Answer::json(r#"{"access_token":"made-for-you"}"#);
        (asked.path != "/fails").then_some(made)
    });
    let address = format!("http://{}", vendor.host());
    let options = registry::HttpOptions {
        instead: registry::Instead::default()
            .with("api.example", &address)
            .unwrap(),
        ..quick()
    };
    let client = client_with(&server.host(), signed_in(), &options);
    let fixed = registry::Server::Fixed(host("api.example"));
    let own = registry::SecretHeader::PrivateToken;
    for shows in [
        registry::Shows::Bearer,
        registry::Shows::Header(own),
        registry::Shows::Made(&MAKER),
    ] {
        let api = client
            .interface(&fixed, registry::Show::Account(shows))
            .await
            .unwrap();
        let ask = registry::Ask::get().at("/list");
        api.ask(&ask).await.unwrap();
        let failed = api.ask(&registry::Ask::get().at("/fails")).await;
        let told = format!("{:?}", failed.unwrap_err());
        assert!(!told.contains(SECRET) && !told.contains("made-for-you"));
    }
    let all = heard.all();
    assert!(all.iter().any(|line| line.contains("/token/of/its/own")));
    for secret in [SECRET, "made-for-you", "Bearer", USER] {
        let line = all.iter().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret:?}");
    }
}

/// What stands behind `Basic` for the user of the tests.
fn basic(secret: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(format!("{USER}:{secret}"))
}
