//! Where a secret goes: shown, agreed to, kept, and never changed without a person's yes.

use crate::home::{Home, SECRET, USER, account, failure, load, problem, scripted_with_engine};
use crate::watching::watch;
use app::view::accounts::{AccountState, AccountView};
use app::view::events::{AppEvent, Stale};
use app::view::problem::Code;
use std::time::Duration;
use testkit::scripted::{Auth, Scripted};

/// A registry that takes this sign-in so.
pub async fn guarded(auth: Auth) -> Scripted {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = auth;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry
}

/// Where a registry says its token service is, though nobody agreed to it.
pub fn point_to(registry: &Scripted, other: &Scripted) {
    let realm = format!("http://{}/token", other.host());
    registry.set(|faults| faults.realm = Some(realm));
}

/// The account that has a user.
async fn the_signed_in(home: &Home) -> AccountView {
    let accounts = home.app.accounts().await.unwrap();
    accounts
        .into_iter()
        .find(|account| account.user.is_some())
        .unwrap()
}

pub async fn the_account(home: &Home) -> AccountView {
    home.app.accounts().await.unwrap().remove(0)
}

/// Checks that no secret and no token ever came here.
pub fn saw_no_secret(host: &Scripted) {
    let with: Vec<String> = host
        .requests()
        .into_iter()
        .filter(|seen| seen.has_authorization || seen.method == "POST")
        .map(|seen| format!("{} {}", seen.method, seen.path))
        .collect();
    assert!(with.is_empty(), "{with:?}");
}

