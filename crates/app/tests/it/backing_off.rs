//! The watch where a host is away or wants to be left alone: it waits, longer each time, and then misses nothing.

use crate::home::{Home, scripted};
use crate::watching::{REPOSITORY, a_round, changes, moves, watch};
use std::time::Duration;
use testkit::scripted::Scripted;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_had_too_many_requests_is_left_alone() {
    let (mut home, registry, id) = scripted().await;
    for repository in [REPOSITORY, "lab/tool"] {
        registry.push_image(repository, "prod", "one");
        watch(&home, &id, repository, Some("prod")).await;
    }
    registry.set(|faults| {
        faults.too_many = 1000;
        faults.retry_after = Some("1800".into());
    });
    registry.forget_requests();
    a_round(&home).await;
    assert_eq!(registry.requests().len(), 1, "{:#?}", registry.requests());
    let told = moves(&home, &id, REPOSITORY).await.watch.trouble.unwrap();
    assert!(told.contains("too many requests"), "{told}");
    // Neither the next round nor a restart asks earlier than it said.
    registry.set(|faults| faults.too_many = 0);
    registry.push_image(REPOSITORY, "prod", "two");
    registry.forget_requests();
    a_round(&home).await;
    home.reopen();
    a_round(&home).await;
    assert!(registry.requests().is_empty());
    home.later(Duration::from_mins(30));
    home.app.watch_due().await.unwrap();
    let now = moves(&home, &id, REPOSITORY).await;
    assert_eq!((now.rows.len(), now.watch.trouble), (1, None));
    assert_eq!(registry.count("HEAD", "/v2/lab/tool/manifests/prod"), 1);
}

/// Behaviour (waiting): A registry that had too many requests and does not say how long is left alone longer each time.
/// Source: 429 without `Retry-After` is allowed, and common behind proxies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_time_it_is_left_alone_longer_where_it_does_not_say() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.set(|faults| {
        faults.unavailable = 1000;
        // So that the client's own patience ends at once.
        faults.retry_after = Some("999".into());
    });
    let mut waits = Vec::new();
    let mut now = home.app.watch_due().await.unwrap();
    for _ in 0..6 {
        home.later(Duration::from_secs(5000));
        let clock = app::Clock::system().now() + home.ahead();
        let next = home.app.watch_due().await.unwrap();
        assert!(next > now);
        now = next;
        waits.push(next - clock);
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait >= 120), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= 3600 * 5 / 4), "{waits:?}");
    assert!(waits[5] >= 3600, "{waits:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_wait_that_is_asked_for_again_and_again_grows() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.set(|faults| {
        faults.too_many = 1000;
        faults.retry_after = Some("200".into());
    });
    let mut waits = Vec::new();
    for _ in 0..3 {
        home.later(Duration::from_secs(5000));
        let clock = app::Clock::system().now() + home.ahead();
        waits.push(home.app.watch_due().await.unwrap() - clock);
    }
    let least = [200, 400, 800];
    assert!(
        waits.iter().zip(least).all(|(wait, least)| *wait >= least),
        "{waits:?}"
    );
    assert!(
        waits[0] < 300,
        "no longer than it says the first time: {waits:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_week_offline_the_change_is_one_move_and_told_once() {
    let (home, registry, id) = scripted().await;
    let first = registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.set(|faults| faults.cut = u32::MAX);
    a_round(&home).await;
    let trouble = moves(&home, &id, REPOSITORY).await.watch.trouble;
    assert!(trouble.is_some_and(|trouble| trouble.ends_with('.')));
    registry.push_image(REPOSITORY, "prod", "two");
    let last = registry.push_image(REPOSITORY, "prod", "three");
    home.later(Duration::from_hours(7 * 24));
    registry.set(|faults| faults.cut = 0);
    home.app.watch_due().await.unwrap();
    a_round(&home).await;
    let now = moves(&home, &id, REPOSITORY).await;
    // What stood there in between nobody has seen; nothing is made up.
    assert_eq!(changes(&now.rows), [(first, Some(last))]);
    assert_eq!((home.told().len(), now.watch.trouble), (1, None));
}

/// A computer whose watch waits two seconds between two rounds, and so many registries where `prod` is watched; all
/// were asked once.
async fn watching_several(hosts: usize) -> (Home, String, Vec<Scripted>) {
    let home = Home::watching_every(Duration::from_secs(2));
    let mut registries = Vec::new();
    let mut last = String::new();
    for _ in 0..hosts {
        let registry = Scripted::start().await.unwrap();
        registry.push_image(REPOSITORY, "prod", "one");
        last = home.anyone(&registry.host()).await;
        watch(&home, &last, REPOSITORY, Some("prod")).await;
        registry.forget_requests();
        registries.push(registry);
    }
    (home, last, registries)
}

