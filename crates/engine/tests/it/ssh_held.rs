//! What is held over SSH, and for how long: one sign-in for many requests, and no connection that says nothing. Against a
//! real `sshd`.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::{Address, Engine, Error, RegistryAuth, SshProgram, Unreachable};
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

/// Writes a program for `sh` that anybody may run.
fn program(path: &Path, lines: &str) {
    fs::write(path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Counts the lines of a file that hold this.
fn lines(path: &Path, has: &str) -> usize {
    let all = fs::read_to_string(path).unwrap_or_default();
    all.lines().filter(|line| line.contains(has)).count()
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

    // Once it is gone we have our own, and not in their place. The socket of one that was killed stays.
    let is_left =
        |socket: &Path| fs::metadata(socket).is_ok_and(|left| left.file_type().is_socket());
    assert!(is_left(&socket));
    let engine = Engine::connect(&address).await.unwrap();
    engine.images().await.unwrap();
    assert_eq!((sshd.signed_in(), masters(&config).len()), (2, 1));
    assert!(is_left(&socket));

    // Nor is it gone through where each request goes by itself: what is wrong is the engine, and not the way there.
    let (sshd, _) = without_read(folder.path(), "no read").await;
    let config = sshd.client_that_says("sharing", &more).unwrap();
    let address = by(config.clone(), &dockerd.socket());
    let engine = Engine::connect(&address).await.unwrap();
    engine.images().await.unwrap();
    drop(dockerd);
    until_let_go(&config).await;
    let Error::Unreachable { why, .. } = ends(engine.images()).await.unwrap_err() else {
        panic!("another error");
    };
    assert!(matches!(why, Unreachable::Other(_)), "{why:?}");
    assert!(is_left(&socket));
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
    let limits = "  ConnectTimeout 5\n  ServerAliveInterval 2\n  ServerAliveCountMax 3\n";
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
    let first = tokio::time::timeout(Duration::from_secs(10), pull.next()).await;
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

/// Another computer whose shell can't hold a sign-in, as Windows' and `csh`: what it is told to run is in the second value.
async fn without_read(folder: &Path, says: &str) -> (Sshd, PathBuf) {
    let (shell, told) = (folder.join("shell"), folder.join("told"));
    // Some take their time to begin, and until then the sign-in is there.
    let lines = format!(
        "echo \"$SSH_ORIGINAL_COMMAND\" >> '{}'\n\
         case \"$SSH_ORIGINAL_COMMAND\" in 'read line') sleep 0.3; echo '{says}' >&2; exit 1 ;; esac\n\
         eval \"exec $SSH_ORIGINAL_COMMAND\"",
        told.display()
    );
    program(&shell, &lines);
    let forced = format!("ForceCommand {}\n", shell.display());
    (Sshd::start_that_says(&forced).await.unwrap(), told)
}

/// A shell that lacks `read` is asked for it once, whatever it says of it.
#[tokio::test]
async fn a_shell_that_cannot_hold_a_sign_in_is_not_asked_again() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let says = "The term read is no cmdlet.";
    let (sshd, told) = without_read(folder.path(), says).await;
    let config = sshd.client(SshClient::Known).unwrap();
    let engine = Engine::connect(&by(config.clone(), &dockerd.socket()))
        .await
        .unwrap();
    let before = sshd.signed_in();
    for _ in 0..10 {
        until_let_go(&config).await;
        assert_eq!(ends(engine.images()).await.unwrap(), []);
    }
    let signed_in = sshd.signed_in() - before;
    assert!(signed_in <= 11, "{signed_in}");
    assert_eq!(lines(&told, "read line"), 1);
}

/// What such a shell says of `read` is not taken for what it would say of Docker.
#[tokio::test]
async fn a_shell_that_cannot_hold_a_sign_in_says_nothing_of_the_engine() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (sshd, told) = without_read(folder.path(), "read: Command not found.").await;
    let config = sshd.client(SshClient::Known).unwrap();
    let why = ends(trouble(&by(config, &folder.path().join("none.sock")))).await;
    assert!(matches!(why, Unreachable::Other(_)), "{why:?}");
    assert_eq!((lines(&told, "read line"), lines(&told, "podman")), (1, 0));
}

/// The way to an engine by an `ssh` that writes down how it is called, and does these lines before.
fn noted(address: &Address, folder: &Path, before: &str) -> (Address, PathBuf) {
    let (ssh, calls) = (folder.join("ssh"), folder.join("calls"));
    let note = format!("echo \"$*\" >> '{}'", calls.display());
    program(&ssh, &format!("{note}\n{before}\nexec ssh \"$@\""));
    let Address::Ssh(mut target) = address.clone() else {
        panic!("{address}");
    };
    target.program = SshProgram {
        program: ssh,
        ..target.program
    };
    (Address::Ssh(target), calls)
}

/// Who waits for a sign-in that fails fails with it: many failures at once look like an attack.
#[tokio::test]
async fn a_sign_in_that_fails_is_one_failure_for_all_who_wait() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let limits = "  ConnectTimeout 5\n";
    let config = sshd.client_that_says("limits", limits).unwrap();
    let usual = by(config.clone(), &dockerd.socket());
    let (address, calls) = noted(&usual, folder.path(), "");
    let engine = Engine::connect(&address).await.unwrap();
    let [master] = masters(&config)[..] else {
        panic!("{:?}", masters(&config));
    };
    sshd.pause();
    kill(master);
    // Until the engine has taken notice of it.
    while Path::new(&format!("/proc/{master}")).exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = lines(&calls, "");
    let asked = ends(join_all((0..4).map(|_| engine.images()))).await;
    for asked in asked {
        let Err(Error::Unreachable { why, .. }) = &asked else {
            panic!("{asked:?}");
        };
        assert!(matches!(why, Unreachable::NoAnswer(_)), "{why:?}");
    }
    assert_eq!(lines(&calls, ""), before + 1);
    assert_eq!(lines(&calls, "ControlMaster=yes"), 2);

    // Who comes later tries again.
    sshd.resume();
    assert_eq!(ends(engine.images()).await.unwrap(), []);
    assert_eq!(lines(&calls, "ControlMaster=yes"), 3);
}

/// A configuration that is slow to be read is not one that says nothing: it is read again.
#[tokio::test]
async fn an_ssh_that_is_slow_to_say_what_is_set_is_asked_again() {
    if !need(Part::Sshd) || !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = sshd.client(SshClient::Known).unwrap();
    let usual = by(config.clone(), &dockerd.socket());
    let slow = format!(
        "if [ \"$1\" = -G ] && mkdir '{}' 2> /dev/null; then exec sleep 60; fi",
        folder.path().join("asked").display()
    );
    let (address, calls) = noted(&usual, folder.path(), &slow);
    let engine = ends(Engine::connect(&address)).await.unwrap();
    engine.images().await.unwrap();
    let calls_made = fs::read_to_string(&calls).unwrap();
    let calls_made: Vec<&str> = calls_made.lines().collect();
    let asks = |call: &&&str| call.starts_with("-G ");
    assert_eq!(calls_made.iter().filter(asks).count(), 2, "{calls_made:#?}");
    // The limits were left to the person while nothing was known of them, and then there are ours.
    let limits = |call: &str| call.contains("ConnectTimeout=");
    assert!(!limits(calls_made[1]), "{calls_made:#?}");
    assert!(limits(calls_made[calls_made.len() - 1]), "{calls_made:#?}");
    assert_eq!(masters(&config).len(), 1);
}
