//! What is found beside Docker's configuration, and where all of it is looked for.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use super::*;
use crate::{HelperName, Place};

/// A home in which every place has its file, and the files in it.
fn home() -> (tempfile::TempDir, Files) {
    let home = tempfile::tempdir().unwrap();
    let at = |path: &str| home.path().join(path);
    let files = Files {
        podman_reads: None,
        docker: Some(at("docker/config.json")),
        podman_run: Some(at("run/auth.json")),
        podman_home: Some(at("config/auth.json")),
        dockercfg: Some(at(".dockercfg")),
        environment: None,
    };
    for folder in ["docker", "run", "config"] {
        fs::create_dir(at(folder)).unwrap();
    }
    (home, files)
}

fn write(files: &Files, file: FileRef, text: &str) {
    fs::write(files.path(file).unwrap(), text).unwrap();
}

/// Writes what is found in one line each.
fn lines(files: &Files) -> Vec<String> {
    let line = |found: Found| {
        let (place, key) = match found.at {
            Place::File { file, key } => (format!("{file:?}"), key),
            Place::Environment { key } => ("Environment".to_owned(), key),
            other => panic!("{other:?}"),
        };
        let helper = found.helper.as_ref().map_or("-", HelperName::as_str);
        let part = found
            .namespace
            .map(|part| format!("/{part}"))
            .unwrap_or_default();
        let user = found.user.as_deref().unwrap_or("?");
        let secret = if found.has_secret { "" } else { " empty" };
        format!("{}{part} {user} {place} {key} {helper}{secret}", found.host)
    };
    found(files).into_iter().map(line).collect()
}

/// Behaviour (files): Sign-ins are found in Docker's file, Podman's, `DOCKER_AUTH_CONFIG` and `.dockercfg`, with the key by
/// which their program looks; a registry comes again where another user or a part of it is meant.
/// Source: docker/cli `configfile`; containers/image `getAuthFilePaths`; containers-auth.json(5).
#[test]
fn every_place_is_looked_in() {
    let (_home, mut files) = home();
    // "ana:s", "bob:s", "eve:s"
    write(
        &files,
        FileRef::Docker,
        r#"{"auths":{"https://index.docker.io/v1/":{},"quay.io":{"auth":"YW5hOnM="}},"credHelpers":{"quay.io":""},"credsStore":"desktop"}"#,
    );
    write(
        &files,
        FileRef::PodmanRun,
        r#"{"auths":{"quay.io":{"auth":"YW5hOnM="},"quay.io/team":{"auth":"Ym9iOnM="},"docker.io":{"auth":"YW5hOnM="}}}"#,
    );
    write(
        &files,
        FileRef::PodmanHome,
        r#"{"auths":{"quay.io":{"auth":"ZXZlOnM="}},"credHelpers":{"gcr.io":"gcloud"}}"#,
    );
    write(
        &files,
        FileRef::Dockercfg,
        "auth = Ym9iOnM=\nemail = bob@example.com\n",
    );
    files.environment = Some(r#"{"auths":{"ci.example":{"auth":"Ym9iOnM="},"x":{}}}"#.into());
    assert_eq!(
        lines(&files),
        [
            "docker.io ? Docker https://index.docker.io/v1/ desktop",
            "quay.io ana Docker quay.io -",
            "docker.io ana PodmanRun docker.io -",
            "quay.io/team bob PodmanRun quay.io/team -",
            "gcr.io ? PodmanHome gcr.io gcloud",
            "quay.io eve PodmanHome quay.io -",
            "ci.example bob Environment ci.example -",
            "docker.io bob Dockercfg https://index.docker.io/v1/ -",
        ]
    );
    // A file that both names mean is read once.
    files.podman_run.clone_from(&files.podman_home);
    assert_eq!(
        lines(&files)
            .iter()
            .filter(|line| line.starts_with("gcr.io"))
            .count(),
        1
    );
}

#[test]
fn a_key_that_its_program_does_not_see_is_kept_as_it_is_written() {
    let (_home, files) = home();
    write(
        &files,
        FileRef::Docker,
        r#"{"auths":{"https://Reg.Example.com:5000/v2/":{"auth":"YW5hOnM="},"docker.io":{"auth":"YW5hOnM="},
        "h":{},"https://h/v1/":{"auth":"YW5hOnM="},"https://i/v1/":{"auth":"YW5hOnM="},"j":{}},
        "credHelpers":{"https://gcr.io":"gcloud","k":"../k"}}"#,
    );
    assert_eq!(
        lines(&files),
        [
            "docker.io ana Docker docker.io -",
            "gcr.io ? Docker https://gcr.io gcloud",
            // Docker sees the empty entry alone; the other is there nevertheless.
            "h ana Docker https://h/v1/ -",
            "i ana Docker i -",
            "j ? Docker j - empty",
            "k ? Docker k - empty",
            "reg.example.com:5000 ana Docker https://Reg.Example.com:5000/v2/ -",
        ]
    );
}

