//! The real Docker and the real Podman pull after our sign-in, and don't after our sign-out.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use credentials::{Client, Files, Programs, found};
use testkit::images::{self, ImageSpec};
use testkit::parts::{Dockerd, Part, Registry, SecretService, SignedIn, State, need, program};

use crate::clients::{SECRET, USER, registry, run, sources};
use crate::helper;

/// Puts an image into the registry; returns its name.
async fn image(registry: &Registry) -> String {
    let door = SignedIn::new(&registry.host(), USER, SECRET).unwrap();
    let image = ImageSpec::of_sizes(7, &[600]);
    images::push(&door, "lab/tool", "v1", &image).await.unwrap();
    format!("{}/lab/tool:v1", registry.host())
}

/// Returns the programs as somebody sees them who has Docker, Podman and the real helper.
fn programs(bus: &str, home: &Path) -> Programs {
    let mut programs = helper::programs(bus, home);
    let folders = ["docker", "podman"].map(|name| program(name).unwrap());
    let folders = folders.iter().map(|path| path.parent().unwrap().to_owned());
    let path = programs.path.take().unwrap_or_default();
    let all: Vec<_> = std::env::split_paths(&path).chain(folders).collect();
    programs.path = Some(std::env::join_paths(all).unwrap());
    programs
}

/// Behaviour (files): After our sign-in the real `docker` pulls with no further word, and after our sign-out it can't;
/// its file is byte for byte what it was: where there is none, where it keeps another sign-in itself, and with `credsStore`.
/// Source: the Docker client on this computer, with Debian's `docker-credential-secretservice`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docker_pulls_after_our_sign_in_and_not_after_our_sign_out() {
    let parts = [
        Part::Registry,
        Part::Dockerd,
        Part::Podman,
        Part::SecretService,
        Part::CredentialHelper,
    ];
    if !parts.into_iter().all(need) {
        return;
    }
    let registry = registry().await;
    let image = image(&registry).await;
    let engine = Dockerd::start(None).await.unwrap();
    let service = SecretService::start(State::Unlocked).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.json");
    let files = Files {
        docker: Some(config.clone()),
        ..Files::default()
    };
    let clients = sources(&files, programs(service.address(), home.path())).clients();
    let address = engine.docker_host();
    let docker = |arguments: &[&str]| {
        let env = [
            ("DOCKER_HOST", address.as_str()),
            ("DBUS_SESSION_BUS_ADDRESS", service.address()),
            ("DOCKER_CONFIG", home.path().to_str().unwrap()),
        ];
        run("docker", home.path(), &env, arguments)
    };
    let pull = || {
        // What is there needs nobody's leave: so it goes first.
        docker(&["rmi", "-f", &image]);
        docker(&["pull", "-q", &image])
    };
    let credential = helper::credential(USER, SECRET);
    for before in [
        None,
        Some(
            "{\n\t\"auths\": {\n\t\t\"other.example\": {\n\t\t\t\"auth\": \"YTpi\"\n\t\t}\n\t},\n\t\"psFormat\": \"x\"\n}",
        ),
        Some("{\"auths\":{},  \"credsStore\":\"secretservice\"}\n"),
    ] {
        match before {
            Some(text) => fs::write(&config, text).unwrap(),
            None => assert!(!config.exists()),
        }
        let (went_well, said) = pull();
        assert!(!went_well, "{said}");
        let signed = clients
            .sign_in(Client::Docker, &registry.host(), &credential, false, None)
            .unwrap();
        let (went_well, said) = pull();
        assert!(went_well, "{said}");
        // base64 of `ana:`, as it would stand in plain text.
        let text = fs::read_to_string(&config).unwrap_or_default();
        assert!(!text.contains("YW5hO"), "{text}");
        clients.sign_out(&signed).unwrap();
        let after = fs::read_to_string(&config).ok();
        assert_eq!(after.as_deref(), before);
        let (went_well, said) = pull();
        assert!(!went_well, "{said}");
        fs::remove_file(&config).unwrap_or_default();
    }
    assert!(found(&files).is_empty());
    // In plain text, as Docker itself does it without a helper, and after a yes alone.
    let bare = Programs {
        path: Some(OsString::new()),
        ..Programs::default()
    };
    let clients = sources(&files, bare).clients();
    let signed = clients
        .sign_in(Client::Docker, &registry.host(), &credential, true, None)
        .unwrap();
    let (went_well, said) = pull();
    assert!(went_well, "{said}");
    clients.sign_out(&signed).unwrap();
    assert!(!config.exists());
    let (went_well, said) = pull();
    assert!(!went_well, "{said}");
}

/// Behaviour (files): The same with the real `podman`, which has an entry of its own.
/// Source: Debian's Podman 4.3, which fails where a helper is named that has nothing: so the entry goes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn podman_pulls_after_our_sign_in_and_not_after_our_sign_out() {
    let parts = [
        Part::Registry,
        Part::Podman,
        Part::Dockerd,
        Part::SecretService,
        Part::CredentialHelper,
    ];
    if !parts.into_iter().all(need) {
        return;
    }
    let registry = registry().await;
    let image = image(&registry).await;
    let service = SecretService::start(State::Unlocked).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".config/containers/auth.json");
    let files = Files {
        docker: Some(home.path().join(".docker/config.json")),
        podman_run: Some(home.path().join("containers/auth.json")),
        podman_home: Some(file.clone()),
        ..Files::default()
    };
    let clients = sources(&files, programs(service.address(), home.path())).clients();
    let (root, run_root) = (home.path().join("root"), home.path().join("runroot"));
    let podman = |arguments: &[&str]| {
        let begin = [
            "--root",
            root.to_str().unwrap(),
            "--runroot",
            run_root.to_str().unwrap(),
            "--storage-driver",
            "vfs",
        ];
        let env = [("DBUS_SESSION_BUS_ADDRESS", service.address())];
        run(
            "podman",
            home.path(),
            &env,
            &[&begin[..], arguments].concat(),
        )
    };
    let pull = || {
        podman(&["rmi", "-f", &image]);
        podman(&["pull", "-q", "--tls-verify=false", &image])
    };
    let credential = helper::credential(USER, SECRET);
    for before in [
        None,
        Some(
            "{\n\t\"auths\": {\n\t\t\"other.example\": {\n\t\t\t\"auth\": \"YTpi\"\n\t\t}\n\t}\n}",
        ),
    ] {
        if let Some(text) = before {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
        }
        let (went_well, said) = pull();
        assert!(!went_well, "{said}");
        let signed = Client::ALL.map(|client| {
            clients
                .sign_in(client, &registry.host(), &credential, false, None)
                .unwrap()
        });
        let (went_well, said) = pull();
        assert!(went_well, "{said}");
        for signed in &signed {
            clients.sign_out(signed).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).ok().as_deref(), before);
        let (went_well, said) = pull();
        assert!(!went_well, "{said}");
    }
}
