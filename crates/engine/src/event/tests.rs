//! Lines as real engines sent them (Docker 20.10 with overlay2, Docker 29 with the containerd store), and worse ones.

use super::*;

const DIGEST: &str = "sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150";

fn layer(id: &str, state: LayerState) -> Event {
    Event::Layer {
        id: id.to_owned(),
        state,
    }
}

fn status(text: &str) -> Event {
    Event::Status(text.to_owned())
}

fn digest() -> Event {
    Event::Digest(Digest::parse(DIGEST).unwrap())
}

fn all(lines: &str) -> Vec<Event> {
    let mut reader = Reader::default();
    lines
        .lines()
        .filter_map(|line| reader.read(line.as_bytes()).unwrap())
        .collect()
}

fn one(line: &str) -> Result<Option<Event>, Error> {
    Reader::default().read(line.as_bytes())
}

#[test]
fn a_push_from_a_graph_driver() {
    let lines = r#"{"status":"The push refers to repository [127.0.0.1:39125/team/app]"}
{"status":"Preparing","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Waiting","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Pushing","progressDetail":{"current":33280,"total":200000},"progress":"[===>   ]  33.28kB/200kB","id":"8c1199e5da2b"}
{"status":"Pushing","progressDetail":{"current":201728,"total":200000},"progress":"[======>]  201.7kB","id":"8c1199e5da2b"}
{"status":"Pushed","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Layer already exists","progressDetail":{},"id":"b274124a0455"}
{"status":"Mounted from team/base","progressDetail":{},"id":"c274124a0455"}
{"status":"v1: digest: sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150 size: 737"}
{"progressDetail":{},"aux":{"Tag":"v1","Digest":"sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150","Size":737}}"#;
    assert_eq!(
        all(lines),
        [
            status("The push refers to repository [127.0.0.1:39125/team/app]"),
            layer("8c1199e5da2b", LayerState::Waiting),
            layer("8c1199e5da2b", LayerState::Waiting),
            layer(
                "8c1199e5da2b",
                LayerState::Moving {
                    done: 33_280,
                    total: 200_000
                }
            ),
            layer(
                "8c1199e5da2b",
                LayerState::Moving {
                    done: 200_000,
                    total: 200_000
                }
            ),
            layer("8c1199e5da2b", LayerState::Done),
            layer("b274124a0455", LayerState::Exists),
            layer("c274124a0455", LayerState::Exists),
            digest(),
        ]
    );
}

#[test]
fn a_push_from_the_containerd_store() {
    let lines = r#"{"status":"The push refers to repository [127.0.0.1:37971/team/app]"}
{"status":"Waiting","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Pushing","progressDetail":{"current":1048576,"total":3010560},"id":"8c1199e5da2b"}
{"status":"Pushed","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Already exists","progressDetail":{},"id":"b274124a0455"}
{"status":"Unavailable","progressDetail":{},"id":"d274124a0455"}
{"status":"v1: digest: sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150 size: 580"}
{"progressDetail":{},"aux":{"manifestPushedInsteadOfIndex":true,"originalIndex":{"digest":"sha256:aa"},"selectedManifest":{"digest":"sha256:bb"}}}"#;
    assert_eq!(
        all(lines),
        [
            status("The push refers to repository [127.0.0.1:37971/team/app]"),
            layer("8c1199e5da2b", LayerState::Waiting),
            layer(
                "8c1199e5da2b",
                LayerState::Moving {
                    done: 1_048_576,
                    total: 3_010_560
                }
            ),
            layer("8c1199e5da2b", LayerState::Done),
            layer("b274124a0455", LayerState::Exists),
            status("Unavailable"),
            digest(),
        ]
    );
}

#[test]
fn a_pull_into_a_graph_driver() {
    let lines = r#"{"status":"Pulling from team/app","id":"v1"}
{"status":"Pulling fs layer","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Already exists","progressDetail":{},"id":"90bf0d1f34e2"}
{"status":"Downloading","progressDetail":{"current":36445,"total":3001105},"progress":"[>  ]","id":"8fbf0d1f34e2"}
{"status":"Retrying in 5 seconds","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Retrying in 1 second","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Verifying Checksum","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Download complete","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Extracting","progressDetail":{"current":32768,"total":3001105},"id":"8fbf0d1f34e2"}
{"status":"Pull complete","progressDetail":{},"id":"8fbf0d1f34e2"}
{"status":"Digest: sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150"}
{"status":"Status: Downloaded newer image for 127.0.0.1:39125/team/app:v1"}"#;
    assert_eq!(
        all(lines),
        [
            status("Pulling from team/app"),
            layer("8fbf0d1f34e2", LayerState::Waiting),
            layer("90bf0d1f34e2", LayerState::Exists),
            layer(
                "8fbf0d1f34e2",
                LayerState::Moving {
                    done: 36_445,
                    total: 3_001_105
                }
            ),
            layer("8fbf0d1f34e2", LayerState::Retrying { seconds: 5 }),
            layer("8fbf0d1f34e2", LayerState::Retrying { seconds: 1 }),
            layer("8fbf0d1f34e2", LayerState::Verifying),
            layer("8fbf0d1f34e2", LayerState::Moved),
            layer(
                "8fbf0d1f34e2",
                LayerState::Unpacking {
                    done: 32_768,
                    total: 3_001_105
                }
            ),
            layer("8fbf0d1f34e2", LayerState::Done),
            digest(),
            status("Status: Downloaded newer image for 127.0.0.1:39125/team/app:v1"),
        ]
    );
}