/// A computer signed in with tokens of the registry itself.
pub async fn signed_in() -> (Home, Scripted, String) {
    let (home, registry) = (Home::new(), guarded(Auth::TokenGet).await);
    registry.push_image("lab/tool", "v1", "one");
    let view = home.sign_in(&registry.host()).await;
    let own = format!("bearer http://{}", registry.host());
    assert_eq!(view.ways.len(), 1);
    assert_eq!(
        (
            view.ways[0].way.as_str(),
            view.ways[0].to.as_str(),
            view.ways[0].registry_itself
        ),
        (own.as_str(), registry.host().as_str(), true)
    );
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();
    (home, registry, view.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_realm_that_moved_gets_nothing_until_a_person_says_yes() {
    let (mut home, registry, id) = signed_in().await;
    let evil = guarded(Auth::TokenGet).await;
    point_to(&registry, &evil);
    // A token that is still good goes to the registry alone, as before.
    home.app.refresh_repositories(id.clone()).await.unwrap();
    for _ in 0..2 {
        home.reopen();
        let told = problem(home.app.refresh_repositories(id.clone()).await);
        assert_eq!(told.code, Code::SignIn, "{told:?}");
        assert!(told.message.contains(&evil.host()), "{told:?}");
        let view = the_account(&home).await;
        assert_eq!(view.state, AccountState::SignInChanged);
        assert_eq!(view.wanted.unwrap().to, evil.host());
        saw_no_secret(&evil);
    }
    // A yes to something else than is wanted is none.
    for other in ["basic", "bearer https://elsewhere.example", ""] {
        let told = problem(
            home.app
                .approve_sign_in(id.clone(), Some(other.into()))
                .await,
        );
        assert_eq!(told.code, Code::SignInChanged, "{told:?}");
    }
    saw_no_secret(&evil);

    // Without a yes it is tried as before, and says so again.
    let view = home.app.approve_sign_in(id.clone(), None).await.unwrap();
    assert_eq!((view.state, view.wanted), (AccountState::SignedIn, None));
    problem(home.app.refresh_repositories(id.clone()).await);
    assert_eq!(the_account(&home).await.state, AccountState::SignInChanged);
    saw_no_secret(&evil);

    // The registry asks as before: so does everything go on.
    registry.set(|faults| faults.realm = None);
    home.app.approve_sign_in(id.clone(), None).await.unwrap();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(the_account(&home).await.state, AccountState::SignedIn);
    saw_no_secret(&evil);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_basic_challenge_after_tokens_gets_no_secret_until_a_person_says_yes() {
    let (mut home, registry, id) = signed_in().await;
    home.reopen();
    registry.set(|faults| faults.auth = Auth::Basic);
    let before = registry.requests().len();
    problem(home.app.refresh_repositories(id.clone()).await);
    assert_eq!(the_account(&home).await.state, AccountState::SignInChanged);
    let since = &registry.requests()[before..];
    assert!(!since.is_empty());
    assert!(
        since.iter().all(|seen| seen.authorization != "Basic"),
        "{since:?}"
    );

    let view = home
        .app
        .approve_sign_in(id.clone(), Some("basic".into()))
        .await
        .unwrap();
    assert_eq!((view.state, view.wanted), (AccountState::SignedIn, None));
    let ways: Vec<String> = view.ways.into_iter().map(|way| way.way).collect();
    assert_eq!(ways, ["basic"]);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    // It is kept, and now tokens are what nobody agreed to.
    home.reopen();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    registry.set(|faults| faults.auth = Auth::TokenGet);
    problem(home.app.refresh_repositories(id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_an_account_of_before_goes_to_its_registry_alone() {
    let (mut home, registry, id) = signed_in().await;
    of_before(&mut home, &id);
    assert!(the_account(&home).await.ways.is_empty());
    for _ in 0..2 {
        home.app.refresh_repositories(id.clone()).await.unwrap();
    }
    assert_eq!(the_account(&home).await.ways.len(), 1);
    home.reopen();
    let evil = guarded(Auth::TokenGet).await;
    point_to(&registry, &evil);
    problem(home.app.refresh_repositories(id).await);
    assert_eq!(the_account(&home).await.state, AccountState::SignInChanged);
    saw_no_secret(&evil);
}

/// An earlier version asked nobody which way the secret goes.
fn of_before(home: &mut Home, id: &str) {
    let file = home.folder.path().join("longshore.db");
    let store = store::Store::open(&file).unwrap();
    let mut stored = store.account(id.parse().unwrap()).unwrap().unwrap();
    stored.ways = None;
    store.change_account(&stored).unwrap();
    home.reopen();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_an_account_of_before_goes_nowhere_else_without_a_yes() {
    let (mut home, registry, id) = signed_in().await;
    of_before(&mut home, &id);
    let service = guarded(Auth::TokenGet).await;
    point_to(&registry, &service);
    let before = registry.requests().len();
    problem(home.app.refresh_repositories(id.clone()).await);
    let view = the_account(&home).await;
    assert_eq!(view.state, AccountState::SignInChanged);
    assert_eq!(view.wanted.unwrap().to, service.host());
    saw_no_secret(&service);
    let since = &registry.requests()[before..];
    assert!(since.iter().all(|seen| !seen.has_authorization));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_an_identity_token_is_never_sent_as_a_password() {
    let (home, registry) = (Home::new(), guarded(Auth::Basic).await);
    let told = problem(
        home.app
            .add_account(account(&registry.host(), "<token>", SECRET))
            .await,
    );
    assert!(told.message.contains("identity token"), "{told:?}");
    saw_no_secret(&registry);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_the_watch_sends_nothing_another_way_and_does_not_ask_often() {
    let (mut home, registry, id) = signed_in().await;
    watch(&home, &id, "lab/tool", Some("v1")).await;
    home.reopen();
    let evil = guarded(Auth::TokenGet).await;
    point_to(&registry, &evil);
    registry.set(|faults| faults.token_uses = Some(0));
    home.later(Duration::from_mins(10));
    let now = app::Clock::system().now() + home.ahead();
    let next = home.app.watch_due().await.unwrap();
    assert_eq!(the_account(&home).await.state, AccountState::SignInChanged);
    assert!(next - now >= 3000, "asked again after {} s", next - now);
    saw_no_secret(&evil);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_the_engine_is_given_no_secret_for_a_registry_that_wants_it_elsewhere() {
    let Some((home, registry, engine, _)) = scripted_with_engine().await else {
        return;
    };
    load(&engine, 1, 1000).await;
    registry.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry.push_image("lab/tool", "v1", "one");
    let id = home.sign_in(&registry.host()).await.id;
    let lab = home.at(&id, "lab/tool");
    lab.refresh_tags().await;
    // The token that is at hand is still good: only the challenge tells.
    let evil = guarded(Auth::TokenGet).await;
    point_to(&registry, &evil);
    let task = home
        .app
        .start_pull(home.at(&id, "lab/tool").pull_order("v1", None))
        .await
        .unwrap();
    failure(&home.ended(&task).await, Code::SignIn);
    assert_eq!(
        the_signed_in(&home).await.state,
        AccountState::SignInChanged
    );
    saw_no_secret(&evil);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_of_version_6_is_a_registry_like_another() {
    let registry = Scripted::start_on("[::1]:0").await.unwrap();
    let home = Home::new();
    let view = home
        .app
        .add_account(account(&registry.host(), "", ""))
        .await
        .unwrap();
    assert!(view.host.starts_with("[::1]:"));
    home.app.refresh_repositories(view.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_asks_as_before_again_is_signed_in_and_the_window_told() {
    let (mut home, registry, id) = signed_in().await;
    home.reopen();
    let other = guarded(Auth::TokenGet).await;
    point_to(&registry, &other);
    problem(home.app.refresh_repositories(id.clone()).await);
    assert_eq!(the_account(&home).await.state, AccountState::SignInChanged);
    registry.set(|faults| faults.realm = None);
    home.heard_within_a_moment().await;
    home.app.refresh_repositories(id).await.unwrap();
    let view = the_account(&home).await;
    assert_eq!((view.state, view.wanted), (AccountState::SignedIn, None));
    let stale = AppEvent::Stale {
        what: Stale::Accounts,
    };
    assert!(home.heard_within_a_moment().await.contains(&stale));
    saw_no_secret(&other);
}
