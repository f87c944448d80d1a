//! Answers that are too much, and hosts that are not who they should be.

use super::*;
use rcgen::{CertificateParams, KeyPair};
use registry::Scheme;
use std::time::Duration;
use testkit::scripted::Auth;
use tokio::io::{AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn hostile_tokens_are_not_sent() {
    for text in [
        "x".repeat(40_000),
        "a\\r\\nX-Evil: 1".into(),
        "a b".into(),
        "\\u0000".into(),
        "tök".into(),
    ] {
        let (server, client) = closed(Auth::TokenGet).await;
        let answer = token(&text);
        server.script(move |asked| (asked.path == "/token").then(|| answer.clone()));
        let error = client.check().await.unwrap_err();
        assert!(
            matches!(error.kind, Kind::Malformed(_) | Kind::TooLarge { .. }),
            "{error:?}"
        );
        assert!(
            server
                .requests()
                .iter()
                .all(|seen| seen.authorization != "Bearer")
        );
    }
}

#[tokio::test]
async fn hostile_answers_of_a_token_service_are_bounded() {
    let (server, client) = closed(Auth::TokenGet).await;
    let long = format!(r#"{{"token":"t","x":"{}"}}"#, "x".repeat(2_000_000));
    server.script(move |asked| (asked.path == "/token").then(|| Answer::json(&long)));
    let error = client.check().await.unwrap_err();
    assert!(matches!(error.kind, Kind::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn hostile_challenges_are_bounded() {
    let (server, client) = closed(Auth::TokenGet).await;
    server.push_image("team/app", "v1", "one");
    let many: Vec<String> = (0..500)
        .map(|at| format!("repository:r{at}:pull"))
        .collect();
    let challenge = bearer_challenge(&server.host(), &many.join(" "));
    server.script(move |asked| {
        (asked.path != "/token").then(|| Answer::challenge(challenge.clone()))
    });
    assert!(app(&client).head(&tag("v1")).await.is_err());
    assert!(server.requests().iter().all(|seen| seen.path.len() < 2000));
    assert!(server.requests().len() < 16, "{}", server.requests().len());
}

#[tokio::test]
async fn hostile_challenges_that_are_never_content_come_to_an_end() {
    // Each refusal wants other words of another service name.
    let (server, client) = closed(Auth::TokenGet).await;
    let (number, own) = (std::sync::atomic::AtomicU32::new(0), server.host());
    server.script(move |asked| {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (asked.path != "/token").then(|| {
            let scope = format!("repository:r{number}:pull");
            Answer::challenge(format!(
                r#"Bearer realm="http://{own}/token",service="s{number}",scope="{scope}""#
            ))
        })
    });
    for _ in 0..10 {
        assert!(app(&client).head(&tag("v1")).await.is_err());
    }
    assert!(server.requests().len() < 120, "{}", server.requests().len());
}

#[tokio::test]
async fn hostile_cookies_are_not_kept() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client) = closed(auth).await;
        server.push_image("team/app", "v1", "one");
        server.set(|faults| faults.sets_cookies = true);
        client.check().await.unwrap();
        for _ in 0..2 {
            app(&client).manifest(&tag("v1")).await.unwrap();
            client.catalog().all().await.unwrap();
        }
        let cookies: Vec<_> = server
            .requests()
            .into_iter()
            .filter(|seen| !seen.cookie.is_empty())
            .collect();
        assert_eq!(cookies, []);
    }
}

/// A port that speaks TLS to whoever says hello, and plain HTTP to everyone else; and the options with which its certificate is
/// trusted.
async fn two_faced(plain: &Scripted) -> (Scripted, String, HttpOptions) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let tls = Scripted::start_tls(&certificate.pem(), &key.serialize_pem())
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (secure, clear) = (tls.host(), plain.host());
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let (secure, clear) = (secure.clone(), clear.clone());
            tokio::spawn(async move {
                let mut first = [0];
                let is_hello = from.peek(&mut first).await.is_ok() && first[0] == 0x16;
                let mut to = TcpStream::connect(if is_hello { secure } else { clear })
                    .await
                    .unwrap();
                let _ = copy_bidirectional(&mut from, &mut to).await;
                let _ = to.shutdown().await;
            });
        }
    });
    let trusting = HttpOptions {
        tls: vouched(&certificate.pem()),
        ..quick()
    };
    (tls, address, trusting)
}

