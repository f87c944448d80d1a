//! A registry on this computer, from its tile: started, pushed to by a drag, an older commit pulled back, stopped, started
//! again, and taken away with its data.

use crate::desk::{Setup, ready, until, walk};
use crate::push::ended;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::Path;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, Part};
use testkit::steps::{
    choose_for_registry, expand, id, image, open_images, open_repository, repository, with,
};
use testkit::webdriver::{Window, key};

const IMAGES: [&str; 2] = ["tool:one", "tool:two"];
const PLACE: &str = "lab/tool";

/// Ends the program where the flow fails: it goes on without the app.
struct Leftovers(std::path::PathBuf);

impl Drop for Leftovers {
    fn drop(&mut self) {
        for own in std::fs::read_dir(&self.0).into_iter().flatten().flatten() {
            if let Ok(number) = std::fs::read_to_string(own.path().join("pid")) {
                let _ = std::process::Command::new("kill")
                    .args(["-KILL", &number])
                    .status();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_is_started_from_its_tile_used_stopped_and_taken_away() {
    if !ready(&[Part::Registry, Part::Dockerd]) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    for (seed, name) in (70..).zip(IMAGES) {
        let image = ImageSpec::of_sizes(seed, &[300_000, 60_000]);
        engine.load_tar(image.save(&[name]).unwrap()).await.unwrap();
    }
    walk("hosting", Setup::beside(&engine), async |desk| {
        let _ends = Leftovers(desk.home().join("data/hosted"));
        let window = desk.window()?;
        let (host, folder) = start(window).await?;
        ensure!(Path::new(&folder).is_dir(), "{folder} was not made");

        // Onto the registry, which has no repository yet; then onto that.
        push_first(window, &host).await?;
        push_second(window).await?;
        open_repository(window, PLACE).await?;
        window.click(&id("tab-timeline")).await?;
        let rows = format!("{}[data-tags~=\"v1\"]", id("timeline-row"));
        until(window, &rows, 2).await?;
        pull_oldest(window, &engine, &host).await?;

        // Stopped, it says so instead of what the network says, and what was listed still shows.
        choose_for_registry(window, &host, "menu-stop").await?;
        window.find(&id("account-stopped")).await?;
        window.press(&[key::F5]).await?;
        window.find_with(&id("stopped-line"), "is stopped").await?;
        window.find(&repository(PLACE)).await?;
        window.click_ready(&id("start-stopped")).await?;
        window.gone(&id("stopped-line")).await?;
        window.gone(&id("account-stopped")).await?;
        window.find(&with("commit-row", "tag", "v1")).await?;

        choose_for_registry(window, &host, "menu-remove").await?;
        window.find_with(&id("unhost-sheet"), &folder).await?;
        window.click(&id("unhost-data")).await?;
        window.click_ready(&id("unhost-go")).await?;
        window.gone(&id("unhost-sheet")).await?;
        window.gone(&id(&format!("account-{host}"))).await?;
        ensure!(!Path::new(&folder).exists(), "{folder} is still there");
        Ok(())
    })
    .await;
}

/// Starts one by the program of this computer, with a sign-in; its address and its folder.
async fn start(window: &Window) -> Result<(String, String)> {
    window
        .click(&with("known-registry", "known", "here"))
        .await?;
    window.find(&id("host-folder")).await?;
    // The engine would have to download one.
    window
        .find_with(&id("host-go"), "Download and start")
        .await?;
    let script = "return document.querySelector('[data-testid=host-way] option[value^=\"program:\"]')?.value ?? null";
    let program = window.run(script, json!([])).await?;
    let program = program.as_str().context("no program is offered")?;
    window.choose(&id("host-way"), program).await?;
    window.gone(&id("host-image")).await?;
    let folder = window.value(&id("host-folder")).await?;
    let port = window.value(&id("host-port")).await?;
    window.click(&id("host-asks")).await?;
    window.fill(&id("host-user"), "ana").await?;
    window.fill(&id("host-secret"), "a long secret").await?;
    window.click_ready(&id("host-go")).await?;
    window.gone(&id("host-sheet")).await?;
    window.find(&id("repositories-empty")).await?;
    let host = format!("127.0.0.1:{port}");
    window
        .find_with(&id(&format!("account-{host}")), "ana")
        .await?;
    Ok((host, folder))
}

async fn push_first(window: &Window, host: &str) -> Result<()> {
    open_images(window).await?;
    let drag = window.grab(&image(IMAGES[0])).await?;
    let drag = drag.over(&id(&format!("account-{host}"))).await?;
    drag.release().await?;
    // There is none to choose from yet.
    window.click_ready(&id("place-new")).await?;
    window.find(&id("push-sheet")).await?;
    window.fill(&id("push-repository"), PLACE).await?;
    push_as_v1(window).await
}

async fn push_second(window: &Window) -> Result<()> {
    open_images(window).await?;
    let drag = window.grab(&image(IMAGES[1])).await?;
    let drag = drag.over(&repository(PLACE)).await?;
    drag.release().await?;
    window.find(&id("push-sheet")).await?;
    push_as_v1(window).await
}

async fn push_as_v1(window: &Window) -> Result<()> {
    window.fill(&id("push-tag"), "v1").await?;
    window
        .find(&format!("{}:not(.soft)", id("push-amount")))
        .await?;
    window.click_ready(&id("push-go")).await?;
    window.gone(&id("push-sheet")).await?;
    ended(window, "push", PLACE, "v1").await.map(drop)
}

async fn pull_oldest(window: &Window, engine: &Dockerd, host: &str) -> Result<()> {
    let held = engine.image(IMAGES[0]).await?;
    let oldest = held.context("the engine holds no image")?["Id"].clone();
    window.click(&id("tab-tags")).await?;
    expand(window, "v1").await?;
    let row = format!(
        "{}[data-active=\"false\"][data-reach=\"pullable\"]",
        with("commit-row", "tag", "v1")
    );
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("pull-commit")))
        .await?;
    let said = ended(window, "pull", PLACE, "v1").await?;
    let name = said
        .split_whitespace()
        .find(|word| word.starts_with(host))
        .with_context(|| format!("no name is told: {said}"))?;
    let pulled = engine.image(name).await?;
    let pulled = pulled.with_context(|| format!("the engine holds no {name}"))?;
    ensure!(pulled["Id"] == oldest, "{name} is another image");
    Ok(())
}
