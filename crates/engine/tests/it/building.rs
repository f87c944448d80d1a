//! Building from a folder, by the own builders of real engines; and the stream of its files, which nobody holds whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use engine::{Address, Build, BuildEvent, BuildOf, Engine, Error, StepEnd};
use futures_util::StreamExt;
use testkit::held_file::HeldFile;
use testkit::parts::{EngineKind, Part, need};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::Machine;

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub fn of(folder: &Path) -> BuildOf {
    BuildOf {
        folder: folder.to_owned(),
        dockerfile: "Dockerfile".to_owned(),
        ..BuildOf::default()
    }
}

/// What a build led to.
#[derive(Debug, Default)]
pub struct Ended {
    /// Each step's text and its end.
    pub steps: Vec<(String, Option<StepEnd>)>,
    pub lines: Vec<String>,
    pub image: Option<String>,
    pub error: Option<Error>,
}

pub async fn ended(mut build: Build) -> Ended {
    let mut ended = Ended::default();
    while let Some(event) = build.next().await {
        match event {
            Ok(BuildEvent::Step { key, text, .. }) => {
                assert_eq!(key as usize, ended.steps.len());
                ended.steps.push((text, None));
            }
            Ok(BuildEvent::Ended { step, how }) => {
                let before = ended.steps[step as usize].1.replace(how);
                assert_eq!(before, None, "it ended twice");
            }
            Ok(BuildEvent::Again { step }) => {
                let before = ended.steps[step as usize].1.take();
                assert!(before.is_some(), "it had not ended");
            }
            Ok(BuildEvent::Line { text, .. }) => ended.lines.push(text),
            Ok(BuildEvent::Image(id)) => ended.image = Some(id),
            Ok(BuildEvent::Warning(_)) => {}
            Err(error) => {
                assert!(build.next().await.is_none());
                ended.error = Some(error);
                break;
            }
        }
    }
    ended
}

pub fn ends(ended: &Ended) -> Vec<Option<StepEnd>> {
    ended.steps.iter().map(|(_, how)| *how).collect()
}

/// The labels of an image, as the engine tells them.
async fn labels(machine: &Machine, name: &str) -> serde_json::Value {
    let image = machine.dockerd.image(name).await.unwrap().unwrap();
    image["Config"]["Labels"].clone()
}

#[tokio::test]
async fn a_folder_becomes_an_image_by_dockers_own_builder() {
    if let Some(machine) = Machine::start(EngineKind::Debian).await {
        round(&machine).await;
    }
}

#[tokio::test]
async fn a_folder_becomes_an_image_of_the_containerd_store() {
    if let Some(machine) = Machine::start(EngineKind::Containerd).await {
        round(&machine).await;
    }
}

/// Podman builds through Docker's API: its steps, its cached ones and its errors come in other words and are read alike.
/// (Read in podman 4.3.1 `pkg/api/handlers/compat/images_build.go`.)
#[tokio::test]
async fn a_folder_becomes_an_image_with_podman() {
    if let Some(machine) = Machine::start(EngineKind::Podman).await {
        round(&machine).await;
    }
}

