//! Accounts whose sign-in another program keeps: found, picked, read there each time, and never kept a second time.

use crate::home::{
    Home, SECRET, USER, account, failure, guarded_registry, in_file, load, picking, problem,
    with_entry, with_helper,
};
use crate::sign_in_ways::{guarded, the_account};
use app::view::accounts::{AccountState, AccountView, FoundIn, NewAccount};
use app::view::problem::{Code, Problem};
use app::view::push::KeepAnswer;
use serde_json::json;
use std::time::Duration;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, RegistryVersion, need};
use testkit::scripted::{Auth, Scripted};

/// Picks the one sign-in that is found.
async fn picked(home: &Home) -> AccountView {
    let found = home.found().await;
    home.app.add_account(picking(&found)).await.unwrap()
}

/// A registry, and a computer with an account there whose sign-in is in Docker's configuration.
async fn in_docker(auth: Auth) -> (Home, Scripted, String) {
    let (home, registry) = (Home::new(), guarded(auth).await);
    home.docker_has(&with_entry(&registry.host(), USER, SECRET));
    let id = picked(&home).await.id;
    (home, registry, id)
}

/// Asks for the list as a person does who tries again: with what is kept now.
async fn tried_again(home: &Home, id: &str) -> Result<(), Problem> {
    home.app.approve_sign_in(id.into(), None).await?;
    home.app.refresh_repositories(id.into()).await
}

/// From now on this is the user's secret.
fn secret_is(registry: &Scripted, secret: &str) {
    registry.set(|faults| faults.sign_in = Some((USER.into(), secret.into())));
    registry.expire_tokens();
}

/// Behaviour (sign-in): What `docker login` left in its configuration is a sign-in that can be picked; the secret stays
/// there alone.
/// Source: docker/cli `cli/config/configfile`; people whose registry a tool of the lab signs in to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_docker_keeps_is_picked_and_stays_there() {
    if !need(Part::Registry) {
        return;
    }
    for token in [false, true] {
        let options = RegistryOptions {
            auth: Some((USER, SECRET)),
            token,
            ..RegistryOptions::default()
        };
        let (home, registry) = (Home::new(), Registry::start(options).await.unwrap());
        let image = ImageSpec::of_sizes(1, &[2_000]);
        let pushed = images::push(&registry, "lab/tool", "v1", &image).await;
        pushed.unwrap();
        home.docker_has(&with_entry(&registry.host(), USER, SECRET));

        let found = home.found().await;
        assert_eq!(
            (found.user.as_deref(), found.source, &found.helper),
            (Some(USER), FoundIn::DockerConfig, &None)
        );
        let shown = serde_json::to_string(&found).unwrap();
        assert!(!shown.contains(SECRET) && !shown.contains(&in_file(USER, SECRET)));

        let view = home.app.add_account(picking(&found)).await.unwrap();
        assert_eq!(
            (view.state, view.user.as_deref()),
            (AccountState::SignedIn, Some(USER))
        );
        let source = view.source.unwrap();
        assert_eq!(source, FoundIn::DockerConfig);
        home.app
            .refresh_repositories(view.id.clone())
            .await
            .unwrap();
        let list = home.app.repositories(view.id.clone()).await.unwrap();
        assert_eq!(list.names, ["lab/tool"]);
        home.at(&view.id, "lab/tool").refresh_tags().await;

        assert!(!home.keychain.holds(&registry.host()));
        for text in [SECRET, &in_file(USER, SECRET)] {
            let (with, files) = home.files_with(text);
            assert!(with.is_empty() && files > 0, "{with:?} of {files}");
            assert!(!home.events_text().contains(text));
        }
        assert!(home.app.found_registries().await.unwrap().is_empty());
    }
}

