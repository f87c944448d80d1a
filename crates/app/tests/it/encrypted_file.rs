//! Accounts whose secrets are in the encrypted file: chosen where there is no keychain, opened once a run, and let go.

use crate::home::{Home, SECRET, USER, account, guarded_registry, problem};
use app::view::accounts::{AccountState, AccountView, EncryptedFileView, Keep, NewAccount};
use app::view::certificate::{ConnectionOrder, ProxyOrder};
use app::view::problem::Code;
use credentials::{EncryptedFile, SecretKey, SecretStore};
use secrecy::ExposeSecret;
use std::path::PathBuf;
use testkit::parts::{Part, Proxy, RegistryVersion, need};
use testkit::scripted::{Auth, Scripted};

const WANTED: &str = "marked-proxy-secret";
const PASSPHRASE: &str = "marked passphrase of the file";

async fn guarded() -> Scripted {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry
}

/// The file as a sheet that offers it is told of it.
fn view_of(there: bool, open: bool) -> EncryptedFileView {
    EncryptedFileView {
        there,
        open,
        offered: true,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_offered_only_where_there_is_no_keychain_at_all_or_a_file_already() {
    let (mut home, registry) = (Home::new(), guarded().await);
    let offered = async |home: &Home| home.app.encrypted_file().await.unwrap().offered;
    assert!(!offered(&home).await);
    let add = async |home: &Home| {
        home.app
            .add_account(account(&registry.host(), USER, SECRET))
            .await
    };
    home.keychain.lock();
    assert_eq!(problem(add(&home).await).code, Code::Keychain);
    assert!(!offered(&home).await, "that one can be unlocked");
    home.keychain.take_away();
    assert_eq!(problem(add(&home).await).code, Code::Keychain);
    assert!(offered(&home).await);
    home.keychain.unlock();
    add(&home).await.unwrap();
    assert!(!offered(&home).await, "it is there again");
    home.keep_in_file(&guarded().await.host()).await;
    home.reopen();
    assert!(offered(&home).await);
}

/// A computer without a keychain.
fn bare() -> Home {
    let home = Home::new();
    home.keychain.take_away();
    home
}

fn into_file(host: &str, passphrase: Option<&str>) -> NewAccount {
    NewAccount {
        keep: Keep::EncryptedFile {
            passphrase: passphrase.map(Into::into),
        },
        ..account(host, USER, SECRET)
    }
}

impl Home {
    async fn keep_in_file(&self, host: &str) -> AccountView {
        let new = into_file(host, Some(PASSPHRASE));
        self.app.add_account(new).await.unwrap()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("sign-ins.age")
    }

    /// What the file holds for a host, read by somebody who has the passphrase.
    fn filed(&self, host: &str) -> Option<String> {
        let file = EncryptedFile::new(self.file());
        file.open(&PASSPHRASE.into()).unwrap();
        let key = SecretKey {
            host: host.to_owned(),
            user: USER.to_owned(),
        };
        let secret = file.get(&key).unwrap();
        secret.map(|secret| secret.expose_secret().to_owned())
    }

    async fn state(&self, id: &str) -> AccountState {
        let views = self.app.accounts().await.unwrap();
        views.iter().find(|view| view.id == id).unwrap().state
    }

    async fn open_file(&self, passphrase: &str) -> Result<(), app::view::problem::Problem> {
        self.app.open_encrypted_file(passphrase.into()).await
    }

    async fn reads(&self, id: &str) -> Result<(), app::view::problem::Problem> {
        self.app.refresh_repositories(id.to_owned()).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keychain_sign_ins_are_kept_in_a_file_that_one_passphrase_opens() {
    if !need(Part::Registry) {
        return;
    }
    let (one, two) = (
        guarded_registry(RegistryVersion::Two).await,
        guarded_registry(RegistryVersion::Two).await,
    );
    let mut home = bare();
    let refused = home
        .app
        .add_account(account(&one.host(), USER, SECRET))
        .await;
    assert_eq!(problem(refused).code, Code::Keychain);
    assert_eq!(
        home.app.encrypted_file().await.unwrap(),
        view_of(false, false)
    );
    let view = home.keep_in_file(&one.host()).await;
    assert_eq!(view.state, AccountState::SignedIn);
    // The file is open: its passphrase is not asked for again.
    let second = home.app.add_account(into_file(&two.host(), None)).await;
    let second = second.unwrap();
    home.reads(&view.id).await.unwrap();
    assert_eq!(
        home.app.encrypted_file().await.unwrap(),
        view_of(true, true)
    );
    for marked in [SECRET, PASSPHRASE] {
        let (with, files) = home.files_with(marked);
        assert!(with.is_empty() && files > 0, "{with:?}");
        assert!(!home.events_text().contains(marked));
    }

    home.reopen();
    for id in [&view.id, &second.id] {
        assert_eq!(home.state(id).await, AccountState::FileClosed);
        let told = problem(home.reads(id).await);
        assert_eq!(told.code, Code::EncryptedFile);
        assert!(told.message.contains("closed"), "{told:?}");
    }
    for wrong in ["", "marked passphrase of the fil"] {
        let told = problem(home.open_file(wrong).await);
        assert_eq!(told.code, Code::EncryptedFile);
        assert!(told.message.contains("doesn’t open"), "{told:?}");
        assert_eq!(home.state(&view.id).await, AccountState::FileClosed);
    }
    home.open_file(PASSPHRASE).await.unwrap();
    for id in [&view.id, &second.id] {
        assert_eq!(home.state(id).await, AccountState::SignedIn);
        home.reads(id).await.unwrap();
    }

    home.app.sign_out(view.id.clone()).await.unwrap();
    assert_eq!(home.state(&view.id).await, AccountState::SignedOut);
    assert_eq!(home.filed(&one.host()), None);
    home.app.remove_account(second.id).await.unwrap();
    assert_eq!(home.filed(&two.host()), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passphrase_that_is_none_is_told_before_anything_is_sent() {
    let (mut home, registry) = (bare(), guarded().await);
    let host = registry.host();
    let ways = home.app.shown(&host).await;
    let before = registry.requests().len();
    let add = async |home: &Home, passphrase| {
        let new = NewAccount {
            agreed: ways.clone(),
            ..into_file(&host, passphrase)
        };
        home.app.add_as_shown(new).await
    };
    for (passphrase, word) in [
        (Some(""), "too short"),
        (Some("seven 7"), "too short"),
        (None, "closed"),
    ] {
        let told = problem(add(&home, passphrase).await);
        assert_eq!(told.code, Code::EncryptedFile);
        assert!(told.message.contains(word), "{told:?}");
    }
    add(&home, Some(PASSPHRASE)).await.unwrap();
    home.reopen();
    let asked = registry.requests().len();
    let told = problem(add(&home, Some("another passphrase")).await);
    assert!(told.message.contains("doesn’t open"), "{told:?}");
    assert_eq!(registry.requests().len(), asked);
    assert!(asked > before);
    assert_eq!(home.filed(&host).as_deref(), Some(SECRET));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_failed_leaves_no_file() {
    let (home, registry) = (bare(), guarded().await);
    let wrong = NewAccount {
        secret: "wrong".into(),
        ..into_file(&registry.host(), Some(PASSPHRASE))
    };
    assert_eq!(
        problem(home.app.add_account(wrong).await).code,
        Code::SignIn
    );
    assert!(!home.file().exists());
    // Another passphrase may be taken for the next try.
    let new = into_file(&registry.host(), Some("quite another passphrase"));
    home.app.add_account(new).await.unwrap();
    let file = EncryptedFile::new(home.file());
    assert!(file.open(&PASSPHRASE.into()).is_err());
    file.open(&"quite another passphrase".into()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_goes_though_the_file_is_closed_and_its_secret_goes_once_it_is_open() {
    for remove in [false, true] {
        let (mut home, registry, other) = (bare(), guarded().await, guarded().await);
        let host = registry.host();
        let id = home.keep_in_file(&host).await.id;
        let kept = home.keep_in_file(&other.host()).await.id;
        home.reopen();
        let told = if remove {
            problem(home.app.remove_account(id.clone()).await)
        } else {
            problem(home.app.sign_out(id.clone()).await)
        };
        assert_eq!(told.code, Code::EncryptedFile);
        assert_eq!(home.state(&id).await, AccountState::FileClosed);
        let anyway = vec![Code::EncryptedFile];
        if remove {
            home.app.remove_as_asked(id, false, anyway).await.unwrap();
        } else {
            home.app.let_go(id.clone(), anyway).await.unwrap();
            assert_eq!(home.state(&id).await, AccountState::SignedOut);
        }
        assert_eq!(home.filed(&host).as_deref(), Some(SECRET));
        home.reopen();
        home.open_file(PASSPHRASE).await.unwrap();
        assert_eq!(home.filed(&host), None, "removed: {remove}");
        home.reads(&kept).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_forgot_the_passphrase_begins_a_new_file_and_the_old_one_stays() {
    let (mut home, registry, other) = (bare(), guarded().await, guarded().await);
    let id = home.keep_in_file(&registry.host()).await.id;
    let elsewhere = home.app.add_account(NewAccount {
        keep: Keep::Session,
        ..account(&other.host(), USER, SECRET)
    });
    let elsewhere = elsewhere.await.unwrap().id;
    let bytes = std::fs::read(home.file()).unwrap();
    home.reopen();
    let aside = home.app.put_encrypted_file_aside().await.unwrap().unwrap();
    assert_eq!(std::fs::read(aside).unwrap(), bytes);
    assert_eq!(home.state(&id).await, AccountState::SignedOut);
    assert_eq!(home.state(&elsewhere).await, AccountState::SignedOut);
    let told = problem(home.open_file(PASSPHRASE).await);
    assert!(told.message.contains("no longer here"), "{told:?}");
    let again = into_file("", Some("quite another passphrase"));
    let again = home.app.sign_in(id.clone(), again).await.unwrap();
    assert_eq!(again.state, AccountState::SignedIn);
    home.reopen();
    assert!(home.open_file(PASSPHRASE).await.is_err());
    home.open_file("quite another passphrase").await.unwrap();
    home.reads(&id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_moves_is_never_in_two_places() {
    let (mut home, registry) = (Home::new(), guarded().await);
    let host = registry.host();
    let id = home.sign_in(&host).await.id;
    home.keychain.take_away();
    let again = home
        .app
        .sign_in(id.clone(), into_file("", Some(PASSPHRASE)));
    again.await.unwrap();
    assert_eq!(home.filed(&host).as_deref(), Some(SECRET));
    home.keychain.unlock();
    assert!(home.keychain.holds(&host), "it could not be reached");
    home.reopen();
    home.open_file(PASSPHRASE).await.unwrap();
    assert!(!home.keychain.holds(&host));
    home.reads(&id).await.unwrap();
    // Back again, with the file closed: what is in it goes once it is open.
    home.reopen();
    home.app
        .sign_in(id.clone(), account("", USER, SECRET))
        .await
        .unwrap();
    assert!(home.keychain.holds(&host));
    assert_eq!(home.filed(&host).as_deref(), Some(SECRET));
    home.open_file(PASSPHRASE).await.unwrap();
    assert_eq!(home.filed(&host), None);
    // And with the file open at once.
    let again = home.app.sign_in(id.clone(), into_file("", None));
    again.await.unwrap();
    assert_eq!(home.filed(&host).as_deref(), Some(SECRET));
    let session = NewAccount {
        keep: Keep::Session,
        ..account("", USER, SECRET)
    };
    home.app.sign_in(id.clone(), session).await.unwrap();
    assert_eq!(home.filed(&host), None);
    assert_eq!(home.state(&id).await, AccountState::SignedInForSession);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_window_made_anew_is_asked_for_again() {
    let (home, registry) = (bare(), guarded().await);
    let id = home.keep_in_file(&registry.host()).await.id;
    home.reads(&id).await.unwrap();
    let other = EncryptedFile::with_work_factor(home.file(), 2);
    other.put_aside().unwrap();
    other.open(&"quite another passphrase".into()).unwrap();
    let key = SecretKey {
        host: registry.host(),
        user: USER.to_owned(),
    };
    other.set(&key, &SECRET.into()).unwrap();
    // What was opened before goes on with what it has; the next that is to be kept wants the new passphrase.
    home.reads(&id).await.unwrap();
    let next = guarded().await;
    let told = home.app.add_account(into_file(&next.host(), None)).await;
    assert_eq!(problem(told).code, Code::EncryptedFile);
    assert_eq!(home.app.accounts().await.unwrap().len(), 1);
    assert_eq!(home.state(&id).await, AccountState::FileClosed);
    home.open_file("quite another passphrase").await.unwrap();
    home.reads(&id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxys_secret_is_kept_in_the_file_too() {
    if !need(Part::Registry) {
        return;
    }
    let registry = guarded_registry(RegistryVersion::Two).await;
    let proxy = Proxy::start(Some((USER, WANTED))).await.unwrap();
    let mut home = bare();
    let new = NewAccount {
        connection: Some(ConnectionOrder {
            proxy: Some(ProxyOrder::Own {
                address: proxy.host().to_owned(),
                user: USER.to_owned(),
                secret: WANTED.to_owned().into(),
            }),
            ..ConnectionOrder::default()
        }),
        ..into_file(&registry.host(), Some(PASSPHRASE))
    };
    let id = home.app.add_account(new).await.unwrap().id;
    let key = format!("proxy http://{}", proxy.host());
    assert_eq!(home.filed(&key).as_deref(), Some(WANTED));
    home.reopen();
    assert_eq!(problem(home.reads(&id).await).code, Code::EncryptedFile);
    home.open_file(PASSPHRASE).await.unwrap();
    let before = proxy.asked().len();
    home.reads(&id).await.unwrap();
    assert!(proxy.asked().len() > before);
    home.app.remove_account(id).await.unwrap();
    assert_eq!(home.filed(&key), None);
    assert_eq!(home.filed(&registry.host()), None);
}

/// What an account's proxy wants moves with the account; nothing of it stays behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxys_secret_moves_with_its_account() {
    if !need(Part::Registry) {
        return;
    }
    let registry = guarded_registry(RegistryVersion::Two).await;
    let proxy = Proxy::start(Some((USER, WANTED))).await.unwrap();
    let mut home = bare();
    let through = |secret: &str| ConnectionOrder {
        proxy: Some(ProxyOrder::Own {
            address: proxy.host().to_owned(),
            user: USER.to_owned(),
            secret: secret.to_owned().into(),
        }),
        ..ConnectionOrder::default()
    };
    let host = registry.host();
    let new = NewAccount {
        connection: Some(through(WANTED)),
        ..into_file(&host, Some(PASSPHRASE))
    };
    let id = home.app.add_account(new).await.unwrap().id;
    let key = format!("proxy http://{}", proxy.host());
    assert_eq!(home.filed(&key).as_deref(), Some(WANTED));

    // Signed out while the file is closed, the sheet asks for what the proxy wants: nothing leads to a dead end.
    home.reopen();
    let anyway = vec![Code::EncryptedFile];
    home.app.let_go(id.clone(), anyway).await.unwrap();
    let kept = ConnectionOrder {
        kept: Some(id.clone()),
        ..ConnectionOrder::default()
    };
    let probed = home.app.probe_by(host.clone(), Some(kept)).await;
    assert_eq!(problem(probed).code, Code::Proxy);

    // Once it is open, a sign-in into the keychain takes it along.
    home.open_file(PASSPHRASE).await.unwrap();
    home.keychain.unlock();
    let signed = home.app.sign_in(id.clone(), account(&host, USER, SECRET));
    assert_eq!(signed.await.unwrap().state, AccountState::SignedIn);
    home.app.found_registries().await.unwrap();
    assert_eq!(home.filed(&key), None, "a copy stayed in the file");
    home.reopen();
    home.reads(&id).await.unwrap();
    home.app.remove_account(id).await.unwrap();
    let key = SecretKey {
        host: key,
        user: USER.to_owned(),
    };
    assert!(home.keychain.get(&key).unwrap().is_none());
}
