//! Deleting in the window, on a registry that refuses to delete by tag: one of two tags of a digest goes, the other
//! stays, and *Undo* brings the first one back.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::ensure;
use testkit::images::{ImageSpec, push, retag};
use testkit::steps::{at_rest, id, open_repository, tag};
use testkit::webdriver::key;

const REPOSITORY: &str = "genomics/aligner";

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_tags_of_a_digest_goes_alone_and_comes_back() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let image = ImageSpec::of_sizes(5, &[4000, 900]);
    let digest = push(&registry, REPOSITORY, "nightly", &image)
        .await
        .unwrap();
    retag(&registry, REPOSITORY, "nightly", "stage")
        .await
        .unwrap();
    walk("delete", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        open_repository(window, REPOSITORY).await?;
        at_rest(window, "nightly").await?;
        window.focus(&tag("nightly")).await?;
        window.press(&[key::DELETE]).await?;
        window.find_with(&id("delete-stays"), "stage").await?;
        window.click(&id("delete-options")).await?;
        window.find_with(&id("delete-how"), "digest only").await?;
        // *Cancel* is where one begins: Enter deletes nothing.
        window.focus(&id("delete-cancel")).await?;
        window.press(&[key::ENTER]).await?;
        window.gone(&id("delete-sheet")).await?;
        ensure!(
            registry.tags(REPOSITORY).await? == ["nightly", "stage"],
            "Enter deleted"
        );

        window.focus(&tag("nightly")).await?;
        window.press(&[key::DELETE]).await?;
        window.click_ready(&id("delete-go")).await?;
        window.find_with(&id("said-text"), "nightly").await?;
        window.find(&id("said-undo")).await?;
        // The focus is on what changed: its row stays, to be put back from.
        window
            .find(&format!("{}.deleted:focus", tag("nightly")))
            .await?;
        ensure!(
            registry.tags(REPOSITORY).await? == ["stage"],
            "{:?}",
            registry.tags(REPOSITORY).await?
        );
        let stage = registry.manifest(REPOSITORY, "stage").await?;
        ensure!(
            stage.is_some_and(|(held, _)| held == digest),
            "the sibling did not survive"
        );
        // The registry was told to delete by digest, and never that of the image.
        let of_image = format!("DELETE /v2/{REPOSITORY}/manifests/{digest}");
        ensure!(
            !registry
                .access_log()
                .iter()
                .any(|line| line.starts_with(&of_image)),
            "the image was deleted"
        );

        window.click(&id("said-undo")).await?;
        window
            .find(&format!("{}:not(.deleted)", tag("nightly")))
            .await?;
        let back = registry.manifest(REPOSITORY, "nightly").await?;
        ensure!(
            back.is_some_and(|(held, _)| held == digest),
            "nightly did not come back"
        );
        Ok(())
    })
    .await;
}
