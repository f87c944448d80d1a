//! An engine that goes away for a moment keeps its place: what is asked of it goes to no other engine meanwhile. Then the next
//! one is taken, and that is said, until the one before is back; what it held is not known while it is gone. Engines play it
//! that know no more than who they are and what they were told to hold; in one test, real ones.

use crate::home::{Home, problem};
use app::view::browse::LocalMark;
use app::view::engine::EngineView;
use app::view::events::{AppEvent, Stale};
use app::view::problem::Code;
use app::view::tasks::TaskState;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, need};
use testkit::scripted::Scripted;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

/// How soon a thing that is noticed by itself is noticed, on a busy computer.
const SOON: Duration = Duration::from_secs(8);

/// An engine that answers who it is, and what it was told to hold: nothing at first.
struct Told {
    socket: PathBuf,
    podman: bool,
    images: String,
    serves: Option<JoinHandle<()>>,
}

impl Told {
    fn start(folder: &Path, podman: bool) -> Self {
        let name = if podman { "podman.sock" } else { "docker.sock" };
        let mut told = Self {
            socket: folder.join(name),
            podman,
            images: "[]".to_owned(),
            serves: None,
        };
        told.revive();
        told
    }

    fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    fn revive(&mut self) {
        let listener = UnixListener::bind(&self.socket).unwrap();
        let (podman, images) = (self.podman, self.images.clone());
        self.serves = Some(tokio::spawn(async move {
            // Whatever is open goes with the engine.
            let mut guests = tokio::task::JoinSet::new();
            while let Ok((guest, _)) = listener.accept().await {
                guests.spawn(answer(guest, podman, images.clone()));
            }
        }));
    }

    async fn kill(&mut self) {
        let serves = self.serves.take().unwrap();
        serves.abort();
        let _ = serves.await;
        std::fs::remove_file(&self.socket).unwrap();
    }
}