/// The user that is shown is the one whose sign-in is read.
#[test]
fn the_user_is_the_one_of_the_key_that_is_used() {
    let (_home, files) = home();
    // "ana:", "bob:pw", "<token>:x"
    write(
        &files,
        FileRef::Docker,
        r#"{"auths":{"h":{"auth":"YW5hOg=="},"https://h/v1/":{"auth":"Ym9iOnB3"},
        "i":{"auth":"!"},"https://i/v1/":{"auth":"Ym9iOnB3"},
        "j":{},"https://j/v1/":{"auth":"YW5hOg=="},
        "k":{"identitytoken":"eyJ"},"https://k/v1/":{"auth":"YW5hOg=="},
        "l":{"auth":"PHRva2VuPjp4"},"https://l/v1/":{"username":"ana"},
        "m":{"auth":"YW5hOg=="},"https://n/v1/":{"auth":"YW5hOg=="}},
        "credHelpers":{"m":"pass","n":"pass"}}"#,
    );
    assert_eq!(
        lines(&files),
        [
            "h bob Docker https://h/v1/ -",
            // Nobody can tell whose it is that can't be read, nor whether anybody is signed in.
            "i ? Docker i -",
            "j ? Docker j - empty",
            // A token and a helper name nobody: who else is named there is the best guess.
            "k ana Docker k -",
            "l ana Docker l -",
            "m ana Docker m pass",
            "n ana Docker n pass",
        ]
    );
}

/// Behaviour (files): `credHelpers` alone, without `auths`, is a sign-in at each of its hosts; no helper is run.
/// Source: `gcloud auth configure-docker`, the ECR helper; docker/cli `configfile.GetCredentialsStore`.
#[test]
fn helpers_alone_are_sign_ins_without_a_user() {
    let text = r#"{"credHelpers":{"europe-docker.pkg.dev":"gcloud","gcr.io":"gcloud",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com":"ecr-login","registry.example.org:5443":"pass",
        "none.example":"","https://index.docker.io/v1/":"pass","odd.example":7},"currentContext":"default"}"#;
    assert_eq!(
        found_in(text),
        [
            login("123456789012.dkr.ecr.eu-central-1.amazonaws.com", None),
            login("docker.io", None),
            login("europe-docker.pkg.dev", None),
            login("gcr.io", None),
            login("registry.example.org:5443", None),
        ]
    );
}

/// Behaviour (files): A host that stands in `auths` and in `credHelpers` is one sign-in, with the user where one is told.
/// Source: docker/cli, which asks the helper and keeps `auths` beside it.
#[test]
fn a_host_with_a_helper_and_an_entry_is_one_sign_in() {
    let auth = STANDARD.encode("demo:x");
    let text = format!(
        r#"{{"credsStore":"desktop","credHelpers":{{"h.example":"pass"}},"auths":{{"h.example":{{"auth":"{auth}"}}}}}}"#
    );
    assert_eq!(found_in(text), [login("h.example", Some("demo"))]);
}

/// Behaviour (files): The configuration that `gcloud` and the ECR helper leave is four sign-ins by their helpers.
/// Source: `gcloud auth configure-docker`, the ECR helper.
#[test]
fn helpers_alone_name_who_is_asked() {
    let (_home, files) = home();
    write(
        &files,
        FileRef::Docker,
        include_str!("../../../../../fuzz/seeds/docker_config/01"),
    );
    assert_eq!(
        lines(&files),
        [
            "123456789012.dkr.ecr.eu-central-1.amazonaws.com ? Docker \
             123456789012.dkr.ecr.eu-central-1.amazonaws.com ecr-login",
            "europe-docker.pkg.dev ? Docker europe-docker.pkg.dev gcloud",
            "gcr.io ? Docker gcr.io gcloud",
            "registry.example.org:5443 ? Docker registry.example.org:5443 pass",
        ]
    );
}

