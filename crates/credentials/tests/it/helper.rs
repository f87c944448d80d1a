//! The real `docker-credential-secretservice`, on a keychain of its own.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use credentials::{Credential, Helper, HelperError, HelperName, Programs, SecretString};
use secrecy::ExposeSecret;
use testkit::parts::{Part, SecretService, State, need, program};

const HUB: &str = "https://index.docker.io/v1/";

/// Returns the programs as somebody sees them whose keychain is on this bus.
pub fn programs(bus: &str, home: &Path) -> Programs {
    let helper = program("docker-credential-secretservice").unwrap();
    let env = [
        ("DBUS_SESSION_BUS_ADDRESS", OsString::from(bus)),
        ("HOME", home.into()),
        ("XDG_RUNTIME_DIR", home.into()),
    ];
    Programs {
        path: Some(helper.parent().unwrap().into()),
        besides: Vec::new(),
        env: env.map(|(name, value)| (name.into(), value)).into(),
    }
}

/// Returns the helper as this person sees it.
pub fn helper(bus: &str, home: &Path) -> Helper {
    let name = HelperName::parse("secretservice").unwrap();
    Helper::new(name, Arc::new(programs(bus, home)))
}

pub fn credential(user: &str, secret: &str) -> Credential {
    Credential {
        user: user.to_owned(),
        secret: SecretString::from(secret),
    }
}

fn read(helper: &Helper, server: &str) -> Option<(String, String)> {
    let found = helper.get(server).unwrap()?;
    Some((found.user, found.secret.expose_secret().to_owned()))
}

#[tokio::test]
async fn a_real_helper_keeps_lists_gives_and_forgets() {
    if !need(Part::SecretService) || !need(Part::CredentialHelper) {
        return;
    }
    let service = SecretService::start(State::Unlocked).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let (bus, folder) = (service.address().to_owned(), home.path().to_owned());
    let asked = tokio::task::spawn_blocking(move || {
        let helper = helper(&bus, &folder);
        assert_eq!(read(&helper, HUB), None);
        assert!(helper.list().unwrap().is_empty());

        let long = "t".repeat(20_000);
        for (server, user, secret) in [
            (HUB, "ana", "hunter2"),
            (
                "127.0.0.1:5000",
                "ana",
                "pä\u{1f511} \"quoted\" \\ <&> and\ttab",
            ),
            ("lab.example", "<token>", &long),
        ] {
            helper.store(server, &credential(user, secret)).unwrap();
            let there = Some((user.to_owned(), secret.to_owned()));
            assert_eq!(read(&helper, server), there, "{server}");
        }
        // This one keeps one sign-in a user, and gives either.
        helper.erase(HUB).unwrap();
        helper.store(HUB, &credential("bob", "other")).unwrap();
        assert_eq!(
            read(&helper, HUB),
            Some(("bob".to_owned(), "other".to_owned()))
        );
        let list: Vec<_> = helper.list().unwrap().into_iter().collect();
        assert_eq!(
            list,
            [
                ("127.0.0.1:5000", "ana"),
                (HUB, "bob"),
                ("lab.example", "<token>")
            ]
            .map(|(server, user)| (server.to_owned(), user.to_owned()))
        );

        helper.erase("lab.example").unwrap();
        assert_eq!(read(&helper, "lab.example"), None);
        assert!(read(&helper, "127.0.0.1:5000").is_some());
        // Without a user it keeps nothing.
        let nobody = helper.store("h", &credential("", "s"));
        assert_eq!(nobody.unwrap_err(), HelperError::Broken);
    });
    asked.await.unwrap();
}

#[tokio::test]
async fn a_real_helper_without_a_keychain_says_so_in_its_own_words() {
    if !need(Part::SecretService) || !need(Part::CredentialHelper) {
        return;
    }
    let service = SecretService::start(State::Absent).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let (bus, folder) = (service.address().to_owned(), home.path().to_owned());
    let asked = tokio::task::spawn_blocking(move || {
        let helper = helper(&bus, &folder);
        for error in [
            helper.get(HUB).unwrap_err(),
            helper
                .store(HUB, &credential("ana", "hunter2"))
                .unwrap_err(),
            helper.list().unwrap_err(),
        ] {
            let HelperError::Said(words) = error else {
                panic!("{error:?}");
            };
            let of_its_own = ["org.freedesktop.secrets", "secretservice library"];
            assert!(
                of_its_own.iter().any(|each| words.contains(each)),
                "{words}"
            );
        }
    });
    asked.await.unwrap();
}