async fn round(machine: &Machine) {
    let engine = &machine.engine;
    let folder = folder(&[
        (
            "Dockerfile",
            "FROM scratch AS first\nARG WHAT=nothing\nLABEL what=$WHAT\nCOPY . /all/\nFROM first AS second\nLABEL last=yes\n",
        ),
        (".dockerignore", "secret\n**/*.o\n!keep.o\n"),
        ("a.txt", "one"),
        ("sub/b.txt", "two"),
        ("sub/c.o", "three"),
        ("keep.o", "four"),
        ("secret", "hunter2"),
    ]);
    // By name, with an argument, up to a stage.
    let first = BuildOf {
        target: Some("first".to_owned()),
        args: BTreeMap::from([("WHAT".to_owned(), "a \"b\" & c".to_owned())]),
        name: Some("team/built:v1".to_owned()),
        ..of(folder.path())
    };
    let build = engine.build(first.clone());
    let done = ended(build).await;
    assert_eq!(done.error, None, "{done:?}");
    assert_eq!(done.steps.len(), 4, "{done:?}");
    assert!(done.steps[0].0.contains("FROM scratch"), "{done:?}");
    assert!(done.steps[3].0.starts_with("COPY "), "{done:?}");
    assert!(ends(&done).iter().all(Option::is_some), "{done:?}");
    let id = done.image.unwrap();
    let image = engine.inspect(&id).await.unwrap().unwrap();
    assert!(
        image
            .names
            .iter()
            .any(|name| name.ends_with("team/built:v1")),
        "{image:?}"
    );
    assert_eq!(labels(machine, &id).await["what"], "a \"b\" & c");

    // Again: nothing is made anew.
    let again = ended(engine.build(first.clone())).await;
    assert_eq!(again.image.as_deref(), Some(id.as_str()), "{again:?}");
    assert!(
        ends(&again)[1..]
            .iter()
            .all(|how| *how == Some(StepEnd::Cached)),
        "{again:?}"
    );

    // A file that is left out changes nothing; one that goes along does.
    fs::write(folder.path().join("secret"), "hunter3").unwrap();
    fs::write(folder.path().join("sub/c.o"), "changed").unwrap();
    let left_out = ended(engine.build(first.clone())).await;
    assert_eq!(left_out.image.as_deref(), Some(id.as_str()), "{left_out:?}");
    fs::write(folder.path().join("keep.o"), "changed").unwrap();
    let changed = ended(engine.build(first.clone())).await;
    assert_ne!(changed.image.as_deref(), Some(id.as_str()), "{changed:?}");

    // Anew, and to the end, without a name.
    let anew = BuildOf {
        no_cache: true,
        ..of(folder.path())
    };
    let anew = ended(engine.build(anew)).await;
    assert!(!ends(&anew).contains(&Some(StepEnd::Cached)), "{anew:?}");
    let id = anew.image.unwrap();
    let image = engine.inspect(&id).await.unwrap().unwrap();
    assert!(image.names.is_empty(), "{image:?}");
    let labels = labels(machine, &id).await;
    assert_eq!(
        (&labels["what"], &labels["last"]),
        (&"nothing".into(), &"yes".into())
    );
    failing(machine, folder.path()).await;
}

/// What can't be built says why, and in which step.
async fn failing(machine: &Machine, folder: &Path) {
    let engine = &machine.engine;
    fs::write(
        folder.join("Dockerfile"),
        "FROM scratch\nLABEL a=b\nCOPY missing /\n",
    )
    .unwrap();
    let failed = ended(engine.build(of(folder))).await;
    let Some(Error::InStream(why)) = &failed.error else {
        panic!("{failed:?}");
    };
    assert!(why.contains("missing"), "{why}");
    assert_eq!(
        ends(&failed).last(),
        Some(&Some(StepEnd::Failed)),
        "{failed:?}"
    );
    assert_eq!(failed.image, None);

    fs::write(folder.join("Dockerfile"), "FROM scratch\nNONSENSE\n").unwrap();
    let failed = ended(engine.build(of(folder))).await;
    let why = failed.error.as_ref().map(ToString::to_string).unwrap();
    assert!(why.to_lowercase().contains("nonsense"), "{failed:?}");

    let nowhere = BuildOf {
        dockerfile: "None".to_owned(),
        ..of(folder)
    };
    let failed = ended(engine.build(nowhere)).await;
    assert!(
        matches!(failed.error, Some(Error::Context(_))),
        "{failed:?}"
    );
}

/// A step that runs something says what it says; one that fails says so with what it printed. (Debian's `runc` is too old to
/// run anything for the newest engine.)
#[tokio::test]
async fn a_step_that_runs_a_program_tells_what_it_prints() {
    for kind in [EngineKind::Debian, EngineKind::Podman] {
        let Some(machine) = Machine::start(kind).await else {
            continue;
        };
        let folder = folder(&[("Dockerfile", "")]);
        // It needs no library, and comes with Docker.
        if !need(Part::Dockerd) {
            continue;
        }
        let program = testkit::parts::program("docker-init").unwrap();
        fs::copy(program, folder.path().join("tool")).unwrap();
        let run = async |argument: &str| {
            let step = format!("RUN [\"/tool\", \"{argument}\"]");
            let text = format!("FROM scratch\nCOPY tool /tool\n{step}\n");
            fs::write(folder.path().join("Dockerfile"), text).unwrap();
            let done = ended(machine.engine.build(of(folder.path()))).await;
            assert_eq!(done.steps[2].0, step, "{done:?}");
            done
        };
        let done = run("--version").await;
        assert_eq!(done.error, None, "{done:?}");
        assert_eq!(ends(&done), [Some(StepEnd::Done); 3], "{done:?}");
        let [line] = done.lines.as_slice() else {
            panic!("{done:?}");
        };
        assert!(line.starts_with("tini version "), "{line}");

        let failed = run("/missing").await;
        assert!(
            matches!(&failed.error, Some(Error::InStream(why)) if why.contains("127")),
            "{failed:?}"
        );
        let how = [StepEnd::Done, StepEnd::Cached, StepEnd::Failed].map(Some);
        assert_eq!(ends(&failed), how, "{failed:?}");
        let [line] = failed.lines.as_slice() else {
            panic!("{failed:?}");
        };
        assert!(
            line.ends_with("exec /missing failed: No such file or directory"),
            "{line}"
        );
    }
}

