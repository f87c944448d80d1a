//! Build, push, rebuild, push again: the sheet answers itself, and asks only about a name that somebody else gave.

use crate::desk::{Setup, walk};
use crate::house::{House, IMAGES, KEPT, arrived, kept};
use crate::push::ended;
use anyhow::{Context, Result, ensure};
use testkit::parts::Dockerd;
use testkit::steps::{carry, id, image, open_images, open_repository, repository, with};
use testkit::webdriver::{Window, key};

/// The name that a person builds under.
const BUILT: &str = "tool:dev";

#[tokio::test(flavor = "multi_thread")]
async fn the_second_push_of_a_rebuilt_image_is_one_enter() {
    let Some(house) = House::build().await else {
        return;
    };
    let setup = Setup::beside(&house.engine);
    walk("push-again", setup, async |desk| {
        let window = desk.add(&house.registry).await?;
        name(&house.engine, &house.ids[0], BUILT).await?;
        carried(window, &house.ids[0]).await?;
        ensure!(
            window.focused(&id("push-tag")).await?,
            "the sheet does not begin at the tag"
        );
        // The tag is selected: what is typed takes its place.
        window.type_text("v1").await?;
        window.find_with(&id("push-target"), "v1 is new").await?;
        let first = sent(window, &house, 0).await?;

        // Rebuilt under the same name: the tag it last went to is proposed, and nothing is asked of local names.
        name(&house.engine, &house.ids[1], BUILT).await?;
        carried(window, &house.ids[1]).await?;
        window.find(&with("push-target", "digest", &first)).await?;
        ensure!(window.value(&id("push-tag")).await? == "v1", "another tag");
        for size in [(1280, 800), (900, 600)] {
            fits(window, size).await?;
        }
        ensure!(!window.shows(&id("push-name-taken"), "").await?, "it asks");
        window
            .find_with(&id("push-go"), "Push and keep the old one")
            .await?;
        let second = sent(window, &house, 1).await?;
        kept(&house.registry, &first).await?;
        let path = format!("{}/{KEPT}:v1", house.registry.host());
        bears(&house.engine, &path, &house.ids[1]).await?;

        // A name that somebody else gave is asked about, and Enter leaves it where it is.
        name(&house.engine, &house.ids[0], &path).await?;
        name(&house.engine, &house.ids[2], BUILT).await?;
        carried(window, &house.ids[2]).await?;
        window.find(&with("push-target", "digest", &second)).await?;
        window.find_with(&id("push-name-taken"), &path).await?;
        window
            .find_with(&id("push-move-name"), "Push and move the name")
            .await?;
        fits(window, (900, 600)).await?;
        let third = sent(window, &house, 2).await?;
        bears(&house.engine, &path, &house.ids[0]).await?;

        // *Push to…*: the place it last went to is the first of the list, and Enter is enough.
        open_images(window).await?;
        window.hover(&image(BUILT)).await?;
        window
            .click(&format!("{} {}", image(BUILT), id("push-to")))
            .await?;
        let here = format!("{}/{KEPT}", house.registry.host());
        let row = with("place-option", "option", &here);
        window.find_with(&row, "as v1").await?;
        window.find(&format!("{row}[aria-posinset=\"1\"]")).await?;
        window.press(&[key::ENTER]).await?;
        window.find(&with("push-target", "digest", &third)).await?;
        window.find(&id("push-same")).await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("push-sheet")).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_repository_is_made_by_a_button_and_gets_its_image_from_the_list() {
    let Some(house) = House::build().await else {
        return;
    };
    let setup = Setup::beside(&house.engine);
    walk("push-new", setup, async |desk| {
        let window = desk.add(&house.registry).await?;
        open_images(window).await?;
        window.hover(&image(IMAGES[0])).await?;
        window
            .click(&format!("{} {}", image(IMAGES[0]), id("push-to")))
            .await?;
        window.fill(&id("place-choice-filter"), "lab/fresh").await?;
        window
            .find_with(&id("place-new"), "New repository lab/fresh")
            .await?;
        window.click(&id("place-new")).await?;
        window
            .find_with(&id("push-target"), "lab/fresh does not exist yet")
            .await?;
        window
            .find_with(&id("push-go"), "Create repository and push")
            .await?;
        window.click_ready(&id("push-go")).await?;
        window.gone(&id("push-sheet")).await?;
        window.find(&repository("lab/fresh")).await?;
        open_repository(window, "lab/fresh").await?;
        window.find(&with("tag-row", "tag", "one")).await?;

        // From the page of the repository: the new row has the focus once it is there.
        open_images(window).await?;
        window.focus(&image(IMAGES[1])).await?;
        window.press(&[key::CONTROL, "x"]).await?;
        open_repository(window, "lab/fresh").await?;
        window.find(&with("tag-row", "tag", "one")).await?;
        window.focus(&repository("lab/fresh")).await?;
        window.press(&[key::CONTROL, "v"]).await?;
        window.find(&id("push-sheet")).await?;
        window.fill(&id("push-tag"), "two").await?;
        window.find_with(&id("push-target"), "two is new").await?;
        window.click_ready(&id("push-go")).await?;
        window.gone(&id("push-sheet")).await?;
        window
            .find(&format!("{}:focus", with("tag-row", "tag", "two")))
            .await
    })
    .await;
}

/// Gives an image of the engine a name, as `docker build -t` and `docker tag` do.
async fn name(engine: &Dockerd, image: &str, name: &str) -> Result<()> {
    let (path, tag) = name.rsplit_once(':').context("no tag")?;
    let path = path.replace('/', "%2F").replace(':', "%3A");
    let to = format!("/images/{image}/tag?repo={path}&tag={tag}");
    let (status, ..) = engine.post(&to, "", &[]).await?;
    ensure!(status == 201, "tag: {status}");
    Ok(())
}

/// Carries the built image, once the window knows it, to the repository by Ctrl X and Ctrl V, and waits for the sheet.
async fn carried(window: &Window, built: &str) -> Result<()> {
    open_images(window).await?;
    window.press(&[key::F5]).await?;
    window
        .find(&format!("{}[data-id=\"{built}\"]", image(BUILT)))
        .await?;
    window.settle().await?;
    carry(window, BUILT, KEPT).await
}

/// Presses Enter once the sheet can be sent; returns the digest that arrived.
async fn sent(window: &Window, house: &House, image: usize) -> Result<String> {
    window
        .find(&format!("{}:not(:disabled)", id("push-go")))
        .await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("push-sheet")).await?;
    ended(window, "push", KEPT, "v1").await?;
    arrived(&house.registry, &house.ids[image]).await
}

/// Checks that nothing of the sheet has to be scrolled for, closed and with its options open.
async fn fits(window: &Window, (width, height): (u32, u32)) -> Result<()> {
    let before = window.size().await?;
    window.resize(width, height).await?;
    let script = "const sheet = document.querySelector('dialog[open]');
        const over = [...sheet.querySelectorAll('*')].filter((one) =>
            getComputedStyle(one).overflowY === 'auto' && one.scrollHeight > one.clientHeight);
        const box = sheet.getBoundingClientRect();
        return over.length === 0 && box.bottom <= window.innerHeight && sheet.scrollHeight <= sheet.clientHeight;";
    let no_bar =
        async || -> Result<bool> { Ok(window.run(script, serde_json::json!([])).await? == true) };
    ensure!(no_bar().await?, "a scroll bar at {width} × {height}");
    if window.shows(&id("keep-options"), "").await? {
        window.click(&id("keep-options")).await?;
        ensure!(
            no_bar().await?,
            "a scroll bar at {width} × {height} with the options open"
        );
        window.click(&id("keep-options")).await?;
        // Enter on a button is that button's: back to where the sheet begins.
        window.focus(&id("push-tag")).await?;
    }
    let (width, height) = (u32::try_from(before.0)?, u32::try_from(before.1)?);
    window.resize(width, height).await
}

/// Checks by asking the engine which image bears a name.
async fn bears(engine: &Dockerd, name: &str, image: &str) -> Result<()> {
    let held = engine.image(name).await?.context("nothing bears it")?;
    ensure!(held["Id"] == image, "{name} is another image: {held}");
    Ok(())
}
