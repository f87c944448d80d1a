//! Configurations as Docker, Podman and nobody in their right mind write them.

use std::fs;

use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::*;

fn found_in(text: impl AsRef<[u8]>) -> Vec<(String, Option<String>)> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.json"), text).unwrap();
    let logins = found(Some(folder.path()));
    logins
        .into_iter()
        .map(|login| (login.host, login.user))
        .collect()
}

fn one(key: &str, auth: &str) -> Vec<(String, Option<String>)> {
    found_in(format!(r#"{{"auths":{{"{key}":{{"auth":"{auth}"}}}}}}"#))
}

fn login(host: &str, user: Option<&str>) -> (String, Option<String>) {
    (host.to_owned(), user.map(str::to_owned))
}

#[test]
fn hosts_and_users_of_a_usual_configuration() {
    let demo = STANDARD.encode("demo:pa:ss\0\0");
    let text = format!(
        r#"{{"auths":{{"127.0.0.1:5000":{{"auth":"{demo}"}},"https://index.docker.io/v1/":{{"auth":"{demo}","email":"x"}},
        "ghcr.io":{{}},"quay.io":null,"https://Reg.Example.com:5000/v2/":{{"auth":null}}}},
        "credsStore":"desktop","HttpHeaders":{{"User-Agent":"x"}},"currentContext":"default"}}"#
    );
    assert_eq!(
        found_in(text),
        [
            login("127.0.0.1:5000", Some("demo")),
            login("docker.io", Some("demo")),
            login("ghcr.io", None),
            login("quay.io", None),
            login("reg.example.com:5000", None),
        ]
    );
}

/// Behaviour (files): A host under two keys is one sign-in.
/// Source: Docker's older addresses with `/v1/`, and what other tools write beside them.
#[test]
fn two_keys_of_one_host_are_one_sign_in() {
    let auth = STANDARD.encode("demo:x");
    let text = format!(
        r#"{{"auths":{{"h.example":{{}},"https://h.example/v1/":{{"auth":"{auth}"}},"https://h.example/v2/":{{}}}}}}"#
    );
    assert_eq!(found_in(text), [login("h.example", Some("demo"))]);
}

#[test]
fn users_that_are_none_are_not_told() {
    let with = |text: &str| one("h", &STANDARD.encode(text));
    assert_eq!(with("demo:x"), [login("h", Some("demo"))]);
    assert_eq!(
        one("h", &STANDARD_NO_PAD.encode("demo:xy")),
        [login("h", Some("demo"))]
    );
    for nobody in ["demo", ":x", "<token>:x", "a\u{7}b:x", ""] {
        assert_eq!(with(nobody), [login("h", None)], "{nobody:?}");
    }
    assert_eq!(with(&format!("{}:x", "u".repeat(300))), [login("h", None)]);
    assert_eq!(one("h", "not base64!"), [login("h", None)]);
    assert_eq!(
        one("h", &STANDARD.encode(b"\xff\xfe:x")),
        [login("h", None)]
    );
}

/// Behaviour (files): Keys that are no hosts are left out.
/// Source: The file is written by many tools, and by hand.
#[test]
fn keys_that_are_no_hosts_are_left_out() {
    for bad in [
        "",
        "https://",
        "a b",
        "<script>",
        "h\\u0000",
        "ü.example",
        &"h".repeat(300),
    ] {
        assert_eq!(one(bad, ""), [], "{bad}");
    }
    assert_eq!(one("[::1]:5000", ""), [login("[::1]:5000", None)]);
    assert_eq!(one("quay.io/team/app", ""), [login("quay.io", None)]);
}

#[test]
fn hostile_configurations_are_empty() {
    let deep = format!(
        r#"{{"auths":{{"h":{}{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let huge = format!(
        r#"{{"auths":{{"h":{{}}}},"x":"{}"}}"#,
        "x".repeat(5 * 1024 * 1024)
    );
    for bad in [
        "",
        "{",
        "null",
        "[]",
        "7",
        r#""text""#,
        r#"{"auths":[]}"#,
        r#"{"auths":7}"#,
        r#"{"auths":null}"#,
        r#"{"auths":{"h":7}}"#,
        r#"{"auths":{"h":{"auth":7}}}"#,
        "{}",
        &deep,
        &huge,
    ] {
        assert_eq!(
            found_in(bad),
            [],
            "{}",
            bad.chars().take(30).collect::<String>()
        );
    }
    assert_eq!(found_in(b"{\"auths\":{\"h\xff\":{}}}"), []);
    let many: Vec<String> = (0..5000)
        .map(|number| format!(r#""h{number}":{{}}"#))
        .collect();
    assert_eq!(
        found_in(format!(r#"{{"auths":{{{}}}}}"#, many.join(","))).len(),
        MOST
    );
}

#[test]
fn no_configuration_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(found(Some(folder.path())).is_empty());
    assert!(found(Some(&folder.path().join("missing"))).is_empty());
    fs::create_dir(folder.path().join("config.json")).unwrap();
    assert!(found(Some(folder.path())).is_empty());
}

#[test]
fn no_secret_is_in_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let auth = STANDARD.encode("demo:hunter2");
    fs::write(
        folder.path().join("config.json"),
        format!(r#"{{"auths":{{"h":{{"auth":"{auth}"}}}}}}"#),
    )
    .unwrap();
    let printed = format!("{:?}", found(Some(folder.path())));
    assert!(printed.contains("demo"));
    assert!(
        !printed.contains("hunter2") && !printed.contains(&auth),
        "{printed}"
    );
}
