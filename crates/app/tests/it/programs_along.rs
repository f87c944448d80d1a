//! Docker's own program, signed in and out along with an account; and an account that goes though its keychain doesn't answer.

use crate::home::{Home, SECRET, USER, account, problem};
use crate::sign_in_ways::guarded;
use app::view::accounts::{AccountState, Program};
use app::view::problem::Code;
use serde_json::json;
use testkit::scripted::{Auth, Scripted};

/// A computer with Docker and a helper that keeps, signed in to a registry.
async fn with_docker() -> (Home, Scripted, String) {
    let (home, registry) = (Home::new(), guarded(Auth::Basic).await);
    home.has_program("docker");
    home.helper_keeps();
    home.docker_has(&json!({"credsStore": "lab", "psFormat": "x"}));
    let id = home.sign_in(&registry.host()).await.id;
    (home, registry, id)
}

/// Behaviour (sign-in): Docker's own program is signed in and out along with an account where that is asked for, and only
/// where it is.
/// Source: the people of the seeds' `docker login` and `docker logout`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docker_is_signed_in_and_out_along() {
    let (mut home, registry, id) = with_docker().await;
    let before = home.docker_file();
    assert_eq!(home.app.programs().await.unwrap(), [Program::Docker]);
    assert_eq!(home.app.accounts().await.unwrap()[0].programs, []);
    assert_eq!(home.helper_has(), None, "nothing is done unasked");
    let host = registry.host();
    assert!(
        home.app
            .programs_keep(host.clone())
            .await
            .unwrap()
            .plain_in
            .is_empty()
    );
    let view = home.app.sign_in_programs(id.clone(), false).await.unwrap();
    assert_eq!(view.programs, [Program::Docker]);
    let kept = home.helper_has().unwrap();
    assert!(kept.contains(&host) && kept.contains(USER) && kept.contains(SECRET));
    assert_eq!(home.docker_file(), before, "its helper has it");
    assert_eq!(home.files_with(SECRET).0, Vec::<std::path::PathBuf>::new());

    // Another run knows what it put there; a new sign-in brings the new secret.
    home.reopen();
    assert_eq!(
        home.app.accounts().await.unwrap()[0].programs,
        [Program::Docker]
    );
    registry.set(|faults| faults.sign_in = Some((USER.into(), "another".into())));
    let anew = account(&host, USER, "another");
    home.app.sign_in(id.clone(), anew).await.unwrap();
    home.app.sign_in_programs(id.clone(), false).await.unwrap();
    assert!(home.helper_has().unwrap().contains("another"));

    home.app.sign_out(id.clone()).await.unwrap();
    assert_eq!((home.helper_has(), home.docker_file()), (None, before));
    assert_eq!(home.app.accounts().await.unwrap()[0].programs, []);
    assert_eq!(
        problem(home.app.sign_in_programs(id, false).await).code,
        Code::SignIn,
        "there is nothing to hand on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docker_is_signed_out_alone_or_with_the_account_that_is_removed() {
    let (home, _registry, id) = with_docker().await;
    home.app.sign_in_programs(id.clone(), false).await.unwrap();
    let view = home.app.sign_out_programs(id.clone()).await.unwrap();
    assert_eq!(
        (view.programs, view.state),
        (vec![], AccountState::SignedIn)
    );
    assert_eq!(home.helper_has(), None);
    home.app.sign_in_programs(id.clone(), false).await.unwrap();
    home.app.remove_account(id).await.unwrap();
    assert_eq!(home.helper_has(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_text_is_written_after_a_yes_alone() {
    let (home, registry, id) = with_docker().await;
    for name in ["osxkeychain", "wincred", "secretservice", "pass"] {
        home.has_program_that(&format!("docker-credential-{name}"), "exit 1");
    }
    home.docker_has(&json!({"credsStore": "gone"}));
    let refused = problem(home.app.sign_in_programs(id.clone(), false).await);
    assert_eq!(refused.code, Code::Program);
    assert!(
        refused.detail.unwrap().contains("docker-credential-gone"),
        "the helper that Docker asks is the one that counts"
    );
    home.docker_has(&json!({}));
    let host = registry.host();
    let plain = home.app.programs_keep(host.clone()).await;
    assert_eq!(plain.unwrap().plain_in.len(), 1);
    let refused = problem(home.app.sign_in_programs(id.clone(), false).await);
    assert_eq!(refused.code, Code::Program);
    assert!(refused.hints[0].contains("config.json"), "{refused:?}");
    assert_eq!(home.docker_file().unwrap(), "{}");
    home.app.sign_in_programs(id.clone(), true).await.unwrap();
    assert!(home.docker_file().unwrap().contains(&host));
    home.app.sign_out(id).await.unwrap();
    assert_eq!(home.docker_file().unwrap(), "{}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_can_not_be_signed_out_keeps_the_account_until_a_person_lets_it_go() {
    let (home, _registry, id) = with_docker().await;
    home.app.sign_in_programs(id.clone(), false).await.unwrap();
    home.has_program_that("docker-credential-lab", "echo 'it is gone'; exit 1");
    let kept = home.helper_has();
    let told = problem(home.app.sign_out(id.clone()).await);
    assert_eq!(told.code, Code::Program, "{told:?}");
    let view = &home.app.accounts().await.unwrap()[0];
    assert_eq!(
        (view.state, &view.programs),
        (AccountState::SignedIn, &vec![Program::Docker])
    );
    assert_eq!(home.helper_has(), kept);
    home.app.let_go(id, vec![Code::Program]).await.unwrap();
    let view = &home.app.accounts().await.unwrap()[0];
    assert_eq!(
        (view.state, &view.programs),
        (AccountState::SignedOut, &vec![])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_goes_though_its_keychain_is_gone_and_its_secret_goes_once_it_is_back() {
    let (mut home, registry) = (Home::new(), guarded(Auth::Basic).await);
    let other = guarded(Auth::Basic).await;
    let (host, kept) = (registry.host(), home.sign_in(&other.host()).await.id);
    for remove in [false, true] {
        let id = home.sign_in(&host).await.id;
        home.keychain.take_away();
        if remove {
            let told = problem(
                home.app
                    .remove_as_asked(id.clone(), true, vec![Code::Program])
                    .await,
            );
            assert_eq!(told.code, Code::Keychain);
            home.app
                .remove_as_asked(id.clone(), true, vec![Code::Keychain])
                .await
                .unwrap();
        } else {
            let told = problem(home.app.sign_out(id.clone()).await);
            assert_eq!(told.code, Code::Keychain);
            home.app
                .let_go(id.clone(), vec![Code::Keychain])
                .await
                .unwrap();
            let views = home.app.accounts().await.unwrap();
            let view = views.iter().find(|view| view.id == id).unwrap();
            assert_eq!(view.state, AccountState::SignedOut);
        }
        home.reopen();
        home.keychain.unlock();
        assert!(home.keychain.holds(&host), "it could not be reached");
        // The first secret that is read there again tells that it can be.
        home.app.refresh_repositories(kept.clone()).await.unwrap();
        assert!(!home.keychain.holds(&host), "removed: {remove}");
        assert!(home.keychain.holds(&other.host()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_again_keeps_the_secret_that_was_left() {
    let (mut home, registry) = (Home::new(), guarded(Auth::Basic).await);
    let id = home.sign_in(&registry.host()).await.id;
    home.keychain.take_away();
    home.app
        .let_go(id.clone(), vec![Code::Keychain])
        .await
        .unwrap();
    home.keychain.unlock();
    home.sign_in(&registry.host()).await;
    home.reopen();
    home.app.refresh_repositories(id).await.unwrap();
    assert!(home.keychain.holds(&registry.host()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_accounts_the_one_that_signed_docker_in_last_has_it() {
    let (home, registry, id) = with_docker().await;
    registry.set(|faults| faults.sign_in = None);
    home.docker_has(&json!({"auths": {"other.example": {"auth": "YTpi"}}}));
    for name in ["osxkeychain", "wincred", "secretservice", "pass"] {
        home.has_program_that(&format!("docker-credential-{name}"), "exit 1");
    }
    let before = home.docker_file();
    home.app.sign_in_programs(id.clone(), true).await.unwrap();
    let host = registry.host();
    registry.set(|faults| faults.sign_in = Some(("bob".into(), "another".into())));
    let bob = account(&host, "bob", "another");
    let bob = home.app.add_account(bob).await.unwrap().id;
    // Bob takes it over, without a second yes to plain text.
    home.app.sign_in_programs(bob.clone(), false).await.unwrap();
    let views = home.app.accounts().await.unwrap();
    let programs = |id: &str| {
        let view = views.iter().find(|view| view.id == id);
        view.unwrap().programs.clone()
    };
    assert_eq!(
        (programs(&id), programs(&bob)),
        (vec![], vec![Program::Docker])
    );
    let with = home.docker_file();
    home.app.sign_out(id).await.unwrap();
    assert_eq!(home.docker_file(), with, "it is the other's");
    // And what was put there from here is nothing to be found.
    let found = home.app.found_registries().await.unwrap();
    assert!(found.iter().all(|found| found.host != host), "{found:#?}");
    home.app.sign_out(bob).await.unwrap();
    assert_eq!(home.docker_file(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_can_not_be_signed_out_can_be_left_alone() {
    let (home, _registry, id) = with_docker().await;
    home.app.sign_in_programs(id.clone(), false).await.unwrap();
    home.has_program_that("docker-credential-lab", "echo 'it is gone'; exit 1");
    let told = problem(home.app.sign_out_programs(id.clone()).await);
    assert_eq!(told.code, Code::Program);
    let view = home.app.leave_programs(id, true).await.unwrap();
    assert_eq!(
        (view.programs, view.state),
        (vec![], AccountState::SignedIn)
    );
}
