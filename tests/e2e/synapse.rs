//! Synapse from its tile: a personal access token, the repositories of a project, a tag with its past, an older commit pulled, and an
//! image that is dropped on a repository and converted.

use crate::desk::{Setup, ready, walk};
use crate::push::ended;
use anyhow::{Context, Result, ensure};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part};
use testkit::standins::synapse::{Synapse, TOKEN, USER};
use testkit::steps::{
    choose_for_registry, expand, id, image, open_images, open_repository, repository, with,
};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "syn123/tool";
const IMAGE: &str = "local/tool:1";

#[tokio::test(flavor = "multi_thread")]
async fn synapse_is_added_from_its_tile_looked_at_pulled_from_and_pushed_to() {
    if !ready(&[Part::NewDockerd]) {
        return;
    }
    let synapse = Synapse::start().await.unwrap();
    let engine = Dockerd::start_kind(EngineKind::Containerd, None)
        .await
        .unwrap();
    let spec = ImageSpec::of_layers(&[(1, 3_000)]);
    let archive = spec.save_oci(&format!("docker.io/{IMAGE}")).unwrap();
    engine.load_tar(archive).await.unwrap();
    let old = synapse.push_real(REPOSITORY, "v1", &ImageSpec::of_layers(&[(7, 2_000)]));
    let old = old.unwrap();
    synapse.describe(REPOSITORY, "Counts cells.");
    walk("synapse", Setup::beside(&engine), async |desk| {
        let window = desk.window()?;
        sign_in(window, &synapse.host()).await?;
        choose_for_registry(window, &synapse.host(), "menu-show-all").await?;
        let line = with("repository-line", "repository", REPOSITORY);
        window.find_with(&line, "Counts cells.").await?;
        window.click(&repository(REPOSITORY)).await?;
        window.find(&with("tag-row", "tag", "v1")).await?;
        expand(window, "v1").await?;
        window.find(&with("commit-row", "digest", &old)).await?;

        // Somebody else moves the tag; the older commit is pulled from its timeline.
        let other = ImageSpec::of_layers(&[(8, 2_000)]);
        let new = synapse.push_real(REPOSITORY, "v1", &other)?;
        window.press(&[key::F5]).await?;
        window.find(&with("commit-row", "digest", &new)).await?;
        let row = with("commit-row", "digest", &old);
        window.hover(&row).await?;
        window
            .click(&format!("{row} {}", id("pull-commit")))
            .await?;
        let said = ended(window, "pull", REPOSITORY, "v1").await?;
        let name = format!("{}/{REPOSITORY}:v1-{}", synapse.host(), &old[7..19]);
        ensure!(said.contains(&name), "{said}");
        engine.image(&name).await?.context("it was not pulled")?;

        by_drag(window).await?;
        ended(window, "push", REPOSITORY, "v2").await?;
        let digest = synapse.registry.tagged(REPOSITORY, "v2");
        let known = synapse.known_tags(REPOSITORY);
        let is_known = known
            .iter()
            .any(|(tag, of)| tag == "v2" && Some(of) == digest.as_ref());
        ensure!(is_known, "{digest:?} is not among {known:?}");
        ensure!(
            synapse.violations().is_empty(),
            "{:?}",
            synapse.violations()
        );
        Ok(())
    })
    .await;
}

async fn sign_in(window: &Window, host: &str) -> Result<()> {
    window
        .click(&with("known-registry", "known", "synapse"))
        .await?;
    window
        .find_with(&id("known-help"), "personal access token")
        .await?;
    window.fill(&id("address"), host).await?;
    window.find(&with("diagnosis", "kind", "answers")).await?;
    window.fill(&id("user"), USER).await?;
    window.fill(&id("secret"), TOKEN).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await
}

/// Drops an OCI image on the repository; the sheet offers to convert it.
async fn by_drag(window: &Window) -> Result<()> {
    open_repository(window, REPOSITORY).await?;
    open_images(window).await?;
    let drag = window.grab(&image(IMAGE)).await?;
    let drag = drag.over(&repository(REPOSITORY)).await?;
    window.find(&id("drag-ghost")).await?;
    drag.release().await?;
    window.find(&id("push-sheet")).await?;
    window.fill(&id("push-tag"), "v2").await?;
    window.find_with(&id("push-target"), "v2").await?;
    window.find_with(&id("push-docker"), "Synapse").await?;
    window
        .find(&format!("{}:not(.soft)", id("push-amount")))
        .await?;
    window.click_ready(&id("push-go")).await?;
    window.gone(&id("push-sheet")).await
}
