//! Accounts: what is checked, what is kept where, what is said.

use crate::home::{Home, SECRET, USER, account, problem};
use app::view::accounts::{AccountState, Keep, NewAccount};
use app::view::problem::Code;
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::scripted::{Auth, Scripted};

async fn guarded() -> Scripted {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_checked_and_kept_in_the_keychain_alone() {
    let (home, registry) = (Home::new(), guarded().await);
    let wrong = problem(
        home.app
            .add_account(account(&registry.host(), USER, "wrong"))
            .await,
    );
    assert_eq!(wrong.code, Code::SignIn);
    assert!(
        wrong.message.contains("didn’t accept this user and secret"),
        "{wrong:?}"
    );
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&registry.host()));

    let view = home.sign_in(&registry.host()).await;
    assert_eq!(
        (view.state, view.plain_http),
        (AccountState::SignedIn, true)
    );
    assert!(home.keychain.holds(&registry.host()));
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();

    home.app.sign_out(view.id.clone()).await.unwrap();
    assert!(!home.keychain.holds(&registry.host()));
    assert_eq!(
        home.app.accounts().await.unwrap()[0].state,
        AccountState::SignedOut
    );
    assert_eq!(
        problem(home.app.refresh_repositories(view.id.clone()).await).code,
        Code::SignIn
    );

    home.app
        .sign_in(view.id.clone(), account("", USER, SECRET))
        .await
        .unwrap();
    assert_eq!(
        home.app.accounts().await.unwrap()[0].state,
        AccountState::SignedIn
    );
    home.app.remove_account(view.id).await.unwrap();
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&registry.host()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_is_nowhere_in_the_data_folder_nor_in_an_event() {
    let (home, registry) = (Home::new(), guarded().await);
    let view = home.sign_in(&registry.host()).await;
    let lab = home.at(&view.id, "lab/tool");
    registry.push_image("lab/tool", "v1", "one");
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();
    lab.refresh_tags().await;
    lab.resolve("v1").await;
    let (with, files) = home.files_with(SECRET);
    assert!(with.is_empty() && files > 0, "{with:?} of {files}");
    assert!(!home.events_text().contains(SECRET));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keychain_one_may_stay_signed_in_until_the_app_is_closed() {
    let (mut home, registry) = (Home::new(), guarded().await);
    for (make, words) in [(0, "locked"), (1, "no keychain")] {
        if make == 0 {
            home.keychain.lock();
        } else {
            home.keychain.take_away();
        }
        let refused = problem(
            home.app
                .add_account(account(&registry.host(), USER, SECRET))
                .await,
        );
        assert_eq!(refused.code, Code::Keychain);
        assert!(refused.message.contains(words), "{refused:?}");
        assert!(
            home.app.accounts().await.unwrap().is_empty(),
            "nothing stays of a sign-in that failed"
        );
    }
    let session = NewAccount {
        keep: Keep::Session,
        ..account(&registry.host(), USER, SECRET)
    };
    let view = home.app.add_account(session).await.unwrap();
    assert_eq!(view.state, AccountState::SignedInForSession);
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();

    home.reopen();
    assert_eq!(
        home.app.accounts().await.unwrap()[0].state,
        AccountState::SignedOut
    );
    assert_eq!(
        problem(home.app.refresh_repositories(view.id.clone()).await).code,
        Code::SignIn
    );
    // The keychain is back: signing in again is kept.
    home.keychain.unlock();
    let again = home
        .app
        .sign_in(view.id, account("", USER, SECRET))
        .await
        .unwrap();
    assert_eq!(again.state, AccountState::SignedIn);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_of_a_session_takes_the_older_secret_out_of_the_keychain_too() {
    for again in ["sign in", "add"] {
        let (home, registry) = (Home::new(), guarded().await);
        let view = home.sign_in(&registry.host()).await;
        home.keychain.lock();
        let session = NewAccount {
            keep: Keep::Session,
            ..account(&registry.host(), USER, SECRET)
        };
        let session = match again {
            "sign in" => home.app.sign_in(view.id.clone(), session).await,
            _ => home.app.add_account(session).await,
        };
        let session = session.unwrap();
        assert_eq!(
            (session.state, &session.id),
            (AccountState::SignedInForSession, &view.id),
            "{again}"
        );
        home.app
            .refresh_repositories(view.id.clone())
            .await
            .unwrap();
        // What can't be removed now is not said to be removed.
        assert_eq!(
            problem(home.app.sign_out(view.id.clone()).await).code,
            Code::Keychain
        );
        home.keychain.unlock();
        assert!(home.keychain.holds(&registry.host()));
        home.app.sign_out(view.id.clone()).await.unwrap();
        assert!(!home.keychain.holds(&registry.host()), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keychain_that_is_locked_later_is_said_and_found_again() {
    let (mut home, registry) = (Home::new(), guarded().await);
    let view = home.sign_in(&registry.host()).await;
    home.reopen();
    home.keychain.lock();
    assert_eq!(
        problem(home.app.refresh_repositories(view.id.clone()).await).code,
        Code::Keychain
    );
    assert_eq!(
        home.app.accounts().await.unwrap()[0].state,
        AccountState::KeychainUnavailable
    );
    assert_eq!(
        problem(home.app.remove_account(view.id.clone()).await).code,
        Code::Keychain
    );
    home.keychain.unlock();
    home.app.refresh_repositories(view.id).await.unwrap();
    assert_eq!(
        home.app.accounts().await.unwrap()[0].state,
        AccountState::SignedIn
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_address_has_its_own_sentence() {
    let home = Home::new();
    let page = Scripted::start().await.unwrap();
    page.set(|faults| faults.html = true);
    let broken = Scripted::start().await.unwrap();
    broken.set(|faults| faults.status500 = true);
    // Nobody listens where somebody did.
    let closed = Scripted::start().await.unwrap().host();
    for (address, words) in [
        ("x.invalid", "No host named x.invalid is known"),
        (page.host().as_str(), "isn’t a container registry"),
        (broken.host().as_str(), "has a problem of its own"),
        (closed.as_str(), "can’t be reached"),
        ("two words", "no spaces"),
        ("", "Type the registry’s address"),
    ] {
        let told = problem(home.app.add_account(account(address, "", "")).await);
        assert!(told.message.contains(words), "{address}: {told:?}");
        assert!(!told.hints.is_empty(), "{address}: {told:?}");
    }
    assert!(home.app.accounts().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions {
        tls: true,
        ..RegistryOptions::default()
    })
    .await
    .unwrap();
    let told = problem(
        Home::new()
            .app
            .add_account(account(&registry.host(), "", ""))
            .await,
    );
    assert!(
        told.message.contains("secure connection") && told.message.contains("authority"),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_fields_empty_means_anonymous_and_one_is_a_question() {
    let (home, open) = (Home::new(), Scripted::start().await.unwrap());
    let view = home
        .app
        .add_account(account(&open.host(), "", ""))
        .await
        .unwrap();
    assert_eq!((view.state, view.user), (AccountState::Anonymous, None));
    assert_eq!(
        problem(home.app.add_account(account(&open.host(), USER, "")).await).message,
        "The secret is missing."
    );
    assert_eq!(
        problem(home.app.add_account(account(&open.host(), "", "x")).await).message,
        "The user is missing."
    );
    let guarded = guarded().await;
    assert_eq!(
        problem(home.app.add_account(account(&guarded.host(), "", "")).await).code,
        Code::SignIn
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_login_line_is_a_sign_in() {
    let (home, registry) = (Home::new(), guarded().await);
    let line = format!("docker login -u {USER} -p '{SECRET}' {}", registry.host());
    let view = home.app.read_address(&line).unwrap();
    assert_eq!(
        (view.host.as_str(), view.user.as_deref(), view.has_secret),
        (registry.host().as_str(), Some(USER), true)
    );
    assert_eq!(home.app.take_login_secret(&line).unwrap(), SECRET);
    assert_eq!(
        home.app
            .add_account(account(&line, "", ""))
            .await
            .unwrap()
            .state,
        AccountState::SignedIn
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_docker_config_knows_is_offered_without_its_secret() {
    let home = Home::new();
    let folder = home.folder.path().join("docker-config");
    std::fs::create_dir_all(&folder).unwrap();
    // "ana:hunter2"
    std::fs::write(
        folder.join("config.json"),
        r#"{"auths":{"lab.example:5000":{"auth":"YW5hOmh1bnRlcjI="}}}"#,
    )
    .unwrap();
    let found = home.app.found_registries().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].host.as_str(), found[0].user.as_deref()),
        ("lab.example:5000", Some("ana"))
    );
    assert!(!serde_json::to_string(&found).unwrap().contains("hunter2"));
}