async fn answer(mut guest: UnixStream, podman: bool, images: String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match guest.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let body = match path.rsplit('/').next().unwrap() {
        // Nothing ever happens: the connection is open for as long as the engine lives.
        events if events.starts_with("events") => return std::future::pending().await,
        "_ping" => "OK",
        "version" => r#"{"Version":"9.9.9","Os":"linux","Arch":"amd64"}"#,
        "info" => "{}",
        _ => &images,
    };
    let kind = if podman {
        "Libpod-Api-Version: 4.3.1\r\n"
    } else {
        ""
    };
    let length = body.len();
    let told = format!(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n{kind}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let _ = guest.write_all(told.as_bytes()).await;
}

/// Two engines, Docker's the better, which keeps its place so long; and the folder they listen in.
fn two(patience: Duration) -> (Home, Told, Told, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let docker = Told::start(folder.path(), false);
    let podman = Told::start(folder.path(), true);
    let home = Home::at_engines(&docker.host(), &podman.host(), patience);
    (home, docker, podman, folder)
}

/// Returns the name of the engine that is used, and what is said of it.
fn used(view: &EngineView) -> (&str, &[String]) {
    match view {
        EngineView::Ready { name, instead, .. } => (name, instead),
        EngineView::Absent { problem } => panic!("{problem:?}"),
    }
}

/// Waits until an engine by this name is used.
async fn until_used(home: &Home, wanted: &str) -> EngineView {
    let since = Instant::now();
    loop {
        let view = home.app.engine().await.unwrap();
        if matches!(&view, EngineView::Ready { name, .. } if name == wanted) {
            return view;
        }
        assert!(since.elapsed() < SOON, "{view:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_restarts_keeps_its_place_beside_another() {
    let (home, mut docker, _podman, _folder) = two(Duration::from_mins(10));
    assert_eq!(
        used(&home.app.engine().await.unwrap()),
        ("Docker", [].as_slice())
    );

    docker.kill().await;
    for _ in 0..3 {
        let EngineView::Absent { problem } = home.app.engine().await.unwrap() else {
            panic!("another engine was taken at once");
        };
        assert_eq!(problem.code, Code::NoEngine, "{problem:?}");
        assert!(
            problem.message.contains("Docker, which was used here"),
            "{problem:?}"
        );
        assert!(
            problem.hints[1].contains("600 seconds after it went"),
            "{problem:?}"
        );
        assert_eq!(problem_code(&home).await, Code::NoEngine);
    }
    docker.revive();
    let back = until_used(&home, "Docker").await;
    assert_eq!(used(&back), ("Docker", [].as_slice()));
}

async fn problem_code(home: &Home) -> Code {
    problem(home.app.images().await).code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_stays_away_is_followed_by_the_next_and_that_is_said() {
    let patience = Duration::from_millis(1500);
    let (home, mut docker, mut podman, _folder) = two(patience);
    until_used(&home, "Docker").await;

    docker.kill().await;
    let went = Instant::now();
    let other = until_used(&home, "Podman").await;
    assert!(
        went.elapsed() >= Duration::from_secs(1),
        "it kept no place: {:?}",
        went.elapsed()
    );
    let (name, instead) = used(&other);
    let said = format!(
        "Docker at {} is gone, so Podman at {} is used instead.",
        docker.host(),
        podman.host()
    );
    assert_eq!((name, instead[0].as_str()), ("Podman", said.as_str()));
    assert!(instead[1].contains("Settings"), "{instead:?}");

    // A broken connection to it changes nothing of what is so.
    podman.kill().await;
    podman.revive();
    let again = until_used(&home, "Podman").await;
    assert_eq!(used(&again).1[0], said);

    // The one before has its place again as soon as it is back, and that is said too.
    docker.revive();
    let again = until_used(&home, "Docker").await;
    let back = format!(
        "Docker at {} is back, so it is used again, and Podman at {} no longer.",
        docker.host(),
        podman.host()
    );
    assert_eq!(used(&again), ("Docker", [back.clone()].as_slice()));
    // The other's end is nothing to it.
    podman.kill().await;
    tokio::time::sleep(patience).await;
    assert_eq!(used(&home.app.engine().await.unwrap()).1, [back]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_back_waits_for_nothing_where_the_other_went_too() {
    let patience = Duration::from_millis(1500);
    let (home, mut docker, mut podman, _folder) = two(patience);
    until_used(&home, "Docker").await;
    docker.kill().await;
    until_used(&home, "Podman").await;
    podman.kill().await;
    assert_eq!(problem_code(&home).await, Code::NoEngine);
    docker.revive();
    until_used(&home, "Docker").await;
    // Who chose an engine since has nothing taken back.
    docker.kill().await;
    podman.revive();
    until_used(&home, "Podman").await;
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some(podman.host());
    std::fs::remove_file(home.folder.path().join("sandbox.json")).unwrap();
    home.app.set_settings(values).await.unwrap();
    until_used(&home, "Podman").await;
    docker.revive();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let chosen = home.app.engine().await.unwrap();
    assert_eq!(used(&chosen), ("Podman", [].as_slice()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_back_waits_while_something_moves_through_the_other() {
    if !need(Part::Registry) || !need(Part::Dockerd) || !need(Part::Podman) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[2_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let mut docker = Dockerd::start(None).await.unwrap();
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let patience = Duration::from_millis(1500);
    let home = Home::at_engines(&docker.docker_host(), &podman.docker_host(), patience);
    let id = home.anyone(&registry.host()).await;
    until_used(&home, "Docker").await;
    docker.kill();
    until_used(&home, "Podman").await;

    registry.pause();
    let order = home.at(&id, "lab/tool").pull_order("v1", None);
    let task = home.app.start_pull(order).await.unwrap();
    home.until(&task, |task| task.state == TaskState::Running)
        .await;
    docker.revive().await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(used(&home.app.engine().await.unwrap()).0, "Podman");
    registry.resume();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let name = format!("{}/lab/tool:v1", registry.host());
    assert!(podman.image(&name).await.unwrap().is_some());

    let again = until_used(&home, "Docker").await;
    assert!(used(&again).1[0].starts_with("Docker at "), "{again:?}");
    assert!(docker.image(&name).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_chosen_meanwhile_waits_for_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (mut docker, podman) = (
        Told::start(folder.path(), false),
        Told::start(folder.path(), true),
    );
    let home = Home::at_engines(&docker.host(), "unix:///none.sock", Duration::from_mins(10));
    until_used(&home, "Docker").await;
    docker.kill().await;
    assert_eq!(problem_code(&home).await, Code::NoEngine);
    // The sandbox it belonged to is gone, and its file with it: the person's own engine is the first again.
    std::fs::remove_file(home.folder.path().join("sandbox.json")).unwrap();
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some(podman.host());
    home.app.set_settings(values).await.unwrap();
    let chosen = until_used(&home, "Podman").await;
    assert_eq!(used(&chosen), ("Podman", [].as_slice()));
}

/// Waits until the window is told that what the engine holds is another.
async fn until_held_is_stale(home: &Home) {
    let since = Instant::now();
    let stale = AppEvent::Stale { what: Stale::Held };
    while !home.events().contains(&stale) {
        assert!(since.elapsed() < SOON, "nothing was told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Returns what the rows of a tag say of this computer: in the list, beside each other, and in the timeline.
async fn marks(home: &Home, id: &str) -> (LocalMark, Option<bool>, Option<bool>) {
    let lab = home.at(id, "lab/tool");
    (
        lab.tags().await.rows[0].local,
        lab.commits("v1").await[0].on_this_computer,
        lab.timeline().await.rows[0].commit.on_this_computer,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_engine_holds_is_unknown_while_it_is_gone_and_known_when_it_is_back() {
    let registry = Scripted::start().await.unwrap();
    let digest = registry.push_image("lab/tool", "v1", "one");
    let folder = tempfile::tempdir().unwrap();
    let mut docker = Told::start(folder.path(), false);
    docker.kill().await;
    let home = Home::at_engine(&docker.host());
    let id = home.anyone(&registry.host()).await;
    home.at(&id, "lab/tool").refresh_tags().await;
    home.at(&id, "lab/tool").resolve("v1").await;
    let unknown = (LocalMark::Unknown, None, None);
    assert_eq!(marks(&home, &id).await, unknown);

    // An engine that holds nothing says so.
    docker.revive();
    home.app.images().await.unwrap();
    until_held_is_stale(&home).await;
    assert_eq!(
        marks(&home, &id).await,
        (LocalMark::None, Some(false), Some(false))
    );
    docker.kill().await;
    until_held_is_stale(&home).await;
    assert_eq!(marks(&home, &id).await, unknown);

    let name = format!("{}/lab/tool", registry.host());
    docker.images =
        serde_json::json!([{"Id": digest, "ParentId": "", "RepoTags": [format!("{name}:v1")],
        "RepoDigests": [format!("{name}@{digest}")], "Created": 1, "Size": 1, "SharedSize": -1,
        "Labels": {}, "Containers": 0}])
        .to_string();
    docker.revive();
    // The window asks what it holds as soon as it is told that there is one.
    until_used(&home, "Docker").await;
    home.app.images().await.unwrap();
    until_held_is_stale(&home).await;
    assert_eq!(
        marks(&home, &id).await,
        (LocalMark::Same, Some(true), Some(true))
    );
    docker.kill().await;
    until_held_is_stale(&home).await;
    assert_eq!(marks(&home, &id).await, unknown);
}
