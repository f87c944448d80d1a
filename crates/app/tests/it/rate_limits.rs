//! What is left of a registry's limit: read from answers that come anyway, shown beside the account, forgotten in time.

use crate::home::scripted;
use app::view::events::{AppEvent, Stale};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use testkit::scripted::Answer;

/// Behaviour (waiting): How many pulls are left is told beside the account when less than a quarter is, and forgotten once the count begins anew; nothing is asked for it.
/// Source: Docker Hub (`ratelimit-limit: 100;w=21600`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_is_told_before_it_is_gone() {
    let (home, registry, id) = scripted().await;
    let left = Arc::new(AtomicU64::new(76));
    let counted = Arc::clone(&left);
    registry.script(move |asked| {
        let listed = || {
            let left = counted.load(Ordering::SeqCst);
            Answer::json(serde_json::json!({"repositories": []}))
                .with("ratelimit-limit", "100;w=21600")
                .with("ratelimit-remaining", format!("{left};w=21600"))
                .with("docker-ratelimit-source", "192.0.2.1")
        };
        asked.path.ends_with("/_catalog").then(listed)
    });
    let limit = async || home.app.accounts().await.unwrap()[0].limit;
    assert_eq!(limit().await, None);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let told = limit().await.unwrap();
    assert_eq!((told.left, told.of, told.window), (76, 100, Some(21_600)));
    assert!(told.pulls && !told.low);

    left.store(23, Ordering::SeqCst);
    registry.forget_requests();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(registry.requests().len(), 1);
    assert!(limit().await.unwrap().low);
    let events = home.heard_within_a_moment().await;
    let stale = AppEvent::Stale {
        what: Stale::Accounts,
    };
    assert!(events.contains(&stale));

    home.later(Duration::from_hours(6));
    assert_eq!(limit().await, None);
}
