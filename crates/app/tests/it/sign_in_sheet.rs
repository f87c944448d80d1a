//! What the sheet of a sign-in showed is what is agreed to: nothing is sent another way, and what was agreed to is kept.

use crate::home::{Home, SECRET, USER, account, problem};
use crate::sign_in_ways::{guarded, point_to, saw_no_secret, signed_in, the_account};
use app::view::accounts::{AccountState, AccountView, NewAccount};
use app::view::problem::Code;
use testkit::scripted::{Answer, Auth, Scripted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_what_the_sheet_did_not_show_is_sent_nowhere() {
    let (home, registry) = (Home::new(), guarded(Auth::TokenGet).await);
    let evil = guarded(Auth::TokenGet).await;
    let shown = home.app.shown(&registry.host()).await;
    // Between the sheet and the yes the realm moves; or there was no sheet.
    point_to(&registry, &evil);
    for agreed in [shown, Vec::new()] {
        let new = NewAccount {
            agreed,
            ..account(&registry.host(), USER, SECRET)
        };
        let told = problem(home.app.add_as_shown(new).await);
        assert_eq!(told.code, Code::SignInChanged, "{told:?}");
        assert!(told.message.contains(&evil.host()), "{told:?}");
    }
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&registry.host()));
    saw_no_secret(&evil);
    saw_no_secret(&registry);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_again_agrees_to_what_its_sheet_shows() {
    let (home, registry, id) = signed_in().await;
    registry.set(|faults| faults.auth = Auth::Basic);
    let view = home
        .app
        .sign_in(id.clone(), account("", USER, SECRET))
        .await
        .unwrap();
    assert_eq!(view.ways[0].way, "basic");
    home.app.refresh_repositories(id).await.unwrap();
}

/// The ways that are kept with an account.
fn kept(view: &AccountView) -> Vec<String> {
    view.ways.iter().map(|way| way.way.clone()).collect()
}

/// The way to the token service at a host.
fn tokens_of(service: &Scripted) -> String {
    format!("bearer http://{}", service.host())
}

/// Makes a registry that asks nobody for a sign-in, and sends who gives one for a token elsewhere.
fn send_for_tokens(registry: &Scripted, service: &Scripted) {
    let challenge = format!(r#"Bearer realm="http://{}/token""#, service.host());
    registry.set(|faults| faults.auth = Auth::Open);
    registry.script(move |asked| {
        let signs_in = asked.authorization.starts_with("Basic");
        signs_in.then(|| Answer::challenge(challenge.clone()))
    });
}

/// Behaviour (sign-in): Strangers may read and are asked for nothing; who sends a password is told to get a token elsewhere.
/// Source: Registries that look at a sign-in only where there is one, behind a token service.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_realm_that_shows_after_the_first_try_gets_nothing_before_the_sheet_showed_it() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    registry.push_image("lab/tool", "v1", "one");
    let service = guarded(Auth::TokenGet).await;
    send_for_tokens(&registry, &service);
    let host = registry.host();
    assert_eq!(home.app.shown(&host).await, ["basic"]);
    // A yes to what was shown first is none to what showed since.
    for _ in 0..2 {
        let new = NewAccount {
            agreed: vec!["basic".into()],
            ..account(&host, USER, SECRET)
        };
        let told = problem(home.app.add_as_shown(new).await);
        assert_eq!(told.code, Code::SignInChanged, "{told:?}");
        assert!(told.message.contains(&service.host()), "{told:?}");
        assert_eq!(
            home.app.shown(&host).await,
            ["basic".to_owned(), tokens_of(&service)]
        );
    }
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&host));
    assert!(service.requests().is_empty());

    let told = problem(home.app.add_account(account(&host, USER, "wrong")).await);
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    let view = home.sign_in(&host).await;
    assert_eq!(kept(&view), ["basic".to_owned(), tokens_of(&service)]);
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();
    // A new secret goes where the sheet says that it went so far.
    let again = home.app.sign_in(view.id, account("", USER, SECRET)).await;
    assert_eq!(kept(&again.unwrap()), kept(&the_account(&home).await));
    assert_eq!(the_account(&home).await.ways.len(), 2);

    // Another service than the one that was agreed to is another one.
    let evil = guarded(Auth::TokenGet).await;
    send_for_tokens(&registry, &evil);
    let id = the_account(&home).await.id;
    let told = problem(home.app.sign_in(id, account("", USER, SECRET)).await);
    assert_eq!(told.code, Code::SignInChanged, "{told:?}");
    assert!(evil.requests().is_empty());
}

