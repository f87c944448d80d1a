//! The first page: what is pasted there opens after the sign-in, images show without any registry, and a command that
//! gets an engine can be copied.

use crate::desk::{Setup, ready, walk};
use crate::house;
use anyhow::{Result, ensure};
use testkit::images::{ImageSpec, push};
use testkit::steps::{id, image, tag, with};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_line_that_is_pasted_opens_after_the_sign_in() {
    let Some(registry) = house::alone().await else {
        return;
    };
    for name in ["v1", "v2"] {
        let layers = ImageSpec::of_sizes(1, &[2_000]);
        push(&registry, REPOSITORY, name, &layers).await.unwrap();
    }
    walk("pasted", Setup::default(), async |desk| {
        let window = desk.window()?;
        let line = format!("docker pull {}/{REPOSITORY}:v1", registry.host());
        window.fill(&id("welcome-address"), &line).await?;
        window.press(&[key::ENTER]).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.fill(&id("user"), "demo").await?;
        window.fill(&id("secret"), "secret").await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await?;
        window
            .find(&with("repository-page", "repository", REPOSITORY))
            .await?;
        window.find(&tag("v2")).await?;
        window.find(&format!("{}:focus", tag("v1"))).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn images_show_without_any_registry() {
    let small = ImageSpec::of_sizes(2, &[1_000]);
    let Some((_registry, engine)) = house::sparse("small:one", &small).await else {
        return;
    };
    walk("just-images", Setup::beside(&engine), async |desk| {
        let window = desk.window()?;
        window.find(&id("welcome")).await?;
        window.click(&id("just-images")).await?;
        window.find(&image("small:one")).await?;
        ensure!(
            !window.shows(&id("welcome"), "").await?,
            "the first page is still there"
        );
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_engine_answers_a_command_that_gets_one_is_copied() {
    if !ready(&[]) {
        return;
    }
    walk("no-engine", Setup::default(), async |desk| {
        let window = desk.window()?;
        window.find(&id("no-engine")).await?;
        copied(window).await?;

        // The page of the images offers the same.
        window.click(&id("nav-images")).await?;
        window.find(&id("images-no-engine")).await?;
        copied(window).await
    })
    .await;
}

/// Presses the command, and pastes it into the palette's field to see what was copied.
async fn copied(window: &Window) -> Result<()> {
    window.click(&id("how-to-engine")).await?;
    let command = window.attribute(&id("engine-command"), "title").await?;
    let command = command.unwrap_or_default();
    ensure!(command.contains("install"), "{command} installs nothing");
    window.click(&id("engine-command")).await?;
    window.press(&[key::CONTROL, "k"]).await?;
    window.find(&id("palette-field")).await?;
    window.press(&[key::CONTROL, "v"]).await?;
    let pasted = window.value(&id("palette-field")).await?;
    ensure!(pasted == command, "{pasted} was copied, not {command}");
    window.press(&[key::ESCAPE]).await?;
    window.gone(&id("palette")).await
}