/// Whoever is cancelled stops the engine: the steps that would follow never run, though nothing holds them up any more.
/// (Podman looks before a step that copies, and not before one that only says something of the image.)
#[tokio::test]
async fn a_build_is_cancelled_by_dropping_it() {
    for kind in [
        EngineKind::Debian,
        EngineKind::Containerd,
        EngineKind::Podman,
    ] {
        let Some(machine) = Machine::start(kind).await else {
            continue;
        };
        let mut held = HeldFile::hold().await.unwrap();
        let dockerfile = format!(
            "FROM scratch\nADD {} /file\nCOPY a /a\nCOPY b /b\n",
            held.url
        );
        let folder = folder(&[("Dockerfile", &dockerfile), ("a", "a"), ("b", "b")]);
        let named = |name: &str| BuildOf {
            name: Some(name.to_owned()),
            ..of(folder.path())
        };
        let mut build = machine.engine.build(named("team/never:v1"));
        tokio::select! {
            () = held.asked() => {}
            () = async { while build.next().await.is_some() {} } => panic!("{kind:?} ended"),
        }
        drop(build);
        // The engine notices that nobody listens any more.
        tokio::time::sleep(Duration::from_secs(3)).await;
        held.let_go();
        // Another one is whole: what was cancelled would be there by then, had it gone on.
        let done = ended(machine.engine.build(named("team/whole:v1"))).await;
        assert!(done.error.is_none(), "{kind:?} {done:?}");
        assert!(machine.dockerd.has_image("team/whole:v1").await.unwrap());
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(
            !machine.dockerd.has_image("team/never:v1").await.unwrap(),
            "{kind:?}"
        );
    }
}

/// An engine that takes what it is sent and throws it away: how many bytes came.
async fn sink() -> (Address, tokio::sync::oneshot::Receiver<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap().to_string());
    let (told, bytes) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let (mut guest, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        let _ = guest.read(&mut head).await.unwrap();
        let ping = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK";
        guest.write_all(ping.as_bytes()).await.unwrap();
        let (mut guest, _) = listener.accept().await.unwrap();
        let mut piece = vec![0; 256 * 1024];
        let (mut all, mut last) = (0_u64, Vec::new());
        loop {
            let read = guest.read(&mut piece).await.unwrap();
            all += read as u64;
            last.extend_from_slice(&piece[read.saturating_sub(16)..read]);
            last.drain(..last.len().saturating_sub(16));
            // A body in chunks ends so.
            if read == 0 || last.ends_with(b"\r\n0\r\n\r\n") {
                break;
            }
        }
        let _ = told.send(all);
        let body = "{\"stream\":\"Step 1/1 : FROM scratch\\n\"}\n{\"aux\":{\"ID\":\"sha256:1\"}}\n";
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let _ = guest.write_all(answer.as_bytes()).await;
    });
    (address, bytes)
}

/// The memory of this process, in bytes; the most there was.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gigabytes_are_sent_and_never_held() {
    const SIZE: u64 = 2 * 1024 * 1024 * 1024;
    let folder = folder(&[("Dockerfile", "FROM scratch\n")]);
    let large = File::create(folder.path().join("large")).unwrap();
    large.set_len(SIZE).unwrap();
    let (address, bytes) = sink().await;
    let engine = Engine::connect(&address).await.unwrap();
    let before = peak();
    let mut build = engine.build(of(folder.path()));
    let mut image = None;
    while let Some(event) = build.next().await {
        if let BuildEvent::Image(id) = event.unwrap() {
            image = Some(id);
        }
    }
    assert_eq!(image.as_deref(), Some("sha256:1"));
    assert!(build.sent() > SIZE && bytes.await.unwrap() > SIZE);
    let grown = peak() - before;
    assert!(grown < 64 * 1024 * 1024, "it grew by {grown} bytes");
}

#[tokio::test]
async fn a_folder_that_can_not_be_read_is_told_as_what_it_is() {
    let (address, _) = sink().await;
    let engine = Engine::connect(&address).await.unwrap();
    let folder = folder(&[("Dockerfile", "FROM scratch\n"), (".dockerignore", "[")]);
    let failed = ended(engine.build(of(folder.path()))).await;
    assert!(
        matches!(&failed.error, Some(Error::Context(why)) if why.contains(".dockerignore")),
        "{failed:?}"
    );
}
