//! What answers at an address.

use crate::world::*;
use registry::{Kind, Registry, Scheme};
use std::time::Duration;
use testkit::scripted::{Answer, Auth, Faults, Scripted};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

#[tokio::test]
async fn plain_http_on_this_computer_is_found() {
    let (server, _) = open().await;
    for typed in [None, Some(Scheme::Http)] {
        let probe = Registry::probe_with(&host(&server.host()), typed, &quick())
            .await
            .unwrap();
        assert_eq!(
            (probe.endpoint.scheme, probe.tls, probe.wants_sign_in),
            (Scheme::Http, false, false)
        );
        assert!(!probe.plain_http_only_not_loopback);
    }
}

#[tokio::test]
async fn a_registry_that_wants_a_sign_in_is_a_registry() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, _) = closed(auth).await;
        let probe = Registry::probe_with(&host(&server.host()), None, &quick())
            .await
            .unwrap();
        assert!(probe.wants_sign_in);
        assert!(server.requests().iter().all(|seen| !seen.has_authorization));
        assert_eq!(server.count("GET", "/token"), 0);
    }
}

/// Behaviour (addresses): A registry stands at an IPv6 address, with a port.
/// Source: RFC 3986; `docker` takes it in brackets.
#[tokio::test]
async fn ipv6_and_ports_are_found() {
    let Ok(server) = Scripted::start_on("[::1]:0").await else {
        // A computer without IPv6: the address is still read right, and nobody is there.
        let nobody = client("[::1]:5000", anonymous()).check().await.unwrap_err();
        assert_eq!(nobody.kind, Kind::Unreachable);
        return;
    };
    let address = format!("[::1]:{}", server.port());
    server.push_image("team/app", "v1", "one");
    assert!(
        Registry::probe_with(&host(&address), None, &quick())
            .await
            .is_ok()
    );
    let client = client(&address, anonymous());
    assert!(app(&client).manifest(&tag("v1")).await.is_ok());
    let by_name = format!("127.0.0.1:{}", server.port());
    assert_eq!(
        crate::world::client(&by_name, anonymous())
            .check()
            .await
            .unwrap_err()
            .kind,
        Kind::Unreachable
    );
}

#[tokio::test]
async fn an_unknown_host_a_closed_door_and_silence_are_told_apart() {
    let unknown = Registry::probe_with(&host("x.invalid"), None, &quick())
        .await
        .unwrap_err();
    assert_eq!(unknown.kind, Kind::UnknownHost);
    assert_eq!(
        client("x.invalid:5000", signed_in())
            .check()
            .await
            .unwrap_err()
            .kind,
        Kind::UnknownHost
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap().to_string();
    drop(listener);
    assert_eq!(
        Registry::probe_with(&host(&closed), None, &quick())
            .await
            .unwrap_err()
            .kind,
        Kind::Unreachable
    );
    assert_eq!(
        client(&closed, signed_in()).check().await.unwrap_err().kind,
        Kind::Unreachable
    );
}

#[tokio::test]
async fn something_else_is_not_a_registry() {
    let changes: [fn(&mut Faults); 4] = [
        |faults| faults.html = true,
        |faults| faults.status = Some(404),
        |faults| faults.status = Some(302),
        |faults| faults.status = Some(401),
    ];
    for change in changes {
        let (server, client) = open().await;
        server.set(change);
        assert_eq!(
            Registry::probe_with(&host(&server.host()), None, &quick())
                .await
                .unwrap_err()
                .kind,
            Kind::NotARegistry
        );
        assert!(matches!(
            client.check().await.unwrap_err().kind,
            Kind::NotARegistry | Kind::SignIn
        ));
    }
    let (server, _) = open().await;
    server.set(|faults| faults.status500 = true);
    assert_eq!(
        Registry::probe_with(&host(&server.host()), None, &quick())
            .await
            .unwrap_err()
            .kind,
        Kind::Server
    );
}

#[tokio::test]
async fn what_does_not_speak_http_is_no_registry_either() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let greeting = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
            open.push(stream);
        }
    });
    let error = Registry::probe_with(&host(&address), None, &quick())
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotARegistry);
    greeting.abort();
}