#[tokio::test]
async fn hostile_certificate_is_no_reason_for_plain_http() {
    for typed in [None, Some(Scheme::Http), Some(Scheme::Https)] {
        let plain = Scripted::start().await.unwrap();
        let (_tls, address, _) = two_faced(&plain).await;
        let error = Registry::probe_with(&host(&address), typed, &quick())
            .await
            .unwrap_err();
        assert!(matches!(error.kind, Kind::Tls(_)), "{error:?}");
        unasked(&plain);
    }
}

#[tokio::test]
async fn hostile_page_over_tls_is_no_reason_for_plain_http() {
    for typed in [None, Some(Scheme::Http), Some(Scheme::Https)] {
        let plain = Scripted::start().await.unwrap();
        let (tls, address, trusting) = two_faced(&plain).await;
        tls.set(|faults| faults.html = true);
        let probe = Registry::probe_with(&host(&address), typed, &trusting).await;
        assert_eq!(probe.unwrap_err().kind, Kind::NotARegistry);
        tls.set(|faults| (faults.html, faults.status) = (false, Some(503)));
        let probe = Registry::probe_with(&host(&address), typed, &trusting).await;
        assert_eq!(probe.unwrap_err().kind, Kind::Server);
        unasked(&plain);
        tls.set(|faults| faults.status = None);
        let probe = Registry::probe_with(&host(&address), typed, &trusting).await;
        assert!(probe.unwrap().tls);
    }
}

/// Behaviour (addresses): Behind a typed `https://` nothing is asked in the clear, be the host this computer itself, and be plain
/// HTTP all there is.
/// Source: whoever stands in the way can close the secure door and leave the other open.
#[tokio::test]
async fn hostile_typed_https_is_never_answered_in_the_clear() {
    let plain = Scripted::start().await.unwrap();
    let https = Some(Scheme::Https);
    let error = Registry::probe_with(&host(&plain.host()), https, &quick())
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::PlainHttp);
    unasked(&plain);
    // The secure door is shut in one's face, or silent; the open one stands beside it.
    for closes in [true, false] {
        let plain = Scripted::start().await.unwrap();
        let address = one_door_open(&plain, closes).await;
        let impatient = HttpOptions {
            read_timeout: Duration::from_millis(200),
            connect_timeout: Duration::from_millis(200),
            ..quick()
        };
        let error = Registry::probe_with(&host(&address), https, &impatient).await;
        let error = error.unwrap_err();
        assert!(
            matches!(
                error.kind,
                Kind::CutShort | Kind::Unreachable | Kind::Timeout
            ),
            "{error:?}"
        );
        unasked(&plain);
        // Whoever typed nothing is answered in the clear there, and told so.
        let found = Registry::probe_with(&host(&address), None, &impatient).await;
        assert!(!found.unwrap().tls);
    }
}

/// Serves plain HTTP as `plain` does; whoever begins TLS is shut out, or never answered.
async fn one_door_open(plain: &Scripted, closes: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let to = plain.host();
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let to = to.clone();
            tokio::spawn(async move {
                let mut first = [0];
                if from.peek(&mut first).await.is_err() {
                    return;
                }
                // The first byte of a handshake.
                if first[0] == 0x16 {
                    if !closes {
                        tokio::time::sleep(Duration::from_mins(1)).await;
                    }
                    return;
                }
                let mut to = TcpStream::connect(to).await.unwrap();
                let _ = copy_bidirectional(&mut from, &mut to).await;
            });
        }
    });
    address
}
