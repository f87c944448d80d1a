//! Quay: what its own interface tells to an application's token alone, and how that second sign-in is given, refused, kept and removed.

use crate::acts::{Desk, REPOSITORY, tag};
use crate::home::{Home, SECRET, account};
use app::view::accounts::Keep;
use app::view::browse::Source;
use app::view::kinds::{SecondOrder, SecondState, SecondView, VendorId};
use app::view::problem::{Code, Problem};
use secrecy::SecretString;
use testkit::standins::quay::{APPLICATION, Quay, TOKEN_USER};
use vendors::Part;

async fn quay() -> (Home, Quay, String) {
    let quay = Quay::start().await.unwrap();
    quay.push(REPOSITORY, "v1", "one");
    quay.push("team/other", "v1", "other");
    quay.describe(REPOSITORY, "Counts cells.");
    let home = Home::new();
    let id = home.sign_in(&quay.host()).await.id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    (home, quay, id)
}

async fn give(home: &Home, id: &str, secret: &str) -> Result<SecondView, Problem> {
    let order = SecondOrder {
        account: id.to_owned(),
        user: String::new(),
        secret: SecretString::from(secret),
    };
    home.app.give_second(order).await.map(Option::unwrap)
}

async fn state(home: &Home, id: &str) -> SecondState {
    let second = home.app.second_sign_in(id.to_owned()).await.unwrap();
    second.unwrap().state
}

/// Lists the repositories; each with what it says of itself.
async fn words(home: &Home, id: &str) -> Vec<(String, Option<String>)> {
    home.app.refresh_repositories(id.to_owned()).await.unwrap();
    let list = home.app.repositories(id.to_owned()).await.unwrap();
    let said = |name: &String| {
        let mut marks = list.marks.iter().filter(|mark| mark.name == *name);
        marks.next().and_then(|mark| mark.words.description.clone())
    };
    let names = list.names.iter();
    names.map(|name| (name.clone(), said(name))).collect()
}

fn named(description: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![
        (REPOSITORY.to_owned(), description.map(str::to_owned)),
        ("team/other".to_owned(), None),
    ]
}

/// Counts the questions to Quay's own interface so far that bore this.
fn shown(quay: &Quay, credential: &str) -> usize {
    let all = quay.registry.requests();
    let own = all.iter().filter(|seen| seen.path.starts_with("/api/"));
    own.filter(|seen| seen.credential == credential).count()
}

fn bearer(secret: &str) -> String {
    format!("Bearer {secret}")
}

fn key(quay: &Quay) -> String {
    format!("second {}", quay.host())
}

/// Behaviour (vendors): Quay's own interface is asked with an OAuth application's token alone: the account's sign-in is never shown to it, and a wrong token is sent once.
/// Source: Quay ffba0c7: it takes Basic for nobody and answers 200 with a list of nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_told_to_an_application_alone() {
    let (home, quay, id) = quay().await;
    assert_eq!(words(&home, &id).await, named(None));
    let second = home.app.second_sign_in(id.clone()).await.unwrap().unwrap();
    assert_eq!(
        (second.vendor, second.state, second.wants_user),
        (VendorId::Quay, SecondState::Absent, false)
    );
    assert_eq!((second.host, second.user), (quay.host(), None));

    for odd in ["", " \n", "two words", &"x".repeat(5000)] {
        let problem = give(&home, &id, odd).await.unwrap_err();
        assert_eq!(problem.code, Code::SecondSignIn, "{odd}");
    }
    let problem = give(&home, &id, "wrong").await.unwrap_err();
    assert_eq!(problem.code, Code::SecondSignIn);
    assert!(
        problem.message.contains("doesn’t take this token"),
        "{problem:?}"
    );
    assert_eq!(shown(&quay, &bearer("wrong")), 1);
    assert_eq!(state(&home, &id).await, SecondState::Absent);
    assert!(!home.keychain.holds(&key(&quay)));

    // What is done, and needs one, says so; nothing that can do without does.
    let kinds = home.app.app.kinds.clone();
    let lacks = kinds.lacks_second(&id, Part::Restore).await.unwrap();
    assert_eq!(lacks.code, Code::SecondSignIn);
    let given = give(&home, &id, &format!(" {APPLICATION}\n"))
        .await
        .unwrap();
    assert_eq!(
        (given.state, given.for_session),
        (SecondState::Given, false)
    );
    assert!(home.keychain.holds(&key(&quay)));
    assert_eq!(kinds.lacks_second(&id, Part::Restore).await, None);
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    // Recognising asks as nobody, and all else bears the token.
    let own = quay.registry.requests();
    let own = own.iter().filter(|seen| seen.path.starts_with("/api/"));
    let others =
        own.filter(|seen| seen.has_authorization && !seen.credential.ends_with(APPLICATION));
    assert_eq!(others.count(), 1, "the wrong one");
    assert_eq!(quay.violations(), [""; 0]);
    // Nothing that the window hears of it holds it.
    assert!(!home.events_text().contains(APPLICATION));
}

