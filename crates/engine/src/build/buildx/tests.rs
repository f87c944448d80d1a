use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::call::{UNSET, is_its_own};
use super::run::why;
use super::*;

fn words(command: &Command) -> Vec<String> {
    let args = command.as_std().get_args();
    args.map(|arg| arg.to_string_lossy().into_owned()).collect()
}

/// What a variable is set to; "-" where it is taken away, none where it is left as it is.
fn variable(command: &Command, name: &str) -> Option<String> {
    let mut all = command.as_std().get_envs();
    let (_, value) = all.find(|(each, _)| *each == name)?;
    let text = value.map(|value| value.to_string_lossy().into_owned());
    Some(text.unwrap_or_else(|| "-".to_owned()))
}

/// What is secret goes over no plain connection to another computer.
#[test]
fn it_builds_on_this_computer_alone() {
    assert!(reaches(&Address::Unix("/run/e.sock".into())));
    assert!(reaches(&Address::Tcp("127.0.0.1:2375".into())));
    assert!(reaches(&Address::Tcp("[::1]:2375".into())));
    assert!(!reaches(&Address::Tcp("gpu-node:2375".into())));
}

#[test]
fn a_secret_among_the_arguments_is_in_nobodys_sight() {
    for name in ["SSH_PRIVATE_KEY", "GOOGLE_API_KEY", "DOCKER_PASSWORD"] {
        assert!(!is_its_own(name), "{name}");
    }
    for name in ["DOCKER_HOST", "docker_context", "GODEBUG", "SSH_AUTH_SOCK"] {
        assert!(is_its_own(name), "{name}");
    }
}

#[test]
fn it_is_told_which_engine_and_nothing_of_the_person_leads_it_elsewhere() {
    let buildx = Buildx {
        program: "/bin/docker-buildx".into(),
        state: "/data/buildx".into(),
    };
    let of = BuildOf {
        folder: "/home/ana/-x".into(),
        dockerfile: "docker/api.df".into(),
        target: Some("test".into()),
        args: BTreeMap::from([
            ("VERSION".to_owned(), "1 2".to_owned()),
            ("https_proxy".to_owned(), "http://p".to_owned()),
            ("PATH".to_owned(), "/x".to_owned()),
        ]),
        platform: Some("linux/arm64".into()),
        no_cache: true,
        name: Some("a:b".into()),
        secrets: BTreeMap::from([("token".to_owned(), PathBuf::from("/home/ana/a,b"))]),
    };
    let address = Address::Unix("/run/e.sock".into());
    let command = buildx.command(&address, &of, Path::new("/data/buildx/made.json"));
    let all = words(&command);
    assert_eq!(
        all[..5],
        ["build", "--builder", "default", "--progress", "rawjson"]
    );
    assert_eq!(all.last().unwrap(), "/home/ana/-x");
    let has = |words: [&str; 2]| all.windows(2).any(|pair| pair == words);
    assert!(has(["--file", "/home/ana/-x/docker/api.df"]), "{all:?}");
    assert!(
        has(["--target", "test"]) && has(["--platform", "linux/arm64"]) && has(["--tag", "a:b"])
    );
    assert!(has(["--metadata-file", "/data/buildx/made.json"]));
    assert!(all.contains(&"--no-cache".to_owned()));
    assert!(
        has(["--secret", "id=token,\"src=/home/ana/a,b\""]),
        "{all:?}"
    );
    // What an argument is stands where only this program reads it, unless that would change the program.
    assert!(has(["--build-arg", "VERSION"]) && has(["--build-arg", "https_proxy=http://p"]));
    assert_eq!(variable(&command, "VERSION"), Some("1 2".to_owned()));
    assert!(has(["--build-arg", "PATH=/x"]));
    assert_eq!(
        (
            variable(&command, "PATH"),
            variable(&command, "https_proxy")
        ),
        (None, None)
    );
    let host = variable(&command, "DOCKER_HOST");
    assert_eq!(host, Some("unix:///run/e.sock".to_owned()));
    assert_eq!(
        variable(&command, "BUILDX_CONFIG"),
        Some("/data/buildx".to_owned())
    );
    for name in UNSET {
        assert_eq!(variable(&command, name).as_deref(), Some("-"), "{name}");
    }
}

#[test]
fn its_version_and_its_reasons_are_read() {
    let version = |said: &str| read_version(said);
    assert_eq!(
        version("github.com/docker/buildx v0.38.2 abc\n").as_deref(),
        Some("0.38.2")
    );
    assert_eq!(
        version("github.com/docker/buildx v0.0.0+unknown \n").as_deref(),
        Some("0.0.0+unknown")
    );
    assert_eq!(
        version("github.com/docker/buildx 0.13.0+unknown").as_deref(),
        Some("0.13.0+unknown")
    );
    assert_eq!(
        (version("github.com/docker/buildx v0.12.5 x"), version("")),
        (None, None)
    );
    let said = [
        "Dockerfile:3".to_owned(),
        "ERROR: failed to build: failed to solve: process \"/tool\" did not complete".to_owned(),
        String::new(),
    ];
    assert_eq!(why(&said), "process \"/tool\" did not complete");
    assert_eq!(why(&["what".to_owned(), "else".to_owned()]), "what\nelse");
}

/// Homebrew and Nix name folders of their own in the client's settings.
#[test]
fn it_is_found_where_the_docker_client_finds_it() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("docker");
    let env = Env {
        docker_config: Some(config.clone()),
        ..Env::default()
    };
    let name = format!("docker-buildx{}", std::env::consts::EXE_SUFFIX);
    let put = |folder: &Path| {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(&name), "").unwrap();
        folder.join(&name)
    };
    let own = put(&config.join("cli-plugins"));
    assert_eq!(Buildx::find(&env), Some(own.clone()));
    let extra = put(&home.path().join("extra"));
    let settings = serde_json::json!({"cliPluginsExtraDirs": [home.path().join("none"), home.path().join("extra"), 7]});
    fs::write(config.join("config.json"), settings.to_string()).unwrap();
    assert_eq!(Buildx::find(&env), Some(extra));
    fs::write(config.join("config.json"), "nonsense").unwrap();
    assert_eq!(Buildx::find(&env), Some(own));
}
