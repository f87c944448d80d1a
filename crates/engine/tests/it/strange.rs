//! Answers no real engine gives, or only some do, from a socket that says what the test tells it.

use engine::{Address, CommitOf, Engine, Error, Event, LayerState, RegistryAuth};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::{events, failure};

const PING: &str = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK";

/// Answers one connection after another with the given bytes and hands over the heads of the requests.
async fn scripted(answers: Vec<Vec<u8>>) -> (Address, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap().to_string());
    let (heads, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut guest, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(guest.read_u8().await.unwrap());
            }
            let _ = heads.send(String::from_utf8(head).unwrap());
            // A guest that has had enough goes before the end.
            let _ = guest.write_all(&answer).await;
        }
    });
    (address, received)
}

fn plain(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A body in one chunk; `whole` tells whether its end is sent.
fn chunked(body: &[u8], whole: bool) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    answer.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
    answer.extend_from_slice(body);
    answer.extend_from_slice(if whole { b"\r\n0\r\n\r\n" } else { b"\r\n" });
    answer
}

async fn connected(answers: Vec<Vec<u8>>) -> (Engine, mpsc::UnboundedReceiver<String>) {
    let (address, mut heads) =
        scripted(std::iter::once(PING.into()).chain(answers).collect()).await;
    let engine = Engine::connect(&address).await.unwrap();
    assert!(
        heads
            .recv()
            .await
            .unwrap()
            .starts_with("GET /_ping HTTP/1.1\r\n")
    );
    (engine, heads)
}

#[tokio::test]
async fn every_path_carries_the_version_and_the_sign_in_its_header() {
    let (engine, mut heads) = connected(vec![
        plain("200 OK", "", "[]"),
        plain("404 Not Found", "", "{}"),
        chunked(b"", true),
    ])
    .await;
    assert!(engine.images().await.unwrap().is_empty());
    assert_eq!(engine.inspect("a/b:c").await.unwrap(), None);
    let auth = RegistryAuth::Basic {
        user: "demo".into(),
        secret: "x".into(),
        host: "h:1".into(),
    };
    assert!(
        events(engine.push("h:1/a/b", "c+d", &auth))
            .await
            .is_empty()
    );
    assert!(
        heads
            .recv()
            .await
            .unwrap()
            .starts_with("GET /v1.41/images/json HTTP/1.1\r\n")
    );
    assert!(
        heads
            .recv()
            .await
            .unwrap()
            .starts_with("GET /v1.41/images/a/b:c/json HTTP/1.1\r\n")
    );
    let head = heads.recv().await.unwrap();
    assert!(
        head.starts_with("POST /v1.41/images/h:1/a/b/push?tag=c%2Bd HTTP/1.1\r\n"),
        "{head}"
    );
    let header = head
        .lines()
        .find_map(|line| line.strip_prefix("x-registry-auth: "))
        .unwrap();
    assert_eq!(
        header,
        "eyJ1c2VybmFtZSI6ImRlbW8iLCJwYXNzd29yZCI6IngiLCJzZXJ2ZXJhZGRyZXNzIjoiaDoxIn0="
    );
}

#[tokio::test]
async fn a_pull_by_digest_asks_for_exactly_that() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let (engine, mut heads) = connected(vec![chunked(b"", true)]).await;
    assert!(
        events(engine.pull("h:1/a/b", &digest, &RegistryAuth::None))
            .await
            .is_empty()
    );
    let head = heads.recv().await.unwrap();
    let line = format!(
        "POST /v1.41/images/create?fromImage=h%3A1%2Fa%2Fb&tag=sha256%3A{} HTTP/1.1",
        "a".repeat(64)
    );
    assert_eq!(head.lines().next(), Some(line.as_str()));
    assert!(head.contains("x-registry-auth: e30=\r\n"), "{head}");
}

#[tokio::test]
async fn what_is_no_engine_or_too_old_is_said() {
    for (answer, word) in [
        (plain("404 Not Found", "", "<html>"), "404"),
        (plain("200 OK", "Api-Version: 1.39\r\n", "OK"), "1.39"),
        (plain("200 OK", "Api-Version: fresh\r\n", "OK"), "version"),
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), "broke"),
        (Vec::new(), "broke"),
    ] {
        let (address, _heads) = scripted(vec![answer]).await;
        let error = Engine::connect(&address).await.unwrap_err();
        assert!(error.to_string().contains(word), "{error:?}");
    }
}

