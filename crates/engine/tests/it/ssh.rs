//! An engine on another computer, over a real `sshd` and the real programs of the engines.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{Address, Engine, Error, RegistryAuth, SshProgram, Unreachable};
use futures_util::StreamExt;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, SshClient, Sshd, need};

/// The limit of a test; what is tested ends long before.
pub const LIMIT: Duration = Duration::from_mins(1);

/// The way to an engine's socket on the other computer.
fn over(sshd: &Sshd, client: SshClient, socket: &Path) -> Address {
    by(sshd.client(client).unwrap(), socket)
}

/// The way to an engine's socket on the other computer, by this configuration.
pub fn by(config: PathBuf, socket: &Path) -> Address {
    let given = format!("ssh://lab{}", socket.display());
    let Address::Ssh(mut target) = Address::parse(&given) else {
        panic!("{given}");
    };
    target.program = SshProgram {
        config: Some(config),
        ..SshProgram::default()
    };
    Address::Ssh(target)
}

pub async fn trouble(address: &Address) -> Unreachable {
    match Engine::connect(address).await {
        Err(Error::Unreachable { at, why }) => {
            assert_eq!(at, "lab");
            why
        }
        other => panic!("{other:?}"),
    }
}

/// Counts what is passed on at the other end.
fn passed_on(sshd: &Sshd) -> usize {
    let runs = sshd.runs();
    // The shell that runs it says so as well.
    let passes_on = |line: &&String| line.contains("dial-stdio") && !line.contains(" -c ");
    runs.iter().filter(passes_on).count()
}

/// Waits until nothing of it runs at the other end any more.
pub async fn until_all_hung_up(sshd: &Sshd) {
    let since = Instant::now();
    while !sshd.runs().is_empty() {
        let runs = sshd.runs();
        assert!(since.elapsed() < LIMIT, "{runs:#?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until so much, and no more, is passed on at the other end.
pub async fn until_passed_on(sshd: &Sshd, count: usize) {
    let since = Instant::now();
    while passed_on(sshd) != count {
        let runs = sshd.runs();
        assert!(since.elapsed() < LIMIT, "{runs:#?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Behaviour (lists): An engine on another computer is reached over SSH with the person's own configuration; nothing is
/// left running there.
/// Source: docker/cli `connhelper` (`docker system dial-stdio`), against Debian's OpenSSH and Docker 20.10.24.
#[tokio::test]
async fn docker_of_another_computer_is_asked_pulls_and_is_left_as_it_was() {
    if !need(Part::Sshd) || !need(Part::Dockerd) || !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[200_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let address = over(&sshd, SshClient::Known, &dockerd.socket());

    let engine = Engine::connect(&address).await.unwrap();
    assert_eq!(engine.name(), "Docker");
    assert_eq!(engine.images().await.unwrap(), []);
    let events = engine.events().await.unwrap();
    let host = registry.host();
    let mut pull = engine.pull(&format!("{host}/lab/tool"), "v1", &RegistryAuth::None);
    while let Some(event) = pull.next().await {
        event.unwrap();
    }
    assert_eq!(engine.images().await.unwrap().len(), 1);
    // Somebody listens.
    until_passed_on(&sshd, 1).await;
    drop((events, pull, engine));
    until_all_hung_up(&sshd).await;
}

#[tokio::test]
async fn podman_is_dialled_where_there_is_no_docker() {
    if !need(Part::Sshd) || !need(Part::Podman) {
        return;
    }
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let programs = tempfile::tempdir().unwrap();
    let program = Part::Podman.program("podman").unwrap();
    std::os::unix::fs::symlink(program, programs.path().join("podman")).unwrap();
    let sshd = Sshd::start(Some(programs.path())).await.unwrap();
    let address = over(&sshd, SshClient::Known, &podman.socket());
    let engine = Engine::connect(&address).await.unwrap();
    assert_eq!(engine.name(), "Podman");
    assert_eq!(engine.info().await.unwrap().name, "Podman");
    assert_eq!(engine.images().await.unwrap(), []);
    drop(engine);
    until_all_hung_up(&sshd).await;
}

#[tokio::test]
async fn what_keeps_one_from_the_other_computer_is_told_apart() {
    if !need(Part::Sshd) {
        return;
    }
    let empty = tempfile::tempdir().unwrap();
    let socket = Path::new("/none.sock");
    let mut sshd = Sshd::start(Some(empty.path())).await.unwrap();
    let told = trouble(&over(&sshd, SshClient::Stranger, socket)).await;
    assert!(
        matches!(told, Unreachable::UnknownKey { changed: false, .. }),
        "{told:?}"
    );
    let told = trouble(&over(&sshd, SshClient::WrongKey, socket)).await;
    assert!(matches!(told, Unreachable::KeyRefused(_)), "{told:?}");
    let known = over(&sshd, SshClient::Known, socket);
    let told = trouble(&known).await;
    assert!(matches!(told, Unreachable::NoProgram(_)), "{told:?}");

    let Address::Ssh(mut target) = known.clone() else {
        panic!("{known}");
    };
    target.program.program = "/none/ssh".into();
    let told = trouble(&Address::Ssh(target)).await;
    assert!(matches!(told, Unreachable::NoSsh(_)), "{told:?}");

    sshd.kill();
    let told = trouble(&known).await;
    assert!(matches!(told, Unreachable::NoAnswer(_)), "{told:?}");
}

#[tokio::test]
async fn a_pull_ends_with_the_way_and_a_cancelled_one_leaves_nothing_there() {
    if !need(Part::Sshd) || !need(Part::Dockerd) || !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[200_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let dockerd = Dockerd::start(None).await.unwrap();
    let mut sshd = Sshd::start(None).await.unwrap();
    let address = over(&sshd, SshClient::Known, &dockerd.socket());
    let engine = Engine::connect(&address).await.unwrap();
    let name = format!("{}/lab/tool", registry.host());
    registry.pause();
    // It goes on until the registry does.
    let wait = Duration::from_secs(2);
    let pull = || async {
        let mut pull = engine.pull(&name, "v1", &RegistryAuth::None);
        let _ = tokio::time::timeout(wait, pull.next()).await;
        pull
    };
    let cancelled = pull().await;
    until_passed_on(&sshd, 1).await;
    drop(cancelled);
    until_passed_on(&sshd, 0).await;

    let mut cut = pull().await;
    sshd.kill();
    let ended = async { while let Some(Ok(_)) = cut.next().await {} };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .expect("it ends with the way");
    registry.resume();
}
