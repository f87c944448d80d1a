//! Configurations as Docker and nobody in their right mind write them: what is found in them.

use std::fs;

use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::*;

#[test]
fn hosts_and_users_of_a_usual_configuration() {
    let demo = STANDARD.encode("demo:pa:ss\0\0");
    let text = format!(
        r#"{{"auths":{{"127.0.0.1:5000":{{"auth":"{demo}"}},"https://index.docker.io/v1/":{{"auth":"{demo}","email":"x"}},
        "ghcr.io":{{}},"quay.io":null,"https://index.docker.io/v1/access-token":{{"auth":"{demo}"}},"https://Reg.Example.com:5000/v2/":{{"auth":null}}}},
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
        200
    );
}

#[test]
fn no_configuration_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(found(&docker_in(folder.path())).is_empty());
    assert!(found(&docker_in(&folder.path().join("missing"))).is_empty());
    fs::create_dir(folder.path().join("config.json")).unwrap();
    assert!(found(&docker_in(folder.path())).is_empty());
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
    let printed = format!("{:?}", found(&docker_in(folder.path())));
    assert!(printed.contains("demo"));
    assert!(
        !printed.contains("hunter2") && !printed.contains(&auth),
        "{printed}"
    );
}

/// Behaviour (files): Line ends inside `auth` count for nothing, other white space does; zero bytes pad the password.
/// Source: Go's `encoding/base64` ("new line characters (\r and \n) are ignored"); docker/cli trims `\x00`.
#[test]
fn line_ends_inside_auth_count_for_nothing() {
    let auth = STANDARD.encode("somebody:a very long token\0\0\0");
    let (one_half, other) = auth.split_at(10);
    for ends in ["\\n", "\\r\\n"] {
        assert_eq!(
            one("h", &format!("{one_half}{ends}{other}{ends}")),
            [login("h", Some("somebody"))]
        );
    }
    assert_eq!(one("h", &format!("{one_half} {other}")), [login("h", None)]);
    // Raw line ends in a text are no JSON, for Go neither.
    assert_eq!(one("h", &format!("{one_half}\n{other}")), []);
    // Bits that encode nothing are no fault for Go.
    assert_eq!(one("h", "ZGVtbzp5eR=="), [login("h", Some("demo"))]);
}

/// Behaviour (files): Unknown keys of any type and depth change nothing.
/// Source: Go's `encoding/json`; `plugins`, `aliases`, `proxies` and `features` of docker/cli.
#[test]
fn unknown_keys_of_any_type_change_nothing() {
    let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
    for unknown in [
        "7",
        "1e999",
        "-0.5",
        "null",
        "true",
        r#""\ud800""#,
        r#"{"a":[{"b":null}]}"#,
        &deep,
    ] {
        let text = format!(
            r#"{{"x":{unknown},"auths":{{"h":{{"y":{unknown},"auth":"ZGVtbzp4","email":{unknown}}}}},"plugins":{unknown}}}"#
        );
        assert_eq!(found_in(text), [login("h", Some("demo"))], "{unknown:.30}");
    }
}

/// Behaviour (files): A value of the wrong type takes only itself away.
/// Source: Go's `encoding/json` ("skips that field and completes the unmarshaling as best it can").
#[test]
fn a_value_of_the_wrong_type_takes_only_itself_away() {
    let text = r#"{"auths":{"a":7,"b":[],"c":{"auth":7},"d":{"auth":"ZGVtbzp4"},"e":"text"},"credHelpers":[1],
        "credsStore":{"x":1}}"#;
    assert_eq!(found_in(text), [login("c", None), login("d", Some("demo"))]);
    let text = r#"{"auths":[{"h":{}}],"credHelpers":{"gcr.io":"gcloud"}}"#;
    assert_eq!(found_in(text), [login("gcr.io", None)]);
}

/// Behaviour (files): The names of fields are read in any case, those of hosts as they are.
/// Source: Go's `encoding/json` ("preferring exact matches but also accepting case-insensitive matches").
#[test]
fn names_of_fields_are_read_in_any_case() {
    let text = r#"{"AUTHS":{"h":{"Auth":"ZGVtbzp4"},"i":{"UserName":"ana"}},"credhelperſ":{"gcr.io":"gcloud"}}"#;
    assert_eq!(
        found_in(text),
        [
            login("gcr.io", None),
            login("h", Some("demo")),
            login("i", Some("ana")),
        ]
    );
}

/// Behaviour (files): Of several keys of one name the last counts; a second `auths` adds to the first, `null` empties it.
/// Source: Go's `encoding/json`, which decodes into the map that is there.
#[test]
fn the_last_of_several_keys_counts() {
    let (ana, demo) = (STANDARD.encode("ana:x"), STANDARD.encode("demo:x"));
    assert_eq!(
        found_in(format!(
            r#"{{"auths":{{"h":{{"auth":"{ana}"}},"h":{{"auth":"{ana}","auth":"{demo}"}}}},"auths":{{"i":{{}}}}}}"#
        )),
        [login("h", Some("demo")), login("i", None)]
    );
    assert_eq!(
        found_in(format!(
            r#"{{"auths":{{"h":{{"auth":"{ana}"}},"h":{{}}}}}}"#
        )),
        [login("h", None)]
    );
    assert_eq!(found_in(r#"{"auths":{"h":{}},"auths":null}"#), []);
}

/// Behaviour (files): What follows the first value is not looked at; a byte order mark makes the file unreadable.
/// Source: Go's `json.Decoder.Decode`, which reads one value and knows no byte order mark.
#[test]
fn what_follows_the_first_value_is_not_looked_at() {
    assert_eq!(
        found_in("{\"auths\":{\"h\":{}}}\n}{ trash"),
        [login("h", None)]
    );
    assert_eq!(found_in("\u{feff}{\"auths\":{\"h\":{}}}"), []);
}

/// Behaviour (files): Bytes that are no UTF-8 spoil their own text and no other.
/// Source: Go's `encoding/json` ("invalid UTF-8 … replaced by U+FFFD").
#[test]
fn bytes_that_are_no_text_spoil_their_own_text() {
    assert_eq!(
        found_in(b"{\"x\":\"\xff\",\"auths\":{\"h\xff\":{},\"i\":{}}}"),
        [login("i", None)]
    );
}
