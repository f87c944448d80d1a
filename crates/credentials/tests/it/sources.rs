//! Sign-ins that are found and then read where they lie.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use credentials::{
    Credential, FileRef, Files, Found, HelperError, HelperName, Place, Programs, SecretKey,
    SecretStore, SessionSecrets, SourceError, Sources, found,
};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use testkit::parts::{Part, SecretService, State, need};

use crate::helper;

const HUB: &str = "https://index.docker.io/v1/";

/// Somebody's home, with Docker's and Podman's files in it and helpers on the PATH.
struct Home {
    folder: TempDir,
    files: Files,
    programs: Programs,
    keychain: Arc<SessionSecrets>,
    memory: Arc<SessionSecrets>,
    encrypted: Arc<SessionSecrets>,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Some(folder.path().join(name));
        let files = Files {
            podman_reads: None,
            docker: at("config.json"),
            podman_run: at("run.json"),
            podman_home: at("auth.json"),
            dockercfg: at(".dockercfg"),
            environment: None,
        };
        let folders = [
            folder.path().into(),
            PathBuf::from("/usr/bin"),
            "/bin".into(),
        ];
        let programs = Programs {
            path: Some(std::env::join_paths(folders).unwrap()),
            besides: Vec::new(),
            env: vec![("HERE".into(), folder.path().into())],
        };
        Self {
            folder,
            files,
            programs,
            keychain: Arc::default(),
            memory: Arc::default(),
            encrypted: Arc::default(),
        }
    }

    fn write(&self, file: FileRef, text: &str) {
        fs::write(self.files.path(file).unwrap(), text).unwrap();
    }

    /// Puts a helper on the PATH that counts its runs and says this.
    fn helper(&self, name: &str, says: &str) {
        let path = self.folder.path().join(format!("docker-credential-{name}"));
        let script =
            format!("#!/bin/sh\necho \"$1 $(cat)\" >> \"$HERE/runs\"\ncat <<'END'\n{says}\nEND\n");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn runs(&self) -> Vec<String> {
        let runs = fs::read_to_string(self.folder.path().join("runs")).unwrap_or_default();
        runs.lines().map(str::to_owned).collect()
    }

    fn sources(&self) -> Sources {
        let (keychain, memory) = (Arc::clone(&self.keychain), Arc::clone(&self.memory));
        let encrypted = Arc::clone(&self.encrypted);
        Sources::new(
            keychain,
            memory,
            encrypted,
            self.files.clone(),
            self.programs.clone(),
        )
    }

    fn get(&self, place: &Place) -> Result<Option<Credential>, SourceError> {
        self.sources().at(place, &key()).get()
    }

    /// Reads what is at a place, in one line.
    fn read(&self, place: &Place) -> Option<String> {
        let found = self.get(place).unwrap()?;
        Some(format!("{} / {}", found.user, found.secret.expose_secret()))
    }

    fn only(&self) -> Found {
        let mut all = found(&self.files);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

fn key() -> SecretKey {
    SecretKey {
        host: "h".to_owned(),
        user: "ana".to_owned(),
    }
}

fn in_docker(key: &str) -> Place {
    Place::File {
        file: FileRef::Docker,
        key: key.to_owned(),
    }
}

#[test]
fn our_own_stores_are_read_by_the_key_of_the_account() {
    let home = Home::new();
    home.keychain.set(&key(), &"kept".into()).unwrap();
    assert_eq!(home.read(&Place::Keychain).as_deref(), Some("ana / kept"));
    assert_eq!(home.read(&Place::Session), None);
    let sources = home.sources();
    let memory = sources.store(&Place::Session).unwrap();
    memory.set(&key(), &"held".into()).unwrap();
    assert_eq!(home.read(&Place::Session).as_deref(), Some("ana / held"));
    for elsewhere in [
        in_docker("h"),
        Place::Environment {
            key: "h".to_owned(),
        },
    ] {
        assert!(sources.store(&elsewhere).is_none());
    }
}

/// Behaviour (helpers): What is found runs no helper; a sign-in that is used runs its helper once each time.
/// Source: helpers that ask the person, or a service far away (`pass`, `ecr-login`).
#[test]
fn a_helper_runs_when_its_sign_in_is_used_and_never_before() {
    let home = Home::new();
    home.helper("own", r#"{"Username":"AWS","Secret":"one"}"#);
    home.helper("all", r#"{"Username":"<token>","Secret":"two"}"#);
    home.write(
        FileRef::Docker,
        &format!(r#"{{"auths":{{"{HUB}":{{}}}},"credHelpers":{{"ecr.example":"own"}},"credsStore":"all"}}"#),
    );
    let all = found(&home.files);
    let sources = home.sources();
    let readers: Vec<_> = all
        .iter()
        .map(|found| sources.at(&found.at, &key()))
        .collect();
    assert_eq!(home.runs(), [""; 0]);
    let read: Vec<_> = readers
        .iter()
        .map(|reader| reader.get().unwrap().unwrap().user)
        .collect();
    assert_eq!(read, ["<token>", "AWS"]);
    assert_eq!(
        home.runs(),
        [format!("get {HUB}"), "get ecr.example".to_owned()]
    );
    readers[1].get().unwrap();
    assert_eq!(home.runs().len(), 3);
    // A helper that is named by itself, whatever a file says.
    let by_name = Place::Helper {
        name: HelperName::parse("own").unwrap(),
        server: "other.example".to_owned(),
    };
    assert_eq!(home.read(&by_name).as_deref(), Some("AWS / one"));
    assert_eq!(home.runs().last().unwrap(), "get other.example");
}

#[test]
fn a_place_says_what_is_there_now() {
    let home = Home::new();
    // "ana:s", "bob:t"
    home.write(FileRef::Docker, r#"{"auths":{"h":{"auth":"YW5hOnM="}}}"#);
    let at = home.only().at;
    assert_eq!(home.read(&at).as_deref(), Some("ana / s"));
    home.write(FileRef::Docker, r#"{"auths":{"h":{"auth":"Ym9iOnQ="}}}"#);
    assert_eq!(home.read(&at).as_deref(), Some("bob / t"));
    home.helper("all", r#"{"Username":"eve","Secret":"u"}"#);
    home.write(
        FileRef::Docker,
        r#"{"auths":{"h":{"auth":"Ym9iOnQ="}},"credsStore":"all"}"#,
    );
    assert_eq!(home.read(&at).as_deref(), Some("eve / u"));
    home.write(FileRef::Docker, "{}");
    assert_eq!(home.read(&at), None);
    fs::remove_file(home.files.path(FileRef::Docker).unwrap()).unwrap();
    assert_eq!(home.read(&at), None);
}

#[test]
fn every_file_is_read_as_its_own_program_reads_it() {
    let mut home = Home::new();
    home.helper("gcloud", r#"{"Username":"g","Secret":"h"}"#);
    home.write(
        FileRef::PodmanRun,
        r#"{"auths":{"quay.io/team":{"auth":"Ym9iOnQ="}},"credHelpers":{"gcr.io":"gcloud"}}"#,
    );
    home.write(
        FileRef::PodmanHome,
        r#"{"auths":{"quay.io":{"auth":"YW5hOnM="}}}"#,
    );
    home.write(FileRef::Dockercfg, "auth = YW5hOnM=\nemail = x\n");
    home.files.environment = Some(r#"{"auths":{"ci.example":{"auth":"Ym9iOnQ="}}}"#.into());
    let all = found(&home.files);
    let read: Vec<_> = all
        .iter()
        .map(|found| (found.host.as_str(), home.read(&found.at).unwrap()))
        .collect();
    let told = |host, text: &str| (host, text.to_owned());
    assert_eq!(
        read,
        [
            told("gcr.io", "g / h"),
            told("quay.io", "bob / t"),
            told("quay.io", "ana / s"),
            told("ci.example", "bob / t"),
            told("docker.io", "ana / s"),
        ]
    );
    // Podman asks by the registry.
    assert_eq!(home.runs(), ["get gcr.io"]);
}

#[test]
fn what_cannot_be_read_is_said_without_what_stands_there() {
    let home = Home::new();
    home.write(
        FileRef::Docker,
        r#"{"auths":{"h":{"auth":"hunter2hunter2!"}},"credHelpers":{"i":"gone","j":"../j","k":"silent"}}"#,
    );
    home.helper("silent", "hunter2");
    let why = |place: &Place| home.get(place).unwrap_err();
    let helper = |name: &str, error| SourceError::Helper {
        name: name.to_owned(),
        error,
    };
    assert_eq!(why(&in_docker("i")), helper("gone", HelperError::Missing));
    assert_eq!(why(&in_docker("j")), helper("../j", HelperError::BadName));
    assert_eq!(why(&in_docker("k")), helper("silent", HelperError::Broken));
    assert_eq!(
        why(&in_docker("i")).to_string(),
        "docker-credential-gone: there is no such program on the PATH"
    );
    let spoiled = why(&in_docker("h")).to_string();
    assert!(
        spoiled.starts_with("the entry of h in ")
            && spoiled.ends_with("config.json cannot be read"),
        "{spoiled}"
    );
    home.write(FileRef::Docker, r#"{"auths": hunter2"#);
    let broken = why(&in_docker("h")).to_string();
    assert!(
        broken.ends_with("config.json is no configuration"),
        "{broken}"
    );
    for said in [spoiled, broken, format!("{:?}", home.sources())] {
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn what_docker_keeps_in_a_real_keychain_is_read_through_its_helper() {
    if !need(Part::SecretService) || !need(Part::CredentialHelper) {
        return;
    }
    let mut service = SecretService::start(State::Unlocked).await.unwrap();
    let mut home = Home::new();
    home.programs = helper::programs(service.address(), home.folder.path());
    // As `docker login` leaves it.
    home.write(
        FileRef::Docker,
        &format!(r#"{{"auths":{{"{HUB}":{{}}}},"credsStore":"secretservice"}}"#),
    );
    let home = tokio::task::spawn_blocking(move || {
        let at = home.only().at;
        let name = home.only().helper.unwrap();
        let docker = home.sources().helper(name);
        assert_eq!(home.read(&at), None);
        docker
            .store(HUB, &helper::credential("ana", "hunter2"))
            .unwrap();
        assert_eq!(home.read(&at).as_deref(), Some("ana / hunter2"));
        docker
            .store(HUB, &helper::credential("ana", "another"))
            .unwrap();
        assert_eq!(home.read(&at).as_deref(), Some("ana / another"));
        docker.erase(HUB).unwrap();
        assert_eq!(home.read(&at), None);
        home
    });
    let home = home.await.unwrap();
    service.end();
    let gone = tokio::task::spawn_blocking(move || home.get(&in_docker(HUB)).unwrap_err());
    let gone = gone.await.unwrap();
    assert!(
        matches!(&gone, SourceError::Helper { name, error: HelperError::Said(_) } if name == "secretservice"),
        "{gone:?}"
    );
}
