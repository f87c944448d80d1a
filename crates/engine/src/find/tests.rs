//! The search over homes made for the test.

use std::fs;

use super::*;

/// The addresses that are tried, in order.
fn find(env: &Env) -> Vec<Address> {
    let found = super::find(env).into_iter();
    found.map(|candidate| candidate.address).collect()
}

fn home() -> (tempfile::TempDir, Env) {
    let home = tempfile::tempdir().unwrap();
    let env = Env {
        home: Some(home.path().to_owned()),
        ..Env::default()
    };
    (home, env)
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn id_of(name: &str) -> String {
    oci::Digest::sha256_of(name.as_bytes()).hex().to_owned()
}

fn context(config: &Path, name: &str, host: &str) {
    write(
        &config.join("config.json"),
        format!(r#"{{"auths":{{}},"currentContext":"{name}"}}"#),
    );
    let meta = format!(
        r#"{{"Name":"{name}","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}}}}"#
    );
    write(
        &config
            .join("contexts/meta")
            .join(id_of(name))
            .join("meta.json"),
        meta,
    );
}

fn unix(path: impl Into<PathBuf>) -> Address {
    Address::Unix(path.into())
}

#[test]
fn docker_host_is_the_only_candidate() {
    let (home, mut env) = home();
    context(
        &home.path().join(".docker"),
        "mine",
        "unix:///run/mine.sock",
    );
    env.docker_host = Some("unix:///run/chosen.sock".to_owned());
    assert_eq!(find(&env), [unix("/run/chosen.sock")]);
    env.docker_host = Some("tcp://127.0.0.1:2376".to_owned());
    env.docker_tls = true;
    write(&home.path().join(".docker/ca.pem"), "");
    let files = TlsFiles {
        authorities: Some(home.path().join(".docker/ca.pem")),
        ..TlsFiles::default()
    };
    let authority = "127.0.0.1:2376".to_owned();
    assert_eq!(find(&env), [Address::Tls { authority, files }]);
    env.docker_host = Some("  ".to_owned());
    assert_eq!(find(&env)[0], unix("/run/mine.sock"));
}

#[test]
fn the_variables_engine_keeps_its_certificates_when_it_is_chosen() {
    let (home, mut env) = home();
    let certificates = home.path().join("certificates");
    for file in ["ca.pem", "cert.pem", "key.pem"] {
        write(&certificates.join(file), "");
    }
    env.docker_cert_path = Some(certificates.clone());
    env.docker_tls = true;
    env.docker_host = Some("tcp://far".to_owned());
    let listed = super::find(&env).remove(0);
    let files = TlsFiles::in_folder(&certificates);
    assert!(files.key.is_some());
    let authority = "far:2376".to_owned();
    assert_eq!(listed.address, Address::Tls { authority, files });
    assert_eq!(Candidate::by_id(&env, &listed.id), listed);

    // Without the variables it has no certificates, and is still not spoken to in the clear.
    for host in [Some("tcp://else".to_owned()), None] {
        env.docker_host = host;
        let files = TlsFiles::default();
        let authority = "far:2376".to_owned();
        let chosen = Candidate::by_id(&env, &listed.id);
        assert_eq!(chosen.address, Address::Tls { authority, files });
        assert_eq!(chosen.origin, Origin::Typed);
    }
}

#[cfg(unix)]
#[test]
fn the_known_sockets_in_order_and_each_once() {
    let (home, mut env) = home();
    let home = home.path();
    env.xdg_runtime_dir = Some("/run/user/7".into());
    write(&home.join(".colima/work/docker.sock"), "");
    write(&home.join(".colima/default/docker.sock"), "");
    write(&home.join(".colima/_lima/colima/note"), "");
    write(&home.join(".lima/docker/sock/docker.sock"), "");
    context(
        &home.join(".docker"),
        "orbstack",
        &format!("unix://{}/.orbstack/run/docker.sock", home.display()),
    );
    assert_eq!(
        find(&env),
        [
            unix(home.join(".orbstack/run/docker.sock")),
            unix("/var/run/docker.sock"),
            unix(home.join(".docker/run/docker.sock")),
            unix(home.join(".docker/desktop/docker.sock")),
            unix("/run/user/7/docker.sock"),
            unix(home.join(".colima/default/docker.sock")),
            unix(home.join(".colima/work/docker.sock")),
            unix(home.join(".colima/docker.sock")),
            unix(home.join(".rd/docker.sock")),
            unix(home.join(".lima/docker/sock/docker.sock")),
            unix("/run/user/7/podman/podman.sock"),
            unix("/run/podman/podman.sock"),
            unix(home.join(".local/share/containers/podman/machine/podman.sock")),
        ]
    );
    assert_eq!(
        find(&Env::default()),
        [
            unix("/var/run/docker.sock"),
            unix("/run/podman/podman.sock")
        ]
    );
}

#[test]
fn the_context_of_a_configuration_elsewhere_and_a_chosen_one() {
    let (home, mut env) = home();
    let config = home.path().join("elsewhere");
    context(&config, "other", "unix:///run/other.sock");
    context(&config, "mine", "unix:///run/mine.sock");
    assert_ne!(find(&env).first(), Some(&unix("/run/mine.sock")));
    env.docker_config = Some(config);
    assert_eq!(find(&env)[0], unix("/run/mine.sock"));
    env.docker_context = Some("other".to_owned());
    assert_eq!(find(&env)[0], unix("/run/other.sock"));
    env.docker_context = Some("default".to_owned());
    assert!(!find(&env).contains(&unix("/run/mine.sock")));
}

#[test]
fn a_context_on_another_computer_is_found_with_the_way_to_it() {
    let (home, mut env) = home();
    env.ssh.program = "/opt/ssh".into();
    let config = home.path().join(".docker");
    context(&config, "far", "ssh://me@far");
    assert!(
        matches!(&find(&env)[0], Address::Ssh(target) if target.host == "far" && target.program == env.ssh)
    );
    context(&config, "safe", "tcp://far:2376");
    assert_eq!(find(&env)[0], Address::Tcp("far:2376".to_owned()));
    let folder = config
        .join("contexts/tls")
        .join(id_of("safe"))
        .join("docker");
    for file in ["ca.pem", "cert.pem"] {
        write(&folder.join(file), "");
    }
    let files = TlsFiles {
        authorities: Some(folder.join("ca.pem")),
        certificate: Some(folder.join("cert.pem")),
        key: None,
    };
    let authority = "far:2376".to_owned();
    assert_eq!(find(&env)[0], Address::Tls { authority, files });
}

#[test]
fn hostile_a_context_that_says_not_to_check_the_certificate_is_not_used() {
    let (home, env) = home();
    let config = home.path().join(".docker");
    context(&config, "lab\\u202e", "tcp://far:2376");
    let meta = config
        .join("contexts/meta")
        .join(id_of("lab\u{202e}"))
        .join("meta.json");
    write(
        &meta,
        r#"{"Name":"lab\u202e","Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":true}}}"#,
    );
    let found = super::all(&env);
    let far = found
        .iter()
        .find(|candidate| candidate.id.starts_with("context:lab"));
    let Some(Address::Unusable { why, .. }) = far.map(|far| &far.address) else {
        panic!("{found:?}");
    };
    assert!(
        why.contains("not to check") && !why.contains('\u{202e}'),
        "{why}"
    );
}

#[test]
fn all_contexts_and_what_is_there_are_listed_each_once() {
    let (home, mut env) = home();
    let config = home.path().join(".docker");
    for (name, host) in [
        ("b", "unix:///run/b.sock"),
        ("a", "tcp://10.0.0.1:2375"),
        ("mine", "unix:///run/mine.sock"),
    ] {
        context(&config, name, host);
    }
    // A folder that is called as another context's.
    write(
        &config.join("contexts/meta/abc/meta.json"),
        r#"{"Name":"x","Endpoints":{"docker":{"Host":"unix:///run/x.sock"}}}"#,
    );
    write(&home.path().join(".rd/docker.sock"), "");
    let ids = |env: &Env| -> Vec<String> {
        let found = super::all(env).into_iter();
        // What this machine has of its own is none of the test's.
        let own = |id: &String| !id.contains("/var/run/") && !id.contains("/run/podman");
        found.map(|candidate| candidate.id).filter(own).collect()
    };
    let desktop = format!("unix://{}/.rd/docker.sock", home.path().display());
    if cfg!(unix) {
        assert_eq!(
            ids(&env),
            ["context:mine", &desktop, "context:a", "context:b"]
        );
    }
    env.docker_host = Some("unix:///run/b.sock".to_owned());
    assert_eq!(
        ids(&env),
        ["unix:///run/b.sock", "context:a", "context:mine"]
    );

    let chosen = |id: &str| Candidate::by_id(&env, id).address;
    assert_eq!(
        chosen("context:a"),
        Address::Tcp("10.0.0.1:2375".to_owned())
    );
    assert_eq!(chosen("unix:///run/else.sock"), unix("/run/else.sock"));
    assert!(
        matches!(chosen("context:gone"), Address::Unusable { why, .. } if why.contains("not there any more"))
    );
    assert_eq!(Candidate::check_id("context:gone"), Ok(()));
    assert!(Candidate::check_id("gopher://x").is_err());
}

#[test]
fn malformed_configurations_are_ignored() {
    let (home, env) = home();
    let config = home.path().join(".docker");
    let plain = find(&env);
    context(&config, "mine", "unix:///run/mine.sock");
    let meta = config
        .join("contexts/meta")
        .join(id_of("mine"))
        .join("meta.json");
    let good = fs::read_to_string(&meta).unwrap();
    assert_ne!(find(&env), plain);
    let deep = "[".repeat(200_000);
    let huge = format!("{}{good}", " ".repeat(2 * 1024 * 1024));
    for bad in [
        "",
        "{",
        "[]",
        "null",
        r#"{"Name":"mine"}"#,
        r#"{"Name":"mine","Endpoints":{}}"#,
        &deep,
        &huge,
    ] {
        write(&meta, bad);
        assert_eq!(
            find(&env),
            plain,
            "{}",
            bad.chars().take(40).collect::<String>()
        );
    }
    // A folder that says it is another context's.
    write(&meta, good.replace("mine", "else"));
    assert_eq!(find(&env), plain);
    write(&meta, &good);
    for bad in [
        "{",
        r#"{"currentContext":7}"#,
        r#"{"currentContext":"../../mine"}"#,
        r#"{"currentContext":""}"#,
    ] {
        write(&config.join("config.json"), bad);
        assert_eq!(find(&env), plain, "{bad}");
    }
    // A folder where a file should be.
    fs::remove_file(config.join("config.json")).unwrap();
    fs::create_dir(config.join("config.json")).unwrap();
    assert_eq!(find(&env), plain);
}
