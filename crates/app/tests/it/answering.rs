//! Who has not answered, as the window is told it: a registry that hangs, one that is gone, an engine that hangs.

use crate::home::{Home, load, scripted, scripted_with_engine};
use app::view::active::ActiveQuestion;
use app::view::answering::{Silence, Unanswered, Whom};
use app::view::delete::{DeleteItem, DeleteQuestion};
use app::view::events::{AppEvent, Stale};
use app::view::keep::Prune;
use app::view::problem::{Code, Problem};
use app::view::push::PushQuestion;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::time::{Duration, Instant};
use testkit::images::MANIFEST;
use testkit::scripted::{Answer, Scripted};

const REPOSITORY: &str = "lab/tool";

fn account(id: &str) -> Whom {
    Whom::Account {
        account: id.to_owned(),
    }
}

/// Waits until the app says this of who has not answered.
async fn until(home: &Home, wanted: impl Fn(&[Unanswered]) -> bool) -> Vec<Unanswered> {
    let start = Instant::now();
    loop {
        let all = home.app.app.settings.unanswered();
        if wanted(&all) {
            return all;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{all:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn is_waiting(all: &[Unanswered]) -> bool {
    all.iter().any(|one| one.state == Silence::Waiting)
}

fn is_in_trouble(all: &[Unanswered]) -> bool {
    let trouble = |one: &Unanswered| matches!(one.state, Silence::Trouble { .. });
    all.iter().any(trouble)
}

fn told(home: &Home) -> usize {
    told_of(home, Stale::Answering)
}

fn told_of(home: &Home, what: Stale) -> usize {
    let wanted = AppEvent::Stale { what };
    let events = home.events();
    events.iter().filter(|event| **event == wanted).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_hangs_is_told_and_ends_when_nobody_waits_for_it() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    registry.set(|faults| faults.delay = Duration::from_mins(10));
    let asked: Vec<_> = (0..3)
        .map(|n| {
            let (app, id) = (home.app.clone(), id.clone());
            tokio::spawn(async move {
                let repository = REPOSITORY.to_owned();
                match n {
                    0 => app.refresh_repositories(id).await,
                    1 => app.app.repositories.refresh_tags(id, repository).await,
                    _ => {
                        let tag = "v1".to_owned();
                        let row = app.app.repositories.resolve_tag(id, repository, tag);
                        row.await.map(drop)
                    }
                }
            })
        })
        .collect();
    let all = until(&home, is_waiting).await;
    assert_eq!(all.len(), 1, "one registry is waited for: {all:?}");
    assert_eq!(all[0].whom, account(&id));
    let start = Instant::now();
    while told(&home) == 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "nobody was told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let start = Instant::now();
    home.app.app.settings.stop_asking(&account(&id));
    for each in asked {
        assert_eq!(each.await.unwrap().unwrap_err().code, Code::Ended);
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    until(&home, |all| {
        all.iter().all(|one| one.state == Silence::Ended)
    })
    .await;
    let list = home.app.tags(id.clone(), REPOSITORY.to_owned()).await;
    assert!(
        list.unwrap().rows.iter().all(|row| row.trouble.is_none()),
        "what one stopped is no trouble of a row"
    );

    registry.set(|faults| faults.delay = Duration::ZERO);
    let tags = home
        .app
        .app
        .repositories
        .refresh_tags(id, REPOSITORY.to_owned());
    tags.await.unwrap();
    until(&home, <[Unanswered]>::is_empty).await;
}

/// What a sheet comes to that does not open.
type Sheet = BoxFuture<'static, Code>;

/// The sheets that wait for a registry: of *Delete*, *Make active* and *Prune*, and with an image that of *Push*.
fn sheets(home: &Home, id: &str, digest: &str, image: Option<&str>) -> Vec<Sheet> {
    let (account, repository) = (id.to_owned(), REPOSITORY.to_owned());
    let delete = DeleteQuestion {
        account: account.clone(),
        repository: repository.clone(),
        items: vec![DeleteItem::Tag { name: "v1".into() }],
    };
    let active = ActiveQuestion {
        account: account.clone(),
        repository: repository.clone(),
        tag: "v1".into(),
        commit: digest.to_owned(),
    };
    let push = image.map(|image| PushQuestion {
        image: Some(image.to_owned()),
        name: None,
        account: account.clone(),
        repository: repository.clone(),
        tag: "v1".into(),
        engine: None,
        platform: None,
        base: None,
    });
    let code = |result: Result<(), Problem>| result.unwrap_err().code;
    let app = || home.app.clone();
    let (first, second, third, fourth) = (app(), app(), app(), app());
    let mut sheets: Vec<Sheet> = vec![
        async move { code(first.plan_delete(delete).await.map(drop)) }.boxed(),
        async move { code(second.plan_active(active).await.map(drop)) }.boxed(),
        async move {
            let plan = third.plan_prune(account, repository, Prune::Last { commits: 1 });
            code(plan.await.map(drop))
        }
        .boxed(),
    ];
    sheets.extend(
        push.map(|push| async move { code(fourth.plan_push(push).await.map(drop)) }.boxed()),
    );
    sheets
}

/// Each sheet alone is told of, and left at once where the person wants that; nothing of it is shown in part.
async fn sheets_can_be_left(home: &Home, registry: &Scripted, id: &str, image: Option<&str>) {
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let kept = format!("_h.v1.20261101t120000z-{}", &digest[7..]);
    let bytes = registry.manifest(REPOSITORY, &digest).unwrap();
    registry.put_manifest(REPOSITORY, Some(&kept), MANIFEST, &bytes);
    home.at(id, REPOSITORY).refresh_tags().await;
    registry.set(|faults| faults.delay = Duration::from_mins(10));
    for (number, sheet) in sheets(home, id, &digest, image).into_iter().enumerate() {
        let sheet = tokio::spawn(sheet);
        let all = until(home, is_waiting).await;
        assert_eq!(all[0].whom, account(id), "{number}");
        let start = Instant::now();
        home.app.app.settings.stop_asking(&account(id));
        assert_eq!(sheet.await.unwrap(), Code::Ended, "{number}");
        assert!(start.elapsed() < Duration::from_secs(2), "{number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_that_waits_for_a_registry_is_told_of_and_can_be_left() {
    let (home, registry, id) = scripted().await;
    sheets_can_be_left(&home, &registry, &id, None).await;
    // Nothing is left of it.
    registry.set(|faults| faults.delay = Duration::ZERO);
    let plan = DeleteQuestion {
        account: id,
        repository: REPOSITORY.to_owned(),
        items: vec![DeleteItem::Tag { name: "v1".into() }],
    };
    let plan = home.app.plan_delete(plan).await.unwrap();
    assert_eq!(plan.items[0].refused, None, "{plan:?}");
    until(&home, <[Unanswered]>::is_empty).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_of_a_push_is_told_of_and_can_be_left_too() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 1000).await;
    sheets_can_be_left(&home, &registry, &id, Some(&images[0])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_told_of_the_registry_and_the_first_answer_clears_it() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let repositories = &home.app.app.repositories;
    let repository = REPOSITORY.to_owned();
    let listed = repositories.refresh_tags(id.clone(), repository.clone());
    listed.await.unwrap();
    let address = registry.host();
    drop(registry);
    let row = repositories.resolve_tag(id.clone(), repository.clone(), "v1".to_owned());
    assert_eq!(row.await.unwrap_err().code, Code::NoAnswer);
    let all = until(&home, is_in_trouble).await;
    let Silence::Trouble { problem, asking } = &all[0].state else {
        unreachable!("it is in trouble")
    };
    assert_eq!((problem.code, *asking), (Code::NoAnswer, false));
    let list = home.app.tags(id, repository).await;
    let rows = list.unwrap().rows;
    assert!(rows.iter().all(|row| row.trouble.is_none()), "{rows:?}");

    // Back at the same address: nobody asks anything.
    let back = Scripted::start_on(&address).await.unwrap();
    until(&home, <[Unanswered]>::is_empty).await;
    assert!(back.requests().iter().all(|asked| !asked.has_authorization));
}

/// Behaviour (waiting): One path that always fails, beside others that answer, is not asked for without end.
/// Source: a proxy whose time runs out before a large registry has listed its catalog.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_path_that_never_answers_is_not_asked_for_without_end() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    registry.script(|asked| asked.path.ends_with("/_catalog").then(|| Answer::of(504)));
    let account = id.clone();
    let answers = || {
        told_of(
            &home,
            Stale::Answers {
                account: account.clone(),
            },
        )
    };
    registry.forget_requests();
    let (mut words, mut is_due) = (0, true);
    for _ in 0..3 {
        // What the window asks again by itself, once at its beginning and at each word.
        if is_due {
            let listed = home.app.refresh_repositories(id.clone()).await;
            assert_eq!(listed.unwrap_err().code, Code::NoAnswer);
            until(&home, is_in_trouble).await;
        }
        // Another question is answered, as a knock is.
        let repositories = &home.app.app.repositories;
        let tags = repositories.refresh_tags(id.clone(), REPOSITORY.to_owned());
        tags.await.unwrap();
        until(&home, <[Unanswered]>::is_empty).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let more = answers();
        (words, is_due) = (words + more, more > 0);
    }
    assert_eq!(words, 1, "the second has to wait for a minute");
    let asked = registry.count("GET", "/v2/_catalog");
    let once = asked / 2;
    assert!(once >= 1 && asked == once * 2, "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_that_nobody_told_are_asked_for_again() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let about = format!("/v2/{REPOSITORY}/manifests/_about");
    registry.set(|faults| faults.status = Some(503));
    let ask = || home.app.ask_abouts(id.clone(), vec![REPOSITORY.to_owned()]);
    assert_eq!(ask().await.unwrap_err().code, Code::NoAnswer);
    registry.set(|faults| faults.status = None);
    registry.forget_requests();
    ask().await.unwrap();
    let asked = registry.count("HEAD", &about);
    assert!(asked > 0, "it was not told, so it is due");
    ask().await.unwrap();
    assert_eq!(registry.count("HEAD", &about), asked, "it is known now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_an_account_of_https_is_added_again_over_https_alone() {
    let registry = Scripted::start().await.unwrap();
    let mut home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let store = store::Store::open(&home.folder.path().join("longshore.db")).unwrap();
    let mut stored = store.account(id.parse().unwrap()).unwrap().unwrap();
    "https".clone_into(&mut stored.scheme);
    store.change_account(&stored).unwrap();
    home.reopen();
    registry.forget_requests();
    // Whoever listens at its port on this computer now speaks plain HTTP, and nothing was typed before the host.
    let given = crate::home::account(&registry.host(), "", "");
    let told = home.app.add_as_shown(given).await.unwrap_err();
    assert_eq!(told.code, Code::Address);
    let accounts = home.app.accounts().await.unwrap();
    assert!(accounts.len() == 1 && !accounts[0].plain_http);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_hangs_can_be_left() {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.delay = Duration::from_mins(10));
    let home = Home::new();
    let (app, host) = (home.app.clone(), registry.host());
    let asked = tokio::spawn(async move { app.probe_registry(host).await });
    let all = until(&home, is_waiting).await;
    assert_eq!(all[0].whom, Whom::SignIn);
    home.app.app.settings.stop_asking(&Whom::SignIn);
    assert_eq!(asked.await.unwrap().unwrap_err().code, Code::Ended);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_hangs_is_told_and_can_be_left() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    // It takes connections, and never says a word.
    let _hangs = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let home = Home::at_engine(&format!("unix://{}", socket.display()));
    let app = home.app.clone();
    let asked = tokio::spawn(async move { app.app.computer.images().await });
    let waits = until(&home, |all| is_waiting(all) || asked.is_finished()).await;
    assert_eq!(waits.first().map(|one| &one.whom), Some(&Whom::Engine));
    home.app.app.settings.stop_asking(&Whom::Engine);
    assert_eq!(asked.await.unwrap().unwrap_err().code, Code::Ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_typed_https_is_never_answered_in_the_clear() {
    // Plain HTTP on this computer itself, which is otherwise taken without a word.
    let registry = Scripted::start().await.unwrap();
    let home = Home::new();
    let typed = format!("https://{}", registry.host());
    let told = home.app.probe_registry(typed.clone()).await.unwrap_err();
    assert_eq!(told.code, Code::Address);
    assert!(told.hints.iter().any(|hint| hint.contains("http://")));
    let mut given = crate::home::account(&typed, "", "");
    given.allow_plain_http = true;
    let told = home.app.add_as_shown(given).await.unwrap_err();
    assert_eq!(
        told.code,
        Code::Address,
        "a tick from before changes nothing"
    );
    assert_eq!(
        registry.requests().len(),
        0,
        "nothing was asked in the clear"
    );
    assert!(home.app.accounts().await.unwrap().is_empty());

    let plain = home.app.probe_registry(registry.host()).await.unwrap();
    assert!(!plain.tls, "who types nothing is answered");
}
