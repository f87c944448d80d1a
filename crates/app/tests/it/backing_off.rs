//! The watch where a host is away or wants to be left alone: it waits, longer each time, and then misses nothing.

use crate::home::scripted;
use crate::watching::{REPOSITORY, a_round, changes, moves, watch};
use std::time::Duration;

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