#[test]
fn hostile_files_hold_nobody_up() {
    let (home, mut files) = home();
    // A named pipe would be waited for.
    #[cfg(unix)]
    {
        let pipe = home.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        files.podman_run = Some(pipe);
    }
    files.podman_home = Some(home.path().to_owned());
    let many: Vec<String> = (0..50_000)
        .map(|number| format!(r#""https://h/{number}":{{}}"#))
        .collect();
    write(
        &files,
        FileRef::Docker,
        &format!(
            r#"{{"auths":{{{},"h":{{"auth":"YW5hOnM="}}}}}}"#,
            many.join(",")
        ),
    );
    write(&files, FileRef::Dockercfg, &" ".repeat(5 * 1024 * 1024));
    assert_eq!(lines(&files), ["h ana Docker h -"]);
    let why = |file| files.text(file).unwrap_err().to_string();
    assert!(why(FileRef::PodmanHome).ends_with("it is no file"));
    assert!(why(FileRef::Dockercfg).ends_with("it is far too large"));
    assert!(!format!("{:?}", found(&files)).contains("YW5hOnM="));
}

#[test]
fn the_files_are_where_docker_and_podman_have_them() {
    // On Windows a path is absolute with its drive alone.
    let full = |path: &str| match path.strip_prefix('/') {
        Some(rest) if cfg!(windows) => format!("C:/{rest}"),
        _ => path.to_owned(),
    };
    let files_of = |home: &str, set: &[(&str, &str)]| {
        let set: HashMap<&str, OsString> = set
            .iter()
            .map(|(name, value)| (*name, OsString::from(full(value))))
            .collect();
        Files::of(|name| set.get(name).cloned(), Some(Path::new(&full(home))))
    };
    let files = |set: &[(&str, &str)]| files_of("/home/ana", set);
    let is = |path: Option<PathBuf>, at: &str| assert_eq!(path, Some(PathBuf::from(full(at))));

    let usual = files(&[
        ("DOCKER_CONFIG", ""),
        ("XDG_RUNTIME_DIR", "/run/user/7"),
        ("DOCKER_AUTH_CONFIG", ""),
    ]);
    is(usual.docker, "/home/ana/.docker/config.json");
    is(usual.podman_home, "/home/ana/.config/containers/auth.json");
    is(usual.dockercfg, "/home/ana/.dockercfg");
    assert!(usual.environment.is_none());
    if cfg!(target_os = "linux") {
        is(usual.podman_run, "/run/user/7/containers/auth.json");
        let nobody = files(&[]).podman_run.unwrap();
        assert!(nobody.starts_with("/run/containers") && nobody.ends_with("auth.json"));
    }

    let own = files(&[
        ("DOCKER_CONFIG", "/etc/d"),
        ("XDG_CONFIG_HOME", "/etc/c"),
        ("REGISTRY_AUTH_FILE", "/etc/auth.json"),
        (
            "DOCKER_AUTH_CONFIG",
            r#"{"auths":{"h":{"auth":"YW5hOnM="}}}"#,
        ),
    ]);
    assert!(!format!("{own:?}").contains("YW5hOnM="));
    assert_eq!(
        found(&Files {
            environment: own.environment,
            ..Files::default()
        })
        .len(),
        1
    );
    is(own.docker, "/etc/d/config.json");
    is(own.podman_home, "/etc/c/containers/auth.json");
    is(own.podman_run, "/etc/auth.json");

    // What a home or a folder of XDG means may not depend on where we happen to be.
    let here = &[("XDG_CONFIG_HOME", "c"), ("XDG_RUNTIME_DIR", "r")];
    for home in ["", "home/ana"] {
        let none = files_of(home, here);
        assert_eq!(
            (none.docker, none.podman_home, none.dockercfg),
            (None, None, None)
        );
    }
    let usual = files(here);
    is(usual.podman_home, "/home/ana/.config/containers/auth.json");
    assert_eq!(usual.podman_run, files(&[]).podman_run);
}