/// Behaviour (addresses): The answer to `/v2/` is as long as it likes, within 64 KiB.
/// Source: distribution-spec 1.1, "Determining Support", says nothing of the body.
#[tokio::test]
async fn a_long_answer_is_a_registry_s_and_an_endless_one_is_none() {
    const MOST: usize = 64 * 1024;
    let (server, _) = open().await;
    for (length, is_read) in [(MOST, true), (MOST + 1, false)] {
        server.script(move |asked| {
            (asked.path == "/v2/").then(|| Answer::json(format!("{{}}{}", " ".repeat(length - 2))))
        });
        let probe = Registry::probe_with(&host(&server.host()), None, &quick()).await;
        match probe {
            Ok(_) => assert!(is_read, "{length}"),
            Err(error) => {
                let limit = MOST as u64;
                assert_eq!((error.kind, is_read), (Kind::TooLarge { limit }, false));
            }
        }
    }
}

/// Reads the head of a request, or the beginning of what is none.
async fn head_of(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && b"GET ".starts_with(&head[..head.len().min(4)]) {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    head
}

/// Answers `/v2/` at once and everything else a byte at a time, without an end; tells when nobody listens any more.
async fn trickle(mut stream: TcpStream, ended: mpsc::UnboundedSender<()>) {
    let head = head_of(&mut stream).await;
    if !head.starts_with(b"GET ") {
        // What is no HTTP is told so.
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        return;
    }
    let first = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    if head.starts_with(b"GET /v2/ ") {
        let whole = format!("{first}content-length: 2\r\n\r\n{{}}");
        let _ = stream.write_all(whole.as_bytes()).await;
        return;
    }
    // What was not waited for says nothing.
    let listed =
        format!("{first}www-authenticate: Bearer realm=\"http://127.0.0.1:9/token\"\r\n\r\n");
    let mut going = stream.write_all(listed.as_bytes()).await;
    while going.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        going = stream.write_all(b" ").await;
    }
    let _ = ended.send(());
}

#[tokio::test]
async fn a_catalog_that_trickles_for_ever_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (ended, mut ends) = mpsc::unbounded_channel();
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(trickle(stream, ended.clone()));
        }
    });
    // Silence alone would never end it: a byte comes all the time.
    let options = registry::HttpOptions {
        read_timeout: Duration::from_millis(250),
        longest: Duration::from_hours(24),
        ..quick()
    };
    let probe = Registry::probe_with(&host(&address), None, &options)
        .await
        .unwrap();
    assert!(!probe.wants_sign_in);
    assert_eq!(probe.ways.to_string(), "basic");
    ends.recv().await.unwrap();
    serving.abort();
}

/// Serves plain HTTP with a failure, and closes on what is none.
async fn fail(mut stream: TcpStream) {
    if head_of(&mut stream).await.starts_with(b"GET ") {
        let answer = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

#[tokio::test]
async fn on_this_computer_what_plain_http_says_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(fail(stream));
        }
    });
    let told = Registry::probe_with(&host(&address), None, &quick()).await;
    assert_eq!(told.unwrap_err().kind, Kind::Server);
    serving.abort();
}

#[tokio::test]
async fn a_text_that_is_neither_a_page_nor_json_is_not_a_registry() {
    let (server, _) = open().await;
    for (answer, is_registry) in [
        (Answer::json("pong"), false),
        (Answer::json("<html>"), false),
        (Answer::of(200).with("content-type", "text/html"), false),
        (Answer::json(""), true),
        (Answer::json(" {}"), true),
        (
            Answer::json("pong").with("docker-distribution-api-version", "registry/2.0"),
            true,
        ),
    ] {
        let answer = std::sync::Arc::new(answer);
        server.script(move |asked| (asked.path == "/v2/").then(|| (*answer).clone()));
        let probe = Registry::probe_with(&host(&server.host()), None, &quick()).await;
        match probe {
            Ok(_) => assert!(is_registry),
            Err(error) => assert_eq!((error.kind, is_registry), (Kind::NotARegistry, false)),
        }
    }
}
