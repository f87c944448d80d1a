//! What goes wrong, the same for every system: a secret, a token, a limit, all at once. What was known stays, and it is said.
//!
//! A system that lists no repositories is asked for the tags of one.

use super::{desk, list, names};
use crate::acts::Desk;
use crate::home::SECRET;
use crate::systems::world::{Plays, System, is_own};
use app::view::problem::{Code, Problem};
use credentials::SecretStore as _;
use secrecy::SecretString;
use std::collections::BTreeSet;

/// Asks for the list again.
async fn ask<S: System>(desk: &Desk) -> Result<(), Problem> {
    let (app, id) = (&desk.home.app, desk.id.clone());
    if S::REPOSITORIES == 0 {
        return app.refresh_tags(id, S::REPOSITORY.into()).await;
    }
    app.refresh_repositories(id).await
}

/// Returns what is listed, as far as it is known.
async fn known<S: System>(desk: &Desk) -> BTreeSet<String> {
    if S::REPOSITORIES == 0 {
        let rows = desk.lab().tags().await.rows.into_iter();
        return rows.map(|row| row.name).collect();
    }
    names::<S>(desk).await.into_iter().collect()
}

/// Asks for the list, of an account that may be new; what it says.
async fn listed<S: System>(desk: &Desk) -> BTreeSet<String> {
    list::<S>(desk).await;
    if S::REPOSITORIES == 0 {
        ask::<S>(desk).await.unwrap();
    }
    known::<S>(desk).await
}

/// What is listed where `v1` of one repository, and these repositories, are all there is.
fn all<S: System>(others: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    if S::REPOSITORIES == 0 {
        return BTreeSet::from(["v1".to_owned()]);
    }
    let one = std::iter::once(S::REPOSITORY.to_owned());
    one.chain(others).collect()
}

/// A secret that is wrong by now is said to be so; it goes to no interface beside, and what is known stays.
pub async fn wrong_secret<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(S::REPOSITORY, "v1", "one").await;
    let mut desk = desk(&system).await;
    let all = all::<S>([]);
    assert_eq!(listed::<S>(&desk).await, all);
    desk.home.reopen();
    let key = system.key();
    let wrong = SecretString::from("another-secret");
    desk.home.keychain.set(&key, &wrong).unwrap();
    system.forget();
    assert_eq!(ask::<S>(&desk).await.unwrap_err().code, Code::SignIn);
    let asked = system.asked();
    assert!(!asked.iter().any(|request| is_own(request)), "{asked:#?}");
    // One question without it, and each time that it is sent one more, where a token has to be tried.
    assert!(asked.len() <= 1 + 2 * S::WRONG_IS_SENT, "{asked:#?}");
    assert_eq!(known::<S>(&desk).await, all);
    let right = SecretString::from(SECRET);
    desk.home.keychain.set(&key, &right).unwrap();
    desk.home.reopen();
    assert_eq!(listed::<S>(&desk).await, all);
    assert_eq!(system.violations(), [""; 0]);
}

/// Where a token has ended another one is asked for, and nobody hears of it.
pub async fn expired_token<S: Plays>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(S::REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    desk.refresh().await;
    system.push(S::REPOSITORY, "v1", "two").await;
    system.expire_tokens();
    system.forget();
    desk.refresh().await;
    let row = desk.lab().resolve("v1").await;
    assert_eq!(
        (row.digest, row.trouble),
        (system.tagged(S::REPOSITORY, "v1").await, None)
    );
    let asked = system.asked();
    let token = format!("GET {}", system.token_path());
    let tokens = asked.iter().filter(|it| it.starts_with(&token)).count();
    assert_eq!(tokens, S::TOKENS, "{asked:#?}");
    assert_eq!(system.violations(), [""; 0]);
}

/// Who is asked too much and says when to ask again is asked the very same once more; where that is too long, what is known stays.
pub async fn rate_limit<S: Plays>() {
    let Some(system) = S::start().await else {
        return;
    };
    let filled = system.fill(3).await;
    system.push(S::REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    let all = all::<S>(filled);
    assert_eq!(listed::<S>(&desk).await, all);
    system.forget();
    system.set(|faults| {
        faults.over_script = true;
        faults.too_many = 1;
        faults.retry_after = Some("1".into());
    });
    ask::<S>(&desk).await.unwrap();
    assert_eq!(known::<S>(&desk).await, all);
    let asked = system.asked();
    assert_eq!(asked[0], asked[1], "the very same again: {asked:#?}");
    assert_eq!(asked.iter().filter(|it| **it == asked[0]).count(), 2);

    // Longer than anybody waits.
    system.set(|faults| {
        faults.too_many = 1000;
        faults.retry_after = Some("1800".into());
    });
    system.forget();
    let refused = ask::<S>(&desk).await.unwrap_err();
    assert!(refused.message.contains("too many requests"), "{refused:?}");
    let mut asked = system.asked();
    // Neither by its own interface nor by the protocol more than once, with a token where there was none for it.
    asked.retain(|it| !it.contains(system.token_path()));
    assert!(asked.len() <= 2, "{asked:#?}");
    assert_eq!(known::<S>(&desk).await, all);
    assert_eq!(system.violations(), [""; 0]);
}

/// Where everything fails, what is known stays, and it is said.
pub async fn fails_500<S: Plays>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(S::REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    let all = all::<S>([]);
    assert_eq!(listed::<S>(&desk).await, all);
    desk.refresh().await;
    desk.see("v1").await;
    let before = desk.lab().tags().await.rows;
    system.set(|faults| {
        faults.over_script = true;
        faults.status500 = true;
    });
    let told = ask::<S>(&desk).await.unwrap_err().message;
    assert!(told.ends_with('.'), "{told}");
    let app = &desk.home.app;
    let tags = app.refresh_tags(desk.id.clone(), S::REPOSITORY.into());
    let tags = tags.await;
    assert!(tags.unwrap_err().message.ends_with('.'));
    assert_eq!(known::<S>(&desk).await, all);
    let after = desk.lab().tags().await.rows;
    assert_eq!((after.len(), &after[0].digest), (1, &before[0].digest));
    assert!(!after[0].deleted);
    // And it is as ever once it answers again.
    system.set(|faults| faults.status500 = false);
    system.push(S::REPOSITORY, "v2", "two").await;
    desk.refresh().await;
    assert_eq!(desk.lab().tags().await.rows.len(), 2);
    assert_eq!(system.violations(), [""; 0]);
}
