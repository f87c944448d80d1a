//! The ways in which servers say that they want a certificate, or not this one: by an alert that says so, by one that says nothing,
//! by closing the door, by an answer.

use crate::client_pairs::{options, pair};
use crate::world::*;
use registry::{ClientPair, Kind, TlsFault};
use testkit::parts::Certificates;
use testkit::scripted::{Answer, Scripted};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What is found at a host by one who trusts an authority, and shows this.
async fn probed(at: &str, of: &Certificates, shows: Option<ClientPair>) -> Result<(), Kind> {
    let options = options(of, shows);
    let probe = registry::Registry::probe_with(&host(at), None, &options).await;
    probe.map(drop).map_err(|error| error.kind)
}

/// Sees that a server is told to want one, to refuse another one, and to take the right one.
async fn wants_refuses_takes(at: &str, made: &Certificates) {
    let other = Certificates::for_loopback().unwrap();
    assert_eq!(
        probed(at, made, None).await,
        Err(Kind::Tls(TlsFault::WantsCertificate))
    );
    assert_eq!(
        probed(at, made, Some(pair(&other))).await,
        Err(Kind::Tls(TlsFault::CertificateRefused))
    );
    assert_eq!(probed(at, made, Some(pair(made))).await, Ok(()));
}

/// Behaviour (certificates): A gate that answers 400 to who shows no certificate, or another one, wants one, or refuses it.
/// Source: nginx, `ssl_verify_client on` (`ngx_http_process_request`): TLS begins with everybody.
#[tokio::test]
async fn a_gate_says_it_by_a_page() {
    let made = Certificates::for_loopback().unwrap();
    let (server, shown) = Scripted::start_asking(&made).await.unwrap();
    server.script(move |_| shown.as_nginx());
    wants_refuses_takes(&server.host(), &made).await;
}

/// Behaviour (certificates): A gate that asks who connects, and bars the way in words that are no registry's, wants a certificate.
/// Source: nginx, `ssl_verify_client optional` with `if ($ssl_client_verify != SUCCESS) { return 403; }`, and `error_page 495 496`.
#[tokio::test]
async fn a_gate_says_it_by_a_status() {
    for (missing, refused) in [(403, 403), (400, 400), (496, 495)] {
        let made = Certificates::for_loopback().unwrap();
        let (server, shown) = Scripted::start_asking(&made).await.unwrap();
        server.script(move |_| {
            let status = if shown.times() == 0 { missing } else { refused };
            (!shown.was_known()).then(|| Answer::page(status, "<html><h1>No</h1>"))
        });
        wants_refuses_takes(&server.host(), &made).await;
    }
}

/// Nobody asked who connects, or a registry says itself what is lacking: then it is no certificate.
#[tokio::test]
async fn other_refusals_are_no_matter_of_certificates() {
    let made = Certificates::for_loopback().unwrap();
    let silent = Scripted::start_tls(&made.certificate, &made.key)
        .await
        .unwrap();
    let (asking, _) = Scripted::start_asking(&made).await.unwrap();
    let nginx = testkit::scripted::Shown::default();
    silent.script(move |_| nginx.as_nginx());
    assert_eq!(
        probed(&silent.host(), &made, None).await,
        Err(Kind::NotARegistry)
    );
    asking.script(|_| {
        let denied = r#"{"errors":[{"code":"DENIED","message":"not for you"}]}"#;
        Some(Answer::json(denied).with_status(403))
    });
    assert_eq!(probed(&asking.host(), &made, None).await, Err(Kind::Denied));
    asking.script(|_| Some(Answer::of(503)));
    assert_eq!(probed(&asking.host(), &made, None).await, Err(Kind::Server));
}

/// What stands before a server makes of the alert by which it ends the beginning of TLS.
#[derive(Clone, Copy, Debug)]
enum Ending {
    /// `handshake_failure`, which says nothing.
    Failure,
    /// The end of the connection.
    Silence,
}

/// Stands before a server that speaks TLS 1.2, whose alerts are plain when TLS begins. Returns its address.
async fn ending(server: String, how: Ending) -> String {
    const ALERT: [u8; 6] = [21, 3, 3, 0, 2, 2];
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = door.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = door.accept().await {
            let mut server = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move {
                let (mut asks, mut hears) = caller.split();
                let (mut answers, mut is_told) = server.split();
                let back = async {
                    let mut bytes = vec![0; 64 << 10];
                    loop {
                        let read = answers.read(&mut bytes).await.unwrap_or(0);
                        if read == 0 {
                            return;
                        }
                        let said = &mut bytes[..read];
                        let alert = said.windows(6).position(|part| part == ALERT);
                        match (alert, how) {
                            (Some(_), Ending::Silence) => return,
                            (Some(at), Ending::Failure) => said[at + 6] = 40,
                            (None, _) => {}
                        }
                        if hears.write_all(said).await.is_err() {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = back => {}
                    _ = tokio::io::copy(&mut asks, &mut is_told) => {}
                }
            });
        }
    });
    address
}

/// Behaviour (certificates): A server that asked who connects, and ends TLS without a reason, wants a certificate, or refuses it.
/// Source: OpenSSL and BoringSSL in TLS 1.2 (`handshake_failure`; Apache, HAProxy, Envoy); load balancers close the connection.
#[tokio::test]
async fn an_old_server_says_it_by_no_reason_at_all() {
    for how in [Ending::Failure, Ending::Silence] {
        let made = Certificates::for_loopback().unwrap();
        let server = Scripted::start_old_asking(&made).await.unwrap();
        wants_refuses_takes(&server.host(), &made).await;
        let address = ending(server.host(), how).await;
        wants_refuses_takes(&address, &made).await;
    }
}