#[tokio::test]
async fn podman_is_known_by_its_ping() {
    let ping = plain(
        "200 OK",
        "Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\nServer: Libpod/4.3.1\r\n",
        "OK",
    );
    let version = plain(
        "200 OK",
        "",
        r#"{"Version":"4.3.1","ApiVersion":"1.41","Os":"linux","Arch":"arm64"}"#,
    );
    let (address, _heads) = scripted(vec![ping, version]).await;
    let info = Engine::connect(&address)
        .await
        .unwrap()
        .info()
        .await
        .unwrap();
    assert_eq!(
        (info.name.as_str(), info.version.as_str()),
        ("Podman", "4.3.1")
    );
    assert_eq!(info.platform.to_string(), "linux/arm64");
}

#[tokio::test]
async fn a_stream_that_is_cut_is_an_error_after_what_came() {
    let body = b"{\"status\":\"Pushed\",\"id\":\"aaaaaaaaaaaa\"}\n{\"status\":\"Pu";
    let (engine, _heads) = connected(vec![chunked(body, false)]).await;
    let mut push = engine.push("h/a", "v1", &RegistryAuth::None);
    let first = futures_util::StreamExt::next(&mut push)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        first,
        Event::Layer {
            id: "aaaaaaaaaaaa".to_owned(),
            state: LayerState::Done
        }
    );
    assert!(matches!(failure(push).await, Error::Broken(_)));
}

#[tokio::test]
async fn a_last_line_without_its_end_counts() {
    let (engine, _heads) = connected(vec![chunked(
        b"{\"status\":\"one\"}\r\n{\"status\":\"two\"}",
        true,
    )])
    .await;
    let told = events(engine.pull("h/a", "v1", &RegistryAuth::None)).await;
    assert_eq!(
        told,
        [
            Event::Status("one".to_owned()),
            Event::Status("two".to_owned())
        ]
    );
}

#[tokio::test]
async fn too_long_and_unreadable_lines_end_the_transfer() {
    let (engine, _heads) = connected(vec![
        chunked(&vec![b' '; 3 * 1024 * 1024], true),
        chunked(b"<html>\n", true),
    ])
    .await;
    assert_eq!(
        failure(engine.push("h/a", "v1", &RegistryAuth::None)).await,
        Error::TooLarge
    );
    assert!(matches!(
        failure(engine.push("h/a", "v1", &RegistryAuth::None)).await,
        Error::Broken(_)
    ));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_engines_words_as_far_as_they_go() {
    let long = "x".repeat(100_000);
    let refused = |message: &str| Error::Refused {
        status: 500,
        message: message.to_owned(),
    };
    for (body, expected) in [
        (r#"{"message":"no space left"}"#, refused("no space left")),
        (
            r#"{"cause":"c","message":"podman says","response":500}"#,
            refused("podman says"),
        ),
        ("plain words\n", refused("plain words")),
        ("", refused("The engine answered with status 500.")),
        (&long, refused("The engine answered with status 500.")),
    ] {
        let (engine, _heads) = connected(vec![plain("500 Internal Server Error", "", body)]).await;
        assert_eq!(
            failure(engine.pull("h/a", "v1", &RegistryAuth::None)).await,
            expected
        );
    }
}

/// Podman reads the body of a commit, and takes a pause that nobody spoke of for none.
#[tokio::test]
async fn a_commit_has_a_body_and_says_whether_it_pauses() {
    let (engine, mut heads) = connected(vec![
        plain("201 Created", "", r#"{"Id":"sha256:aa"}"#),
        plain("201 Created", "", "[]"),
    ])
    .await;
    let of = CommitOf {
        container: "abc".to_owned(),
        ..CommitOf::default()
    };
    assert_eq!(engine.commit(&of).await.unwrap(), "sha256:aa");
    let head = heads.recv().await.unwrap();
    assert!(
        head.starts_with("POST /v1.41/commit?container=abc&pause=false HTTP/1.1\r\n"),
        "{head}"
    );
    let head = head.to_ascii_lowercase();
    for header in ["content-type: application/json", "content-length: 2"] {
        assert!(head.contains(&format!("{header}\r\n")), "{head}");
    }
    // An answer without an id is none.
    assert!(matches!(engine.commit(&of).await, Err(Error::Broken(_))));
}
