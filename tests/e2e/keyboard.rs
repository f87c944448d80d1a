//! The main job by keyboard alone: no click, no pointer, no focus given from outside.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::{Context, Result, ensure};
use testkit::images::{ImageSpec, push, retag};
use testkit::steps::{id, image, repository, tag, with};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_by_keyboard_alone() {
    let local = ImageSpec::of_sizes(3, &[2000]);
    let Some((registry, engine)) = house::sparse("aligner:mine", &local).await else {
        return;
    };
    let old = push(
        &registry,
        REPOSITORY,
        "v1",
        &ImageSpec::of_sizes(1, &[2000]),
    )
    .await
    .unwrap();
    let kept = format!("_h.v1.20261101t100000z-{}", &old[7..]);
    retag(&registry, REPOSITORY, "v1", &kept).await.unwrap();
    push(
        &registry,
        REPOSITORY,
        "v1",
        &ImageSpec::of_sizes(2, &[2000]),
    )
    .await
    .unwrap();

    let setup = Setup::beside(&engine);
    walk("keyboard", setup, async |desk| {
        let window = desk.window()?;
        sign_in(window, &registry.host()).await?;
        pull(window, &old).await?;
        let name = format!("{}/{REPOSITORY}:v1-{}", registry.host(), &old[7..19]);
        ensure!(engine.has_image(&name).await?, "the engine holds no {name}");
        put(window).await?;
        registry
            .manifest(REPOSITORY, "typed")
            .await?
            .context("nothing arrived")?;
        Ok(())
    })
    .await;
}

async fn sign_in(window: &Window, host: &str) -> Result<()> {
    window.press_until(key::TAB, &id("welcome-address")).await?;
    window.type_text(host).await?;
    window.press(&[key::ENTER]).await?;
    window.find(&with("diagnosis", "kind", "answers")).await?;
    ensure!(
        window.focused(&id("user")).await?,
        "the sheet does not begin where one types next"
    );
    window.type_text("demo").await?;
    window.press(&[key::TAB]).await?;
    window.type_text("secret").await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("registry-sheet")).await
}

/// Goes along the sidebar to the repository, into the table and to the older commit, and presses P.
async fn pull(window: &Window, old: &str) -> Result<()> {
    window.press_until(key::TAB, "[role=treeitem]").await?;
    window
        .press_until(key::DOWN, &repository(REPOSITORY))
        .await?;
    window.press(&[key::ENTER]).await?;
    window.press_until(key::TAB, &tag("v1")).await?;
    window.press(&[key::RIGHT]).await?;
    let row = with("commit-row", "digest", old);
    window.press_until(key::DOWN, &row).await?;
    window.press(&[key::ENTER]).await?;
    window.find_with(&id("panel-digest"), old).await?;
    window.press(&[key::ESCAPE]).await?;
    window.gone(&id("commit-panel")).await?;
    ensure!(
        window.focused(&row).await?,
        "the focus did not come back to its row"
    );
    window.press(&["p"]).await?;
    ended(window, "Pulled as").await
}

/// Pushes by Ctrl X on the image, Ctrl V on the repository, a tag and Enter.
async fn put(window: &Window) -> Result<()> {
    window.press_until(key::TAB, "[role=treeitem]").await?;
    window.press_until(key::UP, &id("nav-images")).await?;
    window.press(&[key::ENTER]).await?;
    window.press_until(key::TAB, &id("image-row")).await?;
    window
        .press_until(key::DOWN, &image("aligner:mine"))
        .await?;
    window.press(&[key::CONTROL, "x"]).await?;
    window.press_until(key::TAB, "[role=treeitem]").await?;
    window
        .press_until(key::DOWN, &repository(REPOSITORY))
        .await?;
    window.press(&[key::CONTROL, "v"]).await?;
    window.find(&id("push-sheet")).await?;
    ensure!(
        window.focused(&id("push-tag")).await?,
        "the sheet does not begin at the tag"
    );
    window.press(&[key::CONTROL, "a"]).await?;
    window.type_text("typed").await?;
    window.find_with(&id("push-target"), "typed").await?;
    window
        .find(&format!("{}:not(:disabled)", id("push-go")))
        .await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("push-sheet")).await?;
    ended(window, "Pushed as").await
}

/// Waits for what the bar says at the end.
async fn ended(window: &Window, words: &str) -> Result<()> {
    window.find(&with("activity", "state", "done")).await?;
    window.find_with(&id("activity-open"), words).await
}