/// Behaviour (sign-in): Whoever signs in anew with Docker is signed in here too, without a word, once the old secret is
/// refused.
/// Source: access tokens that lapse after weeks; `docker login` rewrites its configuration.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_of_docker_is_used_by_itself() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (mut home, registry, id) = in_docker(auth).await;
        home.app.refresh_repositories(id.clone()).await.unwrap();
        secret_is(&registry, "of today");
        home.docker_has(&with_entry(&registry.host(), USER, "of today"));
        home.reopen();
        home.app.refresh_repositories(id.clone()).await.unwrap();
        assert_eq!(the_account(&home).await.state, AccountState::SignedIn);

        // One that is wrong is said as any other is.
        home.docker_has(&with_entry(&registry.host(), USER, "of yesterday"));
        let told = problem(tried_again(&home, &id).await);
        assert_eq!(told.code, Code::SignIn, "{told:?}");
        assert!(told.message.contains("didn’t accept"), "{told:?}");
        home.docker_has(&with_entry(&registry.host(), USER, "of today"));
        tried_again(&home, &id).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_is_used_while_the_account_is_open() {
    let (home, registry, id) = in_docker(Auth::Basic).await;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    secret_is(&registry, "of today");
    home.docker_has(&with_entry(&registry.host(), USER, "of today"));
    // A source is left alone for a while after it was asked. The limit is only there so that a fault ends the test.
    for _ in 0..400 {
        if home.app.refresh_repositories(id.clone()).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    panic!("it was never asked for again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_is_run_once_for_many_requests() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (mut home, registry) = (Home::new(), guarded(auth).await);
        for tag in 0..12 {
            registry.push_image("lab/tool", &format!("v{tag}"), "one");
        }
        home.docker_has(&with_helper(&registry.host()));
        home.helper_gives(USER, SECRET);
        let found = home.found().await;
        assert_eq!(
            (found.helper.as_deref(), &found.user, found.source),
            (Some("lab"), &None, FoundIn::DockerConfig)
        );
        assert!(home.helper_calls().is_empty());

        let view = home.app.add_account(picking(&found)).await.unwrap();
        assert_eq!(view.user.as_deref(), Some(USER), "{view:?}");
        let once = [format!("get {}", registry.host())];
        assert_eq!(home.helper_calls(), once);
        assert!(home.app.found_registries().await.unwrap().is_empty());

        home.reopen();
        home.app.accounts().await.unwrap();
        assert_eq!(home.helper_calls().len(), 1, "opening the app runs nothing");
        home.app
            .refresh_repositories(view.id.clone())
            .await
            .unwrap();
        let lab = home.at(&view.id, "lab/tool");
        lab.refresh_tags().await;
        for tag in 0..12 {
            lab.resolve(&format!("v{tag}")).await;
        }
        assert_eq!(
            home.helper_calls(),
            [once.clone(), once].concat(),
            "{auth:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_podman_keeps_is_picked_too() {
    let (home, registry) = (Home::new(), guarded(Auth::TokenPost).await);
    registry.push_image("lab/tool", "v1", "one");
    home.podman_has(&with_entry(&registry.host(), USER, SECRET));
    let found = home.found().await;
    assert_eq!(
        (found.user.as_deref(), found.source),
        (Some(USER), FoundIn::Podman)
    );
    let view = picked(&home).await;
    assert_eq!(view.source.unwrap(), FoundIn::Podman);
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();
    let list = home.app.repositories(view.id).await.unwrap();
    assert_eq!(list.names, ["lab/tool"]);
    assert!(!home.keychain.holds(&registry.host()));
}

/// Behaviour (sign-in): Another user's sign-in that comes to lie where an account's was is not followed by itself.
/// Source: `docker login` keeps one user for each registry; people who share a computer, or sign in as a robot for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_another_user_is_never_followed_and_one_that_went_may_come_back() {
    let (home, registry, id) = in_docker(Auth::Basic).await;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    registry.forget_requests();
    let nothing_was_sent = || {
        let seen = registry.requests();
        assert!(seen.iter().all(|seen| !seen.has_authorization), "{seen:?}");
    };
    home.docker_has(&with_entry(&registry.host(), "eve", SECRET));
    let told = problem(tried_again(&home, &id).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    let why = told.detail.unwrap();
    assert!(why.contains("eve") && why.contains(USER), "{why}");
    assert!(!told.hints.is_empty() && !why.contains(SECRET));
    let view = the_account(&home).await;
    assert_eq!(
        (view.state, view.user.as_deref()),
        (AccountState::SourceChanged, Some(USER))
    );
    nothing_was_sent();

    home.docker_has(&json!({"auths": {}}));
    let told = problem(tried_again(&home, &id).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    assert_eq!(the_account(&home).await.state, AccountState::SourceGone);
    nothing_was_sent();

    // Once it is back it may be picked again, and is used without that as well.
    home.docker_has(&with_entry(&registry.host(), USER, SECRET));
    assert_eq!(home.app.found_registries().await.unwrap().len(), 1);
    tried_again(&home, &id).await.unwrap();
    assert_eq!(the_account(&home).await.state, AccountState::SignedIn);
    assert!(home.app.found_registries().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_became_another_users_may_be_picked_to_go_on_as_them() {
    for again in ["sign in", "add"] {
        let (home, registry, id) = in_docker(Auth::Basic).await;
        registry.set(|faults| faults.sign_in = Some(("eve".into(), SECRET.into())));
        home.docker_has(&with_entry(&registry.host(), "eve", SECRET));
        problem(tried_again(&home, &id).await);
        let found = home.found().await;
        assert_eq!(found.user.as_deref(), Some("eve"));
        let view = match again {
            "sign in" => home.app.sign_in(id.clone(), picking(&found)).await,
            _ => home.app.add_account(picking(&found)).await,
        };
        let view = view.unwrap();
        assert_eq!(
            (&view.id, view.user.as_deref(), view.state),
            (&id, Some("eve"), AccountState::SignedIn),
            "{again}"
        );
        home.app.refresh_repositories(id).await.unwrap();
        assert!(home.app.found_registries().await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_that_has_a_known_users_sign_in_now_makes_no_second_account_of_theirs() {
    let (home, registry) = (Home::new(), guarded(Auth::Basic).await);
    registry.set(|faults| faults.sign_in = None);
    let eve = account(&registry.host(), "eve", SECRET);
    let eve = home.app.add_account(eve).await.unwrap().id;
    home.docker_has(&with_helper(&registry.host()));
    home.helper_gives(USER, SECRET);
    let id = picked(&home).await.id;
    assert_ne!(id, eve);
    home.helper_gives("eve", SECRET);
    problem(tried_again(&home, &id).await);
    assert_eq!(picked(&home).await.id, eve);
    let mut accounts = home.app.accounts().await.unwrap();
    accounts.retain(|account| account.id != eve);
    assert_eq!(accounts.len(), 1);
    assert_eq!(
        (&accounts[0].id, accounts[0].user.as_deref()),
        (&id, Some(USER))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_only_what_is_found_here_can_be_picked() {
    let (home, registry, other) = (
        Home::new(),
        guarded(Auth::Basic).await,
        guarded(Auth::Basic).await,
    );
    home.helper_gives(USER, SECRET);
    home.docker_has(&with_helper(&registry.host()));
    let real = home.found().await.from.unwrap();
    let helper = json!({"kind": "helper", "name": "lab", "server": other.host()}).to_string();
    for (host, from) in [
        (other.host(), real.as_str()),
        (other.host(), &helper),
        (registry.host(), &helper),
        (registry.host(), r#"{"kind":"keychain"}"#),
        (registry.host(), "/etc/passwd"),
        (registry.host(), ""),
    ] {
        let new = NewAccount {
            from: Some(from.to_owned()),
            ..account(&host, "", "")
        };
        let told = problem(home.app.add_account(new).await);
        assert_eq!(told.code, Code::SignIn, "{from}: {told:?}");
        assert!(told.message.contains("no longer where it was"), "{told:?}");
        assert!(!told.hints.is_empty(), "{told:?}");
    }
    assert!(home.helper_calls().is_empty());
    assert!(home.app.accounts().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_stays_of_a_pick_that_failed() {
    let (home, registry) = (Home::new(), guarded(Auth::Basic).await);
    home.docker_has(&with_helper(&registry.host()));
    let picked = home.found().await;
    let told = problem(home.app.add_account(picking(&picked)).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    let hint = told.hints.first().unwrap();
    assert!(hint.contains("missing"), "{told:?}");

    // Nothing is read before the ways were agreed to.
    home.helper_gives(USER, "wrong");
    let told = problem(home.app.add_as_shown(picking(&picked)).await);
    assert_eq!(told.code, Code::SignInChanged, "{told:?}");
    assert!(home.helper_calls().is_empty());

    let told = problem(home.app.add_account(picking(&picked)).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    assert_eq!(home.helper_calls().len(), 1);
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&registry.host()));
    assert_eq!(home.found().await.from, picked.from);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_kept_here_or_there_and_never_in_two_places() {
    let (home, registry, id) = in_docker(Auth::Basic).await;
    let typed = account("", USER, SECRET);
    let view = home.app.sign_in(id.clone(), typed).await.unwrap();
    assert_eq!((view.state, view.source), (AccountState::SignedIn, None));
    assert!(home.keychain.holds(&registry.host()));
    // It is this account's user's, and the account is used: there is nothing to pick.
    assert!(home.app.found_registries().await.unwrap().is_empty());
    home.docker_has(&json!({}));
    tried_again(&home, &id).await.unwrap();

    // A helper does not say before it is run whose sign-in it has.
    home.docker_has(&with_helper(&registry.host()));
    home.helper_gives(USER, SECRET);
    let view = picked(&home).await;
    assert_eq!((&view.id, view.state), (&id, AccountState::SignedIn));
    assert!(view.source.is_some());
    assert!(!home.keychain.holds(&registry.host()));
    assert_eq!(home.app.accounts().await.unwrap().len(), 1);
    home.app.refresh_repositories(id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_signed_out_is_found_again_and_signs_in_by_a_pick() {
    let (home, registry, id) = in_docker(Auth::Basic).await;
    home.app.sign_out(id.clone()).await.unwrap();
    let view = the_account(&home).await;
    assert_eq!(view.state, AccountState::SignedOut);
    assert_eq!(view.source.unwrap(), FoundIn::DockerConfig);
    registry.forget_requests();
    let told = problem(home.app.refresh_repositories(id.clone()).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    assert!(registry.requests().is_empty());

    let view = picked(&home).await;
    assert_eq!((&view.id, view.state), (&id, AccountState::SignedIn));
    home.app.refresh_repositories(id).await.unwrap();
    assert!(home.app.found_registries().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_is_given_what_is_kept_there_now() {
    if !need(Part::Registry) || !need(Part::Dockerd) {
        return;
    }
    let registry = guarded_registry(RegistryVersion::Two).await;
    let engine = Dockerd::start(None).await.unwrap();
    let home = Home::with(Some(&engine));
    home.docker_has(&with_entry(&registry.host(), USER, SECRET));
    let id = picked(&home).await.id;
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 2, 30_000).await;
    let pushed = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    let there = registry.manifest("lab/tool", "v1").await.unwrap().unwrap();
    assert_eq!(there.0, pushed);
    let name = lab.pulled("v1", None).await;
    assert!(engine.image(&name).await.unwrap().is_some());

    // It is read for each transfer: what is no longer there is used no more.
    home.docker_has(&json!({"auths": {}}));
    let task = lab.push("v2", &images[1], KeepAnswer::ByRule).await;
    let told = failure(&task, Code::SignIn);
    assert!(told.message.contains("no longer where it was"), "{told:?}");
    assert_eq!(the_account(&home).await.state, AccountState::SignedIn);
    assert_eq!(registry.tags("lab/tool").await.unwrap(), ["v1"]);
    home.docker_has(&with_entry(&registry.host(), USER, SECRET));
    lab.pushed("v2", &images[1], KeepAnswer::ByRule).await;
    assert_eq!(the_account(&home).await.state, AccountState::SignedIn);
}
