//! Registries that this computer does not trust by itself: what they present is shown, and a person decides for one registry
//! alone.

use crate::home::{Home, SECRET, USER, account, problem};
use app::view::accounts::{AccountState, NewAccount};
use app::view::certificate::{ClientFiles, ConnectionOrder};
use app::view::connection::{CheckMark, Probe};
use app::view::problem::Code;
use std::fs;
use std::path::PathBuf;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Flaw, Handshake, Part, Registry, RegistryOptions, need};
use testkit::scripted::Scripted;

/// A real registry over TLS of an own authority, with one repository.
async fn serving(handshake: Handshake) -> Registry {
    let registry = Registry::start(RegistryOptions {
        auth: Some((USER, SECRET)),
        tls: true,
        handshake,
        ..RegistryOptions::default()
    })
    .await
    .unwrap();
    let image = ImageSpec::of_sizes(1, &[64]);
    images::push(&registry, "lab/tool", "v1", &image)
        .await
        .unwrap();
    registry
}

async fn usual() -> Registry {
    serving(Handshake::default()).await
}

/// Puts a file where a person has it; its path.
pub fn put(home: &Home, name: &str, text: &str) -> String {
    let path: PathBuf = home.folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

pub fn by_file(path: &str) -> ConnectionOrder {
    ConnectionOrder {
        authority: Some(path.to_owned()),
        ..ConnectionOrder::default()
    }
}

fn trusting(fingerprint: &str) -> ConnectionOrder {
    ConnectionOrder {
        trusted: Some(fingerprint.to_owned()),
        ..ConnectionOrder::default()
    }
}

fn joining(registry: &Registry, connection: ConnectionOrder) -> NewAccount {
    NewAccount {
        connection: Some(connection),
        ..account(&registry.host(), USER, SECRET)
    }
}

/// Whether a list of the registry's comes.
pub async fn lists(home: &Home, id: &str) -> bool {
    home.app.refresh_repositories(id.to_owned()).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_is_added_by_the_file_of_its_authority() {
    if !need(Part::Registry) {
        return;
    }
    let (home, registry) = (Home::new(), usual().await);
    let (host, made) = (registry.host(), registry.certificates().unwrap());
    let told = problem(home.app.probe_registry(host.clone()).await);
    assert_eq!(told.code, Code::Certificate);
    let seen = home
        .app
        .look_at_certificate(host.clone(), None)
        .await
        .unwrap();
    assert_eq!(seen.subject, "CN=Longshore test registry");
    assert_eq!(
        seen.wrong,
        [format!("Nobody this computer trusts vouches for {host}.")]
    );
    assert!(!seen.changed && seen.fingerprint.len() == 95 && seen.from < seen.until);

    // Files that don't help say why.
    let other = testkit::parts::Certificates::for_loopback().unwrap();
    for (path, code, word) in [
        ("ca.crt".to_owned(), Code::CertificateFile, "whole path"),
        (
            "/nowhere/ca.crt".to_owned(),
            Code::CertificateFile,
            "can’t be read",
        ),
        (
            put(&home, "a letter", "Dear you"),
            Code::CertificateFile,
            "no certificate",
        ),
        (
            put(&home, "server.key", &made.key),
            Code::CertificateFile,
            "no certificate",
        ),
        (
            put(&home, "other.crt", &other.ca),
            Code::Certificate,
            "refused",
        ),
    ] {
        let told = problem(home.app.probe_by(host.clone(), Some(by_file(&path))).await);
        assert_eq!(told.code, code, "{told:?}");
        assert!(told.message.contains(word), "{told:?}");
    }
    let other = by_file(&put(&home, "other.crt", &other.ca));
    let seen = home
        .app
        .look_at_certificate(host.clone(), Some(other))
        .await;
    assert_eq!(
        seen.unwrap().wrong,
        [format!("That file doesn’t vouch for {host}.")]
    );

    let file = put(&home, "ca.crt", &made.ca);
    let view = home
        .app
        .add_account(joining(&registry, by_file(&file)))
        .await
        .unwrap();
    let connection = view.connection.unwrap();
    assert_eq!(connection.authority.as_ref(), Some(&file));
    assert!(lists(&home, &view.id).await);
    // The file may go; and a second account of the same registry needs no second word.
    fs::remove_file(&file).unwrap();
    home.app
        .sign_in(view.id.clone(), account("", USER, SECRET))
        .await
        .unwrap();
    assert!(lists(&home, &view.id).await);
    let anyone = problem(home.app.add_account(account(&host, "", "")).await);
    assert_eq!(anyone.code, Code::SignIn, "it was reached: {anyone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_certificate_is_trusted_and_its_change_is_said() {
    if !need(Part::Registry) {
        return;
    }
    for flaw in [Flaw::None, Flaw::OtherName, Flaw::Expired] {
        let handshake = Handshake {
            flaw,
            ..Handshake::default()
        };
        let (home, mut registry) = (Home::new(), serving(handshake).await);
        let host = registry.host();
        let seen = home
            .app
            .look_at_certificate(host.clone(), None)
            .await
            .unwrap();
        assert_eq!(
            seen.wrong.len(),
            if flaw == Flaw::None { 1 } else { 2 },
            "{seen:?}"
        );
        let new = joining(&registry, trusting(&seen.fingerprint));
        let view = home.app.add_account(new).await.unwrap();
        assert_eq!(
            view.connection.unwrap().trusted,
            Some(seen.fingerprint.clone())
        );
        assert!(lists(&home, &view.id).await);

        registry.renew_certificate(Flaw::None).await.unwrap();
        let log = registry.access_log().len();
        let told = problem(home.app.refresh_repositories(view.id.clone()).await);
        assert!(told.message.contains("another certificate"), "{told:?}");
        assert_eq!(registry.access_log().len(), log, "nothing was sent");
        let state = async || home.app.accounts().await.unwrap()[0].state;
        assert_eq!(state().await, AccountState::Certificate);
        let kept = ConnectionOrder {
            kept: Some(view.id.clone()),
            ..ConnectionOrder::default()
        };
        let now = home
            .app
            .look_at_certificate(host.clone(), Some(kept.clone()))
            .await
            .unwrap();
        assert!(
            now.changed && now.wrong[0].contains("another certificate"),
            "{now:?}"
        );
        // The old word again changes nothing.
        let again = home.app.change_connection(view.id.clone(), kept).await;
        assert_eq!(problem(again).code, Code::Certificate);
        let trusted = trusting(&now.fingerprint);
        let view = home.app.change_connection(view.id, trusted).await.unwrap();
        assert_eq!(view.state, AccountState::SignedIn);
        assert!(lists(&home, &view.id).await);
        assert_eq!(state().await, AccountState::SignedIn);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dockers_folder_vouches() {
    if !need(Part::Registry) {
        return;
    }
    let (home, registry) = (Home::new(), usual().await);
    let folder = home.folder.path().join("certs.d").join(registry.host());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("ca.crt"), registry.ca_pem().unwrap()).unwrap();
    let probe = home.app.probe_registry(registry.host()).await.unwrap();
    assert_eq!(
        probe.certs_folder,
        Some(folder.to_string_lossy().into_owned())
    );
    let view = home.sign_in(&registry.host()).await;
    assert_eq!(view.connection, None, "nothing of it is kept");
    assert!(lists(&home, &view.id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_wants_a_certificate_is_shown_one() {
    if !need(Part::Registry) {
        return;
    }
    let handshake = Handshake {
        wants_pair: true,
        ..Handshake::default()
    };
    let (mut home, registry) = (Home::new(), serving(handshake).await);
    let (host, made) = (registry.host(), registry.certificates().unwrap());
    let ca = put(&home, "ca.crt", &made.ca);
    let with = |certificate: &str, key: &str| ConnectionOrder {
        client: Some(ClientFiles {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        }),
        ..by_file(&ca)
    };
    let told = problem(home.app.probe_by(host.clone(), Some(by_file(&ca))).await);
    assert_eq!(told.code, Code::ClientCertificate, "{told:?}");
    assert!(
        told.message.contains("nobody in without a certificate"),
        "{told:?}"
    );

    let certificate = put(&home, "me.crt", &made.client);
    let key = put(&home, "me.key", &made.client_key);
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let encrypted = put(&home, "encrypted.key", encrypted);
    let other = testkit::parts::Certificates::for_loopback().unwrap();
    let other = (
        put(&home, "other.crt", &other.client),
        put(&home, "other.key", &other.client_key),
    );
    for (certificate, key, code, word) in [
        (
            &certificate,
            &encrypted,
            Code::CertificateFile,
            "is encrypted",
        ),
        (
            &certificate,
            &other.1,
            Code::CertificateFile,
            "doesn’t belong",
        ),
        (
            &certificate,
            &certificate,
            Code::CertificateFile,
            "no private key",
        ),
        (&other.0, &other.1, Code::ClientCertificate, "doesn’t take"),
    ] {
        let order = Some(with(certificate, key));
        let told = problem(home.app.probe_by(host.clone(), order).await);
        assert_eq!(told.code, code, "{told:?}");
        assert!(told.message.contains(word), "{told:?}");
    }

    let new = joining(&registry, with(&certificate, &key));
    let view = home.app.add_account(new).await.unwrap();
    assert!(lists(&home, &view.id).await);
    // The key is nobody's but its file's.
    let secret = made.client_key.lines().nth(1).unwrap();
    for entry in fs::read_dir(home.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path.extension().is_none_or(|ending| ending != "key") {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(secret), "{}", path.display());
        }
    }
    // Another account of this registry trusts it, and shows nobody's certificate.
    let told = problem(home.app.probe_registry(host.clone()).await);
    assert_eq!(told.code, Code::ClientCertificate, "{told:?}");

    // Read at each opening: once it is gone, that is said.
    fs::rename(&key, home.folder.path().join("moved")).unwrap();
    home.reopen();
    let told = problem(home.app.refresh_repositories(view.id.clone()).await);
    assert!(told.message.contains("me.key can’t be read"), "{told:?}");
}

/// nginx begins TLS with everybody, and answers 400 then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gate_that_wants_a_certificate_is_given_one() {
    let home = Home::new();
    let made = testkit::parts::Certificates::for_loopback().unwrap();
    let other = testkit::parts::Certificates::for_loopback().unwrap();
    let (server, shown) = Scripted::start_asking(&made).await.unwrap();
    server.push_image("lab/tool", "v1", "one");
    server.script(move |_| shown.as_nginx());
    let ca = put(&home, "ca.crt", &made.ca);
    let with = |name: &str, of: &testkit::parts::Certificates| ConnectionOrder {
        client: Some(ClientFiles {
            certificate: put(&home, &format!("{name}.crt"), &of.client),
            key: put(&home, &format!("{name}.key"), &of.client_key),
        }),
        ..by_file(&ca)
    };
    for (order, word) in [
        (by_file(&ca), "nobody in without a certificate"),
        (with("other", &other), "doesn’t take the certificate"),
    ] {
        let told = problem(home.app.probe_by(server.host(), Some(order)).await);
        assert_eq!(told.code, Code::ClientCertificate, "{told:?}");
        assert!(told.message.contains(word), "{told:?}");
    }
    let new = NewAccount {
        connection: Some(with("me", &made)),
        ..account(&server.host(), "", "")
    };
    let view = home.app.add_account(new).await.unwrap();
    assert!(lists(&home, &view.id).await);
    let fs = |name: &str, of: &str| fs::write(home.folder.path().join(name), of).unwrap();
    fs("me.crt", &other.client);
    fs("me.key", &other.client_key);
    let kept = ConnectionOrder {
        kept: Some(view.id.clone()),
        ..ConnectionOrder::default()
    };
    let told = problem(home.app.change_connection(view.id, kept).await);
    assert_eq!(told.code, Code::ClientCertificate, "{told:?}");
}

/// The line of a check that tells of the certificate.
async fn checked(home: &Home, id: &str) -> (CheckMark, String) {
    let check = home.app.check_connection(id.to_owned(), None, true).await;
    let lines = check.unwrap().unwrap().lines;
    let line = lines
        .into_iter()
        .find(|line| line.probe == Probe::Certificate)
        .unwrap();
    (line.mark, line.said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_tells_who_vouches_and_when_it_ends() {
    if !need(Part::Registry) {
        return;
    }
    let (home, registry) = (Home::new(), usual().await);
    let file = put(&home, "lab-ca.pem", &registry.certificates().unwrap().ca);
    let view = home.app.add_account(joining(&registry, by_file(&file)));
    let id = view.await.unwrap().id;
    let (mark, said) = checked(&home, &id).await;
    assert_eq!(mark, CheckMark::Good, "{said}");
    assert!(said.contains(&file), "{said}");
    let presented = home.app.look_at_certificate(registry.host(), None).await;
    let order = trusting(&presented.unwrap().fingerprint);
    home.app.change_connection(id.clone(), order).await.unwrap();
    let (mark, said) = checked(&home, &id).await;
    assert!(
        mark == CheckMark::Good && said.contains("as it is"),
        "{said}"
    );
}
