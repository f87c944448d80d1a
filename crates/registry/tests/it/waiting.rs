//! How long a busy registry is left alone: each way of saying it, over the wire.

use crate::world::*;
use registry::{Error, HttpOptions, Kind};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use testkit::scripted::{Clock, Faults};

async fn refused(change: impl FnOnce(&mut Faults)) -> Error {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    server.set(|faults| {
        faults.too_many = 100;
        // Sat, 21 Nov 2026 02:09:00 GMT is 1795226940.
        faults.clock = Clock::Fixed("Sat, 21 Nov 2026 02:09:00 GMT".into());
    });
    server.set(change);
    app(&client).manifest(&tag("v1")).await.unwrap_err()
}

/// Behaviour (waiting): A busy registry that names a moment, in Unix seconds by its own clock, is told as about a minute.
/// Source: Docker Hub, "Retry-After: 1746136938"; 485,000 hours were told of it.
#[tokio::test]
async fn a_moment_is_no_span() {
    let minute = Kind::TooMany {
        retry_after: Some(Duration::from_mins(1)),
    };
    let after = |text: &str| {
        let text = text.to_owned();
        refused(move |faults| faults.retry_after = Some(text))
    };
    assert_eq!(after("1795227000").await.kind, minute);
    assert_eq!(after("Sat, 21 Nov 2026 02:10:00 GMT").await.kind, minute);
    let reset = |faults: &mut Faults| {
        faults.busy_headers = vec![("x-ratelimit-reset", "1795227000".into())];
    };
    assert_eq!(refused(reset).await.kind, minute);
    let text = |faults: &mut Faults| {
        faults.busy_text = Some("retry-after: 1.2ms, allowed: 44000/minute".into());
    };
    assert_eq!(refused(text).await.kind, minute);
    let window = |faults: &mut Faults| {
        faults.busy_headers = vec![("ratelimit-remaining", "0;w=21600".into())];
    };
    let hours = Kind::TooMany {
        retry_after: Some(Duration::from_hours(6)),
    };
    assert_eq!(refused(window).await.kind, hours);
    // No more than a day is believed, and what says nothing is nothing.
    let day = Kind::TooMany {
        retry_after: Some(Duration::from_hours(24)),
    };
    assert_eq!(after("999999999").await.kind, day);
    assert_eq!(after("-7").await.kind, Kind::TooMany { retry_after: None });
    assert_eq!(
        after("later").await.kind,
        Kind::TooMany { retry_after: None }
    );
}

/// Behaviour (waiting): A short wait is waited; one of zero, or of a moment that is past, is waited at our own pace.
/// Source: registries that send "0" or "2.5" while they stay busy.
#[tokio::test]
async fn a_short_wait_is_waited() {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    for after in ["0.02".to_owned(), "0".to_owned(), (now - 30).to_string()] {
        let (server, _) = open().await;
        server.push_image("team/app", "v1", "one");
        server.set(|faults| (faults.too_many, faults.retry_after) = (1, Some(after.clone())));
        let options = HttpOptions {
            first_wait: Duration::from_millis(50),
            ..HttpOptions::default()
        };
        let client = client_with(&server.host(), anonymous(), &options);
        let began = std::time::Instant::now();
        assert!(app(&client).manifest(&tag("v1")).await.is_ok(), "{after}");
        assert!(
            began.elapsed() >= Duration::from_millis(50),
            "{after}: {:?}",
            began.elapsed()
        );
        assert_eq!(server.count("GET", "/v2/team/app/manifests/v1"), 2);
    }
}
