//! Images from the engine to a registry and back: by drag, by keyboard, by menu; kept at each overwrite, or
//! not at all. The registry and the engine are asked directly what became of it.

use crate::desk::{Setup, walk};
use crate::house::{BARE, House, IMAGES, KEPT, arrived, forget, in_order, kept};
use anyhow::{Context, Result, ensure};
use testkit::parts::{Dockerd, Registry};
use testkit::steps::{
    carry, expand, id, image, open_images, open_repository, open_transfers, repository, with,
};
use testkit::webdriver::{Window, key};

#[tokio::test(flavor = "multi_thread")]
async fn pushes_keep_what_they_overwrite_and_the_oldest_comes_back() {
    let Some(House {
        mut registry,
        engine,
        ids,
    }) = House::build().await
    else {
        return;
    };
    let setup = Setup::beside(&engine);
    walk("push", setup, async |desk| {
        let window = desk.add(&registry).await?;
        let first = by_drag(window, &registry, &ids[0]).await?;
        let second = by_keyboard(window, &registry, &first, &ids[1]).await?;
        let third = by_menu(window, &registry, &second, &ids[2]).await?;
        in_order(&registry, &[&first, &second])?;

        registry.garbage_collect(true).await?;
        for name in [
            IMAGES[0].to_owned(),
            format!("{}/{KEPT}:v1", registry.host()),
        ] {
            forget(&engine, &name).await?;
        }
        oldest_by_one_click(
            window,
            &registry,
            &engine,
            [&first, &second, &third],
            &ids[0],
        )
        .await?;
        active_by_one_click(window, &registry, &engine, &ids[2]).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_off_no_tag_but_the_pushed_one_is_ever_written() {
    let Some(house) = House::build().await else {
        return;
    };
    let setup = Setup::beside(&house.engine);
    walk("push-off", setup, async |desk| {
        let window = desk.add(&house.registry).await?;
        // Escape ends a drag, and nothing is asked or sent.
        open_images(window).await?;
        let drag = window.grab(&image(IMAGES[0])).await?;
        let drag = drag.over(&repository(BARE)).await?;
        window.find(&id("drag-ghost")).await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("drag-ghost")).await?;
        drag.release().await?;
        ensure!(
            !window.shows(&id("push-sheet"), "").await?,
            "Escape did not end the drag"
        );

        drag_onto(window, IMAGES[0], BARE).await?;
        window.fill(&id("push-tag"), "v1").await?;
        window.click(&id("keep-old")).await?;
        push_now(window, BARE, "v1").await?;
        drag_onto(window, IMAGES[1], BARE).await?;
        window.fill(&id("push-tag"), "v1").await?;
        // Asked once; from then on the sheet tells the rule.
        window
            .find(&format!("{}[data-rule=\"off\"]", id("keep-rule")))
            .await?;
        push_now(window, BARE, "v1").await?;

        let tags = house.registry.tags(BARE).await?;
        ensure!(tags == ["v1"], "{tags:?}");
        let written = house.registry.access_log();
        let puts = written
            .iter()
            .filter(|line| line.starts_with(&format!("PUT /v2/{BARE}/manifests/")));
        let v1 = format!("PUT /v2/{BARE}/manifests/v1 201");
        let (all, of_v1) = (
            puts.clone().count(),
            puts.filter(|line| **line == v1).count(),
        );
        ensure!(
            all == 3 && of_v1 == 3,
            "{all} manifests were written, {of_v1} of them under v1"
        );
        Ok(())
    })
    .await;
}

/// Presses on an image, moves it over a repository and lets go, and waits for the sheet.
pub async fn drag_onto(window: &Window, name: &str, place: &str) -> Result<()> {
    open_images(window).await?;
    let drag = window.grab(&image(name)).await?;
    let drag = drag.over(&repository(place)).await?;
    window.find(&id("drag-ghost")).await?;
    drag.release().await?;
    window.find(&id("push-sheet")).await?;
    Ok(())
}

/// Pushes what the sheet shows, and waits for the end.
pub async fn push_now(window: &Window, repository: &str, tag: &str) -> Result<String> {
    window
        .find(&format!("{}:not(.soft)", id("push-amount")))
        .await?;
    window.click_ready(&id("push-go")).await?;
    window.gone(&id("push-sheet")).await?;
    ended(window, "push", repository, tag).await
}

/// Waits until the only transfer has ended well, dismisses it, and returns what the window said of it.
pub async fn ended(window: &Window, kind: &str, repository: &str, tag: &str) -> Result<String> {
    open_transfers(window).await?;
    let row = format!(
        "{}[data-kind=\"{kind}\"][data-repository=\"{repository}\"][data-tag=\"{tag}\"]",
        id("task-row"),
    );
    let over = format!("{row}:not([data-state=\"waiting\"]):not([data-state=\"running\"])");
    let said = window.text(&over).await?;
    let state = window.attribute(&over, "data-state").await?;
    ensure!(state.as_deref() == Some("done"), "{said}");
    window
        .click(&format!("{over} {}", id("task-dismiss")))
        .await?;
    window.gone(&id("activity-panel")).await?;
    Ok(said)
}

/// Pushes the first image by a drag. The tag is new, so nothing is asked. Returns the new digest.
async fn by_drag(window: &Window, registry: &Registry, image: &str) -> Result<String> {
    drag_onto(window, IMAGES[0], KEPT).await?;
    window.fill(&id("push-tag"), "v1").await?;
    window.find_with(&id("push-target"), "v1").await?;
    push_now(window, KEPT, "v1").await?;
    arrived(registry, image).await
}

/// Pushes by Ctrl X on the image and Ctrl V on the repository. The sheet now asks how to keep.
async fn by_keyboard(
    window: &Window,
    registry: &Registry,
    first: &str,
    id_two: &str,
) -> Result<String> {
    carry(window, IMAGES[1], KEPT).await?;
    window.fill(&id("push-tag"), "v1").await?;
    window.find(&with("push-target", "digest", first)).await?;
    window
        .find(&with("keep-ask", "answer", "eachOverwrite"))
        .await?;
    push_now(window, KEPT, "v1").await?;
    kept(registry, first).await?;
    arrived(registry, id_two).await
}

/// Pushes through the row's own button, with the repository chosen from the list. The sheet now tells the rule.
async fn by_menu(
    window: &Window,
    registry: &Registry,
    second: &str,
    id_three: &str,
) -> Result<String> {
    open_images(window).await?;
    window.hover(&image(IMAGES[2])).await?;
    window
        .click(&format!("{} {}", image(IMAGES[2]), id("push-to")))
        .await?;
    window.fill(&id("place-choice-filter"), KEPT).await?;
    window
        .find(&with(
            "place-option",
            "option",
            &format!("{}/{KEPT}", registry.host()),
        ))
        .await?;
    window.press(&[key::ENTER]).await?;
    window.fill(&id("push-tag"), "v1").await?;
    window.find(&with("push-target", "digest", second)).await?;
    window
        .find(&format!("{}[data-rule=\"overwrite\"]", id("keep-rule")))
        .await?;
    push_now(window, KEPT, "v1").await?;
    kept(registry, second).await?;
    arrived(registry, id_three).await
}

async fn oldest_by_one_click(
    window: &Window,
    registry: &Registry,
    engine: &Dockerd,
    commits: [&str; 3],
    image: &str,
) -> Result<()> {
    forget(engine, image).await?;
    ensure!(
        !engine.has_image(image).await?,
        "the engine still holds the oldest"
    );
    open_repository(window, KEPT).await?;
    window.press(&[key::F5]).await?;
    expand(window, "v1").await?;
    for commit in commits {
        window
            .find(&format!(
                "{}[data-reach=\"pullable\"]",
                with("commit-row", "digest", commit)
            ))
            .await?;
    }
    let row = with("commit-row", "digest", commits[0]);
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("pull-commit")))
        .await?;
    let said = ended(window, "pull", KEPT, "v1").await?;

    let name = format!("{}/{KEPT}:v1-{}", registry.host(), &commits[0][7..19]);
    ensure!(said.contains(&name), "{said}");
    let held = engine
        .image(&name)
        .await?
        .with_context(|| format!("the engine holds no {name}"))?;
    ensure!(held["Id"] == image, "{name} is another image: {held}");
    Ok(())
}

async fn active_by_one_click(
    window: &Window,
    registry: &Registry,
    engine: &Dockerd,
    image: &str,
) -> Result<()> {
    forget(engine, image).await?;
    let row = format!("{}[data-active=\"true\"]", with("commit-row", "tag", "v1"));
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("pull-commit")))
        .await?;
    ended(window, "pull", KEPT, "v1").await?;
    let name = format!("{}/{KEPT}:v1", registry.host());
    let held = engine
        .image(&name)
        .await?
        .with_context(|| format!("the engine holds no {name}"))?;
    ensure!(held["Id"] == image, "{name} is another image: {held}");
    Ok(())
}