/// Waits until it is so. The limit is only there so that a fault ends the test.
async fn until(so: impl Fn() -> bool, what: &str) {
    for _ in 0..400 {
        if so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came so far: {what}");
}

const FOREVER: Duration = Duration::from_hours(1);

/// Behaviour (waiting): A registry that takes a connection and never answers delays no other, and is told to be late.
/// Source: registries behind a proxy whose upstream is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_hangs_delays_no_other() {
    let (home, good, registries) = watching_several(2).await;
    let [hangs, answers] = registries.as_slice() else {
        panic!("two of them")
    };
    let id = home.app.accounts().await.unwrap()[0].id.clone();
    hangs.set(|faults| faults.delay = FOREVER);
    let app = home.app.clone();
    let running = tokio::spawn(async move { app.keep_watch().await });
    until(
        || !hangs.requests().is_empty(),
        "the one that hangs is asked",
    )
    .await;
    let before = answers.requests().len();
    until(
        || answers.requests().len() >= before + 4,
        "the other is asked again and again",
    )
    .await;
    // Its own round has an end, and is told.
    let mut trouble = None;
    for _ in 0..400 {
        trouble = moves(&home, &id, REPOSITORY).await.watch.trouble;
        if trouble.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running.abort();
    assert!(trouble.unwrap().contains("didn’t answer in time"));
    assert_eq!(moves(&home, &good, REPOSITORY).await.watch.trouble, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_hosts_hang_the_next_is_asked() {
    let (home, _, registries) = watching_several(9).await;
    let (answers, hang) = registries.split_last().unwrap();
    for registry in hang {
        registry.set(|faults| faults.delay = FOREVER);
    }
    let app = home.app.clone();
    let running = tokio::spawn(async move { app.keep_watch().await });
    let all = || hang.iter().all(|registry| !registry.requests().is_empty());
    until(all, "those that hang are asked").await;
    let before = answers.requests().len();
    until(
        || answers.requests().len() >= before + 3,
        "and the other too",
    )
    .await;
    running.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_round_has_no_time_for_is_asked_first_the_next_time() {
    let home = Home::watching_every(Duration::from_secs(4));
    let registry = Scripted::start().await.unwrap();
    let id = home.anyone(&registry.host()).await;
    let names: Vec<String> = (0..12).map(|number| format!("v{number:02}")).collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, "one");
        watch(&home, &id, REPOSITORY, Some(name)).await;
    }
    registry.set(|faults| faults.delay = Duration::from_millis(400));
    let round = async || {
        registry.forget_requests();
        home.later(Duration::from_secs(10));
        home.app.watch_due().await.unwrap();
        let seen = registry.requests().into_iter();
        let heads = seen.filter(|seen| seen.method == "HEAD");
        heads
            .filter_map(|seen| names.iter().find(|name| seen.path.ends_with(*name)))
            .collect::<Vec<_>>()
    };
    let first = round().await;
    assert!(!first.is_empty() && first.len() < names.len(), "{first:?}");
    let told = moves(&home, &id, REPOSITORY).await.watch.trouble.unwrap();
    assert!(told.contains("asked first the next time"), "{told}");
    // The last one was cut short, and so was not asked.
    let done = &first[..first.len() - 1];
    let second = round().await;
    assert!(!done.contains(&second[0]), "{first:?}, then {second:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_that_was_not_asked_in_time_is_overdue() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    let at = async || moves(&home, &id, REPOSITORY).await.watch;
    assert_eq!(at().await.overdue_at, None, "nothing is watched");
    registry.set(|faults| faults.status500 = true);
    let ordered = app::Clock::system().now();
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    // Never answered: it counts from when it was ordered.
    let never = at().await;
    assert_eq!(never.asked_at, None);
    let due = never.overdue_at.unwrap() - ordered;
    // Five minutes and a fifth, a whole round, and a minute.
    assert!((540..600).contains(&due), "{due}");
    registry.set(|faults| faults.status500 = false);
    home.later(Duration::from_secs(5000));
    home.app.watch_due().await.unwrap();
    let asked = at().await;
    assert_eq!(asked.overdue_at.unwrap() - asked.asked_at.unwrap(), 540);
}
