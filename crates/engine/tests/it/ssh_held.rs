//! What is held over SSH, and for how long: one sign-in for many requests, and no connection that says nothing. Against a
//! real `sshd`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::{Engine, Error, RegistryAuth, Unreachable};
use futures_util::StreamExt;
use futures_util::future::join_all;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, SshClient, Sshd, need};

use crate::ssh::{LIMIT, by, trouble, until_all_hung_up, until_passed_on};

async fn ends<T>(what: impl Future<Output = T>) -> T {
    let ended = tokio::time::timeout(LIMIT, what).await;
    ended.expect("it goes on for ever")
}

/// Lists the `ssh` that run here by this configuration and hold a sign-in.
fn masters(config: &Path) -> Vec<u32> {
    let config = config.display().to_string();
    let all = fs::read_dir("/proc").unwrap().flatten();
    let id = |process: fs::DirEntry| {
        let line = fs::read(process.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let is_one = line.contains(&config) && line.contains("ControlMaster=yes");
        is_one.then(|| process.file_name().to_str()?.parse().ok())?
    };
    all.filter_map(id).collect()
}

/// Waits until no `ssh` of this configuration holds a sign-in.
async fn until_let_go(config: &Path) {
    let since = Instant::now();
    while !masters(config).is_empty() {
        assert!(since.elapsed() < LIMIT, "{:?}", masters(config));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn kill(id: u32) {
    let mut kill = Command::new("kill");
    kill.args(["-KILL", &id.to_string()]);
    assert!(kill.status().unwrap().success());
}

/// Behaviour (lists): Many requests to an engine on another computer are one sign-in there, which is taken up again where
/// it breaks and goes with the engine.
/// Source: OpenSSH 9.2p1 (`ControlMaster`), against Debian's `sshd` and Docker 20.10.24.
#[tokio::test]
async fn ten_requests_are_one_sign_in_which_goes_with_the_engine() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let config = sshd.client(SshClient::Known).unwrap();
    let engine = Engine::connect(&by(config.clone(), &dockerd.socket()))
        .await
        .unwrap();
    for _ in 0..5 {
        engine.images().await.unwrap();
    }
    let at_once = join_all((0..4).map(|_| engine.images())).await;
    assert!(at_once.iter().all(Result::is_ok), "{at_once:?}");
    assert_eq!(sshd.signed_in(), 1);

    // It breaks, and whoever asks next signs in again.
    let [master] = masters(&config)[..] else {
        panic!("{:?}", masters(&config));
    };
    kill(master);
    let after = join_all((0..4).map(|_| ends(engine.images()))).await;
    assert!(after.iter().any(Result::is_ok), "{after:?}");
    ends(engine.images()).await.unwrap();
    let signed_in = sshd.signed_in();
    assert!(signed_in >= 2, "{signed_in}");
    engine.images().await.unwrap();
    assert_eq!((sshd.signed_in(), masters(&config).len()), (signed_in, 1));

    // Whoever listens holds it as well.
    let events = engine.events().await.unwrap();
    drop(engine);
    until_passed_on(&sshd, 1).await;
    assert_eq!(masters(&config).len(), 1);
    drop(events);
    until_all_hung_up(&sshd).await;
    until_let_go(&config).await;
}

/// A computer that lets nobody have two sessions over one sign-in is asked as before.
#[tokio::test]
async fn where_a_sign_in_cannot_be_shared_each_request_has_its_own() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start_that_says("MaxSessions 1\n").await.unwrap();
    let config = sshd.client(SshClient::Known).unwrap();
    let engine = Engine::connect(&by(config.clone(), &dockerd.socket()))
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(ends(engine.images()).await.unwrap(), []);
    }
    assert!(sshd.signed_in() > 2, "{}", sshd.signed_in());
}

