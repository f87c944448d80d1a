//! What happens in an engine reaches the window as it happens, and nothing is asked of an engine unless something did. Real
//! engines say what they say; one that is played tells thousands of things at once, and counts what it is asked.

use crate::home::Home;
use app::view::events::{AppEvent, Stale};
use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, need};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::broadcast;

/// How soon the window is told, on a busy computer.
const SOON: Duration = Duration::from_secs(8);

/// Waits until the window is told that these are stale; returns all it was told.
async fn until_told(home: &Home, wanted: &[Stale]) -> Vec<Stale> {
    let since = Instant::now();
    let mut told = Vec::new();
    while !wanted.iter().all(|what| told.contains(what)) {
        assert!(since.elapsed() < SOON, "{wanted:?} of {told:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
        told.extend(home.events().into_iter().filter_map(|event| match event {
            AppEvent::Stale { what } => Some(what),
            _ => None,
        }));
    }
    told
}

/// Does something at the engine from outside.
async fn outside(engine: &Dockerd, method: &str, path: &str, body: &str) -> Bytes {
    let json = [("content-type", "application/json")];
    let answer = match method {
        "DELETE" => engine.delete(path).await,
        _ => engine.post(path, body.to_owned(), &json).await,
    };
    let (status, _, body) = answer.unwrap();
    let said = String::from_utf8_lossy(&body);
    assert!(
        (200..300).contains(&status),
        "{method} {path}: {status} {said}"
    );
    body
}

async fn round(kind: EngineKind) {
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[1000]);
    let tar = image.save(&["docker.io/local/app:1"]).unwrap();
    engine.load_tar(tar).await.unwrap();
    let home = Home::with(Some(&engine));
    home.app.engine().await.unwrap();
    assert_eq!(home.app.images().await.unwrap().len(), 1);
    // It is listened to once this is told.
    home.heard_within_a_moment().await;

    let tag = "/images/docker.io/local/app:1/tag?repo=docker.io/local/app&tag=2";
    outside(&engine, "POST", tag, "").await;
    until_told(&home, &[Stale::Images]).await;
    assert_eq!(home.app.images().await.unwrap().len(), 2);

    home.heard_within_a_moment().await;
    let of = r#"{"Image":"docker.io/local/app:1","Cmd":["/none"],"NetworkDisabled":true}"#;
    outside(&engine, "POST", "/containers/create?name=notebook", of).await;
    until_told(&home, &[Stale::Images, Stale::Containers]).await;

    home.heard_within_a_moment().await;
    outside(&engine, "DELETE", "/containers/notebook", "").await;
    until_told(&home, &[Stale::Images, Stale::Containers]).await;

    home.heard_within_a_moment().await;
    outside(&engine, "DELETE", "/images/docker.io/local/app:2", "").await;
    let told = until_told(&home, &[Stale::Images]).await;
    assert!(!told.contains(&Stale::Containers), "{told:?}");
    assert_eq!(home.app.images().await.unwrap().len(), 1);
}