#[test]
fn a_pull_into_the_containerd_store() {
    let lines = r#"{"status":"Pulling fs layer","progressDetail":{},"id":"8c1199e5da2b"}
{"status":"Download complete","progressDetail":{"hidecounts":true},"id":"8c1199e5da2b"}
{"status":"Extracting","progressDetail":{"current":1,"units":"s"},"id":"8c1199e5da2b"}
{"status":"Pull complete","progressDetail":{"hidecounts":true},"id":"8c1199e5da2b"}"#;
    assert_eq!(
        all(lines),
        [
            layer("8c1199e5da2b", LayerState::Waiting),
            layer("8c1199e5da2b", LayerState::Moved),
            layer("8c1199e5da2b", LayerState::Unpacking { done: 0, total: 0 }),
            layer("8c1199e5da2b", LayerState::Done),
        ]
    );
}

#[test]
fn podman_leaves_the_size_out_and_speaks_in_streams() {
    let lines = r#"{"stream":"Copying blob 8c1199e5da2b\n"}
{"status":"v1: digest: sha256:439dd5eb0e77861c2109f439e00c178c7a5333958b61c468c65a42bbe44e4150"}"#;
    assert_eq!(all(lines), [status("Copying blob 8c1199e5da2b"), digest()]);
}

#[test]
fn a_failure_after_the_start_is_an_error_in_the_engines_words() {
    let unauthorized = Err(Error::InStream(
        "unauthorized: authentication required".to_owned(),
    ));
    assert_eq!(
        one(
            r#"{"errorDetail":{"message":"unauthorized: authentication required"},"error":"unauthorized"}"#
        ),
        unauthorized
    );
    assert_eq!(
        one(r#"{"error":"unauthorized: authentication required"}"#),
        unauthorized
    );
    assert_eq!(
        one(r#"{"errorDetail":"unauthorized: authentication required"}"#),
        unauthorized
    );
    assert_eq!(
        one(r#"{"errorDetail":{"code":1}}"#),
        Err(Error::InStream("the engine gave no reason".to_owned()))
    );
    let long = format!(r#"{{"error":"{}"}}"#, "ü".repeat(10_000));
    assert!(matches!(one(&long), Err(Error::InStream(words)) if words.chars().count() == 4096));
}

#[test]
fn strange_lines_do_no_harm() {
    for nothing in [
        r"{}",
        r#"{"status":null}"#,
        r#"{"status":""}"#,
        r#"{"aux":{}}"#,
        r#"{"error":""}"#,
        r#"{"aux":{"Digest":"x"}}"#,
    ] {
        assert_eq!(one(nothing), Ok(None), "{nothing}");
    }
    let moving = |done, total| Ok(Some(layer("x", LayerState::Moving { done, total })));
    for (detail, expected) in [
        ("null", moving(0, 0)),
        ("[]", moving(0, 0)),
        (r#""text""#, moving(0, 0)),
        (r#"{"current":-5,"total":-1}"#, moving(0, 0)),
        (r#"{"current":7}"#, moving(7, 0)),
        (
            r#"{"current":18446744073709551615,"total":9}"#,
            moving(9, 9),
        ),
        (r#"{"current":1e300,"total":"9"}"#, moving(0, 0)),
    ] {
        assert_eq!(
            one(&format!(
                r#"{{"status":"Pushing","id":"x","progressDetail":{detail}}}"#
            )),
            expected,
            "{detail}"
        );
    }
    assert_eq!(one(r#"{"status":"Pushing"}"#), Ok(Some(status("Pushing"))));
    assert_eq!(
        one(r#"{"status":"Pushing","id":7}"#),
        Ok(Some(status("Pushing")))
    );
    assert_eq!(
        one(r#"{"status":"Digest: nonsense"}"#),
        Ok(Some(status("Digest: nonsense")))
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for broken in ["", "x", "7", "<html>", r#"{"status":"#, &deep] {
        assert!(
            matches!(one(broken), Err(Error::Broken(_))),
            "{}",
            broken.chars().take(20).collect::<String>()
        );
    }
}

#[test]
fn another_digest_is_told_too() {
    let other = format!("sha256:{}", "a".repeat(64));
    let lines = format!(
        "{{\"status\":\"v1: digest: {DIGEST} size: 1\"}}\n{{\"aux\":{{\"Digest\":\"{other}\"}}}}"
    );
    assert_eq!(
        all(&lines),
        [digest(), Event::Digest(Digest::parse(&other).unwrap())]
    );
}
