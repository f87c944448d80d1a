//! An engine that is killed and comes back, and what is remembered of transfers after the app was closed.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};
use testkit::images::{ImageSpec, push};
use testkit::steps::{id, image, open_images, open_transfers, push_as, with};
use testkit::webdriver::Window;

const REPOSITORY: &str = "genomics/aligner";
/// An engine that is gone is noticed when it goes: well before anything would be asked again.
const AT_ONCE: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_killed_is_missed_at_once_and_found_when_it_is_back() {
    let small = ImageSpec::of_sizes(2, &[1000]);
    let Some((registry, mut engine)) = house::sparse("small:one", &small).await else {
        return;
    };
    walk("engine-gone", Setup::beside(&engine), async |desk| {
        let window = desk.add(&registry).await?;
        open_images(window).await?;
        window.find(&image("small:one")).await?;
        for _ in 0..2 {
            engine.kill();
            let since = Instant::now();
            window.find(&id("images-no-engine")).await?;
            ensure!(since.elapsed() < AT_ONCE, "noticed late");
            window.gone(&image("small:one")).await?;
            engine.revive().await?;
            let since = Instant::now();
            window.find(&image("small:one")).await?;
            ensure!(since.elapsed() < AT_ONCE, "found late");
            window.gone(&id("images-no-engine")).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_transferred_is_listed_after_the_next_start_until_it_is_cleared() {
    let small = ImageSpec::of_sizes(2, &[1000]);
    let Some((registry, engine)) = house::sparse("small:one", &small).await else {
        return;
    };
    let base = ImageSpec::of_sizes(1, &[1000]);
    push(&registry, REPOSITORY, "base", &base).await.unwrap();
    walk("transfers-kept", Setup::beside(&engine), async |desk| {
        let window = desk.add(&registry).await?;
        pushed(window, "v1").await?;
        desk.close().await?;

        desk.open().await?;
        let window = desk.window()?;
        // Nothing moves, so the bar tells nothing; what has ended is behind it.
        window.find(&with("activity", "state", "quiet")).await?;
        window.find_with(&id("activity-open"), "Activity").await?;
        open_transfers(window).await?;
        let row = format!("{}[data-state=\"done\"]", with("task-row", "tag", "v1"));
        window
            .find_with(&row, &format!("small:one → {REPOSITORY}:v1"))
            .await?;
        window.find_with(&row, "Pushed as").await?;
        window.click(&id("clear-finished")).await?;
        window.gone(&id("activity-panel")).await?;
        desk.close().await?;

        desk.open().await?;
        let window = desk.window()?;
        open_images(window).await?;
        window.find(&image("small:one")).await?;
        ensure!(
            window.count(&id("activity-open")).await? == 0,
            "what was cleared is back"
        );
        Ok(())
    })
    .await;
}

/// Pushes the image by keyboard; the bar tells how it ended, then nothing.
async fn pushed(window: &Window, tag: &str) -> Result<()> {
    push_as(window, "small:one", REPOSITORY, tag).await?;
    window.find(&with("activity", "state", "done")).await?;
    window.find(&with("activity", "state", "quiet")).await
}