/// Behaviour (lists): The window is told of what others do in the engine when it happens: a name, a container, its end.
/// Source: Docker 20.10.24, Docker with the containerd store, Podman 4.3.1 (`/events`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_in_docker_reaches_the_window() {
    if need(Part::Dockerd) {
        round(EngineKind::Debian).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_in_the_newest_docker_reaches_the_window() {
    if need(Part::NewDockerd) {
        round(EngineKind::Containerd).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_in_podman_reaches_the_window() {
    if need(Part::Podman) {
        round(EngineKind::Podman).await;
    }
}

/// An engine that is played: it tells what it is told to tell, and counts what it is asked.
struct Played {
    socket: PathBuf,
    asked: Arc<Mutex<Vec<String>>>,
    /// What its one image weighs: a list tells by it when it was made.
    weighs: Arc<AtomicUsize>,
    tells: broadcast::Sender<String>,
}

impl Played {
    /// Starts it; a list takes so long.
    fn start(folder: &Path, takes: Duration) -> Self {
        let (tells, _) = broadcast::channel(10_000);
        let played = Self {
            socket: folder.join("docker.sock"),
            asked: Arc::default(),
            weighs: Arc::default(),
            tells,
        };
        let listener = UnixListener::bind(&played.socket).unwrap();
        let (asked, weighs, tells) = (
            Arc::clone(&played.asked),
            Arc::clone(&played.weighs),
            played.tells.clone(),
        );
        tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                let (asked, weighs) = (Arc::clone(&asked), Arc::clone(&weighs));
                tokio::spawn(answer(guest, asked, weighs, tells.subscribe(), takes));
            }
        });
        played
    }

    fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Returns how many requests for such a path there were.
    fn asked(&self, part: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|path| path.contains(part)).count()
    }

    /// Does something, and tells it.
    fn does(&self, kind: &str, action: &str) {
        self.weighs.fetch_add(1, Ordering::SeqCst);
        let told = format!(
            "{{\"Type\":\"{kind}\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"abc\"}}}}\n"
        );
        self.tells.send(told).unwrap();
    }

    /// Waits until somebody listens to it.
    async fn until_heard(&self) {
        let since = Instant::now();
        while self.tells.receiver_count() == 0 || self.asked("/events") == 0 {
            assert!(since.elapsed() < SOON, "nobody listens");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn answer(
    mut guest: UnixStream,
    asked: Arc<Mutex<Vec<String>>>,
    weighs: Arc<AtomicUsize>,
    mut tells: broadcast::Receiver<String>,
    takes: Duration,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match guest.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    asked.lock().unwrap().push(path.clone());
    let begin = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n";
    if path.contains("/events") {
        let streams = format!("{begin}Connection: close\r\n\r\n");
        guest.write_all(streams.as_bytes()).await.unwrap();
        while let Ok(told) = tells.recv().await {
            if guest.write_all(told.as_bytes()).await.is_err() {
                return;
            }
        }
        return;
    }
    let body = match path.rsplit('/').next().unwrap() {
        "_ping" => "OK".to_owned(),
        "version" => r#"{"Version":"9.9.9","Os":"linux","Arch":"amd64"}"#.to_owned(),
        "info" => "{}".to_owned(),
        _ if path.contains("/containers/json") => "[]".to_owned(),
        _ => {
            let size = weighs.load(Ordering::SeqCst);
            tokio::time::sleep(takes).await;
            let id = format!("sha256:{}", "a".repeat(64));
            serde_json::json!([{"Id": id, "ParentId": "", "RepoTags": ["local/app:1"], "RepoDigests": [],
                "Created": 1, "Size": size, "SharedSize": -1, "Labels": {}, "Containers": 0}])
            .to_string()
        }
    };
    let length = body.len();
    let whole = format!("{begin}Content-Length: {length}\r\n\r\n{body}");
    let _ = guest.write_all(whole.as_bytes()).await;
}

/// Reads the images whenever the window is told that they changed, as the window does, for so long; returns what the last
/// list weighed.
async fn as_the_window_does(home: &Home, time: Duration) -> u64 {
    let (since, mut last) = (Instant::now(), 0);
    while since.elapsed() < time {
        let stale = AppEvent::Stale {
            what: Stale::Images,
        };
        if home.events().contains(&stale) {
            last = home.app.images().await.unwrap()[0].size;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_of_an_engine_in_which_nothing_happens() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Played::start(folder.path(), Duration::ZERO);
    let home = Home::at_engine(&engine.host());
    home.app.engine().await.unwrap();
    home.app.images().await.unwrap();
    engine.until_heard().await;
    as_the_window_does(&home, Duration::from_secs(1)).await;
    let before = engine.asked("");
    as_the_window_does(&home, Duration::from_secs(5)).await;
    // What concerns no list is nothing to ask about either.
    engine.does("container", "exec_start: sh");
    engine.does("container", "health_status: healthy");
    engine.does("network", "connect");
    as_the_window_does(&home, Duration::from_secs(1)).await;
    assert_eq!(
        engine.asked(""),
        before,
        "{:?}",
        engine.asked.lock().unwrap()
    );

    engine.does("image", "tag");
    assert_eq!(as_the_window_does(&home, Duration::from_secs(1)).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_two_thousand_events_cost_a_handful_of_lists_and_the_last_one_counts() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Played::start(folder.path(), Duration::from_millis(200));
    let home = Home::at_engine(&engine.host());
    home.app.engine().await.unwrap();
    engine.until_heard().await;
    as_the_window_does(&home, Duration::from_secs(2)).await;
    let before = engine.asked("/images/json");
    let storm = async {
        for step in 0..2000_u32 {
            engine.does(if step % 2 == 0 { "image" } else { "container" }, "create");
            if step % 20 == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    };
    let (last, ()) = tokio::join!(as_the_window_does(&home, Duration::from_secs(5)), storm);
    assert_eq!(last, 2000);
    let lists = engine.asked("/images/json") - before;
    assert!((2..=6).contains(&lists), "{lists} lists");
}