/// Behaviour (vendors): Looking at a repository that isn't there, as one that was typed, makes none.
/// Source: Quay's source, `endpoints/v2/v2auth.py`: the mere question for a token to push makes one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_at_what_is_not_there_makes_nothing() {
    let (home, quay, id) = quay().await;
    let typed = || (id.clone(), "team/typed".to_owned());
    let (account, repository) = typed();
    home.app.refresh_tags(account, repository).await.unwrap();
    let (account, repository) = typed();
    let _ = home.app.refresh_about(account, repository).await;
    assert!(quay.has("team/other") && !quay.has("team/typed"));
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_taken_back_is_sent_once_and_all_goes_by_the_protocol() {
    let (mut home, quay, id) = quay().await;
    give(&home, &id, APPLICATION).await.unwrap();
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    quay.revoke();
    quay.push(REPOSITORY, "v2", "two");
    quay.registry.forget_requests();
    for _ in 0..2 {
        let names: Vec<String> = words(&home, &id).await.into_iter().map(|it| it.0).collect();
        assert_eq!(names, [REPOSITORY, "team/other"]);
    }
    home.at(&id, REPOSITORY).refresh_tags().await;
    assert_eq!(home.at(&id, REPOSITORY).tags().await.rows.len(), 2);
    assert_eq!(shown(&quay, &bearer(APPLICATION)), 1);
    assert_eq!(state(&home, &id).await, SecondState::Refused);
    // Nor in the next run.
    home.reopen();
    words(&home, &id).await;
    assert_eq!(shown(&quay, &bearer(APPLICATION)), 1);
    assert_eq!(state(&home, &id).await, SecondState::Refused);
    let account = home.app.accounts().await.unwrap().remove(0);
    let signed_in = app::view::accounts::AccountState::SignedIn;
    assert_eq!(account.state, signed_in, "the account’s own is as it was");
    home.app.remove_second(id.clone()).await.unwrap();
    assert_eq!(state(&home, &id).await, SecondState::Absent);
    assert!(!home.keychain.holds(&key(&quay)));
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_outlives_the_run_and_goes_with_its_account() {
    let (mut home, quay, id) = quay().await;
    give(&home, &id, APPLICATION).await.unwrap();
    home.reopen();
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    assert_eq!(state(&home, &id).await, SecondState::Given);

    // Signing out leaves no secret behind.
    home.app.sign_out(id.clone()).await.unwrap();
    assert!(!home.keychain.holds(&key(&quay)) && !home.keychain.holds(&quay.host()));
    home.sign_in(&quay.host()).await;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(state(&home, &id).await, SecondState::Absent);

    // Nor does an account that is removed while the keychain is away: what stays is noted, and goes once it is back.
    give(&home, &id, APPLICATION).await.unwrap();
    home.keychain.lock();
    let stuck = home.app.remove_account(id.clone()).await;
    assert_eq!(stuck.unwrap_err().code, Code::Keychain);
    let anyway = vec![Code::Keychain];
    home.app.remove_as_asked(id, false, anyway).await.unwrap();
    home.keychain.unlock();
    assert!(home.keychain.holds(&key(&quay)));
    home.app.found_registries().await.unwrap();
    assert!(!home.keychain.holds(&key(&quay)) && !home.keychain.holds(&quay.host()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_moves_with_the_accounts_own_secret() {
    let (mut home, quay, id) = quay().await;
    give(&home, &id, APPLICATION).await.unwrap();
    let mut again = account(&quay.host(), crate::home::USER, SECRET);
    again.keep = Keep::EncryptedFile {
        passphrase: Some(SecretString::from("a long passphrase")),
    };
    home.app.sign_in(id.clone(), again).await.unwrap();
    assert!(!home.keychain.holds(&key(&quay)));
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    assert!(!home.keychain.holds(&quay.host()));
    // While the file is closed it is not there, and nothing asks for it.
    home.reopen();
    assert_eq!(state(&home, &id).await, SecondState::Unreached);
    let passphrase = SecretString::from("a long passphrase");
    home.app.open_encrypted_file(passphrase).await.unwrap();
    assert_eq!(state(&home, &id).await, SecondState::Given);
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keychain_it_is_kept_until_the_window_closes() {
    let quay = Quay::start().await.unwrap();
    quay.push(REPOSITORY, "v1", "one");
    let mut home = Home::new();
    home.keychain.take_away();
    let mut session = account(&quay.host(), crate::home::USER, SECRET);
    session.keep = Keep::Session;
    let id = home.app.add_account(session).await.unwrap().id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let given = give(&home, &id, APPLICATION).await.unwrap();
    assert_eq!((given.state, given.for_session), (SecondState::Given, true));
    home.reopen();
    let second = home.app.second_sign_in(id).await.unwrap();
    assert_ne!(second.map(|second| second.state), Some(SecondState::Given));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_an_application_needs_no_second_sign_in() {
    let quay = Quay::start().await.unwrap();
    quay.push(REPOSITORY, "v1", "one");
    quay.push("team/other", "v1", "other");
    quay.describe(REPOSITORY, "Counts cells.");
    let home = Home::new();
    let own = account(&quay.host(), TOKEN_USER, APPLICATION);
    let id = home.app.add_account(own).await.unwrap().id;
    assert_eq!(words(&home, &id).await, named(Some("Counts cells.")));
    assert_eq!(home.app.second_sign_in(id).await.unwrap(), None);
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_goes_by_the_protocol_and_is_remembered_there() {
    let quay = Quay::start().await.unwrap();
    let digest = quay.push(REPOSITORY, "nightly", "one");
    let desk = Desk::signed_in_at(&quay.host()).await;
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    give(&desk.home, &desk.id, APPLICATION).await.unwrap();
    desk.refresh().await;
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(quay.registry.tags(REPOSITORY), [""; 0]);
    let history = quay.history(REPOSITORY, "nightly");
    assert_eq!((history.len(), &history[0].0), (1, &digest));
    assert!(history[0].2.is_some(), "it has ended");
    assert_eq!(quay.violations(), [""; 0]);
}

/// Behaviour (vendors): What a thousand tags at Quay point at, and since when, costs ten questions; where that is told to a second sign-in, the names are asked for as the account.
/// Source: Quay ffba0c7, `endpoints/api/tag.py`: `…/tag/?onlyActiveTags=true&limit=100`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_a_hundred_at_once() {
    let (home, quay, id) = quay().await;
    for at in 0..999 {
        let name = format!("v{at:04}");
        quay.push(REPOSITORY, &name, &name);
    }
    home.app.refresh_repositories(id.clone()).await.unwrap();
    give(&home, &id, APPLICATION).await.unwrap();
    quay.registry.forget_requests();
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    let requests = quay.registry.requests();
    let of = |part: &str| requests.iter().filter(|it| it.path.contains(part)).count();
    assert_eq!((of("/tag/?"), of("/tags/list")), (10, 2), "{requests:#?}");
    assert!(requests.len() <= 13, "{requests:#?}");
    let rows = lab.tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert_eq!(row.digest, quay.registry.tagged(REPOSITORY, &row.name));
        assert_eq!(row.time.unwrap().source, Source::Registry);
    }
    assert_eq!(quay.violations(), [""; 0]);
}
