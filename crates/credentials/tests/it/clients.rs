//! What the real Docker and the real Podman write down, and how they read what is written.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use credentials::{
    FileRef, Files, Found, Place, Programs, SecretKey, SessionSecrets, Sources, found,
};
use secrecy::ExposeSecret;
use testkit::parts::{
    Dockerd, EngineKind, Part, Registry, RegistryOptions, SecretService, State, need, program,
};

use crate::helper;

pub const USER: &str = "ana";
pub const SECRET: &str = "hunter2 and: more";

/// Runs a client in a home of its own, tells it the secret, and returns what it says.
pub fn run(client: &str, home: &Path, env: &[(&str, &str)], arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(program(client).unwrap());
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .envs(env.iter().copied())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // Where it doesn't ask, it doesn't read either.
    let _ = input.write_all(SECRET.as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    (output.status.success(), said)
}

pub fn sources(files: &Files, programs: Programs) -> Sources {
    let nothing = || Arc::new(SessionSecrets::new());
    Sources::new(nothing(), nothing(), nothing(), files.clone(), programs)
}

/// Reads what is at a place: user and secret.
fn read(sources: &Sources, place: &Place) -> Option<(String, String)> {
    let key = SecretKey {
        host: String::new(),
        user: String::new(),
    };
    let found = sources.at(place, &key).get().unwrap()?;
    Some((found.user, found.secret.expose_secret().to_owned()))
}

fn only(files: &Files) -> Found {
    let mut all = found(files);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

pub async fn registry() -> Registry {
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        ..RegistryOptions::default()
    };
    Registry::start(options).await.unwrap()
}

/// Behaviour (files): What `docker login` leaves is found and read, in the file and through `credsStore`, and gone after
/// `docker logout`.
/// Source: the Docker client on this computer, with Debian's `docker-credential-secretservice`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_docker_login_leaves_is_found_and_read() {
    let parts = [
        Part::Registry,
        Part::Dockerd,
        Part::SecretService,
        Part::CredentialHelper,
    ];
    if !parts.into_iter().all(need) {
        return;
    }
    let registry = registry().await;
    let engine = Dockerd::start(None).await.unwrap();
    let service = SecretService::start(State::Unlocked).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.json");
    let files = Files {
        docker: Some(config.clone()),
        ..Files::default()
    };
    let sources = sources(&files, helper::programs(service.address(), home.path()));
    let (address, host) = (engine.docker_host(), registry.host());
    let env = [
        ("DOCKER_HOST", address.as_str()),
        ("DBUS_SESSION_BUS_ADDRESS", service.address()),
        ("DOCKER_CONFIG", home.path().to_str().unwrap()),
    ];
    for store in [None, Some("secretservice")] {
        // An empty file would let it choose the keychain by itself.
        let before = match store {
            None => r#"{"credHelpers":{"other.example":""}}"#,
            Some(_) => r#"{"credsStore":"secretservice"}"#,
        };
        fs::write(&config, before).unwrap();
        let login = ["login", "-u", USER, "--password-stdin", &host];
        let (went_well, said) = run("docker", home.path(), &env, &login);
        assert!(went_well, "{said}");
        let there = only(&files);
        assert_eq!(there.host, host);
        assert_eq!(
            there.helper.as_ref().map(ToString::to_string).as_deref(),
            store
        );
        assert_eq!(there.user.as_deref(), store.is_none().then_some(USER));
        assert!(there.has_secret);
        assert_eq!(
            read(&sources, &there.at),
            Some((USER.to_owned(), SECRET.to_owned()))
        );
        let (went_well, said) = run("docker", home.path(), &env, &["logout", &host]);
        assert!(went_well, "{said}");
        assert_eq!(read(&sources, &there.at), None);
        assert!(found(&files).is_empty());
    }
}

/// Behaviour (files): What `podman login` leaves is found and read; and of a file with entries for parts of a registry we
/// take the one that Podman takes.
/// Source: Debian's Podman, `podman login --get-login`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn podman_takes_the_entry_that_we_take() {
    if !need(Part::Registry) || !need(Part::Podman) {
        return;
    }
    let registry = registry().await;
    let engine = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("auth.json");
    let files = Files {
        podman_home: Some(file.clone()),
        ..Files::default()
    };
    let sources = sources(&files, Programs::default());
    let (address, host) = (engine.docker_host(), registry.host());
    let podman = |arguments: &[&str]| {
        let begin = ["--remote", "--url", &address, "login", "--authfile"];
        let all = [&begin[..], &[file.to_str().unwrap()], arguments].concat();
        run("podman", home.path(), &[], &all)
    };
    let login = ["--tls-verify=false", "-u", USER, "--password-stdin", &host];
    let (went_well, said) = podman(&login);
    assert!(went_well, "{said}");
    let there = only(&files);
    assert_eq!(
        (there.host.as_str(), there.user.as_deref(), there.has_secret),
        (host.as_str(), Some(USER), true)
    );
    let kept = Some((USER.to_owned(), SECRET.to_owned()));
    assert_eq!(read(&sources, &there.at), kept);

    // "app:x", "team:x", "all:x", "old:x", "hub:x", "upper:x".
    fs::write(
        &file,
        r#"{"auths":{"quay.io/team/app":{"auth":"YXBwOng="},"quay.io/team":{"auth":"dGVhbTp4"},"quay.io":{"auth":"YWxsOng="},
        "https://h.example/v1/":{"auth":"b2xkOng="},"docker.io":{"auth":"aHViOng="},"H.example":{"auth":"dXBwZXI6eA=="}}}"#,
    )
    .unwrap();
    for key in [
        "quay.io",
        "quay.io/team",
        "quay.io/team/app",
        "quay.io/team/app/x",
        "quay.io/team/b",
        "quay.io/teams",
        "h.example",
        "h.example/x",
        "docker.io",
        "docker.io/x",
        "nobody.example",
    ] {
        let place = Place::File {
            file: FileRef::PodmanHome,
            key: key.to_owned(),
        };
        let ours = read(&sources, &place).map(|(user, _)| user);
        let (knows, said) = podman(&["--get-login", key]);
        assert_eq!(ours, knows.then_some(said), "{key}");
    }
}
