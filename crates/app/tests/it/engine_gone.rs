//! An engine that is killed is noticed when it goes, and found again when it is back; nobody asks it anything meanwhile.

use crate::home::Home;
use app::view::engine::EngineView;
use app::view::events::{AppEvent, Stale};
use std::time::{Duration, Instant};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, need};

/// How soon the end is noticed, on a busy computer.
const SOON: Duration = Duration::from_secs(5);

async fn round(kind: EngineKind) {
    let mut engine = Dockerd::start_kind(kind, None).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[1000]);
    engine
        .load_tar(image.save(&["local/app:1"]).unwrap())
        .await
        .unwrap();
    let home = Home::with(Some(&engine));
    assert!(matches!(
        home.app.engine().await.unwrap(),
        EngineView::Ready { .. }
    ));
    assert_eq!(home.app.images().await.unwrap().len(), 1);
    home.heard_within_a_moment().await;

    engine.kill();
    until_told(&home, SOON).await;
    let EngineView::Absent { .. } = home.app.engine().await.unwrap() else {
        panic!("it answers though it is gone");
    };
    assert!(home.app.images().await.is_err());

    home.heard_within_a_moment().await;
    engine.revive().await.unwrap();
    until_told(&home, SOON).await;
    assert!(matches!(
        home.app.engine().await.unwrap(),
        EngineView::Ready { .. }
    ));
    assert_eq!(home.app.images().await.unwrap().len(), 1);

    // It is watched again, and the end of the app ends the watch.
    home.heard_within_a_moment().await;
    engine.kill();
    until_told(&home, SOON).await;
}

/// Waits until it was told that the engine, and that its images, are not what is shown.
async fn until_told(home: &Home, within: Duration) {
    let since = Instant::now();
    let mut told = Vec::new();
    loop {
        told.extend(home.events());
        let stale = |wanted: &Stale| {
            told.iter()
                .any(|event| matches!(event, AppEvent::Stale { what } if what == wanted))
        };
        if stale(&Stale::Engine) && stale(&Stale::Images) {
            return;
        }
        assert!(since.elapsed() < within, "{told:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docker_is_missed_when_it_is_killed_and_found_when_it_is_back() {
    if need(Part::Dockerd) {
        round(EngineKind::Debian).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_docker_is_missed_too() {
    if need(Part::NewDockerd) {
        round(EngineKind::Containerd).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn podman_is_missed_too() {
    if need(Part::Podman) {
        round(EngineKind::Podman).await;
    }
}