/// Makes a repository of a registry ask for tokens of a service, while the rest asks as it did.
fn ask_for_tokens_at_the_repository(registry: &Scripted, service: &Scripted) {
    let challenge = format!(r#"Bearer realm="http://{}/token""#, service.host());
    registry.script(move |asked| {
        let is_there = asked.path.starts_with("/v2/lab/tool/");
        is_there.then(|| match asked.token() {
            "" => Answer::challenge(challenge.clone()),
            _ => Answer::json(r#"{"name":"lab/tool","tags":["v1"]}"#),
        })
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_again_keeps_what_was_agreed_to_as_long_as_it_is_asked_for() {
    let (mut home, registry) = (Home::new(), guarded(Auth::Basic).await);
    registry.push_image("lab/tool", "v1", "one");
    let id = home.sign_in(&registry.host()).await.id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let service = guarded(Auth::TokenGet).await;
    ask_for_tokens_at_the_repository(&registry, &service);
    let refresh = async |home: &Home, id: &str| {
        home.app
            .refresh_tags(id.to_owned(), "lab/tool".to_owned())
            .await
    };
    problem(refresh(&home, &id).await);
    saw_no_secret(&service);
    let way = tokens_of(&service);
    let view = home.app.approve_sign_in(id.clone(), Some(way.clone()));
    let both = ["basic".to_owned(), way];
    assert_eq!(kept(&view.await.unwrap()), both);
    refresh(&home, &id).await.unwrap();

    home.reopen();
    let only_basic = NewAccount {
        agreed: vec!["basic".into()],
        ..account("", USER, SECRET)
    };
    let view = home.app.sign_in_as_shown(id.clone(), only_basic).await;
    assert_eq!(kept(&view.unwrap()), both);
    refresh(&home, &id).await.unwrap();
    assert_eq!(the_account(&home).await.state, AccountState::SignedIn);

    // It was shown as where the secret went so far; nobody asks for it any more.
    registry.script(|_| None);
    let view = home.app.sign_in(id.clone(), account("", USER, SECRET));
    assert_eq!(kept(&view.await.unwrap()), ["basic"]);
    service.forget_requests();
    ask_for_tokens_at_the_repository(&registry, &service);
    problem(refresh(&home, &id).await);
    saw_no_secret(&service);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_host_that_answers_for_another_proves_no_sign_in() {
    let (home, registry) = (Home::new(), guarded(Auth::Basic).await);
    let other = Scripted::start().await.unwrap();
    let to = format!("http://{}", other.host());
    registry.script(move |asked| Some(Answer::redirect(307, format!("{to}{}", asked.path))));
    for secret in [SECRET, "wrong"] {
        let new = account(&registry.host(), USER, secret);
        let told = problem(home.app.add_account(new).await);
        assert!(told.message.contains(&other.host()), "{told:?}");
    }
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!home.keychain.holds(&registry.host()));
    saw_no_secret(&other);
    home.anyone(&registry.host()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_ways_that_nobody_here_knows_get_nothing() {
    for unknown in ["Negotiate", r#"Digest realm="d", nonce="n", qop="auth""#] {
        let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
        registry.script(move |_| {
            let challenge = Answer::challenge(unknown);
            Some(challenge.with("docker-distribution-api-version", "registry/2.0"))
        });
        // Whatever a window says that it showed.
        for agreed in [Vec::new(), vec!["basic".to_owned()]] {
            let new = NewAccount {
                agreed,
                ..account(&registry.host(), USER, SECRET)
            };
            let told = problem(home.app.add_as_shown(new).await);
            let said = app_says_unknown(&told.message);
            assert!(said && told.code == Code::SignIn, "{told:?}");
        }
        saw_no_secret(&registry);
    }
}

/// Tells whether it is said that the registry wants a way that nobody here knows.
fn app_says_unknown(message: &str) -> bool {
    message.ends_with("asks for a sign-in in a way that Longshore doesn’t know.")
}