/// Where the person's own `ssh` shares a sign-in, it is used and left alone.
#[tokio::test]
async fn the_persons_own_sign_in_is_used_and_stays() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("theirs");
    let more = format!("  ControlMaster auto\n  ControlPath {}\n", socket.display());
    let config = sshd.client_that_says("sharing", &more).unwrap();
    let mut theirs = Command::new("ssh")
        .args(["-M", "-N", "-o", "BatchMode=yes", "-F"])
        .arg(&config)
        .arg("lab")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while !socket.exists() {
        assert!(since.elapsed() < LIMIT, "it doesn't sign in");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let address = by(config.clone(), &dockerd.socket());
    let engine = Engine::connect(&address).await.unwrap();
    engine.images().await.unwrap();
    assert_eq!((sshd.signed_in(), masters(&config).len()), (1, 0));
    drop(engine);
    until_passed_on(&sshd, 0).await;
    assert!(theirs.try_wait().unwrap().is_none(), "it was ended");
    theirs.kill().unwrap();
    theirs.wait().unwrap();

    // Once it is gone we have our own, and not in their place.
    let _ = fs::remove_file(&socket);
    let engine = Engine::connect(&address).await.unwrap();
    engine.images().await.unwrap();
    assert_eq!((sshd.signed_in(), masters(&config).len()), (2, 1));
    assert!(!socket.exists());
}

/// Behaviour (lists): A computer that takes a connection over SSH and then says nothing ends what is asked, in a sentence.
/// Source: OpenSSH 9.2p1 (`ConnectTimeout`, `ServerAliveInterval`), against an `sshd` that is stopped (SIGSTOP).
#[tokio::test]
async fn a_computer_that_says_nothing_ends_what_is_asked_and_one_that_is_slow_does_not() {
    if !need(Part::Sshd) || !need(Part::Dockerd) || !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[200_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    // The person's own limits count, and these are soon over.
    let limits = "  ConnectTimeout 2\n  ServerAliveInterval 1\n  ServerAliveCountMax 2\n";
    let config = sshd.client_that_says("limits", limits).unwrap();
    let address = by(config, &dockerd.socket());
    let no_answer = |error: &Error| {
        let Error::Unreachable { why, .. } = error else {
            return false;
        };
        matches!(why, Unreachable::NoAnswer(_))
    };
    let engine = Engine::connect(&address).await.unwrap();
    let mut events = engine.events().await.unwrap();

    // The engine says nothing for longer than that: what is alive is not cut.
    registry.pause();
    let name = format!("{}/lab/tool", registry.host());
    let mut pull = engine.pull(&name, "v1", &RegistryAuth::None);
    let first = tokio::time::timeout(Duration::from_secs(5), pull.next()).await;
    registry.resume();
    if let Ok(first) = first {
        first.unwrap().unwrap();
    }
    while let Some(event) = ends(pull.next()).await {
        event.unwrap();
    }
    assert_eq!(engine.images().await.unwrap().len(), 1);
    ends(events.next()).await.unwrap().unwrap();

    sshd.pause();
    let asked = ends(engine.images()).await.unwrap_err();
    assert!(no_answer(&asked), "{asked:?}");
    ends(async { while let Some(Ok(_)) = events.next().await {} }).await;
    // Nobody is let in meanwhile, either by who was there or by somebody new.
    let again = ends(engine.images()).await.unwrap_err();
    assert!(no_answer(&again), "{again:?}");
    let told = ends(trouble(&address)).await;
    assert!(matches!(told, Unreachable::NoAnswer(_)), "{told:?}");

    sshd.resume();
    assert_eq!(ends(engine.images()).await.unwrap().len(), 1);
}

/// Without limits of the person's there are ours.
#[tokio::test]
async fn connecting_to_a_computer_that_says_nothing_ends_by_itself() {
    if !need(Part::Sshd) {
        return;
    }
    let sshd = Sshd::start(None).await.unwrap();
    let config = sshd.client(SshClient::Known).unwrap();
    sshd.pause();
    let told = ends(trouble(&by(config, Path::new("/none.sock")))).await;
    assert!(matches!(told, Unreachable::NoAnswer(_)), "{told:?}");
    sshd.resume();
}
